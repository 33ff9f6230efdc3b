//! One clear line, exit 1, nothing half-written, no value repeated.

use super::support::{Outcome, Sandbox};

fn refused(outcome: &Outcome, first_line: &str) {
    assert_eq!(outcome.exit, 1, "{}", outcome.stderr);
    assert_eq!(outcome.stdout, "");
    assert_eq!(outcome.stderr.lines().next(), Some(first_line), "{}", outcome.stderr);
}

#[test]
fn no_kubeconfig_at_all_names_the_way_without_one() {
    let sandbox = Sandbox::bare();
    let outcome = sandbox.run(&["get", "secrets"]);
    refused(
        &outcome,
        "The connection to the server localhost:8080 was refused - did you specify the right host or port?",
    );
    assert!(outcome.stderr.contains("\nhint: ") && outcome.stderr.contains("--local"), "{}", outcome.stderr);
}

#[test]
fn flags_are_refused_in_pflags_words() {
    let sandbox = Sandbox::bare();
    let see = |path: &str| format!("See 'ksecret {path} --help' for usage.");
    for (args, line, path) in [
        (&["get", "--frobnicate"][..], "error: unknown flag: --frobnicate", "get"),
        (&["get", "-Z"], "error: unknown shorthand flag: 'Z' in -Z", "get"),
        (
            &["create", "generic", "s", "--from-literal"],
            "error: flag needs an argument: --from-literal",
            "create generic",
        ),
        (&["get", "-o"], "error: flag needs an argument: 'o' in -o", "get"),
        (
            &["get", "--no-headers=maybe"],
            "error: invalid argument \"maybe\" for \"--no-headers\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax",
            "get",
        ),
    ] {
        let outcome = sandbox.run(args);
        refused(&outcome, line);
        assert_eq!(outcome.stderr.lines().nth(1), Some(see(path).as_str()), "{args:?}");
    }
    refused(&sandbox.run(&["frobnicate"]), "error: unknown command \"frobnicate\" for \"ksecret\"");
}

#[test]
fn the_last_of_two_equal_flags_counts_and_switches_take_a_value() {
    let sandbox = Sandbox::bare();
    let made =
        sandbox.ok(&["create", "generic", "s", "--dry-run=none", "--dry-run=client", "-o", "yaml", "-o", "name"]);
    assert_eq!(made, "secret/s\n");
    let made = sandbox.ok(&["create", "generic", "s", "--append-hash=false", "--dry-run=client", "-oname"]);
    assert_eq!(made, "secret/s\n");
}

#[test]
fn files_that_are_not_what_was_meant() {
    let sandbox = Sandbox::bare();
    std::fs::create_dir(sandbox.cwd().join("dir")).expect("a directory");
    let create = |flag: &str| sandbox.run(&["create", "generic", "s", flag, "--dry-run=client", "-o", "yaml"]);
    refused(&create("--from-file=absent"), "error: error reading absent: no such file or directory");
    refused(&create("--from-file=k=dir"), "error: cannot give a key name for a directory path");
    refused(&create("--from-env-file=dir"), "error: env secret file cannot be a directory");
    refused(
        &create("--from-file=k=/dev/zero"),
        "error: error reading /dev/zero: more than 3 MiB in all, and no request may be larger",
    );
    refused(
        &sandbox.run(&["create", "tls", "s", "--cert=absent.crt", "--key=absent.key"]),
        "error: Cannot read file absent.crt, open absent.crt: no such file or directory",
    );
    refused(&sandbox.run(&["create", "tls", "s", "--cert=a"]), "error: key and cert must be specified");
}

#[test]
fn a_literal_without_a_key_is_not_repeated() {
    let sandbox = Sandbox::bare();
    for literal in ["hunter2marker", "=hunter2marker"] {
        let outcome = sandbox.run(&["create", "generic", "s", "--from-literal", literal, "--dry-run=client"]);
        assert_eq!(outcome.exit, 1);
        assert!(outcome.stderr.starts_with("error: invalid literal source"), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("hunter2marker"), "{}", outcome.stderr);
    }
}

#[test]
fn kubeconfigs_that_cannot_be_used() {
    let mut sandbox = Sandbox::bare();
    refused(&sandbox.run(&["get", "secrets", "--kubeconfig=absent"]), "error: stat absent: no such file or directory");
    sandbox.write("broken", "apiVersion: v1\nclusters: [\n  token: hunter2marker\n");
    let outcome = sandbox.run(&["get", "secrets", "--kubeconfig=broken"]);
    assert_eq!(outcome.exit, 1);
    assert!(outcome.stderr.contains("broken"), "the file is named: {}", outcome.stderr);
    assert!(!outcome.stderr.contains("hunter2marker"), "{}", outcome.stderr);
    sandbox.write("empty", "apiVersion: v1\nkind: Config\n");
    sandbox.set_env("KUBECONFIG", sandbox.cwd().join("empty").to_string_lossy());
    refused(
        &sandbox.run(&["get", "secrets", "--context=nowhere"]),
        "Error in configuration: context was not found for specified context: nowhere",
    );
}

#[test]
fn what_the_server_refuses_is_said_in_kubectls_words() {
    let sandbox = Sandbox::with_server();
    refused(&sandbox.run(&["get", "absent"]), "Error from server (NotFound): secrets \"absent\" not found");
    sandbox.ok(&["create", "generic", "s"]);
    refused(&sandbox.run(&["create", "generic", "s"]), "error: failed to create secret secrets \"s\" already exists");
    refused(
        &sandbox.run(&["get", "secrets", "--token=wrong"]),
        "error: You must be logged in to the server (the server has asked for the client to provide credentials)",
    );
    let namespace = &sandbox.namespace;
    refused(
        &sandbox.run(&["get", "secrets", "--as=nobody"]),
        &format!(
            "Error from server (Forbidden): secrets is forbidden: User \"nobody\" cannot list resource \"secrets\" in API \
             group \"\" in the namespace \"{namespace}\""
        ),
    );
    let bad = sandbox.run(&["create", "generic", "Bad_Name", "--from-literal=k=hunter2marker"]);
    assert_eq!(bad.exit, 1);
    assert!(bad.stderr.starts_with("error: failed to create secret Secret \"Bad_Name\" is invalid: metadata.name:"));
    assert!(!bad.stderr.contains("hunter2marker"));
}

#[test]
fn a_broken_template_is_pointed_at() {
    let sandbox = Sandbox::bare();
    for (format, place) in
        [("jsonpath={.a && .b}", "line 1, column "), ("go-template=a\n{{range .x}}", "line 2, column ")]
    {
        let outcome = sandbox.run(&["create", "generic", "s", "--dry-run=client", "-o", format]);
        assert_eq!(outcome.exit, 1);
        assert!(outcome.stderr.contains(&format!("\nhint: at {place}")), "{}", outcome.stderr);
    }
}
