//! Warnings about objects that kube-apiserver accepts.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::field::text;
use crate::{Value, tls, types};

/// Returns the warnings about a Secret (`WarningsOnCreate` and `WarningsOnUpdate`): a certificate and key that cannot
/// be loaded, in the words of Go's `tls.X509KeyPair`.
pub fn warnings(secret: &Json) -> Vec<String> {
    if secret["type"] != types::TLS {
        return Vec::new();
    }
    let none = Map::new();
    let data = secret["data"].as_object().unwrap_or(&none);
    let bytes = |key: &str| data.get(key).and_then(|v| Value::from_base64(text(v))).unwrap_or_default();
    let (certificate, key) = (bytes(types::TLS_CERT_KEY), bytes(types::TLS_PRIVATE_KEY));
    tls::check_pair(certificate.expose(), key.expose()).err().into_iter().collect()
}

/// Where duplicate owner references were found, on which the words of the warning depend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dedup {
    /// In the object that the client sent (POST, PUT).
    Request,
    /// In the result of a patch, which kube-apiserver checks only after admission.
    Result,
}

/// Removes duplicate owner references from an object that is to be written, and returns the warning about it.
pub fn dedup_owner_references(object: &mut Json, found: Dedup) -> Option<String> {
    let references = object.get_mut("metadata")?.get_mut("ownerReferences")?.as_array_mut()?;
    let mut duplicates = Vec::new();
    let mut seen = BTreeSet::new();
    references.retain(|reference| {
        let first = seen.insert(reference.to_string());
        if !first {
            duplicates.push(text(&reference["uid"]).to_owned());
        }
        first
    });
    let when = match found {
        Dedup::Request => "",
        Dedup::Result => " after mutating admission happens",
    };
    (!duplicates.is_empty()).then(|| {
        format!(
            ".metadata.ownerReferences contains duplicate entries{when}; API server dedups owner references in 1.20+, and \
             may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: {}",
            duplicates.join(", ")
        )
    })
}
