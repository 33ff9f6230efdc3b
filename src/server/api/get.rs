//! Reading of one object.

use std::sync::Arc;

use crate::{
    api::list,
    blocking::{self, LARGE},
    controllers::garbage,
    http::call::{Call, Reply, serve_stored},
};
use go::{parse_int::parse_uint, quote::quote};
use secret::status::Status;

/// Serves GET of one object that is not older than `resourceVersion`.
///
/// # Errors
/// 404 if it does not exist; 500 for a malformed resourceVersion, 504 for one that is not reached in time.
pub async fn read(call: &Arc<Call>) -> Result<Reply, Status> {
    if let Some(version) = call.query.non_empty("resourceVersion") {
        let number = parse_uint(version).map_err(|error| {
            Status::internal(format!("resourceVersion: Invalid value: {}: {error}", quote(version)))
        })?;
        list::wait_for(call, number).await?;
    }
    let store = &call.server.store;
    let found = store.find(call.resource, call.namespace(), &call.name)?.ok_or_else(|| call.not_found())?;
    let is_large = !call.is_local && found.is_longer(LARGE);
    let stored =
        blocking::run(is_large, call, move |call| Ok(found.open(call.resource, call.namespace(), &call.name)?));
    let mut stored = stored.await?;
    if let Some(due) = garbage::Due::of(call.resource, &stored.object, call.server.clock_rng.now()) {
        due.collect(&call.server).await?;
        stored = store.get(call.resource, call.namespace(), &call.name)?.ok_or_else(|| call.not_found())?;
    }
    garbage::schedule(&call.server, call.resource, &stored.object);
    Ok(Reply { is_large, ..Reply::new(200, serve_stored(call.resource, stored), Vec::new()) })
}
