//! The receipt of one write: names, sizes and keyed digests, never values.

use serde::Serialize;
use serde_json::Value as Json;

use super::{
    digest::Digester,
    journal::entry::{self, Entry},
    keys::{self, Keys},
    origin::{Origin, operation, time, uid},
};
use crate::{
    client::{After, Written},
    secret::{Object, Value},
};

/// The version of what follows.
const VERSION: &str = "ksecret/receipt/v1";

/// A line of JSON. Its fields are documented in `history --help`; a change of their meaning is a new version.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    api_version: &'static str,
    /// Its number in the journal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    time: String,
    verb: String,
    server: String,
    namespace: String,
    name: String,
    uid: Option<String>,
    operation: String,
    keys: Changes,
    versions: Versions,
    /// The programs that took part.
    pub hooks: Vec<Hook>,
}

/// A program that took part in the work, such as a hook of `rotate`.
#[derive(Debug, Clone, Serialize)]
pub struct Hook {
    /// Its step: `set`, `verify` …
    pub step: String,
    /// How it ended: `done`, `exit status 1` …
    pub status: String,
    /// How long it ran.
    pub seconds: f64,
}

#[derive(Debug, Default, Serialize)]
struct Changes {
    added: Vec<Held>,
    changed: Vec<Changed>,
    removed: Vec<Held>,
}

#[derive(Debug, Serialize)]
struct Held {
    key: String,
    size: usize,
    digest: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Changed {
    #[serde(flatten)]
    now: Held,
    size_before: usize,
    digest_before: String,
}

#[derive(Debug, Serialize)]
struct Versions {
    before: Option<String>,
    after: Option<String>,
}

impl Receipt {
    /// Returns the receipt of a write.
    pub fn of(written: &Written, origin: &Origin, digester: &Digester) -> Self {
        let version = |object: Option<&Object>| object.and_then(Object::resource_version).map(str::to_owned);
        let keys = match written.after {
            After::Unknown => Changes::default(),
            _ => changes(keys::data(written.before.as_ref()), keys::data(written.object()), digester),
        };
        Self {
            api_version: VERSION,
            number: None,
            time: time(origin.time),
            verb: origin.verb.clone(),
            server: origin.server.clone(),
            namespace: written.namespace.clone(),
            name: written.name.clone(),
            uid: uid(written),
            operation: operation(written).to_owned(),
            keys,
            versions: Versions { before: version(written.before.as_ref()), after: version(written.object()) },
            hooks: Vec::new(),
        }
    }

    /// Returns the receipt of an entry of the journal.
    pub fn of_entry(number: u64, entry: &Entry, digester: &Digester) -> Self {
        let text = |field| entry.text(field).to_owned();
        let version = |when| entry.version(when).map(str::to_owned);
        let (before, after) = (entry::data(entry.before()), entry::data(entry.after()));
        Self {
            api_version: VERSION,
            number: Some(number),
            time: text("time"),
            verb: text("verb"),
            server: text("server"),
            namespace: text("namespace"),
            name: text("name"),
            uid: Some(text("uid")),
            operation: text("operation"),
            keys: changes(before.json(), after.json(), digester),
            versions: Versions { before: version("before"), after: version("after") },
            hooks: Vec::new(),
        }
    }

    /// Returns it as a line.
    pub fn line(&self) -> String {
        // Every field is text, a number or a list: no value makes this fail.
        let json = serde_json::to_string(self).unwrap_or_default();
        format!("{json}\n")
    }

    /// Returns the object that it is of, for messages.
    pub fn subject(&self) -> String {
        format!("secret/{} in {}", self.name, self.namespace)
    }
}

fn changes(before: &Json, after: &Json, digester: &Digester) -> Changes {
    let keys = Keys::between(before, after);
    let held = |key: String, value: &Value| Held { key, size: value.len(), digest: digester.of(value) };
    let changed = |key: String| {
        let (was, now) = (keys::value(before, &key), keys::value(after, &key));
        Changed { now: held(key, &now), size_before: was.len(), digest_before: digester.of(&was) }
    };
    let of = |data, key: String| {
        let value = keys::value(data, &key);
        held(key, &value)
    };
    Changes {
        added: keys.added.into_iter().map(|key| of(after, key)).collect(),
        changed: keys.changed.into_iter().map(changed).collect(),
        removed: keys.removed.into_iter().map(|key| of(before, key)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::*;

    fn written(before: Json, after: After) -> Written {
        let before = before.is_object().then(|| Object::new(before));
        Written { namespace: "ns".into(), name: "s".into(), before, after }
    }

    fn object(version: &str, data: Json) -> Json {
        json!({"metadata": {"name": "s", "uid": "u", "resourceVersion": version}, "data": data})
    }

    /// What a program reads: names and order of fields are part of the format.
    #[test]
    fn a_receipt_is_one_line_of_documented_fields() {
        let dir = tempfile::tempdir().unwrap();
        let digester = Digester::open(&dir.path().join("receipt.key")).unwrap();
        let before = object("1", json!({"a": "MTIz", "b": "MTIz", "c": "MQ=="}));
        let after = object("2", json!({"a": "MTIz", "b": "MTIzNA==", "d": ""}));
        let origin = Origin { time: Timestamp::UNIX_EPOCH, verb: "set".into(), server: "https://s".into() };
        let mut receipt = Receipt::of(&written(before, After::Object(Object::new(after))), &origin, &digester);
        receipt.hooks.push(Hook { step: "restart".into(), status: "done".into(), seconds: 0.5 });
        let digest = |value: &str| digester.of(&Value::new(value));
        let expected = format!(
            "{{\"apiVersion\":\"ksecret/receipt/v1\",\"time\":\"1970-01-01T00:00:00.000Z\",\"verb\":\"set\",\
             \"server\":\"https://s\",\"namespace\":\"ns\",\"name\":\"s\",\"uid\":\"u\",\"operation\":\"changed\",\
             \"keys\":{{\"added\":[{{\"key\":\"d\",\"size\":0,\"digest\":\"{}\"}}],\
             \"changed\":[{{\"key\":\"b\",\"size\":4,\"digest\":\"{}\",\"sizeBefore\":3,\"digestBefore\":\"{}\"}}],\
             \"removed\":[{{\"key\":\"c\",\"size\":1,\"digest\":\"{}\"}}]}},\
             \"versions\":{{\"before\":\"1\",\"after\":\"2\"}},\
             \"hooks\":[{{\"step\":\"restart\",\"status\":\"done\",\"seconds\":0.5}}]}}\n",
            digest(""),
            digest("1234"),
            digest("123"),
            digest("1"),
        );
        assert_eq!(receipt.line(), expected);
    }
}
