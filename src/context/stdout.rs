//! Standard output: bytes as they are to a pipe or a file, harmless text to a terminal.

use std::io::{self, Write};

use secret::sanitize;

/// Where output goes.
pub trait Out: Write {
    /// Returns a writer for text of ours: harmless already, with colours that a terminal shall obey.
    fn styled(&mut self) -> &mut dyn Write;
}

impl Out for Vec<u8> {
    fn styled(&mut self) -> &mut dyn Write {
        self
    }
}

/// Standard output. What is written to a terminal passes [`sanitize`], whatever wrote it: a server, a file or a template
/// cannot reach past that. [`Out::styled`] is the way around it for our own colours, [`Stdout::reveal`] for a person.
pub struct Stdout {
    inner: Parted,
    /// What makes text harmless, where a terminal shows it.
    tame: Option<sanitize::Stream>,
}

/// A writer that knows whether anything was written, and what stands between two parts of it.
struct Parted {
    inner: Box<dyn Write + Send>,
    wrote: bool,
    /// What is written before the next bytes.
    separator: &'static str,
}

impl Write for Parted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !bytes.is_empty() {
            self.wrote = true;
            self.inner.write_all(std::mem::take(&mut self.separator).as_bytes())?;
        }
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl Stdout {
    /// Wraps a writer; `terminal` says whether it is one.
    pub fn new(inner: impl Write + Send + 'static, terminal: bool) -> Self {
        let inner = Parted { inner: Box::new(inner), wrote: false, separator: "" };
        Self { inner, tame: terminal.then(sanitize::Stream::default) }
    }

    /// Returns whether anything was written.
    pub fn wrote(&self) -> bool {
        self.inner.wrote
    }

    /// Has `text` stand between what was written and what will be, if there is something of both.
    pub fn separate(&mut self, text: &'static str) {
        self.inner.separator = if self.inner.wrote { text } else { "" };
    }

    /// Lets every byte through from here on: a person asked for it with a flag of its own (`decode --reveal`).
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
