//! What `create` can do beyond kubectl: labels, annotations, immutability, an owner, generated values, and changing an
//! existing Secret.

use go::quote::quote;
use serde_json::{Value as Json, json};

use super::existing::{Existing, IfExists};
use crate::{
    client::{Call, Client, Name, Path},
    commands::{discovery::Groups, sources::GenerateFlag},
    error::{Error, Result},
    secret::{Object, build::SecretBuilder, validate::names},
    source::{generate::Spec, sops},
};

/// Flags that kubectl's `create secret …` does not have.
#[derive(clap::Args, Debug)]
pub struct ExtraFlags {
    /// Give the Secret this label; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    label: Vec<String>,
    /// Give the Secret this annotation; repeatable
    #[arg(long, value_name = "KEY=VALUE")]
    annotation: Vec<String>,
    /// Make the Secret immutable: its values can never be changed
    #[arg(long)]
    immutable: bool,
    /// Have the Secret deleted when this object is
    #[arg(long, value_name = "KIND/NAME")]
    owner: Option<String>,
    /// If the Secret exists: fail, skip, update some keys, or replace all
    ///
    /// update sets what was given and leaves the rest; a value that --generate would make stays, if it is there. Neither update
    /// nor replace changes a type, or values that are immutable.
    #[arg(long, value_name = "WHAT", default_value = "fail", hide_default_value = true)]
    if_exists: String,
    #[command(flatten)]
    generate: GenerateFlag,
}

/// The resolved [`ExtraFlags`].
pub struct Extras {
    labels: Vec<(String, String)>,
    annotations: Vec<(String, String)>,
    immutable: bool,
    owner: Option<Owner>,
    /// How an existing Secret is treated.
    pub existing: Existing,
    specs: Vec<Spec>,
}

/// The object that owns the Secret.
struct Owner {
    kind: String,
    name: Name,
}

impl ExtraFlags {
    /// Checks and resolves the flags.
    ///
    /// # Errors
    /// An invalid label, annotation, owner or SPEC; an unknown word of `--if-exists`.
    pub fn resolve(self) -> Result<Extras> {
        let specs = self.generate.specs()?;
        Ok(Extras {
            labels: pairs("label", self.label, |key, value| {
                [names::label_key(key), names::label_value(value)].concat()
            })?,
            // As in kube-apiserver, which validates keys of annotations in lower case.
            annotations: pairs("annotation", self.annotation, |key, _| names::label_key(&key.to_lowercase()))?,
            immutable: self.immutable,
            owner: self.owner.map(Owner::parse).transpose()?,
            existing: Existing {
                if_exists: IfExists::parse(&self.if_exists)?,
                made: specs.iter().map(Spec::keys).collect(),
                ..Existing::default()
            },
            specs,
        })
    }
}

/// Refuses ciphertext of sops as a value: no program that uses the Secret could read it.
fn check_encrypted(secret: &Object) -> Result<()> {
    let data = secret.json()["data"].as_object();
    let is_encrypted = |value: &Json| value.as_str().is_some_and(sops::is_encrypted_base64);
    match data.into_iter().flatten().find(|(_, value)| is_encrypted(value)) {
        Some((key, _)) => Err(sops::refused(&format!("the value of {key}"))),
        None => Ok(()),
    }
}

/// Splits `KEY=VALUE`. `check` returns the errors of a pair.
fn pairs(flag: &str, typed: Vec<String>, check: impl Fn(&str, &str) -> Vec<String>) -> Result<Vec<(String, String)>> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for pair in typed {
        let Some((key, value)) = pair.split_once('=').filter(|(key, _)| !key.is_empty()) else {
            return Err(Error::new(format!("--{flag} wants KEY=VALUE")));
        };
        let wrong = check(key, value);
        if !wrong.is_empty() {
            return Err(Error::new(format!("--{flag} {}: {}", quote(key), wrong.join("; "))));
        }
        if pairs.iter().any(|(known, _)| known == key) {
            return Err(Error::new(format!("--{flag} {} is given twice", quote(key))));
        }
        pairs.push((key.to_owned(), value.to_owned()));
    }
    Ok(pairs)
}

impl Extras {
    /// Returns whether the value of `key` is generated.
    pub fn generates(&self, key: &str) -> bool {
        self.existing.made.iter().flatten().any(|made| made == key)
    }

    /// Returns whether a request to the server is needed, to look the owner up.
    pub fn needs_server(&self) -> bool {
        self.owner.is_some()
    }

    /// Adds everything except the owner to the Secret.
    ///
    /// # Errors
    /// A key that is given twice or is invalid; no random numbers from the operating system.
    pub fn build(&self, mut builder: SecretBuilder) -> Result<Object> {
        let mut keys = builder.keys();
        for key in self.specs.iter().flat_map(Spec::keys) {
            keys.add(key, Default::default()).map_err(Error::new)?;
        }
        for (key, value) in &self.labels {
            builder = builder.label(key, value);
        }
        for (key, value) in &self.annotations {
            builder = builder.annotation(key, value);
        }
        if self.immutable {
            builder = builder.immutable(Some(true));
        }
        for spec in &self.specs {
            builder = builder.entries(spec.make()?).map_err(Error::new)?;
        }
        let secret = builder.build();
        check_encrypted(&secret)?;
        Ok(secret)
    }

    /// Looks the owner up, and adds the owner reference to the Secret.
    ///
    /// # Errors
    /// A kind that the server does not have, an object that does not exist.
    pub async fn name_owner(&self, client: &Client, secret: &mut Object) -> Result<()> {
        let Some(owner) = &self.owner else { return Ok(()) };
        let namespace = secret.namespace().unwrap_or_default().to_owned();
        let reference = owner.reference(client, &namespace).await?;
        if let Some(metadata) = secret.metadata_mut() {
            metadata.insert("ownerReferences".to_owned(), json!([reference]));
        }
        Ok(())
    }
}

/// Accepts metadata. Why: the owner may be a Secret, whose values are not needed.
const METADATA: &str = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json";

impl Owner {
    fn parse(typed: String) -> Result<Self> {
        match typed.split_once('/') {
            Some((kind, name)) if !kind.is_empty() && !name.is_empty() => {
                Ok(Self { kind: kind.to_owned(), name: Name::new(name)? })
            }
            _ => Err(Error::new("--owner wants KIND/NAME").hint("for example --owner deployment/web")),
        }
    }

    /// Returns the owner reference. The owner is in the namespace of the Secret, or is cluster-scoped.
    async fn reference(&self, client: &Client, namespace: &str) -> Result<Json> {
        let mut groups = Groups::fetch(client).await?;
        groups.complete(client).await;
        let Some(resource) = groups.resource_for(&self.kind) else {
            return Err(Error::new(format!("--owner: the server doesn't have a resource type {}", quote(&self.kind))));
        };
        let root = if resource.group.is_empty() { "/api/" } else { "/apis/" };
        let mut path = Path::raw(&format!("{root}{}", resource.group_version()))?;
        if resource.namespaced() {
            path = path.subresource("namespaces")?.subresource(namespace)?;
        }
        let path = path.subresource(resource.text("name"))?.subresource(self.name.as_str())?;
        let answer = client.call(Call::get(path).accept(METADATA)).await?.object()?;
        let uid = answer.json()["metadata"]["uid"].as_str().unwrap_or_default();
        Ok(json!({
            "apiVersion": resource.group_version(), "kind": resource.text("kind"), "name": self.name.as_str(), "uid": uid,
        }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        properties,
        secret::{Value, validate},
    };

    proptest! {
        #![proptest_config(properties::config(300))]

        /// Everything that the flags and the builder accept is accepted by the API server.
        #[test]
        fn what_is_built_is_valid(
            labels in prop::collection::vec("[-a-zA-Z0-9./ _]{0,12}=[-a-zA-Z0-9._ ]{0,8}", 0..3),
            annotations in prop::collection::vec("[-a-zA-Z0-9./ _]{0,12}=.{0,8}", 0..3),
            keys in prop::collection::vec("[-a-zA-Z0-9._ /]{0,6}", 0..4),
            immutable in any::<bool>(),
        ) {
            let flags = ExtraFlags {
                label: labels, annotation: annotations, immutable, owner: None, if_exists: "fail".to_owned(),
                generate: GenerateFlag::of(&["made=random:8"]),
            };
            let Ok(extras) = flags.resolve() else { return Ok(()) };
            let builder = SecretBuilder::new("s").namespace(Some("n"));
            let entries = keys.into_iter().map(|key| (key, Value::new("v")));
            let Ok(builder) = builder.entries(entries) else { return Ok(()) };
            let Ok(secret) = extras.build(builder) else { return Ok(()) };
            let errors = validate::secret_create(secret.json());
            prop_assert!(errors.is_empty(), "{}", validate::message("Secret", "s", &errors));
        }
    }
}
