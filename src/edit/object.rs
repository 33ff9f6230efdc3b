//! Reads nodes as an object, strictly: where YAML would silently make something else of what was typed (a tag, a null,
//! a bare `yes`, the last of two equal keys), there is a problem with its line. kubectl deletes or changes the key.

use serde_json::{Map, Number, Value as Json};
use zeroize::Zeroizing;

use super::nodes::{Kind, Node, Problem, plain_kind};

/// Maps whose values must be text.
const TEXTS: [&str; 4] = ["data", "stringData", "metadata.labels", "metadata.annotations"];

/// Fields that must be text.
const TEXT: [&str; 8] = [
    "apiVersion",
    "kind",
    "type",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "metadata.resourceVersion",
    "metadata.creationTimestamp",
];

/// Reads a node as JSON. `path` is its field path (`data`, `metadata.labels`; empty for the object itself). Problems
/// are added to `problems`; the JSON is then incomplete and must not be sent.
pub fn read(node: &Node, path: &str, problems: &mut Vec<Problem>) -> Json {
    if node.tag.is_some() {
        // Why: the tag is not named, since it may be the beginning of a password.
        problems.push(Problem::at(node.line, format!("{}a YAML tag: text that begins with ! needs quotes", at(path))));
        return Json::Null;
    }
    match &node.kind {
        Kind::Scalar(text, plain) => scalar(node, text, *plain, path, problems),
        Kind::List(items) => {
            if must_be_text(path) {
                problems.push(Problem::at(node.line, format!("{}a list where text is wanted", at(path))));
            }
            Json::Array(items.iter().map(|item| read(item, &join(path, "[]"), problems)).collect())
        }
        Kind::Map(entries) => {
            if must_be_text(path) {
                problems.push(Problem::at(node.line, format!("{}a map where text is wanted", at(path))));
            }
            let mut map = Map::new();
            for (key, value) in keys(entries, path, problems) {
                let value = read(value, &join(path, key), problems);
                map.insert(key.to_owned(), value);
            }
            Json::Object(map)
        }
    }
}

/// Returns the entries of a map whose keys are text and occur once; every other entry is a problem.
pub fn keys<'a>(entries: &'a [(Node, Node)], path: &str, problems: &mut Vec<Problem>) -> Vec<(&'a str, &'a Node)> {
    let mut seen = std::collections::HashSet::new();
    let mut found = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        match key.text() {
            None => problems.push(Problem::at(key.line, format!("{}a key that is not text", at(path)))),
            Some("<<") if matches!(key.kind, Kind::Scalar(_, true)) => {
                problems.push(Problem::at(key.line, format!("{}merge keys are not taken here", at(path))));
            }
            Some(_) if key.tag.is_some() => {
                problems.push(Problem::at(key.line, format!("{}a YAML tag is not taken here", at(path))));
            }
            Some(text) if !seen.insert(text) => {
                problems.push(Problem::at(key.line, format!("{} is there twice", join(path, text))));
            }
            Some(text) => found.push((text, value)),
        }
    }
    found
}

fn scalar(node: &Node, text: &str, plain: bool, path: &str, problems: &mut Vec<Problem>) -> Json {
    let mut wrong = |what: String| {
        problems.push(Problem::at(node.line, what));
        Json::Null
    };
    if TEXTS.contains(&path) {
        // A null is what a map becomes when its last line is deleted.
        return match plain && plain_kind(text) == Some("null") {
            true => Json::Object(Map::new()),
            false => wrong(format!("{path} must be a map")),
        };
    }
    let kind = if plain { plain_kind(text) } else { None };
    if let Some(kind) = kind.filter(|_| must_be_text(path)) {
        return wrong(match kind {
            "null" => format!("{path} is null: put it in quotes, or remove the line to remove the key"),
            kind => format!("{path} is a bare {kind} to YAML: put it in quotes"),
        });
    }
    match (path, kind) {
        ("immutable", _) => match text {
            "true" if plain => Json::Bool(true),
            "false" if plain => Json::Bool(false),
            _ => wrong("immutable must be true or false".to_owned()),
        },
        (_, None) => Json::String(text.to_owned()),
        (_, Some("null")) => wrong(format!("{path} is null: remove the line to remove the field")),
        (_, Some("boolean")) => match text {
            "true" => Json::Bool(true),
            "false" => Json::Bool(false),
            _ => wrong(format!("{path} is a bare boolean to YAML: write true or false, or put it in quotes")),
        },
        _ => match text.parse::<Number>() {
            Ok(number) => Json::Number(number),
            Err(_) => wrong(format!("{path} is a bare number to YAML: put it in quotes")),
        },
    }
}

fn must_be_text(path: &str) -> bool {
    TEXT.contains(&path) || TEXTS.iter().any(|map| path.strip_prefix(map).is_some_and(|rest| rest.starts_with('.')))
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn at(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("{path}: ") }
}

/// Whether a text of `data` is base64, in the words of Go's decoder, which the API server has; it skips line breaks.
///
/// # Errors
/// `illegal base64 data at input byte N`.
pub fn check_base64(text: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    let bytes = go::base64::decode(text.as_bytes()).map(Zeroizing::new);
    bytes.map_err(|at| format!("illegal base64 data at input byte {at}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::edit::nodes::parse;

    fn read_text(text: &str) -> Result<Json, Vec<String>> {
        let roots = parse(text.as_bytes()).map_err(|problem| vec![problem.to_string()])?;
        let mut problems = Vec::new();
        let json = read(&roots[0], "", &mut problems);
        if problems.is_empty() { Ok(json) } else { Err(problems.iter().map(ToString::to_string).collect()) }
    }

    #[test]
    fn an_object_as_it_was_printed() {
        assert_eq!(
            read_text(
                "apiVersion: v1\ndata:\n  a: MQ==\n  yes: \"1234\"\nimmutable: true\nmetadata:\n  labels: {}\n  ownerReferences:\n  - controller: true\n    generation: 3\n"
            ),
            Ok(json!({
                "apiVersion": "v1", "data": {"a": "MQ==", "yes": "1234"}, "immutable": true,
                "metadata": {"labels": {}, "ownerReferences": [{"controller": true, "generation": 3}]},
            }))
        );
    }

    #[test]
    fn what_yaml_would_lose_is_a_problem_with_its_line() {
        let wrong = read_text("data:\n  a: null\n  b: yes\n  c: 12\n  d: !x y\n").unwrap_err();
        assert_eq!(
            wrong,
            [
                "line 2: data.a is null: put it in quotes, or remove the line to remove the key",
                "line 3: data.b is a bare boolean to YAML: put it in quotes",
                "line 4: data.c is a bare number to YAML: put it in quotes",
                "line 5: data.d: a YAML tag: text that begins with ! needs quotes",
            ]
        );
    }

    #[test]
    fn a_map_without_lines_is_an_empty_map() {
        let read = read_text("data:\nmetadata:\n  labels:\n  annotations: ~\n");
        assert_eq!(read, Ok(json!({"data": {}, "metadata": {"labels": {}, "annotations": {}}})));
    }

    #[test]
    fn each_kind_of_mistake() {
        let wrong = |text: &str| read_text(text).unwrap_err().join("; ");
        assert_eq!(wrong("data:\n  a: MQ==\n  a: Mg==\n"), "line 3: data.a is there twice");
        assert_eq!(wrong("data: x\n"), "line 1: data must be a map");
        assert_eq!(wrong("data:\n  a: [MQ==]\n"), "line 2: data.a: a list where text is wanted");
        assert_eq!(wrong("immutable: yes\n"), "line 1: immutable must be true or false");
        assert_eq!(
            wrong("metadata:\n  labels:\n    on: off\n"),
            "line 3: metadata.labels.on is a bare boolean to YAML: put it in quotes"
        );
        assert_eq!(wrong("type: ~\n"), "line 1: type is null: put it in quotes, or remove the line to remove the key");
        assert_eq!(wrong("? [a]\n: b\n"), "line 1: a key that is not text");
        assert_eq!(wrong("<<: {a: b}\n"), "line 1: merge keys are not taken here");
    }

    #[test]
    fn base64_in_gos_words() {
        assert_eq!(*check_base64("MTIz\nNA==\n").unwrap(), b"1234");
        assert_eq!(check_base64("NOT*BASE64").unwrap_err(), "illegal base64 data at input byte 3");
        assert!(check_base64("MQ").is_err());
    }
}
