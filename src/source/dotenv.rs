//! Dotenv files: `KEY=VALUE` lines with quotes, comments and `export`, as the most used libraries read them.
//!
//! No variable or command is ever expanded: a password keeps its `$`. If the libraries read a text as different values,
//! it is refused if there is an unambiguous spelling, and otherwise read as a shell reads it; the table in the tests
//! lists each difference.

use super::own::Added;
use crate::{
    error::{Error, Result},
    secret::{
        Value,
        validate::{self, names::env_name},
    },
};

/// Adds the entries of a dotenv file. `file` names it in errors.
///
/// # Errors
/// A line that cannot be read. File and line are named; the line's text is not, since it may be part of a value.
pub(super) fn parse(text: &[u8], file: &str, added: &mut Added) -> Result<()> {
    let text = std::str::from_utf8(text).map_err(|error| {
        let before = text.get(..error.valid_up_to()).unwrap_or_default();
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        Error::new(format_args!("line {line} of {file} is not valid UTF-8"))
    })?;
    let mut lines = Lines { rest: text.strip_prefix('\u{feff}').unwrap_or(text), number: 1 };
    while let Some(line) = lines.next_entry() {
        let number = lines.number;
        let place = || format!("line {number} of {file}");
        let entry = lines.read(line);
        let (key, value) =
            entry.map_err(|Problem { text, hint }| Error::new(format_args!("{} {text}", place())).hints_of(hint))?;
        let wrong = Some(env_name(key)).filter(|wrong| !wrong.is_empty()).unwrap_or_else(|| validate::key(key));
        if !wrong.is_empty() {
            let error = Error::new(format_args!("the key on {} is not valid: {}", place(), wrong.join(";")));
            return Err(error.hint("a value of several lines stands in quotes"));
        }
        added.add(key, value, place)?;
    }
    Ok(())
}

/// Why a line cannot be read: the text that follows `line 3 of FILE`, and a hint how to write the line.
struct Problem {
    text: &'static str,
    hint: Option<&'static str>,
}

impl Problem {
    fn new(text: &'static str) -> Self {
        Self { text, hint: None }
    }
}

const SINGLE: &str = "in double quotes ' stands for itself, and \\\\ for a backslash";
const TEXT_BEHIND: Problem =
    Problem { text: "has text behind the closing quote", hint: Some("in double quotes \\\" stands for a quote") };

/// Spaces within a line. Why `\r`: lines of Windows files end with it.
const SPACES: [char; 3] = [' ', '\t', '\r'];

/// The lines that are left.
struct Lines<'t> {
    rest: &'t str,
    number: usize,
}

impl<'t> Lines<'t> {
    /// Goes to the next line that is neither blank nor a comment and returns it; `None` at the end.
    fn next_entry(&mut self) -> Option<&'t str> {
        while !self.rest.is_empty() {
            let line = self.rest.split('\n').next().unwrap_or_default();
            let text = line.trim_matches(SPACES);
            if !text.is_empty() && !text.starts_with('#') {
                return Some(line);
            }
            self.advance(line.len());
        }
        None
    }

    /// Skips `bytes` bytes, and the rest of the line in which they end.
    fn advance(&mut self, bytes: usize) {
        let (skipped, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.number += 1 + skipped.matches('\n').count();
        self.rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }

    /// Reads the entry that begins on `line`, and goes to the line after it.
    fn read(&mut self, line: &'t str) -> Result<(&'t str, Value), Problem> {
        let body = line.trim_start_matches(SPACES);
        let body = match body.strip_prefix("export") {
            Some(rest) if rest.starts_with(SPACES) => rest.trim_start_matches(SPACES),
            _ => body,
        };
        let (key, spaced) = body.split_once('=').ok_or(Problem::new("has no ="))?;
        let key = key.trim_end_matches(SPACES);
        let text = spaced.trim_start_matches(SPACES);
        let Some(quote) = text.chars().next().filter(|first| matches!(first, '\'' | '"')) else {
            self.advance(line.len());
            return Ok((key, Value::new(unquoted(spaced, text))));
        };
        let begin = line.len() - text.len() + 1;
        let content = self.rest.get(begin..).unwrap_or_default();
        let (value, length) = if quote == '"' { double_quoted(content) } else { single_quoted(content) }?;
        let tail = content.get(length + 1..).unwrap_or_default().split('\n').next().unwrap_or_default();
        let comment = tail.trim_start_matches(SPACES);
        let is_comment = comment.starts_with('#') && tail.starts_with(SPACES);
        if !comment.is_empty() && !is_comment {
            return Err(TEXT_BEHIND);
        }
        self.advance(begin + length);
        Ok((key, value))
    }
}

/// Returns an unquoted value: the text before a comment, which a space must precede. `text` is `spaced` without its
/// leading spaces.
fn unquoted<'t>(spaced: &str, text: &'t str) -> &'t str {
    let is_comment = |at: usize| match at.checked_sub(1) {
        None => spaced.len() > text.len(),
        Some(before) => text.get(before..at).is_some_and(|before| before.starts_with(SPACES)),
    };
    let end = text.match_indices('#').map(|(at, _)| at).find(|at| is_comment(*at)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default().trim_end_matches(SPACES)
}

const OPEN: Problem = Problem { text: "opens a quote that is not closed", hint: None };

/// Returns the value in single quotes, unchanged, and the position of the closing quote.
fn single_quoted(text: &str) -> Result<(Value, usize), Problem> {
    let end = text.find('\'').ok_or(OPEN)?;
    let content = text.get(..end).unwrap_or_default();
    if content.ends_with('\\') {
        // Why: a shell ends the value at this quote; the libraries take the quote as part of the value.
        return Err(Problem { text: "has a backslash before a single quote", hint: Some(SINGLE) });
    }
    let mut value = Vec::with_capacity(end);
    push_lines(&mut value, content.as_bytes());
    Ok((Value::new(value), end))
}

/// Returns the value in double quotes with its escapes resolved, and the position of the closing quote. A backslash
/// before any other character is kept.
fn double_quoted(text: &str) -> Result<(Value, usize), Problem> {
    let bytes = text.as_bytes();
    let mut end = 0;
    loop {
        match bytes.get(end).ok_or(OPEN)? {
            b'"' => break,
            b'\\' => end += 2,
            _ => end += 1,
        }
    }
    // Why measured first: a buffer that grows leaves copies of the value behind.
    let mut value = Vec::with_capacity(end);
    let mut rest = bytes.get(..end).unwrap_or_default();
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        let (plain, escape) = rest.split_at(at);
        push_lines(&mut value, plain);
        let meant = match escape.get(1) {
            Some(b'n') => Some(b'\n'),
            Some(b'r') => Some(b'\r'),
            Some(b't') => Some(b'\t'),
            Some(byte @ (b'\\' | b'"' | b'\'' | b'$' | b'`')) => Some(*byte),
            _ => None,
        };
        value.push(meant.unwrap_or(b'\\'));
        rest = escape.get(if meant.is_some() { 2 } else { 1 }..).unwrap_or_default();
    }
    push_lines(&mut value, rest);
    Ok((Value::new(value), end))
}

/// Appends text with `\r\n` as `\n`, as all libraries do.
fn push_lines(value: &mut Vec<u8>, text: &[u8]) {
    let mut bytes = text.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if byte != b'\r' || bytes.peek() != Some(&b'\n') {
            value.push(byte);
        }
    }
}

#[cfg(test)]
mod tests;
