//! Standard output: bytes as they are to a pipe or a file, sanitized text to a terminal.

use std::io::{self, Write};

use secret::sanitize;

/// A destination of output.
pub trait Out: Write {
    /// Returns a writer that does not sanitize, for text of this program with colours.
    fn styled(&mut self) -> &mut dyn Write;
}

impl Out for Vec<u8> {
    fn styled(&mut self) -> &mut dyn Write {
        self
    }
}

/// Standard output. Invariant: everything that is written to a terminal passes [`sanitize`], whether it comes from a
/// server, a file or a template. The exceptions are [`Out::styled`], for this program's colours, and
/// [`Stdout::reveal`], which the user asks for.
pub struct Stdout {
    inner: Parted,
    /// The sanitizer, if this is a terminal.
    tame: Option<sanitize::Stream>,
}

/// A writer that records whether anything was written, and inserts separators.
struct Parted {
    inner: Box<dyn Write + Send>,
    wrote: bool,
    /// The text to insert before the next bytes.
    separator: &'static str,
    is_terminal: bool,
    /// Whether the last byte was the end of a line.
    at_line_start: bool,
    /// Whether a line is drawn on standard error. Invariant: a terminal shows it below what was written here, so that it is
    /// erased before the next byte of any output.
    line_drawn: bool,
}

/// Erases the line that the cursor stands in.
pub(crate) const ERASE: &[u8] = b"\r\x1b[K";

impl Write for Parted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !bytes.is_empty() {
            self.wrote = true;
            if self.is_terminal && std::mem::take(&mut self.line_drawn) {
                self.inner.write_all(ERASE)?;
            }
            self.inner.write_all(std::mem::take(&mut self.separator).as_bytes())?;
        }
        let count = self.inner.write(bytes)?;
        if let Some(last) = count.checked_sub(1).and_then(|at| bytes.get(at)) {
            self.at_line_start = *last == b'\n';
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl Stdout {
    /// Wraps a writer; `terminal` says whether it writes to a terminal.
    pub fn new(inner: impl Write + Send + 'static, terminal: bool) -> Self {
        let inner = Parted {
            inner: Box::new(inner),
            wrote: false,
            separator: "",
            is_terminal: terminal,
            at_line_start: true,
            line_drawn: false,
        };
        Self { inner, tame: terminal.then(sanitize::Stream::default) }
    }

    /// Returns `true` if anything was written.
    pub fn wrote(&self) -> bool {
        self.inner.wrote
    }

    /// Inserts `text` between what was written and what will be written, if both are not empty.
    pub fn separate(&mut self, text: &'static str) {
        self.inner.separator = if self.inner.wrote { text } else { "" };
    }

    /// Returns whether a line may be drawn on the terminal: standard output is not in the midst of one.
    pub(crate) fn is_at_line_start(&self) -> bool {
        self.inner.at_line_start || !self.inner.is_terminal
    }

    pub(crate) fn set_line_drawn(&mut self) {
        self.inner.line_drawn = true;
    }

    pub(crate) fn is_line_drawn(&self) -> bool {
        self.inner.line_drawn
    }

    pub(crate) fn take_line_drawn(&mut self) -> bool {
        std::mem::take(&mut self.inner.line_drawn)
    }

    /// Stops sanitizing, because the user asked for that with a flag (`decode --reveal`).
    pub fn reveal(&mut self) {
        self.tame = None;
    }
}

impl Out for Stdout {
    fn styled(&mut self) -> &mut dyn Write {
        &mut self.inner
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.tame {
            None => self.inner.write(bytes),
            Some(tame) => self.inner.write_all(tame.push(bytes).as_bytes()).map(|()| bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        if let Some(tame) = &mut self.tame {
            self.inner.write_all(tame.end().as_bytes())?;
        }
        self.inner.flush()
    }
}
