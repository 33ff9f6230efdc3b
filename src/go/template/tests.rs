mod cases;

use super::*;
use cases::{FOUND, MORE, RECORDED};
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
        "apiVersion": "v1",
        "big": 12_345_678_901_234_567_890_u64,
        "data": {"bad": "@@", "bin": "//79", "k": "dg==", "pad": "dg=", "tls.crt": "eA=="},
        "f": 1.5,
        "kind": "Secret",
        "l": [1, "a", null, {"n": 2, "x": true}, {"n": 3}],
        "metadata": {"generation": 7, "labels": {"app": "y"}, "name": "x", "annotations": {"a": "b"}},
        "nil": null,
        "s": "hé\"\n<&'=\u{1}",
        "t": true,
    })
}

fn run(template: &str, data: &Json) -> (Vec<u8>, Option<String>) {
    match Template::parse(template) {
        Ok(parsed) => parsed.execute(data, true),
        Err(message) => (Vec::new(), Some(message)),
    }
}

#[test]
fn recorded_cases() {
    let data = list();
    for &(template, expected) in RECORDED {
        let got = match Template::parse(template) {
            Err(message) => Err(parse_failure(template, &message)),
            Ok(parsed) => match parsed.execute(&data, true) {
                (_, Some(message)) => Err(execute_failure(template, &message)),
                (out, None) => Ok(String::from_utf8_lossy(&out).into_owned()),
            },
        };
        assert_eq!(got, expected.map(str::to_owned).map_err(str::to_owned), "{template}");
    }
}

#[test]
fn output_and_errors_are_those_of_go() {
    let data = object();
    for &(template, output, error) in MORE.iter().chain(FOUND) {
        let (out, message) = run(template, &data);
        let got = (String::from_utf8_lossy(&out).into_owned(), message);
        assert_eq!(got, (output.to_owned(), error.map(str::to_owned)), "{template}");
    }
}

#[test]
fn missing_keys_are_errors_when_asked() {
    let data = object();
    for (template, message) in [
        ("{{.nope}}", "at <.nope>: map has no entry for key \"nope\""),
        ("{{$x := index .data \"nope\"}}{{$x.y}}", "at <$x.y>: nil data; no entry for key \"y\""),
    ] {
        let parsed = Template::parse(template).expect(template);
        let (_, error) = parsed.execute(&data, false);
        let error = error.expect(template);
        assert!(error.ends_with(message), "{error}");
    }
}

#[test]
fn output_is_bytes() {
    assert_eq!(run("{{base64decode .data.bin}}", &object()), (vec![0xff, 0xfe, 0xfd], None));
    assert_eq!(run("{{\"\\xff\"}}{{slice \"é\" 1}}", &object()), (vec![0xff, 0xa9], None));
}

#[test]
fn points_at_what_is_broken() {
    for (template, expected) in [
        ("{{.kind}}", None),
        ("é {{.kind", Some((1, 10))),
        ("{{.kind}}\n {{nofn 1}}", Some((2, 4))),
        ("{{1 | 2}}", Some((1, 8))),
        ("{{\"x}}", Some((1, 3))),
        ("{{range .l}}", Some((1, 13))),
        ("text{{block \"\" .}}more{{end}}", None),
        ("text{{block \"output\" .}}more{{end}}", Some((1, 36))),
    ] {
        assert_eq!(Template::parse(template).is_ok(), expected.is_none(), "{template}");
        assert_eq!(error_position(template), expected, "{template}");
    }
}

/// Where Go's error repeats a value, ours names its type.
#[test]
fn errors_name_no_values() {
    let data = json!({"data": {"k": "POISON", "POISONED": "x"}, "l": ["POISON"]});
    for template in [
        "{{range .data.k}}{{end}}",
        "{{eq .data .data}}",
        "{{eq .l .data}}",
        "{{.data.k | call}}",
        "{{call .data.k}}",
        "{{base64decode .data.k}}",
        "{{.data.k.x}}",
        "{{lt .data.k 1}}",
        "{{index .l .data.k}}",
        "{{index .data 1}}",
        "{{len 1 .data.k}}",
        "{{template .data.k}}",
        "{{printf .l}}",
        "{{.data.k 1}}",
        "{{slice .data.k 99}}",
    ] {
        let (_, error) = run(template, &data);
        let error = error.expect(template);
        assert!(!error.contains("POISON"), "{error}");
    }
}

/// Depth is bounded on the stack of a thread: what nests too deeply is an error.
#[test]
fn depth_is_bounded() {
    let nested = |open: &str, inner: &str, close: &str, times: usize| {
        format!("{}{inner}{}", open.repeat(times), close.repeat(times))
    };
    let data = object();
    for template in [
        format!("{{{{{}}}}}", nested("(", "1", ")", 100_000)),
        nested("{{if 1}}", "x", "{{end}}", 100_000),
        nested("{{block \"x\" 1}}", "x", "{{end}}", 100_000),
        format!("{{{{if 0}}}}{}{{{{end}}}}", "{{else if 1}}x".repeat(100_000)),
    ] {
        let (_, error) = run(&template, &data);
        assert!(error.is_some_and(|error| error.ends_with("max expression depth exceeded")));
    }
    let (_, error) = run(&format!("{{{{{}}}}}", nested("(print ", "1", ")", 99)), &data);
    assert_eq!(error, None);
    let body = nested("{{if 1}}{{with (print (print .))}}", "{{template \"x\" .}}", "{{end}}{{end}}", 45);
    let (_, error) = run(&format!("{{{{define \"x\"}}}}{body}{{{{end}}}}{{{{template \"x\" 1}}}}"), &data);
    assert!(error.is_some_and(|error| error.ends_with("exceeded maximum template depth (300)")));
}

#[test]
fn sprint_writes_go_values() {
    assert_eq!(sprint(&json!({"b": [1, 1.5, null], "a": "x y"})), "map[a:x y b:[1 1.5 <nil>]]");
    assert_eq!(sprint(&json!(null)), "<nil>");
}

/// Pieces of templates in any order: more likely to get past the parser than arbitrary text.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{{",
        "}}",
        "{{- ",
        " -}}",
        "{{end}}",
        "{{else}}",
        "{{if ",
        "{{range ",
        "{{with ",
        "{{define \"x\"}}",
        "{{template \"x\" ",
        ".",
        ".l",
        ".data",
        ".data.k",
        ".nope",
        "$",
        "$x",
        " := ",
        " = ",
        ", ",
        "|",
        "(",
        ")",
        " ",
        "\n",
        "1",
        "-2",
        "1.5",
        "\"a\"",
        "\"%v%5d%q\"",
        "nil",
        "true",
        "'a'",
        "`r`",
        "printf ",
        "index ",
        "slice ",
        "len ",
        "eq ",
        "lt ",
        "and ",
        "html ",
        "js ",
        "base64decode ",
        "exists ",
        "call ",
        "break",
        "continue",
        "/* c */",
        "é",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(crate::properties::config(256))]

    #[test]
    fn any_text_parses_or_fails(text in ".*") {
        run(&text, &object());
        run(&format!("{{{{{text}}}}}"), &object());
    }

    #[test]
    fn any_soup_runs_or_fails(text in soup()) {
        run(&text, &object());
        run(&format!("{{{{{text}}}}}"), &object());
    }

    #[test]
    fn any_format_prints(format in ".*", verb in "%[-+# 0]{0,3}[0-9]{0,2}(\\.[0-9]{0,2})?[a-zA-Z]") {
        let quoted = quote::quote_bytes(format!("{verb}{format}{verb}").as_bytes(), false);
        let (_, error) = run(&format!("{{{{printf {quoted} .l .data.k 1.5}}}}"), &object());
        prop_assert_eq!(error, None);
    }

    #[test]
    fn text_outside_actions_is_printed_as_it_is(text in "[^{]*") {
        prop_assert_eq!(run(&text, &object()), (text.into_bytes(), None));
    }

    #[test]
    fn base64_is_that_of_the_standard(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        use base64::Engine as _;
        let text = base64::engine::general_purpose::STANDARD.encode(&bytes);
        prop_assert_eq!(escape::base64_decode(text.as_bytes()), Ok(bytes));
    }
}

/// Some characters can ask for any number of steps and for any size.
#[test]
fn what_a_run_costs_is_bounded() {
    let limits = crate::limits::Limits { steps: 20_000, bytes: 1 << 16 };
    let twice = "{{define \"t\"}}{{template \"t\"}}{{end}}{{define \"u\"}}{{if .}}{{template \"u\" (slice . 1)}}{{template \"u\" (slice . 1)}}{{end}}{{end}}";
    for template in [
        "{{range 99999999999}}{{end}}",
        "{{range 99999999999}}some text{{end}}",
        "{{$x := \"ab\"}}{{range 60}}{{$x = printf \"%s%s\" $x $x}}{{end}}{{$x}}",
        "{{$x := \"ab\"}}{{range 60}}{{$x = print $x $x}}{{end}}{{len $x}}",
        "{{$x := \"<\"}}{{range 60}}{{$x = html $x $x}}{{end}}",
        "{{printf \"%1000000d\" 1}}",
        "{{printf \"%1000000v\" .l | len}}",
        "{{printf \"%.1000000d\" .l | len}}",
        "{{$x := printf \"%60000d\" 1}}{{range 60000}}{{$y := $x}}{{end}}",
        &format!("{twice}{{{{template \"u\" \"{}\"}}}}", "a".repeat(60)),
    ] {
        let parsed = Template::parse(template).expect(template).limits(limits);
        let (output, error) = parsed.execute(&object(), true);
        let error = error.expect(template);
        assert!(output.len() <= limits.bytes, "{template}: {}", output.len());
        assert!(
            error.contains("more than 20000 steps") || error.contains("more than 65536 bytes"),
            "{template}: {error}"
        );
    }
    let (output, error) =
        Template::parse("{{range 1000}}{{printf \"%9d\" .}}{{end}}").unwrap().limits(limits).execute(&object(), true);
    assert_eq!((output.len(), error), (9_000, None));
}
