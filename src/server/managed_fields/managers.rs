//! Reads and writes `metadata.managedFields`: which manager owns which fields.

use go::quote::quote;
use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::set::FieldSet;

/// One entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Manager {
    pub(super) name: String,
    /// Whether the entry's operation is `Apply`, not `Update`.
    pub(super) applied: bool,
    pub(super) version: String,
    pub(super) subresource: String,
    pub(super) time: Option<String>,
    pub(super) fields: FieldSet,
}

/// All entries by their identity.
pub(super) type Managers = BTreeMap<String, Manager>;

impl Manager {
    /// Returns the key that identifies an entry across writes: all of it but time and fields, and without the version
    /// for `Apply`. Its text is that of upstream's `BuildManagerIdentifier`, since it decides the order of conflicts.
    pub(super) fn identity(&self) -> String {
        let mut out = String::from("{");
        let mut member = |name: &str, value: &str| {
            if !value.is_empty() {
                let comma = if out.len() > 1 { "," } else { "" };
                out.extend([comma, "\"", name, "\":", &serde_json::to_string(value).unwrap_or_default()]);
            }
        };
        member("manager", &self.name);
        member("operation", self.operation());
        member("apiVersion", if self.applied { "" } else { &self.version });
        member("subresource", &self.subresource);
        out.push('}');
        out
    }

    /// Returns the manager as messages about conflicts name it.
    pub(super) fn display(&self) -> String {
        let quoted = self.name.replace('\\', r"\\").replace('"', "\\\"");
        let mut out = format!("\"{quoted}\"");
        if !self.subresource.is_empty() {
            out.push_str(&format!(" with subresource {}", quote(&self.subresource)));
        }
        if !self.applied {
            out.push_str(&format!(" using {}", self.version));
        }
        out
    }

    fn operation(&self) -> &'static str {
        if self.applied { "Apply" } else { "Update" }
    }

    /// Returns the time in seconds since 1970; an entry without a time is the oldest.
    pub(super) fn seconds(&self) -> i64 {
        let time = self.time.as_deref().and_then(|text| text.parse::<jiff::Timestamp>().ok());
        time.map_or(0, jiff::Timestamp::as_second)
    }

    fn to_json(&self) -> Json {
        let mut entry = Map::new();
        let mut member = |name: &str, value: &str| {
            if !value.is_empty() {
                entry.insert(name.into(), value.into());
            }
        };
        member("manager", &self.name);
        member("operation", self.operation());
        member("apiVersion", &self.version);
        member("time", self.time.as_deref().unwrap_or_default());
        member("fieldsType", "FieldsV1");
        member("subresource", &self.subresource);
        entry.insert("fieldsV1".into(), self.fields.to_json());
        Json::Object(entry)
    }
}

/// Reads the entries of an object.
///
/// # Errors
/// What is wrong with them, without repeating them.
pub(super) fn decode(object: &Json) -> Result<Managers, String> {
    let mut managers = Managers::new();
    for (at, entry) in object["metadata"]["managedFields"].as_array().into_iter().flatten().enumerate() {
        let text = |name: &str| entry[name].as_str().unwrap_or_default();
        let applied = match text("operation") {
            "Apply" => true,
            "Update" => false,
            _ => return Err("operation must be `Apply` or `Update`".into()),
        };
        if text("apiVersion").is_empty() {
            return Err("apiVersion must not be empty".into());
        }
        match text("fieldsType") {
            "FieldsV1" => {}
            "" => return Err(format!("missing fieldsType in managed fields entry {at}")),
            _ => return Err(format!("invalid fieldsType in managed fields entry {at}")),
        }
        let fields = match &entry["fieldsV1"] {
            Json::Null => FieldSet::default(),
            fields => {
                FieldSet::parse(fields).ok_or_else(|| format!("error decoding set of managed fields entry {at}"))?
            }
        };
        let manager = Manager {
            name: text("manager").into(),
            applied,
            version: text("apiVersion").into(),
            subresource: text("subresource").into(),
            time: entry["time"].as_str().map(Into::into),
            fields,
        };
        managers.insert(manager.identity(), manager);
    }
    Ok(managers)
}

/// Writes the entries into an object: `Apply` before `Update`, older ones first, then by name. Without entries there is
/// no `managedFields`.
pub(super) fn encode(object: &mut Json, managers: &Managers) {
    let Some(object) = object.as_object_mut() else { return };
    let metadata = object.entry("metadata").or_insert_with(|| json!({}));
    let Some(metadata) = metadata.as_object_mut() else { return };
    if managers.is_empty() {
        metadata.remove("managedFields");
        return;
    }
    let mut entries: Vec<&Manager> = managers.values().collect();
    entries.sort_by_key(|m| (!m.applied, m.seconds(), m.name.as_str(), m.version.as_str(), m.subresource.as_str()));
    let entries = entries.into_iter().map(Manager::to_json).collect();
    metadata.insert("managedFields".into(), Json::Array(entries));
}

/// How many entries for updates an object keeps (`DefaultMaxUpdateManagers`).
const MAX_UPDATE_MANAGERS: usize = 10;

/// Merges the oldest entries for updates into `ancient-changes` until no more than that are left.
pub(super) fn cap(managers: &mut Managers) {
    let mut updates: Vec<(i64, String)> =
        managers.iter().filter(|(_, m)| !m.applied).map(|(id, m)| (m.seconds(), id.clone())).collect();
    let mut left = updates.len();
    updates.sort();
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    for (_, id) in updates {
        if left <= MAX_UPDATE_MANAGERS {
            return;
        }
        let Some(manager) = managers.get(&id).cloned() else { continue };
        let Some(oldest) = first.get(&manager.version) else {
            first.insert(manager.version.clone(), id);
            continue;
        };
        let ancient =
            Manager { name: "ancient-changes".into(), version: manager.version.clone(), ..Manager::default() };
        let bucket = ancient.identity();
        let before = match managers.remove(&bucket) {
            Some(present) => Some(present),
            None => managers.remove(oldest),
        };
        let before = before.map(|m| m.fields).unwrap_or_default();
        if id != bucket {
            managers.remove(&id);
        }
        managers.insert(bucket, Manager { time: manager.time, fields: manager.fields.union(before), ..ancient });
        left -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn update(name: &str, second: u32) -> Json {
        json!({"manager": name, "operation": "Update", "apiVersion": "v1", "fieldsType": "FieldsV1",
            "time": format!("2026-01-01T00:00:{second:02}Z"), "fieldsV1": {"f:data": {format!("f:{name}"): {}}}})
    }

    #[test]
    fn the_eleventh_update_makes_the_oldest_two_ancient() {
        let entries: Vec<Json> = (0..11).map(|n| update(&format!("m{n}"), n)).collect();
        let mut object = json!({"metadata": {"managedFields": entries}});
        let mut managers = decode(&object).unwrap();
        cap(&mut managers);
        encode(&mut object, &managers);
        let entries = object["metadata"]["managedFields"].as_array().unwrap();
        assert_eq!(entries.len(), 10);
        assert_eq!(entries[0]["manager"], "ancient-changes");
        assert_eq!(entries[0]["time"], "2026-01-01T00:00:01Z");
        assert_eq!(entries[0]["fieldsV1"], json!({"f:data": {"f:m0": {}, "f:m1": {}}}));

        let mut more = managers.clone();
        more.extend(decode(&json!({"metadata": {"managedFields": [update("m99", 50)]}})).unwrap());
        cap(&mut more);
        encode(&mut object, &more);
        assert_eq!(object["metadata"]["managedFields"].as_array().unwrap().len(), 10);
        assert_eq!(
            object["metadata"]["managedFields"][0]["fieldsV1"]["f:data"],
            json!({"f:m0": {}, "f:m1": {}, "f:m2": {}})
        );
    }

    #[test]
    fn bad_entries_are_refused() {
        for (name, value) in
            [("operation", "Delete"), ("apiVersion", ""), ("fieldsType", ""), ("fieldsType", "V2"), ("fieldsV1", "x")]
        {
            let mut entry = update("m", 0);
            entry[name] = json!(value);
            assert!(decode(&json!({"metadata": {"managedFields": [entry]}})).is_err(), "{name} {value:?}");
        }
    }
}
