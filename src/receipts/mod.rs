//! What is told of writes: a receipt for each, and the journal that `history` and `undo` read.
//!
//! [`Receipts`] are those of one run. The client tells of each write ([`Receipts::observer`]), and [`Receipts::finish`] ends
//! them. Nothing is opened, read or asked without `--receipt` and `--journal`.

mod digest;
pub mod journal;
pub mod keys;
mod origin;
mod receipt;
mod sink;

use std::{
    ffi::OsStr,
    fmt, io, mem,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use go::errno;
use jiff::Timestamp;

pub use self::receipt::Hook;
use self::{
    digest::Digester,
    journal::{Journal, Subject, entry::Entry},
    origin::Origin,
    receipt::Receipt,
    sink::Sink,
};
use crate::{
    client::{After, Observer, Written},
    context::{Context, Env},
    error::{Error, Result},
    private::key,
};

/// What is to be told.
pub struct Wanted<'a> {
    /// `--receipt`: a file, or `-` for standard output.
    pub receipt: Option<&'a OsStr>,
    /// `--journal`.
    pub journal: bool,
    /// The verb that writes.
    pub verb: &'a str,
}

/// The receipts and the journal of one run; clones are of the same run. By default nothing is told.
#[derive(Clone, Default)]
pub struct Receipts(Option<Arc<Mutex<Book>>>);

struct Book {
    verb: String,
    receipts: Option<(Digester, Sink)>,
    /// Receipts that wait for the end of the run.
    held: Vec<Receipt>,
    /// Whether all wait, for hooks.
    holds: bool,
    hooks: Vec<Hook>,
    journal: Option<Journal>,
    warnings: Vec<String>,
    failure: Option<Error>,
}

impl Receipts {
    /// Opens what is wanted. Invariant: this is before the first request, so that what cannot be told is not written.
    ///
    /// # Errors
    /// A file, a directory or a key that cannot be used.
    pub fn open(wanted: &Wanted<'_>, env: &Env) -> Result<Self> {
        if wanted.receipt.is_none() && !wanted.journal {
            return Ok(Self::default());
        }
        let data = data_dir(env)?;
        let receipts = wanted.receipt.map(|file| {
            let sink = Sink::open(file, env)?;
            key::make_dir(&data).map_err(|error| unusable(&data, &error))?;
            let path = data.join("receipt.key");
            Ok::<_, Error>((Digester::open(&path).map_err(|error| unusable(&path, &error))?, sink))
        });
        let journal = wanted.journal.then(|| make_journal(&data));
        let book = Book {
            verb: wanted.verb.to_owned(),
            receipts: receipts.transpose()?,
            held: Vec::new(),
            holds: false,
            hooks: Vec::new(),
            journal: journal.transpose()?,
            warnings: Vec::new(),
            failure: None,
        };
        Ok(Self(Some(Arc::new(Mutex::new(book)))))
    }

    /// Returns whether anything is to be told.
    pub fn are_wanted(&self) -> bool {
        self.0.is_some()
    }

    /// Returns what a client of `server` tells of its writes; `None` if nothing is to be told.
    pub fn observer(&self, server: String) -> Option<Observer> {
        let book = Arc::clone(self.0.as_ref()?);
        Some(Box::new(move |written| lock(&book).record(&written, &server)))
    }

    /// Has every receipt wait for the end of the run, for the hooks that follow the writes.
    pub fn wait_for_hooks(&self) {
        self.with(|book| book.holds = true);
    }

    /// Adds what was done after the writes to all receipts that wait.
    pub fn add_hook(&self, hook: Hook) {
        self.with(|book| book.hooks.push(hook));
    }

    /// Writes the receipts that wait, those for standard output behind all data, and says what went wrong with others.
    ///
    /// # Errors
    /// A receipt that could not be written; the Secret was.
    pub fn finish(&self, ctx: &mut Context) -> Result<()> {
        let (lines, warnings, failure) = self.with(Book::end).unwrap_or_default();
        let printed = lines.into_iter().try_for_each(|line| ctx.put(line));
        warnings.into_iter().for_each(|warning| ctx.say(format_args!("warning: {warning}")));
        failure.map_or(printed, Err)
    }

    fn with<T>(&self, work: impl FnOnce(&mut Book) -> T) -> Option<T> {
        self.0.as_ref().map(|book| work(&mut lock(book)))
    }
}

impl fmt::Debug for Receipts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.are_wanted() { "Receipts(..)" } else { "Receipts(none)" })
    }
}

fn lock(book: &Mutex<Book>) -> MutexGuard<'_, Book> {
    book.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Book {
    fn record(&mut self, written: &Written, server: &str) {
        let origin = Origin { time: Timestamp::now(), verb: self.verb.clone(), server: server.to_owned() };
        if let Some((digester, sink)) = &mut self.receipts {
            let receipt = Receipt::of(written, &origin, digester);
            match sink {
                Sink::File(file) if !self.holds => {
                    self.failure = self.failure.take().or(file.write(&receipt).err());
                }
                _ => self.held.push(receipt),
            }
        }
        let Some(journal) = &self.journal else { return };
        let name = &written.name;
        if matches!(written.after, After::Unknown) {
            let line = format!("the journal has no entry of the write to secret/{name}: its answer was lost");
            self.warnings.push(line);
        } else if !written.is_without_effect() {
            let subject = Subject { server, namespace: &written.namespace, name };
            if let Err(error) = journal.of(subject).append(&Entry::of(written, &origin)) {
                self.warnings
                    .push(format!("secret/{name} was written, and the journal was not: {}", errno::text(&error)));
            }
        }
    }

    /// Returns what is left to be printed, and what went wrong.
    fn end(&mut self) -> (Vec<String>, Vec<String>, Option<Error>) {
        let mut lines = Vec::new();
        for mut receipt in mem::take(&mut self.held) {
            receipt.hooks.clone_from(&self.hooks);
            match &mut self.receipts {
                Some((_, Sink::File(file))) => self.failure = self.failure.take().or(file.write(&receipt).err()),
                _ => lines.push(receipt.line()),
            }
        }
        (lines, mem::take(&mut self.warnings), self.failure.take())
    }
}

/// Opens the journal for a command that reads it; `None` if nothing was ever written to it.
///
/// # Errors
/// No data directory; a key that cannot be used.
pub fn read_journal(env: &Env) -> Result<Option<Journal>> {
    Journal::existing(&data_dir(env)?).map_err(|(path, error)| unusable(&path, &error))
}

/// Receipts of entries of the journal.
pub struct Lines(Digester);

impl Lines {
    /// Reads the key of digests, which is made if there is none.
    ///
    /// # Errors
    /// No data directory; a key that cannot be used.
    pub fn open(env: &Env) -> Result<Self> {
        let path = data_dir(env)?.join("receipt.key");
        Digester::open(&path).map(Self).map_err(|error| unusable(&path, &error))
    }

    /// Returns the receipt of an entry, as a line.
    pub fn of(&self, number: u64, entry: &Entry) -> String {
        Receipt::of_entry(number, entry, &self.0).line()
    }
}

fn make_journal(data: &Path) -> Result<Journal> {
    key::make_dir(data).map_err(|error| unusable(data, &error))?;
    Journal::make(data).map_err(|(path, error)| unusable(&path, &error))
}

fn data_dir(env: &Env) -> Result<PathBuf> {
    env.data_dir().ok_or_else(|| Error::new("no place for a key and a journal: neither XDG_DATA_HOME nor HOME is set"))
}

/// Returns the error for a file of ours that cannot be used.
fn unusable(path: &Path, error: &io::Error) -> Error {
    let shown = path.display();
    let text = Error::new(format_args!("cannot use {shown}: {}", errno::text(error)));
    match error.kind() {
        io::ErrorKind::PermissionDenied if path.is_file() => text.hint(format!("chmod 600 {shown}")),
        io::ErrorKind::UnexpectedEof => {
            text.hint(format!("rm {shown} has a new one made; what the old one made can no longer be compared or read"))
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::json;

    use super::*;
    use crate::secret::Object;

    #[test]
    fn receipts_that_wait_have_the_hooks() {
        let dir = tempfile::tempdir().unwrap();
        let env = Env::made([("HOME", dir.path())], dir.path().to_owned());
        let file = dir.path().join("out");
        let receipts =
            Receipts::open(&Wanted { receipt: Some("out".as_ref()), journal: false, verb: "rotate" }, &env).unwrap();
        let observer = receipts.observer("https://s".to_owned()).unwrap();
        let written = |name: &str| {
            let object = Object::new(json!({"metadata": {"name": name}, "data": {"k": "dg=="}}));
            Written { namespace: "n".into(), name: name.into(), before: None, after: After::Object(object) }
        };
        observer(written("a"));
        receipts.wait_for_hooks();
        observer(written("b"));
        let lines = || -> Vec<String> { fs::read_to_string(&file).unwrap().lines().map(str::to_owned).collect() };
        assert_eq!(lines().len(), 1);
        receipts.add_hook(Hook { step: "test".into(), status: "done".into(), seconds: 1.5 });
        receipts.with(Book::end);
        let [first, second] = lines().try_into().unwrap();
        assert!(first.ends_with(r#""hooks":[]}"#), "{first}");
        assert!(second.ends_with(r#""hooks":[{"step":"test","status":"done","seconds":1.5}]}"#), "{second}");
        assert!(Receipts::default().observer(String::new()).is_none());
    }
}
