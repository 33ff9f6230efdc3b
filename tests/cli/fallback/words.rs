//! Words that name kinds of both: ours does its part, one kubectl the other.

use super::support::{Sandbox, stand_in::StandIn};

/// A server with two Secrets, and a stand-in with this answer.
fn stand_in(answer: &str) -> StandIn {
    let sandbox = Sandbox::with_server();
    for name in ["a", "b"] {
        sandbox.ok(&["create", "generic", name, "--from-literal=k=v"]);
    }
    StandIn::new(sandbox, answer)
}

#[test]
fn get_prints_two_tables() {
    let stand_in = stand_in("printf 'NAME          DATA   AGE\\nconfigmap/x   1      1s\\n'");
    let ours = "NAME       TYPE     DATA   AGE\nsecret/a   Opaque   1      ";
    let theirs = "NAME          DATA   AGE\nconfigmap/x   1      1s\n";
    let outcome = stand_in.run("get secret,configmap");
    assert!(outcome.exit == 0 && outcome.stdout.starts_with(ours), "{outcome:?}");
    assert!(outcome.stdout.ends_with(&format!("s\n\n{theirs}")), "{outcome:?}");
    assert_eq!(stand_in.calls(), ["get --show-kind --ignore-not-found configmap"]);
    let outcome = stand_in.run("get cm,secret -n none");
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), (theirs, ""));
    assert_eq!(stand_in.calls(), ["get --show-kind --ignore-not-found --namespace=none cm"]);
    let outcome = stand_in.run("get cm/x secret/a");
    assert!(outcome.stdout.starts_with(&format!("{theirs}\n{ours}")), "{outcome:?}");
    assert_eq!(stand_in.calls(), ["get --show-kind cm/x"]);
    let outcome = stand_in.run("get secret,cm -o name");
    assert_eq!(outcome.stdout, format!("secret/a\nsecret/b\n{theirs}"));
    assert_eq!(stand_in.calls(), ["get --output=name cm"]);
}

#[test]
fn an_empty_list_is_said_once() {
    let stand_in =
        stand_in("case \"$*\" in *ignore-not-found*) ;; *) echo 'No resources found in none namespace.' >&2 ;; esac");
    for line in ["get secret,cm -n none", "get cm,secret -n none"] {
        let outcome = stand_in.run(line);
        let said = "No resources found in none namespace.\n";
        assert_eq!((outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str()), (0, "", said), "{line}");
    }
}

/// What failed is said for both, and the worse status counts.
#[test]
fn both_parts_are_done_and_both_failures_count() {
    let stand_in = stand_in("echo \"$1\"; exit 3");
    for (line, exit, stdout, handed) in [
        ("label secret/a deploy/web x=y", 3, "secret/a labeled\nlabel\n", "label deploy/web x=y"),
        ("annotate deploy,secret -l none x-", 3, "annotate\n", "annotate --selector=none deploy x-"),
        ("describe secret/none cm/x", 3, "describe\n", "describe cm/x"),
        ("delete deploy/web secret/a --color=never", 3, "delete\nsecret \"a\" deleted", "delete deploy/web"),
        ("delete secret/none deploy/web", 3, "delete\n", "delete deploy/web"),
        ("delete secret,deploy b --ignore-not-found", 3, "secret \"b\" deleted", "delete --ignore-not-found deploy b"),
    ] {
        let outcome = stand_in.run(line);
        assert_eq!(outcome.exit, exit, "{line}: {outcome:?}");
        assert!(outcome.stdout.starts_with(stdout), "{line}: {outcome:?}");
        assert_eq!(outcome.stderr.contains("(NotFound)"), line.contains("none") && !line.contains("-l"), "{line}");
        assert_eq!(stand_in.calls(), [handed], "{line}");
    }
}

#[test]
fn what_cannot_be_split_is_done_by_neither() {
    let stand_in = stand_in("exit 0");
    for line in
        ["delete secret/a deploy/web --color=pink", "delete secret/a deploy/web --wait=maybe", "delete secret,cm -x"]
    {
        assert_eq!(stand_in.run(line).exit, 1, "{line}");
        assert!(stand_in.calls().is_empty(), "{line}");
    }
    assert_eq!(stand_in.sandbox.ok(&["get", "secret", "-o", "name"]), "secret/a\nsecret/b\n");
    // kubectl refuses to watch several kinds.
    assert_eq!(stand_in.run("get secret,cm -w").exit, 0);
    assert_eq!(stand_in.calls(), ["get secret,cm -w"]);
}
