//! `apply --prune`: what kubectl prunes of Secrets and Namespaces, in its words (compared with 1.32 on the same server), and
//! nothing else.

use super::support::{Outcome, Sandbox};

const SECRET: &str = "--prune-allowlist=core/v1/Secret";

fn secret(name: &str, app: &str, namespace: &str) -> String {
    let namespace = if namespace.is_empty() { String::new() } else { format!(", namespace: {namespace}") };
    format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, labels: {{app: {app}}}{namespace}}}\n---\n")
}

fn namespace(name: &str, app: &str) -> String {
    format!("apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{app: {app}}}}}\n---\n")
}

fn applied() -> Sandbox {
    let sandbox = Sandbox::with_server();
    sandbox.write("one.yaml", secret("a", "web", ""));
    sandbox.write("all.yaml", secret("a", "web", "") + &secret("b", "web", "") + &secret("c", "db", ""));
    sandbox.ok(&["apply", "-f", "all.yaml"]);
    sandbox.ok(&["create", "generic", "plain"]);
    sandbox.ok(&["label", "secret", "plain", "app=web"]);
    sandbox
}

fn prune(sandbox: &Sandbox, flags: &[&str]) -> Outcome {
    sandbox.run(&[&["apply", "-f", "one.yaml", "--prune"], flags].concat())
}

fn left(sandbox: &Sandbox) -> String {
    sandbox.ok(&["get", "secrets", "-o", "jsonpath={.items[*].metadata.name}"])
}

#[test]
fn what_was_applied_and_is_in_no_manifest_goes() {
    let sandbox = applied();
    for (flags, suffix) in [("--dry-run=client", " (dry run)"), ("--dry-run=server", " (server dry run)")] {
        let outcome = prune(&sandbox, &["-l", "app=web", SECRET, flags]);
        let said = format!("secret/a unchanged{suffix}\nsecret/b pruned{suffix}\n");
        assert_eq!((outcome.exit, outcome.stdout, outcome.stderr.as_str()), (0, said, ""));
        assert_eq!(left(&sandbox), "a b c plain");
    }
    let template = "{{.metadata.name}} {{.metadata.labels}} {{.type}};";
    for template in [&["--template", template][..], &["-o", "go-template", "--template", template]] {
        let outcome = prune(&sandbox, &[&["-l", "app=web", SECRET, "--dry-run=client"], template].concat());
        assert_eq!(outcome.stdout, "a map[app:web] Opaque;b map[app:web] Opaque;", "{template:?}");
    }
    let outcome = prune(&sandbox, &["-l", "app=web", SECRET]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "secret/a unchanged\nsecret/b pruned\n"));
    assert_eq!(left(&sandbox), "a c plain", "another label, and what was not applied, stay");
    let outcome = prune(&sandbox, &["--all", SECRET, "-o", "name"]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "secret/a\nsecret/c\n"));
    assert_eq!(left(&sandbox), "a plain");
}

#[test]
fn only_namespaces_of_the_manifests_are_looked_at_and_the_typed_one() {
    let mut sandbox = applied();
    let other = sandbox.another_namespace();
    sandbox.write("there.yaml", secret("d", "web", &other));
    sandbox.ok(&["apply", "-f", "there.yaml"]);
    prune(&sandbox, &["-l", "app=web", SECRET]);
    assert_eq!(sandbox.ok(&["get", "secrets", "-n", &other, "-o", "name"]), "secret/d\n");
    sandbox.write("one.yaml", secret("e", "web", &other));
    assert_eq!(prune(&sandbox, &["-l", "app=web", SECRET]).stdout, "secret/e created\nsecret/d pruned\n");
    assert_eq!(left(&sandbox), "a c plain");
}

#[test]
fn what_fails_prunes_nothing() {
    let sandbox = applied();
    sandbox.write("one.yaml", secret("a", "web", "") + &secret("Bad_Name", "web", ""));
    let outcome = prune(&sandbox, &["-l", "app=web", SECRET]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, "secret/a unchanged\n"), "{}", outcome.stderr);
    let web = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n---\n";
    sandbox.write("one.yaml", secret("a", "web", "") + web);
    assert_eq!(prune(&sandbox, &["-l", "app=web", SECRET]).exit, 1);
    sandbox.write("one.yaml", secret("a", "web", ""));
    for (flags, line) in [
        (
            &[][..],
            "error: all resources selected for prune without explicitly passing --all. To prune all resources, pass the \
             --all flag. If you did not mean to prune all resources, specify a label selector",
        ),
        (&["-l", " "], "error: all resources selected for prune without explicitly passing --all."),
        (&["-l", "a=b", "--all"], "error: cannot set --all and --selector at the same time"),
        (&["-l", "a=b", "--force"], "error: --force cannot be used with --prune"),
        (
            &["-l", "a=b", "--server-side"],
            "error: --prune is in alpha and doesn't currently work on objects created by server-side apply",
        ),
        (
            &["-l", "a=b", "--prune-allowlist=core/v1/ConfigMap"],
            "error: no matches for kind \"ConfigMap\" in version \"v1\"",
        ),
        (&["-l", "a=b", "--prune-allowlist=apps/v1/Foo"], "error: no matches for kind \"Foo\" in version \"apps/v1\""),
        (
            &["-l", "a=b", "--prune-allowlist=Secret"],
            "error: invalid GroupVersionKind format: Secret, please follow <group/version/kind>",
        ),
        (&["--applyset=x"], "error: unknown flag: --applyset"),
    ] {
        let refused = prune(&sandbox, flags);
        assert_eq!((refused.exit, refused.stdout.as_str()), (1, ""), "{flags:?}");
        assert!(refused.stderr.starts_with(line), "{flags:?}: {}", refused.stderr);
    }
    assert_eq!(left(&sandbox), "a b c plain");
}

/// kubectl deletes the namespace, and with it what it has just applied.
#[test]
fn a_namespace_that_holds_what_was_applied_stays() {
    let sandbox = Sandbox::with_server();
    sandbox.write("ns.yaml", namespace("team", "web") + &namespace("gone", "web") + &secret("a", "web", "team"));
    sandbox.ok(&["apply", "-f", "ns.yaml"]);
    sandbox.write("one.yaml", secret("a", "web", "team"));
    let outcome = prune(&sandbox, &["-l", "app=web"]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "secret/a unchanged\nnamespace/gone pruned\n"));
    assert_eq!(
        outcome.stderr,
        "warning: only Secrets and Namespaces are pruned here, of the kinds that kubectl prunes; --prune-allowlist names \
         those that are meant\nwarning: namespace/team is not pruned: it holds what was applied\n"
    );
    assert_eq!(sandbox.ok(&["get", "secrets", "-n", "team", "-o", "name"]), "secret/a\n");
}

#[test]
fn a_set_knows_its_members() {
    let mut sandbox = Sandbox::with_server();
    let other = sandbox.another_namespace();
    sandbox.set_env("KUBECTL_APPLYSET", "true");
    let own = sandbox.namespace.clone();
    let set = |sandbox: &Sandbox, flags: &[&str]| {
        sandbox.run(&[&["apply", "-f", "set.yaml", "--prune", "--applyset=set", "-n", &own], flags].concat())
    };
    sandbox.write("set.yaml", secret("m1", "x", "") + &secret("m2", "x", ""));
    // Nothing of a dry run is written, not even the parent.
    for dry_run in ["--dry-run=client", "--dry-run=server"] {
        assert_eq!(set(&sandbox, &[dry_run]).exit, 0);
        assert_eq!(left(&sandbox), "");
    }
    let outcome = set(&sandbox, &[]);
    assert_eq!(
        (outcome.exit, outcome.stdout.as_str()),
        (0, "secret/m1 created\nsecret/m2 created\n"),
        "{}",
        outcome.stderr
    );
    let parent = |what: &str| sandbox.ok(&["get", "secret", "set", "-o", &format!("jsonpath={{.metadata.{what}}}")]);
    let annotations = parent("annotations");
    assert!(annotations.contains("\"applyset.kubernetes.io/contains-group-kinds\":\"Secret\""), "{annotations}");
    assert!(annotations.contains("\"applyset.kubernetes.io/additional-namespaces\":\"\""), "{annotations}");
    assert!(annotations.contains("\"applyset.kubernetes.io/tooling\":\"kubectl/v"), "{annotations}");
    let id = parent("labels.applyset\\.kubernetes\\.io/id");
    assert!(id.starts_with("applyset-") && id.ends_with("-v1") && id.len() == 55, "{id}");
    let members = format!("applyset.kubernetes.io/part-of={id}");
    let members = || sandbox.ok(&["get", "secrets", "-l", &members, "-o", "jsonpath={.items[*].metadata.name}"]);
    assert_eq!(members(), "m1 m2");

    sandbox.write("set.yaml", secret("m1", "x", ""));
    let there = secret("m3", "x", &other);
    let outcome = set(&sandbox, &["--server-side", "--force-conflicts"]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "secret/m1 serverside-applied\nsecret/m2 pruned\n"));
    assert_eq!(left(&sandbox), "m1 set");

    // A set of kinds that are not reached is left alone: it would forget its members.
    sandbox.ok(&[
        "annotate",
        "secret",
        "set",
        "applyset.kubernetes.io/contains-group-kinds=Foo.apps,Secret",
        "--overwrite",
    ]);
    let refused = set(&sandbox, &[]);
    let line = "error: parsing ApplySet annotation on \"secrets./set\": could not find mapping for kind in \
                \"applyset.kubernetes.io/contains-group-kinds\" annotation: no matches for kind \"Foo\" in group \"apps\"\n";
    assert!(refused.exit == 1 && refused.stdout.is_empty() && refused.stderr.starts_with(line), "{}", refused.stderr);
    sandbox.ok(&["annotate", "secret", "set", "applyset.kubernetes.io/tooling=helm/v3", "--overwrite"]);
    let refused = set(&sandbox, &[]);
    let line = "error: ApplySet parent object \"secrets./set\" already exists and is managed by tooling \"helm\" instead of \
                \"kubectl\"\n";
    assert_eq!((refused.exit, refused.stderr.as_str()), (1, line));

    // A set that spans namespaces.
    sandbox.write("set.yaml", secret("n1", "x", ""));
    sandbox.write("there.yaml", there);
    let wide = |file: &str| sandbox.run(&["apply", "-f", file, "--prune", "--applyset=wide", "-n", &other]);
    assert_eq!(wide("there.yaml").exit, 0);
    let refused = sandbox.run(&["apply", "-f", "there.yaml", "--prune", "--applyset=wide"]);
    let line = "error: namespace is required to use namespace-scoped ApplySet\n";
    assert_eq!((refused.exit, refused.stderr.as_str()), (1, line));
    sandbox.write("there.yaml", secret("m5", "x", &other));
    assert_eq!(wide("there.yaml").stdout, "secret/m5 created\nsecret/m3 pruned\n");
}

#[test]
fn a_diff_shows_what_would_be_pruned_and_no_value() {
    let sandbox = applied();
    sandbox.write(
        "one.yaml",
        secret("a", "web", "") + &secret("b", "web", "").replace("---", "stringData: {k: s3cret-value}\n---"),
    );
    sandbox.ok(&["apply", "-f", "one.yaml"]);
    sandbox.write("one.yaml", secret("a", "web", ""));
    let diff = |flags: &[&str]| sandbox.run(&[&["diff", "-f", "one.yaml"], flags].concat());
    assert_eq!(diff(&["-l", "app=web"]).exit, 0);
    let outcome = diff(&["-l", "app=web", "--prune", SECRET]);
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (1, ""));
    let file = format!("v1.Secret.{}.b", sandbox.namespace);
    assert!(outcome.stdout.contains(&file) && outcome.stdout.contains("\n-  name: b\n"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("\n-  k: '***'\n"), "{}", outcome.stdout);
    assert!(!outcome.stdout.contains("czNjcmV0") && outcome.stdout.contains(" +0,0 @@\n"), "{}", outcome.stdout);
    assert!(!outcome.stdout.contains("name: plain") && !outcome.stdout.contains("name: c"), "{}", outcome.stdout);
    // Without labels it is everything that was applied.
    let all = diff(&["--prune", SECRET]);
    assert!(all.exit == 1 && all.stdout.contains("\n-  name: c\n"), "{}", all.stdout);
    assert_eq!(left(&sandbox), "a b c plain", "nothing is deleted");
    let refused = diff(&["--prune", "--prune-allowlist=core/v1/Foo"]);
    let line = "error: no matches for kind \"Foo\" in version \"v1\"\n";
    assert!(refused.exit > 1 && refused.stderr.starts_with(line), "{}", refused.stderr);
}
