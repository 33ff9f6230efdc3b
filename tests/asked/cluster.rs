//! Scripted servers that have more than Secrets: the groups of `cluster.json`, told in the aggregated form of discovery or
//! in the older one only.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::{Arc, LazyLock},
    thread,
};

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use ksecret::server::{Server, Storage};
use serde_json::{Value as Json, json};
use tower::ServiceExt as _;

const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

static GROUPS: LazyLock<Json> = LazyLock::new(|| read("cluster.json"));
/// The OpenAPI document of `apps/v1`.
static OPENAPI: LazyLock<Json> = LazyLock::new(|| read("openapi.json"));

fn read(name: &str) -> Json {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/asked").join(name);
    let text = std::fs::read_to_string(file).expect("a file of the scripted server");
    serde_json::from_str(&text).expect("it is JSON")
}

/// Starts a server, which ends with the process; its URL.
pub fn start(aggregated: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    let answer = Arc::new(move |path: &str, accept: &str| match review(path, aggregated) {
        Some(review) => review.into(),
        None if path == "/openapi/v2" && !aggregated => swagger(accept),
        None => answer(path, aggregated, aggregated && accept.contains("apidiscovery")).into(),
    });
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let answer = Arc::clone(&answer);
            thread::spawn(move || talk(stream, &*answer));
        }
    });
    format!("http://{address}")
}

fn talk(stream: TcpStream, answer: &dyn Fn(&str, &str) -> Reply) {
    let mut writer = stream.try_clone().expect("the connection");
    let mut reader = BufReader::new(stream);
    loop {
        let (mut path, mut accept, mut line, mut length) = (String::new(), String::new(), String::new(), 0);
        loop {
            line.clear();
            match reader.read_line(&mut line) {
                Ok(0) | Err(_) => return,
                Ok(..=2) => break,
                Ok(_) => {}
            }
            if path.is_empty() {
                let target = line.split(' ').nth(1).unwrap_or_default();
                path = target.split('?').next().unwrap_or_default().to_owned();
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("accept:") {
                value.trim().clone_into(&mut accept);
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        if (&mut reader).take(length).read_to_end(&mut Vec::new()).is_err() {
            return;
        }
        let Reply { status, content_type, body } = answer(&path, &accept);
        let length = body.len();
        let head = format!("HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n");
        if writer.write_all(head.as_bytes()).and_then(|()| writer.write_all(&body)).is_err() {
            return;
        }
    }
}

/// An answer.
struct Reply {
    status: u16,
    content_type: String,
    body: Vec<u8>,
}

impl From<(u16, &'static str, Json)> for Reply {
    fn from((status, content_type, body): (u16, &'static str, Json)) -> Self {
        Self { status, content_type: content_type.to_owned(), body: body.to_string().into_bytes() }
    }
}

/// The OpenAPI v2 document of the embedded server, as JSON or as protobuf.
fn swagger(accept: &str) -> Reply {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let server = Server::open(&Storage::Memory).expect("a server").as_admin();
        let request = Request::get("/openapi/v2").header("accept", accept).body(Full::<Bytes>::default());
        let response = server.oneshot(request.expect("a request")).await.expect("an answer");
        let content_type = response.headers()["content-type"].to_str().expect("its type").to_owned();
        let body = response.into_body().collect().await.expect("its body").to_bytes();
        Reply { status: 200, content_type, body: body.to_vec() }
    })
}

/// What the server says of the user: without aggregated discovery in an old version of the API.
fn review(path: &str, aggregated: bool) -> Option<(u16, &'static str, Json)> {
    let path = path.strip_prefix("/apis/")?;
    let (group_version, plural) = path.rsplit_once('/')?;
    let status = match plural {
        "selfsubjectreviews" if aggregated == group_version.ends_with("/v1") => json!({"userInfo": {
            "username": "jane", "uid": "42", "groups": ["dev", "system:authenticated"],
            "extra": {"scopes.example.com": ["a", "b"], "authentication.kubernetes.io/credential-id": ["JTI=1"]},
        }}),
        "selfsubjectaccessreviews" => json!({"allowed": false, "reason": "no rule", "evaluationError": "role is gone"}),
        "selfsubjectrulesreviews" => json!({
            "resourceRules": [
                {"verbs": ["list", "get"], "apiGroups": ["", "apps"], "resources": ["secrets", "pods/log"]},
                {"verbs": ["get", "watch"], "apiGroups": [""], "resources": ["secrets"]},
                {"verbs": ["get"], "apiGroups": ["apps"], "resources": ["deployments/scale"], "resourceNames": ["b", "a"]},
                {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]},
                {"verbs": ["use", "bind"], "apiGroups": [""], "resources": ["secrets"], "resourceNames": ["a"]},
            ],
            "nonResourceRules": [{"verbs": ["get", "post"], "nonResourceURLs": ["/b*", "/a"]}],
            "incomplete": true, "evaluationError": "a webhook does not say",
        }),
        "selfsubjectreviews" => {
            return Some(failure(404, "NotFound", "the server could not find the requested resource"));
        }
        _ => return None,
    };
    let kind = match plural {
        "selfsubjectreviews" => "SelfSubjectReview",
        "selfsubjectaccessreviews" => "SelfSubjectAccessReview",
        _ => "SelfSubjectRulesReview",
    };
    let body = json!({"kind": kind, "apiVersion": group_version, "metadata": {}, "status": status});
    Some((201, "application/json", body))
}

/// What the server answers; a new one has OpenAPI v3.
fn answer(path: &str, new: bool, aggregated: bool) -> (u16, &'static str, Json) {
    let groups = || GROUPS["groups"].as_array().into_iter().flatten();
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let body = match parts.as_slice() {
        ["api"] if aggregated => return (200, AGGREGATED, list(groups().filter(|group| group["name"] == ""))),
        ["apis"] if aggregated => return (200, AGGREGATED, list(groups().filter(|group| group["name"] != ""))),
        ["api"] => json!({"kind": "APIVersions", "versions": ["v1"]}),
        ["apis"] => {
            let groups = groups().filter(|group| group["name"] != "").map(|group| {
                let version = |version: &Json| json!({"groupVersion": format!("{}/{}", group["name"].as_str().unwrap_or_default(), version["version"].as_str().unwrap_or_default()), "version": version["version"]});
                let versions: Vec<Json> = group["versions"].as_array().into_iter().flatten().map(version).collect();
                json!({"name": group["name"], "preferredVersion": versions[0], "versions": versions})
            });
            json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups.collect::<Vec<_>>()})
        }
        ["api", version] => return resources("", version),
        ["openapi", "v3"] if new => {
            json!({"paths": {"apis/apps/v1": {"serverRelativeURL": "/openapi/v3/apis/apps/v1?hash=1"}}})
        }
        ["openapi", "v3", "apis", "apps", "v1"] if new => OPENAPI.clone(),
        ["api", "v1", "namespaces", "kube-system", "services"] => services(),
        ["api", "v1", "namespaces", _, "services"] => {
            json!({"kind": "ServiceList", "apiVersion": "v1", "metadata": {}, "items": []})
        }
        ["apis", group, version] => return resources(group, version),
        _ => return failure(404, "NotFound", "the server could not find the requested resource"),
    };
    (200, "application/json", body)
}

/// The cluster's own services.
fn services() -> Json {
    let service = |name: &str, labels: Json, ports: Json, status: Json| {
        json!({"metadata": {"name": name, "namespace": "kube-system", "labels": labels}, "spec": {"ports": ports},
            "status": {"loadBalancer": status}})
    };
    let items = json!([
        service("kube-dns", json!({"kubernetes.io/name": "CoreDNS"}), json!([{"name": "dns", "port": 53}]), json!({})),
        service("metrics", json!({}), json!([{"name": "https", "port": 443}, {"port": 80}]), json!({})),
        service("dash", json!({}), json!([{"port": 443}]), json!({})),
        service("plain", json!({}), json!([{"port": 80}]), json!({})),
        service("none", json!({}), json!([]), json!({})),
        service("lb", json!({}), json!([{"port": 80}, {"port": 443}]), json!({"ingress": [{"ip": "1.2.3.4"}]})),
        service("lb-name", json!({}), json!([{"port": 80}]), json!({"ingress": [{"hostname": "lb.example.com"}]})),
    ]);
    json!({"kind": "ServiceList", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": items})
}

fn failure(code: u16, reason: &str, message: &str) -> (u16, &'static str, Json) {
    let body = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message,
        "reason": reason, "code": code});
    (code, "application/json", body)
}

/// A version's resources in the older form; of one whose server is away a failure.
fn resources(group: &str, version: &str) -> (u16, &'static str, Json) {
    let groups = GROUPS["groups"].as_array().into_iter().flatten();
    let found = groups
        .filter(|known| known["name"] == group)
        .flat_map(|known| known["versions"].as_array().into_iter().flatten())
        .find(|known| known["version"] == version);
    let Some(found) = found else {
        return failure(404, "NotFound", "the server could not find the requested resource");
    };
    if found["stale"] == true {
        return failure(503, "ServiceUnavailable", "the server is currently unable to handle the request");
    }
    let name = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
    let body = json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": name,
        "resources": found["resources"]});
    (200, "application/json", body)
}

/// The aggregated form.
fn list<'g>(groups: impl Iterator<Item = &'g Json>) -> Json {
    let items = groups.map(|group| {
        let versions = group["versions"].as_array().into_iter().flatten().map(|version| {
            let of = |resource: &Json| {
                json!({
                    "resource": resource["name"], "singularResource": resource["singularName"],
                    "scope": if resource["namespaced"] == true { "Namespaced" } else { "Cluster" },
                    "responseKind": {"group": group["name"], "version": version["version"], "kind": resource["kind"]},
                    "verbs": resource["verbs"], "shortNames": resource["shortNames"],
                    "categories": resource["categories"],
                })
            };
            let resources = version["resources"].as_array().into_iter().flatten();
            let whole = resources.filter(|resource| !resource["name"].as_str().unwrap_or_default().contains('/'));
            let freshness = if version["stale"] == true { "Stale" } else { "Current" };
            json!({"version": version["version"], "freshness": freshness, "resources": whole.map(of).collect::<Vec<_>>()})
        });
        json!({"metadata": {"name": group["name"]}, "versions": versions.collect::<Vec<_>>()})
    });
    json!({"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {},
        "items": items.collect::<Vec<_>>()})
}
