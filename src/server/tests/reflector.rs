//! The watcher and the reflector of kube-rs: their state equals the server's, whatever is written, although watches
//! break off and history is compacted.

use std::{
    collections::BTreeMap,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures::StreamExt as _;
use http_body::Frame;
use k8s_openapi::api::core::v1::Secret;
use kube::{
    Api, ResourceExt as _,
    api::{DeleteParams, ListParams, Patch, PatchParams, PostParams},
    core::{ObjectMeta, PartialObjectMeta},
};
use kube_runtime::{
    reflector::{self, ObjectRef, Store},
    watcher,
};
use proptest::prelude::*;
use serde_json::json;
use tower::ServiceExt;

use super::{Body, Server, Storage};

#[derive(Debug, Clone)]
enum Step {
    Create(usize, bool),
    Replace(usize),
    Label(usize, bool),
    Apply(usize),
    Delete(usize),
    DeleteOdd,
    /// All history is compacted: a watch that is behind must list again.
    Forget,
    /// The watches run.
    Yield,
}

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

fn step() -> impl Strategy<Value = Step> {
    let name = 0..NAMES.len();
    prop_oneof![
        4 => (name.clone(), any::<bool>()).prop_map(|(name, odd)| Step::Create(name, odd)),
        2 => name.clone().prop_map(Step::Replace),
        3 => (name.clone(), any::<bool>()).prop_map(|(name, odd)| Step::Label(name, odd)),
        2 => name.clone().prop_map(Step::Apply),
        3 => name.prop_map(Step::Delete),
        1 => Just(Step::DeleteOdd),
        1 => Just(Step::Forget),
        4 => Just(Step::Yield),
    ]
}

/// A body that breaks off after some frames.
struct Cut(Body, usize);

impl http_body::Body for Cut {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.1 == 0 {
            return Poll::Ready(None);
        }
        let frame = Pin::new(&mut self.0).poll_frame(cx);
        self.1 -= usize::from(frame.is_ready());
        frame
    }
}

fn client(server: &Server) -> kube::Client {
    kube::Client::new(server.as_admin(), "default")
}

/// Returns a client whose watches break off after two frames.
fn unsteady_client(server: &Server) -> kube::Client {
    let service = server.as_admin();
    let service = ServiceExt::<http::Request<kube::client::Body>>::map_response(service, |response| {
        response.map(|body| {
            let frames = if body.length().is_some() { usize::MAX } else { 2 };
            Cut(body, frames)
        })
    });
    kube::Client::new(service, "default")
}

async fn write(api: &Api<Secret>, step: Step, id: String) {
    let labels = |odd: bool| BTreeMap::from([("odd".to_owned(), usize::from(odd).to_string())]);
    let secret = |name: usize, odd| Secret {
        metadata: ObjectMeta { name: Some(NAMES[name].into()), labels: Some(labels(odd)), ..ObjectMeta::default() },
        string_data: Some(BTreeMap::from([("k".into(), id.clone())])),
        ..Secret::default()
    };
    let done = match step {
        Step::Create(name, odd) => api.create(&PostParams::default(), &secret(name, odd)).await.map(|_| ()),
        Step::Replace(name) => api.replace(NAMES[name], &PostParams::default(), &secret(name, true)).await.map(|_| ()),
        Step::Label(name, odd) => {
            let patch = json!({"metadata": {"labels": labels(odd)}});
            api.patch(NAMES[name], &PatchParams::default(), &Patch::Merge(patch)).await.map(|_| ())
        }
        Step::Apply(name) => {
            let patch = json!({
                "apiVersion": "v1", "kind": "Secret", "metadata": {"name": NAMES[name]}, "stringData": {"applied": id},
            });
            let params = PatchParams::apply("reflected").force();
            api.patch(NAMES[name], &params, &Patch::Apply(patch)).await.map(|_| ())
        }
        Step::Delete(name) => api.delete(NAMES[name], &DeleteParams::default()).await.map(|_| ()),
        Step::DeleteOdd => {
            let odd = ListParams::default().labels("odd=1");
            api.delete_collection(&DeleteParams::default(), &odd).await.map(|_| ())
        }
        Step::Forget | Step::Yield => Ok(()),
    };
    match done {
        Ok(()) => {}
        // The object exists already, or does not exist.
        Err(kube::Error::Api(status)) if matches!(status.code, 404 | 409) => {}
        Err(error) => panic!("{error}"),
    }
}

/// A type that can be reflected: whole Secrets, or their metadata.
trait Kind:
    kube::Resource<DynamicType = ()>
    + Clone
    + serde::Serialize
    + std::fmt::Debug
    + serde::de::DeserializeOwned
    + Send
    + Sync
{
}
impl Kind for Secret {}
impl Kind for PartialObjectMeta<Secret> {}

/// A reflector with its stream and its client.
struct Reflected<K: Kind + 'static> {
    title: &'static str,
    api: Api<K>,
    selector: Option<String>,
    store: Store<K>,
    stream: Pin<Box<dyn futures::Stream<Item = watcher::Result<watcher::Event<K>>> + Send>>,
}

impl<K: Kind + 'static> Reflected<K> {
    fn new(title: &'static str, api: &Api<K>, config: watcher::Config) -> Self {
        let (store, writer) = reflector::store();
        let selector = config.label_selector.clone();
        let stream = Box::pin(reflector::reflector(writer, watcher(api.clone(), config)));
        Self { title, api: api.clone(), selector, store, stream }
    }

    /// Follows the server until the reflector has seen the object of this name.
    async fn follow(mut self, last: String) -> Self {
        let last = ObjectRef::new(&last).within("default");
        let seen = async {
            while self.store.get(&last).is_none() {
                match self.stream.next().await.expect("it goes on for ever") {
                    Ok(_) => {}
                    // The history was compacted; the watcher starts again by itself.
                    Err(watcher::Error::WatchError(status)) if status.code == 410 => {}
                    Err(error) => panic!("{}: {error}", self.title),
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(60), seen).await.expect("it catches up");
        self
    }

    /// Checks that its state is what a list shows.
    async fn check(&self) {
        let params = ListParams { label_selector: self.selector.clone(), ..ListParams::default() };
        let json = |object: &K| (object.name_any(), serde_json::to_value(object).expect("JSON"));
        let list = self.api.list(&params).await.expect("a list");
        let list = list.items.iter().map(json).collect::<BTreeMap<_, _>>();
        let held = self.store.state().iter().map(|object| json(object)).collect::<BTreeMap<_, _>>();
        assert_eq!(held, list, "{}", self.title);
    }
}

async fn check(rounds: Vec<Vec<(usize, Step)>>) {
    let folder = tempfile::tempdir().expect("a folder");
    let storage = Storage::File(folder.path().join("s.db"));
    let servers = [0, 1].map(|_| Server::open(&storage).expect("a server"));
    let apis = servers.each_ref().map(|server| Api::<Secret>::default_namespaced(client(server)));
    let everywhere = Api::all(client(&servers[0]));
    let unsteady = Api::default_namespaced(unsteady_client(&servers[1]));
    let config = watcher::Config::default;
    let mut whole = vec![
        Reflected::new("list and watch", &apis[0], config()),
        Reflected::new("pages of two", &apis[1], config().page_size(2)),
        Reflected::new("any version", &apis[0], config().any_semantic()),
        Reflected::new("watch-list", &apis[1], config().streaming_lists()),
        Reflected::new("all namespaces, no bookmarks", &everywhere, config().disable_bookmarks()),
        Reflected::new("selected", &apis[0], config().labels("odd=1")),
        Reflected::new("watch-list, selected", &apis[1], config().labels("odd=1").streaming_lists()),
        Reflected::new("broken off", &unsteady, config()),
        Reflected::new("watch-list, broken off", &unsteady, config().streaming_lists()),
    ];
    let metadata = Api::<PartialObjectMeta<Secret>>::default_namespaced(client(&servers[1]));
    let mut metadata = Reflected::new("metadata", &metadata, config().streaming_lists());

    for (round, steps) in rounds.into_iter().enumerate() {
        let last = format!("last-{round}");
        let following = whole.into_iter().map(|one| tokio::spawn(one.follow(last.clone()))).collect::<Vec<_>>();
        let following_metadata = tokio::spawn(metadata.follow(last.clone()));
        for (index, (who, step)) in steps.into_iter().enumerate() {
            match step {
                Step::Forget => servers[who].0.store.forget(0, 0),
                Step::Yield => tokio::task::yield_now().await,
                step => write(&apis[who], step, format!("{round}-{index}")).await,
            }
        }
        let end = json!({"metadata": {"name": last, "labels": {"odd": "1"}}});
        let end = serde_json::from_value(end).expect("a Secret");
        apis[0].create(&PostParams::default(), &end).await.expect("the last write of the round");

        whole = Vec::new();
        for one in following {
            let one = one.await.expect("a reflector");
            one.check().await;
            whole.push(one);
        }
        metadata = following_metadata.await.expect("a reflector");
        metadata.check().await;
    }
}

proptest! {
    #![proptest_config(crate::properties::config(16))]

    #[test]
    fn reflectors_of_kube_rs_stay_equal_to_the_server(
        rounds in prop::collection::vec(prop::collection::vec((0..2_usize, step()), 1..40), 1..4)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(check(rounds));
    }
}
