//! Formats one value with a verb, flags, width and precision (`fmt/format.go`, and the second half of `fmt/print.go`).

use super::element;
use crate::template::sink::Sink;
use crate::template::value::Value;
use crate::{float, quote};
use serde_json::{Map, Value as Json};

/// The flags between the percent sign and the verb.
#[derive(Default, Clone)]
pub(super) struct Flags {
    pub(super) minus: bool,
    pub(super) plus: bool,
    pub(super) sharp: bool,
    pub(super) space: bool,
    pub(super) zero: bool,
    /// `%+v`
    pub(super) plus_v: bool,
    /// `%#v`
    pub(super) sharp_v: bool,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
}

pub(super) struct Printer<'o> {
    pub(super) out: &'o mut Sink,
    pub(super) flags: Flags,
}

impl<'o> Printer<'o> {
    pub(super) fn new(out: &'o mut Sink) -> Self {
        Self { out, flags: Flags::default() }
    }

    pub(super) fn print_arg(&mut self, value: &Value, verb: char) {
        match (value, verb) {
            (Value::Invalid | Value::Nil, 'T' | 'v') => self.pad(b"<nil>"),
            (Value::Invalid | Value::Nil, _) => self.write(&format!("%!{verb}(<nil>)")),
            (_, 'T') => self.string(value.type_name().as_bytes()),
            (Value::Map(_) | Value::List(_), 'w' | 'p') => self.bad_verb(value, verb),
            _ => self.print(value, verb),
        }
    }

    fn print(&mut self, value: &Value, verb: char) {
        match value {
            Value::Invalid | Value::Nil if self.flags.sharp_v => self.write("interface {}(nil)"),
            Value::Invalid | Value::Nil => self.write("<nil>"),
            Value::Bool(flag) if matches!(verb, 't' | 'v') => self.pad(if *flag { b"true" } else { b"false" }),
            Value::Bool(_) => self.bad_verb(value, verb),
            Value::Int(int) | Value::Int64(int) => self.integer(value, *int < 0, int.unsigned_abs(), verb),
            Value::Byte(byte) => self.integer(value, false, u64::from(*byte), verb),
            Value::Float(float) => self.float(value, *float, verb),
            Value::Complex(re, im) => self.complex(value, *re, *im, verb),
            Value::Text(text) => self.text(value, text, verb),
            Value::Map(map) => self.map(map, verb),
            Value::List(list) => self.list(list, verb),
        }
    }

    fn write(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    /// Writes Go's message about a verb that does not fit the value: `%!d(string=hi)`.
    fn bad_verb(&mut self, value: &Value, verb: char) {
        self.write(&format!("%!{verb}({}=", value.type_name()));
        self.print(value, 'v');
        self.write(")");
    }

    fn map(&mut self, map: &Map<String, Json>, verb: char) {
        let go_syntax = self.flags.sharp_v;
        self.write(if go_syntax { "map[string]interface {}{" } else { "map[" });
        for (i, (key, value)) in map.iter().enumerate() {
            if self.out.is_full() {
                return;
            }
            if i > 0 {
                self.write(if go_syntax { ", " } else { " " });
            }
            self.print(&Value::Text(key.as_bytes().into()), verb);
            self.write(":");
            self.print(&element(value), verb);
        }
        self.write(if go_syntax { "}" } else { "]" });
    }

    fn list(&mut self, list: &[Json], verb: char) {
        let go_syntax = self.flags.sharp_v;
        self.write(if go_syntax { "[]interface {}{" } else { "[" });
        for (i, value) in list.iter().enumerate() {
            if self.out.is_full() {
                return;
            }
            if i > 0 {
                self.write(if go_syntax { ", " } else { " " });
            }
            self.print(&element(value), verb);
        }
        self.write(if go_syntax { "}" } else { "]" });
    }

    fn padding(&mut self, count: usize) {
        let byte = if self.flags.zero && !self.flags.minus { b'0' } else { b' ' };
        self.out.fill(count, byte);
    }

    /// Pads to the width, in characters.
    fn pad(&mut self, text: &[u8]) {
        let count = self.flags.width.map_or(0, |width| width.saturating_sub(char_count(text)));
        if self.flags.minus {
            self.out.extend_from_slice(text);
            self.padding(count);
        } else {
            self.padding(count);
            self.out.extend_from_slice(text);
        }
    }

    fn pad_with_spaces(&mut self, text: &[u8]) {
        let zero = std::mem::take(&mut self.flags.zero);
        self.pad(text);
        self.flags.zero = zero;
    }

    fn truncate<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        match self.flags.precision {
            Some(count) => prefix(text, count),
            None => text,
        }
    }

    fn string(&mut self, text: &[u8]) {
        let text = self.truncate(text);
        self.pad(text);
    }

    fn text(&mut self, value: &Value, text: &[u8], verb: char) {
        match verb {
            'v' if self.flags.sharp_v => self.quoted(text),
            'v' | 's' => self.string(text),
            'q' => self.quoted(text),
            'x' | 'X' => self.hex(text, verb == 'X'),
            _ => self.bad_verb(value, verb),
        }
    }

    fn quoted(&mut self, text: &[u8]) {
        let text = self.truncate(text);
        if self.flags.sharp && quote::can_backquote(text) {
            self.pad(&[b"`", text, b"`"].concat());
        } else {
            let quoted = quote::quote_bytes(text, self.flags.plus);
            self.pad(quoted.as_bytes());
        }
    }

    /// Writes two digits for each byte: `%x` with the flags space and sharp.
    fn hex(&mut self, text: &[u8], upper: bool) {
        let text = self.flags.precision.and_then(|count| text.get(..count)).unwrap_or(text);
        let prefix = match (self.flags.sharp, upper) {
            (false, _) => "",
            (true, false) => "0x",
            (true, true) => "0X",
        };
        let mut hex = String::with_capacity(text.len() * 2);
        for (i, byte) in text.iter().enumerate() {
            if i > 0 && self.flags.space {
                hex.push(' ');
            }
            if i == 0 || self.flags.space {
                hex.push_str(prefix);
            }
            hex.push_str(&if upper { format!("{byte:02X}") } else { format!("{byte:02x}") });
        }
        self.pad(hex.as_bytes());
    }

    fn integer(&mut self, value: &Value, negative: bool, magnitude: u64, verb: char) {
        let character = || {
            let code = if negative { None } else { u32::try_from(magnitude).ok() };
            code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
        };
        match verb {
            'v' if self.flags.sharp_v && matches!(value, Value::Byte(_)) => {
                let sharp = std::mem::replace(&mut self.flags.sharp, true);
                self.digits(negative, magnitude, 16, 'x');
                self.flags.sharp = sharp;
            }
            'v' | 'd' => self.digits(negative, magnitude, 10, verb),
            'b' => self.digits(negative, magnitude, 2, verb),
            'o' | 'O' => self.digits(negative, magnitude, 8, verb),
            'x' | 'X' => self.digits(negative, magnitude, 16, verb),
            'c' => self.pad(character().encode_utf8(&mut [0; 4]).as_bytes()),
            'q' => {
                let quoted = quote::quote_char(character(), self.flags.plus);
                self.pad(quoted.as_bytes());
            }
            'U' => {
                let bits = if negative { magnitude.wrapping_neg() } else { magnitude };
                let width = self.flags.precision.unwrap_or(4).max(4);
                let mut text = format!("U+{}", zero_padded(&format!("{bits:X}"), width));
                let c = u32::try_from(bits).ok().and_then(char::from_u32).filter(|&c| quote::is_print(c));
                if let Some(c) = c.filter(|_| self.flags.sharp) {
                    text.push_str(&format!(" '{c}'"));
                }
                self.pad_with_spaces(text.as_bytes());
            }
            _ => self.bad_verb(value, verb),
        }
    }

    fn digits(&mut self, negative: bool, magnitude: u64, base: u32, verb: char) {
        let signed = negative || self.flags.plus || self.flags.space;
        let width = match (self.flags.precision, self.flags.width) {
            (Some(0), _) if magnitude == 0 => return self.pad_with_spaces(b""),
            (Some(precision), _) => precision,
            (None, Some(width)) if self.flags.zero && !self.flags.minus => width.saturating_sub(usize::from(signed)),
            _ => 0,
        };
        let digits = match base {
            2 => format!("{magnitude:b}"),
            8 => format!("{magnitude:o}"),
            16 if verb == 'X' => format!("{magnitude:X}"),
            16 => format!("{magnitude:x}"),
            _ => magnitude.to_string(),
        };
        let digits = zero_padded(&digits, width);
        let prefix = match base {
            _ if verb == 'O' => "0o",
            _ if !self.flags.sharp => "",
            2 => "0b",
            8 if !digits.starts_with('0') => "0",
            16 if verb == 'X' => "0X",
            16 => "0x",
            _ => "",
        };
        // %#O has the prefix of %#o after its own.
        let inner = if verb == 'O' && self.flags.sharp && !digits.starts_with('0') { "0" } else { "" };
        let sign = match (negative, self.flags.plus, self.flags.space) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        };
        self.pad_with_spaces(format!("{sign}{prefix}{inner}{digits}").as_bytes());
    }

    fn float(&mut self, value: &Value, float: f64, verb: char) {
        match verb {
            'v' => self.float_text(float, 'g', None),
            'b' | 'g' | 'G' | 'x' | 'X' => self.float_text(float, verb, None),
            'f' | 'F' => self.float_text(float, 'f', Some(6)),
            'e' | 'E' => self.float_text(float, verb, Some(6)),
            _ => self.bad_verb(value, verb),
        }
    }

    fn complex(&mut self, value: &Value, re: f64, im: f64, verb: char) {
        if !matches!(verb, 'v' | 'b' | 'g' | 'G' | 'x' | 'X' | 'f' | 'F' | 'e' | 'E') {
            return self.bad_verb(value, verb);
        }
        self.write("(");
        self.float(value, re, verb);
        // The imaginary part always has a sign.
        let plus = std::mem::replace(&mut self.flags.plus, true);
        self.float(value, im, verb);
        self.flags.plus = plus;
        self.write("i)");
    }

    fn float_text(&mut self, float: f64, verb: char, default: Option<usize>) {
        let precision = self.flags.precision.or(default);
        let mut text = float::format(float, verb, precision);
        if !text.starts_with(['+', '-']) {
            text.insert(0, '+');
        }
        if self.flags.space && !self.flags.plus && text.starts_with('+') {
            text.replace_range(..1, " ");
        }
        if !float.is_finite() {
            let text = if float.is_nan() && !self.flags.space && !self.flags.plus { &text[1..] } else { &text };
            return self.pad_with_spaces(text.as_bytes());
        }
        if self.flags.sharp && verb != 'b' {
            text = with_point(&text, verb, precision);
        }
        if !self.flags.plus && text.starts_with('+') {
            return self.pad(&text.as_bytes()[1..]);
        }
        // The sign precedes zeros.
        match self.flags.width {
            Some(width) if self.flags.zero && !self.flags.minus && width > text.len() => {
                self.write(&text[..1]);
                self.padding(width - text.len());
                self.write(&text[1..]);
            }
            _ => self.pad(text.as_bytes()),
        }
    }
}

/// Formats a float with the sharp flag: always with a point, and trailing zeros up to the precision. `text` begins with
/// its sign.
fn with_point(text: &str, verb: char, precision: Option<usize>) -> String {
    let hex = matches!(verb, 'x' | 'X');
    let exponent: &[char] = if hex { &['p', 'P'] } else { &['e', 'E'] };
    let (number, tail) = text.split_at(text.find(exponent).unwrap_or(text.len()));
    let mut missing = match verb {
        'g' | 'G' | 'x' | 'X' => precision.unwrap_or(6) as i64,
        _ => 0,
    };
    let mut significant = false;
    for c in number.chars().skip(1).filter(|&c| c != '.') {
        significant |= c != '0';
        missing -= i64::from(significant);
    }
    let mut out = number.to_owned();
    if !number.contains('.') {
        // A single zero counts as a digit.
        if number.len() == 2 && number.ends_with('0') {
            missing -= 1;
        }
        out.push('.');
    }
    (0..missing).for_each(|_| out.push('0'));
    out.push_str(tail);
    out
}

fn zero_padded(digits: &str, width: usize) -> String {
    let mut out = "0".repeat(width.saturating_sub(digits.len()));
    out.push_str(digits);
    out
}

/// Returns the number of characters; bytes that are not UTF-8 count one each.
fn char_count(text: &[u8]) -> usize {
    text.utf8_chunks().map(|chunk| chunk.valid().chars().count() + chunk.invalid().len()).sum()
}

/// Returns the first `count` characters.
fn prefix(text: &[u8], count: usize) -> &[u8] {
    let mut left = count;
    let mut end = 0;
    for chunk in text.utf8_chunks() {
        let sizes = chunk.valid().chars().map(char::len_utf8).chain(chunk.invalid().iter().map(|_| 1));
        for size in sizes {
            if left == 0 {
                return text.get(..end).unwrap_or(text);
            }
            left -= 1;
            end += size;
        }
    }
    text
}
