//! Maps of scalars in JSON and YAML. Strings become values as they are, numbers and booleans as they were written.

use std::{borrow::Cow, fmt};

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::own::Added;
use crate::{
    error::{Error, Result},
    secret::{Value, build::check_key},
};

const HINT: &str = "--from-file=KEY=FILE stores a whole file as one value";

/// Returns the error of a key whose value is not a scalar.
fn no_scalar(file: &str, key: &str, kind: &str) -> Error {
    let error = Error::new(format_args!("{file}: .{key} is {kind}; a value is a string, a number or a boolean"));
    error.hint(HINT)
}

/// Adds the members of a JSON object. `file` is named in errors.
///
/// # Errors
/// Text that is not JSON, or no object; a member that is null, an object or an array; a bad or duplicate key.
pub(super) fn json(text: &[u8], file: &str, added: &mut Added) -> Result<()> {
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
    let mut json = serde_json::Deserializer::from_slice(text);
    let read = json.deserialize_map(Members).and_then(|members| json.end().map(|()| members));
    // Why not the parser's message: it may repeat a value.
    let members = read.map_err(|error| match error.is_data() {
        true => Error::new(format_args!("{file}: a JSON object is wanted, with an entry for each member")).hint(HINT),
        false => Error::new(format_args!("{file}: line {} is not valid JSON", error.line())),
    })?;
    for (key, raw) in members {
        check_key(&key).map_err(Error::new)?;
        let raw = raw.get();
        let value = match raw.as_bytes().first() {
            Some(b'"') => match serde_json::from_str::<Cow<'_, str>>(raw) {
                Ok(text) => Value::new(text.into_owned()),
                Err(_) => return Err(Error::new(format_args!("{file}: .{key} is a string that is not valid Unicode"))),
            },
            Some(b'{') => return Err(no_scalar(file, &key, "an object")),
            Some(b'[') => return Err(no_scalar(file, &key, "an array")),
            Some(b'n') => return Err(no_scalar(file, &key, "null")),
            _ => Value::new(raw),
        };
        added.add(&key, value, || file.to_owned())?;
    }
    Ok(())
}

/// Reads the members of an object in order, duplicates included, each as it was written.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}

/// Adds the entries of a YAML map, the only document of its file. `file` is named in errors.
///
/// # Errors
/// Text that is not YAML, or no map; a value that is null, a map, a list or an alias, or has a tag that changes it; a
/// bad or duplicate key; a second document.
pub(super) fn yaml(text: &[u8], file: &str, added: &mut Added) -> Result<()> {
    let text = std::str::from_utf8(text).map_err(|error| {
        let before = text.get(..error.valid_up_to()).unwrap_or_default();
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        Error::new(format_args!("{file}: line {line} is not valid UTF-8"))
    })?;
    let mut parser = Parser::new_from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut next = || loop {
        return match parser.next_event() {
            None => Ok(Event::StreamEnd),
            Some(Ok((Event::Nothing | Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd, _))) => {
                continue;
            }
            Some(Ok((event, _))) => Ok(event),
            Some(Err(error)) => {
                let line = error.marker().line();
                Err(Error::new(format_args!("{file}: line {line} is not valid YAML")))
            }
        };
    };
    if !matches!(next()?, Event::MappingStart(..)) {
        return Err(Error::new(format_args!("{file}: a YAML map is wanted, with an entry for each key")).hint(HINT));
    }
    loop {
        let key = match next()? {
            Event::Scalar(key, ..) => key.into_owned(),
            Event::MappingEnd => break,
            _ => return Err(Error::new(format_args!("{file}: a key is no string")).hint(HINT)),
        };
        check_key(&key).map_err(Error::new)?;
        let value = match next()? {
            Event::Scalar(text, style, _, tag) => scalar(text, style, tag.as_deref()),
            Event::MappingStart(..) => Err("a map"),
            Event::SequenceStart(..) => Err("a list"),
            Event::Alias(_) => Err("an alias"),
            _ => Err("incomplete"),
        };
        let value = value.map_err(|kind| no_scalar(file, &key, kind))?;
        added.add(&key, value, || file.to_owned())?;
    }
    match next()? {
        Event::StreamEnd => Ok(()),
        _ => Err(Error::new(format_args!("{file}: a second document follows the first one"))),
    }
}

/// Returns the value of a scalar as it was written.
///
/// # Errors
/// The kind of node that it is instead.
fn scalar(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Result<Value, &'static str> {
    let value = Value::new(text.into_owned());
    let plain = style == ScalarStyle::Plain;
    match tag.map(|tag| (tag.handle.as_str(), tag.suffix.as_str())) {
        Some(("tag:yaml.org,2002:", "str") | ("", "!") | ("!", "")) => Ok(value),
        Some(("tag:yaml.org,2002:", "int" | "float" | "bool")) if plain => Ok(value),
        Some(_) => Err("of a type that a tag names"),
        None if plain && matches!(value.expose(), b"" | b"~" | b"null" | b"Null" | b"NULL") => Err("null"),
        None => Ok(value),
    }
}

#[cfg(test)]
mod tests;
