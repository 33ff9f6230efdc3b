use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use proptest::prelude::*;
use serde_json::json;
use tower::ServiceExt as _;

use super::*;
use crate::{Server, Storage};

/// What `kubectl create secret generic v8 --from-literal=a=throw` sends.
fn kubectls() -> Vec<u8> {
    let metadata = b"\x0a\x02v8\x12\x00\x1a\x02ns\x22\x00\x2a\x00\x32\x00\x38\x00\x42\x00";
    let mut raw = vec![0x0a, metadata.len() as u8];
    raw.extend_from_slice(metadata);
    raw.extend_from_slice(b"\x12\x0a\x0a\x01a\x12\x05throw\x1a\x00");
    let mut body = b"k8s\0\x0a\x0c\x0a\x02v1\x12\x06Secret\x12".to_vec();
    body.push(raw.len() as u8);
    body.extend_from_slice(&raw);
    body.extend_from_slice(b"\x1a\x00\x22\x00");
    body
}

#[test]
fn what_kubectl_sends_is_read() {
    let object = decode(&kubectls(), "Secret");
    let wanted = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "v8", "namespace": "ns"},
        "data": {"a": "dGhyb3c="}});
    assert_eq!(object, Ok(wanted));
}

#[test]
fn bytes_are_those_of_go() {
    let object = decode(&kubectls(), "Secret").unwrap();
    assert_eq!(encode(&object), Some(kubectls()));
}

/// Sends a request to a server of its own; the code, the content type and the body of the answer.
async fn exchange(server: &Server, method: &str, path: &str, accept: &str, body: Vec<u8>) -> (u16, String, Vec<u8>) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("Accept", accept)
        .header("Content-Type", "application/vnd.kubernetes.protobuf")
        .body(Full::new(Bytes::from(body)))
        .unwrap();
    let response = server.as_admin().oneshot(request).await.unwrap();
    let (code, media) = (response.status().as_u16(), response.headers()["content-type"].to_str().unwrap().to_owned());
    (code, media, response.into_body().collect().await.unwrap().to_bytes().to_vec())
}

#[tokio::test]
async fn the_server_speaks_it() {
    const MEDIA: &str = "application/vnd.kubernetes.protobuf";
    let server = Server::open(&Storage::Memory).unwrap();
    let secrets = "/api/v1/namespaces/default/secrets";
    let in_default = {
        let mut object = decode(&kubectls(), "Secret").unwrap();
        object["metadata"]["namespace"] = json!("default");
        encode(&object).unwrap()
    };
    let both = "application/vnd.kubernetes.protobuf,application/json";
    let (code, media, body) = exchange(&server, "POST", secrets, both, in_default).await;
    let created = decode(&body, "?").unwrap();
    assert_eq!((code, media.as_str(), &created["type"]), (201, MEDIA, &json!("Opaque")));
    let (code, media, body) = exchange(&server, "GET", secrets, both, Vec::new()).await;
    let list = decode(&body, "?").unwrap();
    assert_eq!((code, media.as_str(), &list["items"][0]["data"]), (200, MEDIA, &json!({"a": "dGhyb3c="})));
    let (code, media, body) = exchange(&server, "POST", secrets, "application/json", b"k8s\0\x12\x7f".to_vec()).await;
    let status: Json = serde_json::from_slice(&body).unwrap();
    assert_eq!((code, media.as_str()), (400, "application/json"));
    assert_eq!(
        status["message"],
        "the object provided is unrecognized (must be of type Secret): unexpected EOF (<redacted>)"
    );
    let partial = "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    let (_, media, body) = exchange(&server, "GET", secrets, partial, Vec::new()).await;
    let list = decode(&body, "?").unwrap();
    assert_eq!((media.as_str(), &list["kind"]), (MEDIA, &json!("PartialObjectMetadataList")));
    assert_eq!((&list["items"][0]["metadata"]["name"], list["items"][0].get("data")), (&json!("v8"), None));
    let watch =
        Request::get(format!("{secrets}?watch=true")).header("Accept", MEDIA).body(Full::<Bytes>::default()).unwrap();
    let response = server.as_admin().oneshot(watch).await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/vnd.kubernetes.protobuf;stream=watch");
    let frame = response.into_body().frame().await.unwrap().unwrap().into_data().unwrap();
    let mut added = created.clone();
    added["kind"] = json!("Secret");
    assert_eq!(Some(frame.to_vec()), watch_frame("ADDED", &added));
    let review = json!({"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1", "metadata": {},
        "spec": {"resourceAttributes": {"verb": "get", "resource": "secrets"}}});
    let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    let (code, media, body) = exchange(&server, "POST", path, both, encode(&review).unwrap()).await;
    assert_eq!((code, media.as_str()), (201, MEDIA));
    assert_eq!(decode(&body, "?").unwrap()["spec"], review["spec"]);
    let options = json!({"kind": "DeleteOptions", "apiVersion": "v1", "preconditions": {"uid": "other"}});
    let one = format!("{secrets}/v8");
    let (code, media, body) = exchange(&server, "DELETE", &one, both, encode(&options).unwrap()).await;
    assert_eq!((code, media.as_str(), &decode(&body, "?").unwrap()["reason"]), (409, MEDIA, &json!("Conflict")));
}

#[test]
fn string_data_overwrites_data() {
    let mut secret = wire::Secret::default();
    secret.data.insert("a".into(), b"1".to_vec());
    secret.data.insert("b".into(), b"1".to_vec());
    secret.string_data.insert("a".into(), b"\xff".to_vec());
    let bytes = wrap(&json!({"kind": "Secret", "apiVersion": "v1"}), &secret);
    assert_eq!(decode(&bytes, "Secret").unwrap()["data"], json!({"a": "/w==", "b": "MQ=="}));
}

#[test]
fn every_kind_goes_there_and_back() {
    let metadata = json!({"name": "s", "namespace": "n", "uid": "u", "resourceVersion": "7", "generation": 2,
        "creationTimestamp": "2026-01-01T12:00:00Z", "deletionTimestamp": "2026-01-02T12:00:00Z",
        "deletionGracePeriodSeconds": 0, "labels": {"l": ""}, "annotations": {"a": "b"}, "finalizers": ["e/f"],
        "ownerReferences": [{"apiVersion": "v1", "kind": "Pod", "name": "p", "uid": "1", "controller": false}],
        "managedFields": [{"manager": "m", "operation": "Update", "apiVersion": "v1", "time": "2026-01-01T12:00:00Z",
            "fieldsType": "FieldsV1", "fieldsV1": {"f:type": {}}, "subresource": "status"}]});
    let secret =
        json!({"metadata": metadata, "data": {"a": "AP8=", "empty": ""}, "type": "Opaque", "immutable": false});
    let namespace = json!({"metadata": metadata, "spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active",
        "conditions": [{"type": "T", "status": "True", "lastTransitionTime": "2026-01-01T12:00:00Z", "reason": "R"}]}});
    let list = |items: Json| json!({"metadata": {"resourceVersion": "9", "continue": "c", "remainingItemCount": 3}, "items": items});
    for (kind, object) in [
        ("Secret", secret.clone()),
        ("SecretList", list(json!([secret, {"metadata": {}}]))),
        ("Namespace", namespace.clone()),
        ("NamespaceList", list(json!([namespace]))),
        ("PartialObjectMetadata", json!({"metadata": metadata})),
        ("PartialObjectMetadataList", list(json!([{"metadata": metadata}]))),
        (
            "Status",
            json!({"metadata": {}, "status": "Failure", "message": "no", "reason": "Invalid", "code": 422,
            "details": {"name": "s", "kind": "Secret", "causes": [{"reason": "R", "message": "m", "field": "f"}],
                "retryAfterSeconds": 1, "uid": "u", "group": "g"}}),
        ),
        (
            "DeleteOptions",
            json!({"gracePeriodSeconds": 0, "preconditions": {"uid": "u", "resourceVersion": "1"},
            "orphanDependents": false, "propagationPolicy": "Background", "dryRun": ["All"]}),
        ),
        (
            "SelfSubjectReview",
            json!({"metadata": {}, "status": {"userInfo": {"username": "u", "groups": ["g"], "extra": {"e": ["x"]}}}}),
        ),
        (
            "SelfSubjectAccessReview",
            json!({"metadata": {}, "spec": {"resourceAttributes": {"verb": "get", "resource": "secrets"}},
            "status": {"allowed": true}}),
        ),
        (
            "SelfSubjectRulesReview",
            json!({"metadata": {}, "spec": {"namespace": "n"}, "status": {"incomplete": false,
                "resourceRules": [{"verbs": ["get"], "apiGroups": [""], "resources": ["secrets"], "resourceNames": ["s"]}],
                "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["/api"]}]}}),
        ),
    ] {
        let mut object = object;
        object["kind"] = json!(kind);
        object["apiVersion"] = json!("v1");
        let bytes = encode(&object).unwrap();
        assert_eq!(decode(&bytes, "?"), Ok(object), "{kind}");
    }
    assert_eq!(encode(&json!({"kind": "Table"})), None);
}

#[test]
fn a_watch_event_is_framed() {
    let bookmark = json!({"kind": "Secret", "apiVersion": "v1", "metadata": {"resourceVersion": "5"}});
    let frame = watch_frame("BOOKMARK", &bookmark).unwrap();
    let (length, body) = frame.split_at(4);
    assert_eq!(length, (body.len() as u32).to_be_bytes());
    assert!(body.starts_with(b"\x0a\x08BOOKMARK\x12"));
    assert!(body.ends_with(&encode(&bookmark).unwrap()));
}

#[test]
fn malformed_bytes_are_named() {
    let unrecognized = |text: &str| Err(Malformed::Unrecognized(text.into()));
    assert_eq!(decode(b"", "Secret"), unrecognized("empty data"));
    assert_eq!(decode(b"k8s\0", "Secret"), unrecognized("empty body"));
    assert_eq!(
        decode(b"{}", "Secret"),
        unrecognized("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]")
    );
    assert_eq!(decode(b"k8s\0\x12\x7f", "Secret"), unrecognized("unexpected EOF"));
    let mut cut = b"k8s\0\x0a\x0c\x0a\x02v1\x12\x06Secret\x12\x02".to_vec();
    cut.extend_from_slice(b"\x0a\x7f");
    assert_eq!(
        decode(&cut, "Secret"),
        Err(Malformed::Undecodable { kind: "Secret".into(), version: "v1".into(), reason: "unexpected EOF".into() })
    );
    let other = b"k8s\0\x0a\x0f\x0a\x02v1\x12\x09ConfigMap\x12\x02\x0a\x7f";
    assert_eq!(decode(other, "Secret"), Ok(json!({"apiVersion": "v1", "kind": "ConfigMap"})));
}

proptest! {
    #![proptest_config(crate::properties::config(256))]

    #[test]
    fn nothing_panics(garbage in proptest::collection::vec(any::<u8>(), 0..200), at in 0_usize..60, byte in any::<u8>()) {
        for expected in ["Secret", "Namespace", "Status", "DeleteOptions", "SecretList", "SelfSubjectAccessReview"] {
            let _ = members(expected, &garbage);
        }
        let mut bent = kubectls();
        if let Some(place) = bent.get_mut(at) {
            *place = byte;
        }
        let _ = decode(&bent, "Secret");
        if let Ok(object) = decode(&bent, "Secret") {
            let _ = watch_frame("ADDED", &object);
        }
    }

    #[test]
    fn lengths_are_varints(length in 0_usize..300_000) {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        open(&mut ours, 1, length);
        prost::encode_length_delimiter(length, &mut theirs).unwrap();
        prop_assert_eq!(&ours[1..], &theirs[..]);
    }
}
