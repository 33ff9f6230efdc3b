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

/// Marks in annotations and labels: where, the key, whose it is, and what is to be changed instead. The value of the mark
/// names it.
const MARKS: [(&str, &str, &str, &str); 9] = [
    ("annotations", "cert-manager.io/certificate-name", "cert-manager's Certificate", "the Certificate"),
    ("annotations", "meta.helm.sh/release-name", "the Helm release", "the values of the release"),
    ("annotations", "argocd.argoproj.io/tracking-id", "the Argo CD application", "its source"),
    ("labels", "argocd.argoproj.io/instance", "the Argo CD application", "its source"),
    ("labels", "kustomize.toolkit.fluxcd.io/name", "the Flux Kustomization", "its source"),
    ("labels", "helm.toolkit.fluxcd.io/name", "the Flux HelmRelease", "the values of the release"),
    ("labels", "reconcile.external-secrets.io/created-by", "the ExternalSecret", "the ExternalSecret or its store"),
    ("annotations", "reflector.v1.k8s.emberstack.com/reflects", "reflector, from", "the Secret that it reflects"),
    ("annotations", "replicator.v1.mittwald.de/replicated-from-version", "replicator, of version", "its source"),
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
    MARKS.iter().find_map(|(map, key, name, instead)| {
        let value = metadata[*map][*key].as_str()?;
        // The tracking ID of Argo CD goes on with the object.
        let value = value.split(':').next().unwrap_or_default();
        Some(Manager { name: format!("{name} {value}"), instead: (*instead).to_owned() })
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
