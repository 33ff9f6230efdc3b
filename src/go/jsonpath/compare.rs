//! The comparisons in filters, after client-go's copy of the functions of text/template.

use super::item::Item;
use crate::Numeric;
use serde_json::Value as Json;
use std::cmp::Ordering;

const BAD_TYPE: &str = "invalid type for comparison";
const INCOMPATIBLE: &str = "incompatible types for comparison";

/// Values that Go compares: those of one basic kind. Signed integers and bytes compare with each other.
enum Basic<'a> {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(&'a str),
}

fn basic<'a>(item: &Item<'a>) -> Result<Basic<'a>, String> {
    Ok(match item {
        Item::Json(Json::Bool(value)) => Basic::Bool(*value),
        Item::Json(Json::String(text)) => Basic::Text(text),
        Item::Json(Json::Number(number)) => match Numeric::from(number) {
            Numeric::Int(int) => Basic::Int(int),
            Numeric::Float(float) => Basic::Float(float),
        },
        Item::Text(text) => Basic::Text(text),
        Item::Int(int) => Basic::Int(*int),
        Item::Byte(byte) => Basic::Int(i64::from(*byte)),
        Item::Float(float) => Basic::Float(*float),
        Item::Bool(value) => Basic::Bool(*value),
        Item::Json(_) | Item::Invalid => return Err(BAD_TYPE.to_owned()),
    })
}

/// Returns `true` if `left operator right` holds.
pub(super) fn compare(left: &Item, operator: &str, right: &Item) -> Result<bool, String> {
    match operator {
        "==" => equal(left, right),
        "!=" => equal(left, right).map(|equal| !equal),
        "<" => less(left, right),
        ">=" => less(left, right).map(|less| !less),
        "<=" => Ok(less(left, right)? || equal(left, right)?),
        ">" => Ok(!(less(left, right)? || equal(left, right)?)),
        _ => Err(format!("unrecognized filter operator {operator}")),
    }
}

fn equal(left: &Item, right: &Item) -> Result<bool, String> {
    match (basic(left)?, basic(right)?) {
        (Basic::Bool(left), Basic::Bool(right)) => Ok(left == right),
        (Basic::Int(left), Basic::Int(right)) => Ok(left == right),
        (Basic::Float(left), Basic::Float(right)) => Ok(left == right),
        (Basic::Text(left), Basic::Text(right)) => Ok(left == right),
        _ => Err(INCOMPATIBLE.to_owned()),
    }
}

fn less(left: &Item, right: &Item) -> Result<bool, String> {
    match (basic(left)?, basic(right)?) {
        (Basic::Bool(_), Basic::Bool(_)) => Err(BAD_TYPE.to_owned()),
        (Basic::Int(left), Basic::Int(right)) => Ok(left < right),
        (Basic::Float(left), Basic::Float(right)) => Ok(left < right),
        (Basic::Text(left), Basic::Text(right)) => Ok(left.as_bytes().cmp(right.as_bytes()) == Ordering::Less),
        _ => Err(INCOMPATIBLE.to_owned()),
    }
}
