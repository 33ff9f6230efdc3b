//! Replacement, by PUT or by a patch ([`super::patching`]): one order of steps for both, as kube-apiserver's registry has
//! it. What is new is made in [`super::create`].

use serde_json::{Value as Json, json};

use super::{
    call::{Call, Reply, serve},
    create::check_namespace,
    decode, garbage, managed_fields, negotiate,
    options::{Verb, WriteOptions, invalid_object},
    resource::Resource,
    route::Part,
    status::Status,
    store::{Stored, Transaction},
    strategy, terminating,
};
use crate::secret::validate::{Dedup, dedup_owner_references};

/// Puts the object into the request's namespace.
///
/// # Errors
/// 400 when it says another one.
pub(super) fn place(call: &Call<'_>, object: &mut Json) -> Result<(), Status> {
    if call.resource == Resource::Namespaces {
        strategy::metadata(object).remove("namespace");
        return Ok(());
    }
    let given = strategy::text(object, "namespace");
    if !given.is_empty() && given != call.namespace() {
        let text = "the namespace of the provided object does not match the namespace sent on the request";
        return Err(Status::bad_request(text));
    }
    strategy::metadata(object).insert("namespace".into(), json!(call.namespace()));
    Ok(())
}

/// What the keepers of `managedFields` want to know of a write.
pub(super) fn ownership<'a>(call: &Call<'_>, manager: &'a str, now: &'a str) -> managed_fields::Write<'a> {
    let subresource = match call.part {
        Part::Object => "",
        Part::Status => "status",
        Part::Finalize => "finalize",
    };
    managed_fields::Write { resource: call.resource, manager, subresource, now }
}

/// What a POST or PUT brings: its options, its object with defaults, and warnings about it.
///
/// # Errors
/// 415 and 400 for its body, 422 for its options.
pub(super) fn given(call: &Call<'_>, verb: Verb, body: &[u8]) -> Result<(WriteOptions, Json, Vec<String>), Status> {
    let media = negotiate::content_type(call.headers)?;
    let options = WriteOptions::parse(&call.query, verb)?;
    let decoded = decode::body(call.resource, media, body)?;
    let warnings = decode::judge(call.resource.kind(), options.field_validation, decoded.findings)?;
    let mut object = decoded.object;
    strategy::default(call.resource, &mut object);
    Ok((options, object, warnings))
}

/// PUT.
pub async fn update(call: &Call<'_>, body: &[u8]) -> Result<Reply, Status> {
    let (options, mut object, warnings) = given(call, Verb::Update, body)?;
    place(call, &mut object)?;
    check_name(call, &object)?;
    let mut reply = call
        .server
        .store
        .write(|transaction| {
            let existing = existing(transaction, call)?;
            let uid = strategy::text(&object, "uid");
            let stored_uid = strategy::text(&existing.object, "uid");
            if !uid.is_empty() && uid != stored_uid {
                let place = [call.namespace(), &call.name].join("/");
                let key = format!("{}/{}", call.resource.plural(), place.trim_start_matches('/'));
                return Err(call.conflict(&format!(
                    "StorageError: invalid object, Code: 4, Key: /registry/{key}, ResourceVersion: 0, AdditionalErrorMsg: \
                     Precondition failed: UID in precondition: {uid}, UID in object meta: {stored_uid}"
                )));
            }
            update_in(transaction, call, &options, &existing, object, Dedup::Request)
        })
        .await?;
    reply.warnings.splice(0..0, warnings);
    Ok(reply)
}

/// The object that a write is about.
pub(super) fn existing(transaction: &mut Transaction<'_>, call: &Call<'_>) -> Result<Stored, Status> {
    if let Some(stored) = garbage::get(transaction, call, &call.name)? {
        return Ok(stored);
    }
    if call.resource == Resource::Secrets {
        check_namespace(transaction, call.namespace(), None)?;
    }
    Err(call.not_found())
}

pub(super) fn check_name(call: &Call<'_>, object: &Json) -> Result<(), Status> {
    let name = strategy::text(object, "name");
    if name.is_empty() {
        return Err(Status::bad_request(format!(
            "the name of the object ({} based on URL) was undeterminable: name must be provided",
            call.name
        )));
    }
    if name != call.name {
        return Err(Status::bad_request(format!(
            "the name of the object ({name}) does not match the name on the URL ({})",
            call.name
        )));
    }
    Ok(())
}

/// An update by a manager that is not an applier.
pub(super) fn update_in(
    transaction: &mut Transaction<'_>,
    call: &Call<'_>,
    options: &WriteOptions,
    existing: &Stored,
    mut object: Json,
    dedup: Dedup,
) -> Result<Reply, Status> {
    let warning = dedup_owner_references(&mut object, dedup);
    let manager = call.manager(options.field_manager.as_deref());
    let now = call.server.chance.timestamp();
    managed_fields::update(Some(&existing.object), &mut object, &ownership(call, &manager, &now));
    replace_in(transaction, call, options, existing, object, warning.into_iter().collect())
}

/// Replaces `existing` by `object`, whose managed fields are written already.
pub(super) fn replace_in(
    transaction: &mut Transaction<'_>,
    call: &Call<'_>,
    options: &WriteOptions,
    existing: &Stored,
    mut object: Json,
    mut warnings: Vec<String>,
) -> Result<Reply, Status> {
    let version = go::parse_int::parse_uint(match strategy::text(&object, "resourceVersion") {
        "" => "0",
        given => given,
    })
    .map_err(Status::internal)?;
    if version != 0 && version != existing.revision {
        return Err(call
            .conflict("the object has been modified; please apply your changes to the latest version and try again"));
    }
    strategy::prepare_update(&mut object, &existing.object);
    keep_parts(call, &mut object, &existing.object);
    strategy::default(call.resource, &mut object);
    // Before it loses what is empty: `data: {}` differs from no data at all where a Secret is immutable.
    let errors = strategy::validate_update(call.resource, call.part, &object, &existing.object);
    if !errors.is_empty() {
        return Err(invalid_object(call.resource.kind(), &call.name, &errors));
    }
    strategy::canonical(call.resource, &mut object);
    managed_fields::keep_times(&existing.object, &mut object, call.resource);
    warnings.extend(strategy::warnings(call.resource, &object));
    let (resource, namespace) = (call.resource, call.namespace());
    let done = |revision, object, warnings| Ok(Reply::new(200, serve(resource, object, revision), warnings));
    if object == existing.object {
        return done(Some(existing.revision), existing.object.clone(), warnings);
    }
    let ends = object["metadata"]["deletionTimestamp"].is_string() && !held(resource, &object);
    if options.dry_run {
        return done(Some(existing.revision), object, warnings);
    }
    if ends {
        transaction.delete(resource, namespace, &call.name)?;
        if resource == Resource::Secrets {
            terminating::settle(transaction, &call.server.chance, namespace)?;
        }
        return done(Some(existing.revision), object, warnings);
    }
    let revision = transaction.replace(resource, namespace, &call.name, &object)?;
    if resource == Resource::Namespaces {
        terminating::settle(transaction, &call.server.chance, &call.name)?;
    }
    done(Some(revision), object, warnings)
}

/// Whether finalizers keep an object that is being deleted.
pub fn held(resource: Resource, object: &Json) -> bool {
    let some = |list: &Json| list.as_array().is_some_and(|l| !l.is_empty());
    some(&object["metadata"]["finalizers"]) || resource == Resource::Namespaces && some(&object["spec"]["finalizers"])
}

/// The parts of a Namespace that this address does not change.
fn keep_parts(call: &Call<'_>, object: &mut Json, old: &Json) {
    if call.resource == Resource::Namespaces {
        if call.part != Part::Finalize {
            object["spec"] = old["spec"].clone();
        }
        if call.part != Part::Status {
            object["status"] = old["status"].clone();
        } else if object["status"]["phase"].as_str().unwrap_or_default().is_empty() {
            // `SetDefaults_NamespaceStatus`.
            object["status"]["phase"] = json!("Active");
        }
    }
}
