//! The objects of all sources, in order, of which only some are in memory.
//!
//! [`Queue::read`] reads a source to its end before the first object is needed, since some of it is reported before any
//! work: how many objects there are, and those of other kinds. It holds the first objects and only counts the others;
//! these are read again in their turn, by the same code from the same place.

#[cfg(test)]
mod tests;

use std::{collections::VecDeque, ffi::OsString, fmt, fs::File, path::PathBuf, rc::Rc, sync::Arc};

use super::{
    Document,
    object::{Found, Select},
    reading::{self, Input, Named, Reader, Stamp},
};
use error::{Error, Result};
use guard::Pieces;
use yaml::read::Place;

/// The most objects that are held. Why so many: nearly all manifests have fewer, and nothing of them is read twice.
const OBJECTS: usize = 2000;
/// The bytes of text from which on no more objects are held.
const BYTES: u64 = 2 << 20;

/// The objects that were named, in order, with an error in the position of each that cannot be read. Its length counts
/// the errors, too.
#[derive(Default)]
pub struct Queue {
    /// The next objects.
    held: VecDeque<Result<Document>>,
    /// The bytes of text of the objects that were held at first.
    bytes: u64,
    /// The sources of the objects after them.
    rest: VecDeque<Rest>,
    /// The number of objects.
    left: usize,
    excluded: usize,
    how: How,
}

/// How objects are read.
#[derive(Default)]
pub(super) struct How {
    /// The directory that paths are relative to.
    pub base: PathBuf,
    /// Whether a missing `kind` or `apiVersion` is an error.
    pub validate: bool,
    /// Whether objects of other kinds are no errors.
    pub passes_foreign: bool,
    /// Selects objects; `None` selects all.
    pub select: Option<Rc<Select>>,
}

impl Queue {
    /// Returns a queue without objects.
    pub(super) fn new(how: How) -> Self {
        Self { how, ..Self::default() }
    }

    /// Adds what is in no source.
    pub(super) fn hold(&mut self, results: impl IntoIterator<Item = Result<Document>>) {
        let before = self.held.len();
        self.held.extend(results);
        self.left += self.held.len() - before;
    }

    /// Adds the objects of a kustomization that was built.
    pub(super) fn built(&mut self, documents: impl IntoIterator<Item = Document>) {
        let mut found = Found { select: self.how.select.clone(), ..Found::default() };
        documents.into_iter().for_each(|document| found.select(document));
        let Found { documents, excluded, .. } = found;
        self.excluded += excluded;
        self.hold(documents);
    }

    /// Adds the error of a source.
    pub(super) fn fail(&mut self, error: Error) {
        match self.rest.is_empty() {
            true => self.hold([Err(error)]),
            false => {
                self.left += 1;
                self.rest.push_back(Rest { left: 1, ..Rest::new(OsString::new(), Again::Failed(error)) });
            }
        }
    }

    /// Reads a source to its end, or to its first error of syntax or validation. `file` is its state, if it can be read
    /// again by its name. `foreign` receives objects of other kinds.
    pub(super) fn read(
        &mut self,
        name: OsString,
        reader: Input<'_>,
        file: Option<Stamp>,
        foreign: Option<&mut dyn FnMut(Document)>,
    ) {
        let mut found = Found { foreign, select: self.how.select.clone(), ..Found::default() };
        let path = name.to_string_lossy().into_owned();
        let mut reader = Reader::new(reader, Place::default(), path, self.how.validate);
        let mut rest = None;
        loop {
            let place = reader.place();
            if rest.is_none() && self.is_full() {
                let again = match file.filter(|_| !place.converted) {
                    Some(stamp) => Again::File(stamp),
                    None => {
                        reader.keep();
                        Again::Text(Pieces::default())
                    }
                };
                rest = Some(Rest { place, ..Rest::new(name.clone(), again) });
            }
            if !reader.next(&mut found) {
                break;
            }
            match &mut rest {
                Some(rest) => {
                    rest.left += found.documents.len();
                    found.documents.clear();
                }
                None => {
                    self.bytes += reader.place().offset - place.offset;
                    self.hold(found.documents.drain(..));
                }
            }
        }
        self.excluded += found.excluded;
        if let Some(mut rest) = rest.filter(|rest| rest.left > 0) {
            self.left += rest.left;
            if let (Again::Text(text), Some(kept)) = (&mut rest.again, reader.kept()) {
                *text = kept;
            }
            self.rest.push_back(rest);
        }
    }

    fn is_full(&self) -> bool {
        self.held.len() >= OBJECTS || self.bytes >= BYTES
    }

    /// Returns the number of objects that were read and not selected.
    pub fn excluded(&self) -> usize {
        self.excluded
    }
}

impl Iterator for Queue {
    type Item = Result<Document>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.held.is_empty() {
            let rest = self.rest.front_mut()?;
            match rest.read(&self.how) {
                Ok(documents) => {
                    rest.left -= documents.len();
                    self.held.extend(documents);
                }
                Err(error) => {
                    self.left -= rest.left - 1;
                    rest.left = 0;
                    self.held.push_back(Err(error));
                }
            }
            if rest.left == 0 {
                self.rest.pop_front();
            }
        }
        self.left -= 1;
        self.held.pop_front()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

/// The length is what is left. It shrinks by more than one if a source has changed: one error stands for its objects.
impl ExactSizeIterator for Queue {}

impl From<Vec<Result<Document>>> for Queue {
    fn from(documents: Vec<Result<Document>>) -> Self {
        Self { left: documents.len(), held: documents.into(), ..Self::default() }
    }
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Queue({} objects)", self.left)
    }
}

/// The rest of a source.
struct Rest {
    name: OsString,
    again: Again,
    place: Place,
    /// The number of objects.
    left: usize,
    /// What it is read from, once it is being read.
    open: Option<Box<Open>>,
}

/// How a source is read again.
enum Again {
    /// By its name, if it is still in this state.
    File(Stamp),
    /// From what was kept of it.
    Text(Pieces),
    /// Not at all.
    Failed(Error),
}

/// A source that is being read again.
struct Open {
    reader: Reader<'static>,
    file: Option<Arc<File>>,
}

impl Rest {
    fn new(name: OsString, again: Again) -> Self {
        Self { name, again, place: Place::default(), left: 0, open: None }
    }

    /// Reads the objects of one or more documents: at least one object, at most those that are left.
    ///
    /// # Errors
    /// Why nothing more can be read: the file is not as it was.
    fn read(&mut self, how: &How) -> Result<Vec<Result<Document>>> {
        let mut open = match self.open.take() {
            Some(open) => open,
            None => Box::new(self.open(how)?),
        };
        let mut ignore = |_| {};
        let mut found = Found {
            foreign: how.passes_foreign.then_some(&mut ignore),
            select: how.select.clone(),
            ..Found::default()
        };
        while found.documents.is_empty() && open.reader.next(&mut found) {}
        // Invariant: the objects are as many as were counted. What follows the last one is read, too.
        while found.documents.len() == self.left && open.reader.next(&mut found) {}
        let is_same = match (&self.again, &open.file) {
            (Again::File(stamp), Some(file)) => Stamp::of(file) == Some(*stamp),
            _ => true,
        };
        if !is_same || found.documents.is_empty() || found.documents.len() > self.left {
            return Err(self.lost(format_args!("{} has changed since it was first read", self.name.display())));
        }
        self.open = Some(open);
        Ok(found.documents)
    }

    fn open(&mut self, how: &How) -> Result<Open> {
        let path = self.name.to_string_lossy().into_owned();
        let (place, validate) = (self.place, how.validate);
        let reader = |reader, path| Reader::new(reader, place, path, validate);
        match &mut self.again {
            Again::File(_) => {
                let file = reading::open_at(&how.base.join(&self.name), self.place.offset)
                    .map_err(|error| self.lost(format_args!("open {path}: {}", go::errno::text(&error))))?;
                let file = Arc::new(file);
                let named = Named { file: Arc::clone(&file), path: path.clone() };
                Ok(Open { reader: reader(Input::new(named), path), file: Some(file) })
            }
            Again::Text(text) => Ok(Open { reader: reader(Input::new(std::mem::take(text)), path), file: None }),
            Again::Failed(error) => Err(error.clone()),
        }
    }

    /// Returns the error that stands for the objects that are left.
    fn lost(&self, why: fmt::Arguments<'_>) -> Error {
        Error::new(match self.left {
            1 => format!("{why}: its last object is left alone"),
            left => format!("{why}: its last {left} objects are left alone"),
        })
    }
}
