//! Sanitizes text for terminals: control characters, characters that change the direction of writing, and invisible
//! characters. One table serves messages, tables, decoded values and everything else that a server or a file may
//! contain.

use std::borrow::Cow;

/// Returns `true` if a terminal would interpret `c`, or it is invisible. Line breaks and tabs are neither.
pub fn is_hidden(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        ' '..='~' => false,
        // Soft hyphen, Arabic letter mark, Mongolian vowel separator.
        '\u{ad}' | '\u{61c}' | '\u{180e}' => true,
        // Zero width, direction, line and paragraph separators, byte order mark, interlinear annotations.
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{feff}' | '\u{fff9}'..='\u{fffb}' => true,
        // Tags and the supplement of variation selectors: invisible text inside text.
        '\u{e0000}'..='\u{e0fff}' => true,
        _ => c.is_control(),
    }
}

/// Returns `text` sanitized for a terminal: ESC becomes `^[` and CR `\r`, as in kubectl; other hidden characters become
/// `\x..`, `\u....` or `\U........`. Line breaks and tabs stay.
pub fn text(text: &str) -> Cow<'_, str> {
    escape(text, is_hidden)
}

/// Returns [`text`] on one line: line breaks and tabs are escaped, too. For names from a server that are printed beside
/// other text.
pub fn line(text: &str) -> Cow<'_, str> {
    escape(text, |c| matches!(c, '\n' | '\t') || is_hidden(c))
}

/// Returns `text` with the characters escaped for which `hidden` returns `true`.
pub fn escape(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    let Some(first) = text.find(&hidden) else { return Cow::Borrowed(text) };
    let (before, rest) = text.split_at(first);
    let mut safe = before.to_owned();
    for c in rest.chars() {
        if hidden(c) { spell(c, &mut safe) } else { safe.push(c) }
    }
    Cow::Owned(safe)
}

/// Appends the escape of a character. The forms with `\u` and `\U` are valid in YAML, `\u` also in JSON. JSON has no
/// raw control characters below U+0020, so it stays valid JSON on a terminal.
fn spell(c: char, out: &mut String) {
    let code = u32::from(c);
    match c {
        '\x1b' => out.push_str("^["),
        '\r' => out.push_str("\\r"),
        '\n' => out.push_str("\\n"),
        '\t' => out.push_str("\\t"),
        '\0'..='\x1f' => out.push_str(&format!("\\x{code:02x}")),
        '\x7f'..='\u{ffff}' => out.push_str(&format!("\\u{code:04x}")),
        _ => out.push_str(&format!("\\U{code:08x}")),
    }
}

/// Sanitizes a stream of bytes, piece by piece. Bytes that are not UTF-8 are escaped one by one. Why: a terminal that
/// is not set to UTF-8 would interpret bytes from 0x80 to 0x9f as control characters.
#[derive(Default)]
pub struct Stream {
    /// The first bytes of a character that is not complete yet: three at most.
    pending: Vec<u8>,
}

impl Stream {
    /// Returns `bytes` sanitized, except for a character that is incomplete at their end.
    pub fn push(&mut self, bytes: &[u8]) -> String {
        let joined;
        let mut rest = if self.pending.is_empty() {
            bytes
        } else {
            joined = [self.pending.as_slice(), bytes].concat();
            self.pending.clear();
            joined.as_slice()
        };
        let mut out = String::with_capacity(rest.len());
        loop {
            match std::str::from_utf8(rest) {
                Ok(whole) => {
                    out.push_str(&text(whole));
                    return out;
                }
                Err(error) => {
                    let (valid, tail) = rest.split_at(error.valid_up_to());
                    out.push_str(&text(std::str::from_utf8(valid).unwrap_or_default()));
                    let Some(length) = error.error_len() else {
                        self.pending = tail.to_vec();
                        return out;
                    };
                    let (bad, tail) = tail.split_at(length);
                    bad.iter().for_each(|byte| out.push_str(&format!("\\x{byte:02x}")));
                    rest = tail;
                }
            }
        }
    }

    /// Returns what is left: the bytes of an incomplete character, escaped.
    pub fn end(&mut self) -> String {
        std::mem::take(&mut self.pending).iter().map(|byte| format!("\\x{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn terminals_get_nothing_that_acts() {
        assert_eq!(
            text("a\x1b[31m\r\x07\u{202e}\u{9b}\u{7f}\u{feff}\u{e0041}é\n\tb"),
            "a^[[31m\\r\\x07\\u202e\\u009b\\u007f\\ufeff\\U000e0041é\n\tb"
        );
        assert!(matches!(text("plain é ☃ 🙂"), Cow::Borrowed(_)));
        assert_eq!(line("a\n\tb\u{85}"), "a\\n\\tb\\u0085");
    }

    #[test]
    fn bytes_that_are_no_text_are_spelled_out() {
        let mut stream = Stream::default();
        assert_eq!(stream.push(b"a\x9b2J\xffb\xc3"), "a\\x9b2J\\xffb");
        assert_eq!(stream.push(b"\xa9c\xe2\x80"), "éc");
        assert_eq!(stream.push(b"\xaed\xf0\x9f"), "\\u202ed");
        assert_eq!(stream.end(), "\\xf0\\x9f");
        assert_eq!(stream.end(), "");
    }

    proptest! {
        #![proptest_config(crate::properties::config(256))]

        #[test]
        fn however_it_is_cut(bytes in proptest::collection::vec(any::<u8>(), 0..64), cut in 0_usize..64) {
            let whole = { let mut stream = Stream::default(); stream.push(&bytes) + &stream.end() };
            let (first, second) = bytes.split_at(cut.min(bytes.len()));
            let mut stream = Stream::default();
            prop_assert_eq!(stream.push(first) + &stream.push(second) + &stream.end(), whole.clone());
            prop_assert!(!whole.contains(is_hidden));
        }
    }
}
