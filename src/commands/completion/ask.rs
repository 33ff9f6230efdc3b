//! Candidates from the kubeconfig or the server: names and keys, never a value.

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

/// Accepts only metadata. Invariant: a server that cannot leave out the values answers 406, and no value is received.
const METADATA_ALONE: &str = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

/// Objects per page. Why: most namespaces fit in one page, and a server with very many objects returns the first page
/// early enough for the deadline.
const PAGE: u64 = 2000;

/// The number of objects whose labels are read.
const LABELLED: usize = 2000;

/// The fields that are read of an object.
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

/// What candidates are looked up with.
pub struct Asking<'a> {
    /// The flags that were typed.
    pub flags: &'a ConnectionFlags,
    /// The environment.
    pub env: &'a Env,
    /// What may be used for it.
    pub access: Access,
}

/// What may be used to look candidates up.
#[derive(Debug, Clone, Copy)]
pub struct Access {
    /// Whether requests may be sent, to the embedded server too.
    pub servers: bool,
    /// Whether this process has no controlling terminal. Then a credential plugin cannot ask a question on it.
    pub detached: bool,
}

/// Returns the candidates that begin with the question's stem.
///
/// # Errors
/// A kubeconfig that cannot be read, a server that does not answer.
pub fn ask(asking: &Asking<'_>, question: &Question) -> Result<Vec<String>> {
    match &question.wanted {
        Wanted::Nothing | Wanted::Files | Wanted::Directories => Ok(Vec::new()),
        Wanted::Kubeconfig(list) => {
            let loaded = kubeconfig::Access::new(asking.flags.place.kubeconfig.as_deref(), asking.env).load()?;
            Ok(loaded.merged.list(*list).keys().map(|name| (*name).to_owned()).collect())
        }
        wanted => {
            let Some(client) = asking.client()? else { return Ok(Vec::new()) };
            session::block_on(async { asked(&client, wanted, &question.stem).await })
        }
    }
}

impl Asking<'_> {
    /// Returns the client that the flags select; `None` if no cluster is configured, or if the store of the embedded
    /// server does not exist.
    fn client(&self) -> Result<Option<Client>> {
        if !self.access.servers {
            return Ok(None);
        }
        if let Some(file) = local::file(self.flags, self.env)? {
            // Why: completion must not create a store.
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

/// Returns names of objects in the form in which they are typed, and keys of labels if these are possible too.
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
    // Empty if the names are wanted without their kind, and if the kind itself is not complete yet.
    let begins = stem.strip_prefix(slash).unwrap_or_default();
    let (named, bare) = (&objects.named, objects.bare);
    each(client, kind, false, &mut |Metadata { name, .. }| {
        sorted &= before <= name;
        before.clone_from(&name);
        // Why this ends the list: servers sort by name, so no later name has this prefix.
        let is_over = sorted && name.as_str() > begins && !name.starts_with(begins);
        if !named.contains(&name) && is_plain(&name) {
            // A name that is also a kind is typed as `secret/NAME`.
            let lead = if bare && is_kind(&name) { "secret/" } else { slash };
            found.push(format!("{lead}{name}"));
        }
        !is_over
    })
    .await
}

/// Returns whether the text is safe as a candidate. Why: names and label keys have no other characters, and other text
/// from a server could have a meaning to the shell.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/'))
}

/// Passes the metadata of every object to `take`, until it returns `false`.
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
