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
mod entries;
mod json;
mod meaning;
mod queue;
mod resolve;
mod scalar;
mod scanner;
mod stream;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, fmt};

use serde_json::Value as Json;

use self::scanner::Mark;
pub use self::stream::Documents;
use go::quote::quote;
use guard::Object;

/// The most bytes that the text of one document may have. A `List` of many objects may well be that long.
pub const DOCUMENT_LIMIT: usize = 16 << 20;

/// The most bytes that one object may have: what an API server takes in one request.
pub const OBJECT_LIMIT: usize = 3 << 20;

/// The most bytes that are read from one source, and the most documents.
pub const STREAM_LIMIT: usize = 64 << 20;
const STREAM_DOCUMENTS: usize = 100_000;

/// The most keys and items of one document.
const MAX_NODES: usize = 750_000;

/// The deepest nesting that is read: what `serde_json` takes, and so our server. (Go stops at 10,000; no Secret comes near.)
pub const MAX_DEPTH: usize = 100;

/// One document of a stream.
pub struct ParsedDoc {
    /// Which one, from 1.
    pub document: usize,
    /// The line of the stream on which its text begins, from 1.
    pub line: usize,
    /// What it holds; JSON of any type, never null.
    pub object: Object,
    /// Where its keys stand.
    pub lines: Lines,
}

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
        .and_then(|text| compose::Composer::new(text).lenient())
        .map(|(json, repeats, _)| (json, repeats))
        .map_err(|problem| problem.text.into_owned())
}

/// [`lenient`] with the lines of the keys instead of those that stand twice.
///
/// # Errors
/// As there.
pub fn lenient_with_lines(text: &[u8]) -> Result<(Json, Lines), String> {
    check_characters(text)
        .and_then(|text| compose::Composer::new(text).lenient())
        .map(|(json, _, mut lines)| {
            lines.finish(1);
            (json, lines)
        })
        .map_err(|problem| problem.text.into_owned())
}

/// The lines of a document's keys, from 1 in the stream.
#[derive(Clone, Default)]
pub struct Lines {
    first: usize,
    /// A digest of the path, and lines after the first; in order once the document is read.
    keys: Vec<(u64, u32)>,
}

impl Lines {
    /// The line of the key at `path` (`["metadata", "name"]`; items of a list by their number).
    pub fn of(&self, path: &[&str]) -> Option<usize> {
        let wanted = path.iter().fold(Path::default(), |path, name| path.join(name));
        let at = self.keys.partition_point(|(digest, _)| *digest < wanted.0);
        self.keys.get(at).filter(|(digest, _)| *digest == wanted.0).map(|(_, line)| self.first + *line as usize)
    }

    /// The line of the key at `path`, or else the document's first.
    pub fn line_or_first(&self, path: &[&str]) -> usize {
        self.of(path).unwrap_or(self.first)
    }

    fn len(&self) -> usize {
        self.keys.len()
    }

    fn finish(&mut self, first: usize) {
        self.first = first;
        self.keys.sort_unstable();
    }

    fn enter(&mut self, path: Path, name: &str, line: usize) -> Path {
        let path = path.join(name);
        self.keys.push((path.0, u32::try_from(line).unwrap_or(u32::MAX)));
        path
    }

    fn enter_item(&mut self, path: Path, index: usize, line: usize) -> Path {
        self.enter(path, &index.to_string(), line)
    }
}

/// A digest of the keys on the way to a node.
#[derive(Clone, Copy)]
struct Path(u64);

impl Default for Path {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Path {
    /// FNV-1a of the name, ended by a byte that UTF-8 has not.
    fn join(self, name: &str) -> Self {
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(step(name.bytes().fold(self.0, step), 0xFF))
    }
}

/// Why a stream cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    text: String,
    document: usize,
    line: usize,
    /// Whether the text itself says where.
    located: bool,
}

impl Error {
    fn new(text: impl Into<String>, document: usize, line: usize) -> Self {
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

/// What is wrong with a document, before it is known which one of a stream it is.
struct Problem {
    text: Cow<'static, str>,
    /// Lines before it in the document.
    line: usize,
    refused: bool,
}

impl Problem {
    /// go-yaml's complaint with the line that it names: from 0 in the document, so that the first is not named at all.
    fn numbered(text: &str, shown: usize, mark: Mark) -> Self {
        let text = if shown == 0 { format!("yaml: {text}") } else { format!("yaml: line {shown}: {text}") };
        Self { text: text.into(), line: mark.line, refused: false }
    }

    /// The scanner's complaint: about `mark`, inside what began at `context`.
    fn scanner(text: &'static str, context: Mark, mark: Mark) -> Self {
        Self::numbered(text, if mark.line != 0 { mark.line + 1 } else { context.line }, mark)
    }

    /// The parser's complaint.
    fn parser(text: &'static str, context: Mark, mark: Mark) -> Self {
        Self::numbered(text, if mark.line != 0 { mark.line } else { context.line }, mark)
    }

    /// A complaint of go-yaml's decoder, which names no line.
    fn yaml(text: impl fmt::Display, mark: Mark) -> Self {
        Self { text: format!("yaml: {text}").into(), line: mark.line, refused: false }
    }

    fn too_deep(mark: Mark) -> Self {
        let shown = if mark.line == 0 { 0 } else { mark.line + 1 };
        Self::numbered(&format!("exceeded max depth of {MAX_DEPTH}"), shown, mark)
    }

    /// Go's complaint repeats the value beside the key.
    fn null_key(mark: Mark) -> Self {
        Self::refused("a key is null, which is no text: quote it to keep it", mark)
    }

    fn unsupported_float(value: f64, mark: Mark) -> Self {
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
    fn refused(text: impl Into<Cow<'static, str>>, mark: Mark) -> Self {
        Self { text: text.into(), line: mark.line, refused: true }
    }
}

/// Reads one document's text, which begins on line `first` of its stream.
/// `words` makes `yes` and its like text.
fn read_document(text: &[u8], document: usize, first: usize, words: bool) -> Result<(Json, Lines), Error> {
    check_characters(text).and_then(|text| compose::Composer::new(text).document(words)).map_or_else(
        |problem| {
            let line = first + problem.line;
            Err(if problem.refused {
                Error::refused(problem.text, document, line)
            } else {
                Error::new(format!("error converting YAML to JSON: {}", problem.text), document, line)
            })
        },
        |(json, mut lines)| {
            lines.finish(first);
            Ok((json, lines))
        },
    )
}

/// YAML text is UTF-8 and has no control characters. (Go replaces what is no UTF-8, and the value is lost.)
fn check_characters(text: &[u8]) -> Result<&str, Problem> {
    let line = |end: usize| text[..end].iter().filter(|byte| **byte == b'\n').count();
    let text = std::str::from_utf8(text).map_err(|error| {
        let mark = Mark { line: line(error.valid_up_to()), ..Mark::default() };
        Problem::refused("the text is not UTF-8", mark)
    })?;
    for (at, byte) in text.bytes().enumerate() {
        let forbidden = match byte {
            b'\t' | b'\n' | b'\r' => false,
            0x00..=0x1F | 0x7F => true,
            // U+0080 to U+009F, but for U+0085
            0xC2 => matches!(text.as_bytes().get(at + 1), Some(0x80..=0x84 | 0x86..=0x9F)),
            // U+FFFE and U+FFFF
            0xEF => matches!(text.as_bytes().get(at + 1..at + 3), Some([0xBF, 0xBE | 0xBF])),
            _ => false,
        };
        if forbidden {
            let mark = Mark { line: line(at), ..Mark::default() };
            return Err(Problem::yaml("control characters are not allowed", mark));
        }
    }
    Ok(text)
}

/// The most characters of a key that an error shows: no key of Kubernetes is longer.
const MAX_SHOWN: usize = 253;

/// The beginning of a key, as long as an error may show it, and what says that there is more.
fn beginning(key: &str) -> (&str, &'static str) {
    match key.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => (key.get(..end).unwrap_or_default(), "…"),
        None => (key, ""),
    }
}

/// A key as errors show it.
fn shown(key: &str) -> String {
    let (beginning, more) = beginning(key);
    format!("{}{more}", quote(beginning))
}

/// About how many bytes `json` takes as text.
fn weight(json: &Json) -> usize {
    const NODE: usize = 4;
    NODE + match json {
        Json::String(text) => text.len(),
        Json::Array(items) => items.iter().map(weight).sum(),
        Json::Object(map) => map.iter().map(|(key, value)| NODE + key.len() + weight(value)).sum(),
        _ => 0,
    }
}
