//! Files that are named in flags, variables and configurations. They are read with limits of size and time, whatever
//! they are.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{self, Read},
    os::unix::fs::{FileTypeExt as _, OpenOptionsExt as _},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use rustix::fs::OFlags;
use zeroize::Zeroize as _;

/// The time limit for reading a pipe or a device that was named as a file. Why so long: process substitution (`<(sops
/// -d config)`) may prompt the user first.
const SLOW_FILE: Duration = Duration::from_secs(60);
/// How long a FIFO may have no writer.
const NO_WRITER: Duration = Duration::from_secs(5);
/// How long to sleep between two reads of a pipe that has no data.
const PAUSE: Duration = Duration::from_millis(5);

/// Opens a file, a pipe or a device for reading, without blocking on a FIFO that has no writer.
///
/// # Errors
/// The system's. Reading fails with `TimedOut` if it takes longer than [`SLOW_FILE`] in all.
pub fn open(path: &Path) -> io::Result<(Opened, Metadata)> {
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let metadata = file.metadata()?;
    let awaited = metadata.file_type().is_fifo();
    Ok((Opened { file, begun: Instant::now(), awaited }, metadata))
}

/// Reads the whole file at `path`, of at most `limit` bytes.
///
/// # Errors
/// As [`open`]; a file that is larger than `limit`.
pub fn read_file(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    let (file, metadata) = open(path)?;
    whole(file, &metadata, limit)
}

fn whole(file: impl Read, metadata: &Metadata, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let result = guard::bounded::read(file, metadata.len(), limit, &mut bytes);
    if let Err(error) = result {
        bytes.zeroize();
        return Err(error);
    }
    match bytes.len() > limit {
        true => {
            bytes.zeroize();
            Err(too_large(limit))
        }
        false => Ok(bytes),
    }
}

/// Opens a regular file. Invariant: nothing else is opened, and no link is followed.
///
/// # Errors
/// The system's; `InvalidInput` if it is not a regular file.
pub fn open_regular(path: &Path) -> io::Result<(File, Metadata)> {
    let no_file = || io::Error::new(io::ErrorKind::InvalidInput, "not a regular file");
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(no_file());
    }
    // Why: the file may have been replaced since it was checked. With these flags a FIFO does not block, and a link is
    // not followed.
    let flags = (OFlags::NONBLOCK | OFlags::NOFOLLOW).bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_file() { Ok((file, metadata)) } else { Err(no_file()) }
}

/// Reads a regular file of at most `limit` bytes.
///
/// # Errors
/// As [`open_regular`]; a file that is larger than `limit`.
pub fn read_regular(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    let (file, metadata) = open_regular(path)?;
    whole(file, &metadata, limit)
}

/// Returns the error for a file of more than `limit` bytes.
pub fn too_large(limit: usize) -> io::Error {
    let text = match limit {
        0..0x10_0000 => format!("it is larger than {} KiB", limit >> 10),
        _ => format!("it is larger than {} MiB", limit >> 20),
    };
    io::Error::other(text)
}

/// An open file whose reads end within a time limit.
pub struct Opened {
    file: File,
    begun: Instant,
    /// Whether it is a FIFO that has had no data so far. Then an end of file may mean that its writer has not opened it
    /// yet.
    awaited: bool,
}

impl Read for Opened {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let limit = match self.file.read(buffer) {
                Ok(0) if self.awaited && !buffer.is_empty() => NO_WRITER,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => SLOW_FILE,
                result => {
                    self.awaited = false;
                    return result;
                }
            };
            if self.begun.elapsed() > limit {
                let text = format!("nothing was written to it for {} s", limit.as_secs());
                return Err(io::Error::new(io::ErrorKind::TimedOut, text));
            }
            thread::sleep(PAUSE);
        }
    }
}
