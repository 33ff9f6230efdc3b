//! JSON as Go's `encoding/json` reads it: the same texts for what is wrong, lone surrogates and broken UTF-8 replaced, and
//! members kept in their order, repeated ones too (they are what strict field validation is about).

#[cfg(test)]
mod tests;

use serde_json::{Map, Number, Value as Json};

/// Go gives up on JSON that is nested deeper.
const MAX_DEPTH: usize = 10_000;
/// No field that we know lies deeper: what does is checked and dropped, so that depth costs no stack.
const KEPT_DEPTH: usize = 100;

/// A JSON value as it was written.
#[derive(Clone, PartialEq)]
pub enum Node {
    /// `null`, and whatever lies too deep to matter.
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
    /// What Go's decoder calls this sort of value in its errors.
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

    /// The last member of that name.
    pub fn get(&self, name: &str) -> Option<&Node> {
        match self {
            Self::Object(members) => members.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v),
            _ => None,
        }
    }

    /// As serde's JSON: the last of equal members stays.
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

/// A number of JSON as serde's; integers stay exact.
pub fn number(text: &str) -> Option<Number> {
    if let Ok(integer) = text.parse::<i64>() {
        return Some(integer.into());
    }
    if let Ok(integer) = text.parse::<u64>() {
        return Some(integer.into());
    }
    Number::from_f64(text.parse().ok()?)
}

/// Reads one JSON text. The error is Go's, without position or content beyond one character.
pub fn parse(text: &[u8]) -> Result<Node, String> {
    Parser { text, at: 0 }.document()
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
}

/// An array or object that is not finished, with the name of the member that comes next.
enum Open {
    Array(Vec<Node>),
    Object(Vec<(String, Node)>, String),
}

impl Parser<'_> {
    fn document(&mut self) -> Result<Node, String> {
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
                b't' => self.literal("true", Node::Bool(true))?,
                b'f' => self.literal("false", Node::Bool(false))?,
                b'n' => self.literal("null", Node::Null)?,
                b'-' | b'0'..=b'9' => self.number()?,
                other => return Err(unexpected(other, "looking for beginning of value")),
            };
            // A value ends here, and perhaps what it stands in.
            loop {
                let depth = open.len();
                let Some(parent) = open.last_mut() else {
                    self.space();
                    return match self.text.get(self.at) {
                        None => Ok(done),
                        Some(other) => Err(unexpected(*other, "after top-level value")),
                    };
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
                    (Open::Array(_), other) => return Err(unexpected(other, "after array element")),
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
                    (Open::Object(..), other) => return Err(unexpected(other, "after object key:value pair")),
                }
            }
        }
    }

    /// Steps over a `{` or `[` that stands in `depth` others.
    fn opening(&mut self, depth: usize) -> Result<(), String> {
        if depth >= MAX_DEPTH {
            return Err("exceeded max depth".into());
        }
        self.at += 1;
        Ok(())
    }

    fn space(&mut self) {
        while matches!(self.text.get(self.at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Result<u8, String> {
        self.text.get(self.at).copied().ok_or_else(|| "unexpected end of JSON input".to_owned())
    }

    /// A member's name and the colon after it.
    fn name(&mut self) -> Result<String, String> {
        let next = self.peek()?;
        if next != b'"' {
            return Err(unexpected(next, "looking for beginning of object key string"));
        }
        let name = self.string()?;
        self.space();
        let next = self.peek()?;
        if next != b':' {
            return Err(unexpected(next, "after object key"));
        }
        self.at += 1;
        Ok(name)
    }

    fn literal(&mut self, word: &str, node: Node) -> Result<Node, String> {
        for expected in word.bytes() {
            let next = self.peek()?;
            if next != expected {
                return Err(unexpected(next, &format!("in literal {word} (expecting {})", quoted(expected))));
            }
            self.at += 1;
        }
        Ok(node)
    }

    fn number(&mut self) -> Result<Node, String> {
        let begin = self.at;
        if self.peek()? == b'-' {
            self.at += 1;
        }
        match self.peek()? {
            b'0' => self.at += 1,
            b'1'..=b'9' => self.digits(),
            other => return Err(unexpected(other, "in numeric literal")),
        }
        if self.text.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.some_digits("after decimal point in numeric literal")?;
        }
        if matches!(self.text.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.text.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.some_digits("in exponent of numeric literal")?;
        }
        let text = self.text.get(begin..self.at).unwrap_or_default();
        Ok(Node::Number(String::from_utf8_lossy(text).into_owned()))
    }

    fn digits(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
    }

    fn some_digits(&mut self, place: &str) -> Result<(), String> {
        let next = self.peek()?;
        if !next.is_ascii_digit() {
            return Err(unexpected(next, place));
        }
        self.digits();
        Ok(())
    }

    /// A string, the cursor being on its opening quote.
    fn string(&mut self) -> Result<String, String> {
        self.at += 1;
        let mut text = String::new();
        let mut begin = self.at;
        loop {
            match self.peek()? {
                b'"' => {
                    self.plain(begin, &mut text);
                    self.at += 1;
                    return Ok(text);
                }
                b'\\' => {
                    self.plain(begin, &mut text);
                    self.at += 1;
                    self.escape(&mut text)?;
                    begin = self.at;
                }
                control @ 0..=0x1f => return Err(unexpected(control, "in string literal")),
                _ => self.at += 1,
            }
        }
    }

    fn plain(&self, begin: usize, text: &mut String) {
        text.push_str(&String::from_utf8_lossy(self.text.get(begin..self.at).unwrap_or_default()));
    }

    fn escape(&mut self, text: &mut String) -> Result<(), String> {
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
            other => return Err(unexpected(other, "in string escape code")),
        });
        Ok(())
    }

    fn hex(&mut self) -> Result<u32, String> {
        let mut point = 0;
        for _ in 0..4 {
            let next = self.peek()?;
            let digit =
                char::from(next).to_digit(16).ok_or_else(|| unexpected(next, "in \\u hexadecimal character escape"))?;
            point = point * 16 + digit;
            self.at += 1;
        }
        Ok(point)
    }

    /// The second half of a pair, if it comes next; the cursor stays where it is otherwise.
    fn low_surrogate(&mut self) -> Option<u32> {
        let back = self.at;
        if self.text.get(self.at..self.at + 2) == Some(b"\\u") {
            self.at += 2;
            if let Ok(low) = self.hex()
                && (0xdc00..0xe000).contains(&low)
            {
                return Some(low);
            }
        }
        self.at = back;
        None
    }
}

fn unexpected(character: u8, place: &str) -> String {
    format!("invalid character {} {place}", quoted(character))
}

/// A byte as Go's scanner quotes it: a character of Latin-1, escaped like a Go string.
fn quoted(byte: u8) -> String {
    match byte {
        b'\'' => "'\\''".into(),
        b'"' => "'\"'".into(),
        b'\\' => "'\\\\'".into(),
        0x07 => "'\\a'".into(),
        0x08 => "'\\b'".into(),
        0x0c => "'\\f'".into(),
        b'\n' => "'\\n'".into(),
        b'\r' => "'\\r'".into(),
        b'\t' => "'\\t'".into(),
        0x0b => "'\\v'".into(),
        0x20..=0x7e | 0xa1..=0xac | 0xae..=0xff => format!("'{}'", char::from(byte)),
        0x80..=0xa0 | 0xad => format!("'\\u{byte:04x}'"),
        _ => format!("'\\x{byte:02x}'"),
    }
}
