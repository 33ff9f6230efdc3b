//! JSON patch and JSON merge patch, in the reading of `evanphx/json-patch` v4, which the API server and kubectl use: it
//! differs from the RFCs where noted.

use serde_json::{Map, Value as Json};

/// Applies an RFC 6902 patch. As in Go's library `replace` of a missing member adds it, `copy` of one makes a null,
/// `test` for null passes where there is nothing, array indices may be negative, and text before the first `/` of a
/// pointer does not count. An error carries no text, as the API server gives none away.
#[expect(clippy::result_unit_err, reason = "the server answers every failure with the same words")]
pub fn json_patch(mut document: Json, operations: &[Json]) -> Result<Json, ()> {
    for operation in operations {
        let text = |name: &str| operation.get(name).and_then(Json::as_str).ok_or(());
        let value = || operation.get("value").cloned().unwrap_or(Json::Null);
        match text("op")? {
            "add" => add(&mut document, text("path")?, value())?,
            "remove" => {
                remove(&mut document, text("path")?)?;
            }
            "replace" => replace(&mut document, text("path")?, value())?,
            "move" => {
                let moved = remove(&mut document, text("from")?)?;
                add(&mut document, text("path")?, moved)?;
            }
            "copy" => {
                let copied = get(&mut document, text("from")?)?.clone();
                add(&mut document, text("path")?, copied)?;
            }
            "test" => {
                let path = text("path")?;
                let found = if path.is_empty() { document.clone() } else { get(&mut document, path)?.clone() };
                if found != value() {
                    return Err(());
                }
            }
            _ => return Err(()),
        }
    }
    Ok(document)
}

/// The container that a pointer leads into, and the last step in it.
fn locate<'a>(document: &'a mut Json, path: &str) -> Result<(&'a mut Json, String), ()> {
    let (_, steps) = path.split_once('/').ok_or(())?;
    let (parents, last) = match steps.rsplit_once('/') {
        Some((parents, last)) => (Some(parents), last),
        None => (None, steps),
    };
    let mut place = document;
    for step in parents.into_iter().flat_map(|p| p.split('/')) {
        let step = unescape(step);
        place = match place {
            Json::Object(map) => map.get_mut(&step).ok_or(())?,
            Json::Array(items) => {
                let index = index(&step, items.len()).ok_or(())?;
                items.get_mut(index).ok_or(())?
            }
            _ => return Err(()),
        };
    }
    if place.is_object() || place.is_array() { Ok((place, unescape(last))) } else { Err(()) }
}

fn unescape(step: &str) -> String {
    let mut out = String::with_capacity(step.len());
    let mut rest = step;
    while let Some(at) = rest.find('~') {
        out.push_str(&rest[..at]);
        let (plain, taken) = match rest.as_bytes().get(at + 1) {
            Some(b'0') => ('~', 2),
            Some(b'1') => ('/', 2),
            _ => ('~', 1),
        };
        out.push(plain);
        rest = &rest[at + taken..];
    }
    out.push_str(rest);
    out
}

/// An index as Go's Atoi reads it; negative ones count from the end.
fn index(step: &str, len: usize) -> Option<usize> {
    let number: i64 = step.parse().ok()?;
    if number < 0 {
        len.checked_sub(usize::try_from(number.unsigned_abs()).ok()?)
    } else {
        usize::try_from(number).ok()
    }
}

fn get<'a>(document: &'a mut Json, path: &str) -> Result<&'a Json, ()> {
    let (container, last) = locate(document, path)?;
    match container {
        Json::Object(map) => Ok(map.get(&last).unwrap_or(&Json::Null)),
        Json::Array(items) => index(&last, items.len()).and_then(|i| items.get(i)).ok_or(()),
        _ => Err(()),
    }
}

fn add(document: &mut Json, path: &str, value: Json) -> Result<(), ()> {
    match locate(document, path)? {
        (Json::Object(map), last) => {
            map.insert(last, value);
        }
        (Json::Array(items), last) if last == "-" => items.push(value),
        (Json::Array(items), last) => {
            let at = index(&last, items.len() + 1).filter(|i| *i <= items.len()).ok_or(())?;
            items.insert(at, value);
        }
        _ => return Err(()),
    }
    Ok(())
}

fn remove(document: &mut Json, path: &str) -> Result<Json, ()> {
    match locate(document, path)? {
        (Json::Object(map), last) => map.remove(&last).ok_or(()),
        (Json::Array(items), last) => {
            let at = index(&last, items.len()).filter(|i| *i < items.len()).ok_or(())?;
            Ok(items.remove(at))
        }
        _ => Err(()),
    }
}

fn replace(document: &mut Json, path: &str, value: Json) -> Result<(), ()> {
    if path.is_empty() {
        if !value.is_object() && !value.is_array() {
            return Err(());
        }
        *document = value;
        return Ok(());
    }
    match locate(document, path)? {
        (Json::Object(map), last) => {
            map.insert(last, value);
        }
        (Json::Array(items), last) => {
            let at = index(&last, items.len()).ok_or(())?;
            *items.get_mut(at).ok_or(())? = value;
        }
        _ => return Err(()),
    }
    Ok(())
}

/// Applies an RFC 7396 patch: null removes, maps merge, anything else replaces.
pub fn merge_patch(target: &mut Map<String, Json>, patch: Map<String, Json>) {
    for (key, value) in patch {
        match (target.get_mut(&key), value) {
            (_, Json::Null) => {
                target.remove(&key);
            }
            (Some(Json::Object(current)), Json::Object(change)) => merge_patch(current, change),
            (_, mut value) => {
                prune(&mut value);
                target.insert(key, value);
            }
        }
    }
}

/// Nulls in what is added mean nothing.
fn prune(value: &mut Json) {
    match value {
        Json::Object(map) => {
            map.retain(|_, v| !v.is_null());
            map.values_mut().for_each(prune);
        }
        Json::Array(items) => items.iter_mut().for_each(prune),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn patched(document: Json, operations: Json) -> Result<Json, ()> {
        json_patch(document, operations.as_array().unwrap())
    }

    #[test]
    fn operations_follow_the_go_library() {
        let base = json!({"data": {"a": "1"}, "list": ["x", "y"]});
        let ok = |ops: Json, want: Json| assert_eq!(patched(base.clone(), ops), Ok(want));
        ok(
            json!([{"op": "replace", "path": "/data/b", "value": "2"}]),
            json!({"data": {"a": "1", "b": "2"}, "list": ["x", "y"]}),
        );
        ok(
            json!([{"op": "add", "path": "/list/-1", "value": "z"}]),
            json!({"data": {"a": "1"}, "list": ["x", "y", "z"]}),
        );
        ok(
            json!([{"op": "add", "path": "/list/0", "value": "z"}]),
            json!({"data": {"a": "1"}, "list": ["z", "x", "y"]}),
        );
        ok(json!([{"op": "remove", "path": "/list/-1"}]), json!({"data": {"a": "1"}, "list": ["x"]}));
        ok(
            json!([{"op": "copy", "from": "/data/q", "path": "/data/a"}]),
            json!({"data": {"a": null}, "list": ["x", "y"]}),
        );
        ok(
            json!([{"op": "add", "path": "/data/a~1b~0", "value": "2"}]),
            json!({"data": {"a": "1", "a/b~": "2"}, "list": ["x", "y"]}),
        );
        ok(json!([{"op": "test", "path": "/none", "value": null}]), base.clone());
        for ops in [
            json!([{"op": "add", "path": "/none/a", "value": "1"}]),
            json!([{"op": "remove", "path": "/data/none"}]),
            json!([{"op": "add", "path": "/list/9", "value": "z"}]),
            json!([{"op": "test", "path": "/data/a", "value": "2"}]),
            json!([{"op": "replace", "path": "", "value": "2"}]),
            json!([{"op": "add", "path": "data"}]),
            json!([{"op": "add", "path": "/data/a/b", "value": "2"}]),
            json!([{"path": "/data"}]),
            json!([7]),
        ] {
            assert_eq!(patched(base.clone(), ops.clone()), Err(()), "{ops}");
        }
    }

    #[test]
    fn merge_removes_by_null_and_adds_without_nulls() {
        let mut target = json!({"data": {"a": "1", "b": "2"}, "type": "t"});
        let patch = json!({"data": {"a": null, "c": "3"}, "type": {"x": null, "y": 1}, "new": {"n": null}});
        if let (Json::Object(target), Json::Object(patch)) = (&mut target, patch) {
            merge_patch(target, patch);
        }
        assert_eq!(target, json!({"data": {"b": "2", "c": "3"}, "type": {"y": 1}, "new": {}}));
    }
}
