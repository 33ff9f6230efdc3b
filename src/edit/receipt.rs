//! Summarises what an edit changes in a Secret, key by key: names and sizes, never values.

use serde_json::{Map, Value as Json};

use crate::secret::{Value, sanitize};

/// Returns one line: the entries added, changed and removed with their sizes, then labels, annotations and other fields
/// by name; `None` if nothing changes.
pub fn receipt(before: &Json, after: &Json) -> Option<String> {
    let mut added = Vec::new();
    let mut changed = Vec::new();
    let mut removed = Vec::new();
    let (old, new) = (map(&before["data"]), map(&after["data"]));
    let texts = map(&after["stringData"]);
    let sizes = |text: &Json| text.as_str().map_or(0, size);
    for (key, value) in new.iter().filter(|(key, _)| !texts.contains_key(*key)) {
        match old.get(key) {
            None => added.push(format!("{} ({})", sanitize::line(key), bytes(sizes(value)))),
            Some(was) if was != value => {
                changed.push(format!("{} ({})", sanitize::line(key), from_to(sizes(was), sizes(value))))
            }
            Some(_) => {}
        }
    }
    // As in the API, an entry of `stringData` overrides that of `data`.
    for (key, value) in texts {
        let size = value.as_str().map_or(0, str::len);
        match old.get(key) {
            None => added.push(format!("{} ({})", sanitize::line(key), bytes(size))),
            Some(was) => changed.push(format!("{} ({})", sanitize::line(key), from_to(sizes(was), size))),
        }
    }
    for (key, value) in old.iter().filter(|(key, _)| !new.contains_key(*key) && !texts.contains_key(*key)) {
        removed.push(format!("{} ({})", sanitize::line(key), bytes(sizes(value))));
    }
    let mut parts: Vec<String> = [("added", added), ("changed", changed), ("removed", removed)]
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(verb, names)| format!("{verb} {}", names.join(", ")))
        .collect();
    for field in ["labels", "annotations"] {
        let names = differing(map(&before["metadata"][field]), map(&after["metadata"][field]));
        if !names.is_empty() {
            parts.push(format!("{field} {}", names.join(", ")));
        }
    }
    for field in ["type", "immutable"] {
        if before[field] != after[field] {
            parts.push(format!("{field} changed"));
        }
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Returns the keys whose values differ.
fn differing(old: &Map<String, Json>, new: &Map<String, Json>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (key, value) in new {
        match old.get(key) {
            None => names.push(format!("+{}", sanitize::line(key))),
            Some(was) if was != value => names.push(format!("~{}", sanitize::line(key))),
            Some(_) => {}
        }
    }
    names.extend(old.keys().filter(|key| !new.contains_key(*key)).map(|key| format!("-{}", sanitize::line(key))));
    names
}

fn from_to(old: usize, new: usize) -> String {
    if old == new { format!("{}, other content", bytes(new)) } else { format!("{old} → {}", bytes(new)) }
}

/// `1 byte`, `2 bytes`.
pub fn bytes(count: usize) -> String {
    if count == 1 { "1 byte".to_owned() } else { format!("{count} bytes") }
}

/// Returns the number of bytes that a base64 text encodes.
fn size(base64: &str) -> usize {
    Value::from_base64(base64).map_or(0, |value| value.len())
}

static NOTHING: std::sync::LazyLock<Map<String, Json>> = std::sync::LazyLock::new(Map::new);

/// Returns a field as a map; an empty one if it is none.
pub(super) fn map(json: &Json) -> &Map<String, Json> {
    json.as_object().unwrap_or(&NOTHING)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_and_sizes_no_values() {
        let before = json!({"data": {"a": "MTIz", "b": "MTIz", "c": "MQ==", "d": "MQ=="}, "type": "Opaque",
            "metadata": {"labels": {"x": "1", "y": "1"}}});
        let after = json!({"data": {"a": "MTIzNA==", "b": "NDU2", "d": "MQ==", "n": ""}, "type": "Opaque", "immutable": true,
            "stringData": {"d": "text", "e": "x"}, "metadata": {"labels": {"x": "2", "z": "1"}}});
        assert_eq!(
            receipt(&before, &after).unwrap(),
            "added n (0 bytes), e (1 byte); changed a (3 → 4 bytes), b (3 bytes, other content), d (1 → 4 bytes); \
             removed c (1 byte); labels ~x, +z, -y; immutable changed"
        );
        assert_eq!(receipt(&before, &before), None);
    }
}
