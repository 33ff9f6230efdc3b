use std::io::Read;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{limits::MAX_NODES, stream::Limits, *};

const HEAD: &str = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n";

fn read(text: &str) -> Result<Vec<Json>, String> {
    match parse(text.as_bytes()) {
        Ok(documents) => Ok(documents.into_iter().map(|document| document.object.into_json()).collect()),
        Err(error) => Err(error.text().to_owned()),
    }
}

fn one(text: &str) -> Json {
    match read(text).as_deref() {
        Ok([json]) => json.clone(),
        other => panic!("{text:?}: {other:?}"),
    }
}

/// A key can be as long as the document.
#[test]
fn errors_show_the_beginning_of_a_long_key() {
    let long = "k".repeat(100_000);
    for text in [
        format!("? {long}\n: 1\n? {long}\n: 2\n"),
        format!("{{\"{long}\": 1, \"{long}\": 2}}"),
        format!("a: &b\n  ? {long}\n  : 1\nc:\n  ? {long}\n  : 2\n  <<: *b\n"),
        format!("? 1.{}\n: a\n", "0".repeat(100_000)),
        format!("a: &{long} [*{long}]\n"),
    ] {
        let error = parse(text.as_bytes()).err().expect("an error").to_string();
        assert!(error.len() < 600 && error.contains('…'), "{} bytes: {error:.300}", error.len());
    }
}

#[test]
fn a_text_without_a_final_newline_ends_a_block_without_one_but_in_f() {
    for (text, value) in
        [("k: |\n  a\n  b", "a\nb"), ("k: |\n  a\n", "a\n"), ("k: >\n  a\n  b", "a b"), ("k: |+\n  a", "a")]
    {
        assert_eq!(parse_one(text.as_bytes()), Ok(json!({"k": value})), "{text:?}");
    }
    assert_eq!(one(&format!("{HEAD}stringData:\n  k: |\n    a"))["stringData"], json!({"k": "a\n"}));
    assert_eq!(parse_one(b"k: v"), Ok(json!({"k": "v"})));
    assert_eq!(parse_one(b"{\"k\": 1}"), Ok(json!({"k": 1})));
}

/// What follows the header of a Secret, and the value of its `stringData` or `data`.
#[test]
fn values_as_kubectl_reads_them() {
    for (text, expected) in [
        ("stringData:\n  a: &x one\n  b: *x\n", json!({"a": "one", "b": "one"})),
        ("stringData:\n  k: >\n    one\n    two\n\n    three\n", json!({"k": "one two\nthree\n"})),
        ("stringData:\n  k: |+\n    one\n\n\n", json!({"k": "one\n\n\n"})),
        ("stringData:\n  k: |-\n    one\n    two\n\n", json!({"k": "one\ntwo"})),
        ("stringData:\n  k: |\n    one\n    two\n", json!({"k": "one\ntwo\n"})),
        ("stringData:\n  k: |2\n      one\n", json!({"k": "  one\n"})),
        ("stringData: {k: true}\n", json!({"k": true})),
        ("stringData:\n  k: a # comment\n  j: a#b\n", json!({"k": "a", "j": "a#b"})),
        ("data:\n  k: |\n    YWRt\n    aW4=\n", json!({"k": "YWRt\naW4=\n"})),
        ("data:\n  k: YWRt\n    aW4=\n", json!({"k": "YWRt aW4="})),
        ("stringData: {k: 2020-01-01}\n", json!({"k": "2020-01-01"})),
        ("stringData: {k: 2020-01-01T10:00:00Z}\n", json!({"k": "2020-01-01T10:00:00Z"})),
        ("stringData:\n  k: \"a\\tb\\n\\u2603\\x41\\0\"\n", json!({"k": "a\tb\n\u{2603}A\0"})),
        ("stringData:\n  k: \"a\n\n    b \\\n    c\\\n\n    d\"\n", json!({"k": "a\nb c\nd"})),
        ("stringData: {k: 1.50}\n", json!({"k": 1.5})),
        ("stringData: {a: b, c-d: e}\n", json!({"a": "b", "c-d": "e"})),
        ("stringData: {k: 0x1F}\n", json!({"k": 31})),
        ("stringData: {1: a}\n", json!({"1": "a"})),
        ("stringData: {true: a, null0: b, 1.5: c}\n", json!({"true": "a", "null0": "b", "1.5": "c"})),
        ("stringData:\n  <<: {a: one}\n  b: two\n", json!({"a": "one", "b": "two"})),
        ("stringData:\n  <<: [{a: 1, b: 2}, {a: 3}]\n  b: two\n", json!({"a": 1, "b": "two"})),
        ("stringData: {k: ~}\n", json!({"k": null})),
        ("stringData: {k: 5432}\n", json!({"k": 5432})),
        ("stringData: {k: 0o755}\n", json!({"k": 493})),
        ("stringData: {k: 12:30:45}\n", json!({"k": "12:30:45"})),
        ("stringData:\n  k: 'it''s'\n", json!({"k": "it's"})),
        ("stringData: {k: !!str 5}\n", json!({"k": "5"})),
        ("stringData: {k: ! 5}\n", json!({"k": "5"})),
        ("stringData: {k: !!int \"5\", j: !!float 5}\n", json!({"k": 5, "j": 5})),
        ("stringData: {k: 1_000}\n", json!({"k": 1000})),
        ("stringData:\r\n  k: a\r\n  j: |\r\n    b\r\n", json!({"k": "a", "j": "b\n"})),
        ("stringData:\n  \"on\": y#n\n  'y': http://a:b@c/?d=[e]\n", json!({"on": "y#n", "y": "http://a:b@c/?d=[e]"})),
        ("stringData:\n- a\n-\n- - b\n  - c: d\n", json!(["a", null, ["b", {"c": "d"}]])),
        ("stringData: [a: b, ? c, {d, e: }]\n", json!([{"a": "b"}, {"c": null}, {"d": null, "e": null}])),
        ("stringData: {k: 18446744073709551615}\n", json!({"k": 18446744073709551615.0})),
    ] {
        let json = one(&format!("{HEAD}{text}"));
        let found = json.get("stringData").or(json.get("data"));
        assert_eq!(found, Some(&expected), "{text:?}");
    }
}

#[test]
fn errors_in_kubectls_words() {
    for (text, expected) in [
        ("a: [\n", "error converting YAML to JSON: yaml: line 1: did not find expected node content"),
        ("%YAML 1.2\n", "error converting YAML to JSON: yaml: found incompatible YAML document"),
        ("a: {k: .inf}\n", "error converting YAML to JSON: json: unsupported value: +Inf"),
        ("a: {b: *nope}\n", "error converting YAML to JSON: yaml: unknown anchor referenced"),
        ("a: &x [*x]\n", "error converting YAML to JSON: yaml: anchor 'x' value contains itself"),
        (
            "a: b\n\tc: d\n",
            "error converting YAML to JSON: yaml: line 2: found a tab character that violates indentation",
        ),
        ("a: b: c\n", "error converting YAML to JSON: yaml: mapping values are not allowed in this context"),
        ("a: b\nc\nd: e\n", "error converting YAML to JSON: yaml: line 3: could not find expected ':'"),
        ("a:\n  b: \"c\n", "error converting YAML to JSON: yaml: line 3: found unexpected end of stream"),
        ("a: !!int secret\n", "error converting YAML to JSON: yaml: cannot decode !!str as a !!int"),
        ("a: \u{1}\n", "error converting YAML to JSON: yaml: control characters are not allowed"),
        ("[a]: b\n", "error converting YAML to JSON: yaml: invalid map key"),
        ("<<: a\n", "error converting YAML to JSON: yaml: map merge requires map or sequence of maps as the value"),
        ("a: b\n--- secret\n", "invalid Yaml document separator"),
        ("{\"a\":", "unexpected EOF"),
        ("{\"a\" 1}", "json: offset 6: invalid character '1' after object key"),
        ("{\"a\":tru]", "json: offset 9: invalid character ']' in literal true (expecting 'e')"),
        ("{}{} x", "json: offset 6: invalid character 'x' looking for beginning of value"),
        ("{\"a\":\"\u{1}\"}", "json: offset 7: invalid character '\\x01' in string literal"),
    ] {
        let error = read(text).expect_err(text);
        assert_eq!(error, expected, "{text:?}");
        assert!(!error.contains("secret"), "{error}");
    }
}

/// Where kubectl goes on with less than was written.
#[test]
fn losses_are_refused_with_their_place() {
    for (text, expected) in [
        ("a: {yes: 1}\n", "document 1, line 1: the key yes would be read as \"true\": quote it to keep it"),
        ("---\n---\n\na:\n  010: 1\n", "document 1, line 5: the key 010 would be read as \"8\": quote it to keep it"),
        (
            "a: 1\n---\nb: 2\n# c\nb: 3\n",
            "document 2, line 5: the key \"b\" stands twice in one map: only the last would be kept",
        ),
        ("a: 1\n'a': 2\n", "document 1, line 2: the key \"a\" stands twice in one map: only the last would be kept"),
        ("1: a\n\"1\": b\n", "document 1, line 2: the key \"1\" stands twice in one map: only the last would be kept"),
        (
            "{\"a\":1,\n\"a\":2}",
            "document 1, line 2: the key \"a\" stands twice in one map: only the last would be kept",
        ),
        ("{\"a\":\n\"\\ud800\"}", "document 1, line 2: a string has half a surrogate pair, which would become U+FFFD"),
        (
            "{\"a\": \"\\ud800\\u0041\"}",
            "document 1, line 1: a string has half a surrogate pair, which would become U+FFFD",
        ),
        (
            "{\"a\": \"\\ud800\\ue000\"}",
            "document 1, line 1: a string has half a surrogate pair, which would become U+FFFD",
        ),
        (
            "a: !!binary aGk=\n",
            "document 1, line 1: the tag !!binary would replace the value with what its base64 holds: leave the tag out",
        ),
        (
            "a: !hunter2\n",
            "document 1, line 1: what begins with ! is read as a tag and would be dropped: quote it to keep it",
        ),
        ("a: !!set {b}\n", "document 1, line 1: the tag !!set would be dropped in silence: leave it out"),
        (
            "a: 1\n...\nb: 2\n",
            "document 1, line 3: what follows the end of the document would be lost: put --- before it",
        ),
        (
            "a: 1\n<<: {a: 2}\n",
            "document 1, line 2: the merge key << would overwrite \"a\", which stands before it: put << first",
        ),
    ] {
        assert_eq!(read(text), Err(expected.to_owned()), "{text:?}");
    }
    let error = parse(b"a: 1\nb: \xFF\n").err().map(|error| error.text().to_owned());
    assert_eq!(error.as_deref(), Some("document 1, line 2: the text is not UTF-8"));
}

#[test]
fn an_api_server_loses_without_a_word() {
    for text in ["a: {yes: 1, 010: 2}\n---\nb: [\n", "{a: {yes: 1, 010: 2}}\n---\n", "a: {on: 1, 8: 2}\n...\nb: 2\n"] {
        assert_eq!(lenient(text.as_bytes()), Ok((json!({"a": {"true": 1, "8": 2}}), vec![])), "{text:?}");
    }
}

#[test]
fn streams() {
    let (a, b) = (json!({"a": 1}), json!({"b": 2}));
    for text in [
        "a: 1\n---\nb: 2\n",
        "---\na: 1\n--- # second\n---\n# nothing\n---\nb: 2",
        "\u{FEFF}a: 1\r\n---\r\nb: 2\r\n",
        "a: 1\n--- \n{b: 2}\n---\n~\n",
        "{\"a\":1}{\"b\":2}",
        "  {\"a\":1}\n\n{\"b\":2}\n",
        "{\"a\":1}\n---\nb: 2\n",
        "{a: 1}\n---\n{\"b\": 2,}\n",
    ] {
        assert_eq!(read(text), Ok(vec![a.clone(), b.clone()]), "{text:?}");
    }
    for text in ["", "\n", "---", "---\n---\n", "# nothing\n", "~", "null\n", "  \n"] {
        assert_eq!(read(text).map(|documents| documents.len()), Ok(0), "{text:?}");
    }
}

#[test]
fn byte_order_marks() {
    let text = "a: \u{e9}\u{1F600}\n---\nb: 2\n";
    let expected = vec![json!({"a": "\u{e9}\u{1F600}"}), json!({"b": 2})];
    let marked: Vec<u16> = "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).collect();
    let little = marked.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<u8>>();
    let big = marked.iter().flat_map(|unit| unit.to_be_bytes()).collect::<Vec<u8>>();
    for bytes in [text.as_bytes(), format!("\u{FEFF}{text}").as_bytes(), &little, &big] {
        let documents = parse(bytes).expect("documents");
        let found: Vec<Json> = documents.into_iter().map(|document| document.object.into_json()).collect();
        assert_eq!(found, expected);
    }
    assert!(parse(&little[..little.len() - 1]).is_err());
    assert_eq!(read("\u{FEFF}{\"a\":1}{\"a\":2}").map(|found| found.len()), Ok(2));
}

#[test]
fn the_documents_before_a_broken_one_are_given() {
    let mut documents = Documents::new(&b"a: 1\n---\nb: [\n"[..]);
    assert!(matches!(documents.next(), Some(Ok(document)) if document.line == 1));
    let error = documents.next().and_then(Result::err).expect("an error");
    assert_eq!((error.document(), error.line()), (2, 4));
    assert_eq!(error.hint("f").as_deref(), Some("f, document 2, line 4"));
    assert!(documents.next().is_none());
}

#[test]
fn keys_know_their_lines() {
    let text = "# head\n---\n\nmetadata:\n  labels:\n    a: b\nitems:\n- x: 1\n- x: 2\n";
    let document = &parse(text.as_bytes()).expect("a document")[0];
    let lines = &document.lines;
    assert_eq!(lines.of(&["metadata", "labels", "a"]), Some(6));
    assert_eq!(lines.of(&["items", "1", "x"]), Some(9));
    assert_eq!(lines.of(&["metadata", "name"]), None);
    let document = &parse(b"\n{\"a\":\n{\"b\":1}}").expect("a document")[0];
    assert_eq!(document.lines.of(&["a", "b"]), Some(3));
}

#[test]
fn no_stream_is_read_to_its_end_that_has_none() {
    fn error(pattern: &'static [u8]) -> String {
        let limits = Limits { document: 2 << 20, stream: 4 << 20 };
        let endless = std::iter::repeat_with(|| pattern).flatten().copied();
        Documents::limited(Bytes(endless), limits)
            .find_map(Result::err)
            .map_or_else(String::new, |error| error.text().to_owned())
    }
    for pattern in [&b"\0"[..], b"{", b" ", b"a: b\n", b"[\"", b"{\"a\":[\"\\"] {
        assert_eq!(error(pattern), "document 1 is larger than 2 MiB", "{pattern:?}");
    }
    assert_eq!(error(b"---\n# nothing\n"), "the input is larger than 4 MiB");
    assert_eq!(error(b"{\"a\":1}"), "more than 100000 documents");
}

/// A reader of an endless iterator.
struct Bytes<I>(I);

impl<I: Iterator<Item = u8>> Read for Bytes<I> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        Ok(buffer.iter_mut().zip(&mut self.0).map(|(slot, byte)| *slot = byte).count())
    }
}

#[test]
fn hostile_input_ends_in_an_error() {
    fn error(text: &[u8]) -> String {
        parse(text).err().map_or_else(String::new, |error| error.text().to_owned())
    }
    let nested = "[".repeat(100_000);
    assert_eq!(
        error(format!("a: {nested}").as_bytes()),
        "error converting YAML to JSON: yaml: exceeded max depth of 100"
    );
    assert_eq!(error(format!("{{\"a\":{nested}").as_bytes()), "document 1, line 1: exceeded max depth of 100");
    let indented: String = (0..2000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert!(error(indented.as_bytes()).ends_with("exceeded max depth of 100"));
    let dashes = "- ".repeat(50_000);
    assert!(error(dashes.as_bytes()).ends_with("exceeded max depth of 100"));
    let keys = "? ".repeat(50_000);
    assert!(error(keys.as_bytes()).ends_with("exceeded max depth of 100"));

    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    assert_eq!(error(bomb.as_bytes()), "error converting YAML to JSON: yaml: document contains excessive aliasing");
    let nested_anchors: String = (0..90).map(|depth| format!("&a{depth} [")).collect();
    let text = format!("a: {nested_anchors}{}{}", "x".repeat(1 << 20), "]".repeat(90));
    assert!(error(text.as_bytes()).ends_with("document contains excessive aliasing"));

    for text in [format!("{{a: [{}", "~,".repeat(MAX_NODES + 1)), format!("a:\n{}", "-\n".repeat(MAX_NODES + 1))] {
        assert!(error(text.as_bytes()).ends_with("the document has more than 750000 keys and items"));
    }
    let large = format!("a: {}\n", "x".repeat(OBJECT_LIMIT + 1));
    assert!(error(large.as_bytes()).ends_with("the object is larger than 3 MiB, more than an API server takes"));
}

/// Any JSON that a manifest could hold.
fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<String>().prop_map(Json::from),
        "[ -~\n\t]{0,12}".prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            prop::collection::btree_map("\\PC{0,8}", inner, 0..5)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

/// The plainest YAML: flow style, every string in double quotes, all but letters escaped.
fn write_yaml(json: &Json, out: &mut String) {
    match json {
        Json::String(text) => write_quoted(text, out),
        Json::Array(items) => {
            out.push('[');
            for item in items {
                write_yaml(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Json::Object(map) => {
            out.push('{');
            for (key, value) in map {
                out.push_str("? ");
                write_quoted(key, out);
                out.push_str(" : ");
                write_yaml(value, out);
                out.push_str(",\n ");
            }
            out.push('}');
        }
        other => out.push_str(&other.to_string()),
    }
}

fn write_quoted(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        if character.is_ascii_alphanumeric() {
            out.push(character);
        } else {
            out.push_str(&format!("\\U{:08x}", u32::from(character)));
        }
    }
    out.push('"');
}

proptest! {
    #![proptest_config(crate::properties::config(256))]

    #[test]
    fn nothing_makes_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
        let _ = parse(&[b"{\"a\":".as_slice(), &bytes].concat());
    }

    #[test]
    fn no_yaml_makes_the_reader_panic(text in "([a-z?:!&*|>'\"%@#,{}\\[\\]\\\\ \n\t-]|- |: |\n  |--- |<<: |!!int |\\PC){0,40}") {
        let _ = parse(text.as_bytes());
    }

    #[test]
    fn json_reads_back(json in any_json()) {
        let wrapped = json!({"a": json});
        prop_assert_eq!(one(&wrapped.to_string()), wrapped.clone());
        prop_assert_eq!(one(&serde_json::to_string_pretty(&wrapped).expect("JSON")), wrapped);
    }

    #[test]
    fn yaml_reads_back(json in any_json()) {
        let mut text = "a: ".to_owned();
        write_yaml(&json, &mut text);
        prop_assert_eq!(one(&text), json!({"a": json}));
    }
}

/// A terminal after Ctrl-D: a further read waits for another line.
#[test]
fn nothing_is_read_after_the_end() {
    struct Terminal<'a>(&'a [u8], bool);
    impl Read for Terminal<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            assert!(!self.1, "read after the end");
            let count = self.0.read(buffer)?;
            self.1 = count == 0;
            Ok(count)
        }
    }
    for text in [
        "",
        "\n",
        "a: b",
        "a: b\n",
        "a: b\n---\n",
        "{\"a\":1}",
        "{\"a\":1}\n",
        "{a: 1}\n",
        "{\"a\":",
        "# x",
        "\u{feff}a: b",
        "a: [\n",
    ] {
        let _ = Documents::new(Terminal(text.as_bytes(), false)).count();
    }
}
