//! Resolves a word to resources, as client-go's REST mapper and its shortcut expander do.

use super::groups::{Groups, Resource};

/// The parts of a resource word (`schema.ParseResourceArg`).
struct Word<'w> {
    resource: &'w str,
    version: Option<&'w str>,
    group: &'w str,
}

impl Groups {
    /// Returns the resource of a word: `pods`, `pod`, `po`, `deployments.apps`, `deployments.v1.apps`. If several
    /// groups have it, the core group comes first, then the order of discovery; preferred versions before others.
    pub fn resource_for(&self, word: &str) -> Option<Resource> {
        let word = word.to_lowercase();
        let parts: Vec<&str> = word.splitn(3, '.').collect();
        if let [resource, version, group] = parts.as_slice() {
            let full = Word { resource, version: Some(version), group };
            if let Some(found) = self.find(&full) {
                return Some(found);
            }
        }
        let (resource, group) = word.split_once('.').unwrap_or((&word, ""));
        self.find(&Word { resource, version: None, group })
    }

    /// Returns the resources of a word without a group, in every group and version.
    pub fn resources_for(&self, word: &str) -> Vec<Resource> {
        let resources = || self.resources().filter(|resource| !resource.text("name").contains('/'));
        let is_short = |resource: &Resource| resource.texts("shortNames").contains(&word);
        let is_name =
            resources().any(|resource| resource.text("name") == word || resource.text("singularName") == word);
        let long = resources().find(|resource| !is_name && is_short(resource));
        match long {
            Some(long) => resources()
                .filter(|resource| resource.group == long.group && resource.text("name") == long.text("name"))
                .collect(),
            None => resources().filter(|resource| is_named(resource, &word.to_lowercase())).collect(),
        }
    }

    fn find(&self, word: &Word<'_>) -> Option<Resource> {
        let resources = || self.resources().filter(|resource| !resource.text("name").contains('/'));
        let within = |resource: &Resource| word.group.is_empty() || resource.group == word.group;
        // As in kubectl: a word that is a complete name is not expanded as a short name.
        let is_name = resources().filter(within).any(|resource| is_named(&resource, word.resource));
        if is_name {
            return self.named(word.resource, word.version, word.group);
        }
        let is_short = |resource: &Resource| resource.texts("shortNames").contains(&word.resource);
        let begins = |resource: &Resource| resource.group.starts_with(word.group);
        let long = resources()
            .find(|resource| within(resource) && is_short(resource))
            .or_else(|| resources().find(|resource| begins(resource) && is_short(resource)));
        match long {
            Some(long) => self.named(long.text("name"), None, &long.group),
            None => self.named(word.resource, word.version, word.group),
        }
    }

    /// Returns the first resource of this name. Without a version, `group` may be a prefix of the group's name.
    fn named(&self, name: &str, version: Option<&str>, group: &str) -> Option<Resource> {
        let matches = |resource: &Resource| match version {
            Some(version) => resource.version == version && (group.is_empty() || resource.group == group),
            None => resource.group.starts_with(group),
        };
        self.resources()
            .filter(|resource| !resource.text("name").contains('/'))
            .find(|resource| matches(resource) && is_named(resource, name))
    }
}

/// Returns whether the name is the plural or the singular of the resource. Old servers return no singular; the kind is
/// used then.
fn is_named(resource: &Resource, name: &str) -> bool {
    let singular = match resource.text("singularName") {
        "" => resource.text("kind").to_lowercase(),
        singular => singular.to_owned(),
    };
    resource.text("name") == name || singular == name
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn groups() -> Groups {
        let resource = |name: &str, singular: &str, short: &[&str]| {
            json!({"resource": name, "singularResource": singular, "scope": "Namespaced", "shortNames": short,
                "responseKind": {"kind": "X"}, "verbs": ["get"]})
        };
        let version = |name: &str, resources: serde_json::Value| json!({"version": name, "resources": resources});
        Groups::of(&[
            json!({"kind": "APIGroupDiscoveryList", "items": [{"metadata": {}, "versions": [
                version("v1", json!([resource("pods", "pod", &["po"]), resource("events", "event", &["ev"])])),
            ]}]}),
            json!({"kind": "APIGroupDiscoveryList", "items": [
                {"metadata": {"name": "apps"}, "versions": [
                    version("v1", json!([resource("deployments", "deployment", &["deploy"])])),
                    version("v1beta1", json!([
                        resource("deployments", "deployment", &["deploy"]), resource("ancients", "ancient", &["po"]),
                    ])),
                ]},
                {"metadata": {"name": "events.k8s.io"}, "versions": [
                    version("v1", json!([resource("events", "event", &["ev"])])),
                ]},
            ]}),
        ])
    }

    #[test]
    fn words_mean_what_they_mean_to_kubectl() {
        let groups = groups();
        for (word, meant) in [
            ("pods", Some("v1 pods")),
            ("Pod", Some("v1 pods")),
            ("po", Some("v1 pods")),
            ("events", Some("v1 events")),
            ("ev", Some("v1 events")),
            ("ev.events.k8s.io", Some("events.k8s.io/v1 events")),
            ("events.events", Some("events.k8s.io/v1 events")),
            ("events.v1.events.k8s.io", Some("events.k8s.io/v1 events")),
            ("events.v2.events.k8s.io", None),
            ("deploy", Some("apps/v1 deployments")),
            ("deployments.ap", Some("apps/v1 deployments")),
            ("deployment.v1beta1.apps", Some("apps/v1beta1 deployments")),
            ("ancients", Some("apps/v1beta1 ancients")),
            ("po.apps", Some("apps/v1beta1 ancients")),
            ("pods.", Some("v1 pods")),
            ("pods.v1.", Some("v1 pods")),
            ("pods.apps", None),
            ("", None),
            ("nope", None),
        ] {
            let found = groups.resource_for(word);
            let found = found.map(|found| format!("{} {}", found.group_version(), found.text("name")));
            assert_eq!(found.as_deref(), meant, "{word}");
        }
    }
}
