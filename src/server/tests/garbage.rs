use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::{Client, SECRETS, Server, Storage, Watch, secret};
use crate::ClockRng;

fn with_finalizer(name: &str, finalizer: &str) -> Json {
    let mut body = secret(name, "v");
    body["metadata"]["finalizers"] = json!([finalizer]);
    body
}

/// Returns a client of a server whose clock stands still until it is set.
fn with_clock(storage: &Storage) -> (Client, Arc<AtomicI64>) {
    let clock = Arc::new(AtomicI64::new(1_795_000_000));
    let (read, system) = (Arc::clone(&clock), ClockRng::of_system());
    let clock_rng = ClockRng::made(
        move || Timestamp::from_second(read.load(Ordering::Relaxed)).unwrap_or_default(),
        move |bytes| {
            for byte in bytes {
                [*byte] = system.bytes();
            }
        },
    );
    (Client::of(Server::open_with(storage, clock_rng).expect("a server")), clock)
}

#[tokio::test]
async fn every_deletion_that_waits_for_the_collector_ends() {
    let client = Client::in_memory();
    client.ask("POST", SECRETS, &with_finalizer("a", "foregroundDeletion")).await;
    client.create("b").await;
    client.create("c").await;
    let mut watch = Watch::begin(&client, "timeoutSeconds=5").await;
    for name in ["a", "b", "c"] {
        assert_eq!(watch.brief().await, format!("ADDED {name}"));
    }
    client.ask("DELETE", &format!("{SECRETS}/a"), &Json::Null).await;
    client.ask("DELETE", SECRETS, &json!({"propagationPolicy": "Foreground"})).await;
    let mut seen = Vec::new();
    while seen.iter().filter(|e: &&String| e.starts_with("DELETED")).count() < 3 && seen.len() < 20 {
        seen.push(watch.brief().await);
    }
    for name in ["a", "b", "c"] {
        assert!(seen.contains(&format!("MODIFIED {name}")) && seen.contains(&format!("DELETED {name}")), "{seen:?}");
    }
}

#[tokio::test]
async fn a_watch_ends_what_another_process_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let storage = Storage::File(folder.path().join("s.db"));
    let here = Client::on(&storage);
    here.create("a").await;
    let mut watch = Watch::begin(&here, "timeoutSeconds=5").await;
    assert_eq!(watch.brief().await, "ADDED a");
    let gone = storage.clone();
    std::thread::spawn(move || {
        // A process that ends before its garbage collection is due.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let body = json!({"propagationPolicy": "Foreground"});
            Client::on(&gone).ask("DELETE", &format!("{SECRETS}/a"), &body).await
        })
    })
    .join()
    .expect("a deletion");
    assert_eq!(watch.brief().await, "MODIFIED a");
    assert_eq!(watch.brief().await, "DELETED a");
}

#[tokio::test]
async fn what_should_be_gone_is_in_no_way() {
    let (client, clock) = with_clock(&Storage::Memory);
    let leave = async |name: &str| {
        client.ask("POST", SECRETS, &with_finalizer(name, "orphan")).await;
        let (status, waiting) = client.ask("DELETE", &format!("{SECRETS}/{name}"), &Json::Null).await;
        assert_eq!((status, waiting["metadata"]["deletionTimestamp"].is_string()), (200, true));
    };
    for name in ["create", "put", "patch", "apply", "delete", "get", "list"] {
        leave(name).await;
    }
    assert_eq!(client.ask("POST", SECRETS, &secret("create", "w")).await.0, 409);
    clock.fetch_add(3, Ordering::Relaxed);
    let path = |name: &str| format!("{SECRETS}/{name}");
    assert_eq!(client.ask("POST", SECRETS, &secret("create", "w")).await.0, 201);
    assert_eq!(client.ask("PUT", &path("put"), &secret("put", "w")).await.0, 404);
    assert_eq!(client.ask("PATCH", &path("patch"), &json!({"data": {"k": "dw=="}})).await.0, 404);
    let apply = [("content-type", "application/apply-patch+yaml")];
    let body = "{apiVersion: v1, kind: Secret, metadata: {name: apply}}";
    assert_eq!(client.send("PATCH", &format!("{}?fieldManager=m", path("apply")), &apply, body).await.status(), 201);
    assert_eq!(client.ask("DELETE", &path("delete"), &Json::Null).await.0, 404);
    assert_eq!(client.get(&path("get")).await.0, 404);
    let (_, list) = client.get(SECRETS).await;
    let names = list["items"].as_array().into_iter().flatten().map(|i| &i["metadata"]["name"]).collect::<Vec<_>>();
    assert_eq!(names, ["apply", "create"]);
}

#[tokio::test]
async fn a_namespace_does_not_wait_for_the_collector() {
    let (client, _) = with_clock(&Storage::Memory);
    let (space, here) = ("/api/v1/namespaces/n", "/api/v1/namespaces/n/secrets");
    client.ask("POST", "/api/v1/namespaces", &json!({"metadata": {"name": "n"}})).await;
    client.ask("POST", here, &with_finalizer("a", "orphan")).await;
    client.ask("POST", here, &with_finalizer("b", "foregroundDeletion")).await;
    client.ask("DELETE", &format!("{here}/b"), &Json::Null).await;
    client.ask("DELETE", space, &Json::Null).await;
    assert_eq!(client.get(space).await.0, 404);
}

#[tokio::test]
async fn a_namespace_of_the_collectors_ends_too() {
    let (client, clock) = with_clock(&Storage::Memory);
    let space = "/api/v1/namespaces/n";
    client.ask("POST", "/api/v1/namespaces", &json!({"metadata": {"name": "n"}})).await;
    let (_, waiting) = client.ask("DELETE", space, &json!({"propagationPolicy": "Foreground"})).await;
    assert_eq!(waiting["metadata"]["finalizers"], json!(["foregroundDeletion"]));
    clock.fetch_add(3, Ordering::Relaxed);
    assert_eq!(client.get(space).await.0, 404);
}
