use std::{ffi::OsString, fs, path::Path};

use super::*;

fn sources(literals: &[&str], files: &[&str], env_files: &[&str]) -> Sources {
    let owned = |list: &[&str]| list.iter().map(OsString::from).collect::<Vec<_>>();
    let literals = owned(literals).into_iter().map(Into::into).collect();
    Sources { literals, files: owned(files), env_files: owned(env_files), ..Sources::default() }
}

fn env(cwd: &Path) -> Env {
    Env::made([("FROM_ENVIRONMENT", "inherited")], cwd.to_owned())
}

/// `Ok(key=value …)` or the error, lines and hints.
fn run(cwd: &Path, sources: &Sources) -> Result<Vec<(String, String)>, String> {
    collect(sources, &env(cwd)).map_err(|e| e.to_string()).map(|entries| {
        entries.into_iter().map(|(k, v)| (k, String::from_utf8_lossy(v.expose()).into_owned())).collect()
    })
}

fn pairs(pairs: &[(&str, &str)]) -> Result<Vec<(String, String)>, String> {
    Ok(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
}

fn write(cwd: &Path, name: &str, content: impl AsRef<[u8]>) {
    fs::write(cwd.join(name), content).expect("write");
}

#[test]
fn literals() {
    let here = Path::new("/");
    for (literal, entry) in [
        ("k=v", ("k", "v")),
        ("k=", ("k", "")),
        ("k=a,b,c", ("k", "a,b,c")),
        ("k='quoted'", ("k", "'quoted'")),
        ("k=  v  ", ("k", "  v  ")),
        ("k=a=b", ("k", "a=b")),
        ("k=--flag", ("k", "--flag")),
    ] {
        assert_eq!(run(here, &sources(&[literal], &[], &[])), pairs(&[entry]), "{literal}");
    }
    for (literals, error) in [
        (&["="][..], "error: invalid literal source, expected key=value"),
        (&["a=1", "k"], "error: invalid literal source, expected key=value"),
        (&["=hunter2"], "error: invalid literal source, expected key=value"),
        (&["a=1", "a=2"], "error: cannot add key a, another key by that name already exists"),
        (&[".=v"], "error: \".\" is not valid key name for a Secret must not be '.'"),
        (&["..x=v"], "error: \"..x\" is not valid key name for a Secret must not start with '..'"),
    ] {
        assert_eq!(run(here, &sources(literals, &[], &[])), Err(error.to_owned()));
    }
}

#[test]
fn files() {
    let dir = tempfile::tempdir().expect("a directory");
    let here = dir.path();
    write(here, "a.txt", "one\n");
    write(here, "b,c", "two");
    write(here, "bad key", "three");
    std::os::unix::fs::symlink("a.txt", here.join("link")).expect("a link");
    for (files, entries) in [
        (&["a.txt"][..], &[("a.txt", "one\n")][..]),
        (&["k=a.txt", "link"], &[("k", "one\n"), ("link", "one\n")]),
        (&["b=b,c"], &[("b", "two")]),
        (&["k=bad key"], &[("k", "three")]),
        (&["k=/dev/null"], &[("k", "")]),
    ] {
        assert_eq!(run(here, &sources(&[], files, &[])), pairs(entries), "{files:?}");
    }
    for (file, error) in [
        ("absent.txt", "error: error reading absent.txt: no such file or directory"),
        ("-", "error: error reading -: no such file or directory"),
        ("a=b=c", "error: key names or file paths cannot contain '='"),
        ("=f", "error: key name for file path f missing"),
        ("k=", "error: file path for key name k missing"),
        ("a.txt/x", "error: error reading a.txt/x: not a directory"),
        ("k=.", "error: cannot give a key name for a directory path"),
    ] {
        assert_eq!(run(here, &sources(&[], &[file], &[])), Err(error.to_owned()));
    }
    assert_eq!(
        run(here, &sources(&["a.txt=1"], &["a.txt"], &[])),
        Err("error: cannot add key a.txt, another key by that name already exists".to_owned())
    );
}

#[test]
fn directories() {
    let dir = tempfile::tempdir().expect("a directory");
    let here = dir.path();
    let sub = here.join("d");
    fs::create_dir_all(sub.join("inner")).expect("directories");
    write(&sub, ".hidden", "h");
    write(&sub, "b", "2");
    write(&sub, "a", "1");
    write(&sub.join("inner"), "deep", "x");
    std::os::unix::fs::symlink("a", sub.join("link")).expect("a link");
    assert!(std::process::Command::new("mkfifo").arg(sub.join("fifo")).status().is_ok_and(|made| made.success()));
    let expected = pairs(&[(".hidden", "h"), ("a", "1"), ("b", "2")]);
    assert_eq!(run(here, &sources(&[], &["d"], &[])), expected);
    assert_eq!(run(here, &sources(&[], &["d/"], &[])), expected);
    assert_eq!(run(here, &sources(&[], &["d/inner/.."], &[])), expected);

    write(&sub, "bad key", "x");
    write(&sub, "worse~", "x");
    let error = run(here, &sources(&[], &["d"], &[])).expect_err("bad names");
    let lines = error.lines().collect::<Vec<_>>();
    assert!(lines[0].starts_with("\"bad key\" is not valid key name for a Secret a valid config key"), "{error}");
    assert!(lines[1].starts_with("\"worse~\" is not valid key name for a Secret"), "{error}");
    assert_eq!(lines.len(), 2);
    fs::create_dir(here.join("empty")).expect("a directory");
    assert_eq!(run(here, &sources(&[], &["empty"], &[])), pairs(&[]));
}

#[test]
fn stops_at_endless_files() {
    let dir = tempfile::tempdir().expect("a directory");
    let here = dir.path();
    let error = "error reading /dev/zero: more than 3 MiB in all, and no request may be larger";
    assert_eq!(run(here, &sources(&[], &["k=/dev/zero"], &[])), Err(format!("error: {error}")));
    // kubectl's client dry run takes values that are too large for a Secret.
    write(here, "big", vec![b'x'; 1_100_000]);
    assert!(run(here, &sources(&[], &["big"], &[])).is_ok());
    assert!(run(here, &sources(&[], &["a=big", "b=big", "c=big"], &[])).is_err());
    assert!(matches!(read_file(Path::new("/dev/zero")), Err(ReadError::TooLong)));
    assert!(matches!(read_file(&here.join("absent")), Err(ReadError::Io(_))));
}

#[test]
fn env_files() {
    let dir = tempfile::tempdir().expect("a directory");
    let here = dir.path();
    for (text, entries) in [
        ("", &[][..]),
        (
            "# comment\n\nUSER=admin\nPASSWORD=p=a=s s\n  INDENTED=1\n",
            &[("INDENTED", "1"), ("PASSWORD", "p=a=s s"), ("USER", "admin")],
        ),
        (
            "EMPTY=\nQUOTED=\"keep quotes\"\nTRAIL=x  \nS=$HOME `id` \\n # no\n",
            &[("EMPTY", ""), ("QUOTED", "\"keep quotes\""), ("S", "$HOME `id` \\n # no"), ("TRAIL", "x  ")],
        ),
        ("A=1\r\nB=2\r\r\n", &[("A", "1"), ("B", "2\r")]),
        ("\u{feff}BOM=1\n", &[("BOM", "1")]),
        ("NOEOL=1", &[("NOEOL", "1")]),
        ("A-B.C=2\n", &[("A-B.C", "2")]),
        ("FROM_ENVIRONMENT\nUNSET\n", &[("FROM_ENVIRONMENT", "inherited"), ("UNSET", "")]),
        ("NUL=a\0b\n", &[("NUL", "a\0b")]),
    ] {
        write(here, "x.env", text);
        assert_eq!(run(here, &sources(&[], &[], &["x.env"])), pairs(entries), "{text:?}");
    }
    let name = "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and \
        must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation \
        is '[-._a-zA-Z][-._a-zA-Z0-9]*')";
    let at = |line: usize, reason: &str| format!("the key on line {line} of x.env is not valid: {reason}");
    for (text, error) in [
        ("1BAD=2\n".as_bytes(), at(1, name)),
        (b"A=1\nA =2\n", at(2, name)),
        (b"=2\n", at(1, name)),
        (b"..C=2\n", at(1, "must not start with '..'")),
        (b"A=1\nhunter 2\n", at(2, name)),
        (b"password: aHVudGVyMg==\n", at(1, name)),
        (b"{\"password\":\"hunter2=x\"}\n", at(1, name)),
        (b"K=\"-----BEGIN X-----\nMIIB\nAbc+/TAIL=\n", at(3, name)),
        (&[&[b'x'; 254][..], b"=1\n"].concat(), at(1, "must be no more than 253 characters")),
        (b"\xff\xfe=2\n", "env file x.env contains invalid utf8 bytes at line 1".to_owned()),
        (b"A=1\n\nA=2\n", "cannot add the key on line 3 of x.env, another key by that name already exists".to_owned()),
    ] {
        write(here, "x.env", text);
        assert_eq!(run(here, &sources(&[], &[], &["x.env"])), Err(format!("error: {error}")));
    }
    write(here, "x.env", "A=1\n");
    write(here, "y.env", "B=2\n");
    assert_eq!(run(here, &sources(&[], &[], &["x.env", "y.env"])), pairs(&[("A", "1"), ("B", "2")]));
    for (sources, error) in [
        (
            sources(&[], &[], &["x.env", "x.env"]),
            "cannot add the key on line 1 of x.env, another key by that name already exists",
        ),
        (sources(&[], &[], &["."]), "env secret file cannot be a directory"),
        (sources(&[], &[], &["absent.env"]), "error reading absent.env: no such file or directory"),
        (sources(&["a=1"], &[], &["x.env"]), "from-env-file cannot be combined with from-file or from-literal"),
    ] {
        assert_eq!(run(here, &sources), Err(format!("error: {error}")));
    }
}

#[test]
fn says_how_standard_input_is_named() {
    let error = collect(&sources(&[], &["-"], &[]), &env(Path::new("/"))).map(drop).expect_err("no such file");
    assert_eq!(error.hints(), ["standard input is /dev/stdin here: --from-file=KEY=/dev/stdin"]);
}
