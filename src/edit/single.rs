//! The view on a single value: a plain file, named so that the editor knows its language. When it is read back, a value
//! that was valid in its language must still be.

use serde_json::{Map, Value as Json, json};
use zeroize::Zeroizing;

use super::{
    conflict::Clash,
    nodes::{self, Problem},
    receipt::map,
    session::Text,
    view::View,
};
use crate::{
    print::decoded::decode,
    secret::{Object, Value},
};

/// One key of one Secret.
pub struct Single {
    key: String,
    /// The value that was opened; `None` if the key is new.
    before: Option<Value>,
    /// Whether the value is checked to be valid in its language.
    check: bool,
}

/// The language of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Json,
    Yaml,
    Pem,
    Env,
    Unknown,
}

impl Single {
    /// Opens `key` of `secret`.
    pub fn new(key: &str, secret: &Object, check: bool) -> Self {
        Self { key: key.to_owned(), before: map(&secret.json()["data"]).get(key).and_then(decode), check }
    }

    /// Returns the value that a text stands for. Why: editors end every file with a newline. If the value had none, one
    /// is removed; so it is from a new value of a single line.
    fn value_of(&self, text: &[u8]) -> Value {
        let bare = text.strip_suffix(b"\n").map(|bare| bare.strip_suffix(b"\r").unwrap_or(bare));
        let drop = match (&self.before, bare) {
            (Some(before), Some(bare)) => !before.expose().ends_with(b"\n") && !bare.ends_with(b"\n"),
            (None, Some(bare)) => !bare.contains(&b'\n'),
            (_, None) => false,
        };
        Value::new(if drop { bare.unwrap_or(text) } else { text })
    }

    fn problem(&self, value: &Value) -> Option<Problem> {
        let before = self.before.as_ref().map_or(&[][..], Value::expose);
        let language = language(&self.key, before);
        // Why: a value that was not valid before need not become so now.
        if !self.check || value.is_empty() || (!before.is_empty() && broken(language, before).is_some()) {
            return None;
        }
        broken(language, value.expose())
    }
}

impl View for Single {
    fn header(&self) -> Option<&'static str> {
        None
    }

    fn file(&self) -> String {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let name: String = self.key.chars().map(|c| if plain(c) { c } else { '_' }).take(100).collect();
        let name = name.trim_start_matches('.');
        let name = if name.is_empty() { "value" } else { name };
        if name.rsplit_once('.').is_some_and(|(stem, extension)| !stem.is_empty() && !extension.is_empty()) {
            return name.to_owned();
        }
        let extension = match language(&self.key, self.before.as_ref().map_or(&[][..], Value::expose)) {
            Language::Json => "json",
            Language::Yaml => "yaml",
            Language::Pem => "pem",
            Language::Env => "env",
            Language::Unknown => "txt",
        };
        format!("{name}.{extension}")
    }

    fn ours(&self) -> bool {
        true
    }

    fn same(&self, one: &[u8], other: &[u8]) -> bool {
        self.value_of(one) == self.value_of(other)
    }

    fn render(&self, objects: &[Object], _: &[Clash]) -> Text {
        let value = objects.first().and_then(|object| map(&object.json()["data"]).get(&self.key)).and_then(decode);
        Zeroizing::new(value.unwrap_or_default().expose().to_vec())
    }

    fn read(&self, text: &[u8], originals: &[Object]) -> Result<Vec<Object>, Vec<Problem>> {
        let value = self.value_of(text);
        if let Some(problem) = self.problem(&value) {
            return Err(vec![problem]);
        }
        let Some(mut edited) = originals.first().cloned() else { return Ok(Vec::new()) };
        if let Some(object) = edited.json_mut().as_object_mut() {
            let data = object.entry("data").or_insert_with(|| Json::Object(Map::new()));
            if let Some(data) = data.as_object_mut() {
                data.insert(self.key.clone(), json!(value.to_base64()));
            }
        }
        Ok(vec![edited])
    }
}

/// Guesses the language from the key's extension, else from how the value begins.
fn language(key: &str, value: &[u8]) -> Language {
    match key.rsplit_once('.').map(|(_, extension)| extension) {
        Some("json" | "dockerconfigjson" | "dockercfg") => return Language::Json,
        Some("yaml" | "yml") => return Language::Yaml,
        Some("pem" | "crt" | "cer" | "key") => return Language::Pem,
        Some("env") => return Language::Env,
        _ => {}
    }
    let start = value.trim_ascii_start();
    if start.starts_with(b"-----BEGIN ") {
        Language::Pem
    } else if start.starts_with(b"{") || start.starts_with(b"[") {
        if serde_json::from_slice::<serde::de::IgnoredAny>(value).is_ok() { Language::Json } else { Language::Unknown }
    } else if start.starts_with(b"---\n") {
        Language::Yaml
    } else {
        Language::Unknown
    }
}

/// Returns why a value is not valid in its language; `None` if it is.
fn broken(language: Language, value: &[u8]) -> Option<Problem> {
    match language {
        Language::Unknown => None,
        Language::Json => {
            let error = serde_json::from_slice::<serde::de::IgnoredAny>(value).err()?;
            // Why: serde_json's message could repeat parts of the value, so only its position is used.
            Some(Problem::at(error.line(), format!("not JSON (column {})", error.column())))
        }
        Language::Yaml => nodes::parse(value).err().filter(|problem| !problem.text.contains("aliases")),
        Language::Pem => {
            let whole = x509_parser::pem::Pem::iter_from_buffer(value).collect::<Vec<_>>();
            let fine = !whole.is_empty() && whole.iter().all(Result::is_ok);
            (!fine).then(|| Problem::at(0, "not PEM: a BEGIN and an END line with base64 between them are wanted"))
        }
        Language::Env => {
            let text = match std::str::from_utf8(value) {
                Ok(text) => text,
                Err(_) => return Some(Problem::at(0, "not UTF-8")),
            };
            let bad = text.lines().position(|line| {
                let line = line.trim_start();
                let line = line.strip_prefix("export ").unwrap_or(line);
                !line.is_empty() && !line.starts_with('#') && !line.contains('=')
            });
            bad.map(|at| Problem::at(at + 1, "neither NAME=VALUE nor a comment"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(key: &str, value: &str) -> Object {
        Object::new(json!({"metadata": {"name": "s"}, "data": {key: Value::new(value).to_base64(), "other": "MQ=="}}))
    }

    fn saved(key: &str, before: &str, text: &str) -> Result<String, String> {
        let object = secret(key, before);
        let view = Single::new(key, &object, true);
        let edited = view.read(text.as_bytes(), &[object]).map_err(|problems| problems[0].to_string())?;
        let value = decode(&edited[0].json()["data"][key]).unwrap();
        assert_eq!(edited[0].json()["data"]["other"], json!("MQ=="));
        Ok(value.expose_text().unwrap().to_owned())
    }

    #[test]
    fn the_final_newline_is_as_it_was() {
        assert_eq!(saved("k", "old", "new\n").unwrap(), "new");
        assert_eq!(saved("k", "old", "new\n\n").unwrap(), "new\n\n");
        assert_eq!(saved("k", "old\n", "new\n").unwrap(), "new\n");
        assert_eq!(saved("k", "old\n", "new").unwrap(), "new");
        let object = secret("k", "x");
        let new = Single::new("absent", &object, true);
        assert_eq!(new.value_of(b"one\n").expose(), b"one");
        assert_eq!(new.value_of(b"one\ntwo\n").expose(), b"one\ntwo\n");
        assert!(Single::new("k", &object, true).same(b"x", b"x\n"));
    }

    #[test]
    fn the_file_has_a_fitting_name() {
        let name = |key: &str, value: &str| Single::new(key, &secret(key, value), true).file();
        assert_eq!(name("app.conf", ""), "app.conf");
        assert_eq!(name("config", "{\"a\":1}"), "config.json");
        assert_eq!(name("config", "{not json"), "config.txt");
        assert_eq!(name("id", "-----BEGIN X-----"), "id.pem");
        assert_eq!(name(".dockerconfigjson", "{}"), "dockerconfigjson.json");
        assert_eq!(name("../../x", ""), "_.._x");
    }

    #[test]
    fn what_was_json_stays_json() {
        assert_eq!(saved("a.json", "{}", "{\"a\": 1}\n").unwrap(), "{\"a\": 1}");
        assert_eq!(saved("a.json", "{}", "{\n\"s3cret\"").unwrap_err(), "line 2: not JSON (column 8)");
        assert_eq!(saved("a.json", "not json", "still not").unwrap(), "still not");
        assert!(saved("a.yaml", "a: b", "a: [").unwrap_err().starts_with("line "));
        assert!(saved("a.pem", "", "no pem").is_err());
        assert_eq!(saved("a.env", "A=1\n", "A=1\noops\n").unwrap_err(), "line 2: neither NAME=VALUE nor a comment");
    }
}
