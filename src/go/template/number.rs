//! Number and character constants, after `NumberNode` of `text/template/parse/node.go` and Go's `strconv`.

use super::lex::Kind;
use crate::{quote, strconv};

/// A constant, and its text.
pub(super) struct Number {
    pub(super) text: String,
    pub(super) value: Constant,
}

/// The type that the syntax of a constant determines.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Constant {
    Int(i64),
    /// Too large for `int`, which is an error when it is used.
    Overflow,
    Float(f64),
    Complex(f64, f64),
}

impl Number {
    /// Parses the text of a token of the given kind (character constant, complex number, number).
    pub(super) fn parse(text: &str, kind: Kind) -> Result<Self, String> {
        let value = match kind {
            Kind::CharConstant => character(text)?,
            Kind::Complex => complex(text).ok_or("syntax error scanning complex number")?,
            _ => number(text)?,
        };
        Ok(Self { text: text.to_owned(), value })
    }
}

fn character(text: &str) -> Result<Constant, String> {
    let inner = text.strip_prefix('\'').unwrap_or(text);
    match strconv::unquote_char(inner, '\'') {
        Some((c, "'")) => Ok(Constant::Int(i64::from(c.code()))),
        Some(_) => Err(format!("malformed character constant: {text}")),
        None => Err(strconv::SYNTAX.to_owned()),
    }
}

fn complex(text: &str) -> Option<Constant> {
    let text = text.strip_suffix('i')?;
    let bytes = text.as_bytes();
    // The sign between the two parts: not the first character, nor that of an exponent.
    let at = (1..bytes.len())
        .rev()
        .find(|&at| matches!(bytes[at], b'+' | b'-') && !matches!(bytes[at - 1], b'e' | b'E' | b'p' | b'P'))?;
    Some(Constant::Complex(float(&text[..at])?, float(&text[at..])?))
}

fn number(text: &str) -> Result<Constant, String> {
    if let Some(imaginary) = text.strip_suffix('i').and_then(float) {
        return Ok(Constant::Complex(0.0, imaginary));
    }
    if let Some((negative, value)) = integer(text) {
        let signed = if negative { 0i64.checked_sub_unsigned(value) } else { i64::try_from(value).ok() };
        let plain = !text.starts_with(['+', '-']);
        match signed {
            Some(int) => return Ok(Constant::Int(int)),
            None if plain => return Ok(Constant::Overflow),
            None => {}
        }
    }
    let quoted = || quote::quote(text);
    match float(text) {
        Some(_) if !text.contains(['.', 'e', 'E', 'p', 'P']) => Err(format!("integer overflow: {}", quoted())),
        Some(value) => Ok(Constant::Float(value)),
        None => Err(format!("illegal number syntax: {}", quoted())),
    }
}

/// Parses as `strconv.ParseInt(text, 0, 64)`; returns sign and magnitude.
fn integer(text: &str) -> Option<(bool, u64)> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let lower = unsigned.to_ascii_lowercase();
    let (radix, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'o', ..] => (8, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, lower.as_str()),
    };
    if !underscores_ok(unsigned) {
        return None;
    }
    let digits = digits.replace('_', "");
    // Rust would accept a sign here.
    if digits.starts_with(['+', '-']) {
        return None;
    }
    u64::from_str_radix(&digits, radix).ok().map(|value| (negative, value))
}

/// Parses as `strconv.ParseFloat(text, 64)`, for text that the lexer takes for a number.
fn float(text: &str) -> Option<f64> {
    if !underscores_ok(text.trim_start_matches(['+', '-'])) {
        return None;
    }
    let text = text.replace('_', "");
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let value = match unsigned.strip_prefix("0x").or_else(|| unsigned.strip_prefix("0X")) {
        Some(hex) => hex_float(hex)?,
        None if unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') => unsigned.parse().ok()?,
        None => return None,
    };
    value.is_finite().then_some(if negative { -value } else { value })
}

/// Parses `1.8p3`: a hexadecimal mantissa, and a binary exponent, which is required.
fn hex_float(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once(['p', 'P'])?;
    let mut exponent: i32 = exponent.parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut value = 0u64;
    let mut any = false;
    for (c, in_fraction) in whole.chars().map(|c| (c, false)).chain(fraction.chars().map(|c| (c, true))) {
        let digit = c.to_digit(16)?;
        any = true;
        if value < 1 << 59 {
            value = value * 16 + u64::from(digit);
            exponent = exponent.saturating_sub(if in_fraction { 4 } else { 0 });
        } else {
            // Beyond the precision of a double, it only matters whether there are further digits.
            value |= u64::from(digit != 0);
            exponent = exponent.saturating_add(if in_fraction { 0 } else { 4 });
        }
    }
    // In two steps, so that the power of two alone neither overflows nor underflows.
    let half = exponent / 2;
    any.then(|| value as f64 * 2f64.powi(half) * 2f64.powi(exponent - half))
}

/// Returns `true` if underscores are only between digits, or between a base prefix and a digit.
fn underscores_ok(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let prefixed = ["0b", "0o", "0x"].iter().any(|prefix| lower.starts_with(prefix));
    let hex = lower.starts_with("0x");
    let mut last = if prefixed { '0' } else { '^' };
    for c in lower.chars().skip(if prefixed { 2 } else { 0 }) {
        last = match c {
            c if c.is_ascii_digit() || hex && c.is_ascii_hexdigit() => '0',
            '_' if last != '0' => return false,
            '_' => '_',
            _ if last == '_' => return false,
            _ => '!',
        };
    }
    last != '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_constants_as_go_does() {
        for (text, expected) in [
            ("1", Ok(Constant::Int(1))),
            ("-0x1F", Ok(Constant::Int(-31))),
            ("0b11", Ok(Constant::Int(3))),
            ("017", Ok(Constant::Int(15))),
            ("0o17", Ok(Constant::Int(15))),
            ("1_000", Ok(Constant::Int(1000))),
            ("+7", Ok(Constant::Int(7))),
            ("-9223372036854775808", Ok(Constant::Int(i64::MIN))),
            ("9223372036854775808", Ok(Constant::Overflow)),
            ("1e3", Ok(Constant::Float(1000.0))),
            (".5", Ok(Constant::Float(0.5))),
            ("1.", Ok(Constant::Float(1.0))),
            ("0x1.8p1", Ok(Constant::Float(3.0))),
            ("2i", Ok(Constant::Complex(0.0, 2.0))),
            ("08", Err("integer overflow: \"08\"")),
            ("1__0", Err("illegal number syntax: \"1__0\"")),
            ("99999999999999999999", Err("integer overflow: \"99999999999999999999\"")),
            ("0x", Err("illegal number syntax: \"0x\"")),
            (".", Err("illegal number syntax: \".\"")),
            ("1e999", Err("illegal number syntax: \"1e999\"")),
        ] {
            let got = Number::parse(text, Kind::Number).map(|number| number.value);
            assert_eq!(got, expected.map_err(str::to_owned), "{text}");
        }
        assert_eq!(Number::parse("1-2e-1i", Kind::Complex).map(|n| n.value), Ok(Constant::Complex(1.0, -0.2)));
        assert_eq!(Number::parse("'\\n'", Kind::CharConstant).map(|n| n.value), Ok(Constant::Int(10)));
        assert!(Number::parse("'ab'", Kind::CharConstant).is_err());
    }
}
