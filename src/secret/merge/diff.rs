//! Computes strategic merge patches from objects, as kubectl's edit, label, annotate and apply do.

use std::sync::LazyLock;

use serde_json::{Map, Value as Json, json};

use super::strategic::{Mode, merge_map, order_of, sort};
use super::{DELETE_FROM_LIST, DIRECTIVE, ELEMENT_ORDER, Error, List, Place};

/// The kinds of differences to compute.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Everything,
    /// Additions and changes only.
    Changes,
    /// Deletions only.
    Deletions,
}

/// Returns the patch that changes `original` to `modified`; an empty map if they are equal.
pub fn two_way(original: &Json, modified: &Json) -> Json {
    Json::Object(diff_maps(map(original), map(modified), Place::Object, Look::Everything))
}

/// Returns the patch of client-side apply: what is in `modified` and not in `current`, and the deletion of what is in
/// `original` (the last applied configuration) and not in `modified`.
///
/// # Errors
/// As [`super::strategic()`].
pub fn three_way(original: &Json, modified: &Json, current: &Json) -> Result<Json, Error> {
    let changes = diff_maps(map(current), map(modified), Place::Object, Look::Changes);
    let deletions = diff_maps(map(original), map(modified), Place::Object, Look::Deletions);
    merge_map(deletions, changes, Place::Object, Mode::Patch).map(Json::Object)
}

static NOTHING: LazyLock<Map<String, Json>> = LazyLock::new(Map::new);

fn map(json: &Json) -> &Map<String, Json> {
    json.as_object().unwrap_or(&NOTHING)
}

fn diff_maps(
    original: &Map<String, Json>,
    modified: &Map<String, Json>,
    place: Place,
    look: Look,
) -> Map<String, Json> {
    let mut patch = Map::new();
    for (key, new) in modified {
        match (original.get(key), new) {
            (Some(Json::Object(old)), Json::Object(new)) => {
                let change = diff_maps(old, new, place.field(key), look);
                if !change.is_empty() {
                    patch.insert(key.clone(), Json::Object(change));
                }
            }
            (Some(Json::Array(old)), Json::Array(new)) => diff_lists(key, old, new, place.list(key), look, &mut patch),
            (old, new) => {
                if look != Look::Deletions && old != Some(new) {
                    patch.insert(key.clone(), new.clone());
                }
            }
        }
    }
    if look != Look::Changes {
        for key in original.keys().filter(|key| !modified.contains_key(*key)) {
            patch.insert(key.clone(), Json::Null);
        }
    }
    patch
}

fn diff_lists(key: &str, old: &[Json], new: &[Json], strategy: List, look: Look, patch: &mut Map<String, Json>) {
    let usable = match strategy {
        List::Replace => false,
        List::Set => old.iter().chain(new).all(|item| !item.is_object() && !item.is_array()),
        List::Keyed(merge_key) => old.iter().chain(new).all(|item| item.get(merge_key).is_some()),
    };
    if !usable {
        if look != Look::Deletions && old != new {
            patch.insert(key.into(), Json::Array(new.to_vec()));
        }
        return;
    }
    if old.is_empty() {
        if look != Look::Deletions && !new.is_empty() {
            patch.insert(key.into(), Json::Array(new.to_vec()));
        }
        return;
    }
    let before = order_of(old, strategy);
    let after = order_of(new, strategy);
    let mut list = Vec::new();
    for item in new {
        match (before.get(&strategy.identity(item)).and_then(|at| old.get(*at)), item, strategy) {
            (Some(Json::Object(old)), Json::Object(new), List::Keyed(merge_key)) => {
                let mut change = diff_maps(old, new, Place::Elsewhere, look);
                if !change.is_empty() {
                    change.insert(merge_key.into(), item[merge_key].clone());
                    list.push(Json::Object(change));
                }
            }
            (Some(_), _, _) => {}
            (None, _, _) if look != Look::Deletions => list.push(item.clone()),
            (None, _, _) => {}
        }
    }
    let mut list = sort(list, &after, strategy);
    let gone = old.iter().filter(|item| look != Look::Changes && !after.contains_key(&strategy.identity(item)));
    let mut deletions: Vec<Json> = Vec::new();
    match strategy {
        List::Keyed(merge_key) => {
            list.extend(gone.map(|item| json!({DIRECTIVE: "delete", merge_key: item[merge_key]})))
        }
        List::Set | List::Replace => {
            deletions = gone.cloned().collect();
            deletions.sort_by_key(Json::to_string);
            deletions.dedup();
        }
    }
    let same_order = || {
        let ids = |items: &[Json]| items.iter().map(|item| strategy.identity(item)).collect::<Vec<_>>();
        ids(old) == ids(new)
    };
    let ordered = match strategy {
        List::Keyed(_) => !list.is_empty() || (look != Look::Deletions && !same_order()),
        List::Set | List::Replace => !deletions.is_empty() || (look != Look::Deletions && old != new),
    };
    if !list.is_empty() {
        patch.insert(key.into(), Json::Array(list));
    }
    if !deletions.is_empty() {
        patch.insert(format!("{DELETE_FROM_LIST}/{key}"), Json::Array(deletions));
    }
    if ordered && !new.is_empty() {
        let order = new.iter().map(|item| match strategy {
            List::Keyed(merge_key) => json!({merge_key: item[merge_key]}),
            List::Set | List::Replace => item.clone(),
        });
        patch.insert(format!("{ELEMENT_ORDER}/{key}"), order.collect());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn changes_become_a_patch() {
        let old = json!({"data": {"a": "1", "b": "2"}, "metadata": {"finalizers": ["x", "y"], "labels": {"l": "1"},
            "ownerReferences": [{"uid": "1", "name": "p"}, {"uid": "2", "name": "q"}]}});
        let new = json!({"data": {"a": "1", "c": "3"}, "metadata": {"finalizers": ["y", "z"],
            "ownerReferences": [{"uid": "3", "name": "r"}, {"uid": "1", "name": "other"}]}});
        let patch = two_way(&old, &new);
        assert_eq!(
            patch,
            json!({"data": {"b": null, "c": "3"}, "metadata": {"labels": null, "finalizers": ["z"],
                "$deleteFromPrimitiveList/finalizers": ["x"], "$setElementOrder/finalizers": ["y", "z"],
                "ownerReferences": [{"uid": "3", "name": "r"}, {"uid": "1", "name": "other"}, {"$patch": "delete", "uid": "2"}],
                "$setElementOrder/ownerReferences": [{"uid": "3"}, {"uid": "1"}]}})
        );
        assert_eq!(two_way(&new, &new), json!({}));
    }

    #[test]
    fn apply_deletes_what_it_said_before_and_leaves_the_rest() {
        let last = json!({"data": {"a": "1", "b": "2"}});
        let new = json!({"data": {"a": "5"}, "metadata": {"annotations": {"k": "v"}}});
        let live = json!({"data": {"a": "1", "b": "2", "other": "9"}, "type": "Opaque"});
        let patch = three_way(&last, &new, &live);
        assert_eq!(patch, Ok(json!({"data": {"a": "5", "b": null}, "metadata": {"annotations": {"k": "v"}}})));
        let owners = |list: Json| json!({"metadata": {"ownerReferences": list}});
        let patch =
            three_way(&owners(json!([{"uid": "1"}])), &owners(json!([{"uid": "2"}])), &owners(json!([{"uid": "1"}])));
        assert_eq!(
            patch,
            Ok(json!({"metadata": {"ownerReferences": [{"uid": "2"}, {"$patch": "delete", "uid": "1"}],
                "$setElementOrder/ownerReferences": [{"uid": "2"}]}}))
        );
    }

    fn object() -> impl Strategy<Value = Json> {
        let texts = || proptest::collection::btree_map("[ab]", "[01]", 0..3);
        let list = proptest::sample::subsequence(vec!["x", "y", "z"], 0..3).prop_shuffle();
        let owners = proptest::collection::btree_map("[123]", "[pq]", 0..3);
        (texts(), texts(), list, owners).prop_map(|(data, labels, finalizers, owners)| {
            let owners: Vec<Json> = owners.into_iter().map(|(uid, name)| json!({"uid": uid, "name": name})).collect();
            json!({"data": data, "metadata": {"labels": labels, "finalizers": finalizers, "ownerReferences": owners}})
        })
    }

    proptest! {
        #![proptest_config(crate::properties::config(256))]

        #[test]
        fn a_patch_of_two_objects_makes_one_of_the_other(old in object(), new in object()) {
            let Json::Object(patch) = two_way(&old, &new) else { panic!("a map") };
            let patched = super::super::strategic(map(&old).clone(), patch).map(Json::Object);
            prop_assert_eq!(patched, Ok(new));
        }
    }
}
