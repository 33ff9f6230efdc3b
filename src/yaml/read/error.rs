//! Errors of a stream.

use std::fmt;

/// An error of a stream, with its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    text: String,
    document: usize,
    line: usize,
    /// Whether the text contains the position.
    pub(super) located: bool,
}

impl Error {
    pub(super) fn new(text: impl Into<String>, document: usize, line: usize) -> Self {
        Self { text: text.into(), document, line, located: false }
    }

    /// Returns an error that only this program has; its text contains the position.
    pub(super) fn refused(text: impl fmt::Display, document: usize, line: usize) -> Self {
        Self { text: format!("document {document}, line {line}: {text}"), document, line, located: true }
    }

    /// Returns kubectl's text after `error parsing FILE: `.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the number of the document, from 1.
    pub fn document(&self) -> usize {
        self.document
    }

    /// Returns the line of the stream, from 1. (kubectl's text counts from the document's first line, and is often off
    /// by one.)
    pub fn line(&self) -> usize {
        self.line
    }

    /// Returns a hint with the position, unless the text contains it.
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
