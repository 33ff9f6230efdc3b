//! Flags that kubectl keeps for old scripts, and questions that a script answers, as kubectl 1.37.1 does.

use super::support::{self, Sandbox};

const MANIFEST: &str =
    r#"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"r","labels":{"a":"b"}},"data":{"k":"dg=="}}"#;

#[test]
fn record_says_that_it_is_deprecated_and_keeps_no_command_line() {
    let sandbox = Sandbox::with_server();
    sandbox.write("r.json", MANIFEST);
    let old = "Flag --record has been deprecated, --record will be removed in the future";
    for (line, stdout) in [
        ("create -f r.json --record", "secret/r created\n"),
        ("apply -f r.json --record=true", "secret/r configured\n"),
        ("replace -f r.json --record --record=false", "secret/r replaced\n"),
        ("label secret r c=d --record", "secret/r labeled\n"),
        ("annotate secret r c=d --record", "secret/r annotated\n"),
        ("patch secret r --record -p {\"stringData\":{\"p\":\"hunter2marker\"}}", "secret/r patched\n"),
    ] {
        let outcome = sandbox.run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, stdout), "{line}: {}", outcome.stderr);
        let times = line.matches("--record").count();
        assert_eq!(outcome.stderr.lines().filter(|said| *said == old).count(), times, "{line}: {}", outcome.stderr);
    }
    let annotations = sandbox.ok(&["get", "secret", "r", "-o", "jsonpath={.metadata.annotations}"]);
    assert!(!annotations.contains("change-cause") && !annotations.contains("hunter2"), "{annotations}");
    // Said before the mistake behind it.
    let outcome = sandbox.run(&["patch", "secret", "r", "--record=0", "--frobnicate"]);
    assert_eq!(outcome.stderr.lines().next(), Some(old));
    assert_eq!(outcome.stderr.lines().nth(1), Some("error: unknown flag: --frobnicate"));
    // A Secret from flags has none.
    let outcome = sandbox.run(&["create", "secret", "generic", "x", "--record"]);
    assert_eq!(outcome.stderr.lines().next(), Some("error: unknown flag: --record"));
}

#[test]
fn create_takes_edit_where_it_is_off() {
    let sandbox = Sandbox::bare();
    sandbox.write("r.json", MANIFEST);
    let line = "create -f r.json --edit=false --windows-line-endings=false --dry-run=client -o name";
    assert_eq!(sandbox.ok(&line.split(' ').collect::<Vec<_>>()), "secret/r\n");
    let outcome = sandbox.run(&["create", "-f", "r.json", "--edit"]);
    assert_eq!(outcome.stderr.lines().next(), Some("error: no terminal for the editor \"vi\""));
}

#[test]
fn raw_sends_the_file_to_the_path() {
    let sandbox = Sandbox::with_server();
    sandbox.write("r.json", MANIFEST);
    let secrets = format!("/api/v1/namespaces/{}/secrets", sandbox.namespace);
    let secret = format!("{secrets}/r");
    let answer = sandbox.ok(&["create", "--raw", &secrets, "-f", "r.json"]);
    assert!(answer.starts_with(r#"{"kind":"Secret","apiVersion":"v1","metadata":{"name":"r""#), "{answer}");
    let changed = MANIFEST.replace("dg==", "dw==");
    let outcome = sandbox.run_with(&["replace", "--raw", &secret, "-f", "-"], changed.as_bytes());
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    assert_eq!(sandbox.ok(&["decode", "r", "k"]), "w");
    sandbox.write("dry.json", r#"{"kind":"DeleteOptions","apiVersion":"v1","dryRun":["All"]}"#);
    sandbox.ok(&["delete", "--raw", &secret, "-f", "dry.json"]);
    assert_eq!(sandbox.ok(&["get", "secrets", "-o", "name"]), "secret/r\n");
    sandbox.ok(&["delete", "--raw", &secret]);
    assert_eq!(sandbox.ok(&["get", "secrets", "-o", "name"]), "");
    for (line, error) in [
        ("create --raw /api -f a -f b", "error: --raw can only use a single local file or stdin"),
        ("replace --raw /api -f a -f b", "error: --raw can only use a single local file or stdin"),
        ("create --raw /api", "error: must specify one of -f and -k"),
        ("create --raw /api -f http://h/a", "error: --raw cannot read from a url"),
        ("create --raw /api -f a -R", "error: --raw and --recursive are mutually exclusive"),
        ("create --raw /api -f a -o name", "error: --raw and --output are mutually exclusive"),
        ("create --raw /api -f a -l x=y", "error: --raw and --selector (-l) are mutually exclusive"),
        ("create --raw /api -f a --edit", "error: --raw and --edit are mutually exclusive"),
        ("create --raw api -f a", "error: --raw must be a valid URL path: parse \"api\": invalid URI for request"),
        ("delete --raw /api -i", "error: --interactive can not be used with --raw"),
        ("create --raw /api -f absent", "error: open absent: no such file or directory"),
    ] {
        let outcome = sandbox.run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!((outcome.exit, outcome.stderr.lines().next()), (1, Some(error)), "{line}");
    }
}

#[test]
fn delete_asks_on_standard_output_and_reads_one_line() {
    let sandbox = Sandbox::with_server();
    let asked = "You are about to delete the following 1 resource(s):\nsecret/a\nDo you want to continue? (y/N): ";
    for (answer, deleted) in [
        ("y\n", true),
        ("Y\n", true),
        (" y \n", true),
        ("y", true),
        ("y\r\n", true),
        ("yes\n", false),
        ("n\n", false),
        ("y y\n", false),
        ("\ny\n", false),
        ("\n", false),
        ("", false),
    ] {
        sandbox.ok(&["create", "generic", "a"]);
        let outcome = sandbox.run_with(&["delete", "secret", "a", "-i"], answer.as_bytes());
        let end = match deleted {
            true => format!("secret \"a\" deleted from {} namespace\n", sandbox.namespace),
            false => "deletion is cancelled\n".to_owned(),
        };
        assert_eq!((outcome.exit, outcome.stdout), (0, format!("{asked}{end}")), "{answer:?}: {}", outcome.stderr);
        assert_eq!(outcome.stderr, "", "{answer:?}");
        let left = sandbox.ok(&["get", "secrets", "-o", "name"]);
        assert_eq!(left, if deleted { "" } else { "secret/a\n" }, "{answer:?}");
        sandbox.ok(&["delete", "secret", "a", "--ignore-not-found"]);
    }
    // One answer each: what is behind the line is left for the next command.
    sandbox.ok(&["create", "generic", "a"]);
    sandbox.ok(&["create", "generic", "b"]);
    let script = "\"$0\" delete secret a -i; \"$0\" delete secret b -i; cat";
    let command = sandbox.command_of("sh", &["-c", script, support::KSECRET]);
    let outcome = support::run(command, b"y\nn\nrest\n");
    assert!(outcome.stdout.ends_with("deletion is cancelled\nrest\n"), "{}", outcome.stdout);
    assert_eq!(sandbox.ok(&["get", "secrets", "-o", "name"]), "secret/b\n");
    sandbox.ok(&["delete", "secret", "b"]);
    let outcome = sandbox.run_with(&["delete", "secrets", "--all", "-i"], b"y\n");
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "No resources found\n"));
}
