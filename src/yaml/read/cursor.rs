//! The scanner's position in the text: looking ahead, and advancing with correct marks.

use super::{
    problem::Problem,
    scanner::{Mark, Scanner},
};

type Result<T> = std::result::Result<T, Problem>;

impl Scanner<'_> {
    // ---- looking at characters; past the end every byte reads as NUL, which the text cannot hold ----

    pub(super) fn byte(&self, offset: usize) -> u8 {
        self.text.as_bytes().get(self.pos + offset).copied().unwrap_or(0)
    }

    pub(super) fn at_end(&self) -> bool {
        self.pos >= self.text.len()
    }

    pub(super) fn is_blank(&self, offset: usize) -> bool {
        matches!(self.byte(offset), b' ' | b'\t')
    }

    pub(super) fn is_break(&self, offset: usize) -> bool {
        match self.byte(offset) {
            b'\r' | b'\n' => true,
            0xC2 => self.byte(offset + 1) == 0x85,
            0xE2 => self.byte(offset + 1) == 0x80 && matches!(self.byte(offset + 2), 0xA8 | 0xA9),
            _ => false,
        }
    }

    pub(super) fn is_breakz(&self, offset: usize) -> bool {
        self.byte(offset) == 0 || self.is_break(offset)
    }

    pub(super) fn is_blankz(&self, offset: usize) -> bool {
        self.is_blank(offset) || self.is_breakz(offset)
    }

    pub(super) fn is_alpha(&self) -> bool {
        matches!(self.byte(0), b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'-')
    }

    /// Returns `true` if a line `---` or `...` begins here.
    pub(super) fn is_document_indicator(&self) -> bool {
        let three = [self.byte(0), self.byte(1), self.byte(2)];
        self.mark.column == 0 && (three == *b"---" || three == *b"...") && self.is_blankz(3)
    }

    // ---- moving on ----

    fn width(&self) -> usize {
        match self.byte(0) {
            0 => 0,
            0x01..=0x7F => 1,
            0x80..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xFF => 4,
        }
    }

    pub(super) fn skip(&mut self) {
        self.pos += self.width();
        self.mark.index += 1;
        self.mark.column += 1;
    }

    pub(super) fn skip_line(&mut self) {
        if self.byte(0) == b'\r' && self.byte(1) == b'\n' {
            self.pos += 2;
            self.mark.index += 2;
        } else {
            self.pos += self.width();
            self.mark.index += 1;
        }
        self.mark.column = 0;
        self.mark.line += 1;
    }

    /// Copies one character.
    pub(super) fn read(&mut self, out: &mut String) {
        let from = self.pos;
        self.skip();
        out.push_str(self.text.get(from..self.pos).unwrap_or_default());
    }

    /// Copies one line break. All kinds become LF, except for the two of Unicode, which stay.
    pub(super) fn read_line(&mut self, out: &mut String) {
        if self.byte(0) == 0xE2 {
            out.push_str(self.text.get(self.pos..self.pos + 3).unwrap_or_default());
        } else {
            out.push('\n');
        }
        self.skip_line();
    }

    /// Copies characters up to a line break, the end, or an ASCII byte for which `stop` returns `true`.
    pub(super) fn read_run(&mut self, out: &mut String, stop: impl Fn(u8) -> bool) {
        let bytes = self.text.as_bytes();
        let from = self.pos;
        let mut characters = 0;
        while let Some(&byte) = bytes.get(self.pos) {
            if byte < 0x80 {
                if matches!(byte, b'\r' | b'\n') || stop(byte) {
                    break;
                }
                self.pos += 1;
            } else {
                if self.is_break(0) {
                    break;
                }
                self.pos += self.width();
            }
            characters += 1;
        }
        self.mark.index += characters;
        self.mark.column += characters;
        out.push_str(self.text.get(from..self.pos).unwrap_or_default());
    }

    pub(super) fn skip_blanks(&mut self) {
        while self.is_blank(0) {
            self.skip();
        }
    }

    pub(super) fn skip_comment(&mut self) {
        if self.byte(0) == b'#' {
            while !self.is_breakz(0) {
                self.skip();
            }
        }
    }

    /// Skips the rest of a line, which may have only white space and a comment.
    pub(super) fn skip_rest_of_line(&mut self, context: Mark) -> Result<()> {
        self.skip_blanks();
        self.skip_comment();
        if !self.is_breakz(0) {
            return self.fail(context, "did not find expected comment or line break");
        }
        if self.is_break(0) {
            self.skip_line();
        }
        Ok(())
    }

    /// Returns an error at the scanner's position.
    pub(super) fn fail<T>(&self, context: Mark, text: &'static str) -> Result<T> {
        Err(Problem::scanner(text, context, self.mark))
    }
}
