//! Candidates that the kubeconfig or the server has: names and keys, never a value.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, de::IgnoredAny};

use super::question::{Objects, Question, Wanted};
use crate::{
    cli::{flags::ConnectionFlags, resources::is_kind},
    client::{self, Call, Client, ListOptions, Name, kubeconfig},
    commands::{local, session},
    context::{Env, InUse, Terminals},
    error::Result,
    secret::resource::Resource,
};

/// Accepts metadata and nothing else: a server that cannot leave the values out answers with an error.
const METADATA_ALONE: &str = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

/// How many objects are asked for at once. Why: most namespaces are one page; a server with a great many answers soon
/// enough to be stopped at the end of a page.
const PAGE: u64 = 2000;

/// In how many objects labels are looked for.
const LABELLED: usize = 2000;

/// What is read of an object.
#[derive(Deserialize)]
struct Meta {
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    name: String,
    #[serde(default)]
    labels: Option<BTreeMap<String, IgnoredAny>>,
}

/// Who is asked, and how.
pub struct Asking<'a> {
    /// The flags that were typed.
    pub flags: &'a ConnectionFlags,
    /// The environment.
    pub env: &'a Env,
    /// What may be used.
    pub access: Access,
}

/// What may be used to answer.
#[derive(Debug, Clone, Copy)]
pub struct Access {
    /// Servers, the embedded one too.
    pub servers: bool,
    /// Whether this process has no terminal, so that a plugin can ask nothing there.
    pub detached: bool,
}

/// Returns what is wanted: texts that begin with the question's stem.
///
/// # Errors
/// A kubeconfig that cannot be read, a server that does not answer.
pub fn ask(asking: &Asking<'_>, question: &Question) -> Result<Vec<String>> {
    match &question.wanted {
        Wanted::Nothing | Wanted::Files | Wanted::Directories => Ok(Vec::new()),
        Wanted::Kubeconfig(list) => {
            let loaded = kubeconfig::Access::new(asking.flags.kubeconfig.as_deref(), asking.env).load()?;
            Ok(loaded.merged.list(*list).keys().map(|name| (*name).to_owned()).collect())
        }
        wanted => {
            let Some(client) = asking.client()? else { return Ok(Vec::new()) };
            session::block_on(async { asked(&client, wanted, &question.stem).await })
        }
    }
}

impl Asking<'_> {
    /// Returns the client that the flags mean, or `None` if there is no server: no cluster is configured, or the store of
    /// the embedded one does not exist.
    fn client(&self) -> Result<Option<Client>> {
        if !self.access.servers {
            return Ok(None);
        }
        if let Some(file) = local::file(self.flags, self.env)? {
            // Why: a key that is pressed must not make a store.
            return if file.exists() { local::client(self.flags, self.env) } else { Ok(None) };
        }
        let client = client::connect(&self.flags.settings(), self.env, Terminals::default(), &InUse::default())?;
        Ok(Some(client.with_ready_credentials(self.access.detached)).filter(|client| !client.nothing_configured()))
    }
}

async fn asked(client: &Client, wanted: &Wanted, stem: &str) -> Result<Vec<String>> {
    match wanted {
        Wanted::Objects(objects) => self::objects(client, objects, stem).await,
        Wanted::Keys(name) => keys(client, name).await,
        Wanted::LabelKeys(everywhere) => label_keys(client, Resource::Secrets, *everywhere).await,
        _ => Ok(Vec::new()),
    }
}

/// Returns the keys of a Secret.
async fn keys(client: &Client, name: &str) -> Result<Vec<String>> {
    let path = client.collection(Resource::Secrets)?.object(&Name::new(name)?);
    let object = client.call(Call::get(path)).await?.object_named(None, name)?;
    let data = object.json().get("data").and_then(|data| data.as_object());
    Ok(data.into_iter().flat_map(|data| data.keys().cloned()).filter(|key| is_plain(key)).collect())
}

async fn label_keys(client: &Client, kind: Resource, everywhere: bool) -> Result<Vec<String>> {
    let mut keys = BTreeSet::new();
    let mut seen = 0;
    each(client, kind, everywhere, &mut |metadata| {
        seen += 1;
        keys.extend(metadata.labels.into_iter().flatten().map(|(key, _)| key).filter(|key| is_plain(key)));
        seen < LABELLED
    })
    .await?;
    Ok(keys.into_iter().collect())
}

/// Returns names of objects as they are typed, and keys of labels if they can stand there too.
async fn objects(client: &Client, objects: &Objects, stem: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for kind in &objects.kinds {
        names(client, *kind, objects, stem, &mut found).await?;
    }
    if objects.label_keys {
        let kind = objects.kinds.first().copied().unwrap_or(Resource::Secrets);
        found.extend(label_keys(client, kind, false).await?.into_iter().map(|key| format!("{key}=")));
    }
    Ok(found)
}

async fn names(client: &Client, kind: Resource, objects: &Objects, stem: &str, found: &mut Vec<String>) -> Result<()> {
    let (mut before, mut sorted) = (String::new(), true);
    let slash = objects.slash.as_deref().unwrap_or_default();
    // Empty if names without their kind are wanted, and also for names that stand behind a kind that is not typed yet.
    let begins = stem.strip_prefix(slash).unwrap_or_default();
    let (named, bare) = (&objects.named, objects.bare);
    each(client, kind, false, &mut |Metadata { name, .. }| {
        sorted &= before <= name;
        before.clone_from(&name);
        // Why: servers list by name, so that behind the names with this beginning there are no more.
        let is_over = sorted && name.as_str() > begins && !name.starts_with(begins);
        if !named.contains(&name) && is_plain(&name) {
            // A name that is also a kind needs its own before it.
            let lead = if bare && is_kind(&name) { "secret/" } else { slash };
            found.push(format!("{lead}{name}"));
        }
        !is_over
    })
    .await
}

/// Whether names and keys can have this text. Why: what a server sends beside that could mean something to the shell.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/'))
}

/// Hands on the metadata of every object, until there are no more or it returns `false`.
async fn each(client: &Client, kind: Resource, everywhere: bool, take: &mut dyn FnMut(Metadata) -> bool) -> Result<()> {
    let options = ListOptions { limit: PAGE, accept: METADATA_ALONE, ..ListOptions::default() };
    let mut pages = client.list(kind, client.listed(kind, everywhere)?, options);
    while let Some(page) = pages.next().await? {
        for item in page.items() {
            let Ok(Meta { metadata }) = serde_json::from_slice(item) else { continue };
            if !take(metadata) {
                return Ok(());
            }
        }
    }
    Ok(())
}
