//! Objects from `-f` and `-k` on their way to the server: which resource, which namespace.

use crate::{
    client::{Client, Resource},
    context::Context,
    error::Result,
    manifest::{self, Document, Filenames},
};

/// Reads every document of the files. One that is broken is an error among the others, where the rest can still be read.
///
/// # Errors
/// A file that is not there, or cannot be read at all.
pub fn load(filenames: &Filenames, ctx: &mut Context) -> Result<Vec<Result<Document>>> {
    manifest::load(filenames, ctx)
}

/// The resource of a document; its namespace is filled in where it has none (kubectl's `RequireNamespace`).
///
/// # Errors
/// A namespace that is not the one of `-n`.
pub fn place(document: &mut Document, client: &Client) -> Result<Resource> {
    document.set_namespace(client.namespace(), client.namespace_given())?;
    Ok(if document.object.kind() == "Namespace" { Resource::Namespaces } else { Resource::Secrets })
}
