//! User name and password.

use secret::types::{PASSWORD_KEY, USERNAME_KEY};

use crate::{Findings, Remedy, Secret, rules::*};

pub(super) fn check(secret: &Secret<'_>, findings: &mut Findings) {
    let has = |key: &str| secret.get(key).is_some_and(|value| !value.is_empty());
    for (key, other) in [(USERNAME_KEY, PASSWORD_KEY), (PASSWORD_KEY, USERNAME_KEY)] {
        // Why: without both the API server refuses it.
        if secret.get(key).is_none() && has(other) {
            findings.of_field(&KS231, &["data"], Remedy::Object, format!("{key} is missing"));
        } else if secret.get(key).is_some_and(|value| value.is_empty()) {
            findings.of_key(&KS231, key, Remedy::Value, "is empty");
        }
    }
    if secret.get(USERNAME_KEY).is_some_and(|value| value.expose().contains(&b':')) {
        findings.of_key(
            &KS232,
            USERNAME_KEY,
            Remedy::Value,
            "has a colon, behind which HTTP takes it for the password",
        );
    }
}
