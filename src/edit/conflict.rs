//! Two edits of one Secret at the same time. They are merged key by key; a key that both changed to different values is
//! a clash, which is shown to the user and never decided here.

use serde_json::{Map, Value as Json};

use super::receipt::map;

/// A key that was changed in both.
#[derive(Clone, PartialEq, Eq)]
pub struct Clash {
    /// `data`, `metadata.labels`, `metadata.annotations`, or empty for a member of the object itself.
    pub map: &'static str,
    /// The key.
    pub key: String,
    /// The server's current value, as the JSON of the API; `None` if the key was removed there.
    pub theirs: Option<Json>,
}

impl Clash {
    /// Returns the path by which messages name the key, such as `data.password`.
    pub fn path(&self) -> String {
        if self.map.is_empty() { self.key.clone() } else { format!("{}.{}", self.map, self.key) }
    }
}

/// Applies the changes from `base` to `ours` to `theirs`. Returns the result and the clashes: where both sides changed
/// a key differently, the result has the value of `ours`.
pub fn merge(base: &Json, ours: &Json, theirs: &Json) -> (Json, Vec<Clash>) {
    let mut merged = theirs.clone();
    let mut clashes = Vec::new();
    // Why: `stringData` is write-only, so the server's object has none to compare with: ours is taken.
    for name in ["type", "immutable", "stringData"] {
        let (was, our, their) = (base.get(name), ours.get(name), theirs.get(name));
        if let Some(clash) = one("", name, was, our, their, merged.as_object_mut()) {
            clashes.push(clash);
        }
    }
    for (path, field) in [("data", "data"), ("metadata.labels", "labels"), ("metadata.annotations", "annotations")] {
        let of = |object: &Json| match path == field {
            true => object[field].clone(),
            false => object["metadata"][field].clone(),
        };
        let (was, our, their) = (of(base), of(ours), of(theirs));
        let mut result = map(&their).clone();
        let keys: std::collections::BTreeSet<&String> = map(&was).keys().chain(map(&our).keys()).collect();
        for key in keys {
            let (was, our, their) = (map(&was).get(key), map(&our).get(key), map(&their).get(key));
            clashes.extend(one(path, key, was, our, their, Some(&mut result)));
        }
        let holder = if path == field { merged.as_object_mut() } else { merged["metadata"].as_object_mut() };
        if let Some(holder) = holder {
            match result.is_empty() && their.is_null() {
                true => holder.remove(field),
                false => holder.insert(field.to_owned(), Json::Object(result)),
            };
        }
    }
    (merged, clashes)
}

fn one(
    map: &'static str,
    key: &str,
    was: Option<&Json>,
    ours: Option<&Json>,
    theirs: Option<&Json>,
    result: Option<&mut Map<String, Json>>,
) -> Option<Clash> {
    if ours == was || ours == theirs {
        return None;
    }
    if let Some(result) = result {
        match ours {
            Some(value) => result.insert(key.to_owned(), value.clone()),
            None => result.remove(key),
        };
    }
    (theirs != was).then(|| Clash { map, key: key.to_owned(), theirs: theirs.cloned() })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn secret(data: Json, version: &str) -> Json {
        json!({"data": data, "type": "Opaque", "metadata": {"name": "s", "resourceVersion": version}})
    }

    #[test]
    fn changes_of_different_keys_merge() {
        let base = secret(json!({"a": "MQ==", "b": "MQ==", "c": "MQ=="}), "1");
        let ours = secret(json!({"a": "Mg==", "c": "MQ==", "n": "MQ=="}), "1");
        let theirs = secret(json!({"a": "MQ==", "b": "MQ==", "c": "Mw==", "t": "MQ=="}), "2");
        let (merged, clashes) = merge(&base, &ours, &theirs);
        assert!(clashes.is_empty());
        assert_eq!(merged, secret(json!({"a": "Mg==", "c": "Mw==", "n": "MQ==", "t": "MQ=="}), "2"));
    }

    #[test]
    fn a_key_changed_in_both_is_a_clash_and_ours_stands() {
        let base = secret(json!({"a": "MQ==", "b": "MQ==", "same": "MQ=="}), "1");
        let ours = secret(json!({"a": "Mg==", "same": "NA=="}), "1");
        let theirs = secret(json!({"a": "Mw==", "b": "Mw==", "same": "NA=="}), "2");
        let (merged, clashes) = merge(&base, &ours, &theirs);
        assert_eq!(merged["data"], json!({"a": "Mg==", "same": "NA=="}));
        let paths: Vec<_> = clashes.iter().map(|clash| (clash.path(), clash.theirs.clone())).collect();
        assert_eq!(paths, [("data.a".into(), Some(json!("Mw=="))), ("data.b".into(), Some(json!("Mw==")))]);
    }

    #[test]
    fn labels_appear_and_nothing_is_invented() {
        let base = secret(json!({}), "1");
        let mut ours = base.clone();
        ours["metadata"]["labels"] = json!({"x": "1"});
        let theirs = secret(json!({}), "2");
        assert_eq!(merge(&base, &ours, &theirs).0["metadata"]["labels"], json!({"x": "1"}));
        assert_eq!(merge(&base, &base, &theirs).0, theirs);
    }
}
