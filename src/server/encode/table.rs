//! Tables: the columns that `kubectl get` prints, computed by the server.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use secret::{age, resource::Resource};

/// What a row has besides its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Include {
    /// Nothing.
    None,
    /// The object's metadata.
    Metadata,
    /// The whole object.
    Object,
}

impl Include {
    /// Reads the parameter `includeObject`.
    pub fn parse(text: Option<&str>) -> Self {
        match text {
            Some("None") => Self::None,
            Some("Object") => Self::Object,
            _ => Self::Metadata,
        }
    }
}

/// Returns the columns of a resource's table.
pub fn columns(resource: Resource) -> Json {
    let column = |name: &str, format: &str, description: &str| json!({"name": name, "type": "string", "format": format, "description": description, "priority": 0});
    let name = column(
        "Name",
        "name",
        "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a \
         client to request the generation of an appropriate name automatically. Name is primarily intended for creation \
         idempotence and configuration definition. Cannot be updated. More info: \
         https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names",
    );
    let age = column(
        "Age",
        "",
        "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to \
         be set in happens-before order across separate operations. Clients may not set this value. It is represented in \
         RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: \
         https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
    );
    match resource {
        Resource::Secrets => json!([
            name,
            column(
                "Type",
                "",
                "Used to facilitate programmatic handling of secret data. More info: \
                 https://kubernetes.io/docs/concepts/configuration/secret/#secret-types"
            ),
            column(
                "Data",
                "",
                "Data contains the secret data. Each key must consist of alphanumeric characters, '-', '_' or '.'. The \
                 serialized form of the secret data is a base64 encoded string, representing the arbitrary (possibly \
                 non-string) data value here. Described in https://tools.ietf.org/html/rfc4648#section-4"
            ),
            age
        ]),
        Resource::Namespaces => json!([name, column("Status", "", "The status of the namespace"), age]),
    }
}

/// Returns an object's row. `version` is that of `meta.k8s.io`.
pub fn row(resource: Resource, object: Json, include: Include, version: &str, now: Timestamp) -> Json {
    let metadata = &object["metadata"];
    let name = metadata["name"].as_str().unwrap_or_default();
    let age = match metadata["creationTimestamp"].as_str().and_then(|t| t.parse::<Timestamp>().ok()) {
        Some(created) => age::human(now.as_second() - created.as_second()),
        None => "<unknown>".to_owned(),
    };
    let cells = match resource {
        Resource::Secrets => {
            let count = object["data"].as_object().map_or(0, serde_json::Map::len);
            json!([name, object["type"].as_str().unwrap_or_default(), count, age])
        }
        Resource::Namespaces => json!([name, object["status"]["phase"].as_str().unwrap_or_default(), age]),
    };
    let object = match include {
        Include::None => Json::Null,
        Include::Metadata => super::part::metadata_only(object, version),
        Include::Object => super::part::whole(resource, object),
    };
    let mut row = json!({});
    row["cells"] = cells;
    row["object"] = object;
    row
}
