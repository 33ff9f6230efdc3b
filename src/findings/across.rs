//! What only several Secrets together show: the same value in two of them.

use std::{collections::HashMap, rc::Rc};

use ring::hmac;
use secret::types;

use super::{Finding, Findings, Remedy, Secret, rules::KS501};

/// Values shorter than this are not compared: `true`, a port, a user name.
const LEAST: usize = 8;

/// Digests of the values that were seen. Invariant: they are made with a key that lives as long as this does, so that they
/// tell nothing about a value afterwards, and no value is kept.
pub struct Seen {
    key: hmac::Key,
    /// Which entry had a digest first: its Secret, and its key.
    entries: HashMap<[u8; 16], (Rc<str>, Box<str>)>,
}

impl Seen {
    /// Begins with a random key.
    pub fn new(key: &[u8; 32]) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, key), entries: HashMap::new() }
    }

    /// Adds the values of a Secret, which is called `name` in findings, and returns those that another one has.
    pub fn add(&mut self, secret: &Secret<'_>, name: &str) -> Vec<Finding> {
        // A companion has the values of its Secret by its purpose.
        if secret.kind() == types::ROTATION {
            return Vec::new();
        }
        let own: Rc<str> = name.into();
        let mut findings = Findings::default();
        for (key, value) in secret.values().filter(|(_, value)| is_compared(value.expose())) {
            let mut digest = [0; 16];
            let tag = hmac::sign(&self.key, value.expose());
            digest.copy_from_slice(tag.as_ref().get(..16).unwrap_or(&[0; 16]));
            let (other, at) = self.entries.entry(digest).or_insert_with(|| (Rc::clone(&own), key.into()));
            // One of the same name stands there twice.
            if **other != *own {
                let text = format!("has the value of data[{at}] in {other}");
                findings.of_key(&KS501, key, Remedy::Value, text);
            }
        }
        findings.0
    }
}

/// Returns whether it says something that two Secrets have this value: it is not short, not public, and no placeholder.
fn is_compared(value: &[u8]) -> bool {
    value.len() >= LEAST && !value.trim_ascii_start().starts_with(b"-----BEGIN CERTIFICATE-----")
}
