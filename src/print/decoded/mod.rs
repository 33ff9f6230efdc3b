//! Values as YAML scalars that show every significant byte (whether there is a final newline, carriage returns, tabs,
//! trailing white space, control and direction characters), and that are read back as exactly the same bytes.
//!
//! The crate `yaml` writes YAML as kubectl does; this is for people who look at values.

mod formats;
mod manifest;

pub use formats::{Refused, dotenv, is_variable, keys, shell, text, values};
pub use manifest::{decode, entries, json, json_text, yaml};

use secret::Value;

/// The representation of a value.
pub enum Shape<'v> {
    /// Text: UTF-8 without NUL.
    Text(&'v str),
    /// Anything else.
    Binary(&'v [u8]),
}

/// Distinguishes text from binary.
pub fn shape(value: &Value) -> Shape<'_> {
    match value.expose_text() {
        Some(text) if !text.contains('\0') => Shape::Text(text),
        _ => Shape::Binary(value.expose()),
    }
}

/// Writes `text` as the YAML value of a key with `indent` spaces before it: what follows `key:` and a space, with a
/// line feed.
pub fn scalar(text: &str, indent: usize, out: &mut String) {
    let one_line = !text.contains('\n');
    if one_line && is_plain(text) {
        out.push_str(text);
        out.push('\n');
    } else if one_line && text.chars().all(is_visible) {
        single_quoted(text, out);
        out.push('\n');
    } else if !one_line && is_block(text) {
        block(text, indent + 2, out);
    } else {
        double_quoted(text, indent + 2, out);
        out.push('\n');
    }
}

/// Writes a YAML key.
pub fn key(text: &str, out: &mut String) {
    if is_plain(text) {
        out.push_str(text);
    } else {
        // Keys are on one line, whatever they contain.
        out.push('"');
        text.chars().for_each(|c| escape(c, out));
        out.push('"');
    }
}

/// Returns `true` if text without quotes is a string to every YAML parser. In doubt, `false`.
fn is_plain(text: &str) -> bool {
    let inner = |c: char| {
        c.is_ascii_alphanumeric() || "_-./+=@,~^()$;<>?*&!|%".contains(c) || (c as u32 > 0xA0 && is_visible(c))
    };
    let Some(first) = text.chars().next() else { return false };
    if !(first.is_ascii_alphanumeric() || matches!(first, '_' | '/' | '$')) || looks_typed(text) {
        return false;
    }
    let mut before = first;
    for c in text.chars().skip(1) {
        let fine = match c {
            ' ' => before != ':' && before != ' ',
            '#' => before != ' ',
            ':' | '\'' | '"' | '\\' => true,
            c => inner(c),
        };
        if !fine {
            return false;
        }
        before = c;
    }
    !matches!(before, ' ' | ':')
}

/// Returns `true` if some YAML parser might not read the text as a string: a number, a date, a boolean, null.
fn looks_typed(text: &str) -> bool {
    const WORDS: [&str; 11] = ["y", "yes", "on", "true", "n", "no", "off", "false", "null", "nan", "inf"];
    if WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return true;
    }
    // Text with only digits and signs of numbers and dates is quoted.
    let digit = text.starts_with(|c: char| c.is_ascii_digit());
    digit && text.chars().all(|c| c.is_ascii_hexdigit() || "+-._:xXoOTtZz ".contains(c))
}

/// Returns `true` if a character is visible as what it is, on one line.
fn is_visible(c: char) -> bool {
    match c {
        ' '..='~' => true,
        '\u{a0}' | '\u{ad}' | '\u{61c}' | '\u{feff}' => false,
        // Spaces of other widths, zero-width and direction characters, line and paragraph separators.
        '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' | '\u{3000}' => false,
        '\u{fff0}'..='\u{fffc}' | '\u{fffe}' | '\u{ffff}' => false,
        '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}' => false,
        c => c >= '\u{a1}',
    }
}

/// Returns `true` if text can be a block scalar: all lines are visible, none ends with white space (which editors may
/// remove).
fn is_block(text: &str) -> bool {
    // A block of nothing but newlines is not legible.
    text.chars().any(|c| c != '\n')
        && text.split('\n').all(|line| !line.ends_with([' ', '\t']) && line.chars().all(|c| is_visible(c) || c == '\t'))
        // A leading space would need an indentation indicator, which readers overlook; a leading tab is an error in
        // some parsers.
        && !text.starts_with(['\t', '\n'])
}

fn block(text: &str, indent: usize, out: &mut String) {
    let body = text.trim_end_matches('\n');
    out.push('|');
    if body.starts_with(' ') {
        out.push('2');
    }
    match text.len() - body.len() {
        0 => out.push('-'),
        1 => {}
        _ => out.push('+'),
    }
    out.push('\n');
    for line in body.split('\n') {
        if !line.is_empty() {
            spaces(indent, out);
            out.push_str(line);
        }
        out.push('\n');
    }
    for _ in 1..(text.len() - body.len()) {
        out.push('\n');
    }
}

fn single_quoted(text: &str, out: &mut String) {
    out.push('\'');
    out.push_str(&text.replace('\'', "''"));
    out.push('\'');
}

/// Writes text in double quotes, with one line for each line of the value.
fn double_quoted(text: &str, indent: usize, out: &mut String) {
    out.push('"');
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        escape(c, out);
        if c == '\n'
            && let Some(next) = rest.peek()
        {
            out.push_str("\\\n");
            spaces(indent, out);
            // Leading white space of a continuation line would be dropped.
            if *next == ' ' {
                out.push('\\');
            }
        }
    }
    out.push('"');
}

fn escape(c: char, out: &mut String) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\0' => out.push_str("\\0"),
        '\x1b' => out.push_str("\\e"),
        c if is_visible(c) => out.push(c),
        c if (c as u32) < 0x100 => out.push_str(&format!("\\x{:02x}", c as u32)),
        c if (c as u32) < 0x1_0000 => out.push_str(&format!("\\u{:04x}", c as u32)),
        c => out.push_str(&format!("\\U{:08x}", c as u32)),
    }
}

/// Writes binary as the YAML value of a key with `indent` spaces before it: lines of base64 under a tag with its size.
pub fn binary(bytes: &[u8], indent: usize, out: &mut String) {
    out.push_str(&format!("!binary-{}-bytes ", bytes.len()));
    let text = zeroize::Zeroizing::new(Value::new(bytes).to_base64());
    if text.len() <= LINE {
        out.push_str(if text.is_empty() { "''" } else { &text });
        out.push('\n');
        return;
    }
    out.push_str("|-\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, tail) = rest.split_at_checked(LINE).unwrap_or((rest, ""));
        spaces(indent + 2, out);
        out.push_str(line);
        out.push('\n');
        rest = tail;
    }
}

/// The length of a line of base64, as in PEM and MIME.
const LINE: usize = 76;

fn spaces(count: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', count));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(text: &str) -> String {
        let mut out = String::new();
        scalar(text, 2, &mut out);
        out
    }

    #[test]
    fn text_in_the_style_that_shows_it_best() {
        assert_eq!(written("s3cret"), "s3cret\n");
        assert_eq!(written("two words: no"), "'two words: no'\n");
        assert_eq!(written("https://a.b/c?d=e"), "https://a.b/c?d=e\n");
        assert_eq!(written(""), "''\n");
        for typed in ["yes", "1234", "12:30", "2026-01-01", "null", "~", "1e5", "0x1f", "-1", "!x", "#c", "'q'", "- a"]
        {
            assert!(written(typed).starts_with('\''), "{typed}");
        }
        assert_eq!(written("a\nb\n"), "|\n    a\n    b\n");
        assert_eq!(written("a\nb"), "|-\n    a\n    b\n");
        assert_eq!(written("a\n\n\n"), "|+\n    a\n\n\n");
        assert_eq!(written("  a\nb\n"), "|2\n      a\n    b\n");
        assert_eq!(written("a\r\n  b \n"), "\"a\\r\\n\\\n    \\  b \\n\"\n");
        assert_eq!(written("\u{feff}a\tb\x1b\u{7f}\u{202e}"), "\"\\ufeffa\\tb\\e\\x7f\\u202e\"\n");
    }

    #[test]
    fn binary_says_its_size() {
        let mut out = String::new();
        binary(&[0xff; 60], 2, &mut out);
        assert!(out.starts_with("!binary-60-bytes |-\n    ////") && out.lines().all(|line| line.len() <= 80));
        let mut out = String::new();
        binary(&[0], 2, &mut out);
        assert_eq!(out, "!binary-1-bytes AA==\n");
    }

    /// Returns what a YAML parser reads.
    fn read(text: &str) -> String {
        let document = format!("m:\n  k: {text}  z: end\n");
        let events = saphyr_parser::Parser::new_from_str(&document);
        let mut scalars = Vec::new();
        for event in events {
            if let saphyr_parser::Event::Scalar(value, ..) = event.unwrap().0 {
                scalars.push(value.into_owned());
            }
        }
        assert_eq!(scalars.len(), 5, "{document}");
        scalars.swap_remove(2)
    }

    /// Generates text with what is difficult for writers.
    fn nasty() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("\n"),
            Just(" "),
            Just("\t"),
            Just("\r"),
            Just("#"),
            Just(": "),
            Just("- "),
            Just("'"),
            Just("\""),
            Just("\\"),
            Just("---"),
            Just("..."),
            Just("\u{85}"),
            Just("\u{2028}"),
            Just("\u{feff}"),
            Just("\u{1f600}"),
            Just("%"),
            Just("!"),
            Just("&a"),
            Just("|"),
            Just(">"),
            Just("{"),
            Just("["),
            Just("a"),
            Just("1"),
            Just("é"),
            Just("\u{7f}"),
            Just("yes"),
            Just("?"),
            Just(","),
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(crate::properties::config(256))]

        #[test]
        fn nasty_text_reads_back(text in nasty()) {
            prop_assert_eq!(read(&written(&text)), text);
        }

        #[test]
        fn any_text_reads_back(text in any::<String>()) {
            let text = text.replace('\0', "");
            prop_assert_eq!(read(&written(&text)), text);
        }
    }
}
