//! `apply --prune --applyset`: a Secret, the parent, records which objects belong together, by the specification of
//! ApplySets (KEP-3659) and kubectl's `applyset.go`. kubectl and this program can be used on the same set.

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use go::quote::quote;
use http::Method;
use ring::digest::{SHA256, digest};
use serde_json::{Value as Json, json};

use crate::{
    cli::flags::DryRun,
    client::{Call, Client, Failure},
    commands::{files, outcome::Notices, session, targets::Target, write::Write},
    error::{Error, Result},
    manifest::Document,
    secret::{Object, resource::Resource},
};

/// The label of a member: the set's id.
const PART_OF: &str = "applyset.kubernetes.io/part-of";
/// The label of a parent: the set's id.
const ID: &str = "applyset.kubernetes.io/id";
const TOOLING: &str = "applyset.kubernetes.io/tooling";
const NAMESPACES: &str = "applyset.kubernetes.io/additional-namespaces";
const KINDS: &str = "applyset.kubernetes.io/contains-group-kinds";
/// The annotation that older kubectls wrote in the place of [`KINDS`].
const RESOURCES: &str = "applyset.kubernetes.io/contains-group-resources";

/// The tool that manages the set. Why kubectl's name: a tool refuses the sets of other tools, and this program and
/// kubectl work on the same ones.
const TOOL: &str = "kubectl";
/// The version of kubectl whose rules are followed.
const VERSION: &str = "v1.37.1";
const MANAGER: &str = "kubectl-applyset";

/// Reads `--applyset`: the name of the parent.
///
/// # Errors
/// kubectl's; a parent that is no Secret.
pub fn parse(typed: &str) -> Result<String> {
    let (resource, name) = typed.split_once('/').unwrap_or(("secrets", typed));
    let refused = |why: &str| Error::new(format!("invalid parent reference {}: {why}", quote(typed)));
    if name.is_empty() {
        return Err(refused("name cannot be blank"));
    }
    match resource.trim_end_matches('.').to_lowercase().as_str() {
        "secret" | "secrets" => Ok(name.to_owned()),
        "namespace" | "namespaces" | "ns" => {
            Err(Error::new("resource \"/v1, Resource=namespaces\" is not permitted as an ApplySet parent"))
        }
        _ => Err(refused("the parent must be a Secret here").hint("kubectl takes other kinds as parents")),
    }
}

/// Returns the id of the set with this Secret as its parent (`ApplySet.ID`).
fn id(name: &str, namespace: &str) -> String {
    let hash = digest(&SHA256, format!("{name}.{namespace}.Secret.").as_bytes());
    format!("applyset-{}-v1", URL_SAFE_NO_PAD.encode(hash))
}

/// An ApplySet on a server.
pub struct ApplySet<'a> {
    client: &'a Client,
    parent: Target,
    namespace: String,
    id: String,
    /// The kinds and namespaces that the parent recorded when the command began.
    current: Members,
    /// The kinds and namespaces of the objects that this apply makes members.
    updated: Members,
}

/// The kinds and namespaces of members.
#[derive(Default, Clone)]
struct Members {
    kinds: BTreeSet<&'static str>,
    namespaces: BTreeSet<String>,
}

impl<'a> ApplySet<'a> {
    /// Returns the set of a parent. Sends no request.
    ///
    /// # Errors
    /// kubectl's, if no namespace was typed.
    pub fn of(name: &str, client: &'a Client) -> Result<Self> {
        if !client.namespace_given() {
            return Err(Error::new("namespace is required to use namespace-scoped ApplySet"));
        }
        let namespace = client.namespace().to_owned();
        let parent = Target::new(Resource::Secrets, &namespace, name)?;
        let id = id(name, &namespace);
        Ok(Self { client, parent, namespace, id, current: Members::default(), updated: Members::default() })
    }

    /// Returns the selector of the set's members.
    pub fn selector(&self) -> String {
        format!("{PART_OF}={}", self.id)
    }

    /// Returns the kinds of which the set may have members that are in no manifest any more.
    pub fn kinds(&self) -> Vec<Resource> {
        let of = |kind: &str| if kind == "Secret" { Resource::Secrets } else { Resource::Namespaces };
        self.current.kinds.iter().rev().copied().map(of).collect()
    }

    /// Returns the namespaces in which it may have such members.
    pub fn namespaces(&self) -> BTreeSet<String> {
        self.current.namespaces.clone()
    }

    /// Adds the label of the set to the documents.
    ///
    /// # Errors
    /// A document that has the label already.
    pub fn label(&mut self, documents: &mut [Result<Document>]) -> Result<()> {
        for document in documents.iter_mut().flatten() {
            let kind = files::resource(document);
            files::place(document, self.client)?;
            self.updated.kinds.insert(kind.kind());
            if let Some(namespace) = document.object.namespace().filter(|_| kind == Resource::Secrets) {
                self.updated.namespaces.insert(namespace.to_owned());
            }
            let Some(metadata) = document.object.metadata_mut() else { continue };
            let labels = metadata.entry("labels").or_insert(Json::Null);
            if labels.is_null() {
                *labels = json!({});
            }
            let Some(labels) = labels.as_object_mut() else { continue };
            if labels.contains_key(PART_OF) {
                return Err(Error::new(format!("ApplySet label {} already set in input data", quote(PART_OF))));
            }
            labels.insert(PART_OF.to_owned(), self.id.as_str().into());
        }
        Ok(())
    }

    /// Reads the parent, and records in it every kind and namespace that the set had or gets. Invariant: this is
    /// written before the first object is applied, so that after a kill the next prune still looks wherever a member
    /// may be.
    ///
    /// # Errors
    /// A parent that another tool manages or that is malformed; what the server refuses.
    pub async fn begin(&mut self, write: &Write, notices: &mut Notices) -> Result<()> {
        match super::live(self.client, &self.parent).await {
            Ok(None) => {}
            Ok(Some(parent)) => self.read(&parent)?,
            Err(failure) => {
                let text = format!("failed to fetch ApplySet parent object {}: {}", self.shown(), failure.message());
                return Err(Error::new(text));
            }
        }
        let mut all = self.current.clone();
        all.kinds.extend(&self.updated.kinds);
        all.namespaces.extend(self.updated.namespaces.iter().cloned());
        self.update(&all, write, notices).await
    }

    /// Records in the parent only what the set has now. Invariant: this is written after the last deletion.
    ///
    /// # Errors
    /// What the server refuses.
    pub async fn end(&self, write: &Write, notices: &mut Notices) -> Result<()> {
        self.update(&self.updated, write, notices).await.map_err(|error| {
            Error::new(format!("apply and prune succeeded, but ApplySet update failed: {}", error.text()))
        })
    }

    fn shown(&self) -> String {
        quote(&format!("secrets./{}", self.parent.name))
    }

    fn read(&mut self, parent: &Object) -> Result<()> {
        let of = |map: &str, key: &str| parent.json()["metadata"][map][key].as_str().map(str::to_owned);
        let shown = self.shown();
        let Some(tool) = of("annotations", TOOLING) else {
            let text = format!("already exists and is missing required annotation {}", quote(TOOLING));
            return Err(Error::new(format!("ApplySet parent object {shown} {text}")));
        };
        let tool = tool.rsplit_once('/').map_or(tool.as_str(), |(name, _)| name);
        if tool != TOOL {
            let text = format!("already exists and is managed by tooling {} instead of {}", quote(tool), quote(TOOL));
            return Err(Error::new(format!("ApplySet parent object {shown} {text}")));
        }
        match of("labels", ID) {
            None => {
                let text = format!("ApplySet parent object {shown} exists and does not have required label {ID}");
                return Err(Error::new(text));
            }
            Some(id) if id != self.id => {
                return Err(Error::new(format!(
                    "ApplySet parent object {shown} exists and has incorrect value for label {} (got: {id}, want: {})",
                    quote(ID),
                    self.id
                )));
            }
            Some(_) => {}
        }
        let (key, listed) = match (of("annotations", KINDS), of("annotations", RESOURCES)) {
            (Some(kinds), _) => (KINDS, kinds),
            (None, Some(resources)) if !resources.is_empty() => (RESOURCES, resources),
            _ => {
                let text = format!(
                    "kubectl requires the {} annotation to be set on all ApplySet parent objects",
                    quote(KINDS)
                );
                return Err(Error::new(format!("parsing ApplySet annotation on {shown}: {text}")));
            }
        };
        for word in listed.split(',').filter(|_| !listed.is_empty()) {
            self.current.kinds.insert(match word {
                "Secret" | "secrets" => "Secret",
                "Namespace" | "namespaces" => "Namespace",
                // Why an error: rewriting the parent without this kind would leave its members in no set.
                other => {
                    let (kind, group) = other.split_once('.').unwrap_or((other, ""));
                    let text = format!("no matches for kind {} in group {}", quote(kind), quote(group));
                    return Err(Error::new(format!(
                        "parsing ApplySet annotation on {shown}: could not find mapping for kind in {} annotation: {text}",
                        quote(key)
                    ))
                    .hint("only sets of Secrets and Namespaces are managed here; kubectl manages the others"));
                }
            });
        }
        let namespaces = of("annotations", NAMESPACES).unwrap_or_default();
        self.current.namespaces.extend(namespaces.split(',').filter(|name| !name.is_empty()).map(str::to_owned));
        self.current.namespaces.insert(self.namespace.clone());
        Ok(())
    }

    async fn update(&self, members: &Members, write: &Write, notices: &mut Notices) -> Result<()> {
        if write.dry_run == DryRun::Client {
            return Ok(());
        }
        let kinds: Vec<&str> = members.kinds.iter().copied().collect();
        let namespaces: Vec<&str> =
            members.namespaces.iter().map(String::as_str).filter(|name| *name != self.namespace).collect();
        let body = json!({
            "apiVersion": "v1", "kind": "Secret",
            "metadata": {
                "name": self.parent.name.as_str(), "namespace": self.namespace,
                "annotations": {
                    TOOLING: format!("{TOOL}/{VERSION}"), KINDS: kinds.join(","), NAMESPACES: namespaces.join(","),
                },
                "labels": {ID: self.id},
            },
        });
        let failed = |failure: Failure| Error::new(format!("failed to update ApplySet: {}", failure.message()));
        match self.send(&body, false, write).await {
            Ok(()) => Ok(()),
            Err(failure) if failure.is_conflict() => {
                notices.say(format_args!(
                    "Warning: failed to update ApplySet: {}\nApplySet field manager {MANAGER} should own these fields. \
                     Retrying with conflicts forced.",
                    failure.message()
                ));
                self.send(&body, true, write).await.map_err(failed)
            }
            Err(failure) => Err(failed(failure)),
        }
    }

    async fn send(&self, body: &Json, force: bool, write: &Write) -> Result<(), Failure> {
        let call = Call::new(Method::PATCH, self.parent.path())
            .body(session::APPLY_PATCH, body.to_string())
            .query("force", if force { "true" } else { "false" });
        self.client.call(write.by(MANAGER, call)).await.map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_kubectls() {
        // kubectl 1.32 apply --prune --applyset=x -n default
        assert_eq!(id("x", "default"), "applyset-G-rLwzXLn5grGNpeFK7ac0_4jtXh8lZY2C-WSkRhu3w-v1");
    }

    #[test]
    fn a_parent_is_a_secret() {
        assert_eq!(parse("x").as_deref(), Ok("x"));
        assert_eq!(parse("secrets./x").as_deref(), Ok("x"));
        for (typed, why) in
            [("", "name cannot be blank"), ("secrets/", "name cannot be blank"), ("configmaps/x", "here")]
        {
            assert!(parse(typed).is_err_and(|error| error.text().contains(why)), "{typed}");
        }
    }
}
