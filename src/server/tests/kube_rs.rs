//! kube-rs as a client of the Service.

use std::collections::BTreeMap;

use http_body_util::BodyExt as _;
use k8s_openapi::{ByteString, api::core::v1::Secret};
use kube::{
    Api,
    api::{DeleteParams, ListParams, Patch, PatchParams, PostParams, PropagationPolicy},
    core::ObjectMeta,
};
use serde_json::json;

use super::{Client, SECRETS, Server, Storage, Watch};

#[tokio::test]
async fn kube_rs_reads_and_writes() {
    let server = Server::open(&Storage::Memory).expect("a server");
    let mine = Client::of(server.clone());
    let api: Api<Secret> = Api::default_namespaced(kube::Client::new(server.as_admin(), "default"));
    let mut secret = Secret {
        metadata: ObjectMeta { name: Some("s".into()), ..ObjectMeta::default() },
        string_data: Some(BTreeMap::from([("k".into(), "v".into())])),
        ..Secret::default()
    };
    let made = api.create(&PostParams::default(), &secret).await.expect("created");
    assert_eq!(made.data.as_ref().and_then(|d| d.get("k")), Some(&ByteString(b"v".to_vec())));
    let again = api.create(&PostParams::default(), &secret).await.expect_err("there is one");
    assert!(matches!(again, kube::Error::Api(status) if status.code == 409 && status.reason == "AlreadyExists"));

    let patch = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "labels": {"a": "b"}}});
    let applied = api.patch("s", &PatchParams::apply("tester"), &Patch::Apply(&patch)).await.expect("applied");
    let managers = applied.metadata.managed_fields.unwrap_or_default();
    assert!(managers.iter().any(|m| m.manager.as_deref() == Some("tester")));

    secret.metadata.resource_version = made.metadata.resource_version;
    let stale = api.replace("s", &PostParams::default(), &secret).await.expect_err("a stale version");
    assert!(matches!(stale, kube::Error::Api(status) if status.code == 409 && status.reason == "Conflict"));

    let list = api.list(&ListParams::default().labels("a=b").limit(1)).await.expect("a list");
    assert_eq!((list.items.len(), list.metadata.continue_), (1, None));
    let foreground =
        DeleteParams { propagation_policy: Some(PropagationPolicy::Foreground), ..DeleteParams::default() };
    let deleted = api.delete("s", &foreground).await.expect("deleted");
    assert!(deleted.left().is_some_and(|s| s.metadata.deletion_timestamp.is_some()));
    let mut watch = Watch::begin(&mine, "resourceVersion=1&timeoutSeconds=5").await;
    while watch.brief().await != "DELETED s" {}
    assert!(api.get_opt("s").await.expect("an answer").is_none());
}

#[tokio::test]
async fn protobuf_comes_back_as_protobuf() {
    let client = Client::in_memory();
    client.create("s").await;
    let accept = [("accept", "application/vnd.kubernetes.protobuf")];
    for path in [SECRETS.to_owned(), format!("{SECRETS}/s"), format!("{SECRETS}/absent"), "/api/v1/namespaces".into()] {
        let response = client.send("GET", &path, &accept, "").await;
        assert_eq!(response.headers()["content-type"], "application/vnd.kubernetes.protobuf", "{path}");
        let Ok(body) = response.into_body().collect().await;
        assert!(body.to_bytes().starts_with(b"k8s\0"), "{path}");
    }
    let response = client.send("GET", &format!("{SECRETS}?watch=1"), &accept, "").await;
    assert_eq!(response.headers()["content-type"], "application/vnd.kubernetes.protobuf;stream=watch");
    let frame = response.into_body().frame().await.and_then(Result::ok).and_then(|f| f.into_data().ok());
    let frame = frame.unwrap_or_default();
    let length = frame.first_chunk::<4>().map_or(0, |l| u32::from_be_bytes(*l) as usize);
    assert_eq!(frame.len(), 4 + length);
}
