//! The work of the garbage collector: objects that wait for `foregroundDeletion` or `orphan` only. Nothing here depends on
//! a Secret, so those finalizers have nothing to wait for; yet a client sees them for a moment, as it would elsewhere.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use serde_json::Value as Json;

use super::{Inner, call::Call, resource::Resource, status::Status, strategy, write::held};

/// How long the finalizers stay.
const DELAY: Duration = Duration::from_millis(500);

fn is_garbage(object: &Json) -> bool {
    let finalizers = object["metadata"]["finalizers"].as_array();
    object["metadata"]["deletionTimestamp"].is_string()
        && finalizers.is_some_and(|f| f.iter().any(|f| f == "foregroundDeletion" || f == "orphan"))
}

/// Whether an object still has a finalizer of the garbage collector although its time is over: the process that deleted it
/// ended before it could finish.
pub fn is_due(object: &Json, now: Timestamp) -> bool {
    is_garbage(object)
        && object["metadata"]["deletionTimestamp"]
            .as_str()
            .and_then(|t| t.parse::<Timestamp>().ok())
            .is_some_and(|at| now.as_second() - at.as_second() >= 2)
}

/// Finishes the deletion of an object in a moment, where there is a runtime to do it on.
pub fn collect_soon(call: &Call<'_>, uid: &Json) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    let server = Arc::clone(call.server);
    let (resource, namespace, name, uid) = (call.resource, call.namespace().to_owned(), call.name.clone(), uid.clone());
    runtime.spawn(async move {
        tokio::time::sleep(DELAY).await;
        // Failing that, the next reader finishes it.
        let _ = collect(&server, resource, &namespace, &name, &uid).await;
    });
}

/// Takes the garbage collector's finalizers from an object, which may be its end.
///
/// # Errors
/// Those of the store.
pub async fn collect(
    server: &Inner,
    resource: Resource,
    namespace: &str,
    name: &str,
    uid: &Json,
) -> Result<(), Status> {
    server
        .store
        .write(|transaction| {
            let Some(stored) = transaction.get(resource, namespace, name)? else { return Ok(()) };
            let mut object = stored.object;
            if !is_garbage(&object) || object["metadata"]["uid"] != *uid {
                return Ok(());
            }
            let metadata = strategy::metadata(&mut object);
            if let Some(Json::Array(finalizers)) = metadata.get_mut("finalizers") {
                finalizers.retain(|f| f != "foregroundDeletion" && f != "orphan");
                if finalizers.is_empty() {
                    metadata.remove("finalizers");
                }
            }
            if held(resource, &object) {
                transaction.put(resource, namespace, name, &object)?;
            } else {
                transaction.delete(resource, namespace, name)?;
            }
            super::delete::settle(transaction, if resource == Resource::Secrets { namespace } else { name })
        })
        .await
}
