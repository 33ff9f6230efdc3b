//! Decodes the body of a request: bytes → JSON → the fields of a Secret or a Namespace.

mod reviews;
pub mod schema;
mod types;

use go::json_read::{self, Node};
pub use reviews::review;
pub use schema::Decoded;

use crate::{
    http::{negotiate::Media, options::FieldValidation},
    protobuf::{self, Malformed},
};
use go::quote::quote;
use secret::{resource::Resource, status::Status};

/// The source position of kube-apiserver's scheme, which is part of its error messages.
const SCHEME: &str = "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30";

/// Kinds of `v1` that kube-apiserver knows. Naming one of these where another is expected has a message of its own.
const OTHER_KINDS: &[&str] = &[
    "Binding",
    "ComponentStatus",
    "ConfigMap",
    "Endpoints",
    "Event",
    "LimitRange",
    "Namespace",
    "NamespaceList",
    "Node",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Pod",
    "PodTemplate",
    "ReplicationController",
    "ResourceQuota",
    "Secret",
    "SecretList",
    "Service",
    "ServiceAccount",
];

/// Reads the body of a POST or PUT.
///
/// # Errors
/// 400, in kube-apiserver's words. Invariant: those repeat the beginning of the body; here more than four bytes become
/// `<redacted>`.
pub fn body(resource: Resource, media: Media, bytes: &[u8]) -> Result<Decoded, Status> {
    let kind = resource.kind();
    let (node, findings) = members(kind, media, bytes)?;
    let (given_kind, version) = named_type(&node, kind, "v1");
    let refuse = |why: String| Status::bad_request(unhandled(kind, &given_kind, &version, &why));
    type_meta(kind, &given_kind, &version).map_err(refuse)?;
    let mut decoded = schema::decode(resource, node).map_err(refuse)?;
    decoded.findings.splice(0..0, findings);
    Ok(decoded)
}

/// Returns Go's message for JSON that is not an object.
fn no_object(node: &Node) -> String {
    const META: &str = "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; \
                        Kind string \"json:\\\"kind,omitempty\\\"\" }";
    let sort = node.sort();
    format!("couldn't get version/kind; json parse error: json: cannot unmarshal {sort} into Go value of type {META}")
}

/// Parses the members of a body that should be a `kind`; returns them with the findings of the parser.
fn members(kind: &str, media: Media, bytes: &[u8]) -> Result<(Node, Vec<String>), Status> {
    let (node, findings) = match media {
        Media::Json => {
            let node = json_read::parse(bytes).map_err(|error| {
                unrecognized(kind, bytes, &format!("couldn't get version/kind; json parse error: {error}"))
            })?;
            (node, Vec::new())
        }
        Media::Protobuf => {
            let json = protobuf::decode(bytes, kind).map_err(|malformed| match malformed {
                Malformed::Unrecognized(why) => unrecognized(kind, bytes, &why),
                Malformed::Undecodable { kind: given, version, reason } => {
                    Status::bad_request(unhandled(kind, &given, &version, &reason))
                }
            })?;
            (Node::from(json), Vec::new())
        }
        Media::Yaml => {
            let (json, repeats) = yaml::read::lenient(bytes).map_err(|error| unrecognized(kind, bytes, &error))?;
            (Node::from(json), repeats)
        }
    };
    if matches!(node, Node::Object(_)) {
        return Ok((node, findings));
    }
    Err(unrecognized(kind, bytes, &no_object(&node)))
}

/// Returns the kind and the version that an object names, or the given ones.
fn named_type(node: &Node, kind: &str, version: &str) -> (String, String) {
    let text = |name: &str, default: &str| match node.get(name) {
        Some(Node::String(text)) if !text.is_empty() => text.clone(),
        _ => default.to_owned(),
    };
    (text("kind", kind), text("apiVersion", version))
}

fn unhandled(kind: &str, given_kind: &str, version: &str, why: &str) -> String {
    format!("{given_kind} in version \"{version}\" cannot be handled as a {kind}: {why}")
}

/// Checks `kind` and `apiVersion`.
///
/// # Errors
/// The scheme's message about a kind that is unknown or not the expected one.
pub fn type_meta(kind: &str, given_kind: &str, version: &str) -> Result<(), String> {
    if version != "v1" || !OTHER_KINDS.contains(&given_kind) {
        return Err(format!("no kind \"{given_kind}\" is registered for version \"{version}\" in scheme \"{SCHEME}\""));
    }
    if given_kind != kind {
        return Err(format!("converting (v1.{given_kind}) to (core.{kind}): unknown conversion"));
    }
    Ok(())
}

/// Returns the 400 for a body that is not an object. It contains the body only if that has at most four bytes, too few
/// for a value.
fn unrecognized(kind: &str, bytes: &[u8], why: &str) -> Status {
    let begin = match bytes {
        [] => "<empty>".to_owned(),
        bytes if bytes.len() > 4 => "<redacted>".to_owned(),
        [b'{', ..] => String::from_utf8_lossy(bytes).into_owned(),
        bytes => bytes.iter().map(|b| format!("{b:02x}")).collect(),
    };
    Status::bad_request(format!("the object provided is unrecognized (must be of type {kind}): {why} ({begin})"))
}

/// Applies `fieldValidation` to the findings: returns them as warnings, or none.
///
/// # Errors
/// 400 with all findings, if validation is strict.
pub fn apply_field_validation(
    kind: &str,
    validation: FieldValidation,
    findings: Vec<String>,
) -> Result<Vec<String>, Status> {
    match validation {
        FieldValidation::Warn => Ok(findings),
        FieldValidation::Strict if !findings.is_empty() => {
            // The findings of go-yaml are one error of several lines.
            let (lines, mut findings): (Vec<_>, Vec<_>) = findings.into_iter().partition(|f| f.starts_with("line "));
            if !lines.is_empty() {
                findings.insert(0, repeated(&lines));
            }
            let findings = findings.join(", ");
            let text =
                format!("{kind} in version \"v1\" cannot be handled as a {kind}: strict decoding error: {findings}");
            Err(Status::bad_request(text))
        }
        _ => Ok(Vec::new()),
    }
}

/// Returns go-yaml's error about duplicate keys.
fn repeated(lines: &[String]) -> String {
    format!("yaml: unmarshal errors:\n  {}", lines.join("\n  "))
}

/// Parses the body of an apply, which is YAML (or JSON, which is YAML); returns it with its warnings.
///
/// # Errors
/// 400 if it is not valid YAML; if it has duplicate keys and validation is strict.
pub fn applied(bytes: &[u8], validation: FieldValidation) -> Result<(serde_json::Value, Vec<String>), Status> {
    let (json, repeats) = yaml::read::lenient(bytes)
        .map_err(|error| Status::bad_request(format!("error decoding YAML: error converting YAML to JSON: {error}")))?;
    let sort = match &json {
        serde_json::Value::Object(_) | serde_json::Value::Null => None,
        serde_json::Value::Array(_) => Some("array"),
        serde_json::Value::String(_) => Some("string"),
        serde_json::Value::Number(_) => Some("number"),
        serde_json::Value::Bool(_) => Some("bool"),
    };
    if let Some(sort) = sort {
        return Err(Status::bad_request(format!(
            "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {sort} into Go value \
             of type map[string]interface {{}}"
        )));
    }
    match validation {
        FieldValidation::Strict if !repeats.is_empty() => {
            let text = format!("error strict decoding YAML: error converting YAML to JSON: {}", repeated(&repeats));
            Err(Status::bad_request(text))
        }
        FieldValidation::Warn => Ok((json, repeats)),
        _ => Ok((json, Vec::new())),
    }
}

/// Parses the body of a DELETE.
///
/// Invariant: a member of the wrong type is an error. A precondition or dry run that is not understood must not delete
/// anything.
///
/// # Errors
/// 400 for malformed options, in the words of the scheme or of Go's decoder.
pub fn delete_options(media: Media, bytes: &[u8]) -> Result<serde_json::Value, Status> {
    const KIND: &str = "DeleteOptions";
    let node = match media {
        Media::Json => json_read::parse(bytes)
            .map_err(|error| Status::bad_request(format!("couldn't get version/kind; json parse error: {error}")))?,
        Media::Yaml | Media::Protobuf => Node::from(any(media, bytes, KIND)?),
    };
    if !matches!(node, Node::Object(_) | Node::Null) {
        return Err(Status::bad_request(no_object(&node)));
    }
    let (kind, version) = named_type(&node, KIND, "v1");
    if kind != KIND || !matches!(version.as_str(), "v1" | "meta.k8s.io/v1") {
        let (kind, version) = (quote(&kind), quote(&version));
        let text = format!("no kind {kind} is registered for version {version} in scheme \"{SCHEME}\"");
        return Err(Status::bad_request(text));
    }
    schema::delete_options(node).map_err(Status::bad_request)
}

/// Parses a body that should be a `kind`, other than Secret and Namespace.
///
/// # Errors
/// 400 if it cannot be parsed.
pub fn any(media: Media, bytes: &[u8], kind: &str) -> Result<serde_json::Value, Status> {
    match media {
        Media::Json => json_read::parse(bytes)
            .map(Node::into_json)
            .map_err(|error| Status::bad_request(format!("couldn't get version/kind; json parse error: {error}"))),
        Media::Yaml => yaml::read::lenient(bytes).map(|(json, _)| json).map_err(Status::bad_request),
        Media::Protobuf => protobuf::decode(bytes, kind).map_err(|malformed| {
            let (Malformed::Unrecognized(why) | Malformed::Undecodable { reason: why, .. }) = malformed;
            Status::bad_request(why)
        }),
    }
}
