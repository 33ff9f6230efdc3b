//! Private keys and certificates in the forms of other programs: PEM encrypted with a passphrase, PKCS#12, certificate
//! chains in any order.
//!
//! Pure: the passphrase is an argument, and results are wiped on drop.

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

/// Why a file cannot be decrypted.
#[derive(Debug, PartialEq, Eq)]
pub enum Problem {
    /// The passphrase is wrong.
    Passphrase,
    /// The algorithm is not supported: its name, or the numbers of its OID.
    Method(String),
    /// The file is malformed.
    Format(&'static str),
}

/// The line length of PEM (RFC 7468).
pub const LINE: usize = 64;

/// Appends a block of PEM, with lines of this length.
pub fn push_pem(label: &str, der: &[u8], line: usize, text: &mut Vec<u8>) {
    let digits = Zeroizing::new(STANDARD.encode(der));
    // Why reserved: a buffer that grows leaves an unwiped copy of the key behind.
    guard::bounded::grow(text, text.len() + digits.len() + digits.len() / line + 2 * label.len() + 40);
    text.extend([b"-----BEGIN ", label.as_bytes(), b"-----\n"].concat());
    for digits in digits.as_bytes().chunks(line) {
        text.extend_from_slice(digits);
        text.push(b'\n');
    }
    text.extend([b"-----END ", label.as_bytes(), b"-----\n"].concat());
}
