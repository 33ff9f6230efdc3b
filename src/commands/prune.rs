//! What `apply --prune` deletes and `diff --prune` shows: objects that were applied earlier and are in no manifest any
//! more. Of the kinds that kubectl prunes, these are Secrets and Namespaces.

use std::collections::{BTreeSet, HashSet};

use go::quote::quote;
use serde_json::json;

use super::{
    outcome::Notices,
    output::Output,
    session,
    targets::Target,
    write::{self, Key, Pace, Subject},
};
use crate::{
    cli::flags::DryRun,
    client::{Client, Collection, Failure, ListOptions, Path},
    context::Context,
    error::{Error, Result},
    print::held,
    secret::{Object, last_applied, resource::Resource},
};

/// The warning if no list of kinds was typed.
pub const DEFAULT: &str = "warning: only Secrets and Namespaces are pruned here, of the kinds that kubectl prunes; \
                           --prune-allowlist names those that are meant";

/// Parses `--prune-allowlist` (kubectl's `prune.ParseResources`). Returns the kinds to prune, namespaced ones first.
///
/// # Errors
/// kubectl's, for a word that is not GROUP/VERSION/KIND, and for a kind that is not handled here.
pub fn kinds(typed: &[String]) -> Result<Vec<Resource>> {
    let mut kinds = Vec::new();
    for word in typed {
        let [group, version, kind] = word.split('/').collect::<Vec<_>>()[..] else {
            let text = format!("invalid GroupVersionKind format: {word}, please follow <group/version/kind>");
            return Err(Error::new(text));
        };
        kinds.push(match (group, version, kind) {
            ("" | "core", "v1", "Secret") => Resource::Secrets,
            ("" | "core", "v1", "Namespace") => Resource::Namespaces,
            _ => {
                let group = if matches!(group, "" | "core") { String::new() } else { format!("{group}/") };
                let text = format!("no matches for kind {} in version {}", quote(kind), quote(&(group + version)));
                return Err(Error::new(text).hint("only Secrets and Namespaces are pruned here"));
            }
        });
    }
    if kinds.is_empty() {
        return Ok(vec![Resource::Secrets, Resource::Namespaces]);
    }
    kinds.sort_by_key(|kind| *kind == Resource::Namespaces);
    kinds.dedup();
    Ok(kinds)
}

/// Returns these namespaces and that of `--namespace`.
pub fn with_typed(namespaces: &BTreeSet<String>, client: &Client) -> BTreeSet<String> {
    let typed = client.namespace_given().then(|| client.namespace().to_owned());
    namespaces.iter().cloned().chain(typed).collect()
}

/// A search for objects that are in no manifest.
pub struct Search<'a> {
    /// The kinds to search.
    pub kinds: &'a [Resource],
    /// The namespaces that manifests were applied to.
    pub namespaces: BTreeSet<String>,
    /// The label selector.
    pub labels: &'a str,
    /// Whether only objects with the last-applied annotation are found.
    pub applied: bool,
    /// The uids of the objects in manifests.
    pub seen: HashSet<String>,
    /// Whether the objects are printed. Without this only metadata is requested, so that no value is transferred, and
    /// only what identifies an object is held.
    pub whole: bool,
}

/// An object to prune.
pub struct Pruned {
    /// The object's name and place.
    pub target: Target,
    /// The whole object, or what identifies it.
    pub object: Object,
}

impl Subject for Pruned {
    fn key(&self, client: &Client) -> Option<Key> {
        self.target.key(client)
    }
}

impl Search<'_> {
    /// Finds the objects; changes nothing.
    ///
    /// # Errors
    /// A list that fails, worded by `words`.
    pub async fn find(&self, client: &Client, words: impl Fn(Resource, Failure) -> Error) -> Result<Vec<Pruned>> {
        let mut found = Vec::new();
        for kind in self.kinds {
            let paths: Vec<Path> = match kind {
                Resource::Namespaces => vec![Path::all(Resource::Namespaces)],
                Resource::Secrets => {
                    let paths = self.namespaces.iter().map(|name| Collection::of(*kind, name).map(|all| all.path()));
                    paths.collect::<Result<_, _>>()?
                }
            };
            for path in paths {
                self.list(client, *kind, path, &mut found).await.map_err(|failure| words(*kind, failure))?;
            }
        }
        Ok(found)
    }

    async fn list(&self, client: &Client, kind: Resource, path: Path, found: &mut Vec<Pruned>) -> Result<(), Failure> {
        let accept = if self.whole { "" } else { session::METADATA };
        let label_selector = self.labels.trim().to_owned();
        let mut pages =
            client.list(kind, path, ListOptions { label_selector, limit: 500, accept, ..ListOptions::default() });
        let mut bytes = 0;
        while let Some(page) = pages.next().await? {
            for item in page.objects(kind) {
                let mut object = item?;
                let uid = object.json()["metadata"]["uid"].as_str().unwrap_or_default();
                if self.applied && last_applied::of(object.json()).is_none() || self.seen.contains(uid) {
                    continue;
                }
                if !self.whole {
                    let [name, namespace, uid] =
                        ["name", "namespace", "uid"].map(|field| object.json()["metadata"][field].clone());
                    object = Object::new(json!({"metadata": {"name": name, "namespace": namespace, "uid": uid}}));
                }
                bytes += object.json().to_string().len();
                held::check(bytes)?;
                // The server's kind for metadata, `PartialObjectMetadata`, is replaced by that of the object.
                object.json_mut()["kind"] = kind.kind().into();
                object.json_mut()["apiVersion"] = "v1".into();
                let target = Target::new(kind, object.namespace().unwrap_or_default(), object.name())?;
                found.push(Pruned { target, object });
            }
        }
        Ok(())
    }
}

/// Leaves out, with a warning, namespaces to which objects were just applied. kubectl deletes them with everything in
/// them.
pub fn spare(found: &mut Vec<Pruned>, namespaces: &BTreeSet<String>, ctx: &mut Context) {
    found.retain(|pruned| {
        let name = pruned.target.name.as_str();
        let holds = pruned.target.resource() == Resource::Namespaces && namespaces.contains(name);
        if holds {
            ctx.say(format_args!("warning: namespace/{name} is not pruned: it holds what was applied"));
        }
        !holds
    });
}

/// How objects are deleted.
pub struct Deletion {
    /// `propagationPolicy`.
    pub cascade: &'static str,
    /// `gracePeriodSeconds`.
    pub grace_period: Option<i64>,
    /// The dry-run strategy.
    pub dry_run: DryRun,
    /// How many requests are in flight.
    pub pace: Pace,
}

impl Deletion {
    /// Deletes the objects and prints a line for each.
    ///
    /// # Errors
    /// The first failed deletion, worded by `words`.
    pub async fn of(
        &self,
        found: Vec<Pruned>,
        client: &Client,
        output: &mut Output,
        ctx: &mut Context,
        words: impl Fn(&Target, Failure) -> Error,
    ) -> Result<()> {
        let delete = async |pruned: Pruned, _: &mut Notices| {
            if self.dry_run != DryRun::Client {
                // Invariant: the deletion carries the uid of the object that was found, so that a new object of the
                // same name is not deleted.
                let uid = &pruned.object.json()["metadata"]["uid"];
                let mut body = json!({"propagationPolicy": self.cascade, "preconditions": {"uid": uid}});
                if let Some(seconds) = self.grace_period {
                    body["gracePeriodSeconds"] = json!(seconds);
                }
                if self.dry_run == DryRun::Server {
                    body["dryRun"] = json!(["All"]);
                }
                let call = session::delete(pruned.target.path(), &body);
                client.call(call).await.map_err(|failure| words(&pruned.target, failure))?;
            }
            Ok(pruned.object)
        };
        write::each(found, self.pace, client, ctx, delete, |object, ctx| {
            output.alone(ctx, object, "pruned", self.dry_run)
        })
        .await
    }
}

/// Returns kubectl's error about a failure of `apply --prune`.
pub fn failed(kind: Resource, failure: Failure) -> Error {
    let scope = if kind == Resource::Namespaces { "nonNamespaced" } else { "namespaced" };
    let text = format!("error pruning {scope} object /v1, Kind={}: {}", kind.kind(), failure.message());
    Error::new(text)
}
