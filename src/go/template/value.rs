//! Values during execution: JSON, constants of the template, and results of functions. They have Go's types, because
//! errors, comparisons and `%T` depend on them.

use crate::Numeric;
use serde_json::{Map, Value as Json};
use std::borrow::Cow;

/// A value of a concrete type, or no value.
#[derive(Clone)]
pub(super) enum Value<'a> {
    /// No value: a missing key, or nil without its interface.
    Invalid,
    /// Nil in an `interface {}`.
    Nil,
    Bool(bool),
    /// `int`: constants, lengths, indexes.
    Int(i64),
    /// `int64`: numbers of the object.
    Int64(i64),
    /// `uint8`: a byte of a string.
    Byte(u8),
    Float(f64),
    Complex(f64, f64),
    /// A string, which need not be UTF-8.
    Text(Cow<'a, [u8]>),
    Map(&'a Map<String, Json>),
    List(&'a [Json]),
}

impl<'a> Value<'a> {
    pub(super) fn text(text: String) -> Self {
        Self::Text(Cow::Owned(text.into_bytes()))
    }

    /// Returns Go's name of the type.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Invalid => "<nil>",
            Self::Nil => "interface {}",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Int64(_) => "int64",
            Self::Byte(_) => "uint8",
            Self::Float(_) => "float64",
            Self::Complex(..) => "complex128",
            Self::Text(_) => "string",
            Self::Map(_) => "map[string]interface {}",
            Self::List(_) => "[]interface {}",
        }
    }

    /// Returns `true` if the value is true: not zero and not empty.
    pub(super) fn truth(&self) -> bool {
        match self {
            Self::Invalid | Self::Nil => false,
            Self::Bool(value) => *value,
            Self::Int(int) | Self::Int64(int) => *int != 0,
            Self::Byte(byte) => *byte != 0,
            Self::Float(float) => *float != 0.0,
            Self::Complex(re, im) => *re != 0.0 || *im != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::List(list) => !list.is_empty(),
        }
    }

    /// Returns the value of any integer type.
    pub(super) fn integer(&self) -> Option<i64> {
        match self {
            Self::Int(int) | Self::Int64(int) => Some(*int),
            Self::Byte(byte) => Some(i64::from(*byte)),
            _ => None,
        }
    }

    /// Returns the length of a value that has one.
    pub(super) fn length(&self) -> Option<usize> {
        match self {
            Self::Text(text) => Some(text.len()),
            Self::Map(map) => Some(map.len()),
            Self::List(list) => Some(list.len()),
            _ => None,
        }
    }

    fn from_json(json: &'a Json) -> Self {
        match json {
            Json::Null => Self::Nil,
            Json::Bool(value) => Self::Bool(*value),
            Json::Number(number) => match Numeric::from(number) {
                Numeric::Int(int) => Self::Int64(int),
                Numeric::Float(float) => Self::Float(float),
            },
            Json::String(text) => Self::Text(Cow::Borrowed(text.as_bytes())),
            Json::Array(list) => Self::List(list),
            Json::Object(map) => Self::Map(map),
        }
    }
}

/// A value as Go's reflection sees it: elements of maps and lists are in an `interface {}`.
#[derive(Clone)]
pub(super) struct Reflected<'a> {
    pub(super) value: Value<'a>,
    pub(super) in_interface: bool,
}

impl<'a> Reflected<'a> {
    pub(super) const INVALID: Self = Self { value: Value::Invalid, in_interface: false };
    pub(super) const NIL: Self = Self { value: Value::Nil, in_interface: true };

    /// Returns the object itself, which is in no interface.
    pub(super) fn root(json: &'a Json) -> Self {
        Self::from(Value::from_json(json)).elem()
    }

    /// Returns an element of a map or list.
    pub(super) fn element(json: &'a Json) -> Self {
        Self { value: Value::from_json(json), in_interface: true }
    }

    /// Returns the value without its interface; nil becomes no value.
    pub(super) fn elem(self) -> Self {
        match self.value {
            Value::Nil => Self::INVALID,
            value => Self { value, in_interface: false },
        }
    }

    /// Returns Go's name of the static type.
    pub(super) fn type_name(&self) -> &'static str {
        if self.in_interface { "interface {}" } else { self.value.type_name() }
    }
}

impl<'a> From<Value<'a>> for Reflected<'a> {
    fn from(value: Value<'a>) -> Self {
        Self { value, in_interface: false }
    }
}
