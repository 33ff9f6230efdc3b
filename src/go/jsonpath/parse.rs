//! Parses templates, after client-go's `parser.go`.

use crate::strconv;

/// One element of a template.
pub(super) enum Node {
    /// Text outside braces, or in quotes inside.
    Text(String),
    /// One expression in braces.
    List(Vec<Node>),
    Field(String),
    Array(Slice),
    Filter(Filter),
    Int(i64),
    Float(f64),
    Bool(bool),
    Wildcard,
    Recursive,
    Union(Vec<Vec<Node>>),
    /// `range`, `end`, or an unknown word, which is ignored.
    Identifier(String),
}

/// `[?(left operator right)]`; without an operator, whether `left` has results.
pub(super) struct Filter {
    pub(super) left: Vec<Node>,
    pub(super) right: Vec<Node>,
    pub(super) operator: Option<String>,
}

/// `[start:end:step]`; an index is a slice whose end follows from its start.
#[derive(Clone, Copy)]
pub(super) struct Slice {
    pub(super) start: Option<i64>,
    pub(super) end: Option<i64>,
    pub(super) derived: bool,
    pub(super) step: Option<i64>,
}

/// Parses a template.
///
/// # Errors
/// kubectl's text, and the byte at which the malformed part begins.
pub(super) fn parse(text: &str) -> Result<Vec<Node>, (String, usize)> {
    let mut parser = Parser { input: text, pos: 0, element: 0 };
    parser.template().map_err(|message| (message, parser.element))
}

/// Parses the content of braces; as in client-go, a closing brace in it ends it.
fn parse_action(text: &str) -> Result<Vec<Node>, String> {
    let nodes = parse(&format!("{{{text}}}")).map_err(|(message, _)| message)?;
    match nodes.into_iter().next() {
        Some(Node::List(nodes)) => Ok(nodes),
        _ => Ok(Vec::new()),
    }
}

struct Parser<'a> {
    input: &'a str,
    pos: usize,
    /// The position of the current element.
    element: usize,
}

impl<'a> Parser<'a> {
    /// Parses text and expressions to the end.
    fn template(&mut self) -> Result<Vec<Node>, String> {
        let mut nodes = Vec::new();
        loop {
            let rest = self.rest();
            let (text, action) = rest.split_once('{').map_or((rest, None), |(text, action)| (text, Some(action)));
            if !text.is_empty() {
                nodes.push(Node::Text(text.to_owned()));
            }
            let Some(action) = action else { return Ok(nodes) };
            self.pos = self.input.len() - action.len();
            nodes.push(Node::List(self.action()?));
        }
    }

    fn rest(&self) -> &'a str {
        &self.input[self.pos..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.pos += c.len_utf8();
        Some(c)
    }

    /// Returns the byte before the latest one.
    fn byte_before(&self) -> Option<u8> {
        self.pos.checked_sub(2).and_then(|at| self.input.as_bytes().get(at)).copied()
    }

    /// Parses up to and including the closing brace.
    fn action(&mut self) -> Result<Vec<Node>, String> {
        let brace = self.pos - 1;
        let mut nodes = Vec::new();
        loop {
            self.element = self.pos;
            let rest = self.rest();
            if rest.starts_with("[?(") {
                nodes.push(self.filter()?);
                continue;
            }
            if rest.starts_with("..") {
                self.recursive(&mut nodes)?;
                continue;
            }
            let start = self.pos;
            match self.next() {
                None | Some('\r' | '\n') => {
                    self.element = brace;
                    return Err("unclosed action".to_owned());
                }
                Some('}') => return Ok(nodes),
                Some(' ' | '@' | '$') => {}
                Some('[') => self.array(&mut nodes)?,
                Some(quote @ ('"' | '\'')) => nodes.push(self.quoted(quote)?),
                Some('.') => nodes.push(self.field()),
                Some(c) if matches!(c, '+' | '-') || is_digit(c) => nodes.push(self.number(start)?),
                Some(c) if strconv::is_alphanumeric(c) => nodes.push(self.identifier(start)),
                Some(c) => return Err(format!("unrecognized character in action: {}", strconv::unicode(c))),
            }
        }
    }

    fn identifier(&mut self, start: usize) -> Node {
        while self.peek().is_some_and(|c| !is_terminator(c)) {
            self.next();
        }
        match &self.input[start..self.pos] {
            "true" => Node::Bool(true),
            "false" => Node::Bool(false),
            word => Node::Identifier(word.to_owned()),
        }
    }

    fn recursive(&mut self, nodes: &mut Vec<Node>) -> Result<(), String> {
        if matches!(nodes.last(), Some(Node::Recursive)) {
            return Err("invalid multiple recursive descent".to_owned());
        }
        self.pos += "..".len();
        nodes.push(Node::Recursive);
        if self.peek().is_some_and(strconv::is_alphanumeric) {
            nodes.push(self.field());
        }
        Ok(())
    }

    fn number(&mut self, start: usize) -> Result<Node, String> {
        while self.peek().is_some_and(|c| c == '.' || is_digit(c)) {
            self.next();
        }
        let text = &self.input[start..self.pos];
        if let Ok(int) = text.parse() {
            return Ok(Node::Int(int));
        }
        text.parse().map(Node::Float).map_err(|_| format!("cannot parse number {text}"))
    }

    /// Parses a field name, after its dot: up to the first terminator without a backslash before it.
    fn field(&mut self) -> Node {
        let start = self.pos;
        while let Some(c) = self.peek().filter(|&c| !is_terminator(c)) {
            self.next();
            if c == '\\' {
                self.next();
            }
        }
        match &self.input[start..self.pos] {
            "*" => Node::Wildcard,
            name => Node::Field(name.replace('\\', "")),
        }
    }

    fn quoted(&mut self, quote: char) -> Result<Node, String> {
        let start = self.pos - 1;
        loop {
            match self.next() {
                None | Some('\n') => return Err("unterminated quoted string".to_owned()),
                Some(c) if c == quote && self.byte_before() != Some(b'\\') => break,
                Some(_) => {}
            }
        }
        let text = &self.input[start..self.pos];
        let inner = text.get(1..text.len() - 1).unwrap_or_default();
        let value = if inner.contains(['\\', quote]) {
            strconv::unquote_inner(inner, quote)
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .ok_or_else(|| format!("unquote string {text} error {}", strconv::SYNTAX))?
        } else {
            inner.to_owned()
        };
        Ok(Node::Text(value))
    }

    /// Parses `[…]`, after its opening bracket: a union, a field name in single quotes, or an index or slice.
    fn array(&mut self, nodes: &mut Vec<Node>) -> Result<(), String> {
        let start = self.pos;
        loop {
            match self.next() {
                None | Some('\n') => return Err("unterminated array".to_owned()),
                Some(']') => break,
                Some(_) => {}
            }
        }
        let text = &self.input[start..self.pos - 1];
        if text.contains(',') {
            let parts = text.split(',').map(|part| parse_action(&format!("[{}]", part.trim_matches(' '))));
            nodes.push(Node::Union(parts.collect::<Result<_, _>>()?));
            return Ok(());
        }
        let key = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\'')).filter(|key| !key.contains('\''));
        match key {
            Some(key) => nodes.extend(parse_action(&format!(".{key}"))?),
            None => nodes.push(Node::Array(slice(if text == "*" { ":" } else { text })?)),
        }
        Ok(())
    }

    fn filter(&mut self) -> Result<Node, String> {
        self.pos += "[?(".len();
        let start = self.pos;
        let mut opened = None;
        let mut closed = false;
        loop {
            match self.next() {
                None | Some('\n') => return Err("unterminated filter".to_owned()),
                Some(c @ ('"' | '\'')) => match opened {
                    None => opened = Some(c),
                    Some(pair) if c == pair && self.byte_before() != Some(b'\\') => closed = true,
                    Some(_) => {}
                },
                // There is at most one pair of quotes, and a parenthesis inside it is not an end.
                Some(')') if opened.is_some() == closed => break,
                Some(_) => {}
            }
        }
        let text = &self.input[start..self.pos - 1];
        if self.next() != Some(']') {
            return Err("unclosed array expect ]".to_owned());
        }
        Ok(Node::Filter(match comparison(text) {
            Some((left, operator, right)) => {
                Filter { left: parse_action(left)?, right: parse_action(right)?, operator: Some(operator.to_owned()) }
            }
            None => Filter { left: parse_action(text)?, right: Vec::new(), operator: None },
        }))
    }
}

/// Splits `left operator right` as `^([^!<>=]+)([!<>=]+)(.+?)$` does: at least one character follows the operator.
fn comparison(text: &str) -> Option<(&str, &str, &str)> {
    const OPERATORS: [char; 4] = ['!', '<', '>', '='];
    let at = text.find(OPERATORS).filter(|&at| at > 0)?;
    let (left, rest) = text.split_at(at);
    let length = rest.find(|c| !OPERATORS.contains(&c)).unwrap_or(rest.len() - 1);
    (length > 0).then(|| (left, &rest[..length], &rest[length..]))
}

fn slice(text: &str) -> Result<Slice, String> {
    let invalid = || format!("invalid array index {text}");
    let parts: Vec<&str> = text.split(':').collect();
    let well_formed = |part: &str| part.strip_prefix('-').unwrap_or(part).bytes().all(|byte| byte.is_ascii_digit());
    if parts.len() > 3 || !parts.iter().all(|part| well_formed(part)) {
        return Err(invalid());
    }
    let number = |index: usize| match parts.get(index) {
        None | Some(&"") => Ok(None),
        Some(part) => part.parse().map(Some).map_err(|_| format!("array index {part} is not a number")),
    };
    let start: Option<i64> = number(0)?;
    let derived = parts.len() == 1;
    let end = if derived { Some(start.unwrap_or(0).wrapping_add(1)) } else { number(1)? };
    Ok(Slice { start, end, derived, step: number(2)? })
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || (!c.is_ascii() && c.is_numeric())
}

fn is_terminator(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}')
}
