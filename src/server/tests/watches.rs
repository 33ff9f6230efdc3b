use http_body_util::BodyExt as _;
use serde_json::json;

use super::{Client, SECRETS, Storage, Watch, secret, version};

#[tokio::test]
async fn a_watch_sees_every_write_in_order() {
    let client = Client::in_memory();
    client.create("a").await;
    let mut watch = Watch::begin(&client, "").await;
    assert_eq!(watch.brief().await, "ADDED a");
    client.create("b").await;
    assert_eq!(watch.brief().await, "ADDED b");
    client.ask("PATCH", &format!("{SECRETS}/a"), &json!({"data": {"k": "Mg=="}})).await;
    client.ask("DELETE", &format!("{SECRETS}/b"), &json!(null)).await;
    assert_eq!(watch.brief().await, "MODIFIED a");
    let deleted = watch.next().await.unwrap_or_default();
    assert_eq!(deleted["type"], "DELETED");
    assert_eq!(deleted["object"]["data"]["k"], "dg==");
    let (_, list) = client.get(SECRETS).await;
    assert_eq!(version(&deleted["object"]), version(&list));
}

#[tokio::test]
async fn a_watch_from_a_version_begins_after_it() {
    let client = Client::in_memory();
    let first = client.create("a").await;
    client.create("b").await;
    let mut watch = Watch::begin(&client, &format!("resourceVersion={}", version(&first))).await;
    assert_eq!(watch.brief().await, "ADDED b");
    client.create("c").await;
    assert_eq!(watch.brief().await, "ADDED c");
}

#[tokio::test]
async fn objects_enter_and_leave_a_selector() {
    let client = Client::in_memory();
    client.create("a").await;
    let mut watch = Watch::begin(&client, "labelSelector=x%3Dy").await;
    let path = format!("{SECRETS}/a");
    client.ask("PATCH", &path, &json!({"metadata": {"labels": {"x": "y"}}})).await;
    client.ask("PATCH", &path, &json!({"data": {"k": "Mg=="}})).await;
    let (_, left) = client.ask("PATCH", &path, &json!({"metadata": {"labels": {"x": "z"}}})).await;
    client.ask("PATCH", &path, &json!({"data": {"k": "Mw=="}})).await;
    assert_eq!(watch.brief().await, "ADDED a");
    assert_eq!(watch.brief().await, "MODIFIED a");
    let deleted = watch.next().await.unwrap_or_default();
    assert_eq!(deleted["type"], "DELETED");
    assert_eq!(deleted["object"]["metadata"]["labels"]["x"], "y");
    assert_eq!(version(&deleted["object"]), version(&left));
}

#[tokio::test]
async fn a_list_as_a_watch_ends_with_its_bookmark() {
    let client = Client::in_memory();
    client.create("a").await;
    let query = "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    let mut watch = Watch::begin(&client, query).await;
    assert_eq!(watch.brief().await, "ADDED a");
    let bookmark = watch.next().await.unwrap_or_default();
    assert_eq!(bookmark["type"], "BOOKMARK");
    assert_eq!(bookmark["object"]["metadata"]["annotations"]["k8s.io/initial-events-end"], "true");
    client.create("b").await;
    assert_eq!(watch.brief().await, "ADDED b");
    let (status, refused) = client.get(&format!("{SECRETS}?watch=1&sendInitialEvents=true")).await;
    assert_eq!(status, 422);
    assert!(refused["message"].as_str().unwrap_or_default().contains("sendInitialEvents requires setting"));
}

#[tokio::test]
async fn a_watch_ends_with_its_timeout_and_with_its_server() {
    let client = Client::in_memory();
    let mut watch = Watch::begin(&client, "timeoutSeconds=1&allowWatchBookmarks=true&resourceVersion=1").await;
    let begin = tokio::time::Instant::now();
    assert_eq!(watch.next().await.unwrap_or_default()["type"], "BOOKMARK");
    assert_eq!(watch.next().await, None);
    assert!(begin.elapsed() >= std::time::Duration::from_millis(900));
    let mut watch = Watch::begin(&client, "resourceVersion=1").await;
    client.server.close();
    assert_eq!(watch.next().await, None);
}

#[tokio::test]
async fn another_process_on_the_file_is_seen() {
    let folder = tempfile::tempdir().expect("a folder");
    let storage = Storage::File(folder.path().join("s.db"));
    let (here, there) = (Client::on(&storage), Client::on(&storage));
    let mut watch = Watch::begin(&here, "").await;
    there.create("a").await;
    assert_eq!(watch.brief().await, "ADDED a");
    let (status, read) = here.get(&format!("{SECRETS}/a")).await;
    assert_eq!((status, read["data"]["k"].as_str()), (200, Some("dg==")));
    let mut stale = secret("a", "mine");
    stale["metadata"]["resourceVersion"] = json!(version(&read));
    there.ask("PATCH", &format!("{SECRETS}/a"), &json!({"data": {"k": "Mg=="}})).await;
    let (status, _) = here.ask("PUT", &format!("{SECRETS}/a"), &stale).await;
    assert_eq!(status, 409);
}

#[tokio::test]
async fn a_list_as_a_watch_that_cannot_be_had_ends_with_the_error() {
    let client = Client::in_memory();
    let query = "resourceVersion=99999999&sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
    let mut watch = Watch::begin(&client, query).await;
    let error = watch.next().await.unwrap_or_default();
    assert_eq!((&error["type"], &error["object"]["code"]), (&json!("ERROR"), &json!(504)));
    let text = error["object"]["message"].as_str().unwrap_or_default();
    assert!(text.starts_with("Timeout: Too large resource version: 99999999, current: "), "{text}");
    assert_eq!(watch.next().await, None);
}

#[tokio::test]
async fn nothing_follows_the_error_that_ends_a_watch() {
    let client = Client::in_memory();
    for name in ["a", "b", "c"] {
        client.create(name).await;
        client.ask("DELETE", &format!("{SECRETS}/{name}"), &json!(null)).await;
    }
    client.server.0.store.forget(1, u64::MAX);
    // Short enough that the last bookmark is due at once.
    let mut watch = Watch::begin(&client, "resourceVersion=1&allowWatchBookmarks=true&timeoutSeconds=2").await;
    let error = watch.next().await.unwrap_or_default();
    assert_eq!((&error["type"], &error["object"]["code"]), (&json!("ERROR"), &json!(410)));
    assert_eq!(watch.next().await, None);
}

#[tokio::test]
async fn a_watch_from_a_version_that_never_comes_waits() {
    let client = Client::in_memory();
    let mut watch = Watch::begin(&client, "resourceVersion=18446744073709551615&timeoutSeconds=1").await;
    assert_eq!(watch.next().await, None);
}

#[tokio::test]
async fn a_watch_of_one_name_is_about_that_name() {
    let client = Client::in_memory();
    let path =
        |query: &str| format!("/api/v1/watch/namespaces/default/secrets/a?timeoutSeconds=1&fieldSelector={query}");
    for query in ["metadata.name%3Db", "type%3DOpaque", "metadata.name%21%3Da"] {
        let (status, refused) = client.get(&path(query)).await;
        let text = "fieldSelector metadata.name doesn't match requested name";
        assert_eq!((status, refused["message"].as_str()), (400, Some(text)), "{query}");
    }
    assert_eq!(client.get(&path("metadata.name%3Da,type%3DOpaque")).await.0, 200);
}

/// Returns how long this thread has run.
#[cfg(target_os = "linux")]
fn time_of_this_thread() -> std::time::Duration {
    let schedstat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("the scheduler's statistics");
    std::time::Duration::from_nanos(schedstat.split(' ').next().and_then(|ran| ran.parse().ok()).expect("nanoseconds"))
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn idle_watches_on_a_file_cost_nothing_and_hear_of_other_processes() {
    const WATCHES: usize = 1_000;
    let dir = tempfile::tempdir().expect("a directory");
    let storage = Storage::File(dir.path().join("store.db"));
    let (here, there) = (Client::on(&storage), Client::on(&storage));
    let (_, list) = here.get(SECRETS).await;
    let query = format!("resourceVersion={}", version(&list));
    let mut watches = tokio::task::JoinSet::new();
    for _ in 0..WATCHES {
        let mut watch = Watch::begin(&here, &query).await;
        watches.spawn(async move { watch.brief().await });
    }
    let mut all = std::pin::pin!(watches.join_all());
    // Not a wait for an event: the time in which nothing may happen.
    let idle = std::time::Duration::from_millis(500);
    assert!(tokio::time::timeout(idle, &mut all).await.is_err(), "they have begun, and wait");
    let before = time_of_this_thread();
    assert!(tokio::time::timeout(idle, &mut all).await.is_err(), "they wait");
    let ran = time_of_this_thread() - before;
    assert!(ran < idle / 50, "{WATCHES} idle watches took {ran:?} of {idle:?}");
    there.create("a").await;
    assert_eq!(all.await, vec!["ADDED a"; WATCHES]);
}

#[tokio::test]
async fn a_watch_comes_to_what_its_selector_finds_late_without_another_write() {
    const COUNT: usize = 300;
    let client = Client::in_memory();
    let (_, before) = client.get(SECRETS).await;
    for number in 0..COUNT {
        let mut body = secret(&format!("s{number:03}"), "v");
        body["metadata"]["labels"] = json!({"last": (number + 1 == COUNT).to_string()});
        assert_eq!(client.ask("POST", SECRETS, &body).await.0, 201);
    }
    for from in ["", &format!("&resourceVersion={}", version(&before))] {
        let mut watch = Watch::begin(&client, &format!("labelSelector=last%3Dtrue{from}")).await;
        let event = tokio::time::timeout(std::time::Duration::from_secs(60), watch.brief()).await;
        assert_eq!(event.expect("an event"), format!("ADDED s{:03}", COUNT - 1));
    }
}

#[tokio::test]
async fn large_objects_are_read_a_few_at_a_time() {
    let client = Client::in_memory();
    let head = client.server.0.store.head().expect("a head");
    for name in ["a", "b", "c", "d", "e", "f"] {
        assert_eq!(client.ask("POST", SECRETS, &secret(name, &"v".repeat(500_000))).await.0, 201);
    }
    let events = client.server.0.store.events(head, 100).expect("a store");
    assert!(events.is_ok_and(|events| events.len() == 2));
    for from in [String::new(), format!("&resourceVersion={head}")] {
        let response = client.send("GET", &format!("{SECRETS}?watch=1{from}"), &[], "").await;
        let mut body = response.into_body();
        let (mut longest, mut lines) = (0, 0);
        while lines < 6 {
            let Some(Ok(frame)) = body.frame().await else { panic!("it goes on") };
            let chunk = frame.into_data().expect("data");
            longest = longest.max(chunk.len());
            lines += chunk.iter().filter(|byte| **byte == b'\n').count();
        }
        assert!(longest < 3_000_000, "{longest}");
    }
}
