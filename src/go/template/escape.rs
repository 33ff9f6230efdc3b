//! Escaping functions of templates, and kubectl's base64.

use crate::quote;

/// `html`: what is special in HTML text and attributes.
pub(super) fn html(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &byte in text {
        match byte {
            0 => out.extend_from_slice("\u{fffd}".as_bytes()),
            b'"' => out.extend_from_slice(b"&#34;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            byte => out.push(byte),
        }
    }
    out
}

/// `js`: text inside a JavaScript string.
pub(super) fn js(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\\' => out.extend_from_slice(b"\\\\"),
                '\'' => out.extend_from_slice(b"\\'"),
                '"' => out.extend_from_slice(b"\\\""),
                c if c < ' ' || matches!(c, '<' | '>' | '&' | '=') || !c.is_ascii() && !quote::is_print(c) => {
                    out.extend_from_slice(format!("\\u{:04X}", u32::from(c)).as_bytes());
                }
                c => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        out.extend_from_slice(chunk.invalid());
    }
    out
}

/// `urlquery`: text inside the query of a URL.
pub(super) fn url_query(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for &byte in text {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// kubectl's `base64decode`: Go's `base64.StdEncoding`, which skips line ends and insists on padding. The error says at
/// which byte the text goes wrong.
pub(super) fn base64_decode(text: &[u8]) -> Result<Vec<u8>, String> {
    let corrupt = |at: usize| Err(format!("base64 decode failed: illegal base64 data at input byte {at}"));
    let is_line_end = |byte: u8| matches!(byte, b'\r' | b'\n');
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut bits = 0u32;
    let mut count = 0;
    let mut input = text.iter().copied().enumerate().filter(|&(_, byte)| !is_line_end(byte));
    while let Some((at, byte)) = input.next() {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' if count >= 2 => {
                if count == 2 {
                    match input.next() {
                        Some((_, b'=')) => {}
                        // Go looks one byte back from what should have been the second one.
                        Some((next, _)) => return corrupt(next - 1),
                        None => return corrupt(text.len()),
                    }
                }
                if let Some((trailing, _)) = input.next() {
                    return corrupt(trailing);
                }
                bits <<= 6 * (4 - count);
                out.extend_from_slice(&bits.to_be_bytes()[1..count]);
                return Ok(out);
            }
            _ => return corrupt(at),
        };
        bits = bits << 6 | u32::from(digit);
        count += 1;
        if count == 4 {
            out.extend_from_slice(&bits.to_be_bytes()[1..]);
            bits = 0;
            count = 0;
        }
    }
    if count > 0 {
        return corrupt(text.len() - count);
    }
    Ok(out)
}
