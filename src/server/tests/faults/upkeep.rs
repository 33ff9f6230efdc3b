//! The work of a store besides requests, while calls below SQLite fail: tidying, leaving, migrating.

use std::time::Duration;

use serde_json::Value as Json;

use super::{Client, Fault, Plan, SECRETS, Storage, after_a_crash, each_call, every_call, runtime};
use crate::Server;
use crate::tests::{migration, secret, version};

const FAULTS: [Fault; 3] = [Fault::Disk, Fault::Full, Fault::Memory];

fn items(list: &Json) -> Vec<Json> {
    list["items"].as_array().cloned().unwrap_or_default()
}

/// Removes the history while a call fails, by `tidy` or by what the last process does when it ends.
fn clear_away(fault: Fault, at: u64, ends: bool) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().canonicalize().expect("its path").join("s.db");
    let plan = Plan::of(folder.path());
    let client = Client::on(&Storage::File(file.clone()));
    runtime().block_on(async {
        for name in ["a", "b", "c"] {
            client.create(name).await;
        }
        assert_eq!(client.ask("PUT", &format!("{SECRETS}/a"), &secret("a", "w")).await.0, 200);
        assert_eq!(client.ask("DELETE", &format!("{SECRETS}/b"), &Json::Null).await.0, 200);
        let (_, before) = client.get(SECRETS).await;
        let store = &client.server.0.store;
        plan.arm(fault, at, false);
        let _ = if ends { store.leave() } else { store.tidy(Duration::ZERO) };
        let fired = plan.disarm() > 0;
        let when = format!("{fault:?} {at} {ends}");
        assert_eq!(after_a_crash(&file).await, items(&before), "after a crash: {when}");
        assert_eq!(client.get(SECRETS).await.1, before, "{when}");
        let made = client.create("d").await;
        // FULL: later commits are durable, too.
        assert_eq!(store.synchronous(), 2, "{when}");
        store.leave().expect("nothing fails any more");
        assert_eq!(version(&made), version(&client.get(SECRETS).await.1));
        drop(client);
        let client = Client::on(&Storage::File(file));
        let (_, after) = client.get(SECRETS).await;
        assert_eq!(items(&after)[..2], items(&before)[..], "{when}");
        assert_eq!(items(&after).len(), 3, "{when}");
        fired
    })
}

#[test]
fn every_call_may_fail_while_the_past_is_cleared_away() {
    for (fault, ends) in FAULTS.into_iter().flat_map(|fault| [(fault, false), (fault, true)]) {
        every_call(|at| clear_away(fault, at, ends));
    }
}

#[test]
fn every_call_may_fail_while_a_store_is_brought_up_to_date() {
    for fault in FAULTS {
        each_call(|at| {
            let folder = tempfile::tempdir().expect("a folder");
            let file = folder.path().canonicalize().expect("its path").join("s.db");
            let storage = Storage::File(file.clone());
            migration::make_version_1(&file);
            let plan = Plan::of(folder.path());
            plan.arm(fault, at, false);
            let opened = Server::open(&storage);
            let fired = plan.disarm() > 0;
            runtime().block_on(async {
                let brief = |items: Vec<Json>| {
                    let name = |item: &Json| item["metadata"]["name"].as_str().unwrap_or_default().to_owned();
                    items.iter().map(|item| (name(item), version(item).to_owned())).collect::<Vec<_>>()
                };
                let expected = [("big".to_owned(), "3".to_owned()), ("old".to_owned(), "4".to_owned())];
                assert_eq!(brief(after_a_crash(&file).await), expected, "after a crash: {fault:?} {at}");
                for server in [opened.ok(), Server::open(&storage).ok()].into_iter().flatten() {
                    let (_, list) = Client::of(server).get(SECRETS).await;
                    assert_eq!(
                        (brief(items(&list)).as_slice(), version(&list)),
                        (&expected[..], "6"),
                        "{fault:?} {at}"
                    );
                }
                assert_eq!(version(&Client::on(&storage).create("new").await), "7");
            });
            fired
        });
    }
}
