//! What Pods and others name: in files, in a kustomization, and on a server.

use serde_json::Value as Json;

use super::{codes, findings, list, support::Sandbox};

const POD: &str = "apiVersion: v1
kind: Pod
metadata:
  name: p
spec:
  containers:
  - name: c
    env:
    - name: PASSWORD
      valueFrom:
        secretKeyRef:
          name: db
          key: password
    envFrom:
    - secretRef:
        name: db
  imagePullSecrets:
  - name: registry
";

const SECRET: &str = "---
apiVersion: v1
kind: Secret
metadata:
  name: db
stringData:
  1st: value-one
  2nd: value-two
  user: admin
";

#[test]
fn the_line_of_the_field_and_the_words_of_the_kubelet() {
    let sandbox = Sandbox::bare();
    let (outcome, found) = findings(&sandbox, &(POD.to_owned() + SECRET), &[]);
    let of = |finding: &Json| (finding["code"].clone(), finding["line"].clone(), finding["message"].clone());
    let expected = [
        ("KS403", 13, "Secret default/db has no key password"),
        (
            "KS404",
            16,
            "Keys [1st, 2nd] from the EnvFrom secret default/db were skipped since they are considered invalid environment \
             variable names",
        ),
        ("KS402", 18, "Secret default/registry is not among the files: images are pulled without it"),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(code, line, message)| (Json::from(*code), Json::from(*line), Json::from(*message)))
        .collect();
    assert_eq!(found.iter().map(of).collect::<Vec<_>>(), expected, "{}", outcome.stderr);
    assert_eq!(found[0]["kind"], "Pod");
    let path = ["spec", "containers", "0", "env", "0", "valueFrom", "secretKeyRef", "key"];
    assert_eq!(found[0]["field"], serde_json::json!(path));
    let text = sandbox.run(&["validate", "-f", "m.yaml"]).stdout;
    assert!(
        text.starts_with("m.yaml:13: pod/p: error: spec.containers[0].env[0].valueFrom.secretKeyRef.key: Secret"),
        "{text}"
    );
    // The namespace that was typed is that of all of them.
    let (_, found) = findings(&sandbox, &(POD.to_owned() + SECRET), &["-n", "prod"]);
    assert_eq!(found[0]["message"], "Secret prod/db has no key password");
}

#[test]
fn a_server_is_asked_once_for_what_is_not_in_the_files() {
    let sandbox = Sandbox::with_server();
    let namespace = &sandbox.namespace;
    let (outcome, found) = findings(&sandbox, POD, &["--against-server"]);
    assert_eq!(codes(&found), ["KS401", "KS401", "KS401"], "{}", outcome.stderr);
    assert_eq!(found[0]["message"], format!("Secret {namespace}/db is neither in the files nor on the server"));
    sandbox.ok(&["create", "generic", "db", "--from-literal=password=x"]);
    sandbox.ok(&[
        "create",
        "docker-registry",
        "registry",
        "--docker-server=r.example",
        "--docker-username=u",
        "--docker-password=p",
    ]);
    let (outcome, found) = findings(&sandbox, POD, &["--against-server"]);
    assert_eq!((codes(&found), outcome.exit), (vec![], 0), "{}", outcome.stderr);
    let elsewhere = POD.replace("name: p\n", "name: p\n  namespace: not-there\n");
    let (_, found) = findings(&sandbox, &elsewhere, &["--against-server"]);
    assert_eq!(codes(&found), ["KS401", "KS401", "KS401"]);
    // What cannot be asked is a failure, and no finding.
    sandbox.write("m.yaml", POD);
    let outcome = sandbox.run(&["validate", "-f", "m.yaml", "--against-server", "--as=nobody", "-o", "json"]);
    assert_eq!((outcome.exit, codes(&list(&outcome))), (2, vec![]), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("Forbidden") || outcome.stderr.contains("forbidden"), "{}", outcome.stderr);
}

#[test]
fn what_a_kustomization_builds_is_looked_at() {
    let mut sandbox = Sandbox::bare();
    std::fs::create_dir(sandbox.cwd().join("overlay")).expect("a directory");
    sandbox.write("overlay/kustomization.yaml", "secretGenerator: [{name: db, literals: [\"password=\"]}]\n");
    let outcome = sandbox.run(&["validate", "-k", "overlay"]);
    assert!(outcome.stdout.starts_with("overlay/kustomization.yaml:1: secret/db-"), "{}", outcome.stdout);
    assert!(
        outcome.stdout.contains("data[password]: is empty [KS311]\n") && !outcome.stdout.contains("fix:"),
        "{}",
        outcome.stdout
    );
    // Another program builds what has other kinds.
    sandbox.write("built.yaml", POD.to_owned() + SECRET);
    sandbox.write("overlay/kustomization.yaml", "patches: [{path: x.yaml}]\n");
    let built = sandbox.cwd().join("built.yaml");
    let program = sandbox.script("kustomize", &format!("#!/bin/sh\ncat '{}'\n", built.display()));
    sandbox.set_env("KSECRET_KUSTOMIZE", program);
    let outcome = sandbox.run(&["validate", "-k", "overlay", "-o", "json"]);
    assert_eq!(codes(&list(&outcome)), ["KS403", "KS404", "KS402"], "{}", outcome.stderr);
    assert_eq!(list(&outcome)[0]["line"], 1);
}

#[test]
fn other_kinds_and_lists_are_left_alone() {
    let sandbox = Sandbox::bare();
    let list = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: example.com/v1\n  kind: Pod\n  spec: {imagePullSecrets: [{name: x}]}\n\
                - {apiVersion: v1, kind: ConfigMap, metadata: {name: c}}\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: s}\n  \
                stringData:\n    password: \"\"\n";
    let (outcome, found) = findings(&sandbox, list, &[]);
    assert_eq!(codes(&found), ["KS311"], "{}", outcome.stderr);
    assert_eq!(found[0]["line"], 12);
}
