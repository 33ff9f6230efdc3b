//! `kustomize --output`: files for what was built, which only their owner can read.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Write as _},
    path::Path,
};

use crate::{
    error::{Error, Result},
    secret::Object,
};

/// Writes the objects to the file `path`, which is relative to `base`; if it is a directory, each one to a file in it (kustomize's
/// `WriteIndividualFiles`).
///
/// # Errors
/// A name that no file can have, before anything is written, and a file that cannot be written.
pub(super) fn to(path: &Path, objects: &[Object], base: &Path) -> Result<()> {
    if !base.join(path).is_dir() {
        return write(path, &super::text(objects), base);
    }
    let names = names(objects)?;
    objects
        .iter()
        .zip(names)
        .try_for_each(|(object, name)| write(&path.join(name), &yaml::write::to_string(object.json()), base))
}

/// Returns the names of the files for the objects. As in kustomize the namespace is part of them only if there are
/// several, and an object without one counts as in `default`.
fn names(objects: &[Object]) -> Result<Vec<String>> {
    let namespace = |object: &Object| match object.kind() {
        "Namespace" => None,
        _ => Some(object.namespace().filter(|name| !name.is_empty()).unwrap_or("default").to_lowercase()),
    };
    let several = objects.iter().filter_map(namespace).collect::<BTreeSet<_>>().len() > 1;
    let name = |object: &Object| {
        let parts = [namespace(object).filter(|_| several)].into_iter().flatten();
        let own = [object.api_version().replace('/', "_"), object.kind().to_lowercase(), object.name().to_lowercase()];
        let name = parts.chain(own).collect::<Vec<_>>().join("_") + ".yaml";
        match name.contains('/') {
            true => Err(Error::new(format!("no file can have the name {}", go::quote::quote(&name)))),
            false => Ok(name),
        }
    };
    objects.iter().map(name).collect()
}

/// Writes a file. One that is there is replaced when the new one is complete; what is no regular file, such as
/// `/dev/stdout` or a FIFO, is written to.
fn write(path: &Path, text: &str, base: &Path) -> Result<()> {
    let written = || -> io::Result<()> {
        let path = base.join(path);
        let path = fs::canonicalize(&path).unwrap_or(path);
        if fs::metadata(&path).is_ok_and(|found| !found.is_file()) {
            return fs::OpenOptions::new().write(true).open(&path)?.write_all(text.as_bytes());
        }
        let directory = path.parent().unwrap_or(Path::new("/"));
        // Why not its own errors: they have the path of the temporary file in them.
        fs::metadata(directory)?;
        let mut file = tempfile::NamedTempFile::new_in(directory).map_err(|error| io::Error::from(error.kind()))?;
        file.as_file_mut().write_all(text.as_bytes())?;
        Ok(file.persist(&path).map(drop)?)
    };
    written().map_err(|error| Error::new(format!("open {}: {}", path.display(), go::errno::text(&error))))
}
