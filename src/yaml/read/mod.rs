//! Parses text as kubectl parses manifests: YAML 1.1 by the rules of go-yaml v2, or JSON; one document or a stream.
//!
//! [`parse`] takes a complete text; [`Documents`] reads from a stream, and holds one document at a time. Both return
//! what kubectl would send, have kubectl's errors, and refuse what kubectl would silently lose: a key that is read as
//! another type (`yes:`), the last of two equal keys, a tag of an unknown type, text after `...`. Time and memory are
//! bounded: see [`DOCUMENT_LIMIT`], [`STREAM_LIMIT`], [`MAX_DEPTH`]. Invariant: no error repeats a value, which is why
//! some of them are shorter than kubectl's.

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
mod place;
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
    place::Place,
    stream::Documents,
};

/// Parses all documents of `text`, except for empty ones.
///
/// # Errors
/// The first error. Documents before it are lost; [`Documents`] returns them, too.
pub fn parse(text: &[u8]) -> Result<Vec<ParsedDoc>, Error> {
    Documents::new(text).collect()
}

/// Parses one YAML document, which no other may follow; returns null if there is none. The last line ends as the text
/// does.
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

/// Parses the first YAML document as an API server does: of duplicate keys the last one counts, and each is returned
/// (`line 5: key "type" already set in map`); a key `yes` is `true`; text after the document is ignored.
///
/// # Errors
/// Go's text, without a file name: `yaml: line 1: did not find expected node content`.
pub fn lenient(text: &[u8]) -> Result<(Json, Vec<String>), String> {
    check_characters(text)
        .and_then(|text| Composer::new(text).lenient())
        .map(|(json, repeats, _)| (json, repeats))
        .map_err(|problem| problem.text.into_owned())
}

/// Does [`lenient`], and returns the lines of the keys instead of the duplicates.
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
