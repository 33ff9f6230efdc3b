//! The OpenAPI v3 document: the part of Kubernetes' own that kubectl reads for validation, explain, edit and diff.

use std::{fmt::Write as _, sync::LazyLock};

use serde_json::{Map, Value as Json, json};
use sha2::{Digest as _, Sha512};

static TEXT: LazyLock<String> = LazyLock::new(|| document().to_string());
static ADDRESS: LazyLock<String> = LazyLock::new(|| format!("/openapi/v3/api/v1?hash={}", hash(TEXT.as_bytes())));

/// Returns the URL of the document, which contains its hash.
pub fn address() -> String {
    ADDRESS.clone()
}

/// Returns the document as text.
pub fn text() -> &'static str {
    &TEXT
}

/// Returns a hash of bytes in kube-openapi's format.
pub fn hash(bytes: &[u8]) -> String {
    Sha512::digest(bytes).iter().fold(String::with_capacity(128), |mut text, byte| {
        let _ = write!(text, "{byte:02X}");
        text
    })
}

/// Returns the document.
pub fn document() -> Json {
    let secret = kind("Secret");
    let namespace = kind("Namespace");
    json!({
        "openapi": "3.0.0",
        "info": {"title": "Kubernetes", "version": "v1.36.0"},
        "paths": {
            "/api/v1/namespaces/{name}": {
                "parameters": [in_path("name", "name of the Namespace")],
                "patch": patch(&namespace, "io.k8s.api.core.v1.Namespace"),
            },
            "/api/v1/namespaces/{namespace}/secrets/{name}": {
                "parameters": [
                    in_path("name", "name of the Secret"),
                    in_path("namespace", "object name and auth scope, such as for teams and projects"),
                ],
                "patch": patch(&secret, "io.k8s.api.core.v1.Secret"),
            },
        },
        "components": {"schemas": schemas(&secret, &namespace)},
    })
}

fn kind(name: &str) -> Json {
    json!({"group": "", "version": "v1", "kind": name})
}

fn in_path(name: &str, description: &str) -> Json {
    json!({"name": name, "in": "path", "description": description, "required": true,
           "schema": {"type": "string", "uniqueItems": true}})
}

fn patch(kind: &Json, schema: &str) -> Json {
    let parameter = |name: &str, sort: &str, description: &str| json!({"name": name, "in": "query", "description": description, "schema": {"type": sort, "uniqueItems": true}});
    let content = [
        "application/apply-patch+yaml",
        "application/json-patch+json",
        "application/merge-patch+json",
        "application/strategic-merge-patch+json",
    ]
    .into_iter()
    .map(|t| {
        let schema = json!({"schema": {"$ref": "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.Patch"}});
        (t.to_owned(), schema)
    })
    .collect::<Map<_, _>>();
    json!({
        "x-kubernetes-group-version-kind": kind,
        "x-kubernetes-action": "patch",
        "parameters": [
            parameter("dryRun", "string", "Everything is checked, nothing is stored: `All`"),
            parameter("fieldManager", "string", "Who makes the change"),
            parameter("fieldValidation", "string", "What becomes of unknown and duplicate fields: Ignore, Warn, Strict"),
            parameter("force", "boolean", "Take fields over that other appliers own"),
        ],
        "requestBody": {"content": content},
        "responses": {"200": {"description": "OK", "content": {
            "application/json": {"schema": {"$ref": format!("#/components/schemas/{schema}")}},
        }}},
    })
}

fn schemas(secret: &Json, namespace: &Json) -> Json {
    let text = |description: &str| json!({"type": "string", "description": description});
    let required_text = |description: &str| json!({"type": "string", "description": description, "default": ""});
    let texts = |description: &str| json!({"type": "object", "description": description, "additionalProperties": {"type": "string", "default": ""}});
    let reference = |name: &str, description: &str| {
        json!({"description": description, "default": {},
               "allOf": [{"$ref": format!("#/components/schemas/{name}")}]})
    };
    let meta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
    let api_version = text(
        "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized \
         schemas to the latest internal value, and may reject unrecognized values. More info: \
         https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources",
    );
    let kind = text(
        "Kind is a string value representing the REST resource this object represents. Servers may infer this from the \
         endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: \
         https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds",
    );
    let metadata = reference(
        meta,
        "Standard object's metadata. More info: \
         https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
    );
    let list = |item: &str| {
        let item_reference = format!("#/components/schemas/io.k8s.api.core.v1.{item}");
        json!({
            "type": "object",
            "description": format!("{item}List is a list of {item}s."),
            "required": ["items"],
            "x-kubernetes-group-version-kind": [self::kind(&format!("{item}List"))],
            "properties": {
                "apiVersion": api_version, "kind": kind,
                "metadata": reference("io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta", "Standard list metadata."),
                "items": {"type": "array", "description": format!("Items is a list of {item} objects."),
                    "items": {"default": {}, "allOf": [{"$ref": item_reference}]}},
            },
        })
    };
    json!({
        "io.k8s.api.core.v1.Secret": {
            "type": "object",
            "description": "Secret holds secret data of a certain type. The total bytes of the values in the Data field must \
                            be less than MaxSecretSize bytes.",
            "x-kubernetes-group-version-kind": [secret],
            "properties": {
                "apiVersion": api_version, "kind": kind, "metadata": metadata,
                "data": {"type": "object",
                    "description": "Data contains the secret data. Each key must consist of alphanumeric characters, '-', \
                                    '_' or '.'. The serialized form of the secret data is a base64 encoded string, \
                                    representing the arbitrary (possibly non-string) data value here. Described in \
                                    https://tools.ietf.org/html/rfc4648#section-4",
                    "additionalProperties": {"type": "string", "format": "byte"}},
                "immutable": {"type": "boolean",
                    "description": "Immutable, if set to true, ensures that data stored in the Secret cannot be updated \
                                    (only object metadata can be modified). If not set to true, the field can be modified \
                                    at any time. Defaulted to nil."},
                "stringData": texts(
                    "stringData allows specifying non-binary secret data in string form. It is provided as a write-only \
                     input field for convenience. All keys and values are merged into the data field on write, overwriting \
                     any existing values. The stringData field is never output when reading from the API."),
                "type": text(
                    "Used to facilitate programmatic handling of secret data. More info: \
                     https://kubernetes.io/docs/concepts/configuration/secret/#secret-types"),
            },
        },
        "io.k8s.api.core.v1.Namespace": {
            "type": "object",
            "description": "Namespace provides a scope for Names. Use of multiple namespaces is optional.",
            "x-kubernetes-group-version-kind": [namespace],
            "properties": {
                "apiVersion": api_version, "kind": kind, "metadata": metadata,
                "spec": reference("io.k8s.api.core.v1.NamespaceSpec", "Spec defines the behavior of the Namespace."),
                "status": reference(
                    "io.k8s.api.core.v1.NamespaceStatus", "Status describes the current status of a Namespace."),
            },
        },
        "io.k8s.api.core.v1.SecretList": list("Secret"),
        "io.k8s.api.core.v1.NamespaceList": list("Namespace"),
        "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta": list_metadata(&text),
        "io.k8s.api.core.v1.NamespaceSpec": {
            "type": "object",
            "description": "NamespaceSpec describes the attributes on a Namespace.",
            "properties": {"finalizers": {"type": "array", "x-kubernetes-list-type": "atomic",
                "description": "Finalizers is an opaque list of values that must be empty to permanently remove object from \
                                storage.",
                "items": {"type": "string", "default": ""}}},
        },
        "io.k8s.api.core.v1.NamespaceStatus": {
            "type": "object",
            "description": "NamespaceStatus is information about the current status of a Namespace.",
            "properties": {
                "phase": text("Phase is the current lifecycle phase of the namespace."),
                "conditions": {"type": "array",
                    "description": "Represents the latest available observations of a namespace's current state.",
                    "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"],
                    "x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "type",
                    "items": {"default": {},
                        "allOf": [{"$ref": "#/components/schemas/io.k8s.api.core.v1.NamespaceCondition"}]}},
            },
        },
        "io.k8s.api.core.v1.NamespaceCondition": {
            "type": "object",
            "description": "NamespaceCondition contains details about state of namespace.",
            "required": ["type", "status"],
            "properties": {
                "lastTransitionTime": {"type": "string", "format": "date-time",
                    "description": "Last time the condition transitioned from one status to another."},
                "message": text("Human-readable message indicating details about last transition."),
                "reason": text("Unique, one-word, CamelCase reason for the condition's last transition."),
                "status": required_text("Status of the condition, one of True, False, Unknown."),
                "type": required_text("Type of namespace controller condition."),
            },
        },
        meta: {
            "type": "object",
            "description": "ObjectMeta is metadata that all persisted resources must have, which includes all objects users \
                            must create.",
            "properties": metadata_properties(&text, &texts),
        },
        "io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference": {
            "type": "object",
            "description": "OwnerReference contains enough information to let you identify an owning object.",
            "required": ["apiVersion", "kind", "name", "uid"],
            "x-kubernetes-map-type": "atomic",
            "properties": {
                "apiVersion": required_text("API version of the referent."),
                "kind": required_text("Kind of the referent."),
                "name": required_text("Name of the referent."), "uid": required_text("UID of the referent."),
                "controller": {"type": "boolean", "description": "If true, this reference points to the managing controller."},
                "blockOwnerDeletion": {"type": "boolean",
                    "description": "If true, AND if the owner has the \"foregroundDeletion\" finalizer, then the owner cannot \
                                    be deleted from the key-value store until this reference is removed."},
            },
        },
        "io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry": {
            "type": "object",
            "description": "ManagedFieldsEntry is a workflow-id, a FieldSet and the group version of the resource that the \
                            fieldset applies to.",
            "properties": {
                "manager": text("Manager is an identifier of the workflow managing these fields."),
                "operation": text("Operation is the type of operation which lead to this ManagedFieldsEntry being created."),
                "apiVersion": text("APIVersion defines the version of this resource that this field set applies to."),
                "time": {"type": "string", "format": "date-time",
                    "description": "Time is the timestamp of when the ManagedFields entry was added."},
                "fieldsType": text("FieldsType is the discriminator for the different fields format and version."),
                "fieldsV1": {"type": "object", "description": "FieldsV1 holds the first JSON version format."},
                "subresource": text("Subresource is the name of the subresource used to update that object."),
            },
        },
        "io.k8s.apimachinery.pkg.apis.meta.v1.Patch": {
            "type": "object",
            "description": "Patch is provided to give a concrete name and type to the Kubernetes PATCH request body.",
        },
    })
}

fn list_metadata(text: &dyn Fn(&str) -> Json) -> Json {
    json!({
        "type": "object",
        "description": "ListMeta describes metadata that synthetic resources must have, including lists and various status \
                        objects. A resource may have only one of {ObjectMeta, ListMeta}.",
        "properties": {
            "continue": text("continue may be set if the user set a limit on the number of items returned."),
            "remainingItemCount": {"type": "integer", "format": "int64",
                "description": "remainingItemCount is the number of subsequent items in the list which are not included in \
                                this list response."},
            "resourceVersion": text(
                "String that identifies the server's internal version of this object that can be used by clients to \
                 determine when objects have changed."),
            "selfLink": text("Deprecated: selfLink is a legacy read-only field that is no longer populated by the system."),
        },
    })
}

fn metadata_properties(text: &dyn Fn(&str) -> Json, texts: &dyn Fn(&str) -> Json) -> Json {
    let time = |description: &str| json!({"type": "string", "format": "date-time", "description": description});
    let integer = |description: &str| json!({"type": "integer", "format": "int64", "description": description});
    json!({
        "name": text("Name must be unique within a namespace. Cannot be updated."),
        "generateName": text(
            "GenerateName is an optional prefix, used by the server, to generate a unique name ONLY IF the Name field has \
             not been provided."),
        "namespace": text("Namespace defines the space within which each name must be unique."),
        "selfLink": text("Deprecated: selfLink is a legacy read-only field that is no longer populated by the system."),
        "uid": text("UID is the unique in time and space value for this object."),
        "resourceVersion": text(
            "An opaque value that represents the internal version of this object that can be used by clients to determine \
             when objects have changed."),
        "generation": integer("A sequence number representing a specific generation of the desired state."),
        "creationTimestamp": time("CreationTimestamp is the server time when this object was created."),
        "deletionTimestamp": time("DeletionTimestamp is RFC 3339 date and time at which this resource will be deleted."),
        "deletionGracePeriodSeconds": integer(
            "Number of seconds allowed for this object to gracefully terminate before it will be removed from the system."),
        "labels": texts(
            "Map of string keys and values that can be used to organize and categorize (scope and select) objects."),
        "annotations": texts(
            "Annotations is an unstructured key value map stored with a resource that may be set by external tools to store \
             and retrieve arbitrary metadata."),
        "ownerReferences": {"type": "array", "description": "List of objects depended by this object.",
            "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["uid"],
            "x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "uid",
            "items": {"default": {},
                "allOf": [{"$ref": "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference"}]}},
        "finalizers": {"type": "array", "description": "Must be empty before the object is deleted from the registry.",
            "x-kubernetes-list-type": "set", "x-kubernetes-patch-strategy": "merge",
            "items": {"type": "string", "default": ""}},
        "managedFields": {"type": "array", "x-kubernetes-list-type": "atomic",
            "description": "ManagedFields maps workflow-id and version to the set of fields that are managed by that workflow.",
            "items": {"default": {},
                "allOf": [{"$ref": "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry"}]}},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_of_a_path_is_declared() {
        for (path, item) in document()["paths"].as_object().into_iter().flatten() {
            let declared =
                item["parameters"].as_array().into_iter().flatten().map(|p| p["name"].as_str().unwrap_or_default());
            let mut declared = declared.map(|name| format!("{{{name}}}")).collect::<Vec<_>>();
            let mut named = path.split('/').filter(|part| part.starts_with('{')).collect::<Vec<_>>();
            declared.sort();
            named.sort_unstable();
            assert_eq!(declared, named, "{path}");
        }
    }

    #[test]
    fn every_reference_has_its_schema() {
        let document = document();
        for reference in text().split("#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap_or_default();
            assert!(document["components"]["schemas"].get(name).is_some(), "{name}");
        }
    }
}
