//! Objects from `-f` and `-k`, with their resource and namespace.

use std::rc::Rc;

use go::quote::quote;

use super::{fallback, session};
use crate::{
    client::{self, Client, Timeouts},
    context::Context,
    error::{Error, Result},
    manifest::{self, Document, Filenames, Options, Queue, Select},
    secret::{resource::Resource, selector::Selector},
    source::sops,
};

/// How documents are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// `kind` and `apiVersion` must exist, with the errors of `--validate`.
    Validated,
    /// Only what identifies the object is checked.
    Names,
}

impl Reading {
    /// Returns the reading that `--validate` asks for; `validation` is its `fieldValidation`.
    pub fn of(validation: &str) -> Self {
        if validation == "Ignore" { Reading::Names } else { Reading::Validated }
    }
}

/// Reads every document of the files, and returns them as a queue that does not hold all of them. A document that cannot
/// be read is an error in its position, if the others can be read.
///
/// # Errors
/// A file that does not exist, or cannot be read at all.
pub fn load(filenames: &Filenames, reading: Reading, ctx: &mut Context) -> Result<Queue> {
    load_selected(filenames, reading, None, ctx)
}

/// Reads as [`load`] does, and keeps the documents whose labels match the selector `labels`, as kubectl's resource
/// builder does with files. A blank selector keeps all. Errors of documents are kept.
///
/// # Errors
/// As [`load`]; an invalid selector.
pub fn select(filenames: &Filenames, reading: Reading, labels: &str, ctx: &mut Context) -> Result<Queue> {
    let labels = labels.trim();
    if labels.is_empty() {
        return load(filenames, reading, ctx);
    }
    let selector = selector(Resource::Secrets, labels, "")?;
    let matches = move |document: &Document| selector.matches(document.object.json());
    load_selected(filenames, reading, Some(Rc::new(matches)), ctx)
}

fn load_selected(
    filenames: &Filenames,
    reading: Reading,
    select: Option<Rc<Select>>,
    ctx: &mut Context,
) -> Result<Queue> {
    let mut other = ctx.foreign.take();
    let build = other
        .as_ref()
        .map_or_else(|| fallback::builder(None, filenames.restrictions, ctx), |other| other.kustomize(ctx));
    let foreign = other.as_mut().and_then(|other| other.documents());
    let options = Options { validate: reading == Reading::Validated, build: Some(build), select, ..Options::default() };
    let loaded = match foreign {
        Some(kept) => {
            let mut keep = |document: Document| kept.push(document.object);
            load_from(filenames, Options { foreign: Some(&mut keep), ..options }, ctx)
        }
        None => load_from(filenames, options, ctx),
    };
    ctx.foreign = other;
    let documents = loaded?;
    if documents.len() + documents.excluded() == 0 && fallback::is_shared(ctx) {
        return Err(Error::new("no Secret or Namespace is among the objects").foreign());
    }
    Ok(documents)
}

/// Reads as [`load`] does, whatever `kind` and `apiVersion` are, and passes objects of other kinds to `others`.
///
/// # Errors
/// As [`load`].
pub fn load_with_others(filenames: &Filenames, others: &mut dyn FnMut(Document), ctx: &mut Context) -> Result<Queue> {
    let build = Some(fallback::builder(None, filenames.restrictions, ctx));
    load_from(filenames, Options { validate: false, build, foreign: Some(others), ..Options::default() }, ctx)
}

/// Loads with `options`, fetching URLs and decrypting files.
fn load_from(filenames: &Filenames, options: Options<'_>, ctx: &mut Context) -> Result<Queue> {
    let env = ctx.env.clone();
    // Why a thread: fetching needs a runtime, and the caller may be inside one already.
    let mut fetch = |url: &str| {
        std::thread::scope(|scope| {
            let fetch = async || Ok(client::fetch(url, &env, Timeouts::default()).await?);
            let fetched = scope.spawn(move || session::block_on(fetch())).join();
            fetched.unwrap_or_else(|_| Err(Error::new(format!("unable to read URL {}", quote(url)))))
        })
    };
    let mut decrypt = |text, path: &str| {
        let format = if path.ends_with(".json") { sops::Format::Json } else { sops::Format::Yaml };
        sops::decrypt(text, format, path, &env)
    };
    let Options { validate, build, foreign, select, .. } = options;
    // Reborrowed, with a lifetime that fits the others.
    let foreign = foreign.map(|foreign| foreign as &mut dyn FnMut(Document));
    let (fetch, decrypt) = (Some(&mut fetch as _), Some(&mut decrypt as _));
    manifest::load_with(filenames, Options { validate, fetch, build, decrypt, foreign, select }, ctx)
}

/// Parses selectors, to be applied to objects of files.
///
/// # Errors
/// What is wrong with one of them.
pub fn selector(resource: Resource, labels: &str, fields: &str) -> Result<Selector> {
    Selector::new(resource, labels, fields).map_err(|why| {
        let selector = if labels.is_empty() { fields } else { labels };
        Error::new(format!("the provided selector {} is not valid: {why}", quote(selector)))
    })
}

/// Returns the resource of a document, and sets its namespace if it has none (kubectl's `RequireNamespace`).
///
/// # Errors
/// A namespace other than that of `-n`.
pub fn place(document: &mut Document, client: &Client) -> Result<Resource> {
    document.set_namespace(client.namespace(), client.namespace_given())?;
    Ok(resource(document))
}

/// Returns the resource of a document.
pub fn resource(document: &Document) -> Resource {
    if document.object.kind() == "Namespace" { Resource::Namespaces } else { Resource::Secrets }
}
