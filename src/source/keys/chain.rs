//! Certificate chains: the order in which each certificate is signed by the next.

use go::pem::blocks;
use guard::Value;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P384_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ED25519,
    RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_2048_8192_SHA384, UnparsedPublicKey, VerificationAlgorithm,
};
use x509_parser::{
    asn1_rs::{FromDer as _, oid},
    certificate::X509Certificate,
};

use super::{LINE, push_pem};
use crate::secret::tls;

/// Returns the certificates of a PEM text in DER.
pub fn certificates(text: &[u8]) -> Vec<Vec<u8>> {
    blocks(text).filter(|block| block.label == b"CERTIFICATE").map(|block| block.bytes.to_vec()).collect()
}

/// Encodes certificates as PEM.
pub fn pem(certificates: &[Vec<u8>]) -> Value {
    let mut text = Vec::new();
    for der in certificates {
        push_pem("CERTIFICATE", der, LINE, &mut text);
    }
    Value::new(text)
}

/// Sorts the certificate of `key` first, then its issuer, and so on. Also returns the number of certificates that are
/// not in the chain and are left out; `None` if no certificate belongs to the key.
pub fn order(mut certificates: Vec<Vec<u8>>, key: &[u8]) -> Option<(Vec<Vec<u8>>, usize)> {
    let mut kept: Vec<Vec<u8>> = Vec::new();
    certificates.retain(|der| {
        let is_new = !kept.contains(der);
        if is_new {
            kept.push(der.clone());
        }
        is_new
    });
    let belongs = |der: &Vec<u8>| tls::check_pair(pem(std::slice::from_ref(der)).expose(), key).is_ok();
    let mut chain = vec![certificates.remove(certificates.iter().position(belongs)?)];
    while let Some(at) = chain.last().and_then(|last| certificates.iter().position(|one| has_signed(one, last))) {
        chain.push(certificates.remove(at));
    }
    Some((chain, certificates.len()))
}

/// Returns whether the chain contains one of the authorities, or a certificate that one of them has signed.
pub fn leads_to(chain: &[Vec<u8>], authorities: &[Vec<u8>]) -> bool {
    chain.iter().any(|one| authorities.iter().any(|authority| one == authority || has_signed(authority, one)))
}

/// Returns whether the first certificate is the issuer of the second, another certificate, by name and signature. If
/// the signature algorithm is not supported, the name decides.
fn has_signed(issuer: &[u8], signed: &[u8]) -> bool {
    let parse = |der| X509Certificate::from_der(der).ok().map(|(_, certificate)| certificate);
    let (Some(issuer), Some(signed)) = (parse(issuer), parse(signed)) else { return false };
    if issuer.subject().as_raw() != signed.issuer().as_raw() {
        return false;
    }
    let key = issuer.public_key();
    let Some(algorithm) = verification(&issuer, &signed) else { return true };
    let key = UnparsedPublicKey::new(algorithm, &key.subject_public_key.data);
    key.verify(signed.tbs_certificate.as_ref(), &signed.signature_value.data).is_ok()
}

fn verification(
    issuer: &X509Certificate<'_>,
    signed: &X509Certificate<'_>,
) -> Option<&'static dyn VerificationAlgorithm> {
    let key = &issuer.public_key().algorithm;
    let curve = key.parameters.as_ref().and_then(|parameters| parameters.as_oid().ok());
    let (p256, p384) = (oid!(1.2.840.10045.3.1.7), oid!(1.3.132.0.34));
    let method = &signed.signature_algorithm.algorithm;
    let table: [(_, _, &'static dyn VerificationAlgorithm); 8] = [
        (oid!(1.2.840.113549.1.1.11), None, &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
        (oid!(1.2.840.113549.1.1.12), None, &RSA_PKCS1_2048_8192_SHA384),
        (oid!(1.2.840.113549.1.1.13), None, &RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
        (oid!(1.2.840.10045.4.3.2), Some(&p256), &ECDSA_P256_SHA256_ASN1),
        (oid!(1.2.840.10045.4.3.3), Some(&p256), &ECDSA_P256_SHA384_ASN1),
        (oid!(1.2.840.10045.4.3.2), Some(&p384), &ECDSA_P384_SHA256_ASN1),
        (oid!(1.2.840.10045.4.3.3), Some(&p384), &ECDSA_P384_SHA384_ASN1),
        (oid!(1.3.101.112), None, &ED25519),
    ];
    let found = table.into_iter().find(|(name, on, _)| name == method && (on.is_none() || *on == curve.as_ref()));
    found.map(|(_, _, algorithm)| algorithm)
}
