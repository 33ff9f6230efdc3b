//! Which objects are meant: selectors, `--all`, files and names, alone and together, as kubectl takes them.

use super::support::Sandbox;

const TWO: &str = "apiVersion: v1\nkind: Secret\nmetadata: {name: a, labels: {app: web}}\nstringData: {x: kept}\n---\n\
    apiVersion: v1\nkind: Secret\nmetadata: {name: b}\nstringData: {x: kept}\n";

/// The Secrets a, with the label app=web, and b, and the file two.yaml that names both.
fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::with_server();
    sandbox.write("two.yaml", TWO);
    sandbox.write("empty.yaml", "");
    sandbox.ok(&["create", "-f", "two.yaml"]);
    let editor = sandbox.script("editor", "#!/bin/sh\nsed -i 's/x: .*/x: Y2hhbmdlZA==/' \"$1\"\n");
    sandbox.set_env("KUBE_EDITOR", editor);
    sandbox
}

fn state(sandbox: &Sandbox) -> String {
    sandbox.ok(&["get", "secrets", "-o", "yaml", "--show-managed-fields"])
}

/// Runs each line, which must fail with its error, print nothing and change nothing.
fn all_refused(sandbox: &Sandbox, lines: &[(Vec<&str>, &str)]) {
    let before = state(sandbox);
    for (line, error) in lines {
        let outcome = sandbox.run(line);
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{line:?}: {}", outcome.stderr);
        assert_eq!(outcome.stderr.lines().next(), Some(format!("error: {error}").as_str()), "{line:?}");
    }
    assert_eq!(state(sandbox), before);
}

#[test]
fn a_blank_selector_selects_nothing_for_what_writes() {
    let sandbox = sandbox();
    let nothing = "resource(s) were provided, but no name was specified";
    let mut lines = Vec::new();
    for blank in ["", " ", "\t", " \n "] {
        for flag in ["-l", "--selector", "--field-selector"] {
            lines.push((vec!["delete", "secrets", flag, blank], nothing));
            lines.push((vec!["delete", "secret", flag, blank, "--ignore-not-found"], nothing));
            lines.push((vec!["label", "secrets", "z=1", flag, blank], nothing));
            lines.push((vec!["annotate", "secrets", "z=1", flag, blank], nothing));
        }
    }
    lines.push((vec!["patch", "secrets", "-p", "{}"], nothing));
    all_refused(&sandbox, &lines);
    // Reading is harmless, and kubectl reads all of them.
    for blank in ["", " ", "\t"] {
        assert_eq!(sandbox.ok(&["get", "secrets", "-l", blank, "-o", "name"]), "secret/a\nsecret/b\n");
        assert_eq!(sandbox.ok(&["get", "secrets", "--field-selector", blank, "-o", "name"]), "secret/a\nsecret/b\n");
    }
    assert_eq!(sandbox.ok(&["get", "secrets", "-l", " app = web ", "-o", "name"]), "secret/a\n");
    for everything in ["=", "==", "!=", ",=,"] {
        let line = ["get", "secrets", "--field-selector", everything, "-o", "name"];
        assert_eq!(sandbox.ok(&line), "secret/a\nsecret/b\n", "{everything}");
    }
    assert!(sandbox.run(&["get", "secrets", "--field-selector", "=x"]).stderr.contains("field label not supported: "));
}

#[test]
fn a_namespace_beside_all_namespaces_changes_nothing() {
    let sandbox = sandbox();
    let before = state(&sandbox);
    let here = sandbox.namespace.clone();
    for namespace in ["absent", "default", here.as_str()] {
        for line in [&["delete", "secrets"][..], &["label", "secrets", "z=1"], &["annotate", "secrets", "z=1"]] {
            let outcome = sandbox.run(&[line, &["-l", "app=web", "-A", "-n", namespace]].concat());
            let error = format!(
                "error: the namespace from the provided object {here:?} does not match the namespace \"\". You must pass \
                 '--namespace={here}' to perform this operation.\n"
            );
            assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{line:?} -n {namespace}");
            assert_eq!(outcome.stderr, error, "{line:?} -n {namespace}");
        }
    }
    assert_eq!(state(&sandbox), before);
    // Reading takes -A for what it is.
    assert!(sandbox.ok(&["get", "secrets", "-A", "-n", "absent", "-o", "name"]).contains("secret/a\n"));
}

#[test]
fn names_beside_selectors_and_files_are_refused_by_every_verb() {
    let sandbox = sandbox();
    let by_name = "name cannot be provided when a selector is specified";
    let slashed = "selectors and the all flag cannot be used when passing resource/name arguments";
    let beside_files =
        "when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well";
    let slashed_files = "resource/name arguments cannot be provided when a path is specified";
    let everywhere = "a resource cannot be retrieved by name across all namespaces";
    let no_kind = "at least one resource must be specified to use a selector";
    let both = "setting 'all' parameter but found a non empty selector. ";
    let verbs: [(&str, &[&str]); 6] = [
        ("get", &[]),
        ("get", &["-o", "name"]),
        ("describe", &[]),
        ("delete", &["--wait=false"]),
        ("label", &["z=1"]),
        ("annotate", &["z=1"]),
    ];
    let mut lines = Vec::new();
    for (verb, more) in verbs {
        for selector in [&["-l", "app=web"][..], &["--field-selector", "metadata.name=zzz"]] {
            lines.push(([&[verb, "secret", "a"], selector, more].concat(), by_name));
            lines.push(([&[verb, "secret", "a", "b"], selector, more].concat(), by_name));
            lines.push(([&[verb, "a"], selector, more].concat(), by_name));
            lines.push(([&[verb, "secret/a", "secret/b"], selector, more].concat(), slashed));
        }
        lines.push(([&[verb, "secret", "a", "-A"], more].concat(), everywhere));
        lines.push(([&[verb, "secret/a", "-A"], more].concat(), everywhere));
        lines.push(([&[verb, "a", "-A"], more].concat(), everywhere));
    }
    let from_files = verbs.into_iter().chain([("edit", &[][..]), ("patch", &["-p", "{\"stringData\":{\"x\":\"z\"}}"])]);
    for (verb, more) in from_files {
        for words in [&["secret"][..], &["secret", "a"], &["a"], &["secrets", "a", "b"]] {
            lines.push(([&[verb], words, &["-f", "two.yaml"], more].concat(), beside_files));
        }
        lines.push(([&[verb, "secret/a", "-f", "two.yaml"], more].concat(), slashed_files));
    }
    for (words, error) in [
        (&["secret", "a", "--all"][..], by_name),
        (&["a", "--all"], by_name),
        (&["secret/a", "--all"], slashed),
        (&["--all"], no_kind),
        (&["-l", "app=web"], no_kind),
        (&["secrets", "--all", "-l", "app=web"], both),
        (&["secrets", "--all", "--field-selector", "metadata.name=a"], both),
        (&["secrets", "--all", "-l", " "], "cannot set --all and --selector at the same time"),
        (&["secrets"], "resource(s) were provided, but no name was specified"),
        (&["secret,ns"], "resource(s) were provided, but no name was specified"),
    ] {
        lines.push(([&["delete"], words].concat(), error));
    }
    for verb in ["label", "annotate"] {
        let one = "one or more resources must be specified as <resource> <name> or <resource>/<name>";
        lines.push((vec![verb, "z=1"], one));
        lines.push((vec![verb, "--all", "z=1"], one));
        lines.push((vec![verb, "-l", "app=web", "z=1"], one));
        lines.push((
            vec![verb, "secrets", "z=1", "--all", "-l", "x"],
            "cannot set --all and --selector at the same time",
        ));
        lines.push((
            vec![verb, "secrets", "z=1", "--all", "--field-selector", "type=x"],
            "cannot set --all and --field-selector at the same time",
        ));
    }
    for words in [&["secret", "a"][..], &["a"], &["secret/a"]] {
        let error = if words[0].contains('/') { slashed } else { by_name };
        lines.push(([&["decode"], words, &["-l", "app=web"]].concat(), error));
        lines.push(([&["decode"], words, &["-A"]].concat(), everywhere));
    }
    all_refused(&sandbox, &lines);
    // As kubectl: here --all is not a selector, only the permission to leave the name out.
    assert_eq!(sandbox.ok(&["label", "secret", "a", "--all", "z=1"]), "secret/a labeled\n");
}

#[test]
fn a_selector_filters_what_files_name() {
    let sandbox = sandbox();
    let ok = |line: &[&str]| sandbox.ok(line);
    for (selector, names) in [
        (&["-l", "app=web"][..], &["a"][..]),
        (&["-l", "!app"], &["b"]),
        (&["-l", "app in (web,db)"], &["a"]),
        (&["-l", " "], &["a", "b"]),
        (&["-l", "app=nope"], &[]),
        (&["--field-selector", "metadata.name=b"], &["b"]),
    ] {
        let lines = |suffix: &str| names.iter().map(|name| format!("secret/{name}{suffix}\n")).collect::<String>();
        let with = |line: &[&str]| ok(&[line, &["-f", "two.yaml"], selector].concat());
        assert_eq!(with(&["get", "-o", "name"]), lines(""), "{selector:?}");
        assert_eq!(with(&["label", "q=1", "--dry-run=client"]), lines(" labeled (dry run)"), "{selector:?}");
        assert_eq!(with(&["annotate", "q=1", "--dry-run=client"]), lines(" annotated (dry run)"), "{selector:?}");
        assert_eq!(with(&["describe"]).matches("Name: ").count(), names.len(), "{selector:?}");
        assert_eq!(with(&["decode", "-o", "json"]).matches("\"x\"").count(), names.len(), "{selector:?}");
        let deleted = with(&["delete", "--dry-run=server"]);
        let wanted = names
            .iter()
            .map(|name| format!("secret {name:?} deleted from {} namespace (server dry run)\n", sandbox.namespace));
        let wanted: String = if names.is_empty() { "No resources found\n".to_owned() } else { wanted.collect() };
        assert_eq!(deleted, wanted, "{selector:?}");
    }
    // What makes objects has the files alone to look at; kubectl has no --field-selector there.
    for (selector, name) in [("app=web", "a"), ("!app", "b")] {
        let with = |line: &[&str]| ok(&[line, &["-f", "two.yaml", "-l", selector]].concat());
        assert_eq!(with(&["create", "--dry-run=client"]), format!("secret/{name} created (dry run)\n"));
        assert_eq!(with(&["apply", "--dry-run=server", "-o", "name"]), format!("secret/{name}\n"));
        assert_eq!(with(&["diff"]), "");
    }
    for verb in ["create", "apply"] {
        let outcome = sandbox.run(&[verb, "-f", "two.yaml", "-l", "app=nope"]);
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{verb}");
        assert_eq!(outcome.stderr, format!("error: no objects passed to {verb}\n"));
    }
    // `label` looks at the labels that the server has, `delete` at those of the file.
    ok(&["label", "secret", "a", "app-"]);
    ok(&["label", "secret", "b", "app=web"]);
    assert_eq!(ok(&["label", "-f", "two.yaml", "-l", "app=web", "q=1"]), "secret/b labeled\n");
    assert!(ok(&["delete", "-f", "two.yaml", "-l", "app=web"]).starts_with("secret \"a\" deleted"));
    assert_eq!(ok(&["get", "secrets", "-o", "name"]), "secret/b\n");
    for verb in [&["get"][..], &["delete"], &["label", "z=1"], &["describe"], &["create"], &["apply"]] {
        let outcome = sandbox.run(&[verb, &["-f", "two.yaml", "-l", "app in ("]].concat());
        let error = "error: the provided selector \"app in (\" is not valid: unable to parse requirement: found '', \
            expected: ',', ')' or identifier\n";
        assert_eq!((outcome.exit, outcome.stderr.as_str()), (1, error), "{verb:?}");
    }
}

#[test]
fn an_empty_value_is_no_value_of_a_closed_set() {
    let sandbox = sandbox();
    let dry_run = "Invalid dry-run value (). Must be \"none\", \"server\", or \"client\".";
    let validate = "invalid - validate option \"\"; must be one of: strict (or true), warn, ignore (or false)";
    let cascade = "invalid cascade value (). Must be \"background\", \"foreground\", or \"orphan\"";
    let mut lines: Vec<(Vec<&str>, &str)> = vec![
        (vec!["delete", "secret", "a", "--cascade="], cascade),
        (vec!["patch", "secret", "a", "-p", "{}", "--type="], "--type must be one of [json merge strategic], not \"\""),
    ];
    for line in [
        &["delete", "secret", "a"][..],
        &["delete", "-f", "two.yaml"],
        &["delete", "secrets", "--all"],
        &["label", "secret", "a", "z=1"],
        &["annotate", "secret", "a", "z=1"],
        &["patch", "secret", "a", "-p", "{\"stringData\":{\"x\":\"z\"}}"],
        &["replace", "-f", "two.yaml"],
        &["replace", "--force", "-f", "two.yaml"],
        &["apply", "-f", "two.yaml"],
        &["apply", "--server-side", "-f", "two.yaml"],
        &["edit", "secret", "a"],
        &["create", "-f", "two.yaml"],
        &["create", "secret", "generic", "n"],
        &["create", "namespace", "n"],
    ] {
        lines.push(([line, &["--dry-run="]].concat(), dry_run));
    }
    for line in [
        &["replace", "-f", "two.yaml"][..],
        &["apply", "-f", "two.yaml"],
        &["create", "-f", "two.yaml"],
        &["create", "secret", "generic", "n"],
        &["edit", "secret", "a"],
    ] {
        lines.push(([line, &["--validate="]].concat(), validate));
    }
    all_refused(&sandbox, &lines);
}

#[test]
fn a_dry_run_says_so_where_kubectl_does() {
    let sandbox = sandbox();
    for (how, says) in [("--dry-run=client", " (dry run)"), ("--dry-run=server", " (server dry run)")] {
        for (line, done) in [
            (&["create", "secret", "generic", "n"][..], "secret/n created"),
            (&["create", "namespace", "n"], "namespace/n created"),
            (&["label", "secret", "a", "z=1"], "secret/a labeled"),
            (&["label", "secret", "a", "app=web"], "secret/a not labeled"),
            (&["annotate", "secret", "a", "z=1"], "secret/a annotated"),
            (&["replace", "-f", "two.yaml"], "secret/a replaced"),
        ] {
            let text = sandbox.ok(&[line, &[how]].concat());
            assert_eq!(text.lines().next(), Some(format!("{done}{says}").as_str()), "{line:?} {how}");
        }
        let deleted = format!("secret \"a\" deleted from {} namespace{says}\n", sandbox.namespace);
        assert_eq!(sandbox.ok(&["delete", "secret", "a", how]), deleted);
        let patch = ["patch", "secret", "a", "-p", "{\"stringData\":{\"x\":\"z\"}}", how];
        assert_eq!(sandbox.ok(&patch), "secret/a patched\n", "kubectl's patch says nothing of a dry run");
        for verb in [&["patch", "secret", "a", "-p", "{}"][..], &["label", "secret", "a", "z=1"]] {
            assert_eq!(sandbox.ok(&[verb, &[how, "-o", "name"]].concat()), "secret/a\n");
        }
    }
}

#[test]
fn files_without_objects_are_what_they_are_to_kubectl() {
    let sandbox = sandbox();
    let namespace = &sandbox.namespace;
    let none = format!("No resources found in {namespace} namespace.\n");
    let nothing = "error: You must provide one or more resources by argument or filename.";
    let label = "error: one or more resources must be specified as <resource> <name> or <resource>/<name>";
    let required = "error: must specify one of -f and -k";
    let patch: &[&str] = &["patch", "-p", "{}"];
    // The verb, its outcome for a file without objects, and the first line for `-f ''`.
    let verbs: [(&[&str], i32, &str, &str, &str); 13] = [
        (&["get"], 0, "", &none, "error: Required resource not specified."),
        (&["get", "-o", "name"], 0, "", "", "error: Required resource not specified."),
        (&["describe"], 0, "", &none, "error: You must specify the type of resource to describe. "),
        (&["delete"], 0, "No resources found\n", "", nothing),
        (&["label", "z=1"], 0, "", "", label),
        (&["annotate", "z=1"], 0, "", "", label),
        (patch, 1, "", "error: no objects passed to patch\n", nothing),
        (&["edit"], 1, "", "error: edit cancelled, no objects found\n", nothing),
        (&["create"], 1, "", "error: no objects passed to create\n", required),
        (&["apply"], 1, "", "error: no objects passed to apply\n", required),
        (&["replace"], 0, "", "", required),
        (&["replace", "--force"], 1, "No resources found\n", "error: no objects passed to replace\n", required),
        (&["diff"], 0, "", "", required),
    ];
    for (verb, exit, stdout, stderr, unnamed) in verbs {
        let outcome = sandbox.run(&[verb, &["-f", "empty.yaml"]].concat());
        assert_eq!(
            (outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str()),
            (exit, stdout, stderr),
            "{verb:?}"
        );
        let outcome = sandbox.run(&[verb, &["-f", ""]].concat());
        let wanted = if verb[0] == "diff" { 2 } else { 1 };
        assert_eq!((outcome.exit, outcome.stderr.lines().next()), (wanted, Some(unnamed)), "{verb:?} -f ''");
    }
    assert_eq!(sandbox.ok(&["get", "secret", "a", "-f", "", "-o", "name"]), "secret/a\n", "an empty -f is none");
}

#[test]
fn ignore_not_found_is_kubectls() {
    let sandbox = sandbox();
    let absent = "Error from server (NotFound): secrets \"absent\" not found\n";
    for (line, exit, stdout, stderr) in [
        (&["get", "secret", "absent"][..], 1, "", absent),
        (&["get", "secret", "absent", "--ignore-not-found"], 0, "", ""),
        (&["get", "secret", "absent", "--ignore-not-found=false"], 1, "", absent),
        (&["get", "secret", "absent", "a", "--ignore-not-found", "-o", "name"], 0, "secret/a\n", ""),
        (&["delete", "secret", "absent"], 1, "", absent),
        (&["delete", "secret", "absent", "--ignore-not-found"], 0, "", ""),
        (&["delete", "secret", "absent", "--ignore-not-found=false"], 1, "", absent),
        (&["delete", "secrets", "-l", "app=nope"], 0, "No resources found\n", ""),
        (&["delete", "secrets", "-l", "app=nope", "--ignore-not-found=false"], 0, "No resources found\n", ""),
    ] {
        let outcome = sandbox.run(line);
        assert_eq!(
            (outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str()),
            (exit, stdout, stderr),
            "{line:?}"
        );
    }
}

#[test]
fn a_client_side_dry_run_of_patch_takes_the_objects_of_files_as_they_stand_there() {
    let sandbox = sandbox();
    let manifest = "apiVersion: v1\nkind: Secret\nmetadata: {name: gone, labels: {from: file}}\n";
    sandbox.write("gone.yaml", manifest);
    let line = ["patch", "-f", "gone.yaml", "-p", "{\"type\":\"example.com/t\"}", "--dry-run=client"];
    assert_eq!(sandbox.ok(&line), "secret/gone patched\n");
    let printed = sandbox.ok(&[&line[..], &["-o", "yaml"]].concat());
    assert!(
        printed.contains("from: file") && printed.contains(&format!("namespace: {}\n", sandbox.namespace)),
        "{printed}"
    );
    all_refused(
        &sandbox,
        &[
            (
                vec!["patch", "a", "-f", "gone.yaml", "-p", "{}", "--dry-run=client"],
                "when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well",
            ),
            (vec!["patch", "-f", "empty.yaml", "-p", "{}", "--dry-run=client"], "no objects passed to patch"),
        ],
    );
}

#[test]
fn columns_of_labels_are_for_tables() {
    let sandbox = sandbox();
    all_refused(
        &sandbox,
        &[
            (
                vec!["get", "secrets", "--show-labels", "-o", "yaml"],
                "--show-labels option cannot be used with yaml printer",
            ),
            (
                vec!["get", "secrets", "--show-labels", "-o", "name"],
                "--show-labels option cannot be used with name printer",
            ),
            (
                vec!["get", "secrets", "-L", "app", "-o", "custom-columns=N:.metadata.name"],
                "--label-columns option cannot be used with custom-columns=N:.metadata.name printer",
            ),
        ],
    );
    assert!(sandbox.ok(&["get", "secrets", "--show-labels", "-o", "wide"]).contains("app=web"));
}
