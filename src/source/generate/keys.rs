//! Private keys in PKCS#8, and self-signed certificates.

use std::time::Duration;

use rcgen::{
    CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
    PKCS_ECDSA_P384_SHA384, PKCS_ED25519, SignatureAlgorithm, date_time_ymd,
};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair},
};
use zeroize::Zeroizing;

use super::{
    random,
    recipe::{Curve, Signer},
};
use crate::{
    secret::Value,
    source::keys::{LINE, push_pem},
};

const NO_KEY: &str = "no key could be made";

/// The DER before the seed of an Ed25519 key in PKCS#8 (RFC 8410, section 7). Why version 1: every reader supports it.
const ED25519: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

/// Makes an Ed25519 key.
pub fn ed25519() -> Result<Zeroizing<Vec<u8>>, String> {
    let mut key = Zeroizing::new(ED25519.to_vec());
    key.extend_from_slice(&random::bytes(32)?);
    Ok(key)
}

/// Makes an ECDSA key.
pub fn ecdsa(curve: Curve) -> Result<Zeroizing<Vec<u8>>, String> {
    let algorithm = match curve {
        Curve::P256 => &ECDSA_P256_SHA256_ASN1_SIGNING,
        Curve::P384 => &ECDSA_P384_SHA384_ASN1_SIGNING,
    };
    let made = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).map_err(|_| NO_KEY)?;
    Ok(Zeroizing::new(made.as_ref().to_vec()))
}

/// Encodes a key as PEM.
pub fn pem(key: &[u8]) -> Value {
    let mut text = Vec::new();
    push_pem("PRIVATE KEY", key, LINE, &mut text);
    Value::new(text)
}

/// Makes a self-signed certificate for `names`, valid from now for `days`, and its key.
pub fn self_signed(names: &[String], days: usize, signer: Signer) -> Result<Vec<Value>, String> {
    let (key, algorithm): (_, &'static SignatureAlgorithm) = match signer {
        Signer::Ed25519 => (ed25519()?, &PKCS_ED25519),
        Signer::Ecdsa(Curve::P256) => (ecdsa(Curve::P256)?, &PKCS_ECDSA_P256_SHA256),
        Signer::Ecdsa(Curve::P384) => (ecdsa(Curve::P384)?, &PKCS_ECDSA_P384_SHA384),
    };
    let text = pem(&key);
    let pair = KeyPair::from_pem_and_sign_algo(text.expose_text().unwrap_or_default(), algorithm);
    let pair = pair.map_err(|_| NO_KEY)?;
    let mut params = CertificateParams::new(names).map_err(|_| "a name is neither a DNS name nor an IP address")?;
    params.distinguished_name = rcgen::DistinguishedName::new();
    // Why: RFC 5280 allows at most 64 characters in a common name.
    if let Some(name) = names.first().filter(|name| name.len() <= 64) {
        params.distinguished_name.push(DnType::CommonName, name.as_str());
    }
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
    let now = u64::try_from(jiff::Timestamp::now().as_second()).unwrap_or_default();
    params.not_before = date_time_ymd(1970, 1, 1) + Duration::from_secs(now);
    params.not_after = params.not_before + Duration::from_secs(u64::try_from(days).unwrap_or_default() * 86_400);
    let certificate = params.self_signed(&pair).map_err(|_| "no certificate could be made")?;
    Ok(vec![Value::new(certificate.pem().replace("\r\n", "\n")), text])
}
