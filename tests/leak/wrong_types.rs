//! What kube-apiserver 1.36 answers to values of the wrong type, at every place where one can stand and for every verb
//! that writes: its messages quote what they complain about, in Go's syntax. Played by a server with its words
//! (`runtime.DefaultUnstructuredConverter`, structured-merge-diff's `typed`, `encoding/json`).

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value as Json, json};

use super::{
    Watched,
    server::{Reply, Request, Server, answer},
    support::{Sandbox, is_in_turn, rounds},
};

/// Markers that no message has for other reasons: how they may be written follows from [`go_v`] and [`go_sharp`].
const INT: i64 = 987_612_345;
const FLOAT: f64 = 98761.52345;
const WORDS: &str = "leak-wrong type, marker";
const BRACKETS: &str = "leak}wrong]\"brackets\\{";
const LINES: &str = "leak-first-line\n  .second: leak-second-line}";
const KEY: &str = "leak-key-inside";

/// Values of every type, a name each. None of them is right in `data`; some are in `stringData`.
fn values() -> [(&'static str, Json); 12] {
    [
        ("int", json!(INT)),
        ("negative", json!(-INT)),
        ("float", json!(FLOAT)),
        ("big", json!(9.876_512_345e300)),
        ("bool", json!(true)),
        ("digit", json!(7)),
        ("words", json!(WORDS)),
        ("brackets", json!(BRACKETS)),
        ("lines", json!(LINES)),
        ("list", json!([WORDS, INT, [BRACKETS]])),
        ("bytes", json!([104, 117, INT])),
        ("map", json!({KEY: WORDS, "n": {"deeper": [INT, LINES]}})),
    ]
}

/// Everything of the markers that may not come through, in any form.
fn markers() -> Vec<String> {
    let mut all: Vec<String> = ["987612345", "9.87612345e+08", "98761.52345", "9.876512345e+300", "9.876512345e300"]
        .map(str::to_owned)
        .to_vec();
    for text in [WORDS, BRACKETS, "leak-first-line", "leak-second-line", "wrong]", KEY] {
        all.extend([text.to_owned(), format!("{text:?}").trim_matches('"').to_owned(), STANDARD.encode(text)]);
    }
    all
}

/// Go's `%v` of a decoded JSON value.
fn go_v(value: &Json) -> String {
    match value {
        Json::Null => "<nil>".to_owned(),
        Json::Bool(word) => word.to_string(),
        Json::Number(number) => go_number(number),
        Json::String(text) => text.clone(),
        Json::Array(items) => format!("[{}]", items.iter().map(go_v).collect::<Vec<_>>().join(" ")),
        Json::Object(map) => {
            let sorted: BTreeMap<_, _> = map.iter().collect();
            let pairs: Vec<String> = sorted.iter().map(|(key, value)| format!("{key}:{}", go_v(value))).collect();
            format!("map[{}]", pairs.join(" "))
        }
    }
}

/// Go's `%#v` of it.
fn go_sharp(value: &Json) -> String {
    match value {
        Json::Null => "interface {}(nil)".to_owned(),
        Json::String(text) => format!("{text:?}"),
        Json::Array(items) => {
            format!("[]interface {{}}{{{}}}", items.iter().map(go_sharp).collect::<Vec<_>>().join(", "))
        }
        Json::Object(map) => {
            let sorted: BTreeMap<_, _> = map.iter().collect();
            let pairs: Vec<String> = sorted.iter().map(|(key, value)| format!("{key:?}:{}", go_sharp(value))).collect();
            format!("map[string]interface {{}}{{{}}}", pairs.join(", "))
        }
        other => go_v(other),
    }
}

fn go_number(number: &serde_json::Number) -> String {
    match number.as_i64() {
        Some(int) => int.to_string(),
        None => {
            let text = format!("{:e}", number.as_f64().unwrap_or_default());
            let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            let exponent: i32 = exponent.parse().unwrap_or_default();
            if (-4..21).contains(&exponent) { number.to_string() } else { format!("{digits}e{exponent:+03}") }
        }
    }
}

fn kind(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "bool",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

/// structured-merge-diff's errors about an applied object.
fn typed_errors(object: &Json) -> Vec<String> {
    let mut errors = Vec::new();
    let scalar = |path: &str, value: &Json, errors: &mut Vec<String>| {
        if !value.is_string() && !value.is_null() {
            let dump = go_sharp(value);
            errors.push(format!("{path}: expected string, got &value.valueUnstructured{{Value:{dump}}}"));
        }
    };
    let mut map = |path: &str, value: &Json| match value {
        Json::Null => {}
        Json::Object(map) => map.iter().for_each(|(key, value)| scalar(&format!("{path}.{key}"), value, &mut errors)),
        other => errors.push(format!("{path}: expected map, got &{{{}}}", go_v(other))),
    };
    for field in ["data", "stringData"] {
        map(&format!(".{field}"), &object[field]);
    }
    map(".metadata.annotations", &object["metadata"]["annotations"]);
    map(".metadata.labels", &object["metadata"]["labels"]);
    if !object["immutable"].is_boolean() && !object["immutable"].is_null() {
        errors.push(format!(".immutable: expected boolean, got &{{{}}}", go_v(&object["immutable"])));
    }
    errors
}

/// What Go's decoders say of an object: `encoding/json` (`strict`: with the number itself), or the converter of
/// unstructured objects.
fn undecodable(object: &Json, converter: bool) -> Option<String> {
    let cannot = |value: &Json, field: &str, into: &str| {
        let number =
            if value.is_number() && field != "metadata" { format!("number {value}") } else { kind(value).to_owned() };
        Some(match converter {
            // A label is no secret; of the rest more is said than the real server says.
            true if field == "metadata" => format!("cannot restore {into} from {}", kind(value)),
            true => format!("cannot restore {into} from {}: {}", kind(value), go_v(value)),
            false => format!("json: cannot unmarshal {number} into Go struct field Secret.{field} of type {into}"),
        })
    };
    for (field, into) in [("data", "map[string][]uint8"), ("stringData", "map[string]string")] {
        let value = &object[field];
        let Json::Object(map) = value else {
            if value.is_null() {
                continue;
            }
            return cannot(value, field, into);
        };
        for value in map.values().filter(|value| !value.is_null()) {
            match value {
                Json::String(text) if field == "stringData" || STANDARD.decode(text).is_ok() => {}
                Json::String(text) if converter => {
                    return Some(format!("error decoding from json: illegal base64 data at input byte 4: {text:?}"));
                }
                Json::String(_) => return Some("illegal base64 data at input byte 4".to_owned()),
                Json::Array(items) if field == "data" => {
                    let bad = items.iter().find(|item| item.as_u64().is_none_or(|byte| byte > 255));
                    if let Some(bad) = bad {
                        return cannot(bad, field, "uint8");
                    }
                }
                other => return cannot(other, field, if field == "data" { "[]uint8" } else { "string" }),
            }
        }
    }
    for field in ["annotations", "labels"] {
        for value in object["metadata"][field].as_object().into_iter().flat_map(Map::values) {
            if !value.is_string() {
                return cannot(value, "metadata", "string");
            }
        }
    }
    None
}

fn stored() -> Json {
    json!({
        "kind": "Secret", "apiVersion": "v1", "type": "Opaque",
        "metadata": {"name": "s", "namespace": "default", "uid": "u", "resourceVersion": "7",
            "creationTimestamp": "2026-01-01T00:00:00Z"},
        "data": {"k": "b2xk"},
    })
}

fn failure(code: u16, reason: &str, message: &str, causes: Json) -> Reply {
    let body = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message, "reason": reason,
        "details": {"causes": causes}, "code": code,
    });
    answer(&format!("{code} Failure"), "application/json", body.to_string())
}

/// The answer to a request, as kube-apiserver's handlers give it.
fn speak(request: &Request) -> Reply {
    let target = request.target().to_owned();
    let found = || answer("200 OK", "application/json", stored().to_string());
    let Ok(body) = serde_json::from_slice::<Json>(&request.body) else { return found() };
    let method = target.split(' ').next().unwrap_or_default();
    if !["POST", "PUT", "PATCH"].contains(&method) {
        return found();
    }
    let refused = |why: &str| {
        let message = format!("Secret in version \"v1\" cannot be handled as a Secret: {why}");
        failure(400, "BadRequest", &message, json!([]))
    };
    let unpatched = |dump: &str, why: &str| {
        let message = format!("Invalid value: {dump:?}: {why}");
        let causes = json!([{"reason": "FieldValueInvalid", "message": message, "field": "patch"}]);
        failure(422, "Invalid", &format!(" \"\" is invalid: patch: {message}"), causes)
    };
    match request.header("content-type").unwrap_or_default() {
        "application/apply-patch+yaml" => {
            let head = "failed to create typed patch object (default/s; /v1, Kind=Secret): ";
            match typed_errors(&body).as_slice() {
                [] => match undecodable(&body, true) {
                    None => found(),
                    Some(why) => failure(500, "", &format!("failed to convert new object: {why}"), json!([])),
                },
                [one] => failure(500, "", &format!("{head}{one}"), json!([])),
                several => failure(500, "", &format!("{head}errors:\n  {}", several.join("\n  ")), json!([])),
            }
        }
        "application/strategic-merge-patch+json" => match undecodable(&body, true) {
            None => found(),
            Some(why) => unpatched(&go_v(&body), &why),
        },
        "application/merge-patch+json" => match undecodable(&body, false) {
            None => found(),
            Some(why) => unpatched(&body.to_string(), &why),
        },
        "application/json-patch+json" => {
            let mut object = stored();
            for operation in body.as_array().into_iter().flatten() {
                let path = operation["path"].as_str().unwrap_or_default();
                match path.strip_prefix("/data/") {
                    Some(key) => object["data"][key] = operation["value"].clone(),
                    None => object[path.trim_start_matches('/')] = operation["value"].clone(),
                }
            }
            match undecodable(&object, false) {
                None => found(),
                Some(why) => unpatched(&object.to_string(), &why),
            }
        }
        _ => match undecodable(&body, false) {
            None => found(),
            Some(why) => refused(&why),
        },
    }
}

/// A manifest with a value at one of the places, and the place's name.
fn manifests(value: &Json) -> Vec<(String, Json)> {
    let base = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}});
    let with = |pointer: &[&str], value: Json| {
        let mut object = base.clone();
        let mut at = &mut object;
        for step in pointer {
            at = &mut at[*step];
        }
        *at = value;
        object
    };
    let last_applied = "kubectl.kubernetes.io/last-applied-configuration";
    vec![
        ("data.k".to_owned(), with(&["data"], json!({"k": value, "fine": "b2xk"}))),
        ("data".to_owned(), with(&["data"], value.clone())),
        ("stringData.k".to_owned(), with(&["stringData"], json!({"k": value, "j": value}))),
        ("stringData".to_owned(), with(&["stringData"], value.clone())),
        ("last-applied".to_owned(), with(&["metadata", "annotations"], json!({last_applied: value}))),
        ("label".to_owned(), with(&["metadata", "labels"], json!({"k": value}))),
    ]
}

/// Runs a command and looks for the markers. What was applied as a label is no secret; it may be quoted, but not dumped. The
/// keys of a map in the place of `data` are names of entries, which are said.
fn check(watched: &Watched, url: &str, what: &str, args: &[&str]) {
    let outcome = watched.run(&[args, &["--server", url]].concat());
    let text = format!("{}{}", outcome.stdout, outcome.stderr);
    for marker in markers() {
        let is_name = marker == KEY && (what == "map at data" || what == "map at stringData");
        if text.contains(&marker) && !what.ends_with("at label") && !is_name {
            watched.leaked(format!("{args:?} with {what}: {marker}\n    {text}"));
        }
    }
    for dump in ["valueUnstructured{Value:7", "&{", "Value:true", "number 7 ", "map["] {
        let types = text.replace("map[string]", "");
        if types.contains(dump) {
            watched.leaked(format!("{args:?} with {what}: {dump}\n    {text}"));
        }
    }
    assert!(!text.contains("panicked"), "{args:?} with {what}: {text}");
}

#[test]
fn numbers_and_words_are_not_repeated() {
    not_repeated(&["int", "negative", "float", "big", "bool", "digit"]);
}

#[test]
fn text_is_not_repeated() {
    not_repeated(&["words", "brackets", "lines"]);
}

#[test]
fn lists_and_maps_are_not_repeated() {
    not_repeated(&["list", "bytes", "map"]);
}

fn not_repeated(names: &[&str]) {
    let mut watched = Watched::new(Sandbox::bare(), &[]);
    let server = Server::plain(speak);
    let url = format!("http://{}", server.address);
    let file = watched.input("wrong.yaml", "");
    let mut number = 0;
    let mut check = |watched: &Watched, what: &str, args: &[&str]| {
        number += 1;
        if is_in_turn(number) {
            check(watched, &url, what, args);
        }
    };
    for (name, value) in values().into_iter().filter(|(name, _)| names.contains(name)) {
        for (place, manifest) in manifests(&value) {
            watched.input("wrong.yaml", manifest.to_string());
            let what = format!("{name} at {place}");
            for args in [
                &["create", "-f", &file][..],
                &["replace", "-f", &file],
                &["apply", "-f", &file],
                &["apply", "-f", &file, "--server-side"],
                &["diff", "-f", &file],
                &["diff", "-f", &file, "--server-side"],
            ] {
                check(&watched, &what, args);
            }
            let more = [
                &["create", "-f", &file, "--validate=false"][..],
                &["create", "-f", &file, "--dry-run=server", "-o", "name"],
                &["replace", "-f", &file, "--force"],
                &["apply", "-f", &file, "--server-side", "--force-conflicts", "--validate=false"],
                &["apply", "-f", &file, "--dry-run=server"],
            ];
            for args in more.into_iter().filter(|_| matches!(name, "int" | "words" | "map")) {
                check(&watched, &what, args);
            }
            let mut patch = manifest.clone();
            if let Some(map) = patch.as_object_mut() {
                map.retain(|field, _| field != "apiVersion" && field != "kind");
            }
            for kind in ["strategic", "merge"] {
                let args = ["patch", "secret", "s", "--type", kind, "-p", &patch.to_string()];
                check(&watched, &what, &args);
            }
        }
        for path in ["/data/k", "/data", "/stringData"] {
            let patch = json!([{"op": "replace", "path": path, "value": value}]).to_string();
            let what = format!("{name} at {path}");
            check(&watched, &what, &["patch", "secret", "s", "--type=json", "-p", &patch]);
        }
        let text =
            value.to_string().replace('\\', "\\\\").replace('\'', "'\\''").replace('&', "\\&").replace('/', "\\/");
        watched.editor(&format!("sed -i 's/^  k: .*/  k: {text}/' \"$1\""));
        for args in [&["edit", "secret", "s"][..], &["edit", "secret", "s", "-d"]] {
            check(&watched, &format!("{name} edited"), args);
        }
    }
    let asked = server.requests().iter().filter(|request| !request.target().starts_with("GET")).count();
    let least = if rounds(0) > 0 { 30 } else { 6 };
    assert!(asked > least * names.len(), "{asked} writes reached the server");
    watched.done();
}
