//! `--from-file`: a file under its own name or a given key, or the regular files of a directory.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::Path,
};

use crate::{
    context::Env,
    error::{Error, Result},
    secret::Value,
};

/// No Secret is larger than 1 MiB and no request than 3 MiB; kubectl's client-side dry run accepts more than the former,
/// so reading stops at the latter: enough for everything that any server takes, and an end to `/dev/zero`.
pub const LONGEST: u64 = 3 * 1024 * 1024;

/// Why a file could not be read.
#[derive(Debug)]
pub enum ReadError {
    /// The system says so.
    Io(io::Error),
    /// It is longer than any request to an API server.
    TooLong,
}

/// Reads a whole file, a FIFO or a device, up to the size of a request (3 MiB).
///
/// # Errors
/// [`ReadError`]; for a directory the system's own.
pub fn read_file(path: &Path) -> Result<Value, ReadError> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(ReadError::Io)?;
    file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(ReadError::Io)?;
    let value = Value::new(bytes);
    if value.len() as u64 > LONGEST { Err(ReadError::TooLong) } else { Ok(value) }
}

/// Adds the entries of one `[KEY=]PATH`.
pub fn collect(source: &str, env: &Env, entries: &mut Vec<(String, Value)>) -> Result<()> {
    let (key, path) = parse(source)?;
    let full = env.cwd().join(path);
    let metadata = fs::metadata(&full).map_err(|error| reading(path, &error))?;
    if !metadata.is_dir() {
        entries.push((key.to_owned(), read(&full, path)?));
        return Ok(());
    }
    if source.contains('=') {
        return Err(Error::new("cannot give a key name for a directory path"));
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(&full).map_err(|error| reading(path, &error))? {
        let entry = entry.map_err(|error| reading(path, &error))?;
        // Links, directories, FIFOs and sockets are passed over, as kubectl does: only what is regular in itself counts.
        if entry.file_type().map_err(|error| reading(path, &error))?.is_file() {
            names.push(entry.file_name());
        }
    }
    names.sort();
    for name in names {
        let shown = format!("{}/{}", path.trim_end_matches('/'), name.to_string_lossy());
        let value = read(&full.join(&name), &shown)?;
        let name = name.into_string().map_err(|_| Error::new(format!("the name of {shown} is not UTF-8")))?;
        entries.push((name, value));
    }
    Ok(())
}

/// The key and the path of a source (`generate.ParseFileSource`).
fn parse(source: &str) -> Result<(&str, &str)> {
    match source.matches('=').count() {
        0 => Ok((base(source), source)),
        1 if source.starts_with('=') => Err(Error::new(format!("key name for file path {} missing", &source[1..]))),
        1 if source.ends_with('=') => {
            Err(Error::new(format!("file path for key name {} missing", source.trim_end_matches('='))))
        }
        1 => Ok(source.split_once('=').unwrap_or_default()),
        _ => Err(Error::new("key names or file paths cannot contain '='")),
    }
}

/// Go's `path.Base`.
fn base(path: &str) -> &str {
    match path.trim_end_matches('/') {
        "" if path.is_empty() => ".",
        "" => "/",
        trimmed => trimmed.rsplit('/').next().unwrap_or(trimmed),
    }
}

fn read(full: &Path, shown: &str) -> Result<Value> {
    read_file(full).map_err(|error| match error {
        ReadError::Io(error) => reading(shown, &error),
        ReadError::TooLong => Error::new(format!("error reading {shown}: it is longer than 3 MiB"))
            .hint("a Secret holds at most 1 MiB of values"),
    })
}

/// A failed read in kubectl's words: `error reading absent.txt: no such file or directory`.
pub fn reading(path: &str, error: &io::Error) -> Error {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default().to_lowercase();
    Error::new(format!("error reading {path}: {text}"))
}

#[cfg(test)]
mod tests {
    use super::{base, parse};

    #[test]
    fn sources_are_taken_apart_as_kubectl_does() {
        assert_eq!(parse("a/b.txt").unwrap(), ("b.txt", "a/b.txt"));
        assert_eq!(parse("k=a/b.txt").unwrap(), ("k", "a/b.txt"));
        assert_eq!(parse("=f").unwrap_err().to_string(), "error: key name for file path f missing");
        assert_eq!(parse("k=").unwrap_err().to_string(), "error: file path for key name k missing");
        assert_eq!(parse("a=b=c").unwrap_err().to_string(), "error: key names or file paths cannot contain '='");
        assert_eq!(base("dir/"), "dir");
        assert_eq!(base("/"), "/");
    }
}
