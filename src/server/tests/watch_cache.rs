use std::sync::Arc;

use serde_json::Value as Json;

use super::{Client, SECRETS, Watch};
use crate::api::watch_cache::{Cache, CachedEvent};

fn read(client: &Client, shared: &Cache, after: u64) -> Option<Vec<Arc<CachedEvent>>> {
    shared.events(&client.server.0.store, after, 100).expect("a store").ok()
}

fn revisions(events: &[Arc<CachedEvent>]) -> Vec<u64> {
    events.iter().map(|happened| happened.event.revision).collect()
}

#[tokio::test]
async fn a_write_is_read_once_for_all_watches() {
    let client = Client::in_memory();
    let head = client.server.0.store.head().expect("a head");
    let shared = client.server.0.watch_cache.join();
    client.create("a").await;
    let first = read(&client, &shared, head).unwrap_or_default();
    let second = read(&client, &client.server.0.watch_cache.join(), head).unwrap_or_default();
    assert_eq!(revisions(&first), [head + 1]);
    assert!(Arc::ptr_eq(&first[0], &second[0]));
    let stored = first[0].event.new.as_ref().expect("an object");
    let line = |of: &CachedEvent| of.line("ADDED", stored, head + 1);
    assert_eq!(line(&first[0]).as_ptr(), line(&second[0]).as_ptr(), "it is written down once, too");
    drop((shared, first, second));
    let again = read(&client, &client.server.0.watch_cache.join(), head).unwrap_or_default();
    assert_eq!(revisions(&again), [head + 1], "nothing is remembered without a watch, and nothing is lost");
}

#[tokio::test]
async fn a_watch_behind_or_ahead_sees_every_write_too() {
    let client = Client::in_memory();
    let head = client.server.0.store.head().expect("a head");
    let shared = client.server.0.watch_cache.join();
    for number in 0..70 {
        client.create(&format!("s{number}")).await;
    }
    let all = (head + 1..=head + 70).collect::<Vec<_>>();
    assert_eq!(revisions(&read(&client, &shared, head).unwrap_or_default()), all);
    // More than are kept: the oldest are read from the store again.
    assert_eq!(revisions(&read(&client, &shared, head).unwrap_or_default()), all);
    assert_eq!(revisions(&read(&client, &shared, head + 68).unwrap_or_default()), [head + 69, head + 70]);
    client.create("t").await;
    client.create("u").await;
    // A watch that begins after all events that were read.
    assert_eq!(revisions(&read(&client, &shared, head + 71).unwrap_or_default()), [head + 72]);
    assert_eq!(revisions(&read(&client, &shared, head + 70).unwrap_or_default()), [head + 71, head + 72]);
    assert_eq!(revisions(&read(&client, &shared, head + 500).unwrap_or_default()), [0; 0]);
    assert_eq!(revisions(&read(&client, &shared, head + 71).unwrap_or_default()), [head + 72]);
}

#[tokio::test]
async fn what_the_store_has_forgotten_is_forgotten() {
    let client = Client::in_memory();
    let head = client.server.0.store.head().expect("a head");
    let shared = client.server.0.watch_cache.join();
    for name in ["a", "b", "c"] {
        client.create(name).await;
        client.ask("DELETE", &format!("{SECRETS}/{name}"), &Json::Null).await;
    }
    assert_eq!(read(&client, &shared, head).map(|events| events.len()), Some(6));
    client.server.0.store.forget(1, u64::MAX);
    assert!(read(&client, &shared, head).is_none());
}

#[tokio::test]
async fn a_long_watch_sees_what_came_in_one_go() {
    let client = Client::in_memory();
    let mut watch = Watch::begin(&client, "fieldSelector=metadata.name%3Dlast").await;
    let mut other = Watch::begin(&client, "resourceVersion=4").await;
    for number in 0..300 {
        client.create(&format!("s{number}")).await;
    }
    client.create("last").await;
    assert_eq!(watch.brief().await, "ADDED last");
    for number in 0..300 {
        assert_eq!(other.brief().await, format!("ADDED s{number}"));
    }
    assert_eq!(other.brief().await, "ADDED last");
}
