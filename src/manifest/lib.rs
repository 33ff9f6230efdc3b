//! From text to objects: YAML and JSON, multiple documents, `List`, `-f`, `-R`, kustomizations.
//!
//! Commands call [`load`]: it turns the values of `-f`, `-R` and `-k` into a [`Queue`] of documents, each with its
//! origin. [`yaml`] is the reader below it, and can be used alone.

mod files;
pub mod kustomize;
mod metadata;
mod object;
mod queue;
mod reading;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use self::{
    files::{Filenames, Options, load, load_with},
    object::Select,
    queue::Queue,
};
use error::{Error, Result};
use go::quote::quote;
use secret::Object;

/// Where a document came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file as kubectl names it in errors: the path, the URL, or `STDIN`.
    pub path: String,
    /// The position of the document in the file, from 1.
    pub document: usize,
    /// The line on which the object begins, from 1.
    pub line: usize,
}

/// An object that was read: a Secret or a Namespace. Lists are split into their items.
pub struct Document {
    /// Where it came from.
    pub origin: Origin,
    /// The object as it was written.
    pub object: Object,
    lines: Arc<yaml::read::Lines>,
    /// The position in its list, if it was an item of one.
    item: Option<usize>,
}

impl Document {
    /// Returns an object that is not in a file in this form, with `path` as its origin.
    fn built(path: &str, object: Object) -> Self {
        let origin = Origin { path: path.to_owned(), document: 1, line: 1 };
        Self { origin, object, lines: Arc::default(), item: None }
    }

    /// Returns the line of the key at `path`; the line of the object if there is no such key.
    pub fn line_of(&self, path: &[&str]) -> usize {
        self.known_line(path).unwrap_or(self.origin.line)
    }

    /// Returns the line of the key at `path`, or of the nearest parent that exists.
    pub fn nearest_line(&self, path: &[&str]) -> usize {
        let above = (1..=path.len()).rev().filter_map(|length| path.get(..length));
        above.filter_map(|path| self.known_line(path)).next().unwrap_or(self.origin.line)
    }

    fn known_line(&self, path: &[&str]) -> Option<usize> {
        match self.item {
            None => self.lines.of(path),
            Some(index) => self.lines.of(&[&["items", &index.to_string()], path].concat()),
        }
    }

    /// Returns the position in its list, from 0; `None` if the object is a document of its own.
    pub fn item(&self) -> Option<usize> {
        self.item
    }

    /// Adds a hint to `error`: file, document and line of the key at `path`.
    pub fn locate(&self, error: Error, path: &[&str]) -> Error {
        let Origin { path: file, document, .. } = &self.origin;
        error.hint(format!("{file}, document {document}, line {}", self.line_of(path)))
    }

    /// Sets the namespace of an object that has none. If `enforce` is set, because `--namespace` was typed, an object
    /// of another namespace is refused. Namespaces are left alone.
    ///
    /// # Errors
    /// kubectl's error about a namespace that does not match.
    pub fn set_namespace(&mut self, namespace: &str, enforce: bool) -> Result<()> {
        if self.object.kind() == "Namespace" {
            return Ok(());
        }
        match self.object.namespace() {
            None | Some("") => {
                if let Some(metadata) = self.object.metadata_mut() {
                    metadata.insert("namespace".to_owned(), namespace.into());
                }
                Ok(())
            }
            Some(own) if enforce && own != namespace => {
                Err(self.locate(other_namespace(own, namespace), &["metadata", "namespace"]))
            }
            Some(_) => Ok(()),
        }
    }
}

/// Returns kubectl's error for an object of another namespace than `--namespace` says (`RequireNamespace`).
pub fn other_namespace(own: &str, typed: &str) -> Error {
    Error::new(format_args!(
        "the namespace from the provided object {} does not match the namespace {}. You must pass '--namespace={own}' to \
         perform this operation.",
        quote(own),
        quote(typed)
    ))
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} from {:?}", self.object, self.origin)
    }
}
