//! The fields of a kubeconfig in Go's order (`clientcmd/api/v1`), and their canonical form, in which kubectl prints and
//! writes it.

use go::base64::decode;
use secret::wipe;
use serde_json::{Map, Value as Json};
use zeroize::Zeroize as _;

/// A Go struct.
pub(super) struct Struct(&'static [Field]);

/// A field of a struct.
struct Field {
    name: &'static str,
    kind: Kind,
    /// Whether it is written even if it is empty (no `omitempty`).
    always: bool,
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Bool,
    /// Base64.
    Bytes,
    Texts,
    /// A map of strings.
    TextMap,
    /// A map of lists of strings.
    TextsMap,
    /// Any JSON.
    Any,
    Struct(&'static Struct),
    /// A pointer to a struct.
    Optional(&'static Struct),
    List(&'static Struct),
    /// A list of named entries, which is a map inside of client-go, and therefore sorted.
    Named(&'static Struct),
}

const fn always(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, always: true }
}

const fn filled(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, always: false }
}

use Kind::{Any, Bool, Bytes, List, Named, Optional, Text, TextMap, Texts, TextsMap};

/// A whole file.
pub(super) static CONFIG: Struct = Struct(&[
    filled("kind", Text),
    filled("apiVersion", Text),
    filled("preferences", Kind::Struct(&PREFERENCES)),
    always("clusters", Named(&Struct(&[always("name", Text), always("cluster", Kind::Struct(&CLUSTER))]))),
    always("users", Named(&Struct(&[always("name", Text), always("user", Kind::Struct(&USER))]))),
    always("contexts", Named(&Struct(&[always("name", Text), always("context", Kind::Struct(&CONTEXT))]))),
    always("current-context", Text),
    EXTENSIONS,
]);

static PREFERENCES: Struct = Struct(&[filled("colors", Bool), EXTENSIONS]);

const EXTENSIONS: Field = filled("extensions", Named(&Struct(&[always("name", Text), always("extension", Any)])));

static CLUSTER: Struct = Struct(&[
    always("server", Text),
    filled("tls-server-name", Text),
    filled("insecure-skip-tls-verify", Bool),
    filled("certificate-authority", Text),
    filled("certificate-authority-data", Bytes),
    filled("proxy-url", Text),
    filled("disable-compression", Bool),
    EXTENSIONS,
]);

static USER: Struct = Struct(&[
    filled("client-certificate", Text),
    filled("client-certificate-data", Bytes),
    filled("client-key", Text),
    filled("client-key-data", Bytes),
    filled("token", Text),
    filled("tokenFile", Text),
    filled("as", Text),
    filled("as-uid", Text),
    filled("as-groups", Texts),
    filled("as-user-extra", TextsMap),
    filled("username", Text),
    filled("password", Text),
    filled("auth-provider", Optional(&Struct(&[always("name", Text), always("config", TextMap)]))),
    filled("exec", Optional(&EXEC)),
    EXTENSIONS,
]);

static EXEC: Struct = Struct(&[
    always("command", Text),
    always("args", Texts),
    always("env", List(&Struct(&[always("name", Text), always("value", Text)]))),
    filled("apiVersion", Text),
    filled("installHint", Text),
    always("provideClusterInfo", Bool),
    filled("interactiveMode", Text),
]);

static CONTEXT: Struct =
    Struct(&[always("cluster", Text), always("user", Text), filled("namespace", Text), EXTENSIONS]);

/// How fields that client-go does not know are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// They are kept; kubectl drops them.
    Keep,
    /// They are dropped.
    Drop,
}

/// A field that cannot be read: its path, and a fragment without its value; `None` for a wrong type.
pub(super) struct Problem {
    pub(super) path: Vec<String>,
    pub(super) why: Option<String>,
}

impl Problem {
    fn wrong_type() -> Self {
        Self { path: Vec::new(), why: None }
    }

    fn below(mut self, name: &str) -> Self {
        self.path.insert(0, name.to_owned());
        self
    }
}

type Result<T> = std::result::Result<T, Problem>;

impl Struct {
    /// Returns `json` as client-go would write it after reading it: empty fields omitted or filled in, lists sorted by
    /// name, base64 without line breaks.
    pub(super) fn canonical(&self, json: Json, unknown: Unknown) -> Result<Json> {
        let mut from = match json {
            Json::Null => Map::new(),
            Json::Object(map) => map,
            other => return Err(refused(other)),
        };
        let mut to = Map::new();
        for field in self.0 {
            let value = from.remove(field.name).unwrap_or_default();
            if let Some(value) = field.canonical(value, unknown).map_err(|problem| problem.below(field.name))? {
                to.insert(field.name.to_owned(), value);
            }
        }
        match unknown {
            Unknown::Keep => to.append(&mut from),
            Unknown::Drop => from.values_mut().for_each(wipe),
        }
        Ok(Json::Object(to))
    }
}

impl Field {
    /// Returns the value as it is written, or `None` if it is omitted.
    fn canonical(&self, value: Json, unknown: Unknown) -> Result<Option<Json>> {
        let written = |empty: bool, value: Json| (self.always || !empty).then_some(value);
        Ok(match self.kind {
            Text => {
                let text = text(value)?;
                written(text.is_empty(), Json::String(text))
            }
            Bool => match value {
                Json::Null => written(true, Json::Bool(false)),
                Json::Bool(flag) => written(!flag, Json::Bool(flag)),
                other => return Err(refused(other)),
            },
            Bytes => {
                let text = bytes(text(value)?)?;
                written(text.is_empty(), Json::String(text))
            }
            Any => Some(value),
            Kind::Struct(of) => {
                let value = of.canonical(value, unknown)?;
                written(value.as_object().is_none_or(Map::is_empty), value)
            }
            Optional(_) if value.is_null() => None,
            Optional(of) => Some(of.canonical(value, unknown)?),
            Texts => self.list(value, |item| text(item).map(Json::String))?,
            List(of) => self.list(value, |item| of.canonical(item, unknown))?,
            Named(of) => {
                let list = self.list(value, |item| of.canonical(item, unknown))?;
                match list {
                    Some(Json::Array(items)) if items.is_empty() => Some(Json::Null),
                    Some(Json::Array(mut items)) => {
                        items.sort_by(|a, b| a["name"].as_str().cmp(&b["name"].as_str()));
                        Some(Json::Array(items))
                    }
                    other => other,
                }
            }
            TextMap => self.map(value, |item| text(item).map(Json::String))?,
            TextsMap => self.map(value, |item| {
                let list = always("", Texts).list(item, |item| text(item).map(Json::String))?;
                Ok(list.unwrap_or_default())
            })?,
        })
    }

    /// Converts a list. An empty list stays one if the field is always written; Go distinguishes it from an absent one.
    fn list(&self, value: Json, item: impl Fn(Json) -> Result<Json>) -> Result<Option<Json>> {
        let items = match value {
            Json::Null => return Ok(self.always.then_some(Json::Null)),
            Json::Array(items) => items,
            other => return Err(refused(other)),
        };
        let items = items.into_iter().enumerate();
        let items: Vec<Json> =
            items.map(|(at, value)| item(value).map_err(|p| p.below(&at.to_string()))).collect::<Result<_>>()?;
        Ok((self.always || !items.is_empty()).then_some(Json::Array(items)))
    }

    fn map(&self, value: Json, item: impl Fn(Json) -> Result<Json>) -> Result<Option<Json>> {
        let entries = match value {
            Json::Null => return Ok(self.always.then_some(Json::Null)),
            Json::Object(entries) => entries,
            other => return Err(refused(other)),
        };
        let mut map = Map::new();
        for (key, value) in entries {
            let value = item(value).map_err(|problem| problem.below(&key))?;
            map.insert(key, value);
        }
        Ok((self.always || !map.is_empty()).then_some(Json::Object(map)))
    }
}

fn text(value: Json) -> Result<String> {
    match value {
        Json::Null => Ok(String::new()),
        Json::String(text) => Ok(text),
        other => Err(refused(other)),
    }
}

/// Returns base64 as Go encodes it after decoding it.
fn bytes(mut text: String) -> Result<String> {
    match decode(text.as_bytes()) {
        Ok(bytes) => {
            text.zeroize();
            Ok(guard::Value::new(bytes).to_base64())
        }
        Err(at) => {
            text.zeroize();
            Err(Problem { path: Vec::new(), why: Some(format!("illegal base64 data at input byte {at}")) })
        }
    }
}

fn refused(mut json: Json) -> Problem {
    wipe(&mut json);
    Problem::wrong_type()
}
