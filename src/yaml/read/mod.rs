//! Text to JSON, as kubectl reads manifests: YAML 1.1 by go-yaml v2's rules, or JSON; one document or a stream of them.
//!
//! [`parse`] takes text that is already there; [`Documents`] reads from a stream and holds one document at a time. Both
//! give what kubectl would send, in kubectl's words where it fails, and refuse what kubectl would lose in silence: a
//! key that another type claims (`yes:`), the last of two equal keys, a tag of an unknown type, text after `...`.
//! Nothing that is read can make them run long or grow: see [`DOCUMENT_LIMIT`], [`STREAM_LIMIT`], [`MAX_DEPTH`].
//! No error repeats a value, which is why some of them are shorter than kubectl's.

mod collections;
mod compose;
mod cursor;
mod directive;
mod document;
mod entries;
mod error;
mod json;
mod limits;
mod lines;
mod mark;
mod meaning;
mod problem;
mod queue;
mod resolve;
mod scalar;
mod scanner;
mod stream;
#[cfg(test)]
mod tests;

use serde_json::Value as Json;

use self::{compose::Composer, document::check_characters};
pub use self::{
    document::ParsedDoc,
    error::Error,
    limits::{DOCUMENT_LIMIT, MAX_DEPTH, OBJECT_LIMIT, STREAM_LIMIT},
    lines::Lines,
    stream::Documents,
};

/// Reads the documents of `text` up to the first that cannot be read. Empty ones are left out.
///
/// # Errors
/// The first failure. What stood before it is lost; [`Documents`] gives that too.
pub fn parse(text: &[u8]) -> Result<Vec<ParsedDoc>, Error> {
    Documents::new(text).collect()
}

/// Reads one YAML document, which may not be followed by another; null where there is none. Its last line ends as the
/// text does.
///
/// # Errors
/// As [`parse`].
pub fn parse_one(text: &[u8]) -> Result<Json, Error> {
    let mut documents = Documents::new(text).exact();
    let first = documents.next().transpose()?;
    if let Some(second) = documents.next().transpose()? {
        return Err(Error::new("expected a single document", second.document, second.line));
    }
    Ok(first.map_or(Json::Null, |document| document.object.into_json()))
}

/// Reads the first YAML document as an API server does: of keys that stand twice the last one counts, and each is told of
/// (`line 5: key "type" already set in map`); a key `yes` is `true`; what follows the document is not looked at.
///
/// # Errors
/// Go's text, without a file's name: `yaml: line 1: did not find expected node content`.
pub fn lenient(text: &[u8]) -> Result<(Json, Vec<String>), String> {
    check_characters(text)
        .and_then(|text| Composer::new(text).lenient())
        .map(|(json, repeats, _)| (json, repeats))
        .map_err(|problem| problem.text.into_owned())
}

/// [`lenient`] with the lines of the keys instead of those that stand twice.
///
/// # Errors
/// As there.
pub fn lenient_with_lines(text: &[u8]) -> Result<(Json, Lines), String> {
    check_characters(text)
        .and_then(|text| Composer::new(text).lenient())
        .map(|(json, _, mut lines)| {
            lines.finish(1);
            (json, lines)
        })
        .map_err(|problem| problem.text.into_owned())
}
