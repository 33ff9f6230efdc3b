//! Comments beside an entry that say what is in it: a certificate's subject, names and expiry; the registries of a Docker
//! configuration. Never a password, and never anything that the entry itself does not hold.

use serde_json::Value as Json;
use x509_parser::{extensions::GeneralName, pem::Pem, prelude::ParsedExtension};

use crate::secret::{Value, sanitize};

/// The comment lines for an entry, without `#`; none for most.
pub fn comments(key: &str, value: &Value) -> Vec<String> {
    let lines = match key {
        ".dockerconfigjson" => registries(value, Some("auths")),
        ".dockercfg" => registries(value, None),
        _ if value.expose().starts_with(b"-----BEGIN CERTIFICATE-----") => certificates(value),
        _ => Vec::new(),
    };
    // What a certificate says of itself may hold anything, a newline too.
    lines.iter().map(|line| sanitize::line(line).into_owned()).collect()
}

fn registries(value: &Value, member: Option<&str>) -> Vec<String> {
    let Ok(mut json) = serde_json::from_slice::<Json>(value.expose()) else { return Vec::new() };
    let auths = member.map_or(&json, |member| &json[member]);
    let lines = auths.as_object().into_iter().flatten().map(|(registry, auth)| {
        let user = auth["username"].as_str().map(str::to_owned).or_else(|| user_of(auth["auth"].as_str()?));
        match user {
            Some(user) => format!("registry {registry}, user {user}"),
            None => format!("registry {registry}"),
        }
    });
    let lines = lines.collect();
    crate::secret::wipe(&mut json);
    lines
}

/// The part of `auth` before the colon.
fn user_of(auth: &str) -> Option<String> {
    let bytes = super::object::check_base64(auth).ok()?;
    let text = std::str::from_utf8(&bytes).ok()?;
    text.split_once(':').map(|(user, _)| user.to_owned())
}

fn certificates(value: &Value) -> Vec<String> {
    Pem::iter_from_buffer(value.expose())
        .flatten()
        .filter(|pem| pem.label == "CERTIFICATE")
        .filter_map(|pem| certificate(&pem))
        .collect()
}

fn certificate(pem: &Pem) -> Option<String> {
    let certificate = pem.parse_x509().ok()?;
    let mut line = certificate.subject().to_string();
    let names: Vec<String> = certificate
        .extensions()
        .iter()
        .filter_map(|extension| match extension.parsed_extension() {
            ParsedExtension::SubjectAlternativeName(names) => Some(&names.general_names),
            _ => None,
        })
        .flatten()
        .filter_map(|name| match name {
            GeneralName::DNSName(name) | GeneralName::RFC822Name(name) | GeneralName::URI(name) => {
                Some((*name).to_owned())
            }
            GeneralName::IPAddress(bytes) => address(bytes),
            _ => None,
        })
        .collect();
    if !names.is_empty() {
        line.push_str(&format!("; for {}", names.join(", ")));
    }
    let until = certificate.validity().not_after.timestamp();
    if let Ok(until) = jiff::Timestamp::from_second(until) {
        line.push_str(&format!("; until {until}"));
    }
    Some(line)
}

fn address(bytes: &[u8]) -> Option<String> {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Some(std::net::Ipv4Addr::from(four).to_string());
    }
    <[u8; 16]>::try_from(bytes).ok().map(|sixteen| std::net::Ipv6Addr::from(sixteen).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registries_with_their_users_and_no_passwords() {
        let config =
            br#"{"auths":{"r.io":{"username":"u","password":"p4ss"},"s.io":{"auth":"YWxpY2U6aGlkZGVu"},"t.io":{}}}"#;
        let lines = comments(".dockerconfigjson", &Value::new(*config));
        assert_eq!(lines, ["registry r.io, user u", "registry s.io, user alice", "registry t.io"]);
        assert!(comments(".dockerconfigjson", &Value::new(*b"no json")).is_empty());
    }

    #[test]
    fn certificates_say_whose_and_until_when() {
        let mut params = rcgen::CertificateParams::new(vec!["a.example".to_owned(), "10.0.0.1".to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(2030, 1, 2);
        params.distinguished_name.push(rcgen::DnType::CommonName, "a\nb");
        let key = rcgen::KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        let lines = comments("tls.crt", &Value::new(pem.into_bytes()));
        assert_eq!(lines.len(), 1);
        assert!(
            lines[0].contains("CN=a\\nb")
                && lines[0].ends_with("; for a.example, 10.0.0.1; until 2030-01-02T00:00:00Z"),
            "{}",
            lines[0]
        );
    }
}
