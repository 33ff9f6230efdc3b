//! What is asked of servers, and what is not; servers that are slow, large, or not there.

use std::{fs, net::TcpListener, time::Instant};

use super::{kubeconfig, offered, patient, use_kubeconfig, with_store};
use crate::{
    client::server::{Reply, Request, Server, answer, json, tls_server},
    support::Sandbox,
};

/// A list of Secrets' metadata, with a continue token if there are more.
fn page(names: impl Iterator<Item = String>, next: &str) -> String {
    let items: Vec<String> =
        names.map(|name| format!("{{\"metadata\":{{\"name\":\"{name}\",\"namespace\":\"team\"}}}}")).collect();
    format!(
        "{{\"kind\":\"PartialObjectMetadataList\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":{{\"continue\":\"{next}\"}},\"items\":[{}]}}",
        items.join(",")
    )
}

/// A sandbox whose kubeconfig names a server that answers like this.
fn against(script: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> (Sandbox, Server) {
    let server = Server::plain(script);
    let mut sandbox = patient(Sandbox::bare());
    use_kubeconfig(&mut sandbox, &kubeconfig(&format!("http://{}", server.address)));
    (sandbox, server)
}

#[test]
fn metadata_alone_is_asked_for_names() {
    let (sandbox, server) = against(|_| json(&page(["a", "b"].iter().map(|name| (*name).to_owned()), "")));
    assert_eq!(offered(&sandbox, "get secret "), "a b :4");
    let requests = server.requests();
    let [request] = requests.as_slice() else { panic!("{:?}", server.targets()) };
    assert!(request.target().starts_with("GET /api/v1/namespaces/team/secrets?limit="), "{}", request.target());
    let accept = request.header("accept").expect("a header");
    assert_eq!(accept, "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io");
    assert_eq!(offered(&sandbox, "get --context arn:aws:eks:eu:1:cluster/prod -n other secret "), "a b :4");
    assert!(server.targets().last().is_some_and(|target| target.contains("/namespaces/other/secrets?")));
    assert_eq!(offered(&sandbox, "get -A -l "), ":4");
    assert!(server.targets().last().is_some_and(|target| target.starts_with("GET /api/v1/secrets?")));
}

#[test]
fn twenty_thousand_names_are_read_to_the_end_or_to_where_they_are_over() {
    let (sandbox, server) = against(|request| {
        let token = request.target().split("continue=").nth(1).and_then(|rest| rest.split('&').next());
        let from: usize = token.map_or(0, |token| token.parse().expect("a token"));
        let to = from + 2000;
        let next = if to < 20_000 { to.to_string() } else { String::new() };
        json(&page((from..to).map(|number| format!("s{number:05}")), &next))
    });
    let all = offered(&sandbox, "get secret ");
    assert_eq!(all.split(' ').count(), 20_001);
    assert!(all.starts_with("s00000 ") && all.ends_with(" s19999 :4"));
    assert_eq!(
        offered(&sandbox, "get secret s1999"),
        (19990..20000).map(|n| format!("s{n} ")).collect::<String>() + ":4"
    );
    let before = server.targets().len();
    assert_eq!(offered(&sandbox, "get secret s0000"), (0..10).map(|n| format!("s{n:05} ")).collect::<String>() + ":4");
    assert_eq!(server.targets().len() - before, 1, "names come in order: the rest need not be asked for");
}

/// A server that does not list by name is read to the end.
#[test]
fn names_out_of_order_are_all_read() {
    let (sandbox, server) = against(|request| match request.target().contains("continue=") {
        false => json(&page(["b1", "a1", "z"].iter().map(|name| (*name).to_owned()), "x")),
        true => json(&page(["b2"].iter().map(|name| (*name).to_owned()), "")),
    });
    assert_eq!(offered(&sandbox, "get secret b"), "b1 b2 :4");
    assert_eq!(server.targets().len(), 2);
}

#[test]
fn what_a_server_says_is_no_candidate_if_it_is_no_name() {
    let (sandbox, _server) = against(|_| {
        let names = ["a\\u001b[2J", "b\\n:0", "c d", "$(touch x)", "`x`", "e;f", "ok"];
        json(&page(names.iter().map(|name| (*name).to_owned()), ""))
    });
    assert_eq!(offered(&sandbox, "get secret "), "ok :4");
}

/// A server that sends whole Secrets where metadata was asked for: names are read, and nothing else.
#[test]
fn a_server_that_sends_values_gets_no_value_shown() {
    let secret = r#"{"kind":"Secret","apiVersion":"v1","metadata":{"name":"db","namespace":"team"},"data":{"user":"aHVudGVyMg=="}}"#;
    let (sandbox, _server) = against(move |request| match request.target().contains("/secrets/") {
        true => json(secret),
        false => json(&format!(r#"{{"kind":"SecretList","apiVersion":"v1","metadata":{{}},"items":[{secret}]}}"#)),
    });
    assert_eq!(offered(&sandbox, "get secret "), "db :4");
    assert_eq!(offered(&sandbox, "decode db "), "user :4");
}

#[test]
fn a_refusal_is_silent() {
    let (sandbox, _server) = against(|_| answer("403 Forbidden", "application/json", "{}"));
    assert_eq!(offered(&sandbox, "get secret "), ":4");
    assert_eq!(offered(&sandbox, "decode db "), ":4");
    let mut sandbox = patient(Sandbox::bare());
    use_kubeconfig(&mut sandbox, &kubeconfig("http://127.0.0.1:1"));
    assert_eq!(offered(&sandbox, "get secret "), ":4");
    assert_eq!(offered(&sandbox, "get --context none secret "), ":4");
    assert_eq!(offered(&sandbox, "get --local --context dev secret "), ":4");
}

/// Half a second, whatever does not answer: the server, what it sends, a kubeconfig that is a pipe, a plugin.
#[test]
fn what_never_answers_is_given_up() {
    let mut hangs = Vec::new();
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    hangs.push(kubeconfig(&format!("http://{}", silent.local_addr().expect("its address"))));
    let half = Server::plain(|_| Reply::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".to_vec()));
    hangs.push(kubeconfig(&format!("http://{}", half.address)));
    let exec = "user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: sleep, args: [\"15\"], interactiveMode: Never}}";
    hangs.push(kubeconfig("https://127.0.0.1:1").replace("user: {}", exec));
    for text in hangs {
        let mut sandbox = Sandbox::bare();
        use_kubeconfig(&mut sandbox, &text);
        gives_up(&sandbox);
    }
    let mut sandbox = Sandbox::bare();
    let pipe = sandbox.root().join("pipe");
    let made = sandbox.command_of("mkfifo", &[&pipe]).status().expect("mkfifo runs");
    assert!(made.success());
    sandbox.set_env("KUBECONFIG", pipe.to_string_lossy());
    gives_up(&sandbox);
}

/// Without the limit each of these takes longer than is waited for here.
fn gives_up(sandbox: &Sandbox) {
    let began = Instant::now();
    assert_eq!(offered(sandbox, "get secret "), ":4");
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
}

#[test]
fn the_user_may_allow_another_time_or_none() {
    let (mut sandbox, server) = against(|_| json(&page(std::iter::once("a".to_owned()), "")));
    sandbox.set_env("KSECRET_COMPLETION_TIMEOUT", "0");
    assert_eq!(offered(&sandbox, "get secret "), ":4");
    assert_eq!(offered(&sandbox, "get --context d"), "dev :4");
    assert!(server.targets().is_empty());
}

/// Nothing is started, asked or made that the word under the cursor does not need.
#[test]
fn what_is_not_needed_is_not_touched() {
    let mut sandbox = patient(Sandbox::bare());
    let script = format!("#!/bin/sh\ntouch {}\nexit 1\n", sandbox.root().join("ran").display());
    let plugin = sandbox.script("plugin", &script);
    let exec = format!(
        "user: {{exec: {{apiVersion: client.authentication.k8s.io/v1, command: {plugin:?}, interactiveMode: Never}}}}"
    );
    use_kubeconfig(&mut sandbox, &kubeconfig("https://127.0.0.1:1").replace("user: {}", &exec));
    let ran = sandbox.root().join("ran");
    for line in [
        "",
        "ge",
        "get -",
        "get -o ",
        "get --context ",
        "get -f ",
        "create generic x ",
        "config use-context ",
        "get configmap ",
    ] {
        offered(&sandbox, line);
        assert!(!ran.exists(), "{line:?}");
    }
    offered(&sandbox, "get ");
    assert!(ran.exists(), "the plugin that the test would see does run");

    let mut sandbox = patient(Sandbox::bare());
    assert_eq!(offered(&sandbox, "get secret "), ":4", "no cluster is configured");
    sandbox.set_env("KSECRET_LOCAL", "1");
    assert_eq!(offered(&sandbox, "get secret "), ":4");
    assert_eq!(offered(&sandbox, "--local=new.db decode db "), ":4");
    let left = |dir: &str| fs::read_dir(sandbox.root().join(dir)).expect("a directory").count();
    assert_eq!((left("home"), left("cwd")), (0, 0), "no store was made");
}

/// An id-token that has expired is not replaced: what is given up half-way would lose the new refresh token.
#[test]
fn no_token_is_renewed() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let (issuer, ca) = tls_server(|_| answer("500 Internal Server Error", "text/plain", ""));
    // The token says {"exp":1}.
    let provider = format!(
        "user: {{auth-provider: {{name: oidc, config: {{idp-issuer-url: 'https://{}', client-id: c, refresh-token: r, \
         id-token: h.eyJleHAiOjF9.s, idp-certificate-authority-data: {}}}}}}}",
        issuer.address,
        STANDARD.encode(ca)
    );
    let mut sandbox = patient(Sandbox::bare());
    use_kubeconfig(&mut sandbox, &kubeconfig("https://127.0.0.1:1").replace("user: {}", &provider));
    let before = fs::read(sandbox.kubeconfig()).expect("the kubeconfig");
    assert_eq!(offered(&sandbox, "get secret "), ":4");
    assert!(issuer.targets().is_empty());
    assert_eq!(fs::read(sandbox.kubeconfig()).expect("the kubeconfig"), before);
    assert_eq!(sandbox.run(&["get", "secrets"]).exit, 1);
    assert!(!issuer.targets().is_empty(), "a command does ask");
}

#[test]
fn the_store_that_is_named_is_the_one_that_is_read() {
    let sandbox = with_store();
    sandbox.ok(&["--local=other.db", "create", "generic", "elsewhere"]);
    assert_eq!(offered(&sandbox, "--local=other.db get secret "), "elsewhere :4");
    assert_eq!(offered(&sandbox, "get --local=other.db secret "), "elsewhere :4");
    assert_eq!(offered(&sandbox, "get secret w"), "web :4");
}
