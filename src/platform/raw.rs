//! Questions to the C library about this process that no safe interface asks, and descriptors that a child gets.

#![allow(unsafe_code, reason = "each block says why it is sound")]

use std::{
    io, mem,
    os::{
        fd::{AsRawFd as _, FromRawFd as _, OwnedFd, RawFd},
        unix::process::CommandExt as _,
    },
    process::Command,
};

/// Returns whether a signal is ignored.
pub fn is_ignored(signal: i32) -> bool {
    // SAFETY: `sigaction` is valid when zeroed; without a new action the call only fills in the present one.
    unsafe {
        let mut action: libc::sigaction = mem::zeroed();
        libc::sigaction(signal, std::ptr::null(), &raw mut action) == 0 && action.sa_sigaction == libc::SIG_IGN
    }
}

/// Returns a duplicate of a descriptor, with close-on-exec.
pub fn duplicate(number: RawFd) -> io::Result<OwnedFd> {
    duplicate_from(number, 3)
}

/// Returns a duplicate of a descriptor, with close-on-exec and the lowest free number from `least` on.
fn duplicate_from(number: RawFd, least: RawFd) -> io::Result<OwnedFd> {
    // SAFETY: the call fails for a number that is not open. It returns a new descriptor, which only the result owns.
    unsafe {
        match libc::fcntl(number, libc::F_DUPFD_CLOEXEC, least) {
            -1 => Err(io::Error::last_os_error()),
            new => Ok(OwnedFd::from_raw_fd(new)),
        }
    }
}

/// Gives a child descriptors under numbers of their own.
pub fn pass(command: &mut Command, descriptors: Vec<(OwnedFd, RawFd)>) -> io::Result<()> {
    let numbers = || descriptors.iter().map(|(_, number)| *number);
    let (Some(lowest), Some(highest)) = (numbers().min(), numbers().max()) else { return Ok(()) };
    // Invariant: no source has a number that is given, or giving another one would close it.
    let above = |(source, number): (OwnedFd, RawFd)| Ok((duplicate_from(source.as_raw_fd(), highest + 1)?, number));
    let sources = descriptors.into_iter().map(above).collect::<io::Result<Vec<_>>>()?;
    // Invariant: until the child is started, the numbers are taken in this process, also those that the descriptors had.
    // The pipe by which the child tells that it cannot execute the program would get one, and be closed by what is given.
    let mut taken = Vec::new();
    while let Some((source, _)) = sources.first() {
        let next = duplicate_from(source.as_raw_fd(), lowest)?;
        if next.as_raw_fd() > highest {
            break;
        }
        taken.push(next);
    }
    let give = move || {
        let _ = &taken;
        for (source, number) in &sources {
            // SAFETY: `dup2` may be called after `fork`. The source is open, since this closure owns it; what had the number
            // in the child was close-on-exec, or inherited and replaced on purpose.
            if unsafe { libc::dup2(source.as_raw_fd(), *number) } == -1 {
                return Err(io::Error::last_os_error());
            }
        }
        Ok(())
    };
    // SAFETY: between `fork` and `exec` it makes system calls only; it allocates and frees no memory.
    unsafe { command.pre_exec(give) };
    Ok(())
}
