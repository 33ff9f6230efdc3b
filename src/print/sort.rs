//! `--sort-by`: objects in the order of a field, as kubectl compares them, without its accidents. Objects that lack the
//! field come first. A field that no object has is an error where kubectl prints `No resources found`, and so is a field
//! that cannot be compared, where kubectl dies.

use std::cmp::Ordering;

use serde_json::{Number, Value as Json};

use super::{
    jsonpath::{self, JsonPath},
    order::merge_sort,
};
use crate::error::{Error, Result};

/// A parsed `--sort-by`.
pub struct SortBy {
    /// As a template: `{.metadata.name}`.
    path: String,
    parsed: JsonPath,
}

/// What one object is sorted by: the first result of the path.
#[derive(Clone, Default)]
pub struct Key(Option<Field>);

#[derive(Clone)]
enum Field {
    Bool(bool),
    Number(Number),
    Text(String),
}

impl SortBy {
    /// Parses a field: `metadata.name`, `.metadata.name`, `{metadata.name}` or `{.metadata.name}`.
    pub fn parse(field: &str) -> Result<Self> {
        let path = jsonpath::relaxed(field)?;
        let parsed = JsonPath::parse(&path).map_err(Error::new)?.allow_missing(true);
        Ok(Self { path, parsed })
    }

    /// Whether an object's metadata is all that the sorting needs.
    pub fn needs_only_metadata(&self) -> bool {
        self.path.starts_with("{.metadata.") && !self.path.contains("..")
    }

    /// The key of one object. The error names the field and never its value.
    pub fn key(&self, object: &Json) -> Result<Key> {
        let found = self.parsed.find(object).map_err(Error::new)?;
        let Some(first) = found.first().and_then(|results| results.first()) else { return Ok(Key(None)) };
        match first.as_ref() {
            Json::Null => Ok(Key(None)),
            Json::Bool(value) => Ok(Key(Some(Field::Bool(*value)))),
            Json::Number(number) => Ok(Key(Some(Field::Number(number.clone())))),
            Json::String(text) => Ok(Key(Some(Field::Text(text.clone())))),
            Json::Array(_) => Err(self.unsortable("a list")),
            Json::Object(_) => Err(self.unsortable("a map")),
        }
    }

    /// The order of the objects with these keys: indices, stable.
    pub fn order(&self, keys: &[Key]) -> Result<Vec<usize>> {
        if keys.len() > 1 && keys.iter().all(|key| key.0.is_none()) {
            return Err(Error::new(format!(
                "couldn't find any field with path {:?} in the list of objects",
                self.path
            )));
        }
        let mut order: Vec<usize> = (0..keys.len()).collect();
        merge_sort(&mut order, &mut |a, b| keys[*a].cmp(&keys[*b]) == Ordering::Less);
        Ok(order)
    }

    fn unsortable(&self, what: &str) -> Error {
        Error::new(format!("cannot sort by {}: it is {what}", self.path))
            .hint("name a field that holds text or a number")
    }
}

impl Key {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (None, None) => Ordering::Equal,
            (None, _) => Ordering::Less,
            (_, None) => Ordering::Greater,
            (Some(Field::Bool(a)), Some(Field::Bool(b))) => a.cmp(b),
            (Some(Field::Number(a)), Some(Field::Number(b))) => compare_numbers(a, b),
            (Some(Field::Text(a)), Some(Field::Text(b))) => compare_naturally(a.as_bytes(), b.as_bytes()),
            (Some(a), Some(b)) => a.rank().cmp(&b.rank()),
        }
    }
}

impl Field {
    fn rank(&self) -> u8 {
        match self {
            Field::Bool(_) => 0,
            Field::Number(_) => 1,
            Field::Text(_) => 2,
        }
    }
}

fn compare_numbers(a: &Number, b: &Number) -> Ordering {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.as_f64().unwrap_or(0.0).total_cmp(&b.as_f64().unwrap_or(0.0)),
    }
}

/// `sortorder.NaturalLess`: bytewise, but runs of digits as numbers, and digits before everything else.
fn compare_naturally(mut a: &[u8], mut b: &[u8]) -> Ordering {
    while let (Some((x, rest_a)), Some((y, rest_b))) = (a.split_first(), b.split_first()) {
        match (x.is_ascii_digit(), y.is_ascii_digit()) {
            (true, true) => {
                let (number_a, after_a) = split_digits(a);
                let (number_b, after_b) = split_digits(b);
                let (bare_a, bare_b) = (without_zeros(number_a), without_zeros(number_b));
                // Of equal numbers the one with fewer zeros in front is less.
                let order =
                    bare_a.len().cmp(&bare_b.len()).then(bare_a.cmp(bare_b)).then(number_a.len().cmp(&number_b.len()));
                if order.is_ne() {
                    return order;
                }
                (a, b) = (after_a, after_b);
            }
            (false, false) if x == y => (a, b) = (rest_a, rest_b),
            (false, false) => return x.cmp(y),
            (digit, _) => return if digit { Ordering::Less } else { Ordering::Greater },
        }
    }
    a.len().cmp(&b.len())
}

fn split_digits(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.iter().take_while(|b| b.is_ascii_digit()).count())
}

fn without_zeros(digits: &[u8]) -> &[u8] {
    &digits[digits.iter().take_while(|b| **b == b'0').count()..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sorted(field: &str, objects: &[Json]) -> Result<Vec<usize>> {
        let sort = SortBy::parse(field)?;
        let keys = objects.iter().map(|object| sort.key(object)).collect::<Result<Vec<_>>>()?;
        sort.order(&keys)
    }

    #[test]
    fn absent_fields_come_first_and_equal_ones_keep_their_order() {
        let objects = [json!({ "a": "x" }), json!({}), json!({ "a": "X" }), json!({ "a": "x" }), json!({ "b": 1 })];
        for field in ["a", ".a", "{a}", "{.a}"] {
            assert_eq!(sorted(field, &objects).unwrap(), [1, 4, 2, 0, 3]);
        }
    }

    #[test]
    fn digits_count_as_numbers() {
        let names = ["a10", "a9", "a010", "b", "1", "a", "A"];
        let objects: Vec<Json> = names.iter().map(|name| json!({ "n": name })).collect();
        let order = sorted("n", &objects).unwrap();
        assert_eq!(order.iter().map(|at| names[*at]).collect::<Vec<_>>(), ["1", "A", "a", "a9", "a10", "a010", "b"]);
        let objects = [json!({ "n": 10 }), json!({ "n": 9 }), json!({ "n": true }), json!({ "n": 1.5 })];
        assert_eq!(sorted("n", &objects).unwrap(), [2, 3, 1, 0]);
    }

    #[test]
    fn what_cannot_be_sorted_is_named_without_its_value() {
        let objects = [json!({ "data": { "k": "c2VjcmV0" } }), json!({})];
        let error = sorted(".data", &objects).unwrap_err();
        assert_eq!(error.to_string(), "error: cannot sort by {.data}: it is a map");
        let error = sorted(".nope", &objects).unwrap_err();
        assert_eq!(error.to_string(), "error: couldn't find any field with path \"{.nope}\" in the list of objects");
        assert_eq!(sorted(".nope", &objects[..1]).unwrap(), [0]);
    }

    #[test]
    fn knows_when_metadata_is_enough() {
        assert!(SortBy::parse("metadata.name").unwrap().needs_only_metadata());
        assert!(!SortBy::parse(".type").unwrap().needs_only_metadata());
    }
}
