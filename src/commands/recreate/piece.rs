//! One object that is deleted and created again.

use std::time::Instant;

use serde_json::{Value as Json, json};

use super::Recreate;
use crate::{
    cli::flags::DryRun,
    client::{Cause, Client, Details, Failure, Status},
    commands::{
        apply::live,
        deletion,
        outcome::Notices,
        session,
        targets::Target,
        write::{self, Write},
    },
    error::{Error, Result},
    secret::{Object, resource::Resource, string_data, validate},
};

/// How often a deletion is retried after the object has changed.
const RETRIES: u32 = 5;

/// An object that is deleted and created again.
pub struct Piece {
    /// The object's name and place.
    pub target: Target,
    /// The new object, as it is sent.
    pub new: Object,
    /// The old object. Invariant: it is set from before the deletion is sent until the new object is known to exist.
    pub former: Option<Object>,
    /// The file of the manifest, as kubectl names it.
    pub path: String,
    /// Whether the new object is to be created: nothing prevented it so far.
    pub wanted: bool,
}

impl Piece {
    /// Checks that the server would create `new`. Only then may the old object be deleted.
    ///
    /// # Errors
    /// Why the server would not.
    pub async fn checked(
        target: Target,
        mut new: Object,
        path: String,
        client: &Client,
        how: &Recreate,
    ) -> Result<Self> {
        write::clear_version(&mut new);
        let resource = target.resource();
        check(&new, resource)?;
        let trial = Write { dry_run: DryRun::Server, ..how.write.clone() };
        match client.call(trial.on(session::post(target.collection.path(), new.json()))).await {
            Ok(_) => {}
            Err(failure) if failure.is_already_exists() => {}
            Err(failure) => {
                let error = Error::from(failure.redacted(&new));
                return Err(error.hint(format!("{}/{}: nothing was deleted", resource.plural(), target.name)));
            }
        }
        Ok(Self { target, new, former: None, path, wanted: true })
    }

    /// Reads the old object, remembers it and deletes it. Returns `false` if it does not exist.
    ///
    /// # Errors
    /// The server's.
    pub async fn delete(&mut self, client: &Client, how: &Recreate) -> Result<bool, Failure> {
        let mut tries = 0;
        loop {
            let Some(former) = live(client, &self.target).await? else { return Ok(false) };
            let metadata = &former.json()["metadata"];
            // Invariant: the deletion carries uid and version of the object that is remembered, so that every entry can
            // be restored.
            let preconditions = json!({"uid": metadata["uid"], "resourceVersion": metadata["resourceVersion"]});
            let mut body = json!({"propagationPolicy": how.cascade, "preconditions": preconditions});
            if let Some(seconds) = how.grace_period {
                body["gracePeriodSeconds"] = json!(seconds);
            }
            // From here on the object may be deleted, even if no response arrives.
            self.former = Some(former);
            tries += 1;
            match client.call(session::delete(self.target.path(), &body)).await {
                Ok(_) => return Ok(true),
                Err(failure) => {
                    // A response proves that nothing was deleted; without one the object may have been.
                    if failure.status().is_some() {
                        self.former = None;
                    }
                    if failure.is_not_found() {
                        return Ok(false);
                    }
                    if !failure.is_conflict() || tries == RETRIES {
                        return Err(failure);
                    }
                }
            }
        }
    }

    /// Waits until the old object is gone.
    ///
    /// # Errors
    /// The old object still exists at `deadline`; those of the server.
    pub async fn wait(&self, client: &Client, deadline: Option<Instant>, how: &Recreate) -> Result<()> {
        let Some(former) = &self.former else { return Ok(()) };
        let uid = former.json()["metadata"]["uid"].as_str();
        match uid {
            None => Ok(()),
            Some(uid) => match deletion::until_gone(client, &self.target, Some(uid), deadline).await {
                Ok(true) => Ok(()),
                Ok(false) if how.wait => Err(deletion::timed_out(&self.target)),
                Ok(false) => Err(Error::new("context deadline exceeded")),
                Err(failure) => Err(failure.into()),
            },
        }
    }

    /// Creates the new object.
    ///
    /// # Errors
    /// The server's.
    pub async fn create(&mut self, client: &Client, how: &Recreate, notices: &mut Notices) -> Result<Object, Failure> {
        let call = how.write.on(session::post(self.target.collection.path(), self.new.json()));
        let answer = client.call(call).await.map_err(|failure| failure.redacted(&self.new))?;
        notices.warn(&answer);
        let object = answer.object()?;
        self.former = None;
        Ok(object)
    }
}

/// Checks a Secret by the server's rules, with its errors.
fn check(new: &Object, resource: Resource) -> Result<()> {
    let mut object = new.clone();
    string_data::fold(object.json_mut(), string_data::Nulls::Moved);
    let plain = |field: &str| object.json()[field].as_object().is_none_or(|map| map.values().all(Json::is_string));
    if resource != Resource::Secrets || !plain("data") || object.json().get("stringData").is_some() {
        return Ok(());
    }
    if object.json()["type"].as_str().is_none_or(str::is_empty) {
        object.json_mut()["type"] = "Opaque".into();
    }
    let causes = validate::secret_create(object.json()).into_iter();
    let causes: Vec<Cause> = causes
        .map(|error| Cause { reason: error.reason.as_str().to_owned(), message: error.body, field: error.field })
        .collect();
    if causes.is_empty() {
        return Ok(());
    }
    let details = Details { name: new.name().to_owned(), kind: "Secret".to_owned(), causes, ..Details::default() };
    let status = Status { code: 422, reason: "Invalid".to_owned(), details: Some(details), ..Status::default() };
    let error = Error::from(Failure::Status(Box::new(status)).redacted(new));
    Err(error.hint(format!("secrets/{}: nothing was deleted", new.name())))
}
