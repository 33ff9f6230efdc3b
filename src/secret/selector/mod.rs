//! Label and field selectors: their grammar and errors as in apimachinery; matching is in [`conditions`].

mod conditions;
#[cfg(test)]
mod tests;

use conditions::{Fields, Labels};
use serde_json::Value as Json;

use crate::{
    resource::Resource,
    validate::names::{label_key, label_value},
};
use go::quote::quote;

/// The selectors of a list, watch or deletion of a collection.
#[derive(Debug, Clone, Default)]
pub struct Selector {
    labels: Labels,
    fields: Fields,
}

#[derive(Debug, Clone)]
struct Requirement {
    key: String,
    operator: Operator,
    values: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist,
    GreaterThan,
    LessThan,
}

#[derive(Debug, Clone)]
struct Field {
    pointer: &'static str,
    equal: bool,
    value: String,
}

impl Selector {
    /// Parses the label selector and the field selector of a request; an empty one selects everything.
    ///
    /// # Errors
    /// apimachinery's text about a malformed selector, or a field that the resource cannot be selected by.
    pub fn new(resource: Resource, labels: &str, fields: &str) -> Result<Self, String> {
        let (labels, fields) = (self::labels(labels)?, self::fields(resource, fields)?);
        Ok(Self { labels: labels.into_iter().collect(), fields: fields.into_iter().collect() })
    }

    /// Adds the condition that the object has this name (a legacy watch of one object; `ListResource` of the handlers).
    ///
    /// # Errors
    /// If there are conditions on fields already and none of them is that one.
    pub fn name(&mut self, name: &str) -> Result<(), &'static str> {
        let pointer = "/metadata/name";
        if !self.fields.is_empty() && self.fields.wanted(pointer) != Some(name) {
            return Err("fieldSelector metadata.name doesn't match requested name");
        }
        self.fields.add(Field { pointer, equal: true, value: name.to_owned() });
        Ok(())
    }

    /// Returns `true` if everything matches.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }

    /// Returns `true` if the object matches.
    pub fn matches(&self, object: &Json) -> bool {
        self.fields.match_object(object) && self.labels.match_object(object)
    }
}

impl Requirement {
    /// Returns a condition on a label whose key has been validated (`labels.NewRequirement`).
    ///
    /// # Errors
    /// If the values are invalid.
    fn new(key: &str, operator: Operator, mut values: Vec<String>) -> Result<Self, String> {
        values.sort_unstable();
        values.dedup();
        let mut errors = Vec::new();
        for (index, value) in values.iter().enumerate() {
            if matches!(operator, Operator::GreaterThan | Operator::LessThan) && value.parse::<i64>().is_err() {
                let why = "for 'Gt', 'Lt' operators, the value must be an integer";
                errors.push(format!("values[{index}]: Invalid value: {}: {why}", quote(value)));
            }
        }
        for (index, value) in values.iter().enumerate() {
            let wrong = label_value(value);
            if !wrong.is_empty() {
                let wrong = wrong.join("; ");
                errors.push(format!("values[{index}][{key}]: Invalid value: {}: {wrong}", quote(value)));
            }
        }
        match errors.as_slice() {
            [] => Ok(Self { key: key.to_owned(), operator, values }),
            [one] => Err(one.clone()),
            several => Err(format!("[{}]", several.join(", "))),
        }
    }
}

/// Parses conditions on fields as apimachinery's `fields.ParseSelector` does, and converts them as each resource's
/// field label conversion does. Terms are parsed in sorted order, all of them before the first is converted.
fn fields(resource: Resource, text: &str) -> Result<Vec<Field>, String> {
    let mut parts = terms(text);
    parts.sort_unstable();
    let mut read = Vec::new();
    for term in parts.into_iter().filter(|term| !term.is_empty()) {
        let at = term.find(['=', '!']).filter(|at| !term[*at..].starts_with('!') || term[*at..].starts_with("!="));
        let Some(at) = at else {
            return Err(format!("invalid selector: '{text}'; can't understand '{term}'"));
        };
        let (label, rest) = term.split_at(at);
        let (equal, value) = match (rest.strip_prefix("!="), rest.strip_prefix("==")) {
            (Some(value), _) => (false, value),
            (_, Some(value)) => (true, value),
            _ => (true, rest.get(1..).unwrap_or_default()),
        };
        read.push((label, equal, unescape(value, text)?));
    }
    let mut fields = Vec::new();
    for (label, equal, value) in read {
        // `=` and `!=` alone are not a condition (`hasTerm.Transform`).
        if label.is_empty() && value.is_empty() {
            continue;
        }
        let pointer = match (resource, label) {
            (_, "metadata.name") => "/metadata/name",
            (Resource::Secrets, "metadata.namespace") => "/metadata/namespace",
            (Resource::Secrets, "type") => "/type",
            (Resource::Namespaces, "status.phase") => "/status/phase",
            _ => return Err(format!("field label not supported: {label}")),
        };
        fields.push(Field { pointer, equal, value });
    }
    Ok(fields)
}

/// Returns the only name that a field selector selects, if it could be an object's.
pub fn exact_name(text: &str) -> Option<String> {
    let fields = [Resource::Secrets, Resource::Namespaces].into_iter().find_map(|of| fields(of, text).ok())?;
    let name = fields.into_iter().find(|field| field.equal && field.pointer == "/metadata/name")?.value;
    Some(name).filter(|name| !matches!(name.as_str(), "." | "..") && !name.contains(['/', '%']))
}

/// Splits at commas; a backslash escapes a comma.
fn terms(text: &str) -> Vec<&str> {
    let mut terms = Vec::new();
    let (mut begin, mut escaped) = (0, false);
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ',' => {
                terms.push(text.get(begin..at).unwrap_or_default());
                begin = at + 1;
            }
            _ => {}
        }
    }
    terms.push(text.get(begin..).unwrap_or_default());
    terms
}

fn unescape(value: &str, selector: &str) -> Result<String, String> {
    let mut plain = String::with_capacity(value.len());
    let mut rest = value.chars();
    while let Some(character) = rest.next() {
        match character {
            '\\' => match rest.next() {
                Some(next @ ('\\' | ',' | '=')) => plain.push(next),
                Some(next) => {
                    return Err(format!("invalid field selector: invalid escape sequence in {selector}: \\{next}"));
                }
                None => return Err(format!("invalid field selector: invalid escape sequence in {selector}: \\")),
            },
            ',' | '=' => {
                return Err(format!(
                    "invalid field selector: unescaped character in value: {}",
                    Json::from(character.to_string())
                ));
            }
            other => plain.push(other),
        }
    }
    Ok(plain)
}

fn labels(text: &str) -> Result<Vec<Requirement>, String> {
    let mut parser = Parser { tokens: tokens(text), at: 0 };
    let mut requirements = Vec::new();
    loop {
        match parser.peek() {
            Token::End => return Ok(requirements),
            Token::Symbol("!") | Token::Word(_) => {
                let requirement = parser.requirement().map_err(|e| format!("unable to parse requirement: {e}"))?;
                requirements.push(requirement);
                match parser.next() {
                    Token::End => return Ok(requirements),
                    Token::Symbol(",") => {
                        let following = parser.peek();
                        if !matches!(following, Token::Word(_) | Token::Symbol("!")) {
                            return Err(format!("found '{}', expected: identifier after ','", following.text()));
                        }
                    }
                    other => return Err(format!("found '{}', expected: ',' or 'end of string'", other.text())),
                }
            }
            other => return Err(format!("found '{}', expected: !, identifier, or 'end of string'", other.text())),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    Symbol(&'static str),
    End,
}

impl<'a> Token<'a> {
    fn text(self) -> &'a str {
        match self {
            Self::Word(word) => word,
            Self::Symbol(symbol) => symbol,
            Self::End => "",
        }
    }
}

const SYMBOLS: [&str; 9] = ["!=", "==", ")", ",", "!", "=", ">", "<", "("];

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        if let Some(symbol) = SYMBOLS.into_iter().find(|s| rest.starts_with(s)) {
            tokens.push(Token::Symbol(symbol));
            rest = rest.get(symbol.len()..).unwrap_or_default().trim_start_matches(is_space);
            continue;
        }
        let end = rest
            .find(|c: char| is_space(c) || matches!(c, '=' | '!' | '(' | ')' | ',' | '>' | '<'))
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        tokens.push(Token::Word(word));
        rest = after.trim_start_matches(is_space);
    }
    tokens
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Token<'a> {
        self.tokens.get(self.at).copied().unwrap_or(Token::End)
    }

    fn next(&mut self) -> Token<'a> {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn requirement(&mut self) -> Result<Requirement, String> {
        let mut token = self.next();
        let absent = token == Token::Symbol("!");
        if absent {
            token = self.next();
        }
        let Token::Word(key) = token else {
            return Err(format!("found '{}', expected: identifier", token.text()));
        };
        let wrong = label_key(key);
        if !wrong.is_empty() {
            // Why `<nil>`: Go prints a field path that it was not given.
            return Err(format!("<nil>: Invalid value: {}: {}", quote(key), wrong.join("; ")));
        }
        let one = |operator, values| Requirement::new(key, operator, values);
        if absent || matches!(self.peek(), Token::End | Token::Symbol(",")) {
            return one(if absent { Operator::DoesNotExist } else { Operator::Exists }, Vec::new());
        }
        let operator = match self.next() {
            Token::Word("in") => return one(Operator::In, self.values()?),
            Token::Word("notin") => return one(Operator::NotIn, self.values()?),
            Token::Symbol("=" | "==") => Operator::In,
            Token::Symbol("!=") => Operator::NotIn,
            Token::Symbol(">") => Operator::GreaterThan,
            Token::Symbol("<") => Operator::LessThan,
            other => {
                return Err(format!("found '{}', expected: in, notin, =, ==, !=, gt, lt", other.text()));
            }
        };
        let value = match self.peek() {
            Token::End | Token::Symbol(",") => "",
            Token::Word(value) => {
                self.at += 1;
                value
            }
            other => return Err(format!("found '{}', expected: identifier", other.text())),
        };
        one(operator, vec![value.to_owned()])
    }

    fn values(&mut self) -> Result<Vec<String>, String> {
        let open = self.next();
        if open != Token::Symbol("(") {
            return Err(format!("found '{}' expected: '('", open.text()));
        }
        let mut values = Vec::new();
        let mut expect_value = true;
        loop {
            match self.next() {
                Token::Word(value) if expect_value => {
                    values.push(value.to_owned());
                    expect_value = false;
                }
                Token::Symbol(",") => {
                    if expect_value {
                        values.push(String::new());
                    }
                    expect_value = true;
                }
                Token::Symbol(")") => {
                    if expect_value {
                        values.push(String::new());
                    }
                    return Ok(values);
                }
                other if expect_value => {
                    return Err(format!("found '{}', expected: ',', ')' or identifier", other.text()));
                }
                other => return Err(format!("found '{}', expected: ',' or ')'", other.text())),
            }
        }
    }
}
