//! One record of comma-separated values, as Go's `encoding/csv` parses it.

use std::{ffi::OsString, os::unix::ffi::OsStringExt as _};

/// Parses the first record of `text`; returns an empty one if there is none.
///
/// # Errors
/// Go's `csv.ParseError` about a misplaced quote. The text is not repeated.
pub fn record(text: &[u8]) -> Result<Vec<OsString>, String> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut lines = Lines { rest: text, number: 0 };
    let first = loop {
        match lines.next() {
            None => return Err("EOF".to_owned()),
            Some(line) if line == b"\n" => {}
            Some(line) => break line,
        }
    };
    let mut record = Record { start: lines.number, line: first, column: 1, number: lines.number };
    let mut fields = Vec::new();
    loop {
        let (field, more) = record.field(&mut lines)?;
        fields.push(OsString::from_vec(field));
        if !more {
            return Ok(fields);
        }
    }
}

/// The lines of a text, each with its line feed; `\r` before it, or at the end, is removed.
struct Lines<'a> {
    rest: &'a [u8],
    number: usize,
}

impl Lines<'_> {
    fn next(&mut self) -> Option<Vec<u8>> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.iter().position(|byte| *byte == b'\n').map_or(self.rest.len(), |at| at + 1);
        let (line, rest) = self.rest.split_at(end);
        self.rest = rest;
        self.number += 1;
        let (text, newline) = line.strip_suffix(b"\n").map_or((line, false), |text| (text, true));
        let mut line = text.strip_suffix(b"\r").unwrap_or(text).to_vec();
        if newline {
            line.push(b'\n');
        }
        Some(line)
    }
}

/// The rest of a record: of a line, with its position. Lines and columns count from 1.
struct Record {
    start: usize,
    line: Vec<u8>,
    column: usize,
    number: usize,
}

impl Record {
    /// Parses the next field; also returns whether a comma follows it.
    fn field(&mut self, lines: &mut Lines<'_>) -> Result<(Vec<u8>, bool), String> {
        match self.line.first() {
            Some(b'"') => self.quoted(lines),
            _ => self.bare(),
        }
    }

    /// Parses a field without quotes.
    fn bare(&mut self) -> Result<(Vec<u8>, bool), String> {
        let comma = self.line.iter().position(|byte| *byte == b',');
        let mut field = self.line.get(..comma.unwrap_or(self.line.len())).unwrap_or_default().to_vec();
        if comma.is_none() && field.last() == Some(&b'\n') {
            field.pop();
        }
        if let Some(quote) = field.iter().position(|byte| *byte == b'"') {
            return Err(self.error(self.column + quote, "bare \" in non-quoted-field"));
        }
        if let Some(comma) = comma {
            self.skip(comma + 1);
        }
        Ok((field, comma.is_some()))
    }

    /// Parses a field in quotes, which may have several lines.
    fn quoted(&mut self, lines: &mut Lines<'_>) -> Result<(Vec<u8>, bool), String> {
        const WRONG: &str = "extraneous or missing \" in quoted-field";
        let mut field = Vec::new();
        self.skip(1);
        loop {
            let Some(quote) = self.line.iter().position(|byte| *byte == b'"') else {
                if self.line.is_empty() {
                    return Err(self.error(self.column, WRONG));
                }
                field.extend_from_slice(&self.line);
                self.column += self.line.len();
                self.line = lines.next().unwrap_or_default();
                if !self.line.is_empty() {
                    (self.number, self.column) = (lines.number, 1);
                }
                continue;
            };
            field.extend_from_slice(self.line.get(..quote).unwrap_or_default());
            self.skip(quote + 1);
            match self.line.first() {
                Some(b'"') => {
                    field.push(b'"');
                    self.skip(1);
                }
                Some(b',') => {
                    self.skip(1);
                    return Ok((field, true));
                }
                None | Some(b'\n') => return Ok((field, false)),
                Some(_) => return Err(self.error(self.column - 1, WRONG)),
            }
        }
    }

    fn skip(&mut self, count: usize) {
        self.line.drain(..count.min(self.line.len()));
        self.column += count;
    }

    /// Returns the text of `csv.ParseError.Error`.
    fn error(&self, column: usize, reason: &str) -> String {
        let (start, line) = (self.start, self.number);
        match start == line {
            true => format!("parse error on line {line}, column {column}: {reason}"),
            false => format!("record on line {start}; parse error on line {line}, column {column}: {reason}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Result<Vec<String>, String> {
        Ok(record(text.as_bytes())?.into_iter().map(|field| field.into_string().expect("text")).collect())
    }

    #[test]
    fn fields_are_split_at_commas_outside_quotes() {
        for (text, fields) in [
            ("", &[][..]),
            ("a,b", &["a", "b"]),
            ("a,", &["a", ""]),
            (",", &["", ""]),
            (" a , b ", &[" a ", " b "]),
            ("\"a,b\",c", &["a,b", "c"]),
            ("\"a\"\"b\"", &["a\"b"]),
            ("\"a\nb\",c", &["a\nb", "c"]),
            ("a\nb", &["a"]),
            ("\n\na\r\nb", &["a"]),
            ("a\r", &["a"]),
        ] {
            assert_eq!(
                split(text).as_deref(),
                Ok(&fields.iter().map(|f| (*f).to_owned()).collect::<Vec<_>>()[..]),
                "{text:?}"
            );
        }
        assert_eq!(record(b"a\xff,b").expect("bytes")[0], OsString::from_vec(b"a\xff".to_vec()));
    }

    /// As kubectl 1.37.1 says it.
    #[test]
    fn quotes_that_stand_wrong_are_placed() {
        for (text, error) in [
            ("k=\"l.yaml\"", "parse error on line 1, column 3: bare \" in non-quoted-field"),
            ("a,b\"", "parse error on line 1, column 4: bare \" in non-quoted-field"),
            ("\"a\"b", "parse error on line 1, column 3: extraneous or missing \" in quoted-field"),
            ("\"a", "parse error on line 1, column 3: extraneous or missing \" in quoted-field"),
            ("\"a\nb", "record on line 1; parse error on line 2, column 2: extraneous or missing \" in quoted-field"),
            ("\n", "EOF"),
        ] {
            assert_eq!(split(text), Err(error.to_owned()), "{text:?}");
        }
    }
}
