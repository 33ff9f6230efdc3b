//! Changes keys of one Secret. Invariant: the write carries a precondition, so that no write of another process is lost
//! or overwritten.

use std::collections::BTreeMap;

use go::quote::quote;
use http::Method;
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value as Json, json};

use crate::{
    cli::flags::DryRun,
    client::{Call, Client},
    commands::{
        outcome::{Done, Notices},
        session,
        targets::{Target, fetch},
        write::{self, Conflicts, Write},
    },
    error::{Error, Result},
    secret::{Object, Value, build::SecretBuilder, manager, merge::request as engine},
};

/// How often a write is retried after other processes have written.
const TRIES: u32 = 5;
/// The exit status of a conflict. Why its own: a script can tell it from a failure.
pub const CONFLICT: u8 = 4;

/// A change of keys.
pub enum Step {
    /// Set these values.
    Set(Vec<(String, Value)>),
    /// Remove these keys.
    Unset(Vec<String>),
    /// Rename the first key to the second.
    Rename(String, String),
    /// Set these values in base64; null removes a key.
    Restore(Object),
}

/// What must hold before anything is written.
#[derive(Default)]
pub struct Expected {
    /// `--if-version`: the version of the Secret.
    pub version: Option<String>,
    /// `--if-value-digest`: SHA-256 of the value of a key.
    pub digests: Vec<(String, Vec<u8>)>,
    /// The current values of keys in base64; null for a key that must not exist.
    pub held: Object,
}

/// A change of one Secret.
pub struct Change {
    /// The change of keys.
    pub step: Step,
    /// What must hold.
    pub expected: Expected,
    /// `--create`: whether a Secret that does not exist is created.
    pub create: bool,
    /// What the write contains.
    pub write: Write,
}

impl Expected {
    /// Parses the flags.
    ///
    /// # Errors
    /// An empty version, an invalid digest.
    pub fn of(version: Option<String>, digests: &[String]) -> Result<Self> {
        if version.as_deref() == Some("") {
            return Err(Error::new("--if-version wants a resourceVersion"));
        }
        let hex = |text: &str| -> Option<Vec<u8>> {
            let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
            let bytes: Option<Vec<u8>> = pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect();
            bytes.filter(|bytes| bytes.len() == 32 && text.len() == 64)
        };
        let digests = digests.iter().map(|typed| {
            let parts = typed.split_once('=').and_then(|(key, text)| Some((key.to_owned(), hex(text)?)));
            parts.ok_or_else(|| {
                Error::new("--if-value-digest wants KEY=DIGEST, the SHA-256 of the value in 64 hexadecimal digits")
            })
        });
        Ok(Self { version, digests: digests.collect::<Result<_>>()?, held: Object::default() })
    }

    fn check(&self, live: &Object) -> Result<()> {
        let name = live.name();
        if let Some(version) = &self.version
            && live.resource_version() != Some(version)
        {
            let is = live.resource_version().unwrap_or_default();
            return Err(
                Error::new(format!("secret {}: its version is {is}, not {version}", quote(name))).status(CONFLICT)
            );
        }
        for (key, expected) in &self.digests {
            let value = live.json()["data"][key].as_str().and_then(Value::from_base64);
            if value.is_none_or(|value| digest(&SHA256, value.expose()).as_ref() != expected) {
                let error = Error::new(format!("secret {}: {key} has not the value of that digest", quote(name)));
                return Err(error.status(CONFLICT));
            }
        }
        let held = self.held.json().as_object().into_iter().flatten();
        let other = held.filter(|(key, value)| live.json()["data"][key.as_str()] != **value);
        let other: Vec<String> = other.map(|(key, _)| key.clone()).collect();
        if other.is_empty() { Ok(()) } else { Err(conflict(live, &other, "since").hint("nothing was written")) }
    }
}

impl Step {
    /// Returns the keys that are changed.
    fn keys(&self) -> Vec<String> {
        match self {
            Self::Set(entries) => entries.iter().map(|(key, _)| key.clone()).collect(),
            Self::Unset(keys) => keys.clone(),
            Self::Rename(old, new) => vec![old.clone(), new.clone()],
            Self::Restore(map) => map.json().as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect(),
        }
    }

    /// Returns the merge patch of `data`.
    fn patch(&self, live: &Object) -> Result<Map<String, Json>> {
        let has = |key: &str| live.json()["data"].get(key).is_some();
        let absent = |key: &str| {
            let keys = live.json()["data"].as_object().into_iter().flatten().map(|(key, _)| key.as_str());
            let keys = keys.collect::<Vec<_>>().join(", ");
            let error = Error::new(format!("secret {} has no key {}", quote(live.name()), quote(key)));
            if keys.is_empty() { error } else { error.hint(format!("it has {keys}")) }
        };
        match self {
            Self::Set(entries) => {
                Ok(entries.iter().map(|(key, value)| (key.clone(), value.to_base64().into())).collect())
            }
            Self::Unset(keys) => match keys.iter().find(|key| !has(key)) {
                Some(key) => Err(absent(key)),
                None => Ok(keys.iter().map(|key| (key.clone(), Json::Null)).collect()),
            },
            Self::Restore(map) => Ok(map.json().as_object().cloned().unwrap_or_default()),
            Self::Rename(old, _) if !has(old) => Err(absent(old)),
            Self::Rename(_, new) if has(new) => {
                let error = Error::new(format!("secret {} has a key {} already", quote(live.name()), quote(new)));
                Err(error.hint(format!("ksecret unset {} {new} removes it", live.name())))
            }
            Self::Rename(old, new) => {
                let value = live.json()["data"][old].clone();
                Ok([(old.clone(), Json::Null), (new.clone(), value)].into_iter().collect())
            }
        }
    }
}

impl Change {
    /// Applies the change. Returns the server's Secret, or in a dry run the one that it would be.
    ///
    /// # Errors
    /// A Secret or a key that does not exist, an expectation that does not hold, another process that changed the same
    /// keys.
    pub async fn on(&self, client: &Client, target: &Target, notices: &mut Notices) -> Result<Done> {
        let path = target.path();
        let mut first: Option<BTreeMap<String, Json>> = None;
        let mut conflicts = Conflicts::at_most(TRIES);
        loop {
            let live = match fetch(client, target).await {
                Ok(live) => live,
                Err(failure) if failure.is_not_found() && self.creates() && first.is_none() => {
                    match self.create(client, target, notices).await? {
                        Some(done) => return Ok(done),
                        None if conflicts.wait().await => continue,
                        None => return Err(failure.into()),
                    }
                }
                Err(failure) => return Err(failure.into()),
            };
            let held = held(&live, &self.step.keys());
            match &first {
                None => {
                    self.expected.check(&live)?;
                    write::warn_of_manager(&live, notices);
                    first = Some(held);
                }
                Some(before) if *before != held => return Err(self.in_conflict(&live)),
                Some(_) => {}
            }
            let data = self.step.patch(&live)?;
            let patch = Object::new(json!({"metadata": {
                "uid": live.json()["metadata"]["uid"], "resourceVersion": live.json()["metadata"]["resourceVersion"],
            }, "data": data}));
            let after = engine::merge_patch(live.json(), patch.json().to_string().as_bytes());
            let after = Object::new(after.map_err(|status| Error::new(status.message))?.object);
            if after.json()["data"] == live.json()["data"] {
                return Ok(Done { object: live, operation: "unchanged" });
            }
            if live.json()["immutable"] == true {
                return Err(Error::new(format!(
                    "secret {} is immutable: its values cannot be changed",
                    quote(live.name())
                )));
            }
            if self.write.dry_run == DryRun::Client {
                return Ok(Done { object: after, operation: "configured" });
            }
            let call = Call::new(Method::PATCH, path.clone()).body(session::MERGE_PATCH, patch.json().to_string());
            match client.call(self.write.on(call)).await {
                Ok(answer) => {
                    notices.warn(&answer);
                    return Ok(Done { object: answer.object()?, operation: "configured" });
                }
                Err(failure) if failure.is_conflict() => {
                    if !conflicts.wait().await {
                        return Err(self.in_conflict(&live));
                    }
                }
                Err(failure) => return Err(failure.redacted(&patch).redacted(&live).into()),
            }
        }
    }

    /// Returns whether a Secret that does not exist is created: if asked for, and nothing is expected of it.
    fn creates(&self) -> bool {
        self.create && self.expected.version.is_none() && self.expected.digests.is_empty()
    }

    /// Creates the Secret; `None` if it exists by now.
    async fn create(&self, client: &Client, target: &Target, notices: &mut Notices) -> Result<Option<Done>> {
        let Step::Set(entries) = &self.step else { return Ok(None) };
        let builder = SecretBuilder::new(target.name.as_str()).namespace(target.namespace());
        let secret = builder.entries(entries.iter().cloned()).map_err(Error::new)?.build();
        if self.write.dry_run == DryRun::Client {
            return Ok(Some(Done { object: secret, operation: "created" }));
        }
        let call = self.write.on(session::post(target.collection.path(), secret.json()));
        match client.call(call).await {
            Ok(answer) => {
                notices.warn(&answer);
                Ok(Some(Done { object: answer.object()?, operation: "created" }))
            }
            Err(failure) if failure.is_already_exists() => Ok(None),
            Err(failure) => Err(failure.redacted(&secret).words_of_create("secret").into()),
        }
    }

    /// Returns the error of a write that lost against another process.
    fn in_conflict(&self, live: &Object) -> Error {
        conflict(live, &self.step.keys(), "meanwhile")
            .hint("nothing was written; the same line tries again on what is there now")
    }
}

/// Returns the error about keys that another process has changed.
pub fn conflict(live: &Object, keys: &[String], when: &str) -> Error {
    let by = manager::last_writer(live, keys).map(|(manager, time)| format!(" by {manager} at {time}"));
    let (name, keys) = (quote(live.name()), keys.join(", "));
    Error::new(format!("secret {name}: {keys} changed {when}{}", by.unwrap_or_default())).status(CONFLICT)
}

/// Returns the current values of the keys.
fn held(live: &Object, keys: &[String]) -> BTreeMap<String, Json> {
    keys.iter().map(|key| (key.clone(), live.json()["data"][key].clone())).collect()
}
