//! Values that were deleted or replaced are no longer in the file.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use serde_json::{Value as Json, json};

use super::{Client, SECRETS, Storage};
use crate::{Listener, Server, Tidying};

/// Returns a value of `size` bytes that is stored without escapes.
fn value(number: usize, size: usize) -> String {
    let mark = format!("MARK{number:08}");
    mark.repeat((size / mark.len()).max(1)).chars().take(size.next_multiple_of(4)).collect()
}

fn object(name: &str, value: &str) -> Json {
    json!({"metadata": {"name": name}, "data": {"k": value}})
}

/// Returns the numbers of the values of which some piece is in one of the store's files.
fn found(file: &Path) -> Vec<usize> {
    let mut numbers = Vec::new();
    for end in ["", "-wal", "-shm", "-journal"] {
        let content = fs::read(format!("{}{end}", file.display())).unwrap_or_default();
        let marks = content.windows(12).filter(|window| window.starts_with(b"MARK"));
        numbers.extend(marks.filter_map(|mark| std::str::from_utf8(&mark[4..]).ok()?.parse::<usize>().ok()));
    }
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

#[tokio::test]
async fn what_is_not_live_is_nowhere_in_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("s.db");
    let client = Client::on(&Storage::File(file.clone()));
    let mut live = BTreeMap::new();
    // Sizes that share a page, fill one, and need several.
    let sizes = [16, 400, 1_200, 3_000, 4_096, 9_000, 70_000];
    for number in 0..600 * super::rounds() / 3 {
        let (place, size) = (number * 37 % 61, sizes[number * 13 % sizes.len()]);
        let (name, path) = (format!("s{place}"), format!("{SECRETS}/s{place}"));
        let status = match (live.contains_key(&place), number % 5) {
            (true, 0) => {
                live.remove(&place);
                client.ask("DELETE", &path, &Json::Null).await.0
            }
            (there, _) => {
                live.insert(place, number);
                let (method, path) = if there { ("PUT", path.as_str()) } else { ("POST", SECRETS) };
                client.ask(method, path, &object(&name, &value(number, size))).await.0
            }
        };
        assert!(matches!(status, 200 | 201), "{status}");
        if number % 100 == 99 {
            client.server.0.store.tidy(Duration::ZERO).expect("tidying");
            let mut expected = live.values().copied().collect::<Vec<_>>();
            expected.sort_unstable();
            assert_eq!(found(&file), expected);
        }
    }
    // What is kept for watches is removed when the last process ends.
    client.ask("DELETE", SECRETS, &Json::Null).await;
    assert!(!found(&file).is_empty());
    drop(client);
    assert_eq!(found(&file), [0_usize; 0]);
}

#[tokio::test]
async fn watches_have_time_to_see_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("s.db");
    let client = Client::on(&Storage::File(file.clone()));
    let (_, before) = client.get(SECRETS).await;
    client.ask("POST", SECRETS, &object("s", &value(1, 100))).await;
    client.ask("DELETE", &format!("{SECRETS}/s"), &Json::Null).await;
    let default = Tidying::default();
    assert!(default.keep + 2 * default.every <= Duration::from_secs(50), "a minute is promised");
    client.server.0.store.tidy(default.keep).expect("tidying");
    let mut watch = super::Watch::begin(&client, &format!("resourceVersion={}", super::version(&before))).await;
    assert_eq!((watch.brief().await, watch.brief().await), ("ADDED s".to_owned(), "DELETED s".to_owned()));
    assert_eq!(found(&file), [1]);
}

#[tokio::test]
async fn a_server_that_has_nothing_to_do_does_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("s.db");
    let storage = Storage::File(file.clone());
    let tidying = Tidying { keep: Duration::ZERO, every: Duration::from_millis(20) };
    let server = Server::open(&storage).expect("a server").tidying(tidying);
    let other = Client::on(&storage);
    let listener = Listener::bind(server, ([127, 0, 0, 1], 0).into()).await.expect("a listener");
    let serving = tokio::spawn(listener.run(std::future::pending()));
    // Another process writes, and leaves the removal to the server, which has the file open.
    other.ask("POST", SECRETS, &object("s", &value(1, 5_000))).await;
    other.ask("PUT", &format!("{SECRETS}/s"), &object("s", &value(2, 100))).await;
    drop(other);
    let began = Instant::now();
    while found(&file) != [2] || fs::metadata(format!("{}-wal", file.display())).is_ok_and(|log| log.len() > 0) {
        assert!(began.elapsed() < Duration::from_secs(30), "{:?}", found(&file));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    serving.abort();
}
