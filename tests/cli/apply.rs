//! `apply`, `diff` and `kustomize`: what is applied twice, what a later manifest leaves out, what others set, and that
//! no value is kept or repeated. What kubectl does itself with our annotation is in tests/interop.

use super::support::{Outcome, Sandbox};

const NOTE: &str = "kubectl.kubernetes.io/last-applied-configuration";

fn manifest(body: &str) -> String {
    format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n{body}")
}

fn data(sandbox: &Sandbox) -> String {
    sandbox.ok(&["get", "s", "-o", "jsonpath={.data}"])
}

fn apply(sandbox: &Sandbox, body: &str, flags: &[&str]) -> Outcome {
    sandbox.write("s.yaml", manifest(body));
    sandbox.run(&[&["apply", "-f", "s.yaml"], flags].concat())
}

fn annotation(sandbox: &Sandbox) -> String {
    sandbox.ok(&[
        "get",
        "s",
        "-o",
        "jsonpath={.metadata.annotations.kubectl\\.kubernetes\\.io/last-applied-configuration}",
    ])
}

/// Who owns what: manager, operation, and the fields in short.
fn owners(sandbox: &Sandbox) -> String {
    let path = "{range .metadata.managedFields[*]}{.manager} {.operation} {.fieldsV1}{\"\\n\"}{end}";
    sandbox.ok(&["get", "s", "-o", &format!("jsonpath={path}"), "--show-managed-fields"])
}

/// What kubectl leaves: the object, and the annotation with its values.
fn applied_by_kubectl(sandbox: &Sandbox, body: &str) {
    let manifest: serde_json::Value = serde_yaml::from_str(&manifest(body)).expect("a manifest");
    let mut kept = manifest.clone();
    kept["metadata"]["annotations"] = serde_json::json!({NOTE: format!("{manifest}\n")});
    sandbox.write("k.json", kept.to_string());
    sandbox.ok(&["create", "-f", "k.json", "--field-manager=kubectl-client-side-apply"]);
    let patch = serde_json::json!({"metadata": kept["metadata"]}).to_string();
    sandbox.ok(&["patch", "s", "--type=merge", "-p", &patch, "--field-manager=kubectl-client-side-apply"]);
    assert!(annotation(sandbox).contains("{\"a\":\""), "the test begins with an annotation that holds values");
}

#[test]
fn the_documents_command_lines() {
    let sandbox = Sandbox::with_server();
    sandbox.write(
        "mysecret.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: mysecret\ntype: Opaque\ndata:\n  USER_NAME: YWRtaW4=\n  \
         PASSWORD: MWYyZDFlMmU2N2Rm\n",
    );
    assert_eq!(sandbox.ok(&["apply", "-f", "mysecret.yaml"]), "secret/mysecret created\n");
    assert_eq!(sandbox.ok(&["apply", "-f", "mysecret.yaml"]), "secret/mysecret unchanged\n");
    assert_eq!(sandbox.ok(&["decode", "mysecret", "PASSWORD"]), "1f2d1e2e67df");

    sandbox.write("username.txt", "admin");
    sandbox.write("password.txt", "1f2d1e2e67df");
    sandbox.write(
        "kustomization.yaml",
        "secretGenerator:\n- name: db-user-pass\n  files:\n  - username.txt\n  - password.txt\n",
    );
    let made = sandbox.ok(&["apply", "-k", "."]);
    let name = made.strip_prefix("secret/").and_then(|rest| rest.strip_suffix(" created\n")).expect("the line");
    assert!(name.starts_with("db-user-pass-"), "{made}");
    assert_eq!(sandbox.ok(&["decode", name, "password.txt"]), "1f2d1e2e67df");
    assert!(sandbox.ok(&["kustomize"]).contains(&format!("name: {name}\n")));
}

#[test]
fn a_later_apply_takes_away_what_it_does_not_say_and_nothing_else() {
    for flags in [&[][..], &["--server-side"]] {
        let sandbox = Sandbox::with_server();
        assert_eq!(apply(&sandbox, "data: {a: MQ==}\nstringData: {b: '2'}\n", flags).exit, 0);
        sandbox.ok(&["patch", "s", "-p", r#"{"stringData":{"foreign":"9"}}"#]);
        assert_eq!(apply(&sandbox, "stringData: {a: '1'}\n", flags).exit, 0);
        assert_eq!(data(&sandbox), r#"{"a":"MQ==","foreign":"OQ=="}"#, "{flags:?}");
    }
}

#[test]
fn string_data_is_unchanged_when_it_says_what_is_there() {
    let sandbox = Sandbox::with_server();
    for word in ["created", "unchanged", "unchanged"] {
        assert_eq!(apply(&sandbox, "stringData: {a: '1'}\n", &[]).stdout, format!("secret/s {word}\n"));
    }
    assert_eq!(apply(&sandbox, "stringData: {a: '2'}\n", &[]).stdout, "secret/s configured\n");
}

#[test]
fn an_object_that_was_not_applied_is_warned_of_once() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "s", "--from-literal=a=1", "--from-literal=b=2", "--from-literal=c=3"]);
    let first = apply(&sandbox, "stringData: {a: '1', b: '2'}\n", &[]);
    assert_eq!(first.stdout, "secret/s configured\n");
    assert_eq!(
        first.stderr,
        format!(
            "Warning: resource secrets/s is missing the {NOTE} annotation which is required by ksecret apply. ksecret apply \
             should only be used on resources created declaratively by either ksecret create --save-config or ksecret apply. \
             The missing annotation will be patched automatically.\n"
        )
    );
    let trial = apply(&sandbox, "stringData: {a: '1'}\n", &["--dry-run=server", "-o", "jsonpath={.data}"]);
    assert_eq!(trial.stdout, r#"{"a":"MQ==","c":"Mw=="}"#);
    let trial = apply(&sandbox, "stringData: {a: '1'}\n", &["--dry-run=client", "-o", "jsonpath={.data}"]);
    assert_eq!(trial.stdout, r#"{"a":"MQ==","c":"Mw=="}"#);
    assert_eq!(data(&sandbox), r#"{"a":"MQ==","b":"Mg==","c":"Mw=="}"#);
    let second = apply(&sandbox, "stringData: {a: '1'}\n", &[]);
    assert_eq!((second.stdout.as_str(), second.stderr.as_str()), ("secret/s configured\n", ""));
    assert_eq!(data(&sandbox), r#"{"a":"MQ==","c":"Mw=="}"#);
    assert_eq!(apply(&sandbox, "stringData: {a: '1'}\n", &[]).stdout, "secret/s unchanged\n");
}

#[test]
fn the_annotation_holds_names_in_every_way_that_it_is_written() {
    let body = "type: Opaque\ndata: {a: Zmlyc3QtdmFsdWU=, x: null}\nstringData: {b: second-value}\n";
    let sorted = |namespace: &str, nulls: &str| {
        format!(
            "{{\"apiVersion\":\"v1\",\"data\":{{\"a\":\"\",\"b\":\"\"{nulls}}},\"kind\":\"Secret\",\"metadata\":{{\"annotations\":{{}},\
             \"name\":\"s\",\"namespace\":\"{namespace}\"}},\"type\":\"Opaque\"}}\n"
        )
    };
    let ways: [&[&[&str]]; 5] = [
        &[&["apply", "-f", "s.yaml"]],
        &[&["create", "generic", "s"], &["apply", "-f", "s.yaml"]],
        &[&["create", "-f", "s.yaml", "--save-config"]],
        &[&["create", "generic", "s"], &["replace", "-f", "s.yaml", "--save-config"]],
        &[&["create", "generic", "s"], &["replace", "--force", "-f", "s.yaml", "--save-config"]],
    ];
    for way in ways {
        let sandbox = Sandbox::with_server();
        sandbox.write("s.yaml", manifest(body));
        way.iter().for_each(|line| {
            sandbox.ok(line);
        });
        assert_eq!(annotation(&sandbox), sorted(&sandbox.namespace, ",\"x\":null"), "{way:?}");
    }
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "s", "--from-literal=a=first-value", "--save-config"]);
    assert_eq!(
        annotation(&sandbox),
        "{\"kind\":\"Secret\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"s\"},\"data\":{\"a\":\"\"}}\n"
    );
    // What get gives has the annotation in it, and the version: it takes the place of itself.
    for line in [&["replace", "-f", "-"][..], &["apply", "-f", "-"]] {
        let got = sandbox.ok(&["get", "s", "-o", "yaml"]);
        assert_eq!(sandbox.run_with(line, got.as_bytes()).exit, 0, "{line:?}");
        let text = annotation(&sandbox);
        assert!(text.contains("\"resourceVersion\":") && !text.contains("last-applied"), "{line:?}: {text}");
        assert!(text.contains("{\"a\":\"\"}"), "{line:?}: {text}");
    }
}

#[test]
fn a_creation_fails_in_kubectls_words() {
    let sandbox = Sandbox::with_server();
    let refused = apply(&sandbox, "data: {a: not-base-64}\n", &[]);
    assert_eq!(
        refused.stderr,
        "Error from server (BadRequest): error when creating \"s.yaml\": Secret in version \"v1\" cannot be handled as a \
         Secret: illegal base64 data at input byte 3\n\
         hint: s.yaml, document 1, line 5: data.a is not base64: plain text belongs in stringData\n"
    );
    assert_eq!(refused.exit, 1);
}

#[test]
fn without_server_side_the_manifest_wins() {
    let sandbox = Sandbox::with_server();
    apply(&sandbox, "stringData: {a: '1'}\n", &[]);
    sandbox.ok(&["patch", "s", "-p", r#"{"stringData":{"a":"theirs"}}"#]);
    assert_eq!(apply(&sandbox, "stringData: {a: '1'}\n", &[]).stdout, "secret/s configured\n");
    assert_eq!(data(&sandbox), r#"{"a":"MQ=="}"#);
}

#[test]
fn a_conflict_names_the_field_and_kubectls_ways_out() {
    let sandbox = Sandbox::with_server();
    apply(&sandbox, "stringData: {a: my-own-value}\n", &["--server-side"]);
    sandbox.ok(&["patch", "s", "-p", r#"{"stringData":{"a":"their-value"}}"#]);
    let refused = apply(&sandbox, "stringData: {a: my-own-value}\n", &["--server-side"]);
    assert_eq!((refused.exit, refused.stdout.as_str()), (1, ""));
    assert!(
        refused.stderr.starts_with(
            "error: Apply failed with 1 conflict: conflict with \"kubectl-patch\" using v1: .data.a\nPlease review the fields \
             above--they currently have other managers. Here\n"
        ),
        "{}",
        refused.stderr
    );
    assert!(refused.stderr.ends_with("using-api/server-side-apply/#conflicts\n"), "{}", refused.stderr);
    assert!(refused.stderr.contains("--force-conflicts") && !refused.stderr.contains("-value"), "{}", refused.stderr);
    let forced = apply(&sandbox, "stringData: {a: my-own-value}\n", &["--server-side", "--force-conflicts"]);
    assert_eq!(forced.stdout, "secret/s serverside-applied\n");
    assert_eq!(sandbox.ok(&["decode", "s", "a"]), "my-own-value");
}

#[test]
fn the_way_from_client_side_to_server_side_and_back() {
    for by_kubectl in [true, false] {
        let sandbox = Sandbox::with_server();
        if by_kubectl {
            applied_by_kubectl(&sandbox, "data: {a: Zmlyc3QtdmFsdWU=, b: Mg==}\n");
        } else {
            apply(&sandbox, "data: {a: Zmlyc3QtdmFsdWU=, b: Mg==}\n", &[]);
        }
        // A value that changes is no conflict with ourselves, and the key that is dropped goes.
        let moved = apply(&sandbox, "stringData: {a: second-value}\n", &["--server-side"]);
        assert_eq!((moved.stdout.as_str(), moved.stderr.as_str()), ("secret/s serverside-applied\n", ""));
        assert_eq!(data(&sandbox), r#"{"a":"c2Vjb25kLXZhbHVl"}"#);
        let now = owners(&sandbox);
        assert!(now.contains("kubectl Apply ") && now.contains("kubectl-last-applied Apply "), "{now}");
        assert!(!now.contains("kubectl-client-side-apply"), "{now}");
        assert!(annotation(&sandbox).contains("\"data\":{\"a\":\"\"}"), "{}", annotation(&sandbox));

        // The server writes the values into the annotation at every such apply, and they go at every one.
        for body in ["stringData: {a: second-value}\n", "stringData: {a: third-value, c: fourth-value}\n"] {
            assert_eq!(apply(&sandbox, body, &["--server-side"]).stdout, "secret/s serverside-applied\n");
            let text = annotation(&sandbox);
            assert!(text.contains("\"a\":\"\"") && !text.contains("dmFsdWU"), "{text}");
        }
        let trial =
            apply(&sandbox, "stringData: {a: fifth-value}\n", &["--server-side", "--dry-run=server", "-o", "yaml"]);
        assert!(trial.stdout.contains("\"data\":{\"a\":\"\"}"), "{}", trial.stdout);

        // Back again: what server-side apply set is known from the annotation.
        let back = apply(&sandbox, "stringData: {a: third-value}\n", &[]);
        assert_eq!((back.stdout.as_str(), back.stderr.as_str()), ("secret/s configured\n", ""));
        assert_eq!(data(&sandbox), r#"{"a":"dGhpcmQtdmFsdWU="}"#);
    }
}

#[test]
fn what_others_changed_meanwhile_is_a_conflict_on_the_way_to_server_side() {
    let sandbox = Sandbox::with_server();
    apply(&sandbox, "stringData: {a: first-value}\n", &[]);
    sandbox.ok(&["patch", "s", "-p", r#"{"stringData":{"a":"their-value"}}"#]);
    let refused = apply(&sandbox, "stringData: {a: second-value}\n", &["--server-side"]);
    assert!(refused.stderr.contains("conflict with \"kubectl-patch\" using v1: .data.a"), "{}", refused.stderr);
    assert_eq!(sandbox.ok(&["decode", "s", "a"]), "their-value");
}

#[test]
fn values_in_kubectls_annotation_count_once_and_go() {
    for (flags, word) in [(&[][..], "configured"), (&["--server-side"], "serverside-applied")] {
        let sandbox = Sandbox::with_server();
        applied_by_kubectl(&sandbox, "stringData: {a: '1', b: in-the-annotation}\n");
        let applied = apply(&sandbox, "stringData: {a: '1'}\n", flags);
        assert_eq!(applied.stdout, format!("secret/s {word}\n"), "{}", applied.stderr);
        assert_eq!(applied.stderr, "");
        let text = annotation(&sandbox);
        assert!(text.contains("\"data\":{\"a\":\"\"}") && !text.contains("in-the"), "{flags:?}: {text}");
        assert_eq!(data(&sandbox), r#"{"a":"MQ=="}"#, "{flags:?}");
        let again = apply(&sandbox, "stringData: {a: '1'}\n", flags);
        assert_eq!((again.exit, again.stderr.as_str()), (0, ""));
    }
}

#[test]
fn an_annotation_in_the_manifest_is_taken_out() {
    let sandbox = Sandbox::with_server();
    let body = format!("  annotations:\n    {NOTE}: '{{\"data\":{{\"a\":\"c2VjcmV0\"}}}}'\nstringData: {{a: '1'}}\n");
    for word in ["created", "unchanged"] {
        let applied = apply(&sandbox, &body, &[]);
        assert_eq!((applied.stdout, applied.stderr.as_str()), (format!("secret/s {word}\n"), ""));
        assert!(!annotation(&sandbox).contains("c2VjcmV0") && !annotation(&sandbox).contains("last-applied"));
    }
}

#[test]
fn a_stale_version_and_a_foreign_uid_conflict_at_once() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "s", "--from-literal=a=hidden-value"]);
    let got = sandbox.ok(&["get", "s", "-o", "yaml"]);
    sandbox.ok(&["label", "secret", "s", "x=y"]);
    let begun = std::time::Instant::now();
    let refused = sandbox.run_with(&["apply", "-f", "-"], got.as_bytes());
    let namespace = &sandbox.namespace;
    assert_eq!(
        refused.stderr.split_once('\n').expect("the warning first").1,
        format!(
            "Error from server (Conflict): error when applying patch:\nto:\nResource: \"/v1, Resource=secrets\", \
             GroupVersionKind: \"/v1, Kind=Secret\"\nName: \"s\", Namespace: \"{namespace}\"\nfor: \"STDIN\": error when patching \
             \"STDIN\": Operation cannot be fulfilled on secrets \"s\": the object has been modified; please apply your changes to \
             the latest version and try again\n"
        )
    );
    assert!(begun.elapsed().as_secs() < 3, "a conflict that stays is not tried again");
    let uid = manifest("data: {a: Mg==}\n").replace("name: s", "name: s\n  uid: 00000000-0000-0000-0000-000000000000");
    let refused = sandbox.run_with(&["apply", "-f", "-"], uid.as_bytes());
    assert_eq!((refused.exit, refused.stdout.as_str()), (1, ""), "{}", refused.stderr);
    assert_eq!(sandbox.ok(&["decode", "s", "a"]), "hidden-value");
}

#[test]
fn without_overwrite_what_was_changed_since_is_not_overwritten() {
    let sandbox = Sandbox::with_server();
    apply(&sandbox, "stringData: {a: first-value}\n", &[]);
    let strict = |body: &str| apply(&sandbox, body, &["--overwrite=false"]);
    assert_eq!(strict("stringData: {a: first-value}\n").stdout, "secret/s unchanged\n");
    sandbox.ok(&["patch", "s", "-p", r#"{"stringData":{"a":"their-value"}}"#]);
    let refused = strict("stringData: {a: first-value}\n");
    assert_eq!(refused.exit, 1);
    assert!(
        refused.stderr.ends_with("patch conflicts with changes made from original to current: data.a\n"),
        "{}",
        refused.stderr
    );
    assert_eq!(sandbox.ok(&["decode", "s", "a"]), "their-value");
}

#[test]
fn last_applied_is_viewed_and_set() {
    let sandbox = Sandbox::with_server();
    applied_by_kubectl(&sandbox, "stringData: {a: '1', b: hidden-value}\n");
    let shown = sandbox.ok(&["apply", "view-last-applied", "secret", "s"]);
    assert!(shown.contains("stringData:\n  a: \"\"\n  b: \"\"\n"), "{shown}");
    sandbox.write("s.yaml", manifest("stringData: {a: hidden-value}\n"));
    let set = |flags: &[&str]| sandbox.run(&[&["apply", "set-last-applied", "-f", "s.yaml"], flags].concat());
    assert_eq!(set(&["--dry-run=server"]).stdout, "secret/s configured (server dry run)\n");
    assert_eq!(set(&[]).stdout, "secret/s configured\n");
    assert_eq!(set(&[]).stdout, "set-last-applied s: no changes required.\n");
    let namespace = &sandbox.namespace;
    assert_eq!(
        sandbox.ok(&["apply", "view-last-applied", "-f", "s.yaml", "-o", "json"]),
        format!(
            "{{\n  \"apiVersion\": \"v1\",\n  \"data\": {{\n    \"a\": \"\"\n  }},\n  \"kind\": \"Secret\",\n  \"metadata\": {{\n    \
             \"name\": \"s\",\n    \"namespace\": \"{namespace}\"\n  }}\n}}\n"
        )
    );
    // Nothing else is changed; the next apply takes away what was set here and is not said.
    assert_eq!(sandbox.ok(&["decode", "s", "b"]), "hidden-value");

    sandbox.ok(&["create", "generic", "plain"]);
    let none = sandbox.run(&["apply", "view-last-applied", "secret", "plain"]);
    assert_eq!((none.exit, none.stdout.as_str(), none.stderr.as_str()), (0, "", ""));
    sandbox.write("s.yaml", manifest("").replace("name: s", "name: plain"));
    let line = "error: no last-applied-configuration annotation found on resource: plain, to create the annotation, run the \
                command with --create-annotation\n";
    assert_eq!(set(&[]).stderr, line);
    assert_eq!(set(&["--create-annotation"]).stdout, "secret/plain configured\n");
    let bad = sandbox.run(&["apply", "view-last-applied", "secret", "plain", "-o", "name"]);
    assert_eq!(
        bad.stderr.lines().next(),
        Some("error: Unexpected -o output mode: name, the flag 'output' must be one of yaml|json")
    );
}

#[test]
fn nulls_are_never_stored_empty_in_silence() {
    let body = "data: {a: null}\nstringData: {b: null, c: '1'}\n";
    let labelled = body.replace("data: {a", "  labels: {l: null}\n  annotations: {note: null}\ndata: {a");
    let warned = |outcome: &Outcome| -> Vec<String> {
        let lines = outcome.stderr.lines().filter(|line| line.starts_with("warning: "));
        let field = |line: &str| {
            line.split_once(": ").and_then(|(_, rest)| rest.split_once(": ")).map(|(_, rest)| rest.to_owned())
        };
        lines.filter_map(field).filter_map(|rest| rest.split(' ').next().map(str::to_owned)).collect()
    };
    let all = ["data.a", "stringData.b", "metadata.labels.l", "metadata.annotations.note"];
    let sandbox = Sandbox::with_server();
    sandbox.write("s.yaml", manifest(&labelled));
    let created = sandbox.run(&["create", "-f", "s.yaml"]);
    assert_eq!((created.exit, warned(&created)), (0, all.map(str::to_owned).to_vec()), "{}", created.stderr);
    assert_eq!(data(&sandbox), r#"{"a":"","b":"","c":"MQ=="}"#, "as kubectl, but said");
    assert_eq!(warned(&sandbox.run(&["replace", "-f", "s.yaml"])), all);

    let sandbox = Sandbox::with_server();
    let applied = apply(&sandbox, &labelled, &[]);
    assert_eq!(warned(&applied), ["metadata.annotations.note"], "{}", applied.stderr);
    assert_eq!(data(&sandbox), r#"{"c":"MQ=="}"#);
    assert_eq!(sandbox.ok(&["get", "s", "-o", "jsonpath={.metadata.labels}"]), "");
    sandbox.ok(&["patch", "s", "-p", r#"{"stringData":{"a":"set","b":"set"},"metadata":{"labels":{"l":"set"}}}"#]);
    assert_eq!(apply(&sandbox, &labelled, &[]).stdout, "secret/s configured\n");
    assert_eq!(
        data(&sandbox),
        r#"{"b":"c2V0","c":"MQ=="}"#,
        "a null in data takes away, one in stringData says nothing"
    );
    assert_eq!(sandbox.ok(&["get", "s", "-o", "jsonpath={.metadata.labels}"]), "");
    sandbox.ok(&["patch", "s", "-p", r#"{"data":{"c":null},"stringData":{"b":null}}"#]);
    assert_eq!(data(&sandbox), r#"{"b":"c2V0"}"#);
}

#[test]
fn a_refused_apply_repeats_no_value_and_takes_nothing_away() {
    let sandbox = Sandbox::with_server();
    applied_by_kubectl(&sandbox, "stringData: {a: first-value, b: other-value}\n");
    let bodies = [
        "stringData: {a: [hidden-value]}\n",
        "stringData: hidden-value\n",
        "data: {a: hidden-value}\n",
        "data: {a: [hidden-value]}\n",
        "stringData: {a: hidden-value}\ntype: hidden/changed\n",
        "stringData: {'bad key': hidden-value}\n",
        "stringData: {a: hidden-value}\nunknown: field\n",
    ];
    for body in bodies {
        for flags in [&[][..], &["--server-side"], &["--dry-run=server"]] {
            let refused = apply(&sandbox, body, flags);
            assert_eq!((refused.exit, refused.stdout.as_str()), (1, ""), "{body:?} {flags:?}");
            for value in ["hidden-value", "first-value", "other-value", "aGlkZGVuLXZhbHVl"] {
                assert!(!refused.stderr.contains(value), "{body:?} {flags:?}: {}", refused.stderr);
            }
        }
    }
    assert_eq!(sandbox.ok(&["decode", "s", "b"]), "other-value");
}

#[test]
fn one_bad_object_does_not_stop_the_others() {
    let sandbox = Sandbox::with_server();
    let documents =
        [manifest("stringData: {a: 1}\n"), manifest("stringData: {a: '1'}\n").replace("name: s", "name: good")];
    sandbox.write("two.yaml", documents.join("---\n"));
    let outcome = sandbox.run(&["apply", "-f", "two.yaml"]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, "secret/good created\n"));
    assert!(outcome.stderr.contains("cannot unmarshal number into Go struct field"), "{}", outcome.stderr);
    sandbox.ok(&["delete", "secret", "good"]);
    let printed = sandbox.run(&["apply", "-f", "two.yaml", "-o", "yaml"]);
    assert_eq!((printed.exit, printed.stdout.as_str()), (1, ""), "objects are printed if every one was applied");
    sandbox.ok(&["delete", "secret", "good"]);
    let outcome = sandbox.run(&["apply", "--server-side", "-f", "two.yaml"]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, "secret/good serverside-applied\n"));
    assert!(outcome.stderr.contains("hint: two.yaml, document 1, line 5"), "{}", outcome.stderr);
}

#[test]
fn what_is_not_here_is_named() {
    let sandbox = Sandbox::bare();
    sandbox.write("s.yaml", manifest(""));
    for (flags, line) in [
        (&["--force", "--server-side"][..], "error: --force cannot be used with --server-side"),
        (&["--force", "--dry-run=server"], "error: --dry-run=server cannot be used with --force"),
        (
            &["--cascade=foo"],
            "error: invalid cascade value (foo). Must be \"background\", \"foreground\", or \"orphan\"",
        ),
        (&["--force-conflicts"], "error: --force-conflicts only works with --server-side"),
        (
            &["--server-side", "--dry-run=client"],
            "error: --dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)",
        ),
    ] {
        let refused = sandbox.run(&[&["apply", "-f", "s.yaml"], flags].concat());
        assert_eq!((refused.exit, refused.stderr.lines().next()), (1, Some(line)));
    }
}

#[test]
fn a_diff_shows_what_changes_and_no_value() {
    for flags in [&[][..], &["--server-side"]] {
        let sandbox = Sandbox::with_server();
        let diff = |more: &[&str]| sandbox.run(&[&["diff", "-f", "s.yaml"], flags, more].concat());
        sandbox.write("s.yaml", manifest("stringData: {a: first-value, b: same-value}\n"));
        let new = diff(&[]);
        assert_eq!(new.exit, 1, "{}", new.stderr);
        assert!(new.stdout.contains("\n+  a: '***'\n") && !new.stdout.contains("Zmlyc3Q"), "{}", new.stdout);
        assert_eq!(sandbox.run(&["get", "s"]).exit, 1, "nothing is stored");

        sandbox.ok(&[&["apply", "-f", "s.yaml"], flags].concat());
        let same = diff(&[]);
        assert_eq!((same.exit, same.stdout.as_str(), same.stderr.as_str()), (0, "", ""));

        sandbox.write("s.yaml", manifest("stringData: {a: second-value, c: new-value}\n"));
        let changed = diff(&[]);
        assert_eq!(changed.exit, 1);
        for line in ["-  a: '*** (before)'", "-  b: '***'", "+  a: '*** (after)'", "+  c: '***'"] {
            assert!(changed.stdout.lines().any(|is| is == line), "{line} in {}", changed.stdout);
        }
        let shown = diff(&["--show-secrets"]);
        assert!(shown.stdout.contains("+  a: c2Vjb25kLXZhbHVl\n"), "{}", shown.stdout);
        for dir in ["run", "tmp"] {
            let left = std::fs::read_dir(sandbox.root().join(dir)).expect("a directory").count();
            assert_eq!(left, 0, "{dir}");
        }
    }
}

#[test]
fn a_diff_masks_kubectls_annotation() {
    let mut sandbox = Sandbox::with_server();
    sandbox.set_env("KUBECTL_EXTERNAL_DIFF", "diff -U20 -N");
    applied_by_kubectl(&sandbox, "data: {a: aW4tdGhlLWFubm90YXRpb24=}\n");
    sandbox.write("s.yaml", manifest("stringData: {a: new-value}\n"));
    for flags in [&[][..], &["--server-side"]] {
        let shown = sandbox.run(&[&["diff", "-f", "s.yaml"], flags].concat());
        assert_eq!(shown.exit, 1, "{}", shown.stderr);
        assert!(shown.stdout.contains("last-applied-configuration: '***"), "{}", shown.stdout);
        assert!(!shown.stdout.contains("aW4tdGhl"), "{}", shown.stdout);
    }
    assert!(sandbox.ok(&["get", "s", "-o", "yaml"]).contains(NOTE), "a diff changes nothing");
}

#[test]
fn trouble_of_a_diff_is_told_from_a_difference() {
    let mut sandbox = Sandbox::with_server();
    sandbox.write("s.yaml", manifest("stringData: {a: some-value}\n"));
    let absent = sandbox.run(&["diff", "-f", "absent.yaml"]);
    assert_eq!((absent.exit, absent.stderr.as_str()), (2, "error: the path \"absent.yaml\" does not exist\n"));
    assert_eq!(sandbox.run(&["diff"]).exit, 2);

    let script = sandbox.script("differ", "#!/bin/sh\nstat -c %a \"$1\" \"$2\" \"$2\"/*\necho $#\nexit 7\n");
    sandbox.set_env("KUBECTL_EXTERNAL_DIFF", format!("{script} -x; $(oops)"));
    let external = sandbox.run(&["diff", "-f", "s.yaml"]);
    assert_eq!((external.exit, external.stdout.as_str()), (7, "700\n700\n600\n2\n"), "{}", external.stderr);
    sandbox.set_env("KUBECTL_EXTERNAL_DIFF", "no-such-program");
    let missing = sandbox.run(&["diff", "-f", "s.yaml"]);
    assert_eq!(missing.exit, 2);
    assert!(missing.stderr.starts_with("error: failed to run \"no-such-program\""), "{}", missing.stderr);
}

#[test]
fn a_diff_that_is_told_to_end_leaves_no_file() {
    let mut sandbox = Sandbox::with_server();
    sandbox.write("s.yaml", manifest("stringData: {a: some-value}\n"));
    let script = sandbox.script("differ", "#!/bin/sh\nkill -TERM $PPID\nexec sleep 600\n");
    sandbox.set_env("KUBECTL_EXTERNAL_DIFF", script);
    let ended = sandbox.run(&["diff", "-f", "s.yaml", "--show-secrets"]);
    assert_eq!(ended.exit, 143, "{}", ended.stderr);
    for dir in ["run", "tmp"] {
        let left = std::fs::read_dir(sandbox.root().join(dir)).expect("a directory").count();
        assert_eq!(left, 0, "{dir}");
    }
}
