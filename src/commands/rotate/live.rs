//! The Secret that is rotated: its content, and the single write that gives it the new values.

use std::collections::BTreeMap;

use go::quote::quote;
use http::Method;
use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::{
    bundle,
    server::{self, Retries, Site},
    state::Plan,
};
use crate::{
    client::Call,
    commands::{output, session, set::change::conflict},
    error::{Error, Result},
    secret::{
        Object, Value,
        details::{self, Detail},
    },
};

/// Formats a time as the API does.
pub fn output_time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The annotation with the token of the rotation that last wrote the Secret.
pub const TOKEN: &str = "ksecret/rotation-token";
/// The annotation with the time of that write.
pub const ROTATED: &str = "ksecret/rotated-at";
/// The annotation with the period after which the Secret is due again.
pub const EVERY: &str = "ksecret/rotate-every";
/// The annotation with the expiry of the first certificate that a rotation brought.
pub const EXPIRES: &str = "ksecret/expires-at";

/// The Secret, as it is on the server.
pub struct Live(Object);

/// Why the Secret was not written.
pub struct Refusal {
    /// The error.
    pub error: Error,
    /// Whether it is known that nothing was written.
    pub is_clear: bool,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self { error, is_clear: false }
    }
}

/// The write that gives the Secret the new values.
pub struct Promotion {
    /// The plan of the rotation.
    pub plan: Plan,
    /// The token of the rotation.
    pub token: String,
    /// The uid of the Secret.
    pub uid: String,
    /// The new values, by key.
    pub new: BTreeMap<String, Value>,
    /// The former values. A key that was absent has none.
    pub former: BTreeMap<String, Value>,
}

impl Live {
    /// Reads the Secret.
    ///
    /// # Errors
    /// It does not exist any more.
    pub async fn read(site: &Site<'_>, uid: &str) -> Result<Self> {
        let gone = || Error::new(format!("secret {} was deleted meanwhile", quote(site.name.as_str())));
        Self::find(site, uid).await?.ok_or_else(gone)
    }

    /// Reads the Secret; `None` if it does not exist, or if another Secret has its name.
    ///
    /// # Errors
    /// The server's.
    pub async fn find(site: &Site<'_>, uid: &str) -> Result<Option<Self>> {
        match site.get(&site.name).await {
            Ok(object) => Ok(Some(Self(object)).filter(|live| live.0.json()["metadata"]["uid"] == uid)),
            Err(failure) if failure.is_not_found() => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }

    /// Returns the Secret.
    pub fn object(&self) -> &Object {
        &self.0
    }

    /// Returns the Secret.
    pub fn into_object(self) -> Object {
        self.0
    }

    /// Returns whether the rotation with this token was the last that wrote the Secret.
    pub fn is_promoted_by(&self, token: &str) -> bool {
        last_token(&self.0) == Some(token)
    }

    /// Returns all entries.
    pub fn entries(&self) -> BTreeMap<String, Value> {
        let data = self.0.json()["data"].as_object().into_iter().flatten();
        data.filter_map(|(key, value)| Some((key.clone(), Value::from_base64(value.as_str()?)?))).collect()
    }

    fn value(&self, key: &str) -> Option<Value> {
        self.0.json()["data"][key].as_str().and_then(Value::from_base64)
    }

    /// Checks that every key has its former or its new value.
    ///
    /// # Errors
    /// The keys, and their last writers.
    pub fn check_former(&self, promotion: &Promotion) -> Result<()> {
        let is_other = |key: &&String| {
            let value = self.value(key);
            value.as_ref() != promotion.former.get(*key) && value != promotion.wanted(key)
        };
        let changed: Vec<String> = promotion.plan.keys.iter().filter(is_other).cloned().collect();
        if changed.is_empty() {
            return Ok(());
        }
        Err(conflict(&self.0, &changed, "meanwhile"))
    }
}

/// Returns the token of the rotation that last wrote a Secret.
pub fn last_token(secret: &Object) -> Option<&str> {
    secret.json()["metadata"]["annotations"][TOKEN].as_str()
}

impl Promotion {
    /// Returns the value that a key gets, until the overlap ends.
    pub fn wanted(&self, key: &str) -> Option<Value> {
        let new = self.new.get(key)?;
        match self.former.get(key).filter(|_| self.plan.bundles.iter().any(|bundle| bundle == key)) {
            Some(former) => Some(bundle::joined(new, former)),
            None => Some(new.clone()),
        }
    }

    /// Returns the merge patch, without a precondition.
    pub fn patch(&self) -> Object {
        let mut data = Map::new();
        for key in &self.plan.keys {
            if let Some(value) = self.wanted(key) {
                data.insert(key.clone(), value.to_base64().into());
            }
        }
        for (key, previous) in &self.plan.previous {
            if let Some(former) = self.former.get(key) {
                data.insert(previous.clone(), former.to_base64().into());
            }
        }
        with_data(json!({"metadata": {"annotations": self.annotations()}}), data)
    }

    /// Returns the annotations of a rotated Secret.
    pub fn annotations(&self) -> Map<String, Json> {
        let now = output_time(output::now());
        let mut annotations: Map<String, Json> =
            [(TOKEN.to_owned(), self.token.clone().into()), (ROTATED.to_owned(), now.into())].into_iter().collect();
        if let Some(every) = &self.plan.every {
            annotations.insert(EVERY.to_owned(), every.clone().into());
        }
        if let Some(end) = self.expiry() {
            annotations.insert(EXPIRES.to_owned(), output_time(end).into());
        }
        annotations
    }

    /// Returns when the first of the new certificates expires.
    fn expiry(&self) -> Option<Timestamp> {
        let data: Map<String, Json> =
            self.new.iter().map(|(key, value)| (key.clone(), value.to_base64().into())).collect();
        let secret = with_data(json!({}), data);
        let ends = details::of(secret.json()).into_iter().filter_map(|detail| match detail {
            Detail::Certificate(certificate) => Timestamp::from_second(certificate.not_after).ok(),
            _ => None,
        });
        ends.min()
    }

    /// Writes the new values into the Secret. Invariant: this is one request that carries uid and version, so that the
    /// Secret has all new values or none, and no other write is lost. Returns the Secret; one that has the values
    /// already is returned unchanged.
    ///
    /// # Errors
    /// The Secret does not exist any more; its keys have other values; what the server refuses.
    pub async fn write(&self, site: &Site<'_>) -> Result<Object, Refusal> {
        let refused = |error| Refusal { error, is_clear: true };
        let mut retries = Retries::default();
        loop {
            let live = Live::read(site, &self.uid).await?;
            if live.is_promoted_by(&self.token) {
                return Ok(live.0);
            }
            live.check_former(self).map_err(refused)?;
            match self.send(self.patch(), &live, site, false).await {
                Ok(object) => return Ok(object),
                // Whether the request had an effect shows when the Secret is read again.
                Err(failure) if retries.again(&failure).await => {}
                Err(failure) => {
                    let is_clear = !server::is_unclear(&failure);
                    return Err(Refusal { error: failure.into(), is_clear });
                }
            }
        }
    }

    /// Sends the write as a server-side dry run.
    ///
    /// # Errors
    /// Why the server would refuse it.
    pub async fn rehearse(&self, secret: &Object, site: &Site<'_>) -> Result<()> {
        let live = Live(secret.clone());
        match self.send(self.patch(), &live, site, true).await {
            // Why ignored: a concurrent change is found by the write itself.
            Err(failure) if !failure.is_conflict() && !server::is_unclear(&failure) => Err(failure.into()),
            _ => Ok(()),
        }
    }

    async fn send(
        &self,
        mut patch: Object,
        live: &Live,
        site: &Site<'_>,
        is_dry: bool,
    ) -> Result<Object, crate::client::Failure> {
        let metadata = &live.0.json()["metadata"];
        let pins = ["uid", "resourceVersion"].map(|field| (field.to_owned(), metadata[field].clone()));
        if let Some(metadata) = patch.metadata_mut() {
            metadata.extend(pins);
        }
        let call = Call::new(Method::PATCH, site.path(&site.name));
        let mut call = site.write(call.body(session::MERGE_PATCH, patch.json().to_string()));
        if is_dry {
            call = call.query("dryRun", "All");
        }
        let answer = site.send(call).await.map_err(|failure| failure.redacted(&patch).redacted(&live.0))?;
        answer.object()
    }

    /// Removes the former values from the Secret: from bundles, and from the keys that keep them. Entries that another
    /// process has written stay.
    ///
    /// # Errors
    /// As [`Promotion::write`].
    pub async fn clean(&self, site: &Site<'_>) -> Result<()> {
        let mut retries = Retries::default();
        loop {
            let live = Live::read(site, &self.uid).await?;
            let mut data = Map::new();
            for key in &self.plan.bundles {
                if let (Some(new), true) = (self.new.get(key), live.value(key) == self.wanted(key))
                    && live.value(key).as_ref() != Some(new)
                {
                    data.insert(key.clone(), new.to_base64().into());
                }
            }
            for (key, previous) in &self.plan.previous {
                if live.value(previous).is_some() && live.value(previous).as_ref() == self.former.get(key) {
                    data.insert(previous.clone(), Json::Null);
                }
            }
            if data.is_empty() {
                return Ok(());
            }
            match self.send(with_data(json!({}), data), &live, site, false).await {
                Ok(_) => return Ok(()),
                Err(failure) if retries.again(&failure).await => {}
                Err(failure) => return Err(failure.into()),
            }
        }
    }
}

/// Returns an object with these entries. Why moved: a copy would not be wiped.
pub fn with_data(mut object: Json, data: Map<String, Json>) -> Object {
    object["data"] = Json::Object(data);
    Object::new(object)
}
