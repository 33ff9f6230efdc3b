//! Text to objects: YAML and JSON, several documents, `List`, `-f`, `-R`, kustomizations.
//!
//! [`load`] is what commands call: it turns what was typed after `-f`, `-R` and `-k` into documents, each with the place
//! it came from. [`yaml`] is the reader below it, and can be used alone.

mod files;
pub mod kustomize;
mod metadata;
mod object;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use self::files::{Filenames, Options, load, load_with};
use error::{Error, Result};
use go::quote::quote;
use secret::Object;

/// Where a document came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file as kubectl names it in errors: the path, the URL, or `STDIN`.
    pub path: String,
    /// Which document of it, from 1.
    pub document: usize,
    /// The line on which the object begins, from 1.
    pub line: usize,
}

/// An object that was read: a Secret or a Namespace. Lists are taken apart.
pub struct Document {
    /// Where it came from.
    pub origin: Origin,
    /// The object as it was written.
    pub object: Object,
    lines: Arc<yaml::read::Lines>,
    /// Which item of a list it was.
    item: Option<usize>,
}

impl Document {
    /// An object that stands in no file as it is.
    fn built(path: &str, object: Object) -> Self {
        let origin = Origin { path: path.to_owned(), document: 1, line: 1 };
        Self { origin, object, lines: Arc::default(), item: None }
    }

    /// The line of the file on which the key at `path` stands; the object's own where there is none.
    pub fn line_of(&self, path: &[&str]) -> usize {
        self.known_line(path).unwrap_or(self.origin.line)
    }

    /// The line of the key at `path`, or of the nearest one above it that is there.
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

    /// Returns which item of a list it was, from 0; `None` if the document is the object.
    pub fn item(&self) -> Option<usize> {
        self.item
    }

    /// `error` with the place of the key at `path` as advice: file, document and line.
    pub fn locate(&self, error: Error, path: &[&str]) -> Error {
        let Origin { path: file, document, .. } = &self.origin;
        error.hint(format!("{file}, document {document}, line {}", self.line_of(path)))
    }

    /// Gives an object without a namespace the one in use. One with another is refused where `enforce` is set, which
    /// it is when the namespace was typed. Namespaces themselves have none.
    ///
    /// # Errors
    /// kubectl's about the namespace that does not match.
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

/// Returns kubectl's error for an object of another namespace than the one that was typed (`RequireNamespace`).
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
