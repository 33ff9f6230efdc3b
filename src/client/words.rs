//! Go's words for what goes wrong below HTTP.

use std::io;

/// An I/O error as Go's `syscall.Errno` says it: `permission denied`, `connection refused`.
pub(super) fn io(error: &io::Error) -> String {
    if error.raw_os_error().is_none() {
        return error.to_string();
    }
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}
