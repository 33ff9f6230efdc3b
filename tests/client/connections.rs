//! TLS, credentials, proxies, and kubectl's words when one of them fails.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use ksecret::client::{Call, Path, Settings};

use super::{
    SECRET, client, client_of, error_of, get, kubeconfig, server as flags,
    server::{self, Authority, Pair, Server, json, relay, tls_server},
};

const OBJECT: &str = r#"{"kind":"Secret","apiVersion":"v1","metadata":{"name":"db","namespace":"team"}}"#;

fn ca_file(pem: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(pem.as_bytes()).expect("written");
    file
}

/// Flags for a TLS server that `pem` vouches for.
fn trusting(url: String, pem: &str) -> (Settings, tempfile::NamedTempFile) {
    let file = ca_file(pem);
    let path = file.path().display().to_string();
    (Settings { certificate_authority: Some(path.into()), ..super::server(url) }, file)
}

#[test]
fn speaks_tls_with_a_token() {
    let (server, ca) = tls_server(|_| json(OBJECT));
    let client =
        client_of(&kubeconfig(&format!("https://{}", server.address), &ca, "{token: t0ken}"), Settings::default());
    assert_eq!((client.namespace(), client.namespace_given()), ("team", false));
    let answer = get(&client, SECRET).expect("an answer");
    assert_eq!(answer.object_named(Some("team"), "db").expect("the Secret").name(), "db");
    assert!(answer.object_named(Some("team"), "other").is_err());
    let request = &server.requests()[0];
    assert_eq!(request.target(), format!("GET {SECRET}"));
    assert_eq!(request.header("authorization"), Some("Bearer t0ken"));
    assert_eq!(request.header("accept"), Some("application/json"));
    assert_eq!(request.header("accept-encoding"), Some("gzip"));
    let agent = request.header("user-agent").expect("a user agent");
    assert!(agent.starts_with(concat!("ksecret/", env!("CARGO_PKG_VERSION"), " (linux/")), "{agent}");
}

#[test]
fn a_path_of_the_server_comes_before_ours_and_names_resolve() {
    let (server, ca) = tls_server(|_| json(OBJECT));
    let (settings, _file) = trusting(format!("https://localhost:{}/k8s/c-1/", server.address.port()), &ca);
    get(&client(&settings), SECRET).expect("an answer");
    assert_eq!(server.targets(), [format!("GET /k8s/c-1{SECRET}")]);
}

#[test]
fn refuses_certificates_in_go_s_words() {
    let authority = Authority::new();
    let other = Authority::new();
    let prefix = "Unable to connect to the server: tls: failed to verify certificate: x509: ";
    let line = |names: &[&str], host: &str, ca: &Authority, change: fn(&mut rcgen::CertificateParams)| {
        let pair = authority.certificate(names, change);
        let server = Server::tls(pair.server(None), |_| json(OBJECT));
        let (settings, _file) = trusting(format!("https://{host}:{}", server.address.port()), &ca.pem);
        let line = error_of(settings);
        assert_eq!(server.targets(), [""; 0], "nothing may be sent");
        line.strip_prefix(prefix).map(str::to_owned).unwrap_or(line)
    };
    assert_eq!(line(&["127.0.0.1"], "127.0.0.1", &other, |_| {}), "certificate signed by unknown authority");
    assert_eq!(
        line(&["foo.example"], "127.0.0.1", &authority, |_| {}),
        "cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs"
    );
    assert_eq!(
        line(&["10.0.0.1", "10.0.0.2"], "127.0.0.1", &authority, |_| {}),
        "certificate is valid for 10.0.0.1, 10.0.0.2, not 127.0.0.1"
    );
    assert_eq!(
        line(&["foo.example"], "localhost", &authority, |_| {}),
        "certificate is valid for foo.example, not localhost"
    );
    assert_eq!(
        line(&["10.0.0.1"], "localhost", &authority, |_| {}),
        "certificate is not valid for any names, but wanted to match localhost"
    );
    let expired = line(&["127.0.0.1"], "127.0.0.1", &authority, |params| {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    });
    assert!(expired.starts_with("certificate has expired or is not yet valid: current time 20"), "{expired}");
    assert!(expired.ends_with(" is after 2021-01-01T00:00:00Z"), "{expired}");
    let early = line(&["127.0.0.1"], "127.0.0.1", &authority, |params| {
        params.not_before = rcgen::date_time_ymd(2090, 1, 1);
        params.not_after = rcgen::date_time_ymd(2091, 1, 1);
    });
    assert!(early.ends_with(" is before 2090-01-01T00:00:00Z"), "{early}");
}

#[test]
fn trusts_nobody_where_no_root_vouches() {
    let (server, _) = tls_server(|_| json(OBJECT));
    assert_eq!(
        error_of(flags(format!("https://{}", server.address))),
        "Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority"
    );
}

#[test]
fn trusts_a_certificate_that_is_its_own_authority() {
    for ca in [false, true] {
        let pair = Pair::self_signed(&["127.0.0.1"], ca);
        let server = Server::tls(pair.server(None), |_| json(OBJECT));
        let (settings, _file) = trusting(format!("https://{}", server.address), &pair.pem);
        get(&client(&settings), SECRET).unwrap_or_else(|failure| panic!("ca: {ca}: {failure:?}"));
    }
    // Its name counts all the same.
    let pair = Pair::self_signed(&["10.0.0.1"], true);
    let server = Server::tls(pair.server(None), |_| json(OBJECT));
    let (settings, _file) = trusting(format!("https://{}", server.address), &pair.pem);
    assert!(error_of(settings).starts_with("Unable to connect to the server: tls: failed to verify certificate"));
}

#[test]
fn checks_the_name_that_tls_server_name_gives_or_none_at_all() {
    let authority = Authority::new();
    let pair = authority.certificate(&["api.example"], |_| {});
    let server = Server::tls(pair.server(None), |_| json(OBJECT));
    let url = format!("https://{}", server.address);
    let (settings, _file) = trusting(url.clone(), &authority.pem);
    let named = Settings { tls_server_name: Some("api.example".to_owned()), ..settings };
    get(&client(&named), SECRET).expect("the right name");
    let insecure = Settings { insecure_skip_tls_verify: Some(true), ..flags(url) };
    get(&client(&insecure), SECRET).expect("no name needed");
}

#[test]
fn shows_a_client_certificate() {
    let authority = Authority::new();
    let pair = authority.certificate(&["127.0.0.1"], |_| {});
    let server = Server::tls(pair.server(Some(&authority)), |_| json(OBJECT));
    let url = format!("https://{}", server.address);
    let me = authority.certificate(&["me"], |_| {});
    let directory = tempfile::tempdir().expect("a directory");
    let file = |name: &str, text: &str| {
        let path = directory.path().join(name);
        std::fs::write(&path, text).expect("a file");
        Some(path.into_os_string())
    };
    let base = Settings { certificate_authority: file("ca", &authority.pem), ..flags(url) };
    let with_key = |key: &str| Settings {
        client_certificate: file("me.crt", &me.pem),
        client_key: file("me.key", key),
        ..base.clone()
    };
    get(&client(&with_key(&me.key_pem)), SECRET).expect("an answer");
    assert_eq!(error_of(with_key(&pair.key_pem)), "error: tls: private key does not match public key");
    assert_eq!(error_of(with_key("junk")), "error: tls: failed to find any PEM data in key input");
    let none = error_of(base);
    assert_eq!(none, "Unable to connect to the server: remote error: tls: certificate required");
}

#[test]
fn has_kubectl_s_words_for_servers_that_are_not_there() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    assert_eq!(
        error_of(flags(format!("https://{free}"))),
        format!("The connection to the server {free} was refused - did you specify the right host or port?")
    );
    assert_eq!(
        error_of(flags(format!("http://localhost:{}", free.port()))),
        format!(
            "The connection to the server localhost:{} was refused - did you specify the right host or port?",
            free.port()
        )
    );
    let failure = get(&client(&flags(format!("https://{free}"))), SECRET).expect_err("no listener");
    assert_eq!(
        failure.words_of_create("secret").line,
        format!(
            "error: failed to create secret Get \"https://{free}{SECRET}\": dial tcp {free}: connect: connection refused"
        )
    );
    assert_eq!(
        error_of(flags("https://nowhere.invalid")),
        "Unable to connect to the server: dial tcp: lookup nowhere.invalid: no such host"
    );
}

#[test]
fn tells_tls_from_plain_text() {
    let plain = Server::plain(|_| json(OBJECT));
    // The TLS hello has no end of a head: the server would wait for it.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        let _ = stream.read(&mut [0; 1024]);
    });
    let insecure = Settings { insecure_skip_tls_verify: Some(true), ..flags(format!("https://{address}")) };
    assert_eq!(
        error_of(insecure),
        "Unable to connect to the server: tls: first record does not look like a TLS handshake"
    );
    get(&client(&flags(plain.address.to_string())), SECRET).expect("host:port means plain HTTP");
}

#[test]
fn sends_no_credentials_over_plain_http() {
    let server = Server::plain(|_| json(OBJECT));
    let settings = Settings { token: Some("t0ken".to_owned()), ..flags(format!("http://{}", server.address)) };
    let client = client(&settings);
    assert_eq!(client.warnings(), ["credentials are not sent over plain http"]);
    get(&client, SECRET).expect("an answer");
    assert_eq!(server.requests()[0].header("authorization"), None);
}

#[test]
fn impersonates() {
    let server = Server::plain(|_| json(OBJECT));
    let settings = Settings {
        as_user: Some("jane".to_owned()),
        as_groups: vec!["a".to_owned(), "b".to_owned()],
        as_uid: Some("7".to_owned()),
        as_user_extra: [("Team/x", "one"), ("Team/x", "two")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into(),
        ..flags(format!("http://{}", server.address))
    };
    get(&client(&settings), SECRET).expect("an answer");
    let request = &server.requests()[0];
    assert_eq!(request.header("impersonate-user"), Some("jane"));
    assert_eq!(request.header("impersonate-uid"), Some("7"));
    let groups: Vec<_> =
        request.headers.iter().filter(|(n, _)| n == "impersonate-group").map(|(_, v)| v.as_str()).collect();
    assert_eq!(groups, ["a", "b"]);
    let is_extra = |(name, _): &&(String, String)| name == "impersonate-extra-team%2fx";
    let extra: Vec<_> = request.headers.iter().filter(is_extra).map(|(_, value)| value.as_str()).collect();
    assert_eq!(extra, ["one", "two"]);
}

#[test]
fn authenticates_with_a_password_or_a_token_file() {
    let (server, ca) = tls_server(|_| json(OBJECT));
    let url = format!("https://{}", server.address);
    let settings = Settings::default();
    get(&client_of(&kubeconfig(&url, &ca, "{username: me, password: 'p:w'}"), settings), SECRET).expect("an answer");
    let file = ca_file(" from-file\n");
    let user = format!("{{tokenFile: {:?}}}", file.path());
    get(&client_of(&kubeconfig(&url, &ca, &user), Settings::default()), SECRET).expect("an answer");
    let requests = server.requests();
    assert_eq!(requests[0].header("authorization"), Some("Basic bWU6cDp3"));
    assert_eq!(requests[1].header("authorization"), Some("Bearer from-file"));
    let client = client_of(&kubeconfig(&url, &ca, "{tokenFile: /nowhere/token}"), Settings::default());
    let failure = get(&client, SECRET).expect_err("no token");
    assert_eq!(failure.words_of_create("secret").line, "error: open /nowhere/token: no such file or directory");
}

#[test]
fn a_token_file_is_stronger_than_the_token_beside_it() {
    let (server, ca) = tls_server(|_| json(OBJECT));
    let url = format!("https://{}", server.address);
    let send = |user: &str, settings: Settings| {
        get(&client_of(&kubeconfig(&url, &ca, user), settings), SECRET).expect("an answer");
        let requests = server.requests();
        requests.last().and_then(|request| request.header("authorization")).unwrap_or_default().to_owned()
    };
    let file = ca_file("from-file\n");
    let both = format!("{{token: from-config, tokenFile: {:?}}}", file.path());
    assert_eq!(send(&both, Settings::default()), "Bearer from-file");
    // A file that cannot be used leaves the other one, as in client-go.
    let empty = ca_file("\n");
    for path in [empty.path(), std::path::Path::new("/nowhere/token")] {
        let user = format!("{{token: from-config, tokenFile: {path:?}}}");
        assert_eq!(send(&user, Settings::default()), "Bearer from-config");
    }
    let typed = Settings { token: Some("typed".to_owned()), ..Settings::default() };
    assert_eq!(send(&both, typed), "Bearer typed");
}

/// A proxy that speaks CONNECT, and notes the heads that it got.
fn connect_proxy(status: &'static str) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let heads = Arc::new(Mutex::new(Vec::new()));
    let seen = heads.clone();
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
                head.push(byte[0]);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
            seen.lock().expect("no panic").push(head);
            let _ = stream.write_all(format!("HTTP/1.1 {status}\r\n\r\n").as_bytes());
            if status.starts_with("200")
                && let Ok(target) = TcpStream::connect(target)
            {
                thread::spawn(move || relay(stream, target));
            }
        }
    });
    (port, heads)
}

fn proxied(url: &str, ca: &str, proxy: &str) -> String {
    kubeconfig(url, ca, "{token: t}")
        .replace("certificate-authority-data", &format!("proxy-url: {proxy:?}, certificate-authority-data"))
}

#[test]
fn goes_through_a_proxy() {
    let (server, ca) = tls_server(|_| json(OBJECT));
    let url = format!("https://{}", server.address);
    let (port, heads) = connect_proxy("200 OK");
    let config = proxied(&url, &ca, &format!("http://us%40er:pw@127.0.0.1:{port}"));
    get(&client_of(&config, Settings::default()), SECRET).expect("an answer");
    let heads = heads.lock().expect("no panic");
    assert!(heads[0].starts_with(&format!("CONNECT {} HTTP/1.1\r\n", server.address)), "{}", heads[0]);
    assert!(heads[0].contains("Proxy-Authorization: Basic dXNAZXI6cHc="), "{}", heads[0]);
    assert!(!heads[0].contains("Bearer"));
}

#[test]
fn a_proxy_that_was_typed_replaces_the_clusters() {
    let (server, ca) = tls_server(|_| json(OBJECT));
    let url = format!("https://{}", server.address);
    let ((of_cluster, unused), (typed, heads)) = (connect_proxy("407 Who are you"), connect_proxy("200 OK"));
    let config = proxied(&url, &ca, &format!("http://127.0.0.1:{of_cluster}"));
    let settings = Settings { proxy_url: Some(format!("http://127.0.0.1:{typed}")), ..Settings::default() };
    get(&client_of(&config, settings), SECRET).expect("an answer");
    assert_eq!((heads.lock().expect("no panic").len(), unused.lock().expect("no panic").len()), (1, 0));
    // As for every such flag, an empty one is none.
    let settings = Settings { proxy_url: Some(String::new()), ..Settings::default() };
    get(&client_of(&config, settings), SECRET).expect_err("the cluster's proxy refuses");
}

#[test]
fn says_what_a_proxy_did_wrong() {
    let (server, ca) = tls_server(|_| json(OBJECT));
    let url = format!("https://{}", server.address);
    let line = |proxy: &str| {
        let failure = get(&client_of(&proxied(&url, &ca, proxy), Settings::default()), SECRET).expect_err("no way");
        failure.words().line
    };
    let (port, _) = connect_proxy("407 Who are you");
    assert_eq!(
        line(&format!("http://127.0.0.1:{port}")),
        "Unable to connect to the server: proxyconnect tcp: tunnel error: proxy authorization required"
    );
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    assert_eq!(
        line(&format!("http://{free}")),
        format!("Unable to connect to the server: proxyconnect tcp: dial tcp {free}: connect: connection refused")
    );
}

#[test]
fn asks_a_proxy_for_plain_urls() {
    let proxy = Server::plain(|_| json(OBJECT));
    let home = tempfile::tempdir().expect("a directory");
    let vars = [("HTTP_PROXY", format!("http://u:p@{}", proxy.address))];
    let vars: Vec<(&str, &str)> = vars.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let context = super::context(home.path(), &vars);
    let client = super::connect(&flags("http://api.invalid"), &context);
    get(&client, SECRET).expect("an answer");
    let request = &proxy.requests()[0];
    assert_eq!(request.target(), format!("GET http://api.invalid{SECRET}"));
    assert_eq!(request.header("proxy-authorization"), Some("Basic dTpw"));
}

#[test]
fn goes_through_socks() {
    let (server, ca) = tls_server(|_| json(OBJECT));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let target = server.address;
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let mut greeting = [0; 2];
        stream.read_exact(&mut greeting).expect("a greeting");
        stream.read_exact(&mut vec![0; usize::from(greeting[1])]).expect("methods");
        stream.write_all(&[5, 0]).expect("written");
        // CONNECT to an IPv4 address.
        stream.read_exact(&mut [0; 10]).expect("a request");
        stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).expect("written");
        relay(stream, TcpStream::connect(target).expect("the server"));
    });
    let config = proxied(&format!("https://{target}"), &ca, &format!("socks5://127.0.0.1:{port}"));
    get(&client_of(&config, Settings::default()), SECRET).expect("an answer");
    assert_eq!(server.targets().len(), 1);
}

#[test]
fn follows_no_redirect_to_another_origin() {
    let (elsewhere, _) = tls_server(|_| json(OBJECT));
    let plain = Server::plain(|_| json(OBJECT));
    for (to, shown) in [
        (format!("https://{}/stolen?token=x", elsewhere.address), format!("https://{}/stolen", elsewhere.address)),
        (format!("http://{}/stolen", plain.address), format!("http://{}/stolen", plain.address)),
    ] {
        for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
            let header = format!("Location: {to}\r\n");
            let (server, ca) = tls_server(move |_| server::answer_with(status, &header, ""));
            let (settings, _file) = trusting(format!("https://{}", server.address), &ca);
            let settings = Settings { token: Some("t0ken".to_owned()), ..settings };
            assert_eq!(
                error_of(settings),
                format!(
                    "error: the server answered {status} and points to {shown}: a redirect to another origin is not followed"
                )
            );
            assert_eq!(server.targets().len(), 1);
        }
    }
    assert_eq!(elsewhere.targets(), [""; 0]);
    assert_eq!(plain.targets(), [""; 0]);
}

#[test]
fn follows_a_307_with_method_body_and_token() {
    let (server, ca) = tls_server(|request| match request.target().split(' ').nth(1) {
        Some(path) if path.starts_with("/moved") => json(OBJECT),
        Some(path) => server::answer_with("307 Temporary Redirect", &format!("Location: /moved{path}\r\n"), ""),
        None => server::answer_with("400 Bad Request", "", ""),
    });
    let (settings, _file) = trusting(format!("https://{}", server.address), &ca);
    let methods = [http::Method::GET, http::Method::PUT, http::Method::PATCH, http::Method::DELETE];
    let client = client(&Settings { token: Some("t0ken".to_owned()), ..settings });
    super::run(async {
        for method in methods {
            let call = Call::new(method.clone(), Path::fixed(SECRET)).body("application/json", "{\"a\":1}");
            client.call(call).await.expect("an answer");
            let requests = server.requests();
            let last = requests.last().expect("a request");
            assert_eq!(last.target(), format!("{method} /moved{SECRET}"));
            assert_eq!(last.body, b"{\"a\":1}");
            assert_eq!(last.header("content-type"), Some("application/json"));
            assert_eq!(last.header("authorization"), Some("Bearer t0ken"));
        }
    });
}

#[test]
fn a_redirect_without_end_is_cut() {
    let (server, ca) = tls_server(|_| server::answer_with("307 Temporary Redirect", "Location: /again\r\n", ""));
    let (settings, _file) = trusting(format!("https://{}", server.address), &ca);
    assert!(error_of(settings).ends_with("/again: stopped after 10 redirects"));
    assert_eq!(server.targets().len(), 11);
}
