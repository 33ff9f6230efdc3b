//! Reads of one object.

use super::{
    call::{Call, Reply, serve_stored},
    garbage, list,
    status::Status,
};
use go::parse_int::parse_uint;
use go::quote::quote;

/// GET of one object, not older than `resourceVersion` asks for.
///
/// # Errors
/// 404; 500 for what is no version, 504 for one that is not reached.
pub async fn read(call: &Call<'_>) -> Result<Reply, Status> {
    if let Some(version) = call.query.non_empty("resourceVersion") {
        let number = parse_uint(version).map_err(|error| {
            Status::internal(format!("resourceVersion: Invalid value: {}: {error}", quote(version)))
        })?;
        list::wait_for(call, number).await?;
    }
    let find = || call.server.store.get(call.resource, call.namespace(), &call.name);
    let mut found = find()?;
    if let Some(due) = found.as_ref().and_then(|f| garbage::Due::of(call.resource, &f.object, call.server.chance.now()))
    {
        due.collect(call.server).await?;
        found = find()?;
    }
    let stored = found.ok_or_else(|| call.not_found())?;
    garbage::see(call.server, call.resource, &stored.object);
    Ok(Reply::new(200, serve_stored(call.resource, stored), Vec::new()))
}
