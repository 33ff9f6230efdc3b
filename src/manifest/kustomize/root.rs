//! The directory of a kustomization, and the files that it may read. Invariant: unless the user has lifted the
//! restriction, only files in or below the directory are read, after links are resolved.

use std::{
    fs,
    path::{Path, PathBuf},
};

use context::files;
use secret::Value;

type Result<T> = std::result::Result<T, String>;

/// The names that a kustomization file may have.
const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// `--load-restrictor` (kustomize's `LoadRestrictions`): which files a kustomization may read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LoadRestrictions {
    /// `LoadRestrictionsRootOnly`: files in or below its directory.
    #[default]
    RootOnly,
    /// `LoadRestrictionsNone`: any file.
    None,
}

/// A directory whose path has no links.
pub(super) struct Root {
    pub path: PathBuf,
    restrictions: LoadRestrictions,
}

impl Root {
    /// Opens the directory `path`, which is relative to this one.
    pub(super) fn below(&self, path: &Path) -> Result<Self> {
        Self::open(path, &self.path, self.restrictions)
    }

    /// Opens the directory `path`, which is relative to `base`.
    pub(super) fn open(path: &Path, base: &Path, restrictions: LoadRestrictions) -> Result<Self> {
        let full = base.join(path);
        let failed = |what: &str| format!("must build at directory: not a valid directory: {what}");
        let resolved = fs::canonicalize(&full).map_err(|error| {
            failed(&format!(
                "evalsymlink failure on '{}' : lstat {}: {}",
                path.display(),
                full.display(),
                go::errno::text(&error)
            ))
        })?;
        if !resolved.is_dir() {
            return Err(format!("must build at directory: '{}': file is not directory", resolved.display()));
        }
        Ok(Self { path: resolved, restrictions })
    }

    /// Returns the path and the text of the only kustomization file.
    pub(super) fn kustomization(&self) -> Result<(PathBuf, Value)> {
        let mut found = NAMES.iter().map(|name| self.path.join(name)).filter(|path| path.is_file());
        match (found.next(), found.next()) {
            (None, _) => Err(format!(
                "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '{}'",
                self.path.display()
            )),
            (Some(_), Some(_)) => Err(format!("Found multiple kustomization files under: {}\n", self.path.display())),
            (Some(path), None) => {
                let content = read_file(&path)?;
                Ok((path, content))
            }
        }
    }

    /// Returns the file that `path` names, with links resolved, if the kustomization may read it.
    pub(super) fn resolve(&self, path: &str) -> Result<PathBuf> {
        let full = self.path.join(path);
        let resolved = fs::canonicalize(&full).map_err(|error| {
            format!(
                "evalsymlink failure on '{}' : lstat {}: {}",
                full.display(),
                full.display(),
                go::errno::text(&error)
            )
        })?;
        if self.restrictions == LoadRestrictions::RootOnly && !resolved.starts_with(&self.path) {
            return Err(format!(
                "security; file '{}' is not in or below '{}'",
                resolved.display(),
                self.path.display()
            ));
        }
        Ok(resolved)
    }

    /// Reads a file.
    pub(super) fn read(&self, path: &str) -> Result<Value> {
        read_file(&self.resolve(path)?)
    }
}

fn read_file(path: &Path) -> Result<Value> {
    let failed = |error: std::io::Error| format!("read {}: {}", path.display(), go::errno::text(&error));
    let (file, found) = files::open(path).map_err(failed)?;
    if found.is_dir() {
        return Err(format!("'{}' must resolve to a file", path.display()));
    }
    let mut content = Vec::new();
    let limit = yaml::read::OBJECT_LIMIT;
    let read = guard::bounded::read(file, found.len(), limit, &mut content);
    let content = Value::new(content);
    read.map_err(failed)?;
    if content.len() > limit {
        return Err(format!("{} is larger than {} MiB", path.display(), limit >> 20));
    }
    Ok(content)
}
