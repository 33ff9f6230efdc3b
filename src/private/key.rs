//! Keys of 32 bytes, each in a file that only its owner can read.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    io::{self, Read as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};

use zeroize::Zeroizing;

use super::{hex, random};
use crate::context::files;

/// A key.
pub type Key = Zeroizing<[u8; 32]>;

/// Reads a key.
///
/// # Errors
/// `NotFound` if there is none; a file of another user, one that others can read, one that is too short.
pub fn read(path: &Path) -> io::Result<Key> {
    let (mut file, found) = files::open_regular(path)?;
    let refused = |why: String| Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
    if found.uid() != rustix::process::geteuid().as_raw() {
        return refused(format!("it belongs to another user ({})", found.uid()));
    }
    if found.mode() & 0o077 != 0 {
        return refused(format!("others have access to it (its mode is {:04o})", found.mode() & 0o777));
    }
    let mut key = Key::default();
    file.read_exact(&mut *key)?;
    Ok(key)
}

/// Reads a key, and makes it if there is none. Of several processes that make it at once, all have the same.
///
/// # Errors
/// As [`read`], and a directory that cannot be written.
pub fn read_or_make(path: &Path) -> io::Result<Key> {
    match read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(path),
        other => other,
    }
}

fn make(path: &Path) -> io::Result<Key> {
    let mut key = Key::default();
    random(&mut *key)?;
    let mut id = [0; 8];
    random(&mut id)?;
    // Why: written whole under another name, then linked. Of two processes one wins, and both have its key.
    let part = path.with_extension(hex(&id));
    let written = write_new(&part, &[&*key]).and_then(|()| fs::hard_link(&part, path));
    let _ = fs::remove_file(&part);
    match written {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => read(path),
        other => other.map(|()| key),
    }
}

/// Writes a new file that only this user can read, and waits until it is on the disk.
///
/// # Errors
/// The system's; then there is no such file.
pub fn write_new(path: &Path, pieces: &[&[u8]]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let write = |file: &mut File| {
        // Why: a umask of 0777 would leave a file that not even its owner can read.
        file.set_permissions(Permissions::from_mode(0o600))?;
        pieces.iter().try_for_each(|piece| file.write_all(piece))?;
        file.sync_all()
    };
    write(&mut file).inspect_err(|_| drop(fs::remove_file(path)))
}

/// Makes a directory that only this user can enter, and those above it, if it is not there.
///
/// # Errors
/// The system's.
pub fn make_dir(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(above) = path.parent() {
        make_dir(above)?;
    }
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(error),
        Ok(()) => fs::set_permissions(path, Permissions::from_mode(0o700)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_that_make_a_key_at_once_have_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b/x.key");
        make_dir(path.parent().unwrap()).unwrap();
        let keys: Vec<Key> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| read_or_make(&path).unwrap())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0] && **key != [0; 32]));
        let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
        assert_eq!((mode(&path), mode(&dir.path().join("a/b")), mode(&dir.path().join("a"))), (0o600, 0o700, 0o700));
        assert_eq!(fs::read_dir(dir.path().join("a/b")).unwrap().count(), 1);
    }

    #[test]
    fn a_key_that_others_can_read_or_that_is_cut_short_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.key");
        read_or_make(&path).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        let error = read_or_make(&path).unwrap_err();
        assert_eq!(error.to_string(), "others have access to it (its mode is 0640)");
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        File::options().write(true).open(&path).unwrap().set_len(31).unwrap();
        assert_eq!(read_or_make(&path).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
        assert!(read_or_make(&path).is_err());
    }
}
