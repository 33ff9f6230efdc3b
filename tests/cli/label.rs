//! `label` and `annotate`, line by line as kubectl 1.37.1 answers.

use super::support::{self, Sandbox};

fn manifest(name: &str, labels: &str) -> String {
    format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: {name}\n  labels: {labels}\n")
}

/// Runs the lines one after the other: exit status, standard output, the first line of standard error.
fn play(sandbox: &Sandbox, lines: &[(&str, i32, &str, &str)]) {
    for (line, exit, stdout, stderr) in lines {
        let outcome = sandbox.run(&line.split(' ').collect::<Vec<_>>());
        let said = outcome.stderr.lines().next().unwrap_or_default();
        assert_eq!((outcome.exit, outcome.stdout.as_str(), said), (*exit, *stdout, *stderr), "{line}");
    }
}

#[test]
fn what_is_there_already_and_what_is_listed() {
    let sandbox = Sandbox::with_server();
    sandbox.write("f.yaml", manifest("f", "{app: web}"));
    play(
        &sandbox,
        &[
            ("create generic a", 0, "secret/a created\n", ""),
            ("create generic b", 0, "secret/b created\n", ""),
            ("annotate secret a team=x", 0, "secret/a annotated\n", ""),
            ("annotate secret a team=x", 0, "secret/a annotated\n", ""),
            ("annotate secret a team=x note=new", 0, "secret/a annotated\n", ""),
            (
                "annotate secret a team=y note=new",
                1,
                "",
                "error: --overwrite is false but found the following declared annotation(s): 'team' already has a value (x)",
            ),
            ("annotate secret a kubernetes.io/change-cause=one", 0, "secret/a annotated\n", ""),
            ("annotate secret a kubernetes.io/change-cause=two", 0, "secret/a annotated\n", ""),
            ("annotate secret a kubernetes.io/change-cause-", 0, "secret/a annotated\n", ""),
            ("label secret a team=x", 0, "secret/a labeled\n", ""),
            ("label secret a team=x", 0, "secret/a not labeled\n", ""),
            ("label secret a team- app=web", 0, "secret/a modified\n", ""),
            ("label secret a absent-", 0, "label \"absent\" not found.\nsecret/a not labeled\n", ""),
            ("label secret a absent- --dry-run=client", 0, "secret/a not labeled (dry run)\n", ""),
            // Nothing that is listed is changed, whatever stands beside it.
            ("label secret a --list", 0, "app=web\n", ""),
            ("label secret a z=1 app- --list", 0, "z=1\n", ""),
            (
                "label secret a app=other --list",
                1,
                "",
                "error: 'app' already has a value (web), and --overwrite is false",
            ),
            ("annotate secret a n=1 --list", 0, "n=1\nnote=new\nteam=x\n", ""),
            (
                "label secret a b --list",
                0,
                "Listing labels for Secret./a:\n app=web\nListing labels for Secret./b:\n",
                "",
            ),
            ("label secrets -l app=web --list", 0, "Listing labels for Secret./a:\n app=web\n", ""),
            ("label secret a --list -o name", 1, "", "error: --list and --output may not be specified together"),
            ("label secret a --list", 0, "app=web\n", ""),
            (
                "label secret a b z=1 --resource-version=1",
                1,
                "",
                "error: --resource-version may only be used with a single resource",
            ),
        ],
    );
}

#[test]
fn files_alone() {
    let sandbox = Sandbox::bare();
    sandbox.write("a.yaml", manifest("a", "{app: web}"));
    sandbox.write("two.yaml", format!("{}---\n{}", manifest("a", "{app: web}"), manifest("b", "{}")));
    std::fs::create_dir_all(sandbox.cwd().join("d/sub")).expect("directories");
    sandbox.write("d/sub/a.yaml", manifest("a", "{app: web}"));
    play(
        &sandbox,
        &[
            // kubectl's default: annotate goes into directories, label does not.
            ("annotate -f d --local n=1 -o name", 0, "secret/a\n", ""),
            (
                "annotate -f d -R=false --local n=1",
                1,
                "",
                "error: error reading [d]: recognized file extensions are [.json .yaml .yml]",
            ),
            (
                "label -f d --local n=1",
                1,
                "",
                "error: error reading [d]: recognized file extensions are [.json .yaml .yml]",
            ),
            ("label -f a.yaml --local n=1 --list", 0, "app=web\nn=1\n", ""),
            ("label -f two.yaml --local n=1 --list", 0, "app=web\nn=1\nn=1\n", ""),
            (
                "label -f a.yaml -f a.yaml --local --list",
                0,
                "Listing labels for Secret./a:\n app=web\nListing labels for Secret./a:\n app=web\n",
                "",
            ),
            ("label -f a.yaml --local absent-", 0, "secret/a not labeled\n", ""),
            ("label -f a.yaml --local app- n=1", 0, "secret/a modified\n", ""),
            ("label -f a.yaml --local a=b=c", 1, "", "error: invalid label spec: a=b=c"),
            ("annotate -f a.yaml --local a=b=c", 0, "secret/a annotated\n", ""),
            (
                "label -f a.yaml --local a=b a-",
                1,
                "",
                "error: can not both modify and remove a label in the same command",
            ),
            (
                "annotate -f a.yaml --local a=b a- c- c=1",
                1,
                "",
                "error: can not both modify and remove the following annotation(s) in the same command: a, c",
            ),
            (
                "label --local a=b -f a.yaml --dry-run=server",
                1,
                "",
                "error: cannot specify --local and --dry-run=server - did you mean --dry-run=client?",
            ),
            (
                "label --local secret x a=b -f a.yaml",
                1,
                "",
                "error: can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set",
            ),
            (
                "label a=b",
                1,
                "",
                "error: one or more resources must be specified as <resource> <name> or <resource>/<name>",
            ),
            ("label secret x", 1, "", "error: at least one label update is required"),
            ("label secrets --all -l x=y a=b", 1, "", "error: cannot set --all and --selector at the same time"),
        ],
    );
    assert_eq!(support::run(sandbox.command(&["label", "-f", "a.yaml", "--local", "a=b c"]), b"").exit, 1);
}

/// Several objects in one call, as kubectl words and prints them: what it does for one alone differs.
#[test]
fn several_objects_are_worded_and_printed_as_kubectl_does() {
    let sandbox = Sandbox::with_server();
    for name in ["a", "b"] {
        sandbox.ok(&["create", "secret", "generic", name]);
    }
    let key = "metadata.labels: Invalid value: \"x/y/z\": a valid label key must consist of";
    let alone = sandbox.run(&["label", "secret", "a", "x/y/z=1"]);
    assert!(alone.stderr.starts_with(&format!("The Secret \"a\" is invalid: {key}")), "{}", alone.stderr);
    let both = sandbox.run(&["label", "secret", "a", "b", "x/y/z=1"]);
    for (name, line) in ["a", "b"].iter().zip(both.stderr.lines()) {
        let wanted = format!("Error from server (Invalid): Secret {name:?} is invalid: {key}");
        assert!(line.starts_with(&wanted), "{line}");
    }
    for line in [
        &["label", "secret", "a", "b", "q=1"][..],
        &["annotate", "secret", "a", "b", "q=1"],
        &["patch", "secret", "a", "b", "-p", "{}"],
    ] {
        let printed = sandbox.ok(&[line, &["-o", "yaml"]].concat());
        assert_eq!((printed.matches("kind: Secret\n").count(), printed.matches("---").count()), (2, 0), "{line:?}");
    }
}

#[test]
fn a_label_that_is_there_asks_for_no_version() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "secret", "generic", "a"]);
    sandbox.ok(&["label", "secret", "a", "q=1"]);
    for (label, said) in
        [("q=1", "secret/a not labeled\n"), ("nope-", "label \"nope\" not found.\nsecret/a not labeled\n")]
    {
        assert_eq!(sandbox.ok(&["label", "secret", "a", label, "--resource-version=1"]), said);
    }
    assert_eq!(sandbox.run(&["label", "secret", "a", "r=1", "--resource-version=1"]).exit, 1);
}
