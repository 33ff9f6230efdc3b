use http_body_util::BodyExt as _;
use serde_json::{Value as Json, json};

use super::{Client, SECRETS, version};
use crate::{Body, encode, http::negotiate};

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

/// Returns a list as bytes.
async fn in_form(client: &Client, accept: &str) -> String {
    let response = client.send("GET", SECRETS, &[("accept", accept)], "").await;
    assert_eq!(response.status(), 200, "{accept}");
    let Ok(body) = response.into_body().collect().await;
    String::from_utf8_lossy(&body.to_bytes()).into_owned()
}

#[tokio::test]
async fn a_list_that_is_written_item_by_item_is_the_list_in_every_form() {
    let client = Client::in_memory();
    let table = ";as=Table;v=v1;g=meta.k8s.io";
    let metadata = ";as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
    for count in 0..3 {
        let bytes = |mut whole: http::Response<Body>| whole.body_mut().take_chunks().pop_front().expect("bytes");
        for shape in ["", table, metadata] {
            let json: Json =
                serde_json::from_str(&in_form(&client, &format!("application/json{shape}")).await).expect("JSON");
            let list = if shape == table { "rows" } else { "items" };
            assert_eq!(json[list].as_array().map(Vec::len), Some(count), "{json}");
            let format = |media, pretty| negotiate::Format { media, pretty, ..negotiate::Format::PLAIN };
            let pretty = in_form(&client, &format!("application/json{shape};pretty=1")).await;
            let yaml = in_form(&client, &format!("application/yaml{shape}")).await;
            // Tables have ages, which change.
            if shape != table {
                let whole = encode::object(200, &json, format(negotiate::Media::Json, true));
                assert_eq!(pretty.as_bytes(), bytes(whole));
                let whole = encode::object(200, &json, format(negotiate::Media::Yaml, false));
                assert_eq!(yaml.as_bytes(), bytes(whole));
                let response = client
                    .send("GET", SECRETS, &[("accept", &format!("application/vnd.kubernetes.protobuf{shape}"))], "")
                    .await;
                let Ok(protobuf) = response.into_body().collect().await;
                let whole = encode::object(200, &json, format(negotiate::Media::Protobuf, false));
                assert_eq!(protobuf.to_bytes(), bytes(whole));
            }
            let yaml: Json = serde_yaml::from_str(&yaml).expect("YAML");
            let pretty: Json = serde_json::from_str(&pretty).expect("JSON");
            assert_eq!(
                (yaml[list].as_array().map(Vec::len), pretty[list].as_array().map(Vec::len)),
                (Some(count), Some(count))
            );
        }
        client.create(["a", "b", "c"][count]).await;
    }
}

#[tokio::test]
async fn other_requests_have_their_turn_while_a_long_list_is_made() {
    const COUNT: usize = 1_500;
    for accept in ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"] {
        let client = Client::in_memory();
        for number in 0..COUNT {
            client.create(&format!("s{number:05}")).await;
        }
        let headers = [("accept", accept)];
        let mut list = std::pin::pin!(client.send("GET", SECRETS, &headers, ""));
        let (mut others, mut changed) = (0, 0);
        let response = loop {
            tokio::select! {
                biased;
                response = &mut list => break response,
                () = tokio::task::yield_now() => {
                    let name = format!("{SECRETS}/s{:05}", COUNT - 1 - others % COUNT);
                    changed += usize::from(client.ask("DELETE", &name, &json!(null)).await.0 == 200);
                    others += 1;
                }
            }
        };
        assert!(others >= 5 && changed == others, "{accept}: {others} had their turn");
        let Ok(body) = response.into_body().collect().await;
        // And it shows the snapshot at which it began.
        if accept == "application/json" {
            let list: Json = serde_json::from_slice(&body.to_bytes()).expect("JSON");
            assert_eq!(list["items"].as_array().map(Vec::len), Some(COUNT));
        }
    }
}
