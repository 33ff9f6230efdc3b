use std::collections::BTreeMap;

use serde::Deserialize;

use super::*;

/// One text, what it is here, and what other readers take it for where they differ: docker (`--env-file`), python-dotenv
/// 1.2, dotenv 3.1 for Ruby, dotenv 18 for Node, godotenv. `null` is an error. Python's and Node's were run; the others' is
/// what their source does.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    text: String,
    entries: Option<BTreeMap<String, String>>,
    refused: Option<String>,
    #[serde(default)]
    others: BTreeMap<String, Option<BTreeMap<String, Option<String>>>>,
    why: Option<String>,
}

fn read(text: &[u8]) -> Result<BTreeMap<String, String>, String> {
    let entries = crate::source::dotenv(text, "x.env").map_err(|error| error.text())?.into_iter();
    Ok(entries.map(|(key, value)| (key, String::from_utf8_lossy(value.expose()).into_owned())).collect())
}

#[test]
fn the_best_known_readers_and_this_one() {
    let cases: Vec<Case> =
        serde_json::from_str(include_str!("../../../tests/fixtures/dotenv.json")).expect("cases of this shape");
    assert!(cases.len() > 60);
    for Case { text, entries, refused, others, why } in cases {
        match (read(text.as_bytes()), &entries, &refused) {
            (Ok(read), Some(entries), None) => assert_eq!(read, *entries, "{text:?}"),
            (Err(error), None, Some(says)) => assert!(error.starts_with(says), "{text:?}: {error}"),
            (read, ..) => panic!("{text:?}: {read:?}"),
        }
        let ours = entries.map(|entries| entries.into_iter().map(|(key, value)| (key, Some(value))).collect());
        for (reader, theirs) in &others {
            assert!(["docker", "python", "ruby", "node", "godotenv"].contains(&reader.as_str()), "{reader}");
            assert!(*theirs != ours, "{text:?}: {reader} does not differ");
        }
        assert_eq!(why.is_some(), !others.is_empty(), "{text:?}");
    }
}

#[test]
fn an_error_names_the_line_and_nothing_of_it() {
    let key = "the key on line 3 of x.env is not valid";
    for (text, says) in [
        (&b"A=1\n\nhunter2\n"[..], "line 3 of x.env has no ="),
        (b"A='1\n'\nhunter 2=x\n", key),
        (b"A=1\n\nK=\"hunter2\n\n", "line 3 of x.env opens a quote that is not closed"),
        (b"A=1\n\nK='hunter2\n\n", "line 3 of x.env opens a quote that is not closed"),
        (b"A=\"1\n2\"\nK='hunter2'hunter2", "line 3 of x.env has text behind the closing quote"),
        (b"A=1\n\nK='hunter2\\'s'", "line 3 of x.env has a backslash before a single quote"),
        (b"A=1\n\nK=hunter2\xff\n", "line 3 of x.env is not valid UTF-8"),
        (b"# x\nK=-----BEGIN X-----\nhunter2/AB=\n", key),
        (b"A=\"\\\n\\\\\"\nK", "line 3 of x.env has no ="),
    ] {
        let error = read(text).expect_err("an error");
        assert!(error.starts_with(says), "{error}");
        assert!(!error.contains("hunter"), "{error}");
    }
    assert_eq!(read(b"").map(|entries| entries.len()), Ok(0));
    assert_eq!(read(b"A=\"x\\").unwrap_err(), "line 1 of x.env opens a quote that is not closed");
}

#[test]
fn a_long_file_is_read_in_one_pass() {
    let text = (0..60_000).map(|number| format!("K{number}=\"{number}\" # c\n")).collect::<String>();
    assert_eq!(read(text.as_bytes()).map(|entries| entries.len()), Ok(60_000));
}
