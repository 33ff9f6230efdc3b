use serde_json::json;

use super::*;

fn redact(message: &str, values: &[&[u8]]) -> String {
    let mut known = Known::default();
    values.iter().for_each(|value| known.value(value));
    known.redact(message)
}

fn redact_of(message: &str, object: Json) -> String {
    Known::of([&Object::new(object)]).redact(message)
}

#[test]
fn finds_a_value_in_every_form() {
    let value = b"pa\"ss\n<w>".as_slice();
    for message in [
        "x: cGEic3MKPHc+ y",
        "x: pa\"ss\n<w> y",
        r#"x: pa\"ss\n<w> y"#,
        r#"x: pa\"ss\n\u003cw\u003e y"#,
        r#"x: pa\\\"ss\\n<w> y"#,
        r#"x: pa\\\"ss\\n\\u003cw\\u003e y"#,
        "x: 70612273730a3c773e y",
        "x: 112 97 34 115 115 10 60 119 62 y",
    ] {
        assert_eq!(redact(message, &[value]), "x: <redacted> y", "{message}");
    }
    assert_eq!(redact("the value\u{1} here", &[b"value\x01"]), "the <redacted> here");
    assert_eq!(redact(r"the value\x01 here", &[b"value\x01"]), "the <redacted> here");
    assert_eq!(redact(r"got []byte{0x76, 0x61, 0x6c, 0x75}", &[b"valu"]), "got <redacted>");
    // What was cut short, and a line alone.
    let long = "a long value that goes on\nand on for a second line";
    assert_eq!(redact("bad: a long value that go... (cut)", &[long.as_bytes()]), "bad: <redacted>... (cut)");
    assert_eq!(redact("bad: and on for a second line!", &[long.as_bytes()]), "bad: <redacted>!");
}

#[test]
fn longer_values_go_first() {
    assert_eq!(redact("secret-long secret", &[b"secret", b"secret-long"]), "<redacted> <redacted>");
    assert_eq!(
        redact("data[abcd]: value \"abcd\" at abcd", &[b"abcd"]),
        "data[<redacted>]: value \"<redacted>\" at <redacted>"
    );
}

/// A message must not lose every digit because one is a value.
#[test]
fn short_values_go_where_a_message_quotes() {
    let short: [&[u8]; 4] = [b"", b"x", b"inv", b"1"];
    for (message, expected) in [
        ("invalid character at line 1, column 11", "invalid character at line 1, column 11"),
        ("data[x]: Invalid value: \"x\": boxed", "data[x]: Invalid value: \"<redacted>\": boxed"),
        ("parsing \"1\": invalid syntax (1 of 1)", "parsing \"<redacted>\": invalid syntax (1 of 1)"),
        ("got \\\"inv\\\", inv", "got \\\"<redacted>\\\", inv"),
        ("Invalid value: 1: must be more than 10", "Invalid value: <redacted>: must be more than 10"),
        ("cannot unmarshal number 1 into", "cannot unmarshal number <redacted> into"),
        ("cannot unmarshal number 12 into", "cannot unmarshal number 12 into"),
        ("was MQ== or eA== once", "was <redacted> or <redacted> once"),
    ] {
        assert_eq!(redact(message, &short), expected);
    }
}

#[test]
fn numbers_and_words_go_whole() {
    let object = json!({"data": {"n": 123_456_789, "f": 1234.5e6, "s": 7, "b": true}});
    for (message, expected) in [
        ("got 123456789, 1.23456789e+08", "got <redacted>, <redacted>"),
        ("1234567890, 0123456789", "1234567890, 0123456789"),
        ("1.2345e+09 or 1234500000", "<redacted> or <redacted>"),
        ("number 7 of 7", "number <redacted> of 7"),
        ("it is true that \"true\" is", "it is true that \"<redacted>\" is"),
    ] {
        let message_redacted = redact_of(message, object.clone());
        // 1234567890 is the float's own form.
        let expected = if message.starts_with("1234567890") { "1234567890, 0123456789" } else { expected };
        assert_eq!(message_redacted, expected, "{message}");
    }
}

#[test]
fn whole_objects_go_whether_known_or_not() {
    assert_eq!(
        redact(r#"patch: Invalid value: "map[data:map[K:NOT*BASE64]]": error decoding from json: illegal"#, &[]),
        "patch: Invalid value: <redacted>: error decoding from json: illegal"
    );
    assert_eq!(
        redact(r#"a: Invalid value: "{\"data\":{\"k\":\"dg==\"}}": b, c: Invalid value: {"d":["}"]}: e"#, &[]),
        "a: Invalid value: <redacted>: b, c: Invalid value: <redacted>: e"
    );
    for (object, tail) in [
        (r#"{"kind":"Secret","data":{"k":"dg}=="}}"#, ": boom"),
        (r#""{\"kind\":\"Secret\",\"data\":{\"k\":\"dg==\"}}""#, ": boom"),
        (r#"{\"kind\":\"Secret\",\"data\":{\"k\":\"dg==\"}}"#, ": boom\") has"),
        ("map[data:map[k:a]b] kind:Secret]", ""),
        ("map[data:map[k:dg==] kind:Secret]", ": boom"),
        ("&Secret{Data:map[string][]byte{k: [1 2],},}", ": boom"),
        (r#"{"data":{"k":"dg==","#, ""),
    ] {
        let text = redact(&format!("a {{b}} c: {object}{tail}"), &[]);
        let name = if object.starts_with('&') { "&Secret" } else { "" };
        assert_eq!(text, format!("a {{b}} c: {name}<redacted>{tail}"), "{object}");
    }
    assert_eq!(redact("a: Invalid value: \"Bogus\": text", &[]), "a: Invalid value: \"Bogus\": text");
    assert_eq!(redact("a: Invalid value: \"{never closed", &[]), "a: Invalid value: <redacted>");
}

/// `typed.validateScalar` and `typed.mapValue` of structured-merge-diff.
#[test]
fn dumps_of_typed_values_go_whole() {
    let head = "failed to create typed patch object (n/s; /v1, Kind=Secret): ";
    for (message, expected) in [
        (".data.k: expected string, got &value.valueUnstructured{Value:1}", ".data.k: expected string, got <redacted>"),
        (
            "errors:\n  .data.a: expected string, got &value.valueUnstructured{Value:map[string]interface {}{\"a}\":\"\\\"}\"}}\n  .data.b: expected string, got &value.valueUnstructured{Value:[]interface {}{1, \"x\"}}",
            "errors:\n  .data.a: expected string, got <redacted>\n  .data.b: expected string, got <redacted>",
        ),
        (
            "errors:\n  .data: expected map, got &{hunter}]\n two}\n  .immutable: expected boolean, got &{yes please}",
            "errors:\n  .data: expected map, got <redacted>\n  .immutable: expected boolean, got <redacted>",
        ),
        (".data: expected map, got &{[1 map[a:b]]}", ".data: expected map, got <redacted>"),
    ] {
        assert_eq!(redact(&format!("{head}{message}"), &[]), format!("{head}{expected}"));
    }
    // Types are no dumps.
    let types = "json: cannot unmarshal array into Go value of type map[string]interface {}";
    assert_eq!(redact(types, &[]), types);
    let finalizers = "found new finalizers []string{\"a.b/c\"}";
    assert_eq!(redact(finalizers, &[]), finalizers);
    assert_eq!(
        redact(
            "the object provided is unrecognized (must be of type Secret): couldn't get version/kind (7b2264617461223a)",
            &[]
        ),
        "the object provided is unrecognized (must be of type Secret): couldn't get version/kind (<redacted>)"
    );
}

#[test]
fn knows_the_values_of_a_patch() {
    let patch = json!([
        {"op": "add", "path": "/data/a", "value": "cGxhaW4tdmFsdWU="},
        {"op": "add", "path": "/stringData", "value": {"k": "typed"}},
        {"op": "add", "path": "/data/b~1c/0/x", "value": "deeper"},
        {"op": "replace", "path": "", "value": {"stringData": {"k": "whole-object"}}},
        {"op": "add", "path": "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration",
            "value": "{\"stringData\":{\"k\":\"annotated\"}}"},
        {"op": "add", "path": "/metadata/labels/app", "value": "label"},
    ]);
    let mut known = Known::default();
    known.body(patch.to_string().as_bytes());
    assert_eq!(
        known.redact("plain-value typed deeper whole-object annotated label"),
        "<redacted> <redacted> <redacted> <redacted> <redacted> label"
    );
}

#[test]
fn knows_the_values_of_an_object() {
    let applied = json!({"stringData": {"z": "from-annotation"}}).to_string();
    let object = json!({
        "kind": "Secret",
        "metadata": {"name": "n", "annotations": {LAST_APPLIED: applied}},
        "data": {"a": "cGxhaW4tdmFsdWU=", "b": "not base64", "m": {"KEY-INSIDE": ["in-a-list", 98765]}},
        "stringData": {"c": "typed", "n": 12345},
        "items": [{"data": "a-bare-string"}, {"metadata": {"annotations": {LAST_APPLIED: "no json"}}}],
    });
    let message = "plain-value cGxhaW4tdmFsdWU= [not base64] typed 12345 from-annotation KEY-INSIDE in-a-list 98765 \
                   a-bare-string no json, n a b m c";
    let mark = "<redacted>";
    assert_eq!(
        redact_of(message, object),
        format!("{mark} {mark} [{mark}] {mark} {mark} {mark} {mark} {mark} {mark} {mark} {mark}, n a b m c")
    );
}

#[test]
fn hostile_messages_take_no_time() {
    let begun = std::time::Instant::now();
    let values: Vec<String> = (0..500).map(|n| format!("AAAAAAAA{n:06}")).collect();
    let values: Vec<&[u8]> = values.iter().map(|value| value.as_bytes()).collect();
    for text in ["{", "{}", "[{", "&{", "map[", "\"{", "{}data", "A", "é", "\\"] {
        let message = text.repeat(300_000);
        assert!(redact(&message, &values).len() <= LONGEST + 100_000, "{text}");
    }
    let nested = "{".repeat(50_000) + &"}".repeat(50_000) + " data";
    assert!(redact(&nested, &[]).len() < 200_000);
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}
