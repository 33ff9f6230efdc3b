//! Unquotes text as Go's `strconv.Unquote` does, and names characters.

use crate::quote::is_print;

/// Go's error for text that cannot be unquoted.
pub const SYNTAX: &str = "invalid syntax";

/// Returns `true` if the character can be in an identifier (letter, digit or underscore).
pub fn is_alphanumeric(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// Formats as `%#U`: the code point and, if it is printable, the character.
pub fn unicode(c: char) -> String {
    let code = u32::from(c);
    if is_print(c) { format!("U+{code:04X} '{c}'") } else { format!("U+{code:04X}") }
}

/// A character or byte of an unquoted text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unquoted {
    /// A character.
    Char(char),
    /// A byte that was written as `\x..` or in octal, and is not a character of its own.
    Byte(u8),
}

impl Unquoted {
    /// Returns the number that Go's `UnquoteChar` returns.
    pub fn code(self) -> u32 {
        match self {
            Self::Char(c) => u32::from(c),
            Self::Byte(byte) => u32::from(byte),
        }
    }
}

/// Unquotes the first character of `text`, which is inside `quote` (`strconv.UnquoteChar`); also returns the rest.
pub fn unquote_char(text: &str, quote: char) -> Option<(Unquoted, &str)> {
    let mut chars = text.chars();
    match chars.next()? {
        c if c == quote => None,
        '\\' => unquote_escape(chars.as_str(), quote),
        c => Some((Unquoted::Char(c), chars.as_str())),
    }
}

fn unquote_escape(text: &str, quote: char) -> Option<(Unquoted, &str)> {
    let mut chars = text.chars();
    let c = chars.next()?;
    let rest = chars.as_str();
    let plain = |c| Some((Unquoted::Char(c), rest));
    match c {
        'a' => plain('\u{7}'),
        'b' => plain('\u{8}'),
        'f' => plain('\u{c}'),
        'n' => plain('\n'),
        'r' => plain('\r'),
        't' => plain('\t'),
        'v' => plain('\u{b}'),
        '\\' => plain('\\'),
        '\'' | '"' if c == quote => plain(c),
        'x' => {
            let (value, rest) = digits(rest, 2, 16)?;
            Some((Unquoted::Byte(u8::try_from(value).ok()?), rest))
        }
        'u' | 'U' => {
            let (value, rest) = digits(rest, if c == 'u' { 4 } else { 8 }, 16)?;
            Some((Unquoted::Char(char::from_u32(value)?), rest))
        }
        '0'..='7' => {
            let (value, rest) = digits(text, 3, 8)?;
            Some((Unquoted::Byte(u8::try_from(value).ok()?), rest))
        }
        _ => None,
    }
}

fn digits(text: &str, count: usize, radix: u32) -> Option<(u32, &str)> {
    let mut chars = text.chars();
    let mut value = 0u32;
    for _ in 0..count {
        value = value.checked_mul(radix)?.checked_add(chars.next()?.to_digit(radix)?)?;
    }
    Some((value, chars.as_str()))
}

/// Unquotes the text between two quotes; returns its bytes.
pub fn unquote_inner(mut inner: &str, quote: char) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(inner.len());
    while !inner.is_empty() {
        let (value, rest) = unquote_char(inner, quote)?;
        match value {
            Unquoted::Char(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Unquoted::Byte(byte) => out.push(byte),
        }
        inner = rest;
    }
    Some(out)
}

/// Unquotes a text in double quotes or backquotes (`strconv.Unquote`).
pub fn unquote(text: &str) -> Option<Vec<u8>> {
    if let Some(inner) = text.strip_prefix('`').and_then(|t| t.strip_suffix('`')) {
        return (!inner.contains('`')).then(|| inner.replace('\r', "").into_bytes());
    }
    let inner = text.strip_prefix('"').and_then(|t| t.strip_suffix('"'))?;
    if inner.contains('\n') {
        return None;
    }
    unquote_inner(inner, '"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unquotes_as_go_does() {
        assert_eq!(unquote(r#""a\n\x41\101\u00e9\"""#), Some("a\nAA\u{e9}\"".as_bytes().to_vec()));
        assert_eq!(unquote(r#""\xff""#), Some(vec![0xff]));
        assert_eq!(unquote("`a\r\\n`"), Some(b"a\\n".to_vec()));
        for bad in [r#""\'""#, r#""\q""#, r#""\x4""#, r#""\400""#, r#""\ud800""#, r#"""""#, "\"", "", "'a'"] {
            assert_eq!(unquote(bad), None, "{bad}");
        }
        assert_eq!(unquote_char("\\''", '\''), Some((Unquoted::Char('\''), "'")));
    }

    #[test]
    fn names_code_points() {
        assert_eq!(unicode('&'), "U+0026 '&'");
        assert_eq!(unicode('\u{1}'), "U+0001");
        assert_eq!(unicode('\u{301}'), "U+0301 '\u{301}'");
    }
}
