//! Converts the JSON of the API to messages. A member of the wrong type, which no stored object has, counts as absent.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value as Json;

use super::messages as wire;

pub(super) fn text(of: &Json, name: &str) -> String {
    of[name].as_str().unwrap_or_default().to_owned()
}

fn optional_text(of: &Json, name: &str) -> Option<String> {
    of[name].as_str().map(str::to_owned)
}

fn number(of: &Json, name: &str) -> i32 {
    of[name].as_i64().and_then(|n| i32::try_from(n).ok()).unwrap_or_default()
}

fn texts(of: &Json, name: &str) -> BTreeMap<String, String> {
    let members = of[name].as_object().into_iter().flatten();
    members.map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned())).collect()
}

pub(super) fn strings(of: &Json, name: &str) -> Vec<String> {
    of[name].as_array().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

pub(super) fn each<T>(of: &Json, name: &str, write: impl Fn(&Json) -> T) -> Vec<T> {
    of[name].as_array().into_iter().flatten().map(write).collect()
}

fn values(of: &Json, name: &str) -> BTreeMap<String, Vec<u8>> {
    let members = of[name].as_object().into_iter().flatten();
    let decode = |value: &Json| STANDARD.decode(value.as_str().unwrap_or_default()).unwrap_or_default();
    members.map(|(key, value)| (key.clone(), decode(value))).collect()
}

fn time(of: &Json, name: &str) -> Option<wire::Time> {
    let time: jiff::Timestamp = of[name].as_str()?.parse().ok()?;
    Some(wire::Time { seconds: Some(time.as_second()), nanos: Some(0) })
}

pub(super) fn metadata(object: &Json) -> wire::ObjectMeta {
    let of = &object["metadata"];
    wire::ObjectMeta {
        name: text(of, "name"),
        generate_name: text(of, "generateName"),
        namespace: text(of, "namespace"),
        self_link: text(of, "selfLink"),
        uid: text(of, "uid"),
        resource_version: text(of, "resourceVersion"),
        generation: of["generation"].as_i64().unwrap_or_default(),
        creation_timestamp: time(of, "creationTimestamp").unwrap_or_default(),
        deletion_timestamp: time(of, "deletionTimestamp"),
        deletion_grace_period_seconds: of["deletionGracePeriodSeconds"].as_i64(),
        labels: texts(of, "labels"),
        annotations: texts(of, "annotations"),
        owner_references: each(of, "ownerReferences", |owner| wire::OwnerReference {
            kind: text(owner, "kind"),
            name: text(owner, "name"),
            uid: text(owner, "uid"),
            api_version: text(owner, "apiVersion"),
            controller: owner["controller"].as_bool(),
            block_owner_deletion: owner["blockOwnerDeletion"].as_bool(),
        }),
        finalizers: strings(of, "finalizers"),
        managed_fields: each(of, "managedFields", |entry| wire::ManagedFieldsEntry {
            manager: text(entry, "manager"),
            operation: text(entry, "operation"),
            api_version: text(entry, "apiVersion"),
            time: time(entry, "time"),
            fields_type: text(entry, "fieldsType"),
            fields: entry.get("fieldsV1").map(|fields| wire::Fields { raw: fields.to_string().into_bytes() }),
            subresource: text(entry, "subresource"),
        }),
    }
}

fn list_metadata(list: &Json) -> wire::ListMeta {
    let of = &list["metadata"];
    wire::ListMeta {
        self_link: text(of, "selfLink"),
        resource_version: text(of, "resourceVersion"),
        continue_token: text(of, "continue"),
        remaining_item_count: of["remainingItemCount"].as_i64(),
    }
}

pub(super) fn secret(object: &Json) -> wire::Secret {
    wire::Secret {
        metadata: metadata(object),
        data: values(object, "data"),
        secret_type: text(object, "type"),
        string_data: BTreeMap::new(),
        immutable: object["immutable"].as_bool(),
    }
}

pub(super) fn secret_list(list: &Json) -> wire::SecretList {
    wire::SecretList { metadata: list_metadata(list), items: each(list, "items", secret) }
}

pub(super) fn namespace(object: &Json) -> wire::Namespace {
    let conditions = each(&object["status"], "conditions", |condition| wire::NamespaceCondition {
        condition_type: text(condition, "type"),
        status: text(condition, "status"),
        last_transition_time: time(condition, "lastTransitionTime").unwrap_or_default(),
        reason: text(condition, "reason"),
        message: text(condition, "message"),
    });
    wire::Namespace {
        metadata: metadata(object),
        spec: wire::NamespaceSpec { finalizers: strings(&object["spec"], "finalizers") },
        status: wire::NamespaceStatus { phase: text(&object["status"], "phase"), conditions },
    }
}

pub(super) fn namespace_list(list: &Json) -> wire::NamespaceList {
    wire::NamespaceList { metadata: list_metadata(list), items: each(list, "items", namespace) }
}

pub(super) fn partial(object: &Json) -> wire::PartialObjectMetadata {
    wire::PartialObjectMetadata { metadata: metadata(object) }
}

pub(super) fn partial_list(list: &Json) -> wire::PartialObjectMetadataList {
    wire::PartialObjectMetadataList { metadata: list_metadata(list), items: each(list, "items", partial) }
}

pub(super) fn status(status: &Json) -> wire::Status {
    let details = status.get("details").map(|details| wire::StatusDetails {
        name: text(details, "name"),
        group: text(details, "group"),
        kind: text(details, "kind"),
        causes: each(details, "causes", |cause| wire::StatusCause {
            reason: text(cause, "reason"),
            message: text(cause, "message"),
            field: text(cause, "field"),
        }),
        retry_after_seconds: number(details, "retryAfterSeconds"),
        uid: text(details, "uid"),
    });
    wire::Status {
        metadata: list_metadata(status),
        status: text(status, "status"),
        message: text(status, "message"),
        reason: text(status, "reason"),
        details,
        code: number(status, "code"),
    }
}

pub(super) fn delete_options(options: &Json) -> wire::DeleteOptions {
    let preconditions = options.get("preconditions").map(|wanted| wire::Preconditions {
        uid: optional_text(wanted, "uid"),
        resource_version: optional_text(wanted, "resourceVersion"),
    });
    wire::DeleteOptions {
        grace_period_seconds: options["gracePeriodSeconds"].as_i64(),
        preconditions,
        orphan_dependents: options["orphanDependents"].as_bool(),
        propagation_policy: optional_text(options, "propagationPolicy"),
        dry_run: strings(options, "dryRun"),
        ignore_store_read_error: options["ignoreStoreReadErrorWithClusterBreakingPotential"].as_bool(),
    }
}
