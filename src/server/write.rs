//! Creates and replacements, whoever makes them (POST, PUT, [`super::patching`]): one order of steps for all, as
//! kube-apiserver's registry has it.

use serde_json::{Value as Json, json};

use super::{
    call::{Call, Reply, not_found, serve},
    decode, garbage, managed_fields, negotiate,
    options::{Verb, WriteOptions, invalid_object},
    resource::Resource,
    route::Part,
    status::{Cause, Status},
    store::{Stored, Transaction},
    strategy, terminating,
};
use crate::secret::{
    gotext::quote,
    validate::{Dedup, dedup_owner_references},
};

/// POST.
pub async fn create(call: &Call<'_>, body: &[u8]) -> Result<Reply, Status> {
    let media = negotiate::content_type(call.headers)?;
    let options = WriteOptions::parse(&call.query, Verb::Create)?;
    let decoded = decode::body(call.resource, media, body)?;
    let warnings = decode::judge(call.resource.kind(), options.field_validation, decoded.findings)?;
    let mut object = decoded.object;
    strategy::default(call.resource, &mut object);
    let mut reply = call
        .server
        .store
        .write(|transaction| {
            let manager = call.manager(options.field_manager.as_deref());
            let now = call.server.chance.timestamp();
            create_in(transaction, call, &options, object, Dedup::Request, |object| {
                strategy::metadata(object).remove("managedFields");
                managed_fields::update(None, object, &ownership(call, &manager, &now));
            })
        })
        .await?;
    reply.warnings.splice(0..0, warnings);
    Ok(reply)
}

/// Creates `object`; `own` writes down who owns its fields.
pub(super) fn create_in(
    transaction: &mut Transaction<'_>,
    call: &Call<'_>,
    options: &WriteOptions,
    mut object: Json,
    dedup: Dedup,
    own: impl FnOnce(&mut Json),
) -> Result<Reply, Status> {
    let chance = &call.server.chance;
    strategy::wipe_system_fields(&mut object);
    place(call, &mut object)?;
    let mut warnings = dedup_owner_references(&mut object, dedup).into_iter().collect::<Vec<_>>();
    let given_name = strategy::text(&object, "name").to_owned();
    if call.resource == Resource::Secrets {
        check_namespace(transaction, call.namespace(), &given_name, true)?;
    }
    let version_given = !strategy::text(&object, "resourceVersion").is_empty();
    own(&mut object);
    strategy::prepare_create(call.resource, &mut object, chance);
    strategy::canonical(call.resource, &mut object);
    let base = strategy::text(&object, "generateName").to_owned();
    let generated = given_name.is_empty() && !base.is_empty();
    let mut tries = 0;
    loop {
        tries += 1;
        if generated {
            let name = generate(&base, &chance.suffix());
            strategy::metadata(&mut object).insert("name".into(), json!(name));
            strategy::default(call.resource, &mut object);
        }
        let name = strategy::text(&object, "name").to_owned();
        let errors = strategy::validate_create(call.resource, &object);
        if !errors.is_empty() {
            return Err(invalid_object(call.resource.kind(), &name, &errors));
        }
        if version_given {
            return Err(Status::internal("resourceVersion should not be set on objects to be created"));
        }
        if let Some(existing) = garbage::get(transaction, call, &name)? {
            if generated && tries < 8 {
                continue;
            }
            return Err(already_exists(call.resource, &name, &existing.object, generated));
        }
        warnings.extend(strategy::warnings(call.resource, &object));
        let revision = if options.dry_run {
            None
        } else {
            Some(transaction.put(call.resource, call.namespace(), &name, &object)?)
        };
        return Ok(Reply::new(201, serve(call.resource, object, revision), warnings));
    }
}

/// A generated name: the base, cut so that the whole fits a label, and five characters.
fn generate(base: &str, suffix: &str) -> String {
    let mut end = base.len().min(58);
    while !base.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{suffix}", base.get(..end).unwrap_or(base))
}

fn already_exists(resource: Resource, name: &str, existing: &Json, generated: bool) -> Status {
    let plural = resource.plural();
    let mut text = format!("{plural} {} already exists", quote(name));
    if generated {
        text.push_str(", the server was not able to generate a unique name for the object");
    } else if existing["metadata"]["deletionTimestamp"].is_string() {
        text.insert_str(0, "object is being deleted: ");
    }
    Status::new(409, "AlreadyExists", text).details(json!({"name": name, "kind": plural}))
}

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

/// What the admission plugin NamespaceLifecycle checks: the namespace is there and, for a create, not on its way out.
pub(super) fn check_namespace(
    transaction: &Transaction<'_>,
    namespace: &str,
    name: &str,
    creating: bool,
) -> Result<(), Status> {
    let Some(found) = transaction.get(Resource::Namespaces, "", namespace)? else {
        return Err(not_found(Resource::Namespaces, namespace));
    };
    if creating && found.object["metadata"]["deletionTimestamp"].is_string() {
        let text = format!(
            "secrets {} is forbidden: unable to create new content in namespace {namespace} because it is being terminated",
            quote(name)
        );
        let mut details = json!({"kind": "secrets"});
        if !name.is_empty() {
            details["name"] = json!(name);
        }
        return Err(Status::new(403, "Forbidden", text).details(details).causes(&[Cause {
            reason: "NamespaceTerminating".into(),
            message: format!("namespace {namespace} is being terminated"),
            field: "metadata.namespace".into(),
        }]));
    }
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

/// PUT.
pub async fn update(call: &Call<'_>, body: &[u8]) -> Result<Reply, Status> {
    let media = negotiate::content_type(call.headers)?;
    let options = WriteOptions::parse(&call.query, Verb::Update)?;
    let decoded = decode::body(call.resource, media, body)?;
    let warnings = decode::judge(call.resource.kind(), options.field_validation, decoded.findings)?;
    let mut object = decoded.object;
    strategy::default(call.resource, &mut object);
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
        check_namespace(transaction, call.namespace(), &call.name, false)?;
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
    let version = super::number::parse_uint(match strategy::text(&object, "resourceVersion") {
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
    let revision = transaction.put(resource, namespace, &call.name, &object)?;
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
