//! Reading of one source: a file, a stream, a text.

use std::{
    fs::File,
    io::{self, Read, Seek as _, SeekFrom},
    os::unix::fs::MetadataExt as _,
    path::Path,
    sync::Arc,
};

use super::object::{self, Found};
use error::Error;
use guard::Pieces;
use yaml::read::{Documents, Place};

/// What a source is read from. It keeps what is read, if it is told to.
pub(super) struct Input<'a> {
    reader: Box<dyn Read + 'a>,
    kept: Option<Pieces>,
}

impl<'a> Input<'a> {
    /// Wraps a reader. Why one type for all: a reader of documents is compiled for each type anew.
    pub fn new(reader: impl Read + 'a) -> Self {
        Self { reader: Box::new(reader), kept: None }
    }
}

impl Read for Input<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer);
        match (&read, &mut self.kept) {
            (Ok(count), Some(kept)) => kept.add(buffer.get(..*count).unwrap_or_default()),
            (Err(error), Some(kept)) if error.kind() != io::ErrorKind::Interrupted => kept.fail(same(error)),
            _ => {}
        }
        read
    }
}

/// Returns an error with the same text.
fn same(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}

/// The objects of one source, a document at a time.
pub(super) struct Reader<'a> {
    documents: Documents<Input<'a>>,
    path: String,
    validate: bool,
    ended: bool,
}

impl<'a> Reader<'a> {
    /// Reads a source from `place` on, where `reader` begins. `path` is its name in errors.
    pub fn new(reader: Input<'a>, place: Place, path: String, validate: bool) -> Self {
        let documents = Documents::resume(reader, place);
        Self { documents, path, validate, ended: false }
    }

    /// Returns where the next document begins.
    pub fn place(&self) -> Place {
        self.documents.place()
    }

    /// Keeps the text from here on, to be read again.
    pub fn keep(&mut self) {
        let mut kept = Pieces::default();
        self.documents.ahead().into_iter().for_each(|bytes| kept.add(bytes));
        self.documents.reader_mut().kept = Some(kept);
    }

    /// Returns the text that was kept.
    pub fn kept(mut self) -> Option<Pieces> {
        self.documents.reader_mut().kept.take()
    }

    /// Reads the next document and adds its objects; adds the error of syntax or validation, after which there are no
    /// more. Returns `false` at the end.
    pub fn next(&mut self, found: &mut Found<'_>) -> bool {
        let (false, Some(parsed)) = (self.ended, self.documents.next()) else { return false };
        let path = &self.path;
        let parsed = match parsed {
            Ok(parsed) => parsed,
            Err(error) => {
                let shown = Error::new(format_args!("error parsing {path}: {}", error.text()));
                found.documents.push(Err(match error.hint(path) {
                    Some(hint) => shown.hint(hint),
                    None => shown,
                }));
                return true;
            }
        };
        match self.validate.then(|| object::validate(&parsed, path)) {
            Some(Err(error)) => {
                self.ended = true;
                found.documents.push(Err(error));
            }
            _ => object::take_apart(parsed, path, found),
        }
        true
    }
}

/// A file whose read errors contain its name, as Go's do.
pub(super) struct Named {
    pub file: Arc<File>,
    pub path: String,
}

impl Read for Named {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        (&*self.file).read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            _ => io::Error::other(format!("read {}: {}", self.path, go::errno::text(&error))),
        })
    }
}

/// The state of a regular file, by which a change is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    device: u64,
    inode: u64,
    length: u64,
    modified: (i64, i64),
}

impl Stamp {
    /// Returns the state of a file; `None` if it cannot be read twice. Why not if it is empty: the files of `/proc` say
    /// so too, and have another content each time.
    pub fn of(file: &File) -> Option<Self> {
        let state = file.metadata().ok().filter(|state| state.is_file() && state.len() > 0)?;
        let modified = (state.mtime(), state.mtime_nsec());
        Some(Self { device: state.dev(), inode: state.ino(), length: state.len(), modified })
    }
}

/// Opens a file to be read from this offset on.
pub(super) fn open_at(path: &Path, offset: u64) -> io::Result<File> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    Ok(file)
}
