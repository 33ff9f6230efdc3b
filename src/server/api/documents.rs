//! Documents about the server: discovery in both forms, version, OpenAPI, health; and reviews.

use http::{HeaderMap, HeaderValue, Method, Response, header, request::Parts};
use jiff::{SignedDuration, fmt::rfc2822::DateTimePrinter};
use serde_json::{Value as Json, json};

use crate::{
    Inner,
    access::identity::Identity,
    api::{discovery, openapi, openapi_v2, reviews},
    encode,
    http::{
        body::Body,
        negotiate::{self, Endpoint, Media},
        query::Query,
        route::{AUTHENTICATION, AUTHORIZATION, Document},
    },
};
use secret::status::Status;

/// The Kubernetes version whose API the server implements.
const VERSION: (&str, &str, &str) = ("1", "36", "v1.36.0");

/// The paths that `/` lists.
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
/// The health checks, in the order in which `?verbose` lists them.
const CHECKS: [&str; 2] = ["ping", "store"];

/// The media type of aggregated discovery.
const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/// Answers a request for a document.
///
/// # Errors
/// 405 for the wrong method, 406 for a media type that is not supported, 400 and 415 for the body of a review.
pub fn document(
    server: &Inner,
    document: &Document,
    parts: &Parts,
    body: &[u8],
    identity: &Identity,
) -> Result<Response<Body>, Status> {
    let expected = if matches!(document, Document::Review(_)) { Method::POST } else { Method::GET };
    if parts.method != expected && !takes_any_method(document) {
        return Err(Status::new(
            405,
            "MethodNotAllowed",
            "the server does not allow this method on the requested resource",
        )
        .details(json!({})));
    }
    let object = match document {
        Document::Health(_, check) => return Ok(health(server, check.as_deref(), parts)),
        Document::Api | Document::Apis if negotiate::wants_aggregated(&parts.headers) => {
            let object = discovery::aggregated(*document == Document::Api);
            return Ok(tagged(&parts.headers, AGGREGATED, encode::json::to_bytes(&object, false)));
        }
        Document::CustomResources => json!({
            "kind": "CustomResourceDefinitionList", "apiVersion": "apiextensions.k8s.io/v1",
            "metadata": {"resourceVersion": "1"}, "items": [],
        }),
        Document::Root => json!({"paths": PATHS}),
        Document::OpenApi => {
            let object = json!({"paths": {"api/v1": {"serverRelativeURL": openapi::address()}}});
            return Ok(tagged(&parts.headers, Media::Json.name(), object.to_string().into_bytes()));
        }
        Document::OpenApiV1 => return Ok(openapi_document(server, parts)),
        Document::Swagger => return Ok(swagger_document(&parts.headers)),
        Document::Api => {
            let host = parts.headers.get(header::HOST).and_then(|v| v.to_str().ok()).unwrap_or("localhost");
            json!({
                "kind": "APIVersions", "versions": ["v1"],
                "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": host}],
            })
        }
        Document::Apis => json!({
            "kind": "APIGroupList", "apiVersion": "v1", "groups": [discovery::group(AUTHENTICATION), discovery::group(AUTHORIZATION)],
        }),
        Document::ApiV1 => discovery::resources(),
        Document::Group { group: name, version: false } => {
            let mut group = discovery::group(name);
            group["kind"] = json!("APIGroup");
            group["apiVersion"] = json!("v1");
            group
        }
        Document::Group { group, version: true } => discovery::group_resources(group),
        Document::Version => version(),
        Document::Review(review) => return reviews::review(server, *review, parts, body, identity),
    };
    let format = negotiate::accept(parts, Endpoint::Object)?;
    Ok(encode::object(200, &object, format))
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

/// Returns `true` if kube-apiserver serves a document with a plain handler, which ignores the method.
fn takes_any_method(document: &Document) -> bool {
    match document {
        Document::Root | Document::OpenApi | Document::OpenApiV1 | Document::Swagger | Document::Health(..) => true,
        Document::Api
        | Document::Apis
        | Document::ApiV1
        | Document::Group { .. }
        | Document::Version
        | Document::CustomResources
        | Document::Review(_) => false,
    }
}

/// Answers with bytes and their ETag, or with 304 if the client has them already.
fn tagged(headers: &HeaderMap, content_type: &'static str, bytes: Vec<u8>) -> Response<Body> {
    let tag = format!("\"{}\"", openapi::hash(&bytes));
    let known = headers.get_all(header::IF_NONE_MATCH).iter().any(|value| {
        let tags = value.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
        tags.map(|known| known.strip_prefix(b"W/").unwrap_or(known))
            .any(|known| known == tag.as_bytes() || known == b"*")
    });
    let (code, bytes) = if known { (304, Vec::new()) } else { (200, bytes) };
    let mut response = encode::bytes(code, content_type, bytes);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept"));
    if content_type == AGGREGATED {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public"));
    }
    response
}

/// Answers with the OpenAPI v3 document. At the URL with its hash it is immutable; a URL with another hash is outdated
/// and redirects there (kube-openapi's `HandleGroupVersion`).
fn openapi_document(server: &Inner, parts: &Parts) -> Response<Body> {
    let mut response = tagged(&parts.headers, Media::Json.name(), openapi::text().as_bytes().to_vec());
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    let Some(given) = query.non_empty("hash") else { return response };
    let address = openapi::address();
    if !address.ends_with(&format!("?hash={given}")) {
        let mut moved = encode::bytes(301, Media::Json.name(), Vec::new());
        if let Ok(address) = HeaderValue::from_str(&address) {
            moved.headers_mut().insert(header::LOCATION, address);
        }
        return moved;
    }
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, immutable"));
    let in_a_year = server.clock_rng.now().checked_add(SignedDuration::from_hours(365 * 24)).ok();
    let expires = in_a_year.and_then(|time| DateTimePrinter::new().timestamp_to_rfc9110_string(&time).ok());
    if let Some(expires) = expires.and_then(|text| HeaderValue::from_str(&text).ok()) {
        headers.insert(header::EXPIRES, expires);
    }
    response
}

/// Answers with the OpenAPI v2 document; as protobuf if `Accept` names it in either of its two spellings.
fn swagger_document(headers: &HeaderMap) -> Response<Body> {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let document = openapi_v2::document(&openapi::document());
    if accept.replace('@', ".").contains(openapi_v2::PROTOBUF) {
        tagged(headers, openapi_v2::PROTOBUF, openapi_v2::protobuf(&document))
    } else {
        tagged(headers, Media::Json.name(), document.to_string().into_bytes())
    }
}

/// Answers a health check: one check by its name, or all (`healthz.InstallPathHandler`).
fn health(server: &Inner, one: Option<&str>, parts: &Parts) -> Response<Body> {
    let works = |check: &str| check == "ping" || server.store.head().is_ok();
    if let Some(check) = one {
        return match CHECKS.contains(&check) {
            false => encode::page_not_found(),
            true if works(check) => encode::text(200, "ok".into()),
            true => encode::text(500, "not ok\n".into()),
        };
    }
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    let excluded = query.all("exclude");
    let (mut text, mut fine) = (String::new(), true);
    for check in CHECKS {
        text.push_str(&if excluded.contains(&check) {
            format!("[+]{check} excluded: ok\n")
        } else if works(check) {
            format!("[+]{check} ok\n")
        } else {
            fine = false;
            format!("[-]{check} failed: reason withheld\n")
        });
    }
    if fine && query.first("verbose").is_none() {
        return encode::text(200, "ok".into());
    }
    let name = parts.uri.path().trim_matches('/');
    text.push_str(&format!("{name} check {}\n", if fine { "passed" } else { "failed" }));
    encode::text(if fine { 200 } else { 500 }, text)
}
