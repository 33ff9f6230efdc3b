//! Checks a store's file before SQLite opens it: creates it if it does not exist, and refuses it if other users can
//! read or replace it or create files beside it.

use std::{
    ffi::OsString,
    fs::{self, DirBuilder, Metadata},
    io::ErrorKind,
    os::unix::fs::{DirBuilderExt as _, FileTypeExt as _, MetadataExt as _},
    path::{Path, PathBuf},
};

use go::errno::text;
use rustix::fs::Access as Right;

use super::Failure;

/// The suffixes of the files that SQLite keeps beside a database.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// How this process can open a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Read and write it.
    Write,
    /// Read it, together with processes that may write to it.
    Read,
    /// Read it with SQLite's `immutable=1`: it has no log, and this process cannot create one.
    Immutable,
}

/// Creates the file if it does not exist, and checks it. Returns its path without symbolic links, and how it can be
/// opened.
///
/// # Errors
/// If it cannot be created, or must not be used as it is.
pub(super) fn prepare(path: &Path) -> Result<(PathBuf, Access), Failure> {
    let made = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => make(path),
        other => other.map(drop),
    };
    made.map_err(|error| Failure::new(format!("cannot make {}: {}", path.display(), text(&error))))?;
    let resolved = fs::canonicalize(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => Failure::new(format!("{} is a link to a file that does not exist", path.display()))
            .with_hint("name the file itself, not a link to it"),
        _ => Failure::new(format!("cannot read {}: {}", path.display(), text(&error))),
    })?;
    check(&resolved)?;
    let access = access(&resolved)?;
    Ok((resolved, access))
}

/// Creates an empty file (0600), and its directory (0700) if that does not exist.
fn make(path: &Path) -> std::io::Result<()> {
    let directory = path.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !directory.exists() {
        DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    }
    // Invariant: the file is closed before it gets its name. Closing any descriptor of a file drops all POSIX locks
    // that this process has on it, and under its name another thread may have it open in SQLite already.
    let file = tempfile::Builder::new().prefix(".ksecret-").tempfile_in(directory)?.into_temp_path();
    match file.persist_noclobber(path) {
        Err(error) if error.error.kind() != ErrorKind::AlreadyExists => Err(error.error),
        _ => Ok(()),
    }
}

/// Refuses files of other users, files that others have access to, and directories that others can write to.
///
/// Invariant: a store's file and what SQLite keeps beside it are regular files, not links, of this user, with no access
/// for others. A planted `-wal` would be read as part of the store.
fn check(path: &Path) -> Result<(), Failure> {
    let me = rustix::process::geteuid().as_raw();
    let stat = |path: &Path| match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::new(format!("cannot read {}: {}", path.display(), text(&error)))),
        Ok(found) => Ok(Some(found)),
    };
    for path in [path.to_owned()].into_iter().chain(BESIDE.map(|end| beside(path, end))) {
        let Some(found) = stat(&path)? else { continue };
        if !found.is_file() {
            return Err(Failure::new(format!("{} is {}, not a file", path.display(), kind(&found))));
        }
        if found.uid() != me {
            return Err(foreign(&path, &found, me));
        }
        if found.mode() & 0o077 != 0 {
            let mode = found.mode() & 0o777;
            return Err(Failure::new(format!("others have access to {} (its mode is {mode:04o})", path.display()))
                .with_hint(format!("chmod 600 {}", quoted(&path))));
        }
    }
    let directory = path.parent().unwrap_or(Path::new("/"));
    let Some(found) = stat(directory)? else { return Ok(()) };
    if found.uid() != me && found.uid() != 0 {
        return Err(foreign(directory, &found, me));
    }
    // Why: with the sticky bit others cannot replace a file of this user, and a file that they plant belongs to them,
    // which the checks above find.
    let sticky = found.mode() & 0o1000 != 0;
    // Why: on most systems each user has a group of their own with the same number, and the umask is 002.
    let private_group = found.gid() == me && found.gid() == rustix::process::getegid().as_raw();
    let open = found.mode() & if private_group { 0o002 } else { 0o022 };
    if open != 0 && !sticky {
        return Err(Failure::new(format!("others can write to the directory {}", directory.display()))
            .with_hint(format!("chmod go-w {}", quoted(directory))));
    }
    Ok(())
}

fn foreign(path: &Path, found: &Metadata, me: u32) -> Failure {
    Failure::new(format!("{} belongs to another user ({})", path.display(), found.uid()))
        .with_hint(format!("chown {me} {}", quoted(path)))
}

fn kind(found: &Metadata) -> &'static str {
    let kind = found.file_type();
    match () {
        () if kind.is_dir() => "a directory",
        () if kind.is_symlink() => "a link",
        () if kind.is_fifo() => "a FIFO",
        () if kind.is_socket() => "a socket",
        () => "a device",
    }
}

/// Returns a path quoted for a shell.
fn quoted(path: &Path) -> String {
    let path = path.to_string_lossy();
    shell_words::quote(&path).into_owned()
}

/// Returns the path of a file that SQLite keeps beside a database, such as `-wal`.
pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    PathBuf::from(name)
}

/// Determines how an existing file can be opened.
fn access(path: &Path) -> Result<Access, Failure> {
    let may = |path: &Path, right| rustix::fs::access(path, right).is_ok();
    let found = |end| fs::symlink_metadata(beside(path, end)).ok();
    let directory = path.parent().unwrap_or(Path::new("/"));
    let (log, index) = (found("-wal"), found("-shm"));
    let complete = log.is_some() && index.is_some();
    let makes = complete || may(directory, Right::WRITE_OK | Right::EXEC_OK);
    if makes && may(path, Right::WRITE_OK) {
        return Ok(Access::Write);
    }
    if !may(path, Right::READ_OK) {
        return Err(Failure::new(format!("{} cannot be read: permission denied", path.display())));
    }
    if complete {
        return Ok(Access::Read);
    }
    if log.is_none_or(|log| log.len() == 0) {
        return Ok(Access::Immutable);
    }
    // Why: without the log, the latest writes would be missing from what is read.
    Err(Failure::new(format!("{} was not closed, and is read-only now", path.display()))
        .with_hint("use it once where it can be written: its -wal holds the latest writes"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn refused(path: &Path) -> (String, String) {
        let failure = prepare(path).expect_err("refused");
        let hide = |text: &str| text.replace(&*path.parent().expect("a directory").to_string_lossy(), "DIR");
        (hide(&failure.to_string()), hide(failure.hint().unwrap_or_default()))
    }

    fn with_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
    }

    #[test]
    fn refuses_what_others_can_reach() {
        let dir = tempfile::tempdir().expect("a directory");
        let dir = dir.path().canonicalize().expect("its path");
        let path = dir.join("a b.db");
        prepare(&path).expect("a new file");
        assert_eq!(fs::metadata(&path).expect("the file").mode() & 0o777, 0o600);
        for (mode, end) in
            [(0o640, ""), (0o604, ""), (0o620, ""), (0o644, "-wal"), (0o606, "-shm"), (0o644, "-journal")]
        {
            let name = format!("a b.db{end}");
            fs::write(dir.join(&name), "").expect("a file");
            with_mode(&dir.join(&name), mode);
            let text = format!("others have access to DIR/{name} (its mode is {mode:04o})");
            assert_eq!(refused(&path), (text, format!("chmod 600 'DIR/{name}'")));
            with_mode(&dir.join(&name), 0o600);
        }
        prepare(&path).expect("all is private");
        for (mode, refused) in [(0o755, false), (0o1777, false), (0o777, true), (0o702, true)] {
            with_mode(&dir, mode);
            assert_eq!(prepare(&path).is_err(), refused, "{mode:o}");
        }
        assert_eq!(refused(&path).1, "chmod go-w DIR");
    }

    #[test]
    fn refuses_what_is_no_file() {
        let dir = tempfile::tempdir().expect("a directory");
        let dir = dir.path().canonicalize().expect("its path");
        let link = dir.join("link");
        symlink(dir.join("nothing"), &link).expect("a link");
        assert_eq!(refused(&link).0, "DIR/link is a link to a file that does not exist");
        assert!(!dir.join("nothing").exists());
        assert!(std::process::Command::new("mkfifo").arg(dir.join("fifo")).status().is_ok_and(|made| made.success()));
        assert_eq!(refused(&dir.join("fifo")).0, "DIR/fifo is a FIFO, not a file");
        fs::create_dir(dir.join("inner")).expect("a directory");
        assert_eq!(refused(&dir.join("inner")).0, "DIR/inner is a directory, not a file");
        assert_eq!(
            prepare(Path::new("/dev/null")).expect_err("refused").to_string(),
            "/dev/null is a device, not a file"
        );
        fs::write(dir.join("s.db"), "").expect("a file");
        with_mode(&dir.join("s.db"), 0o600);
        symlink("elsewhere", dir.join("s.db-wal")).expect("a link");
        assert_eq!(refused(&dir.join("s.db")).0, "DIR/s.db-wal is a link, not a file");
        fs::remove_file(dir.join("s.db-wal")).expect("gone");
        symlink(dir.join("s.db"), dir.join("good")).expect("a link");
        assert_eq!(prepare(&dir.join("good")).expect("a link to a store").0, dir.join("s.db"));
    }
}
