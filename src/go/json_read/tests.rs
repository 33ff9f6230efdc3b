use super::*;

fn error(text: &str) -> String {
    parse(text.as_bytes()).err().unwrap_or_default()
}

#[test]
fn errors_are_those_of_go() {
    for (text, expected) in [
        ("", "unexpected end of JSON input"),
        ("{", "unexpected end of JSON input"),
        ("{nope", "invalid character 'n' looking for beginning of object key string"),
        ("{\"a\" 1}", "invalid character '1' after object key"),
        ("{\"a\":1 1}", "invalid character '1' after object key:value pair"),
        ("[1 2]", "invalid character '2' after array element"),
        ("{} x", "invalid character 'x' after top-level value"),
        ("nope", "invalid character 'o' in literal null (expecting 'u')"),
        ("-x", "invalid character 'x' in numeric literal"),
        // Go pretends that a space follows the end.
        ("1.", "invalid character ' ' after decimal point in numeric literal"),
        ("tru", "invalid character ' ' in literal true (expecting 'e')"),
        ("[-", "invalid character ' ' in numeric literal"),
        ("1.x", "invalid character 'x' after decimal point in numeric literal"),
        ("\"\n\"", "invalid character '\\n' in string literal"),
        ("\"\\q\"", "invalid character 'q' in string escape code"),
        ("\"\\u00g0\"", "invalid character 'g' in \\u hexadecimal character escape"),
    ] {
        assert_eq!(error(text), expected, "{text}");
    }
}

#[test]
fn surrogates_and_broken_utf8_become_replacement_characters() {
    let string = |text: &[u8]| match parse(text) {
        Ok(Node::String(text)) => text,
        _ => "no string".into(),
    };
    assert_eq!(string(br#""\ud83d\ude00""#), "\u{1f600}");
    assert_eq!(string(br#""\ud800""#), "\u{fffd}");
    assert_eq!(string(br#""\ud800\u0041""#), "\u{fffd}A");
    assert_eq!(string(b"\"a\xffb\""), "a\u{fffd}b");
    assert_eq!(string(b"\"\xe2\x82\""), "\u{fffd}\u{fffd}");
}

#[test]
fn depth_costs_no_stack_and_ends() {
    let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(nested(10_000).as_bytes()).is_ok());
    assert_eq!(error(&nested(10_001)), "invalid character '[' exceeded max depth");
}

#[test]
fn repeated_members_are_kept_in_order() {
    let node = parse(br#"{"b":1,"a":2,"b":3}"#).unwrap_or(Node::Null);
    let Node::Object(members) = &node else { panic!("no object") };
    assert_eq!(members.iter().map(|(n, _)| n.as_str()).collect::<Vec<_>>(), ["b", "a", "b"]);
    assert_eq!(node.into_json(), serde_json::json!({"a": 2, "b": 3}));
}
