//! The namespace controller (`pkg/controller/namespace/deletion`): a namespace that is being deleted loses its Secrets,
//! then the finalizer `kubernetes`, and is then removed. A Secret with finalizers of its own stays, and the namespace
//! with it; the conditions of the namespace say why.
//!
//! A write that may remove the last thing that the namespace waits for does one turn of that work in its own
//! transaction ([`advance`]), which is all of it if there is little left. The rest is done in further turns
//! ([`finish`]). If the process ends between them, the next request that deletes or reads the namespace goes on
//! ([`schedule`]).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::{Value as Json, json};

use crate::{
    Inner,
    clock::ClockRng,
    lifecycle::{has_finalizers, mark_as_deleting, remove_finalizers},
    store::{Range, Transaction},
    strategy,
    turn::{self, Turn},
};
use secret::{resource::Resource, status::Status};

/// How long the request that deletes a namespace has before another request goes on with its work.
const DELAY: Duration = Duration::from_millis(500);
/// The condition that a namespace has once deletion of all its content was tried.
const CONTENT_REMAINING: &str = "NamespaceContentRemaining";

/// Does one turn of the work for a namespace, if it is being deleted; returns `false` if more is left.
///
/// # Errors
/// Failures of the store.
pub fn advance(transaction: &mut Transaction<'_>, clock_rng: &ClockRng, namespace: &str) -> Result<bool, Status> {
    let Some(object) = terminating(transaction, namespace)? else { return Ok(true) };
    let now = clock_rng.timestamp();
    let mut pass = Pass::default();
    let is_whole = pass.turn(transaction, &now, namespace)?;
    if is_whole {
        pass.remaining.conclude(transaction, &now, namespace, object)?;
    }
    Ok(is_whole)
}

/// Does all the work for a namespace, in turns. It goes on even if the caller is cancelled.
///
/// # Errors
/// Failures of the store.
pub async fn finish(server: &Arc<Inner>, namespace: &str) -> Result<(), Status> {
    let (server, namespace) = (Arc::clone(server), namespace.to_owned());
    let work = tokio::spawn(async move {
        let _emptied = Emptied::begin(&server, &namespace);
        empty(&server, &namespace).await
    });
    work.await.unwrap_or_else(|_| Err(Status::internal("the namespace is not empty yet")))
}

/// Schedules the rest of the work for a namespace that was left unfinished, unless a task of this server does it
/// already.
pub fn schedule(server: &Arc<Inner>, namespace: &Json) {
    if !is_unfinished(namespace) || server.emptying.is_known(&name(namespace)) {
        return;
    }
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    let (server, name) = (Arc::clone(server), name(namespace));
    let emptied = Emptied::begin(&server, &name);
    runtime.spawn(async move {
        let _emptied = emptied;
        tokio::time::sleep(DELAY).await;
        let now = server.store.get(Resource::Namespaces, "", &name);
        if now.is_ok_and(|found| found.is_some_and(|found| is_unfinished(&found.object))) {
            // Ignored: the next request that reads the namespace goes on.
            let _ = empty(&server, &name).await;
        }
    });
}

/// Returns `true` if a namespace is being deleted and deletion of its content was not tried to the end.
fn is_unfinished(namespace: &Json) -> bool {
    let conditions = namespace["status"]["conditions"].as_array();
    namespace["metadata"]["deletionTimestamp"].is_string()
        && !conditions.is_some_and(|all| all.iter().any(|condition| condition["type"] == CONTENT_REMAINING))
}

fn name(namespace: &Json) -> String {
    strategy::text(namespace, "name").to_owned()
}

async fn empty(server: &Inner, namespace: &str) -> Result<(), Status> {
    let (mut pass, mut uid) = (Pass::default(), None);
    loop {
        let turn = |transaction: &mut Transaction<'_>| -> Result<bool, Status> {
            let Some(object) = terminating(transaction, namespace)? else { return Ok(true) };
            // Invariant: the work ends if the name belongs to another namespace now, which some other request is to
            // delete.
            let is_same = *uid.get_or_insert_with(|| object["metadata"]["uid"].clone()) == object["metadata"]["uid"];
            let now = server.clock_rng.timestamp();
            if !is_same {
                return Ok(true);
            }
            if !pass.turn(transaction, &now, namespace)? {
                return Ok(false);
            }
            // Why a second look: Secrets may have been created or changed between the turns. Invariant: a namespace is
            // removed only if one turn, in the transaction that removes it, has seen that no Secret is left.
            let (whole, mut again) = (std::mem::take(&mut pass), Pass::default());
            let remaining = match again.turn(transaction, &now, namespace)? {
                true => again.remaining,
                false if whole.remaining.secrets > 0 => whole.remaining,
                false => return Ok(false),
            };
            remaining.conclude(transaction, &now, namespace, object)?;
            Ok(true)
        };
        if server.store.write(turn).await? {
            return Ok(());
        }
        turn::give_way().await;
    }
}

/// Returns the namespace, if it exists and is being deleted.
fn terminating(transaction: &Transaction<'_>, namespace: &str) -> Result<Option<Json>, Status> {
    let found = transaction.get(Resource::Namespaces, "", namespace)?;
    Ok(found.map(|stored| stored.object).filter(|object| object["metadata"]["deletionTimestamp"].is_string()))
}

/// The namespaces that a task of this server is emptying.
#[derive(Default)]
pub struct Emptying(Mutex<BTreeSet<String>>);

impl Emptying {
    fn names(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_known(&self, namespace: &str) -> bool {
        self.names().contains(namespace)
    }
}

/// Keeps a namespace in [`Emptying`] while it exists.
struct Emptied(Arc<Inner>, String);

impl Emptied {
    fn begin(server: &Arc<Inner>, namespace: &str) -> Self {
        server.emptying.names().insert(namespace.to_owned());
        Self(Arc::clone(server), namespace.to_owned())
    }
}

impl Drop for Emptied {
    fn drop(&mut self) {
        self.0.emptying.names().remove(&self.1);
    }
}

/// A pass over all Secrets of a namespace, turn by turn.
#[derive(Default)]
struct Pass {
    /// The name where the next turn begins.
    start: String,
    remaining: Remaining,
}

/// The Secrets that could not be deleted.
#[derive(Default)]
struct Remaining {
    secrets: usize,
    /// How many of them have each finalizer.
    finalizers: BTreeMap<String, usize>,
}

impl Pass {
    /// Deletes the next Secrets as with `Background`, unless their own finalizers keep them; returns `false` if there
    /// are more.
    fn turn(&mut self, transaction: &mut Transaction<'_>, now: &str, namespace: &str) -> Result<bool, Status> {
        let (mut turn, mut secrets, mut next) = (Turn::begin(), Vec::new(), None);
        let range =
            Range { resource: Resource::Secrets, namespace: Some(namespace), start: ("", &self.start), at: None };
        let _ = transaction.list(&range, &mut |_, name, secret| {
            if !turn.takes_another() {
                next = Some(name.to_owned());
                return false;
            }
            secrets.push((name.to_owned(), secret.object));
            true
        })?;
        for (name, secret) in secrets {
            self.delete(transaction, now, namespace, &name, secret)?;
        }
        let is_whole = next.is_none();
        self.start = next.unwrap_or_default();
        Ok(is_whole)
    }

    fn delete(
        &mut self,
        transaction: &mut Transaction<'_>,
        now: &str,
        namespace: &str,
        name: &str,
        mut secret: Json,
    ) -> Result<(), Status> {
        let before = secret.clone();
        remove_finalizers(&mut secret);
        if !has_finalizers(Resource::Secrets, &secret) {
            transaction.delete(Resource::Secrets, namespace, name)?;
            return Ok(());
        }
        mark_as_deleting(Resource::Secrets, &mut secret, now);
        if secret != before {
            transaction.replace(Resource::Secrets, namespace, name, &secret)?;
        }
        self.remaining.secrets += 1;
        for finalizer in secret["metadata"]["finalizers"].as_array().into_iter().flatten().filter_map(Json::as_str) {
            *self.remaining.finalizers.entry(finalizer.to_owned()).or_default() += 1;
        }
        Ok(())
    }
}

impl Remaining {
    /// Removes the namespace if nothing keeps it any more; otherwise sets its conditions.
    fn conclude(
        &self,
        transaction: &mut Transaction<'_>,
        now: &str,
        namespace: &str,
        mut object: Json,
    ) -> Result<(), Status> {
        let before = object.clone();
        if self.secrets == 0 {
            if let Some(Json::Array(finalizers)) = object["spec"].get_mut("finalizers") {
                finalizers.retain(|f| f != "kubernetes");
                if finalizers.is_empty() {
                    object["spec"] = json!({});
                }
            }
            if !has_finalizers(Resource::Namespaces, &object) {
                transaction.delete(Resource::Namespaces, "", namespace)?;
                return Ok(());
            }
        }
        self.set_conditions(&mut object, now);
        if object != before {
            transaction.replace(Resource::Namespaces, "", namespace, &object)?;
        }
        Ok(())
    }

    /// Sets the namespace's conditions (`status_condition_utils.go`).
    fn set_conditions(&self, namespace: &mut Json, now: &str) {
        let content = (self.secrets > 0).then(|| {
            let text = format!("Some resources are remaining: secrets. has {} resource instances", self.secrets);
            ("SomeResourcesRemain", text)
        });
        let held = (!self.finalizers.is_empty()).then(|| {
            let mut each = self
                .finalizers
                .iter()
                .map(|(f, count)| format!("{f} in {count} resource instances"))
                .collect::<Vec<_>>();
            each.sort_unstable();
            let text = format!("Some content in the namespace has finalizers remaining: {}", each.join(", "));
            ("SomeFinalizersRemain", text)
        });
        let right = |reason, text: &str| (reason, text.to_owned());
        const CONTENT: &str = "All content successfully deleted, may be waiting on finalization";
        for (kind, wrong, (reason, text)) in [
            (
                "NamespaceDeletionDiscoveryFailure",
                None,
                right("ResourcesDiscovered", "All resources successfully discovered"),
            ),
            (
                "NamespaceDeletionGroupVersionParsingFailure",
                None,
                right("ParsedGroupVersions", "All legacy kube types successfully parsed"),
            ),
            ("NamespaceDeletionContentFailure", None, right("ContentDeleted", CONTENT)),
            (CONTENT_REMAINING, content, right("ContentRemoved", "All content successfully removed")),
            (
                "NamespaceFinalizersRemaining",
                held,
                right("ContentHasNoFinalizers", "All content-preserving finalizers finished"),
            ),
        ] {
            let status = if wrong.is_some() { "True" } else { "False" };
            let (reason, text) = wrong.unwrap_or((reason, text));
            condition(&mut namespace["status"]["conditions"], kind, status, reason, &text, now);
        }
    }
}

/// Sets one condition; `lastTransitionTime` changes only with `status`.
fn condition(conditions: &mut Json, kind: &str, status: &str, reason: &str, message: &str, now: &str) {
    if !conditions.is_array() {
        *conditions = json!([]);
    }
    let Json::Array(conditions) = conditions else { return };
    let mut new = json!({
        "type": kind, "status": status, "lastTransitionTime": now, "reason": reason, "message": message,
    });
    match conditions.iter_mut().find(|old| old["type"] == kind) {
        Some(old) => {
            if old["status"] == status {
                new["lastTransitionTime"] = old["lastTransitionTime"].clone();
            }
            *old = new;
        }
        None => conditions.push(new),
    }
}
