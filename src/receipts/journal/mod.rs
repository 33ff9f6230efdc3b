//! The journal: what this user's writes have changed, encrypted, so that they can be undone.
//!
//! Files: `journal/SECRET/NUMBER` in the data directory, 0600 in 0700, one a write: 12 bytes of nonce, then AES-256-GCM of
//! JSON. SECRET is made from server, namespace and name by the key, which is in `journal.key` beside it. A file gets its
//! name when it is whole, so that a crash and a full disk leave earlier entries as they are.

pub mod entry;

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use ring::hmac;

use self::entry::Entry;
use crate::{
    context::files,
    private::{
        hex, key,
        seal::{Sealed, Sealer},
    },
};

/// How many writes of one Secret are kept.
const KEPT: u64 = 100;
/// The most that is read of an entry: a Secret of 1.5 MiB twice, in base64.
const LIMIT: usize = 16 << 20;
/// How long a file may be on its way to its name.
const UNFINISHED: Duration = Duration::from_secs(3600);
/// How often another process may take the number first.
const TRIES: u32 = 1000;

/// The journal of this user.
pub struct Journal {
    dir: PathBuf,
    sealer: Sealer,
    names: hmac::Key,
}

/// The writes of one Secret.
pub struct History<'a> {
    journal: &'a Journal,
    dir: PathBuf,
    /// The name of the directory, which each entry is bound to.
    id: String,
}

/// A Secret of a server.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Subject<'a> {
    pub server: &'a str,
    pub namespace: &'a str,
    pub name: &'a str,
}

impl Journal {
    /// Opens the journal, and makes its directory and its key if there are none.
    ///
    /// # Errors
    /// As [`key::read_or_make`], with the file.
    pub fn make(data: &Path) -> Result<Self, (PathBuf, io::Error)> {
        Self::with(data, key::read_or_make)
    }

    /// Opens the journal if there is one.
    ///
    /// # Errors
    /// As [`key::read`], with the file.
    pub fn existing(data: &Path) -> Result<Option<Self>, (PathBuf, io::Error)> {
        match Self::with(data, key::read) {
            Err((_, error)) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            other => other.map(Some),
        }
    }

    fn with(data: &Path, key: impl FnOnce(&Path) -> io::Result<key::Key>) -> Result<Self, (PathBuf, io::Error)> {
        let (dir, path) = (data.join("journal"), data.join("journal.key"));
        let opened = key(&path).and_then(|key| {
            let names = hmac::Key::new(hmac::HMAC_SHA256, &*key);
            Ok((Sealer::new(&key)?, names))
        });
        let (sealer, names) = opened.map_err(|error| (path, error))?;
        key::make_dir(&dir).map_err(|error| (dir.clone(), error))?;
        Ok(Self { dir, sealer, names })
    }

    /// Returns the writes of a Secret.
    pub fn of(&self, subject: Subject<'_>) -> History<'_> {
        let parts = ["ksecret/journal/v1 name", subject.server, subject.namespace, subject.name];
        let tag = hmac::sign(&self.names, parts.join("\0").as_bytes());
        let id = hex(tag.as_ref().get(..16).unwrap_or_default());
        History { journal: self, dir: self.dir.join(&id), id }
    }
}

impl History<'_> {
    /// Adds an entry, and removes those that are too old to be kept.
    ///
    /// # Errors
    /// The system's; then all entries are as they were.
    pub fn append(&self, entry: &Entry) -> io::Result<()> {
        key::make_dir(&self.dir)?;
        let mut numbers = self.numbers()?;
        for _ in 0..TRIES {
            let number = numbers.last().map_or(1, |last| last + 1);
            let Sealed { nonce, text } = self.journal.sealer.seal(entry.to_bytes(), &self.place(number))?;
            let part = self.dir.join(format!(".{}", hex(&nonce)));
            let written = key::write_new(&part, &[&nonce, &text]);
            let linked = written.and_then(|()| fs::hard_link(&part, self.path(number)));
            let _ = fs::remove_file(&part);
            match linked {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => numbers = self.numbers()?,
                Err(error) => return Err(error),
                Ok(()) => {
                    self.prune(number);
                    return Ok(());
                }
            }
        }
        Err(io::Error::other("too many processes write to it"))
    }

    /// Returns the numbers of the entries, in their order.
    ///
    /// # Errors
    /// A directory that cannot be read; that there is none is no error.
    pub fn numbers(&self) -> io::Result<Vec<u64>> {
        let entries = match fs::read_dir(&self.dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other?,
        };
        let mut numbers: Vec<u64> =
            entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// Reads an entry; `None` if it is damaged.
    ///
    /// # Errors
    /// The system's.
    pub fn read(&self, number: u64) -> io::Result<Option<Entry>> {
        let sealed = files::read_regular(&self.path(number), LIMIT)?;
        let text = self.journal.sealer.open(&sealed, &self.place(number));
        Ok(text.and_then(|text| Entry::from_bytes(&text)))
    }

    fn path(&self, number: u64) -> PathBuf {
        self.dir.join(format!("{number:010}"))
    }

    /// Returns what an entry is bound to. Why: with files that have changed places, `undo` would write another's data.
    fn place(&self, number: u64) -> Vec<u8> {
        format!("ksecret/journal/v1 {}/{number}", self.id).into_bytes()
    }

    /// Removes what is too old, and what processes that ended early have left.
    fn prune(&self, last: u64) {
        for entry in fs::read_dir(&self.dir).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            let is_left = || {
                let modified = entry.metadata().and_then(|found| found.modified());
                modified.is_ok_and(|time| time.elapsed().is_ok_and(|age| age > UNFINISHED))
            };
            let is_old = name.parse().is_ok_and(|number: u64| number.saturating_add(KEPT) <= last);
            if is_old || name.starts_with('.') && is_left() {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

#[cfg(test)]
mod tests;
