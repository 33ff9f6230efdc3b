use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::arbitrary::object;

fn value(text: &str) -> String {
    let yaml = to_string(&json!({ "k": text }));
    yaml.strip_prefix("k: ").map_or(yaml.clone(), str::to_owned)
}

#[test]
fn strings_that_yaml_1_1_reads_as_something_else_are_quoted() {
    for text in [
        "true",
        "yes",
        "n",
        "off",
        "null",
        "~",
        "123",
        "1.5",
        "1e5",
        ".5",
        ".5_0",
        "+1",
        "0x1F",
        "0777",
        "0888",
        "0b1",
        "0o14",
        "1_000",
        "12:30:45",
        "-1:20.5",
        ".nan",
        ".inf",
        "-.INF",
        "2020-01-01",
        "2020-1-1",
        "2020-01-01T10:00:00Z",
        "2020-01-01t1:2:3.5+02:00",
        "2020-01-01  10:00:00",
        "0b-1",
        "123456789012345678901234567890",
        "",
    ] {
        assert_eq!(value(text), format!("\"{text}\"\n"));
    }
}

#[test]
fn strings_that_stay_plain() {
    for text in [
        "a#b",
        "=",
        "<<",
        "it's \"quoted\"",
        "yess",
        "1.2.3",
        "0x",
        "0xg",
        "2020-13-01",
        "2020-02-30",
        "12:60",
        "1:2:3:x",
        "é☃",
        "-x",
        "?x",
        ":x",
        ".5e999",
        "._5",
        "a:b",
        "+",
        "2001-12-14 21:59:43.10 -5",
        "\u{a0}",
        "\u{e000}",
        "\u{fffd}",
        "a,b]",
    ] {
        assert_eq!(value(text), format!("{text}\n"));
    }
}

#[test]
fn strings_in_single_quotes() {
    for text in [
        "&", "*a", "!x", "%", "@", ",", "[", "{", ">", "|", "?", "-", "`", "a: b", "a:", "x # y", " a", "a ", "---",
        "...", "#a", "- a", "]",
    ] {
        assert_eq!(value(text), format!("'{text}'\n"));
    }
    assert_eq!(value("'a"), "'''a'\n");
    assert_eq!(value("a\u{2028}b"), "'a\u{2028}  b'\n");
}

#[test]
fn strings_with_escapes() {
    for (text, want) in [
        ("\u{1}", r#""\x01""#),
        ("a\tb", r#""a\tb""#),
        ("\r", r#""\r""#),
        ("\u{feff}", r#""\uFEFF""#),
        ("\u{feff}a\u{a0}é", r#""\uFEFF\x61\_\xE9""#),
        ("a\u{feff}b", r#""a\uFEFFb""#),
        ("😀", r#""\U0001F600""#),
        ("a\n😀", r#""a\n\U0001F600""#),
        ("a \u{2028} b", r#""a \L b""#),
        // kubectl turns the first into a space, and fails on the others.
        ("\u{85}", r#""\N""#),
        ("\u{7f}", r#""\x7F""#),
        ("\u{80}", r#""\x80""#),
        ("a \nb", r#""a \nb""#),
        ("a\r\nb", r#""a\r\nb""#),
        ("\0\x07\x08\x0b\x0c\x1b\\\"", r#""\0\a\b\v\f\e\\\"""#),
    ] {
        assert_eq!(value(text), format!("{want}\n"), "{text:?}");
    }
}

#[test]
fn block_scalars() {
    for (text, want) in [
        ("a\nb\n", "|\n  a\n  b\n"),
        ("a\nb", "|-\n  a\n  b\n"),
        ("a\n\n", "|+\n  a\n\n"),
        ("\n\nx", "|2-\n\n\n  x\n"),
        (" a\nb", "|2-\n   a\n  b\n"),
        ("\n", "|2+\n\n"),
        ("a\n b\n", "|\n  a\n   b\n"),
    ] {
        assert_eq!(value(text), want, "{text:?}");
    }
}

#[test]
fn long_strings_fold_after_column_80() {
    let (x, y) = ("x".repeat(50), "y".repeat(50));
    assert_eq!(value(&format!("{x} {y} z z")), format!("{x} {y}\n  z z\n"));
    assert_eq!(value(&format!("{x} {y}  z")), format!("{x} {y}  z\n"));
    assert_eq!(value(&format!("#{x} {y} z")), format!("'#{x} {y}\n  z'\n"));
    assert_eq!(value(&format!("\u{1}{x} {y}  z")), format!("\"\\x01{x} {y}\n  \\ z\"\n"));
    assert_eq!(value(&format!("{x}{y}{x}{y}")), format!("{x}{y}{x}{y}\n"));
}

#[test]
fn keys_are_quoted_sorted_and_long_ones_explicit() {
    let long = "k".repeat(129);
    let object = json!({
        "on": 1, "y": 2, "<<": 3, "a10": 4, "a9": 5, "a1": 7, "1": 8, "b-1": 9, "Ab": 10, "_x": 11, "a.b": 12,
        "a\nb": { "c": [1] }, &long: ["v"], "": "",
    });
    assert_eq!(
        to_string(&object),
        format!(
            "\"\": \"\"\n\"<<\": 3\n_x: 11\n\"1\": 8\nAb: 10\n? |-\n  a\n  b\n: c:\n  - 1\na.b: 12\na1: 7\na9: 5\na10: 4\nb-1: 9\n\
             ? {long}\n: - v\n\"on\": 1\n\"y\": 2\n"
        )
    );
}

#[test]
fn collections_and_numbers() {
    let object =
        json!({ "a": [1, [2, []], { "a": 1.5, "b": 12345678.5, "c": 1e30, "d": 1e-7, "e": 2.0 }], "b": {}, "c": null });
    assert_eq!(
        to_string(&object),
        "a:\n- 1\n- - 2\n  - []\n- a: 1.5\n  b: 1.23456785e+07\n  c: 1e+30\n  d: 1e-07\n  e: 2\nb: {}\nc: null\n"
    );
    assert_eq!(to_string(&json!([])), "[]\n");
    assert_eq!(to_string(&json!("a")), "a\n");
    assert_eq!(to_string(&json!([{ "a": "x\n" }, "y"])), "- a: |\n    x\n- \"y\"\n");
}

#[test]
fn a_streamed_list_equals_a_whole_one() {
    for items in [json!([]), json!([{ "a": 1 }]), json!([{ "a": "x\ny\n" }, { "b": ["<", "a\n\n"] }, {}])] {
        let whole =
            json!({ "apiVersion": "v1", "items": items, "kind": "List", "metadata": { "resourceVersion": "" } });
        let (mut list, mut out) = (List::default(), Vec::new());
        for item in items.as_array().into_iter().flatten() {
            list.item(item, &mut out).unwrap();
        }
        list.end(Some(""), &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), to_string(&whole));
    }
}

/// The plain scalars of a document that stand for strings, as a reader of YAML 1.1 might see something else in them.
fn misread(text: &str) -> bool {
    let plain = text.replace('_', "").to_lowercase();
    let words =
        ["", "~", "null", "y", "yes", "true", "on", "n", "no", "false", "off", ".nan", ".inf", "-.inf", "+.inf"];
    let digits = plain.strip_prefix(['-', '+']).unwrap_or(&plain);
    // Go, and so kubectl, knows no words in other mixtures of case than these.
    let usual_case = [plain.clone(), plain.to_uppercase(), {
        let (head, tail) = plain.split_at(plain.chars().next().map_or(0, char::len_utf8));
        head.to_uppercase() + tail
    }];
    (words.contains(&plain.as_str()) && usual_case.iter().any(|usual| usual == text))
        // A number begins with a digit, behind one sign at most: `_0x0` and `0x+0` are text.
        || (text.strip_prefix(['-', '+']).unwrap_or(text).starts_with(|c: char| c.is_ascii_digit())
            && (plain.parse::<f64>().is_ok_and(f64::is_finite)
                || ["0x", "0b", "0o"].iter().zip([16, 2, 8]).any(|(prefix, radix)| {
                    let rest = digits.strip_prefix(prefix).filter(|rest| !rest.starts_with(['-', '+']));
                    rest.is_some_and(|rest| i64::from_str_radix(rest, radix).is_ok())
                })))
}

fn strings(value: &Json, found: &mut Vec<String>) {
    match value {
        Json::String(text) => found.push(text.clone()),
        Json::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Json::Object(map) => map.iter().for_each(|(key, value)| {
            found.push(key.clone());
            strings(value, found);
        }),
        _ => {}
    }
}

proptest! {
    #![proptest_config(crate::properties::config(256))]

    #[test]
    fn what_is_written_is_read_back(value in object()) {
        let yaml = to_string(&value);
        let read: Json = serde_yaml::from_str(&yaml).map_err(|error| TestCaseError::fail(format!("{error}\n{yaml}")))?;
        prop_assert_eq!(&read, &value, "{}", yaml);
        let mut all = Vec::new();
        strings(&value, &mut all);
        for text in all {
            let yaml = to_string(&Json::from(text.as_str()));
            prop_assert!(!misread(&text) || yaml.starts_with('"'), "{:?} is written as {}", text, yaml);
        }
    }
}

/// `create -f tricky.yaml -o yaml --dry-run=client`, as kubectl 1.37.1 printed it.
#[test]
fn a_recorded_output() {
    let (x, y, z) = ("x".repeat(39), "y".repeat(45), "z".repeat(47));
    let annotations = json!({
        "colon": "a: b", "date": "2020-01-01", "empty": "", "float": "1e3", "hash": "x # y", "hex": "0x1F",
        "long": format!("{x} {y} {z} wwwwwwwwwwwww"), "multi": "one\ntwo\n", "null": "~", "quote": "it's \"quoted\"",
        "sexagesimal": "12:30:45", "space": " lead and trail ", "tab": "a\tb", "tilde": "null", "unicode": "snow ☃ \u{2028} nel",
    });
    let object = json!({
        "apiVersion": "v1", "kind": "Secret", "stringData": { "k": "v", "y": "n" },
        "metadata": { "annotations": annotations, "labels": { "1": "2", "octal": "0777", "on": "yes" }, "name": "tricky" },
    });
    let want = format!(
        r#"apiVersion: v1
kind: Secret
metadata:
  annotations:
    colon: 'a: b'
    date: "2020-01-01"
    empty: ""
    float: "1e3"
    hash: 'x # y'
    hex: "0x1F"
    long: {x} {y}
      {z} wwwwwwwwwwwww
    multi: |
      one
      two
    "null": "~"
    quote: it's "quoted"
    sexagesimal: "12:30:45"
    space: ' lead and trail '
    tab: "a\tb"
    tilde: "null"
    unicode: "snow ☃ \L nel"
  labels:
    "1": "2"
    octal: "0777"
    "on": "yes"
  name: tricky
stringData:
  k: v
  "y": "n"
"#
    );
    assert_eq!(to_string(&object), want);
}

/// Lines of a block are broken at U+2028, which only YAML 1.1 reads back.
#[test]
fn what_is_portable_has_no_line_breaks_of_old() {
    let text = json!({"a": "one\ntwo\u{2028}three", "b\u{2029}": "x\u{2028}", "c": "one\ntwo\n"});
    assert_eq!(portable(&text), "a: \"one\\ntwo\\Lthree\"\n? \"b\\P\"\n: \"x\\L\"\nc: |\n  one\n  two\n");
    assert!(to_string(&text).contains('\u{2028}'));
}

#[test]
fn numbers_as_go_reads_and_writes_them_again() {
    for (number, expected) in [
        (json!(1e20), "1e+20"),
        (json!(1e19), "10000000000000000000"),
        (json!(u64::MAX), "18446744073709551615"),
        (json!(-1e19), "-1e+19"),
        (json!(1e3), "1000"),
        (json!(1.5e-7), "1.5e-07"),
        (json!(123456789.5), "1.234567895e+08"),
    ] {
        assert_eq!(to_string(&number), format!("{expected}\n"));
    }
}
