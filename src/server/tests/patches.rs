//! PATCH and its neighbours where no exchange was recorded: what they refuse, what they restore, who owns what afterwards.

use http_body_util::BodyExt as _;
use serde_json::{Value as Json, json};

use super::{Client, SECRETS, read};

const JSON: &str = "application/json";
const JSON_PATCH: &str = "application/json-patch+json";
const MERGE: &str = "application/merge-patch+json";
const STRATEGIC: &str = "application/strategic-merge-patch+json";
const APPLY: &str = "application/apply-patch+yaml";
const REJECTED: &str = "the server rejected our request due to an error in our request";

/// What answers a request: status, object, warnings.
struct Answer {
    status: u16,
    object: Json,
    warnings: Vec<String>,
}

impl Answer {
    fn message(&self) -> &str {
        self.object["message"].as_str().unwrap_or_default()
    }

    /// The fields that a manager of that name owns.
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
