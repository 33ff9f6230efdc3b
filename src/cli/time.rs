//! Times in days, or in Go's units.

use std::time::Duration;

use go::quote::quote;

use crate::error::{Error, Result};

/// Reads `30d`, or a duration of Go's such as `12h` or `1m30s`. `flag` is named in the error.
///
/// # Errors
/// Any other text, or a negative duration.
pub fn read(flag: &str, typed: &str) -> Result<Duration> {
    let days = typed.strip_suffix('d').and_then(|days| days.parse::<u32>().ok());
    let found = match days {
        Some(days) => Some(Duration::from_secs(u64::from(days) * 86_400)),
        None => go::duration::parse(typed),
    };
    found.ok_or_else(|| Error::new(format!("{flag} {} is no time", quote(typed))).hint("for example 30d, 12h or 0s"))
}
