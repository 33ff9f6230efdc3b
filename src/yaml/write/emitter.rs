//! libyaml's emitter, as go-yaml v2 has it, for JSON values. Its state between two writes (column, indentation, whether
//! white space or only indentation was written last) determines where it breaks lines.

use serde_json::{Number, Value as Json};

use super::{
    implicit, keys,
    style::{Style, is_break, is_printable},
};
use go::float;

/// Plain and quoted scalars are folded at the first space after this column.
const BEST_WIDTH: usize = 80;
/// Longer keys are written as `? key`.
const LONGEST_SIMPLE_KEY: usize = 128;

pub struct Emitter<'o> {
    out: &'o mut Vec<u8>,
    /// Characters since the last line break.
    column: usize,
    /// The indentation of the current collection; `None` outside of all collections.
    indent: Option<usize>,
    /// Whether white space was written last.
    whitespace: bool,
    /// Whether the line has nothing but indentation and `-`, `?`, `:` so far.
    indention: bool,
    /// Whether strings are escaped that contain a line break of YAML 1.1 only.
    portable: bool,
}

impl<'o> Emitter<'o> {
    /// Returns an emitter at the beginning of a document.
    pub fn new(out: &'o mut Vec<u8>) -> Self {
        Self { out, column: 0, indent: None, whitespace: true, indention: true, portable: false }
    }

    /// Returns an emitter at the beginning of a line in a sequence that is the value of a top-level key.
    pub fn of_items(out: &'o mut Vec<u8>) -> Self {
        Self { indent: Some(0), ..Self::new(out) }
    }

    /// Writes strings so that YAML 1.2 parsers read them as YAML 1.1 parsers do.
    pub fn portable(self) -> Self {
        Self { portable: true, ..self }
    }

    /// Ends the last line.
    pub fn end(&mut self) {
        self.indent = None;
        self.write_indent();
    }

    /// Writes a value; `in_mapping` if it is the value of a key.
    pub fn node(&mut self, value: &Json, in_mapping: bool) {
        match value {
            Json::Null => self.write_word("null"),
            Json::Bool(true) => self.write_word("true"),
            Json::Bool(false) => self.write_word("false"),
            Json::Number(number) => self.number(number),
            Json::String(text) => self.string(text, false),
            Json::Array(items) if items.is_empty() => self.write_empty(b"[]"),
            Json::Array(items) => {
                let indentless = in_mapping && !self.indention;
                let outer = self.indent;
                self.indent = Some(match outer {
                    Some(indent) if indentless => indent,
                    outer => deeper(outer),
                });
                items.iter().for_each(|item| self.item(item));
                self.indent = outer;
            }
            Json::Object(map) if map.is_empty() => self.write_empty(b"{}"),
            Json::Object(map) => {
                let outer = self.indent;
                self.indent = Some(deeper(outer));
                for (key, value) in keys::sorted(map) {
                    self.entry(key, value);
                }
                self.indent = outer;
            }
        }
    }

    /// Writes an item of the sequence at the current indentation.
    pub fn item(&mut self, item: &Json) {
        self.write_indent();
        self.write_indicator(b"-", true, true);
        self.node(item, false);
    }

    fn entry(&mut self, key: &str, value: &Json) {
        self.write_indent();
        if key.len() <= LONGEST_SIMPLE_KEY && !key.chars().any(is_break) {
            self.string(key, true);
            self.write_indicator(b":", false, false);
        } else {
            self.write_indicator(b"?", true, true);
            self.string(key, false);
            self.write_indent();
            self.write_indicator(b":", true, true);
        }
        self.node(value, true);
    }

    /// Writes a number. kubectl's numbers have been through JSON, so a float without a fraction is an integer.
    fn number(&mut self, number: &Number) {
        match number.as_f64() {
            Some(value) if number.is_f64() => {
                let text = float::json(value);
                // Past 64 bits Go reads the digits as a float again, and writes that.
                if text.parse().is_ok_and(|whole: i128| i64::try_from(whole).is_ok() || u64::try_from(whole).is_ok()) {
                    self.write_word(&text);
                } else {
                    self.write_word(&float::format(value, 'g', None));
                }
            }
            _ => self.write_word(&number.to_string()),
        }
    }

    fn string(&mut self, text: &str, simple_key: bool) {
        if is_word(text) {
            if implicit::is_string(text) {
                self.write_word(text);
            } else {
                self.write_in_double_quotes(text);
            }
            return;
        }
        let style = match self.portable && text.contains(['\u{2028}', '\u{2029}']) {
            true => Style::Double,
            false => Style::of(text, simple_key),
        };
        let outer = self.indent;
        self.indent = Some(outer.map_or(2, |indent| indent + 2));
        match style {
            Style::Plain => self.write_plain(text, !simple_key),
            Style::Single => self.write_single_quoted(text, !simple_key),
            Style::Double => self.write_double_quoted(text, !simple_key),
            Style::Literal => self.write_literal(text),
        }
        self.indent = outer;
    }

    fn put(&mut self, byte: u8) {
        self.out.push(byte);
        self.column += 1;
    }

    fn put_char(&mut self, c: char) {
        if c.is_ascii() {
            self.put(c as u8);
        } else {
            self.out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            self.column += 1;
        }
    }

    fn put_break(&mut self) {
        self.out.push(b'\n');
        self.column = 0;
    }

    /// Writes a line break of a string.
    fn write_break(&mut self, c: char) {
        if c == '\n' {
            self.put_break();
        } else {
            self.put_char(c);
            self.column = 0;
        }
        self.indention = true;
    }

    /// Moves to the current indentation, on a new line unless this one is empty.
    fn write_indent(&mut self) {
        let indent = self.indent.unwrap_or(0);
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.put_break();
        }
        if self.column < indent {
            self.out.resize(self.out.len() + indent - self.column, b' ');
            self.column = indent;
        }
        self.whitespace = true;
        self.indention = true;
    }

    fn write_indicator(&mut self, indicator: &[u8], need_whitespace: bool, is_indention: bool) {
        if need_whitespace && !self.whitespace {
            self.put(b' ');
        }
        self.out.extend_from_slice(indicator);
        self.column += indicator.len();
        self.whitespace = false;
        self.indention = self.indention && is_indention;
    }

    fn write_empty(&mut self, brackets: &[u8]) {
        self.write_indicator(brackets, true, false);
    }

    /// Writes an ASCII string without spaces, unchanged.
    fn write_word(&mut self, text: &str) {
        self.write_indicator(text.as_bytes(), true, false);
    }

    fn write_in_double_quotes(&mut self, text: &str) {
        self.write_indicator(b"\"", true, false);
        self.write_indicator(text.as_bytes(), false, false);
        self.write_indicator(b"\"", false, false);
    }

    fn write_plain(&mut self, text: &str, allow_breaks: bool) {
        if !self.whitespace {
            self.put(b' ');
        }
        let mut spaces = false;
        let mut chars = text.chars().peekable();
        // A plain scalar has no line breaks; strings with line breaks get another style.
        while let Some(c) = chars.next() {
            if c == ' ' {
                if allow_breaks && !spaces && self.column > BEST_WIDTH && chars.peek() != Some(&' ') {
                    self.write_indent();
                } else {
                    self.put(b' ');
                }
                spaces = true;
            } else {
                self.put_char(c);
                self.indention = false;
                spaces = false;
            }
        }
        self.whitespace = false;
        self.indention = false;
    }

    fn write_single_quoted(&mut self, text: &str, allow_breaks: bool) {
        self.write_indicator(b"'", true, false);
        let (mut spaces, mut breaks, mut first) = (false, false, true);
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if c == ' ' {
                let inside = !first && chars.peek().is_some_and(|next| *next != ' ');
                if allow_breaks && !spaces && self.column > BEST_WIDTH && inside {
                    self.write_indent();
                } else {
                    self.put(b' ');
                }
                spaces = true;
            } else if is_break(c) {
                if !breaks && c == '\n' {
                    self.put_break();
                }
                self.write_break(c);
                breaks = true;
            } else {
                if breaks {
                    self.write_indent();
                }
                if c == '\'' {
                    self.put(b'\'');
                }
                self.put_char(c);
                self.indention = false;
                spaces = false;
                breaks = false;
            }
            first = false;
        }
        self.write_indicator(b"'", false, false);
    }

    fn write_double_quoted(&mut self, text: &str, allow_breaks: bool) {
        self.write_indicator(b"\"", true, false);
        let (mut spaces, mut first) = (false, true);
        // go-yaml checks at every character whether the string begins with a byte-order mark.
        let all = text.starts_with('\u{feff}');
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if all || !is_printable(c) || is_break(c) || c == '"' || c == '\\' {
                self.escape(c);
                spaces = false;
            } else if c == ' ' {
                if allow_breaks && !spaces && self.column > BEST_WIDTH && !first && chars.peek().is_some() {
                    self.write_indent();
                    if chars.peek() == Some(&' ') {
                        self.put(b'\\');
                    }
                } else {
                    self.put(b' ');
                }
                spaces = true;
            } else {
                self.put_char(c);
                spaces = false;
            }
            first = false;
        }
        self.write_indicator(b"\"", false, false);
        self.indention = false;
    }

    fn escape(&mut self, c: char) {
        self.put(b'\\');
        let short = match c {
            '\0' => b'0',
            '\x07' => b'a',
            '\x08' => b'b',
            '\t' => b't',
            '\n' => b'n',
            '\x0b' => b'v',
            '\x0c' => b'f',
            '\r' => b'r',
            '\x1b' => b'e',
            '"' => b'"',
            '\\' => b'\\',
            '\u{85}' => b'N',
            '\u{a0}' => b'_',
            '\u{2028}' => b'L',
            '\u{2029}' => b'P',
            _ => {
                let code = u32::from(c);
                let escaped = match code {
                    0..=0xff => format!("x{code:02X}"),
                    0x100..=0xffff => format!("u{code:04X}"),
                    _ => format!("U{code:08X}"),
                };
                escaped.bytes().for_each(|byte| self.put(byte));
                return;
            }
        };
        self.put(short);
    }

    fn write_literal(&mut self, text: &str) {
        self.write_indicator(b"|", true, false);
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.write_indicator(b"2", false, false);
        }
        let mut last = text.chars().rev();
        match (last.next().is_some_and(is_break), last.next().is_none_or(is_break)) {
            (false, _) => self.write_indicator(b"-", false, false),
            (true, true) => self.write_indicator(b"+", false, false),
            (true, false) => {}
        }
        self.put_break();
        self.indention = true;
        self.whitespace = true;
        let mut breaks = true;
        for c in text.chars() {
            if is_break(c) {
                self.write_break(c);
                breaks = true;
            } else {
                if breaks {
                    self.write_indent();
                }
                self.put_char(c);
                self.indention = false;
                breaks = false;
            }
        }
    }
}

fn deeper(indent: Option<usize>) -> usize {
    indent.map_or(0, |indent| indent + 2)
}

/// Returns `true` if `text` has only characters that need neither quotes nor folding, as most names, keys and base64
/// do.
fn is_word(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'.' | b'_' | b'+'))
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'+' | b'=' | b'.' | b'_' | b'-'))
        && !text.starts_with("...")
}
