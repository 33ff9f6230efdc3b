//! Objects from `-f` and `-k` on their way to the server: which resource, which namespace.

use crate::{
    cli::{flags::ConnectionFlags, resources},
    client::{Client, Resource},
    context::Context,
    error::{Error, Result},
    manifest::{self, Document, Filenames, Origin},
    secret::Object,
};

/// Reads every document of the files. One that is broken is an error among the others, where the rest can still be read.
///
/// # Errors
/// A file that is not there, or cannot be read at all.
pub fn load(filenames: &Filenames, ctx: &mut Context) -> Result<Vec<Result<Document>>> {
    manifest::load(filenames, ctx)
}

/// The resource of `object`; its namespace is filled in where it has none (kubectl's `RequireNamespace`).
///
/// # Errors
/// A kind that is neither Secret nor Namespace, or a namespace that is not the one of `-n`.
pub fn place(object: &mut Object, origin: &Origin, flags: &ConnectionFlags, client: &Client) -> Result<Resource> {
    place_in(object, origin, flags.namespace.as_deref(), client.namespace())
}

fn place_in(object: &mut Object, origin: &Origin, asked: Option<&str>, default: &str) -> Result<Resource> {
    let resource = match (object.api_version(), object.kind()) {
        ("v1", "Secret") => Resource::Secrets,
        ("v1", "Namespace") => return Ok(Resource::Namespaces),
        (_, kind) => return Err(resources::unknown(kind).hint(format!("in {}, line {}", origin.path, origin.line))),
    };
    let given = object.namespace().filter(|n| !n.is_empty()).map(str::to_owned);
    match (given, asked) {
        (Some(given), Some(asked)) if given != asked => Err(Error::new(format!(
            "the namespace from the provided object {given:?} does not match the namespace {asked:?}. \
             You must pass '--namespace={given}' to perform this operation."
        ))),
        (Some(_), _) => Ok(resource),
        (None, asked) => {
            if let Some(metadata) = object.metadata_mut() {
                metadata.insert("namespace".to_owned(), asked.unwrap_or(default).into());
            }
            Ok(resource)
        }
    }
}
