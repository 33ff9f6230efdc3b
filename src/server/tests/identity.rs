use serde_json::json;

use super::{Client, Identity, SECRETS};

#[tokio::test]
async fn impersonated_users_have_no_rights() {
    let client = Client::in_memory();
    let denied = |method: &'static str, path: &'static str, user: &'static str| {
        let client = client.clone();
        async move {
            use http_body_util::BodyExt as _;
            let response = client.send(method, path, &[("impersonate-user", user)], "").await;
            let Ok(body) = response.into_body().collect().await;
            let status: serde_json::Value = serde_json::from_slice(&body.to_bytes()).unwrap_or_default();
            status["message"].as_str().unwrap_or_default().to_owned()
        }
    };
    assert_eq!(
        denied("GET", SECRETS, "bob").await,
        "secrets is forbidden: User \"bob\" cannot list resource \"secrets\" in API group \"\" in the namespace \"default\""
    );
    assert_eq!(
        denied("GET", "/api/v1/namespaces/default/secrets/x", "bob").await,
        "secrets \"x\" is forbidden: User \"bob\" cannot get resource \"secrets\" in API group \"\" in the namespace \"default\""
    );
    assert_eq!(
        denied("GET", "/api/v1/secrets?watch=1", "bob").await,
        "secrets is forbidden: User \"bob\" cannot watch resource \"secrets\" in API group \"\" at the cluster scope"
    );
    assert_eq!(denied("GET", "/nope", "bob").await, "forbidden: User \"bob\" cannot get path \"/nope\"");
    let (status, _) = client.get("/version").await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn nobody_in_particular_sees_versions_only_and_may_be_nobody_else() {
    let mut client = Client::in_memory();
    client.identity = Some(Identity::anonymous());
    assert_eq!(client.get("/version").await.0, 200);
    assert_eq!(client.get("/healthz").await.0, 200);
    assert_eq!(client.get("/api").await.0, 403);
    let response = client.send("GET", SECRETS, &[("impersonate-user", "kubernetes-admin")], "").await;
    assert_eq!(response.status(), 403);
}

#[tokio::test]
async fn reviews_tell_who_and_what() {
    let client = Client::in_memory();
    let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    let body = json!({"spec": {"resourceAttributes": {"verb": "get", "resource": "secrets", "namespace": "default"}}});
    let (status, review) = client.ask("POST", path, &body).await;
    assert_eq!((status, review["status"]["allowed"].as_bool()), (201, Some(true)));
    let (_, review) = client.ask("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", &json!({})).await;
    assert_eq!(review["status"]["userInfo"]["username"], "kubernetes-admin");
}
