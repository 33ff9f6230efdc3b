//! Which resource a word means, after client-go's REST mapper and its expander of short names.

use super::groups::{Groups, Resource};

/// A resource word, taken apart (`schema.ParseResourceArg`).
struct Word<'w> {
    resource: &'w str,
    version: Option<&'w str>,
    group: &'w str,
}

impl Groups {
    /// Returns the resource that a word means: `pods`, `pod`, `po`, `deployments.apps`, `deployments.v1.apps`. Where several
    /// groups have the name, the core comes first, then the order of discovery; the preferred version before others.
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

    /// Returns the resources of every group and version that a word without a group means.
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
        // A whole name is never taken for a short one.
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

    /// Returns the first resource of this name. A group may be the beginning of its name, unless a version is given.
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

/// Whether it is the plural or the singular of the resource. Old servers give no singular: that is the kind then.
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
