use http_body_util::BodyExt as _;
use serde_json::{Value as Json, json};

use super::{Client, SECRETS};

/// A request, with the code and message of its answer.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str, u16, &'a str);

const JSON: (&str, &str) = ("content-type", "application/json");
const MERGE: (&str, &str) = ("content-type", "application/merge-patch+json");
const APPLY: (&str, &str) = ("content-type", "application/apply-patch+yaml");
const BODY: &str = r#"{"metadata":{"name":"s"}}"#;
const NOT_ALLOWED: &str = "the server does not allow this method on the requested resource";

async fn check(client: &Client, cases: &[Case<'_>]) {
    for (method, path, headers, body, code, message) in cases {
        let response = client.send(method, path, headers, body).await;
        let status = response.status().as_u16();
        let Ok(answer) = response.into_body().collect().await;
        let answer: Json = serde_json::from_slice(&answer.to_bytes()).unwrap_or_default();
        assert_eq!((status, answer["message"].as_str()), (*code, Some(*message)), "{method} {path} {body}");
    }
}

#[tokio::test]
async fn requests_are_refused_in_the_servers_words() {
    let client = Client::in_memory();
    client.create("s").await;
    client.create("t").await;
    let item = &format!("{SECRETS}/s");
    let query = |text: &str| format!("{SECRETS}?{text}");
    let long = &query(&format!("fieldManager={}", "m".repeat(129)));
    check(
        &client,
        &[
            ("POST", SECRETS, &[("content-type", "text/plain")], BODY, 415, "the body of the request was in an unknown format \
                - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf"),
            ("POST", SECRETS, &[JSON], r#"{"metadata":{"name":"v","resourceVersion":"5"}}"#, 500,
                "resourceVersion should not be set on objects to be created"),
            ("POST", SECRETS, &[JSON], r#"{"metadata":{"name":"v","namespace":"other"}}"#, 400,
                "the namespace of the provided object does not match the namespace sent on the request"),
            ("POST", SECRETS, &[JSON], r#"{"apiVersion":"v2","kind":"Secret","metadata":{"name":"v"}}"#, 400,
                "Secret in version \"v2\" cannot be handled as a Secret: no kind \"Secret\" is registered for version \
                 \"v2\" in scheme \"k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30\""),
            ("POST", SECRETS, &[JSON], r#"{"metadata":{"name":"v","labels":{"a":5}}}"#, 400,
                "Secret in version \"v1\" cannot be handled as a Secret: json: cannot unmarshal number into Go struct field \
                 ObjectMeta.metadata.labels of type string"),
            ("POST", &query("fieldValidation=Bogus"), &[JSON], BODY, 422,
                "CreateOptions.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value: \"Bogus\": supported values: \
                 \"\", \"Ignore\", \"Strict\", \"Warn\""),
            ("POST", long, &[JSON], BODY, 422,
                "CreateOptions.meta.k8s.io \"\" is invalid: fieldManager: Too long: may not be more than 128 bytes"),
            ("POST", &query("fieldManager=a%01b"), &[JSON], BODY, 422,
                "CreateOptions.meta.k8s.io \"\" is invalid: fieldManager: Invalid value: \"a\\x01b\": invalid character \
                 U+0001 (at position 1)"),
            ("PUT", item, &[JSON], r#"{"metadata":{"name":"t"}}"#, 400,
                "the name of the object (t) does not match the name on the URL (s)"),
            ("PUT", item, &[JSON], "{}", 400,
                "the name of the object (s based on URL) was undeterminable: name must be provided"),
            ("PUT", &format!("{SECRETS}/x"), &[JSON], r#"{"metadata":{"name":"x"}}"#, 404, "secrets \"x\" not found"),
            ("PATCH", item, &[MERGE], r#"{"metadata":{"name":"t"}}"#, 400,
                "the name of the object (t) does not match the name on the URL (s)"),
            ("PATCH", item, &[("content-type", "application/json")], "{}", 415, "415: Unsupported Media Type"),
            ("PATCH", item, &[APPLY], "apiVersion: v1\nkind: Secret", 422,
                "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch"),
            ("PATCH", &format!("{item}?fieldManager=m"), &[APPLY], "{}", 400, "invalid object type: /, Kind="),
            ("PATCH", "/api/v1/namespaces/none/secrets/s", &[MERGE], "{}", 404, "namespaces \"none\" not found"),
            ("GET", "/api/v1/namespaces/none/secrets/s", &[], "", 404, "secrets \"s\" not found"),
            (
                "GET",
                &format!("{item}?resourceVersion=abc"),
                &[],
                "",
                500,
                "resourceVersion: Invalid value: \"abc\": strconv.ParseUint: parsing \"abc\": invalid syntax",
            ),
            ("PUT", SECRETS, &[JSON], BODY, 405, NOT_ALLOWED),
            ("PATCH", SECRETS, &[MERGE], "{}", 405, NOT_ALLOWED),
            ("POST", "/api/v1/secrets", &[JSON], BODY, 405, NOT_ALLOWED),
            ("DELETE", "/api/v1/namespaces", &[], "", 405, NOT_ALLOWED),
            ("OPTIONS", item, &[], "", 405, NOT_ALLOWED),
            ("GET", &format!("{item}/status"), &[], "", 404, "the server could not find the requested resource"),
            ("GET", item, &[("accept", "application/json;as=Bogus;g=meta.k8s.io;v=v1")], "", 406,
                "only the following media types are accepted: application/json, application/yaml, \
                 application/vnd.kubernetes.protobuf"),
            ("DELETE", item, &[], r#"{"propagationPolicy":"Bogus"}"#, 422,
                "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: \"Bogus\": supported values: \
                 \"Foreground\", \"Background\", \"Orphan\", \"nil\""),
            ("DELETE", item, &[], r#"{"propagationPolicy":"Background","orphanDependents":true}"#, 422,
                "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Invalid value: \"Background\": orphanDependents \
                 and deletionPropagation cannot be both set"),
            ("DELETE", item, &[], r#"{"kind":"Foo","apiVersion":"v1"}"#, 400,
                "no kind \"Foo\" is registered for version \"v1\" in scheme \
                 \"k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30\""),
            ("POST", "/api/v1/namespaces", &[JSON], r#"{"metadata":{"name":"a_b"}}"#, 422,
                "Namespace \"a_b\" is invalid: metadata.name: Invalid value: \"a_b\": a lowercase RFC 1123 label must consist of \
                 lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. \
                 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_watch_cannot_be_had_as_yaml() {
    let client = Client::in_memory();
    let response = client.send("GET", &format!("{SECRETS}?watch=1"), &[("accept", "application/yaml")], "").await;
    assert_eq!(response.status(), 406);
    assert_eq!(response.headers()["content-type"], "application/yaml");
}

#[tokio::test]
async fn writes_that_change_nothing_are_none() {
    let client = Client::in_memory();
    let made = client.create("s").await;
    let (status, same) = client.ask("PATCH", &format!("{SECRETS}/s"), &json!({"stringData": {"k": "v"}})).await;
    assert_eq!((status, &same), (200, &made));
    let (status, dry) =
        client.ask("PATCH", &format!("{SECRETS}/s?dryRun=All"), &json!({"stringData": {"k": "w"}})).await;
    assert_eq!((status, dry["data"]["k"].as_str()), (200, Some("dw==")));
    assert_eq!(client.get(&format!("{SECRETS}/s")).await.1, made);
}

#[tokio::test]
async fn answers_are_indented_for_people() {
    let client = Client::in_memory();
    let begins = async |path: &str, agent: &str| {
        let response = client.send("GET", path, &[("user-agent", agent)], "").await;
        let Ok(body) = response.into_body().collect().await;
        String::from_utf8_lossy(&body.to_bytes()).into_owned()
    };
    let item = "/api/v1/namespaces/default";
    assert!(begins(item, "x/1").await.starts_with("{\"kind\""));
    assert!(begins(&format!("{item}?pretty=true"), "x/1").await.starts_with("{\n  \"kind\""));
}
