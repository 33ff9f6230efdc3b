//! `Warning` headers, as the API server sends them (RFC 7234, section 5.5).

use http::HeaderMap;

use secret::sanitize;

/// Returns the texts of all warnings with code 299, in order, each once, without control characters. Malformed warnings
/// are skipped, as client-go does.
pub(crate) fn texts(headers: &HeaderMap) -> Vec<String> {
    let mut texts = Vec::new();
    for header in headers.get_all(http::header::WARNING) {
        let Ok(header) = std::str::from_utf8(header.as_bytes()) else { continue };
        let mut rest = header;
        while let Some((text, tail)) = one(rest) {
            if !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
            match tail.trim_start_matches(' ').strip_prefix(',') {
                Some(tail) => rest = tail,
                None => break,
            }
        }
    }
    texts
}

/// Parses one `299 AGENT "TEXT" ["DATE"]`; returns the text, and the rest of the header.
fn one(header: &str) -> Option<(String, &str)> {
    let rest = header.trim_start_matches(' ').strip_prefix("299 ")?;
    let (agent, rest) = rest.split_once(' ')?;
    if agent.is_empty() {
        return None;
    }
    let (text, rest) = quoted(rest)?;
    // The date is not shown.
    let rest = match rest.strip_prefix(" \"") {
        Some(date) => date.split_once('"')?.1,
        None => rest,
    };
    Some((text, rest))
}

/// Parses a quoted string with backslash escapes.
fn quoted(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut result = String::new();
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        match c {
            _ if escaped => {
                result.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return Some((result, inner.get(at + 1..)?)),
            c if c.is_control() => {}
            c => result.push_str(&sanitize::text(c.encode_utf8(&mut [0; 4]))),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn parse(values: &[&str]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("warning", HeaderValue::from_bytes(value.as_bytes()).expect("a header"));
        }
        texts(&headers)
    }

    #[test]
    fn reads_several_in_order_and_each_once() {
        assert_eq!(
            parse(&[
                r#"299 - "one", 299 - "two \"q\" \\" "Sat, 25 Aug 2012 23:34:45 GMT", 299 - "one""#,
                r#"299 x "three""#
            ]),
            ["one", "two \"q\" \\", "three"]
        );
    }

    #[test]
    fn skips_what_is_not_a_warning() {
        assert_eq!(parse(&["", "199 - \"misc\"", "299 - text", "299 - \"open", "299", "299 - \"a\" garbage"]), ["a"]);
    }
}
