//! Certificates: of a TLS Secret with their key, and wherever else a value begins with one.

use go::pem::blocks;
use jiff::Timestamp;
use secret::{age, tls, types};
use x509_parser::{asn1_rs::FromDer as _, certificate::X509Certificate, extensions::ParsedExtension};
use zeroize::Zeroizing;

use crate::{Findings, Remedy, Secret, Settings, rules::*};

/// The key that holds the authorities, by convention of cert-manager and others.
const CA_KEY: &str = "ca.crt";

/// Checks that certificate and key belong together, with the words of Go.
pub(super) fn check_pair(secret: &Secret<'_>, findings: &mut Findings) {
    let (Some(certificate), Some(key)) = (secret.get(types::TLS_CERT_KEY), secret.get(types::TLS_PRIVATE_KEY)) else {
        return;
    };
    if tls::is_locked(key.expose()) {
        let text = "is locked by a passphrase, which what mounts the Secret does not know";
        return findings.of_key(&KS208, types::TLS_PRIVATE_KEY, Remedy::Tls, text);
    }
    let Err(why) = tls::check_pair(certificate.expose(), key.expose()) else { return };
    let is_about_key = why.contains("private key") || why.contains("key input");
    let at = if is_about_key { types::TLS_PRIVATE_KEY } else { types::TLS_CERT_KEY };
    findings.of_key(&KS201, at, Remedy::Tls, why);
}

/// Checks every value that begins with a certificate.
pub(super) fn check(secret: &Secret<'_>, settings: &Settings, findings: &mut Findings) {
    for (key, value) in secret.values() {
        if !value.expose().trim_ascii_start().starts_with(b"-----BEGIN CERTIFICATE-----") {
            continue;
        }
        let remedy = if secret.kind() == types::TLS { Remedy::Tls } else { Remedy::Value };
        let ders = ders(value.expose());
        let chain: Vec<X509Certificate<'_>> =
            ders.iter().filter_map(|der| X509Certificate::from_der(der).ok().map(|(_, parsed)| parsed)).collect();
        if secret.kind() == types::TLS && key == types::TLS_CERT_KEY {
            check_times(key, &chain, remedy, settings, findings);
            check_chain(secret, key, &chain, findings);
        } else if let Some(last) = chain.into_iter().max_by_key(|one| one.validity().not_after.timestamp()) {
            // Why: of the authorities that a program trusts some may have expired, as long as others have not.
            check_times(key, &[last], remedy, settings, findings);
        }
    }
}

fn ders(text: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    blocks(text).filter(|block| block.label == b"CERTIFICATE").map(|block| block.bytes).collect()
}

fn check_times(key: &str, chain: &[X509Certificate<'_>], remedy: Remedy, settings: &Settings, findings: &mut Findings) {
    for (at, certificate) in chain.iter().enumerate() {
        let which = match chain.len() {
            1 => "the certificate".to_owned(),
            count => format!("certificate {} of {count}", at + 1),
        };
        let (begin, end) =
            (certificate.validity().not_before.timestamp(), certificate.validity().not_after.timestamp());
        if end < settings.now {
            let text = format!("{which} expired on {}, {} ago", moment(end), age::human(settings.now - end));
            findings.of_key(&KS202, key, remedy, text);
        } else if end - settings.now < settings.expiry_warn {
            let text = format!("{which} expires on {}, in {}", moment(end), age::human(end - settings.now));
            findings.of_key(&KS203, key, remedy, text);
        }
        if begin > settings.now {
            findings.of_key(&KS204, key, remedy, format!("{which} is not valid before {}", moment(begin)));
        }
    }
}

fn check_chain(secret: &Secret<'_>, key: &str, chain: &[X509Certificate<'_>], findings: &mut Findings) {
    let (Some(leaf), Some(last)) = (chain.first(), chain.last()) else { return };
    let is_own_issuer = |one: &X509Certificate<'_>| one.issuer().as_raw() == one.subject().as_raw();
    let misplaced = chain.windows(2).position(|pair| match pair {
        [one, next] => !is_issuer(next, one),
        _ => false,
    });
    if let Some(at) = misplaced {
        let elsewhere = chain.iter().position(|other| chain.get(at).is_some_and(|one| is_issuer(other, one)));
        let (one, next) = (at + 1, at + 2);
        let text = match elsewhere {
            Some(place) => format!("certificate {next} is not the issuer of certificate {one}: that is {}", place + 1),
            None => format!("certificate {next} is not the issuer of certificate {one}, and no other one is"),
        };
        findings.of_key(&KS205, key, Remedy::Tls, text);
    } else if !is_own_issuer(last) {
        let authorities = secret.get(CA_KEY).filter(|ca| !ca.is_empty()).map(|ca| ders(ca.expose()));
        let is_among =
            |der: &Zeroizing<Vec<u8>>| X509Certificate::from_der(der).is_ok_and(|(_, ca)| is_issuer(&ca, last));
        match authorities {
            Some(authorities) if !authorities.iter().any(is_among) => {
                findings.of_key(
                    &KS209,
                    CA_KEY,
                    Remedy::Value,
                    "does not hold the issuer of the last certificate of tls.crt",
                );
            }
            Some(_) => {}
            None if chain.len() == 1 => {
                let text = "has one certificate, and not that of its issuer, which clients need to have";
                findings.of_key(&KS206, key, Remedy::Tls, text);
            }
            None => {}
        }
    }
    let names = leaf.subject_alternative_name().ok().flatten();
    if !leaf.is_ca() && !is_for_clients(leaf) && names.is_none_or(|names| names.value.general_names.is_empty()) {
        findings.of_key(&KS207, key, Remedy::Tls, "has no names (subject alternative names), which clients look for");
    }
}

/// Returns whether a certificate is the issuer of another: by name, and by the identifiers of the key where both have one. Why
/// both: an authority that was made anew has the name of the old one.
fn is_issuer(issuer: &X509Certificate<'_>, of: &X509Certificate<'_>) -> bool {
    let named = of.extensions().iter().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::AuthorityKeyIdentifier(identifier) => identifier.key_identifier.as_ref().map(|id| id.0),
        _ => None,
    });
    let own = issuer.extensions().iter().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::SubjectKeyIdentifier(id) => Some(id.0),
        _ => None,
    });
    issuer.subject().as_raw() == of.issuer().as_raw() && (named.is_none() || own.is_none() || named == own)
}

/// Returns whether a certificate says that it is for other uses than a server's.
fn is_for_clients(certificate: &X509Certificate<'_>) -> bool {
    let usage = certificate.extended_key_usage().ok().flatten();
    usage.is_some_and(|usage| !usage.value.server_auth && !usage.value.any)
}

pub(super) fn moment(second: i64) -> String {
    Timestamp::from_second(second).map(|time| time.to_string()).unwrap_or_default()
}
