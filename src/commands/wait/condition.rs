//! `--for`: the condition to wait for, with the grammar and the errors of kubectl's `conditionFuncsFor`.

use go::{
    jsonpath::{self, JsonPath},
    quote::quote,
};
use serde_json::Value as Json;

use crate::error::{Error, Result};

/// A condition.
pub enum Condition {
    /// The object exists.
    Create,
    /// The object does not exist.
    Delete,
    /// `status.conditions` has an entry with this type and status.
    Status {
        /// The type, compared without regard to case.
        name: String,
        /// The status, compared without regard to case.
        status: String,
    },
    /// The Secret has this key. kubectl has neither this condition nor the next.
    Key(String),
    /// The object has another version than this one, or than the one that was read first.
    Changed(Option<String>),
    /// A jsonpath finds exactly one value.
    Value {
        /// The jsonpath.
        path: JsonPath,
        /// The expected value as text; `None` for any.
        wanted: Option<String>,
    },
}

const FORMAT: &str = "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or \
                      --for=jsonpath='{.status.readyReplicas}'";
const NO_VALUE: &str =
    "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3";

impl Condition {
    /// Parses every `--for`.
    ///
    /// # Errors
    /// kubectl's: none at all, an unknown word, an invalid jsonpath.
    pub fn parse_all(typed: &[String]) -> Result<Vec<Self>> {
        if typed.is_empty() {
            return Err(Error::new("unrecognized condition: []")
                .hint("--for=create, --for=delete, --for=key=KEY, --for=changed, --for=jsonpath='{.PATH}'[=VALUE] or --for=condition=NAME[=VALUE]"));
        }
        typed.iter().map(|typed| Self::parse(typed)).collect()
    }

    fn parse(typed: &str) -> Result<Self> {
        if typed.eq_ignore_ascii_case("create") {
            return Ok(Self::Create);
        }
        if typed.eq_ignore_ascii_case("delete") {
            return Ok(Self::Delete);
        }
        if let Some(condition) = typed.strip_prefix("condition=") {
            let (name, status) = condition.split_once('=').unwrap_or((condition, "true"));
            return Ok(Self::Status { name: name.to_owned(), status: status.to_owned() });
        }
        if typed == "changed" {
            return Ok(Self::Changed(None));
        }
        match typed.split_once('=') {
            Some(("key" | "changed", "")) => {
                return Err(Error::new(format!("--for={typed} wants a value behind the =")));
            }
            Some(("key", key)) => return Ok(Self::Key(key.to_owned())),
            Some(("changed", version)) => return Ok(Self::Changed(Some(version.to_owned()))),
            _ => {}
        }
        match typed.strip_prefix("jsonpath=") {
            Some(input) => Self::value(input),
            // Text after a second `=` is an expected value. kubectl repeats it in this error, too.
            None => {
                let end = typed.match_indices('=').nth(1).map_or(typed.len(), |(at, _)| at);
                Err(Error::new(format!("unrecognized condition: {}", quote(&typed[..end]))))
            }
        }
    }

    /// kubectl's `processJSONPathInput` and `newJSONPathParser`.
    fn value(input: &str) -> Result<Self> {
        let parts = split(input);
        let (path, value) = match parts.as_slice() {
            [path] => (path, None),
            [path, value] => (path, Some(value.trim_matches(['\'', '"']))),
            _ => return Err(Error::new(FORMAT)),
        };
        let template = jsonpath::relaxed(path).map_err(Error::new)?;
        if value == Some("") {
            return Err(Error::new(NO_VALUE));
        }
        if template.is_empty() {
            return Err(Error::new("jsonpath expression cannot be empty"));
        }
        let path = JsonPath::parse(&template).map_err(Error::new)?.allow_missing(true);
        Ok(Self::Value { path, wanted: value.map(|value| value.trim().to_owned()) })
    }

    /// Returns whether an existing object meets the condition.
    ///
    /// # Errors
    /// A jsonpath that fails or finds several values. The error contains no value of the object.
    pub fn holds(&self, object: &Json) -> Result<bool> {
        match self {
            Self::Create => Ok(true),
            Self::Delete => Ok(false),
            Self::Key(key) => Ok(object["data"].get(key).is_some()),
            Self::Changed(before) => Ok(before.as_deref() != object["metadata"]["resourceVersion"].as_str()),
            Self::Status { name, status } => Ok(has_status(object, name, status)),
            Self::Value { path, wanted } => has_value(object, path, wanted.as_deref()),
        }
    }
}

/// Splits at every single `=`, not at `==` (kubectl's `splitJSONPathInput`).
fn split(input: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut rest = input;
    while let Some(at) = rest.find('=') {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        let last = parts.len() - 1;
        parts[last].push_str(before);
        rest = match after.strip_prefix('=') {
            Some(after) => {
                parts[last].push_str("==");
                after
            }
            None => {
                parts.push(String::new());
                after
            }
        };
    }
    let last = parts.len() - 1;
    parts[last].push_str(rest);
    parts
}

/// kubectl's `JSONPathWait.checkCondition`.
fn has_value(object: &Json, path: &JsonPath, wanted: Option<&str>) -> Result<bool> {
    let found = path.find(object).map_err(Error::new)?;
    let Some(first) = found.first().filter(|results| !results.is_empty()) else { return Ok(false) };
    if found.len() > 1 {
        return Err(Error::new("given jsonpath expression matches more than one list"));
    }
    let [value] = first.as_slice() else {
        return Err(Error::new("given jsonpath expression matches more than one value"));
    };
    let Some(wanted) = wanted else { return Ok(true) };
    match value.as_ref() {
        Json::Object(_) | Json::Array(_) => {
            Err(Error::new("jsonpath leads to a nested object or list which is not supported"))
        }
        // Go prints a null as `<nil>`.
        Json::Null => Ok(wanted == "<nil>"),
        _ => Ok(path.execute(object).map_err(Error::new)?.trim() == wanted),
    }
}

/// kubectl's `ConditionalWait.checkCondition`.
fn has_status(object: &Json, name: &str, status: &str) -> bool {
    let conditions = object["status"]["conditions"].as_array().into_iter().flatten();
    for condition in conditions {
        let (Some(its_name), Some(its_status)) = (condition["type"].as_str(), condition["status"].as_str()) else {
            continue;
        };
        if !equal_fold(its_name, name) {
            continue;
        }
        let observed = condition["observedGeneration"].as_i64().or(object["status"]["observedGeneration"].as_i64());
        if let (Some(generation), Some(observed)) = (object["metadata"]["generation"].as_i64(), observed)
            && observed < generation
        {
            return false;
        }
        return equal_fold(its_status, status);
    }
    false
}

/// Compares under simple case folding (Go's `strings.EqualFold`).
fn equal_fold(one: &str, other: &str) -> bool {
    one.chars().map(fold).eq(other.chars().map(fold))
}

/// Folds a character to another single character.
fn fold(c: char) -> char {
    let upper = single(c.to_uppercase()).unwrap_or(c);
    single(upper.to_lowercase()).unwrap_or(upper)
}

fn single(mut mapped: impl Iterator<Item = char>) -> Option<char> {
    mapped.next().filter(|_| mapped.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(typed: &str) -> Result<Condition> {
        Condition::parse(typed)
    }

    fn holds(typed: &str, object: &Json) -> Result<bool> {
        parse(typed)?.holds(object)
    }

    #[test]
    fn splits_at_single_equal_signs() {
        assert_eq!(split("a.b.c====d.e.f===g.h.i==="), ["a.b.c====d.e.f==", "g.h.i==", ""]);
        assert_eq!(split(""), [""]);
        assert_eq!(split("a=b"), ["a", "b"]);
    }

    #[test]
    fn a_value_behind_a_misspelled_word_is_not_repeated() {
        let error = parse("jsonpth={.data.password}=S3cret").err().expect("an error");
        assert_eq!(error.to_string(), "error: unrecognized condition: \"jsonpth={.data.password}\"");
    }

    #[test]
    fn values_are_compared_as_text() {
        let object = json!({"s": " x ", "n": 3, "f": 1.5, "b": true, "z": null, "l": [1], "m": {"a": 1, "b": 2},
            "data": {"k": ""}, "metadata": {"resourceVersion": "7"}});
        for (typed, wanted) in [
            ("jsonpath={.s}=x", true),
            ("jsonpath={.s}='x'", true),
            ("jsonpath=.s=x", true),
            ("jsonpath=s=y", false),
            ("jsonpath={.n}=3", true),
            ("jsonpath={.f}=1.5", true),
            ("jsonpath={.b}=true", true),
            ("jsonpath={.b}=True", false),
            ("jsonpath={.m}", true),
            ("jsonpath={.absent}", false),
            ("jsonpath={.absent}=x", false),
            ("jsonpath={.l[0]}=1", true),
            ("key=k", true),
            ("key=x", false),
            ("changed=6", true),
            ("changed=7", false),
        ] {
            assert_eq!(holds(typed, &object), Ok(wanted), "{typed}");
        }
        for typed in ["key=", "changed="] {
            assert!(parse(typed).is_err(), "{typed}");
        }
        for typed in ["jsonpath={.m}=x", "jsonpath={.m.*}", "jsonpath={.s[0]}"] {
            assert!(holds(typed, &object).is_err(), "{typed}");
        }
    }

    #[test]
    fn conditions_have_a_status_that_is_not_older_than_the_object() {
        let object = |observed: i64| {
            json!({"metadata": {"generation": 2}, "status": {"observedGeneration": observed, "conditions": [
                {"type": "Other", "status": "False"}, {"type": "Ready", "status": "True"}
            ]}})
        };
        for (typed, wanted) in [
            ("condition=Ready", true),
            ("condition=ready=TRUE", true),
            ("condition=Ready=false", false),
            ("condition=Other=false", true),
            ("condition=Absent", false),
            ("condition=", false),
        ] {
            assert_eq!(holds(typed, &object(2)), Ok(wanted), "{typed}");
            assert_eq!(holds(typed, &object(1)), Ok(false), "{typed}, observed before");
        }
        assert!(equal_fold("\u{212a}elvin ſ", "kELVIN S") && !equal_fold("ß", "ss"));
    }
}
