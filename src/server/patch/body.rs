//! The JSON of a patch: read strictly, so that what is said twice is known, with Go's words for what is wrong.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value as Json};

/// What Go calls a JSON object of any shape.
pub(super) const MAP: &str = "map[string]interface {}";

/// The JSON, and `duplicate field "PATH"` for every member that is there twice (the last one wins).
///
/// Errors with the text of Go's decoder.
pub(super) fn parse(body: &[u8]) -> Result<(Json, Vec<String>), String> {
    let mut findings = Vec::new();
    let mut reader = serde_json::Deserializer::from_slice(body);
    let json = Strict { path: &Path::Root, findings: &mut findings }
        .deserialize(&mut reader)
        .and_then(|json| reader.end().map(|()| json))
        .map_err(|error| go_error(&error, body))?;
    Ok((json, findings))
}

/// Go's complaint about JSON of the wrong type.
pub(super) fn wrong_type(found: &Json, go_type: &str) -> String {
    format!("json: cannot unmarshal {} into Go value of type {go_type}", type_name(found))
}

/// Go's name for the type of a JSON value.
pub(super) fn type_name(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "bool",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

fn go_error(error: &serde_json::Error, body: &[u8]) -> String {
    if error.is_eof() {
        return "unexpected end of JSON input".into();
    }
    let line = body.split(|b| *b == b'\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    match line.get(error.column().saturating_sub(1)) {
        Some(b'\'') => r"invalid character '\'' looking for beginning of value".into(),
        Some(byte) if byte.is_ascii_graphic() || *byte == b' ' => {
            format!("invalid character '{}' looking for beginning of value", char::from(*byte))
        }
        _ => "invalid character looking for beginning of value".into(),
    }
}

/// The way to where we are, written out only when there is something to say.
enum Path<'a> {
    Root,
    Member(&'a Path<'a>, &'a str),
    Item(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Member(Self::Root, name) => f.write_str(name),
            Self::Member(parent, name) => write!(f, "{parent}.{name}"),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// Reads any JSON and notes duplicates on the way.
struct Strict<'a> {
    path: &'a Path<'a>,
    findings: &'a mut Vec<String>,
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::from(value))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Json, E> {
        Number::from_f64(value).map(Json::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        loop {
            let path = Path::Item(self.path, list.len());
            match items.next_element_seed(Strict { path: &path, findings: self.findings })? {
                Some(item) => list.push(item),
                None => return Ok(Json::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut map = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            let path = Path::Member(self.path, &key);
            if map.contains_key(&key) {
                self.findings.push(format!("duplicate field \"{path}\""));
            }
            let value = members.next_value_seed(Strict { path: &path, findings: self.findings })?;
            map.insert(key, value);
        }
        Ok(Json::Object(map))
    }
}
