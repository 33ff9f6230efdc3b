//! Go's words for errors of the system.

use std::io;

/// Returns an I/O error as Go's `syscall.Errno` words it: `no such file or directory`, without a number.
pub fn text(error: &io::Error) -> String {
    if error.get_ref().is_some() {
        return error.to_string();
    }
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => {
            let text = error.to_string();
            let mut chars = text.split(" (os error").next().unwrap_or_default().chars();
            chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
        }
    }
}
