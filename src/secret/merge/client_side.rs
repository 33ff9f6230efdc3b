//! Client-side apply, as `kubectl apply` computes it: a strategic merge patch from the last-applied configuration, the
//! manifest and the live object (`pkg/cmd/apply/patcher.go`, `pkg/util/apply.go`). Pure.

use std::fmt;

use go::json_write::Order;
use serde_json::{Map, Value as Json};

use super::{Error, overlap, three_way, two_way};
use crate::{LAST_APPLIED, Object, last_applied, string_data};

/// A manifest in the form that is compared (kubectl's `GetModifiedConfiguration`).
pub struct Modified {
    object: Object,
    /// Keys of `stringData` that are null: they neither set nor remove an entry.
    without: Vec<String>,
}

/// Why there is no patch. Invariant: no text repeats a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// The live object's annotation is not a JSON object.
    Annotation,
    /// `--overwrite=false`, and these paths were changed by others since the last apply.
    Overlap(Vec<String>),
    /// The error of merging the two halves of the patch.
    Merge(Error),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Annotation => {
                write!(f, "the annotation {LAST_APPLIED} of the live object is an invalid JSON document")
            }
            Self::Overlap(paths) => {
                write!(f, "patch conflicts with changes made from original to current: {}", paths.join(", "))
            }
            Self::Merge(error) => error.fmt(f),
        }
    }
}

impl Modified {
    /// Reads a manifest. `annotate` is whether the patch contains the last-applied annotation, as that of an apply does
    /// and that of a diff does not.
    pub fn of(manifest: &Object, annotate: bool) -> Self {
        let mut object = manifest.clone();
        // Saving adds an empty map of annotations if there is none, as in kubectl.
        last_applied::save(&mut object, Order::Sorted);
        if !annotate {
            last_applied::take(&mut object);
        }
        let without = string_data::fold(object.json_mut(), string_data::Nulls::LeftOut);
        Self { object, without }
    }

    /// Returns the patch that changes `live` to what the manifest says, or an empty map if nothing changes. It removes
    /// fields that are in the last-applied configuration and not in the manifest.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn patch(&self, live: &Object, overwrite: bool) -> Result<Object, Refused> {
        let mut original = original(live)?;
        let mut modified = self.object.clone();
        self.keep_names_apart(original.json_mut(), modified.json_mut(), live.json());
        let patch = three_way(original.json(), modified.json(), live.json()).map_err(Refused::Merge)?;
        let patch = Object::new(patch);
        if !overwrite {
            let changed = Object::new(two_way(original.json(), live.json()));
            let mut paths = overlap(patch.json(), changed.json());
            if self.only_empties(live) {
                paths.retain(|path| !path.ends_with(LAST_APPLIED));
            }
            if !paths.is_empty() {
                return Err(Refused::Overlap(paths));
            }
        }
        Ok(patch)
    }

    /// Makes the comparison of `data` one of single names.
    fn keep_names_apart(&self, original: &mut Json, modified: &mut Json, live: &Json) {
        if let Some(names) = original.get_mut("data").and_then(Json::as_object_mut) {
            names.retain(|name, _| !self.without.contains(name));
        }
        // Why: if `data` were removed as a whole, the patch would have a null for it, which removes entries of others,
        // too. Name by name, only entries of the former manifest are removed.
        let (Some(original), Some(modified)) = (original.as_object_mut(), modified.as_object_mut()) else { return };
        if modified.contains_key("data") || !original.get("data").is_some_and(Json::is_object) {
            return;
        }
        if live["data"].is_object() {
            modified.insert("data".to_owned(), Json::Object(Map::new()));
        } else {
            original.remove("data");
        }
    }

    /// Returns `true` if the annotation changes only by losing values.
    fn only_empties(&self, live: &Object) -> bool {
        let kept = last_applied::of(live.json()).and_then(last_applied::without_values);
        kept.is_some() && kept.as_deref() == last_applied::of(self.object.json())
    }
}

/// Removes every null from a manifest that is about to be created, so that a create does what an update would do
/// (kubectl's `pruneNullsFromMap`).
pub fn prune_nulls(object: &mut Json) {
    match object {
        Json::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(prune_nulls);
        }
        Json::Array(items) => items.iter_mut().for_each(prune_nulls),
        _ => {}
    }
}

/// Returns the last-applied configuration of a live object, which may contain values if kubectl wrote it.
fn original(live: &Object) -> Result<Object, Refused> {
    let mut original = match last_applied::of(live.json()) {
        None | Some("") => Json::Object(Map::new()),
        Some(text) => match serde_json::from_str(text) {
            Ok(Json::Null) => Json::Object(Map::new()),
            Ok(original @ Json::Object(_)) => original,
            _ => return Err(Refused::Annotation),
        },
    };
    if original["stringData"].is_object() && original["data"].is_null() {
        original["data"] = Json::Object(Map::new());
    }
    string_data::fold(&mut original, string_data::Nulls::LeftOut);
    let mut original = Object::new(original);
    last_applied::take(&mut original);
    Ok(original)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::merge::strategic;

    fn secret(body: Json) -> Object {
        let mut object = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}});
        if let (Json::Object(object), Json::Object(body)) = (&mut object, body) {
            object.extend(body);
        }
        Object::new(object)
    }

    /// Returns what the server stores after a create or a patch: `stringData` folded into `data`.
    fn stored(mut object: Json) -> Object {
        string_data::fold(&mut object, string_data::Nulls::LeftOut);
        Object::new(object)
    }

    fn created(manifest: &Object) -> Object {
        let mut object = manifest.clone();
        last_applied::save(&mut object, Order::Sorted);
        prune_nulls(object.json_mut());
        stored(object.into_json())
    }

    fn patch(manifest: &Object, live: &Object) -> Json {
        Modified::of(manifest, true).patch(live, true).expect("a patch").into_json()
    }

    fn applied(manifest: &Object, live: &Object) -> Object {
        let (Json::Object(live), Json::Object(patch)) = (live.json().clone(), patch(manifest, live)) else {
            panic!("two maps")
        };
        stored(Json::Object(strategic(live, patch).expect("a patch that fits")))
    }

    #[test]
    fn nothing_new_is_an_empty_patch() {
        for body in [json!({"data": {"a": "MQ=="}}), json!({"stringData": {"a": "1"}}), json!({})] {
            let manifest = secret(body);
            assert_eq!(patch(&manifest, &created(&manifest)), json!({}));
        }
    }

    #[test]
    fn a_name_that_goes_from_the_manifest_goes_whatever_its_value_became() {
        for (first, then) in [
            (json!({"data": {"a": "MQ==", "b": "Mg=="}}), json!({"data": {"a": "MQ=="}})),
            (json!({"stringData": {"a": "1", "b": "2"}}), json!({"stringData": {"a": "1"}})),
            (json!({"stringData": {"b": "2"}, "data": {"a": "MQ=="}}), json!({"stringData": {"a": "1"}})),
        ] {
            let mut live = created(&secret(first));
            live.json_mut()["data"]["b"] = "cm90YXRlZA==".into();
            live.json_mut()["data"]["foreign"] = "OQ==".into();
            let after = applied(&secret(then), &live);
            assert_eq!(after.json()["data"], json!({"a": "MQ==", "foreign": "OQ=="}));
        }
    }

    #[test]
    fn data_that_is_gone_takes_no_foreign_entry_with_it() {
        let mut live = created(&secret(json!({"stringData": {"a": "1"}})));
        live.json_mut()["data"]["foreign"] = "OQ==".into();
        let after = applied(&secret(json!({})), &live);
        assert_eq!(after.json()["data"], json!({"foreign": "OQ=="}));
        live.json_mut().as_object_mut().expect("a map").remove("data");
        assert!(patch(&secret(json!({})), &live).get("data").is_none());
    }

    #[test]
    fn nulls_are_kubectls() {
        let live = secret(json!({"data": {"user": "YQ==", "password": "bGl2ZQ=="}}));
        let blank = secret(json!({"stringData": {"user": "a", "password": null}}));
        let after = applied(&blank, &live);
        assert_eq!(after.json()["data"], json!({"user": "YQ==", "password": "bGl2ZQ=="}), "a blank is no value");
        let named = created(&secret(json!({"stringData": {"user": "a", "password": "live"}})));
        assert_eq!(applied(&blank, &named).json()["data"]["password"], json!("bGl2ZQ=="), "nor a deletion");
        let null = secret(json!({"data": {"user": "YQ==", "password": null}}));
        assert_eq!(applied(&null, &live).json()["data"], json!({"user": "YQ=="}));
        let all = secret(json!({"data": null, "stringData": {"new": "1"}}));
        assert_eq!(patch(&all, &live)["data"], Json::Null, "a null for data is for all of it");
    }

    #[test]
    fn values_in_the_annotation_count_once_and_go() {
        let kept = "{\"data\":{\"a\":\"MQ==\",\"b\":\"Mg==\"},\"stringData\":{\"c\":\"3\"}}";
        let live = secret(json!({"data": {"a": "MQ==", "b": "Mg==", "c": "Mw=="},
            "metadata": {"name": "s", "annotations": {LAST_APPLIED: kept}}}));
        let manifest = secret(json!({"data": {"a": "MQ=="}}));
        let patch = patch(&manifest, &live);
        assert_eq!(patch["data"], json!({"b": null, "c": null}));
        let text = patch["metadata"]["annotations"][LAST_APPLIED].as_str().expect("a new text").to_owned();
        assert!(text.contains("\"data\":{\"a\":\"\"}"), "{text}");
        let unannotated = Modified::of(&manifest, false).patch(&live, true).expect("a patch").into_json();
        assert_eq!(unannotated, json!({"data": {"b": null, "c": null}}));
    }

    #[test]
    fn a_broken_annotation_and_an_overlap_are_refused() {
        let live = |text: &str| {
            secret(json!({"data": {"a": "MQ=="}, "metadata": {"name": "s", "annotations": {LAST_APPLIED: text}}}))
        };
        let manifest = secret(json!({"data": {"a": "Mg=="}}));
        assert_eq!(Modified::of(&manifest, true).patch(&live("{oops"), true).err(), Some(Refused::Annotation));

        let first = secret(json!({"data": {"a": "MQ=="}}));
        let strict = |live: &Object| Modified::of(&first, true).patch(live, false).map(Object::into_json);
        let mut drifted = created(&first);
        assert_eq!(strict(&drifted), Ok(json!({})));
        drifted.json_mut()["data"]["a"] = "OQ==".into();
        assert_eq!(strict(&drifted), Err(Refused::Overlap(vec!["data.a".to_owned()])));
        let text = "{\"apiVersion\":\"v1\",\"data\":{\"a\":\"MQ==\"},\"kind\":\"Secret\",\"metadata\":{\"annotations\":{},\"name\":\"s\"}}\n";
        assert!(strict(&live(text)).is_ok(), "values that go from the annotation are no conflict");
    }

    fn manifest() -> impl Strategy<Value = Object> {
        let map = || proptest::option::of(proptest::collection::btree_map("[abc]", proptest::option::of("[01]"), 0..3));
        (map(), map(), proptest::option::of(proptest::collection::btree_map("[xy]", "[pq]", 0..3))).prop_map(
            |(data, texts, labels)| {
                let mut body = json!({"metadata": {"name": "s"}});
                let encoded = |map: std::collections::BTreeMap<String, Option<String>>| -> Json {
                    let plain = |value: Option<String>| value.map(|v| if v == "0" { "MA==" } else { "MQ==" });
                    map.into_iter().map(|(key, value)| (key, json!(plain(value)))).collect::<Map<_, _>>().into()
                };
                data.into_iter().for_each(|data| body["data"] = encoded(data));
                texts.into_iter().for_each(|texts| body["stringData"] = json!(texts));
                labels.into_iter().for_each(|labels| body["metadata"]["labels"] = json!(labels));
                secret(body)
            },
        )
    }

    proptest! {
        #![proptest_config(crate::properties::config(256))]

        /// Whatever was applied before and changed since: the manifest's entries are there, what it named before and does
        /// not now is gone, what others added stays, and applying again changes nothing more.
        #[test]
        fn an_apply_has_the_manifests_entries_and_keeps_foreign_ones(first in manifest(), then in manifest(), drift in "[012]") {
            let mut live = created(&first);
            let entries = live.json_mut().as_object_mut().unwrap().entry("data").or_insert_with(|| json!({}));
            if entries.is_null() { *entries = json!({}); }
            entries["foreign"] = drift.into();
            let after = applied(&then, &live);
            let mut wanted = then.json().clone();
            let without = string_data::fold(&mut wanted, string_data::Nulls::LeftOut);
            let explicit = wanted.get("data").is_some_and(Json::is_null);
            for (key, value) in wanted["data"].as_object().into_iter().flatten() {
                prop_assert_eq!(after.json()["data"].get(key), Some(value).filter(|value| !value.is_null()));
            }
            for name in ["a", "b", "c"] {
                let named = first.json()["data"].get(name).is_some() || first.json()["stringData"].get(name).is_some_and(|v| !v.is_null());
                if named && wanted["data"].get(name).is_none() && !without.contains(&name.to_owned()) && !explicit {
                    prop_assert!(after.json()["data"].get(name).is_none(), "{} is left over", name);
                }
            }
            prop_assert_eq!(after.json()["data"].get("foreign").is_some(), !explicit);
            let text = last_applied::of(after.json()).unwrap();
            prop_assert!(!text.contains("MA==") && !text.contains("MQ==") && !text.contains("\"0\""), "{}", text);
            let twice = applied(&then, &after);
            prop_assert_eq!(twice.json(), after.json());
        }
    }
}
