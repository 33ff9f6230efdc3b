//! Plays the model test while calls below SQLite fail.

use std::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering},
};

use proptest::prelude::*;

use super::{Client, Fault, Plan, Storage, after_a_crash, each_call, runtime};
use crate::tests::model::{Step, Weather, check, step};

/// Plays once, while the call number `at` fails; returns whether there was such a call.
fn play(clients: Vec<Vec<Step>>, fault: Fault, at: u64, lasting: bool) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().canonicalize().expect("its path").join("s.db");
    let plan = Plan::of(folder.path());
    let storage = Storage::File(file.clone());
    let servers = [Client::on(&storage), Client::on(&storage)];
    let (fired, crashed) = (AtomicU64::new(0), Mutex::new(None));
    let end = || {
        fired.store(plan.disarm(), Ordering::SeqCst);
        let after = std::thread::scope(|scope| scope.spawn(|| runtime().block_on(after_a_crash(&file))).join());
        *crashed.lock().expect("a list") = Some(after.expect("a list"));
    };
    let weather = Weather { faults: true, begin: &|| plan.arm(fault, at, lasting), end: &end };
    let found = runtime().block_on(check(servers, clients, &weather));
    if !lasting {
        assert_eq!(crashed.into_inner().expect("a list"), Some(found), "after a crash: {fault:?} {at}");
    }
    fired.into_inner() > 0
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![Just(Fault::Disk), Just(Fault::Full), Just(Fault::Memory)]
}

proptest! {
    #![proptest_config(crate::properties::config(64))]

    #[test]
    fn one_order_of_writes_explains_everything_whatever_fails(
        clients in prop::collection::vec(prop::collection::vec(step(), 1..12), 1..5),
        fault in fault(),
        at in 1_u64..1_500,
        lasting in any::<bool>(),
    ) {
        play(clients, fault, at, lasting);
    }
}

/// Returns steps of every kind, for clients of both servers.
fn usual() -> Vec<Vec<Step>> {
    vec![
        vec![Step::Create(0), Step::Replace(0), Step::List, Step::Delete(0), Step::Create(1), Step::DeleteOdd],
        vec![Step::Create(2), Step::Label(2), Step::Read(2), Step::Pages, Step::Apply(3, true), Step::Replace(2)],
    ]
}

#[test]
fn every_call_below_the_store_may_fail_once() {
    for fault in [Fault::Disk, Fault::Full, Fault::Memory] {
        each_call(|at| play(usual(), fault, at, false));
    }
}

/// No later write overwrites what the failed one has left in the log.
#[test]
fn every_call_of_the_last_write_may_fail() {
    for fault in [Fault::Disk, Fault::Full, Fault::Memory] {
        for step in [Step::Create(0), Step::Replace(0)] {
            for at in 1_u64.. {
                let clients = vec![vec![Step::Create(0), step.clone()]];
                if !play(clients, fault, at, false) {
                    break;
                }
            }
        }
    }
}

#[test]
fn every_call_may_fail_while_a_store_is_made() {
    for fault in [Fault::Disk, Fault::Full, Fault::Memory] {
        each_call(|at| {
            let folder = tempfile::tempdir().expect("a folder");
            let storage = Storage::File(folder.path().join("s.db"));
            let plan = Plan::of(folder.path());
            plan.arm(fault, at, false);
            let opened = crate::Server::open(&storage);
            let fired = plan.disarm();
            runtime().block_on(async {
                for server in [opened.ok(), crate::Server::open(&storage).ok()].into_iter().flatten() {
                    let client = Client::of(server);
                    let (status, list) = client.get("/api/v1/namespaces").await;
                    assert_eq!((status, list["items"].as_array().map(Vec::len)), (200, Some(4)), "{fault:?} {at}");
                }
                Client::on(&storage).create("s").await;
            });
            fired > 0
        });
    }
}
