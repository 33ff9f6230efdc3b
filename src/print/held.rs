//! The limit on what is held in memory: output that is aligned, sorted or given to a template as a whole is held until
//! the list ends, and a server's list need not end.

use serde_json::Value as Json;

use error::{Error, Result};

/// How many bytes may be held. Why: with the current page, and the output of both, memory stays below 64 MiB; it is
/// enough for the table of more than 100,000 Secrets.
pub const MOST: usize = 16 << 20;

/// Checks how much is held.
///
/// # Errors
/// If it is more than [`MOST`].
pub fn check(bytes: usize) -> Result<()> {
    if bytes <= MOST {
        return Ok(());
    }
    Err(Error::new(format_args!("the list is too long for this form of output: it takes more than {} MiB", MOST >> 20))
        .hint("select fewer with -l or -n; -o name, json and yaml without --sort-by are written as they come"))
}

/// Returns roughly how much memory a value takes.
pub fn size_of(json: &Json) -> usize {
    const NODE: usize = std::mem::size_of::<Json>();
    match json {
        Json::Null | Json::Bool(_) | Json::Number(_) => NODE,
        Json::String(text) => NODE + text.capacity(),
        Json::Array(items) => NODE + items.iter().map(size_of).sum::<usize>(),
        // Why: the nodes of a map have unused capacity.
        Json::Object(map) => {
            NODE + map.iter().map(|(key, value)| 2 * NODE + key.capacity() + size_of(value)).sum::<usize>()
        }
    }
}
