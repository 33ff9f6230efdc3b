//! Files and directories named on the command line.

use std::{
    ffi::{OsStr, OsString},
    fs::{File, Metadata},
    io,
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
};

use go::quote::quote_bytes;

use super::sops::{self, Format};
use crate::{
    context::{Env, files},
    error::{Error, Result},
    secret::{
        Value,
        build::{Entries, check_key},
    },
};
use go::errno;

/// The most that the files of one command may hold together. Why: kube-apiserver accepts no larger request (3 MiB).
pub const MAX_BYTES: usize = 3 * 1024 * 1024;

/// Why a file could not be read.
#[derive(Debug)]
pub enum ReadError {
    /// An error of the system.
    Io(io::Error),
    /// The file is larger than any request to an API server may be.
    TooLong,
}

/// Reads files, and counts the bytes, which [`MAX_BYTES`] bounds for all together.
pub(super) struct Reader<'a> {
    env: &'a Env,
    left: usize,
    /// Whether the newline at the end of a file is removed from its value.
    strip_newline: bool,
    /// Whether files that sops has encrypted are decrypted.
    decrypt: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(env: &'a Env, strip_newline: bool, decrypt: bool) -> Self {
        Self { env, left: MAX_BYTES, strip_newline, decrypt }
    }

    /// Adds the entries of `[key=]path`: of a file, or of the regular files in a directory.
    pub(super) fn add_source(&mut self, source: &OsStr, entries: &mut Entries) -> Result<()> {
        let (key, path) = split_source(source)?;
        let metadata = stat(self.env, path)?;
        if !metadata.is_dir() {
            let value = self.read(path)?;
            let value = self.stripped(self.decrypted(value, path, None)?);
            let key = key.map_or_else(|| base_name(path), Ok)?;
            return entries.add(key, value).map_err(Error::new);
        }
        if key.is_some() {
            return Err(Error::new("cannot give a key name for a directory path"));
        }
        self.add_directory(path, entries)
    }

    /// Adds the regular files of a directory, in the order of their names. Everything else is ignored, as in kubectl:
    /// directories, symlinks, FIFOs, sockets, devices.
    fn add_directory(&mut self, path: &OsStr, entries: &mut Entries) -> Result<()> {
        let directory = path;
        let path = path.display();
        let names = regular_files(&resolve(self.env, directory))
            .map_err(|e| Error::new(format_args!("error listing files in {path}: open {path}: {}", errno::text(&e))))?;
        let names = names.iter().map(|name| name.to_string_lossy()).collect::<Vec<_>>();
        // Why all at once: kubectl names only the first invalid file name, and the next one after that is corrected.
        let wrong = names.iter().filter_map(|name| check_key(name).err()).map(Error::new).collect::<Vec<_>>();
        if !wrong.is_empty() {
            return Err(Error::many(wrong));
        }
        for name in names {
            let path = Path::new(directory).join(&*name);
            match files::open_regular(&resolve(self.env, path.as_os_str())) {
                Ok((file, _)) => {
                    let value = self.read_open(file, path.as_os_str())?;
                    let value = self.stripped(self.decrypted(value, path.as_os_str(), None)?);
                    entries.add(name, value).map_err(Error::new)?;
                }
                // The entry was a regular file when the directory was listed, and no longer is.
                Err(e) if e.kind() == io::ErrorKind::InvalidInput => {}
                Err(e) => return Err(Error::new(format_args!("open {}: {}", path.display(), errno::text(&e)))),
            }
        }
        Ok(())
    }

    /// Reads an env file.
    pub(super) fn read_env_file(&mut self, path: &OsStr) -> Result<Value> {
        if stat(self.env, path)?.is_dir() {
            return Err(Error::new("env secret file cannot be a directory"));
        }
        self.read_as(path, Format::Dotenv)
    }

    /// Reads a file of a known format.
    pub(super) fn read_as(&mut self, path: &OsStr, format: Format) -> Result<Value> {
        let text = self.read(path)?;
        self.decrypted(text, path, Some(format))
    }

    /// Returns a file as sops decrypts it, if decryption was asked for. Without `format` the file's name tells it.
    pub(super) fn decrypted(&self, text: Value, path: &OsStr, format: Option<Format>) -> Result<Value> {
        let path = path.to_string_lossy();
        match self.decrypt {
            true => sops::decrypt(text, format.unwrap_or_else(|| Format::of(&path)), &path, self.env),
            false if format.is_some() && sops::is_encrypted(text.expose()) => Err(sops::refused(&path)),
            false => Ok(text),
        }
    }

    fn stripped(&self, value: Value) -> Value {
        if self.strip_newline { value.without_newline() } else { value }
    }

    /// Reads a file, a FIFO or a device.
    fn read(&mut self, path: &OsStr) -> Result<Value> {
        let file = File::open(resolve(self.env, path))
            .map_err(|e| Error::new(format_args!("open {}: {}", path.display(), errno::text(&e))))?;
        self.read_open(file, path)
    }

    fn read_open(&mut self, file: File, path: &OsStr) -> Result<Value> {
        let path = path.display();
        let value = read_bounded(file, self.left).map_err(|e| match e {
            ReadError::Io(e) => Error::new(format_args!("read {path}: {}", errno::text(&e))),
            ReadError::TooLong => {
                Error::new(format_args!("error reading {path}: more than 3 MiB in all, and no request may be larger"))
                    .hint("a Secret holds at most 1 MiB of values")
            }
        })?;
        self.left -= value.len();
        Ok(value)
    }
}

/// Reads a whole file, a FIFO or a device.
///
/// # Errors
/// An error of the system, or more than [`MAX_BYTES`].
pub fn read_file(path: &Path) -> Result<Value, ReadError> {
    read_bounded(File::open(path).map_err(ReadError::Io)?, MAX_BYTES)
}

fn read_bounded(file: File, limit: usize) -> Result<Value, ReadError> {
    let size = file.metadata().map_or(0, |m| m.len());
    let mut bytes = Vec::new();
    let result = guard::bounded::read(file, size, limit, &mut bytes);
    let value = Value::new(bytes);
    result.map_err(ReadError::Io)?;
    if value.len() > limit { Err(ReadError::TooLong) } else { Ok(value) }
}

/// Splits `[key=]path`.
fn split_source(source: &OsStr) -> Result<(Option<&str>, &OsStr)> {
    let Some((key, path)) = split_key(source) else {
        return Ok((None, source));
    };
    if path.as_bytes().contains(&b'=') {
        return Err(Error::new("key names or file paths cannot contain '='"));
    }
    match (key.is_empty(), path.is_empty()) {
        (true, _) => Err(Error::new(format_args!("key name for file path {} missing", path.display()))),
        (_, true) => Err(Error::new(format_args!("file path for key name {} missing", key.display()))),
        _ => Ok((Some(key_text(key)?), path)),
    }
}

/// Returns a key as text.
///
/// # Errors
/// A key that is not UTF-8; no such key is valid.
pub(super) fn key_text(key: &OsStr) -> Result<&str> {
    key.to_str().ok_or_else(|| {
        let shown = quote_bytes(key.as_bytes(), false);
        Error::new(format_args!("{shown} is not valid key name for a Secret: it is not valid UTF-8"))
    })
}

/// Returns the file name of a path (Go's `path.Base`) as a key.
fn base_name(path: &OsStr) -> Result<&str> {
    let bytes = path.as_bytes();
    let Some(end) = bytes.iter().rposition(|byte| *byte != b'/') else {
        return Ok(if bytes.is_empty() { "." } else { "/" });
    };
    let trimmed = bytes.get(..=end).unwrap_or_default();
    let name = trimmed.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    key_text(OsStr::from_bytes(name)).map_err(|error| error.hint("give the file a key: --from-file=KEY=PATH"))
}

fn stat(env: &Env, path: &OsStr) -> Result<Metadata> {
    std::fs::metadata(resolve(env, path)).map_err(|e| {
        let error = Error::new(format_args!("error reading {}: {}", path.display(), errno::text(&e)));
        if path == "-" { error.hint("standard input is /dev/stdin here: --from-file=KEY=/dev/stdin") } else { error }
    })
}

fn regular_files(path: &Path) -> io::Result<Vec<OsString>> {
    let mut names = Vec::new();
    for item in std::fs::read_dir(path)? {
        let item = item?;
        if item.file_type()?.is_file() {
            names.push(item.file_name());
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Resolves a path against the working directory. Why not an empty one: it must fail as it does in kubectl, and not
/// become the working directory.
fn resolve(env: &Env, path: &OsStr) -> PathBuf {
    if path.is_empty() { PathBuf::new() } else { env.cwd().join(path) }
}

/// Splits `KEY=REST` at the first `=`.
pub fn split_key(text: &OsStr) -> Option<(&OsStr, &OsStr)> {
    let at = text.as_bytes().iter().position(|byte| *byte == b'=')?;
    let (key, rest) = text.as_bytes().split_at(at);
    Some((OsStr::from_bytes(key), OsStr::from_bytes(rest.get(1..).unwrap_or_default())))
}
