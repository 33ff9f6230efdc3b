//! What `apply --prune` deletes and `diff --prune` shows: objects that were applied before and are in no manifest any more.
//! Of the kinds that kubectl prunes these are Secrets and Namespaces.

use std::collections::{BTreeSet, HashSet};

use go::quote::quote;
use serde_json::json;

use super::{
    files,
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
    manifest::Document,
    print::held,
    secret::{Object, last_applied, resource::Resource},
};

/// What is said where no list of kinds was typed.
pub const DEFAULT: &str = "warning: only Secrets and Namespaces are pruned here, of the kinds that kubectl prunes; \
                           --prune-allowlist names those that are meant";

/// Reads `--prune-allowlist` (kubectl's `prune.ParseResources`): the kinds to prune, namespaced ones first.
///
/// # Errors
/// kubectl's, for a word that is no GROUP/VERSION/KIND and for a kind that is not ours.
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

/// Returns the namespaces of the documents.
pub fn namespaces(documents: &[Result<Document>], client: &Client) -> BTreeSet<String> {
    let of = |document: &Document| {
        let is_within = files::resource(document) == Resource::Secrets;
        let own = document.object.namespace().filter(|name| !name.is_empty()).unwrap_or(client.namespace());
        is_within.then(|| own.to_owned())
    };
    documents.iter().flatten().filter_map(of).collect()
}

/// Returns these namespaces, and the one that was typed.
pub fn with_typed(namespaces: &BTreeSet<String>, client: &Client) -> BTreeSet<String> {
    let typed = client.namespace_given().then(|| client.namespace().to_owned());
    namespaces.iter().cloned().chain(typed).collect()
}

/// What there is beside the manifests.
pub struct Search<'a> {
    /// The kinds.
    pub kinds: &'a [Resource],
    /// The namespaces that manifests were applied to.
    pub namespaces: BTreeSet<String>,
    /// The labels.
    pub labels: &'a str,
    /// Whether only what client-side apply made counts.
    pub applied: bool,
    /// The uids of what the manifests name.
    pub seen: HashSet<String>,
    /// Whether the objects are printed. Values do not cross the wire otherwise.
    pub whole: bool,
}

/// An object that is pruned.
pub struct Pruned {
    /// Which one.
    pub target: Target,
    /// The object, or its metadata.
    pub object: Object,
}

impl Subject for Pruned {
    fn key(&self, client: &Client) -> Option<Key> {
        self.target.key(client)
    }
}

impl Search<'_> {
    /// Finds the objects; nothing is changed.
    ///
    /// # Errors
    /// A list that fails, in `words` about the kind.
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
                bytes += object.json().to_string().len();
                held::check(bytes)?;
                // Metadata alone is of a kind of its own.
                object.json_mut()["kind"] = kind.kind().into();
                object.json_mut()["apiVersion"] = "v1".into();
                let target = Target::new(kind, object.namespace().unwrap_or_default(), object.name())?;
                found.push(Pruned { target, object });
            }
        }
        Ok(())
    }
}

/// Leaves out, aloud, the namespaces that hold what was just applied: kubectl deletes them, and that with them.
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
    /// Where the work stops.
    pub dry_run: DryRun,
    /// How the work goes on.
    pub pace: Pace,
}

impl Deletion {
    /// Deletes the objects and says so.
    ///
    /// # Errors
    /// The first that could not be deleted, in `words`.
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
                // Invariant: what is deleted is the object that was found, not another of its name.
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

/// Returns kubectl's words for a failure of `apply --prune`.
pub fn failed(kind: Resource, failure: Failure) -> Error {
    let scope = if kind == Resource::Namespaces { "nonNamespaced" } else { "namespaced" };
    let text = format!("error pruning {scope} object /v1, Kind={}: {}", kind.kind(), failure.message());
    Error::new(text)
}
