//! The annotation `kubectl.kubernetes.io/last-applied-configuration` of client-side apply, as kubectl writes it, but
//! without values: the three-way merge needs only the names of keys (verified with kubectl 1.37.1).

use go::json_write::{self, Order};
use serde_json::{Map, Value as Json};

use super::{Object, string_data, wipe};

/// The annotation's name.
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Returns the annotation of an object, or `None`.
pub fn of(object: &Json) -> Option<&str> {
    object["metadata"]["annotations"][LAST_APPLIED].as_str()
}

/// Removes the annotation; returns `true` if the object had one that was not empty.
pub fn take(object: &mut Object) -> bool {
    let annotations = object.json_mut().pointer_mut("/metadata/annotations").and_then(Json::as_object_mut);
    let Some(mut taken) = annotations.and_then(|annotations| annotations.remove(LAST_APPLIED)) else { return false };
    let was_there = taken.as_str().is_some_and(|text| !text.is_empty());
    wipe(&mut taken);
    was_there
}

/// Writes the object's configuration into its annotation (kubectl's `CreateApplyAnnotation`). An existing annotation is
/// removed first, so that it is not nested in the new one.
///
/// `order` is the form in which kubectl has the object: one that it read is encoded sorted, with `"annotations":{}` if
/// it has none; one that it built, in the order of the Go struct, which omits an empty map.
pub fn save(object: &mut Object, order: Order) {
    take(object);
    if order == Order::Sorted {
        read_annotations(object);
    }
    let text = text(object.json(), order);
    let Some(metadata) = object.metadata_mut() else { return };
    let annotations = metadata.entry("annotations").or_insert_with(|| Json::Object(Map::new()));
    if let Some(annotations) = annotations.as_object_mut() {
        annotations.insert(LAST_APPLIED.to_owned(), text.into());
    }
}

/// Updates the annotation if the object has one (kubectl's `updateApplyAnnotation`).
pub fn renew(object: &mut Object, order: Order) {
    if of(object.json()).is_some_and(|text| !text.is_empty()) {
        save(object, order);
    }
}

/// Returns the annotation's text for an object without one: its configuration on one line with a line feed, with
/// `stringData` folded into `data` and every value empty.
pub fn text(object: &Json, order: Order) -> String {
    let mut names = object.clone();
    string_data::fold(&mut names, string_data::Nulls::LeftOut);
    empty_values(&mut names);
    let mut text = json_write::to_compact(&names, order);
    text.push('\n');
    text
}

/// Returns the annotation's text with empty values, or `None` if it has no values or is not a JSON object.
pub fn without_values(text: &str) -> Option<String> {
    let mut last: Json = serde_json::from_str(text).ok().filter(Json::is_object)?;
    let held = empty_values(&mut last);
    held.then(|| json_write::to_compact(&last, Order::Sorted) + "\n")
}

/// Normalizes annotations as kubectl does when it sets one: there is always a map, and a null in it becomes an empty
/// text (apimachinery's `NestedNullCoercingStringMap`).
fn read_annotations(object: &mut Object) {
    let Some(metadata) = object.metadata_mut() else { return };
    let annotations = metadata.entry("annotations").or_insert(Json::Null);
    if annotations.is_null() {
        *annotations = Json::Object(Map::new());
    }
    let nulls = annotations.as_object_mut().into_iter().flat_map(Map::values_mut).filter(|value| value.is_null());
    nulls.for_each(|value| *value = "".into());
}

/// Empties every value under `data` and `stringData`; returns `true` if any was not empty. A null is not a value, and
/// stays.
fn empty_values(object: &mut Json) -> bool {
    let mut held = false;
    let mut empty = |value: &mut Json| {
        held |= !value.as_str().is_some_and(str::is_empty);
        wipe(value);
        *value = "".into();
    };
    for field in ["data", "stringData"] {
        match object.get_mut(field) {
            None | Some(Json::Null) => {}
            Some(Json::Object(map)) => map.values_mut().filter(|value| !value.is_null()).for_each(&mut empty),
            Some(other) => empty(other),
        }
    }
    held
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn saved(object: Json, order: Order) -> String {
        let mut object = Object::new(object);
        save(&mut object, order);
        of(object.json()).expect("an annotation").to_owned()
    }

    #[test]
    fn names_are_kept_and_values_are_not() {
        let object = json!({"kind": "Secret", "metadata": {"name": "s"}, "type": "Opaque",
            "data": {"a": "c2VjcmV0", "null": null}, "stringData": {"b": "secret", "gone": null}});
        assert_eq!(
            saved(object.clone(), Order::Sorted),
            "{\"data\":{\"a\":\"\",\"b\":\"\",\"null\":null},\"kind\":\"Secret\",\"metadata\":{\"annotations\":{},\
             \"name\":\"s\"},\"type\":\"Opaque\"}\n"
        );
        let typed = saved(object, Order::Typed);
        assert!(typed.contains("\"metadata\":{\"name\":\"s\"}"), "{typed}");
    }

    #[test]
    fn what_is_no_text_is_emptied_too() {
        for odd in [json!({"data": {"a": {"b": "secret"}}}), json!({"data": "secret"}), json!({"stringData": {"a": 7}})]
        {
            let text = saved(odd.clone(), Order::Sorted);
            assert!(!text.contains("secret") && !text.contains('7'), "{odd}: {text}");
        }
    }

    #[test]
    fn an_annotation_that_is_there_is_taken_out_first() {
        let mut object = Object::new(
            json!({"metadata": {"annotations": {LAST_APPLIED: "{\"data\":{\"a\":\"c2VjcmV0\"}}", "n": null}}}),
        );
        renew(&mut object, Order::Sorted);
        let text = of(object.json()).expect("an annotation").to_owned();
        assert_eq!(text, "{\"metadata\":{\"annotations\":{\"n\":\"\"}}}\n");
        renew(&mut object, Order::Sorted);
        assert_eq!(of(object.json()), Some(text.as_str()), "saving twice is saving once");

        let mut none = Object::new(json!({"metadata": {"annotations": {LAST_APPLIED: ""}}}));
        renew(&mut none, Order::Sorted);
        assert_eq!(of(none.json()), Some(""));
    }

    #[test]
    fn values_that_kubectl_kept_are_taken_out() {
        let kept = "{\"data\":{\"a\":\"MQ==\",\"n\":null},\"stringData\":{\"b\":\"x\"}}\n";
        let emptied = "{\"data\":{\"a\":\"\",\"n\":null},\"stringData\":{\"b\":\"\"}}\n";
        assert_eq!(without_values(kept).as_deref(), Some(emptied));
        assert_eq!(without_values(emptied), None);
        assert_eq!(without_values("no JSON"), None);
    }
}
