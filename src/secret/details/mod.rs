//! What is public of the values of a Secret, and is needed to see whether it is the right one and for how long: the names in
//! a certificate, the registries of a docker config, the fingerprint of an SSH key, the end of a token.
//!
//! Invariant: a detail holds what a server, a registry or a token's bearer shows to others, never the part that proves who
//! one is.

mod certificate;
mod registries;
mod ssh;
mod token;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value as Json;
use zeroize::Zeroizing;

use crate::types;

/// What is public of one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// The first certificate of a value that begins with one.
    Certificate(Certificate),
    /// A registry that a docker config has credentials for.
    Registry(Registry),
    /// A private key for SSH.
    SshKey(SshKey),
    /// A token: of a service account, or for nodes that join.
    Token(Token),
}

/// A certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Certificate {
    pub key: String,
    pub subject: String,
    /// DNS names, addresses, URIs.
    pub names: Vec<String>,
    pub issuer: String,
    /// Seconds since 1970.
    pub not_before: i64,
    /// Seconds since 1970.
    pub not_after: i64,
    /// The number of certificates in the value.
    pub count: usize,
}

/// A registry.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Registry {
    pub server: String,
    pub user: Option<String>,
}

/// A private key for SSH.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct SshKey {
    pub key: String,
    /// `ssh-ed25519`, `ssh-rsa`, …
    pub kind: String,
    /// That of its public key, as `ssh-keygen -l` shows it.
    pub fingerprint: Option<String>,
    pub is_encrypted: bool,
}

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Token {
    pub key: String,
    /// The user that it makes of its bearer.
    pub subject: Option<String>,
    pub expires: Option<Expiry>,
}

/// When a token ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expiry {
    /// Seconds since 1970.
    At(i64),
    /// As it stands in the Secret, in the form of RFC 3339.
    Text(String),
}

pub use ssh::{check as check_ssh_key, of as ssh_key};
pub use token::of_jwt as token;

/// Returns the details of a Secret, in the order of its keys. What cannot be read has none.
pub fn of(secret: &Json) -> Vec<Detail> {
    let kind = secret["type"].as_str().unwrap_or_default();
    let mut details = Vec::new();
    for (key, value) in secret["data"].as_object().into_iter().flatten() {
        let Some(value) = value.as_str().and_then(|text| STANDARD.decode(text).ok()).map(Zeroizing::new) else {
            continue;
        };
        match (kind, key.as_str()) {
            (types::DOCKERCONFIGJSON, types::DOCKERCONFIGJSON_KEY) => {
                details.extend(registries::of(&value, true).into_iter().map(Detail::Registry));
            }
            (types::DOCKERCFG, types::DOCKERCFG_KEY) => {
                details.extend(registries::of(&value, false).into_iter().map(Detail::Registry));
            }
            (types::SSH_AUTH, types::SSH_PRIVATE_KEY) => details.extend(ssh::of(key, &value).map(Detail::SshKey)),
            (types::SERVICE_ACCOUNT_TOKEN, "token") => details.extend(token::of_jwt(key, &value).map(Detail::Token)),
            (types::BOOTSTRAP_TOKEN, "expiration") => details.extend(token::of_text(key, &value).map(Detail::Token)),
            _ => details.extend(certificate::of(key, &value).map(Detail::Certificate)),
        }
    }
    details
}
