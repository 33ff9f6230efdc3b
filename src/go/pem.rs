//! PEM as Go's `encoding/pem` parses it: text between blocks, and malformed blocks, are skipped.

use zeroize::Zeroizing;

/// One block: its label, its headers and its bytes.
pub struct Block<'a> {
    /// `CERTIFICATE`, `RSA PRIVATE KEY`, …
    pub label: &'a [u8],
    /// The lines before the content that have a colon, as they stand.
    pub headers: &'a [u8],
    /// The decoded bytes, wiped on drop.
    pub bytes: Zeroizing<Vec<u8>>,
}

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"\n-----END ";
const DASHES: &[u8] = b"-----";

/// Iterates over the blocks of a text.
pub struct Blocks<'a> {
    text: &'a [u8],
    at: usize,
    /// The position of the next `END` line, if it is known. Why: many `BEGIN` lines must not each search for it.
    end: Option<usize>,
}

/// Returns the blocks of `text`.
pub fn blocks(text: &[u8]) -> Blocks<'_> {
    Blocks { text, at: 0, end: None }
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Block<'a>;

    fn next(&mut self) -> Option<Block<'a>> {
        loop {
            self.at = self.begin()?;
            let (line, next) = line(self.text, self.at);
            self.at = next;
            let Some(label) = line.strip_suffix(DASHES) else { continue };
            let headers_end = self.headers()?;
            let had_headers = headers_end != next;
            let headers = self.text.get(next..headers_end).unwrap_or_default();
            self.at = headers_end;

            // Without headers, `END` may follow at once, so its line may begin with the line feed that ended the first
            // line.
            let from = if had_headers { self.at } else { self.at.saturating_sub(1) };
            let end = self.end(from)?;
            let after = end + END.len();
            let tail = self.text.get(after..)?;
            let Some(rest) = tail.strip_prefix(label).and_then(|t| t.strip_prefix(DASHES)) else { continue };
            let closing = self.text.len() - rest.len();
            let (blank, next) = self::line(self.text, closing);
            if !blank.is_empty() {
                continue;
            }
            if let Some(bytes) = decode(self.text.get(self.at..end).unwrap_or_default()) {
                self.at = next;
                return Some(Block { label, headers, bytes });
            }
        }
    }
}

impl Blocks<'_> {
    /// Returns the position after the next `-----BEGIN ` at the start of a line.
    fn begin(&self) -> Option<usize> {
        let rest = self.text.get(self.at..)?;
        if rest.starts_with(BEGIN) {
            return Some(self.at + BEGIN.len());
        }
        let mut at = self.at;
        loop {
            at += self.text.get(at..)?.iter().position(|b| *b == b'\n')? + 1;
            if self.text.get(at..)?.starts_with(BEGIN) {
                return Some(at + BEGIN.len());
            }
        }
    }

    /// Returns the position after the header lines, or `None` if the text ends there.
    fn headers(&self) -> Option<usize> {
        let mut at = self.at;
        loop {
            if at >= self.text.len() {
                return None;
            }
            let (line, next) = line(self.text, at);
            if !line.contains(&b':') {
                return Some(at);
            }
            at = next;
        }
    }

    /// Returns the position of the line feed before the next `END` line.
    fn end(&mut self, from: usize) -> Option<usize> {
        if self.end.is_none_or(|end| end < from) {
            let mut at = from;
            self.end = loop {
                let found = at + self.text.get(at..)?.iter().position(|b| *b == b'\n')?;
                if self.text.get(found..)?.starts_with(END) {
                    break Some(found);
                }
                at = found + 1;
            };
        }
        self.end
    }
}

/// Returns the line at `at` without its end and trailing white space, and the position of the next line.
fn line(text: &[u8], at: usize) -> (&[u8], usize) {
    let rest = text.get(at..).unwrap_or_default();
    let (mut line, next) = match rest.iter().position(|b| *b == b'\n') {
        Some(end) => {
            let line = rest.get(..end).unwrap_or_default();
            (line.strip_suffix(b"\r").unwrap_or(line), at + end + 1)
        }
        None => (rest, text.len()),
    };
    while let [head @ .., b' ' | b'\t'] = line {
        line = head;
    }
    (line, next)
}

/// Decodes base64 that may have white space.
fn decode(base64: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut digits = Zeroizing::new(Vec::with_capacity(base64.len()));
    for &byte in base64 {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'=' => digits.push(byte),
            _ => return None,
        }
    }
    crate::base64::decode(&digits).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, Vec<u8>)> {
        blocks(text.as_bytes()).map(|b| (String::from_utf8_lossy(b.label).into_owned(), b.bytes.to_vec())).collect()
    }

    #[test]
    fn reads_as_go() {
        let a = |bytes: &[u8]| ("A".to_owned(), bytes.to_vec());
        for (text, expected) in [
            ("", vec![]),
            ("no pem", vec![]),
            ("-----BEGIN A-----\nMQ==\n-----END A-----\n", vec![a(b"1")]),
            ("-----BEGIN A-----\r\nMQ==\r\n-----END A-----", vec![a(b"1")]),
            ("text\n-----BEGIN A-----\nM Q\t==\n-----END A-----  \nrest", vec![a(b"1")]),
            ("-----BEGIN A-----\nMR==\n-----END A-----\n", vec![a(b"1")]),
            ("-----BEGIN A-----\n-----END A-----\n", vec![a(b"")]),
            ("-----BEGIN A-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: x\n\nMQ==\n-----END A-----\n", vec![a(b"1")]),
            ("x-----BEGIN A-----\nMQ==\n-----END A-----\n", vec![]),
            (" -----BEGIN A-----\nMQ==\n-----END A-----\n", vec![]),
            ("-----BEGIN A----\nMQ==\n-----END A-----\n", vec![]),
            ("-----BEGIN A-----\nMQ==\n-----END B-----\n", vec![]),
            ("-----BEGIN A-----\nMQ==\n-----END A----- x\n", vec![]),
            ("-----BEGIN A-----\nM!==\n-----END A-----\n", vec![]),
            ("-----BEGIN A-----\nMQ==\n", vec![]),
            ("-----BEGIN B-----\n-----BEGIN A-----\nMQ==\n-----END A-----\n", vec![a(b"1")]),
            (
                "-----BEGIN A-----\nMQ==\n-----END A-----\n-----BEGIN A-----\nMg==\n-----END A-----\n",
                vec![a(b"1"), a(b"2")],
            ),
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
    }

    proptest::proptest! {
        #![proptest_config(crate::properties::config(256))]

        #[test]
        fn never_panics(parts in proptest::collection::vec(proptest::sample::select(vec![
            "-----BEGIN ", "-----END ", "A", "-----", "\n", "\r\n", "MQ==", ":", " ", "x",
        ]), 0..40)) {
            let _ = read(&parts.concat());
        }
    }
}
