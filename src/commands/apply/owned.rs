//! What was applied before: read from `metadata.managedFields`, and from kubectl's annotation where there still is one.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::{commands::create::LAST_APPLIED, secret::wipe};

/// The maps whose keys an apply takes away again.
const MAPS: [&[&str]; 3] = [&["data"], &["metadata", "labels"], &["metadata", "annotations"]];

/// A key of one of the maps: `["data", "password"]`.
pub type Path = Vec<String>;

/// Who owns a key.
#[derive(Default)]
struct Owners {
    /// The manager, by an apply: the server takes such a key away by itself.
    applied: bool,
    /// The manager, by other means.
    updated: bool,
    /// Anybody else.
    others: bool,
}

/// The keys of `live` that `manager` applied before and `manifest` does not have, and that server-side apply would leave
/// there: somebody else owns them too, or they were applied by kubectl, which keeps no such record.
pub fn left_over(live: &Json, manifest: &Json, manager: &str) -> Vec<Path> {
    let mut owners = recorded(live, manager);
    if let Some(text) = live["metadata"]["annotations"][LAST_APPLIED].as_str()
        && let Ok(mut last) = serde_json::from_str::<Json>(text)
    {
        for map in MAPS {
            for (key, _) in at(&last, map).as_object().into_iter().flatten() {
                owners.entry(path(map, key)).or_default().updated = true;
            }
        }
        for (key, _) in last["stringData"].as_object().into_iter().flatten() {
            owners.entry(path(&["data"], key)).or_default().updated = true;
        }
        wipe(&mut last);
    }
    let gone = owners.into_iter().filter(|(path, owners)| {
        let ours = owners.applied || owners.updated;
        let by_itself = owners.applied && !owners.updated && !owners.others;
        ours && !by_itself && has(live, path) && !has(manifest, path)
    });
    gone.map(|(path, _)| path).filter(|path| path.last().is_none_or(|key| key != LAST_APPLIED)).collect()
}

/// Whether `manager` has said before exactly what `manifest` says, and `live` still has it: there is nothing to send.
pub fn nothing_new(live: &Json, manifest: &Json, manager: &str) -> bool {
    let owners = recorded(live, manager);
    let said = |path: &Path| owners.get(path).is_some_and(|owners| owners.applied || owners.updated);
    let keys = MAPS.into_iter().flat_map(|map| {
        at(manifest, map).as_object().into_iter().flat_map(move |keys| keys.keys().map(move |key| path(map, key)))
    });
    let unsaid = |(path, owners): (&Path, &Owners)| {
        (owners.applied || owners.updated) && has(live, path) && !has(manifest, path)
    };
    within(manifest, live) && keys.into_iter().all(|path| said(&path)) && !owners.iter().any(unsaid)
}

/// Whether `live` has all that `manifest` says.
fn within(manifest: &Json, live: &Json) -> bool {
    match (manifest, live) {
        (Json::Object(manifest), Json::Object(live)) => {
            manifest.iter().all(|(key, said)| live.get(key).is_some_and(|has| within(said, has)))
        }
        (manifest, live) => manifest == live,
    }
}

/// Who owns which key, as the server has recorded it.
fn recorded(live: &Json, manager: &str) -> BTreeMap<Path, Owners> {
    let mut owners = BTreeMap::<Path, Owners>::new();
    for entry in live["metadata"]["managedFields"].as_array().into_iter().flatten() {
        let own = entry["manager"].as_str() == Some(manager);
        let applied = entry["operation"].as_str() == Some("Apply");
        for (map, fields) in fields(&entry["fieldsV1"]) {
            for key in fields.as_object().into_iter().flatten().filter_map(|(field, _)| field.strip_prefix("f:")) {
                let owners = owners.entry(path(map, key)).or_default();
                match (own, applied) {
                    (true, true) => owners.applied = true,
                    (true, false) => owners.updated = true,
                    (false, _) => owners.others = true,
                }
            }
        }
    }
    owners
}

/// The merge patch that takes `paths` away, and kubectl's annotation with them where `annotation` says so.
pub fn removal(paths: &[Path], annotation: bool) -> Json {
    let mut patch = json!({});
    let annotation = annotation.then(|| path(&["metadata", "annotations"], LAST_APPLIED));
    for path in paths.iter().chain(&annotation) {
        match path.as_slice() {
            [map, key] => patch[map][key] = Json::Null,
            [outer, map, key] => patch[outer][map][key] = Json::Null,
            _ => {}
        }
    }
    patch
}

/// The sets of fields that a `fieldsV1` has for the maps; those of `stringData` stand for `data`.
fn fields(set: &Json) -> [(&'static [&'static str], &Json); 4] {
    let [data, labels, annotations] = MAPS;
    let metadata = &set["f:metadata"];
    [
        (data, &set["f:data"]),
        (data, &set["f:stringData"]),
        (labels, &metadata["f:labels"]),
        (annotations, &metadata["f:annotations"]),
    ]
}

fn path(map: &[&str], key: &str) -> Path {
    map.iter().copied().chain([key]).map(str::to_owned).collect()
}

fn at<'a>(object: &'a Json, map: &[&str]) -> &'a Json {
    map.iter().fold(object, |json, name| &json[*name])
}

fn has(object: &Json, path: &[String]) -> bool {
    path.iter().try_fold(object, |json, name| json.get(name)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(manager: &str, operation: &str, keys: &[&str]) -> Json {
        let fields: serde_json::Map<String, Json> = keys.iter().map(|key| (format!("f:{key}"), json!({}))).collect();
        json!({"manager": manager, "operation": operation, "fieldsV1": {"f:data": fields}})
    }

    fn live(entries: &[Json], annotation: Option<&Json>) -> Json {
        let mut live = json!({"data": {"a": "1", "b": "2", "c": "3"}, "metadata": {"managedFields": entries}});
        if let Some(last) = annotation {
            live["metadata"]["annotations"] = json!({LAST_APPLIED: last.to_string()});
        }
        live
    }

    #[test]
    fn what_the_server_takes_away_by_itself_is_not_left_over() {
        let manifest = json!({"data": {"a": "1"}});
        let left = |entries: &[Json]| left_over(&live(entries, None), &manifest, "m");
        assert!(left(&[entry("m", "Apply", &["a", "b", "gone"])]).is_empty());
        assert_eq!(left(&[entry("m", "Apply", &["a", "b"]), entry("n", "Update", &["b", "c"])]), [["data", "b"]]);
        assert_eq!(left(&[entry("m", "Update", &["a", "b"])]), [["data", "b"]]);
        assert!(left(&[entry("n", "Update", &["b", "c"])]).is_empty());
    }

    #[test]
    fn what_was_said_before_and_is_there_needs_no_request() {
        let live = live(&[entry("m", "Update", &["a", "b"]), entry("n", "Update", &["c"])], None);
        let said = |data: Json| nothing_new(&live, &json!({"data": data}), "m");
        assert!(said(json!({"a": "1", "b": "2"})));
        assert!(!said(json!({"a": "1"})), "b is to go");
        assert!(!said(json!({"a": "1", "b": "5"})), "b is to change");
        assert!(!said(json!({"a": "1", "b": "2", "c": "3"})), "c is not yet ours");
        assert!(!said(json!({"a": "1", "b": "2", "d": "4"})), "d is new");
    }

    #[test]
    fn kubectls_annotation_counts_as_applied() {
        let last = json!({"data": {"a": "1"}, "stringData": {"b": "2"}, "metadata": {"labels": {"not-there": "x"}}});
        let manifest = json!({"data": {"a": "1"}});
        let left = left_over(&live(&[entry("n", "Update", &["a", "b", "c"])], Some(&last)), &manifest, "m");
        assert_eq!(left, [["data", "b"]]);
        assert_eq!(
            removal(&left, true),
            json!({"data": {"b": null}, "metadata": {"annotations": {LAST_APPLIED: null}}})
        );
    }
}
