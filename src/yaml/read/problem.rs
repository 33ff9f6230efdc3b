//! Errors of a document, in the words of go-yaml's scanner, parser and decoder.

use std::{borrow::Cow, fmt};

use go::quote::quote;

use super::{limits::MAX_DEPTH, mark::Mark};

/// An error of a document, before its number in the stream is known.
pub(super) struct Problem {
    pub(super) text: Cow<'static, str>,
    /// Its line in the document, from 0.
    pub(super) line: usize,
    pub(super) refused: bool,
}

impl Problem {
    /// Returns go-yaml's error with the line that go-yaml shows, from 0 in the document; the first is not shown.
    pub(super) fn numbered(text: &str, shown: usize, mark: Mark) -> Self {
        let text = if shown == 0 { format!("yaml: {text}") } else { format!("yaml: line {shown}: {text}") };
        Self { text: text.into(), line: mark.line, refused: false }
    }

    /// Returns an error of the scanner at `mark`, in a token that began at `context`.
    pub(super) fn scanner(text: &'static str, context: Mark, mark: Mark) -> Self {
        Self::numbered(text, if mark.line != 0 { mark.line + 1 } else { context.line }, mark)
    }

    /// Returns an error of the parser.
    pub(super) fn parser(text: &'static str, context: Mark, mark: Mark) -> Self {
        Self::numbered(text, if mark.line != 0 { mark.line } else { context.line }, mark)
    }

    /// Returns an error of go-yaml's decoder, which shows no line.
    pub(super) fn yaml(text: impl fmt::Display, mark: Mark) -> Self {
        Self { text: format!("yaml: {text}").into(), line: mark.line, refused: false }
    }

    pub(super) fn too_deep(mark: Mark) -> Self {
        let shown = if mark.line == 0 { 0 } else { mark.line + 1 };
        Self::numbered(&format!("exceeded max depth of {MAX_DEPTH}"), shown, mark)
    }

    /// Returns the error for a null key. Why not Go's text: it repeats the value of the key.
    pub(super) fn null_key(mark: Mark) -> Self {
        Self::refused("a key is null, which is no text: quote it to keep it", mark)
    }

    pub(super) fn unsupported_float(value: f64, mark: Mark) -> Self {
        let shown = if value.is_nan() {
            "NaN"
        } else if value > 0.0 {
            "+Inf"
        } else {
            "-Inf"
        };
        Self { text: format!("json: unsupported value: {shown}").into(), line: mark.line, refused: false }
    }

    /// Returns the error for something that kubectl would silently lose.
    pub(super) fn refused(text: impl Into<Cow<'static, str>>, mark: Mark) -> Self {
        Self { text: text.into(), line: mark.line, refused: true }
    }
}

/// The most characters of a key that an error shows; no key of Kubernetes is longer.
const MAX_SHOWN: usize = 253;

/// Returns the beginning of a key that an error may show, and an ellipsis if there is more.
pub(super) fn beginning(key: &str) -> (&str, &'static str) {
    match key.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => (key.get(..end).unwrap_or_default(), "…"),
        None => (key, ""),
    }
}

/// Returns a key as errors show it.
pub(super) fn shown(key: &str) -> String {
    let (beginning, more) = beginning(key);
    format!("{}{more}", quote(beginning))
}
