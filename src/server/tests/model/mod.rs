//! Several clients on two servers that share a file write, read and watch at random. The model is a map with versions:
//! the order of the acknowledged writes, as one watch reports it afterwards. Every answer must be what that map holds
//! at some moment between request and answer, and every other watch must have seen that order through its own selector.

mod order;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Barrier,
        atomic::{AtomicU64, Ordering},
    },
};

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use tokio::task::JoinSet;

use super::{Client, SECRETS, Storage, Watch, version};
use order::Order;

/// The next request of a client.
#[derive(Debug, Clone)]
pub enum Step {
    Create(usize),
    /// As a dry run.
    TryCreate(usize),
    /// Unconditional.
    Replace(usize),
    /// With the resourceVersion that this client saw last.
    ReplaceSeen(usize),
    /// By a merge patch.
    Label(usize),
    /// By a JSON patch, on the condition that the Secret has data.
    AddKey(usize),
    /// By an apply of one key of the client's own, and one that all clients apply.
    Apply(usize, bool),
    Delete(usize),
    /// With the resourceVersion that this client saw last as a precondition.
    DeleteSeen(usize),
    /// All Secrets with the label `odd`.
    DeleteOdd,
    Read(usize),
    List,
    /// A list in pages of two, with time for other clients between them.
    Pages,
    Watch(Seen),
}

/// The objects of a watch.
#[derive(Debug, Clone, Copy)]
pub enum Seen {
    /// All, from now on.
    All,
    /// Those with the label `odd`: the existing ones, then every change.
    Odd,
    /// One name, from the version of the last answer on.
    One(usize),
}

const NAMES: [&str; 4] = ["a", "b", "c", "d"];
const END: &str = "end";
const ODD: &str = "odd%3D1";
/// How long to wait for an event. After that, none will come: another thread has failed.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

pub fn step() -> impl Strategy<Value = Step> {
    let name = 0..NAMES.len();
    prop_oneof![
        4 => name.clone().prop_map(Step::Create),
        1 => name.clone().prop_map(Step::TryCreate),
        2 => name.clone().prop_map(Step::Replace),
        2 => name.clone().prop_map(Step::ReplaceSeen),
        2 => name.clone().prop_map(Step::Label),
        2 => name.clone().prop_map(Step::AddKey),
        3 => (name.clone(), any::<bool>()).prop_map(|(name, force)| Step::Apply(name, force)),
        2 => name.clone().prop_map(Step::Delete),
        1 => name.clone().prop_map(Step::DeleteSeen),
        1 => Just(Step::DeleteOdd),
        2 => name.clone().prop_map(Step::Read),
        1 => Just(Step::List),
        1 => Just(Step::Pages),
        1 => prop_oneof![Just(Seen::All), Just(Seen::Odd), name.prop_map(Seen::One)].prop_map(Step::Watch),
    ]
}

/// What a client was told, and between which versions of the store.
#[derive(Debug)]
pub struct Told {
    from: u64,
    to: u64,
    what: What,
}

#[derive(Debug)]
pub enum What {
    /// The object that a write made, the request, and the version in its condition.
    Wrote {
        object: Json,
        wanted: Json,
        on: Option<String>,
    },
    Deleted {
        uid: String,
    },
    /// The list of the objects that were to be deleted, one by one; `None` if that failed, perhaps after some.
    DeletedAll(Option<Json>),
    Read(Json),
    Listed(Json),
    /// The name of an object that did not exist.
    Absent(&'static str),
    /// The name of an object that existed.
    Present(&'static str),
    /// The name, and a version that was not the latest.
    Moved(&'static str, String),
    /// The selector, the version after which the events came (`None`: the existing objects came first), and the events.
    Watched(Seen, Option<u64>, Vec<Json>),
}

struct Actor {
    client: Client,
    number: usize,
    /// The largest version that any client was told.
    acknowledged: Arc<AtomicU64>,
    /// The version at which this client last saw each name.
    seen: BTreeMap<usize, String>,
    watches: JoinSet<Option<Told>>,
    /// Whether 500 is an accepted answer. Then nothing may have been done, except by a request to delete several.
    faults: bool,
}

impl Actor {
    /// Returns the store's newest version, which no client can be ahead of; `None` when it cannot be read.
    fn now(&self) -> Option<u64> {
        let acknowledged = self.acknowledged.load(Ordering::SeqCst);
        let head = match self.client.server.0.store.head() {
            Err(_) if self.faults => return None,
            head => head.expect("a version"),
        };
        assert!(acknowledged <= head, "{acknowledged} was acknowledged and cannot be read: {head}");
        Some(head)
    }

    /// Returns a version that the store has reached.
    fn reached(&self) -> u64 {
        self.now().unwrap_or_else(|| self.acknowledged.load(Ordering::SeqCst))
    }

    /// Returns a version that the store has not exceeded.
    fn limit(&self) -> u64 {
        self.now().unwrap_or(u64::MAX)
    }

    /// Returns `true` if an answer says that the store has failed.
    fn failed(&self, status: u16) -> bool {
        self.faults && status == 500
    }

    async fn patch(&self, path: &str, kind: &str, body: &Json) -> (u16, Json) {
        let media = format!("application/{kind}");
        let response = self.client.send("PATCH", path, &[("content-type", &media)], &body.to_string()).await;
        super::read(response).await
    }

    /// Plays the steps; returns what the client was told, and the watches in progress.
    async fn play(mut self, steps: Vec<Step>) -> (Vec<Told>, JoinSet<Option<Told>>) {
        let mut told = Vec::new();
        for (index, step) in steps.into_iter().enumerate() {
            let from = self.reached();
            let Some(what) = self.step(&step, &format!("{}-{index}", self.number)).await else { continue };
            if let What::Wrote { object, .. } = &what {
                self.acknowledged.fetch_max(number(object), Ordering::SeqCst);
            }
            told.push(Told { from, to: self.limit(), what });
        }
        (told, self.watches)
    }

    async fn step(&mut self, step: &Step, id: &str) -> Option<What> {
        let item = |name: usize| format!("{SECRETS}/{}", NAMES[name]);
        let odd = (id.len() + self.number) % 2;
        let content = json!({
            "metadata": {"labels": {"odd": odd.to_string(), "by": id}},
            "data": {"k": base64(id)},
        });
        let named = |name: usize, version: Option<&String>| {
            let mut object = content.clone();
            object["metadata"]["name"] = json!(NAMES[name]);
            object["metadata"]["resourceVersion"] = json!(version);
            object
        };
        let seen = |name: &usize| self.seen.get(name).cloned();
        let (name, wanted, condition, (status, answer)) = match step {
            Step::Create(name) => {
                (*name, content.clone(), None, self.client.ask("POST", SECRETS, &named(*name, None)).await)
            }
            Step::TryCreate(name) => {
                let path = format!("{SECRETS}?dryRun=All");
                let (status, answer) = self.client.ask("POST", &path, &named(*name, None)).await;
                return Some(match status {
                    201 => What::Absent(NAMES[*name]),
                    _ if self.failed(status) => return None,
                    _ => What::Present(expect(NAMES[*name], (status, &answer), "AlreadyExists")),
                });
            }
            Step::Replace(name) => {
                (*name, content.clone(), None, self.client.ask("PUT", &item(*name), &named(*name, None)).await)
            }
            Step::ReplaceSeen(name) => {
                let seen = seen(name);
                let body = named(*name, seen.as_ref());
                (*name, content.clone(), seen, self.client.ask("PUT", &item(*name), &body).await)
            }
            Step::Label(name) => {
                let patch = json!({"metadata": {"labels": {"by": id}}});
                (*name, patch.clone(), None, self.patch(&item(*name), "merge-patch+json", &patch).await)
            }
            Step::AddKey(name) => {
                let patch = json!([{"op": "add", "path": "/data/j", "value": base64(id)}]);
                let wanted = json!({"data": {"j": base64(id)}});
                (*name, wanted, None, self.patch(&item(*name), "json-patch+json", &patch).await)
            }
            Step::Apply(name, force) => {
                let own = format!("m{}", self.number);
                let body = json!({
                    "apiVersion": "v1", "kind": "Secret", "metadata": {"name": NAMES[*name]},
                    "data": {&own: base64(id), "shared": base64(&own)},
                });
                let wanted = json!({"data": body["data"]});
                let path = format!("{}?fieldManager={own}&force={force}", item(*name));
                let (status, answer) = self.patch(&path, "apply-patch+yaml", &body).await;
                if status == 409 {
                    // Which manager owned the field is tested elsewhere; here it matters that there was one.
                    return Some(What::Present(expect(NAMES[*name], (status, &answer), "Conflict")));
                }
                (*name, wanted, None, (status, answer))
            }
            Step::Delete(name) => (*name, Json::Null, None, self.client.ask("DELETE", &item(*name), &Json::Null).await),
            Step::DeleteSeen(name) => {
                let seen = seen(name);
                let body = json!({"preconditions": {"resourceVersion": seen}});
                let answer = self.client.ask("DELETE", &item(*name), &body).await;
                (*name, Json::Null, seen, answer)
            }
            Step::DeleteOdd => {
                let path = format!("{SECRETS}?labelSelector={ODD}");
                let (status, answer) = self.client.ask("DELETE", &path, &Json::Null).await;
                if self.failed(status) {
                    return Some(What::DeletedAll(None));
                }
                assert_eq!(status, 200, "{answer}");
                return Some(What::DeletedAll(Some(answer)));
            }
            Step::Read(name) => {
                let (status, answer) = self.client.get(&item(*name)).await;
                if status == 404 {
                    return Some(What::Absent(NAMES[*name]));
                }
                if self.failed(status) {
                    return None;
                }
                assert_eq!(status, 200, "{answer}");
                self.seen.insert(*name, version(&answer).to_owned());
                return Some(What::Read(answer));
            }
            Step::List => return self.list("").await.map(What::Listed),
            Step::Pages => return self.pages().await.map(What::Listed),
            Step::Watch(seen) => {
                self.watch(*seen).await;
                return None;
            }
        };
        match status {
            status if self.failed(status) => None,
            200 | 201 if answer["kind"] == "Status" => {
                let uid = answer["details"]["uid"].as_str().unwrap_or_default().to_owned();
                Some(What::Deleted { uid })
            }
            200 | 201 => {
                self.seen.insert(name, version(&answer).to_owned());
                Some(What::Wrote { object: answer, wanted, on: condition })
            }
            404 => Some(What::Absent(expect(NAMES[name], (status, &answer), "NotFound"))),
            409 if answer["reason"] == "AlreadyExists" => Some(What::Present(NAMES[name])),
            409 => {
                let condition = condition.expect("a conflict needs a condition");
                Some(What::Moved(expect(NAMES[name], (status, &answer), "Conflict"), condition))
            }
            other => panic!("{other}: {answer}"),
        }
    }

    async fn list(&self, query: &str) -> Option<Json> {
        let (status, list) = self.client.get(&format!("{SECRETS}?{query}")).await;
        if self.failed(status) {
            return None;
        }
        assert_eq!(status, 200, "{list}");
        Some(list)
    }

    /// Lists in pages of two, which must be of one version.
    async fn pages(&self) -> Option<Json> {
        let mut whole = self.list("limit=2").await?;
        loop {
            let token = whole["metadata"]["continue"].as_str().unwrap_or_default().to_owned();
            if token.is_empty() {
                return Some(whole);
            }
            tokio::task::yield_now().await;
            let page = self.list(&format!("limit=2&continue={token}")).await?;
            assert_eq!(version(&page), version(&whole));
            let (mut all, more) = (items(&whole), items(&page));
            all.extend(more);
            whole = json!({"metadata": page["metadata"], "items": all});
        }
    }

    /// Begins a watch that goes on until the last write.
    async fn watch(&mut self, seen: Seen) {
        let (query, after) = match seen {
            Seen::Odd => (format!("allowWatchBookmarks=true&labelSelector={ODD}"), None),
            Seen::All | Seen::One(_) => {
                let Some(head) = self.now() else { return };
                let field = if let Seen::One(name) = seen { one(name) } else { String::new() };
                (format!("resourceVersion={head}{field}"), Some(head))
            }
        };
        let from = self.reached();
        let response = self.client.send("GET", &format!("{SECRETS}?watch=1&{query}"), &[], "").await;
        if self.failed(response.status().as_u16()) {
            return;
        }
        assert_eq!(response.status(), 200);
        let mut watch = Watch::of(response);
        let faults = self.faults;
        self.watches.spawn(async move {
            let mut events = Vec::new();
            loop {
                let next = tokio::time::timeout(PATIENCE, watch.next()).await;
                let event = next.expect("an event in time").expect("an event");
                if faults && event["type"] == "ERROR" && event["object"]["code"] == 500 {
                    return None;
                }
                if event["object"]["metadata"]["name"] == END {
                    let to = number(&event["object"]);
                    return Some(Told { from, to, what: What::Watched(seen, after, events) });
                }
                events.push(event);
            }
        });
    }
}

/// Returns a field selector for one name, or for that of the last write.
fn one(name: usize) -> String {
    let others = NAMES.iter().enumerate().filter(|(other, _)| *other != name);
    let fields = others.map(|(_, other)| format!("metadata.name!%3D{other}")).collect::<Vec<_>>();
    format!("&fieldSelector={}", fields.join(","))
}

fn expect(name: &'static str, (status, answer): (u16, &Json), reason: &str) -> &'static str {
    assert!(matches!(status, 404 | 409) && answer["reason"] == reason, "{status}: {answer}");
    name
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

fn items(list: &Json) -> Vec<Json> {
    list["items"].as_array().cloned().unwrap_or_default()
}

fn number(object: &Json) -> u64 {
    version(object).parse().expect("a version")
}

/// Runs the clients, alternating between the servers; each server on threads of its own, as processes are.
fn play(servers: &[Client; 2], clients: Vec<Vec<Step>>, weather: &Weather<'_>) -> Vec<Told> {
    let faults = weather.faults;
    let clients = clients.into_iter().enumerate().collect::<Vec<_>>();
    let (acknowledged, written) = (Arc::new(AtomicU64::new(0)), Barrier::new(servers.len()));
    let part = async |which: usize| {
        let mut tasks = JoinSet::new();
        for (number, steps) in clients.iter().filter(|(number, _)| number % 2 == which).cloned() {
            let (client, acknowledged) = (servers[which].clone(), Arc::clone(&acknowledged));
            let actor = Actor { client, number, acknowledged, seen: BTreeMap::new(), watches: JoinSet::new(), faults };
            tasks.spawn(actor.play(steps));
        }
        let played = tasks.join_all().await;
        // The last of all writes ends the watches.
        written.wait();
        if which == 0 {
            (weather.end)();
            let end = json!({"metadata": {"name": END, "labels": {"odd": "1"}}});
            assert_eq!(servers[which].ask("POST", SECRETS, &end).await.0, 201);
        }
        let mut told = Vec::new();
        for (answers, watches) in played {
            told.extend(answers);
            told.extend(watches.join_all().await.into_iter().flatten());
        }
        told
    };
    std::thread::scope(|scope| {
        let threads = [0, 1].map(|which| {
            let part = &part;
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
                runtime.expect("a runtime").block_on(part(which))
            })
        });
        threads.into_iter().flat_map(|thread| thread.join().expect("a thread")).collect()
    })
}

/// The conditions of a play.
pub struct Weather<'a> {
    /// Whether 500 is an accepted answer. Then nothing was done, except by a request to delete several.
    pub faults: bool,
    /// Called before the clients begin.
    pub begin: &'a (dyn Fn() + Sync),
    /// Called when all clients are done, before the last write.
    pub end: &'a (dyn Fn() + Sync),
}

impl Weather<'_> {
    const FAIR: Self = Self { faults: false, begin: &|| (), end: &|| () };
}

/// Plays on two servers that share a file, and checks that one order of writes explains all answers. Returns the
/// content of the store before the last write.
pub async fn check(mut servers: [Client; 2], clients: Vec<Vec<Step>>, weather: &Weather<'_>) -> Vec<Json> {
    // Most objects of the tests are large for such clients.
    servers[0].is_remote = true;
    let (_, before) = servers[0].get(SECRETS).await;
    let start = number(&before);
    (weather.begin)();
    let told = play(&servers, clients, weather);
    let order = Order::of(&servers[0], start).await;
    let (_, after) = servers[1].get(SECRETS).await;
    assert_eq!(items(&after), order.all_at(u64::MAX));

    let mut claimed = Vec::new();
    for told in &told {
        order.explain(told, &mut claimed);
    }
    claimed.extend(order.names[END].keys());
    let once = claimed.iter().copied().collect::<BTreeSet<_>>();
    assert_eq!(once.len(), claimed.len(), "two answers about one write");
    for version in order.events.keys().filter(|version| !once.contains(version)) {
        assert!(
            told.iter().any(|told| order.is_one_of(*version, told)),
            "{version}: a write that no client was told of"
        );
    }
    order.all_at(number(&after) - 1)
}

proptest! {
    #![proptest_config(crate::properties::config(32))]

    #[test]
    fn one_order_of_writes_explains_everything(
        clients in prop::collection::vec(prop::collection::vec(step(), 1..24), 1..7)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let storage = Storage::File(folder.path().join("s.db"));
        runtime.block_on(check([Client::on(&storage), Client::on(&storage)], clients, &Weather::FAIR));
    }
}
