//! PATCH: the result of a patch is stored as an update, that of an apply as an update or a create.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::{
    admission::{check_name, ownership, place},
    api::{
        create::New,
        update::{Plan, Replacement, carry_out, update_in},
    },
    blocking,
    decode::{self, schema},
    http::{
        call::{Call, Reply, serve_stored},
        negotiate,
        options::{FieldValidation, Verb, WriteOptions},
        route::Part,
    },
    managed_fields,
    store::Stored,
    strategy,
};
use go::json_read::Node;
use secret::{
    merge::request,
    redact::Known,
    resource::Resource,
    status::Status,
    validate::{Dedup, dedup_owner_references},
};

/// Serves PATCH.
pub async fn patch(call: &Arc<Call>, body: Vec<u8>) -> Result<Reply, Status> {
    let kind = negotiate::essence(call.headers())
        .and_then(|t| request::Kind::parse(&t))
        .ok_or_else(|| Status::new(415, "UnsupportedMediaType", "415: Unsupported Media Type").details(json!({})))?;
    let verb = if kind == request::Kind::Apply { Verb::Apply } else { Verb::Patch };
    let options = WriteOptions::parse(&call.query, verb)?;
    if kind == request::Kind::Apply {
        return apply(call, options, body).await;
    }
    let plan = move |call: &Arc<Call>, existing: Option<&Stored>| {
        let existing = existing.ok_or_else(|| call.not_found())?;
        let current = serve_stored(call.resource, existing.clone());
        let patched = || -> Result<Replacement, Status> {
            let patched = match kind {
                request::Kind::Json => request::json_patch(&current, &body),
                request::Kind::Merge => request::merge_patch(&current, &body),
                request::Kind::Strategic | request::Kind::Apply => request::strategic_merge_patch(&current, &body),
            }?;
            let (mut object, warnings) = typed(call.resource, kind, &options, patched)?;
            strategy::default(call.resource, &mut object);
            check_name(call, &object)?;
            place(call, &mut object)?;
            let mut replacement = update_in(call, &options, existing, object, Dedup::Result)?;
            replacement.warnings.splice(0..0, warnings);
            Ok(replacement)
        };
        // Why: a JSON patch can move a value to where messages quote it (a label, a name, a version). Known values are
        // therefore redacted from all messages.
        let known = || {
            let mut known = Known::default();
            known.object(&current);
            known.body(&body);
            known
        };
        match patched() {
            Ok(mut replacement) => {
                if !replacement.warnings.is_empty() {
                    let known = known();
                    replacement.warnings.iter_mut().for_each(|text| *text = known.hide(text));
                }
                Ok(Plan::Replace(replacement))
            }
            Err(status) => Err(status.without(&known())),
        }
    };
    carry_out(call, plan).await
}

/// Serves a server-side apply.
async fn apply(call: &Arc<Call>, options: WriteOptions, body: Vec<u8>) -> Result<Reply, Status> {
    let validation = options.field_validation;
    let decode = move |_: &Arc<Call>| decode::applied(&body, validation);
    let (applied, warnings) = blocking::run(call.is_large, call, decode).await?;
    let manager = call.manager(options.field_manager.as_deref());
    let now = call.server.clock_rng.timestamp();
    let plan = move |call: &Arc<Call>, live: Option<&Stored>| {
        if live.is_none() && call.part != Part::Object {
            return Err(call.not_found());
        }
        let served = live.map(|stored| serve_stored(call.resource, stored.clone()));
        let write = ownership(call, &manager, &now);
        let merged = managed_fields::apply(served.as_ref(), &applied, &write, options.force)?;
        let mut object = schema::convert(call.resource, Node::from(merged))
            .map_err(|why| managed_fields::unconvertible(&applied, call.resource, &why))?
            .object;
        strategy::default(call.resource, &mut object);
        check_name(call, &object)?;
        place(call, &mut object)?;
        let Some(live) = live else {
            let uid = strategy::text(&object, "uid");
            if !uid.is_empty() {
                return Err(call.conflict(&format!(
                    "uid mismatch: the provided object specified uid {uid}, and no existing object was found"
                )));
            }
            strategy::metadata(&mut object).remove("resourceVersion");
            return Ok(Plan::Create(New::prepare(call, &options, object, Dedup::Result, |_| ())?));
        };
        let deduplicated = dedup_owner_references(&mut object, Dedup::Result).into_iter().collect();
        Ok(Plan::Replace(Replacement::prepare(call, &options, live, object, deduplicated)?))
    };
    let mut reply = carry_out(call, plan).await?;
    reply.warnings.splice(0..0, warnings);
    Ok(reply)
}

/// Decodes the result of a patch into an object of the resource, with its warnings.
fn typed(
    resource: Resource,
    kind: request::Kind,
    options: &WriteOptions,
    patched: request::Patched,
) -> Result<(Json, Vec<String>), Status> {
    let decoded = if kind == request::Kind::Strategic {
        schema::convert(resource, Node::from(patched.object))
    } else {
        let text = |field: &str| patched.object[field].as_str().unwrap_or_default();
        let given_kind = Some(text("kind")).filter(|kind| !kind.is_empty()).unwrap_or(resource.kind());
        decode::type_meta(resource.kind(), given_kind, text("apiVersion"))
            .and_then(|()| schema::decode(resource, Node::from(patched.object)))
    };
    let decoded = decoded.map_err(|why| request::undecodable(&why))?;
    let mut findings = patched.findings;
    findings.extend(decoded.findings);
    match options.field_validation {
        FieldValidation::Strict if !findings.is_empty() => {
            let all = findings.join(", ");
            Err(request::undecodable(&format!("strict decoding error: {all}")))
        }
        FieldValidation::Warn => Ok((decoded.object, findings)),
        _ => Ok((decoded.object, Vec::new())),
    }
}
