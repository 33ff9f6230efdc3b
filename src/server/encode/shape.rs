//! The representations of an object or list: itself, a Table, its metadata only.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::{
    part::metadata_only,
    table::{self, Include},
};
use crate::http::negotiate::{Format, Shape};
use secret::{resource::Resource, status::Status};

/// Converts an object or list (which has its `kind`) to the representation that the client asked for.
///
/// # Errors
/// 406 if the representation is for lists only and this is an object, or the other way round.
pub fn shape(
    resource: Resource,
    object: Json,
    format: Format,
    include: Include,
    now: Timestamp,
) -> Result<Json, Status> {
    if format.shape == Shape::Whole || object["kind"] == "Status" {
        return Ok(object);
    }
    let version = format!("meta.k8s.io/{}", format.version);
    let is_list = object["items"].is_array();
    let refuse = |asked: &str, is: &str, kind: &str| {
        let text = format!("you requested {asked}, but the requested object is {is} (*core.{kind})");
        Err(Status::new(406, "NotAcceptable", text))
    };
    match format.shape {
        Shape::Metadata if is_list => refuse("PartialObjectMetadata", "a list", resource.list_kind()),
        Shape::MetadataList if !is_list => refuse("PartialObjectMetadataList", "not a list", resource.kind()),
        Shape::Metadata => Ok(metadata_only(object, format.version)),
        Shape::MetadataList => {
            let (metadata, items) = list(object);
            let mut list = json!({"kind": "PartialObjectMetadataList", "apiVersion": version, "metadata": metadata});
            // Why not within `json!`, here and below: it would copy the values.
            list["items"] = items.into_iter().map(|i| item(resource, i, format, include, now)).collect();
            Ok(list)
        }
        Shape::Table | Shape::Whole => {
            let (metadata, items) = if is_list {
                list(object)
            } else {
                (json!({"resourceVersion": object["metadata"]["resourceVersion"]}), vec![object])
            };
            let mut list = json!({"kind": "Table", "apiVersion": version, "metadata": metadata});
            list["columnDefinitions"] = table::columns(resource);
            list["rows"] = items.into_iter().map(|i| item(resource, i, format, include, now)).collect();
            Ok(list)
        }
    }
}

/// Converts one object of a list to the representation that it has in the list.
pub fn item(resource: Resource, object: Json, format: Format, include: Include, now: Timestamp) -> Json {
    match format.shape {
        Shape::Whole => object,
        Shape::Metadata | Shape::MetadataList => metadata_only(object, format.version),
        Shape::Table => table::row(resource, object, include, format.version, now),
    }
}

fn list(mut list: Json) -> (Json, Vec<Json>) {
    let metadata = list["metadata"].take();
    match list["items"].take() {
        Json::Array(items) => (metadata, items),
        _ => (metadata, Vec::new()),
    }
}
