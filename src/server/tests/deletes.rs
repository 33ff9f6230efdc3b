use serde_json::{Value as Json, json};

use super::{Client, SECRETS, Storage, read, secret, version};

async fn made(names: &[&str]) -> Client {
    let client = Client::in_memory();
    for name in names {
        client.create(name).await;
    }
    client
}

fn names(list: &Json) -> Vec<&str> {
    list["items"].as_array().into_iter().flatten().filter_map(|i| i["metadata"]["name"].as_str()).collect()
}

async fn left(client: &Client) -> String {
    names(&client.get(SECRETS).await.1).join(" ")
}

#[tokio::test]
async fn a_collection_is_deleted_page_by_page() {
    let client = made(&["a", "b", "c", "d"]).await;
    let (_, list) = client.get(SECRETS).await;
    let (status, first) = client.ask("DELETE", &format!("{SECRETS}?limit=2"), &Json::Null).await;
    assert_eq!((status, names(&first)), (200, vec!["a", "b"]));
    assert_eq!(version(&first), version(&list), "the list is older than its deletion");
    assert_eq!(first["metadata"]["remainingItemCount"], 2);
    assert_eq!(left(&client).await, "c d");
    client.ask("DELETE", &format!("{SECRETS}/d"), &Json::Null).await;
    client.create("cc").await;
    let token = first["metadata"]["continue"].as_str().unwrap_or_default();
    let (status, second) = client.ask("DELETE", &format!("{SECRETS}?continue={token}"), &Json::Null).await;
    assert_eq!((status, names(&second)), (200, vec!["c", "d"]), "{second}");
    assert_eq!(left(&client).await, "cc", "what came after the first page is not of that list");
}

#[tokio::test]
async fn a_collection_that_cannot_be_listed_is_not_deleted() {
    let client = made(&["a"]).await;
    for (query, code) in [
        ("resourceVersionMatch=Exact&resourceVersion=0", 422),
        ("resourceVersionMatch=Exact", 422),
        ("sendInitialEvents=true", 422),
        ("limit=x", 400),
        ("continue=x", 400),
        ("labelSelector=l%21%3Db_", 400),
        ("fieldSelector=data%3Dx", 400),
        ("resourceVersion=x", 400),
    ] {
        let (status, refused) = client.ask("DELETE", &format!("{SECRETS}?{query}"), &Json::Null).await;
        assert_eq!(status, code, "{query}: {refused}");
        assert_eq!(left(&client).await, "a", "{query}");
    }
}

#[tokio::test]
async fn each_object_of_a_collection_must_meet_the_preconditions() {
    let client = made(&["a", "b"]).await;
    let (_, b) = client.get(&format!("{SECRETS}/b")).await;
    let uid = b["metadata"]["uid"].as_str().unwrap_or_default();
    for preconditions in [json!({"uid": uid}), json!({"resourceVersion": version(&b)})] {
        let (status, refused) = client.ask("DELETE", SECRETS, &json!({"preconditions": preconditions})).await;
        assert_eq!((status, &refused["details"]["name"]), (409, &json!("a")), "{refused}");
        assert_eq!(left(&client).await, "a b");
    }
    let only = format!("{SECRETS}?fieldSelector=metadata.name%3Db");
    let (status, gone) = client.ask("DELETE", &only, &json!({"preconditions": {"uid": uid}})).await;
    assert_eq!((status, names(&gone)), (200, vec!["b"]));
    assert_eq!(left(&client).await, "a");
}

#[tokio::test]
async fn a_collection_is_deleted_in_a_dry_run_without_effect() {
    let client = made(&["a", "b"]).await;
    let (status, list) = client.ask("DELETE", SECRETS, &json!({"dryRun": ["All"]})).await;
    assert_eq!((status, names(&list)), (200, vec!["a", "b"]));
    assert_eq!(left(&client).await, "a b");
}

#[tokio::test]
async fn options_of_a_wrong_form_delete_nothing() {
    let client = made(&["s"]).await;
    let unmarshal = |sort: &str, field: &str, go: &str| {
        (400, format!("json: cannot unmarshal {sort} into Go struct field {field} of type {go}"))
    };
    let unknown = |kind: &str, version: &str| {
        let scheme = "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30";
        (400, format!("no kind \"{kind}\" is registered for version \"{version}\" in scheme \"{scheme}\""))
    };
    let no_object = |sort: &str| {
        let meta = "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \
                    \"json:\\\"kind,omitempty\\\"\" }";
        let text = format!("json: cannot unmarshal {sort} into Go value of type {meta}");
        (400, format!("couldn't get version/kind; json parse error: {text}"))
    };
    for (body, (code, message)) in [
        (r#"{"preconditions":{"uid":5}}"#, unmarshal("number", "Preconditions.preconditions.uid", "types.UID")),
        (r#"{"preconditions":"abc"}"#, unmarshal("string", "DeleteOptions.preconditions", "v1.Preconditions")),
        (r#"{"gracePeriodSeconds":"x"}"#, unmarshal("string", "DeleteOptions.gracePeriodSeconds", "int64")),
        (
            r#"{"propagationPolicy":7}"#,
            unmarshal("number", "DeleteOptions.propagationPolicy", "v1.DeletionPropagation"),
        ),
        (r#"{"orphanDependents":"x"}"#, unmarshal("string", "DeleteOptions.orphanDependents", "bool")),
        (r#"{"dryRun":"All"}"#, unmarshal("string", "DeleteOptions.dryRun", "[]string")),
        (r#"{"dryRun":[1]}"#, unmarshal("number", "DeleteOptions.dryRun", "string")),
        ("[]", no_object("array")),
        (r#""str""#, no_object("string")),
        (r#"{"kind":"DeleteOptions","apiVersion":"foo/v9"}"#, unknown("DeleteOptions", "foo/v9")),
        (r#"{"kind":"Secret","apiVersion":"v1"}"#, unknown("Secret", "v1")),
    ] {
        for path in [&format!("{SECRETS}/s"), SECRETS] {
            for media in ["application/json", "application/yaml"] {
                let response = client.send("DELETE", path, &[("content-type", media)], body).await;
                let (status, refused) = read(response).await;
                assert_eq!((status, refused["message"].as_str()), (code, Some(message.as_str())), "{path} {media}");
            }
        }
    }
    let response = client.send("DELETE", &format!("{SECRETS}/s"), &[("content-type", "text/plain")], "{}").await;
    assert_eq!(read(response).await.0, 415);
    assert_eq!(left(&client).await, "s");
}

#[tokio::test]
async fn options_may_be_of_either_group() {
    for body in [
        json!({"kind": "DeleteOptions", "apiVersion": "v1", "gracePeriodSeconds": 0}),
        json!({"kind": "DeleteOptions", "apiVersion": "meta.k8s.io/v1", "orphanDependents": null, "unknown": 1}),
        json!({"dryRun": []}),
    ] {
        let client = made(&["s"]).await;
        let (status, gone) = client.ask("DELETE", &format!("{SECRETS}/s"), &body).await;
        assert_eq!((status, &gone["status"]), (200, &json!("Success")), "{body}");
        assert_eq!(left(&client).await, "");
    }
}

#[tokio::test]
async fn a_deletion_that_waits_is_a_new_generation() {
    let client = Client::in_memory();
    let mut body = secret("s", "v");
    body["metadata"]["generation"] = json!(7);
    body["metadata"]["finalizers"] = json!(["example.com/hold"]);
    client.ask("POST", SECRETS, &body).await;
    for _ in 0..2 {
        let (_, waiting) = client.ask("DELETE", &format!("{SECRETS}/s"), &Json::Null).await;
        assert_eq!(waiting["metadata"]["generation"], 8);
    }
}

#[tokio::test]
async fn who_wants_no_orphans_is_told_that_the_deletion_waits() {
    let client = Client::in_memory();
    let mut body = secret("s", "v");
    body["metadata"]["finalizers"] = json!(["example.com/hold", "orphan"]);
    client.ask("POST", SECRETS, &body).await;
    let path = format!("{SECRETS}/s");
    let (status, waiting) = client.ask("DELETE", &path, &json!({"orphanDependents": false})).await;
    assert_eq!((status, &waiting["metadata"]["finalizers"]), (202, &json!(["example.com/hold"])));
    client.create("t").await;
    let (status, _) = client.ask("DELETE", &format!("{SECRETS}/t"), &json!({"orphanDependents": false})).await;
    assert_eq!(status, 200);
}

/// Runs `work`, and calls `other` between its turns, again and again; returns the result of `work`, and how often that
/// was.
pub async fn beside<T>(work: impl Future<Output = T>, mut other: impl AsyncFnMut(usize)) -> (T, usize) {
    let mut work = std::pin::pin!(work);
    let mut count = 0;
    loop {
        tokio::select! {
            biased;
            done = &mut work => return (done, count),
            () = tokio::task::yield_now() => {}
        }
        let (mut other, mut done) = (std::pin::pin!(other(count)), None);
        // Why: `other` may wait for a commit that `work` holds, so `work` must go on, too.
        loop {
            tokio::select! {
                biased;
                () = &mut other => break,
                its = &mut work, if done.is_none() => done = Some(its),
            }
        }
        count += 1;
        if let Some(done) = done {
            return (done, count);
        }
    }
}

#[tokio::test]
async fn others_write_while_a_collection_is_deleted() {
    let folder = tempfile::tempdir().expect("a folder");
    for storage in [Storage::Memory, Storage::File(folder.path().join("s.db"))] {
        let client = Client::on(&storage);
        for number in 10..30 {
            client.create(&format!("s{number}")).await;
        }
        let path = "/api/v1/namespaces/kube-public/secrets";
        let commits = client.server.0.store.commit_count();
        let ((status, list), others) = beside(client.ask("DELETE", SECRETS, &Json::Null), async |count| {
            if count < 5 {
                assert_eq!(client.ask("POST", path, &secret(&format!("o{count}"), "v")).await.0, 201);
            }
        })
        .await;
        assert_eq!((status, names(&list).len()), (200, 20));
        assert_eq!(left(&client).await, "");
        let others = others.min(5);
        assert!(others > 1, "only {others} had their turn");
        assert_eq!(names(&client.get(path).await.1).len(), others);
        // Requests that overlap share a commit.
        let commits = client.server.0.store.commit_count() - commits;
        assert!(commits >= 10, "{commits}");
    }
}

#[tokio::test]
async fn what_changes_before_its_turn_is_deleted_only_if_it_still_matches() {
    let client = Client::in_memory();
    for name in ["a", "b", "c", "d", "e", "f", "g"] {
        let mut body = secret(name, "v");
        body["metadata"]["labels"] = json!({"odd": "1"});
        client.ask("POST", SECRETS, &body).await;
    }
    let odd = format!("{SECRETS}?labelSelector=odd%3D1");
    let ((status, list), _) = beside(client.ask("DELETE", &odd, &Json::Null), async |count| {
        // The list is read before this, in a turn of its own.
        if count == 0 {
            for (name, patch) in [
                ("e", json!({"metadata": {"labels": {"odd": "2"}}})),
                ("f", json!({"metadata": {"labels": {"even": "1"}}})),
            ] {
                assert_eq!(client.ask("PATCH", &format!("{SECRETS}/{name}"), &patch).await.0, 200);
            }
            client.ask("DELETE", &format!("{SECRETS}/g"), &Json::Null).await;
            let mut body = secret("g", "new");
            body["metadata"]["labels"] = json!({"odd": "1"});
            assert_eq!(client.ask("POST", SECRETS, &body).await.0, 201);
        }
    })
    .await;
    assert_eq!((status, names(&list).join("")), (200, "abcdefg".to_owned()));
    assert_eq!(left(&client).await, "e g");
}
