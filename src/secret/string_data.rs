//! Folds `stringData` into `data`, as kube-apiserver does when it stores a Secret.
//!
//! Why also in clients: server-side and client-side apply treat the two fields separately, so a key that is removed
//! from `stringData` stays in `data` for ever (kubernetes/kubernetes#108008, #123843). If the client folds first, there
//! is one map.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value as Json};

use super::wipe;

/// How nulls in `stringData` are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    /// They are omitted: a patch with such a null changes nothing.
    LeftOut,
    /// They become nulls in `data`.
    Moved,
}

/// Folds `stringData` into `data`, over entries of the same key. Returns the keys whose value is null.
///
/// Leaves the object unchanged, for the server to reject, if an entry is not a string or `data` is not a map; also if
/// `data` is null, which in a patch removes all entries before those of `stringData` are added.
pub fn fold(object: &mut Json, nulls: Nulls) -> Vec<String> {
    let Some(object) = object.as_object_mut() else { return Vec::new() };
    match (object.get("stringData"), object.get("data")) {
        (Some(Json::Null), _) => {
            object.remove("stringData");
            return Vec::new();
        }
        (Some(Json::Object(texts)), None | Some(Json::Object(_)))
            if texts.values().all(|text| text.is_string() || text.is_null()) => {}
        _ => return Vec::new(),
    }
    let Some(Json::Object(texts)) = object.remove("stringData") else { return Vec::new() };
    let mut without = Vec::new();
    let mut entries = Map::new();
    for (key, mut text) in texts {
        match &text {
            Json::String(plain) => {
                entries.insert(key, STANDARD.encode(plain).into());
            }
            _ => {
                if nulls == Nulls::Moved {
                    entries.insert(key.clone(), Json::Null);
                }
                without.push(key);
            }
        }
        wipe(&mut text);
    }
    if entries.is_empty() {
        return without;
    }
    if let Json::Object(data) = object.entry("data").or_insert_with(|| Json::Object(Map::new())) {
        data.extend(entries);
    }
    without
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn folded(mut object: Json, nulls: Nulls) -> (Json, Vec<String>) {
        let without = fold(&mut object, nulls);
        (object, without)
    }

    #[test]
    fn texts_stand_over_entries_of_the_same_key() {
        let object = json!({"data": {"a": "MQ==", "b": "MQ=="}, "stringData": {"b": "2", "c": "", "n": null}});
        let data = json!({"a": "MQ==", "b": "Mg==", "c": ""});
        assert_eq!(folded(object.clone(), Nulls::LeftOut), (json!({ "data": data }), vec!["n".to_owned()]));
        let (moved, _) = folded(object, Nulls::Moved);
        assert_eq!(moved["data"], json!({"a": "MQ==", "b": "Mg==", "c": "", "n": null}));
        assert_eq!(folded(json!({"stringData": {"a": "1"}}), Nulls::LeftOut).0, json!({"data": {"a": "MQ=="}}));
    }

    #[test]
    fn nothing_is_made_of_nothing() {
        for empty in [json!({"stringData": null}), json!({"stringData": {}}), json!({"stringData": {"a": null}})] {
            assert_eq!(folded(empty, Nulls::LeftOut).0, json!({}));
        }
    }

    #[test]
    fn what_cannot_be_folded_stays_for_the_server() {
        for odd in [
            json!({"stringData": {"a": 1}}),
            json!({"stringData": "x"}),
            json!({"stringData": {"a": "1"}, "data": "x"}),
            json!({"stringData": {"a": "1"}, "data": null}),
            json!("no object"),
        ] {
            assert_eq!(folded(odd.clone(), Nulls::Moved), (odd, Vec::new()));
        }
    }
}
