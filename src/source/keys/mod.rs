//! Private keys and certificates in the forms that other programs write: PEM that is locked by a passphrase, PKCS#12, chains
//! in any order.
//!
//! Pure: the passphrase is given, and what comes back is wiped on drop.

mod ber;
pub mod chain;
mod cipher;
mod locked;
pub mod pkcs12;
#[cfg(test)]
mod tests;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

pub use self::locked::unlock;

/// Why something cannot be unlocked.
#[derive(Debug, PartialEq, Eq)]
pub enum Problem {
    /// The passphrase does not belong to it.
    Passphrase,
    /// It is encrypted by a method that is not known here: its name, or the numbers of its OID.
    Method(String),
    /// It is not what it should be.
    Format(&'static str),
}

/// The length of a line of PEM (RFC 7468).
pub const LINE: usize = 64;

/// Appends a block of PEM, with lines of this length.
pub fn push_pem(label: &str, der: &[u8], line: usize, text: &mut Vec<u8>) {
    let digits = Zeroizing::new(STANDARD.encode(der));
    // Why reserved: growing would leave an unwiped copy of a key behind.
    guard::bounded::grow(text, text.len() + digits.len() + digits.len() / line + 2 * label.len() + 40);
    text.extend([b"-----BEGIN ", label.as_bytes(), b"-----\n"].concat());
    for digits in digits.as_bytes().chunks(line) {
        text.extend_from_slice(digits);
        text.push(b'\n');
    }
    text.extend([b"-----END ", label.as_bytes(), b"-----\n"].concat());
}
