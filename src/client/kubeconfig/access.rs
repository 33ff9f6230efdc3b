//! Which kubeconfig files are meant, what they say together, and which of them a change is written to: clientcmd's
//! `PathOptions` and `ModifyConfig`. The one place from which a kubeconfig is changed.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use serde_json::Value as Json;

use super::{
    document::{Document, Written},
    list::List,
    merged::{Entry, Merged},
    paths,
    store::{Lock, Refused, Target},
};
use crate::failure::{Failure, Result};
use environment::Env;

/// Whether the paths of an entry that is written are made relative to its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paths {
    /// They are, where they lie below it.
    Relative,
    /// They stay as they are.
    AsSet,
}

/// How often a change is tried while others change what it is about.
const ROUNDS: usize = 16;

/// The kubeconfig files that the flags and the environment mean.
pub struct Access<'e> {
    explicit: bool,
    files: Vec<PathBuf>,
    env: &'e Env,
}

/// What was read.
pub struct Loaded {
    /// The files as one.
    pub merged: Merged,
    /// What a person should know about the files.
    pub warnings: Vec<String>,
    documents: Vec<(PathBuf, Document)>,
}

impl<'e> Access<'e> {
    /// Finds the files. `explicit` is `--kubeconfig`.
    pub fn new(explicit: Option<&OsStr>, env: &'e Env) -> Self {
        let explicit = explicit.filter(|path| !path.is_empty());
        Self { explicit: explicit.is_some(), files: super::files(explicit, env), env }
    }

    /// Returns whether `--kubeconfig` names the file.
    pub fn is_explicit(&self) -> bool {
        self.explicit
    }

    /// Reads and merges the files. Those that do not exist are left out, also one that `--kubeconfig` names.
    ///
    /// # Errors
    /// A line for each file that cannot be read, with the line in it where there is one; never a value from it.
    pub fn load(&self) -> Result<Loaded> {
        self.read(super::load_error)
    }

    fn read(&self, failed: fn(&Path, &str) -> String) -> Result<Loaded> {
        let mut loaded = Loaded { merged: Merged::default(), warnings: Vec::new(), documents: Vec::new() };
        let mut errors = Vec::new();
        for name in &self.files {
            match super::settled(&self.place(name), Document::parse) {
                Ok((Ok((document, secrets)), mode)) => {
                    if secrets {
                        loaded.warnings.extend(super::readers(name, mode));
                    }
                    loaded.merged.add(name, &document);
                    loaded.documents.push((name.clone(), document));
                }
                Ok((Err(reason), _)) => errors.push(failed(name, &reason)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => errors.push(failed(name, &super::read_error(name, &error))),
            }
        }
        super::all(errors)?;
        Ok(loaded)
    }

    /// Reads the file that `--kubeconfig` names, which must exist (`config view --merge=false`).
    ///
    /// # Errors
    /// As [`Access::load`], without the words in which kubectl leaves out the file's name.
    pub fn load_explicit(&self) -> Result<Loaded> {
        if let Some(name) = self.files.first()
            && let Err(error) = fs::metadata(self.place(name))
        {
            return Err(Failure::local(super::read_error(name, &error)));
        }
        self.read(|_, reason| reason.to_owned())
    }

    /// Returns the file that new entries go to (`GetDefaultFilename`): of several the first that exists, or else the last.
    pub fn default_file(&self) -> Option<&Path> {
        let exists = |name: &&PathBuf| fs::metadata(self.place(name)).is_ok();
        self.files.iter().find(exists).or(self.files.last()).map(PathBuf::as_path)
    }

    /// Changes the files as `change` changes what they say together. It may run several times: first without a lock, so that
    /// what it refuses touches nothing, and then on what was read under the locks of the files that are written. (kubectl
    /// reads once, before it locks, and takes back what others wrote meanwhile.)
    ///
    /// # Errors
    /// Those of `change`, of [`Access::load`], and a file that cannot be locked or written.
    pub fn modify<T, E: From<Failure>>(
        &self,
        paths: Paths,
        change: impl Fn(&mut Merged) -> Result<T, E>,
    ) -> Result<(T, Vec<String>), E> {
        let mut locks: BTreeMap<PathBuf, Lock> = BTreeMap::new();
        for _ in 0..ROUNDS {
            let loaded = self.load()?;
            let mut new = loaded.merged.clone();
            let outcome = change(&mut new)?;
            let plan = self.plan(&loaded, &new, paths)?;
            if plan.keys().all(|name| locks.contains_key(name)) {
                let mut warnings = loaded.warnings;
                for (name, document) in plan {
                    if let Some(lock) = locks.remove(&name) {
                        warnings.extend(self.write(lock, &name, document)?);
                    }
                }
                warnings.sort();
                warnings.dedup();
                return Ok((outcome, warnings));
            }
            // Invariant: locks are taken in the order of their names, all anew, so that no two processes wait for each other.
            let wanted: Vec<PathBuf> = locks.into_keys().chain(plan.into_keys()).collect();
            locks = self.lock(wanted)?;
        }
        Err(Failure::local("the kubeconfig is changed by other programs all the time").into())
    }

    fn lock(&self, mut names: Vec<PathBuf>) -> Result<BTreeMap<PathBuf, Lock>> {
        names.sort();
        names.dedup();
        let mut locks = BTreeMap::new();
        for name in names {
            let path = self.place(&name);
            let target = Target { path: &path, name: &name };
            if let Ok(metadata) = fs::metadata(&path)
                && !metadata.is_file()
            {
                return Err(Failure::local(format_args!("{} is not a regular file", name.display())));
            }
            locks.insert(name.clone(), Lock::take(target).map_err(refused)?);
        }
        Ok(locks)
    }

    /// Returns the files that differ afterwards, as they are to be (`ModifyConfig`).
    fn plan(&self, old: &Loaded, new: &Merged, paths: Paths) -> Result<BTreeMap<PathBuf, Document>> {
        let mut plan = Plan { access: self, old, files: BTreeMap::new() };
        plan.current_context(&new.current_context)?;
        plan.preferences(new.preferences())?;
        for list in List::ALL {
            let (was, is) = (old.merged.list(list), new.list(list));
            for (name, entry) in is.iter().filter(|(name, entry)| was.get(*name) != Some(*entry)) {
                let entry = entry.written(name).map_err(Failure::local)?;
                if was.get(name) != Some(&entry) {
                    plan.put(list, name, &entry, paths)?;
                }
            }
            for (name, entry) in was.iter().filter(|(name, _)| !is.contains_key(*name)) {
                plan.file(entry.origin())?.remove(list, name);
            }
        }
        Ok(plan.files)
    }

    /// Writes a file; returns warnings if others can read secrets in it, or comments are lost.
    fn write(&self, lock: Lock, name: &Path, document: Document) -> Result<Vec<String>> {
        let path = self.place(name);
        let Written { text, comments_lost } = document.into_text().map_err(Failure::local)?;
        // Invariant: what is written can be read back.
        let (_, secrets) = Document::parse(&text).map_err(Failure::local)?;
        lock.write(Target { path: &path, name }, &text).map_err(refused)?;
        let mode = fs::metadata(&path).map(|metadata| metadata.permissions().mode()).unwrap_or_default();
        let mut warnings = Vec::new();
        if comments_lost {
            warnings.push(format!("kubeconfig {} was written anew, without its comments", name.display()));
        }
        warnings.extend(super::readers(name, mode).filter(|_| secrets));
        Ok(warnings)
    }

    /// Returns where a file is. client-go reads relative names in the working directory.
    fn place(&self, name: &Path) -> PathBuf {
        self.env.cwd().join(name)
    }
}

/// Files that are to be written.
struct Plan<'a> {
    access: &'a Access<'a>,
    old: &'a Loaded,
    files: BTreeMap<PathBuf, Document>,
}

impl Plan<'_> {
    /// Returns the file of that name, or the one that new entries go to.
    fn file(&mut self, name: Option<&Path>) -> Result<&mut Document> {
        let name = match name.or(self.access.default_file()) {
            Some(name) => name.to_owned(),
            None => {
                let hint = "set HOME or KUBECONFIG, or name it with --kubeconfig";
                return Err(Failure::local("there is no kubeconfig to write to").hint(hint));
            }
        };
        let document = match self.old.documents.iter().find(|(known, _)| *known == name) {
            Some((_, document)) if document.has_more() => {
                return Err(Failure::local(format_args!(
                    "{} holds more than one document, of which only the first is read: the others would be lost",
                    name.display()
                )));
            }
            Some((_, document)) => document.clone(),
            None => Document::empty(),
        };
        Ok(self.files.entry(name).or_insert(document))
    }

    fn put(&mut self, list: List, name: &str, entry: &Entry, paths: Paths) -> Result<()> {
        let file = entry.origin().or(self.access.default_file()).map(|name| self.access.place(name));
        let mut item = entry.item.json().clone();
        if let (Paths::Relative, Some(base)) = (paths, file.as_deref().and_then(Path::parent)) {
            paths::make_relative(list, &mut item[list.field()], base);
        }
        self.file(entry.origin())?.put(list, name, item);
        Ok(())
    }

    /// A context is set in the file that new entries go to, and unset in the first one that sets it (`writeCurrentContext`).
    fn current_context(&mut self, new: &str) -> Result<()> {
        let old = self.old;
        if old.merged.current_context == new {
            return Ok(());
        }
        let sets = |(_, document): &&(PathBuf, Document)| {
            document.get("current-context").as_str().is_some_and(|name| !name.is_empty())
        };
        let origin = old.documents.iter().find(sets).filter(|_| new.is_empty()).map(|(name, _)| name.as_path());
        self.file(origin)?.set("current-context", new.into());
        Ok(())
    }

    /// Preferences are written to the first file that has others, which need not exist (`writePreferences`).
    fn preferences(&mut self, new: &Json) -> Result<()> {
        let (access, old) = (self.access, self.old);
        if old.merged.preferences() == new {
            return Ok(());
        }
        let of = |name: &PathBuf| {
            let known = old.documents.iter().find(|(known, _)| known == name);
            known.map_or(&Json::Null, |(_, document)| document.get("preferences"))
        };
        let origin = access.files.iter().find(|name| of(name) != new).map(PathBuf::as_path);
        self.file(origin)?.set("preferences", new.clone());
        Ok(())
    }
}

fn refused(Refused { why, hint }: Refused) -> Failure {
    let failure = Failure::local(why);
    match hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}
