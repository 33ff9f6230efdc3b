//! Linux's ways, with the portable ones where a kernel, a file system or a sandbox lacks them.

use std::{
    fs::{self, File},
    io,
    os::{
        fd::{AsRawFd as _, BorrowedFd, OwnedFd},
        unix::ffi::OsStrExt as _,
    },
    path::{Path, PathBuf},
};

use rustix::{
    fs::{AtFlags, CWD, FallocateFlags, Mode, OFlags, StatxFlags, inotify},
    io::Errno,
    process::{DumpableBehavior, Pid, PidfdFlags, pidfd_open, set_dumpable_behavior},
};

use crate::{Identity, Process, ProcessId, portable};

/// Whether these are the portable ways.
pub const PORTABLE: bool = false;

/// Returns whether a directory's file system is memory; `None` would mean that the system does not say.
pub fn is_memory(path: &Path) -> Option<bool> {
    const TMPFS: u32 = 0x0102_1994;
    const RAMFS: u32 = 0x8584_58f6;
    // The field's width differs from one architecture to the next.
    Some(rustix::fs::statfs(path).is_ok_and(|stat| [TMPFS, RAMFS].contains(&(stat.f_type as u32))))
}

/// Returns the directory in memory that all users share.
pub fn shared_memory() -> Option<&'static Path> {
    let shared = Path::new("/dev/shm");
    is_memory(shared)?.then_some(shared)
}

/// Forbids other processes of the user to read this one's memory.
pub fn forbid_reading() {
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}

/// Returns the path of this program's file, also after it was renamed or replaced.
pub fn program() -> io::Result<PathBuf> {
    Ok(PathBuf::from("/proc/self/exe"))
}

/// Returns a handle that is readable once the process has ended, and stays its own when the number is given again.
///
/// # Errors
/// If the process is gone, or the kernel (before 5.3) or a sandbox has no handles.
pub fn process_handle(pid: Pid) -> io::Result<OwnedFd> {
    Ok(pidfd_open(pid, PidfdFlags::empty())?)
}

/// Returns when a process began (`None`: this one), or `None` if the system does not say.
pub fn started(pid: Option<Pid>) -> Option<u64> {
    let pid = pid.unwrap_or_else(rustix::process::getpid);
    Some(process(pid.as_raw_nonzero().get())?.id.began)
}

/// Returns what process numbers are unique in: this start of this machine, and this PID namespace of it. `None` if the
/// system does not say.
pub fn process_scope() -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let namespace = fs::read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{}/{}", boot.trim(), namespace.display()))
}

/// Returns the processes that run; marked are those that were started with the variable `name` set to `value`.
pub fn processes(name: &str, value: &Path) -> Vec<Process> {
    let needle = [b"\0", name.as_bytes(), b"=", value.as_os_str().as_bytes(), b"\0"].concat();
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let marked = |process: Process| Process { marked: has(process.id.pid, &needle), ..process };
    pids.filter_map(|pid| process(pid).map(marked)).collect()
}

/// Returns a process, unmarked, or `None` if it does not run.
pub fn process(pid: i32) -> Option<Process> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field is the program's name in parentheses, and may hold anything: count from its end.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect::<Vec<_>>();
    match fields.as_slice() {
        [state, parent, rest @ ..] if *state != "Z" => {
            let began = rest.get(17)?.parse().ok()?;
            Some(Process { id: ProcessId { pid, began }, parent: parent.parse().ok()?, marked: false })
        }
        _ => None,
    }
}

/// Returns whether the environment that a process was started with holds `needle`.
fn has(pid: i32, needle: &[u8]) -> bool {
    let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    [b"\0", environment.as_slice()].concat().windows(needle.len()).any(|window| window == needle)
}

/// Allocates space behind the end of a file, whose size stays the same.
///
/// # Errors
/// If there is no space. That the file system cannot allocate is no error.
pub fn reserve(file: &File, from: u64, bytes: u64) -> io::Result<()> {
    match rustix::fs::fallocate(file, FallocateFlags::KEEP_SIZE, from, bytes) {
        Ok(()) | Err(Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Returns the identity of the file that a path names, not followed, or `None` if there is none.
///
/// Why only the inode is asked for: Linux keeps the times of a file coarse until a program asks for them, and the write
/// after that has to write the inode as well. With the times, every commit waited for the file system's journal.
pub fn identity(path: &Path) -> Option<Identity> {
    match rustix::fs::statx(CWD, path, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::INO) {
        Ok(found) => Some((rustix::fs::makedev(found.stx_dev_major, found.stx_dev_minor), found.stx_ino)),
        // The file does not exist, or a sandbox does not allow the call.
        Err(_) => portable::identity(path),
    }
}

/// A new file that has no name: no piece of it remains if the process is killed.
pub struct Unnamed(File);

impl Unnamed {
    /// Makes one in a directory, with mode 0600 under any umask. Returns `None` where the file system has no such files.
    ///
    /// # Errors
    /// If the directory cannot be written.
    pub fn make(dir: BorrowedFd<'_>) -> io::Result<Option<Self>> {
        let flags = OFlags::WRONLY | OFlags::TMPFILE | OFlags::CLOEXEC;
        let fd = match rustix::fs::openat(dir, ".", flags, Mode::from_raw_mode(0o600)) {
            Ok(fd) => fd,
            // NFS, FAT, FUSE; old ones take the directory for a file.
            Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::NOENT | Errno::INVAL) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        rustix::fs::fchmod(&fd, Mode::from_raw_mode(0o600))?;
        Ok(Some(Self(File::from(fd))))
    }

    /// Returns the file, to be written.
    pub fn file(&self) -> &File {
        &self.0
    }

    /// Gives it a name that is free; a link there is not followed. Returns `false` if the system cannot name it.
    ///
    /// # Errors
    /// If the name is taken.
    pub fn link(self, dir: BorrowedFd<'_>, name: &str) -> io::Result<bool> {
        let proc = format!("/proc/self/fd/{}", self.0.as_raw_fd());
        match rustix::fs::linkat(CWD, &*proc, dir, name, AtFlags::SYMLINK_FOLLOW) {
            // No /proc is there to name it by.
            Err(Errno::NOENT) => Ok(false),
            linked => Ok(linked.map(|()| true)?),
        }
    }
}

/// Opens a queue that becomes readable when one of its files changes. Returns `None` if the kernel has no more to give.
pub fn changes() -> Option<OwnedFd> {
    inotify::init(inotify::CreateFlags::NONBLOCK | inotify::CreateFlags::CLOEXEC).ok()
}

/// Adds the file that the path names now to a queue; without effect if it is there already, or cannot be watched.
pub fn add_to_changes(queue: BorrowedFd<'_>, file: &Path) {
    let _ = inotify::add_watch(queue, file, inotify::WatchFlags::MODIFY);
}
