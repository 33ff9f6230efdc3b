//! `apply`, `diff` and `kustomize`: what is applied twice, what a later manifest leaves out, what others set, and that
//! no value is kept or repeated.

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

/// What kubectl leaves: the object, and the annotation with its values.
fn applied_by_kubectl(sandbox: &Sandbox, body: &str) {
    sandbox.write("k.yaml", manifest(body));
    sandbox.ok(&["create", "-f", "k.yaml", "--save-config", "--field-manager=kubectl-client-side-apply"]);
    assert!(sandbox.ok(&["get", "s", "-o", "yaml"]).contains(NOTE), "the test begins with the annotation");
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
fn a_key_that_others_own_too_goes_with_the_manifest_that_set_it() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "s", "--from-literal=a=1", "--from-literal=b=2", "--from-literal=c=3"]);
    assert_eq!(apply(&sandbox, "stringData: {a: '1', b: '2'}\n", &[]).stdout, "secret/s configured\n");
    let trial = apply(&sandbox, "stringData: {a: '1'}\n", &["--dry-run=server", "-o", "jsonpath={.data}"]);
    assert_eq!(trial.stdout, r#"{"a":"MQ==","c":"Mw=="}"#);
    assert_eq!(data(&sandbox), r#"{"a":"MQ==","b":"Mg==","c":"Mw=="}"#);
    assert_eq!(apply(&sandbox, "stringData: {a: '1'}\n", &[]).stdout, "secret/s configured\n");
    assert_eq!(data(&sandbox), r#"{"a":"MQ==","c":"Mw=="}"#);
    assert_eq!(apply(&sandbox, "stringData: {a: '1'}\n", &[]).stdout, "secret/s unchanged\n");
}

#[test]
fn a_creation_fails_in_kubectls_words() {
    let sandbox = Sandbox::with_server();
    let refused = apply(&sandbox, "data: {a: not-base-64}\n", &[]);
    assert_eq!(
        refused.stderr,
        "Error from server (BadRequest): error when creating \"s.yaml\": Secret in version \"v1\" cannot be handled as a \
         Secret: illegal base64 data at input byte 3\n"
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
fn a_conflict_names_the_field_and_the_ways_out() {
    let sandbox = Sandbox::with_server();
    apply(&sandbox, "stringData: {a: my-own-value}\n", &["--server-side"]);
    sandbox.ok(&["patch", "s", "-p", r#"{"stringData":{"a":"their-value"}}"#]);
    let refused = apply(&sandbox, "stringData: {a: my-own-value}\n", &["--server-side"]);
    assert_eq!((refused.exit, refused.stdout.as_str()), (1, ""));
    assert!(
        refused.stderr.starts_with(
            "error: Apply failed with 1 conflict: conflict with \"kubectl-patch\" using v1: .data.a\nhint: "
        ),
        "{}",
        refused.stderr
    );
    assert!(refused.stderr.contains("--force-conflicts") && !refused.stderr.contains("-value"), "{}", refused.stderr);
    let forced = apply(&sandbox, "stringData: {a: my-own-value}\n", &["--server-side", "--force-conflicts"]);
    assert_eq!(forced.stdout, "secret/s serverside-applied\n");
    assert_eq!(sandbox.ok(&["decode", "s", "a"]), "my-own-value");
}

#[test]
fn kubectls_annotation_goes_and_what_it_said_counts() {
    for (flags, word) in [(&[][..], "configured"), (&["--server-side"], "serverside-applied")] {
        let sandbox = Sandbox::with_server();
        applied_by_kubectl(&sandbox, "stringData: {a: '1', b: in-the-annotation}\n");
        let applied = apply(&sandbox, "stringData: {a: '1'}\n", flags);
        assert_eq!(applied.stdout, format!("secret/s {word}\n"), "{}", applied.stderr);
        assert_eq!(applied.stderr, format!("warning: secrets/s: its annotation {NOTE} was removed\n"));
        let now = sandbox.ok(&["get", "s", "-o", "yaml", "--show-managed-fields"]);
        assert!(!now.contains("last-applied"), "{flags:?}: {now}");
        assert_eq!(data(&sandbox), r#"{"a":"MQ=="}"#, "{flags:?}");
        let again = apply(&sandbox, "stringData: {a: '1'}\n", flags);
        assert_eq!((again.exit, again.stderr.as_str()), (0, ""));
    }
}

#[test]
fn no_annotation_is_written_and_one_in_the_manifest_is_left_out() {
    let sandbox = Sandbox::with_server();
    let body = format!("  annotations:\n    {NOTE}: '{{\"data\":{{\"a\":\"c2VjcmV0\"}}}}'\nstringData: {{a: '1'}}\n");
    let applied = apply(&sandbox, &body, &[]);
    assert_eq!(applied.stdout, "secret/s created\n");
    assert!(applied.stderr.starts_with("warning: secrets/s: the manifest's annotation"), "{}", applied.stderr);
    assert!(!sandbox.ok(&["get", "s", "-o", "json"]).contains("last-applied"));
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
    assert!(outcome.stderr.contains("hint: two.yaml, document 1, line 5"), "{}", outcome.stderr);
}

#[test]
fn what_is_not_here_is_named() {
    let sandbox = Sandbox::bare();
    sandbox.write("s.yaml", manifest(""));
    for (flags, line) in [
        (&["--prune", "-l", "a=b"][..], "error: --prune is not supported"),
        (&["--force"], "error: --force is not supported"),
        (&["-l", "a=b"], "error: --selector is not supported"),
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
    let sandbox = Sandbox::with_server();
    applied_by_kubectl(&sandbox, "data: {a: aW4tdGhlLWFubm90YXRpb24=}\n");
    sandbox.write("s.yaml", manifest("stringData: {a: new-value}\n"));
    for flags in [&[][..], &["--server-side"]] {
        let shown = sandbox.run(&[&["diff", "-f", "s.yaml"], flags].concat());
        assert_eq!(shown.exit, 1, "{}", shown.stderr);
        assert!(shown.stdout.contains("last-applied-configuration: '***'"), "{}", shown.stdout);
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
