//! Credential plugins.

use ksecret::client::{Call, Client, Path, Settings};

use super::{
    super::support::executable,
    SECRET, connect, context, get, kubeconfig, run,
    server::{json, tls_server},
};

struct Plugin {
    home: tempfile::TempDir,
}

impl Plugin {
    /// A home directory with a plugin in it, which is this shell script.
    fn new(script: &str) -> Self {
        let home = tempfile::tempdir().expect("a directory");
        let path = home.path().join("plugin");
        executable(&path, format!("#!/bin/sh\n{script}\n"));
        Self { home }
    }

    fn client(&self, url: &str, ca: &str, more: &str) -> Client {
        let version = if more.contains("apiVersion") { "" } else { "apiVersion: client.authentication.k8s.io/v1, " };
        let user = format!("{{exec: {{{version}command: ./plugin, interactiveMode: Never{more}}}}}");
        std::fs::write(self.home.path().join("config"), kubeconfig(url, ca, &user)).expect("a kubeconfig");
        let settings = Settings { kubeconfig: Some("config".into()), ..Settings::default() };
        let context = context(self.home.path(), &[("PATH", "/usr/bin:/bin"), ("OUTER", "outer")]);
        connect(&settings, &context)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.home.path().join(name)).unwrap_or_default()
    }
}

const TOKEN: &str = r#"echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"from-plugin"}}'"#;

#[test]
fn runs_once_without_our_input_and_with_what_it_needs() {
    let (server, ca) = tls_server(|_| json("{}"));
    let url = format!("https://{}", server.address);
    let script = format!(
        "echo run >> runs\ncat > input\nprintf '%s' \"$KUBERNETES_EXEC_INFO\" > info\nprintf '%s' \"$OUTER $INNER $1\" > vars\n{TOKEN}"
    );
    let plugin = Plugin::new(&script);
    let client =
        plugin.client(&url, &ca, ", args: [arg], env: [{name: INNER, value: inner}], provideClusterInfo: true");
    run(async {
        client.call(Call::get(Path::fixed(SECRET))).await.expect("an answer");
        client.call(Call::get(Path::fixed(SECRET))).await.expect("an answer");
    });
    assert_eq!(plugin.read("runs"), "run\n");
    assert_eq!(plugin.read("input"), "");
    assert_eq!(plugin.read("vars"), "outer inner arg");
    let info: serde_json::Value = serde_json::from_str(&plugin.read("info")).expect("JSON");
    assert_eq!(info["kind"], "ExecCredential");
    assert_eq!(info["apiVersion"], "client.authentication.k8s.io/v1");
    assert_eq!(info["spec"]["interactive"], false);
    assert_eq!(info["spec"]["cluster"]["server"], url.as_str());
    assert!(info["spec"]["cluster"]["certificate-authority-data"].is_string());
    for request in server.requests() {
        assert_eq!(request.header("authorization"), Some("Bearer from-plugin"));
    }
}

#[test]
fn gives_a_certificate() {
    let authority = super::server::Authority::new();
    let pair = authority.certificate(&["127.0.0.1"], |_| {});
    let server = super::server::Server::tls(pair.server(Some(&authority)), |_| json("{}"));
    let me = authority.certificate(&["me"], |_| {});
    let credential = serde_json::json!({
        "kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1beta1",
        "status": {"clientCertificateData": me.pem, "clientKeyData": me.key_pem},
    });
    let plugin = Plugin::new(&format!("cat <<'END'\n{credential}\nEND"));
    let version = ", apiVersion: client.authentication.k8s.io/v1beta1";
    get(&plugin.client(&format!("https://{}", server.address), &authority.pem, version), SECRET).expect("an answer");
}

#[test]
fn says_what_went_wrong_without_what_was_printed() {
    let (server, ca) = tls_server(|_| json("{}"));
    let url = format!("https://{}", server.address);
    let credential = |version: &str, rest: &str| {
        format!(r#"echo '{{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/{version}"{rest}}}'"#)
    };
    for (script, expected) in [
        ("echo s3cr3t; exit 3".to_owned(), "exec: executable HOME/plugin failed with exit code 3"),
        ("echo s3cr3t".to_owned(), "decoding stdout: executable HOME/plugin did not print JSON"),
        ("echo '[\"s3cr3t\"]'".to_owned(), "decoding stdout: it is no ExecCredential"),
        (credential("v1", ""), "exec plugin didn't return a status field"),
        (credential("v1", r#","status":{"x":"s3cr3t"}"#), "exec plugin didn't return a token or cert/key pair"),
        (
            credential("v1", r#","status":{"clientKeyData":"s3cr3t"}"#),
            "exec plugin returned only certificate or key, not both",
        ),
        (
            credential("v1beta1", r#","status":{"token":"s3cr3t"}"#),
            "exec plugin is configured to use API version client.authentication.k8s.io/v1, plugin returned version \
             client.authentication.k8s.io/v1beta1",
        ),
    ] {
        let plugin = Plugin::new(&script);
        let failure = get(&plugin.client(&url, &ca, ""), SECRET).expect_err("a failure");
        let shown = failure.clone().words();
        let home = plugin.home.path().display().to_string();
        let line = shown.line.replace(&home, "HOME");
        assert_eq!(line, format!("Unable to connect to the server: getting credentials: {expected}"));
        assert!(!format!("{failure:?} {} {:?}", shown.line, shown.hint).contains("s3cr3t"));
    }
    assert_eq!(server.targets(), [""; 0]);
}

#[test]
fn says_when_a_plugin_is_missing_and_how_to_get_it() {
    let (server, ca) = tls_server(|_| json("{}"));
    let url = format!("https://{}", server.address);
    let plugin = Plugin::new("");
    std::fs::remove_file(plugin.home.path().join("plugin")).expect("removed");
    let failure = get(&plugin.client(&url, &ca, ", installHint: install it"), SECRET).expect_err("a failure");
    let shown = failure.words();
    assert!(shown.line.ends_with("/plugin: no such file or directory"), "{}", shown.line);
    assert_eq!(shown.hint.as_deref(), Some("install it"));
}
