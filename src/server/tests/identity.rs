use http::{HeaderName, HeaderValue, Request};
use http_body_util::{BodyExt as _, Full};
use serde_json::{Value as Json, json};
use tower::ServiceExt as _;

use super::{Client, Identity, SECRETS, Server, Storage};

const WHO: &str = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

/// Sends a request with headers of any bytes; returns the status and the JSON.
async fn ask(client: &Client, method: &str, path: &str, headers: &[(&str, &[u8])]) -> (u16, Json) {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        let name: HeaderName = name.parse().expect("a name");
        request = request.header(name, HeaderValue::from_bytes(value).expect("a value"));
    }
    request = request.extension(client.identity.clone());
    let body = if method == "POST" { "{}" } else { "" };
    let request = request.body(Full::new(bytes::Bytes::from(body))).expect("a request");
    let Ok(response) = client.server.clone().oneshot(request).await;
    let status = response.status().as_u16();
    let Ok(body) = response.into_body().collect().await;
    (status, serde_json::from_slice(&body.to_bytes()).unwrap_or_default())
}

/// Returns the message of a GET as another user.
async fn denied(client: &Client, path: &str, user: &str) -> String {
    let (status, answer) = ask(client, "GET", path, &[("impersonate-user", user.as_bytes())]).await;
    assert_eq!(status, 403, "{answer}");
    answer["message"].as_str().unwrap_or_default().to_owned()
}

/// Returns the `userInfo` of a SelfSubjectReview.
async fn who(client: &Client, headers: &[(&str, &[u8])]) -> Json {
    let (status, review) = ask(client, "POST", WHO, headers).await;
    assert_eq!(status, 201, "{review}");
    review["status"]["userInfo"].clone()
}

#[tokio::test]
async fn impersonated_users_have_no_rights() {
    let client = Client::in_memory();
    assert_eq!(
        denied(&client, SECRETS, "bob").await,
        "secrets is forbidden: User \"bob\" cannot list resource \"secrets\" in API group \"\" in the namespace \"default\""
    );
    assert_eq!(
        denied(&client, "/api/v1/namespaces/default/secrets/x", "bob").await,
        "secrets \"x\" is forbidden: User \"bob\" cannot get resource \"secrets\" in API group \"\" in the namespace \"default\""
    );
    assert_eq!(
        denied(&client, "/api/v1/secrets?watch=1", "bob").await,
        "secrets is forbidden: User \"bob\" cannot watch resource \"secrets\" in API group \"\" at the cluster scope"
    );
    assert_eq!(
        denied(&client, &format!("{SECRETS}?fieldSelector=metadata.name%3Dx"), "bob").await,
        "secrets \"x\" is forbidden: User \"bob\" cannot list resource \"secrets\" in API group \"\" in the namespace \"default\""
    );
    assert_eq!(
        denied(&client, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", "bob").await,
        "customresourcedefinitions.apiextensions.k8s.io is forbidden: User \"bob\" cannot list resource \
         \"customresourcedefinitions\" in API group \"apiextensions.k8s.io\" at the cluster scope"
    );
    assert_eq!(denied(&client, "/nope", "bob").await, "forbidden: User \"bob\" cannot get path \"/nope\"");
    let (status, _) = client.get("/version").await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn names_of_any_letters_are_impersonated_too() {
    let client = Client::in_memory();
    assert!(denied(&client, SECRETS, "jürgen").await.contains("User \"jürgen\" cannot list"));
    let headers: [(&str, &[u8]); 4] = [
        ("impersonate-user", "jürgen".as_bytes()),
        ("impersonate-group", "Köche".as_bytes()),
        ("impersonate-uid", "ü1".as_bytes()),
        ("impersonate-extra-a%2fb", "ö".as_bytes()),
    ];
    let user = who(&client, &headers).await;
    let expected = json!({
        "username": "jürgen", "uid": "ü1", "groups": ["Köche", "system:authenticated"], "extra": {"a/b": ["ö"]},
    });
    assert_eq!(user, expected);
}

#[tokio::test]
async fn impersonation_that_cannot_be_read_is_refused() {
    let client = Client::in_memory();
    for header in ["impersonate-user", "impersonate-group", "impersonate-uid", "impersonate-extra-x"] {
        let bob = ("impersonate-user", b"bob".as_slice());
        for headers in [vec![(header, b"\xff".as_slice())], vec![bob, (header, b"\xff")]] {
            let (status, answer) = ask(&client, "POST", WHO, &headers).await;
            assert_eq!(status, 400, "{header}: {answer}");
        }
    }
}

#[tokio::test]
async fn groups_go_with_the_name() {
    let client = Client::in_memory();
    let authenticated = "system:authenticated";
    let cases: [(&str, &[&str], &[&str]); 7] = [
        ("bob", &[], &[authenticated]),
        ("bob", &["g"], &["g", authenticated]),
        ("bob", &["system:masters"], &["system:masters", authenticated]),
        ("system:serviceaccount:n:a", &[], &["system:serviceaccounts", "system:serviceaccounts:n", authenticated]),
        ("system:serviceaccount:n:a", &["g"], &["g", authenticated]),
        ("system:serviceaccount:N:a", &[], &[authenticated]),
        ("system:anonymous", &[authenticated], &[authenticated, "system:unauthenticated"]),
    ];
    for (user, groups, expected) in cases {
        let mut headers = vec![("impersonate-user", user.as_bytes())];
        headers.extend(groups.iter().map(|g| ("impersonate-group", g.as_bytes())));
        assert_eq!(who(&client, &headers).await["groups"], json!(expected), "{user} {groups:?}");
    }
}

#[tokio::test]
async fn those_without_authentication_have_no_reviews() {
    let client = Client::in_memory();
    let users: [&[(&str, &[u8])]; 2] = [
        &[("impersonate-user", b"system:anonymous")],
        &[("impersonate-user", b"bob"), ("impersonate-group", b"system:unauthenticated")],
    ];
    for headers in users {
        assert_eq!(ask(&client, "POST", WHO, headers).await.0, 403, "{headers:?}");
        assert_eq!(ask(&client, "GET", "/version", headers).await.0, 200, "{headers:?}");
    }
}

#[tokio::test]
async fn groups_alone_impersonate_no_user() {
    let client = Client::in_memory();
    let headers: [(&str, &[u8]); 2] = [("impersonate-group", b"g"), ("impersonate-extra-k", b"v")];
    let (status, answer) = ask(&client, "GET", SECRETS, &headers).await;
    assert_eq!(
        (status, answer["message"].as_str()),
        (
            400,
            Some(
                "requested &user.DefaultInfo{Name:\"\", UID:\"\", Groups:[]string{\"g\"}, \
                 Extra:map[string][]string{\"k\":[]string{\"v\"}}} without impersonating a user name"
            )
        )
    );
}

#[tokio::test]
async fn masters_may_everything_even_when_impersonated() {
    let client = Client::in_memory();
    let headers: [(&str, &[u8]); 2] = [("impersonate-user", b"bob"), ("impersonate-group", b"system:masters")];
    assert_eq!(ask(&client, "GET", SECRETS, &headers).await.0, 200);
}

#[tokio::test]
async fn an_unauthenticated_user_sees_versions_only_and_impersonates_none() {
    let mut client = Client::in_memory();
    client.identity = Identity::anonymous();
    assert_eq!(client.get("/version").await.0, 200);
    assert_eq!(client.get("/healthz").await.0, 200);
    assert_eq!(client.get("/api").await.0, 403);
    assert_eq!(
        denied(&client, SECRETS, "kubernetes-admin").await,
        "users \"kubernetes-admin\" is forbidden: User \"system:anonymous\" cannot impersonate resource \"users\" in API \
         group \"\" at the cluster scope"
    );
    assert_eq!(
        denied(&client, SECRETS, "system:serviceaccount:n:a").await,
        "serviceaccounts \"a\" is forbidden: User \"system:anonymous\" cannot impersonate resource \"serviceaccounts\" in \
         API group \"\" in the namespace \"n\""
    );
}

#[tokio::test]
async fn a_request_without_a_user_is_refused() {
    let server = Server::open(&Storage::Memory).expect("a server");
    for path in [SECRETS, "/version", "/apis", "/readyz"] {
        let request = Request::builder().uri(path).body(Full::new(bytes::Bytes::new())).expect("a request");
        let Ok(response) = server.clone().oneshot(request).await;
        assert_eq!(response.status(), 401, "{path}");
    }
}
