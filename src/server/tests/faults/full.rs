//! Many writers of large values on a disk that becomes full.

use std::collections::BTreeMap;

use super::{Client, Plan, SECRETS, Storage, after_a_crash};
use crate::tests::secret;
use serde_json::Value as Json;

const WRITERS: usize = 24;

/// Each of many writers replaces a Secret of its own by a large one, again and again, while there is room for `room`
/// bytes. Then there is room again, and each Secret must be what its writer was last told.
fn fill(size: usize, room: i64) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().canonicalize().expect("its path").join("s.db");
    let plan = Plan::of(folder.path());
    let client = Client::on(&Storage::File(file.clone()));
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut told = BTreeMap::new();
    runtime().block_on(async {
        for number in 0..WRITERS {
            let name = format!("s{number}");
            told.insert(name.clone(), client.create(&name).await);
        }
    });
    plan.leave_room(room);
    let round = async |name: String, mut last: Json, client: Client| {
        let mut failed = 0;
        for round in 0..3 {
            let value = format!("{round}{}", "x".repeat(size));
            let (status, answer) = client.ask("PUT", &format!("{SECRETS}/{name}"), &secret(&name, &value)).await;
            match status {
                200 => last = answer,
                500 => failed += 1,
                other => panic!("{other}: {answer}"),
            }
        }
        (name, last, failed)
    };
    let parts = told.into_iter().collect::<Vec<_>>();
    let results = std::thread::scope(|scope| {
        let threads = parts.chunks(WRITERS / 3).map(|part| {
            let (client, round) = (&client, &round);
            scope.spawn(move || {
                runtime().block_on(async {
                    let tasks = part.iter().map(|(name, last)| round(name.clone(), last.clone(), client.clone()));
                    futures::future::join_all(tasks).await
                })
            })
        });
        threads.collect::<Vec<_>>().into_iter().flat_map(|thread| thread.join().expect("a thread")).collect::<Vec<_>>()
    });
    assert!(results.iter().any(|(_, _, failed)| *failed > 0), "it was never full");
    let expected = results.into_iter().map(|(name, last, _)| (name, last)).collect::<BTreeMap<_, _>>();
    assert!(plan.disarm() > 0);
    runtime().block_on(async {
        let named = |object: &Json| object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
        let check = |items: Vec<Json>, when: &str| {
            let found = items.iter().map(|item| (named(item), &item["data"])).collect::<BTreeMap<_, _>>();
            let expected = expected.iter().map(|(name, object)| (name.clone(), &object["data"])).collect();
            assert!(found == expected, "{when}: {:?}", found.keys());
        };
        check(after_a_crash(&file).await, "after a crash");
        let (status, list) = client.get(SECRETS).await;
        assert_eq!(status, 200, "{list}");
        check(list["items"].as_array().cloned().unwrap_or_default(), "as it is");
        for (name, object) in &expected {
            assert_eq!(client.get(&format!("{SECRETS}/{name}")).await.1, *object);
        }
        client.create("there-is-room-again").await;
    });
}

#[test]
fn many_writers_of_values_beyond_the_cache_on_a_full_disk() {
    for room in [5 << 20, 17 << 20] {
        fill(900_000, room);
    }
}

#[test]
fn many_writers_of_values_within_the_cache_on_a_full_disk() {
    for room in [100_000, 3 << 20] {
        fill(60_000, room);
    }
}
