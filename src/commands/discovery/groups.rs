//! The API groups of a server, their versions and resources: from aggregated discovery, which is one response, or from
//! legacy discovery, which is one for each version.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::client::{Call, Client, Failure, Path};

/// Accepts aggregated discovery, else legacy discovery.
const ACCEPT: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

/// The `timeout` of discovery requests: client-go's `defaultTimeout`.
const TIMEOUT: &str = "32s";

/// The groups of a server.
#[derive(Default)]
pub struct Groups {
    groups: Vec<Group>,
    stale: Vec<String>,
}

struct Group {
    name: String,
    preferred: String,
    versions: Vec<Version>,
}

struct Version {
    name: String,
    /// As in an `APIResourceList`; `None` if not fetched yet.
    resources: Option<Vec<Json>>,
}

/// A resource, in the version that its group prefers.
pub struct Resource {
    /// The group; empty for the core.
    pub group: String,
    /// The version.
    pub version: String,
    /// The resource, as in an `APIResourceList`.
    pub json: Json,
}

impl Resource {
    /// Returns a text field; empty if it is absent.
    pub fn text(&self, field: &str) -> &str {
        self.json[field].as_str().unwrap_or_default()
    }

    /// Returns a field that is a list of text.
    pub fn texts(&self, field: &str) -> Vec<&str> {
        self.json[field].as_array().into_iter().flatten().filter_map(Json::as_str).collect()
    }

    /// Returns whether the resource is namespaced.
    pub fn namespaced(&self) -> bool {
        self.json["namespaced"] == true
    }

    /// Returns `GROUP/VERSION`; `VERSION` for the core group.
    pub fn group_version(&self) -> String {
        group_version(&self.group, &self.version)
    }
}

fn group_version(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}

impl Groups {
    /// Fetches the groups, and their resources if the server has aggregated discovery (client-go's
    /// `GroupsAndMaybeResources`).
    ///
    /// # Errors
    /// Those of the two requests, except that a server may have no core group.
    pub async fn fetch(client: &Client) -> Result<Self, Failure> {
        let ask = async |path: &'static str| -> Result<Json, Failure> {
            let answer = client.call(Call::get(Path::fixed(path)).accept(ACCEPT).query("timeout", TIMEOUT)).await?;
            Ok(answer.object()?.into_json())
        };
        let mut groups = Self::default();
        match ask("/api").await {
            Ok(core) => groups.add(&core),
            Err(failure) if failure.is_not_found() => {}
            Err(failure) => return Err(failure),
        }
        groups.add(&ask("/apis").await?);
        Ok(groups)
    }

    /// Builds groups from responses.
    #[cfg(test)]
    pub fn of(answers: &[Json]) -> Self {
        let mut groups = Self::default();
        answers.iter().for_each(|answer| groups.add(answer));
        groups
    }

    /// Adds the response of `/api` or `/apis`.
    fn add(&mut self, answer: &Json) {
        let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
        if answer["kind"] == "APIGroupDiscoveryList" {
            let items = answer["items"].as_array().into_iter().flatten();
            items.for_each(|group| self.add_aggregated(group));
        } else if answer["kind"] == "APIVersions" {
            let versions: Vec<String> = answer["versions"].as_array().into_iter().flatten().map(text).collect();
            let preferred = versions.first().cloned().unwrap_or_default();
            self.groups.push(Group {
                name: String::new(),
                preferred,
                versions: versions.into_iter().map(untold).collect(),
            });
        } else {
            for group in answer["groups"].as_array().into_iter().flatten() {
                let versions = group["versions"].as_array().into_iter().flatten();
                self.groups.push(Group {
                    name: text(&group["name"]),
                    preferred: text(&group["preferredVersion"]["version"]),
                    versions: versions.map(|version| untold(text(&version["version"]))).collect(),
                });
            }
        }
    }

    /// Adds a group of aggregated discovery, without the versions that are marked stale (`SplitGroupsAndResources`).
    fn add_aggregated(&mut self, group: &Json) {
        let name = group["metadata"]["name"].as_str().unwrap_or_default();
        let mut versions = Vec::new();
        for version in group["versions"].as_array().into_iter().flatten() {
            let version_name = version["version"].as_str().unwrap_or_default();
            if version["freshness"] == "Stale" {
                self.stale.push(group_version(name, version_name));
                continue;
            }
            let resources = version["resources"].as_array().into_iter().flatten();
            let resources = resources.filter(|resource| resource["responseKind"]["kind"].is_string());
            versions.push(Version { name: version_name.to_owned(), resources: Some(resources.map(plain).collect()) });
        }
        let preferred = versions.first().map(|version| version.name.clone()).unwrap_or_default();
        self.groups.push(Group { name: name.to_owned(), preferred, versions });
    }

    /// Returns every version as `GROUP/VERSION`.
    pub fn versions(&self) -> Vec<String> {
        let of = |group: &Group| {
            group.versions.iter().map(|version| group_version(&group.name, &version.name)).collect::<Vec<_>>()
        };
        self.groups.iter().flat_map(of).collect()
    }

    /// Returns the versions whose aggregated server does not answer.
    pub fn stale(&self) -> &[String] {
        &self.stale
    }

    /// Fetches the resources of the versions that lack them. Returns the failures as `GROUP/VERSION: reason`.
    pub async fn complete(&mut self, client: &Client) -> Vec<String> {
        let mut failures = Vec::new();
        for group in &mut self.groups {
            for version in group.versions.iter_mut().filter(|version| version.resources.is_none()) {
                match ask(client, &group.name, &version.name).await {
                    Ok(resources) => version.resources = Some(resources),
                    Err(failure) if failure.is_not_found() && group.name.is_empty() => {
                        version.resources = Some(Vec::new());
                    }
                    Err(failure) => {
                        let name = group_version(&group.name, &version.name);
                        failures.push(format!("{name}: {}", failure.go_error()));
                    }
                }
            }
        }
        failures.sort();
        failures
    }

    /// Returns every resource and subresource, those of a group's preferred version first.
    pub fn resources(&self) -> impl Iterator<Item = Resource> {
        self.groups.iter().flat_map(|group| {
            let preferred = group.versions.iter().filter(|version| version.name == group.preferred);
            let others = group.versions.iter().filter(|version| version.name != group.preferred);
            preferred.chain(others).flat_map(|version| {
                let resources = version.resources.iter().flatten();
                resources.map(|json| Resource {
                    group: group.name.clone(),
                    version: version.name.clone(),
                    json: json.clone(),
                })
            })
        })
    }

    /// Returns each resource once, in the version that its group prefers or else in the first that has it (client-go's
    /// `ServerPreferredResources`). Returns `None` if no version listed any.
    pub fn preferred(self) -> Option<Vec<Resource>> {
        let mut told = false;
        let mut all = Vec::new();
        for Group { name: group, preferred, versions } in self.groups {
            let mut chosen: BTreeMap<String, Resource> = BTreeMap::new();
            for Version { name: version, resources } in versions {
                let Some(resources) = resources else { continue };
                told |= !resources.is_empty();
                for json in resources {
                    let name = json["name"].as_str().unwrap_or_default().to_owned();
                    if name.contains('/') || (chosen.contains_key(&name) && version != preferred) {
                        continue;
                    }
                    chosen.insert(name, Resource { group: group.clone(), version: version.clone(), json });
                }
            }
            all.extend(chosen.into_values());
        }
        told.then_some(all)
    }
}

fn untold(name: String) -> Version {
    Version { name, resources: None }
}

async fn ask(client: &Client, group: &str, version: &str) -> Result<Vec<Json>, Failure> {
    let path = if group.is_empty() { format!("/api/{version}") } else { format!("/apis/{group}/{version}") };
    let answer = client.call(Call::get(Path::raw(&path)?).query("timeout", TIMEOUT)).await?;
    match answer.object()?.into_json()["resources"].take() {
        Json::Array(resources) => Ok(resources),
        _ => Ok(Vec::new()),
    }
}

/// Converts a resource of aggregated discovery to the form of an `APIResourceList`.
fn plain(resource: &Json) -> Json {
    json!({
        "name": resource["resource"], "singularName": resource["singularResource"],
        "namespaced": resource["scope"] == "Namespaced", "kind": resource["responseKind"]["kind"],
        "verbs": resource["verbs"], "shortNames": resource["shortNames"], "categories": resource["categories"],
    })
}
