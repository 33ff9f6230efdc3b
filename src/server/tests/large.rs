//! Requests about large objects, while others run.

use serde_json::{Value as Json, json};

use super::{Client, SECRETS, Storage, deletes::beside, secret};

const APPLY: &str = "application/apply-patch+yaml";
const JSON_PATCH: &str = "application/json-patch+json";

fn remote(storage: &Storage) -> Client {
    Client { is_remote: true, ..Client::on(storage) }
}

/// Returns a large Secret.
fn large(name: &str) -> Json {
    secret(name, &"v".repeat(1_000))
}

fn applied(name: &str) -> String {
    let mut object = large(name);
    (object["apiVersion"], object["kind"]) = (json!("v1"), json!("Secret"));
    object.to_string()
}

#[tokio::test]
async fn others_are_answered_while_what_is_large_waits_for_a_place_to_be_worked_on() {
    let folder = tempfile::tempdir().expect("a folder");
    for storage in [Storage::Memory, Storage::File(folder.path().join("s.db"))] {
        let client = remote(&storage);
        let other = Client::of(client.server.clone());
        other.create("other").await;
        let path = |name: &str| format!("{SECRETS}/{name}");
        let data = json!({"data": {"l": "dg==", "m": "v".repeat(1_000)}}).to_string();
        let remove = json!([{"op": "remove", "path": "/data/l"}]).to_string();
        for (method, path, media, body, code) in [
            ("POST", SECRETS.to_owned(), "application/json", large("large").to_string(), 201),
            ("GET", path("large"), "", String::new(), 200),
            ("PUT", path("large"), "application/json", large("large").to_string(), 200),
            ("PATCH", path("large"), "application/merge-patch+json", data.clone(), 200),
            ("PATCH", path("large"), "application/strategic-merge-patch+json", data.clone(), 200),
            ("PATCH", path("large"), JSON_PATCH, remove.clone(), 200),
            ("PATCH", path("large?fieldManager=m&force=1"), APPLY, applied("large"), 200),
            ("PATCH", path("new?fieldManager=m"), APPLY, applied("new"), 201),
            // Requests that fail.
            ("POST", SECRETS.to_owned(), "application/json", large("large").to_string(), 409),
            ("PUT", path("none"), "application/json", large("none").to_string(), 404),
            ("PATCH", path("large"), JSON_PATCH, remove, 422),
            ("PATCH", "/api/v1/namespaces/none/secrets/s?fieldManager=m".to_owned(), APPLY, applied("s"), 404),
        ] {
            let headers = [("content-type", media)];
            let permits = client.server.0.permits.all().await;
            let mut work = std::pin::pin!(client.send(method, &path, &headers, &body));
            let label = json!({"metadata": {"labels": {"by": format!("{method} {code}").replace(' ', "-")}}});
            let others = async {
                assert_eq!(other.get(&format!("{SECRETS}/other")).await.0, 200);
                other.ask("PATCH", &format!("{SECRETS}/other"), &label).await.0
            };
            tokio::select! {
                biased;
                response = &mut work => panic!("{}: it is worked on where others wait: {method} {path}", response.status()),
                status = others => assert_eq!(status, 200),
            }
            drop(permits);
            assert_eq!(work.await.status(), code, "{method} {path} {media}");
        }
    }
}

#[tokio::test]
async fn a_large_write_and_the_writes_that_come_meanwhile_are_all_there() {
    for (media, body) in [
        ("application/merge-patch+json", json!({"data": {"l": "v".repeat(1_000)}})),
        (JSON_PATCH, json!([{"op": "add", "path": "/data/l", "value": "v".repeat(1_000)}])),
        (
            APPLY,
            json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "large"}, "data": {"l": "v".repeat(1_000)}}),
        ),
    ] {
        // Whether another write comes in between depends on the threads, so this is repeated until one does.
        let mut between = 0;
        for _ in 0..500 {
            let client = remote(&Storage::Memory);
            let other = Client::of(client.server.clone());
            let path = format!("{SECRETS}/large");
            assert_eq!(client.ask("POST", SECRETS, &large("large")).await.0, 201);
            let (headers, query) = ([("content-type", media)], if media == APPLY { "?fieldManager=m" } else { "" });
            let (path_of_patch, body) = (format!("{path}{query}"), body.to_string());
            // The object is a different one each time that it is read.
            let (response, count) = beside(client.send("PATCH", &path_of_patch, &headers, &body), async |count| {
                let label = json!({"metadata": {"labels": {format!("l{count}"): "1"}}});
                assert_eq!(other.ask("PATCH", &path, &label).await.0, 200);
            })
            .await;
            assert_eq!(response.status(), 200, "{media}");
            let (_, object) = client.get(&path).await;
            assert!(object["data"]["l"].is_string(), "{media}");
            let labels = object["metadata"]["labels"].as_object().map_or(0, serde_json::Map::len);
            assert_eq!(labels, count, "{media}");
            between = count;
            if between > 0 {
                break;
            }
        }
        assert!(between > 0, "{media}: no other write came in between");
    }
}
