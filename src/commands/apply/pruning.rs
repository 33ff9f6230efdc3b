//! `apply --prune`: deletes objects that were applied earlier, selected by labels, by kind or by an ApplySet.

use std::collections::{BTreeSet, HashSet};

use super::applyset::{self, ApplySet};
use crate::{
    cli::pflag::parse_bool,
    client::{Client, Failure},
    commands::{
        outcome::Notices,
        output::Output,
        prune::{self, Deletion, Search},
        targets::Target,
        write::Write,
    },
    context::Context,
    error::{Error, Result},
    manifest::Queue,
    secret::{Object, resource::Resource},
};

/// The variable that enables `--applyset`, as with kubectl.
const ENABLE: &str = "KUBECTL_APPLYSET";

/// Flags that say what is pruned.
#[derive(clap::Args, Debug)]
pub struct Flags {
    /// Delete what was applied before and is in no manifest; with -l, --all, --applyset
    #[arg(long)]
    prune: bool,
    /// Prune only this kind, core/v1/Secret or core/v1/Namespace; repeatable
    #[arg(long, value_name = "KIND")]
    prune_allowlist: Vec<String>,
    /// Prune objects with any labels
    #[arg(long)]
    all: bool,
    /// Prune by the ApplySet of this Secret (KUBECTL_APPLYSET=true)
    #[arg(long, value_name = "NAME")]
    applyset: Option<String>,
}

/// How the objects to prune are selected.
pub enum By {
    /// Objects that have the last-applied annotation, with these labels; all of them if there are none.
    Labels {
        labels: String,
        kinds: Vec<Resource>,
        /// Whether `--prune-allowlist` was typed.
        typed: bool,
    },
    /// The members of the ApplySet with this parent.
    Set(String),
}

impl Flags {
    /// Resolves the flags; refuses combinations in kubectl's order and texts.
    ///
    /// # Errors
    /// kubectl's.
    pub fn resolve(&self, selector: &str, server_side: bool, force: bool, ctx: &Context) -> Result<Option<By>> {
        let set = match self.applyset.as_deref() {
            Some(_) if ctx.env.var(ENABLE).is_none_or(|value| parse_bool(value) != Ok(true)) => {
                let see = format!("See '{} apply --help' for usage.", ctx.program);
                return Err(Error::usage("unknown flag: --applyset", see).hint(format!("{ENABLE}=true enables it")));
            }
            Some("") | None => None,
            Some(typed) => Some(applyset::parse(typed)?),
        };
        let kinds = if self.prune { prune::kinds(&self.prune_allowlist)? } else { Vec::new() };
        if self.all && !selector.is_empty() {
            return Err(Error::new("cannot set --all and --selector at the same time"));
        }
        if !self.prune {
            return if set.is_some() { Err(Error::new("--applyset requires --prune")) } else { Ok(None) };
        }
        if force {
            return Err(Error::new("--force cannot be used with --prune"));
        }
        if let Some(set) = set {
            for (is_there, flag) in [
                (self.all, "--all"),
                (!selector.is_empty(), "--selector"),
                (!self.prune_allowlist.is_empty(), "--prune-allowlist"),
            ] {
                if is_there {
                    return Err(Error::new(format!("{flag} is incompatible with --applyset")));
                }
            }
            return Ok(Some(By::Set(set)));
        }
        // Why: kubectl takes a selector of spaces for no selector, and prunes everything.
        if !self.all && selector.trim().is_empty() {
            return Err(Error::new(
                "all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all \
                 flag. If you did not mean to prune all resources, specify a label selector",
            ));
        }
        if server_side {
            let text = "--prune is in alpha and doesn't currently work on objects created by server-side apply";
            return Err(Error::new(text));
        }
        Ok(Some(By::Labels { labels: selector.to_owned(), kinds, typed: !self.prune_allowlist.is_empty() }))
    }
}

/// A prune in progress.
pub struct Pruning<'a> {
    by: Begun<'a>,
    deletion: Deletion,
    /// The namespaces of the Secrets that were applied.
    namespaces: BTreeSet<String>,
    /// The uids of the objects that were applied.
    seen: HashSet<String>,
}

enum Begun<'a> {
    Labels { labels: String, kinds: Vec<Resource> },
    Set(Box<ApplySet<'a>>),
}

impl<'a> Pruning<'a> {
    /// Begins, and makes the documents members of the ApplySet.
    ///
    /// # Errors
    /// The ApplySet's.
    pub async fn begin(
        by: By,
        deletion: Deletion,
        documents: &mut Queue,
        write: &Write,
        client: &'a Client,
        ctx: &mut Context,
    ) -> Result<Self> {
        let by = match by {
            By::Labels { labels, kinds, typed } => {
                if !typed {
                    ctx.say(prune::DEFAULT);
                }
                Begun::Labels { labels, kinds }
            }
            By::Set(name) => {
                let mut set = Box::new(ApplySet::of(&name, client)?);
                // Why held: before the first is applied, the parent has the namespaces of all.
                let mut held: Vec<_> = std::mem::take(documents).collect();
                set.label(&mut held)?;
                *documents = held.into();
                let mut notices = Notices::default();
                let begun = set.begin(write, &mut notices).await;
                notices.tell(ctx)?;
                begun?;
                Begun::Set(set)
            }
        };
        Ok(Self { by, deletion, namespaces: BTreeSet::new(), seen: HashSet::new() })
    }

    /// Records an object that was applied, so that it is not pruned.
    pub fn see(&mut self, object: &Object) {
        if object.kind() == Resource::Secrets.kind() {
            self.namespaces.extend(object.namespace().map(str::to_owned));
        }
        self.seen.extend(object.json()["metadata"]["uid"].as_str().map(str::to_owned));
    }

    /// Deletes what was not applied this time. `whole` tells whether more than names is printed.
    ///
    /// # Errors
    /// A failed list or deletion.
    pub async fn end(
        self,
        whole: bool,
        write: &Write,
        client: &Client,
        output: &mut Output,
        ctx: &mut Context,
    ) -> Result<()> {
        let Self { by, deletion, namespaces, seen } = self;
        match by {
            Begun::Labels { labels, kinds } => {
                let within = prune::with_typed(&namespaces, client);
                let search = Search { kinds: &kinds, namespaces: within, labels: &labels, applied: true, seen, whole };
                let mut found = search.find(client, prune::failed).await?;
                prune::spare(&mut found, &namespaces, ctx);
                let words = |target: &Target, failure: Failure| prune::failed(target.resource(), failure);
                deletion.of(found, client, output, ctx, words).await
            }
            Begun::Set(set) => {
                let (kinds, labels) = (set.kinds(), set.selector());
                let within = set.namespaces();
                let search = Search { kinds: &kinds, namespaces: within, labels: &labels, applied: false, seen, whole };
                let listing = |kind: Resource, failure: Failure| {
                    let text = format!("listing /v1, Kind={} objects for pruning: {}", kind.kind(), failure.message());
                    Error::new(text)
                };
                let mut found = search.find(client, listing).await?;
                prune::spare(&mut found, &namespaces, ctx);
                let words = |target: &Target, failure: Failure| {
                    let (kind, name) = (target.resource().kind(), &target.name);
                    let place = target.namespace().map(|namespace| format!("{namespace}/")).unwrap_or_default();
                    Error::new(format!("pruning {kind} {place}{name}: {}", failure.message()))
                };
                deletion.of(found, client, output, ctx, words).await?;
                let mut notices = Notices::default();
                let ended = set.end(write, &mut notices).await;
                notices.tell(ctx)?;
                ended
            }
        }
    }
}
