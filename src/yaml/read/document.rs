//! Converts the text of one document to JSON.

use serde_json::Value as Json;

use super::{compose::Composer, error::Error, lines::Lines, problem::Problem, scanner::Mark};
use guard::Object;

/// One document of a stream.
pub struct ParsedDoc {
    /// Its number in the stream, from 1.
    pub document: usize,
    /// The line of the stream on which its text begins, from 1.
    pub line: usize,
    /// Its content: JSON of any type except null.
    pub object: Object,
    /// The lines of its keys.
    pub lines: Lines,
}

/// Parses a document's text, which begins on line `first` of its stream. `words` makes `yes` and similar words strings.
pub(super) fn read_document(text: &[u8], document: usize, first: usize, words: bool) -> Result<(Json, Lines), Error> {
    check_characters(text).and_then(|text| Composer::new(text).document(words)).map_or_else(
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

/// Checks that text is UTF-8 without control characters. (Go replaces bytes that are not UTF-8, and so changes the
/// value.)
pub(super) fn check_characters(text: &[u8]) -> Result<&str, Problem> {
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
