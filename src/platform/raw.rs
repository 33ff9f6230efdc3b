//! Questions to the C library about this process that no safe interface asks.

#![allow(unsafe_code, reason = "each block says why it is sound")]

use std::{
    io, mem,
    os::fd::{FromRawFd as _, OwnedFd},
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
pub fn duplicate(number: i32) -> io::Result<OwnedFd> {
    // SAFETY: the call fails for a number that is not open. It returns a new descriptor, which only the result owns.
    unsafe {
        match libc::fcntl(number, libc::F_DUPFD_CLOEXEC, 3) {
            -1 => Err(io::Error::last_os_error()),
            new => Ok(OwnedFd::from_raw_fd(new)),
        }
    }
}
