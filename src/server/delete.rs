//! Deletes: of one object, of a collection, and what follows the end of a namespace.

use serde_json::{Value as Json, json};

use super::{
    call::{Call, Reply, item, serve},
    clock::Chance,
    decode, garbage,
    negotiate::{self, Media},
    options::DeleteOptions,
    protobuf::{self, Malformed},
    resource::Resource,
    selector::Selector,
    status::Status,
    store::{Range, Stored, Transaction},
    strategy,
    write::held,
};
use crate::secret::gotext::quote;

/// Namespaces that cannot be deleted.
const PROTECTED: [&str; 3] = ["default", "kube-system", "kube-public"];

fn options(call: &Call<'_>, body: &[u8]) -> Result<DeleteOptions, Status> {
    if body.is_empty() {
        return DeleteOptions::parse(&call.query, None);
    }
    let body = if body.starts_with(&protobuf::MAGIC) {
        protobuf::decode(body, "DeleteOptions").map_err(|malformed| {
            let (Malformed::Unrecognized(why) | Malformed::Undecodable { reason: why, .. }) = malformed;
            Status::bad_request(why)
        })?
    } else if negotiate::content_type(call.headers) == Ok(Media::Yaml) {
        decode::any(Media::Yaml, body, "DeleteOptions")?
    } else {
        let node = decode::json::parse(body)
            .map_err(|error| Status::bad_request(format!("couldn't get version/kind; json parse error: {error}")))?;
        node.into_json()
    };
    let kind = body["kind"].as_str().unwrap_or("DeleteOptions");
    if kind != "DeleteOptions" {
        let version = body["apiVersion"].as_str().unwrap_or("v1");
        return Err(Status::bad_request(format!(
            "no kind {} is registered for version {} in scheme \"k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30\"",
            quote(kind),
            quote(version)
        )));
    }
    DeleteOptions::parse(&call.query, Some(&body))
}

/// DELETE of one object.
pub async fn one(call: &Call<'_>, body: &[u8]) -> Result<Reply, Status> {
    let options = options(call, body)?;
    call.server
        .store
        .write(|transaction| {
            let Some(stored) = transaction.get(call.resource, call.namespace(), &call.name)? else {
                return Err(call.not_found());
            };
            if call.resource == Resource::Namespaces && PROTECTED.contains(&call.name.as_str()) {
                let name = quote(&call.name);
                let text = format!("namespaces {name} is forbidden: this namespace may not be deleted");
                return Err(
                    Status::new(403, "Forbidden", text).details(json!({"name": call.name, "kind": "namespaces"}))
                );
            }
            check(call, &options, &stored)?;
            let uid = stored.object["metadata"]["uid"].clone();
            if !options.dry_run && matches!(options.propagation.as_deref(), Some("Foreground" | "Orphan")) {
                garbage::collect_soon(call, &uid);
            }
            let object = match delete_in(transaction, &call.server.chance, call.resource, &options, stored)? {
                Some(object) => object,
                None => json!({
                    "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success",
                    "details": {"name": call.name, "kind": call.resource.plural(), "uid": uid},
                }),
            };
            Ok(Reply::new(200, object, Vec::new()))
        })
        .await
}

fn check(call: &Call<'_>, options: &DeleteOptions, stored: &Stored) -> Result<(), Status> {
    let conflict = |why: String| {
        let kind = call.resource.kind();
        let text = format!("Operation cannot be fulfilled on {kind} {}: {why}", quote(&call.name));
        Status::new(409, "Conflict", text).details(json!({"name": call.name, "kind": kind}))
    };
    let uid = strategy::text(&stored.object, "uid");
    if let Some(wanted) = &options.uid
        && wanted != uid
    {
        return Err(conflict(format!(
            "the UID in the precondition ({wanted}) does not match the UID in record ({uid}). The object might have been \
             deleted and then recreated"
        )));
    }
    if let Some(wanted) = &options.resource_version
        && *wanted != stored.revision.to_string()
    {
        return Err(conflict(format!(
            "the ResourceVersion in the precondition ({wanted}) does not match the ResourceVersion in record ({}). The \
             object might have been modified",
            stored.revision
        )));
    }
    Ok(())
}

/// Deletes one object: at once, or by marking it when something holds it. Answers the marked object.
fn delete_in(
    transaction: &mut Transaction<'_>,
    chance: &Chance,
    resource: Resource,
    options: &DeleteOptions,
    stored: Stored,
) -> Result<Option<Json>, Status> {
    let Stored { revision, mut object } = stored;
    let name = strategy::text(&object, "name").to_owned();
    let namespace = strategy::text(&object, "namespace").to_owned();
    let before = object.clone();
    propagate(&mut object, options.propagation.as_deref());
    if !held(resource, &object) {
        if !options.dry_run {
            transaction.delete(resource, &namespace, &name)?;
            if resource == Resource::Secrets {
                settle(transaction, &namespace)?;
            }
        }
        return Ok(None);
    }
    let metadata = strategy::metadata(&mut object);
    if !metadata.contains_key("deletionTimestamp") {
        metadata.insert("deletionTimestamp".into(), json!(chance.timestamp()));
        match resource {
            Resource::Secrets => {
                metadata.insert("deletionGracePeriodSeconds".into(), json!(0));
            }
            Resource::Namespaces => object["status"]["phase"] = json!("Terminating"),
        }
    }
    if options.dry_run || object == before {
        return Ok(Some(serve(resource, object, Some(revision))));
    }
    let revision = transaction.put(resource, &namespace, &name, &object)?;
    if resource == Resource::Namespaces {
        settle(transaction, &name)?;
    }
    Ok(Some(serve(resource, object, Some(revision))))
}

/// What a propagation policy does to the finalizers.
fn propagate(object: &mut Json, policy: Option<&str>) {
    let Some(policy) = policy else { return };
    let metadata = strategy::metadata(object);
    let mut finalizers = metadata.get("finalizers").and_then(Json::as_array).cloned().unwrap_or_default();
    finalizers.retain(|f| f != "orphan" && f != "foregroundDeletion");
    match policy {
        "Foreground" => finalizers.push(json!("foregroundDeletion")),
        "Orphan" => finalizers.push(json!("orphan")),
        _ => {}
    }
    if finalizers.is_empty() {
        metadata.remove("finalizers");
    } else {
        metadata.insert("finalizers".into(), Json::Array(finalizers));
    }
}

/// The work of the namespace controller: a namespace that is being deleted loses its Secrets, then the finalizer
/// `kubernetes`, then itself. What holds on to a finalizer of its own stays, and the namespace with it.
pub fn settle(transaction: &mut Transaction<'_>, namespace: &str) -> Result<(), Status> {
    let Some(mut stored) = transaction.get(Resource::Namespaces, "", namespace)? else { return Ok(()) };
    let Some(deleted_at) = stored.object["metadata"]["deletionTimestamp"].as_str().map(str::to_owned) else {
        return Ok(());
    };
    let mut secrets = Vec::new();
    let range = Range { resource: Resource::Secrets, namespace: Some(namespace), start: ("", ""), at: None };
    let _ = transaction.list(&range, &mut |_, name, secret| {
        secrets.push((name.to_owned(), secret));
        true
    })?;
    let mut empty = true;
    for (name, secret) in secrets {
        if !held(Resource::Secrets, &secret.object) {
            transaction.delete(Resource::Secrets, namespace, &name)?;
            continue;
        }
        empty = false;
        if !secret.object["metadata"]["deletionTimestamp"].is_string() {
            let mut object = secret.object;
            let metadata = strategy::metadata(&mut object);
            metadata.insert("deletionTimestamp".into(), json!(deleted_at));
            metadata.insert("deletionGracePeriodSeconds".into(), json!(0));
            transaction.put(Resource::Secrets, namespace, &name, &object)?;
        }
    }
    if !empty {
        return Ok(());
    }
    let object = &mut stored.object;
    let Some(Json::Array(finalizers)) = object["spec"].get_mut("finalizers") else {
        if !held(Resource::Namespaces, object) {
            transaction.delete(Resource::Namespaces, "", namespace)?;
        }
        return Ok(());
    };
    let count = finalizers.len();
    finalizers.retain(|f| f != "kubernetes");
    let changed = finalizers.len() != count;
    if finalizers.is_empty() {
        object["spec"] = json!({});
    }
    if !held(Resource::Namespaces, object) {
        transaction.delete(Resource::Namespaces, "", namespace)?;
    } else if changed {
        transaction.put(Resource::Namespaces, "", namespace, object)?;
    }
    Ok(())
}

/// DELETE of a collection.
pub async fn collection(call: &Call<'_>, body: &[u8]) -> Result<Reply, Status> {
    let options = options(call, body)?;
    let selector = Selector::parse(call.resource, &call.query)?;
    call.server
        .store
        .write(|transaction| {
            let range =
                Range { resource: call.resource, namespace: call.namespace.as_deref(), start: ("", ""), at: None };
            let mut found = Vec::new();
            let _ = transaction.list(&range, &mut |_, _, stored| {
                if selector.matches(&stored.object) {
                    found.push(stored);
                }
                true
            })?;
            let mut items = Vec::with_capacity(found.len());
            for stored in found {
                items.push(item(stored.object.clone(), Some(stored.revision)));
                delete_in(transaction, &call.server.chance, call.resource, &options, stored)?;
            }
            let revision = transaction.head()?;
            let object = json!({
                "kind": call.resource.list_kind(), "apiVersion": "v1",
                "metadata": {"resourceVersion": revision.to_string()}, "items": items,
            });
            Ok(Reply::new(200, object, Vec::new()))
        })
        .await
}
