//! What only this user may read on this machine: keys in files of their own, and texts that are sealed with them.

pub mod key;
pub mod seal;

use std::io;

use ring::rand::{SecureRandom as _, SystemRandom};

/// Fills `bytes` with randomness.
///
/// # Errors
/// A system that has none.
pub fn random(bytes: &mut [u8]) -> io::Result<()> {
    SystemRandom::new().fill(bytes).map_err(|_| io::Error::other("no randomness"))
}

/// Returns bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
