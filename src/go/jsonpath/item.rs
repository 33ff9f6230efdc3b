//! Results of expressions.

use std::borrow::Cow;

use serde_json::Value as Json;

use crate::Numeric;

/// One result.
#[derive(Clone, Copy)]
pub(super) enum Item<'a> {
    /// A part of the object.
    Json(&'a Json),
    /// A string of the template.
    Text(&'a str),
    Int(i64),
    Float(f64),
    Bool(bool),
    /// A byte of a string, from `*`.
    Byte(u8),
    /// No value: the element of a range over null.
    Invalid,
}

impl<'a> Item<'a> {
    /// Returns the result as JSON, for `find`.
    pub(super) fn into_json(self) -> Cow<'a, Json> {
        match self {
            Self::Json(value) => Cow::Borrowed(value),
            Self::Text(text) => Cow::Owned(text.into()),
            Self::Int(int) => Cow::Owned(int.into()),
            Self::Float(float) => Cow::Owned(float.into()),
            Self::Bool(value) => Cow::Owned(value.into()),
            Self::Byte(byte) => Cow::Owned(byte.into()),
            Self::Invalid => Cow::Owned(Json::Null),
        }
    }

    /// Returns Go's name of its type. An error may contain that, never the value.
    pub(super) fn type_name(self) -> &'static str {
        match self {
            Self::Json(Json::Object(_)) => "map[string]interface {}",
            Self::Json(Json::Array(_)) => "[]interface {}",
            Self::Json(Json::String(_)) | Self::Text(_) => "string",
            Self::Json(Json::Number(number)) => match Numeric::from(number) {
                Numeric::Int(_) => "int64",
                Numeric::Float(_) => "float64",
            },
            Self::Json(Json::Bool(_)) | Self::Bool(_) => "bool",
            Self::Json(Json::Null) | Self::Invalid => "<nil>",
            Self::Int(_) => "int",
            Self::Float(_) => "float64",
            Self::Byte(_) => "uint8",
        }
    }

    pub(super) fn is_nil(self) -> bool {
        matches!(self, Self::Json(Json::Null) | Self::Invalid)
    }

    /// Returns the string, if it is one.
    pub(super) fn text(self) -> Option<&'a str> {
        match self {
            Self::Json(Json::String(text)) => Some(text),
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the values in it: of a map by key, of a list in order, of a string its bytes.
    pub(super) fn children(self) -> Vec<Item<'a>> {
        match self {
            Self::Json(Json::Object(map)) => map.values().map(Item::Json).collect(),
            Self::Json(Json::Array(list)) => list.iter().map(Item::Json).collect(),
            other => other.text().into_iter().flat_map(str::bytes).map(Item::Byte).collect(),
        }
    }
}
