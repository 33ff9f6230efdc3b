//! The functions of templates: those of `text/template/funcs.go`, and kubectl's `exists` and `base64decode`.
//!
//! Their errors contain types and positions. Where Go's would contain a value, they have its type.

use super::compare;
use super::escape;
use super::fmt;
use super::value::{Reflected, Value};
use crate::limits::Budget;
use serde_json::Value as Json;
use std::borrow::Cow;

/// How many bytes an escaped byte has at most: `\u003C`.
const LONGEST_ESCAPE: usize = 6;

/// The type of a parameter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Param {
    /// `reflect.Value`: any value, with or without its interface.
    Value,
    /// `interface {}`: any value, without its interface.
    Any,
    /// `string`.
    Text,
}

/// A function.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    And,
    Base64Decode,
    Call,
    Eq,
    Exists,
    Ge,
    Gt,
    Html,
    Index,
    Js,
    Le,
    Len,
    Lt,
    Ne,
    Not,
    Or,
    Print,
    Printf,
    Println,
    Slice,
    UrlQuery,
}

impl Function {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "and" => Self::And,
            "base64decode" => Self::Base64Decode,
            "call" => Self::Call,
            "eq" => Self::Eq,
            "exists" => Self::Exists,
            "ge" => Self::Ge,
            "gt" => Self::Gt,
            "html" => Self::Html,
            "index" => Self::Index,
            "js" => Self::Js,
            "le" => Self::Le,
            "len" => Self::Len,
            "lt" => Self::Lt,
            "ne" => Self::Ne,
            "not" => Self::Not,
            "or" => Self::Or,
            "print" => Self::Print,
            "printf" => Self::Printf,
            "println" => Self::Println,
            "slice" => Self::Slice,
            "urlquery" => Self::UrlQuery,
            _ => return None,
        })
    }

    /// Returns the types of the parameters, and that of variadic ones.
    pub(super) fn signature(self) -> (&'static [Param], Option<Param>) {
        use Param::{Any, Text, Value};
        match self {
            Self::And | Self::Or | Self::Call | Self::Eq | Self::Index | Self::Slice => (&[Value], Some(Value)),
            Self::Len | Self::Not => (&[Value], None),
            Self::Ge | Self::Gt | Self::Le | Self::Lt | Self::Ne => (&[Value, Value], None),
            Self::Html | Self::Js | Self::UrlQuery | Self::Print | Self::Println => (&[], Some(Any)),
            Self::Printf => (&[Text], Some(Any)),
            Self::Exists => (&[Any], Some(Any)),
            Self::Base64Decode => (&[Text], None),
        }
    }

    /// Calls the function with arguments that match its signature. `and` and `or` are not called, because they
    /// short-circuit. `callee` is the first argument of `call` as the template has it; `budget` limits the bytes of
    /// strings.
    pub(super) fn call<'a>(
        self,
        args: Vec<Reflected<'a>>,
        callee: &str,
        budget: &Budget,
    ) -> Result<Reflected<'a>, String> {
        let mut rest = args.into_iter();
        let first = match self {
            Self::Print | Self::Println | Self::Html | Self::Js | Self::UrlQuery => Value::Invalid,
            Self::Len => return length(rest.next().unwrap_or(Reflected::INVALID)),
            _ => rest.next().map_or(Value::Invalid, |arg| arg.elem().value),
        };
        if self == Self::Slice {
            return Ok(slice(first, &rest.collect::<Vec<_>>())?.into());
        }
        let rest: Vec<Value> = rest.map(|arg| arg.elem().value).collect();
        let limit = budget.bytes();
        let made =
            |text: Option<Vec<u8>>| text.map(|text| Value::Text(Cow::Owned(text))).ok_or_else(|| budget.too_large());
        // Why: escaping makes no character longer than this.
        let escapable = |rest| shown(rest, limit / LONGEST_ESCAPE).ok_or_else(|| budget.too_large());
        let second = || rest.first().unwrap_or(&Value::Invalid);
        let value = match self {
            Self::Index => return index(first, rest),
            Self::Call => return Err(not_a_function(&first, callee)),
            Self::Not => Value::Bool(!first.truth()),
            Self::Eq => Value::Bool(compare::equal(&first, &rest)?),
            Self::Ne => Value::Bool(!compare::equal(&first, &rest)?),
            Self::Lt => Value::Bool(compare::less(&first, second())?),
            Self::Le => Value::Bool(compare::less(&first, second())? || compare::equal(&first, &rest)?),
            Self::Gt => Value::Bool(!(compare::less(&first, second())? || compare::equal(&first, &rest)?)),
            Self::Ge => Value::Bool(!compare::less(&first, second())?),
            Self::Exists => Value::Bool(exists(first, &rest)),
            Self::Base64Decode => Value::Text(Cow::Owned(escape::base64_decode(&text(first))?)),
            Self::Print => made(fmt::sprint(&rest, limit))?,
            Self::Println => made(fmt::sprintln(&rest, limit))?,
            Self::Printf => made(fmt::sprintf(&text(first), &rest, limit))?,
            Self::Html => Value::Text(Cow::Owned(escape::html(&escapable(rest)?))),
            Self::Js => Value::Text(Cow::Owned(escape::js(&escapable(rest)?))),
            Self::UrlQuery => Value::text(escape::url_query(&escapable(rest)?)),
            Self::And | Self::Or | Self::Len | Self::Slice => first,
        };
        Ok(Reflected::from(value))
    }
}

fn text(value: Value<'_>) -> Cow<'_, [u8]> {
    match value {
        Value::Text(text) => text,
        _ => Cow::Borrowed(b""),
    }
}

/// Returns arguments as one string: a string as it is, several values as `print` formats them, nil as no value.
fn shown(mut args: Vec<Value>, limit: usize) -> Option<Vec<u8>> {
    for arg in &mut args {
        if matches!(arg, Value::Nil | Value::Invalid) {
            *arg = Value::text("<no value>".to_owned());
        }
    }
    fmt::sprint(&args, limit)
}

fn length(item: Reflected) -> Result<Reflected, String> {
    match item.value {
        Value::Nil => Err("len of nil pointer".to_owned()),
        // The text of the panic of Go's reflection.
        Value::Invalid => Err("reflect: call of reflect.Value.Type on zero Value".to_owned()),
        value => match value.length() {
            Some(length) => Ok(Value::Int(i64::try_from(length).unwrap_or(i64::MAX)).into()),
            None => Err(format!("len of type {}", value.type_name())),
        },
    }
}

/// Returns an index into a string or list, which is at most its length.
fn position(index: &Value, length: usize) -> Result<usize, String> {
    if matches!(index, Value::Invalid) {
        return Err("cannot index slice/array with nil".to_owned());
    }
    let Some(int) = index.integer() else {
        return Err(format!("cannot index slice/array with type {}", index.type_name()));
    };
    usize::try_from(int).ok().filter(|&at| at <= length).ok_or_else(|| format!("index out of range: {int}"))
}

fn index<'a>(item: Value<'a>, indexes: Vec<Value>) -> Result<Reflected<'a>, String> {
    if matches!(item, Value::Invalid) {
        return Err("index of untyped nil".to_owned());
    }
    let mut item = Reflected::from(item);
    for index in indexes {
        item = match item.value {
            Value::Nil => return Err("index of nil pointer".to_owned()),
            Value::Text(text) => {
                let at = position(&index, text.len())?;
                let byte = text.get(at).ok_or("reflect: string index out of range")?;
                Value::Byte(*byte).into()
            }
            Value::List(list) => {
                let at = position(&index, list.len())?;
                Reflected::element(list.get(at).ok_or("reflect: slice index out of range")?)
            }
            Value::Map(map) => match &index {
                Value::Text(key) => lookup(map, key),
                Value::Invalid => return Err("value is nil; should be of type string".to_owned()),
                other => return Err(format!("value has type {}; should be string", other.type_name())),
            },
            other => return Err(format!("can't index item of type {}", other.type_name())),
        };
    }
    Ok(item)
}

/// Returns the element of a map, or nil if there is none.
fn lookup<'a>(map: &'a serde_json::Map<String, Json>, key: &[u8]) -> Reflected<'a> {
    std::str::from_utf8(key).ok().and_then(|key| map.get(key)).map_or(Reflected::NIL, Reflected::element)
}

/// Slices as Go's `slice` does. Unlike [`index`], it does not take indexes out of their interface, so a number of the
/// object is not an index.
fn slice<'a>(item: Value<'a>, indexes: &[Reflected]) -> Result<Value<'a>, String> {
    if matches!(item, Value::Invalid) {
        return Err("slice of untyped nil".to_owned());
    }
    if indexes.len() > 3 {
        return Err(format!("too many slice indexes: {}", indexes.len()));
    }
    let length = match &item {
        Value::Text(_) if indexes.len() == 3 => return Err("cannot 3-index slice a string".to_owned()),
        Value::Text(text) => text.len(),
        Value::List(list) => list.len(),
        other => return Err(format!("can't slice item of type {}", other.type_name())),
    };
    let mut bounds = [0, length, length];
    for (bound, index) in bounds.iter_mut().zip(indexes) {
        if index.in_interface {
            return Err(format!("cannot index slice/array with type {}", index.type_name()));
        }
        *bound = position(&index.value, length)?;
    }
    let [start, end, capacity] = bounds;
    for (low, high) in [(start, end), (end, capacity)] {
        if low > high {
            return Err(format!("invalid slice index: {low} > {high}"));
        }
    }
    Ok(match item {
        Value::Text(Cow::Borrowed(text)) => Value::Text(Cow::Borrowed(text.get(start..end).unwrap_or_default())),
        Value::Text(Cow::Owned(text)) => Value::Text(Cow::Owned(text.get(start..end).unwrap_or_default().to_vec())),
        Value::List(list) => Value::List(list.get(start..end).unwrap_or_default()),
        other => other,
    })
}

/// Returns whether `index` with these arguments finds something (kubectl's `exists`).
fn exists(item: Value, indexes: &[Value]) -> bool {
    let mut item = Reflected::from(item);
    for index in indexes {
        item = match item.value {
            Value::Text(text) => match index.integer().and_then(|at| text.get(usize::try_from(at).ok()?).copied()) {
                Some(byte) => Value::Byte(byte).into(),
                None => return false,
            },
            Value::List(list) => match index.integer().and_then(|at| list.get(usize::try_from(at).ok()?)) {
                Some(element) => Reflected::element(element),
                None => return false,
            },
            Value::Map(map) => match index {
                Value::Text(key) => lookup(map, key),
                Value::Invalid => lookup(map, b""),
                _ => return false,
            },
            _ => return false,
        };
    }
    !matches!(item.value, Value::Nil)
}

fn not_a_function(value: &Value, callee: &str) -> String {
    match value {
        Value::Invalid => "call of nil".to_owned(),
        value => format!("non-function {callee} of type {}", value.type_name()),
    }
}
