//! Parses JSON as Go's `encoding/json` does, with its errors. What Go silently loses is an error, too: the first of two
//! equal keys, half of a surrogate pair, text that is not UTF-8.

use go::quote::quote_byte;
use serde_json::{Map, Value as Json};

use super::{
    limits::{MAX_DEPTH, MAX_NODES},
    lines::{Lines, Path},
    problem::shown,
    resolve,
};

/// An error of JSON.
pub(super) enum Trouble {
    /// The text ends too early.
    End,
    /// An invalid byte, with Go's message; `at` is its offset.
    Byte { at: usize, text: String },
    /// Something that kubectl would silently lose.
    Refused { at: usize, text: String },
}

type Result<T> = std::result::Result<T, Trouble>;

pub(super) struct Reader<'a> {
    text: &'a [u8],
    pos: usize,
    depth: usize,
    lines: Lines,
    /// The line of the position up to which lines were counted.
    line: usize,
    counted: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, pos: 0, depth: 0, lines: Lines::default(), line: 0, counted: 0 }
    }

    /// Parses the value at the beginning of the text.
    pub(super) fn read(mut self) -> Result<(Json, Lines)> {
        let json = self.value(Path::default())?;
        Ok((json, self.lines))
    }

    fn byte(&self) -> Result<u8> {
        self.text.get(self.pos).copied().ok_or(Trouble::End)
    }

    fn fail<T>(&self, what: &str) -> Result<T> {
        let byte = self.byte()?;
        Err(Trouble::Byte { at: self.pos, text: format!("invalid character {} {what}", quote_byte(byte)) })
    }

    fn space(&mut self) {
        while matches!(self.text.get(self.pos), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.pos += 1;
        }
    }

    /// Returns the line of the current position.
    fn line(&mut self) -> usize {
        let passed = self.text.get(self.counted..self.pos).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count();
        self.counted = self.pos;
        self.line
    }

    fn value(&mut self, path: Path) -> Result<Json> {
        self.space();
        if self.lines.len() > MAX_NODES {
            let text = format!("the document has more than {MAX_NODES} keys and items");
            return Err(Trouble::Refused { at: self.pos, text });
        }
        match self.byte()? {
            b'{' => self.nested(path, Self::object),
            b'[' => self.nested(path, Self::array),
            b'"' => self.string().map(Json::String),
            b't' => self.literal("true", Json::Bool(true)),
            b'f' => self.literal("false", Json::Bool(false)),
            b'n' => self.literal("null", Json::Null),
            b'-' | b'0'..=b'9' => self.number(),
            _ => self.fail("looking for beginning of value"),
        }
    }

    fn nested(&mut self, path: Path, read: fn(&mut Self, Path) -> Result<Json>) -> Result<Json> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Trouble::Refused { at: self.pos, text: format!("exceeded max depth of {MAX_DEPTH}") });
        }
        self.pos += 1;
        let json = read(self, path)?;
        self.depth -= 1;
        Ok(json)
    }

    fn object(&mut self, path: Path) -> Result<Json> {
        let mut map = Map::new();
        self.space();
        if self.byte()? == b'}' {
            self.pos += 1;
            return Ok(Json::Object(map));
        }
        loop {
            self.space();
            if self.byte()? != b'"' {
                return self.fail("looking for beginning of object key string");
            }
            let at = self.pos;
            let line = self.line();
            let key = self.string()?;
            self.space();
            if self.byte()? != b':' {
                return self.fail("after object key");
            }
            self.pos += 1;
            let path = self.lines.enter(path, &key, line);
            let value = self.value(path)?;
            if map.contains_key(&key) {
                let text = format!("the key {} stands twice in one map: only the last would be kept", shown(&key));
                return Err(Trouble::Refused { at, text });
            }
            map.insert(key, value);
            self.space();
            match self.byte()? {
                b',' => self.pos += 1,
                b'}' => break self.pos += 1,
                _ => return self.fail("after object key:value pair"),
            }
        }
        Ok(Json::Object(map))
    }

    fn array(&mut self, path: Path) -> Result<Json> {
        let mut items = Vec::new();
        self.space();
        if self.byte()? == b']' {
            self.pos += 1;
            return Ok(Json::Array(items));
        }
        loop {
            self.space();
            let line = self.line();
            let path = self.lines.enter_item(path, items.len(), line);
            items.push(self.value(path)?);
            self.space();
            match self.byte()? {
                b',' => self.pos += 1,
                b']' => break self.pos += 1,
                _ => return self.fail("after array element"),
            }
        }
        Ok(Json::Array(items))
    }

    fn literal(&mut self, word: &str, json: Json) -> Result<Json> {
        for (at, expected) in word.char_indices() {
            if self.byte()? != expected as u8 {
                let (before, _) = word.split_at(1);
                return if at == 0 {
                    self.fail("looking for beginning of value")
                } else {
                    self.fail(&format!("in literal {before}{} (expecting '{expected}')", &word[1..]))
                };
            }
            self.pos += 1;
        }
        Ok(json)
    }

    fn digits(&mut self, what: &str) -> Result<()> {
        if !self.byte()?.is_ascii_digit() {
            return self.fail(what);
        }
        while self.text.get(self.pos).is_some_and(u8::is_ascii_digit) {
            self.pos += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Json> {
        let from = self.pos;
        if self.byte()? == b'-' {
            self.pos += 1;
        }
        if self.byte()? == b'0' {
            self.pos += 1;
        } else {
            self.digits("in numeric literal")?;
        }
        let mut whole = true;
        if self.text.get(self.pos) == Some(&b'.') {
            whole = false;
            self.pos += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.text.get(self.pos), Some(b'e' | b'E')) {
            whole = false;
            self.pos += 1;
            if matches!(self.byte()?, b'+' | b'-') {
                self.pos += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        let text = std::str::from_utf8(self.text.get(from..self.pos).unwrap_or_default()).unwrap_or_default();
        if whole && let Ok(value) = text.parse::<i64>() {
            return Ok(Json::from(value));
        }
        match text.parse::<f64>().ok().and_then(resolve::float) {
            Some(json) => Ok(json),
            None => Err(Trouble::Refused { at: from, text: "a number is too large".to_owned() }),
        }
    }

    fn string(&mut self) -> Result<String> {
        let opening = self.pos;
        self.pos += 1;
        let mut text = Vec::new();
        loop {
            let from = self.pos;
            while self.text.get(self.pos).is_some_and(|byte| !matches!(byte, b'"' | b'\\' | 0x00..=0x1F)) {
                self.pos += 1;
            }
            text.extend_from_slice(self.text.get(from..self.pos).unwrap_or_default());
            match self.byte()? {
                b'"' => break self.pos += 1,
                b'\\' => {
                    self.pos += 1;
                    let character = self.escape(opening)?;
                    text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                _ => return self.fail("in string literal"),
            }
        }
        String::from_utf8(text).map_err(|_| Trouble::Refused { at: opening, text: "a string is not UTF-8".to_owned() })
    }

    fn escape(&mut self, opening: usize) -> Result<char> {
        let character = match self.byte()? {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{C}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.pos += 1;
                let first = self.hex()?;
                let mut character = char::from_u32(first);
                if (0xD800..0xDC00).contains(&first) && self.text.get(self.pos..self.pos + 2) == Some(b"\\u") {
                    self.pos += 2;
                    let second = self.hex()?;
                    let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400);
                    character = low.and_then(|low| char::from_u32(0x10000 + ((first - 0xD800) << 10) + low));
                }
                return character.ok_or_else(|| Trouble::Refused {
                    at: opening,
                    text: "a string has half a surrogate pair, which would become U+FFFD".to_owned(),
                });
            }
            _ => return self.fail("in string escape code"),
        };
        self.pos += 1;
        Ok(character)
    }

    fn hex(&mut self) -> Result<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let Some(digit) = char::from(self.byte()?).to_digit(16) else {
                return self.fail("in \\u hexadecimal character escape");
            };
            code = code << 4 | digit;
            self.pos += 1;
        }
        Ok(code)
    }
}
