//! Private keys in PEM that are encrypted with a passphrase: PKCS#8, and OpenSSL's older form.

use go::pem::{Block, blocks};
use guard::Value;
use md5::{Digest as _, Md5};
use zeroize::Zeroizing;

use super::{
    LINE, Problem,
    ber::{INTEGER, OCTETS, Reader, SEQUENCE},
    cipher::{self, Cipher, decrypt_cbc},
    push_pem,
};

/// Decrypts the first private key of a PEM text. Returns it as PEM.
///
/// # Errors
/// A wrong passphrase; an unsupported algorithm; text without an encrypted key.
pub fn unlock(text: &[u8], passphrase: &str) -> Result<Value, Problem> {
    let block = blocks(text).find(|block| block.label.ends_with(b"PRIVATE KEY"));
    let block = block.ok_or(Problem::Format("holds no private key"))?;
    let (label, der) = match block.label {
        b"ENCRYPTED PRIVATE KEY" => ("PRIVATE KEY", pkcs8(&block.bytes, passphrase)?),
        label => {
            let label = std::str::from_utf8(label).map_err(|_| Problem::Format("holds no private key"))?;
            (label, by_headers(&block, passphrase)?)
        }
    };
    let mut pem = Vec::new();
    push_pem(label, &der, LINE, &mut pem);
    Ok(Value::new(pem))
}

/// Decrypts an `EncryptedPrivateKeyInfo` to a `PrivateKeyInfo`.
///
/// # Errors
/// As [`unlock`].
pub fn pkcs8(der: &[u8], passphrase: &str) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let damaged = || Problem::Format("is damaged");
    let mut fields = Reader(der).enter(SEQUENCE).ok_or_else(damaged)?;
    let algorithm = fields.enter(SEQUENCE).ok_or_else(damaged)?;
    let data = fields.octets(OCTETS).ok_or_else(damaged)?;
    let key = cipher::decrypt(algorithm, &data, passphrase)?;
    // Why: one wrong passphrase in 256 decrypts to bytes with valid padding.
    if is_pkcs8(&key) { Ok(key) } else { Err(Problem::Passphrase) }
}

/// Returns whether this is a `PrivateKeyInfo` of any algorithm.
pub fn is_pkcs8(der: &[u8]) -> bool {
    let mut all = Reader(der);
    let Some(mut fields) = all.enter(SEQUENCE).filter(|_| all.0.is_empty()) else { return false };
    fields.take(INTEGER).is_some() && fields.take(SEQUENCE).is_some() && fields.take(OCTETS).is_some()
}

/// Decrypts a key by its headers `Proc-Type` and `DEK-Info` (RFC 1421, as OpenSSL writes them).
fn by_headers(block: &Block<'_>, passphrase: &str) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let header = |name: &str| {
        let lines = block.headers.split(|byte| *byte == b'\n');
        lines.filter_map(|line| std::str::from_utf8(line).ok()).find_map(|line| line.strip_prefix(name))
    };
    if header("Proc-Type: 4,ENCRYPTED").is_none() {
        return Err(Problem::Format("is not locked"));
    }
    let info = header("DEK-Info:").and_then(|info| info.trim().split_once(','));
    let (name, digits) = info.ok_or(Problem::Format("has no DEK-Info that can be read"))?;
    let (cipher, length, size) = match name {
        "AES-128-CBC" => (Cipher::Aes, 16, 16),
        "AES-192-CBC" => (Cipher::Aes, 24, 16),
        "AES-256-CBC" => (Cipher::Aes, 32, 16),
        "DES-EDE3-CBC" => (Cipher::TripleDes, 24, 8),
        name => {
            let is_name = name.len() < 24 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            return Err(Problem::Method(if is_name { name.to_owned() } else { "?".to_owned() }));
        }
    };
    let iv = bytes_of(digits.trim()).filter(|iv| iv.len() == size);
    let iv = iv.ok_or(Problem::Format("has no DEK-Info that can be read"))?;
    let mut key = Zeroizing::new(Vec::with_capacity(length + 16));
    let mut hash = Zeroizing::new([0; 16]);
    while key.len() < length {
        let mut digest = Md5::new();
        if !key.is_empty() {
            digest.update(&hash[..]);
        }
        digest.update(passphrase.as_bytes());
        digest.update(iv.get(..8).unwrap_or_default());
        *hash = digest.finalize().into();
        key.extend_from_slice(&hash[..]);
    }
    key.truncate(length);
    let der = decrypt_cbc(cipher, &key, &iv, &block.bytes)?;
    let mut all = Reader(&der);
    if all.take(SEQUENCE).is_some() && all.0.is_empty() { Ok(der) } else { Err(Problem::Passphrase) }
}

/// Decodes hexadecimal digits.
fn bytes_of(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2).map(|pair| {
        let text = std::str::from_utf8(pair).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        u8::from_str_radix(text, 16).ok().filter(|_| pair.len() == 2)
    });
    pairs.collect()
}
