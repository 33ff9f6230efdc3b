//! Create, get, decode and delete, in both spellings; and every command line of the Kubernetes document on Secrets
//! that concerns them.

use super::support::Sandbox;

#[test]
fn both_spellings_mean_the_same() {
    let sandbox = Sandbox::with_server();
    assert_eq!(sandbox.ok(&["create", "generic", "a", "--from-literal=k=v"]), "secret/a created\n");
    assert_eq!(sandbox.ok(&["create", "secret", "generic", "b", "--from-literal=k=v"]), "secret/b created\n");
    for words in [&["get", "a"][..], &["get", "secret", "a"], &["get", "secrets/a"], &["get", "secret/a"]] {
        assert!(sandbox.ok(words).contains("a      Opaque   1"), "{words:?}");
    }
    assert_eq!(sandbox.ok(&["get", "a", "-o", "name"]), "secret/a\n");
    let namespace = &sandbox.namespace;
    assert_eq!(sandbox.ok(&["delete", "a"]), format!("secret \"a\" deleted from {namespace} namespace\n"));
    assert_eq!(sandbox.ok(&["delete", "secret", "b"]), format!("secret \"b\" deleted from {namespace} namespace\n"));
}

#[test]
fn a_secret_named_secret_is_reached_with_a_slash() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "secret", "--from-literal=k=v"]);
    assert_eq!(sandbox.ok(&["get", "secret/secret", "-o", "name"]), "secret/secret\n");
    assert_eq!(sandbox.ok(&["get", "secret", "secret", "-o", "name"]), "secret/secret\n");
    assert_eq!(sandbox.ok(&["get", "secret", "-o", "name"]), "secret/secret\n", "the word alone lists");
}

#[test]
fn the_documents_command_lines_give_what_it_shows() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "secret", "generic", "empty-secret"]);
    let table = sandbox.ok(&["get", "secret", "empty-secret"]);
    assert!(table.starts_with("NAME           TYPE     DATA   AGE\nempty-secret   Opaque   0      "), "{table}");

    sandbox.ok(&[
        "create",
        "secret",
        "docker-registry",
        "secret-tiger-docker",
        "--docker-username=tiger",
        "--docker-password=pass113",
        "--docker-email=tiger@acme.com",
        "--docker-server=my-registry.example:5000",
    ]);
    let config = sandbox.ok(&["decode", "secret-tiger-docker", ".dockerconfigjson"]);
    assert_eq!(
        config,
        r#"{"auths":{"my-registry.example:5000":{"username":"tiger","password":"pass113","email":"tiger@acme.com","auth":"dGlnZXI6cGFzczExMw=="}}}"#
    );

    for name in ["id_rsa", "id_rsa.pub"] {
        sandbox.write(name, "key\n");
    }
    let made = sandbox.ok(&[
        "create",
        "secret",
        "generic",
        "ssh-key-secret",
        "--from-file=ssh-privatekey=id_rsa",
        "--from-file=ssh-publickey=id_rsa.pub",
    ]);
    assert_eq!(made, "secret/ssh-key-secret created\n");
    sandbox.ok(&[
        "create",
        "secret",
        "generic",
        "dev-db-secret",
        "--from-literal=username=devuser",
        "--from-literal=password=S!B\\*d$zDsb=",
    ]);
    assert_eq!(sandbox.ok(&["decode", "dev-db-secret", "password"]), "S!B\\*d$zDsb=");

    sandbox.write(
        "bootstrap.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: bootstrap-token-5emitj\n  namespace: kube-system\n\
         type: bootstrap.kubernetes.io/token\nstringData:\n  token-id: \"5emitj\"\n  token-secret: \"kq4gihvszzgn1p0r\"\n",
    );
    if std::env::var_os("KSECRET_TEST_KUBECONFIG").is_none() {
        assert_eq!(sandbox.ok(&["create", "-f", "bootstrap.yaml"]), "secret/bootstrap-token-5emitj created\n");
    }
}

#[test]
fn a_decoded_value_is_byte_exact_on_a_pipe() {
    let sandbox = Sandbox::with_server();
    let all: Vec<u8> = (0..=255).collect();
    for (name, bytes) in [("binary", all.as_slice()), ("empty", b""), ("text", b"no newline"), ("lines", b"a\r\nb\n\n")]
    {
        sandbox.write("value", bytes);
        sandbox.ok(&["create", "generic", name, "--from-file=k=value"]);
        assert_eq!(sandbox.run(&["decode", name, "k"]).bytes, bytes, "{name}");
    }
}

#[test]
fn a_client_dry_run_reads_no_kubeconfig_and_needs_no_server() {
    let mut sandbox = Sandbox::bare();
    sandbox.set_env("KUBECONFIG", "/nonexistent/kubeconfig");
    let made = sandbox.ok(&["create", "generic", "s", "--from-literal=k=v", "--dry-run=client", "-o", "yaml"]);
    assert_eq!(made, "apiVersion: v1\ndata:\n  k: dg==\nkind: Secret\nmetadata:\n  name: s\n");
}

#[test]
fn namespaces_come_and_go() {
    let sandbox = Sandbox::with_server();
    let name = super::support::fresh_namespace();
    assert_eq!(sandbox.ok(&["create", "namespace", &name]), format!("namespace/{name} created\n"));
    sandbox.ok(&["-n", &name, "create", "generic", "s"]);
    assert!(sandbox.ok(&["get", "namespaces"]).contains("Active"));
    assert!(sandbox.ok(&["get", "ns", "default", "-o", "name"]).contains("namespace/default"));
    assert_eq!(sandbox.ok(&["delete", "namespace", &name]), format!("namespace {name:?} deleted\n"));
    assert_eq!(sandbox.run(&["get", "namespace", &name]).exit, 1);
}

#[test]
fn help_names_examples_and_fits_eighty_columns() {
    let sandbox = Sandbox::bare();
    for verb in [
        "create",
        "get",
        "edit",
        "decode",
        "delete",
        "apply",
        "diff",
        "kustomize",
        "wait",
        "serve",
        "version",
        "completion",
    ] {
        let help = sandbox.ok(&[verb, "--help"]);
        assert!(help.contains("Examples:"), "{verb}");
        assert!(help.lines().next().is_some_and(|line| line.len() <= 80), "{verb}");
    }
}

#[test]
fn as_a_plugin_it_calls_itself_kubectl_secret() {
    let sandbox = Sandbox::bare();
    let link = sandbox.root().join("kubectl-secret");
    std::os::unix::fs::symlink(super::support::KSECRET, &link).expect("a link");
    let outcome = super::support::run(sandbox.command_of(&link.to_string_lossy(), &["--help"]), b"");
    assert!(outcome.stdout.contains("Usage: kubectl secret"), "{}", outcome.stdout);
}
