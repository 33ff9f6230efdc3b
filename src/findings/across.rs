//! What only several Secrets together show: the same value in two of them.

use std::collections::HashMap;

use ring::hmac;

use super::{Finding, Mend, Secret, rules::KS501};

/// Values shorter than this are not compared: `true`, a port, a user name.
const LEAST: usize = 8;

/// Digests of the values that were seen. Invariant: they are made with a key that lives as long as this does, so that they
/// tell nothing about a value afterwards, and no value is kept.
pub struct Seen {
    key: hmac::Key,
    /// Which entry had a digest first: the place of its Secret in `secrets`, and of its key in `keys`.
    entries: HashMap<[u8; 16], (u32, u32)>,
    secrets: Vec<Box<str>>,
    keys: HashMap<Box<str>, u32>,
    names: Vec<Box<str>>,
}

impl Seen {
    /// Begins with a random key.
    pub fn new(key: &[u8; 32]) -> Self {
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, key),
            entries: HashMap::new(),
            secrets: Vec::new(),
            keys: HashMap::new(),
            names: Vec::new(),
        }
    }

    /// Adds the values of a Secret, which is called `name` in findings, and returns those that another one has.
    pub fn add(&mut self, secret: &Secret<'_>, name: &str) -> Vec<Finding> {
        let own = u32::try_from(self.secrets.len()).unwrap_or(u32::MAX);
        let mut findings = Vec::new();
        let mut is_held = false;
        for (key, value) in secret.values().filter(|(_, value)| is_compared(value.expose())) {
            let mut digest = [0; 16];
            let tag = hmac::sign(&self.key, value.expose());
            digest.copy_from_slice(tag.as_ref().get(..16).unwrap_or(&[0; 16]));
            match self.entries.get(&digest) {
                Some((other, _)) if *other == own => {}
                Some((other, key_of_other)) => {
                    let text = |names: &[Box<str>], at: u32| {
                        names.get(at as usize).map(|name| name.to_string()).unwrap_or_default()
                    };
                    let (other, at) = (text(&self.secrets, *other), text(&self.names, *key_of_other));
                    // It stands there twice.
                    if other == name {
                        continue;
                    }
                    findings.push(Finding {
                        rule: &KS501,
                        field: vec!["data".to_owned(), key.to_owned()],
                        sentence: format!("has the value of data[{at}] in {other}"),
                        mend: Mend::Value,
                    });
                }
                None => {
                    let key = self.key_of(key);
                    self.entries.insert(digest, (own, key));
                    is_held = true;
                }
            }
        }
        if is_held {
            self.secrets.push(name.into());
        }
        findings
    }

    /// Returns the place of a key's name. Why: most Secrets have the same few.
    fn key_of(&mut self, key: &str) -> u32 {
        if let Some(at) = self.keys.get(key) {
            return *at;
        }
        let at = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(key.into());
        self.keys.insert(key.into(), at);
        at
    }
}

/// Returns whether it says something that two Secrets have this value: it is not short, not public, and no placeholder.
fn is_compared(value: &[u8]) -> bool {
    value.len() >= LEAST && !value.trim_ascii_start().starts_with(b"-----BEGIN CERTIFICATE-----")
}
