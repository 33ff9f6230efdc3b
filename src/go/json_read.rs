//! Parses JSON as Go's `encoding/json` does: with the same errors, lone surrogates and invalid UTF-8 replaced. Members
//! keep their order, and duplicates stay, because strict field validation reports them.

#[cfg(test)]
mod tests;

use serde_json::{Map, Number, Value as Json};

use crate::json_scan;

/// Go's limit on nesting.
const MAX_DEPTH: usize = 10_000;
/// How deep values are kept. Why: no known field is deeper. Deeper values are checked and dropped, so that they need no
/// stack.
const KEPT_DEPTH: usize = 100;

/// A JSON value, as it was written.
#[derive(Clone, PartialEq)]
pub enum Node {
    /// `null`, and values deeper than [`KEPT_DEPTH`].
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Node>),
    /// An object's members, in order.
    Object(Vec<(String, Node)>),
}

impl Node {
    /// Returns the name that Go's decoder has for this kind of value in its errors.
    pub fn sort(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }

    /// Returns the last member of that name.
    pub fn get(&self, name: &str) -> Option<&Node> {
        match self {
            Self::Object(members) => members.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v),
            _ => None,
        }
    }

    /// Converts to serde's JSON; of duplicate members the last one counts.
    pub fn into_json(self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(value) => Json::Bool(value),
            Self::Number(text) => number(&text).map_or(Json::Null, Json::Number),
            Self::String(text) => Json::String(text),
            Self::Array(items) => Json::Array(items.into_iter().map(Self::into_json).collect()),
            Self::Object(members) => {
                Json::Object(members.into_iter().map(|(n, v)| (n, v.into_json())).collect::<Map<_, _>>())
            }
        }
    }
}

impl From<Json> for Node {
    fn from(json: Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(value),
            Json::Number(number) => Self::Number(number.to_string()),
            Json::String(text) => Self::String(text),
            Json::Array(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Json::Object(map) => Self::Object(map.into_iter().map(|(n, v)| (n, Self::from(v))).collect()),
        }
    }
}

/// Converts a JSON number to serde's; integers stay exact.
pub fn number(text: &str) -> Option<Number> {
    if let Ok(integer) = text.parse::<i64>() {
        return Some(integer.into());
    }
    if let Ok(integer) = text.parse::<u64>() {
        return Some(integer.into());
    }
    Number::from_f64(text.parse().ok()?)
}

/// Parses one JSON text.
///
/// # Errors
/// Go's text, without the offset, and with at most one character of the content.
pub fn parse(text: &[u8]) -> Result<Node, String> {
    // Why in this order: Go checks the syntax before it decodes, and the scanner has all its messages. Here it is
    // needed only for invalid JSON.
    Parser { text, at: 0 }.document().ok_or_else(|| match json_scan::check(text) {
        Err(error) => error.message,
        Ok(_) => "invalid JSON".to_owned(),
    })
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
}

/// An array or object that is not complete, with the name of the next member.
enum Open {
    Array(Vec<Node>),
    Object(Vec<(String, Node)>, String),
}

impl Parser<'_> {
    fn document(&mut self) -> Option<Node> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            // A value begins here.
            self.space();
            let mut done = match self.peek()? {
                b'{' => {
                    self.opening(open.len())?;
                    self.space();
                    if self.peek()? == b'}' {
                        self.at += 1;
                        Node::Object(Vec::new())
                    } else {
                        let name = self.name()?;
                        open.push(Open::Object(Vec::new(), name));
                        continue;
                    }
                }
                b'[' => {
                    self.opening(open.len())?;
                    self.space();
                    if self.peek()? == b']' {
                        self.at += 1;
                        Node::Array(Vec::new())
                    } else {
                        open.push(Open::Array(Vec::new()));
                        continue;
                    }
                }
                b'"' => Node::String(self.string()?),
                b't' => self.literal(b"true", Node::Bool(true))?,
                b'f' => self.literal(b"false", Node::Bool(false))?,
                b'n' => self.literal(b"null", Node::Null)?,
                b'-' | b'0'..=b'9' => self.number()?,
                _ => return None,
            };
            // A value ends here, and perhaps the array or object that it is in.
            loop {
                let depth = open.len();
                let Some(parent) = open.last_mut() else {
                    self.space();
                    return (self.at == self.text.len()).then_some(done);
                };
                if depth > KEPT_DEPTH {
                    done = Node::Null;
                }
                self.space();
                let next = self.peek()?;
                self.at += 1;
                match (parent, next) {
                    (Open::Array(items), b',') => {
                        items.push(done);
                        break;
                    }
                    (Open::Array(items), b']') => {
                        items.push(done);
                        done = Node::Array(std::mem::take(items));
                        open.pop();
                    }
                    (Open::Object(members, name), b',') => {
                        members.push((std::mem::take(name), done));
                        self.space();
                        let following = self.name()?;
                        if let Some(Open::Object(_, name)) = open.last_mut() {
                            *name = following;
                        }
                        break;
                    }
                    (Open::Object(members, name), b'}') => {
                        members.push((std::mem::take(name), done));
                        done = Node::Object(std::mem::take(members));
                        open.pop();
                    }
                    (Open::Array(_) | Open::Object(..), _) => return None,
                }
            }
        }
    }

    /// Skips a `{` or `[` that is nested in `depth` others.
    fn opening(&mut self, depth: usize) -> Option<()> {
        self.at += 1;
        (depth < MAX_DEPTH).then_some(())
    }

    fn space(&mut self) {
        while matches!(self.text.get(self.at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Parses a member's name and the colon after it.
    fn name(&mut self) -> Option<String> {
        if self.peek()? != b'"' {
            return None;
        }
        let name = self.string()?;
        self.space();
        self.take(b":")?;
        Some(name)
    }

    fn literal(&mut self, word: &[u8], node: Node) -> Option<Node> {
        self.take(word)?;
        Some(node)
    }

    /// Skips a word that must come next.
    fn take(&mut self, word: &[u8]) -> Option<()> {
        let rest = self.text.get(self.at..)?.strip_prefix(word)?;
        self.at = self.text.len() - rest.len();
        Some(())
    }

    fn number(&mut self) -> Option<Node> {
        let begin = self.at;
        if self.peek()? == b'-' {
            self.at += 1;
        }
        match self.peek()? {
            b'0' => self.at += 1,
            b'1'..=b'9' => self.digits(),
            _ => return None,
        }
        if self.text.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.some_digits()?;
        }
        if matches!(self.text.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.text.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.some_digits()?;
        }
        let text = self.text.get(begin..self.at).unwrap_or_default();
        Some(Node::Number(String::from_utf8_lossy(text).into_owned()))
    }

    fn digits(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
    }

    fn some_digits(&mut self) -> Option<()> {
        let begin = self.at;
        self.digits();
        (self.at > begin).then_some(())
    }

    /// Parses a string, from its opening quote.
    fn string(&mut self) -> Option<String> {
        self.at += 1;
        let mut text = String::new();
        let mut begin = self.at;
        loop {
            match self.peek()? {
                b'"' => {
                    self.plain(begin, &mut text);
                    self.at += 1;
                    return Some(text);
                }
                b'\\' => {
                    self.plain(begin, &mut text);
                    self.at += 1;
                    self.escape(&mut text)?;
                    begin = self.at;
                }
                0..=0x1f => return None,
                _ => self.at += 1,
            }
        }
    }

    fn plain(&self, begin: usize, text: &mut String) {
        for chunk in self.text.get(begin..self.at).unwrap_or_default().utf8_chunks() {
            text.push_str(chunk.valid());
            // Go replaces invalid UTF-8 byte by byte.
            text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
        }
    }

    fn escape(&mut self, text: &mut String) -> Option<()> {
        let next = self.peek()?;
        self.at += 1;
        text.push(match next {
            b'"' | b'\\' | b'/' => char::from(next),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.hex()?;
                let pair = if (0xd800..0xdc00).contains(&first) { self.low_surrogate() } else { None };
                let point = pair.map_or(first, |low| 0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00));
                char::from_u32(point).unwrap_or('\u{fffd}')
            }
            _ => return None,
        });
        Some(())
    }

    fn hex(&mut self) -> Option<u32> {
        let mut point = 0;
        for _ in 0..4 {
            point = point * 16 + char::from(self.peek()?).to_digit(16)?;
            self.at += 1;
        }
        Some(point)
    }

    /// Parses the second half of a surrogate pair if it comes next; otherwise the position stays.
    fn low_surrogate(&mut self) -> Option<u32> {
        let back = self.at;
        if self.text.get(self.at..self.at + 2) == Some(b"\\u") {
            self.at += 2;
            if let Some(low) = self.hex()
                && (0xdc00..0xe000).contains(&low)
            {
                return Some(low);
            }
        }
        self.at = back;
        None
    }
}
