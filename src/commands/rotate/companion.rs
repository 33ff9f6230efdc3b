//! The companion Secret of a rotation, `NAME-rotation`. Invariants: its creation is the lock, since only one process
//! can create it; every change carries the version that was read last, so that of two processes one continues and the
//! other gets a conflict.

use std::{collections::BTreeMap, time::Duration};

use http::Method;
use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::{
    live::with_data,
    server::{self, Backoff, Site},
    state::{State, VERSION},
};
use crate::{
    client::Call,
    commands::session,
    error::{Error, Result},
    secret::{Object, Value, types},
};

/// The suffix of the companion's name.
pub const SUFFIX: &str = "-rotation";
const STATE: &str = "state.json";

/// The state and the values of a rotation, as stored on the server.
pub struct Companion {
    object: Object,
    /// The state.
    pub state: State,
}

/// A value of a key.
#[derive(Clone, Copy)]
pub enum Which {
    /// The new one.
    New,
    /// The former one.
    Former,
}

impl Which {
    fn key(self, key: &str) -> String {
        match self {
            Self::New => format!("new.{key}"),
            Self::Former => format!("old.{key}"),
        }
    }
}

/// The result of creating a companion.
pub enum Created {
    /// This process has created it.
    Ours(Companion),
    /// It exists already.
    Exists(Companion),
}

impl Companion {
    /// Creates the companion of a Secret that was read.
    ///
    /// # Errors
    /// What the server refuses; a lost response whose effect could not be looked up.
    pub async fn create(
        site: &Site<'_>,
        secret: &Object,
        state: State,
        new: &BTreeMap<String, Value>,
        former: &BTreeMap<String, Value>,
    ) -> Result<Created> {
        let mut data = Map::new();
        for (which, values) in [(Which::New, new), (Which::Former, former)] {
            data.extend(values.iter().map(|(key, value)| (which.key(key), value.to_base64().into())));
        }
        data.insert(STATE.to_owned(), encoded(&state));
        let object = json!({
            "apiVersion": "v1", "kind": "Secret", "type": types::ROTATION,
            "metadata": {
                "name": site.companion.as_str(),
                "labels": {"app.kubernetes.io/managed-by": "ksecret"},
                "ownerReferences": [{
                    "apiVersion": "v1", "kind": "Secret", "name": secret.name(), "uid": state.uid,
                }],
            },
        });
        let object = with_data(object, data);
        let mut backoff = Backoff::default();
        loop {
            let failure = match site.send(site.write(session::post(site.collection.path(), object.json()))).await {
                Ok(answer) => return Ok(Created::Ours(Self { object: answer.object()?, state })),
                Err(failure) => failure.redacted(&object),
            };
            if !failure.is_already_exists() && !server::is_unclear(&failure) {
                return Err(failure.words_of_create("secret").into());
            }
            match Self::read(site).await? {
                // The response of an earlier attempt was lost, and the creation succeeded.
                Some(companion) if companion.is_held_by(site) => return Ok(Created::Ours(companion)),
                Some(companion) => return Ok(Created::Exists(companion)),
                None if backoff.again().await => {}
                None => return Err(failure.words_of_create("secret").into()),
            }
        }
    }

    /// Reads the companion; `None` if there is none.
    ///
    /// # Errors
    /// A Secret of its name that is no companion, or that another version of this program wrote.
    pub async fn read(site: &Site<'_>) -> Result<Option<Self>> {
        let object = match site.get(&site.companion).await {
            Ok(object) => object,
            Err(failure) if failure.is_not_found() => return Ok(None),
            Err(failure) => return Err(failure.into()),
        };
        Self::of(object).map(Some)
    }

    fn of(object: Object) -> Result<Self> {
        let name = object.name();
        if object.json()["type"] != types::ROTATION {
            let kind = types::ROTATION;
            let text = format!("secret/{name} is in the way: it is no companion of a rotation, its type is not {kind}");
            return Err(Error::new(text).hint("rename it: ksecret copy makes one of another name"));
        }
        let bytes = object.json()["data"][STATE].as_str().and_then(Value::from_base64).unwrap_or_default();
        let version = serde_json::from_slice::<Json>(bytes.expose()).ok().and_then(|json| json["version"].as_u64());
        let state = serde_json::from_slice::<State>(bytes.expose()).ok();
        let state = state.filter(|state| state.version == VERSION && state.is_sound());
        match state {
            Some(state) => Ok(Self { object, state }),
            None if version.is_some_and(|version| version != u64::from(VERSION)) => {
                let wrote = version.unwrap_or_default();
                Err(Error::new(format!(
                    "secret/{name}: its {STATE} is of version {wrote}, and {VERSION} is understood"
                ))
                .hint("the version of ksecret that began the rotation can end it"))
            }
            None => Err(Error::new(format!("secret/{name}: its {STATE} cannot be read"))
                .hint(format!("ksecret decode {name} shows what it keeps"))),
        }
    }

    /// Returns the values of the keys that have one.
    pub fn values(&self, which: Which) -> BTreeMap<String, Value> {
        let data = &self.object.json()["data"];
        let value = |key: &String| Some((key.clone(), Value::from_base64(data[which.key(key)].as_str()?)?));
        self.state.plan.keys.iter().filter_map(value).collect()
    }

    /// Returns the resourceVersion.
    pub fn version(&self) -> &str {
        self.object.resource_version().unwrap_or_default()
    }

    /// Returns an id that no other rotation has or had.
    pub fn id(&self) -> String {
        self.uid().as_str().unwrap_or_default().to_owned()
    }

    fn uid(&self) -> &Json {
        &self.object.json()["metadata"]["uid"]
    }

    fn is_held_by(&self, site: &Site<'_>) -> bool {
        self.state.holder.as_ref().is_some_and(|holder| holder.id == site.holder.id)
    }

    /// Returns when the server last stored it, by the server's clock.
    pub fn written(&self) -> Option<Timestamp> {
        server::written(&self.object)
    }

    /// Changes the state.
    ///
    /// # Errors
    /// Another process has changed it; a lost response whose effect could not be looked up.
    pub async fn advance(&mut self, site: &Site<'_>, change: impl FnOnce(&mut State)) -> Result<()> {
        match self.write(site, &BTreeMap::new(), change).await? {
            true => Ok(()),
            false => Err(self.in_conflict()),
        }
    }

    /// Adds new values.
    ///
    /// # Errors
    /// As [`Companion::advance`].
    pub async fn add(&mut self, site: &Site<'_>, new: &BTreeMap<String, Value>) -> Result<()> {
        match self.write(site, new, |_| {}).await? {
            true => Ok(()),
            false => Err(self.in_conflict()),
        }
    }

    /// Makes this process the holder. Returns `false` if another process has changed the companion since it was read.
    ///
    /// # Errors
    /// A lost response whose effect could not be looked up.
    pub async fn take(&mut self, site: &Site<'_>) -> Result<bool> {
        self.write(site, &BTreeMap::new(), |state| state.holder = Some(site.holder.clone())).await
    }

    /// Changes the state and adds new values. Returns `false` if another process has changed the companion.
    async fn write(
        &mut self,
        site: &Site<'_>,
        new: &BTreeMap<String, Value>,
        change: impl FnOnce(&mut State),
    ) -> Result<bool> {
        let mut state = self.state.clone();
        change(&mut state);
        state.serial += 1;
        let mut data: Map<String, Json> =
            new.iter().map(|(key, value)| (Which::New.key(key), value.to_base64().into())).collect();
        data.insert(STATE.to_owned(), encoded(&state));
        let mut patch = with_data(json!({}), data);
        let mut backoff = Backoff::default();
        loop {
            let metadata = &self.object.json()["metadata"];
            let pins = json!({"uid": metadata["uid"], "resourceVersion": metadata["resourceVersion"]});
            patch.json_mut()["metadata"] = pins;
            let call = Call::new(Method::PATCH, site.path(&site.companion));
            let call = site.write(call.body(session::MERGE_PATCH, patch.json().to_string()));
            let failure = match site.send(call).await {
                Ok(answer) => {
                    self.object = answer.object()?;
                    self.state = state;
                    return Ok(true);
                }
                Err(failure) => failure.redacted(&patch),
            };
            if !failure.is_conflict() && !server::is_unclear(&failure) {
                return Err(failure.into());
            }
            let Some(live) = Self::read(site).await? else { return Ok(false) };
            if live.uid() != self.uid() {
                return Ok(false);
            }
            if live.state == state {
                *self = live;
                return Ok(true);
            }
            // Why not the version alone: it may have been changed by an earlier write of this process, whose response
            // was lost.
            if live.version() != self.version() && !live.is_held_by(site) {
                return Ok(false);
            }
            self.object = live.object;
            if !backoff.again().await {
                return Err(failure.into());
            }
        }
    }

    /// Deletes the companion.
    ///
    /// # Errors
    /// As [`Companion::advance`].
    pub async fn delete(&self, site: &Site<'_>) -> Result<()> {
        let mut version = self.version().to_owned();
        let mut backoff = Backoff::default();
        loop {
            let options = json!({
                "apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": self.uid(), "resourceVersion": version},
            });
            let failure = match site.send(session::delete(site.path(&site.companion), &options)).await {
                Ok(_) => return Ok(()),
                Err(failure) if failure.is_not_found() => return Ok(()),
                Err(failure) => failure,
            };
            if !failure.is_conflict() && !server::is_unclear(&failure) {
                return Err(failure.into());
            }
            match Self::read(site).await? {
                Some(live) if live.uid() == self.uid() => {
                    if live.version() != version && !live.is_held_by(site) {
                        return Err(self.in_conflict());
                    }
                    version = live.version().to_owned();
                }
                _ => return Ok(()),
            }
            if !backoff.again().await {
                return Err(failure.into());
            }
        }
    }

    /// Returns the error of a process whose rotation another process has taken over.
    fn in_conflict(&self) -> Error {
        Error::new(format!("secret/{}: another process works on this rotation now", self.object.name()))
            .status(super::CONFLICT)
    }
}

fn encoded(state: &State) -> Json {
    // The state contains nothing that JSON cannot represent, so this cannot fail.
    Value::new(serde_json::to_vec(state).unwrap_or_default()).to_base64().into()
}

/// How long a holder is taken to be alive after its last write. It renews at least three times in this period.
pub const LEASE: Duration = Duration::from_secs(15);
