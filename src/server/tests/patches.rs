//! PATCH, POST and PUT where no exchange was recorded: what they refuse, what they restore, and who owns which fields
//! afterwards.

use http_body_util::BodyExt as _;
use serde_json::{Value as Json, json};

use super::{Client, SECRETS, read};

const JSON: &str = "application/json";
const JSON_PATCH: &str = "application/json-patch+json";
const MERGE: &str = "application/merge-patch+json";
const STRATEGIC: &str = "application/strategic-merge-patch+json";
const APPLY: &str = "application/apply-patch+yaml";
const REJECTED: &str = "the server rejected our request due to an error in our request";

/// An answer: status, object, warnings.
struct Answer {
    status: u16,
    object: Json,
    warnings: Vec<String>,
}

impl Answer {
    fn message(&self) -> &str {
        self.object["message"].as_str().unwrap_or_default()
    }

    /// Returns the fields that a manager of that name owns.
    fn owned(&self, manager: &str) -> Json {
        let entries = self.object["metadata"]["managedFields"].as_array().cloned().unwrap_or_default();
        entries.into_iter().find(|e| e["manager"] == manager).map_or(Json::Null, |mut e| e["fieldsV1"].take())
    }
}

async fn send(client: &Client, method: &str, path: &str, content_type: &str, body: &str) -> Answer {
    let response = client.send(method, path, &[("content-type", content_type)], body).await;
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let warnings = response.headers().get_all("warning").iter().map(text).collect();
    let (status, object) = read(response).await;
    Answer { status, object, warnings }
}

async fn patch(client: &Client, content_type: &str, body: &Json) -> Answer {
    send(client, "PATCH", &format!("{SECRETS}/s"), content_type, &body.to_string()).await
}

async fn apply(client: &Client, body: &Json) -> Answer {
    send(client, "PATCH", &format!("{SECRETS}/s?fieldManager=m"), APPLY, &body.to_string()).await
}

async fn post(client: &Client, body: &Json) -> Answer {
    send(client, "POST", SECRETS, JSON, &body.to_string()).await
}

fn applied(rest: &Json) -> Json {
    let mut object = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}});
    for (name, value) in rest.as_object().into_iter().flatten() {
        if name == "metadata" {
            for (name, value) in value.as_object().into_iter().flatten() {
                object["metadata"][name] = value.clone();
            }
        } else {
            object[name] = value.clone();
        }
    }
    object
}

async fn with_secret() -> Client {
    let client = Client::in_memory();
    client.create("s").await;
    client
}

fn undecodable(reason: &str) -> String {
    format!(" \"\" is invalid: patch: Invalid value: \"<redacted>\": {reason}")
}

#[tokio::test]
async fn no_patch_nests_deeper_than_can_be_read_back() {
    let client = with_secret().await;
    let base = "/metadata/managedFields/0/fieldsV1/f:data";
    for depth in [128, 1 << 16] {
        let mut operations = vec![json!({"op": "add", "path": format!("{base}/f:a"), "value": {}})];
        let mut deep = 1;
        while deep < depth {
            let path = format!("{base}{}", "/f:a".repeat(deep + 1));
            operations.push(json!({"op": "copy", "from": format!("{base}/f:a"), "path": path}));
            deep *= 2;
        }
        let answer = patch(&client, JSON_PATCH, &Json::Array(operations)).await;
        assert_eq!((answer.status, answer.message(), &answer.object["details"]), (422, REJECTED, &json!({})));
    }
    assert_eq!(client.get(&format!("{SECRETS}/s")).await.0, 200);
}

#[tokio::test]
async fn a_patch_copies_three_mebibytes_at_most() {
    let client = with_secret().await;
    let copy = |n| json!({"op": "copy", "from": "/metadata", "path": format!("/metadata/x{n}")});
    let answer = patch(&client, JSON_PATCH, &(0..24).map(copy).collect()).await;
    assert_eq!((answer.status, answer.message()), (422, REJECTED));
}

#[tokio::test]
async fn wrong_types_in_strategic_patches_have_the_converters_words() {
    let client = with_secret().await;
    for (body, reason) in [
        (json!({"stringData": {"p": 8080}}), "cannot convert int64 to string"),
        (json!({"type": 5}), "cannot convert int64 to v1.SecretType"),
        (json!({"stringData": {"p": true}}), "unrecognized type: string"),
        (json!({"stringData": {"p": 1.5}}), "unrecognized type: string"),
        (json!({"metadata": {"labels": {"a": ["x"]}}}), "unrecognized type: string"),
        (json!({"metadata": {"labels": {"a": {}}}}), "unrecognized type: string"),
        (json!({"immutable": "yes"}), "unrecognized type: bool"),
        (json!({"data": {"a": 5}}), "cannot restore slice from int64"),
        (json!({"data": {"a": true}}), "cannot restore slice from bool"),
        (json!({"data": {"a": {}}}), "cannot restore slice from map"),
        (json!({"data": {"a": ["x"]}}), "unrecognized type: uint8"),
        (json!({"data": {"a": "!!"}}), "error decoding from json: illegal base64 data at input byte 0"),
        (json!({"metadata": {"labels": "x"}}), "cannot restore map from string"),
        (json!({"data": ["x"]}), "cannot restore map from slice"),
        (json!({"metadata": {"finalizers": "x"}}), "cannot restore slice from string"),
        (json!({"metadata": "x"}), "cannot restore struct from: string"),
        (json!({"metadata": {"generation": 1.5}}), "cannot convert float64 to int64"),
        // The error is about the first member of the Go type, not of the text.
        (json!({"data": {"a": 5}, "immutable": 1}), "unrecognized type: bool"),
    ] {
        let answer = patch(&client, STRATEGIC, &body).await;
        assert_eq!((answer.status, answer.message()), (422, undecodable(reason).as_str()), "{body}");
    }
}

#[tokio::test]
async fn strategic_patches_do_not_say_what_kind_an_object_is() {
    let client = with_secret().await;
    for body in [
        json!({"kind": "ConfigMap"}),
        json!({"apiVersion": "v2"}),
        json!({"kind": null, "apiVersion": null}),
        json!({"$retainKeys": ["metadata", "data", "type"]}),
    ] {
        let answer = patch(&client, STRATEGIC, &body).await;
        assert_eq!((answer.status, &answer.object["kind"]), (200, &json!("Secret")), "{body}");
    }
}

#[tokio::test]
async fn a_removed_kind_is_the_one_that_it_was() {
    let client = with_secret().await;
    let merge = patch(&client, MERGE, &json!({"kind": null})).await;
    assert_eq!((merge.status, &merge.object["kind"]), (200, &json!("Secret")));
    let json = patch(&client, JSON_PATCH, &json!([{"op": "remove", "path": "/kind"}])).await;
    assert_eq!((json.status, &json.object["kind"]), (200, &json!("Secret")));
}

#[tokio::test]
async fn unknown_members_of_operations_are_told_of() {
    let client = with_secret().await;
    let body = r#"[{"op":"add","path":"/data/b","value":"Mg==","value":"Mw==","comment":"x"}]"#;
    let path = format!("{SECRETS}/s");
    let warned = send(&client, "PATCH", &path, JSON_PATCH, body).await;
    let expected =
        [r#"299 - "json patch duplicate field \"[0].value\"""#, r#"299 - "json patch unknown field \"[0].comment\"""#];
    assert_eq!((warned.status, warned.warnings), (200, expected.map(str::to_owned).to_vec()));
    let strict = send(&client, "PATCH", &format!("{path}?fieldValidation=Strict"), JSON_PATCH, body).await;
    let reason = "strict decoding error: json patch duplicate field \"[0].value\", json patch unknown field \
                  \"[0].comment\"";
    assert_eq!((strict.status, strict.message()), (422, undecodable(reason).as_str()));
}

#[tokio::test]
async fn no_update_begins_a_deletion() {
    let client = with_secret().await;
    let body = json!({"metadata": {"deletionTimestamp": "2024-01-01T00:00:00Z"}});
    let answer = patch(&client, MERGE, &body).await;
    let why = "Invalid value: \"2024-01-01T00:00:00Z\": field is immutable";
    assert_eq!(answer.status, 422);
    assert_eq!(answer.message(), format!("Secret \"s\" is invalid: metadata.deletionTimestamp: {why}"));
    let cause = json!({"reason": "FieldValueInvalid", "message": why, "field": "metadata.deletionTimestamp"});
    assert_eq!(answer.object["details"]["causes"], json!([cause, cause]));
}

#[tokio::test]
async fn no_update_moves_or_ends_a_deletion() {
    let client = Client::in_memory();
    let held = json!({"metadata": {"name": "s", "finalizers": ["a.b/c"]}});
    post(&client, &held).await;
    let (_, leaving) = client.ask("DELETE", &format!("{SECRETS}/s"), &Json::Null).await;
    for time in [json!(null), json!("2024-01-01T00:00:00Z")] {
        let answer =
            patch(&client, MERGE, &json!({"metadata": {"deletionTimestamp": time, "labels": {"a": "1"}}})).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.object["metadata"]["deletionTimestamp"], leaving["metadata"]["deletionTimestamp"]);
        assert_eq!(answer.owned("tester")["f:metadata"].get("f:deletionTimestamp"), None);
    }
}

#[tokio::test]
async fn what_a_create_wipes_has_no_owner() {
    let client = Client::in_memory();
    let metadata = json!({"name": "s", "deletionTimestamp": "2024-01-01T00:00:00Z", "deletionGracePeriodSeconds": 30,
        "selfLink": "/x", "uid": "u", "creationTimestamp": "2024-01-01T00:00:00Z"});
    let answer = post(&client, &json!({"metadata": metadata, "data": {"a": "MQ=="}})).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.owned("tester"), json!({"f:data": {".": {}, "f:a": {}}, "f:type": {}}));
}

#[tokio::test]
async fn applying_a_status_creates_nothing() {
    let client = Client::in_memory();
    let body = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "none"}}).to_string();
    let path = "/api/v1/namespaces/none/status?fieldManager=m";
    let answer = send(&client, "PATCH", path, APPLY, &body).await;
    assert_eq!((answer.status, answer.message()), (404, "namespaces \"none\" not found"));
    assert_eq!(client.get("/api/v1/namespaces/none").await.0, 404);
}

#[tokio::test]
async fn apply_leaves_live_lists_as_they_are() {
    let client = Client::in_memory();
    let finalizers = json!(["a.b/c", "a.b/c", "d.e/f"]);
    let owner = json!({"apiVersion": "v1", "kind": "Pod", "name": "p", "uid": "u1"});
    let mut controller = owner.clone();
    controller["controller"] = json!(true);
    let owners = json!([owner, controller]);
    let metadata = json!({"name": "s", "finalizers": finalizers, "ownerReferences": owners});
    post(&client, &json!({"metadata": metadata})).await;
    let answer = apply(&client, &applied(&json!({"data": {"a": "MQ=="}, "metadata": {"finalizers": ["d.e/f"]}}))).await;
    assert_eq!(answer.status, 200, "{}", answer.message());
    assert_eq!(answer.object["metadata"]["finalizers"], finalizers);
    assert_eq!(answer.object["metadata"]["ownerReferences"], owners);
    // The applied element replaces all elements with its identity.
    let body = applied(&json!({"metadata": {"finalizers": ["a.b/c", "d.e/f"], "ownerReferences": [owner]}}));
    let path = format!("{SECRETS}/s?fieldManager=m&force=true");
    let answer = send(&client, "PATCH", &path, APPLY, &body.to_string()).await;
    assert_eq!(answer.object["metadata"]["finalizers"], json!(["a.b/c", "d.e/f"]));
    assert_eq!(answer.object["metadata"]["ownerReferences"], json!([owner]));
}

#[tokio::test]
async fn many_warnings_are_cut_not_dropped() {
    let client = Client::in_memory();
    let mut body = json!({"metadata": {"name": "s"}});
    for n in 0..30 {
        body[format!("{n:02}{}", "u".repeat(300))] = json!(1);
    }
    let answer = post(&client, &body).await;
    assert_eq!((answer.status, answer.warnings.len()), (201, 16));
    let first = format!("299 - \"unknown field \\\"00{}\"", "u".repeat(256 - "unknown field \"00".len()));
    assert_eq!(answer.warnings.first(), Some(&first));
}

#[tokio::test]
async fn patches_word_repeated_owners_in_their_own_way() {
    let client = with_secret().await;
    let owner = json!({"apiVersion": "v1", "kind": "Pod", "name": "p", "uid": "u1"});
    let body = json!({"metadata": {"ownerReferences": [owner, owner]}});
    let answer = patch(&client, MERGE, &body).await;
    assert_eq!((answer.status, &answer.object["metadata"]["ownerReferences"]), (200, &json!([owner])));
    assert!(answer.warnings.concat().contains("duplicate entries after mutating admission happens; API server"));
}

#[tokio::test]
async fn managed_fields_of_clients_are_validated() {
    let client = with_secret().await;
    let (_, object) = client.get(&format!("{SECRETS}/s")).await;
    for (name, value, message) in [
        ("manager", "m".repeat(129), "Too long: may not be more than 128 bytes"),
        ("manager", "a\u{1}".into(), "Invalid value: \"a\\x01\": invalid character U+0001 (at position 1)"),
        ("subresource", "s".repeat(257), "Too long: may not be more than 256 bytes"),
    ] {
        let mut object = object.clone();
        object["metadata"]["managedFields"][0][name] = json!(value);
        let answer = send(&client, "PUT", &format!("{SECRETS}/s"), JSON, &object.to_string()).await;
        let expected = format!("Secret \"s\" is invalid: metadata.managedFields[0].{name}: {message}");
        assert_eq!((answer.status, answer.message()), (422, expected.as_str()));
    }
}

#[tokio::test]
async fn an_entry_of_nothing_resets_managed_fields() {
    let client = with_secret().await;
    let answer = patch(&client, MERGE, &json!({"metadata": {"managedFields": [{"manager": ""}]}})).await;
    assert_eq!((answer.status, answer.object["metadata"].get("managedFields")), (200, None));
}

#[tokio::test]
async fn applied_objects_that_are_none_are_refused_without_their_values() {
    let client = with_secret().await;
    let typed = "failed to create typed patch object (/s; /v1, Kind=Secret): ";
    let not_a_map = "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal";
    for (body, code, message) in [
        (json!(["a"]), 400, format!("{not_a_map} array into Go value of type map[string]interface {{}}")),
        (json!("hunter2"), 400, format!("{not_a_map} string into Go value of type map[string]interface {{}}")),
        (
            applied(&json!({"metadata": {"finalizers": [null]}})),
            500,
            format!(
                "{typed}.metadata.finalizers: element 0: associative list without keys has an element that's an \
                     explicit null"
            ),
        ),
        (
            applied(&json!({"metadata": {"finalizers": [{"a": "hunter2"}]}})),
            500,
            format!(
                "{typed}.metadata.finalizers: element 0: associative list without keys has an element that's a map \
                     type"
            ),
        ),
        (
            applied(&json!({"metadata": {"ownerReferences": [{"uid": {"a": "hunter2"}}]}})),
            500,
            format!(
                "{typed}.metadata.ownerReferences[uid=<redacted>].uid: expected string, got \
                     &value.valueUnstructured{{Value:<redacted>}}"
            ),
        ),
        (applied(&json!({"foo": 1, "bar": 2})), 500, format!("{typed}.bar: field not declared in schema")),
    ] {
        let answer = apply(&client, &body).await;
        assert_eq!((answer.status, answer.message()), (code, message.as_str()), "{body}");
    }
}

#[tokio::test]
async fn what_apply_makes_is_converted_in_the_converters_words() {
    let client = with_secret().await;
    let converted = "failed to convert new object (/s; /v1, Kind=Secret) to proper version: unable to convert unstructured \
                     object to /v1, Kind=Secret: ";
    for (body, why) in [
        (json!({"data": {"a": "hunter2!"}}), "error decoding from json: illegal base64 data at input byte 7"),
        (json!({"metadata": {"generation": 1.5}}), "cannot convert float64 to int64"),
    ] {
        let answer = apply(&client, &applied(&body)).await;
        assert_eq!((answer.status, answer.message()), (500, format!("{converted}{why}").as_str()), "{body}");
    }
}

#[tokio::test]
async fn managers_are_what_is_printable_of_the_user_agent() {
    let client = Client::in_memory();
    for (agent, manager) in [
        ("Pr\u{fc}fer/1.0".as_bytes(), "Pr\u{fc}fer"),
        (b"a\xe2\x82b/1", "a\u{fffd}\u{fffd}b"),
        ("a\u{a0}b/1".as_bytes(), "ab"),
        (b"/1", "unknown"),
    ] {
        let request = http::Request::builder()
            .method("POST")
            .uri(SECRETS)
            .header("content-type", JSON)
            .header("user-agent", http::HeaderValue::from_bytes(agent).expect("a header"))
            .body(http_body_util::Full::new(bytes::Bytes::from_static(br#"{"metadata":{"generateName":"s-"}}"#)))
            .expect("a request");
        let Ok(response) = tower::ServiceExt::oneshot(client.server.as_admin(), request).await;
        let Ok(body) = response.into_body().collect().await;
        let object: Json = serde_json::from_slice(&body.to_bytes()).unwrap_or_default();
        assert_eq!(object["metadata"]["managedFields"][0]["manager"], manager);
    }
}

#[tokio::test]
async fn the_last_applied_configuration_is_escaped_as_go_escapes() {
    const LAST: &str = "kubectl.kubernetes.io/last-applied-configuration";
    let client = Client::in_memory();
    let last = applied(&json!({"data": {"a": "MQ=="}})).to_string();
    post(&client, &json!({"metadata": {"name": "s", "annotations": {LAST: last}}, "data": {"a": "MQ=="}})).await;
    let body = applied(&json!({"metadata": {"annotations": {"n": "<a> & b"}}})).to_string();
    let answer = send(&client, "PATCH", &format!("{SECRETS}/s?fieldManager=kubectl"), APPLY, &body).await;
    let written = answer.object["metadata"]["annotations"][LAST].as_str().unwrap_or_default();
    assert!(written.contains(r#""n":"\u003ca\u003e \u0026 b""#), "{written}");
}

#[tokio::test]
async fn yaml_bodies_end_with_their_first_document() {
    let client = Client::in_memory();
    let body = "metadata: {name: s, labels: {yes: x}}\n---\nkind: [\n";
    let answer = send(&client, "POST", SECRETS, "application/yaml", body).await;
    assert_eq!((answer.status, &answer.object["metadata"]["labels"]), (201, &json!({"true": "x"})));
}
