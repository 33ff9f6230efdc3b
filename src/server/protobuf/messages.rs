//! The protobuf messages of the Kubernetes API that the server reads and writes, declared by hand after
//! `k8s.io/api/core/v1/generated.proto` and the files that it imports.
//!
//! `required` here means that the field is always written, empty or not, as Go does; reading does not demand it.
//! Invariant: no message has a `Debug`, since messages hold values.

use std::collections::BTreeMap;

use prost::Message;
use zeroize::Zeroize;

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct TypeMeta {
    #[prost(string, required, tag = "1")]
    pub(super) api_version: String,
    #[prost(string, required, tag = "2")]
    pub(super) kind: String,
}

/// `runtime.Unknown`, the envelope of every message.
#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct Unknown {
    #[prost(message, optional, tag = "1")]
    pub(super) type_meta: Option<TypeMeta>,
    #[prost(bytes = "vec", tag = "2")]
    pub(super) raw: Vec<u8>,
    #[prost(string, required, tag = "3")]
    pub(super) content_encoding: String,
    #[prost(string, required, tag = "4")]
    pub(super) content_type: String,
}

/// `metav1.Time`: the zero time is an empty message; any other has both fields.
#[derive(Clone, Copy, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct Time {
    #[prost(int64, optional, tag = "1")]
    pub(super) seconds: Option<i64>,
    #[prost(int32, optional, tag = "2")]
    pub(super) nanos: Option<i32>,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct OwnerReference {
    #[prost(string, required, tag = "1")]
    pub(super) kind: String,
    #[prost(string, required, tag = "3")]
    pub(super) name: String,
    #[prost(string, required, tag = "4")]
    pub(super) uid: String,
    #[prost(string, required, tag = "5")]
    pub(super) api_version: String,
    #[prost(bool, optional, tag = "6")]
    pub(super) controller: Option<bool>,
    #[prost(bool, optional, tag = "7")]
    pub(super) block_owner_deletion: Option<bool>,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct Fields {
    #[prost(bytes = "vec", tag = "1")]
    pub(super) raw: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct ManagedFieldsEntry {
    #[prost(string, required, tag = "1")]
    pub(super) manager: String,
    #[prost(string, required, tag = "2")]
    pub(super) operation: String,
    #[prost(string, required, tag = "3")]
    pub(super) api_version: String,
    #[prost(message, optional, tag = "4")]
    pub(super) time: Option<Time>,
    #[prost(string, required, tag = "6")]
    pub(super) fields_type: String,
    #[prost(message, optional, tag = "7")]
    pub(super) fields: Option<Fields>,
    #[prost(string, required, tag = "8")]
    pub(super) subresource: String,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct ObjectMeta {
    #[prost(string, required, tag = "1")]
    pub(super) name: String,
    #[prost(string, required, tag = "2")]
    pub(super) generate_name: String,
    #[prost(string, required, tag = "3")]
    pub(super) namespace: String,
    #[prost(string, required, tag = "4")]
    pub(super) self_link: String,
    #[prost(string, required, tag = "5")]
    pub(super) uid: String,
    #[prost(string, required, tag = "6")]
    pub(super) resource_version: String,
    #[prost(int64, required, tag = "7")]
    pub(super) generation: i64,
    #[prost(message, required, tag = "8")]
    pub(super) creation_timestamp: Time,
    #[prost(message, optional, tag = "9")]
    pub(super) deletion_timestamp: Option<Time>,
    #[prost(int64, optional, tag = "10")]
    pub(super) deletion_grace_period_seconds: Option<i64>,
    #[prost(btree_map = "string, string", tag = "11")]
    pub(super) labels: BTreeMap<String, String>,
    #[prost(btree_map = "string, string", tag = "12")]
    pub(super) annotations: BTreeMap<String, String>,
    #[prost(message, repeated, tag = "13")]
    pub(super) owner_references: Vec<OwnerReference>,
    #[prost(string, repeated, tag = "14")]
    pub(super) finalizers: Vec<String>,
    #[prost(message, repeated, tag = "17")]
    pub(super) managed_fields: Vec<ManagedFieldsEntry>,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct ListMeta {
    #[prost(string, required, tag = "1")]
    pub(super) self_link: String,
    #[prost(string, required, tag = "2")]
    pub(super) resource_version: String,
    #[prost(string, required, tag = "3")]
    pub(super) continue_token: String,
    #[prost(int64, optional, tag = "4")]
    pub(super) remaining_item_count: Option<i64>,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct Secret {
    #[prost(message, required, tag = "1")]
    pub(super) metadata: ObjectMeta,
    #[prost(btree_map = "string, bytes", tag = "2")]
    pub(super) data: BTreeMap<String, Vec<u8>>,
    #[prost(string, required, tag = "3")]
    pub(super) secret_type: String,
    /// Strings in the API, but Go programs may send any bytes.
    #[prost(btree_map = "string, bytes", tag = "4")]
    pub(super) string_data: BTreeMap<String, Vec<u8>>,
    #[prost(bool, optional, tag = "5")]
    pub(super) immutable: Option<bool>,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct SecretList {
    #[prost(message, required, tag = "1")]
    pub(super) metadata: ListMeta,
    #[prost(message, repeated, tag = "2")]
    pub(super) items: Vec<Secret>,
}

impl Secret {
    /// Overwrites the values, once they have been encoded.
    pub(super) fn wipe(mut self) {
        self.data.values_mut().chain(self.string_data.values_mut()).for_each(Zeroize::zeroize);
    }
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct NamespaceSpec {
    #[prost(string, repeated, tag = "1")]
    pub(super) finalizers: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct NamespaceCondition {
    #[prost(string, required, tag = "1")]
    pub(super) condition_type: String,
    #[prost(string, required, tag = "2")]
    pub(super) status: String,
    #[prost(message, required, tag = "4")]
    pub(super) last_transition_time: Time,
    #[prost(string, required, tag = "5")]
    pub(super) reason: String,
    #[prost(string, required, tag = "6")]
    pub(super) message: String,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct NamespaceStatus {
    #[prost(string, required, tag = "1")]
    pub(super) phase: String,
    #[prost(message, repeated, tag = "2")]
    pub(super) conditions: Vec<NamespaceCondition>,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct Namespace {
    #[prost(message, required, tag = "1")]
    pub(super) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(super) spec: NamespaceSpec,
    #[prost(message, required, tag = "3")]
    pub(super) status: NamespaceStatus,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct NamespaceList {
    #[prost(message, required, tag = "1")]
    pub(super) metadata: ListMeta,
    #[prost(message, repeated, tag = "2")]
    pub(super) items: Vec<Namespace>,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct PartialObjectMetadata {
    #[prost(message, required, tag = "1")]
    pub(super) metadata: ObjectMeta,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct PartialObjectMetadataList {
    #[prost(message, required, tag = "1")]
    pub(super) metadata: ListMeta,
    #[prost(message, repeated, tag = "2")]
    pub(super) items: Vec<PartialObjectMetadata>,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct StatusCause {
    #[prost(string, required, tag = "1")]
    pub(super) reason: String,
    #[prost(string, required, tag = "2")]
    pub(super) message: String,
    #[prost(string, required, tag = "3")]
    pub(super) field: String,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct StatusDetails {
    #[prost(string, required, tag = "1")]
    pub(super) name: String,
    #[prost(string, required, tag = "2")]
    pub(super) group: String,
    #[prost(string, required, tag = "3")]
    pub(super) kind: String,
    #[prost(message, repeated, tag = "4")]
    pub(super) causes: Vec<StatusCause>,
    #[prost(int32, required, tag = "5")]
    pub(super) retry_after_seconds: i32,
    #[prost(string, required, tag = "6")]
    pub(super) uid: String,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct Status {
    #[prost(message, required, tag = "1")]
    pub(super) metadata: ListMeta,
    #[prost(string, required, tag = "2")]
    pub(super) status: String,
    #[prost(string, required, tag = "3")]
    pub(super) message: String,
    #[prost(string, required, tag = "4")]
    pub(super) reason: String,
    #[prost(message, optional, tag = "5")]
    pub(super) details: Option<StatusDetails>,
    #[prost(int32, required, tag = "6")]
    pub(super) code: i32,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct Preconditions {
    #[prost(string, optional, tag = "1")]
    pub(super) uid: Option<String>,
    #[prost(string, optional, tag = "2")]
    pub(super) resource_version: Option<String>,
}

#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(super) struct DeleteOptions {
    #[prost(int64, optional, tag = "1")]
    pub(super) grace_period_seconds: Option<i64>,
    #[prost(message, optional, tag = "2")]
    pub(super) preconditions: Option<Preconditions>,
    #[prost(bool, optional, tag = "3")]
    pub(super) orphan_dependents: Option<bool>,
    #[prost(string, optional, tag = "4")]
    pub(super) propagation_policy: Option<String>,
    #[prost(string, repeated, tag = "5")]
    pub(super) dry_run: Vec<String>,
    #[prost(bool, optional, tag = "6")]
    pub(super) ignore_store_read_error: Option<bool>,
}
