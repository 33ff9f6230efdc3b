use base64::{Engine as _, engine::general_purpose::STANDARD};
use http_body_util::BodyExt as _;

use super::{Client, SECRETS};

/// Each request fails, and has a value that the answer must not repeat.
#[tokio::test]
async fn no_failure_repeats_a_value() {
    const MARK: &str = "hunter2-hunter2";
    let client = Client::in_memory();
    client.create("s").await;
    let encoded = STANDARD.encode(MARK);
    let item = format!("{SECRETS}/s");
    let apply = format!("{item}?fieldManager=m");
    let strict = format!("{item}?fieldValidation=Strict");
    let cases: Vec<(&str, &str, &str, String)> = vec![
        ("POST", SECRETS, "application/json", format!("{{\"data\":{{\"a\":\"{MARK}!\"}}}}")),
        ("POST", SECRETS, "application/json", format!("{{\"stringData\":{{\"a\":\"{MARK}\"")),
        ("POST", SECRETS, "application/json", MARK.to_owned()),
        ("POST", SECRETS, "application/json", format!("{{{MARK}}}")),
        ("POST", SECRETS, "application/yaml", format!("stringData: {{a: [{MARK}")),
        ("POST", SECRETS, "application/yaml", MARK.to_owned()),
        ("POST", SECRETS, "application/yaml", format!("stringData: {{a: !{MARK} b}}")),
        ("POST", SECRETS, "application/vnd.kubernetes.protobuf", format!("k8s\0{MARK}")),
        ("POST", SECRETS, "application/json", format!("{{\"stringData\":{{\"a\":[\"{MARK}\"]}}}}")),
        (
            "POST",
            SECRETS,
            "application/json",
            format!(
                "{{\"metadata\":{{\"name\":\"d\"}},\"type\":\"kubernetes.io/dockerconfigjson\",\
                 \"data\":{{\".dockerconfigjson\":\"{encoded}\"}}}}"
            ),
        ),
        ("PATCH", &item, "application/merge-patch+json", format!("{{\"data\":{{\"a\":\"{MARK}!\"}}}}")),
        ("PATCH", &item, "application/merge-patch+json", format!("[\"{MARK}\"]")),
        (
            "PATCH",
            &item,
            "application/merge-patch+json",
            format!("{{\"kind\":\"X\",\"stringData\":{{\"a\":\"{MARK}\"}}}}"),
        ),
        ("PATCH", &strict, "application/merge-patch+json", format!("{{\"dataa\":{{\"a\":\"{encoded}\"}}}}")),
        ("PATCH", &item, "application/strategic-merge-patch+json", format!("{{\"data\":{{\"a\":\"{MARK}!\"}}}}")),
        (
            "PATCH",
            &item,
            "application/json-patch+json",
            format!("[{{\"op\":\"test\",\"path\":\"/data/k\",\"value\":\"{MARK}\"}}]"),
        ),
        ("PATCH", &item, "application/json-patch+json", format!("[{{\"op\":\"{MARK}\",\"path\":\"/data/k\"}}]")),
        (
            "PATCH",
            &apply,
            "application/apply-patch+yaml",
            format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {{a: {{b: {MARK}}}}}"),
        ),
        (
            "PATCH",
            &apply,
            "application/apply-patch+yaml",
            format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata: {{a: {MARK}!}}"),
        ),
    ];
    for (method, path, content_type, body) in cases {
        let response = client.send(method, path, &[("content-type", content_type)], &body).await;
        let status = response.status();
        let warnings = format!("{:?}", response.headers());
        let Ok(answer) = response.into_body().collect().await;
        let answer = String::from_utf8_lossy(&answer.to_bytes()).into_owned() + &warnings;
        assert!(status.as_u16() >= 400, "{body} gives {status}");
        let hex = |text: &str| text.bytes().take(8).map(|b| format!("{b:02x}")).collect::<String>();
        for trace in [MARK, "hunter2", &encoded, &hex(MARK)] {
            assert!(!answer.contains(trace), "{method} {content_type} {body}: {answer}");
        }
    }
}

/// A JSON patch moves a value from `data` to every place that a message can quote.
#[tokio::test]
async fn no_failure_repeats_a_value_that_a_patch_moved() {
    const MARK: &str = "hunter2 moved/out=";
    let client = Client::in_memory();
    let encoded = STANDARD.encode(MARK);
    let body = format!("{{\"metadata\":{{\"name\":\"s\"}},\"data\":{{\"k\":\"{encoded}\"}}}}");
    assert_eq!(client.send("POST", SECRETS, &[("content-type", "application/json")], &body).await.status(), 201);
    let mut refused = 0;
    for path in [
        "/metadata/labels",
        "/metadata/labels/a",
        "/metadata/annotations",
        "/metadata/name",
        "/metadata/namespace",
        "/metadata/uid",
        "/metadata/resourceVersion",
        "/metadata/generateName",
        "/metadata/creationTimestamp",
        "/metadata/deletionTimestamp",
        "/metadata/generation",
        "/metadata/finalizers",
        "/metadata/finalizers/-",
        "/metadata/ownerReferences",
        "/metadata/ownerReferences/-",
        "/metadata/managedFields",
        "/metadata/managedFields/0/manager",
        "/metadata/managedFields/0/operation",
        "/metadata/managedFields/0/time",
        "/metadata/managedFields/0/apiVersion",
        "/metadata/managedFields/0/fieldsType",
        "/metadata/managedFields/0/subresource",
        "/metadata/managedFields/0/fieldsV1",
        "/metadata",
        "/kind",
        "/apiVersion",
        "/type",
        "/immutable",
        "/unknown",
        "/data",
        "/stringData",
        "",
    ] {
        for op in ["copy", "move"] {
            let patch = format!(
                "[{{\"op\":\"add\",\"path\":\"/metadata/labels\",\"value\":{{}}}},\
                 {{\"op\":\"add\",\"path\":\"/metadata/finalizers\",\"value\":[]}},\
                 {{\"op\":\"add\",\"path\":\"/metadata/ownerReferences\",\"value\":[]}},\
                 {{\"op\":\"{op}\",\"from\":\"/data/k\",\"path\":\"{path}\"}}]"
            );
            for query in ["?dryRun=All", "?dryRun=All&fieldValidation=Strict", "?dryRun=All&fieldValidation=Warn"] {
                let item = format!("{SECRETS}/s{query}");
                let kind = [("content-type", "application/json-patch+json")];
                let response = client.send("PATCH", &item, &kind, &patch).await;
                let failed = response.status().as_u16() >= 400;
                let mut said = format!("{:?}", response.headers());
                let Ok(answer) = response.into_body().collect().await;
                if failed {
                    refused += 1;
                    said += &String::from_utf8_lossy(&answer.to_bytes());
                }
                for trace in [MARK, "hunter2", &encoded] {
                    assert!(!said.contains(trace), "{op} to {path}: {said}");
                }
            }
        }
    }
    assert!(refused > 60, "only {refused} were refused");
}
