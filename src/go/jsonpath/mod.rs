//! The jsonpath dialect of kubectl (`k8s.io/client-go/util/jsonpath`): text with expressions in braces.
//!
//! It is not standard JSONPath. Its peculiarities are kept because scripts rely on them: `['tls.crt']` means two
//! fields, `[]` is the first element, an index out of bounds is an error while an absent field is not, a filter has one
//! comparison and no `&&`. Differences: `.*` over a map is in the order of the keys (random in kubectl); no error
//! repeats a value of the object; where kubectl panics (an index on a null element), nothing is printed.

mod compare;
mod eval;
mod item;
mod parse;

use super::{
    Numeric, float, json_write,
    limits::{Budget, Limits},
    position, quote,
};
use eval::Evaluation;
use item::Item;
use parse::Node;
use serde_json::Value as Json;
use std::borrow::Cow;

/// A parsed jsonpath template.
pub struct JsonPath {
    nodes: Vec<Node>,
    allow_missing: bool,
    limits: Limits,
}

impl JsonPath {
    /// Parses a template.
    ///
    /// # Errors
    /// kubectl's text, without the line around it (see [`parse_failure`]).
    pub fn parse(text: &str) -> Result<Self, String> {
        Ok(Self {
            nodes: parse::parse(text).map_err(|(message, _)| message)?,
            allow_missing: false,
            limits: Limits::default(),
        })
    }

    /// Sets whether an absent field has no results (`--allow-missing-template-keys`, kubectl's default) or is an error.
    #[must_use]
    pub fn allow_missing(mut self, allow: bool) -> Self {
        self.allow_missing = allow;
        self
    }

    /// Sets the limits on evaluation.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Returns the results of each part of the template, text included.
    pub fn find<'a>(&'a self, data: &'a Json) -> Result<Vec<Vec<Cow<'a, Json>>>, String> {
        let found = self.results(data)?;
        Ok(found.into_iter().map(|results| results.into_iter().map(Item::into_json).collect()).collect())
    }

    /// Returns the output for an object. As in kubectl, there is none if there is an error.
    pub fn execute(&self, data: &Json) -> Result<String, String> {
        let mut out = String::new();
        for results in self.results(data)? {
            for (i, item) in results.iter().enumerate() {
                if i > 0 {
                    out.push(' ');
                }
                print(&mut out, item);
                if out.len() > self.limits.bytes {
                    return Err(Budget::new(self.limits).too_large());
                }
            }
        }
        Ok(out)
    }

    /// Returns the output of `-o jsonpath-as-json`: the results of each part as an indented JSON array and a line feed.
    pub fn execute_as_json(&self, data: &Json) -> Result<String, String> {
        let (mut out, mut budget) = (String::new(), Budget::new(self.limits));
        for results in self.find(data)? {
            results.iter().try_for_each(|value| budget.make(weight(value)))?;
            out.push_str(&json_write::list_to_string(results.iter().map(AsRef::as_ref)));
            out.push('\n');
        }
        Ok(out)
    }

    fn results<'a>(&'a self, data: &'a Json) -> Result<Vec<Vec<Item<'a>>>, String> {
        Evaluation::new(&self.nodes, self.allow_missing, self.limits).run(data)
    }
}

/// Appends a result: strings as they are, maps and lists as compact JSON, other values as Go's `fmt.Fprint` does.
fn print(out: &mut String, item: &Item) {
    match item {
        Item::Json(Json::String(text)) => out.push_str(text),
        Item::Json(Json::Number(number)) => match Numeric::from(number) {
            Numeric::Int(int) => out.push_str(&int.to_string()),
            Numeric::Float(value) => out.push_str(&float::shortest(value)),
        },
        Item::Json(value) => out.push_str(&json_write::to_compact(value, json_write::Order::Sorted)),
        Item::Text(text) => out.push_str(text),
        Item::Int(int) => out.push_str(&int.to_string()),
        Item::Float(value) => out.push_str(&float::shortest(*value)),
        Item::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Item::Byte(byte) => out.push_str(&byte.to_string()),
        Item::Invalid => out.push_str("<no value>"),
    }
}

/// Returns roughly how many bytes a value has as JSON.
fn weight(value: &Json) -> usize {
    1 + match value {
        Json::String(text) => text.len(),
        Json::Array(items) => items.iter().map(weight).sum(),
        Json::Object(map) => map.iter().map(|(key, value)| key.len() + weight(value)).sum(),
        _ => 0,
    }
}

/// Converts the paths of `custom-columns` and `--sort-by` (`name`, `.name`, `{name}`, `{.name}`) to a template, as
/// kubectl's `RelaxedJSONPathExpression` does; an empty path stays empty.
pub fn relaxed(path: &str) -> Result<String, &'static str> {
    if path.is_empty() {
        return Ok(String::new());
    }
    let inner = path.strip_prefix('{').and_then(|p| p.strip_suffix('}')).unwrap_or(path);
    if inner.is_empty() || inner.contains(['{', '}']) {
        return Err(
            "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
        );
    }
    let fields = inner.strip_prefix('.').filter(|rest| !rest.is_empty()).unwrap_or(inner);
    Ok(format!("{{.{fields}}}"))
}

/// Returns the elements of a template with one expression: the name of a field, or `None` for any other element.
///
/// # Errors
/// kubectl's text for a malformed template; also if it is not one expression.
pub fn fields(template: &str) -> Result<Vec<Option<String>>, String> {
    let nodes = parse::parse(template).map_err(|(message, _)| message)?;
    let [Node::List(nodes)] = nodes.as_slice() else { return Err("must pass in 1 jsonpath string".to_owned()) };
    let name = |node: &Node| if let Node::Field(name) = node { Some(name.clone()) } else { None };
    Ok(nodes.iter().map(name).collect())
}

/// Returns the position of the error in a malformed template: line and column, from 1. `None` if it is valid.
pub fn error_position(template: &str) -> Option<(usize, usize)> {
    parse::parse(template).err().map(|(_, at)| position(template, at))
}

/// Returns the error for a malformed template: kubectl's `error parsing jsonpath …`.
pub fn parse_failure(template: &str, message: &str) -> String {
    format!("error parsing jsonpath {template}, {message}")
}

/// Returns the error for a template that failed on an object. kubectl's continues with the object, values included.
pub fn execute_failure(template: &str, message: &str) -> String {
    format!("error executing jsonpath {}: Error executing template: {message}.", quote::quote(template))
}

#[cfg(test)]
mod tests;
