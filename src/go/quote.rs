//! Quotes text as Go does (`strconv.Quote`, `%q`), for messages of kubectl and of the API server, and for templates.

/// Quotes `text` as Go's `%q` does (`strconv.Quote`): printable Unicode stays, the rest is escaped.
pub fn quote(text: &str) -> String {
    quote_bytes(text.as_bytes(), false)
}

/// Quotes bytes, which need not be UTF-8, as `strconv.Quote` does (`QuoteToASCII` if `ascii`).
pub fn quote_bytes(bytes: &[u8], ascii: bool) -> String {
    let mut out = String::with_capacity(bytes.len() + 2);
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            push_escaped(&mut out, c, '"', ascii);
        }
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02x}"));
        }
    }
    out.push('"');
    out
}

/// Quotes a character as `strconv.QuoteRune` does (`QuoteRuneToASCII` if `ascii`).
pub fn quote_char(c: char, ascii: bool) -> String {
    let mut out = String::from("'");
    push_escaped(&mut out, c, '\'', ascii);
    out.push('\'');
    out
}

fn push_escaped(out: &mut String, c: char, quote: char, ascii: bool) {
    if c == quote || c == '\\' {
        out.push('\\');
        out.push(c);
        return;
    }
    if if ascii { c.is_ascii() && is_print(c) } else { is_print(c) } {
        out.push(c);
        return;
    }
    match c {
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{b}' => out.push_str("\\v"),
        c if c < ' ' || c == '\u{7f}' => out.push_str(&format!("\\x{:02x}", u32::from(c))),
        c if u32::from(c) < 0x10000 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
        c => out.push_str(&format!("\\U{:08x}", u32::from(c))),
    }
}

/// Returns `true` if bytes can be between backquotes unchanged on one line (`strconv.CanBackquote`).
pub fn can_backquote(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes)
        .is_ok_and(|text| text.chars().all(|c| c != '\u{feff}' && c != '`' && c != '\u{7f}' && (c >= ' ' || c == '\t')))
}

/// Quotes a byte as `encoding/json` does in a syntax error: in single quotes, as a Latin-1 character.
pub fn quote_byte(byte: u8) -> String {
    match byte {
        b'\'' => r"'\''".to_owned(),
        b'"' => r#"'"'"#.to_owned(),
        _ => {
            let mut out = String::from("'");
            push_escaped(&mut out, char::from(byte), '"', false);
            out.push('\'');
            out
        }
    }
}

/// Returns `true` for what Go's `unicode.IsPrint` accepts: letters, marks, numbers, punctuation, symbols, and of the
/// spaces only U+0020.
pub fn is_print(c: char) -> bool {
    if c.is_ascii() {
        return (' '..='~').contains(&c);
    }
    // Rust's `str::escape_debug` leaves exactly the printable characters unchanged, but a mark only after another
    // character.
    let mut buffer = [b'a'; 5];
    let length = match buffer.get_mut(1..) {
        Some(rest) => 1 + c.encode_utf8(rest).len(),
        None => return false,
    };
    let text = buffer.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    text.escape_debug().nth(1) == Some(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_as_go() {
        for (text, quoted) in [
            ("", r#""""#),
            ("a b", r#""a b""#),
            ("a\nb\"c\\", r#""a\nb\"c\\""#),
            ("пароль é 秘", "\"пароль é 秘\""),
            ("e\u{301}", "\"e\u{301}\""),
            ("\u{301}", "\"\u{301}\""),
            ("\u{0}\u{7f}", r#""\x00\x7f""#),
            ("\u{a0}\u{200b}\u{feff}\u{85}", r#""\u00a0\u200b\ufeff\u0085""#),
            ("\u{e0001}", r#""\U000e0001""#),
            ("'", r#""'""#),
        ] {
            assert_eq!(quote(text), quoted);
        }
    }

    #[test]
    fn quotes_as_go_does() {
        assert_eq!(
            quote_bytes("a\"b\\\n\t\u{7}\u{1}\u{7f}é\u{a0}\u{feff}\u{1f600}".as_bytes(), false),
            "\"a\\\"b\\\\\\n\\t\\a\\x01\\x7fé\\u00a0\\ufeff😀\""
        );
        assert_eq!(quote_bytes("é😀".as_bytes(), true), "\"\\u00e9\\U0001f600\"");
        assert_eq!(quote_bytes(b"a\xff\xe2\x82", false), "\"a\\xff\\xe2\\x82\"");
        assert_eq!(quote_char('\'', false), "'\\''");
        assert_eq!(quote_char('"', false), "'\"'");
        assert_eq!(quote_bytes("e\u{301}\u{301}".as_bytes(), false), "\"e\u{301}\u{301}\"");
    }
}
