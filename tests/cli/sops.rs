//! What sops has encrypted is not stored as it is; sops decrypts it where the user says so.

use super::support::Sandbox;

const VALUE: &str = "ENC[AES256_GCM,data:p673w7o=,iv:YYQ=,tag:8Q==,type:str]";

fn manifest(map: &str, value: &str) -> String {
    format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n{map}:\n  k: {value}\n")
}

/// A sandbox with a `sops` that puts `hunter2` in the place of each encrypted value, takes away its own part, and writes
/// down how it was called.
fn with_sops() -> Sandbox {
    let mut sandbox = Sandbox::with_server();
    sandbox.script("sops", "#!/bin/sh\necho \"$*\" >> calls\nsed -e 's/ENC\\[[^]]*\\]/hunter2/' -e '/^sops/,$d'\n");
    sandbox.link("first", "/bin/true");
    sandbox
}

fn calls(sandbox: &Sandbox) -> String {
    std::fs::read_to_string(sandbox.cwd().join("calls")).unwrap_or_default()
}

#[test]
fn ciphertext_is_refused_wherever_it_comes_from() {
    let sandbox = Sandbox::with_server();
    let hint = "hint: --decrypt-with sops has sops decrypt it first\n";
    let is = "is encrypted by sops, and would be stored like that\n";
    let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, VALUE);
    sandbox.write("block.yaml", format!("{}sops:\n  version: 3.9.0\n", manifest("stringData", "x")));
    sandbox.write("text.yaml", manifest("stringData", VALUE));
    sandbox.write("data.yaml", manifest("data", &base64));
    sandbox.write("value", VALUE);
    sandbox.write("app.env", format!("K={VALUE}\n"));
    sandbox.write("all.env", format!("K={VALUE}\nsops_version=3.9.0\n"));
    sandbox.write("map.json", "{\"k\": \"x\",\n  \"sops\": {\"version\": \"3.9.0\"}}");
    sandbox.write("map.yaml", "k: x\nsops:\n  version: 3.9.0\n");
    for verb in [
        &["create"][..],
        &["create", "--dry-run=client"],
        &["create", "--validate=false"],
        &["apply"],
        &["apply", "--server-side"],
        &["replace"],
        &["replace", "--force"],
        &["diff"],
    ] {
        for (file, what) in [
            ("block.yaml", "block.yaml, document 1, line 7: it"),
            ("text.yaml", "text.yaml, document 1, line 6: stringData.k"),
            ("data.yaml", "data.yaml, document 1, line 6: data.k"),
        ] {
            let outcome = sandbox.run(&[verb, &["-f", file]].concat());
            assert_eq!(outcome.stderr, format!("error: {what} {is}{hint}"), "{verb:?} {file}");
            assert_ne!(outcome.exit, 0);
        }
    }
    for (flag, what) in [
        (format!("--from-literal=k={VALUE}"), "the value of k"),
        ("--from-file=k=value".to_owned(), "the value of k"),
        ("--from-env-file=app.env".to_owned(), "the value of K"),
        ("--from-dotenv=app.env".to_owned(), "the value of K"),
        ("--from-dotenv=all.env".to_owned(), "all.env"),
        ("--from-json=map.json".to_owned(), "map.json"),
        ("--from-yaml=map.yaml".to_owned(), "map.yaml"),
    ] {
        let outcome = sandbox.run(&["create", "generic", "s", &flag]);
        assert_eq!(outcome.stderr, format!("error: {what} {is}{hint}"), "{flag}");
    }
    assert_eq!(sandbox.ok(&["get", "secrets", "-o", "name"]), "");
    // What only speaks of it is a value.
    sandbox.ok(&["create", "generic", "s", "--from-literal=k=ENC[", "--from-literal=sops=x"]);
    sandbox.write("own.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: t}\nstringData: {sops: x}\n");
    sandbox.ok(&["apply", "-f", "own.yaml"]);
}

#[test]
fn sops_decrypts_where_it_is_told_to() {
    let sandbox = with_sops();
    sandbox.write("s.yaml", format!("{}sops:\n  version: 3.9.0\n", manifest("stringData", VALUE)));
    let read = || sandbox.run(&["decode", "s", "k"]).stdout;
    for line in [
        &["create", "-f", "s.yaml"][..],
        &["apply", "-f", "s.yaml"],
        &["replace", "-f", "s.yaml"],
        &["apply", "-f", "s.yaml", "--server-side", "--force-conflicts"],
    ] {
        sandbox.ok(&[line, &["--decrypt-with=sops"]].concat());
        assert_eq!(read(), "hunter2");
    }
    sandbox.ok(&["diff", "-f", "s.yaml", "--decrypt-with=sops"]);
    let line = "--decrypt --input-type yaml --output-type yaml /dev/stdin\n";
    assert_eq!(calls(&sandbox), line.repeat(5));
    std::fs::remove_file(sandbox.cwd().join("calls")).unwrap();

    sandbox.write("plain.env", "K=v\n");
    sandbox.write("all.env", format!("K={VALUE}\nsops_version=3.9.0\n"));
    sandbox.write("file.yaml", format!("k: {VALUE}\nsops:\n  version: 3.9.0\n"));
    for (flag, kind, expected) in [
        ("--from-dotenv=plain.env", "", "K: v\n"),
        ("--from-dotenv=all.env", "dotenv", "K: hunter2\n"),
        ("--from-env-file=all.env", "dotenv", "K: hunter2\n"),
        ("--from-yaml=file.yaml", "yaml", "k: hunter2\n"),
        ("--from-file=file.yaml", "yaml", "file.yaml: |\n  k: hunter2\n"),
        ("--from-file=f=all.env", "dotenv", "f: |\n  K=hunter2\n"),
    ] {
        sandbox.ok(&["create", "generic", "t", flag, "--decrypt-with=sops"]);
        assert_eq!(sandbox.ok(&["decode", "t"]), expected, "{flag}");
        let expected = match kind {
            "" => String::new(),
            kind => format!("--decrypt --input-type {kind} --output-type {kind} /dev/stdin\n"),
        };
        assert_eq!(calls(&sandbox), expected, "{flag}");
        let _ = std::fs::remove_file(sandbox.cwd().join("calls"));
        sandbox.ok(&["delete", "secret/t"]);
    }
}

#[test]
fn what_goes_wrong_is_one_line() {
    let mut sandbox = Sandbox::with_server();
    sandbox.write("s.yaml", format!("{}sops:\n  version: 3.9.0\n", manifest("stringData", VALUE)));
    let run = |sandbox: &Sandbox, program: &str| {
        let outcome = sandbox.run(&["create", "-f", "s.yaml", "--decrypt-with", program]);
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""));
        outcome.stderr
    };
    assert_eq!(run(&sandbox, "age"), "error: --decrypt-with takes sops, not \"age\"\n");
    assert_eq!(run(&sandbox, ""), "error: --decrypt-with takes sops, not \"\"\n");
    sandbox.set_env("PATH", "/nonexistent");
    assert_eq!(run(&sandbox, "sops"), "error: sops --decrypt s.yaml: the program is not on PATH\n");
    sandbox.script("sops", "#!/bin/sh\necho 'no key could decrypt the data key' >&2\nexit 128\n");
    sandbox.link("first", "/bin/true");
    let says = "no key could decrypt the data key\nerror: sops --decrypt s.yaml: exit status: 128\n";
    assert_eq!(run(&sandbox, "sops"), says);
    assert_eq!(sandbox.ok(&["get", "secrets", "-o", "name"]), "");
}
