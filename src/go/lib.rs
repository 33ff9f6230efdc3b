//! Go's text conventions, as far as the output of kubectl and of the API server depends on them: quoting, numbers,
//! durations, errors of the system, sorting, tables, file patterns, base64, PEM, CSV, JSON, and the two template
//! languages. Pure: knows nothing of Kubernetes, reads no clock, and uses the file system only to expand patterns.

pub mod base64;
pub mod csv;
pub mod duration;
pub mod errno;
pub mod float;
pub mod glob;
pub mod json_indent;
pub mod json_read;
pub mod json_scan;
pub mod json_write;
pub mod jsonpath;
pub mod limits;
pub mod parse_int;
pub mod pem;
pub mod quote;
pub mod sort;
pub mod strconv;
pub mod tabwriter;
pub mod template;

#[cfg(test)]
mod arbitrary;
#[cfg(test)]
#[path = "../../tests/support/properties.rs"]
mod properties;

use serde_json::Number;

/// A JSON number as Kubernetes decodes it: an integer if it fits into 64 bits, otherwise a float.
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

/// Returns Go's name for the type of a JSON value, as its errors have it.
pub fn type_name(json: &serde_json::Value) -> &'static str {
    match json {
        serde_json::Value::Null => "null",
        serde_json::Value::Bool(_) => "bool",
        serde_json::Value::Number(_) => "number",
        serde_json::Value::String(_) => "string",
        serde_json::Value::Array(_) => "array",
        serde_json::Value::Object(_) => "object",
    }
}

/// Returns the line and column of a byte of a text, both from 1, columns in characters; for errors of templates.
pub fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (1 + before.matches('\n').count(), 1 + line.chars().count())
}
