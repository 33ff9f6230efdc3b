//! Finds the paths where two strategic merge patches of one object conflict: `--overwrite=false` of client-side apply.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::{DIRECTIVE, ELEMENT_ORDER, List, Place, RETAIN_KEYS};

/// Returns the paths that both patches set, to different values (strategicpatch's `MergingMapsHaveConflicts`, which
/// stops at the first).
pub fn overlap(one: &Json, other: &Json) -> Vec<String> {
    let mut found = Vec::new();
    values(one, other, Place::Object, List::Replace, "", &mut found);
    found
}

fn values(one: &Json, other: &Json, place: Place, list: List, path: &str, found: &mut Vec<String>) {
    let differ = match (one, other) {
        (Json::Object(one), Json::Object(other)) => {
            // A directive applies to the whole map.
            if one.get(DIRECTIVE) == other.get(DIRECTIVE) {
                return maps(one, other, place, path, found);
            }
            true
        }
        (Json::Array(one), Json::Array(other)) => return lists(one, other, list, path, found),
        (one, other) => one != other,
    };
    if differ {
        found.push(path.to_owned());
    }
}

fn maps(one: &Map<String, Json>, other: &Map<String, Json>, place: Place, path: &str, found: &mut Vec<String>) {
    for (key, value) in one {
        let about_the_map = [DIRECTIVE, RETAIN_KEYS].contains(&key.as_str()) || key.starts_with(ELEMENT_ORDER);
        if let Some(theirs) = other.get(key).filter(|_| !about_the_map) {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            values(value, theirs, place.field(key), place.list(key), &path, found);
        }
    }
}

fn lists(one: &[Json], other: &[Json], strategy: List, path: &str, found: &mut Vec<String>) {
    let differ = match strategy {
        List::Set => false,
        List::Keyed(key) => {
            let keyed = |items: &[Json]| -> BTreeMap<String, Json> {
                items.iter().map(|item| (item[key].to_string(), item.clone())).collect()
            };
            let others = keyed(other);
            for (name, item) in keyed(one) {
                if let Some(theirs) = others.get(&name) {
                    values(&item, theirs, Place::Elsewhere, List::Replace, path, found);
                }
            }
            false
        }
        List::Replace => {
            let sorted = |items: &[Json]| {
                let mut texts: Vec<String> = items.iter().map(Json::to_string).collect();
                texts.sort();
                texts
            };
            sorted(one) != sorted(other)
        }
    };
    if differ {
        found.push(path.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_both_set_differently_overlaps() {
        let patch =
            json!({"data": {"a": "1", "b": "2", "gone": null}, "metadata": {"labels": {"l": "1"}}, "type": "t"});
        assert!(overlap(&patch, &json!({"data": {"a": "1", "c": "9", "gone": null}})).is_empty());
        assert_eq!(
            overlap(&patch, &json!({"data": {"a": "2", "gone": "x"}, "type": "u"})),
            ["data.a", "data.gone", "type"]
        );
        assert_eq!(overlap(&patch, &json!({"data": null})), ["data"]);
        assert_eq!(overlap(&patch, &json!({"data": {"$patch": "replace"}})), ["data"]);
    }

    #[test]
    fn lists_that_merge_have_no_order_and_no_conflict() {
        let finalizers = |list: Json| json!({"metadata": {"finalizers": list}});
        assert!(overlap(&finalizers(json!(["a"])), &finalizers(json!(["b"]))).is_empty());
        let owners = |list: Json| json!({"metadata": {"ownerReferences": list}});
        let one = owners(json!([{"uid": "1", "name": "a"}]));
        assert!(overlap(&one, &owners(json!([{"uid": "2", "name": "b"}]))).is_empty());
        assert_eq!(overlap(&one, &owners(json!([{"uid": "1", "name": "b"}]))), ["metadata.ownerReferences.name"]);
        assert!(overlap(&json!({"x": ["a", "b"]}), &json!({"x": ["b", "a"]})).is_empty());
        assert_eq!(overlap(&json!({"x": ["a"]}), &json!({"x": ["a", "b"]})), ["x"]);
    }
}
