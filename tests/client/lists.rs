//! Pages of lists and events of watches.

use ksecret::{
    client::{Call, Collection, Events, ListOptions, Path, Settings},
    secret::resource::Resource,
};

use super::{
    client, run, server as flags,
    server::{Reply, Server, answer, json},
};

fn page(names: &[&str], token: &str) -> String {
    let items: Vec<String> = names.iter().map(|n| format!(r#"{{"metadata":{{"name":"{n}"}}}}"#)).collect();
    format!(
        r#"{{"kind":"SecretList","apiVersion":"v1","metadata":{{"resourceVersion":"7","continue":"{token}"}},"items":[{}]}}"#,
        items.join(", ")
    )
}

fn team() -> Path {
    Collection::of(Resource::Secrets, "team").expect("a namespace").path()
}

fn options() -> ListOptions {
    ListOptions { limit: 2, label_selector: "app=x".to_owned(), ..ListOptions::default() }
}

#[test]
fn follows_the_pages() {
    let server = Server::plain(|request| match request.target().split("continue=").nth(1) {
        None => json(&page(&["a", "b"], "t/1")),
        Some(_) => json(&page(&["c"], "")),
    });
    let client = client(&flags(format!("http://{}", server.address)));
    let items = run(async {
        let mut items = Vec::new();
        let mut pages = client.list(Resource::Secrets, team(), options());
        while let Some(page) = pages.next().await.expect("a page") {
            assert_eq!((page.kind.as_str(), page.resource_version.as_str()), ("SecretList", "7"));
            assert_eq!(page.len(), page.items().len());
            items.extend(page.items().map(|item| String::from_utf8_lossy(item).into_owned()));
        }
        assert!(!pages.inconsistent());
        items
    });
    assert_eq!(items, ["a", "b", "c"].map(|n| format!(r#"{{"metadata":{{"name":"{n}"}}}}"#)));
    assert_eq!(
        server.targets(),
        [
            "GET /api/v1/namespaces/team/secrets?labelSelector=app%3Dx&limit=2",
            "GET /api/v1/namespaces/team/secrets?continue=t%2F1&labelSelector=app%3Dx&limit=2"
        ]
    );
}

#[test]
fn reads_tables() {
    let server = Server::plain(|_| {
        json(
            r#"{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{},"columnDefinitions":[{"name":"Name"}],"rows":[{"cells":["a"]}]}"#,
        )
    });
    let client = client(&flags(format!("http://{}", server.address)));
    let page = run(async {
        client.list(Resource::Secrets, Path::all(Resource::Secrets), ListOptions::default()).next().await
    })
    .expect("an answer")
    .expect("a page");
    assert_eq!(page.columns(), Some(&br#"[{"name":"Name"}]"#[..]));
    assert_eq!(page.items().collect::<Vec<_>>(), [br#"{"cells":["a"]}"#]);
    assert_eq!(server.targets(), ["GET /api/v1/secrets"]);
}

#[test]
fn goes_on_where_an_expired_list_stopped() {
    let server = Server::plain(|request| match request.target().split("continue=").nth(1).map(|t| &t[..3]) {
        None => json(&page(&["a"], "old")),
        Some("old") => answer(
            "410 Gone",
            "application/json",
            r#"{"kind":"Status","metadata":{"continue":"new"},"status":"Failure","message":"too old","reason":"Expired","code":410}"#,
        ),
        Some(_) => json(&page(&["b"], "")),
    });
    let client = client(&flags(format!("http://{}", server.address)));
    run(async {
        let mut pages = client.list(Resource::Secrets, team(), options());
        let mut count = 0;
        while let Some(page) = pages.next().await.expect("a page") {
            count += page.len();
        }
        assert_eq!(count, 2);
        assert!(pages.inconsistent());
    });
}

#[test]
fn words_selector_errors_as_kubectl_does() {
    let server = Server::plain(|_| {
        answer(
            "400 Bad Request",
            "application/json",
            r#"{"kind":"Status","status":"Failure","message":"found '==', expected: ',' or 'end of string'","reason":"BadRequest","code":400}"#,
        )
    });
    let client = client(&flags(format!("http://{}", server.address)));
    let options = ListOptions { label_selector: "a==b==c".to_owned(), ..ListOptions::default() };
    let failure = run(async { client.list(Resource::Secrets, team(), options).next().await });
    assert_eq!(
        failure.err().map(|f| f.words().line).as_deref(),
        Some(
            "Error from server (BadRequest): Unable to find \"/v1, Resource=secrets\" that match label selector \
             \"a==b==c\", field selector \"\": found '==', expected: ',' or 'end of string'"
        )
    );
}

fn watch(body: &'static str) -> (Server, Settings) {
    let server = Server::plain(move |_| {
        let mut bytes =
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        for piece in body.as_bytes().chunks(7) {
            bytes.extend(format!("{:x}\r\n", piece.len()).into_bytes());
            bytes.extend(piece);
            bytes.extend(b"\r\n");
        }
        bytes.extend(b"0\r\n\r\n");
        Reply::Bytes(bytes)
    });
    let settings = flags(format!("http://{}", server.address));
    (server, settings)
}

#[test]
fn reads_events_however_they_are_cut() {
    let (_server, settings) = watch(concat!(
        r#"{"type":"ADDED","object":{"kind":"Secret","metadata":{"name":"a"}}}"#,
        "\n\n",
        r#"{"type":"BOOKMARK","object":{"kind":"Secret","metadata":{"resourceVersion":"9"}}}"#,
        "\n",
        r#"{"type":"ERROR","object":{"kind":"Status","status":"Failure","message":"too old","reason":"Expired","code":410}}"#,
    ));
    let client = client(&settings);
    run(async {
        let call = Call::get(Path::fixed("/api/v1/namespaces/team/secrets")).query("watch", "true");
        let mut events = Events::new(client.stream(call).await.expect("a stream"));
        let added = events.next().await.expect("an event").expect("an event");
        assert_eq!((added.kind.as_str(), added.object.name()), ("ADDED", "a"));
        assert_eq!(events.next().await.expect("an event").map(|e| e.kind).as_deref(), Some("BOOKMARK"));
        let failure = events.next().await.err().expect("a failure");
        assert!(failure.is_expired());
        assert!(events.next().await.expect("the end").is_none());
    });
}

#[test]
fn a_refused_watch_is_a_failure() {
    let server = Server::plain(|_| answer("403 Forbidden", "text/plain", "no"));
    let client = client(&flags(format!("http://{}", server.address)));
    let failure = run(client.stream(Call::get(Path::fixed("/api/v1/secrets")))).err().expect("a failure");
    assert_eq!(failure.reason(), "Forbidden");
}
