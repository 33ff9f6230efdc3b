//! Converts template text to tokens, after `text/template/parse/lex.go`.

mod token;

use crate::{quote, strconv};
use std::borrow::Cow;
pub(super) use token::{Kind, Token};

const LEFT_DELIM: &str = "{{";
const RIGHT_DELIM: &str = "}}";
const LEFT_COMMENT: &str = "/*";
const RIGHT_COMMENT: &str = "*/";
/// The length of a minus sign and the space beside it.
const TRIM_MARKER: usize = 2;
const SPACES: [char; 4] = [' ', '\t', '\r', '\n'];

/// Returns tokens on demand.
pub(super) struct Lexer<'a> {
    input: &'a str,
    pos: usize,
    start: usize,
    line: usize,
    start_line: usize,
    inside_action: bool,
    paren_depth: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(input: &'a str) -> Self {
        Self { input, pos: 0, start: 0, line: 1, start_line: 1, inside_action: false, paren_depth: 0 }
    }

    /// Returns the next token; after the last one, and after an error, always the end of file.
    pub(super) fn next_token(&mut self) -> Token<'a> {
        if self.inside_action { self.lex_action() } else { self.lex_text() }
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
        if c == '\n' {
            self.line += 1;
        }
        Some(c)
    }

    fn accept(&mut self, valid: impl Fn(char) -> bool) -> bool {
        let accepted = self.peek().is_some_and(valid);
        if accepted {
            self.next();
        }
        accepted
    }

    fn accept_run(&mut self, valid: impl Fn(char) -> bool) {
        while self.accept(&valid) {}
    }

    fn pending(&self) -> &'a str {
        &self.input[self.start..self.pos]
    }

    fn emit(&mut self, kind: Kind) -> Token<'a> {
        let token = Token { kind, pos: self.start, text: Cow::Borrowed(self.pending()), line: self.start_line };
        self.start = self.pos;
        self.start_line = self.line;
        token
    }

    /// Skips text that was not read through `next`, up to here.
    fn ignore(&mut self) {
        self.line += self.pending().matches('\n').count();
        self.start = self.pos;
        self.start_line = self.line;
    }

    fn error(&mut self, message: impl Into<String>) -> Token<'a> {
        let token =
            Token { kind: Kind::Error, pos: self.start, text: Cow::Owned(message.into()), line: self.start_line };
        self.input = "";
        self.pos = 0;
        self.start = 0;
        token
    }

    /// Scans text up to the next action; skips comments.
    fn lex_text(&mut self) -> Token<'a> {
        loop {
            let Some(length) = self.rest().find(LEFT_DELIM) else {
                self.pos = self.input.len();
                if self.pos > self.start {
                    self.line += self.pending().matches('\n').count();
                    return self.emit(Kind::Text);
                }
                return self.emit(Kind::Eof);
            };
            if length > 0 {
                self.pos += length;
                let kept = if has_left_trim_marker(&self.rest()[LEFT_DELIM.len()..]) {
                    self.pending().trim_end_matches(SPACES).len()
                } else {
                    length
                };
                let delim = self.pos;
                self.pos = self.start + kept;
                self.line += self.pending().matches('\n').count();
                let token = self.emit(Kind::Text);
                self.pos = delim;
                self.ignore();
                if !token.text.is_empty() {
                    return token;
                }
            }
            if let Some(token) = self.left_delim() {
                return token;
            }
        }
    }

    /// Scans the delimiter that opens an action; returns `None` if it opened a comment.
    fn left_delim(&mut self) -> Option<Token<'a>> {
        self.pos += LEFT_DELIM.len();
        let marker = if has_left_trim_marker(self.rest()) { TRIM_MARKER } else { 0 };
        if self.rest()[marker..].starts_with(LEFT_COMMENT) {
            self.pos += marker;
            self.ignore();
            return self.comment();
        }
        let token = self.emit(Kind::LeftDelim);
        self.inside_action = true;
        self.pos += marker;
        self.ignore();
        self.paren_depth = 0;
        Some(token)
    }

    fn comment(&mut self) -> Option<Token<'a>> {
        self.pos += LEFT_COMMENT.len();
        let Some(length) = self.rest().find(RIGHT_COMMENT) else {
            return Some(self.error("unclosed comment"));
        };
        self.pos += length + RIGHT_COMMENT.len();
        let Some(trim) = self.at_right_delim() else {
            return Some(self.error("comment ends before closing delimiter"));
        };
        self.ignore();
        self.skip_right_delim(trim);
        self.ignore();
        None
    }

    /// Returns `None` if no action ends here, otherwise whether a trim marker drops the space after it.
    fn at_right_delim(&self) -> Option<bool> {
        let rest = self.rest();
        if has_right_trim_marker(rest) && rest[TRIM_MARKER..].starts_with(RIGHT_DELIM) {
            return Some(true);
        }
        rest.starts_with(RIGHT_DELIM).then_some(false)
    }

    fn skip_right_delim(&mut self, trim: bool) {
        self.pos += RIGHT_DELIM.len();
        if trim {
            self.pos += TRIM_MARKER;
            let rest = self.rest();
            self.pos += rest.len() - rest.trim_start_matches(SPACES).len();
        }
    }

    fn right_delim(&mut self, trim: bool) -> Token<'a> {
        if trim {
            self.pos += TRIM_MARKER;
            self.ignore();
        }
        self.pos += RIGHT_DELIM.len();
        let token = self.emit(Kind::RightDelim);
        if trim {
            let rest = self.rest();
            self.pos += rest.len() - rest.trim_start_matches(SPACES).len();
            self.ignore();
        }
        self.inside_action = false;
        token
    }

    fn lex_action(&mut self) -> Token<'a> {
        if let Some(trim) = self.at_right_delim() {
            if self.paren_depth > 0 {
                return self.error("unclosed left paren");
            }
            return self.right_delim(trim);
        }
        let Some(c) = self.next() else { return self.error("unclosed action") };
        match c {
            c if SPACES.contains(&c) => self.space(c),
            '=' => self.emit(Kind::Assign),
            ':' => {
                if self.next() == Some('=') {
                    self.emit(Kind::Declare)
                } else {
                    self.error("expected :=")
                }
            }
            '|' => self.emit(Kind::Pipe),
            '"' => self.quoted('"', Kind::String, "unterminated quoted string"),
            '\'' => self.quoted('\'', Kind::CharConstant, "unterminated character constant"),
            '`' => self.raw_quote(),
            '$' => self.field_or_variable(Kind::Variable),
            // A dot may also begin a number.
            '.' if !self.peek().is_none_or(|c| c.is_ascii_digit()) => self.field_or_variable(Kind::Field),
            '.' | '+' | '-' | '0'..='9' => {
                self.pos -= 1;
                self.number()
            }
            '(' => {
                self.paren_depth += 1;
                self.emit(Kind::LeftParen)
            }
            ')' => match self.paren_depth.checked_sub(1) {
                Some(depth) => {
                    self.paren_depth = depth;
                    self.emit(Kind::RightParen)
                }
                None => self.error("unexpected right paren"),
            },
            c if strconv::is_alphanumeric(c) => self.identifier(),
            c if c.is_ascii() && quote::is_print(c) => self.emit(Kind::Char),
            c => self.error(format!("unrecognized character in action: {}", strconv::unicode(c))),
        }
    }

    /// Scans a run of spaces, of which `first` was read. The last one belongs to a trim marker if that follows.
    fn space(&mut self, first: char) -> Token<'a> {
        let mut last = first;
        while let Some(c) = self.peek().filter(|c| SPACES.contains(c)) {
            self.next();
            last = c;
        }
        if self.rest().strip_prefix('-').is_some_and(|rest| rest.starts_with(RIGHT_DELIM)) {
            self.pos -= 1;
            if last == '\n' {
                self.line -= 1;
            }
            if self.pos == self.start {
                return self.right_delim(true);
            }
        }
        self.emit(Kind::Space)
    }

    fn identifier(&mut self) -> Token<'a> {
        self.accept_run(strconv::is_alphanumeric);
        if let Some(error) = self.expect_terminator() {
            return error;
        }
        let kind = Kind::keyword(self.pending()).unwrap_or(Kind::Identifier);
        self.emit(kind)
    }

    /// Scans a field or variable, whose `.` or `$` was read.
    fn field_or_variable(&mut self, kind: Kind) -> Token<'a> {
        if self.at_terminator() {
            return self.emit(if kind == Kind::Variable { kind } else { Kind::Dot });
        }
        self.accept_run(strconv::is_alphanumeric);
        match self.expect_terminator() {
            Some(error) => error,
            None => self.emit(kind),
        }
    }

    fn expect_terminator(&mut self) -> Option<Token<'a>> {
        if self.at_terminator() {
            return None;
        }
        let c = self.peek()?;
        Some(self.error(format!("bad character {}", strconv::unicode(c))))
    }

    fn at_terminator(&self) -> bool {
        match self.peek() {
            None | Some(' ' | '\t' | '\r' | '\n' | '.' | ',' | '|' | ':' | ')' | '(') => true,
            Some(_) => self.rest().starts_with(RIGHT_DELIM),
        }
    }

    fn quoted(&mut self, quote: char, kind: Kind, unterminated: &str) -> Token<'a> {
        loop {
            match self.next() {
                Some('\\') => {
                    if matches!(self.next(), None | Some('\n')) {
                        return self.error(unterminated);
                    }
                }
                None | Some('\n') => return self.error(unterminated),
                Some(c) if c == quote => return self.emit(kind),
                Some(_) => {}
            }
        }
    }

    fn raw_quote(&mut self) -> Token<'a> {
        loop {
            match self.next() {
                None => return self.error("unterminated raw quoted string"),
                Some('`') => return self.emit(Kind::RawString),
                Some(_) => {}
            }
        }
    }

    fn number(&mut self) -> Token<'a> {
        let simple = self.scan_number();
        let complex = simple && matches!(self.peek(), Some('+' | '-'));
        // A complex number ends in i: 1+2i, without spaces.
        if !simple || complex && !(self.scan_number() && self.pending().ends_with('i')) {
            let text = quote::quote_bytes(self.pending().as_bytes(), false);
            return self.error(format!("bad number syntax: {text}"));
        }
        self.emit(if complex { Kind::Complex } else { Kind::Number })
    }

    fn scan_number(&mut self) -> bool {
        self.accept(|c| matches!(c, '+' | '-'));
        let mut radix = 10;
        if self.accept(|c| c == '0') {
            if self.accept(|c| matches!(c, 'x' | 'X')) {
                radix = 16;
            } else if self.accept(|c| matches!(c, 'o' | 'O')) {
                radix = 8;
            } else if self.accept(|c| matches!(c, 'b' | 'B')) {
                radix = 2;
            }
        }
        let digit = |c: char| c == '_' || c.is_digit(radix);
        self.accept_run(digit);
        if self.accept(|c| c == '.') {
            self.accept_run(digit);
        }
        let exponent = match radix {
            10 => self.accept(|c| matches!(c, 'e' | 'E')),
            16 => self.accept(|c| matches!(c, 'p' | 'P')),
            _ => false,
        };
        if exponent {
            self.accept(|c| matches!(c, '+' | '-'));
            self.accept_run(|c| c == '_' || c.is_ascii_digit());
        }
        self.accept(|c| c == 'i');
        if self.peek().is_some_and(strconv::is_alphanumeric) {
            self.next();
            return false;
        }
        true
    }
}

fn has_left_trim_marker(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(|rest| rest.starts_with(SPACES))
}

fn has_right_trim_marker(text: &str) -> bool {
    text.strip_prefix(SPACES).is_some_and(|rest| rest.starts_with('-'))
}
