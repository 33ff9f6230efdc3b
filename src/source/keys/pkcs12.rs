//! PKCS#12 files: private keys and certificates, encrypted with a passphrase (RFC 7292).

use ring::hmac;
use x509_parser::asn1_rs::oid;
use zeroize::Zeroizing;

use super::{
    Problem,
    ber::{CONTEXT, CONTEXT_WITH, INTEGER, OCTETS, OID, Reader, SEQUENCE},
    cipher::{self, Purpose, derive_pkcs12, digest_of, with_utf16},
    locked::{is_pkcs8, pkcs8},
};

/// The content of a file.
pub struct Store {
    /// Private keys in PKCS#8.
    pub keys: Vec<Zeroizing<Vec<u8>>>,
    /// Certificates in DER, in the order of the file.
    pub certificates: Vec<Vec<u8>>,
}

const NOT_ONE: Problem = Problem::Format("is no PKCS#12 file");
const DAMAGED: Problem = Problem::Format("is damaged");

const DATA: &[u8] = &oid!(raw 1.2.840.113549.1.7.1);
const ENCRYPTED_DATA: &[u8] = &oid!(raw 1.2.840.113549.1.7.6);

/// Decrypts a file.
///
/// # Errors
/// A wrong passphrase, which the MAC shows; an unsupported algorithm; a malformed file.
pub fn open(file: &[u8], passphrase: &str) -> Result<Store, Problem> {
    let mut fields = Reader(file).enter(SEQUENCE).ok_or(NOT_ONE)?;
    if fields.number() != Some(3) {
        return Err(NOT_ONE);
    }
    let mut content = fields.enter(SEQUENCE).ok_or(NOT_ONE)?;
    match content.take(OID).ok_or(NOT_ONE)? {
        DATA => {}
        method => return Err(cipher::unknown(method)),
    }
    let safe = content.enter(CONTEXT_WITH).and_then(|mut data| data.octets(OCTETS)).ok_or(NOT_ONE)?;
    // Why first: the MAC tells a wrong passphrase from a damaged file; a failed decryption does not. A MAC that is
    // damaged is an error, not an absent one.
    if !fields.0.is_empty() {
        check_mac(fields.enter(SEQUENCE).ok_or(DAMAGED)?, &safe, passphrase)?;
    }
    let mut store = Store { keys: Vec::new(), certificates: Vec::new() };
    let mut parts = Reader(&safe).enter(SEQUENCE).ok_or(DAMAGED)?;
    while !parts.0.is_empty() {
        let mut part = parts.enter(SEQUENCE).ok_or(DAMAGED)?;
        let kind = part.take(OID).ok_or(DAMAGED)?;
        let mut content = part.enter(CONTEXT_WITH).ok_or(DAMAGED)?;
        let bags = match kind {
            DATA => content.octets(OCTETS).ok_or(DAMAGED)?,
            ENCRYPTED_DATA => decrypted(content, passphrase)?,
            method => return Err(cipher::unknown(method)),
        };
        collect(Reader(&bags).enter(SEQUENCE).ok_or(DAMAGED)?, passphrase, &mut store, BAGS)?;
    }
    Ok(store)
}

/// Checks the MAC of the content with the passphrase.
fn check_mac(mut mac: Reader<'_>, content: &[u8], passphrase: &str) -> Result<(), Problem> {
    let mut info = mac.enter(SEQUENCE).ok_or(DAMAGED)?;
    let (digest, algorithm) = digest_of(info.enter(SEQUENCE).ok_or(DAMAGED)?)?;
    let wanted = info.take(OCTETS).ok_or(DAMAGED)?;
    let salt = mac.take(OCTETS).ok_or(DAMAGED)?;
    let rounds = if mac.0.is_empty() { std::num::NonZeroU32::MIN } else { cipher::rounds(&mut mac)? };
    with_utf16(passphrase, |passphrase| {
        let key = derive_pkcs12(digest, Purpose::Mac, passphrase, salt, rounds, digest.output_len());
        hmac::verify(&hmac::Key::new(algorithm, &key), content, wanted).map_err(|_| Problem::Passphrase)
    })
}

/// Decrypts an `EncryptedData`.
fn decrypted(mut content: Reader<'_>, passphrase: &str) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let mut fields = content.enter(SEQUENCE).ok_or(DAMAGED)?;
    fields.take(INTEGER).ok_or(DAMAGED)?;
    let mut info = fields.enter(SEQUENCE).ok_or(DAMAGED)?;
    info.take(OID).ok_or(DAMAGED)?;
    let algorithm = info.enter(SEQUENCE).ok_or(DAMAGED)?;
    let data = info.octets(CONTEXT).ok_or(DAMAGED)?;
    cipher::decrypt(algorithm, &data, passphrase)
}

/// How deep bags may be nested.
const BAGS: usize = 8;

/// Collects the keys and certificates of a `SafeContents`.
fn collect(mut bags: Reader<'_>, passphrase: &str, store: &mut Store, depth: usize) -> Result<(), Problem> {
    const BAG: &[u8] = &oid!(raw 1.2.840.113549.1.12.10.1);
    const X509: &[u8] = &oid!(raw 1.2.840.113549.1.9.22.1);
    while !bags.0.is_empty() {
        let mut bag = bags.enter(SEQUENCE).ok_or(DAMAGED)?;
        let kind = bag.take(OID).ok_or(DAMAGED)?;
        let content = bag.take(CONTEXT_WITH).ok_or(DAMAGED)?;
        match kind.strip_prefix(BAG) {
            Some([1]) if is_pkcs8(content) => store.keys.push(Zeroizing::new(content.to_vec())),
            Some([2]) => store.keys.push(pkcs8(content, passphrase)?),
            Some([3]) => {
                let mut fields = Reader(content).enter(SEQUENCE).ok_or(DAMAGED)?;
                if fields.take(OID) == Some(X509) {
                    let der = fields.enter(CONTEXT_WITH).and_then(|mut der| der.octets(OCTETS)).ok_or(DAMAGED)?;
                    store.certificates.push(der.to_vec());
                }
            }
            Some([6]) => {
                let depth = depth.checked_sub(1).ok_or(DAMAGED)?;
                collect(Reader(content).enter(SEQUENCE).ok_or(DAMAGED)?, passphrase, store, depth)?;
            }
            // Ignored: revocation lists and passwords have no place in a TLS Secret.
            _ => {}
        }
    }
    Ok(())
}
