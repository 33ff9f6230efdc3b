//! Certificates in PEM.

use std::net::{Ipv4Addr, Ipv6Addr};

use go::pem::blocks;
use x509_parser::{
    asn1_rs::{FromDer as _, Oid, oid},
    certificate::X509Certificate,
    extensions::GeneralName,
    x509::X509Name,
};

use super::Certificate;

/// The types of attributes in names, with the letters of RFC 4514.
static ATTRIBUTES: [(Oid<'static>, &str); 8] = [
    (oid!(2.5.4.3), "CN"),
    (oid!(2.5.4.5), "serialNumber"),
    (oid!(2.5.4.6), "C"),
    (oid!(2.5.4.7), "L"),
    (oid!(2.5.4.8), "ST"),
    (oid!(2.5.4.10), "O"),
    (oid!(2.5.4.11), "OU"),
    (oid!(0.9.2342.19200300.100.1.25), "DC"),
];

/// Reads the first certificate of a value that has nothing before it.
pub(super) fn of(key: &str, value: &[u8]) -> Option<Certificate> {
    if !value.trim_ascii_start().starts_with(b"-----BEGIN CERTIFICATE-----") {
        return None;
    }
    let mut certificates = blocks(value).filter(|block| block.label == b"CERTIFICATE");
    let first = certificates.next()?;
    let (_, certificate) = X509Certificate::from_der(&first.bytes).ok()?;
    let names = certificate.subject_alternative_name().ok().flatten();
    let names = names.map(|names| names.value.general_names.iter().filter_map(general_name).collect());
    Some(Certificate {
        key: key.to_owned(),
        subject: distinguished(certificate.subject()),
        names: names.unwrap_or_default(),
        issuer: distinguished(certificate.issuer()),
        not_before: certificate.validity().not_before.timestamp(),
        not_after: certificate.validity().not_after.timestamp(),
        count: 1 + certificates.count(),
    })
}

/// Writes a name as `CN=a,O=b`, in the order of the certificate. Types that have no letters here are left out.
fn distinguished(name: &X509Name<'_>) -> String {
    let known = name.iter_attributes().filter_map(|attribute| {
        let (_, letters) = ATTRIBUTES.iter().find(|(oid, _)| oid == attribute.attr_type())?;
        Some(format!("{letters}={}", attribute.as_str().ok()?))
    });
    known.collect::<Vec<_>>().join(",")
}

fn general_name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) | GeneralName::URI(name) | GeneralName::RFC822Name(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match **bytes {
            [a, b, c, d] => Some(Ipv4Addr::new(a, b, c, d).to_string()),
            _ => <[u8; 16]>::try_from(*bytes).ok().map(|bytes| Ipv6Addr::from(bytes).to_string()),
        },
        _ => None,
    }
}
