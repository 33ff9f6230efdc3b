//! Checks of every write before it is stored: its options and object are valid, the object belongs to its URL, and its
//! namespace accepts new objects.

use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value as Json, json};

use crate::{
    decode,
    http::{
        call::{Call, not_found},
        negotiate,
        options::{Verb, WriteOptions},
        route::Part,
    },
    managed_fields,
    store::Transaction,
    strategy,
};
use go::quote::quote;
use secret::{
    resource::Resource,
    status::{Cause, Status},
};

/// Sets the object's namespace to that of the request.
///
/// # Errors
/// 400 if the object names another one.
pub fn place(call: &Call, object: &mut Json) -> Result<(), Status> {
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

/// Returns what `managedFields` record of a write.
pub fn ownership<'a>(call: &Call, manager: &'a str, now: &'a str) -> managed_fields::Write<'a> {
    let subresource = match call.part {
        Part::Object => "",
        Part::Status => "status",
        Part::Finalize => "finalize",
    };
    managed_fields::Write { resource: call.resource, manager, subresource, now }
}

/// Reads a POST or PUT: its options, its object with defaults, and warnings about it.
///
/// # Errors
/// 415 and 400 for its body, 422 for its options.
pub fn decode_write(call: &Call, verb: Verb, body: &[u8]) -> Result<(WriteOptions, Json, Vec<String>), Status> {
    let media = negotiate::content_type(call.headers())?;
    let options = WriteOptions::parse(&call.query, verb)?;
    let decoded = decode::body(call.resource, media, body)?;
    let warnings = decode::apply_field_validation(call.resource.kind(), options.field_validation, decoded.findings)?;
    let mut object = decoded.object;
    strategy::default(call.resource, &mut object);
    Ok((options, object, warnings))
}

/// Checks that the object has the name that its URL has.
///
/// # Errors
/// 400 if it has none or another.
pub fn check_name(call: &Call, object: &Json) -> Result<(), Status> {
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

/// The fields of a Namespace that [`check_namespace`] reads, for each new Secret.
#[derive(Deserialize)]
struct Life {
    metadata: Times,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Times {
    deletion_timestamp: Option<IgnoredAny>,
}

/// Checks that the namespace exists and, for a new object of the name `new`, is not being deleted (the admission plugin
/// NamespaceLifecycle).
///
/// # Errors
/// 404; 403 for a new object.
pub fn check_namespace(transaction: &mut Transaction<'_>, namespace: &str, new: Option<&str>) -> Result<(), Status> {
    if transaction.is_noted_open(namespace) {
        return Ok(());
    }
    let Some(Life { metadata }) = transaction.part(Resource::Namespaces, "", namespace)? else {
        return Err(not_found(Resource::Namespaces, namespace));
    };
    if metadata.deletion_timestamp.is_none() {
        transaction.note_open(namespace);
        return Ok(());
    }
    let Some(name) = new else { return Ok(()) };
    let text = format!(
        "secrets {} is forbidden: unable to create new content in namespace {namespace} because it is being terminated",
        quote(name)
    );
    let mut details = json!({"kind": "secrets"});
    if !name.is_empty() {
        details["name"] = json!(name);
    }
    Err(Status::new(403, "Forbidden", text).details(details).causes(&[Cause {
        reason: "NamespaceTerminating".into(),
        message: format!("namespace {namespace} is being terminated"),
        field: "metadata.namespace".into(),
    }]))
}
