//! What must not reach a terminal as it is: control characters, bidirectional controls, byte order marks.

use std::borrow::Cow;

/// Makes `text` harmless for a terminal: ESC becomes `^[` and CR `\r`, as in kubectl; other control characters, invisible
/// ones and those that reorder text become `\x..` or `\u....`. Line breaks and tabs stay.
pub fn terminal_safe(text: &str) -> Cow<'_, str> {
    escape(text, is_hidden)
}

/// What kubectl itself escapes in cells and descriptions, wherever they go: ESC and CR.
pub(super) fn kubectl_safe(text: &str) -> Cow<'_, str> {
    escape(text, |c| matches!(c, '\x1b' | '\r'))
}

/// A cell of a table: cut at its first line break, no tabs, and the rest as in [`terminal_safe`] or as in kubectl.
pub(super) fn cell(text: &str, terminal: bool) -> Cow<'_, str> {
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let (line, rest) = text.find(['\n', '\r', '\x0c']).map_or((text, ""), |at| text.split_at(at));
    let mut safe = escape(line, |c| matches!(c, '\x1b' | '\t') || (terminal && is_hidden(c)));
    if !rest.is_empty() {
        safe.to_mut().push_str("...");
    }
    safe
}

fn is_hidden(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => true,
        _ => c.is_control(),
    }
}

fn escape(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    let Some(first) = text.find(&hidden) else { return Cow::Borrowed(text) };
    let mut safe = text[..first].to_owned();
    for c in text[first..].chars() {
        match c {
            _ if !hidden(c) => safe.push(c),
            '\x1b' => safe.push_str("^["),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            _ if u32::from(c) <= 0xff => safe.push_str(&format!("\\x{:02x}", u32::from(c))),
            _ => safe.push_str(&format!("\\u{:04x}", u32::from(c))),
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_get_nothing_that_acts() {
        assert_eq!(
            terminal_safe("a\x1b[31m\r\x07\u{202e}\u{9b}\u{feff}é\n\tb"),
            "a^[[31m\\r\\x07\\u202e\\x9b\\ufeffé\n\tb"
        );
        assert!(matches!(terminal_safe("plain é ☃"), Cow::Borrowed(_)));
        assert_eq!(kubectl_safe("a\x1bb\rc\x07"), "a^[b\\rc\x07");
    }

    #[test]
    fn cells_are_one_line() {
        assert_eq!(cell("one\ntwo", false), "one...");
        assert_eq!(cell("a\x1bb\tc\x07", false), "a^[b\\tc\x07");
        assert_eq!(cell("a\x07\u{202e}", true), "a\\x07\\u202e");
    }
}
