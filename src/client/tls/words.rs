//! Go's words for refused certificates and failed handshakes, and for kinds of keys that are not supported.

use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use x509_parser::{extensions::GeneralName, oid_registry::Oid, prelude::X509Certificate, public_key::PublicKey};

use go::quote::quote;

fn parse(der: &[u8]) -> Option<X509Certificate<'_>> {
    x509_parser::parse_x509_certificate(der).ok().map(|(_, certificate)| certificate)
}

/// Returns `true` if the certificate is valid at that time.
pub(super) fn in_time(der: &CertificateDer<'_>, now: UnixTime) -> bool {
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    parse(der).is_some_and(|certificate| {
        let validity = certificate.validity();
        (validity.not_before.timestamp()..=validity.not_after.timestamp()).contains(&now)
    })
}

/// Returns the error of Go's `crypto/tls`. `chain` begins with the server's certificate; the authorities follow.
pub(super) fn refused(
    error: &webpki::Error,
    chain: &[&CertificateDer<'_>],
    name: &ServerName<'_>,
    now: UnixTime,
) -> String {
    use webpki::Error as E;
    let der = chain.first().map_or(&[][..], |der| der.as_ref());
    let reason = match error {
        E::CertExpired { .. } | E::InvalidCertValidity => expiry(der, now, true),
        E::CertNotValidYet { .. } => expiry(der, now, false),
        E::CertNotValidForName(_) => wrong_name(der, &name.to_str()),
        E::BadDer | E::BadDerTime | E::TrailingData(_) => "malformed certificate".to_owned(),
        E::UnsupportedCriticalExtension => "unhandled critical extension".to_owned(),
        E::RequiredEkuNotFoundContext(_) => "certificate specifies an incompatible key usage".to_owned(),
        E::CaUsedAsEndEntity => "the server's certificate is that of an authority".to_owned(),
        E::UnsupportedSignatureAlgorithmContext(_) | E::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            unsupported(chain)
        }
        // A key that is too short fails like a wrong signature.
        E::InvalidSignatureForPublicKey => {
            let key = chain.iter().find_map(|der| unsupported_key(der));
            key.unwrap_or_else(|| "certificate signed by unknown authority".to_owned())
        }
        _ => "certificate signed by unknown authority".to_owned(),
    };
    format!("tls: failed to verify certificate: x509: {reason}")
}

/// Returns which key or signature of a chain cannot be verified.
fn unsupported(chain: &[&CertificateDer<'_>]) -> String {
    let key = chain.iter().find_map(|der| unsupported_key(der));
    key.or_else(|| {
        let certificate = parse(chain.first()?.as_ref())?;
        let oid = certificate.signature_algorithm.algorithm.to_id_string();
        let name = match oid.as_str() {
            "1.2.840.113549.1.1.4" => "MD5-RSA",
            "1.2.840.113549.1.1.5" => "SHA1-RSA",
            "1.2.840.10045.4.1" => "ECDSA-SHA1",
            _ => return Some(format!("cannot verify signature: algorithm {oid} is not supported")),
        };
        Some(format!("cannot verify signature: insecure algorithm {name}"))
    })
    .unwrap_or_else(|| "cannot verify signature: algorithm unimplemented".to_owned())
}

/// Returns why the key of a certificate is not supported (its kind, and what is supported instead), or `None` if it is.
pub(super) fn unsupported_key(der: &[u8]) -> Option<String> {
    let certificate = parse(der)?;
    let key = certificate.public_key();
    let subject = certificate.subject().to_string();
    let subject = secret::sanitize::line(&subject);
    let algorithm = key.algorithm.algorithm.to_id_string();
    let what = match algorithm.as_str() {
        "1.2.840.113549.1.1.1" => match key.parsed() {
            Ok(PublicKey::RSA(rsa)) if (2048..=8192).contains(&rsa.key_size()) => return None,
            Ok(PublicKey::RSA(rsa)) => format!("is RSA with {} bits; 2048 to 8192 are supported", rsa.key_size()),
            _ => "is malformed RSA".to_owned(),
        },
        "1.2.840.10045.2.1" => {
            let curve = key.algorithm.parameters.as_ref().and_then(|any| any.as_oid().ok());
            let curve = curve.as_ref().map(Oid::to_id_string);
            let name = match curve.as_deref() {
                Some("1.2.840.10045.3.1.7" | "1.3.132.0.34" | "1.3.132.0.35") => return None,
                Some("1.3.132.0.33") => "P-224",
                Some("1.3.132.0.10") => "secp256k1",
                Some("1.3.36.3.3.2.8.1.1.7") => "brainpoolP256r1",
                Some("1.3.36.3.3.2.8.1.1.11") => "brainpoolP384r1",
                Some("1.3.36.3.3.2.8.1.1.13") => "brainpoolP512r1",
                Some(oid) => oid,
                None => "of its own parameters",
            };
            format!("is on the elliptic curve {name}; P-256, P-384 and P-521 are supported")
        }
        "1.3.101.112" => return None,
        "1.3.101.113" => "is Ed448; Ed25519, ECDSA and RSA are supported".to_owned(),
        "1.2.840.10040.4.1" => "is DSA; Ed25519, ECDSA and RSA are supported".to_owned(),
        oid => format!("is of the kind {oid}; Ed25519, ECDSA and RSA are supported"),
    };
    Some(format!("the key of {} {what}", quote(&subject)))
}

fn expiry(der: &[u8], now: UnixTime, after: bool) -> String {
    let time = |seconds: i64| jiff::Timestamp::from_second(seconds).map(|t| t.to_string()).unwrap_or_default();
    let limit = parse(der).map(|certificate| {
        let validity = certificate.validity();
        if after { validity.not_after.timestamp() } else { validity.not_before.timestamp() }
    });
    format!(
        "certificate has expired or is not yet valid: current time {} is {} {}",
        time(i64::try_from(now.as_secs()).unwrap_or_default()),
        if after { "after" } else { "before" },
        limit.map(time).unwrap_or_default()
    )
}

/// Returns the text of Go's `x509.HostnameError`.
fn wrong_name(der: &[u8], host: &str) -> String {
    let certificate = parse(der);
    let names = certificate.as_ref().and_then(|c| c.subject_alternative_name().ok().flatten());
    let Some(names) = names else {
        let common_name =
            certificate.as_ref().and_then(|c| c.subject().iter_common_name().next()?.as_str().ok()).unwrap_or_default();
        if common_name.eq_ignore_ascii_case(host) {
            return "certificate relies on legacy Common Name field, use SANs instead".to_owned();
        }
        return if host.parse::<std::net::IpAddr>().is_ok() {
            format!("cannot validate certificate for {host} because it doesn't contain any IP SANs")
        } else {
            format!("certificate is not valid for any names, but wanted to match {host}")
        };
    };
    let is_ip = host.parse::<std::net::IpAddr>().is_ok();
    let valid: Vec<String> = names
        .value
        .general_names
        .iter()
        .filter_map(|name| match name {
            GeneralName::IPAddress(bytes) if is_ip => ip_text(bytes),
            GeneralName::DNSName(name) if !is_ip => Some((*name).to_owned()),
            _ => None,
        })
        .collect();
    match (valid.is_empty(), is_ip) {
        (true, true) => format!("cannot validate certificate for {host} because it doesn't contain any IP SANs"),
        (true, false) => format!("certificate is not valid for any names, but wanted to match {host}"),
        _ => format!("certificate is valid for {}, not {host}", valid.join(", ")),
    }
}

fn ip_text(bytes: &[u8]) -> Option<String> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(|b| std::net::Ipv4Addr::from(b).to_string()),
        16 => <[u8; 16]>::try_from(bytes).ok().map(|b| std::net::Ipv6Addr::from(b).to_string()),
        _ => None,
    }
}

/// Returns Go's words for a handshake that fails for another reason.
pub(crate) fn handshake_words(error: &rustls::Error) -> String {
    match error {
        rustls::Error::General(words) => words.clone(),
        rustls::Error::AlertReceived(alert) => format!("remote error: tls: {}", alert_words(*alert)),
        rustls::Error::InvalidMessage(_) => "tls: first record does not look like a TLS handshake".to_owned(),
        rustls::Error::PeerIncompatible(_) => "remote error: tls: handshake failure".to_owned(),
        _ => "tls: handshake failure".to_owned(),
    }
}

/// Returns Go's names for the alerts that servers send.
fn alert_words(alert: rustls::AlertDescription) -> &'static str {
    use rustls::AlertDescription as A;
    match alert {
        A::BadCertificate => "bad certificate",
        A::UnsupportedCertificate => "unsupported certificate",
        A::CertificateRevoked => "revoked certificate",
        A::CertificateExpired => "expired certificate",
        A::CertificateUnknown => "unknown certificate",
        A::UnknownCA => "unknown certificate authority",
        A::AccessDenied => "access denied",
        A::ProtocolVersion => "protocol version not supported",
        A::InternalError => "internal error",
        A::UnrecognisedName => "unrecognized name",
        A::CertificateRequired => "certificate required",
        A::NoApplicationProtocol => "no application protocol",
        _ => "handshake failure",
    }
}
