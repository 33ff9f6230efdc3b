//! Go templates as kubectl runs them: `text/template` over the JSON of an object, with kubectl's `exists` and
//! `base64decode`.
//!
//! Numbers are `int64` where they are integral and `float64` otherwise, as kubectl decodes them. Output and error texts
//! are Go's; only where Go's error would repeat a value of the object does the type of the value stand instead.

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

/// A parsed template.
pub struct Template {
    name: String,
    text: String,
    trees: parse::Trees,
    limits: Limits,
}

impl Template {
    /// Parses a template. `name` appears in errors (kubectl's is `output`). The error is Go's text.
    pub fn parse(name: &str, text: &str) -> Result<Self, String> {
        let trees = parse::parse(name, text).map_err(|(message, _)| message)?;
        Ok(Self { name: name.to_owned(), text: text.to_owned(), trees, limits: Limits::default() })
    }

    /// Changes what a run may cost.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Runs the template: the output, as far as it got, and the error that stopped it. The output is bytes, since
    /// `base64decode` yields what a Secret holds.
    ///
    /// With `allow_missing` a missing key is no value (`missingkey=default`), without it an error.
    pub fn execute(&self, data: &Json, allow_missing: bool) -> (Vec<u8>, Option<String>) {
        Run::run(self, Reflected::root(data), allow_missing)
    }

    /// Line (from 1) and column (in bytes, from 0) of a position in the text.
    fn location(&self, pos: usize) -> (usize, usize) {
        let before = &self.text.as_bytes()[..pos.min(self.text.len())];
        let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
        let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        (line, before.len() - start)
    }
}

/// Go's `fmt.Sprint` of one value, as `custom-columns` prints it: maps as `map[k:v]`, lists as `[a b]`, nil as `<nil>`.
pub fn sprint(value: &Json) -> String {
    let printed = fmt::sprint(&[Reflected::element(value).value], usize::MAX);
    String::from_utf8_lossy(&printed.unwrap_or_default()).into_owned()
}

/// Where a template that does not parse breaks: line and column, from 1. Nothing if it parses.
pub fn error_position(template: &str) -> Option<(usize, usize)> {
    parse::parse("", template).err().map(|(_, at)| position(template, at))
}

/// The error text of a template that does not parse: kubectl's `error parsing template …`.
pub fn parse_failure(template: &str, message: &str) -> String {
    format!("error parsing template {template}, {message}")
}

/// The error text of a template that failed on an object. kubectl writes the object, values and all, to stdout as well.
pub fn execute_failure(template: &str, message: &str) -> String {
    format!("error executing template {}: {message}", quote::quote(template))
}

#[cfg(test)]
mod tests;
