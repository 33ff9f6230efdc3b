//! Checks whether a certificate and a private key belong together, as Go's `tls.X509KeyPair` does: kubectl refuses a
//! pair that does not, kube-apiserver warns.
//!
//! RSA, ECDSA and Ed25519 keys in PKCS#1, PKCS#8 and SEC1. Only the first certificate counts. Expiry, chain and host
//! names are not checked, nor is a public key within an EC private key: it is computed.

use ring::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
        Ed25519KeyPair,
    },
};
use x509_parser::{
    asn1_rs::{Any, FromDer as _, Oid, Tag, oid},
    certificate::X509Certificate,
};

use super::curve;
use go::pem::blocks;

const MISMATCH: &str = "tls: private key does not match public key";
const OTHER_TYPE: &str = "tls: private key type does not match public key type";
const UNREADABLE: &str = "tls: failed to parse private key";

const RSA: Oid<'static> = oid!(1.2.840.113549.1.1.1);
const EC: Oid<'static> = oid!(1.2.840.10045.2.1);
const ED25519: Oid<'static> = oid!(1.3.101.112);
/// Keys that Go parses but does not support here: X25519.
const X25519: Oid<'static> = oid!(1.3.101.110);
const P224: Oid<'static> = oid!(1.3.132.0.33);
const P256: Oid<'static> = oid!(1.2.840.10045.3.1.7);
const P384: Oid<'static> = oid!(1.3.132.0.34);
const P521: Oid<'static> = oid!(1.3.132.0.35);

/// The part of a private key that the comparison needs.
enum Private<'a> {
    /// The modulus.
    Rsa(&'a [u8]),
    Ec {
        curve: Oid<'a>,
        scalar: &'a [u8],
    },
    /// The seed.
    Ed25519(&'a [u8]),
}

/// Checks a pair in PEM.
///
/// # Errors
/// The text of Go's error. Invariant: it contains no byte of the key.
pub fn check_pair(certificate: &[u8], key: &[u8]) -> Result<(), String> {
    let certificate = certificate_block(certificate)?;
    let key = key_block(key)?;

    let malformed = || "x509: malformed certificate".to_owned();
    let (rest, outer) = Any::from_der(&certificate).map_err(|_| malformed())?;
    if outer.tag() != Tag::Sequence {
        return Err(malformed());
    }
    if !rest.is_empty() {
        return Err("x509: trailing data".to_owned());
    }
    let (_, certificate) =
        X509Certificate::from_der(&certificate).map_err(|_| "x509: malformed tbs certificate".to_owned())?;

    let public = certificate.public_key();
    let point = public.subject_public_key.data.as_ref();
    let algorithm = &public.algorithm.algorithm;
    let curve = public.algorithm.parameters.as_ref().and_then(|p| p.as_oid().ok());
    if *algorithm == EC && !curve.as_ref().is_some_and(|c| [P224, P256, P384, P521].contains(c)) {
        return Err("x509: unsupported elliptic curve".to_owned());
    }

    let private = private_key(&key)?;
    match private {
        Private::Rsa(modulus) if *algorithm == RSA => same(Some(modulus), rsa_modulus(point)),
        Private::Ec { curve: own, .. } if *algorithm == EC && curve.as_ref() != Some(&own) => Err(MISMATCH.to_owned()),
        Private::Ec { curve, scalar } if *algorithm == EC => check_ec(&curve, scalar, point),
        Private::Ed25519(seed) if *algorithm == ED25519 => {
            Ed25519KeyPair::from_seed_and_public_key(seed, point).map(drop).map_err(|_| MISMATCH.to_owned())
        }
        _ if [RSA, EC, ED25519].contains(algorithm) => Err(OTHER_TYPE.to_owned()),
        _ => Err("tls: unknown public key algorithm".to_owned()),
    }
}

/// Returns the private key in a block of a key file if it is one on P-521, in any encoding.
pub fn p521_key(der: &[u8]) -> Option<p521::ecdsa::SigningKey> {
    const LENGTH: usize = 66;
    let Ok(Private::Ec { curve, scalar }) = private_key(der) else { return None };
    let scalar = strip_zeros(scalar);
    let zeros = LENGTH.checked_sub(scalar.len()).filter(|_| curve == P521)?;
    let mut padded = zeroize::Zeroizing::new([0; LENGTH]);
    padded.get_mut(zeros..)?.copy_from_slice(scalar);
    p521::ecdsa::SigningKey::from_slice(padded.as_slice()).ok()
}

/// Returns whether a block of a key file is a private key that is not locked.
pub fn is_private_key(der: &[u8]) -> bool {
    private_key(der).is_ok()
}

/// Returns whether the first private key of a text is locked by a passphrase.
pub fn is_locked(text: &[u8]) -> bool {
    const HEADER: &[u8] = b"\nProc-Type: 4,ENCRYPTED";
    let first = blocks(text).find(|block| block.label.ends_with(b"PRIVATE KEY"));
    first.is_some_and(|block| {
        block.label == b"ENCRYPTED PRIVATE KEY"
            || block.label != b"OPENSSH PRIVATE KEY" && text.windows(HEADER.len()).any(|part| part == HEADER)
    })
}

fn certificate_block(text: &[u8]) -> Result<Vec<u8>, String> {
    let mut skipped = Vec::new();
    for block in blocks(text) {
        if block.label == b"CERTIFICATE" {
            return Ok(block.bytes.to_vec());
        }
        skipped.push(block.label);
    }
    Err(match skipped.as_slice() {
        [] => "tls: failed to find any PEM data in certificate input".to_owned(),
        [one] if one.ends_with(b"PRIVATE KEY") => "tls: failed to find certificate PEM data in certificate input, but \
            did find a private key; PEM inputs may have been switched"
            .to_owned(),
        _ => format!(
            "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the \
             following types: {}",
            labels(&skipped)
        ),
    })
}

fn key_block(text: &[u8]) -> Result<zeroize::Zeroizing<Vec<u8>>, String> {
    let mut skipped = Vec::new();
    for block in blocks(text) {
        if block.label == b"PRIVATE KEY" || block.label.ends_with(b" PRIVATE KEY") {
            return Ok(block.bytes);
        }
        skipped.push(block.label);
    }
    Err(match skipped.as_slice() {
        [] => "tls: failed to find any PEM data in key input".to_owned(),
        [b"CERTIFICATE"] => "tls: found a certificate rather than a key in the PEM for the private key".to_owned(),
        _ => format!(
            "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM blocks \
             of the following types: {}",
            labels(&skipped)
        ),
    })
}

/// Returns the labels of blocks as Go prints a list. Invariant: text that does not look like a label is not shown,
/// since it may be anything.
fn labels(labels: &[&[u8]]) -> String {
    let shown = labels
        .iter()
        .map(|label| match std::str::from_utf8(label) {
            Ok(text) if text.bytes().all(|b| b.is_ascii_uppercase() || b == b' ') => text,
            _ => "?",
        })
        .collect::<Vec<_>>();
    format!("[{}]", shown.join(" "))
}

/// Parses a private key, whatever its label is: PKCS#1, then PKCS#8, then SEC1.
fn private_key(der: &[u8]) -> Result<Private<'_>, String> {
    if let Some(key) = pkcs1(der) {
        return Ok(key);
    }
    if let Some((algorithm, parameters, inner)) = pkcs8(der) {
        let key = if algorithm == RSA {
            pkcs1(inner)
        } else if algorithm == EC {
            sec1(inner, parameters)
        } else if algorithm == ED25519 {
            content(inner, Tag::OctetString)
                .filter(|(seed, rest)| seed.len() == 32 && rest.is_empty())
                .map(|(seed, _)| Private::Ed25519(seed))
        } else if algorithm == X25519 {
            return Err("tls: found unknown private key type in PKCS#8 wrapping".to_owned());
        } else {
            None
        };
        if let Some(key) = key {
            return Ok(key);
        }
    }
    sec1(der, None).ok_or_else(|| UNREADABLE.to_owned())
}

/// Parses an `RSAPrivateKey`: version, modulus, and at least the four numbers that Go requires.
fn pkcs1(der: &[u8]) -> Option<Private<'_>> {
    let (mut fields, rest) = content(der, Tag::Sequence)?;
    let mut numbers = [&[][..]; 6];
    for number in &mut numbers {
        (*number, fields) = content(fields, Tag::Integer)?;
    }
    let [version, modulus, ..] = numbers;
    (rest.is_empty() && matches!(version, [0 | 1])).then_some(Private::Rsa(modulus))
}

/// Parses a `PrivateKeyInfo`: the algorithm, its parameters if they are an OID, and the key.
fn pkcs8(der: &[u8]) -> Option<(Oid<'_>, Option<Oid<'_>>, &[u8])> {
    let (fields, _) = content(der, Tag::Sequence)?;
    let (_, fields) = content(fields, Tag::Integer)?;
    let (algorithm, fields) = content(fields, Tag::Sequence)?;
    let (key, _) = content(fields, Tag::OctetString)?;
    let (rest, name) = Any::from_der(algorithm).ok()?;
    let parameters = Any::from_der(rest).ok().and_then(|(_, parameters)| parameters.oid().ok());
    Some((name.oid().ok()?, parameters, key))
}

/// Parses an `ECPrivateKey`. The curve is in it, or was in the `PrivateKeyInfo` around it.
fn sec1<'a>(der: &'a [u8], curve: Option<Oid<'a>>) -> Option<Private<'a>> {
    let (fields, _) = content(der, Tag::Sequence)?;
    let (version, fields) = content(fields, Tag::Integer)?;
    let (scalar, mut fields) = content(fields, Tag::OctetString)?;
    let mut curve = curve;
    while let Ok((rest, field)) = Any::from_der(fields) {
        fields = rest;
        if field.tag().0 == 0 && curve.is_none() {
            curve = Any::from_der(field.data).ok()?.1.oid().ok();
        }
    }
    let curve = curve.filter(|c| [P224, P256, P384, P521].contains(c))?;
    (version == [1]).then_some(Private::Ec { curve, scalar })
}

fn check_ec(curve: &Oid<'_>, scalar: &[u8], point: &[u8]) -> Result<(), String> {
    // SEC1 requires the length of the curve, but Go accepts a scalar with too few or too many leading zeros.
    let scalar = strip_zeros(scalar);
    let (algorithm, length): (&'static EcdsaSigningAlgorithm, usize) = if *curve == P256 {
        (&ECDSA_P256_SHA256_ASN1_SIGNING, 32)
    } else if *curve == P384 {
        (&ECDSA_P384_SHA384_ASN1_SIGNING, 48)
    } else {
        let curve = if *curve == P224 { curve::P224 } else { curve::P521 };
        return match curve.belong(scalar, point) {
            Some(true) => Ok(()),
            Some(false) => Err(MISMATCH.to_owned()),
            None => Err(UNREADABLE.to_owned()),
        };
    };
    if scalar.len() > length || scalar.is_empty() {
        return Err(UNREADABLE.to_owned());
    }
    let mut padded = zeroize::Zeroizing::new(vec![0; length - scalar.len()]);
    padded.extend_from_slice(scalar);
    EcdsaKeyPair::from_private_key_and_public_key(algorithm, &padded, point, &SystemRandom::new())
        .map(drop)
        .map_err(|_| MISMATCH.to_owned())
}

/// Returns the modulus of an `RSAPublicKey`.
fn rsa_modulus(der: &[u8]) -> Option<&[u8]> {
    content(content(der, Tag::Sequence)?.0, Tag::Integer).map(|(modulus, _)| modulus)
}

fn same(private: Option<&[u8]>, public: Option<&[u8]>) -> Result<(), String> {
    if private.map(strip_zeros) == public.map(strip_zeros) { Ok(()) } else { Err(MISMATCH.to_owned()) }
}

fn strip_zeros(mut number: &[u8]) -> &[u8] {
    while let [0, rest @ ..] = number {
        number = rest;
    }
    number
}

/// Returns the content of the first element, if it has this tag, and the bytes after it.
fn content(der: &[u8], tag: Tag) -> Option<(&[u8], &[u8])> {
    let (rest, any) = Any::from_der(der).ok()?;
    (any.tag() == tag).then_some((any.data, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! recorded {
        ($name:literal) => {
            include_bytes!(concat!("../../tests/kubectl/fixtures/", $name)).as_slice()
        };
    }
    macro_rules! own {
        ($name:literal) => {
            include_bytes!(concat!("../../tests/fixtures/tls/", $name)).as_slice()
        };
    }

    #[test]
    fn accepts_pairs() {
        for (certificate, key) in [
            (recorded!("rsa.crt"), recorded!("rsa.key")),
            (recorded!("rsa.crt"), recorded!("rsa-pkcs1.key")),
            (recorded!("ec.crt"), recorded!("ec.key")),
            (recorded!("ec.crt"), recorded!("ec-pkcs8.key")),
            (recorded!("chain.crt"), recorded!("ec.key")),
            (recorded!("ed25519.crt"), recorded!("ed25519.key")),
            (own!("p256.crt"), own!("p256.key")),
            (own!("p256.crt"), own!("p256-no-public.key")),
            (own!("p384.crt"), own!("p384.key")),
            (own!("p521.crt"), own!("p521.key")),
            (own!("p521.crt"), own!("p521-no-public.key")),
            (own!("p521.crt"), own!("p521-pkcs8-no-public.key")),
            (own!("p224.crt"), own!("p224.key")),
            (own!("p224.crt"), own!("p224-no-public.key")),
        ] {
            assert_eq!(check_pair(certificate, key), Ok(()), "{}", String::from_utf8_lossy(certificate));
        }
        let mut text = b"subject=CN\n".to_vec();
        text.extend_from_slice(recorded!("rsa.crt"));
        assert_eq!(check_pair(&text, recorded!("rsa.key")), Ok(()));
    }

    #[test]
    fn words_errors_as_go() {
        let (certificate, key) = (recorded!("rsa.crt"), recorded!("rsa.key"));
        let no_certificate = "tls: failed to find any PEM data in certificate input";
        let switched = "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM \
            inputs may have been switched";
        let csr = b"-----BEGIN CERTIFICATE REQUEST-----\nMQ==\n-----END CERTIFICATE REQUEST-----\n".as_slice();
        let odd = b"-----BEGIN hunter2-----\nMQ==\n-----END hunter2-----\n".as_slice();
        for (certificate, key, error) in [
            (b"".as_slice(), key, no_certificate),
            (b"text", key, no_certificate),
            (recorded!("rsa.der"), key, no_certificate),
            (recorded!("id_ed25519"), key, switched),
            (key, certificate, switched),
            (
                csr,
                key,
                "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the \
                 following types: [CERTIFICATE REQUEST]",
            ),
            (certificate, b"", "tls: failed to find any PEM data in key input"),
            (certificate, certificate, "tls: found a certificate rather than a key in the PEM for the private key"),
            (
                certificate,
                odd,
                "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM \
                 blocks of the following types: [?]",
            ),
            (certificate, recorded!("encrypted.key"), UNREADABLE),
            (certificate, recorded!("id_ed25519"), UNREADABLE),
            (certificate, own!("x25519.key"), "tls: found unknown private key type in PKCS#8 wrapping"),
            (certificate, recorded!("ec.key"), OTHER_TYPE),
            (recorded!("ed25519.crt"), key, OTHER_TYPE),
            (recorded!("ec.crt"), recorded!("ed25519.key"), OTHER_TYPE),
            (recorded!("ec.crt"), own!("p256.key"), MISMATCH),
            (recorded!("ec.crt"), own!("p256-no-public.key"), MISMATCH),
            (recorded!("ec.crt"), own!("p521.key"), MISMATCH),
            (own!("p521.crt"), own!("p384.key"), MISMATCH),
            (own!("p521.crt"), own!("p521-other-no-public.key"), MISMATCH),
            (own!("p521.crt"), own!("p521-other-with-this-public.key"), MISMATCH),
            (own!("p224.crt"), own!("p521-no-public.key"), MISMATCH),
            (b"-----BEGIN CERTIFICATE-----\nMQ==\n-----END CERTIFICATE-----\n", key, "x509: malformed certificate"),
        ] {
            assert_eq!(check_pair(certificate, key), Err(error.to_owned()));
        }
    }

    #[test]
    fn survives_damaged_keys() {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        for (certificate, key) in [
            (recorded!("rsa.crt"), recorded!("rsa.key")),
            (recorded!("ec.crt"), recorded!("ec.key")),
            (recorded!("ed25519.crt"), recorded!("ed25519.key")),
        ] {
            let der = key_block(key).expect("a key");
            for length in 0..der.len() {
                let cut = STANDARD.encode(&der[..length]);
                let text = format!("-----BEGIN PRIVATE KEY-----\n{cut}\n-----END PRIVATE KEY-----\n");
                assert_eq!(check_pair(certificate, text.as_bytes()), Err(UNREADABLE.to_owned()), "{length}");
            }
        }
    }
}
