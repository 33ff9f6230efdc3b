//! Manifests of both kinds: Secrets and Namespaces are ours, one kubectl gets the others by a pipe.

use super::support::{Sandbox, stand_in::StandIn};

const SECRET: &str =
    "apiVersion: v1\nkind: Secret\nmetadata: {name: db, labels: {app: web}}\nstringData: {k: s3cret}\n";
const NAMESPACE: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: __NS__}\n";
const WEB: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2, z: \"no\"}\n";
const WEB_JSON: &str =
    r#"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":2,"z":"no"}}"#;
const CERTIFICATE: &str = "apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: c}\n";
const CERTIFICATE_JSON: &str = r#"{"apiVersion":"cert-manager.io/v1","kind":"Certificate","metadata":{"name":"c"}}"#;

fn stand_in(answer: &str) -> StandIn {
    StandIn::new(Sandbox::with_server(), answer)
}

fn documents(all: &[&str]) -> String {
    all.join("---\n")
}

#[test]
fn ours_goes_first_and_the_others_go_by_one_pipe() {
    let stand_in = stand_in("echo deployment.apps/web \"$1\"; echo warning >&2");
    let name = format!("{}-x", stand_in.sandbox.namespace);
    let mixed = documents(&[WEB, &NAMESPACE.replace("__NS__", &name), CERTIFICATE, SECRET]);
    stand_in.sandbox.write("all.yaml", &mixed);
    let theirs = format!("{WEB_JSON}\n{CERTIFICATE_JSON}\n");
    let namespace = format!("namespace/{name}");
    for (line, ours, handed) in [
        ("create -f all.yaml --save-config", "created", "create --filename=- --save-config"),
        ("apply -Rf all.yaml --validate=warn --color=never", "unchanged", "apply --filename=- --validate=warn"),
        ("replace -f - -v=0", "replaced", "replace --filename=- --v=0"),
        (
            "apply --server-side --force-conflicts -f -",
            "serverside-applied",
            "apply --filename=- --server-side --force-conflicts",
        ),
        ("label -f all.yaml x=y", "labeled", "label --filename=- x=y"),
        ("annotate -f - x=y", "annotated", "annotate --filename=- x=y"),
        ("wait -f all.yaml --for=create --timeout=5s", "condition met", "wait --filename=- --for=create --timeout=5s"),
    ] {
        let outcome = stand_in.run_with(line, &mixed);
        let verb = line.split(' ').next().expect("a verb");
        let expected = format!("{namespace} {ours}\nsecret/db {ours}\ndeployment.apps/web {verb}\n");
        assert_eq!((outcome.exit, outcome.stdout, outcome.stderr.as_str()), (0, expected, "warning\n"), "{line}");
        let log = stand_in.log();
        assert_eq!(StandIn::calls_of(&log), [handed], "{line}");
        assert_eq!(StandIn::read_of(&log), theirs, "{line}");
        assert!(!log.contains("s3cret") && !log.contains("czNjcmV0"), "{log}");
    }
    // What stands in a Namespace goes before it.
    let outcome = stand_in.run_with("delete -f all.yaml", &mixed);
    assert!(outcome.stdout.starts_with("deployment.apps/web delete\n"), "{outcome:?}");
    assert!(outcome.stdout.contains(&format!("{name:?} deleted")) && outcome.exit == 0, "{outcome:?}");
    assert_eq!(StandIn::read_of(&stand_in.log()), theirs);
}

#[test]
fn a_list_is_taken_apart() {
    let stand_in = stand_in("");
    let list = format!(
        "apiVersion: v1\nkind: List\nitems:\n- {{apiVersion: v1, kind: Secret, metadata: {{name: a}}}}\n- {WEB_JSON}\n"
    );
    let outcome = stand_in.run_with("apply -f -", &list);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "secret/a created\n"), "{}", outcome.stderr);
    let log = stand_in.log();
    assert_eq!(
        (StandIn::calls_of(&log), StandIn::read_of(&log)),
        (vec!["apply --filename=-".to_owned()], format!("{WEB_JSON}\n"))
    );
}

/// Where nothing is ours, kubectl reads the files itself.
#[test]
fn files_that_are_all_kubectls_are_its() {
    let mut stand_in = stand_in("exit 7");
    stand_in.sandbox.set_env("KUBE_EDITOR", "true");
    stand_in.sandbox.write("web.yaml", WEB);
    for line in [
        "apply -f web.yaml",
        "create -f web.yaml -o name",
        "delete -f web.yaml --wait=false",
        "diff -R -f .",
        "edit -f web.yaml",
    ] {
        let outcome = stand_in.run(line);
        assert_eq!((outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str()), (7, "", ""), "{line}");
        assert_eq!(StandIn::calls_of(&stand_in.log()), [line]);
    }
    // A pipe can be read once.
    for file in ["-", "/dev/stdin", "/dev/fd/0"] {
        let outcome = stand_in.run_with(&format!("apply -f {file} -n x"), WEB);
        assert_eq!((outcome.exit, outcome.stderr.as_str()), (7, ""));
        let log = stand_in.log();
        assert_eq!(StandIn::calls_of(&log), ["apply --filename=- --namespace=x"], "{file}");
        assert_eq!(StandIn::read_of(&log), format!("{WEB_JSON}\n"), "{file}");
    }
}

/// What fails is said for both, does not stop the other, and the worse status counts.
#[test]
fn one_failure_does_not_stop_the_other() {
    let stand_in = stand_in("echo no >&2; exit ${STATUS:-1}");
    let bad = SECRET.replace("name: db", "name: B_D");
    let outcome = stand_in.run_with("create -f -", &documents(&[&bad, WEB, SECRET]));
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, "secret/db created\n"));
    assert!(outcome.stderr.starts_with("no\nThe Secret \"B_D\" is invalid"), "{}", outcome.stderr);
    let outcome = stand_in.run_with("diff -f -", &documents(&[&SECRET.replace("s3cret", "other"), WEB]));
    assert!(outcome.exit == 1 && outcome.stdout.contains("***"), "{outcome:?}");
    let mut stand_in = stand_in;
    stand_in.sandbox.set_env("STATUS", "5");
    for (line, text) in [
        ("diff -f -", documents(&[WEB, SECRET])),
        ("apply -f -", documents(&[WEB, SECRET])),
        ("apply -f -", documents(&[&bad, WEB])),
    ] {
        assert_eq!(stand_in.run_with(line, &text).exit, 5, "{line}");
    }
    // Text that is broken is ours to refuse; what stands before it goes its way.
    let outcome = stand_in.run_with("create -f -", &documents(&[WEB, "a: [", SECRET]));
    assert!(outcome.exit == 5 && outcome.stderr.contains("error parsing STDIN"), "{outcome:?}");
}

#[test]
fn a_child_that_is_killed_is_its_signal() {
    let stand_in = stand_in("kill -KILL $$");
    let outcome = stand_in.run_with("create -f -", &documents(&[WEB, SECRET]));
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (137, "secret/db created\n"));
}

/// A selector that leaves nothing of ours is no error where the rest is kubectl's.
#[test]
fn a_selector_is_for_both() {
    let stand_in = stand_in("echo web");
    for verb in ["create", "apply"] {
        let outcome = stand_in.run_with(&format!("{verb} -f - -l app=other"), &documents(&[WEB, SECRET]));
        assert_eq!((outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str()), (0, "web\n", ""), "{verb}");
        assert_eq!(StandIn::calls_of(&stand_in.log()), [format!("{verb} --filename=- --selector=app=other")]);
        let outcome = stand_in.run_with(&format!("{verb} -f - -l app=other"), SECRET);
        assert_eq!(outcome.stderr, format!("error: no objects passed to {verb}\n"));
    }
    assert!(stand_in.log().is_empty());
}

#[test]
fn formats_show_one_list() {
    let web = r#"{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"}}]}"#;
    let answer = format!("case \"$*\" in *output=json*) echo '{web}' ;; *) echo \"table of $1\"; esac");
    let stand_in = stand_in(&answer);
    stand_in.sandbox.write("all.yaml", documents(&[WEB, SECRET]));
    let jsonpath = "-o=jsonpath={range@.items[*]}{.kind}/{.metadata.name},{end}";
    for (line, expected) in [
        (format!("apply -f all.yaml {jsonpath}"), "Secret/db,Deployment/web,"),
        (format!("get -f all.yaml {jsonpath}"), "Secret/db,Deployment/web,"),
        (format!("get secret,deploy {jsonpath}"), "Secret/db,Deployment/web,"),
        (format!("get deploy,secret {jsonpath}"), "Deployment/web,Secret/db,"),
        (format!("get deploy/web secret/db {jsonpath}"), "Deployment/web,Secret/db,"),
        ("get secret,deploy --no-headers -o custom-columns=K:.kind".to_owned(), "Secret\nDeployment\n"),
        ("get secret,deploy --sort-by=.kind --no-headers -o custom-columns=K:.kind".to_owned(), "Deployment\nSecret\n"),
        ("get -f all.yaml -o name".to_owned(), "secret/db\ntable of get\n"),
        ("apply -f all.yaml -o name".to_owned(), "secret/db\ntable of apply\n"),
    ] {
        let outcome = stand_in.run(&line);
        assert_eq!((outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str()), (0, expected, ""), "{line}");
        assert_eq!(StandIn::calls_of(&stand_in.log()).len(), 1, "{line}");
    }
    let list = stand_in.run("get secret,deploy -o json").stdout;
    let list: serde_json::Value = serde_json::from_str(&list).expect("one object");
    assert_eq!((&list["kind"], list["items"].as_array().map(Vec::len)), (&"List".into(), Some(2)));
    let table = stand_in.run("get -f all.yaml").stdout;
    assert!(table.contains("\nsecret/db ") && table.ends_with("\n\ntable of get\n"), "{table}");
    let yaml = stand_in.run("replace -f all.yaml -o yaml").stdout;
    assert!(yaml.ends_with("\n---\ntable of replace\n"), "{yaml}");
    let yaml = stand_in.run("label -f all.yaml x=y -o yaml").stdout;
    assert!(!yaml.contains("---") && yaml.ends_with("\ntable of label\n"), "{yaml}");
}

/// A part of the manifests must not be what is pruned by: it would take our Secrets for leftovers. All is kubectl's, which
/// prunes kinds that are not ours too.
#[test]
fn what_is_pruned_by_is_not_split() {
    let stand_in = stand_in("exit 7");
    for line in ["apply -f - --prune -l app=web", "apply -f - --prune --applyset=x", "diff -f - --prune -l app=web"] {
        let outcome = stand_in.run_with(line, &documents(&[WEB, SECRET]));
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (7, ""), "{line}");
        assert_eq!(StandIn::calls_of(&stand_in.log()), [line]);
    }
}

/// A kustomization whose resources are of both kinds is built by kubectl, and then split.
#[test]
fn a_kustomization_of_both_kinds_is_built_whole() {
    let built = documents(&[SECRET, WEB]).replace('\n', "\\n");
    let stand_in = stand_in(&format!("[ \"$1\" = kustomize ] && printf '{}'; exit 0", built));
    stand_in.sandbox.write("web.yaml", WEB);
    stand_in
        .sandbox
        .write("kustomization.yaml", "resources: [web.yaml]\nsecretGenerator: [{name: db, literals: [k=v]}]\n");
    let outcome = stand_in.run("apply -k .");
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "secret/db created\n"), "{}", outcome.stderr);
    let log = stand_in.log();
    assert_eq!(StandIn::calls_of(&log), ["kustomize .", "apply --filename=-"]);
    assert_eq!(StandIn::read_of(&log), format!("{WEB_JSON}\n"));
    assert_eq!(stand_in.run("kustomize .").exit, 0);
    assert_eq!(StandIn::calls_of(&stand_in.log()), ["kustomize ."]);
}

#[test]
fn without_a_fallback_each_is_left_alone() {
    let mut stand_in = stand_in("exit 0");
    stand_in.sandbox.unset_env("KSECRET_FALLBACK");
    let outcome = stand_in.run_with("apply -f -", &documents(&[WEB, SECRET]));
    let error = "error: Deployment \"web\" from \"STDIN\" is left alone: ksecret handles Secrets and Namespaces only\n\
                 hint: STDIN, document 1, line 2\n";
    assert_eq!((outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str()), (1, "secret/db created\n", error));
    assert!(stand_in.log().is_empty());
}
