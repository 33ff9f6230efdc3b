//! Why a stream cannot be read.

use std::fmt;

/// Why a stream cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    text: String,
    document: usize,
    line: usize,
    /// Whether the text itself says where.
    pub(super) located: bool,
}

impl Error {
    pub(super) fn new(text: impl Into<String>, document: usize, line: usize) -> Self {
        Self { text: text.into(), document, line, located: false }
    }

    /// What a refusal of ours says: the text names the place itself.
    pub(super) fn refused(text: impl fmt::Display, document: usize, line: usize) -> Self {
        Self { text: format!("document {document}, line {line}: {text}"), document, line, located: true }
    }

    /// In kubectl's words, what follows `error parsing FILE: `.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The document, from 1.
    pub fn document(&self) -> usize {
        self.document
    }

    /// The line of the stream, from 1. (kubectl's text counts from the document's first line, and is often one off.)
    pub fn line(&self) -> usize {
        self.line
    }

    /// The place in words, unless the text names it: advice to stand beside the error.
    pub fn hint(&self, source: &str) -> Option<String> {
        (!self.located).then(|| format!("{source}, document {}, line {}", self.document, self.line))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Error {}
