//! Writes a kubeconfig in place, as client-go does, with client-go's lock file.
//!
//! Why in place: replacing the file by renaming does not work with a bind mount (it fails, or the mount keeps the old
//! file), and loses links, the security label and the access list of the file. client-go truncates the file first, and
//! its content is lost if the process dies or the disk is full. Here the lock file has the former content until the new
//! one is on the disk, space is allocated before anything is changed (where the system can), and a failed write is undone.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, FileExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use rustix::fs::OFlags;
use zeroize::Zeroizing;

use crate::limits::KUBECONFIG_WRITTEN;

/// How long to sleep between two attempts to take a lock.
pub(super) const PAUSE: Duration = Duration::from_millis(20);

/// Why a kubeconfig cannot be written: a fragment of a message, without any value, and a hint if there is one.
pub(super) struct Refused {
    pub(super) why: String,
    pub(super) hint: Option<&'static str>,
}

impl Refused {
    /// Returns a failure of the system in Go's words: `open PATH: permission denied`.
    pub(super) fn new(verb: &str, path: &Path, error: &io::Error) -> Self {
        Self { why: format!("{verb} {}: {}", path.display(), go::errno::text(error)), hint: None }
    }
}

/// The path of a file, and its name in messages.
#[derive(Clone, Copy)]
pub(super) struct Target<'p> {
    pub(super) path: &'p Path,
    pub(super) name: &'p Path,
}

/// clientcmd's lock around a write (`lockFile`): a file that exists while the lock is held. Dropping it removes the
/// file.
pub(super) struct Lock {
    path: PathBuf,
    file: File,
    /// Whether it has the only copy of the former content, so that it must not be removed.
    needed: bool,
}

/// The result of an attempt to take a lock.
pub(super) enum Attempt {
    Taken(Lock),
    /// Another program holds it: try again after [`PAUSE`].
    Held,
}

impl Lock {
    /// Tries to take the lock; `begun` is when the caller made its first attempt.
    ///
    /// # Errors
    /// If the lock file cannot be created, or another program has held it for too long.
    pub(super) fn attempt(target: Target<'_>, begun: Instant) -> Result<Attempt, Refused> {
        let path = lock_name(target.path);
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
            Ok(file) => Ok(Attempt::Taken(Self { path, file, needed: false })),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if begun.elapsed() < KUBECONFIG_WRITTEN {
                    return Ok(Attempt::Held);
                }
                let former = fs::metadata(&path).is_ok_and(|metadata| metadata.len() > 0);
                let hint = match former {
                    false => "another program is writing the kubeconfig; if none is, remove that file",
                    true => {
                        "another program is writing the kubeconfig; if none is, that file has what the kubeconfig held \
                         before: put it back, or remove it"
                    }
                };
                Err(Refused { hint: Some(hint), ..Refused::new("open", &lock_name(target.name), &error) })
            }
            Err(error) => Err(Refused::new("open", &lock_name(target.name), &error)),
        }
    }

    /// Takes the lock, blocking this thread while another program holds it.
    ///
    /// # Errors
    /// As [`Lock::attempt`]; if the directory cannot be created.
    pub(super) fn take(target: Target<'_>) -> Result<Self, Refused> {
        make_directory(target)?;
        let begun = Instant::now();
        loop {
            match Self::attempt(target, begun)? {
                Attempt::Taken(lock) => return Ok(lock),
                Attempt::Held => thread::sleep(PAUSE),
            }
        }
    }

    /// Writes the text to the file; creates it with mode 0600 if it does not exist.
    ///
    /// # Errors
    /// The reason why it failed; the file is unchanged then.
    pub(super) fn write(mut self, target: Target<'_>, text: &[u8]) -> Result<(), Refused> {
        let made = matches!(fs::metadata(target.path), Err(error) if error.kind() == io::ErrorKind::NotFound);
        let mut file = open(target)?;
        let failed = |error: io::Error| Refused::new("write", target.name, &error);
        let mut former = Zeroizing::new(Vec::new());
        file.read_to_end(&mut former).map_err(|error| Refused::new("read", target.name, &error))?;
        if !former.is_empty() {
            // Invariant: the copy of the former content is on the disk before the file is changed.
            let kept = self.file.write_all(&former).and_then(|()| self.file.sync_data());
            kept.map_err(|error| Refused::new("write", &lock_name(target.name), &error))?;
        }
        let Err(error) = overwrite(&file, &former, text) else { return Ok(()) };
        if made {
            let _ = fs::remove_file(target.path);
            return Err(failed(error));
        }
        match put_back(&file, &former) {
            Ok(()) => Err(failed(error)),
            Err(_) => {
                self.needed = true;
                let lock = lock_name(target.name);
                let why = format!("{}; what it held before is in {}", failed(error).why, lock.display());
                Err(Refused { why, hint: None })
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if !self.needed {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Returns the path of a kubeconfig's lock file.
pub(super) fn lock_name(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

/// Checks that a file can be written, as far as that is possible without writing.
///
/// # Errors
/// The reason why not.
pub(super) fn check_writable(target: Target<'_>) -> Result<(), Refused> {
    match fs::metadata(target.path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        _ => open(target).map(drop),
    }
}

fn open(target: Target<'_>) -> Result<File, Refused> {
    // Why: if the path names a FIFO by now, opening it must not block.
    let flags = OFlags::NONBLOCK.bits().cast_signed();
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600).custom_flags(flags);
    let file = options.open(target.path).map_err(|error| Refused::new("open", target.name, &error))?;
    match file.metadata() {
        Ok(metadata) if metadata.is_file() => Ok(file),
        Ok(_) => Err(Refused { why: format!("{} is not a regular file", target.name.display()), hint: None }),
        Err(error) => Err(Refused::new("stat", target.name, &error)),
    }
}

fn overwrite(file: &File, former: &[u8], text: &[u8]) -> io::Result<()> {
    if let Some(more) = text.len().checked_sub(former.len()).filter(|more| *more > 0) {
        platform::reserve(file, former.len() as u64, more as u64)?;
    }
    // Why: another process may read between the write and the truncation. It ignores empty lines after the new text,
    // but the end of the old text would make the file invalid.
    let mut padded = Zeroizing::new(Vec::with_capacity(former.len().max(text.len())));
    padded.extend_from_slice(text);
    padded.resize(former.len().max(text.len()), b'\n');
    file.write_all_at(&padded, 0)?;
    if text.len() < former.len() {
        file.set_len(text.len() as u64)?;
    }
    file.sync_data()
}

fn put_back(file: &File, former: &[u8]) -> io::Result<()> {
    file.write_all_at(former, 0)?;
    file.set_len(former.len() as u64)?;
    file.sync_data()
}

/// Creates the directory of a file, as client-go does.
fn make_directory(target: Target<'_>) -> Result<(), Refused> {
    let missing = |path: &Path| matches!(fs::metadata(path), Err(error) if error.kind() == io::ErrorKind::NotFound);
    let Some(directory) = target.path.parent().filter(|directory| missing(directory)) else { return Ok(()) };
    let mut absent: Vec<&Path> = directory.ancestors().take_while(|directory| missing(directory)).collect();
    absent.reverse();
    for directory in absent {
        match fs::DirBuilder::new().mode(0o755).create(directory) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(Refused::new("mkdir", directory, &error));
            }
            _ => {}
        }
    }
    Ok(())
}
