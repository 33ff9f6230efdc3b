//! Objects from `-f` and `-k` on their way to the server: which resource, which namespace.

use go::quote::quote;

use super::{fallback, session};
use crate::{
    client::{self, Client, Timeouts},
    context::{Build, Context},
    error::{Error, Result},
    manifest::{self, Document, Filenames, Options},
    secret::{resource::Resource, selector::Selector},
    source::sops,
};

/// How documents are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// `kind` and `apiVersion` are asked for in the words of `--validate`.
    Validated,
    /// Only what tells which object is meant counts.
    Names,
}

impl Reading {
    /// What `--validate` asks for; `validation` is the `fieldValidation` that it means.
    pub fn of(validation: &str) -> Self {
        if validation == "Ignore" { Reading::Names } else { Reading::Validated }
    }
}

/// Reads every document of the files. One that is broken is an error among the others, where the rest can still be read.
///
/// # Errors
/// A file that is not there, or cannot be read at all.
pub fn load(filenames: &Filenames, reading: Reading, ctx: &mut Context) -> Result<Vec<Result<Document>>> {
    let mut other = ctx.foreign.take();
    let build = other.as_ref().map_or_else(|| fallback::builder(None, ctx), |other| other.kustomize(ctx));
    let foreign = other.as_mut().and_then(|other| other.documents());
    let loaded = match foreign {
        Some(kept) => load_from(filenames, reading, build, Some(&mut |document| kept.push(document.object)), ctx),
        None => load_from(filenames, reading, build, None, ctx),
    };
    ctx.foreign = other;
    let documents = loaded?;
    if documents.is_empty() && fallback::is_shared(ctx) {
        return Err(Error::new("no Secret or Namespace is among the objects").foreign());
    }
    Ok(documents)
}

/// Reads as [`load`] does, and returns the documents of other kinds too.
///
/// # Errors
/// As [`load`].
pub fn load_all(filenames: &Filenames, ctx: &mut Context) -> Result<(Vec<Result<Document>>, Vec<Document>)> {
    let mut others = Vec::new();
    let build = fallback::builder(None, ctx);
    let documents = load_from(filenames, Reading::Names, build, Some(&mut |other| others.push(other)), ctx)?;
    Ok((documents, others))
}

fn load_from(
    filenames: &Filenames,
    reading: Reading,
    build: Build,
    foreign: Option<&mut dyn FnMut(Document)>,
    ctx: &mut Context,
) -> Result<Vec<Result<Document>>> {
    let env = ctx.env.clone();
    // In a thread of its own: the caller may be inside a runtime already.
    let mut fetch = |url: &str| {
        std::thread::scope(|scope| {
            let fetch = async || Ok(client::fetch(url, &env, Timeouts::default()).await?);
            let fetched = scope.spawn(move || session::block_on(fetch())).join();
            fetched.unwrap_or_else(|_| Err(Error::new(format!("unable to read URL {}", quote(url)))))
        })
    };
    // Of the lifetime of the other.
    let foreign = foreign.map(|foreign| foreign as &mut dyn FnMut(Document));
    let mut decrypt = |text, path: &str| {
        let format = if path.ends_with(".json") { sops::Format::Json } else { sops::Format::Yaml };
        sops::decrypt(text, format, path, &env)
    };
    let options = Options {
        validate: reading == Reading::Validated,
        fetch: Some(&mut fetch),
        build: Some(build),
        decrypt: Some(&mut decrypt),
        foreign,
    };
    manifest::load_with(filenames, options, ctx)
}

/// Keeps the documents whose labels the selector `labels` matches, as kubectl's builder filters what files name. A blank
/// selector keeps all of them. A document that could not be read stays: its error is not forgotten.
///
/// # Errors
/// A selector that cannot be read.
pub fn select(documents: Vec<Result<Document>>, labels: &str) -> Result<Vec<Result<Document>>> {
    let labels = labels.trim();
    if labels.is_empty() {
        return Ok(documents);
    }
    let selector = selector(Resource::Secrets, labels, "")?;
    let kept = |document: &Result<Document>| match document {
        Ok(document) => selector.matches(document.object.json()),
        Err(_) => true,
    };
    Ok(documents.into_iter().filter(kept).collect())
}

/// Reads selectors, to be applied to objects here.
///
/// # Errors
/// What is wrong with one of them.
pub fn selector(resource: Resource, labels: &str, fields: &str) -> Result<Selector> {
    Selector::new(resource, labels, fields).map_err(|why| {
        let selector = if labels.is_empty() { fields } else { labels };
        Error::new(format!("the provided selector {} is not valid: {why}", quote(selector)))
    })
}

/// The resource of a document; its namespace is filled in where it has none (kubectl's `RequireNamespace`).
///
/// # Errors
/// A namespace that is not the one of `-n`.
pub fn place(document: &mut Document, client: &Client) -> Result<Resource> {
    document.set_namespace(client.namespace(), client.namespace_given())?;
    Ok(resource(document))
}

/// The resource of a document.
pub fn resource(document: &Document) -> Resource {
    if document.object.kind() == "Namespace" { Resource::Namespaces } else { Resource::Secrets }
}
