use serde_json::{Value as Json, json};

use super::{Client, Identity};

const ACCESS: &str = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const RULES: &str = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
const WHO: &str = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

/// Returns a client for a user without rights of its own.
fn bob() -> Client {
    let mut client = Client::in_memory();
    let groups = vec!["system:authenticated".to_owned()];
    client.identity = Identity { user: "bob".into(), groups, ..Identity::anonymous() };
    client
}

async fn allowed(client: &Client, spec: Json) -> Option<bool> {
    let (status, review) = client.ask("POST", ACCESS, &json!({"spec": spec})).await;
    assert_eq!(status, 201, "{review}");
    assert_eq!(review["spec"], spec);
    review["status"]["allowed"].as_bool()
}

#[tokio::test]
async fn access_is_what_requests_are_allowed() {
    let (admin, bob) = (Client::in_memory(), bob());
    for (spec, others) in [
        (json!({"resourceAttributes": {"verb": "get", "resource": "secrets", "namespace": "default"}}), false),
        (json!({"resourceAttributes": {}}), false),
        (json!({"nonResourceAttributes": {"verb": "get", "path": "/api/v1"}}), true),
        (json!({"nonResourceAttributes": {"verb": "post", "path": "/api/v1"}}), false),
        (json!({"nonResourceAttributes": {"verb": "get", "path": "/apiary"}}), false),
        (
            json!({"resourceAttributes": {"verb": "create", "resource": "selfsubjectreviews", "group": "authentication.k8s.io"}}),
            true,
        ),
    ] {
        assert_eq!(allowed(&admin, spec.clone()).await, Some(true), "{spec}");
        assert_eq!(allowed(&bob, spec.clone()).await, Some(others), "{spec}");
    }
}

#[tokio::test]
async fn rules_are_all_that_one_may() {
    let basic = json!([
        {"verbs": ["create"], "apiGroups": ["authorization.k8s.io"],
         "resources": ["selfsubjectaccessreviews", "selfsubjectrulesreviews"]},
        {"verbs": ["create"], "apiGroups": ["authentication.k8s.io"], "resources": ["selfsubjectreviews"]},
    ]);
    let (status, review) = bob().ask("POST", RULES, &json!({"spec": {"namespace": "n"}})).await;
    assert_eq!((status, &review["status"]["resourceRules"]), (201, &basic));
    assert_eq!(review["status"]["incomplete"], json!(false));
    let (_, review) = Client::in_memory().ask("POST", RULES, &json!({"spec": {"namespace": "n"}})).await;
    let everything = json!({"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]});
    assert_eq!(review["status"]["resourceRules"][0], everything);
    assert_eq!(review["status"]["nonResourceRules"][0], json!({"verbs": ["*"], "nonResourceURLs": ["*"]}));
    assert_eq!((&review["kind"], &review["spec"]), (&json!("SelfSubjectRulesReview"), &json!({})));
}

#[tokio::test]
async fn a_review_of_who_one_is_takes_nothing_from_its_body() {
    let body = json!({"metadata": {"name": "x"}, "status": {"userInfo": {"username": "mallory"}}});
    let (status, review) = bob().ask("POST", WHO, &body).await;
    assert_eq!((status, &review["status"]["userInfo"]["username"]), (201, &json!("bob")));
    assert!(review["metadata"].get("name").is_none() && review["metadata"]["creationTimestamp"].is_string());
}

#[tokio::test]
async fn reviews_are_refused_in_the_servers_words() {
    let client = Client::in_memory();
    let typed =
        |version: &str, kind: &str| json!({"apiVersion": version, "kind": kind, "spec": {"resourceAttributes": {}}});
    let scheme = "in scheme \"k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30\"";
    for (path, body, code, message) in [
        (ACCESS, json!({}), 422, ".authorization.k8s.io \"\" is invalid: spec.resourceAttributes: Invalid value: null: exactly \
            one of nonResourceAttributes or resourceAttributes must be specified".to_owned()),
        (ACCESS, json!({"spec": {"resourceAttributes": {}, "nonResourceAttributes": {"path": "/x"}}}), 422,
            ".authorization.k8s.io \"\" is invalid: spec.nonResourceAttributes: Invalid value: {\"Path\":\"/x\",\"Verb\":\"\"}: \
            cannot be specified in combination with resourceAttributes".to_owned()),
        (ACCESS, json!({"metadata": {"name": "x", "namespace": "n"}, "spec": {"resourceAttributes": {}}}), 422,
            ".authorization.k8s.io \"\" is invalid: metadata: Invalid value: {\"name\":\"x\"}: must be empty".to_owned()),
        (ACCESS, json!({"spec": {"resourceAttributes": {"verb": 5}}}), 400,
            "SelfSubjectAccessReview in version \"v1\" cannot be handled as a SelfSubjectAccessReview: json: cannot unmarshal \
             number into Go struct field ResourceAttributes.spec.resourceAttributes.verb of type string".to_owned()),
        (ACCESS, typed("authorization.k8s.io/v1beta1", "SelfSubjectAccessReview"), 400,
            "the API version in the data (authorization.k8s.io/v1beta1) does not match the expected API version \
             (authorization.k8s.io/v1)".to_owned()),
        (ACCESS, typed("v1", "SelfSubjectAccessReview"), 400, format!(
            "SelfSubjectAccessReview in version \"v1\" cannot be handled as a SelfSubjectAccessReview: no kind \
             \"SelfSubjectAccessReview\" is registered for version \"v1\" {scheme}")),
        (ACCESS, typed("authorization.k8s.io/v1", "SelfSubjectRulesReview"), 400,
            "SelfSubjectRulesReview in version \"v1\" cannot be handled as a SelfSubjectAccessReview: converting \
             (v1.SelfSubjectRulesReview) to (authorization.SelfSubjectAccessReview): unknown conversion".to_owned()),
        (RULES, json!({}), 400, "no namespace on request".to_owned()),
        (WHO, json!([]), 400, "the object provided is unrecognized (must be of type SelfSubjectReview): couldn't get \
            version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string \
            \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" } (5b5d)".to_owned()),
        (&format!("{WHO}?fieldValidation=Strict"), json!({"metadata": {"nmae": "x"}}), 400,
            "SelfSubjectReview in version \"v1\" cannot be handled as a SelfSubjectReview: strict decoding error: unknown \
             field \"metadata.nmae\"".to_owned()),
    ] {
        let (status, answer) = client.ask("POST", path, &body).await;
        assert_eq!((status, answer["message"].as_str()), (code, Some(message.as_str())), "{path} {body}");
    }
}

#[tokio::test]
async fn unknown_fields_of_reviews_are_warned_of() {
    let client = Client::in_memory();
    let response = client.send("POST", WHO, &[("content-type", "application/json")], r#"{"spce":{}}"#).await;
    assert_eq!(response.status(), 201);
    assert_eq!(response.headers()["warning"], r#"299 - "unknown field \"spce\"""#);
}

#[tokio::test]
async fn reviews_are_discovered() {
    let client = Client::in_memory();
    let (_, list) = client.get("/apis/authorization.k8s.io/v1").await;
    let names = list["resources"].as_array().into_iter().flatten().map(|r| r["name"].as_str().unwrap_or_default());
    assert_eq!(names.collect::<Vec<_>>(), ["selfsubjectaccessreviews", "selfsubjectrulesreviews"]);
    let (status, answer) = client.get("/apis/authorization.k8s.io/v1/nope").await;
    assert_eq!((status, answer["reason"].as_str()), (404, Some("NotFound")));
    assert_eq!(client.get(RULES).await.0, 405);
}
