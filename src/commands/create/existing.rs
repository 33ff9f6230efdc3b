//! Creates a Secret, or changes an existing one as `--if-exists` says. Invariant: a change carries the version of the
//! object that it was computed from, so that no other client's write is overwritten.

use go::quote::quote;
use http::Method;
use serde_json::{Map, Value as Json, json};

use crate::{
    client::{Answer, Call, Client, Collection, Failure, Name, Path},
    commands::{
        session,
        write::{Conflicts, Write},
    },
    context::Context,
    error::{Error, Result},
    secret::{Object, Value, docker, manager, merge::request as engine, resource::Resource, types},
};

/// What to do if the Secret exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IfExists {
    /// Fail, as kubectl does.
    #[default]
    Fail,
    /// Leave it as it is.
    Skip,
    /// Set what was given, and leave the rest.
    Update,
    /// Set what was given, and remove the rest.
    Replace,
}

impl IfExists {
    /// Reads `--if-exists`.
    ///
    /// # Errors
    /// Another word.
    pub fn parse(typed: &str) -> Result<Self> {
        match typed {
            "fail" => Ok(Self::Fail),
            "skip" => Ok(Self::Skip),
            "update" => Ok(Self::Update),
            "replace" => Ok(Self::Replace),
            other => {
                Err(Error::new(format!("--if-exists is one of fail, skip, update, replace, not {}", quote(other))))
            }
        }
    }
}

/// How an existing Secret is treated.
#[derive(Debug, Clone, Default)]
pub struct Existing {
    /// `--if-exists`.
    pub if_exists: IfExists,
    /// The keys whose values are generated; those of one SPEC are together.
    pub made: Vec<Vec<String>>,
    /// Whether an update of a docker config keeps its other registries.
    pub merges_registries: bool,
    /// Whether a Secret that a controller or a tool manages is refused.
    pub spares_managed: bool,
    /// The uid of the source, if the Secret is a copy. Why by uid: another context may lead to the same cluster.
    pub source: Option<String>,
}

/// Creates `secret`, whose namespace is set. Returns the object on the server, and the operation.
///
/// # Errors
/// `failed to create secret …`, with kubectl's text for what the server refuses; an existing Secret that cannot be
/// changed into this one.
pub async fn create(
    client: &Client,
    write: &Write,
    existing: &Existing,
    secret: Object,
    ctx: &mut Context,
) -> Result<(Object, &'static str)> {
    let namespace = secret.namespace().unwrap_or(client.namespace());
    let collection =
        Collection::of(Resource::Secrets, namespace).map_err(|failure| failure.words_of_create("secret"))?;
    let work = Work { client, write, existing, secret };
    let mut conflicts = Conflicts::default();
    loop {
        let call = write.on(session::post(collection.path(), work.secret.json()));
        let failure = match client.call(call).await {
            Ok(answer) => return Ok((told(ctx, &answer)?, "created")),
            Err(failure) if failure.is_already_exists() && existing.if_exists != IfExists::Fail => failure,
            Err(failure) => return Err(failure.redacted(&work.secret).words_of_create("secret").into()),
        };
        let path = collection.object(&Name::new(work.secret.name())?);
        match work.change(path, &mut conflicts, ctx).await? {
            Some(done) => return Ok(done),
            // The Secret was deleted after the POST, so that it can be created now.
            None if conflicts.wait().await => {}
            None => return Err(failure.into()),
        }
    }
}

/// A Secret to create or change.
struct Work<'w> {
    client: &'w Client,
    write: &'w Write,
    existing: &'w Existing,
    secret: Object,
}

impl Work<'_> {
    /// Changes the existing Secret. Returns `None` if it does not exist.
    async fn change(
        &self,
        path: Path,
        conflicts: &mut Conflicts,
        ctx: &mut Context,
    ) -> Result<Option<(Object, &'static str)>> {
        loop {
            let live = match self.client.call(Call::get(path.clone())).await {
                Ok(answer) => answer.object_named(self.secret.namespace(), self.secret.name())?,
                Err(failure) if failure.is_not_found() => return Ok(None),
                Err(failure) => return Err(failure.into()),
            };
            if self.existing.if_exists != IfExists::Skip {
                self.check_source(&live)?;
                self.check_manager(&live)?;
            }
            let (call, operation) = match self.existing.if_exists {
                IfExists::Fail | IfExists::Skip => return Ok(Some((live, "unchanged"))),
                IfExists::Update => match self.update(&live)? {
                    Some(patch) => {
                        let call = Call::new(Method::PATCH, path.clone());
                        (call.body(session::MERGE_PATCH, patch.json().to_string()), "configured")
                    }
                    None => return Ok(Some((live, "unchanged"))),
                },
                IfExists::Replace => (session::put(path.clone(), self.replacement(&live)?.json()), "replaced"),
            };
            match self.client.call(self.write.on(call)).await {
                Ok(answer) => return Ok(Some((told(ctx, &answer)?, operation))),
                Err(failure) if failure.is_not_found() => return Ok(None),
                Err(failure) if failure.is_conflict() && conflicts.wait().await => {}
                Err(failure) => return Err(self.words(failure, &live)),
            }
        }
    }

    fn words(&self, failure: Failure, live: &Object) -> Error {
        failure.redacted(&self.secret).redacted(live).into()
    }

    /// Returns the merge patch that sets only what was given; `None` if nothing differs. Invariant: a generated value
    /// is only set if its key is missing, so that running the command again changes no password.
    fn update(&self, live: &Object) -> Result<Option<Object>> {
        let kind = self.secret.json()["type"].as_str();
        self.check_type(live, kind.unwrap_or_else(|| kind_of(live)))?;
        let has = |key: &str| live.json()["data"].get(key).is_some();
        self.check_halves(has)?;
        let is_made = |key: &String| self.existing.made.iter().flatten().any(|made| made == key);
        let mut patch = Object::new(json!({}));
        let Some(fields) = patch.json_mut().as_object_mut() else { return Ok(None) };
        let mut data = self.secret.json()["data"].as_object().cloned().unwrap_or_default();
        data.retain(|key, _| !(is_made(key) && has(key)));
        if self.existing.merges_registries {
            self.merge_registries(&mut data, live)?;
        }
        self.check_immutable(live, data.iter().any(|(key, value)| live.json()["data"].get(key) != Some(value)))?;
        if !data.is_empty() {
            fields.insert("data".to_owned(), data.into());
        }
        if let Some(immutable) = self.secret.json().get("immutable") {
            fields.insert("immutable".to_owned(), immutable.clone());
        }
        let mut metadata = Map::new();
        for map in ["labels", "annotations"] {
            if let Some(pairs) = self.secret.json()["metadata"].get(map) {
                metadata.insert(map.to_owned(), pairs.clone());
            }
        }
        if let Some(owners) = self.secret.json()["metadata"]["ownerReferences"].as_array() {
            let known = live.json()["metadata"]["ownerReferences"].as_array().cloned().unwrap_or_default();
            let new = owners.iter().filter(|owner| known.iter().all(|known| known["uid"] != owner["uid"])).cloned();
            let all: Vec<Json> = known.iter().cloned().chain(new).collect();
            metadata.insert("ownerReferences".to_owned(), all.into());
        }
        fields.insert("metadata".to_owned(), metadata.into());
        let patched = engine::merge_patch(live.json(), patch.json().to_string().as_bytes());
        let patched = Object::new(patched.map_err(|status| Error::new(status.message))?.object);
        if patched == *live {
            return Ok(None);
        }
        pin(&mut patch, live);
        Ok(Some(patch))
    }

    /// Merges the registries into the docker config of the existing Secret.
    fn merge_registries(&self, data: &mut Map<String, Json>, live: &Object) -> Result<()> {
        for (key, has_auths) in [(types::DOCKERCONFIGJSON_KEY, true), (types::DOCKERCFG_KEY, false)] {
            let value = |json: Option<&Json>| json.and_then(Json::as_str).and_then(Value::from_base64);
            let existing = value(live.json()["data"].get(key));
            let Some((existing, new)) = existing.zip(value(data.get(key))) else { continue };
            let merged = docker::merge(&existing, &new, has_auths);
            let merged = merged.map_err(|problem| self.cannot(format!("its {key} {problem}")))?;
            data.insert(key.to_owned(), merged.to_base64().into());
        }
        Ok(())
    }

    /// Returns the Secret with the version of the existing one.
    fn replacement(&self, live: &Object) -> Result<Object> {
        let mut new = self.secret.clone();
        self.check_type(live, kind_of(&new))?;
        self.check_immutable(live, live.json()["data"] != new.json()["data"] || new.json()["immutable"] != true)?;
        pin(&mut new, live);
        Ok(new)
    }

    /// Refuses to set only some entries of one SPEC: a new certificate does not match an old key.
    fn check_halves(&self, has: impl Fn(&str) -> bool) -> Result<()> {
        for keys in &self.existing.made {
            let (there, missing): (Vec<&String>, Vec<&String>) = keys.iter().partition(|key| has(key));
            if let ([there, ..], [missing, ..]) = (there.as_slice(), missing.as_slice()) {
                return Err(Error::new(format!(
                    "the Secret has {there} and not {missing}, which --generate makes together"
                ))
                .hint("--if-exists=replace makes both anew"));
            }
        }
        Ok(())
    }

    /// Refuses to write a copy onto its source: keys and labels that are not copied would be lost.
    fn check_source(&self, live: &Object) -> Result<()> {
        match &self.existing.source {
            Some(uid) if live.json()["metadata"]["uid"] == *uid => {
                Err(Error::new(format!("secret/{} would be copied onto itself", self.secret.name())))
            }
            _ => Ok(()),
        }
    }

    /// Refuses to change a Secret whose controller or tool would revert the change.
    fn check_manager(&self, live: &Object) -> Result<()> {
        let Some(manager) = manager::of(live).filter(|_| self.existing.spares_managed) else { return Ok(()) };
        let name = self.secret.name();
        Err(Error::new(format!(
            "secret {} exists and is kept by {}, which would put it back",
            quote(name),
            manager.name
        ))
        .hint(format!("change {}, or give --override-manager", manager.instead)))
    }

    /// Refuses another type before a request is sent. Why: the API server never changes the type of a Secret.
    fn check_type(&self, live: &Object, wanted: &str) -> Result<()> {
        if kind_of(live) == wanted {
            return Ok(());
        }
        Err(self.cannot(format!("its type is {}, not {}, and cannot be changed", kind_of(live), wanted)))
    }

    /// Refuses to change values of an immutable Secret.
    fn check_immutable(&self, live: &Object, changes: bool) -> Result<()> {
        match changes && live.json()["immutable"] == true {
            true => Err(self.cannot("it is immutable, and its values would change".to_owned())),
            false => Ok(()),
        }
    }

    fn cannot(&self, why: String) -> Error {
        let name = self.secret.name();
        Error::new(format!("secret {} exists: {why}", quote(name)))
            .hint(format!("under a new name nothing breaks; ksecret delete secret/{name} is for good"))
    }
}

/// Returns the type of a Secret, with the API server's default.
fn kind_of(secret: &Object) -> &str {
    secret.json()["type"].as_str().filter(|kind| !kind.is_empty()).unwrap_or(types::OPAQUE)
}

/// Adds uid and version, so that the server refuses the write if the object was recreated or changed.
fn pin(object: &mut Object, live: &Object) {
    let fields = ["uid", "resourceVersion"].map(|field| (field, live.json()["metadata"][field].clone()));
    if let Some(metadata) = object.metadata_mut() {
        metadata.extend(fields.map(|(field, value)| (field.to_owned(), value)));
    }
}

fn told(ctx: &mut Context, answer: &Answer) -> Result<Object> {
    session::say_warnings(ctx, answer);
    Ok(answer.object()?)
}
