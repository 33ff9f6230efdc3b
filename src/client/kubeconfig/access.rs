//! Finds the kubeconfig files, merges them, and determines which of them a change is written to: clientcmd's
//! `PathOptions` and `ModifyConfig`. Invariant: a kubeconfig is changed only from here and from [`super::persist`].

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

/// How the paths of an entry are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paths {
    /// Relative to the file, if they are below its directory.
    Relative,
    /// As they were set.
    AsSet,
}

/// How often a change is computed again because other processes changed the files meanwhile.
const ROUNDS: usize = 16;

/// The kubeconfig files that the flags and the environment select.
pub struct Access<'e> {
    explicit: bool,
    files: Vec<PathBuf>,
    env: &'e Env,
}

/// The kubeconfig files as they were read.
pub struct Loaded {
    /// The merged files.
    pub merged: Merged,
    /// Warnings about the files, for the user.
    pub warnings: Vec<String>,
    documents: Vec<(PathBuf, Document)>,
}

impl<'e> Access<'e> {
    /// Determines the files. `explicit` is `--kubeconfig`.
    pub fn new(explicit: Option<&OsStr>, env: &'e Env) -> Self {
        let explicit = explicit.filter(|path| !path.is_empty());
        Self { explicit: explicit.is_some(), files: super::files(explicit, env), env }
    }

    /// Returns `true` if `--kubeconfig` names the file.
    pub fn is_explicit(&self) -> bool {
        self.explicit
    }

    /// Reads and merges the files. Files that do not exist are skipped, also the one that `--kubeconfig` names.
    ///
    /// # Errors
    /// A line for each file that cannot be read, with the line number if it is known; never a value from the file.
    pub fn load(&self) -> Result<Loaded> {
        self.read(super::load_error)
    }

    fn read(&self, failed: fn(&Path, &str) -> String) -> Result<Loaded> {
        let mut loaded = Loaded { merged: Merged::default(), warnings: Vec::new(), documents: Vec::new() };
        let mut errors = Vec::new();
        for name in &self.files {
            match super::read_complete(&self.place(name), Document::parse) {
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
    /// As [`Access::load`], without the words in which kubectl omits the name of the file.
    pub fn load_explicit(&self) -> Result<Loaded> {
        if let Some(name) = self.files.first()
            && let Err(error) = fs::metadata(self.place(name))
        {
            return Err(Failure::local(super::read_error(name, &error)));
        }
        self.read(|_, reason| reason.to_owned())
    }

    /// Returns the file for new entries (`GetDefaultFilename`): of several the first that exists, otherwise the last.
    pub fn default_file(&self) -> Option<&Path> {
        let exists = |name: &&PathBuf| fs::metadata(self.place(name)).is_ok();
        self.files.iter().find(exists).or(self.files.last()).map(PathBuf::as_path)
    }

    /// Applies `change` to the merged files, and writes those that differ. `change` may run several times: first
    /// without a lock, so that a change that is refused has no effect, and then on what was read under the locks of the
    /// files that are written. (kubectl reads once, before it locks, and so overwrites what others wrote meanwhile.)
    ///
    /// # Errors
    /// Those of `change` and of [`Access::load`]; a file that cannot be locked or written.
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
            // Invariant: locks are taken in the order of the files' names, and all released before more are taken, so
            // that two processes cannot wait for each other.
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

    /// Returns the files that differ, with their new content (`ModifyConfig`).
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
        // Invariant: a file is written only if it can be read back.
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

    /// Returns the path of a file. As in client-go, relative names belong to the working directory.
    fn place(&self, name: &Path) -> PathBuf {
        self.env.cwd().join(name)
    }
}

/// The files to write.
struct Plan<'a> {
    access: &'a Access<'a>,
    old: &'a Loaded,
    files: BTreeMap<PathBuf, Document>,
}

impl Plan<'_> {
    /// Returns the file with that name, or the one for new entries.
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

    /// Sets the current context in the file for new entries, or removes it from the first file that has one
    /// (`writeCurrentContext`).
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

    /// Writes preferences to the first file that has different ones, which need not exist (`writePreferences`).
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
