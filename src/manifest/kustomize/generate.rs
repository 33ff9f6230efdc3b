//! `secretGenerator`: entries by kustomize's rules, which differ from kubectl's. A pair of quotes around a literal is
//! dropped, lines of an env file are trimmed on the left, keys are not checked.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use go::quote::quote;
use serde_json::{Map, Value as Json, json};

use super::{
    root::Root,
    schema::{ANNOTATIONS, Generator, GeneratorOptions, LABELS, Pairs, Place},
};
use secret::{Object, Value};

type Result<T> = std::result::Result<T, String>;

/// The longest line of base64 that kustomize writes; longer text is broken into lines. Why exactly: the hash in the
/// name is of the broken text.
const LINE: usize = 70;

/// Returns the Secret of a generator, without the hash in its name.
pub(super) fn generate(generator: &Generator, common: &GeneratorOptions, root: &Root) -> Result<Object> {
    if generator.name.is_empty() {
        return Err("a secret of the secretGenerator must have a name".to_owned());
    }
    let mut data = Map::new();
    for (key, value) in entries(generator, root).map_err(|text| format!("loading KV pairs: {text}"))? {
        if data.contains_key(&key) {
            return Err(format!("secret {} illegally repeats the key `{key}`", generator.name));
        }
        data.insert(key, Json::String(encode(&value)));
    }
    let kind = if generator.kind.is_empty() { "Opaque" } else { &generator.kind };
    let name = json!({"name": generator.name});
    let object = json!({"apiVersion": "v1", "kind": "Secret", "metadata": name, "type": kind, "data": data});
    let mut secret = Object::new(object);
    let object = secret.json_mut();
    if !generator.namespace.is_empty() {
        object["metadata"]["namespace"] = generator.namespace.as_str().into();
    }
    put_pairs(object, &LABELS, &[&common.labels, &generator.options.labels])?;
    put_pairs(object, &ANNOTATIONS, &[&common.annotations, &generator.options.annotations])?;
    if common.immutable || generator.options.immutable {
        object["immutable"] = true.into();
    }
    Ok(secret)
}

/// Adds pairs to the map at a field path. A later list overrides an earlier one.
pub(super) fn put_pairs(object: &mut Json, place: &Place, lists: &[&Pairs]) -> Result<()> {
    let mut pairs = lists.iter().copied().flatten().peekable();
    if pairs.peek().is_none() {
        return Ok(());
    }
    let mut at = object;
    for name in place.path.split('/') {
        let wrong = || format!("considering field '{}': expected sequence or mapping node", place.path);
        let map = at.as_object_mut().ok_or_else(wrong)?;
        if !place.create && map.get(name).is_none_or(Json::is_null) {
            return Ok(());
        }
        at = map.entry(name).or_insert(Json::Null);
        if at.is_null() {
            *at = json!({});
        }
    }
    match at {
        Json::Object(map) => map.extend(pairs.map(|(key, value)| (key.clone(), value.as_str().into()))),
        _ => return Err(format!("considering field '{}': wrong node kind: expected MappingNode", place.path)),
    }
    Ok(())
}

/// Encodes a value in base64, with line breaks if it is long.
fn encode(value: &Value) -> String {
    let text = STANDARD.encode(value.expose());
    if text.len() < LINE {
        return text;
    }
    let mut broken = String::with_capacity(text.len() + text.len() / LINE + 1);
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(LINE));
        broken.push_str(line);
        broken.push('\n');
        rest = after;
    }
    broken
}

/// Returns the entries: of env files, then literals, then files.
fn entries(generator: &Generator, root: &Root) -> Result<Vec<(String, Value)>> {
    let mut entries = Vec::new();
    for path in &generator.envs {
        let failed = |text: String| format!("env source files: [{}]: {text}", generator.envs.join(" "));
        let content = root.read(path).map_err(failed)?;
        env_lines(content.expose(), path, &mut entries).map_err(failed)?;
    }
    for literal in &generator.literals {
        match literal.split_once('=') {
            Some((key, value)) if !key.is_empty() => {
                entries.push((key.to_owned(), Value::new(without_quotes(value))));
            }
            // Why: kustomize's message repeats the literal, which may be a value.
            _ => return Err("literal sources: invalid literal source, expected key=value".to_owned()),
        }
    }
    for source in &generator.files {
        let failed = |text: String| format!("file sources: [{}]: {text}", generator.files.join(" "));
        // Why: text that is no source may be a value in the wrong place. kustomize repeats it.
        let (key, path) = file_source(source).map_err(|text| format!("file sources: {text}"))?;
        entries.push((key.to_owned(), root.read(path).map_err(failed)?));
    }
    Ok(entries)
}

/// Returns the text without one pair of equal quotes around it.
fn without_quotes(text: &str) -> &str {
    let inner = |quote| text.strip_prefix(quote).and_then(|rest: &str| rest.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

/// Splits `path` or `key=path`.
fn file_source(source: &str) -> Result<(&str, &str)> {
    match source.split_once('=') {
        None => Ok((source.trim_end_matches('/').rsplit('/').next().unwrap_or(source), source)),
        Some(("", path)) => Err(format!("missing key name for file path {}", quote(path))),
        Some((key, "")) => Err(format!("missing file path for key name {}", quote(key))),
        Some((_, path)) if path.contains('=') => Err("source key name or file path contains '='".to_owned()),
        Some((key, path)) => Ok((key, path)),
    }
}

fn env_lines(content: &[u8], path: &str, entries: &mut Vec<(String, Value)>) -> Result<()> {
    let content = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content);
    for (number, line) in content.split(|byte| *byte == b'\n').enumerate() {
        let Ok(line) = std::str::from_utf8(line.strip_suffix(b"\r").unwrap_or(line)) else {
            return Err(format!("line {} of {path} is not UTF-8", number + 1));
        };
        let line = line.trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        // Why: as in kustomize, a key alone has an empty value. Other text without `=` is refused: it is part of a
        // value that spans lines, and kustomize would make it a key, which is not secret.
        let (key, value) = match line.split_once('=') {
            Some(entry) => entry,
            None if is_key(line) => (line, ""),
            None => return Err(format!("line {} of {path} has no '=', and is no key", number + 1)),
        };
        if key.is_empty() {
            // kustomize skips such a line.
            return Err(format!("line {} of {path} has no key", number + 1));
        }
        if entries.iter().any(|(other, _)| other == key) {
            // Why the key is not named: it may be part of a value that spans lines. kustomize repeats it.
            return Err(format!("line {} of {path} repeats a key", number + 1));
        }
        entries.push((key.to_owned(), Value::new(value)));
    }
    Ok(())
}

/// Returns whether the text can be the key of an entry.
fn is_key(text: &str) -> bool {
    text.chars().all(|char| char.is_ascii_alphanumeric() || "-._".contains(char))
}
