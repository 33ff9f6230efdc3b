//! Go's `fmt`: `Sprint`, `Sprintln` and `Sprintf` (`fmt/print.go`). Formatting a single value with flags, width and
//! precision is in [`verb`].

mod verb;

use super::sink::Sink;
use super::value::{Reflected, Value};
use verb::{Flags, Printer};

/// Writes the output of an action.
pub(super) fn print_value(out: &mut Sink, value: &Value) {
    match value {
        Value::Invalid => out.extend_from_slice(b"<no value>"),
        Value::Text(text) => out.extend_from_slice(text),
        value => Printer::new(out).print_arg(value, 'v'),
    }
}

/// Formats as `fmt.Sprint`: with spaces between operands of which neither is a string. Returns `None` for more than
/// `limit` bytes, as do the functions below.
pub(super) fn sprint(args: &[Value], limit: usize) -> Option<Vec<u8>> {
    let mut out = Sink::new(limit);
    let mut after_string = true;
    for arg in args {
        let is_string = matches!(arg, Value::Text(_));
        if !is_string && !after_string {
            out.push(b' ');
        }
        Printer::new(&mut out).print_arg(arg, 'v');
        after_string = is_string;
    }
    out.whole()
}

/// Formats as `fmt.Sprintln`: with spaces between all operands, and a line feed.
pub(super) fn sprintln(args: &[Value], limit: usize) -> Option<Vec<u8>> {
    let mut out = Sink::new(limit);
    for (i, arg) in args.iter().enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        Printer::new(&mut out).print_arg(arg, 'v');
    }
    out.push(b'\n');
    out.whole()
}

/// Formats as `fmt.Sprintf`.
pub(super) fn sprintf(format: &[u8], args: &[Value], limit: usize) -> Option<Vec<u8>> {
    let mut out = Sink::new(limit);
    let mut state = Directives { format, at: 0, args, arg: 0, reordered: false, good_index: true };
    while let Some(length) = state.rest().iter().position(|&byte| byte == b'%') {
        out.extend_from_slice(&state.rest()[..length]);
        state.at += length + 1;
        if !state.directive(&mut out) || out.is_full() {
            break;
        }
    }
    out.extend_from_slice(state.rest());
    if !state.reordered && state.arg < args.len() {
        state.extra(&mut out);
    }
    out.whole()
}

/// The state of `Sprintf`: its position in the format, and in the arguments.
struct Directives<'f, 'v> {
    format: &'f [u8],
    at: usize,
    args: &'f [Value<'v>],
    /// The index of the next argument.
    arg: usize,
    /// Whether an explicit index like `[2]` was used.
    reordered: bool,
    /// Whether the index of this directive is valid.
    good_index: bool,
}

impl<'f> Directives<'f, '_> {
    fn rest(&self) -> &'f [u8] {
        self.format.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    /// Formats one directive, after its percent sign. Returns `false` at the end of the format.
    fn directive(&mut self, out: &mut Sink) -> bool {
        let mut flags = Flags::default();
        self.good_index = true;
        while let Some(flag) = self.peek() {
            match flag {
                b'#' => flags.sharp = true,
                b'0' => flags.zero = true,
                b'+' => flags.plus = true,
                b'-' => flags.minus = true,
                b' ' => flags.space = true,
                _ => break,
            }
            self.at += 1;
        }
        let mut after_index = self.index();
        self.width(&mut flags, &mut after_index, out);
        if self.peek() == Some(b'.') && self.rest().len() > 1 {
            self.at += 1;
            if after_index {
                self.good_index = false;
            }
            after_index = self.index();
            self.precision(&mut flags, &mut after_index, out);
        }
        if !after_index {
            self.index();
        }
        let Some((verb, size)) = decode(self.rest()) else {
            out.extend_from_slice(b"%!(NOVERB)");
            return false;
        };
        self.at += size;
        if verb == '%' {
            out.push(b'%');
        } else if !self.good_index {
            out.extend_from_slice(format!("%!{verb}(BADINDEX)").as_bytes());
        } else if let Some(arg) = self.args.get(self.arg) {
            if matches!(verb, 'v' | 'w') {
                flags.sharp_v = std::mem::take(&mut flags.sharp);
                flags.plus_v = std::mem::take(&mut flags.plus);
            }
            Printer { out, flags }.print_arg(arg, verb);
            self.arg += 1;
        } else {
            out.extend_from_slice(format!("%!{verb}(MISSING)").as_bytes());
        }
        true
    }

    fn width(&mut self, flags: &mut Flags, after_index: &mut bool, out: &mut Sink) {
        if self.peek() == Some(b'*') {
            self.at += 1;
            match self.int_arg() {
                Some(width) => {
                    flags.width = Some(usize::try_from(width.unsigned_abs()).unwrap_or(0));
                    if width < 0 {
                        flags.minus = true;
                        flags.zero = false;
                    }
                }
                None => out.extend_from_slice(b"%!(BADWIDTH)"),
            }
            *after_index = false;
            return;
        }
        flags.width = self.number();
        if *after_index && flags.width.is_some() {
            self.good_index = false;
        }
    }

    fn precision(&mut self, flags: &mut Flags, after_index: &mut bool, out: &mut Sink) {
        if self.peek() == Some(b'*') {
            self.at += 1;
            flags.precision = self.int_arg().and_then(|precision| usize::try_from(precision).ok());
            if flags.precision.is_none() {
                out.extend_from_slice(b"%!(BADPREC)");
            }
            *after_index = false;
            return;
        }
        flags.precision = Some(self.number().unwrap_or(0));
    }

    /// Parses a decimal number of the format; one that is too large takes the rest of the format.
    fn number(&mut self) -> Option<usize> {
        let mut value = None;
        while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
            if value.is_some_and(|value| value > LARGEST) {
                self.at = self.format.len();
                return None;
            }
            value = Some(value.unwrap_or(0) * 10 + usize::from(digit - b'0'));
            self.at += 1;
        }
        value
    }

    /// Returns the next argument as a width or precision.
    fn int_arg(&mut self) -> Option<i64> {
        let value = self.args.get(self.arg)?;
        self.arg += 1;
        value.integer().filter(|int| int.unsigned_abs() <= LARGEST as u64)
    }

    /// Parses an explicit argument index, `[n]`.
    fn index(&mut self) -> bool {
        if self.peek() != Some(b'[') {
            return false;
        }
        self.reordered = true;
        let rest = self.rest();
        let close = rest.iter().position(|&byte| byte == b']').filter(|_| rest.len() >= 3);
        let Some(close) = close else {
            self.good_index = false;
            self.at += 1;
            return false;
        };
        self.at += close + 1;
        let number =
            std::str::from_utf8(&rest[1..close]).ok().filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        match number.and_then(|digits| digits.parse::<usize>().ok()) {
            Some(index) if (1..=self.args.len()).contains(&index) => {
                self.arg = index - 1;
                true
            }
            parsed => {
                self.good_index = false;
                parsed.is_some()
            }
        }
    }

    /// Writes Go's message about arguments that no directive used.
    fn extra(&self, out: &mut Sink) {
        out.extend_from_slice(b"%!(EXTRA ");
        for (i, arg) in self.args.iter().skip(self.arg).enumerate() {
            if i > 0 {
                out.extend_from_slice(b", ");
            }
            if matches!(arg, Value::Invalid | Value::Nil) {
                out.extend_from_slice(b"<nil>");
            } else {
                out.extend_from_slice(arg.type_name().as_bytes());
                out.push(b'=');
                Printer::new(out).print_arg(arg, 'v');
            }
        }
        out.push(b')');
    }
}

/// As in Go, a larger width or precision is an error.
const LARGEST: usize = 1_000_000;

/// Returns the first character and its size; bytes that are not UTF-8 count one by one.
fn decode(bytes: &[u8]) -> Option<(char, usize)> {
    let chunk = bytes.utf8_chunks().next()?;
    Some(chunk.valid().chars().next().map_or((char::REPLACEMENT_CHARACTER, 1), |c| (c, c.len_utf8())))
}

/// Returns the element of a map or list as the printer sees it.
fn element(json: &serde_json::Value) -> Value<'_> {
    Reflected::element(json).value
}
