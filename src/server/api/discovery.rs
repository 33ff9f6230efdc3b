//! Discovery: the groups, versions and resources of the API, separately and aggregated.

use serde_json::{Value as Json, json};

use crate::http::route::{AUTHENTICATION, AUTHORIZATION, Review};

const NAMESPACE_VERBS: [&str; 7] = ["create", "delete", "get", "list", "patch", "update", "watch"];
const SECRET_VERBS: [&str; 8] = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/// Returns the resources of `/api/v1`.
pub fn resources() -> Json {
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

/// Returns a group as `/apis` lists it.
pub fn group(name: &str) -> Json {
    let version = json!({"groupVersion": format!("{name}/v1"), "version": "v1"});
    json!({"name": name, "versions": [version], "preferredVersion": version})
}

/// Returns the reviews of a group.
fn reviews_of(group: &str) -> impl Iterator<Item = Review> {
    Review::ALL.into_iter().filter(move |review| review.group() == group)
}

/// Returns the resources of a group's version.
pub fn group_resources(group: &str) -> Json {
    let resources = reviews_of(group).map(|review| {
        json!({"name": review.plural(), "singularName": review.kind().to_ascii_lowercase(), "namespaced": false,
               "kind": review.kind(), "verbs": ["create"]})
    });
    json!({
        "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": format!("{group}/v1"),
        "resources": resources.collect::<Json>(),
    })
}

/// Returns the aggregated discovery of `/api` (`core`) or `/apis`.
pub fn aggregated(core: bool) -> Json {
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
    json!({"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items})
}
