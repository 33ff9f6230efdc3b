//! Deletion of one object, and of a collection. How a namespace is emptied is in [`crate::controllers::namespaces`].

use std::iter::Peekable;

use serde_json::{Value as Json, json};

use crate::{
    api::list::{Asked, Listed},
    clock::ClockRng,
    controllers::{garbage, namespaces},
    decode,
    http::{
        call::{Call, Reply, serve_stored},
        negotiate,
        options::DeleteOptions,
    },
    lifecycle::{self, has_finalizers, mark_as_deleting},
    store::{Stored, Transaction},
    strategy,
    turn::{self, Turn},
};
use go::quote::quote;
use secret::{resource::Resource, status::Status};

/// Namespaces that cannot be deleted (the admission plugin NamespaceLifecycle).
const PROTECTED: [&str; 3] = ["default", "kube-system", "kube-public"];

fn options(call: &Call, body: &[u8]) -> Result<DeleteOptions, Status> {
    if body.is_empty() {
        return DeleteOptions::parse(&call.query, None);
    }
    let body = decode::delete_options(negotiate::content_type(call.headers())?, body)?;
    DeleteOptions::parse(&call.query, Some(&body))
}

/// Serves DELETE of one object.
pub async fn one(call: &Call, body: &[u8]) -> Result<Reply, Status> {
    let options = options(call, body)?;
    let (resource, clock_rng) = (call.resource, &call.server.clock_rng);
    let (deleted, is_finished) = call
        .server
        .store
        .write(|transaction| {
            let Some(stored) = garbage::get(transaction, call, &call.name)? else {
                return Err(call.not_found());
            };
            check(call, &options, &stored)?;
            if resource == Resource::Namespaces && PROTECTED.contains(&call.name.as_str()) {
                let name = quote(&call.name);
                let text = format!("namespaces {name} is forbidden: this namespace may not be deleted");
                return Err(
                    Status::new(403, "Forbidden", text).details(json!({"name": call.name, "kind": "namespaces"}))
                );
            }
            let deleted = delete_in(transaction, clock_rng, resource, &options, stored)?;
            let is_finished = match resource {
                Resource::Secrets if deleted.wrote && deleted.gone => {
                    // Why the result is ignored: what this step leaves is deleted by the request that deletes the
                    // namespace.
                    namespaces::advance(transaction, clock_rng, call.namespace())?;
                    true
                }
                // Also if it is being deleted already: the process that began may have ended before it was done.
                Resource::Namespaces if !options.dry_run => namespaces::advance(transaction, clock_rng, &call.name)?,
                _ => true,
            };
            Ok::<_, Status>((deleted, is_finished))
        })
        .await?;
    if !is_finished {
        namespaces::finish(&call.server, &call.name).await?;
    }
    if deleted.wrote {
        garbage::schedule(&call.server, resource, &deleted.object.object);
    }
    let code = if options.told_if_accepted && !deleted.gone { 202 } else { 200 };
    let object = if deleted.gone && resource == Resource::Secrets {
        json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success",
            "details": {
                "name": call.name, "kind": resource.plural(), "uid": deleted.object.object["metadata"]["uid"],
            },
        })
    } else {
        serve_stored(resource, deleted.object)
    };
    Ok(Reply::new(code, object, Vec::new()))
}

/// Checks the preconditions. Those of a Namespace are worded differently, since its own storage checks them
/// (`namespace/storage.go`).
fn check(call: &Call, options: &DeleteOptions, stored: &Stored) -> Result<(), Status> {
    let uid = strategy::text(&stored.object, "uid");
    let revision = stored.revision.to_string();
    let differs = |wanted: &Option<String>, is: &str| wanted.as_ref().filter(|wanted| *wanted != is).cloned();
    let conflict = |what: &str, (wanted, is): (&str, &str), hint: &str| {
        if call.resource == Resource::Namespaces {
            let why = format!("Precondition failed: {what} in precondition: {wanted}, {what} in object meta: {is}");
            return Err(call.conflict(&why));
        }
        let (kind, name) = (call.resource.kind(), strategy::text(&stored.object, "name"));
        let text = format!(
            "Operation cannot be fulfilled on {kind} {}: the {what} in the precondition ({wanted}) does not match the {what} \
             in record ({is}). {hint}",
            quote(name)
        );
        Err(Status::new(409, "Conflict", text).details(json!({"name": name, "kind": kind})))
    };
    if let Some(wanted) = differs(&options.uid, uid) {
        return conflict("UID", (&wanted, uid), "The object might have been deleted and then recreated");
    }
    if let Some(wanted) = differs(&options.resource_version, &revision) {
        return conflict("ResourceVersion", (&wanted, &revision), "The object might have been modified");
    }
    Ok(())
}

/// The outcome of a deletion.
struct Deleted {
    /// Whether the object no longer exists (or would not, without the dry run).
    gone: bool,
    /// Whether anything was written.
    wrote: bool,
    /// The object's last state.
    object: Stored,
}

/// Deletes an object, or marks it as being deleted if finalizers keep it.
fn delete_in(
    transaction: &mut Transaction<'_>,
    clock_rng: &ClockRng,
    resource: Resource,
    options: &DeleteOptions,
    stored: Stored,
) -> Result<Deleted, Status> {
    let Stored { mut revision, mut object } = stored;
    let before = object.clone();
    let name = strategy::text(&object, "name").to_owned();
    let namespace = strategy::text(&object, "namespace").to_owned();
    // The first request marks a Namespace, whatever its finalizers; further ones change nothing while it is being
    // emptied.
    let is_space = resource == Resource::Namespaces;
    let first = is_space && !object["metadata"]["deletionTimestamp"].is_string();
    let being_emptied = is_space && !first && object["spec"]["finalizers"].as_array().is_some_and(|f| !f.is_empty());
    if !being_emptied {
        propagate(&mut object, options.propagation.as_deref());
    }
    let gone = !first && !has_finalizers(resource, &object);
    if gone {
        if !options.dry_run {
            revision = transaction.delete(resource, &namespace, &name)?;
        }
    } else if !being_emptied {
        mark_as_deleting(resource, &mut object, &clock_rng.timestamp());
        if !options.dry_run && object != before {
            revision = transaction.replace(resource, &namespace, &name, &object)?;
        }
    }
    let wrote = !options.dry_run && (gone || object != before);
    Ok(Deleted { gone, wrote, object: Stored { revision, object } })
}

/// Adjusts the finalizers to a propagation policy (`deletionFinalizersForGarbageCollection`).
fn propagate(object: &mut Json, policy: Option<&str>) {
    let added = match policy {
        None => return,
        Some("Foreground") => Some("foregroundDeletion"),
        Some("Orphan") => Some("orphan"),
        Some(_) => None,
    };
    let has =
        |finalizer: &str| object["metadata"]["finalizers"].as_array().is_some_and(|f| f.iter().any(|f| f == finalizer));
    if lifecycle::FINALIZERS.iter().all(|finalizer| has(finalizer) == (added == Some(*finalizer))) {
        return;
    }
    lifecycle::remove_finalizers(object);
    if let Some(added) = added {
        let finalizers = strategy::metadata(object).entry("finalizers").or_insert_with(|| json!([]));
        if let Json::Array(finalizers) = finalizers {
            finalizers.push(json!(added));
        }
    }
}

/// An object of a collection that is to be deleted.
struct Doomed {
    name: String,
    uid: Json,
}

/// Serves DELETE of a collection: lists it, and then deletes each object as a DELETE of its own would
/// (`DeleteCollection` in `registry/generic/registry/store.go`), in several transactions. With a limit it deletes one
/// page, and the answer has the token for the next one.
///
/// Invariant: the preconditions of all objects are checked before the first is deleted; and an object is deleted only
/// if it still has the UID that was listed and still matches the selector.
pub async fn collection(call: &Call, body: &[u8]) -> Result<Reply, Status> {
    let asked = Asked::of(call).await?;
    let options = options(call, body)?;
    let note = |stored: &Stored| Doomed {
        name: strategy::text(&stored.object, "name").to_owned(),
        uid: stored.object["metadata"]["uid"].clone(),
    };
    let mut listed = Listed::read(call, &asked, note).await?;
    let mut doomed = std::mem::take(&mut listed.notes);
    if options.uid.is_some() || options.resource_version.is_some() {
        // At most one object can meet a precondition, so this fails at the first or second object.
        for doomed in &doomed {
            if let Some(stored) = call.server.store.get(call.resource, call.namespace(), &doomed.name)? {
                check(call, &options, &stored)?;
            }
        }
    }
    if options.dry_run {
        doomed.clear();
    }
    let mut left = doomed.into_iter().peekable();
    while left.peek().is_some() {
        let waiting =
            call.server.store.write(|transaction| delete_some(transaction, call, &asked, &options, &mut left)).await?;
        for object in waiting {
            garbage::schedule(&call.server, call.resource, &object);
        }
        turn::give_way().await;
    }
    listed.reply(call).await
}

/// Deletes as many objects of a collection as fit into a turn; returns those that finalizers keep.
fn delete_some(
    transaction: &mut Transaction<'_>,
    call: &Call,
    asked: &Asked,
    options: &DeleteOptions,
    left: &mut Peekable<impl Iterator<Item = Doomed>>,
) -> Result<Vec<Json>, Status> {
    let (resource, clock_rng) = (call.resource, &call.server.clock_rng);
    let (mut turn, mut waiting) = (Turn::begin(), Vec::new());
    while left.peek().is_some()
        && turn.takes_another()
        && let Some(Doomed { name, uid }) = left.next()
    {
        let found = transaction.get(resource, call.namespace(), &name)?;
        let same = found.filter(|stored| stored.object["metadata"]["uid"] == uid && asked.is_about(&stored.object));
        let Some(stored) = same else { continue };
        check(call, options, &stored)?;
        let deleted = delete_in(transaction, clock_rng, resource, options, stored)?;
        if deleted.wrote && !deleted.gone {
            waiting.push(deleted.object.object);
        }
    }
    if left.peek().is_none() {
        // Why the result is ignored: what this step leaves is deleted by the request that deletes the namespace.
        namespaces::advance(transaction, clock_rng, call.namespace())?;
    }
    Ok(waiting)
}
