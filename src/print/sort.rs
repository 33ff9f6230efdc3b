//! `--sort-by`: sorts objects by a field, comparing as kubectl does. Objects without the field come first. Differences:
//! a field that no object has is an error, where kubectl prints `No resources found`; so is a field whose values cannot
//! be compared, where kubectl panics.

use std::cmp::Ordering;

use serde_json::{Number, Value as Json};

use error::{Error, Result};
use go::{
    jsonpath::{self, JsonPath},
    quote::quote,
    sort::go_sort,
};

/// A parsed `--sort-by`.
pub struct SortBy {
    /// The jsonpath template: `{.metadata.name}`.
    path: String,
    parsed: JsonPath,
}

/// The sort key of an object: the first result of the path.
#[derive(Clone, Default)]
pub struct Key(Option<Field>);

#[derive(Clone)]
enum Field {
    Bool(bool),
    Number(Number),
    Text(String),
}

impl Key {
    /// Returns how many bytes it takes.
    pub fn held(&self) -> usize {
        let text = match &self.0 {
            Some(Field::Text(text)) => text.capacity(),
            _ => 0,
        };
        size_of::<Self>() + text
    }
}

impl SortBy {
    /// Parses a field: `metadata.name`, `.metadata.name`, `{metadata.name}` or `{.metadata.name}`.
    pub fn parse(field: &str) -> Result<Self> {
        let path = jsonpath::relaxed(field).map_err(Error::new)?;
        let parsed = JsonPath::parse(&path).map_err(Error::new)?.allow_missing(true);
        Ok(Self { path, parsed })
    }

    /// Returns `true` if the field is within the metadata.
    pub fn needs_only_metadata(&self) -> bool {
        self.path.starts_with("{.metadata.") && !self.path.contains("..")
    }

    /// Returns the key of an object. Errors name the field, and never its value.
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

    /// Returns the order of objects with these keys, as indices. As in kubectl, the order of equal ones is not that of
    /// the input, but always the same.
    pub fn order(&self, keys: &[Key]) -> Result<Vec<usize>> {
        if !keys.is_empty() && keys.iter().all(|key| key.0.is_none()) {
            let path = quote(&self.path);
            return Err(Error::new(format!("couldn't find any field with path {path} in the list of objects")));
        }
        let mut order: Vec<usize> = (0..keys.len()).collect();
        go_sort(&mut order, &mut |a, b| keys[*a].less(&keys[*b]));
        Ok(order)
    }

    fn unsortable(&self, what: &str) -> Error {
        Error::new(format!("cannot sort by {}: it is {what}", self.path))
            .hint("name a field that holds text or a number")
    }
}

impl Key {
    /// Compares as kubectl does: an absent field is less than all others, other absent ones included.
    fn less(&self, other: &Self) -> bool {
        let (Some(a), Some(b)) = (&self.0, &other.0) else { return self.0.is_none() };
        let order = match (a, b) {
            (Field::Bool(a), Field::Bool(b)) => a.cmp(b),
            (Field::Number(a), Field::Number(b)) => compare_numbers(a, b),
            (Field::Text(a), Field::Text(b)) => compare_texts(a, b),
            (a, b) => a.rank().cmp(&b.rank()),
        };
        order.is_lt()
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

/// Compares two texts: by value if both are quantities (`10`, `1.5`, `500m`, `2Ki`, `1e3`), otherwise byte by byte.
fn compare_texts(a: &str, b: &str) -> Ordering {
    match (nanos(a), nanos(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.cmp(b),
    }
}

/// Parses a quantity (`k8s.io/apimachinery/pkg/api/resource`) into units of 10⁻⁹, saturating.
fn nanos(text: &str) -> Option<i128> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.len() + fraction.len() == 0 || fraction.contains('.') {
        return None;
    }
    let mut value: i128 = 0;
    for digit in whole.bytes().chain(fraction.bytes()) {
        value = value.saturating_mul(10).saturating_add(i128::from(digit - b'0'));
    }
    let (base, power): (i128, i32) = match suffix {
        "" => (10, 0),
        "n" => (10, -9),
        "u" => (10, -6),
        "m" => (10, -3),
        "k" => (10, 3),
        "M" => (10, 6),
        "G" => (10, 9),
        "T" => (10, 12),
        "P" => (10, 15),
        "E" => (10, 18),
        "Ki" => (1024, 1),
        "Mi" => (1024, 2),
        "Gi" => (1024, 3),
        "Ti" => (1024, 4),
        "Pi" => (1024, 5),
        "Ei" => (1024, 6),
        _ => (10, suffix.strip_prefix(['e', 'E'])?.parse().ok()?),
    };
    let mut tens = 9_i32.saturating_sub(i32::try_from(fraction.len()).unwrap_or(i32::MAX));
    if base == 10 {
        tens = tens.saturating_add(power);
    } else {
        value = value.saturating_mul(base.saturating_pow(power.unsigned_abs()));
    }
    let scale = 10_i128.saturating_pow(tens.unsigned_abs());
    let size = if tens < 0 { value.saturating_add(scale - 1) / scale } else { value.saturating_mul(scale) };
    Some(if text.starts_with('-') { -size } else { size })
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
    fn absent_fields_come_first() {
        let objects = vec![json!({ "a": "x" }), json!({}), json!({ "a": "X" }), json!({ "a": "x" }), json!({ "b": 1 })];
        for field in ["a", ".a", "{a}", "{.a}"] {
            assert_eq!(sorted(field, &objects).unwrap(), [4, 1, 2, 0, 3]);
        }
    }

    /// The order that kubectl 1.32 printed.
    #[test]
    fn texts_compare_by_byte_and_quantities_by_size() {
        let want = ["-3", "0.5", "9", "10", "500", "1k", "1e3", "1Ki", "A", "a010", "a1", "a10", "a9", "b", "x"];
        let names = ["a10", "a9", "a1", "b", "A", "10", "9", "1k", "500", "0.5", "-3", "a010", "1Ki", "1e3", "x"];
        let objects: Vec<Json> = names.iter().map(|name| json!({ "n": name })).collect();
        let order = sorted("n", &objects).unwrap();
        assert_eq!(order.iter().map(|at| names[*at]).collect::<Vec<_>>(), want);
        let objects = [json!({ "n": 10 }), json!({ "n": 9 }), json!({ "n": true }), json!({ "n": 1.5 })];
        assert_eq!(sorted("n", &objects).unwrap(), [2, 3, 1, 0]);
    }

    #[test]
    fn quantities() {
        assert_eq!(nanos("1.5"), Some(1_500_000_000));
        assert_eq!(nanos("1n"), Some(1));
        assert_eq!(nanos("0.1n"), Some(1));
        assert_eq!(nanos("-2Ki"), Some(-2_048_000_000_000));
        assert_eq!(nanos("1E"), Some(10_i128.pow(27)));
        assert_eq!(nanos("1E2"), Some(100_000_000_000));
        for text in ["", ".", "-", "1.2.3", "x", "1x", "1e", "MQ==", "2020-01-01T00:00:00Z"] {
            assert_eq!(nanos(text), None, "{text}");
        }
        for text in ["9".repeat(60), "1e999".into(), "1e-999".into(), format!("0.{}", "1".repeat(60))] {
            assert!(nanos(&text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_sorted_is_named_without_its_value() {
        let objects = [json!({ "data": { "k": "c2VjcmV0" } }), json!({})];
        let error = sorted(".data", &objects).unwrap_err();
        assert_eq!(error.to_string(), "error: cannot sort by {.data}: it is a map");
        let error = sorted(".nope", &objects).unwrap_err();
        assert_eq!(error.to_string(), "error: couldn't find any field with path \"{.nope}\" in the list of objects");
        assert_eq!(sorted(".nope", &[]).unwrap(), [] as [usize; 0]);
    }

    #[test]
    fn knows_when_metadata_is_enough() {
        assert!(SortBy::parse("metadata.name").unwrap().needs_only_metadata());
        assert!(!SortBy::parse(".type").unwrap().needs_only_metadata());
    }
}
