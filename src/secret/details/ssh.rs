//! Private keys for SSH: OpenSSH's own form (PROTOCOL.key) and RSA's in PKCS#1 hold the public key in clear.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use go::pem::blocks;
use sha2::{Digest as _, Sha256};
use x509_parser::asn1_rs::{Any, FromDer as _, Tag};
use zeroize::Zeroizing;

use super::SshKey;
use crate::tls;

/// What OpenSSH's form begins with.
const MAGIC: &[u8] = b"openssh-key-v1\0";

/// Reads the first private key of a value, which stands under `key`. `None` if there is none.
pub fn of(key: &str, value: &[u8]) -> Option<SshKey> {
    let block = blocks(value).find(|block| block.label.ends_with(b"PRIVATE KEY"))?;
    let known = |kind: String, public: Option<&[u8]>, is_encrypted| {
        let fingerprint = public.map(|public| format!("SHA256:{}", STANDARD_NO_PAD.encode(Sha256::digest(public))));
        Some(SshKey { key: key.to_owned(), kind, fingerprint, is_encrypted })
    };
    let is_locked = tls::is_locked(value);
    match block.label {
        b"OPENSSH PRIVATE KEY" => {
            let (public, is_encrypted) = openssh(&block.bytes)?;
            let (kind, _) = string(public)?;
            known(std::str::from_utf8(kind).ok()?.to_owned(), Some(public), is_encrypted)
        }
        b"RSA PRIVATE KEY" if is_locked => known("ssh-rsa".to_owned(), None, true),
        b"RSA PRIVATE KEY" => known("ssh-rsa".to_owned(), rsa(&block.bytes).as_deref().map(Vec::as_slice), false),
        b"EC PRIVATE KEY" => known("ecdsa".to_owned(), None, is_locked),
        _ => known("PKCS#8".to_owned(), None, is_locked),
    }
}

/// Returns the public key, and whether the private one is encrypted.
fn openssh(bytes: &[u8]) -> Option<(&[u8], bool)> {
    let (cipher, rest) = string(bytes.strip_prefix(MAGIC)?)?;
    let (_kdf, rest) = string(rest)?;
    let (_options, rest) = string(rest)?;
    let (_count, rest) = rest.split_first_chunk::<4>()?;
    let (public, _) = string(rest)?;
    Some((public, cipher != b"none"))
}

/// Checks that a value is a private key that `ssh` can read, and returns whether it is locked by a passphrase. What is
/// locked cannot be looked into.
///
/// # Errors
/// What is wrong, to stand behind the key of the value.
pub fn check(value: &[u8]) -> Result<bool, &'static str> {
    const UNREADABLE: &str = "is a private key that cannot be read";
    let Some(block) = blocks(value).find(|block| block.label.ends_with(b"PRIVATE KEY")) else {
        return Err("is no private key in PEM");
    };
    if block.label == b"OPENSSH PRIVATE KEY" {
        // Why: OpenSSH looks for its own form at the very beginning only.
        return match value.starts_with(b"-----BEGIN OPENSSH PRIVATE KEY-----") {
            true => whole(&block.bytes).ok_or("is a private key that is cut short or damaged"),
            false => Err("has something before the private key, which OpenSSH does not skip"),
        };
    }
    if tls::is_locked(value) {
        return Ok(true);
    }
    let is_dsa = block.label == b"DSA PRIVATE KEY" && Any::from_der(&block.bytes).is_ok();
    if is_dsa || tls::is_private_key(&block.bytes) { Ok(false) } else { Err(UNREADABLE) }
}

/// Reads a key in OpenSSH's form to its end (PROTOCOL.key); returns whether it is locked.
fn whole(bytes: &[u8]) -> Option<bool> {
    let (public, is_locked) = openssh(bytes)?;
    let (kind, _) = string(public)?;
    let (cipher, rest) = string(bytes.strip_prefix(MAGIC)?)?;
    let (kdf, rest) = string(rest)?;
    let (_options, rest) = string(rest)?;
    let (count, rest) = rest.split_first_chunk::<4>()?;
    let (_public, rest) = string(rest)?;
    let (private, tag) = string(rest)?;
    let is_shaped = *count == [0, 0, 0, 1] && !private.is_empty() && (cipher == b"none") == (kdf == b"none");
    if !is_shaped {
        return None;
    }
    if is_locked {
        return Some(true);
    }
    let (one, rest) = private.split_first_chunk::<4>()?;
    let (two, rest) = rest.split_first_chunk::<4>()?;
    let (own, rest) = string(rest)?;
    (one == two && own == kind && !rest.is_empty() && tag.is_empty()).then_some(false)
}

/// Splits off a string of RFC 4251: four bytes of length, and its bytes.
fn string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

/// Returns the public key of a PKCS#1 key, as SSH writes it: the exponent before the modulus.
fn rsa(der: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (_, sequence) = Any::from_der(der).ok()?;
    let integer = |bytes| Any::from_der(bytes).ok().filter(|(_, any)| any.tag() == Tag::Integer);
    let (rest, _version) = integer(sequence.data)?;
    let (rest, modulus) = integer(rest)?;
    let (_, exponent) = integer(rest)?;
    let mut public = Zeroizing::new(Vec::new());
    for part in [b"ssh-rsa", exponent.data, modulus.data] {
        public.extend(u32::try_from(part.len()).ok()?.to_be_bytes());
        public.extend(part);
    }
    Some(public)
}
