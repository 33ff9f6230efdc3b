//! Generated Secrets on one server, read by the real kubectl and by ksecret with generated output expressions: standard output
//! and exit status must be equal. Left out by construction: what kubectl prints in random order (`.*` over a map), what an
//! older one does not know (kyaml) and what ours does otherwise on purpose (see tests/kubectl/differences.toml).

use libtest_mimic::Failed;
use serde_json::json;

use crate::support::{self, Sandbox, dice::Dice};

/// How many expressions are tried.
const COMMANDS: usize = 36;

const TEXTS: [&str; 14] = [
    "plain",
    "",
    " lead",
    "trail ",
    "yes",
    "012",
    "null",
    "a: b",
    "# no",
    "two\nlines\n",
    "tab\there",
    "<b>&amp;\"'\\",
    "ünï€😀",
    "long long long long long long long long long long long long long long long long long long end",
];

/// Compares what both print.
///
/// # Errors
/// The expressions with which they differ.
pub fn agree(seed: u64, kubectl: &str) -> Result<(), Failed> {
    let mut dice = Dice(seed);
    let sandbox = Sandbox::with_server();
    for number in 0..5 {
        let mut metadata =
            json!({"name": format!("s{number}"), "labels": {"app": format!("l{}", dice.roll(3))}, "annotations": {}});
        for key in ["note", "x.io/odd", "other"] {
            metadata["annotations"][key] = dice.pick(&TEXTS).into();
        }
        let object = json!({
            "apiVersion": "v1", "kind": "Secret", "metadata": metadata,
            "stringData": {"a": dice.pick(&TEXTS), "b.c": dice.pick(&TEXTS), "d_e": "x"},
        });
        sandbox.write("object.json", object.to_string());
        sandbox.ok(&["create", "-f", "object.json"]);
    }
    let mut wrong = Vec::new();
    for _ in 0..COMMANDS {
        let output = expression(&mut dice);
        let name = format!("s{}", dice.roll(6));
        let mut words = vec!["get", "secret", name.as_str(), "-o", output.as_str()];
        if dice.roll(4) == 0 {
            words.push("--allow-missing-template-keys=false");
        }
        let ours = sandbox.run(&words);
        let theirs = support::run(sandbox.command_of(kubectl, &words), b"");
        // A template that fails makes kubectl print the whole object, values included; ours does not.
        let differs = output.starts_with("go-template") && theirs.exit != 0;
        if ours.exit != theirs.exit || (!differs && ours.bytes != theirs.bytes) {
            wrong.push(format!(
                "{words:?}\n  ours: {} {:?} {}\n  kubectl: {} {:?} {}",
                ours.exit, ours.stdout, ours.stderr, theirs.exit, theirs.stdout, theirs.stderr
            ));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("KSECRET_SEED={seed}\n{}", wrong.join("\n")).into()) }
}

/// `-o` with a format, and an expression where it takes one.
fn expression(dice: &mut Dice) -> String {
    let path = dice.pick(&[
        ".metadata.name",
        ".metadata.labels.app",
        ".metadata.annotations.note",
        ".data.a",
        ".data.d_e",
        ".type",
        ".kind",
        ".data",
        ".metadata.annotations",
        ".data.absent",
        ".metadata.labels",
    ]);
    match dice.roll(7) {
        0 => dice.pick(&["yaml", "json", "name", "jsonpath-as-json={.data}", "jsonpath={.data.b\\.c}"]).to_owned(),
        1 => format!("jsonpath={{{path}}}"),
        2 => format!("jsonpath={}{{{path}}}{{\"\\n\"}}{{.type}}", dice.pick(&["", "a ", "<", "x: "])),
        3 => format!("jsonpath={{range .metadata}}{{.name}}{{\"\\t\"}}{{end}}{{['kind','type']}}{{{path}}}"),
        4 => format!("custom-columns=A:{path},B:.metadata.name"),
        5 => {
            let filter = dice.pick(&["", " | len", " | printf \"%q\"", " | print", " | html", " | js", " | urlquery"]);
            format!("go-template={{{{{path}{filter}}}}}")
        }
        _ => format!(
            "go-template={{{{range $k, $v := .data}}}}{{{{$k}}}}={{{{$v{}}}}};{{{{end}}}}{{{{if eq .type \"Opaque\"}}}}o{{{{else}}}}p{{{{end}}}}",
            dice.pick(&[
                "",
                " | base64decode",
                " | base64decode | len",
                " | printf \"%x\"",
                " | base64decode | printf \"%q\""
            ])
        ),
    }
}
