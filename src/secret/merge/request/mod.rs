//! The PATCH request: its four content types, their bodies, and the server's words for errors. The patches themselves
//! are in [`crate::merge`]; the merging of server-side apply is in the crate `server`.

mod body;

use serde_json::{Map, Value as Json, json};

use crate::{
    merge,
    status::{Cause, Status},
};

/// The content types of a PATCH.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `application/json-patch+json`
    Json,
    /// `application/merge-patch+json`
    Merge,
    /// `application/strategic-merge-patch+json`
    Strategic,
    /// `application/apply-patch+yaml`
    Apply,
}

impl Kind {
    /// Parses a `Content-Type`, ignoring its parameters; returns `None` for types that are answered with 415.
    pub fn parse(content_type: &str) -> Option<Self> {
        let media = content_type.split_once(';').map_or(content_type, |(media, _)| media);
        Some(match media {
            "application/json-patch+json" => Self::Json,
            "application/merge-patch+json" => Self::Merge,
            "application/strategic-merge-patch+json" => Self::Strategic,
            "application/apply-patch+yaml" => Self::Apply,
            _ => return None,
        })
    }
}

/// The result of a patch.
pub struct Patched {
    /// The object, not yet decoded as its type: it may have unknown fields, invalid base64 and `stringData`.
    pub object: Json,
    /// The findings of strict decoding of the patch itself, as warnings: `duplicate field "data.a"`.
    pub findings: Vec<String>,
}

/// How many operations a JSON patch may have: kube-apiserver's `maxJSONPatchOperations`.
const MAX_OPERATIONS: usize = 10_000;

/// Applies a JSON patch to the object as it is served (with `managedFields`).
///
/// # Errors
/// 400 for a body that is not a list of operations, 413 for too many, 422 without details for a patch that cannot be
/// applied.
pub fn json_patch(current: &Json, body: &[u8]) -> Result<Patched, Status> {
    let (patch, findings) = body::parse_operations(body).map_err(bad_patch)?;
    let go_type = "[]handlers.jsonPatchOp";
    let operations = match patch {
        Json::Array(operations) => operations,
        Json::Null => Vec::new(),
        other => return Err(bad_patch(body::wrong_type(&other, go_type))),
    };
    for operation in &operations {
        match operation {
            Json::Null => {}
            Json::Object(members) => {
                for name in ["op", "path", "from"] {
                    if let Some(value) = members.get(name).filter(|v| !v.is_string() && !v.is_null()) {
                        let found = go::type_name(value);
                        return Err(bad_patch(format!(
                            "json: cannot unmarshal {found} into Go struct field jsonPatchOp.{name} of type string"
                        )));
                    }
                }
            }
            other => return Err(bad_patch(body::wrong_type(other, "handlers.jsonPatchOp"))),
        }
    }
    if operations.len() > MAX_OPERATIONS {
        let text = format!(
            "Request entity too large: The allowed maximum operations in a JSON patch is {MAX_OPERATIONS}, got {}",
            operations.len()
        );
        return Err(Status::new(413, "RequestEntityTooLarge", text));
    }
    let object = merge::json_patch(current.clone(), &operations).map_err(|_| rejected())?;
    let findings = findings.into_iter().map(|finding| format!("json patch {finding}")).collect();
    Ok(Patched { object, findings })
}

/// Applies a JSON merge patch to the object as it is served.
///
/// # Errors
/// 400 for a body that is not a map.
pub fn merge_patch(current: &Json, body: &[u8]) -> Result<Patched, Status> {
    let (patch, findings) = body::parse(body).map_err(bad_patch)?;
    let patch = match patch {
        Json::Object(patch) => patch,
        Json::Null => return Err(Status::bad_request("Invalid JSON Patch")),
        other => return Err(bad_patch(body::wrong_type(&other, body::MAP))),
    };
    let mut object = as_map(current);
    merge::merge_patch(&mut object, patch);
    Ok(Patched { object: Json::Object(object), findings })
}

/// Applies a strategic merge patch to the object as it is served.
///
/// # Errors
/// 400 for a body that is not a map and for malformed directives, 422 and 500 where kube-apiserver has them.
pub fn strategic_merge_patch(current: &Json, body: &[u8]) -> Result<Patched, Status> {
    let (patch, findings) = body::parse(body).map_err(Status::bad_request)?;
    let patch = match patch {
        Json::Object(patch) => patch,
        Json::Null => Map::new(),
        other => return Err(Status::bad_request(body::wrong_type(&other, body::MAP))),
    };
    let object = merge::strategic(as_map(current), patch).map_err(|error| match error {
        merge::Error::Malformed(text) => Status::bad_request(text),
        merge::Error::Unprocessable(_) => rejected(),
        merge::Error::Other(text) => Status::internal(text),
    })?;
    Ok(Patched { object: Json::Object(object), findings })
}

/// Returns the 422 for a patch whose result cannot be decoded, or has findings under `fieldValidation=Strict`. `reason`
/// is the decoder's text (`illegal base64 data at input byte 0`, `strict decoding error: unknown field "dataa"`).
/// kube-apiserver repeats the whole object, or the patch, where this has `<redacted>`.
pub fn undecodable(reason: &str) -> Status {
    let message = format!("Invalid value: \"<redacted>\": {reason}");
    Status::new(422, "Invalid", format!(" \"\" is invalid: patch: {message}")).causes(&[Cause {
        reason: "FieldValueInvalid".into(),
        message,
        field: "patch".into(),
    }])
}

/// Returns the 422 for a patch that cannot be applied, without a reason.
fn rejected() -> Status {
    Status::new(422, "Invalid", "the server rejected our request due to an error in our request").details(json!({}))
}

fn bad_patch(reason: String) -> Status {
    Status::bad_request(format!("error decoding patch: {reason}"))
}

fn as_map(current: &Json) -> Map<String, Json> {
    current.as_object().cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Patcher = fn(&Json, &[u8]) -> Result<Patched, Status>;

    fn failure(patcher: Patcher, body: &str) -> (u16, String) {
        let current = json!({"metadata": {"name": "s", "finalizers": ["a"], "ownerReferences": [{"uid": "1"}]}, "data": {"a": "MQ=="}});
        match patcher(&current, body.as_bytes()) {
            Ok(_) => panic!("{body} applies"),
            Err(status) => (status.code, status.message),
        }
    }

    #[test]
    fn failures_have_the_servers_words() {
        let rejected = "the server rejected our request due to an error in our request";
        for (patcher, body, code, message) in [
            (
                json_patch as Patcher,
                "{}",
                400,
                "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
            ),
            (
                json_patch,
                "[1]",
                400,
                "error decoding patch: json: cannot unmarshal number into Go value of type handlers.jsonPatchOp",
            ),
            (json_patch, r#"[{"op":"add","path":"/x/y","value":1}]"#, 422, rejected),
            (json_patch, r#"[null]"#, 422, rejected),
            (merge_patch, "{", 400, "error decoding patch: unexpected end of JSON input"),
            (
                merge_patch,
                "[]",
                400,
                "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}",
            ),
            (merge_patch, "null", 400, "Invalid JSON Patch"),
            (strategic_merge_patch, "{", 400, "unexpected end of JSON input"),
            (strategic_merge_patch, r#"{"data":{"$retainKeys":"a"}}"#, 400, "invalid patch format of retainKeys"),
            (strategic_merge_patch, r#"{"metadata":{"finalizers":[["x"]]}}"#, 422, rejected),
        ] {
            assert_eq!(failure(patcher, body), (code, message.to_owned()), "{body}");
        }
        let many = format!("[{}]", vec!["null"; 10_001].join(","));
        assert_eq!(failure(json_patch, &many).0, 413);
    }

    #[test]
    fn what_is_said_twice_is_found() {
        let twice = |patcher: Patcher, body: &str| patcher(&json!({}), body.as_bytes()).map(|p| p.findings);
        let merge = twice(merge_patch, r#"{"data":{"a":"1","a":"2"},"type":"x","type":"y"}"#);
        assert_eq!(merge, Ok(vec![r#"duplicate field "data.a""#.to_owned(), r#"duplicate field "type""#.to_owned()]));
        let json = twice(json_patch, r#"[{"op":"add","op":"add","op":"add","path":"/a","value":{}}]"#);
        assert_eq!(json, Ok(vec![r#"json patch duplicate field "[0].op""#.to_owned()]));
    }

    #[test]
    fn operations_have_no_members_but_four() {
        let body = r#"[{"comment":{"a":1,"a":2},"op":"add","path":"/a","path":"/b","From":"x","value":{"c":1,"c":2,"from":1}}]"#;
        let findings = json_patch(&json!({}), body.as_bytes()).map(|p| p.findings);
        let expected = [
            r#"json patch unknown field "[0].comment""#,
            r#"json patch duplicate field "[0].path""#,
            r#"json patch unknown field "[0].From""#,
            r#"json patch duplicate field "[0].value.c""#,
        ];
        assert_eq!(findings, Ok(expected.map(str::to_owned).to_vec()));
    }

    #[test]
    fn no_failure_repeats_a_value() {
        for body in [
            r#"{"metadata":{"finalizers":["hunter2",{"x":"hunter2"}]}}"#,
            r#"{"metadata":{"ownerReferences":[{"name":"hunter2"}]}}"#,
            r#"{"data":{"$patch":"hunter2"}}"#,
            r#"{"metadata":{"$setElementOrder/finalizers":["hunter2"],"finalizers":["hunter3"]}}"#,
        ] {
            assert!(!failure(strategic_merge_patch, body).1.contains("hunter"), "{body}");
        }
        assert!(!undecodable("illegal base64 data at input byte 0").to_json().to_string().contains("hunter"));
    }

    fn json() -> impl Strategy<Value = Json> {
        let key = || {
            proptest::sample::select(vec![
                "data",
                "metadata",
                "finalizers",
                "ownerReferences",
                "uid",
                "a",
                "$patch",
                "$retainKeys",
                "$setElementOrder/finalizers",
                "$deleteFromPrimitiveList/finalizers",
                "$setElementOrder/x",
            ])
        };
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            "delete|replace|merge|a|b".prop_map(Json::from),
        ];
        leaf.prop_recursive(4, 24, 3, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..3).prop_map(Json::from),
                proptest::collection::btree_map(key().prop_map(String::from), inner, 0..4)
                    .prop_map(|m| m.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #![proptest_config(crate::properties::config(256))]

        #[test]
        fn nothing_panics(current in json(), patch in json(), garbage in proptest::collection::vec(any::<u8>(), 0..64)) {
            for body in [patch.to_string().into_bytes(), garbage] {
                for patcher in [json_patch as Patcher, merge_patch, strategic_merge_patch] {
                    let _ = patcher(&current, &body);
                }
            }
        }
    }
}
