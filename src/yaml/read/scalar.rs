//! Scans scalars: block (`|`, `>`), quoted and plain, as go-yaml v2 does.

use super::{
    problem::Problem,
    scanner::{Mark, Scanner},
};

type Result<T> = std::result::Result<T, Problem>;

/// The white space or line breaks between two pieces of a quoted or plain scalar.
#[derive(Default)]
struct Gap {
    blanks: String,
    first_break: String,
    more_breaks: String,
    broken: bool,
}

impl Gap {
    fn is_empty(&self) -> bool {
        !self.broken && self.blanks.is_empty()
    }

    /// Ends the gap: white space stays; one line break becomes a space, each further one a line feed. An escaped line
    /// break sets `broken` without a `first_break`, and becomes nothing.
    fn join(&mut self, out: &mut String) {
        if !self.broken {
            out.push_str(&self.blanks);
        } else if self.first_break.starts_with('\n') && self.more_breaks.is_empty() {
            out.push(' ');
        } else {
            if !self.first_break.starts_with('\n') {
                out.push_str(&self.first_break);
            }
            out.push_str(&self.more_breaks);
        }
        self.blanks.clear();
        self.first_break.clear();
        self.more_breaks.clear();
        self.broken = false;
    }
}

impl Scanner<'_> {
    /// Scans a literal (`|`) or folded (`>`) scalar, with its header.
    pub(super) fn scan_block_scalar(&mut self, start: Mark, literal: bool) -> Result<String> {
        self.skip();
        let (keep, strip, increment) = self.scan_block_header(start)?;
        self.skip_rest_of_line(start)?;

        let mut indent = increment.map_or(0, |n| self.indent.max(0) as usize + n);
        let mut text = String::new();
        let mut leading_break = String::new();
        let mut trailing_breaks = String::new();
        let mut leading_blank = false;
        self.scan_block_breaks(start, &mut indent, &mut trailing_breaks)?;
        while self.mark.column == indent && !self.at_end() {
            let blank = self.is_blank(0);
            if !literal && !leading_blank && !blank && leading_break.starts_with('\n') {
                if trailing_breaks.is_empty() {
                    text.push(' ');
                }
            } else {
                text.push_str(&leading_break);
            }
            leading_break.clear();
            text.push_str(&trailing_breaks);
            trailing_breaks.clear();
            leading_blank = blank;
            self.read_run(&mut text, |_| false);
            if self.is_break(0) {
                self.read_line(&mut leading_break);
            }
            self.scan_block_breaks(start, &mut indent, &mut trailing_breaks)?;
        }
        if !strip {
            text.push_str(&leading_break);
        }
        if keep {
            text.push_str(&trailing_breaks);
        }
        Ok(text)
    }

    /// Scans the `+`, `-` and indentation digit of a block scalar, in either order; returns keep, strip and
    /// indentation.
    fn scan_block_header(&mut self, start: Mark) -> Result<(bool, bool, Option<usize>)> {
        let (mut keep, mut strip, mut increment) = (false, false, None);
        let chomping_first = matches!(self.byte(0), b'+' | b'-');
        for turn in 0..2 {
            match self.byte(0) {
                b'+' | b'-' if chomping_first == (turn == 0) => {
                    keep = self.byte(0) == b'+';
                    strip = !keep;
                    self.skip();
                }
                b'0' if increment.is_none() => {
                    return self.fail(start, "found an indentation indicator equal to 0");
                }
                digit @ b'1'..=b'9' if increment.is_none() => {
                    increment = Some(usize::from(digit - b'0'));
                    self.skip();
                }
                _ => break,
            }
        }
        Ok((keep, strip, increment))
    }

    /// Scans indentation and empty lines before a line of a block scalar; the first such line determines the
    /// indentation.
    fn scan_block_breaks(&mut self, start: Mark, indent: &mut usize, breaks: &mut String) -> Result<()> {
        let mut deepest = 0;
        loop {
            while (*indent == 0 || self.mark.column < *indent) && self.byte(0) == b' ' {
                self.skip();
            }
            deepest = deepest.max(self.mark.column);
            if (*indent == 0 || self.mark.column < *indent) && self.byte(0) == b'\t' {
                return self.fail(start, "found a tab character where an indentation space is expected");
            }
            if !self.is_break(0) {
                break;
            }
            self.read_line(breaks);
        }
        if *indent == 0 {
            *indent = deepest.max((self.indent + 1).max(1) as usize);
        }
        Ok(())
    }

    /// Scans white space and line breaks in a quoted or plain scalar.
    fn scan_gap(&mut self, gap: &mut Gap, tab: impl Fn(&Self, &Gap) -> Result<()>) -> Result<()> {
        loop {
            if self.is_blank(0) {
                tab(self, gap)?;
                if gap.broken {
                    self.skip();
                } else {
                    self.read(&mut gap.blanks);
                }
            } else if self.is_break(0) {
                if gap.broken {
                    self.read_line(&mut gap.more_breaks);
                } else {
                    gap.blanks.clear();
                    self.read_line(&mut gap.first_break);
                    gap.broken = true;
                }
            } else {
                return Ok(());
            }
        }
    }

    /// Scans a scalar in single or double quotes.
    pub(super) fn scan_flow_scalar(&mut self, start: Mark, single: bool) -> Result<String> {
        self.skip();
        let quote = if single { b'\'' } else { b'"' };
        let mut text = String::new();
        let mut gap = Gap::default();
        loop {
            if self.is_document_indicator() {
                return self.fail(start, "found unexpected document indicator");
            }
            if self.at_end() {
                return self.fail(start, "found unexpected end of stream");
            }
            while !self.is_blankz(0) {
                if single {
                    self.read_run(&mut text, |byte| matches!(byte, b' ' | b'\t' | b'\''));
                } else {
                    self.read_run(&mut text, |byte| matches!(byte, b' ' | b'\t' | b'"' | b'\\'));
                }
                match self.byte(0) {
                    b'\'' if single && self.byte(1) == b'\'' => {
                        text.push('\'');
                        self.skip();
                        self.skip();
                    }
                    byte if byte == quote => break,
                    b'\\' if !single && self.is_break(1) => {
                        self.skip();
                        self.skip_line();
                        gap.broken = true;
                        break;
                    }
                    b'\\' if !single => text.push(self.scan_escape(start)?),
                    _ => {}
                }
            }
            if self.byte(0) == quote {
                break;
            }
            self.scan_gap(&mut gap, |_, _| Ok(()))?;
            gap.join(&mut text);
        }
        self.skip();
        Ok(text)
    }

    /// Scans an escape in double quotes; returns its character.
    fn scan_escape(&mut self, start: Mark) -> Result<char> {
        let (plain, digits) = match self.byte(1) {
            b'0' => ('\0', 0),
            b'a' => ('\x07', 0),
            b'b' => ('\x08', 0),
            b't' | b'\t' => ('\t', 0),
            b'n' => ('\n', 0),
            b'v' => ('\x0B', 0),
            b'f' => ('\x0C', 0),
            b'r' => ('\r', 0),
            b'e' => ('\x1B', 0),
            b' ' => (' ', 0),
            b'"' => ('"', 0),
            b'\'' => ('\'', 0),
            b'\\' => ('\\', 0),
            b'N' => ('\u{85}', 0),
            b'_' => ('\u{A0}', 0),
            b'L' => ('\u{2028}', 0),
            b'P' => ('\u{2029}', 0),
            b'x' => ('\0', 2),
            b'u' => ('\0', 4),
            b'U' => ('\0', 8),
            _ => return self.fail(start, "found unknown escape character"),
        };
        self.skip();
        self.skip();
        if digits == 0 {
            return Ok(plain);
        }
        let mut code = 0_u32;
        for at in 0..digits {
            let Some(digit) = char::from(self.byte(at)).to_digit(16) else {
                return self.fail(start, "did not find expected hexdecimal number");
            };
            code = code << 4 | digit;
        }
        let Some(character) = char::from_u32(code) else {
            return self.fail(start, "found invalid Unicode character escape code");
        };
        for _ in 0..digits {
            self.skip();
        }
        Ok(character)
    }

    /// Scans a scalar without quotes.
    pub(super) fn scan_plain_scalar(&mut self, start: Mark) -> Result<String> {
        let indent = (self.indent + 1) as usize;
        let flow = self.flow_level > 0;
        let mut text = String::new();
        let mut gap = Gap::default();
        while !self.is_document_indicator() && self.byte(0) != b'#' {
            while !self.is_blankz(0) {
                let byte = self.byte(0);
                if byte == b':' && self.is_blankz(1) || flow && matches!(byte, b',' | b'?' | b'[' | b']' | b'{' | b'}')
                {
                    break;
                }
                if !gap.is_empty() {
                    gap.join(&mut text);
                }
                self.read(&mut text);
                self.read_run(&mut text, |byte| {
                    matches!(byte, b' ' | b'\t' | b':')
                        || flow && matches!(byte, b',' | b'?' | b'[' | b']' | b'{' | b'}')
                });
            }
            if !(self.is_blank(0) || self.is_break(0)) {
                break;
            }
            self.scan_gap(&mut gap, |scanner, gap| {
                if gap.broken && scanner.mark.column < indent && scanner.byte(0) == b'\t' {
                    return scanner.fail(start, "found a tab character that violates indentation");
                }
                Ok(())
            })?;
            if !flow && self.mark.column < indent {
                break;
            }
        }
        if gap.broken {
            self.simple_key_allowed = true;
        }
        Ok(text)
    }
}
