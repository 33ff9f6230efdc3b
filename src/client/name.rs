//! Names of objects and namespaces that are safe in a path.

use std::fmt;

use super::Failure;
use go::quote::quote;

/// The name of an object.
///
/// Invariant: it is never empty, and is one segment of a path. A request about one object takes its path from a `Name`,
/// so an empty name cannot turn it into a request about the whole collection.
#[derive(Clone, PartialEq, Eq)]
pub struct Name(String);

/// The name of a namespace, with the rules of [`Name`].
#[derive(Clone, PartialEq, Eq)]
pub struct Namespace(String);

impl Name {
    /// Checks a name as `Request.Name` of client-go 1.37 does.
    ///
    /// # Errors
    /// `resource name may not be empty`, `invalid resource name "..": [may not be '..']`.
    pub fn new(text: &str) -> Result<Self, Failure> {
        if text.is_empty() {
            return Err(Failure::other("resource name may not be empty"));
        }
        segment("resource name", text).map(Self)
    }

    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Namespace {
    /// Checks a namespace as `Request.Namespace` of client-go 1.37 does.
    ///
    /// # Errors
    /// `invalid namespace "..": [may not be '..']`, and an empty one.
    pub fn new(text: &str) -> Result<Self, Failure> {
        if text.is_empty() {
            return Err(Failure::other("an empty namespace may not be set when a resource name is provided"));
        }
        segment("namespace", text).map(Self)
    }

    /// Returns the namespace as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Refuses what apimachinery's `content.IsPathSegmentName` refuses.
pub(crate) fn segment(what: &str, text: &str) -> Result<String, Failure> {
    let faults: Vec<String> = match text {
        "." | ".." => vec![format!("may not be '{text}'")],
        _ => ["/", "%"]
            .into_iter()
            .filter(|part| text.contains(part))
            .map(|part| format!("may not contain '{part}'"))
            .collect(),
    };
    match faults.is_empty() {
        true => Ok(text.to_owned()),
        false => Err(Failure::other(format!("invalid {what} {}: [{}]", quote(text), faults.join(" ")))),
    }
}

/// Writes both kinds of names as the text that they are, quoted for `{:?}`.
macro_rules! shown_as_text {
    ($($name:ty),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }
    )*};
}

shown_as_text!(Name, Namespace);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_its_segment_is_no_name() {
        let refused = |text: &str| Name::new(text).expect_err("a name").words().line;
        assert_eq!(refused(""), "error: resource name may not be empty");
        assert_eq!(refused("."), "error: invalid resource name \".\": [may not be '.']");
        assert_eq!(refused(".."), "error: invalid resource name \"..\": [may not be '..']");
        assert_eq!(refused("a/../b"), "error: invalid resource name \"a/../b\": [may not contain '/']");
        assert_eq!(refused("%2e/"), "error: invalid resource name \"%2e/\": [may not contain '/' may not contain '%']");
        let refused = |text: &str| Namespace::new(text).expect_err("a namespace").words().line;
        assert_eq!(refused(".."), "error: invalid namespace \"..\": [may not be '..']");
        assert_eq!(refused("a/b"), "error: invalid namespace \"a/b\": [may not contain '/']");
        assert_eq!(refused(""), "error: an empty namespace may not be set when a resource name is provided");
    }

    #[test]
    fn the_server_judges_the_rest() {
        for text in ["db", "db.example.com", "...", "Ü", "a b", " ", "?x=y", "#"] {
            assert_eq!(Name::new(text).expect("a name").as_str(), text);
        }
    }
}
