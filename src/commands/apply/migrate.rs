//! Migration of field ownership from client-side to server-side apply (client-go's `util/csaupgrade`). Pure.

use serde_json::{Map, Value as Json, json};

use crate::{
    client::Failure,
    secret::{LAST_APPLIED, last_applied},
};

/// Returns the managers that own the last-applied annotation by `operation`, each once. Those that own it by `Update`
/// did client-side apply.
pub fn owners(object: &Json, operation: &str) -> Vec<String> {
    let field = format!("f:{LAST_APPLIED}");
    let owning = entries(object).iter().filter(|entry| {
        entry["operation"] == operation && entry["fieldsV1"]["f:metadata"]["f:annotations"].get(&field).is_some()
    });
    let mut names: Vec<String> = owning.filter_map(|entry| entry["manager"].as_str().map(str::to_owned)).collect();
    names.sort();
    names.dedup();
    names
}

/// Returns the JSON patch that gives `manager`, by apply, the fields that `former` own by update; `None` if that
/// changes nothing.
pub fn patch(object: &Json, former: &[String], manager: &str) -> Option<Json> {
    let before = entries(object);
    let mut after = before.to_vec();
    for name in former {
        after = upgraded(after, name, manager);
    }
    (after != before).then(|| {
        json!([
            {"op": "replace", "path": "/metadata/managedFields", "value": after},
            // Why `replace`: the server answers 422 to a failed `test`, but 409, a conflict, to an update with another
            // version.
            {"op": "replace", "path": "/metadata/resourceVersion", "value": object["metadata"]["resourceVersion"]},
        ])
    })
}

/// Returns whether every conflict is about a value that client-side apply wrote and still owns. kubectl may take over
/// what the last-applied annotation says if the object still has it: kube-apiserver treats the annotation as a manager
/// (`lastAppliedManager`). Here the annotation has no values, so ownership decides: the owner of a value is its last
/// writer.
/// value is who wrote it last.
pub fn allowed(failure: &Failure, live: &Json) -> bool {
    let Some(last) = last_applied::of(live).and_then(|text| serde_json::from_str::<Json>(text).ok()) else {
        return false;
    };
    let former = owners(live, "Update");
    let causes = failure.status().and_then(|status| status.details.as_ref()).map(|details| details.causes.as_slice());
    let causes = causes.unwrap_or_default();
    !causes.is_empty()
        && causes.iter().all(|cause| {
            let Some(key) = cause.field.strip_prefix(".data.") else { return false };
            let field = format!("f:{key}");
            let owner = |entry: &&Json| entry["fieldsV1"]["f:data"].get(&field).is_some();
            let by_client = |entry: &Json| {
                entry["operation"] == "Update" && former.iter().any(|name| entry["manager"] == name.as_str())
            };
            last["data"].get(key).is_some() && entries(live).iter().filter(owner).all(by_client)
        })
}

fn entries(object: &Json) -> &[Json] {
    object["metadata"]["managedFields"].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn upgraded(mut entries: Vec<Json>, former: &str, manager: &str) -> Vec<Json> {
    let is = |entry: &Json, name: &str, operation: &str| {
        entry["manager"] == name
            && entry["operation"] == operation
            && entry["subresource"].as_str().is_none_or(str::is_empty)
    };
    let of_manager = entries.iter().position(|entry| is(entry, manager, "Apply"));
    let Some(own) = of_manager.or_else(|| {
        // The most recent entry is first, and becomes that of `manager`.
        let first = entries.iter().position(|entry| is(entry, former, "Update"))?;
        let entry = entries.get_mut(first)?;
        entry["manager"] = manager.into();
        entry["operation"] = "Apply".into();
        Some(first)
    }) else {
        return entries;
    };
    let version = entries.get(own).map(|entry| entry["apiVersion"].clone()).unwrap_or_default();
    let other = entries.iter().find(|entry| is(entry, former, "Update") && entry["apiVersion"] == version);
    let fields = other.and_then(|entry| entry["fieldsV1"].as_object()).cloned().unwrap_or_default();
    if let Some(Json::Object(into)) = entries.get_mut(own).map(|entry| &mut entry["fieldsV1"]) {
        unite(into, fields);
    }
    entries.retain(|entry| !is(entry, former, "Update"));
    entries
}

/// Merges two sets of fields. In a set, a field that is itself a member is an empty map or, if it has children,
/// contains `.`.
fn unite(into: &mut Map<String, Json>, from: Map<String, Json>) {
    for (field, theirs) in from {
        match (into.get_mut(&field), theirs) {
            (Some(Json::Object(ours)), Json::Object(theirs)) => {
                let itself = [&*ours, &theirs].iter().any(|fields| fields.is_empty() || fields.contains_key("."));
                unite(ours, theirs);
                if itself && !ours.is_empty() {
                    ours.insert(".".to_owned(), json!({}));
                }
            }
            (_, theirs) => {
                into.insert(field, theirs);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Status;

    fn entry(manager: &str, operation: &str, data: Json, annotation: bool) -> Json {
        let mut fields = json!({"f:data": data});
        if annotation {
            fields["f:metadata"] = json!({"f:annotations": {".": {}, format!("f:{LAST_APPLIED}"): {}}});
        }
        json!({"manager": manager, "operation": operation, "apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": fields})
    }

    fn object(entries: &[Json]) -> Json {
        json!({"metadata": {"resourceVersion": "7", "managedFields": entries,
            "annotations": {LAST_APPLIED: "{\"data\":{\"a\":\"\",\"b\":\"\"}}"}}})
    }

    #[test]
    fn what_client_side_apply_owned_is_united_with_what_was_applied() {
        let live = object(&[
            entry("kubectl", "Apply", json!({"f:a": {}}), false),
            entry("kubectl-client-side-apply", "Update", json!({".": {}, "f:a": {}, "f:b": {}}), true),
            entry("other", "Update", json!({"f:c": {}}), false),
        ]);
        assert_eq!(owners(&live, "Update"), ["kubectl-client-side-apply"]);
        assert!(owners(&live, "Apply").is_empty());
        let patch = patch(&live, &owners(&live, "Update"), "kubectl").expect("a patch");
        assert_eq!(
            patch,
            json!([
                {"op": "replace", "path": "/metadata/managedFields", "value": [
                    entry("kubectl", "Apply", json!({".": {}, "f:a": {}, "f:b": {}}), true),
                    entry("other", "Update", json!({"f:c": {}}), false),
                ]},
                {"op": "replace", "path": "/metadata/resourceVersion", "value": "7"},
            ])
        );
    }

    #[test]
    fn without_an_entry_of_the_manager_the_newest_becomes_it() {
        let live = object(&[
            entry("csa", "Update", json!({"f:a": {}}), true),
            entry("csa", "Update", json!({"f:old": {}}), true),
        ]);
        let patch = patch(&live, &["csa".to_owned()], "ci").expect("a patch");
        assert_eq!(patch[0]["value"], json!([entry("ci", "Apply", json!({"f:a": {}, "f:old": {}}), true)]));
        assert_eq!(super::patch(&object(&[entry("x", "Update", json!({}), false)]), &["csa".to_owned()], "ci"), None);
    }

    /// Makes a conflict about these fields.
    fn conflict(fields: &[&str]) -> Failure {
        let causes: Vec<Json> = fields
            .iter()
            .map(|field| json!({"reason": "FieldManagerConflict", "message": "conflict with \"x\"", "field": field}))
            .collect();
        let status = json!({"kind": "Status", "status": "Failure", "reason": "Conflict", "code": 409,
            "message": "Apply failed", "details": {"causes": causes}});
        let status = Status::parse(status.to_string().as_bytes(), 409).expect("a Status");
        Failure::Status(Box::new(status))
    }

    #[test]
    fn conflicts_with_client_side_apply_alone_give_way() {
        let csa = || entry("csa", "Update", json!({"f:a": {}, "f:b": {}, "f:z": {}}), true);
        let live = object(&[csa(), entry("other", "Update", json!({"f:c": {}}), false)]);
        for (fields, expected) in [
            (&[".data.a"][..], true),
            (&[".data.a", ".data.b"], true),
            // One other conflict makes the answer `false` for all.
            (&[".data.a", ".data.c"], false),
            (&[".data.a", ".type"], false),
            (&[".data.a", ".metadata.labels.a"], false),
            // Client-side apply owns it, but it is not among the keys that it applied.
            (&[".data.z"], false),
            (&[".data"], false),
            (&[], false),
        ] {
            assert_eq!(allowed(&conflict(fields), &live), expected, "{fields:?}");
        }
    }

    #[test]
    fn a_value_that_another_manager_wrote_since_does_not_give_way() {
        let csa = || entry("csa", "Update", json!({"f:a": {}}), true);
        let of = |entries: &[Json]| allowed(&conflict(&[".data.a"]), &object(entries));
        assert!(of(&[csa()]));
        assert!(!of(&[csa(), entry("other", "Update", json!({"f:a": {}}), false)]));
        assert!(!of(&[csa(), entry("other", "Apply", json!({"f:a": {}}), false)]));
        // Neither the annotation alone nor an `Apply` entry that contains it means client-side apply.
        assert!(!of(&[entry("csa", "Apply", json!({"f:a": {}}), true)]));
        assert!(!of(&[entry("csa", "Update", json!({"f:a": {}}), false)]));
        // Without the annotation there was no client-side apply.
        let mut live = object(&[csa()]);
        live["metadata"]["annotations"] = json!({});
        assert!(!allowed(&conflict(&[".data.a"]), &live));
        live["metadata"]["annotations"] = json!({ LAST_APPLIED: "no JSON" });
        assert!(!allowed(&conflict(&[".data.a"]), &live));
    }

    #[test]
    fn other_failures_do_not_give_way() {
        let live = object(&[entry("csa", "Update", json!({"f:a": {}}), true)]);
        let text = r#"{"kind":"Status","status":"Failure","reason":"Forbidden","message":"no","code":403}"#;
        let status = Status::parse(text.as_bytes(), 403).expect("a Status");
        assert!(!allowed(&Failure::Status(Box::new(status)), &live));
    }

    #[test]
    fn a_map_that_is_owned_itself_stays_so() {
        let mut set = json!({"f:data": {}, "f:x": {"f:y": {}}}).as_object().cloned().expect("a map");
        unite(&mut set, json!({"f:data": {"f:a": {}}, "f:x": {"f:z": {}}}).as_object().cloned().expect("a map"));
        assert_eq!(Json::Object(set), json!({"f:data": {".": {}, "f:a": {}}, "f:x": {"f:y": {}, "f:z": {}}}));
    }
}
