//! `eq` and `lt`, on which the other comparisons are based, with Go's rules for types.

use super::value::Value;

/// The kinds of values that can be compared. Signed integers and bytes can be compared with each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    None,
    Bool,
    Integer,
    Float,
    Complex,
    Text,
}

fn kind(value: &Value) -> Kind {
    match value {
        Value::Bool(_) => Kind::Bool,
        Value::Int(_) | Value::Int64(_) | Value::Byte(_) => Kind::Integer,
        Value::Float(_) => Kind::Float,
        Value::Complex(..) => Kind::Complex,
        Value::Text(_) => Kind::Text,
        Value::Invalid | Value::Nil | Value::Map(_) | Value::List(_) => Kind::None,
    }
}

fn incompatible(left: &Value, right: &Value) -> String {
    format!("incompatible types for comparison: {} and {}", left.type_name(), right.type_name())
}

/// Returns `true` if `value` equals one of `others`.
pub(super) fn equal(value: &Value, others: &[Value]) -> Result<bool, String> {
    if others.is_empty() {
        return Err("missing argument for comparison".to_owned());
    }
    for other in others {
        if equal_pair(value, other)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn equal_pair(left: &Value, right: &Value) -> Result<bool, String> {
    let valid = |value: &Value| !matches!(value, Value::Invalid);
    Ok(match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Float(left), Value::Float(right)) => left == right,
        (Value::Complex(re, im), Value::Complex(re2, im2)) => re == re2 && im == im2,
        (Value::Text(left), Value::Text(right)) => left == right,
        _ => match (left.integer(), right.integer()) {
            (Some(left), Some(right)) => left == right,
            _ if kind(left) != kind(right) => {
                if valid(left) && valid(right) {
                    return Err(incompatible(left, right));
                }
                false
            }
            // Maps and lists can be compared with nil only. Go's message also has their content.
            _ if valid(left) && valid(right) => {
                if left.type_name() != right.type_name() {
                    return Err(format!("non-comparable types {}, {}", left.type_name(), right.type_name()));
                }
                return Err(format!("non-comparable type {}", right.type_name()));
            }
            _ => valid(left) == valid(right),
        },
    })
}

/// Returns `true` if `left` is less than `right`.
pub(super) fn less(left: &Value, right: &Value) -> Result<bool, String> {
    let bad_type = || Err("invalid type for comparison".to_owned());
    if kind(left) == Kind::None || kind(right) == Kind::None {
        return bad_type();
    }
    match (left, right) {
        (Value::Float(left), Value::Float(right)) => Ok(left < right),
        (Value::Text(left), Value::Text(right)) => Ok(left < right),
        _ => match (left.integer(), right.integer()) {
            (Some(left), Some(right)) => Ok(left < right),
            _ if kind(left) == kind(right) => bad_type(),
            _ => Err(incompatible(left, right)),
        },
    }
}
