use super::*;
use proptest::prelude::*;
use serde_json::json;

/// What `get secrets` prints from, in the recorded cases.
fn list() -> Json {
    json!({
        "apiVersion": "v1",
        "items": [
            {
                "apiVersion": "v1",
                "data": {"k": "YQ==", "z": "Mg=="},
                "kind": "Secret",
                "metadata": {
                    "annotations": {"example.com/n": "5", "note": "hello <world> & more"},
                    "labels": {"app": "y", "env": "prod"},
                    "name": "a",
                },
                "type": "example.com/t",
            },
            {"apiVersion": "v1", "kind": "Secret", "metadata": {"labels": {"env": "dev"}, "name": "b"}, "type": "Opaque"},
            {
                "apiVersion": "v1",
                "data": {"k": "Yw==", "tls.crt": "eA=="},
                "kind": "Secret",
                "metadata": {"labels": {"app": "x"}, "name": "c"},
                "type": "Opaque",
            },
        ],
        "kind": "List",
        "metadata": {"resourceVersion": ""},
    })
}

fn object() -> Json {
    json!({
        "data": {"k": "dg==", "tls.crt": "eA==", "empty": ""},
        "l": [1, "a", null, {"x": true, "n": 2}, {"n": 3}],
        "m": [{"n": 2, "s": "b"}, {"n": 3, "s": "a)"}, {"s": "x"}],
        "f": 1.5,
        "big": 12_345_678_901_234_567_890_u64,
        "nil": null,
    })
}

/// A template, and what kubectl prints: output, or the error after `error: `.
type Case = (&'static str, Result<&'static str, &'static str>);

/// The recorded cases of the group `jsonpath`.
const RECORDED: &[Case] = &[
    ("{.items[?(@.metadata.labels.app==\"x\")].metadata.name}", Ok("c")),
    ("{.items[?(@.metadata.labels.app!=\"x\")].metadata.name}", Ok("a")),
    ("{.items[?(@.metadata.name>\"a\")].metadata.name}", Ok("b c")),
    ("{.items[?(@.data.z)].metadata.name}", Ok("a")),
    ("{.items[1:].metadata.name}", Ok("b c")),
    ("{.items[-2:].metadata.name}", Ok("b c")),
    ("{.items[0,2].metadata.name}", Ok("a c")),
    ("{.items[0].metadata['name']}", Ok("a")),
    ("{..type}", Ok("example.com/t Opaque Opaque")),
    ("{.items..name}", Ok("a b c")),
    ("{.items[*].type}", Ok("example.com/t Opaque Opaque")),
    ("{$.items[0].type}", Ok("example.com/t")),
    ("{@.kind}", Ok("List")),
    ("plain text", Ok("plain text")),
    ("a{.kind}b{.kind}c", Ok("aListbListc")),
    ("{\"quoted \\t tab\"}", Ok("quoted \t tab")),
    ("{'single'}", Ok("single")),
    ("{\"\\n\"}", Ok("\n")),
    ("{range .items[*]}{.metadata.name}={.type};{end}", Ok("a=example.com/t;b=Opaque;c=Opaque;")),
    ("{range .items[*]}[{range .metadata.labels}{.app}{end}]{end}", Ok("[y][][x]")),
    ("{.items[2].data['tls\\.crt']}", Ok("eA==")),
    ("{.items[*].type}", Ok("example.com/t Opaque Opaque")),
    ("{.items[*].type}", Ok("example.com/t Opaque Opaque")),
    ("{.items[", Err("error parsing jsonpath {.items[, unterminated array")),
    ("{.items[a]}", Err("error parsing jsonpath {.items[a]}, invalid array index a")),
    (
        "{.items[0:9]}",
        Err(
            "error executing jsonpath \"{.items[0:9]}\": Error executing template: array index out of bounds: index 8, length 3.",
        ),
    ),
    (
        "{.items[3]}",
        Err(
            "error executing jsonpath \"{.items[3]}\": Error executing template: array index out of bounds: index 3, length 3.",
        ),
    ),
    ("{.items[?(@.x]}", Err("error parsing jsonpath {.items[?(@.x]}, unterminated filter")),
    ("{range .items[*]}x", Ok("xxxx")),
    ("{end}", Err("error executing jsonpath \"{end}\": Error executing template: not in range, nothing to end.")),
    ("{.items[*].metadata.name", Err("error parsing jsonpath {.items[*].metadata.name, unclosed action")),
    (".kind", Ok(".kind")),
    ("$.kind", Ok("$.kind")),
    ("{ .kind }", Ok("List")),
    ("{.items[*].data.nope}", Ok("")),
    ("{.items[?(@.metadata.labels.env=='prod')].metadata.name}", Ok("a")),
    (
        "{.items[?(@.metadata.name=~\"a\")]}",
        Err("error parsing jsonpath {.items[?(@.metadata.name=~\"a\")]}, unrecognized character in action: U+007E '~'"),
    ),
    ("{.items[?(1==1)].metadata.name}", Ok("a b c")),
];

fn run(template: &str, data: &Json) -> Result<String, String> {
    let path = JsonPath::parse(template).map_err(|message| parse_failure(template, &message))?.allow_missing(true);
    path.execute(data).map_err(|message| execute_failure(template, &message))
}

#[test]
fn recorded_cases() {
    let data = list();
    for &(template, expected) in RECORDED {
        assert_eq!(run(template, &data), expected.map(str::to_owned).map_err(str::to_owned), "{template}");
    }
}

/// Templates on [`object`], and what they print or which message they fail with.
const MORE: &[Case] = &[
    ("{.data}", Ok(r#"{"empty":"","k":"dg==","tls.crt":"eA=="}"#)),
    ("{.l}", Ok(r#"[1,"a",null,{"n":2,"x":true},{"n":3}]"#)),
    ("{.l[*]}", Ok(r#"1 a null {"n":2,"x":true} {"n":3}"#)),
    ("{.l[]}", Ok("1")),
    ("{.l[::2]}", Ok(r#"1 null {"n":3}"#)),
    ("{.l[-2:].n}", Ok("2 3")),
    ("{.l[1:1]}", Ok("")),
    ("{.l[-1]}", Ok(r#"{"n":3}"#)),
    ("{.l[0,1]['x']}", Ok("")),
    ("{.l[1:0]}", Err("starting index 1 is greater than ending index 0")),
    ("{.l[::0]}", Err("step must be > 0")),
    ("{.l[-9]}", Err("array index out of bounds: index -4, length 5")),
    ("{.l[99999999999999999999]}", Err("array index 99999999999999999999 is not a number")),
    ("{.l[-]}", Err("array index - is not a number")),
    ("{.l[1:2:3:4]}", Err("invalid array index 1:2:3:4")),
    ("{.data[0]}", Err("map[string]interface {} is not array or slice")),
    ("{.data.k[0]}", Err("string is not array or slice")),
    ("{.nil[0]}", Ok("")),
    ("{.nil}", Ok("null")),
    ("{.f} {.big}", Ok("1.5 1.2345678901234567e+19")),
    ("{.data.k.*}", Ok("100 103 61 61")),
    ("{.data['tls.crt']}", Ok("")),
    (r"{.data['tls\.crt']}", Ok("eA==")),
    (r"{.data.tls\.crt}", Ok("eA==")),
    (r#"{.data["k"]}"#, Err(r#"invalid array index "k""#)),
    ("{.data['k','empty']}", Ok("dg== ")),
    ("{.data.*}", Ok(" dg== eA==")),
    ("{..n}", Ok("2 3 2 3")),
    ("{....}", Err("invalid multiple recursive descent")),
    ("{..*}", Err("unrecognized character in action: U+002A '*'")),
    ("{.m[?(@.n>2)].s}", Ok("a)")),
    (r#"{.m[?(@.s=="a)")].n}"#, Ok("3")),
    (r#"{.m[?(@.s<="b")].n}"#, Ok("2 3")),
    ("{.m[?(@.n)].s}", Ok("b a)")),
    ("{.m[?(@.n=='2')].s}", Err("incompatible types for comparison")),
    ("{.m[?(@.n==2.0)].s}", Err("incompatible types for comparison")),
    ("{.m[?(@==2)].s}", Err("invalid type for comparison")),
    ("{.m[?(@.*==2)].s}", Err("can only compare one element at a time")),
    ("{.m[?(@.n=!2)]}", Err("unrecognized filter operator =!")),
    ("{.m[?(@.n==2 && @.s)]}", Err("unrecognized character in action: U+0026 '&'")),
    ("{.m[?(@.n==)]}", Err("unrecognized character in action: U+003D '='")),
    ("{.m[?(@.n) ]}", Err("unclosed array expect ]")),
    // An index that fails leaves the element standing, and the filter takes it for found.
    ("{.l[3:][?(@[0])]}", Err("map[string]interface {} is not array or slice and cannot be filtered")),
    ("{.m[?(@[0])].s}", Ok("b a) x")),
    ("{range .m[*]}{.s}{\" \"}{end}.", Ok("b a) x .")),
    ("{range .nope[*]}{range .a}{.b}{end}{end}.", Ok(".")),
    ("{range .nil}{@}{end}", Ok("<no value>")),
    ("{range .l[2]}{@}{end}", Ok("<no value>")),
    ("{range .m[*]}{range .n}{@}{end};{end}", Ok("2;3;;")),
    ("{1}{1.5}{true}{-2}", Ok("11.5true-2")),
    ("{1e3}", Err("unrecognized identifier e3")),
    ("{type}", Err("unrecognized identifier type")),
    ("{1.2.3}", Err("cannot parse number 1.2.3")),
    (r#"{"a\x41\u00e9\"b\\n"}"#, Ok("aAé\"b\\n")),
    // Any backslash before the quote keeps it from closing, even one that is escaped itself.
    (r#"{"a\\"}"#, Err("unterminated quoted string")),
    (r#"{"\q"}"#, Err(r#"unquote string "\q" error invalid syntax"#)),
    ("{\"a\nb\"}", Err("unterminated quoted string")),
    ("{.data.k\n}", Err("unclosed action")),
    ("a{", Err("unclosed action")),
    ("", Ok("")),
    ("}", Ok("}")),
];

#[test]
fn dialect() {
    let data = object();
    for &(template, expected) in MORE {
        let got = JsonPath::parse(template).and_then(|path| path.allow_missing(true).execute(&data));
        assert_eq!(got, expected.map(str::to_owned).map_err(str::to_owned), "{template}");
    }
}

#[test]
fn missing_fields() {
    let data = object();
    let strict = |template| JsonPath::parse(template).and_then(|path| path.execute(&data));
    assert_eq!(strict("{.nope}"), Err("nope is not found".to_owned()));
    assert_eq!(strict("{.data.k}"), Ok("dg==".to_owned()));
    assert_eq!(strict("{.m[*].n}"), Ok("2 3".to_owned()));
    assert_eq!(strict("{range .nope}{end}"), Err("nope is not found".to_owned()));
}

#[test]
fn ranges_inside_ranges_are_bounded() {
    let data = object();
    let same = |count: usize| format!("{}.{}", "{range @}".repeat(count), "{end}".repeat(count));
    assert_eq!(JsonPath::parse(&same(64)).and_then(|path| path.execute(&data)), Ok(".".to_owned()));
    let error = JsonPath::parse(&same(65)).and_then(|path| path.execute(&data));
    assert_eq!(error, Err("more than 64 ranges inside each other".to_owned()));
}

#[test]
fn as_json() {
    let data = list();
    let print = |template| JsonPath::parse(template).and_then(|path| path.allow_missing(true).execute_as_json(&data));
    assert_eq!(
        print("{.items[*].metadata.labels}"),
        Ok("[\n    {\n        \"app\": \"y\",\n        \"env\": \"prod\"\n    },\n    {\n        \"env\": \"dev\"\n    },\n    {\n        \"app\": \"x\"\n    }\n]\n".to_owned())
    );
    assert_eq!(print("{.nope}"), Ok("[]\n".to_owned()));
    assert_eq!(print("a{.kind}"), Ok("[\n    \"a\"\n]\n[\n    \"List\"\n]\n".to_owned()));
}

#[test]
fn relaxed_paths() {
    for (path, expected) in [
        ("", ""),
        ("metadata.name", "{.metadata.name}"),
        (".metadata.name", "{.metadata.name}"),
        ("{metadata.name}", "{.metadata.name}"),
        ("{.metadata.name}", "{.metadata.name}"),
        (".", "{..}"),
        ("..name", "{..name}"),
        ("[0]", "{.[0]}"),
    ] {
        assert_eq!(relaxed(path).as_deref(), Ok(expected), "{path}");
    }
    for path in ["{", "{}", "a{b}", "{{a}}", "{a", "a}"] {
        assert!(relaxed(path).is_err(), "{path}");
    }
}

#[test]
fn points_at_what_is_broken() {
    for (template, expected) in [
        ("{.data}", None),
        ("{.data", Some((1, 1))),
        ("{.items[", Some((1, 8))),
        ("é{.l[?(@.n==2 && @.s)]}", Some((1, 5))),
        ("a\n{.k}{.k &}", Some((2, 9))),
        ("{.a}\n{\"x}", Some((2, 2))),
    ] {
        assert_eq!(error_position(template), expected, "{template}");
    }
}

/// No error may repeat a value, whatever the template.
#[test]
fn errors_name_no_values() {
    let data = json!({"data": {"k": "POISON", "l": ["POISON"]}});
    for template in ["{.data.k[0]}", "{.data.k[?(@.x)]}", "{.data[?(@.x)]}", "{.data.l[?(@==1)]}", "{.data.l[3]}"] {
        let error = run(template, &data).expect_err(template);
        assert!(!error.contains("POISON"), "{error}");
    }
}

/// Pieces of the dialect in any order: more likely to get past the parser than arbitrary text.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{", "}", ".", "..", "[", "]", "*", "?", "(", ")", "@", "$", "'", "\"", "\\", ",", ":", "-", "0", "1", "9",
        "=", "<", "!", "range ", "end", "true", "items", "data", "k", " ", "\n", "[?(@.", "[*]", "é",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(crate::properties::config(256))]

    #[test]
    fn any_text_parses_or_fails(text in ".*") {
        let _ = run(&text, &list());
    }

    #[test]
    fn any_soup_runs_or_fails(text in soup()) {
        let _ = run(&text, &list());
        let _ = run(&format!("{{{text}}}"), &object());
    }

    #[test]
    fn text_outside_braces_is_printed_as_it_is(text in "[^{]*") {
        prop_assert_eq!(run(&text, &list()), Ok(text));
    }
}

/// Some characters can ask for any number of steps and for any size.
#[test]
fn what_a_run_costs_is_bounded() {
    let limits = crate::limits::Limits { steps: 20_000, bytes: 1 << 16 };
    let deep = (0..60).fold(json!(1), |inner, _| json!([inner]));
    let data = json!({"deep": deep, "l": (0..100).collect::<Vec<_>>(), "text": "x".repeat(10_000)});
    for template in [
        "{range @}".repeat(64),
        format!("{{.deep{}}}", "[0,0]".repeat(60)),
        format!("{{.deep{}}}", "..[*]".repeat(40)),
        format!("{{range .l[*]}}{}{{end}}", "{.text}".repeat(1_000)),
        "{.text.*}".repeat(3),
        // A filter takes a failure for an element that has not what it asks for.
        format!("{{.deep[?(@{}[0])]}}", "[0,0]".repeat(50)),
        "{.text}".repeat(10),
    ] {
        let path = JsonPath::parse(&template).expect(&template).allow_missing(true).limits(limits);
        let error = path.execute(&data).expect_err(&template);
        assert!(
            error.contains("more than 20000 steps") || error.contains("more than 65536 bytes"),
            "{template}: {error}"
        );
        assert!(path.execute_as_json(&data).is_err(), "{template}");
    }
    assert_eq!(JsonPath::parse("{.l[*]}").unwrap().limits(limits).execute(&data).map(|text| text.len()), Ok(289));
}
