//! Reviews: whether the client may do something, what it may do, and who it is.

use http::{Response, request::Parts};
use serde_json::{Value as Json, json};

use crate::{
    Inner,
    access::{
        identity::Identity,
        rules::{self, Attributes, Target},
    },
    decode, encode,
    http::{
        body::Body,
        negotiate::{self, Endpoint},
        options::{Verb, WriteOptions},
        query::Query,
        route::Review,
    },
};
use secret::{
    status::{Cause, Status},
    validate,
    validate::FieldError,
};

/// Answers a review.
///
/// # Errors
/// 400 and 415 for its body, 422 for a spec that names nothing or too much, and for invalid options.
pub fn review(
    server: &Inner,
    review: Review,
    parts: &Parts,
    body: &[u8],
    identity: &Identity,
) -> Result<Response<Body>, Status> {
    let format = negotiate::accept(parts, Endpoint::Object)?;
    let media = negotiate::content_type(&parts.headers)?;
    let options = WriteOptions::parse(&Query::parse(parts.uri.query().unwrap_or_default()), Verb::Create)?;
    let decoded = decode::review(review, media, body)?;
    let warnings = decode::apply_field_validation(review.kind(), options.field_validation, decoded.findings)?;
    let asked = decoded.object;
    let mut answer = match review {
        Review::Access => access(&asked, identity)?,
        Review::Rules => rules(&asked, identity)?,
        Review::Who => json!({
            "metadata": {"creationTimestamp": server.clock_rng.timestamp()},
            "status": {"userInfo": identity.to_json()},
        }),
    };
    answer["kind"] = json!(review.kind());
    answer["apiVersion"] = json!(format!("{}/v1", review.group()));
    let mut response = encode::object(201, &answer, format);
    encode::warn(&mut response, &warnings);
    Ok(response)
}

fn access(asked: &Json, identity: &Identity) -> Result<Json, Status> {
    let spec = &asked["spec"];
    let (resource, path) = (spec.get("resourceAttributes"), spec.get("nonResourceAttributes"));
    let mut errors = Vec::new();
    match (resource, path) {
        (Some(_), Some(path)) => {
            // Why not the body's names: kube-apiserver's internal type has no JSON tags.
            let shown = json!({"Path": text(path, "path"), "Verb": text(path, "verb")}).to_string();
            let why = "cannot be specified in combination with resourceAttributes";
            errors.push(FieldError::invalid("spec.nonResourceAttributes", &shown, why));
        }
        (None, None) => {
            let why = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
            errors.push(FieldError::invalid("spec.resourceAttributes", "null", why));
        }
        _ => {}
    }
    let metadata = given_metadata(&asked["metadata"]);
    if metadata != json!({}) {
        errors.push(FieldError::invalid("metadata", &metadata.to_string(), "must be empty"));
    }
    if !errors.is_empty() {
        return Err(invalid(&errors));
    }
    let attributes = match (resource, path) {
        (_, Some(path)) => Attributes::Path { verb: text(path, "verb"), path: text(path, "path") },
        (resource, None) => {
            let of = |name: &str| resource.map(|resource| text(resource, name)).unwrap_or_default();
            Attributes::Resource(Target {
                verb: of("verb"),
                group: of("group"),
                resource: of("resource"),
                subresource: of("subresource"),
                namespace: of("namespace"),
                name: of("name"),
            })
        }
    };
    let allowed = rules::allows(identity, &attributes);
    Ok(json!({"metadata": {}, "spec": spec, "status": {"allowed": allowed}}))
}

fn rules(asked: &Json, identity: &Identity) -> Result<Json, Status> {
    if text(&asked["spec"], "namespace").is_empty() {
        return Err(Status::bad_request("no namespace on request"));
    }
    Ok(json!({"metadata": {}, "spec": {}, "status": rules::rules(identity)}))
}

fn text(of: &Json, name: &str) -> String {
    of[name].as_str().unwrap_or_default().to_owned()
}

/// Returns the metadata that counts when an object's metadata must be empty. The namespace does not: kube-apiserver
/// drops it from cluster-scoped objects.
fn given_metadata(metadata: &Json) -> Json {
    let empty = |value: &Json| match value {
        Json::Null => true,
        Json::Number(number) => number.as_i64() == Some(0),
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        Json::Bool(_) => false,
    };
    let members = metadata.as_object().into_iter().flatten();
    let members =
        members.filter(|(name, value)| !["namespace", "managedFields"].contains(&name.as_str()) && !empty(value));
    Json::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// Returns the 422. The message has no kind, since conversion to the internal type drops it.
fn invalid(errors: &[FieldError]) -> Status {
    let group = Review::Access.group();
    let causes = errors
        .iter()
        .map(|e| Cause { reason: e.reason.as_str().into(), message: e.body.clone(), field: e.field.clone() })
        .collect::<Vec<_>>();
    Status::new(422, "Invalid", validate::message(&format!(".{group}"), "", errors))
        .details(json!({"group": group}))
        .causes(&causes)
}
