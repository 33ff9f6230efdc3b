//! Garbage collection, reduced to finalizers: `foregroundDeletion` and `orphan` are removed from objects that are being
//! deleted, after a short delay, so that clients see such objects as on a cluster.
//!
//! There is no queue of such objects and no search for them. A request that meets one finishes its deletion, whether it
//! deletes it ([`crate::api::delete`]), returns it (a read, a list, a watch) or needs its name (a write); so it does
//! not matter which process left it behind. One that no request meets is deleted with its namespace.
//!
//! Dependents are never deleted, although a Secret or a Namespace can own Secrets: with every propagation policy they
//! stay and keep their `ownerReferences`, as with `Orphan`.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::{
    Inner,
    clock::ClockRng,
    controllers::namespaces,
    http::call::Call,
    lifecycle::{FINALIZERS, has_finalizers, remove_finalizers},
    store::{Stored, Transaction},
    strategy,
};
use secret::{resource::Resource, status::Status};

/// How long the finalizers stay at least.
const DELAY: Duration = Duration::from_millis(500);

fn is_garbage(object: &Json) -> bool {
    let metadata = &object["metadata"];
    metadata["deletionTimestamp"].is_string()
        && metadata["finalizers"].as_array().is_some_and(|f| f.iter().any(|f| FINALIZERS.iter().any(|of| f == of)))
}

/// Schedules the end of an object that waits for the garbage collector, or of a namespace that is not empty yet, if
/// there is a tokio runtime. Does nothing for other objects.
pub fn schedule(server: &Arc<Inner>, resource: Resource, object: &Json) {
    if resource == Resource::Namespaces {
        namespaces::schedule(server, object);
    }
    if !is_garbage(object) {
        return;
    }
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    let server = Arc::clone(server);
    let due = Due::unchecked(resource, object);
    runtime.spawn(async move {
        tokio::time::sleep(DELAY).await;
        // Ignored: the next request that meets the object tries again.
        let _ = due.collect(&server).await;
    });
}

/// Returns an object for a write. If its deletion is overdue, finishes that first.
///
/// # Errors
/// Failures of the store.
pub fn get(transaction: &mut Transaction<'_>, call: &Call, name: &str) -> Result<Option<Stored>, Status> {
    let (resource, clock_rng) = (call.resource, &call.server.clock_rng);
    let found = transaction.get(resource, call.namespace(), name)?;
    let Some(due) = found.as_ref().and_then(|found| Due::of(resource, &found.object, clock_rng.now())) else {
        return Ok(found);
    };
    due.collect_in(transaction, clock_rng)?;
    Ok(transaction.get(resource, call.namespace(), name)?)
}

/// An object whose deletion is to be finished.
pub struct Due {
    resource: Resource,
    namespace: String,
    name: String,
    uid: Json,
}

impl Due {
    fn unchecked(resource: Resource, object: &Json) -> Self {
        Self {
            resource,
            namespace: strategy::text(object, "namespace").to_owned(),
            name: strategy::text(object, "name").to_owned(),
            uid: object["metadata"]["uid"].clone(),
        }
    }

    /// Returns the object if it still has a finalizer of the garbage collector two seconds after its deletion: the
    /// process that deleted it has ended before it could finish.
    pub fn of(resource: Resource, object: &Json, now: Timestamp) -> Option<Self> {
        if !is_garbage(object) {
            return None;
        }
        let deleted_at = object["metadata"]["deletionTimestamp"].as_str()?.parse::<Timestamp>().ok()?;
        (now.as_second() - deleted_at.as_second() >= 2).then(|| Self::unchecked(resource, object))
    }

    /// Finishes the deletion, unless another request has.
    ///
    /// # Errors
    /// Failures of the store.
    pub async fn collect(&self, server: &Inner) -> Result<(), Status> {
        if self.find(server.store.get(self.resource, &self.namespace, &self.name)?).is_none() {
            return Ok(());
        }
        server.store.write(|transaction| self.collect_in(transaction, &server.clock_rng)).await
    }

    /// Removes the garbage collector's finalizers; deletes the object if no others are left.
    ///
    /// # Errors
    /// Failures of the store.
    pub fn collect_in(&self, transaction: &mut Transaction<'_>, clock_rng: &ClockRng) -> Result<(), Status> {
        let Self { resource, namespace, name, .. } = self;
        let Some(mut object) = self.find(transaction.get(*resource, namespace, name)?) else { return Ok(()) };
        remove_finalizers(&mut object);
        let namespace_name = match resource {
            Resource::Secrets if has_finalizers(*resource, &object) => {
                transaction.replace(*resource, namespace, name, &object)?;
                return Ok(());
            }
            Resource::Secrets => {
                transaction.delete(*resource, namespace, name)?;
                namespace
            }
            Resource::Namespaces => {
                transaction.replace(*resource, namespace, name, &object)?;
                name
            }
        };
        // Why the result is ignored: what this step leaves is deleted by the request that deletes the namespace or
        // reads it.
        namespaces::advance(transaction, clock_rng, namespace_name)?;
        Ok(())
    }

    /// Returns the current object, if it is still the same one (by UID) and still waits.
    fn find(&self, now: Option<Stored>) -> Option<Json> {
        now.map(|stored| stored.object).filter(|o| is_garbage(o) && o["metadata"]["uid"] == self.uid)
    }
}
