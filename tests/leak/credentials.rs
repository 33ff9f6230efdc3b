//! Tokens and passwords: shown at no verbosity, whichever part of an answer sends them back.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use super::{
    Watched, manifest,
    server::{Reply, Request, answer, answer_with, tls_server},
    support::{Sandbox, is_in_turn},
};

const TOKEN: &str = "t0ken-that-leaks.abc/def+ghi=";
const PASSWORD: &str = "p4ssword \"that\" leaks";

/// What a server repeats of a request's credentials, a name each.
const SPEECHES: [&str; 9] =
    ["status", "cause", "text", "warning", "own header", "known header", "location", "details", "object"];

/// A server that sends back what it was introduced with, as it came and without its scheme, decoded and not.
fn speak(speech: &str, request: &Request) -> Reply {
    let sent = request.header("authorization").unwrap_or_default().to_owned();
    let bare = sent.split(' ').nth(1).unwrap_or_default();
    let decoded = STANDARD.decode(bare).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let echo = format!("who is {sent}, {bare:?} or {decoded} ({decoded:?})?");
    let header = echo.replace('"', "\\\"");
    let status = |message: &str, name: &str, cause: &str| {
        let body = json!({
            "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message, "reason": "Invalid", "code": 422,
            "details": {"name": name, "kind": "Secret", "causes": [{"reason": "x", "message": cause, "field": cause}]},
        });
        answer("422 Unprocessable Entity", "application/json", body.to_string())
    };
    let object = || {
        let metadata = json!({"name": "marker", "namespace": "team", "resourceVersion": "1"});
        json!({"kind": "Secret", "apiVersion": "v1", "metadata": metadata}).to_string()
    };
    match speech {
        "status" => status(&echo, "marker", "x"),
        "cause" => status("x", "marker", &echo),
        "details" => status("x", &echo, "x"),
        "text" => answer("500 Internal Server Error", "text/plain", echo),
        "warning" => {
            let headers = format!("Content-Type: application/json\r\nWarning: 299 - \"{header}\"\r\n");
            answer_with("200 OK", &headers, object())
        }
        "own header" => {
            let headers = format!("Content-Type: application/json\r\nX-Auth-Token: {echo}\r\nSet-Cookie: t={bare}\r\n");
            answer_with("200 OK", &headers, object())
        }
        "known header" => {
            let headers = format!("Content-Type: application/json\r\nServer: {echo}\r\nAudit-Id: {bare}\r\n");
            answer_with("200 OK", &headers, object())
        }
        "location" => answer_with("307 Temporary Redirect", &format!("Location: https://h/{bare}?t={bare}\r\n"), ""),
        _ => answer("200 OK", "application/json", format!("{{\"kind\": \"{bare}\", \"x\": \"{header}\"")),
    }
}

/// A Secret's sandbox whose kubeconfig introduces its user so; the values that must not be seen.
fn introduced(user: &str, plugin: Option<&str>) -> Watched {
    let others = [TOKEN, PASSWORD, "user:p4ssword \"that\" leaks"];
    let mut watched = Watched::new(Sandbox::bare(), &others);
    let user = match plugin {
        None => user.to_owned(),
        Some(body) => {
            let script = watched.sandbox.script("plugin", body);
            format!(
                "{{exec: {{apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: {script}}}}}"
            )
        }
    };
    watched.input("user", user);
    watched.sandbox.set_env("KUBECONFIG", watched.sandbox.root().join("input/kubeconfig").to_string_lossy());
    watched
}

impl Watched {
    /// Points the kubeconfig at a server.
    fn at(&self, url: &str, ca: &str) {
        let user = std::fs::read_to_string(self.sandbox.root().join("input/user")).expect("the user");
        let ca = STANDARD.encode(ca);
        let config = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: x\n\
             clusters: [{{name: c, cluster: {{server: {url:?}, certificate-authority-data: {ca}}}}}]\n\
             users: [{{name: u, user: {user}}}]\ncontexts: [{{name: x, context: {{cluster: c, user: u, namespace: team}}}}]\n"
        );
        let file = self.input("kubeconfig", config);
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(file, mode).expect("a private file");
    }
}

fn never_shown(mut watched: Watched, raw: &str) {
    let good = watched.input("good.yaml", manifest("marker"));
    watched.editor("true");
    for (at, speech) in SPEECHES.into_iter().enumerate() {
        let (server, ca) = tls_server(move |request| speak(speech, request));
        watched.at(&format!("https://{}", server.address), &ca);
        for (height, level) in ["0", "6", "7", "8", "9", "10"].into_iter().enumerate() {
            for (number, args) in [
                &["get", "secret", "marker", "-o", "name"][..],
                &["get", "secrets"],
                &["create", "-f", &good],
                &["apply", "-f", &good],
                &["patch", "secret", "marker", "-p", "{}"],
                &["delete", "secret", "marker", "--wait=false"],
                &["edit", "secret", "marker"],
                &["get", "--raw", raw],
                &["version"],
            ]
            .into_iter()
            .enumerate()
            {
                if !is_in_turn(at + height + number) {
                    continue;
                }
                // The levels differ in headers alone.
                if level != "0" && level != "8" && args[0] != "get" {
                    continue;
                }
                let outcome = watched.run(&[args, &["-v", level]].concat());
                let what = format!("-v={level} {args:?} with {speech:?}");
                watched.check(&format!("stderr of {what}"), outcome.stderr.as_bytes());
                // What a path answers is what was asked for.
                if !args.contains(&"--raw") {
                    watched.check(&format!("stdout of {what}"), &outcome.bytes);
                }
                assert!(!outcome.stderr.contains("panicked"), "{what}: {}", outcome.stderr);
            }
        }
        let asked = server.requests();
        assert!(asked.iter().any(|request| request.header("authorization").is_some()), "no credential was sent");
    }
    watched.done();
}

#[test]
fn a_token_is_never_shown() {
    never_shown(introduced(&format!("{{token: {TOKEN:?}}}"), None), &format!("/version?token={TOKEN}"));
}

#[test]
fn a_password_is_never_shown() {
    never_shown(introduced(&format!("{{username: user, password: {PASSWORD:?}}}"), None), "/version");
}

#[test]
fn a_token_of_a_plugin_is_never_shown() {
    let credential = json!({
        "apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": TOKEN},
    });
    never_shown(introduced("", Some(&format!("#!/bin/sh\necho '{credential}'\n"))), &format!("/version?token={TOKEN}"));
}

/// What a plugin prints may be a token also where it is none that we can read.
#[test]
fn what_a_plugin_prints_is_never_shown() {
    for body in [
        format!("echo {TOKEN}"),
        format!("echo {TOKEN}; exit 3"),
        format!("echo '{{\"token\": \"{TOKEN}\"'"),
        format!("echo '{{\"kind\": \"{TOKEN}\", \"apiVersion\": \"{TOKEN}\"}}'"),
        format!("echo '{{\"kind\": \"ExecCredential\", \"apiVersion\": \"client.authentication.k8s.io/{TOKEN}\"}}'"),
        format!(
            "echo '{{\"kind\": \"ExecCredential\", \"apiVersion\": \"client.authentication.k8s.io/v1\", \"status\": \
             {{\"token\": [\"{TOKEN}\"]}}}}'"
        ),
        format!(
            "echo '{{\"kind\": \"ExecCredential\", \"apiVersion\": \"client.authentication.k8s.io/v1\", \"status\": \
             {{\"token\": \"{TOKEN}\\n{TOKEN}\"}}}}'"
        ),
        format!(
            "echo '{{\"kind\": \"ExecCredential\", \"apiVersion\": \"client.authentication.k8s.io/v1\", \"status\": \
             {{\"clientCertificateData\": \"{TOKEN}\", \"clientKeyData\": \"{TOKEN}\"}}}}'"
        ),
    ] {
        let watched = introduced("", Some(&format!("#!/bin/sh\n{body}\n")));
        watched.at("https://127.0.0.1:1", "");
        let outcome = watched.run(&["get", "secrets"]);
        assert_ne!(outcome.exit, 0, "{body}");
        watched.check(&format!("the plugin {body}"), outcome.stderr.as_bytes());
        watched.done();
    }
}

/// A kubeconfig that is broken where its secrets are.
#[test]
fn a_broken_kubeconfig_is_not_repeated() {
    for user in [
        format!("{{token: [{TOKEN:?}]}}"),
        format!("{{token: {TOKEN:?}"),
        format!("{{token: {{x: {TOKEN:?}}}}}"),
        format!("{{token: \"{TOKEN}\\n\"}}"),
        format!("{{password: [{TOKEN:?}], username: u}}"),
        format!("{{client-key-data: {TOKEN:?}, client-certificate-data: {TOKEN:?}}}"),
        format!("{{token: {TOKEN:?}, username: u, password: {TOKEN:?}}}"),
        format!("{TOKEN:?}"),
        format!("*{TOKEN}"),
        format!("!{TOKEN} x"),
        format!("{{tokenFile: /{TOKEN}}}"),
        format!("{{exec: {TOKEN:?}}}"),
    ] {
        let watched = introduced(&user, None);
        watched.at("https://127.0.0.1:1", "");
        let outcome = watched.run(&["get", "secrets"]);
        assert_ne!(outcome.exit, 0, "{user}");
        // The path of a file is no secret.
        if !user.contains("tokenFile") {
            watched.check(&format!("a kubeconfig with the user {user}"), outcome.stderr.as_bytes());
        }
        watched.done();
    }
    let watched = introduced("{}", None);
    for args in [
        &["get", "secrets", "--server", "https://u:t0ken-that-leaks.abc@127.0.0.1:1"][..],
        &["get", "secrets", "--server", "https://127.0.0.1:1", "--token", "t0ken-that-leaks.abc\n"],
        &["create", "-f", "http://u:t0ken-that-leaks.abc@127.0.0.1:1/x.yaml"],
        &["create", "-f", "http://u:t0ken-that-leaks.abc@127.0.0.1:x/x.yaml"],
    ] {
        let outcome = watched.run(args);
        assert_ne!(outcome.exit, 0, "{args:?}");
        assert!(!outcome.stderr.contains("that-leaks"), "{args:?}: {}", outcome.stderr);
    }
    for proxy in
        ["http://u:t0ken-that-leaks.abc@127.0.0.1:1", "ftp://u:t0ken-that-leaks.abc@x", "://t0ken-that-leaks.abc"]
    {
        let mut command = watched.sandbox.command(&["get", "secrets", "-v=10", "--server", "https://192.0.2.1:1"]);
        command.env("HTTPS_PROXY", proxy);
        let outcome = super::support::run(command, b"");
        assert_ne!(outcome.exit, 0, "{proxy}");
        assert!(!outcome.stderr.contains("that-leaks"), "{proxy}: {}", outcome.stderr);
    }
}

/// What is typed for `config`, and what a kubeconfig holds, is shown when it is asked for and at no other time; files that
/// are written are the kubeconfig's owner's alone.
#[test]
fn config_shows_credentials_when_asked_for() {
    let watched = Watched::new(Sandbox::bare(), &[TOKEN, PASSWORD]);
    let kubeconfig = format!("--kubeconfig={}", watched.input("kc", ""));
    std::fs::remove_file(watched.sandbox.root().join("input/kc")).expect("a file");
    let run = |exit, args: &[&str]| watched.quiet(exit, &[&["config"], args, &[kubeconfig.as_str()]].concat());
    let (token, password) = (format!("--token={TOKEN}"), format!("--password={PASSWORD}"));
    run(0, &["set-credentials", "a", &token]);
    run(0, &["set-credentials", "b", "--username=u", &password]);
    let pair = |name: &str, key: &str| format!("--{name}={key}={TOKEN}");
    let (arg, env) = (pair("auth-provider-arg", "refresh-token"), pair("exec-env", "X_TOKEN"));
    run(0, &["set-credentials", "c", "--auth-provider=oidc", &arg, "--exec-command=x", &env]);
    run(0, &["set-credentials", "c", &format!("--exec-arg=--client-secret={TOKEN},--password,{TOKEN}")]);
    run(0, &["set", "users.d.token", TOKEN]);
    run(0, &["set", "users.d.client-key-data", TOKEN, "--set-raw-bytes"]);
    for wrong in [
        &["set-credentials", "e", TOKEN][..],
        &["set-credentials", "e", &token, &password],
        &["set-credentials", "e", &format!("--auth-provider-arg={TOKEN}\"x")],
        &["set-credentials", "e", &format!("--auth-provider-arg==\"{TOKEN}")],
        &["set-credentials", "e", &format!("--exec-arg=\"{TOKEN}")],
        &["set-credentials", "e", &format!("--exec-env=={TOKEN}")],
        &["set-credentials", "e", &token, "--embed-certs"],
        &["set-credentials", "e", &token, "--exec-interactive-mode=x"],
        &["set-credentials", "e", &token, "--unknown"],
        &["set", "users.d.token", "x", TOKEN],
        &["set", &format!("users.d.token={TOKEN}")],
        &["set", "users.d", TOKEN],
        &["set", "users.d.exec", TOKEN],
        &["set", "users.d.client-key-data", TOKEN],
    ] {
        run(1, wrong);
    }
    for shown in [
        &["view"][..],
        &["view", "-o", "json"],
        &["view", "-o", "jsonpath={.users}"],
        &["view", "-o", "go-template={{.users}}"],
        &["get-users"],
        &["get-contexts"],
    ] {
        run(0, shown);
    }
    watched.asks(0, &["config", "view", "--raw", &kubeconfig]);
    watched.asks(0, &["config", "view", "--flatten", &kubeconfig]);
    let text = std::fs::read_to_string(watched.sandbox.root().join("input/kc")).expect("a kubeconfig");
    // Of a file that is broken, the line is named.
    for broken in
        [text.replacen("- name: a", "- name: [", 1), text.replacen("users:", "users: {", 1), format!("- {text}")]
    {
        let file = format!("--kubeconfig={}", watched.input("broken", broken));
        watched.quiet(1, &["config", "view", &file]);
        watched.quiet(1, &["config", "use-context", "x", &file]);
    }
    watched.done();
}
