use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value as Json, json};

use super::{Client, SECRETS, Storage, Watch, secret, version};
use crate::Failure;
use crate::Resource;

#[tokio::test]
async fn writers_that_meet_share_commits() {
    let folder = tempfile::tempdir().expect("a folder");
    let client = Client::on(&Storage::File(folder.path().join("s.db")));
    let before = client.server.0.store.commit_count();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..64 {
        let client = client.clone();
        tasks.spawn(async move { client.ask("POST", SECRETS, &secret(&format!("s{number}"), "v")).await.0 });
    }
    let statuses = tasks.join_all().await;
    assert!(statuses.iter().all(|s| *s == 201), "{statuses:?}");
    let commits = client.server.0.store.commit_count() - before;
    assert!(commits <= 8, "{commits} commits for 64 writes");
    let (_, list) = client.get(SECRETS).await;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(64));
}

#[test]
fn what_writers_on_several_threads_are_told_is_durable() {
    let folder = tempfile::tempdir().expect("a folder");
    let storage = Storage::File(folder.path().join("s.db"));
    let (client, other) = (Client::on(&storage), Client::on(&storage));
    let writer = |name: String| {
        let (client, other) = (client.clone(), other.clone());
        async move {
            let (status, made) = client.ask("POST", SECRETS, &secret(&name, "v")).await;
            (status, other.get(&format!("{SECRETS}/{name}")).await.1 == made)
        }
    };
    let thread = |thread: usize| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let writers = (0..32).map(|number| writer(format!("s{thread}-{number}")));
        runtime.block_on(async { writers.collect::<tokio::task::JoinSet<_>>().join_all().await })
    };
    let told = std::thread::scope(|scope| {
        let threads = (0..4).map(|number| scope.spawn(move || thread(number))).collect::<Vec<_>>();
        threads.into_iter().flat_map(|thread| thread.join().expect("a thread")).collect::<Vec<_>>()
    });
    assert_eq!(told, vec![(201, true); 128]);
}

#[test]
fn writers_that_go_away_keep_nobody_waiting() {
    let folder = tempfile::tempdir().expect("a folder");
    let client = Client::on(&Storage::File(folder.path().join("s.db")));
    let round = async |thread: usize, round: usize| {
        let write = |number: usize| {
            let (client, name) = (client.clone(), format!("s{thread}-{round}-{number}"));
            tokio::spawn(async move { client.ask("POST", SECRETS, &secret(&name, "v")).await.0 })
        };
        let writes = (0..12).map(write).collect::<Vec<_>>();
        for (number, write) in writes.iter().enumerate().filter(|(number, _)| number % 3 == 0) {
            for _ in 0..(round + number) % 5 {
                tokio::task::yield_now().await;
            }
            write.abort();
        }
        for (number, write) in writes.into_iter().enumerate() {
            match write.await {
                Ok(status) => assert_eq!(status, 201),
                Err(gone) => assert!(gone.is_cancelled() && number % 3 == 0),
            }
        }
    };
    let (client, round) = (&client, &round);
    std::thread::scope(|scope| {
        for thread in 0..3 {
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(async {
                    let all = async {
                        for number in 0..25 {
                            round(thread, number).await;
                        }
                    };
                    let limit = std::time::Duration::from_secs(60);
                    tokio::time::timeout(limit, all).await.expect("no wait is for ever");
                    assert_eq!(client.get(&format!("{SECRETS}/s{thread}-24-1")).await.0, 200);
                });
            });
        }
    });
}

#[tokio::test]
async fn one_of_those_who_write_the_same_version_wins() {
    let folder = tempfile::tempdir().expect("a folder");
    let client = Client::on(&Storage::File(folder.path().join("s.db")));
    let made = client.create("s").await;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..16 {
        let client = client.clone();
        let mut object = secret("s", &number.to_string());
        object["metadata"]["resourceVersion"] = made["metadata"]["resourceVersion"].clone();
        tasks.spawn(async move { client.ask("PUT", &format!("{SECRETS}/s"), &object).await.0 });
    }
    let mut statuses = tasks.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses.iter().filter(|s| **s == 200).count(), 1);
    assert_eq!(statuses.iter().filter(|s| **s == 409).count(), 15);
}

#[tokio::test]
async fn a_writer_that_goes_away_takes_nobody_along() {
    let folder = tempfile::tempdir().expect("a folder");
    let client = Client::on(&Storage::File(folder.path().join("s.db")));
    let leader = client.clone();
    let mut leading = Box::pin(async move { leader.ask("POST", SECRETS, &secret("first", "v")).await });
    // After one poll it has written, and waits for others to join its transaction.
    assert!(futures_poll(&mut leading).is_pending());
    let follower = client.clone();
    let mut following = Box::pin(async move { follower.ask("POST", SECRETS, &secret("second", "v")).await });
    assert!(futures_poll(&mut following).is_pending());
    drop(leading);
    assert_eq!(following.await.0, 201);
    assert_eq!(client.get(&format!("{SECRETS}/first")).await.0, 200);
}

#[tokio::test]
async fn a_reader_does_not_wait_for_another_process_that_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("s.db");
    let client = Client::on(&Storage::File(path.clone()));
    client.create("there").await;
    let other = rusqlite::Connection::open(path).expect("another process");
    other.execute_batch("BEGIN IMMEDIATE").expect("its lock");
    let writer = client.clone();
    let writing = tokio::spawn(async move { writer.ask("POST", SECRETS, &secret("waits", "v")).await.0 });
    tokio::task::yield_now().await;
    assert_eq!(client.get(&format!("{SECRETS}/there")).await.0, 200);
    assert_eq!(client.get(&format!("{SECRETS}/waits")).await.0, 404);
    other.execute_batch("COMMIT").expect("its end");
    assert_eq!(writing.await.expect("the writer"), 201);
}

#[tokio::test]
async fn a_full_disk_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    for storage in [Storage::Memory, Storage::File(folder.path().join("s.db"))] {
        let client = Client::on(&storage);
        let made = client.create("s").await;
        client.server.0.store.fill();
        let large = secret("s", &"x".repeat(500_000));
        let (status, refused) = client.ask("PUT", &format!("{SECRETS}/s"), &large).await;
        assert_eq!(status, 500, "{refused}");
        assert_eq!(client.get(&format!("{SECRETS}/s")).await.1, made, "{storage:?}");
    }
}

fn futures_poll<F: Future + Unpin>(future: &mut F) -> std::task::Poll<F::Output> {
    std::pin::Pin::new(future).poll(&mut std::task::Context::from_waker(std::task::Waker::noop()))
}

#[tokio::test]
async fn what_is_acknowledged_is_there_when_the_file_is_opened_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let storage = Storage::File(folder.path().join("deep/er/s.db"));
    let client = Client::on(&storage);
    let made = client.create("s").await;
    drop(client);
    let client = Client::on(&storage);
    assert_eq!(client.get(&format!("{SECRETS}/s")).await.1, made);
    assert_eq!(client.get("/api/v1/namespaces").await.1["items"].as_array().map(Vec::len), Some(4));
    let mode = |path: &str| {
        let metadata = std::fs::metadata(folder.path().join(path)).expect("metadata");
        metadata.permissions().mode() & 0o777
    };
    assert_eq!((mode("deep/er"), mode("deep/er/s.db")), (0o700, 0o600));
}

#[tokio::test]
async fn a_file_that_is_no_store_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, "these are my notes, not a database").expect("a file");
    assert!(super::Server::open(&Storage::File(path.clone())).is_err());
    assert_eq!(std::fs::read_to_string(path).expect("the file"), "these are my notes, not a database");
}

#[tokio::test]
async fn history_ends_and_says_so() {
    let client = Client::in_memory();
    let made = client.create("s").await;
    let (_, first) = client.get(&format!("{SECRETS}?limit=1&fieldSelector=metadata.name%3Ds")).await;
    client.create("t").await;
    let (_, page) = client.get(&format!("{SECRETS}?limit=1")).await;
    for number in 0..20 {
        client.ask("PATCH", &format!("{SECRETS}/s"), &json!({"metadata": {"labels": {"n": number.to_string()}}})).await;
    }
    client.server.0.store.forget(5, u64::MAX);
    let old = super::version(&made);
    let mut watch = super::Watch::begin(&client, &format!("resourceVersion={old}")).await;
    let event = watch.next().await.unwrap_or_default();
    assert_eq!((event["type"].as_str(), event["object"]["code"].as_u64()), (Some("ERROR"), Some(410)));
    let text = event["object"]["message"].as_str().unwrap_or_default();
    assert!(text.starts_with(&format!("too old resource version: {old} (")), "{text}");
    assert_eq!(watch.next().await, None);
    let token = page["metadata"]["continue"].as_str().unwrap_or_default();
    let (status, expired) = client.get(&format!("{SECRETS}?limit=1&continue={token}")).await;
    assert_eq!((status, expired["reason"].as_str()), (410, Some("Expired")));
    let token = expired["metadata"]["continue"].as_str().unwrap_or_default();
    let (status, rest) = client.get(&format!("{SECRETS}?limit=1&continue={token}")).await;
    assert_eq!((status, rest["items"][0]["metadata"]["name"].as_str()), (200, Some("t")));
    drop(first);
}

#[tokio::test]
async fn many_may_make_one_file_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let storage = Storage::File(folder.path().join("s.db"));
    let openers = (0..12).map(|number| {
        let storage = storage.clone();
        std::thread::spawn(move || {
            let client = Client::on(&storage);
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(client.create(&format!("s{number}")));
        })
    });
    for opener in openers.collect::<Vec<_>>() {
        opener.join().expect("an opener");
    }
    let (_, list) = Client::on(&storage).get(SECRETS).await;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(12));
}

#[tokio::test]
async fn history_of_large_objects_is_bounded() {
    let client = Client::in_memory();
    let large = "x".repeat(30_000);
    client.create("s").await;
    for number in 0..20 {
        let (status, _) = client.ask("PUT", &format!("{SECRETS}/s"), &secret("s", &format!("{number}{large}"))).await;
        assert_eq!(status, 200);
    }
    let store = &client.server.0.store;
    assert!(store.size() > 800_000);
    store.forget(10_000, 100_000);
    assert!(store.size() < 200_000, "{} bytes are kept", store.size());
    let (status, _) = client.get(&format!("{SECRETS}/s")).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn history_is_forgotten_in_steps_and_what_is_left_of_it_is_whole() {
    let client = Client::in_memory();
    client.create("s").await;
    for number in 0..20 {
        let (status, _) = client.ask("PUT", &format!("{SECRETS}/s"), &secret("s", &number.to_string())).await;
        assert_eq!(status, 200);
    }
    let store = &client.server.0.store;
    let head = store.head().expect("a head");
    let mut steps = Vec::new();
    loop {
        let before = store.oldest().expect("a store");
        let is_all = store.forget_step(head - 2);
        let oldest = store.oldest().expect("a store");
        assert!(oldest <= before + 3 && is_all == (oldest == head - 2));
        let exact = format!("{SECRETS}?resourceVersionMatch=Exact&resourceVersion={oldest}");
        let (status, list) = client.get(&exact).await;
        assert_eq!((status, version(&list)), (200, oldest.to_string().as_str()), "{list}");
        let mut watch = Watch::begin(&client, &format!("resourceVersion={oldest}")).await;
        assert_eq!(watch.brief().await.split(' ').next(), Some("MODIFIED").filter(|_| oldest > 4).or(Some("ADDED")));
        steps.push(oldest);
        if is_all {
            break;
        }
    }
    assert!(steps.len() > 5, "{steps:?}");
}

#[tokio::test]
async fn nothing_goes_to_rest_that_could_not_be_read_back() {
    let client = Client::in_memory();
    let put = async |deep: usize| {
        let object = (1..deep).fold(json!({}), |inner, _| json!({"a": inner}));
        let store = &client.server.0.store;
        let written = store.write(|transaction| transaction.replace(Resource::Secrets, "default", "s", &object));
        let written: Result<u64, Failure> = written.await;
        let read = store.get(Resource::Secrets, "default", "s").map(|stored| stored.map(|s| s.object));
        (written.is_ok(), read.is_ok_and(|read: Option<Json>| read == Some(object)))
    };
    assert_eq!(put(120).await, (true, true));
    assert_eq!(put(121).await, (false, false));
    assert_eq!(client.get(&format!("{SECRETS}/s")).await.0, 200);
}
