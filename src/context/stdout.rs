//! Standard output: bytes as they are to a pipe or a file, harmless text to a terminal.

use std::io::{self, Write};

use crate::secret::sanitize;

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
    inner: Box<dyn Write + Send>,
    /// What makes text harmless, where a terminal shows it.
    tame: Option<sanitize::Stream>,
}

impl Stdout {
    /// Wraps a writer; `terminal` says whether it is one.
    pub fn new(inner: impl Write + Send + 'static, terminal: bool) -> Self {
        Self { inner: Box::new(inner), tame: terminal.then(sanitize::Stream::default) }
    }

    /// Lets every byte through from here on: a person asked for it with a flag of its own (`decode --reveal`).
    pub fn reveal(&mut self) {
        self.tame = None;
    }
}

impl Out for Stdout {
    fn styled(&mut self) -> &mut dyn Write {
        &mut *self.inner
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
