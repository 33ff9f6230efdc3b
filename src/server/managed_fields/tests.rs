use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;

const NOON: &str = "2026-01-01T12:00:00Z";
const LATER: &str = "2026-01-01T12:00:09Z";

fn write(manager: &'static str) -> Write<'static> {
    Write { resource: Resource::Secrets, manager, subresource: "", now: NOON }
}

fn secret(more: Json) -> Json {
    let mut object = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}});
    for (name, value) in more.as_object().into_iter().flatten() {
        if name == "metadata" {
            for (name, value) in value.as_object().into_iter().flatten() {
                object["metadata"][name] = value.clone();
            }
        } else {
            object[name] = value.clone();
        }
    }
    object
}

/// The object as a server keeps it.
fn stored(mut object: Json) -> Json {
    object["metadata"]["uid"] = json!("u");
    object["type"] = json!("Opaque");
    object
}

fn created(more: Json, manager: &'static str) -> Json {
    let mut object = secret(more);
    object["type"] = json!("Opaque");
    update(None, &mut object, &write(manager));
    stored(object)
}

/// `MANAGER OPERATION [time] FIELDS`, an entry a line.
fn entries(object: &Json) -> Vec<String> {
    let entries = object["metadata"]["managedFields"].as_array().cloned().unwrap_or_default();
    let line = |entry: &Json| {
        let text = |name: &str| entry[name].as_str().unwrap_or("-").to_owned();
        format!("{} {} {} {}", text("manager"), text("operation"), text("time"), entry["fieldsV1"])
    };
    entries.iter().map(line).collect()
}

fn failure(live: Option<&Json>, applied: &Json, manager: &'static str) -> Status {
    match apply(live, applied, &write(manager), false) {
        Err(status) => status,
        Ok(object) => panic!("applied: {}", entries(&object).join("\n")),
    }
}

#[test]
fn the_first_apply_finds_what_was_before() {
    let live = stored(secret(json!({"data": {"a": "MQ==", "b": "Mg=="}})));
    let same = apply(Some(&live), &secret(json!({"data": {"a": "MQ=="}})), &write("m"), false).unwrap();
    assert_eq!(
        entries(&same),
        [
            r#"m Apply - {"f:data":{"f:a":{}}}"#,
            r#"before-first-apply Update 2026-01-01T12:00:00Z {"f:data":{".":{},"f:a":{},"f:b":{}},"f:type":{}}"#,
        ]
    );
    let status = failure(Some(&live), &secret(json!({"data": {"a": "OQ==", "b": "OQ=="}})), "m");
    assert_eq!(
        (status.code, status.message.as_str()),
        (409, "Apply failed with 2 conflicts: conflicts with \"before-first-apply\" using v1:\n- .data.a\n- .data.b")
    );
    let forced = apply(Some(&live), &secret(json!({"data": {"a": "OQ=="}})), &write("m"), true).unwrap();
    assert_eq!(forced["data"], json!({"a": "OQ==", "b": "Mg=="}));
    assert_eq!(
        entries(&forced)[1],
        r#"before-first-apply Update 2026-01-01T12:00:00Z {"f:data":{".":{},"f:b":{}},"f:type":{}}"#
    );
}

#[test]
fn lists_are_owned_by_element() {
    let owner = |uid: &str, name: &str| json!({"apiVersion": "v1", "kind": "Pod", "name": name, "uid": uid});
    let live = created(json!({"metadata": {"finalizers": ["e/a"], "ownerReferences": [owner("1", "p")]}}), "m");
    let applied = secret(json!({"metadata": {"finalizers": ["e/b"], "ownerReferences": [owner("2", "q")]}}));
    let both = apply(Some(&live), &applied, &write("n"), false).unwrap();
    assert_eq!(both["metadata"]["finalizers"], json!(["e/a", "e/b"]));
    assert_eq!(both["metadata"]["ownerReferences"], json!([owner("1", "p"), owner("2", "q")]));
    assert_eq!(
        entries(&both)[0],
        r#"n Apply 2026-01-01T12:00:00Z {"f:metadata":{"f:finalizers":{"v:\"e/b\"":{}},"f:ownerReferences":{"k:{\"uid\":\"2\"}":{}}}}"#
    );
    let status = failure(Some(&both), &secret(json!({"metadata": {"ownerReferences": [owner("1", "x")]}})), "o");
    assert_eq!(
        status.message,
        "Apply failed with 1 conflict: conflict with \"m\" using v1: .metadata.ownerReferences[uid=\"1\"]"
    );
    let without = apply(Some(&both), &secret(json!({})), &write("n"), false).unwrap();
    assert_eq!(without["metadata"]["finalizers"], json!(["e/a"]));
}

#[test]
fn string_data_is_owned_as_such() {
    let applied = secret(json!({"stringData": {"a": "1"}}));
    let object = apply(None, &applied, &write("m"), false).unwrap();
    assert_eq!(entries(&object), [r#"m Apply 2026-01-01T12:00:00Z {"f:stringData":{"f:a":{}}}"#]);
    let mut live = stored(object);
    live["data"] = json!({"a": "MQ=="});
    live.as_object_mut().unwrap().remove("stringData");
    let status = failure(Some(&live), &applied, "n");
    assert_eq!(status.message, "Apply failed with 1 conflict: conflict with \"m\": .stringData.a");
}

#[test]
fn times_stay_when_nothing_else_changes() {
    let live = created(json!({"data": {"a": "MQ=="}}), "m");
    let mut again = live.clone();
    again["metadata"]["managedFields"][0]["time"] = json!(LATER);
    keep_times(&live, &mut again, Resource::Secrets);
    assert_eq!(again, live);
    again["metadata"]["managedFields"][0]["time"] = json!(LATER);
    again["data"]["a"] = json!("Mg==");
    keep_times(&live, &mut again, Resource::Secrets);
    assert_eq!(again["metadata"]["managedFields"][0]["time"], LATER);
}

#[test]
fn what_a_client_says_of_managers_counts() {
    let live = created(json!({"data": {"a": "MQ=="}}), "m");
    for reset in [json!([]), json!([{}])] {
        let mut new = live.clone();
        new["metadata"]["managedFields"] = reset;
        update(Some(&live), &mut new, &write("n"));
        assert_eq!(new["metadata"].get("managedFields"), None);
    }
    let mut new = live.clone();
    new["metadata"]["managedFields"][0]["manager"] = json!("renamed");
    update(Some(&live), &mut new, &write("n"));
    assert_eq!(entries(&new)[0].split(' ').next(), Some("renamed"));
    let mut new = live.clone();
    new["metadata"]["managedFields"] = json!([{"manager": "bad"}]);
    update(Some(&live), &mut new, &write("n"));
    assert_eq!(new["metadata"]["managedFields"], live["metadata"]["managedFields"]);
}

#[test]
fn kubectl_takes_over_what_client_side_apply_said() {
    let last = secret(json!({"data": {"a": "MQ=="}}));
    let annotations = json!({last_applied_name(): last.to_string()});
    let live = created(
        json!({"data": {"a": "MQ==", "b": "Mg=="}, "metadata": {"annotations": annotations}}),
        "kubectl-client-side-apply",
    );
    let change = secret(json!({"data": {"a": "OQ=="}}));
    let taken = apply(Some(&live), &change, &write("kubectl"), false).unwrap();
    assert_eq!(taken["data"], json!({"a": "OQ==", "b": "Mg=="}));
    assert_eq!(taken["metadata"]["annotations"][last_applied_name()], format!("{change}\n"));
    let both = secret(json!({"data": {"a": "OQ==", "b": "OQ=="}}));
    let status = failure(Some(&live), &both, "kubectl");
    assert_eq!(
        status.message,
        "Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using v1: .data.b"
    );
    assert_eq!(failure(Some(&live), &change, "other").code, 409);
}

fn last_applied_name() -> &'static str {
    "kubectl.kubernetes.io/last-applied-configuration"
}

#[test]
fn failures_have_the_servers_words_and_no_values() {
    let typed = "failed to create typed patch object (/s; /v1, Kind=Secret): ";
    let redacted = "got &value.valueUnstructured{Value:<redacted>}";
    for (applied, code, message) in [
        (json!({"metadata": {"name": "s"}}), 400, "invalid object type: /, Kind=".into()),
        (json!({"apiVersion": "v1", "kind": "ConfigMap"}), 400, "invalid object type: /v1, Kind=ConfigMap".into()),
        (json!({"apiVersion": "apps/v2", "kind": "Secret"}), 400, "invalid object type: apps/v2, Kind=Secret".into()),
        (secret(json!({"metadata": {"managedFields": []}})), 400, "metadata.managedFields must be nil".into()),
        (secret(json!({"dataa": {}})), 500, format!("{typed}.dataa: field not declared in schema")),
        (
            secret(json!({"stringData": {"enabled": true, "n": 7}})),
            500,
            format!(
                "{typed}errors:\n  .stringData.enabled: expected string, {redacted}\n  .stringData.n: expected string, {redacted}"
            ),
        ),
    ] {
        let status = failure(None, &applied, "m");
        assert_eq!((status.code, status.message), (code, message), "{applied}");
    }
}

#[test]
fn the_status_of_a_namespace_is_nobodys_but_its_own_writers() {
    let plain = Write { resource: Resource::Namespaces, ..write("m") };
    let mut new = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "n", "labels": {"l": "1"}},
        "spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}});
    update(None, &mut new, &plain);
    assert_eq!(
        new["metadata"]["managedFields"][0]["fieldsV1"],
        json!({"f:metadata": {"f:labels": {".": {}, "f:l": {}}}, "f:spec": {".": {}, "f:finalizers": {}}})
    );
    new["metadata"]["uid"] = json!("u");
    let mut changed = new.clone();
    changed["status"] = json!({"phase": "Active", "conditions": [{"type": "T", "status": "True"}]});
    update(Some(&new), &mut changed, &Write { subresource: "status", manager: "z", ..plain });
    assert_eq!(changed["metadata"]["managedFields"][1]["subresource"], "status");
    assert_eq!(
        changed["metadata"]["managedFields"][1]["fieldsV1"],
        json!({"f:status": {"f:conditions": {".": {}, "k:{\"type\":\"T\"}": {".": {}, "f:status": {}, "f:type": {}}}}})
    );
}

fn any_object() -> impl Strategy<Value = Json> {
    let names = vec![
        "apiVersion",
        "kind",
        "metadata",
        "data",
        "stringData",
        "labels",
        "finalizers",
        "ownerReferences",
        "uid",
        "managedFields",
        "annotations",
        "a",
        "fieldsV1",
        "f:a",
        "time",
        "operation",
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i8>().prop_map(Json::from),
        proptest::sample::select(vec!["v1", "Secret", "Update", "Apply", "FieldsV1", "", "x"]).prop_map(Json::from),
    ];
    let tree = leaf.prop_recursive(5, 40, 4, move |inner| {
        let name = proptest::sample::select(names.clone()).prop_map(String::from);
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Json::from),
            proptest::collection::btree_map(name, inner, 0..5).prop_map(|map| map.into_iter().collect()),
        ]
    });
    (tree, any::<bool>())
        .prop_map(|(tree, whole)| if whole { secret(json!({"metadata": tree.clone(), "data": tree})) } else { tree })
}

proptest! {
    #![proptest_config(crate::properties::config(256))]

    #[test]
    fn nothing_panics(live in any_object(), new in any_object(), force in any::<bool>()) {
        let write = write("kubectl");
        let _ = apply(Some(&live), &new, &write, force);
        let mut changed = new.clone();
        update(Some(&live), &mut changed, &write);
        keep_times(&live, &mut changed, Resource::Secrets);
    }
}
