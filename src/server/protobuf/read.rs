//! Converts messages to the JSON of the API. Fields that Go omits when they are empty are absent.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value as Json};
use zeroize::Zeroize;

use super::messages as wire;

/// The members of a JSON object.
pub(super) type Members = Map<String, Json>;

/// A message with a JSON form.
pub(super) trait Read: prost::Message + Default {
    fn members(self) -> Members;
}

/// A JSON object that drops empty members.
#[derive(Default)]
pub(super) struct Out(pub(super) Members);

impl Out {
    pub(super) fn text(mut self, name: &str, text: String) -> Self {
        if !text.is_empty() {
            self.0.insert(name.into(), Json::String(text));
        }
        self
    }

    /// Adds a string even if it is empty.
    fn always(mut self, name: &str, text: String) -> Self {
        self.0.insert(name.into(), Json::String(text));
        self
    }

    pub(super) fn some<T: Into<Json>>(mut self, name: &str, value: Option<T>) -> Self {
        if let Some(value) = value {
            self.0.insert(name.into(), value.into());
        }
        self
    }

    pub(super) fn map(mut self, name: &str, members: Members) -> Self {
        if !members.is_empty() {
            self.0.insert(name.into(), Json::Object(members));
        }
        self
    }

    pub(super) fn list(mut self, name: &str, items: Vec<Json>) -> Self {
        if !items.is_empty() {
            self.0.insert(name.into(), Json::Array(items));
        }
        self
    }
}

fn texts(map: std::collections::BTreeMap<String, String>) -> Members {
    map.into_iter().map(|(name, text)| (name, Json::String(text))).collect()
}

pub(super) fn strings(list: Vec<String>) -> Vec<Json> {
    list.into_iter().map(Json::String).collect()
}

pub(super) fn objects<T: Read>(list: Vec<T>) -> Vec<Json> {
    list.into_iter().map(|item| Json::Object(item.members())).collect()
}

/// Returns a time in RFC 3339, or `None` for the zero time and for one that no calendar has.
fn time(time: wire::Time) -> Option<String> {
    let seconds = time.seconds.unwrap_or_default();
    if seconds == 0 && time.nanos.unwrap_or_default() == 0 {
        return None;
    }
    jiff::Timestamp::from_second(seconds).ok().map(|time| time.to_string())
}

/// Encodes the bytes as base64, and wipes them.
fn values(map: std::collections::BTreeMap<String, Vec<u8>>) -> Members {
    let encode = |(name, mut bytes): (String, Vec<u8>)| {
        let text = STANDARD.encode(&bytes);
        bytes.zeroize();
        (name, Json::String(text))
    };
    map.into_iter().map(encode).collect()
}

impl Read for wire::OwnerReference {
    fn members(self) -> Members {
        Out::default()
            .always("apiVersion", self.api_version)
            .always("kind", self.kind)
            .always("name", self.name)
            .always("uid", self.uid)
            .some("controller", self.controller)
            .some("blockOwnerDeletion", self.block_owner_deletion)
            .0
    }
}

impl Read for wire::ManagedFieldsEntry {
    fn members(self) -> Members {
        let fields = self.fields.and_then(|fields| serde_json::from_slice::<Json>(&fields.raw).ok());
        Out::default()
            .text("manager", self.manager)
            .text("operation", self.operation)
            .text("apiVersion", self.api_version)
            .some("time", self.time.and_then(time))
            .text("fieldsType", self.fields_type)
            .some("fieldsV1", fields)
            .text("subresource", self.subresource)
            .0
    }
}

impl Read for wire::ObjectMeta {
    fn members(self) -> Members {
        Out::default()
            .text("name", self.name)
            .text("generateName", self.generate_name)
            .text("namespace", self.namespace)
            .text("selfLink", self.self_link)
            .text("uid", self.uid)
            .text("resourceVersion", self.resource_version)
            .some("generation", Some(self.generation).filter(|n| *n != 0))
            .some("creationTimestamp", time(self.creation_timestamp))
            .some("deletionTimestamp", self.deletion_timestamp.and_then(time))
            .some("deletionGracePeriodSeconds", self.deletion_grace_period_seconds)
            .map("labels", texts(self.labels))
            .map("annotations", texts(self.annotations))
            .list("ownerReferences", objects(self.owner_references))
            .list("finalizers", strings(self.finalizers))
            .list("managedFields", objects(self.managed_fields))
            .0
    }
}

impl Read for wire::ListMeta {
    fn members(self) -> Members {
        Out::default()
            .text("selfLink", self.self_link)
            .text("resourceVersion", self.resource_version)
            .text("continue", self.continue_token)
            .some("remainingItemCount", self.remaining_item_count)
            .0
    }
}

impl Read for wire::Secret {
    /// Folds `stringData` into `data`, as the other decoders do.
    fn members(self) -> Members {
        let mut data = values(self.data);
        data.extend(values(self.string_data));
        Out::default()
            .some("metadata", Some(self.metadata.members()))
            .some("immutable", self.immutable)
            .map("data", data)
            .text("type", self.secret_type)
            .0
    }
}

impl Read for wire::Namespace {
    fn members(self) -> Members {
        let conditions = self.status.conditions.into_iter().map(|condition| {
            let members = Out::default()
                .always("type", condition.condition_type)
                .always("status", condition.status)
                .some("lastTransitionTime", time(condition.last_transition_time))
                .text("reason", condition.reason)
                .text("message", condition.message);
            Json::Object(members.0)
        });
        let status = Out::default().text("phase", self.status.phase).list("conditions", conditions.collect());
        let spec = Out::default().list("finalizers", strings(self.spec.finalizers));
        Out::default().some("metadata", Some(self.metadata.members())).map("spec", spec.0).map("status", status.0).0
    }
}

fn list<T: Read>(metadata: wire::ListMeta, items: Vec<T>) -> Members {
    Out::default().some("metadata", Some(metadata.members())).some("items", Some(objects(items))).0
}

impl Read for wire::SecretList {
    fn members(self) -> Members {
        list(self.metadata, self.items)
    }
}

impl Read for wire::NamespaceList {
    fn members(self) -> Members {
        list(self.metadata, self.items)
    }
}

impl Read for wire::PartialObjectMetadata {
    fn members(self) -> Members {
        Out::default().some("metadata", Some(self.metadata.members())).0
    }
}

impl Read for wire::PartialObjectMetadataList {
    fn members(self) -> Members {
        list(self.metadata, self.items)
    }
}

impl Read for wire::Status {
    fn members(self) -> Members {
        let details = self.details.map(|details| {
            let causes = details.causes.into_iter().map(|cause| {
                Json::Object(
                    Out::default()
                        .text("reason", cause.reason)
                        .text("message", cause.message)
                        .text("field", cause.field)
                        .0,
                )
            });
            Out::default()
                .text("name", details.name)
                .text("group", details.group)
                .text("kind", details.kind)
                .list("causes", causes.collect())
                .some("retryAfterSeconds", Some(details.retry_after_seconds).filter(|n| *n != 0))
                .text("uid", details.uid)
                .0
        });
        Out::default()
            .some("metadata", Some(self.metadata.members()))
            .text("status", self.status)
            .text("message", self.message)
            .text("reason", self.reason)
            .some("details", details)
            .some("code", Some(self.code).filter(|n| *n != 0))
            .0
    }
}

impl Read for wire::DeleteOptions {
    fn members(self) -> Members {
        let preconditions = self
            .preconditions
            .map(|wanted| Out::default().some("uid", wanted.uid).some("resourceVersion", wanted.resource_version).0);
        Out::default()
            .some("gracePeriodSeconds", self.grace_period_seconds)
            .some("preconditions", preconditions)
            .some("orphanDependents", self.orphan_dependents)
            .some("propagationPolicy", self.propagation_policy)
            .list("dryRun", strings(self.dry_run))
            .some("ignoreStoreReadErrorWithClusterBreakingPotential", self.ignore_store_read_error)
            .0
    }
}
