//! What is wrong with a document, in the words of go-yaml's scanner, parser and decoder.

use std::{borrow::Cow, fmt};

use go::quote::quote;

use super::{limits::MAX_DEPTH, mark::Mark};

/// What is wrong with a document, before it is known which one of a stream it is.
pub(super) struct Problem {
    pub(super) text: Cow<'static, str>,
    /// Lines before it in the document.
    pub(super) line: usize,
    pub(super) refused: bool,
}

impl Problem {
    /// go-yaml's complaint with the line that it names: from 0 in the document, so that the first is not named at all.
    pub(super) fn numbered(text: &str, shown: usize, mark: Mark) -> Self {
        let text = if shown == 0 { format!("yaml: {text}") } else { format!("yaml: line {shown}: {text}") };
        Self { text: text.into(), line: mark.line, refused: false }
    }

    /// The scanner's complaint: about `mark`, inside what began at `context`.
    pub(super) fn scanner(text: &'static str, context: Mark, mark: Mark) -> Self {
        Self::numbered(text, if mark.line != 0 { mark.line + 1 } else { context.line }, mark)
    }

    /// The parser's complaint.
    pub(super) fn parser(text: &'static str, context: Mark, mark: Mark) -> Self {
        Self::numbered(text, if mark.line != 0 { mark.line } else { context.line }, mark)
    }

    /// A complaint of go-yaml's decoder, which names no line.
    pub(super) fn yaml(text: impl fmt::Display, mark: Mark) -> Self {
        Self { text: format!("yaml: {text}").into(), line: mark.line, refused: false }
    }

    pub(super) fn too_deep(mark: Mark) -> Self {
        let shown = if mark.line == 0 { 0 } else { mark.line + 1 };
        Self::numbered(&format!("exceeded max depth of {MAX_DEPTH}"), shown, mark)
    }

    /// Go's complaint repeats the value beside the key.
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

    /// What kubectl would lose in silence.
    pub(super) fn refused(text: impl Into<Cow<'static, str>>, mark: Mark) -> Self {
        Self { text: text.into(), line: mark.line, refused: true }
    }
}

/// The most characters of a key that an error shows: no key of Kubernetes is longer.
const MAX_SHOWN: usize = 253;

/// The beginning of a key, as long as an error may show it, and what says that there is more.
pub(super) fn beginning(key: &str) -> (&str, &'static str) {
    match key.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => (key.get(..end).unwrap_or_default(), "…"),
        None => (key, ""),
    }
}

/// A key as errors show it.
pub(super) fn shown(key: &str) -> String {
    let (beginning, more) = beginning(key);
    format!("{}{more}", quote(beginning))
}
