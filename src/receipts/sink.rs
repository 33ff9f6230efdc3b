//! Where receipts go.

use std::{
    ffi::OsStr,
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::PathBuf,
};

use go::errno;

use super::receipt::Receipt;
use crate::{
    context::Env,
    error::{Error, Result},
};

/// Standard output, or a file.
pub(super) enum Sink {
    /// Standard output, behind all data.
    Stdout,
    /// A file that grows.
    File(Lines),
}

/// A file that lines are appended to.
pub(super) struct Lines {
    file: File,
    path: PathBuf,
    /// Whether the file ends in the midst of a line, which a full disk may have left.
    is_cut: bool,
}

impl Sink {
    /// Opens what `--receipt` names.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn open(file: &OsStr, env: &Env) -> Result<Self> {
        if file == "-" {
            return Ok(Self::Stdout);
        }
        if file.is_empty() {
            return Err(Error::new("--receipt wants a FILE, or - for standard output"));
        }
        let path = env.cwd().join(file);
        let opened = OpenOptions::new().append(true).create(true).mode(0o600).open(&path);
        let file = opened.map_err(|error| {
            Error::new(format_args!("cannot write receipts to {}: {}", path.display(), errno::text(&error)))
        })?;
        let is_cut = ends_in_a_line(&path);
        Ok(Self::File(Lines { file, path, is_cut }))
    }
}

/// Returns whether the last byte of a regular file is no line feed. One that cannot be read is taken to be whole.
fn ends_in_a_line(path: &std::path::Path) -> bool {
    let last = || -> io::Result<Option<u8>> {
        let (mut file, found) = crate::context::files::open_regular(path)?;
        let mut last = [0];
        if found.len() == 0 {
            return Ok(None);
        }
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        Ok(Some(last[0]))
    };
    matches!(last(), Ok(Some(byte)) if byte != b'\n')
}

impl Lines {
    /// Appends a receipt. Invariant: a line is one write, so that lines of several processes do not mix.
    ///
    /// # Errors
    /// A full disk; the Secret was written.
    pub fn write(&mut self, receipt: &Receipt) -> Result<()> {
        let lead = if std::mem::take(&mut self.is_cut) { "\n" } else { "" };
        let line = format!("{lead}{}", receipt.line());
        self.file.write_all(line.as_bytes()).map_err(|error| {
            self.is_cut = true;
            let (subject, path) = (receipt.subject(), self.path.display());
            Error::new(format_args!("cannot write the receipt of {subject} to {path}: {}", errno::text(&error)))
                .hint("the Secret itself was written")
        })
    }
}
