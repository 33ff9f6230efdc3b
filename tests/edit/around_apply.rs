//! `apply edit-last-applied` and `create --edit`: kubectl's words and requests (recorded with 1.32), and what differs.

use super::{MARKER, assert_no_marker, editor, sandbox};
use crate::support::Sandbox;

const LAST: &str = "jsonpath={.metadata.annotations.kubectl\\.kubernetes\\.io/last-applied-configuration}";

fn last_applied(sandbox: &Sandbox, kind: &str, name: &str) -> String {
    sandbox.ok(&["get", kind, name, "-o", LAST])
}

fn manifest(name: &str) -> String {
    format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}}}\nstringData: {{user: {MARKER}}}\n")
}

fn seen(sandbox: &Sandbox) -> String {
    std::fs::read_to_string(sandbox.cwd().join("seen")).expect("what the editor saw")
}

fn applied() -> Sandbox {
    let sandbox = sandbox();
    for name in ["a", "b"] {
        sandbox.write("m.yaml", manifest(name));
        sandbox.ok(&["apply", "-f", "m.yaml"]);
    }
    std::fs::remove_file(sandbox.cwd().join("m.yaml")).expect("the manifest goes");
    sandbox
}

#[test]
fn the_annotation_is_edited_and_nothing_else() {
    let mut sandbox = applied();
    let before = sandbox.ok(&["get", "secret", "a", "-o", "jsonpath={.data}"]);
    editor(&mut sandbox, "cp \"$1\" seen; sed -i 's/^  user:.*/  other: \"\"/' \"$1\"");
    assert_eq!(sandbox.ok(&["apply", "edit-last-applied", "secret/a"]), "secret/a edited\n");
    assert_eq!(
        seen(&sandbox),
        "# Please edit the 'last-applied-configuration' annotations below.\n\
         # Lines beginning with a '#' will be ignored, and an empty file will abort the edit.\n#\n\
         apiVersion: v1\ndata:\n  user: \"\"\nkind: Secret\nmetadata:\n  annotations: {}\n  name: a\n  namespace: default\n"
    );
    assert_eq!(
        last_applied(&sandbox, "secret", "a"),
        "{\"apiVersion\":\"v1\",\"data\":{\"other\":\"\"},\"kind\":\"Secret\",\"metadata\":{\"annotations\":{},\"name\":\"a\",\
         \"namespace\":\"default\"}}\n"
    );
    assert_eq!(sandbox.ok(&["get", "secret", "a", "-o", "jsonpath={.data}"]), before);
}

#[test]
fn of_several_those_that_were_changed_are_written() {
    let mut sandbox = applied();
    let untouched = sandbox.ok(&["get", "secret", "b", "-o", "jsonpath={.metadata.resourceVersion}"]);
    // `db` has no annotation.
    editor(&mut sandbox, "cp \"$1\" seen; sed -i '0,/user:/s/user:/changed:/' \"$1\"");
    let said = sandbox.ok(&["apply", "edit-last-applied", "secret", "a", "db", "b"]);
    assert_eq!(said, "secret/a edited\nsecret/b skipped\n");
    assert!(seen(&sandbox).contains("kind: List\n") && !seen(&sandbox).contains("name: db"), "{}", seen(&sandbox));
    assert_eq!(sandbox.ok(&["get", "secret", "b", "-o", "jsonpath={.metadata.resourceVersion}"]), untouched);
}

#[test]
fn values_are_neither_shown_nor_written() {
    let mut sandbox = sandbox();
    // As kubectl apply writes it.
    let text = format!(
        r#"{{"apiVersion":"v1","kind":"Secret","metadata":{{"name":"db"}},"stringData":{{"user":"{MARKER}"}}}}"#
    );
    let text = text.replace('"', "\\\"");
    let patch = format!(
        "{{\"metadata\":{{\"annotations\":{{\"kubectl.kubernetes.io/last-applied-configuration\":\"{text}\"}}}}}}"
    );
    sandbox.ok(&["patch", "secret", "db", "-p", &patch]);
    editor(&mut sandbox, "cp \"$1\" seen; sed -i \"s/user: .*/user: 's3cret''-m4rker''-value'/\" \"$1\"");
    let said = sandbox.ok(&["apply", "edit-last-applied", "db", "-o", "yaml"]);
    assert!(!seen(&sandbox).contains(MARKER) && seen(&sandbox).contains("user: \"\""), "{}", seen(&sandbox));
    assert!(!last_applied(&sandbox, "secret", "db").contains("s3cret"), "{said}");
}

#[test]
fn json_namespaces_and_files() {
    let mut sandbox = applied();
    sandbox.write("ns.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: team, labels: {x: one}}\n");
    sandbox.ok(&["apply", "-f", "ns.yaml"]);
    editor(&mut sandbox, "sed -i 's/one/two/' \"$1\"");
    assert_eq!(sandbox.ok(&["apply", "edit-last-applied", "-f", "ns.yaml"]), "namespace/team edited\n");
    assert!(last_applied(&sandbox, "namespace", "team").contains("{\"x\":\"two\"}"));
    assert_eq!(sandbox.ok(&["get", "ns", "team", "-o", "jsonpath={.metadata.labels.x}"]), "one");

    editor(&mut sandbox, "cp \"$1\" seen; sed -i 's/\"user\"/\"other\"/' \"$1\"");
    let printed = sandbox.ok(&["apply", "edit-last-applied", "secret", "a", "-o", "json"]);
    assert_eq!(printed, seen(&sandbox).replace("\"user\"", "\"other\""));
    assert!(printed.starts_with("{\n    \"apiVersion\": \"v1\",\n    \"data\": {\n"), "{printed}");
}

#[test]
fn what_cannot_be_edited_is_said_in_kubectls_words() {
    let mut sandbox = applied();
    editor(&mut sandbox, "true");
    for (args, said) in [
        (
            &["secret", "db"][..],
            "error: no last-applied-configuration annotation found on resources, to create the annotation, use command \
             `kubectl apply set-last-applied --create-annotation`\n",
        ),
        (&["secret", "nope"], "Error from server (NotFound): secrets \"nope\" not found\n"),
        (&["secret", "a", "-o", "wide"], "error: unable to match a printer suitable for the output format \"wide\", "),
        (&[], "error: You must provide one or more resources by argument or filename.\n"),
    ] {
        let outcome = sandbox.run(&[&["apply", "edit-last-applied"], args].concat());
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{args:?}");
        assert!(outcome.stderr.starts_with(said), "{args:?}: {}", outcome.stderr);
    }
    let outcome = sandbox.run(&["apply", "edit-last-applied", "secret", "a"]);
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, "Edit cancelled, no changes made.\n"));
    for (script, said) in [
        ("s/namespace: default/namespace: other/", "You must pass '--namespace=other' to perform this operation."),
        // kubectl writes the annotation of the other object then.
        ("s/name: a$/name: b/", "secrets \"b\" is none of those that were opened"),
        ("s/kind: Secret/kind: ConfigMap/", " is none of those that were opened"),
    ] {
        let before = last_applied(&sandbox, "secret", "b");
        editor(&mut sandbox, &format!("sed -i '{script}' \"$1\""));
        let outcome = sandbox.run(&["apply", "edit-last-applied", "secret", "a"]);
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{script}");
        assert!(outcome.stderr.contains(said), "{script}: {}", outcome.stderr);
        assert_eq!(last_applied(&sandbox, "secret", "b"), before, "{script}");
    }
}

#[test]
fn an_annotation_that_cannot_be_written_is_kept() {
    let mut sandbox = applied();
    // The object goes while the editor is open; another of that name would not be the same.
    let program = crate::support::KSECRET;
    editor(&mut sandbox, &format!("sed -i 's/user:/other:/' \"$1\"; {program} delete secret a >&2"));
    let outcome = sandbox.run(&["apply", "edit-last-applied", "secret", "a"]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("Error from server (NotFound): secrets \"a\" not found"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("edit --resume a\n"), "{}", outcome.stderr);
    let resumed = sandbox.run(&["edit", "--resume", "a"]);
    assert!(resumed.stderr.contains("no edit of a is kept"), "{}", resumed.stderr);
}

#[test]
fn each_object_is_edited_before_it_is_created() {
    let mut sandbox = sandbox();
    sandbox.write("m.yaml", ["n1", "n2", "n3"].map(manifest).join("---\n"));
    editor(&mut sandbox, "cp \"$1\" seen; grep -q 'name: n2' \"$1\" || sed -i 's/name: n/name: new/' \"$1\"");
    let outcome = sandbox.run(&["create", "-f", "m.yaml", "--edit", "--save-config"]);
    assert_eq!(
        (outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str()),
        (0, "secret/new1 created\nsecret/new3 created\n", "Edit cancelled, no changes made.\n")
    );
    assert_eq!(
        seen(&sandbox),
        format!(
            "# Please edit the object below. Lines beginning with a '#' will be ignored,\n\
             # and an empty file will abort the edit. If an error occurs while saving this file will be\n\
             # reopened with the relevant failures.\n#\n\
             apiVersion: v1\nkind: Secret\nmetadata:\n  name: n3\n  namespace: default\nstringData:\n  user: {MARKER}\n"
        )
    );
    assert!(last_applied(&sandbox, "secret", "new1").contains("\"data\":{\"user\":\"\"}"));
    // Nothing of a dry run is created: kubectl does not look at the flag here.
    editor(&mut sandbox, "sed -i 's/name: n/name: dry/' \"$1\"");
    for dry_run in ["client", "server"] {
        let said = sandbox.ok(&["create", "-f", "m.yaml", "--edit", &format!("--dry-run={dry_run}")]);
        let suffix = if dry_run == "client" { "dry run" } else { "server dry run" };
        assert_eq!(said, (1..4).map(|n| format!("secret/dry{n} created ({suffix})\n")).collect::<String>());
    }
    assert_eq!(sandbox.ok(&["get", "secrets", "-o", "name"]), "secret/db\nsecret/new1\nsecret/new3\n");
}

#[test]
fn another_kind_can_be_made_of_it_if_it_is_ours() {
    let mut sandbox = sandbox();
    sandbox.write("m.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: team}\n");
    editor(&mut sandbox, "sed -i 's/kind: Secret/kind: Namespace/;/namespace:/d' \"$1\"");
    assert_eq!(sandbox.ok(&["create", "-f", "m.yaml", "--edit"]), "namespace/team created\n");
    editor(&mut sandbox, "sed -i 's/kind: Secret/kind: ConfigMap/' \"$1\"");
    let outcome = sandbox.run(&["create", "-f", "m.yaml", "--edit"]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""));
    assert!(outcome.stderr.contains("error: only Secrets and Namespaces of v1 can be written, not \"ConfigMap\"\n"));
}

#[test]
fn what_could_not_be_created_is_kept_each_by_itself() {
    let mut sandbox = sandbox();
    sandbox.write("m.yaml", ["n1", "n2"].map(manifest).join("---\n"));
    editor(&mut sandbox, "sed -i 's/user:/us er:/' \"$1\"");
    let outcome = sandbox.run(&["create", "-f", "m.yaml", "--edit"]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{}", outcome.stderr);
    for name in ["n1", "n2"] {
        assert!(outcome.stderr.contains(&format!("edit --resume {name}\n")), "{}", outcome.stderr);
        assert!(
            outcome
                .stderr
                .contains(&format!("Error from server (Invalid): Secret \"{name}\" is invalid: data[us er]: "))
        );
    }
    std::fs::remove_file(sandbox.cwd().join("m.yaml")).expect("the manifest goes");
    assert_no_marker(&sandbox, &outcome.stderr);
    editor(&mut sandbox, "sed -i 's/us er:/user:/' \"$1\"");
    for name in ["n1", "n2"] {
        assert_eq!(sandbox.ok(&["edit", "--resume", name]), format!("secret/{name} created\n"));
        assert_eq!(sandbox.ok(&["decode", name, "user"]), MARKER);
    }
}
