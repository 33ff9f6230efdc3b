//! Numbers as Go's `strconv` reads them, with its errors.

use serde_json::Value as Json;

/// A resourceVersion.
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

/// An integer parameter.
///
/// # Errors
/// `strconv.ParseInt: parsing "x": invalid syntax` or `… value out of range`.
pub fn parse_int(text: &str) -> Result<i64, String> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = !unsigned.is_empty() && unsigned.bytes().all(|b| b.is_ascii_digit());
    text.parse().map_err(|_| failure("ParseInt", text, digits))
}

fn failure(function: &str, text: &str, digits: bool) -> String {
    let why = if digits { "value out of range" } else { "invalid syntax" };
    format!("strconv.{function}: parsing {}: {why}", Json::from(text))
}
