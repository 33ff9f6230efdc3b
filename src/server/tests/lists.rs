use serde_json::{Value as Json, json};

use super::{Client, SECRETS, version};

fn names(list: &Json) -> Vec<&str> {
    list["items"].as_array().into_iter().flatten().filter_map(|i| i["metadata"]["name"].as_str()).collect()
}

#[tokio::test]
async fn pages_show_one_moment() {
    let client = Client::in_memory();
    for name in ["a", "b", "c", "d"] {
        client.create(name).await;
    }
    let (_, first) = client.get(&format!("{SECRETS}?limit=2")).await;
    assert_eq!(names(&first), ["a", "b"]);
    assert_eq!(first["metadata"]["remainingItemCount"], 2);
    client.ask("DELETE", &format!("{SECRETS}/c"), &Json::Null).await;
    client.ask("PATCH", &format!("{SECRETS}/d"), &json!({"data": {"k": "bmV3"}})).await;
    client.create("bb").await;
    let token = first["metadata"]["continue"].as_str().unwrap_or_default().to_owned();
    let (_, second) = client.get(&format!("{SECRETS}?limit=1&continue={token}")).await;
    assert_eq!((names(&second), version(&second)), (vec!["c"], version(&first)));
    assert_eq!(second["metadata"]["remainingItemCount"], 1);
    let token = second["metadata"]["continue"].as_str().unwrap_or_default().to_owned();
    let (_, third) = client.get(&format!("{SECRETS}?limit=5&continue={token}")).await;
    assert_eq!(names(&third), ["d"]);
    assert_eq!(third["items"][0]["data"]["k"], "dg==");
    assert_eq!(third["metadata"].get("continue"), None);
    let exact = format!("{SECRETS}?resourceVersion={}&resourceVersionMatch=Exact", version(&first));
    assert_eq!(names(&client.get(&exact).await.1), ["a", "b", "c", "d"]);
    assert_eq!(names(&client.get(SECRETS).await.1), ["a", "b", "bb", "d"]);
}

#[tokio::test]
async fn pages_over_all_namespaces_follow_namespace_then_name() {
    let client = Client::in_memory();
    for (namespace, name) in [("kube-public", "a"), ("default", "z"), ("default", "b"), ("kube-system", "a")] {
        let path = format!("/api/v1/namespaces/{namespace}/secrets");
        client.ask("POST", &path, &json!({"metadata": {"name": name}})).await;
    }
    let mut token = String::new();
    let mut seen = Vec::new();
    loop {
        let (status, page) = client.get(&format!("/api/v1/secrets?limit=1&continue={token}")).await;
        assert_eq!(status, 200);
        let item = &page["items"][0]["metadata"];
        seen.push(format!("{}/{}", item["namespace"].as_str().unwrap_or(""), item["name"].as_str().unwrap_or("")));
        match page["metadata"]["continue"].as_str() {
            Some(next) => token = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, ["default/b", "default/z", "kube-public/a", "kube-system/a"]);
}

#[tokio::test]
async fn a_future_version_is_waited_for_and_then_refused() {
    let client = Client::in_memory();
    client.create("a").await;
    let writer = client.clone();
    let path = format!("{SECRETS}?resourceVersion=6");
    let (late, ()) = tokio::join!(client.get(&path), async {
        writer.create("b").await;
    });
    assert_eq!(names(&late.1), ["a", "b"]);
    let begin = tokio::time::Instant::now();
    let (status, refused) = client.get(&format!("{SECRETS}?resourceVersion=999")).await;
    assert_eq!(status, 504);
    assert_eq!(refused["message"], "Timeout: Too large resource version: 999, current: 6");
    assert_eq!(refused["details"]["retryAfterSeconds"], 1);
    assert!(begin.elapsed() >= std::time::Duration::from_secs(3));
}

#[tokio::test]
async fn options_that_do_not_go_together_are_refused() {
    let client = Client::in_memory();
    for (query, code, text) in [
        ("resourceVersionMatch=Exact&resourceVersion=0", 422, "resourceVersionMatch \"exact\" is forbidden"),
        ("resourceVersionMatch=Bogus&resourceVersion=1", 422, "supported values: \"Exact\", \"NotOlderThan\", \"\""),
        ("sendInitialEvents=true", 422, "sendInitialEvents is forbidden for list"),
        ("limit=x", 400, "strconv.ParseInt: parsing \"x\": invalid syntax"),
        ("continue=e30", 400, "server does not recognize this encoded version"),
    ] {
        let (status, refused) = client.get(&format!("{SECRETS}?{query}")).await;
        assert_eq!(status, code, "{query}");
        assert!(refused["message"].as_str().unwrap_or_default().contains(text), "{query}: {refused}");
    }
}
