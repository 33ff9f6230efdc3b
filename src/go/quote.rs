//! Text as Go writes it: the API server's messages quote with `strconv.Quote`, and kubectl's JSON is `encoding/json`'s.

use std::fmt::Write as _;

/// `text` in double quotes as Go's `%q` shows it: printable Unicode stays, the rest is escaped.
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        push_escaped(&mut out, c, '"');
    }
    out.push('"');
    out
}

/// A byte as `encoding/json` names it in a syntax error: in single quotes, read as Latin-1.
pub fn quote_byte(byte: u8) -> String {
    match byte {
        b'\'' => r"'\''".to_owned(),
        b'"' => r#"'"'"#.to_owned(),
        _ => {
            let mut out = String::from("'");
            push_escaped(&mut out, char::from(byte), '"');
            out.push('\'');
            out
        }
    }
}

fn push_escaped(out: &mut String, c: char, quote: char) {
    match c {
        '\\' => out.push_str(r"\\"),
        '\x07' => out.push_str(r"\a"),
        '\x08' => out.push_str(r"\b"),
        '\x0c' => out.push_str(r"\f"),
        '\n' => out.push_str(r"\n"),
        '\r' => out.push_str(r"\r"),
        '\t' => out.push_str(r"\t"),
        '\x0b' => out.push_str(r"\v"),
        _ if c == quote => {
            out.push('\\');
            out.push(c);
        }
        _ if is_print(c) => out.push(c),
        _ => {
            let code = u32::from(c);
            // Writing to a String cannot fail.
            let _ = match code {
                0..=0x7f => write!(out, "\\x{code:02x}"),
                0x80..=0xffff => write!(out, "\\u{code:04x}"),
                _ => write!(out, "\\U{code:08x}"),
            };
        }
    }
}

/// Go's `unicode.IsPrint`: letters, marks, numbers, punctuation, symbols, and of the spaces only U+0020.
pub fn is_print(c: char) -> bool {
    if c.is_ascii() {
        return (' '..='~').contains(&c);
    }
    // Rust's `str::escape_debug` leaves alone exactly what is printable, and a mark only behind another character.
    let mut buffer = [b'a'; 5];
    let length = match buffer.get_mut(1..) {
        Some(rest) => 1 + c.encode_utf8(rest).len(),
        None => return false,
    };
    let text = buffer.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    text.escape_debug().nth(1) == Some(c)
}

/// Appends `text` as a JSON string as `encoding/json` writes it by default: `<`, `>`, `&`, U+2028 and U+2029 escaped.
pub fn push_json(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\x1f' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
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
    fn json_as_go() {
        let mut out = String::new();
        push_json(&mut out, "<a>&\u{2028}\u{1}\u{8}é\"\\\n");
        assert_eq!(out, "\"\\u003ca\\u003e\\u0026\\u2028\\u0001\\bé\\\"\\\\\\n\"");
    }
}
