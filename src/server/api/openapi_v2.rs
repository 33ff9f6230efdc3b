//! The OpenAPI v2 document, converted from the v3 one, as JSON and in gnostic's protobuf encoding. kubectl still asks
//! for it when it validates a List, edits several objects at once or meets a kind that cannot be patched.

use prost::Message;
use serde_json::{Map, Value as Json, json};

/// The media type that clients ask for; kubectl writes `@` for its first dot.
pub const PROTOBUF: &str = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

/// Converts the document to v2.
pub fn document(v3: &Json) -> Json {
    let paths: Map<String, Json> = v3["paths"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(path, item)| {
            let parameters = item["parameters"].as_array().into_iter().flatten().map(parameter).collect::<Json>();
            (path.clone(), json!({"parameters": parameters, "patch": patch(&item["patch"])}))
        })
        .collect();
    let definitions: Map<String, Json> = v3["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, schema)| (name.clone(), retold(schema)))
        .collect();
    json!({"swagger": "2.0", "info": v3["info"], "paths": paths, "definitions": definitions})
}

/// Converts an operation: where v3 has a `schema`, v2 has the type itself; v3's `requestBody` is a parameter in v2.
fn patch(v3: &Json) -> Json {
    let body = json!({"name": "body", "in": "body", "required": true,
        "schema": {"$ref": "#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.Patch"}});
    let query = v3["parameters"].as_array().into_iter().flatten().map(parameter);
    let consumes: Vec<&String> =
        v3["requestBody"]["content"].as_object().into_iter().flatten().map(|(name, _)| name).collect();
    json!({
        "consumes": consumes,
        "produces": ["application/json"],
        "parameters": std::iter::once(body).chain(query).collect::<Vec<_>>(),
        "responses": {"200": {"description": "OK", "schema": retold(
            &v3["responses"]["200"]["content"]["application/json"]["schema"])}},
        "x-kubernetes-action": "patch",
        "x-kubernetes-group-version-kind": v3["x-kubernetes-group-version-kind"],
    })
}

/// Converts a parameter of a path or a query.
fn parameter(v3: &Json) -> Json {
    let mut v2 = json!({"name": v3["name"], "in": v3["in"], "description": v3["description"],
                        "type": v3["schema"]["type"], "uniqueItems": true});
    if let Some(required) = v3.get("required") {
        v2["required"] = required.clone();
    }
    v2
}

/// Converts a schema: references have another prefix and no `allOf` around them, and there are no defaults.
fn retold(schema: &Json) -> Json {
    match schema {
        Json::Object(map) => {
            let mut retold = Map::new();
            for (name, value) in map {
                match (name.as_str(), value) {
                    ("default", _) => {}
                    ("allOf", Json::Array(all)) => {
                        for reference in all.iter().filter_map(|one| one["$ref"].as_str()) {
                            retold.insert("$ref".to_owned(), moved(reference).into());
                        }
                    }
                    ("$ref", Json::String(reference)) => {
                        retold.insert("$ref".to_owned(), moved(reference).into());
                    }
                    _ => {
                        retold.insert(name.clone(), self::retold(value));
                    }
                }
            }
            Json::Object(retold)
        }
        Json::Array(items) => items.iter().map(retold).collect(),
        other => other.clone(),
    }
}

fn moved(reference: &str) -> String {
    reference.replace("#/components/schemas/", "#/definitions/")
}

/// Encodes a v2 document for gnostic: the part that kubectl reads, which is the `patch` operations with their query
/// parameters, and the definitions.
pub fn protobuf(v2: &Json) -> Vec<u8> {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let path = v2["paths"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, item)| NamedPathItem {
            name: name.clone(),
            value: Some(PathItem { patch: Some(operation(&item["patch"])) }),
        })
        .collect();
    Document {
        swagger: text(&v2["swagger"]),
        info: Some(Info { title: text(&v2["info"]["title"]), version: text(&v2["info"]["version"]) }),
        paths: Some(Paths { path }),
        definitions: Some(named_schemas(&v2["definitions"])),
    }
    .encode_to_vec()
}

fn operation(v2: &Json) -> Operation {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let parameters = v2["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|parameter| parameter["in"] == "query")
        .map(|parameter| {
            let query = QueryParameter {
                place: text(&parameter["in"]),
                description: text(&parameter["description"]),
                name: text(&parameter["name"]),
                kind: text(&parameter["type"]),
                unique_items: true,
            };
            let non_body = NonBodyParameter { query: Some(query) };
            ParametersItem { parameter: Some(Parameter { non_body: Some(non_body) }) }
        })
        .collect();
    Operation { parameters, extensions: extensions(v2) }
}

fn named_schemas(map: &Json) -> NamedSchemas {
    let named = |(name, value): (&String, &Json)| NamedSchema { name: name.clone(), value: Some(schema(value)) };
    NamedSchemas { schemas: map.as_object().into_iter().flatten().map(named).collect() }
}

fn schema(v2: &Json) -> Schema {
    let text = |name: &str| v2[name].as_str().unwrap_or_default().to_owned();
    let present = |name: &str| v2.get(name).filter(|value| value.is_object());
    Schema {
        reference: text("$ref"),
        format: text("format"),
        description: text("description"),
        required: v2["required"].as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect(),
        additional_properties: present("additionalProperties")
            .map(|value| Box::new(AdditionalProperties { schema: Some(Box::new(schema(value))) })),
        kind: v2["type"].as_str().map(|kind| Kind { value: vec![kind.to_owned()] }),
        items: present("items").map(|value| Items { schema: vec![schema(value)] }),
        properties: present("properties").map(named_schemas),
        extensions: extensions(v2),
    }
}

/// Encodes extensions, which gnostic has as YAML text; JSON is YAML.
fn extensions(v2: &Json) -> Vec<NamedAny> {
    v2.as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| name.starts_with("x-"))
        .map(|(name, value)| NamedAny { name: name.clone(), value: Some(Any { yaml: value.to_string() }) })
        .collect()
}

// gnostic's openapiv2/OpenAPIv2.proto, reduced to the fields that are sent. A `oneof` of which one branch is used is
// that branch alone.

#[derive(Clone, PartialEq, Message)]
struct Document {
    #[prost(string, tag = "1")]
    swagger: String,
    #[prost(message, optional, tag = "2")]
    info: Option<Info>,
    #[prost(message, optional, tag = "8")]
    paths: Option<Paths>,
    #[prost(message, optional, tag = "9")]
    definitions: Option<NamedSchemas>,
}

#[derive(Clone, PartialEq, Message)]
struct Info {
    #[prost(string, tag = "1")]
    title: String,
    #[prost(string, tag = "2")]
    version: String,
}

#[derive(Clone, PartialEq, Message)]
struct Paths {
    #[prost(message, repeated, tag = "2")]
    path: Vec<NamedPathItem>,
}

#[derive(Clone, PartialEq, Message)]
struct NamedPathItem {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(message, optional, tag = "2")]
    value: Option<PathItem>,
}

#[derive(Clone, PartialEq, Message)]
struct PathItem {
    #[prost(message, optional, tag = "8")]
    patch: Option<Operation>,
}

#[derive(Clone, PartialEq, Message)]
struct Operation {
    #[prost(message, repeated, tag = "8")]
    parameters: Vec<ParametersItem>,
    #[prost(message, repeated, tag = "13")]
    extensions: Vec<NamedAny>,
}

#[derive(Clone, PartialEq, Message)]
struct ParametersItem {
    #[prost(message, optional, tag = "1")]
    parameter: Option<Parameter>,
}

#[derive(Clone, PartialEq, Message)]
struct Parameter {
    #[prost(message, optional, tag = "2")]
    non_body: Option<NonBodyParameter>,
}

#[derive(Clone, PartialEq, Message)]
struct NonBodyParameter {
    #[prost(message, optional, tag = "3")]
    query: Option<QueryParameter>,
}

#[derive(Clone, PartialEq, Message)]
struct QueryParameter {
    #[prost(string, tag = "2")]
    place: String,
    #[prost(string, tag = "3")]
    description: String,
    #[prost(string, tag = "4")]
    name: String,
    #[prost(string, tag = "6")]
    kind: String,
    #[prost(bool, tag = "20")]
    unique_items: bool,
}

#[derive(Clone, PartialEq, Message)]
struct NamedAny {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(message, optional, tag = "2")]
    value: Option<Any>,
}

#[derive(Clone, PartialEq, Message)]
struct Any {
    #[prost(string, tag = "2")]
    yaml: String,
}

/// `Definitions` and `Properties`, which have the same fields.
#[derive(Clone, PartialEq, Message)]
struct NamedSchemas {
    #[prost(message, repeated, tag = "1")]
    schemas: Vec<NamedSchema>,
}

#[derive(Clone, PartialEq, Message)]
struct NamedSchema {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(message, optional, tag = "2")]
    value: Option<Schema>,
}

#[derive(Clone, PartialEq, Message)]
struct Schema {
    #[prost(string, tag = "1")]
    reference: String,
    #[prost(string, tag = "2")]
    format: String,
    #[prost(string, tag = "4")]
    description: String,
    #[prost(string, repeated, tag = "19")]
    required: Vec<String>,
    #[prost(message, optional, boxed, tag = "21")]
    additional_properties: Option<Box<AdditionalProperties>>,
    #[prost(message, optional, tag = "22")]
    kind: Option<Kind>,
    #[prost(message, optional, tag = "23")]
    items: Option<Items>,
    #[prost(message, optional, tag = "25")]
    properties: Option<NamedSchemas>,
    #[prost(message, repeated, tag = "31")]
    extensions: Vec<NamedAny>,
}

#[derive(Clone, PartialEq, Message)]
struct AdditionalProperties {
    #[prost(message, optional, boxed, tag = "1")]
    schema: Option<Box<Schema>>,
}

#[derive(Clone, PartialEq, Message)]
struct Kind {
    #[prost(string, repeated, tag = "1")]
    value: Vec<String>,
}

#[derive(Clone, PartialEq, Message)]
struct Items {
    #[prost(message, repeated, tag = "1")]
    schema: Vec<Schema>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::openapi;

    #[test]
    fn references_and_parameters_are_retold() {
        let v2 = document(&openapi::document());
        let secret = &v2["definitions"]["io.k8s.api.core.v1.Secret"];
        let metadata = "#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
        assert_eq!(secret["properties"]["metadata"]["$ref"], metadata);
        assert!(secret["properties"]["metadata"].get("allOf").is_none());
        let patch = &v2["paths"]["/api/v1/namespaces/{namespace}/secrets/{name}"]["patch"];
        assert!(
            patch["parameters"].as_array().is_some_and(|all| all.iter().any(|p| p["name"] == "fieldValidation")),
            "{patch}"
        );
        let path = &v2["paths"]["/api/v1/namespaces/{name}"]["parameters"][0];
        assert_eq!((&path["in"], &path["type"], &path["required"]), (&json!("path"), &json!("string"), &json!(true)));
        assert!(!v2.to_string().contains("#/components/"));
    }

    #[test]
    fn every_reference_has_its_definition() {
        let v2 = document(&openapi::document());
        let text = v2.to_string();
        for reference in text.split("#/definitions/").skip(1) {
            let name = reference.split('"').next().unwrap_or_default();
            assert!(v2["definitions"].get(name).is_some(), "{name}");
        }
    }

    #[test]
    fn protobuf_says_the_same() {
        let v2 = document(&openapi::document());
        let read = Document::decode(protobuf(&v2).as_slice()).expect("a document");
        let definitions = read.definitions.expect("definitions").schemas;
        assert_eq!(definitions.len(), v2["definitions"].as_object().map_or(0, Map::len));
        let list = definitions.iter().find(|d| d.name.ends_with(".SecretList")).and_then(|d| d.value.clone());
        assert_eq!(list.expect("SecretList").required, ["items"]);
        let paths = read.paths.expect("paths").path;
        let patch = paths[0].value.clone().and_then(|item| item.patch).expect("patch");
        assert!(patch.extensions.iter().any(|e| e.name == "x-kubernetes-group-version-kind"));
    }
}
