//! Tokens: for nodes that join (`k8s.io/cluster-bootstrap`), and of service accounts.

use jiff::Timestamp;
use secret::{age, details, types::SERVICE_ACCOUNT_NAME};

use super::certificates::moment;
use crate::{Findings, Remedy, Secret, Settings, rules::*};

/// What the name of a bootstrap token begins with.
const PREFIX: &str = "bootstrap-token-";
const NAMESPACE: &str = "kube-system";
const GROUPS: &str = "system:bootstrappers:";

pub(super) fn check_bootstrap(secret: &Secret<'_>, settings: &Settings, findings: &mut Findings) {
    for (key, length) in [("token-id", 6), ("token-secret", 16)] {
        let is_sound = |text: &str| {
            text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
        };
        match secret.get(key) {
            None => findings.of_field(&KS243, &["data"], Remedy::Object, format!("{key} is missing")),
            Some(value) if !value.expose_text().is_some_and(is_sound) => {
                let text = format!("is not {length} characters of a-z and 0-9");
                findings.of_key(&KS243, key, Remedy::Value, text);
            }
            Some(_) => {}
        }
    }
    // Why not by the id alone: the name is public, the id is a value.
    let is_named = secret.text("token-id").is_none_or(|id| secret.name().strip_prefix(PREFIX) == Some(id));
    if !is_named {
        let text = "is not bootstrap-token- with the value of token-id behind it";
        findings.of_field(&KS241, &["metadata", "name"], Remedy::Anew, text);
    }
    if !secret.namespace().is_empty() && secret.namespace() != NAMESPACE {
        findings.of_field(&KS242, &["metadata", "namespace"], Remedy::Anew, format!("is not {NAMESPACE}"));
    }
    if let Some(text) = secret.text("expiration") {
        match text.parse::<Timestamp>() {
            Ok(end) => check_end("expiration", end.as_second(), settings, findings),
            Err(_) => findings.of_key(&KS245, "expiration", Remedy::Value, "is not a time in the form of RFC 3339"),
        }
    }
    let usages = ["usage-bootstrap-authentication", "usage-bootstrap-signing"];
    if !usages.iter().any(|key| secret.text(key) == Some("true")) {
        let text = "neither usage-bootstrap-authentication nor usage-bootstrap-signing is true";
        findings.of_field(&KS246, &["data"], Remedy::Object, text);
    }
    let groups = secret.text("auth-extra-groups").unwrap_or_default();
    let is_sound = |group: &str| group.starts_with(GROUPS) && group.len() > GROUPS.len();
    if !groups.is_empty() && !groups.split(',').all(is_sound) {
        let text = format!("has a group that does not begin with {GROUPS}");
        findings.of_key(&KS247, "auth-extra-groups", Remedy::Value, text);
    }
}

fn check_end(key: &str, end: i64, settings: &Settings, findings: &mut Findings) {
    if end < settings.now {
        let text = format!("the token expired on {}, {} ago", moment(end), age::human(settings.now - end));
        findings.of_key(&KS244, key, Remedy::Anew, text);
    }
}

pub(super) fn check_service_account(secret: &Secret<'_>, settings: &Settings, findings: &mut Findings) {
    let Some(value) = secret.get("token").filter(|value| !value.is_empty()) else {
        // A manifest has none: a controller fills it in.
        if settings.is_stored {
            findings.of_field(&KS252, &["data"], Remedy::Object, "has no token yet");
        }
        return;
    };
    let Some(token) = details::token("token", value.expose()) else { return };
    if let Some(details::Expiry::At(end)) = token.expires {
        check_end("token", end, settings, findings);
    }
    let account = secret.object["metadata"]["annotations"][SERVICE_ACCOUNT_NAME].as_str().unwrap_or_default();
    let own = token.subject.as_deref().and_then(|subject| subject.rsplit(':').next());
    if own.is_some_and(|own| own != account) {
        let text = "is of another service account than the annotation says";
        findings.of_key(&KS251, "token", Remedy::Anew, text);
    }
}
