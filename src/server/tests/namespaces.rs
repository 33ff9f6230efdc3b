use http_body_util::BodyExt as _;
use serde_json::{Value as Json, json};

use super::{Client, Storage, secret};
use crate::store::Failure;
use secret::resource::Resource;

const SPACE: &str = "/api/v1/namespaces/n";
const HERE: &str = "/api/v1/namespaces/n/secrets";

async fn made() -> Client {
    let client = Client::in_memory();
    let (status, _) = client.ask("POST", "/api/v1/namespaces", &json!({"metadata": {"name": "n"}})).await;
    assert_eq!(status, 201);
    client
}

#[tokio::test]
async fn a_deleted_namespace_takes_its_secrets_along() {
    let client = made().await;
    client.ask("POST", HERE, &secret("a", "v")).await;
    let (status, deleted) = client.ask("DELETE", SPACE, &Json::Null).await;
    assert_eq!((status, deleted["status"]["phase"].as_str()), (200, Some("Terminating")));
    assert_eq!(client.get(SPACE).await.0, 404);
    assert_eq!(client.get(&format!("{HERE}/a")).await.0, 404);
    assert_eq!(client.ask("POST", HERE, &secret("b", "v")).await.0, 404);
}

#[tokio::test]
async fn a_finalizer_holds_the_namespace() {
    let client = made().await;
    let held = json!({"metadata": {"name": "a", "finalizers": ["example.com/hold"]}});
    client.ask("POST", HERE, &held).await;
    client.ask("POST", HERE, &secret("b", "v")).await;
    client.ask("DELETE", SPACE, &Json::Null).await;
    assert_eq!(client.get(&format!("{HERE}/b")).await.0, 404);
    let (status, refused) = client.ask("POST", HERE, &secret("c", "v")).await;
    assert_eq!(status, 403);
    assert_eq!(refused["details"]["causes"][0]["reason"], "NamespaceTerminating");
    let (_, kept) = client.get(SPACE).await;
    assert_eq!(kept["status"]["phase"], "Terminating");
    let (status, _) = client.ask("PATCH", &format!("{HERE}/a"), &json!({"metadata": {"finalizers": null}})).await;
    assert_eq!(status, 200);
    assert_eq!(client.get(SPACE).await.0, 404);
}

#[tokio::test]
async fn finalizing_is_for_whoever_put_a_finalizer() {
    let client = Client::in_memory();
    let body = json!({"metadata": {"name": "n"}, "spec": {"finalizers": ["example.com/mine"]}});
    let (_, made) = client.ask("POST", "/api/v1/namespaces", &body).await;
    assert_eq!(made["spec"]["finalizers"], json!(["example.com/mine", "kubernetes"]));
    client.ask("DELETE", SPACE, &Json::Null).await;
    let (_, waiting) = client.get(SPACE).await;
    assert_eq!(waiting["spec"]["finalizers"], json!(["example.com/mine"]));
    let mut done = waiting;
    done["spec"] = json!({});
    let (status, unchanged) = client.ask("PUT", SPACE, &done).await;
    assert_eq!((status, &unchanged["spec"]["finalizers"]), (200, &json!(["example.com/mine"])));
    done["metadata"]["resourceVersion"] = json!("");
    assert_eq!(client.ask("PUT", &format!("{SPACE}/finalize"), &done).await.0, 200);
    assert_eq!(client.get(SPACE).await.0, 404);
}

#[tokio::test]
async fn what_a_cluster_needs_stays() {
    let client = Client::in_memory();
    for name in ["default", "kube-system", "kube-public"] {
        let (status, refused) = client.ask("DELETE", &format!("/api/v1/namespaces/{name}"), &Json::Null).await;
        assert_eq!(status, 403);
        let text = format!("namespaces \"{name}\" is forbidden: this namespace may not be deleted");
        assert_eq!(refused["message"], text);
    }
    let (_, list) = client.get("/api/v1/namespaces").await;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(4));
    let (_, labelled) = client.ask("PATCH", "/api/v1/namespaces/default", &json!({"metadata": {"labels": null}})).await;
    assert_eq!(labelled["metadata"]["labels"], json!({"kubernetes.io/metadata.name": "default"}));
}

#[tokio::test]
async fn foreground_deletion_ends() {
    let client = made().await;
    client.ask("POST", HERE, &secret("a", "v")).await;
    let (_, waiting) = client.ask("DELETE", &format!("{HERE}/a"), &json!({"propagationPolicy": "Foreground"})).await;
    assert_eq!(waiting["metadata"]["finalizers"], json!(["foregroundDeletion"]));
    let mut watch = client.send("GET", &format!("{HERE}?watch=1&resourceVersion=6&timeoutSeconds=5"), &[], "").await;
    let mut seen = String::new();
    while !seen.contains("DELETED") {
        let Some(Ok(frame)) = watch.body_mut().frame().await else { break };
        seen.push_str(&String::from_utf8_lossy(frame.data_ref().map_or(&[], |d| d.as_ref())));
    }
    assert!(seen.contains("DELETED"), "{seen}");
    assert_eq!(client.get(&format!("{HERE}/a")).await.0, 404);
}

#[tokio::test]
async fn a_held_namespace_says_what_holds_it() {
    let client = made().await;
    for (name, finalizers) in [("a", vec!["example.com/hold"]), ("b", vec!["example.com/hold", "example.com/a"])] {
        client.ask("POST", HERE, &json!({"metadata": {"name": name, "finalizers": finalizers}})).await;
    }
    client.ask("DELETE", SPACE, &Json::Null).await;
    let conditions = async || {
        let (_, space) = client.get(SPACE).await;
        let all = space["status"]["conditions"].as_array().cloned().unwrap_or_default();
        assert!(all.iter().all(|c| c["lastTransitionTime"].is_string()), "{all:?}");
        let text = |c: &Json, field: &str| c[field].as_str().unwrap_or_default().to_owned();
        all.iter()
            .map(|c| [text(c, "type"), text(c, "status"), text(c, "reason"), text(c, "message")].join("|"))
            .collect::<Vec<_>>()
    };
    let ok = [
        "NamespaceDeletionDiscoveryFailure|False|ResourcesDiscovered|All resources successfully discovered",
        "NamespaceDeletionGroupVersionParsingFailure|False|ParsedGroupVersions|All legacy kube types successfully parsed",
        "NamespaceDeletionContentFailure|False|ContentDeleted|All content successfully deleted, may be waiting on \
         finalization",
    ];
    let told = conditions().await;
    assert_eq!(told[..3], ok);
    assert_eq!(
        told[3..],
        [
            "NamespaceContentRemaining|True|SomeResourcesRemain|Some resources are remaining: secrets. has 2 resource \
             instances",
            "NamespaceFinalizersRemaining|True|SomeFinalizersRemain|Some content in the namespace has finalizers \
             remaining: example.com/a in 1 resource instances, example.com/hold in 2 resource instances",
        ]
    );
    client.ask("PATCH", &format!("{HERE}/b"), &json!({"metadata": {"finalizers": null}})).await;
    let told = conditions().await;
    assert_eq!(told.len(), 5);
    assert!(told[3].ends_with("secrets. has 1 resource instances"), "{}", told[3]);
    client.ask("PATCH", SPACE, &json!({"metadata": {"finalizers": ["example.com/space"]}})).await;
    let (_, refused) = client.get(SPACE).await;
    assert_eq!(refused["metadata"].get("finalizers"), None, "no finalizer may come while it is being deleted");
    client.ask("PATCH", &format!("{HERE}/a"), &json!({"metadata": {"finalizers": null}})).await;
    assert_eq!(client.get(SPACE).await.0, 404);
}

#[tokio::test]
async fn a_namespace_that_others_hold_says_that_it_is_empty() {
    let client = Client::in_memory();
    let body = json!({"metadata": {"name": "n"}, "spec": {"finalizers": ["example.com/mine"]}});
    client.ask("POST", "/api/v1/namespaces", &body).await;
    client.ask("DELETE", SPACE, &Json::Null).await;
    let (_, waiting) = client.get(SPACE).await;
    let statuses = waiting["status"]["conditions"].as_array().into_iter().flatten().map(|c| &c["status"]);
    assert_eq!(statuses.collect::<Vec<_>>(), ["False"; 5]);
}

#[tokio::test]
async fn a_namespace_that_is_finalized_already_is_marked_first() {
    let client = made().await;
    client.ask("POST", HERE, &secret("a", "v")).await;
    let body = json!({"metadata": {"name": "n"}, "spec": {"finalizers": []}});
    assert_eq!(client.ask("PUT", &format!("{SPACE}/finalize"), &body).await.0, 200);
    let (status, marked) = client.ask("DELETE", SPACE, &Json::Null).await;
    assert_eq!(
        (status, &marked["kind"], &marked["status"]["phase"]),
        (200, &json!("Namespace"), &json!("Terminating"))
    );
    assert!(marked["metadata"]["deletionTimestamp"].is_string(), "{marked}");
    assert_eq!(client.get(SPACE).await.0, 404);
    assert_eq!(client.get(&format!("{HERE}/a")).await.0, 404);
}

#[tokio::test]
async fn a_namespace_that_is_being_emptied_is_not_deleted_again() {
    let client = made().await;
    client.ask("POST", HERE, &json!({"metadata": {"name": "a", "finalizers": ["example.com/hold"]}})).await;
    client.ask("DELETE", SPACE, &Json::Null).await;
    let (_, before) = client.get(SPACE).await;
    let (status, again) = client.ask("DELETE", SPACE, &json!({"propagationPolicy": "Foreground"})).await;
    assert_eq!((status, &again), (200, &before));
    assert_eq!(client.get(SPACE).await.1, before);
}

#[tokio::test]
async fn the_preconditions_of_a_namespace_have_their_own_words() {
    let client = made().await;
    let (_, space) = client.get(SPACE).await;
    let (uid, version) = (&space["metadata"]["uid"], &space["metadata"]["resourceVersion"]);
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    for (wanted, why) in [
        (json!({"uid": "zz"}), format!("UID in precondition: zz, UID in object meta: {}", text(uid))),
        (
            json!({"resourceVersion": "1"}),
            format!("ResourceVersion in precondition: 1, ResourceVersion in object meta: {}", text(version)),
        ),
    ] {
        let (status, refused) = client.ask("DELETE", SPACE, &json!({"preconditions": wanted})).await;
        let text = format!("Operation cannot be fulfilled on namespaces \"n\": Precondition failed: {why}");
        assert_eq!((status, refused["message"].as_str()), (409, Some(text.as_str())));
        assert_eq!(refused["details"], json!({"name": "n", "kind": "namespaces"}));
    }
    assert_eq!(client.ask("DELETE", SPACE, &json!({"preconditions": {"uid": uid}})).await.0, 200);
    // Preconditions are checked before the protection of the namespace.
    let path = "/api/v1/namespaces/default";
    assert_eq!(client.ask("DELETE", path, &json!({"preconditions": {"uid": "zz"}})).await.0, 409);
}

#[tokio::test]
async fn status_and_finalizers_are_validated() {
    let client = made().await;
    let check = async |path: &str, body: &Json, refused: Option<&str>| {
        let (status, answer) = client.ask("PUT", path, body).await;
        match refused {
            None => assert_eq!(status, 200, "{answer}"),
            Some(why) => {
                let text = format!("Namespace \"n\" is invalid: {why}");
                assert_eq!((status, answer["message"].as_str()), (422, Some(text.as_str())), "{body}");
            }
        }
    };
    let (status, finalize) = (format!("{SPACE}/status"), format!("{SPACE}/finalize"));
    let phase = |phase: &str| json!({"metadata": {"name": "n"}, "status": {"phase": phase}});
    let only = |shown: &str, phase: &str, is: &str| {
        format!("status.Phase: Invalid value: \"{shown}\": may only be '{phase}' if `deletionTimestamp` is {is}")
    };
    check(&status, &phase("Bogus"), Some(&only("Bogus", "Active", "empty"))).await;
    check(&status, &phase("Terminating"), Some(&only("Terminating", "Active", "empty"))).await;
    check(&status, &phase("Active"), None).await;
    check(&status, &phase(""), None).await;
    let finalizers = |names: &[&str]| json!({"metadata": {"name": "n"}, "spec": {"finalizers": names}});
    let plain = "spec.finalizers[1]: Invalid value: \"plain\": name is neither a standard finalizer name nor is it fully \
                 qualified";
    check(&finalize, &finalizers(&["kubernetes", "plain"]), Some(plain)).await;
    check(&finalize, &finalizers(&["example.com/mine", "kubernetes"]), None).await;
    client.ask("DELETE", SPACE, &Json::Null).await;
    check(&status, &phase("Active"), Some(&only("Active", "Terminating", "not empty"))).await;
    check(&status, &phase("Terminating"), None).await;
}

/// Creates `count` Secrets in the namespace.
async fn fill(client: &Client, count: usize) {
    for number in 0..count {
        assert_eq!(client.ask("POST", HERE, &secret(&format!("s{number:03}"), "v")).await.0, 201);
    }
}

async fn count(client: &Client) -> usize {
    client.get(HERE).await.1["items"].as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn others_write_while_a_namespace_is_emptied() {
    let folder = tempfile::tempdir().expect("a folder");
    for storage in [Storage::Memory, Storage::File(folder.path().join("s.db"))] {
        let client = Client::on(&storage);
        client.ask("POST", "/api/v1/namespaces", &json!({"metadata": {"name": "n"}})).await;
        fill(&client, 20).await;
        let mut deletion = std::pin::pin!(client.ask("DELETE", SPACE, &Json::Null));
        let (mut others, mut between) = (0, 0);
        let (status, deleted) = loop {
            tokio::select! {
                biased;
                answer = &mut deletion => break answer,
                () = tokio::task::yield_now() => {
                    if others < 10 {
                        client.create(&format!("o{others}")).await;
                        others += 1;
                    }
                    between += usize::from((1..20).contains(&count(&client).await));
                }
            }
        };
        assert_eq!((status, &deleted["status"]["phase"]), (200, &json!("Terminating")));
        assert!(others > 1 && between > 1, "{others} {between}");
        assert_eq!((client.get(SPACE).await.0, count(&client).await), (404, 0));
    }
}

#[tokio::test]
async fn a_namespace_is_emptied_also_when_its_client_is_gone() {
    let client = made().await;
    fill(&client, 20).await;
    {
        let mut deletion = std::pin::pin!(client.ask("DELETE", SPACE, &Json::Null));
        let begun = async {
            while count(&client).await == 20 {
                tokio::task::yield_now().await
            }
        };
        tokio::select! {
            biased;
            _ = &mut deletion => panic!("it takes several turns"),
            () = begun => {}
        }
    }
    while client.get(SPACE).await.0 != 404 {
        tokio::task::yield_now().await;
    }
    assert_eq!(count(&client).await, 0);
}

/// Makes a file with a namespace whose deletion ended after its first turn.
async fn half_done(storage: &Storage) {
    let client = Client::on(storage);
    client.ask("POST", "/api/v1/namespaces", &json!({"metadata": {"name": "n"}})).await;
    fill(&client, 20).await;
    let store = &client.server.0.store;
    let mut space = store.get(Resource::Namespaces, "", "n").expect("a namespace").expect("a namespace").object;
    space["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
    space["status"]["phase"] = json!("Terminating");
    let marked = store.write(|transaction| transaction.replace(Resource::Namespaces, "", "n", &space)).await;
    marked.map_err(|failure: Failure| failure.to_string()).expect("a write");
}

#[tokio::test]
async fn a_namespace_that_was_left_half_emptied_is_finished_by_the_next_that_meets_it() {
    for meet in ["DELETE", "GET", "LIST", "WATCH"] {
        let folder = tempfile::tempdir().expect("a folder");
        let storage = Storage::File(folder.path().join("s.db"));
        half_done(&storage).await;
        let client = Client::on(&storage);
        let all = "/api/v1/namespaces";
        match meet {
            "DELETE" => {
                assert_eq!(client.ask("DELETE", SPACE, &Json::Null).await.0, 200);
                assert_eq!(client.get(SPACE).await.0, 404, "it is done with the answer");
            }
            "GET" => assert_eq!(client.get(SPACE).await.0, 200),
            "LIST" => assert_eq!(client.get(all).await.0, 200),
            _ => {
                let watch = client.send("GET", &format!("{all}?watch=1"), &[], "").await;
                let _ = watch.into_body().frame().await;
            }
        }
        assert_eq!(client.ask("POST", HERE, &secret("new", "v")).await.0 / 100, 4, "nothing new comes into it");
        let store = &client.server.0.store;
        let mut commits = store.commits();
        let waited = tokio::time::timeout(std::time::Duration::from_secs(60), async {
            while store.get(Resource::Namespaces, "", "n").expect("a store").is_some() {
                commits.changed().await.expect("a commit");
            }
        });
        waited.await.unwrap_or_else(|_| panic!("{meet}: it is still there"));
        assert_eq!(count(&client).await, 0);
    }
}
