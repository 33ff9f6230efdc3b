//! The private place of a text while an editor has it open: a directory of its own (0700), in memory where possible,
//! with one file in it (0600). Dropping the [`PrivateDir`] removes it, however the edit ended.
//!
//! The directory's name holds the pid and the start time of the process, and the process holds a lock on it. By these
//! [`sweep`], which runs at the next start, tells what a killed process left behind from what a running one uses.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    os::{
        fd::OwnedFd,
        unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _},
    },
    path::{Path, PathBuf},
    sync::Mutex,
};

use rustix::fs::{FlockOperation, Mode, OFlags};
use zeroize::Zeroizing;

use crate::context::Env;

/// How the directory's name begins.
const PREFIX: &str = "ksecret-edit-";

/// The most that is read back from an editor: more than any request that a server takes (3 MiB), base64 and comments
/// included.
pub const LIMIT: u64 = 8 * 1024 * 1024;

/// The directories that exist now, for [`cleanup_all`]. Invariant: a directory is added as soon as it is created,
/// before anything is written into it.
static OPEN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A private directory with one file in it. Dropping it removes both, and whatever the editor left beside the file.
pub struct PrivateDir {
    dir: PathBuf,
    file: String,
    on_disk: bool,
    /// The open directory. Invariant: it holds an exclusive lock, which the kernel releases when the process ends,
    /// however it ends.
    handle: OwnedFd,
}

impl PrivateDir {
    /// Makes the directory and the file `file` in it, holding `text`.
    ///
    /// Tries `$XDG_RUNTIME_DIR`, then `/dev/shm`, both only if the system does not say that they are on a disk; then
    /// `$TMPDIR` or `/tmp` ([`PrivateDir::on_disk`] says whether the chosen one may be a disk). `file` must be a plain
    /// file name.
    pub fn make(env: &Env, file: &str, text: &[u8]) -> io::Result<Self> {
        let mut place = Self::make_in(&bases(env), file, text)?;
        // Why: where the system does not tell, a variable that names a runtime directory is believed.
        let is_runtime = place.dir.parent() == runtime(env).as_deref();
        place.on_disk = !platform::is_memory(&place.dir).unwrap_or(is_runtime);
        Ok(place)
    }

    fn make_in(bases: &[PathBuf], file: &str, text: &[u8]) -> io::Result<Self> {
        let mut failure = io::Error::from(io::ErrorKind::NotFound);
        for base in bases {
            match Self::make_under(base, file, text) {
                Ok(place) => return Ok(place),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    fn make_under(base: &Path, file: &str, text: &[u8]) -> io::Result<Self> {
        Self::make_at(
            base.join(format!("{PREFIX}{}-{}-{}", std::process::id(), start(None), random_name()?)),
            file,
            text,
        )
    }

    fn make_at(dir: PathBuf, file: &str, text: &[u8]) -> io::Result<Self> {
        // Invariant: the directory is new. If the name exists already, as a link too, another process made it, and
        // `create` fails.
        fs::DirBuilder::new().mode(0o700).create(&dir)?;
        remember(&dir);
        let made = || -> io::Result<Self> {
            // Why: with a umask of 0777 the directory could not be entered even by its owner.
            fs::set_permissions(&dir, fs::Permissions::from_mode(0o700))?;
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let handle = rustix::fs::open(&dir, flags, Mode::empty())?;
            let stat = rustix::fs::fstat(&handle)?;
            if stat.st_uid != rustix::process::getuid().as_raw() || stat.st_mode & 0o077 != 0 {
                return Err(io::Error::from(io::ErrorKind::PermissionDenied));
            }
            rustix::fs::flock(&handle, FlockOperation::NonBlockingLockExclusive)?;
            let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            let fd = rustix::fs::openat(&handle, file, flags, Mode::from_raw_mode(0o600))?;
            rustix::fs::fchmod(&fd, Mode::from_raw_mode(0o600))?;
            File::from(fd).write_all(text)?;
            Ok(Self { dir: dir.clone(), file: file.to_owned(), on_disk: true, handle })
        };
        made().inspect_err(|_| remove(&dir))
    }

    /// Returns the path of the file, for the editor.
    pub fn path(&self) -> PathBuf {
        self.dir.join(&self.file)
    }

    /// Returns the directory, for an editor's side files.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Returns whether the text may be on a disk: no directory is known to be in memory, by the system or by
    /// `$XDG_RUNTIME_DIR`.
    pub fn on_disk(&self) -> bool {
        self.on_disk
    }

    /// Reads the file that the editor left. Refuses a link, anything that is not a regular file, and more than
    /// [`LIMIT`] bytes.
    pub fn read(&self) -> io::Result<Zeroizing<Vec<u8>>> {
        // Why NONBLOCK: opening a FIFO in the file's place must not block.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let file = File::from(rustix::fs::openat(&self.handle, &*self.file, flags, Mode::empty())?);
        let meta = file.metadata()?;
        if !meta.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
        }
        if meta.len() > LIMIT {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "file too large"));
        }
        // Why the whole capacity at once: a buffer that grows leaves unwiped copies behind.
        let mut text = Zeroizing::new(Vec::with_capacity(usize::try_from(meta.len()).unwrap_or(0) + 1));
        file.take(LIMIT).read_to_end(&mut text)?;
        Ok(text)
    }
}

impl Drop for PrivateDir {
    fn drop(&mut self) {
        remove(&self.dir);
    }
}

/// Removes every directory that still exists, when a panic or a signal ends the process without dropping anything. Why
/// `try_lock`: the panic may have happened with the lock held; waiting for it would hang.
pub fn cleanup_all() {
    if let Ok(open) = OPEN.try_lock() {
        for dir in open.iter() {
            let _ = fs::remove_dir_all(dir);
        }
    }
}

/// Removes what ended processes of this user left behind. Returns those directories.
pub fn sweep(env: &Env) -> Vec<PathBuf> {
    bases(env).iter().flat_map(|base| sweep_in(base)).collect()
}

fn sweep_in(base: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(base) else { return Vec::new() };
    let mut removed = Vec::new();
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some((pid, start)) = name.to_str().and_then(parse_name) else { continue };
        let path = entry.path();
        if abandoned(&path, pid, start) && fs::remove_dir_all(&path).is_ok() {
            removed.push(path);
        }
    }
    removed
}

/// Returns whether the directory is this user's and its process has ended. Invariant: both must say so, the pid and the
/// lock. The lock is needed because a process in another container that shares `/dev/shm` has a pid that means nothing
/// here; the pid is needed because a process locks its directory only after it has made it.
fn abandoned(path: &Path, pid: i32, start: &str) -> bool {
    let mine =
        fs::symlink_metadata(path).is_ok_and(|meta| meta.is_dir() && meta.uid() == rustix::process::getuid().as_raw());
    if !mine || alive(pid, start) {
        return false;
    }
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    rustix::fs::open(path, flags, Mode::empty())
        .is_ok_and(|handle| rustix::fs::flock(&handle, FlockOperation::NonBlockingLockExclusive).is_ok())
}

fn alive(pid: i32, started: &str) -> bool {
    let Some(pid) = rustix::process::Pid::from_raw(pid) else { return false };
    match start(Some(pid)).as_str() {
        // The start time is not known: only the pid can be compared.
        "0" => rustix::process::test_kill_process(pid).is_ok(),
        now => now == started,
    }
}

/// Returns the start time of a process (`None`: this one) in ticks of the kernel's clock; `0` if the system does not
/// tell.
fn start(pid: Option<rustix::process::Pid>) -> String {
    platform::started(pid).unwrap_or_default().to_string()
}

fn parse_name(name: &str) -> Option<(i32, &str)> {
    let mut parts = name.strip_prefix(PREFIX)?.splitn(3, '-');
    Some((parts.next()?.parse().ok()?, parts.next()?))
}

fn random_name() -> io::Result<String> {
    use ring::rand::SecureRandom as _;
    let mut bytes = [0u8; 16];
    ring::rand::SystemRandom::new().fill(&mut bytes).map_err(|_| io::Error::other("no randomness"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn remember(dir: &Path) {
    if let Ok(mut open) = OPEN.lock() {
        open.push(dir.to_owned());
    }
}

fn remove(dir: &Path) {
    let _ = fs::remove_dir_all(dir);
    if let Ok(mut open) = OPEN.lock() {
        open.retain(|other| other != dir);
    }
}

/// Returns `$XDG_RUNTIME_DIR` if it is a private directory of this user, and the system does not say that it is on a
/// disk.
fn runtime(env: &Env) -> Option<PathBuf> {
    env.var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|path| {
        path.is_absolute()
            && platform::is_memory(path) != Some(false)
            && fs::metadata(path).is_ok_and(|meta| {
                meta.is_dir() && meta.uid() == rustix::process::getuid().as_raw() && meta.mode() & 0o077 == 0
            })
    })
}

/// Returns a directory in memory for files that outlive this process but not a restart of the machine; `None` if there
/// is no such memory. On a system that does not tell what is memory, it is the user's runtime directory or one among
/// the temporary files. It may not exist yet; the caller makes it private.
pub(super) fn runtime_dir(env: &Env) -> Option<PathBuf> {
    let temporary = || Some(temporary(env)).filter(|path| platform::is_memory(path).is_none());
    let shared = platform::shared_memory().map(Path::to_owned).or_else(temporary);
    let own = |dir: PathBuf| dir.join(format!("ksecret-{}", rustix::process::getuid().as_raw()));
    runtime(env).map(|dir| dir.join("ksecret")).or_else(|| shared.map(own))
}

/// The directories under which private ones are made, in order.
fn bases(env: &Env) -> Vec<PathBuf> {
    let shared = platform::shared_memory().map(Path::to_owned);
    runtime(env).into_iter().chain(shared).chain([temporary(env)]).collect()
}

fn temporary(env: &Env) -> PathBuf {
    env.cwd().join(env.var_os("TMPDIR").filter(|dir| !dir.is_empty()).unwrap_or("/tmp".as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> (tempfile::TempDir, Vec<PathBuf>) {
        let dir = tempfile::tempdir().unwrap();
        let bases = vec![dir.path().to_owned()];
        (dir, bases)
    }

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().mode() & 0o7777
    }

    #[test]
    fn a_place_is_private_and_goes_away_with_all_that_is_in_it() {
        let (dir, bases) = base();
        let place = PrivateDir::make_in(&bases, "s.yaml", b"text").unwrap();
        assert_eq!((mode(place.dir()), mode(&place.path())), (0o700, 0o600));
        assert_eq!(*place.read().unwrap(), b"text");
        fs::write(place.dir().join("s.yaml~"), "backup").unwrap();
        drop(place);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_others_put_in_its_place_is_not_written_through() {
        let (dir, _) = base();
        let elsewhere = tempfile::tempdir().unwrap();
        let place = dir.path().join("place");
        let empty = |dir: &Path| fs::read_dir(dir).unwrap().next().is_none();
        std::os::unix::fs::symlink(elsewhere.path(), &place).unwrap();
        assert!(PrivateDir::make_at(place.clone(), "s.yaml", b"text").is_err());
        assert!(empty(elsewhere.path()) && fs::symlink_metadata(&place).is_ok());
        fs::remove_file(&place).unwrap();

        fs::create_dir(&place).unwrap();
        assert!(PrivateDir::make_at(place.clone(), "s.yaml", b"text").is_err());
        assert!(place.exists() && empty(&place));
        // Nor can its name be known before.
        assert_ne!(random_name().unwrap(), random_name().unwrap());
    }

    #[test]
    fn an_editor_may_replace_the_file_but_not_by_a_link_or_a_fifo() {
        let (_dir, bases) = base();
        let place = PrivateDir::make_in(&bases, "s.yaml", b"old").unwrap();
        let other = place.dir().join("new");
        fs::write(&other, "new").unwrap();
        fs::rename(&other, place.path()).unwrap();
        assert_eq!(*place.read().unwrap(), b"new");

        fs::remove_file(place.path()).unwrap();
        std::os::unix::fs::symlink("/etc/hostname", place.path()).unwrap();
        assert!(place.read().is_err());

        fs::remove_file(place.path()).unwrap();
        fs::create_dir(place.path()).unwrap();
        assert!(place.read().is_err());
    }

    #[test]
    fn only_what_the_dead_left_is_swept() {
        let (dir, bases) = base();
        let place = PrivateDir::make_in(&bases, "s.yaml", b"living").unwrap();
        // No process has the number 0x7fff_ffff; the kernel's limit is far below.
        let dead = dir.path().join(format!("{PREFIX}2147483647-1-aa"));
        fs::create_dir(&dead).unwrap();
        fs::write(dead.join("s.yaml"), "left").unwrap();
        let reused = dir.path().join(format!("{PREFIX}{}-1-bb", std::process::id()));
        fs::create_dir(&reused).unwrap();
        let link = dir.path().join(format!("{PREFIX}2147483647-1-cc"));
        std::os::unix::fs::symlink("/", &link).unwrap();
        fs::create_dir(dir.path().join("something-else")).unwrap();

        let mut swept = sweep_in(dir.path());
        swept.sort();
        // That a number was given again is known by the time at which its process began.
        let known = platform::started(None).is_some();
        let mut expected: Vec<_> = [dead.clone()].into_iter().chain(known.then(|| reused.clone())).collect();
        expected.sort();
        assert_eq!(swept, expected);
        assert!(
            !dead.exists() && reused.exists() != known && place.path().exists() && fs::symlink_metadata(&link).is_ok()
        );
    }

    #[test]
    fn a_locked_directory_is_left_alone_whatever_its_name_says() {
        let (dir, _) = base();
        let path = dir.path().join(format!("{PREFIX}2147483647-1-dd"));
        fs::create_dir(&path).unwrap();
        let handle = File::open(&path).unwrap();
        rustix::fs::flock(&handle, FlockOperation::NonBlockingLockExclusive).unwrap();
        assert!(sweep_in(dir.path()).is_empty());
        drop(handle);
        assert_eq!(sweep_in(dir.path()), [path]);
    }

    #[test]
    fn a_base_that_cannot_be_written_is_passed_over() {
        let (dir, _) = base();
        let bases = [dir.path().join("absent"), dir.path().to_owned()];
        let place = PrivateDir::make_in(&bases, "s.yaml", b"x").unwrap();
        assert!(place.path().starts_with(dir.path()));
    }
}
