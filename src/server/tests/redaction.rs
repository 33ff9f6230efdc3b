use base64::{Engine as _, engine::general_purpose::STANDARD};
use http_body_util::BodyExt as _;

use super::{Client, SECRETS};

/// Requests that fail, each with a value in it that must not come back.
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
