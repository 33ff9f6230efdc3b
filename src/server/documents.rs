//! What the server says of itself: discovery in both forms, version, OpenAPI, health, and reviews of who asks.

use http::{HeaderMap, HeaderValue, Method, Response, header, request::Parts};
use serde_json::{Value as Json, json};

use super::{
    Inner, answer,
    body::Body,
    identity::Identity,
    negotiate::{self, Endpoint},
    openapi,
    query::Query,
    reviews,
    route::{AUTHENTICATION, AUTHORIZATION, Document, Review},
    status::Status,
    swagger,
};

/// The Kubernetes version whose API this is.
const VERSION: (&str, &str, &str) = ("1", "36", "v1.36.0");

const NAMESPACE_VERBS: [&str; 7] = ["create", "delete", "get", "list", "patch", "update", "watch"];
const SECRET_VERBS: [&str; 8] = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
/// What `/` lists.
const PATHS: [&str; 13] = [
    "/api",
    "/api/v1",
    "/apis",
    "/apis/authentication.k8s.io",
    "/apis/authentication.k8s.io/v1",
    "/apis/authorization.k8s.io",
    "/apis/authorization.k8s.io/v1",
    "/healthz",
    "/livez",
    "/openapi/v2",
    "/openapi/v3",
    "/readyz",
    "/version",
];
/// The checks that `?verbose` lists.
const CHECKS: [&str; 2] = ["ping", "store"];

/// Answers a request for a document.
///
/// # Errors
/// 405 for the wrong method, 406 for a form that cannot be had, 400 and 415 for a review's body.
pub fn document(
    server: &Inner,
    document: &Document,
    parts: &Parts,
    body: &[u8],
    identity: &Identity,
) -> Result<Response<Body>, Status> {
    let expected = if matches!(document, Document::Review(_)) { Method::POST } else { Method::GET };
    if parts.method != expected {
        return Err(Status::new(
            405,
            "MethodNotAllowed",
            "the server does not allow this method on the requested resource",
        )
        .details(json!({})));
    }
    let object = match document {
        Document::Health(_, check) => return Ok(health(server, check.as_deref(), parts)),
        Document::Api | Document::Apis if wants_aggregated(&parts.headers) => {
            return Ok(aggregated(*document == Document::Api));
        }
        Document::CustomResources => json!({
            "kind": "CustomResourceDefinitionList", "apiVersion": "apiextensions.k8s.io/v1",
            "metadata": {"resourceVersion": "1"}, "items": [],
        }),
        Document::Root => json!({"paths": PATHS}),
        Document::OpenApi => json!({"paths": {"api/v1": {"serverRelativeURL": openapi::address()}}}),
        Document::OpenApiV1 => return Ok(openapi_document(&parts.headers)),
        Document::Swagger => return Ok(swagger_document(&parts.headers)),
        Document::Api => {
            let host = parts.headers.get(header::HOST).and_then(|v| v.to_str().ok()).unwrap_or("localhost");
            json!({
                "kind": "APIVersions", "versions": ["v1"],
                "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": host}],
            })
        }
        Document::Apis => json!({
            "kind": "APIGroupList", "apiVersion": "v1", "groups": [group(AUTHENTICATION), group(AUTHORIZATION)],
        }),
        Document::ApiV1 => resources(),
        Document::Group { group: name, version: false } => {
            let mut group = group(name);
            group["kind"] = json!("APIGroup");
            group["apiVersion"] = json!("v1");
            group
        }
        Document::Group { group, version: true } => group_resources(group),
        Document::Version => version(),
        Document::Review(review) => return reviews::review(server, *review, parts, body, identity),
    };
    let format = negotiate::accept(parts, Endpoint::Object)?;
    Ok(answer::object(200, &object, format))
}

fn version() -> Json {
    let (major, minor, git_version) = VERSION;
    json!({
        "major": major, "minor": minor, "emulationMajor": major, "emulationMinor": minor,
        "minCompatibilityMajor": major, "minCompatibilityMinor": "35", "gitVersion": git_version,
        "gitCommit": "", "gitTreeState": "", "buildDate": "1970-01-01T00:00:00Z", "goVersion": "",
        "compiler": concat!("ksecret ", env!("CARGO_PKG_VERSION")),
        "platform": format!("{}/{}", std::env::consts::OS, std::env::consts::ARCH),
    })
}

fn resources() -> Json {
    json!({
        "kind": "APIResourceList", "groupVersion": "v1",
        "resources": [
            {"name": "namespaces", "singularName": "namespace", "namespaced": false, "kind": "Namespace",
             "verbs": NAMESPACE_VERBS, "shortNames": ["ns"]},
            {"name": "namespaces/finalize", "singularName": "", "namespaced": false, "kind": "Namespace",
             "verbs": ["update"]},
            {"name": "namespaces/status", "singularName": "", "namespaced": false, "kind": "Namespace",
             "verbs": ["get", "patch", "update"]},
            {"name": "secrets", "singularName": "secret", "namespaced": true, "kind": "Secret", "verbs": SECRET_VERBS},
        ],
    })
}

fn group(name: &str) -> Json {
    let version = json!({"groupVersion": format!("{name}/v1"), "version": "v1"});
    json!({"name": name, "versions": [version], "preferredVersion": version})
}

/// The reviews of a group.
fn reviews_of(group: &str) -> impl Iterator<Item = Review> {
    Review::ALL.into_iter().filter(move |review| review.group() == group)
}

fn group_resources(group: &str) -> Json {
    let resources = reviews_of(group).map(|review| {
        json!({"name": review.plural(), "singularName": review.kind().to_ascii_lowercase(), "namespaced": false,
               "kind": review.kind(), "verbs": ["create"]})
    });
    json!({
        "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": format!("{group}/v1"),
        "resources": resources.collect::<Json>(),
    })
}

const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

fn wants_aggregated(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    accept.split(',').next().is_some_and(|first| {
        let pieces = first.split(';').map(str::trim).collect::<Vec<_>>();
        ["g=apidiscovery.k8s.io", "v=v2", "as=APIGroupDiscoveryList"].iter().all(|p| pieces.contains(p))
    })
}

fn aggregated(core: bool) -> Response<Body> {
    let kind = |group: &str, version: &str, kind: &str| json!({"group": group, "version": version, "kind": kind});
    let items = if core {
        let namespace = kind("", "", "Namespace");
        json!([{"metadata": {}, "versions": [{"version": "v1", "resources": [
            {"resource": "namespaces", "responseKind": namespace, "scope": "Cluster", "singularResource": "namespace",
             "verbs": NAMESPACE_VERBS, "shortNames": ["ns"], "subresources": [
                {"subresource": "finalize", "responseKind": namespace, "verbs": ["update"]},
                {"subresource": "status", "responseKind": namespace, "verbs": ["get", "patch", "update"]},
             ]},
            {"resource": "secrets", "responseKind": kind("", "", "Secret"), "scope": "Namespaced",
             "singularResource": "secret", "verbs": SECRET_VERBS},
        ], "freshness": "Current"}]}])
    } else {
        [AUTHENTICATION, AUTHORIZATION]
            .into_iter()
            .map(|group| {
                let resources = reviews_of(group).map(|review| {
                    json!({"resource": review.plural(), "responseKind": kind(group, "v1", review.kind()),
                           "scope": "Cluster", "singularResource": review.kind().to_ascii_lowercase(),
                           "verbs": ["create"]})
                });
                json!({"metadata": {"name": group}, "versions": [
                    {"version": "v1", "resources": resources.collect::<Json>(), "freshness": "Current"},
                ]})
            })
            .collect()
    };
    let object = json!({
        "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items,
    });
    let mut response = answer::bytes(200, AGGREGATED, answer::json::to_bytes(&object, false));
    let tag = if core { "\"core-v1\"" } else { "\"groups-v1.1\"" };
    response.headers_mut().insert(header::ETAG, HeaderValue::from_static(tag));
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept"));
    response
}

fn openapi_document(headers: &HeaderMap) -> Response<Body> {
    let tag = openapi::tag();
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == tag.as_bytes());
    let mut response = if known {
        answer::bytes(304, "application/json", Vec::new())
    } else {
        answer::bytes(200, "application/json", openapi::document().to_string().into_bytes())
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// The v2 document, as protobuf where that is asked for under either of its two names.
fn swagger_document(headers: &HeaderMap) -> Response<Body> {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let document = swagger::document(&openapi::document());
    if accept.replace('@', ".").contains(swagger::PROTOBUF) {
        answer::bytes(200, swagger::PROTOBUF, swagger::protobuf(&document))
    } else {
        answer::bytes(200, "application/json", document.to_string().into_bytes())
    }
}

fn health(server: &Inner, check: Option<&str>, parts: &Parts) -> Response<Body> {
    let works = server.store.head().is_ok();
    let path = parts.uri.path();
    let name = path.trim_matches('/').split('/').next().unwrap_or_default();
    if let Some(check) = check {
        if !CHECKS.contains(&check) {
            return answer::page_not_found();
        }
        let fine = works || check == "ping";
        return answer::text(if fine { 200 } else { 500 }, if fine { "ok".into() } else { "not ok\n".into() });
    }
    let verbose = Query::parse(parts.uri.query().unwrap_or_default()).first("verbose").is_some();
    if works && !verbose {
        return answer::text(200, "ok".into());
    }
    let mut text = String::new();
    for check in CHECKS {
        let fine = works || check == "ping";
        text.push_str(&if fine { format!("[+]{check} ok\n") } else { format!("[-]{check} failed: reason withheld\n") });
    }
    text.push_str(&format!("{name} check {}\n", if works { "passed" } else { "failed" }));
    answer::text(if works { 200 } else { 500 }, text)
}
