//! Splits a stream into documents, as the decoder of `k8s.io/apimachinery` does: JSON values one after the other if the
//! first character is `{`, otherwise text between lines that begin with `---`.

use std::io::{BufRead as _, BufReader, Read, Take};

use zeroize::Zeroize as _;

use super::{
    document::ParsedDoc,
    document::read_document,
    error::Error,
    json::{self, Trouble},
    limits::DOCUMENT_LIMIT,
    limits::OBJECT_LIMIT,
    limits::STREAM_DOCUMENTS,
    limits::STREAM_LIMIT,
    place::{Mode, Place},
};
use guard::{
    Object,
    bounded::{self, LONG, ToEnd},
};

/// How many bytes are read at once.
const CHUNK: usize = 64 << 10;

/// Reads the documents of a stream one at a time. After an error there are no more.
pub struct Documents<R> {
    input: BufReader<Take<ToEnd<R>>>,
    limits: Limits,
    /// The bytes that were read; those from `used` on are not parsed yet.
    pending: Vec<u8>,
    used: usize,
    /// The offset of the bytes that are not parsed yet, and their line.
    offset: usize,
    line: usize,
    mode: Mode,
    /// Whether the last line ends as the text does.
    exact: bool,
    /// The number of documents so far, and of those in JSON.
    document: usize,
    json: usize,
    words: bool,
    /// Whether the text was converted to UTF-8, so that offsets are not those of the input.
    converted: bool,
}

/// The limits on the bytes of a document and of a stream.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub(super) document: usize,
    pub(super) stream: usize,
}

fn lines(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte == b'\n').count()
}

/// The result of one step: a document, an empty document, or the end.
type Turn = Result<Option<Option<ParsedDoc>>, Error>;

impl<R: Read> Documents<R> {
    /// Reads from `reader`, at most [`STREAM_LIMIT`] bytes.
    pub fn new(reader: R) -> Self {
        Self::limited(reader, Limits { document: DOCUMENT_LIMIT, stream: STREAM_LIMIT })
    }

    /// Goes on at `place`, which another reader of the same text has returned; `reader` begins there.
    pub fn resume(reader: R, place: Place) -> Self {
        let Place { offset, converted, line, mode, document, json } = place;
        let mut documents = Self::new(reader);
        let left = documents.input.get_ref().limit().saturating_sub(offset);
        documents.input.get_mut().set_limit(left);
        // Invariant: it is at most the limit of a stream.
        documents.offset = usize::try_from(offset).unwrap_or(usize::MAX);
        documents.converted = converted;
        documents.line = line;
        documents.mode = mode;
        documents.document = document;
        documents.json = json;
        documents
    }

    /// Returns where the next document begins.
    pub fn place(&self) -> Place {
        let Self { converted, line, mode, document, json, .. } = *self;
        Place { offset: self.offset as u64, converted, line, mode, document, json }
    }

    /// Returns the text that was read from [`Documents::place`] on, in two pieces.
    pub fn ahead(&self) -> [&[u8]; 2] {
        [self.rest(), self.input.buffer()]
    }

    /// Returns the reader.
    pub fn reader_mut(&mut self) -> &mut R {
        self.input.get_mut().get_mut().get_mut()
    }

    /// Makes `yes`, `no`, `on`, `off`, `y` and `n` strings, as in kustomize.
    #[must_use]
    pub fn with_words(mut self) -> Self {
        self.words = true;
        self
    }

    pub(super) fn limited(reader: R, limits: Limits) -> Self {
        Self {
            // One byte more than the limit, so that exceeding it is noticed.
            input: BufReader::with_capacity(CHUNK, ToEnd::new(reader).take(limits.stream as u64 + 1)),
            limits,
            pending: Vec::new(),
            used: 0,
            offset: 0,
            line: 1,
            mode: Mode::Unknown,
            exact: false,
            document: 0,
            json: 0,
            words: false,
            converted: false,
        }
    }

    /// Keeps the end of the last line. Then a block scalar there has no final line feed if the text has none; kubectl
    /// reads line by line only for `-f`, and adds one there.
    #[must_use]
    pub fn exact(mut self) -> Self {
        self.exact = true;
        self
    }

    fn error(&self, text: impl Into<String>) -> Error {
        Error::new(text, self.document.max(1), self.line)
    }

    /// Returns the bytes that are not parsed yet.
    fn rest(&self) -> &[u8] {
        self.pending.get(self.used..).unwrap_or_default()
    }

    /// Reads more; returns `false` at the end of the stream.
    fn more(&mut self) -> Result<bool, Error> {
        self.pending.drain(..self.used);
        self.used = 0;
        if self.pending.len() > LONG {
            bounded::grow(&mut self.pending, self.limits.document + CHUNK);
        }
        let read = loop {
            match self.input.fill_buf() {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                other => break other.map(|bytes| (self.pending.extend_from_slice(bytes), bytes.len()).1),
            }
        };
        let count = read.map_err(|error| self.error(go::errno::text(&error)))?;
        self.input.consume(count);
        self.check_limit()?;
        Ok(count > 0)
    }

    fn check_limit(&self) -> Result<(), Error> {
        if self.offset + self.rest().len() > self.limits.stream {
            return Err(self.error(format!("the input is larger than {} MiB", self.limits.stream >> 20)));
        }
        Ok(())
    }

    /// Advances by `count` bytes, and drops them.
    fn consume(&mut self, count: usize) {
        let end = (self.used + count).min(self.pending.len());
        if let Some(passed) = self.pending.get_mut(self.used..end) {
            self.line += lines(passed);
            passed.zeroize();
        }
        self.offset += end - self.used;
        self.used = end;
    }

    /// Returns the offset of the first byte that is not white space.
    fn skip_space(&mut self) -> Result<Option<usize>, Error> {
        let mut at = 0;
        loop {
            let rest = self.rest().get(at..).unwrap_or_default();
            if let Some(found) = rest.iter().position(|byte| !byte.is_ascii_whitespace()) {
                return Ok(Some(at + found));
            }
            at = self.rest().len();
            if at > self.limits.document {
                return Err(self.too_large());
            }
            if !self.more()? {
                return Ok(None);
            }
        }
    }

    fn too_large(&self) -> Error {
        let limit = self.limits.document >> 20;
        self.error(format!("document {} is larger than {limit} MiB", self.document.max(1)))
    }

    /// Skips a byte-order mark at the beginning. UTF-8's is dropped; UTF-16, which Windows tools write, is converted to
    /// UTF-8.
    fn skip_mark(&mut self) -> Result<(), Error> {
        while self.rest().len() < 3 && self.more()? {}
        let decode = match self.rest() {
            [0xEF, 0xBB, 0xBF, ..] => {
                self.consume(3);
                return Ok(());
            }
            [0xFF, 0xFE, ..] => u16::from_le_bytes,
            [0xFE, 0xFF, ..] => u16::from_be_bytes,
            _ => return Ok(()),
        };
        while self.more()? {
            if self.rest().len() > self.limits.document {
                return Err(self.too_large());
            }
        }
        let (units, left) = self.rest().as_chunks::<2>();
        let text: Result<String, _> = char::decode_utf16(units.iter().skip(1).map(|unit| decode(*unit))).collect();
        let (Ok(text), []) = (text, left) else {
            return Err(Error::refused("the text is not UTF-16, as its first bytes say", 1, 1));
        };
        self.pending.zeroize();
        self.pending = text.into_bytes();
        self.used = 0;
        self.converted = true;
        Ok(())
    }

    fn turn(&mut self) -> Turn {
        if self.mode == Mode::Unknown {
            self.skip_mark()?;
            let first = self.skip_space()?;
            let is_json = first.is_some_and(|at| self.rest().get(at) == Some(&b'{'));
            self.mode = if is_json { Mode::Json } else { Mode::Yaml };
        }
        match self.mode {
            Mode::Json => self.json_document(),
            Mode::Yaml => self.yaml_document(),
            _ => Ok(None),
        }
    }

    // ---- JSON ----

    fn json_document(&mut self) -> Turn {
        let Some(start) = self.skip_space()? else { return Ok(None) };
        self.document += 1;
        let end = self.json_end(start)?;
        let (space, text) = self.rest().split_at(start);
        let newline = space.iter().position(|byte| *byte == b'\n');
        let text = text.get(..end - start).unwrap_or_default();
        let first = self.line + lines(space);
        let line_of = |at: usize| first + lines(text.get(..at).unwrap_or(text));
        let error = match json::Reader::new(text).read() {
            Ok((json, mut lines)) => {
                lines.finish(first);
                let object = Object::new(json);
                self.json += 1;
                self.consume(end);
                return self.finish(ParsedDoc { document: self.document, line: first, object, lines });
            }
            Err(Trouble::Refused { at, text }) => return Err(Error::refused(text, self.document, line_of(at))),
            Err(Trouble::End) => Error::new("unexpected EOF", self.document, line_of(text.len())),
            Err(Trouble::Byte { at, text }) => {
                let offset = self.offset + start + at + 1;
                Error::new(format!("json: offset {offset}: {text}"), self.document, line_of(at))
            }
        };
        // A first JSON value may be the beginning of a YAML stream; after the second one the stream is JSON.
        if self.json > 1 {
            return Err(error);
        }
        if self.json == 1 {
            self.consume(newline.map_or(start, |at| at + 1));
        }
        self.mode = Mode::Yaml;
        self.document -= 1;
        let document = self.document;
        self.yaml_document().map_err(|other| {
            self.document = document;
            if other.located { other } else { error }
        })
    }

    /// Returns the end of the value at `start`; counts brackets of both kinds alike.
    fn json_end(&mut self, start: usize) -> Result<usize, Error> {
        let (mut at, mut depth, mut quoted, mut escaped) = (start, 0_usize, false, false);
        loop {
            for &byte in self.rest().get(at..).unwrap_or_default() {
                at += 1;
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if quoted => escaped = true,
                    b'"' => quoted = !quoted,
                    _ if quoted => continue,
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth = depth.saturating_sub(1),
                    b' ' | b'\t' | b'\r' | b'\n' => {}
                    _ => continue,
                }
                if depth == 0 && !quoted {
                    return Ok(at);
                }
            }
            if at - start > self.limits.document {
                return Err(self.too_large());
            }
            if !self.more()? {
                return Ok(self.rest().len());
            }
        }
    }

    // ---- YAML ----

    /// Reads the text up to a separator or the end, with every line ended by LF.
    fn yaml_document(&mut self) -> Turn {
        let first = self.line;
        let mut text = Vec::new();
        let mut line = Vec::new();
        let at_end = loop {
            if !self.read_line(&mut line)? {
                break true;
            }
            if let Some(rest) = line.strip_prefix(b"---") {
                let rest = rest.trim_ascii();
                if !rest.is_empty() && rest.first() != Some(&b'#') {
                    // Why not Go's text: it repeats the rest of the line.
                    self.document += 1;
                    self.line -= 1;
                    return Err(self.error("invalid Yaml document separator"));
                }
                break false;
            }
            text.extend_from_slice(&line);
            line.zeroize();
            if text.len() > self.limits.document {
                self.document += 1;
                self.line = first;
                return Err(self.too_large());
            }
        };
        if text.is_empty() {
            return Ok(if at_end { None } else { Some(None) });
        }
        self.document += 1;
        let outcome = read_document(&text, self.document, first, self.words);
        text.zeroize();
        let (json, lines) = outcome?;
        let object = Object::new(json);
        self.finish(ParsedDoc { document: self.document, line: first, object, lines })
    }

    /// Reads one line with LF as its end; returns `false` at the end of the stream.
    fn read_line(&mut self, line: &mut Vec<u8>) -> Result<bool, Error> {
        line.clear();
        if self.rest().is_empty() {
            let limit = self.limits.document + 2;
            let read = bounded::read_line(&mut self.input, limit, line);
            self.offset += read.map_err(|error| self.error(go::errno::text(&error)))?;
            self.check_limit()?;
            self.line += 1;
        } else {
            let mut searched = 0;
            let end = loop {
                let rest = self.rest();
                if let Some(at) = rest.iter().skip(searched).position(|byte| *byte == b'\n') {
                    break searched + at + 1;
                }
                searched = rest.len();
                if searched > self.limits.document || !self.more()? {
                    break searched;
                }
            };
            line.reserve_exact(end + 1);
            line.extend_from_slice(self.rest().get(..end).unwrap_or_default());
            let before = self.line;
            self.consume(end);
            self.line = before + 1;
        }
        if line.is_empty() {
            return Ok(false);
        }
        let ended = line.ends_with(b"\n");
        if ended {
            line.pop();
            if line.ends_with(b"\r") {
                line.pop();
            }
        }
        if ended || !self.exact {
            line.push(b'\n');
        }
        Ok(true)
    }

    fn finish(&mut self, found: ParsedDoc) -> Turn {
        if found.object.json().is_null() {
            return Ok(Some(None));
        }
        if self.document > STREAM_DOCUMENTS {
            return Err(Error::new(format!("more than {STREAM_DOCUMENTS} documents"), found.document, found.line));
        }
        let json = found.object.json();
        if !json["items"].is_array() && super::limits::weight(json) > OBJECT_LIMIT {
            let text = format!("the object is larger than {} MiB, more than an API server takes", OBJECT_LIMIT >> 20);
            return Err(Error::refused(text, found.document, found.line));
        }
        Ok(Some(Some(found)))
    }
}

impl<R: Read> Iterator for Documents<R> {
    type Item = Result<ParsedDoc, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.mode != Mode::Done {
            match self.turn() {
                Ok(Some(Some(document))) => return Some(Ok(document)),
                Ok(Some(None)) => {}
                Ok(None) => self.mode = Mode::Done,
                Err(error) => {
                    self.mode = Mode::Done;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

impl<R> Drop for Documents<R> {
    fn drop(&mut self) {
        self.pending.zeroize();
    }
}
