//! Parses integers as Go's `strconv` does, with its errors.

use serde_json::Value as Json;

use crate::quote::quote;

/// Parses an unsigned integer, such as a resourceVersion.
///
/// # Errors
/// `strconv.ParseUint: parsing "abc": invalid syntax` or `… value out of range`.
pub fn parse_uint(text: &str) -> Result<u64, String> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse() {
        Ok(number) if digits => Ok(number),
        _ => Err(failure("ParseUint", text, digits)),
    }
}

/// Parses an integer parameter.
///
/// # Errors
/// `strconv.ParseInt: parsing "x": invalid syntax` or `… value out of range`.
pub fn parse_int(text: &str) -> Result<i64, String> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = !unsigned.is_empty() && unsigned.bytes().all(|b| b.is_ascii_digit());
    text.parse().map_err(|_| failure("ParseInt", text, digits))
}

/// Parses as Go's `strconv.ParseInt(text, 0, 64)`: decimal, or in the base of the prefix, with `_` between digits.
///
/// # Errors
/// Go's text.
pub fn parse_int_prefixed(text: &str) -> Result<i64, String> {
    let failed = |reason: &str| format!("strconv.ParseInt: parsing {}: {reason}", quote(text));
    let (negative, digits) = match text.as_bytes() {
        [b'-', ..] => (true, &text[1..]),
        [b'+', ..] => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, prefixed, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, true, &digits[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, true, &digits[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, true, &digits[2..]),
        [b'0', _, ..] => (8, true, &digits[1..]),
        _ => (10, false, digits),
    };
    let mut value = Some(0_i128);
    let mut after_digit = prefixed;
    for c in digits.chars() {
        if c == '_' && after_digit {
            after_digit = false;
            continue;
        }
        let digit = c.to_digit(radix).ok_or_else(|| failed("invalid syntax"))?;
        value = value.and_then(|value| value.checked_mul(radix.into())?.checked_add(digit.into()));
        after_digit = true;
    }
    if digits.is_empty() || !after_digit {
        return Err(failed("invalid syntax"));
    }
    let value = value.map(|value| if negative { -value } else { value });
    value.and_then(|value| i64::try_from(value).ok()).ok_or_else(|| failed("value out of range"))
}

fn failure(function: &str, text: &str, digits: bool) -> String {
    let why = if digits { "value out of range" } else { "invalid syntax" };
    format!("strconv.{function}: parsing {}: {why}", Json::from(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_and_underscores() {
        for (text, number) in [
            ("0", 0),
            ("-1", -1),
            ("+7", 7),
            ("1_000", 1000),
            ("0x1F", 31),
            ("0b101", 5),
            ("0o17", 15),
            ("017", 15),
            ("0_17", 15),
            ("0x_1f", 31),
            ("-9223372036854775808", i64::MIN),
        ] {
            assert_eq!(parse_int_prefixed(text), Ok(number), "{text}");
        }
        for text in ["", "-", "x", "1.5", "1__0", "_1", "1_", "09", "0x", "0x_", "1 ", "\u{661}"] {
            assert_eq!(
                parse_int_prefixed(text),
                Err(format!("strconv.ParseInt: parsing {text:?}: invalid syntax")),
                "{text}"
            );
        }
        for text in ["9223372036854775808", "99999999999999999999999999999999999999999999"] {
            assert_eq!(
                parse_int_prefixed(text),
                Err(format!("strconv.ParseInt: parsing {text:?}: value out of range"))
            );
        }
    }
}
