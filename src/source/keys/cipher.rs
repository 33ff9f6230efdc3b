//! Password-based encryption: PBES2 of PKCS#5, and the older schemes of PKCS#12.

use std::num::NonZeroU32;

use aes::{
    Aes128, Aes192, Aes256,
    cipher::{Block, BlockCipherDecrypt, KeyInit},
};
use des::TdesEde3;
use rc2::Rc2;
use ring::{digest, hmac, pbkdf2};
use x509_parser::asn1_rs::{Oid, oid};
use zeroize::Zeroizing;

use super::{
    Problem,
    ber::{INTEGER, NULL, OCTETS, OID, Reader, SEQUENCE},
};

/// The most iterations of a key derivation that are accepted. Why: a hostile file could ask for minutes of work;
/// programs write a million at most.
const MOST_ROUNDS: u32 = 2_000_000;

const DAMAGED: Problem = Problem::Format("is damaged");

/// A block cipher in CBC mode.
#[derive(Clone, Copy)]
pub enum Cipher {
    /// Key of 16, 24 or 32 bytes.
    Aes,
    /// Key of 24 bytes, or of 16, whose first half is then used twice.
    TripleDes,
    /// Effective key length as long as the key.
    Rc2,
}

/// Decrypts, and removes the padding.
///
/// # Errors
/// Wrong padding, which nearly always means that the key is wrong.
pub fn decrypt_cbc(cipher: Cipher, key: &[u8], iv: &[u8], data: &[u8]) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let mut text = Zeroizing::new(data.to_vec());
    let done = match (cipher, key.len()) {
        (Cipher::Aes, 16) => cbc::<Aes128>(Aes128::new_from_slice(key).ok(), iv, &mut text),
        (Cipher::Aes, 24) => cbc::<Aes192>(Aes192::new_from_slice(key).ok(), iv, &mut text),
        (Cipher::Aes, _) => cbc::<Aes256>(Aes256::new_from_slice(key).ok(), iv, &mut text),
        (Cipher::TripleDes, _) => {
            let (first, _) = key.split_at_checked(8).ok_or(DAMAGED)?;
            let key = Zeroizing::new([key, first].concat());
            cbc::<TdesEde3>(TdesEde3::new_from_slice(key.get(..24).ok_or(DAMAGED)?).ok(), iv, &mut text)
        }
        (Cipher::Rc2, _) => cbc::<Rc2>(Rc2::new_from_slice(key).ok(), iv, &mut text),
    };
    done.ok_or(DAMAGED)?;
    let padding = text.last().map_or(0, |last| usize::from(*last));
    let length = text.len().checked_sub(padding).filter(|_| (1..=iv.len()).contains(&padding));
    let length = length.ok_or(Problem::Passphrase)?;
    if text.iter().skip(length).any(|byte| usize::from(*byte) != padding) {
        return Err(Problem::Passphrase);
    }
    text.truncate(length);
    Ok(text)
}

fn cbc<C: BlockCipherDecrypt>(cipher: Option<C>, iv: &[u8], text: &mut [u8]) -> Option<()> {
    let cipher = cipher?;
    let mut previous = Block::<C>::try_from(iv).ok()?;
    let size = previous.len();
    if text.is_empty() || !text.len().is_multiple_of(size) {
        return None;
    }
    for chunk in text.chunks_exact_mut(size) {
        let block = Block::<C>::try_from(&*chunk).ok()?;
        let mut plain = block.clone();
        cipher.decrypt_block(&mut plain);
        for ((byte, plain), before) in chunk.iter_mut().zip(&plain).zip(&previous) {
            *byte = plain ^ before;
        }
        previous = block;
    }
    Some(())
}

/// Decrypts `data` by an `AlgorithmIdentifier`.
///
/// # Errors
/// A wrong passphrase, which shows in the padding; an unsupported algorithm; invalid parameters.
pub fn decrypt(mut algorithm: Reader<'_>, data: &[u8], passphrase: &str) -> Result<Zeroizing<Vec<u8>>, Problem> {
    const PBES2: &[u8] = &oid!(raw 1.2.840.113549.1.5.13);
    const PKCS12: &[u8] = &oid!(raw 1.2.840.113549.1.12.1);
    let method = algorithm.take(OID).ok_or(DAMAGED)?;
    let Some(mut parameters) = algorithm.enter(SEQUENCE) else { return Err(unknown(method)) };
    if method == PBES2 {
        return pbes2(parameters, data, passphrase);
    }
    let (cipher, length) = match method.strip_prefix(PKCS12) {
        Some([3]) => (Cipher::TripleDes, 24),
        Some([4]) => (Cipher::TripleDes, 16),
        Some([5]) => (Cipher::Rc2, 16),
        Some([6]) => (Cipher::Rc2, 5),
        _ => return Err(unknown(method)),
    };
    let salt = parameters.take(OCTETS).ok_or(DAMAGED)?;
    let rounds = rounds(&mut parameters)?;
    let attempt = |passphrase: &[u8]| {
        let made = |purpose, length| {
            derive_pkcs12(&digest::SHA1_FOR_LEGACY_USE_ONLY, purpose, passphrase, salt, rounds, length)
        };
        decrypt_cbc(cipher, &made(Purpose::Key, length), &made(Purpose::Iv, 8), data)
    };
    with_utf16(passphrase, attempt)
}

/// Tries a passphrase in the encoding of PKCS#12: UTF-16 with a zero at its end. An empty one is also tried as no bytes
/// at all, which some programs write.
pub fn with_utf16<T>(passphrase: &str, attempt: impl Fn(&[u8]) -> Result<T, Problem>) -> Result<T, Problem> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * passphrase.len() + 2));
    for unit in passphrase.encode_utf16().chain([0]) {
        bytes.extend_from_slice(&unit.to_be_bytes());
    }
    match attempt(&bytes) {
        Err(Problem::Passphrase) if passphrase.is_empty() => attempt(&[]),
        done => done,
    }
}

fn pbes2(mut parameters: Reader<'_>, data: &[u8], passphrase: &str) -> Result<Zeroizing<Vec<u8>>, Problem> {
    const PBKDF2: &[u8] = &oid!(raw 1.2.840.113549.1.5.12);
    const AES: &[u8] = &oid!(raw 2.16.840.1.101.3.4.1);
    const TRIPLE_DES: &[u8] = &oid!(raw 1.2.840.113549.3.7);
    const RC2: &[u8] = &oid!(raw 1.2.840.113549.3.2);
    let mut derivation = parameters.enter(SEQUENCE).ok_or(DAMAGED)?;
    let mut scheme = parameters.enter(SEQUENCE).ok_or(DAMAGED)?;
    let function = derivation.take(OID).ok_or(DAMAGED)?;
    if function != PBKDF2 {
        return Err(unknown(function));
    }
    let method = scheme.take(OID).ok_or(DAMAGED)?;
    let (cipher, length, iv) = match method.strip_prefix(AES) {
        Some([2]) => (Cipher::Aes, 16, scheme.take(OCTETS)),
        Some([22]) => (Cipher::Aes, 24, scheme.take(OCTETS)),
        Some([42]) => (Cipher::Aes, 32, scheme.take(OCTETS)),
        _ if method == TRIPLE_DES => (Cipher::TripleDes, 24, scheme.take(OCTETS)),
        _ if method == RC2 => {
            let mut parameters = scheme.enter(SEQUENCE).ok_or(DAMAGED)?;
            // 58 means a key of 128 bits (RFC 8018, B.2.3).
            if parameters.number() != Some(58) {
                return Err(unknown(method));
            }
            (Cipher::Rc2, 16, parameters.take(OCTETS))
        }
        _ => return Err(unknown(method)),
    };
    let mut parameters = derivation.enter(SEQUENCE).ok_or(DAMAGED)?;
    let salt = parameters.take(OCTETS).ok_or(DAMAGED)?;
    let rounds = rounds(&mut parameters)?;
    parameters.take(INTEGER);
    let algorithm = match parameters.enter(SEQUENCE) {
        None => pbkdf2::PBKDF2_HMAC_SHA1,
        Some(mut function) => {
            const HMAC: &[u8] = &oid!(raw 1.2.840.113549.2);
            let name = function.take(OID).ok_or(DAMAGED)?;
            match name.strip_prefix(HMAC) {
                Some([7]) => pbkdf2::PBKDF2_HMAC_SHA1,
                Some([9]) => pbkdf2::PBKDF2_HMAC_SHA256,
                Some([10]) => pbkdf2::PBKDF2_HMAC_SHA384,
                Some([11]) => pbkdf2::PBKDF2_HMAC_SHA512,
                _ => return Err(unknown(name)),
            }
        }
    };
    let mut key = Zeroizing::new(vec![0; length]);
    pbkdf2::derive(algorithm, rounds, salt, passphrase.as_bytes(), &mut key);
    decrypt_cbc(cipher, &key, iv.ok_or(DAMAGED)?, data)
}

/// Reads an iteration count.
pub fn rounds(parameters: &mut Reader<'_>) -> Result<NonZeroU32, Problem> {
    let rounds = parameters.number().filter(|rounds| *rounds <= MOST_ROUNDS);
    rounds.and_then(NonZeroU32::new).ok_or(Problem::Format("asks for an odd number of rounds"))
}

/// Returns the problem of an algorithm that is not supported.
pub fn unknown(method: &[u8]) -> Problem {
    // The identifier of an algorithm is never this long, so a longer one is not shown.
    let is_name = !method.is_empty() && method.len() <= 16;
    Problem::Method(if is_name { Oid::new(method.into()).to_id_string() } else { "?".to_owned() })
}

/// What a key of PKCS#12 is used for.
#[derive(Clone, Copy)]
pub enum Purpose {
    Key = 1,
    Iv = 2,
    Mac = 3,
}

/// Derives bytes from a passphrase as PKCS#12 does (RFC 7292, B.2).
pub fn derive_pkcs12(
    algorithm: &'static digest::Algorithm,
    purpose: Purpose,
    passphrase: &[u8],
    salt: &[u8],
    rounds: NonZeroU32,
    length: usize,
) -> Zeroizing<Vec<u8>> {
    let block = algorithm.block_len();
    let filled =
        |text: &[u8]| text.iter().copied().cycle().take(text.len().next_multiple_of(block)).collect::<Vec<_>>();
    let mut input = Zeroizing::new(vec![purpose as u8; block]);
    input.extend(filled(salt));
    input.extend_from_slice(&Zeroizing::new(filled(passphrase)));
    let mut derived = Zeroizing::new(Vec::with_capacity(length + algorithm.output_len()));
    while derived.len() < length {
        let mut hash = digest::digest(algorithm, &input);
        for _ in 1..rounds.get() {
            hash = digest::digest(algorithm, hash.as_ref());
        }
        derived.extend_from_slice(hash.as_ref());
        // The next input: each block of the salt and the passphrase, as a number, plus the hash plus one.
        for part in input.chunks_exact_mut(block).skip(1) {
            let mut carry = 1_u16;
            let added = hash.as_ref().iter().copied().cycle().take(block).collect::<Vec<_>>();
            for (digit, added) in part.iter_mut().zip(added).rev() {
                carry += u16::from(*digit) + u16::from(added);
                [_, *digit] = carry.to_be_bytes();
                carry >>= 8;
            }
        }
    }
    derived.truncate(length);
    derived
}

/// Returns the digest that an `AlgorithmIdentifier` names, and its HMAC.
pub fn digest_of(mut algorithm: Reader<'_>) -> Result<(&'static digest::Algorithm, hmac::Algorithm), Problem> {
    const SHA1: &[u8] = &oid!(raw 1.3.14.3.2.26);
    const SHA2: &[u8] = &oid!(raw 2.16.840.1.101.3.4.2);
    let name = algorithm.take(OID).ok_or(DAMAGED)?;
    algorithm.take(NULL);
    match name.strip_prefix(SHA2) {
        Some([1]) => Ok((&digest::SHA256, hmac::HMAC_SHA256)),
        Some([2]) => Ok((&digest::SHA384, hmac::HMAC_SHA384)),
        Some([3]) => Ok((&digest::SHA512, hmac::HMAC_SHA512)),
        _ if name == SHA1 => Ok((&digest::SHA1_FOR_LEGACY_USE_ONLY, hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY)),
        _ => Err(unknown(name)),
    }
}
