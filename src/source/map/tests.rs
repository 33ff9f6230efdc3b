use super::*;

type Format = fn(&[u8], &str, &mut Added) -> Result<()>;

fn read(format: Format, text: &[u8]) -> Result<Vec<(String, String)>, String> {
    let mut added = Added::default();
    format(text, "f", &mut added).map_err(|error| error.text())?;
    let entries = added.into_entries().into_iter();
    Ok(entries.map(|(key, value)| (key, String::from_utf8_lossy(value.expose()).into_owned())).collect())
}

fn pairs(pairs: &[(&str, &str)]) -> Result<Vec<(String, String)>, String> {
    Ok(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
}

#[test]
fn scalars_of_json_are_as_they_were_written() {
    for (text, entries) in [
        ("{}", &[][..]),
        ("\u{feff} {\"a\":\"x\\n\\u00e4\\ud83d\\ude00\", \"b.c\" : \"\"}\n", &[("a", "x\nä😀"), ("b.c", "")]),
        (
            r#"{"a":1.0,"b":1e400,"c":-0,"d":123456789012345678901234567890,"e":true,"f":false,"g":"null"}"#,
            &[
                ("a", "1.0"),
                ("b", "1e400"),
                ("c", "-0"),
                ("d", "123456789012345678901234567890"),
                ("e", "true"),
                ("f", "false"),
                ("g", "null"),
            ],
        ),
    ] {
        assert_eq!(read(json, text.as_bytes()), pairs(entries), "{text}");
    }
}

#[test]
fn scalars_of_yaml_are_as_they_were_written() {
    for (text, entries) in [
        ("{}", &[][..]),
        ("--- # c\na: x y # c\n\"b.c\": ''\n...\n", &[("a", "x y"), ("b.c", "")]),
        (
            "a: 0777\nb: 1_000\nc: 1.0\nd: yes\ne: 0x1F\nf: 'no'\ng: \"~\"\nh: 2026-01-01\ni: 1e3\n",
            &[
                ("a", "0777"),
                ("b", "1_000"),
                ("c", "1.0"),
                ("d", "yes"),
                ("e", "0x1F"),
                ("f", "no"),
                ("g", "~"),
                ("h", "2026-01-01"),
                ("i", "1e3"),
            ],
        ),
        ("a: |\n  x\n  y\nb: >-\n  x\n  y\nc: \"x\\ny\"\n", &[("a", "x\ny\n"), ("b", "x y"), ("c", "x\ny")]),
        ("a: !!str null\nb: !!int 7\n1: &x v\n", &[("1", "v"), ("a", "null"), ("b", "7")]),
        ("{\"a\": \"x\", \"b\": 1}", &[("a", "x"), ("b", "1")]),
    ] {
        assert_eq!(read(yaml, text.as_bytes()), pairs(entries), "{text}");
    }
}

#[test]
fn what_is_no_map_of_scalars_is_refused_with_its_place() {
    let scalar = "a value is a string, a number or a boolean";
    let (object, map) = ("f: a JSON object is wanted", "f: a YAML map is wanted");
    let of = |what: &str| format!("f: .k is {what}; {scalar}");
    for (format, text, says) in [
        (json as Format, r#"{"k":null}"#, of("null")),
        (json, r#"{"a":1,"k":{"x":"hunter2"}}"#, of("an object")),
        (json, r#"{"k":["hunter2"]}"#, of("an array")),
        (json, r#"{"k":"\ud800hunter2"}"#, "f: .k is a string that is not valid Unicode".to_owned()),
        (json, r#"["hunter2"]"#, object.to_owned()),
        (json, r#""hunter2""#, object.to_owned()),
        (json, "{\"a\":1,\n\"k\":hunter2}", "f: line 2 is not valid JSON".to_owned()),
        (json, "{\"k\":\"hunter2\"} hunter2", "f: line 1 is not valid JSON".to_owned()),
        (json, "", "f: line 1 is not valid JSON".to_owned()),
        (json, r#"{"k":"hunter2","k":"hunter3"}"#, "cannot add key k, another key".to_owned()),
        (json, r#"{"a b":"hunter2"}"#, "\"a b\" is not valid key name for a Secret".to_owned()),
        (yaml, "k:\n", of("null")),
        (yaml, "k: ~\n", of("null")),
        (yaml, "k: {x: hunter2}\n", of("a map")),
        (yaml, "k: [hunter2]\n", of("a list")),
        (yaml, "a: &x hunter2\nk: *x\n", of("an alias")),
        (yaml, "k: !!binary aHVudGVyMg==\n", of("of a type that a tag names")),
        (yaml, "k: !vault hunter2\n", of("of a type that a tag names")),
        (yaml, "- hunter2\n", map.to_owned()),
        (yaml, "hunter2\n", map.to_owned()),
        (yaml, "", map.to_owned()),
        (yaml, "a: 1\nk: \"hunter2\n", "f: line ".to_owned()),
        (yaml, "k: hunter2\n---\na: hunter2\n", "f: a second document follows the first one".to_owned()),
        (yaml, "k: hunter2\nk: hunter3\n", "cannot add key k, another key".to_owned()),
        (yaml, "a b: hunter2\n", "\"a b\" is not valid key name for a Secret".to_owned()),
        (yaml, "? [hunter2]\n: x\n", "f: a key is no string".to_owned()),
    ] {
        let error = read(format, text.as_bytes()).expect_err(text);
        assert!(error.starts_with(&says) && !error.contains("hunter"), "{text}: {error}");
    }
    for format in [json as Format, yaml] {
        assert!(read(format, b"{\"k\": \"\xff\"}").is_err_and(|error| error.starts_with("f: line 1 is not valid")));
        assert!(read(format, "[".repeat(200_000).as_bytes()).is_err());
        assert!(read(format, ["{\"k\":", &"[".repeat(200_000)].concat().as_bytes()).is_err());
    }
}
