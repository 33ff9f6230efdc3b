//! `copy`: copies a Secret, or some of its keys, to other namespaces, to another cluster, or to another name.
//! Invariant: no value is printed or written to a disk.

mod options;

pub use self::options::Args;
use self::options::{Options, Source};
use super::{
    create::existing,
    outcome, session,
    targets::{Target, fetch},
};
use crate::{
    cli::flags::{ConnectionFlags, DryRun},
    client::{Client, ListOptions},
    context::Context,
    error::{Error, Result},
    secret::{Object, resource::Resource, types},
};

/// Copies a Secret.
///
/// # Errors
/// A Secret or key that does not exist, a copy onto itself, an existing copy that `--if-exists` does not allow; one for
/// each namespace that could not be written, after the others were.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let options = outcome::resolve(ctx, |_, notices| Options::resolve(args, notices))?;
    let from = session::connect(flags, ctx)?;
    let elsewhere = options.context.as_ref().map(|context| session::connect_to(context, flags, ctx)).transpose()?;
    session::block_on(async {
        let secret = read(&from, &options.source).await?;
        let to = elsewhere.as_ref().unwrap_or(&from);
        let namespaces = options.namespaces(to, &from).await?;
        let several = namespaces.len() > 1;
        let mut failures = Vec::new();
        for namespace in namespaces {
            if elsewhere.is_none() && namespace == from.namespace() && options.name() == options.source.name {
                failures
                    .push(Error::new(format!("secret/{} in {namespace} would be copied onto itself", options.name())));
                continue;
            }
            match options.create(to, &secret, &namespace, ctx).await {
                Ok(operation) => {
                    let place = if several { format!(" in namespace {namespace}") } else { String::new() };
                    let suffix = options.write.dry_run.suffix();
                    ctx.put(format!("secret/{} {operation}{place}{suffix}\n", options.name()))?;
                }
                Err(error) if several => failures.push(Error::new(format!("namespace {namespace}: {}", error.text()))),
                Err(error) => failures.push(error),
            }
        }
        outcome::all(failures)
    })
}

/// Reads the Secret to copy, with only the keys that were named.
async fn read(from: &Client, source: &Source) -> Result<Object> {
    let target = Target::new(Resource::Secrets, from.namespace(), &source.name)?;
    let mut secret = fetch(from, &target).await?;
    if secret.json()["type"] == types::SERVICE_ACCOUNT_TOKEN {
        return Err(Error::new(format!(
            "secret/{} holds the token of a service account, which is of its namespace",
            source.name
        ))
        .hint("ksecret create service-account-token makes one there"));
    }
    let Some(keys) = &source.keys else { return Ok(secret) };
    let has = |key: &String| secret.json()["data"].get(key).is_some();
    if let Some(key) = keys.iter().find(|key| !has(key)) {
        return Err(Error::new(format!("secret/{} has no key {key}", source.name)));
    }
    if let Some(data) = secret.json_mut()["data"].as_object_mut() {
        data.retain(|key, _| keys.contains(key));
    }
    Ok(secret)
}

impl Options {
    /// Returns the namespaces to write to.
    async fn namespaces(&self, to: &Client, from: &Client) -> Result<Vec<String>> {
        let Some(selector) = &self.selector else {
            return Ok(match self.namespaces.as_slice() {
                // With a context alone, the copy has the namespace of the source.
                [] => vec![from.namespace().to_owned()],
                named => named.to_vec(),
            });
        };
        let options = ListOptions { label_selector: selector.clone(), limit: 500, ..ListOptions::default() };
        let mut pages = to.list(Resource::Namespaces, to.listed(Resource::Namespaces, true)?, options);
        let mut names = Vec::new();
        while let Some(page) = pages.next().await? {
            for namespace in page.objects(Resource::Namespaces) {
                names.push(namespace?.name().to_owned());
            }
        }
        // Why: a selection of all namespaces includes that of the source, where the copy would overwrite it.
        names.retain(|name| self.context.is_some() || name != from.namespace() || self.name() != self.source.name);
        match names.is_empty() {
            true => Err(Error::new(format!("no namespace to copy to has the labels {selector}"))),
            false => Ok(names),
        }
    }

    /// Writes the copy into a namespace. Returns the operation, for its result line.
    async fn create(&self, to: &Client, secret: &Object, namespace: &str, ctx: &mut Context) -> Result<&'static str> {
        let copy = self.copy_of(secret, namespace);
        if self.write.dry_run == DryRun::Client {
            return Ok("created");
        }
        existing::create(to, &self.write, &self.existing(secret), copy, ctx).await.map(|(_, operation)| operation)
    }
}
