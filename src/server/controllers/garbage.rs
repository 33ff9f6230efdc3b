//! The work of the garbage collector, as far as there is any: it takes its finalizers (`foregroundDeletion`, `orphan`) from
//! objects that are being deleted, a moment later, so that a client sees them as it would elsewhere.
//!
//! There is no list of such objects and no search for them. A request that meets one, by deleting it ([`crate::api::delete`]), by
//! showing it (a read, a list, a watch), or by needing its name (a write), finishes its deletion. So it does not matter which
//! process left it behind. One that no request meets goes with its namespace.
//!
//! Dependents are not deleted: a Secret can own Secrets, and so can a Namespace, but whatever the policy says, they stay, as
//! with `Orphan` (and keep their `ownerReferences`).

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::{
    Inner,
    clock::Chance,
    controllers::namespaces,
    http::call::Call,
    lifecycle::{FINALIZERS, held, remove_finalizers},
    store::{Stored, Transaction},
    strategy,
};
use secret::{resource::Resource, status::Status};

/// How long the finalizers stay.
const DELAY: Duration = Duration::from_millis(500);

fn is_garbage(object: &Json) -> bool {
    let metadata = &object["metadata"];
    metadata["deletionTimestamp"].is_string()
        && metadata["finalizers"].as_array().is_some_and(|f| f.iter().any(|f| FINALIZERS.iter().any(|of| f == of)))
}

/// Sees to the end of an object that only waits for the garbage collector, or for the rest of a deletion, in a moment, where
/// there is a runtime to do it on. Any other object is none of its business.
pub fn see(server: &Arc<Inner>, resource: Resource, object: &Json) {
    if resource == Resource::Namespaces {
        namespaces::see(server, object);
    }
    if !is_garbage(object) {
        return;
    }
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    let server = Arc::clone(server);
    let due = Due::unchecked(resource, object);
    runtime.spawn(async move {
        tokio::time::sleep(DELAY).await;
        // Failing that, the next request that meets it finishes it.
        let _ = due.collect(&server).await;
    });
}

/// An object that a write is about, unless it should be gone: then it goes now.
///
/// # Errors
/// Those of the store.
pub fn get(transaction: &mut Transaction<'_>, call: &Call, name: &str) -> Result<Option<Stored>, Status> {
    let (resource, chance) = (call.resource, &call.server.chance);
    let found = transaction.get(resource, call.namespace(), name)?;
    let Some(due) = found.as_ref().and_then(|found| Due::of(resource, &found.object, chance.now())) else {
        return Ok(found);
    };
    due.collect_in(transaction, chance)?;
    Ok(transaction.get(resource, call.namespace(), name)?)
}

/// An object that should be gone.
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

    /// The object, if it still has a finalizer of the garbage collector although its time is over: the process that deleted
    /// it ended before it could finish.
    pub fn of(resource: Resource, object: &Json, now: Timestamp) -> Option<Self> {
        if !is_garbage(object) {
            return None;
        }
        let deleted_at = object["metadata"]["deletionTimestamp"].as_str()?.parse::<Timestamp>().ok()?;
        (now.as_second() - deleted_at.as_second() >= 2).then(|| Self::unchecked(resource, object))
    }

    /// Finishes its deletion, unless another request has.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn collect(&self, server: &Inner) -> Result<(), Status> {
        if self.find(server.store.get(self.resource, &self.namespace, &self.name)?).is_none() {
            return Ok(());
        }
        server.store.write(|transaction| self.collect_in(transaction, &server.chance)).await
    }

    /// Takes the garbage collector's finalizers from it, which may be its end.
    ///
    /// # Errors
    /// Those of the store.
    pub fn collect_in(&self, transaction: &mut Transaction<'_>, chance: &Chance) -> Result<(), Status> {
        let Self { resource, namespace, name, .. } = self;
        let Some(mut object) = self.find(transaction.get(*resource, namespace, name)?) else { return Ok(()) };
        remove_finalizers(&mut object);
        let settled = match resource {
            Resource::Secrets if held(*resource, &object) => {
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
        // What a turn leaves is another's work: of the one that deletes the namespace, or shows it.
        namespaces::settle(transaction, chance, settled)?;
        Ok(())
    }

    /// The object as it is now, if it is still the same and still waits.
    fn find(&self, now: Option<Stored>) -> Option<Json> {
        now.map(|stored| stored.object).filter(|o| is_garbage(o) && o["metadata"]["uid"] == self.uid)
    }
}
