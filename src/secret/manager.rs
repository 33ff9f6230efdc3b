//! Who keeps a Secret as it is: a controller, or a tool that applies it again. What is changed beside it is put back.

use serde_json::Value as Json;

use crate::Object;

/// What keeps a Secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manager {
    /// It, as `ExternalSecret db`.
    pub name: String,
    /// What is to be changed instead.
    pub instead: String,
}

/// A mark in annotations or labels.
struct Mark {
    map: &'static str,
    key: &'static str,
    /// Whose it is.
    name: &'static str,
    /// Whether its value names that.
    is_named: bool,
    /// What is to be changed instead.
    instead: &'static str,
}

const fn mark(map: &'static str, key: &'static str, name: &'static str, is_named: bool, instead: &'static str) -> Mark {
    Mark { map, key, name, is_named, instead }
}

/// What the documents of these tools say that they write.
const MARKS: [Mark; 10] = [
    mark("annotations", "cert-manager.io/certificate-name", "cert-manager's Certificate", true, "the Certificate"),
    mark("annotations", "meta.helm.sh/release-name", "the Helm release", true, "the values of the release"),
    mark("annotations", "argocd.argoproj.io/tracking-id", "the Argo CD application", true, "its source"),
    mark("labels", "argocd.argoproj.io/instance", "the Argo CD application", true, "its source"),
    mark("labels", "kustomize.toolkit.fluxcd.io/name", "the Flux Kustomization", true, "its source"),
    mark("labels", "helm.toolkit.fluxcd.io/name", "the Flux HelmRelease", true, "the values of the release"),
    mark("labels", "reconcile.external-secrets.io/managed", "an ExternalSecret", false, "that, or its store"),
    mark(
        "annotations",
        "reflector.v1.k8s.emberstack.com/reflects",
        "reflector, from",
        true,
        "the Secret that it reflects",
    ),
    mark(
        "annotations",
        "replicator.v1.mittwald.de/replicate-from",
        "replicator, from",
        true,
        "the Secret that it copies",
    ),
    mark(
        "annotations",
        "replicator.v1.mittwald.de/replicated-from-version",
        "replicator",
        false,
        "the Secret that it copies",
    ),
];

/// Returns what keeps a Secret, if its metadata says so: an owner that controls it, or a mark of a known tool.
pub fn of(secret: &Object) -> Option<Manager> {
    let metadata = &secret.json()["metadata"];
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    let owners = metadata["ownerReferences"].as_array().into_iter().flatten();
    let mut controllers = owners.filter(|owner| owner["controller"] == true);
    if let Some(owner) = controllers.next() {
        let kind = text(&owner["kind"]);
        return Some(Manager { name: format!("{kind} {}", text(&owner["name"])), instead: format!("the {kind}") });
    }
    MARKS.iter().find_map(|mark| {
        let value = metadata[mark.map][mark.key].as_str()?;
        // The tracking ID of Argo CD goes on with the object.
        let value = value.split(':').next().unwrap_or_default();
        let name = if mark.is_named { format!("{} {value}", mark.name) } else { mark.name.to_owned() };
        Some(Manager { name, instead: mark.instead.to_owned() })
    })
}

/// Returns who wrote one of these keys last, and when, by `metadata.managedFields`.
pub fn last_writer(secret: &Object, keys: &[String]) -> Option<(String, String)> {
    let entries = secret.json()["metadata"]["managedFields"].as_array()?;
    let owns = |entry: &&Json| {
        let data = &entry["fieldsV1"]["f:data"];
        keys.iter().any(|key| data.get(format!("f:{key}")).is_some())
    };
    let last = entries.iter().filter(owns).max_by_key(|entry| entry["time"].as_str().unwrap_or_default())?;
    Some((last["manager"].as_str()?.to_owned(), last["time"].as_str()?.to_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_mark_names_what_keeps_it() {
        let of = |metadata: Json| of(&Object::new(json!({"metadata": metadata}))).map(|manager| manager.name);
        for (metadata, name) in [
            (json!({}), None),
            (json!({"ownerReferences": [{"kind": "Pod", "name": "x"}]}), None),
            (
                json!({"ownerReferences": [
                    {"kind": "Pod", "name": "x"}, {"kind": "SealedSecret", "name": "db", "controller": true},
                ]}),
                Some("SealedSecret db"),
            ),
            (json!({"labels": {"app.kubernetes.io/managed-by": "Helm"}}), None),
            (json!({"annotations": {"meta.helm.sh/release-name": "web"}}), Some("the Helm release web")),
            (
                json!({"annotations": {"argocd.argoproj.io/tracking-id": "shop:/Secret:prod/db"}}),
                Some("the Argo CD application shop"),
            ),
            (json!({"labels": {"reconcile.external-secrets.io/managed": "true"}}), Some("an ExternalSecret")),
            (
                json!({"annotations": {"cert-manager.io/certificate-name": "site"}}),
                Some("cert-manager's Certificate site"),
            ),
        ] {
            assert_eq!(of(metadata.clone()).as_deref(), name, "{metadata}");
        }
    }

    #[test]
    fn the_last_writer_of_a_key_is_known() {
        let entry = |manager: &str, time: &str, key: &str| {
            let mut data = serde_json::Map::new();
            data.insert(format!("f:{key}"), json!({}));
            json!({"manager": manager, "time": time, "fieldsV1": {"f:data": data}})
        };
        let secret = Object::new(json!({"metadata": {"managedFields": [
            entry("a", "2026-01-01T00:00:00Z", "k"), entry("b", "2026-01-02T00:00:00Z", "k"),
            entry("c", "2026-01-03T00:00:00Z", "other"),
        ]}}));
        let last = last_writer(&secret, &["k".to_owned()]);
        assert_eq!(last, Some(("b".to_owned(), "2026-01-02T00:00:00Z".to_owned())));
        assert_eq!(last_writer(&secret, &["none".to_owned()]), None);
    }
}
