//! Escapes in cells and descriptions: kubectl's own, and on a terminal those of [`secret::sanitize`].

use std::borrow::Cow;

use secret::sanitize::{self, escape, is_hidden};

/// Returns text with the characters escaped that kubectl escapes in cells and descriptions, ESC and CR; for a terminal,
/// all that a terminal would interpret.
pub(super) fn kubectl_safe(text: &str, terminal: bool) -> Cow<'_, str> {
    if terminal { sanitize::text(text) } else { escape(text, |c| matches!(c, '\x1b' | '\r')) }
}

/// Returns a cell of a table: cut at its first line break, without tabs, and escaped as in [`kubectl_safe`].
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pipes_get_what_kubectl_writes() {
        assert_eq!(kubectl_safe("a\x1bb\rc\x07", false), "a^[b\\rc\x07");
        assert_eq!(kubectl_safe("a\x1bb\rc\x07", true), "a^[b\\rc\\x07");
    }

    #[test]
    fn cells_are_one_line() {
        assert_eq!(cell("one\ntwo", false), "one...");
        assert_eq!(cell("a\x1bb\tc\x07", false), "a^[b\\tc\x07");
        assert_eq!(cell("a\x07\u{202e}", true), "a\\x07\\u202e");
    }
}
