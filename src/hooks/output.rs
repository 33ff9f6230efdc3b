//! What a program writes, line by line, without the values that are known.

use std::collections::BTreeMap;

use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    select,
};
use zeroize::Zeroizing;

use crate::secret::{
    Value,
    redact::{Known, MARK},
};

/// The bytes of a line that are shown.
pub const SHOWN: usize = 8 << 10;
/// The bytes of a line that are kept until its end comes.
pub const KEPT: usize = 2 * SHOWN;
/// The bytes that are read at once.
const CHUNK: usize = 16 << 10;
/// How many bytes at the end of a line that was cut may begin a value too briefly to be known as one: [`Known`] takes a
/// beginning of 16 bytes for the value.
const UNSURE: usize = 15;
/// The fewest bytes of a piece of a value that are removed wherever they stand, as [`Known`] has it.
const SHORTEST: usize = 4;

/// The widths of lines in which programs write base64: `base64` and MIME, and PEM.
const WIDTHS: [usize; 2] = [76, 64];

/// What must not be shown.
pub struct Mask {
    known: Known,
    /// Values that are not UTF-8, and their lines, the longest first. [`Known`] removes values from text.
    bytes: Vec<Zeroizing<Vec<u8>>>,
}

impl Mask {
    /// Returns the mask of all values of these entries.
    pub fn of<'e>(entries: impl IntoIterator<Item = &'e BTreeMap<String, Value>>) -> Self {
        let (mut known, mut bytes) = (Known::default(), Vec::new());
        for value in entries.into_iter().flat_map(BTreeMap::values) {
            known.value(value.expose());
            for width in WIDTHS {
                let encoded = Zeroizing::new(value.to_base64());
                let lines =
                    encoded.as_bytes().chunks(width).filter(|line| encoded.len() > width && line.len() >= SHORTEST);
                lines.for_each(|line| known.value(line));
            }
            let lines = value.expose().split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
            let lines = lines.filter(|line| line.len() >= SHORTEST);
            match value.expose_text() {
                // Also the only line of a value that is long enough.
                Some(_) => lines.for_each(|line| known.value(line)),
                None => {
                    let pieces = std::iter::once(value.expose()).chain(lines);
                    bytes.extend(pieces.map(|piece| Zeroizing::new(piece.to_vec())));
                }
            }
        }
        bytes.retain(|piece| piece.len() >= SHORTEST);
        bytes.sort_by_key(|piece| std::cmp::Reverse(piece.len()));
        Self { known, bytes }
    }

    /// Returns text without values.
    fn hide(&self, text: &[u8]) -> String {
        let mut left = Zeroizing::new(text.to_vec());
        for piece in &self.bytes {
            if let Some(cut) = without(&left, piece) {
                left = cut;
            }
        }
        let text = Zeroizing::new(String::from_utf8_lossy(&left).into_owned());
        self.known.hide(&text)
    }
}

/// Returns `text` with [`MARK`] for each `piece`, or `None` if there is none.
fn without(text: &[u8], piece: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let next = |text: &[u8]| text.windows(piece.len()).position(|window| window == piece);
    let mut at = next(text)?;
    // A piece may be shorter than the mark.
    let mut out = Zeroizing::new(Vec::with_capacity(text.len() * MARK.len()));
    let mut rest = text;
    loop {
        let (before, after) = rest.split_at(at);
        out.extend_from_slice(before);
        out.extend_from_slice(MARK.as_bytes());
        rest = after.get(piece.len()..).unwrap_or_default();
        match next(rest) {
            Some(found) => at = found,
            None => break,
        }
    }
    out.extend_from_slice(rest);
    Some(out)
}

/// The lines of two streams. What is read before a call is dropped is kept.
pub struct Lines<'l, R> {
    streams: [Stream<R>; 2],
    mask: Mask,
    step: &'l str,
    say: &'l mut dyn FnMut(&str),
}

impl<'l, R: AsyncRead + Unpin> Lines<'l, R> {
    /// Returns those of these streams; each line is passed to `say` as `STEP: LINE`.
    pub fn of(streams: [R; 2], mask: Mask, step: &'l str, say: &'l mut dyn FnMut(&str)) -> Self {
        Self { streams: streams.map(Stream::of), mask, step, say }
    }

    /// Reads both to their ends.
    pub async fn read(&mut self) {
        while self.streams.iter().any(|stream| stream.input.is_some()) {
            let [one, other] = &mut self.streams;
            select! {
                () = one.fill(), if one.input.is_some() => {}
                () = other.fill(), if other.input.is_some() => {}
            }
            self.pass_on(false);
        }
    }

    /// Passes on what was read and has no end of a line.
    pub fn end(mut self) {
        self.pass_on(true);
    }

    fn pass_on(&mut self, all: bool) {
        for stream in &mut self.streams {
            for text in stream.complete(all || stream.input.is_none(), &self.mask) {
                (self.say)(&format!("{}: {text}", self.step));
            }
        }
    }
}

struct Stream<R> {
    /// `None` after its end.
    input: Option<R>,
    /// Invariant: it never holds more than its capacity, so that no copy of it stays in freed memory.
    text: Zeroizing<Vec<u8>>,
    chunk: Zeroizing<Vec<u8>>,
    /// Whether the rest of a line that was cut is left out.
    skips: bool,
}

impl<R: AsyncRead + Unpin> Stream<R> {
    fn of(input: R) -> Self {
        let text = Zeroizing::new(Vec::with_capacity(KEPT + CHUNK));
        Self { input: Some(input), text, chunk: Zeroizing::new(vec![0; CHUNK]), skips: false }
    }

    /// Reads a little. An error is an end.
    async fn fill(&mut self) {
        let Some(input) = &mut self.input else { return };
        let count = input.read(&mut self.chunk).await.unwrap_or(0);
        let mut new = self.chunk.get(..count).unwrap_or_default();
        if count == 0 {
            self.input = None;
        }
        if self.skips {
            let end = new.iter().position(|byte| *byte == b'\n');
            self.skips = end.is_none();
            new = end.and_then(|end| new.get(end + 1..)).unwrap_or_default();
        }
        self.text.extend_from_slice(new);
    }

    /// Takes the lines that are complete, or all, without values. Why together: a value may be of several lines.
    fn complete(&mut self, all: bool, mask: &Mask) -> Vec<String> {
        let whole = self.text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let mut lines = Vec::new();
        let mut add = |text: &[u8], unsure: usize| {
            let text = mask.hide(text.strip_suffix(b"\n").unwrap_or(text));
            let text = beginning(&text, text.len().saturating_sub(unsure));
            lines.extend(text.split('\n').map(|line| beginning(line.trim_end_matches('\r'), SHOWN).to_owned()));
        };
        let (before, rest) = self.text.split_at(whole);
        if !before.is_empty() {
            add(before, 0);
        }
        let cut = rest.len() > KEPT;
        if cut || (all && !rest.is_empty()) {
            add(rest, if cut { UNSURE } else { 0 });
            self.skips = cut && !all;
            self.text.clear();
        } else {
            self.text.drain(..whole);
        }
        lines
    }
}

/// Returns the first bytes of a text, at most `most`, that end with a character.
fn beginning(text: &str, most: usize) -> &str {
    (0..=most.min(text.len())).rev().find_map(|end| text.get(..end)).unwrap_or_default()
}
