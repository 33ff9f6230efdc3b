//! What is wrong with Secrets, beyond and including what an API server refuses: rules with stable codes, and the findings
//! that they make. Pure: no I/O, no clock, no async; the caller passes the time and the randomness in.
//!
//! Invariant: no finding repeats a value, nor a part of one. Names of keys, registries and certificates are no values.

mod across;
mod api;
mod bytes;
#[cfg(test)]
#[path = "../../tests/support/properties.rs"]
mod properties;
pub mod references;
pub mod repair;
pub mod rules;
mod types;

use secret::Value;
use serde_json::Value as Json;

pub use across::Seen;
pub use rules::{Level, Rule};

/// Something that is wrong with an object.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule that made it.
    pub rule: &'static Rule,
    /// The path of the field: `["data", "tls.key"]`. Empty for the object as a whole.
    pub field: Vec<String>,
    /// One sentence, without a full stop, to stand behind the field.
    pub sentence: String,
    /// What to do about it.
    pub remedy: Remedy,
}

/// What to do about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// [`repair::of`] does, without a doubt about what was meant.
    Fix,
    /// The value of the key has to be changed by hand.
    Value,
    /// The object has to be changed by hand.
    Object,
    /// A new certificate and key.
    Tls,
    /// A new SSH key.
    Ssh,
    /// A new login for a registry.
    Docker,
    /// The Secret has to be deleted and made anew.
    Anew,
    /// The Secret has to be made.
    Create,
}

/// What a check takes from outside.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Seconds since 1970.
    pub now: i64,
    /// How many seconds before its end a certificate or a token is pointed out.
    pub expiry_warn: i64,
    /// Whether the Secrets are on a server, which has checked its own rules and fills in what its controllers make.
    pub is_stored: bool,
}

/// A Secret whose values are decoded.
pub struct Secret<'a> {
    object: &'a Json,
    kind: &'a str,
    values: Vec<(&'a str, Value)>,
}

impl<'a> Secret<'a> {
    /// Decodes the values of a Secret as a server holds it: without `stringData`. One that is not base64 is left out.
    pub fn of(object: &'a Json) -> Self {
        let entries = object["data"].as_object().into_iter().flatten();
        let values =
            entries.filter_map(|(key, value)| Some((key.as_str(), Value::from_base64(value.as_str()?)?))).collect();
        let kind = object["type"].as_str().filter(|kind| !kind.is_empty()).unwrap_or(secret::types::OPAQUE);
        Self { object, kind, values }
    }

    /// Returns the type.
    pub fn kind(&self) -> &str {
        self.kind
    }

    /// Returns the keys with their values.
    pub fn values(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().map(|(key, value)| (*key, value))
    }

    fn get(&self, key: &str) -> Option<&Value> {
        self.values.iter().find(|(own, _)| *own == key).map(|(_, value)| value)
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.expose_text()
    }

    fn name(&self) -> &str {
        self.object["metadata"]["name"].as_str().unwrap_or_default()
    }

    fn namespace(&self) -> &str {
        self.object["metadata"]["namespace"].as_str().unwrap_or_default()
    }
}

/// Findings of one object as they are made.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn of_field(&mut self, rule: &'static Rule, field: &[&str], remedy: Remedy, sentence: impl AsRef<str>) {
        self.push(rule, field, remedy, sentence.as_ref());
    }

    fn of_key(&mut self, rule: &'static Rule, key: &str, remedy: Remedy, sentence: impl AsRef<str>) {
        self.push(rule, &["data", key], remedy, sentence.as_ref());
    }

    // Why not inlined: there are many that call it.
    #[inline(never)]
    fn push(&mut self, rule: &'static Rule, field: &[&str], remedy: Remedy, sentence: &str) {
        let field = field.iter().map(|part| (*part).to_owned()).collect();
        self.0.push(Finding { rule, field, sentence: sentence.to_owned(), remedy });
    }
}

/// Checks one Secret as it is written in a manifest or comes from a server, and gives it back with its values where a server
/// keeps them: in `data`.
pub fn check(object: &Json, settings: &Settings) -> (Vec<Finding>, secret::Object) {
    let mut findings = Findings::default();
    let prepared = api::check(object, settings.is_stored, &mut findings);
    let secret = Secret::of(prepared.json());
    types::check(&secret, settings, &mut findings);
    for (key, value) in secret.values() {
        bytes::check(&secret, key, value, &mut findings);
    }
    (findings.0, prepared)
}

/// Returns what a server would say of a namespace.
pub fn check_namespace(object: &Json) -> Vec<Finding> {
    let mut findings = Findings::default();
    api::namespace(object, &mut findings);
    findings.0
}

/// Returns what a server would say of an update from `old` to `new`, beyond what it says of `new` alone.
pub fn check_update(new: &Json, old: &Json) -> Vec<Finding> {
    let mut findings = Findings::default();
    api::update(new, old, &mut findings);
    findings.0
}

fn strings(map: &Json) -> impl Iterator<Item = (&String, &Json)> {
    map.as_object().into_iter().flatten()
}
