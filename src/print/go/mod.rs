//! What Go's standard library does with text, as far as kubectl's output shows it: quoting (`strconv`), floating-point
//! numbers (`strconv.FormatFloat`) and JSON (`encoding/json`). Shared by the template engines.

pub mod float;
pub mod json;
pub mod strconv;

use serde_json::Number;

/// A JSON number as Kubernetes decodes it: an integer where it fits into 64 bits, a float otherwise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Numeric {
    /// Go's `int64`.
    Int(i64),
    /// Go's `float64`.
    Float(f64),
}

impl From<&Number> for Numeric {
    fn from(number: &Number) -> Self {
        match number.as_i64() {
            Some(int) => Self::Int(int),
            None => Self::Float(number.as_f64().unwrap_or(0.0)),
        }
    }
}

/// Line and column of a byte of a text, both from 1, columns in characters: where a template breaks.
pub fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (1 + before.matches('\n').count(), 1 + line.chars().count())
}
