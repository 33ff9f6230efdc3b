//! Label and field selectors: their grammar and errors as apimachinery has them, and what they match.

use serde_json::Value as Json;

use super::{query::Query, resource::Resource, status::Status};

/// The selectors of a list, watch or deletion of a collection.
#[derive(Debug, Clone, Default)]
pub struct Selector {
    labels: Vec<Requirement>,
    fields: Vec<Field>,
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
    /// From `labelSelector` and `fieldSelector`.
    ///
    /// # Errors
    /// 400 for what is no selector, and for fields that cannot be selected by.
    pub fn parse(resource: Resource, query: &Query) -> Result<Self, Status> {
        let labels = labels(query.first("labelSelector").unwrap_or_default()).map_err(Status::bad_request)?;
        let fields = fields(resource, query.first("fieldSelector").unwrap_or_default()).map_err(Status::bad_request)?;
        Ok(Self { labels, fields })
    }

    /// Adds the condition that the object has this name (a legacy watch of one object).
    pub fn name(&mut self, name: &str) {
        self.fields.push(Field { pointer: "/metadata/name", equal: true, value: name.to_owned() });
    }

    /// Whether everything matches.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }

    /// Whether the object matches.
    pub fn matches(&self, object: &Json) -> bool {
        self.fields.iter().all(|field| {
            let value = object.pointer(field.pointer).and_then(Json::as_str).unwrap_or_default();
            (value == field.value) == field.equal
        }) && self.labels.iter().all(|requirement| {
            requirement.matches(object["metadata"]["labels"].get(&requirement.key).and_then(Json::as_str))
        })
    }
}

impl Requirement {
    fn matches(&self, label: Option<&str>) -> bool {
        let within = |label: &str| self.values.iter().any(|v| v == label);
        let compare = |order: std::cmp::Ordering| {
            let bound = self.values.first().and_then(|v| v.parse::<i64>().ok());
            match (label.and_then(|l| l.parse::<i64>().ok()), bound) {
                (Some(label), Some(bound)) => label.cmp(&bound) == order,
                _ => false,
            }
        };
        match self.operator {
            Operator::In => label.is_some_and(within),
            Operator::NotIn => !label.is_some_and(within),
            Operator::Exists => label.is_some(),
            Operator::DoesNotExist => label.is_none(),
            Operator::GreaterThan => compare(std::cmp::Ordering::Greater),
            Operator::LessThan => compare(std::cmp::Ordering::Less),
        }
    }
}

fn fields(resource: Resource, text: &str) -> Result<Vec<Field>, String> {
    let mut fields = Vec::new();
    for term in terms(text) {
        if term.is_empty() {
            continue;
        }
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
        let pointer = match (resource, label) {
            (_, "metadata.name") => "/metadata/name",
            (Resource::Secrets, "metadata.namespace") => "/metadata/namespace",
            (Resource::Secrets, "type") => "/type",
            (Resource::Namespaces, "status.phase") => "/status/phase",
            _ => return Err(format!("field label not supported: {label}")),
        };
        fields.push(Field { pointer, equal, value: unescape(value, text)? });
    }
    Ok(fields)
}

/// The one name that a field selector asks for, if it could be an object's.
pub fn exact_name(query: &Query) -> Option<String> {
    let text = query.first("fieldSelector")?;
    let fields = [Resource::Secrets, Resource::Namespaces].into_iter().find_map(|of| fields(of, text).ok())?;
    let name = fields.into_iter().find(|field| field.equal && field.pointer == "/metadata/name")?.value;
    Some(name).filter(|name| !matches!(name.as_str(), "." | "..") && !name.contains(['/', '%']))
}

/// The terms between commas; a backslash keeps a comma.
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

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if let Some(symbol) = SYMBOLS.into_iter().find(|s| rest.starts_with(s)) {
            tokens.push(Token::Symbol(symbol));
            rest = rest.get(symbol.len()..).unwrap_or_default().trim_start();
            continue;
        }
        let end = rest
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '!' | '(' | ')' | ',' | '>' | '<'))
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        tokens.push(Token::Word(word));
        rest = after.trim_start();
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
        let one = |operator, values| Ok(Requirement { key: key.to_owned(), operator, values });
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
        if matches!(operator, Operator::GreaterThan | Operator::LessThan) && value.parse::<i64>().is_err() {
            return Err(format!(
                "values[0]: Invalid value: {}: for 'Gt', 'Lt' operators, the value must be an integer",
                Json::from(value)
            ));
        }
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn matches(selector: &str, labels: Json) -> bool {
        let selector = Selector { labels: super::labels(selector).unwrap_or_default(), fields: Vec::new() };
        selector.matches(&json!({"metadata": {"labels": labels}}))
    }

    #[test]
    fn labels_match_as_the_operators_say() {
        for selector in ["a=b", "a==b", "a in (x,b)", "a", "!c", "c!=d", "c notin (d)", "a=b,!c", "n>1,n<3", "a!=c"] {
            assert!(matches(selector, json!({"a": "b", "n": "2"})), "{selector}");
        }
        for selector in ["a=c", "a!=b", "!a", "c", "a notin (b)", "n>2", "a>1", "c=d"] {
            assert!(!matches(selector, json!({"a": "b", "n": "2"})), "{selector}");
        }
    }

    #[test]
    fn bad_selectors_are_refused_in_the_servers_words() {
        let error = |text| labels(text).err().unwrap_or_default();
        assert_eq!(error("a===b"), "unable to parse requirement: found '=', expected: identifier");
        assert_eq!(error("a in b"), "unable to parse requirement: found 'b' expected: '('");
        assert_eq!(error("a,"), "found '', expected: identifier after ','");
        assert_eq!(error("a b"), "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt");
        let error = |text| fields(Resource::Secrets, text).err().unwrap_or_default();
        assert_eq!(error("!!"), "invalid selector: '!!'; can't understand '!!'");
        assert_eq!(error("data=x"), "field label not supported: data");
    }
}
