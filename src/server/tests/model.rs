//! Several clients on two servers that share a file write at random. Whatever they were answered, and what a watch saw, must
//! be explained by one order of the acknowledged writes: the watch's.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{Client, SECRETS, Storage, Watch, version};

#[derive(Debug, Clone)]
enum Step {
    Create(usize),
    /// Unconditional.
    Replace(usize),
    /// With the version that this client saw last.
    ReplaceSeen(usize),
    Label(usize),
    Delete(usize),
    Read(usize),
}

const NAMES: [&str; 3] = ["a", "b", "c"];

fn step() -> impl Strategy<Value = Step> {
    (0..6, 0..NAMES.len()).prop_map(|(what, name)| match what {
        0 => Step::Create(name),
        1 => Step::Replace(name),
        2 => Step::ReplaceSeen(name),
        3 => Step::Label(name),
        4 => Step::Delete(name),
        _ => Step::Read(name),
    })
}

/// What a client was told.
enum Told {
    /// An object, by a write or a read.
    Object(Json),
    /// The object with this UID is deleted.
    Deleted(String),
}

async fn run(client: Client, steps: Vec<Step>, number: usize) -> Vec<Told> {
    let mut seen: BTreeMap<usize, String> = BTreeMap::new();
    let mut told = Vec::new();
    for (index, step) in steps.into_iter().enumerate() {
        let content = json!({"stringData": {"k": format!("{number}-{index}")}});
        let named = |name: usize, version: Option<&String>| {
            let mut object = content.clone();
            object["metadata"] = json!({"name": NAMES[name], "resourceVersion": version});
            object
        };
        let item = |name: usize| format!("{SECRETS}/{}", NAMES[name]);
        let (name, (status, answer)) = match step {
            Step::Create(name) => (name, client.ask("POST", SECRETS, &named(name, None)).await),
            Step::Replace(name) => (name, client.ask("PUT", &item(name), &named(name, None)).await),
            Step::ReplaceSeen(name) => (name, client.ask("PUT", &item(name), &named(name, seen.get(&name))).await),
            Step::Label(name) => {
                let patch = json!({"metadata": {"labels": {"by": format!("{number}-{index}")}}});
                (name, client.ask("PATCH", &item(name), &patch).await)
            }
            Step::Delete(name) => (name, client.ask("DELETE", &item(name), &Json::Null).await),
            Step::Read(name) => (name, client.get(&item(name)).await),
        };
        match status {
            200 | 201 if answer["kind"] == "Status" => {
                told.push(Told::Deleted(answer["details"]["uid"].as_str().unwrap_or_default().to_owned()));
            }
            200 | 201 => {
                seen.insert(name, version(&answer).to_owned());
                told.push(Told::Object(answer));
            }
            404 | 409 => {}
            other => panic!("{other}: {answer}"),
        }
    }
    told
}

/// Runs the clients, every other one on another server; each server on a thread of its own, as processes are.
fn play(servers: &[Client; 2], clients: Vec<Vec<Step>>) -> Vec<Told> {
    let clients = clients.into_iter().enumerate().collect::<Vec<_>>();
    std::thread::scope(|scope| {
        let threads = servers.iter().enumerate().map(|(which, server)| {
            let mine = clients.iter().filter(|(number, _)| number % 2 == which).cloned().collect::<Vec<_>>();
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(async {
                    let mut tasks = tokio::task::JoinSet::new();
                    for (number, steps) in mine {
                        tasks.spawn(run(server.clone(), steps, number));
                    }
                    tasks.join_all().await
                })
            })
        });
        let threads = threads.collect::<Vec<_>>();
        threads.into_iter().flat_map(|t| t.join().expect("a thread")).flatten().collect()
    })
}

async fn check(clients: Vec<Vec<Step>>) {
    let folder = tempfile::tempdir().expect("a folder");
    let storage = Storage::File(folder.path().join("s.db"));
    let servers = [Client::on(&storage), Client::on(&storage)];
    let (_, before) = servers[0].get(SECRETS).await;
    let told = play(&servers, clients);
    let (_, after) = servers[1].get(SECRETS).await;

    // The one order: every write between the two lists, as a watch tells it.
    let last: u64 = version(&after).parse().expect("a version");
    let mut at: u64 = version(&before).parse().expect("a version");
    let mut watch = Watch::begin(&servers[0], &format!("resourceVersion={at}")).await;
    let mut states: BTreeMap<String, Json> = BTreeMap::new();
    let mut ended: Vec<String> = Vec::new();
    let mut live: BTreeMap<String, Json> = BTreeMap::new();
    while at < last {
        let event = watch.next().await.expect("an event");
        let object = &event["object"];
        let name = object["metadata"]["name"].as_str().expect("a name").to_owned();
        let here: u64 = version(object).parse().expect("a version");
        assert!(here > at, "versions grow");
        at = here;
        let known = live.get(&name);
        match event["type"].as_str() {
            Some("ADDED") => assert!(known.is_none(), "{name} is added twice"),
            Some("MODIFIED") => assert_eq!(known.map(|k| &k["metadata"]["uid"]), Some(&object["metadata"]["uid"])),
            Some("DELETED") => {
                assert_eq!(known.map(|k| &k["data"]), Some(&object["data"]));
                ended.push(object["metadata"]["uid"].as_str().unwrap_or_default().to_owned());
                live.remove(&name);
                continue;
            }
            other => panic!("an event of type {other:?}"),
        }
        states.insert(version(object).to_owned(), object.clone());
        live.insert(name, object.clone());
    }
    for told in told {
        match told {
            Told::Object(object) => assert_eq!(states.get(version(&object)), Some(&object), "a state that never was"),
            Told::Deleted(uid) => {
                let at = ended.iter().position(|e| *e == uid).expect("a deletion that the watch saw, and only once");
                ended.swap_remove(at);
            }
        }
    }
    assert!(ended.is_empty(), "deletions that nobody was told of");
    let listed = after["items"].as_array().cloned().unwrap_or_default();
    let expected = live.into_values().map(|mut object| {
        let members = object.as_object_mut().expect("an object");
        members.remove("kind");
        members.remove("apiVersion");
        object
    });
    assert_eq!(listed, expected.collect::<Vec<_>>());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_order_of_writes_explains_everything(
        clients in prop::collection::vec(prop::collection::vec(step(), 1..12), 1..5)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(check(clients));
    }
}
