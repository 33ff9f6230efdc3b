//! Go templates as kubectl executes them: `text/template` on the JSON of an object, with kubectl's `exists` and
//! `base64decode`.
//!
//! Numbers are `int64` if they are integral and `float64` otherwise, as kubectl decodes them. Output and errors are
//! Go's. Invariant: no error repeats a value of the object; where Go's would, it has the type of the value.

mod ast;
mod compare;
mod escape;
mod exec;
mod fmt;
mod funcs;
mod lex;
mod number;
mod parse;
mod sink;
mod value;

use super::{limits::Limits, position, quote};
use exec::Run;
use serde_json::Value as Json;
use value::Reflected;

/// What a template is called in errors, and where it calls itself: kubectl's name of it (`NewGoTemplatePrinter`).
const NAME: &str = "output";

/// A parsed template.
pub struct Template {
    text: String,
    trees: parse::Trees,
    limits: Limits,
}

impl Template {
    /// Parses a template.
    ///
    /// # Errors
    /// Go's text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let trees = parse::parse(NAME, text).map_err(|(message, _)| message)?;
        Ok(Self { text: text.to_owned(), trees, limits: Limits::default() })
    }

    /// Sets the limits on execution.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Executes the template; returns the output so far, and the error that ended it, if there was one. The output is
    /// bytes, because `base64decode` returns any bytes.
    ///
    /// With `allow_missing` a missing key has no value (`missingkey=default`), otherwise it is an error.
    pub fn execute(&self, data: &Json, allow_missing: bool) -> (Vec<u8>, Option<String>) {
        Run::run(self, Reflected::root(data), allow_missing)
    }

    /// Returns the line (from 1) and the column (in bytes, from 0) of a position in the text.
    fn location(&self, pos: usize) -> (usize, usize) {
        let before = &self.text.as_bytes()[..pos.min(self.text.len())];
        let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
        let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        (line, before.len() - start)
    }
}

/// Formats a value as Go's `fmt.Sprint`, as `custom-columns` does: maps as `map[k:v]`, lists as `[a b]`, nil as
/// `<nil>`.
pub fn sprint(value: &Json) -> String {
    let printed = fmt::sprint(&[Reflected::element(value).value], usize::MAX);
    String::from_utf8_lossy(&printed.unwrap_or_default()).into_owned()
}

/// Returns the position of the error in a malformed template: line and column, from 1. `None` if it is valid.
pub fn error_position(template: &str) -> Option<(usize, usize)> {
    parse::parse(NAME, template).err().map(|(_, at)| position(template, at))
}

/// Returns the error for a malformed template: kubectl's `error parsing template …`.
pub fn parse_failure(template: &str, message: &str) -> String {
    format!("error parsing template {template}, {message}")
}

/// Returns the error for a template that failed on an object. kubectl also writes the object, values included, to
/// stdout.
pub fn execute_failure(template: &str, message: &str) -> String {
    format!("error executing template {}: {message}", quote::quote(template))
}

#[cfg(test)]
mod tests;
