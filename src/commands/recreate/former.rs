//! The old object of a `--force`, which is created again if the new one does not exist.

use serde_json::Value as Json;
use zeroize::Zeroizing;

use super::Piece;
use crate::{
    client::{Client, Failure},
    commands::{apply::live, session, targets::Target, write::Write},
    context::Context,
    edit::{
        keep::{self, Kept},
        signals::unless_interrupted,
    },
    secret::{
        Object,
        resource::{Resource, SERVER_FIELDS},
        string_data,
    },
};

/// An object that was deleted.
pub struct Former<'a> {
    target: &'a Target,
    former: Option<Object>,
    new: &'a Object,
    client: &'a Client,
    write: &'a Write,
}

/// What happened to it.
enum Outcome {
    PutBack,
    /// The new object exists.
    Replaced,
    /// It exists unchanged.
    NotDeleted,
    /// It could not be created again and is kept as a file, for this reason.
    Lost(String),
}

impl<'a> Former<'a> {
    /// Takes the old object out of `piece`.
    pub fn of(piece: &'a mut Piece, client: &'a Client, write: &'a Write) -> Self {
        Self { target: &piece.target, former: piece.former.take(), new: &piece.new, client, write }
    }

    /// Creates the object again, without uid and resourceVersion, or keeps it as an edit that was not saved, and
    /// reports which of the two.
    pub async fn put_back(self, ctx: &mut Context) {
        let Some(former) = &self.former else { return };
        let shown = format!("{}/{}", self.target.resource().plural(), self.target.name);
        // A signal interrupts the request, and leaves time to keep the object.
        let outcome = match unless_interrupted(self.create(former)).await {
            Ok(outcome) => outcome,
            Err(_) => Outcome::Lost("it was interrupted".to_owned()),
        };
        match outcome {
            Outcome::PutBack => {
                ctx.say(format_args!("warning: {shown}: the new one was not created; the former one was put back"));
            }
            Outcome::Replaced => ctx.say(format_args!("warning: {shown}: the new one is there all the same")),
            Outcome::NotDeleted => ctx.say(format_args!("warning: {shown}: the former one was not deleted")),
            Outcome::Lost(why) => self.keep(former, &shown, &why, ctx),
        }
    }

    async fn create(&self, former: &Object) -> Outcome {
        let body = restorable(former);
        let call = self.write.on(session::post(self.target.collection.path(), body.json()));
        match self.client.call(call).await {
            Ok(_) => Outcome::PutBack,
            Err(failure) if failure.is_already_exists() => self.occupied(former).await,
            Err(failure) => Outcome::Lost(reason(failure.redacted(former))),
        }
    }

    /// Finds out which object has the name: the old one itself, the new one, or a third.
    async fn occupied(&self, former: &Object) -> Outcome {
        let found = match live(self.client, self.target).await {
            Ok(Some(found)) => found,
            Ok(None) => return Outcome::Lost("another one was there for a moment".to_owned()),
            Err(failure) => return Outcome::Lost(reason(failure)),
        };
        let metadata = |object: &Object, field: &str| object.json()["metadata"][field].clone();
        if metadata(&found, "uid") != metadata(former, "uid") {
            let mut new = self.new.clone();
            string_data::fold(new.json_mut(), string_data::Nulls::Moved);
            let data = |object: &Object| object.json()["data"].as_object().cloned().unwrap_or_default();
            return match data(&new) == data(&found) {
                true => Outcome::Replaced,
                false => Outcome::Lost("another one is there by now".to_owned()),
            };
        }
        if metadata(&found, "deletionTimestamp").is_null() {
            return Outcome::NotDeleted;
        }
        let finalizers = metadata(&found, "finalizers");
        let names: Vec<&str> = finalizers.as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        Outcome::Lost(format!("it goes when its finalizers are gone: {}", names.join(", ")))
    }

    fn keep(&self, former: &Object, shown: &str, why: &str, ctx: &mut Context) {
        ctx.say(format_args!(
            "warning: {shown}: the new one was not created, and the former one could not be put back: {why}"
        ));
        if self.target.resource() != Resource::Secrets {
            return;
        }
        let body = restorable(former);
        let kept = Kept {
            namespace: self.target.namespace().unwrap_or_default().to_owned(),
            view: keep::FORMER.to_owned(),
            objects: vec![former.clone()],
            text: Zeroizing::new(yaml::write::to_string(body.json()).into_bytes()),
        };
        match keep::keep(&ctx.env, &kept) {
            Ok(_) => {
                let namespace =
                    if self.client.namespace_given() { format!(" -n {}", kept.namespace) } else { String::new() };
                let line = format!(
                    "hint: the former one is kept, encrypted: {} edit --resume {}{namespace}",
                    ctx.program, self.target.name
                );
                ctx.say(line);
            }
            Err(error) => ctx.say(format_args!(
                "warning: {shown}: the former one could not be kept either: {}",
                go::errno::text(&error)
            )),
        }
    }
}

/// Returns the object to create again: without the fields that the server sets for each object. `managedFields` stay,
/// so that the owners of the fields do not change.
fn restorable(former: &Object) -> Object {
    let mut body = former.clone();
    if let Some(metadata) = body.metadata_mut() {
        for field in SERVER_FIELDS {
            metadata.remove(field);
        }
    }
    body
}

fn reason(failure: Failure) -> String {
    failure.message().to_owned()
}
