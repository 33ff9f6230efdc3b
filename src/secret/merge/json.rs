//! JSON patch and JSON merge patch as `evanphx/json-patch` v4 implements them, which kube-apiserver and kubectl use. It
//! differs from the RFCs where noted.

use serde_json::{Map, Value as Json};

use super::{Error, bounds::Work};

/// Applies an RFC 6902 patch. As in Go's library, `replace` of a missing member adds it, `copy` of a missing one adds a
/// null, `test` for null succeeds if there is nothing, array indices may be negative, and text before the first `/` of
/// a pointer is ignored.
///
/// # Errors
/// The library's, which kube-apiserver does not pass on; it names paths, not values. Also for a patch beyond the limits
/// of [`super::bounds`].
pub fn json_patch(mut document: Json, operations: &[Json]) -> Result<Json, Error> {
    let mut work = Work::default();
    for operation in operations {
        apply(&mut document, operation, &mut work).map_err(Error::Other)?;
    }
    Ok(document)
}

fn apply(document: &mut Json, operation: &Json, work: &mut Work) -> Result<(), String> {
    let text = |name: &str| operation.get(name).and_then(Json::as_str);
    let value = || operation.get("value").cloned().unwrap_or(Json::Null);
    let kind = text("op").unwrap_or("unknown");
    if !["add", "remove", "replace", "move", "copy", "test"].contains(&kind) {
        return Err(format!("Unexpected kind: {kind}"));
    }
    let path = text("path").ok_or_else(|| format!("{kind} operation failed to decode path: {MISSING}"))?;
    let from = || {
        text("from")
            .ok_or_else(|| format!("{kind} operation failed to decode from: operation, missing from field: {MISSING}"))
    };
    let nowhere =
        |path: &str, what: &str| format!("{kind} operation does not apply: doc is missing {what}: {path}: {MISSING}");
    let add_at = |document: &mut Json, value: Json, work: &mut Work| {
        let what = if kind == "add" { "path" } else { "destination path" };
        let (container, last) = locate(document, path).ok_or_else(|| nowhere(&shown(kind, path), what))?;
        work.fits(path, &value)?;
        add(container, last, value, work).map_err(|why| match kind {
            "copy" => format!("error while adding value during copy: {why}"),
            _ => format!("error in {kind} for path: '{path}': {why}"),
        })
    };
    match kind {
        "add" => add_at(document, value(), work),
        "remove" => {
            let (container, last) = locate(document, path).ok_or_else(|| nowhere(&shown(kind, path), "path"))?;
            remove(container, &last, work).map(drop).map_err(|why| format!("error in remove for path: '{path}': {why}"))
        }
        "replace" if path.is_empty() => match value() {
            whole @ (Json::Object(_) | Json::Array(_)) => {
                work.fits(path, &whole)?;
                *document = whole;
                Ok(())
            }
            _ => Err("replace operation value must be object or array: %!w(<nil>)".into()),
        },
        "replace" => {
            let (container, last) = locate(document, path).ok_or_else(|| nowhere(path, "path"))?;
            let value = value();
            work.fits(path, &value)?;
            replace(container, last, value).ok_or_else(|| nowhere(path, "key"))
        }
        "move" => {
            let from = from()?;
            let (container, last) = locate(document, from).ok_or_else(|| nowhere(from, "from path"))?;
            let moved =
                remove(container, &last, work).map_err(|why| format!("error in move for path: '{last}': {why}"))?;
            add_at(document, moved, work)
        }
        "copy" => {
            let from = from()?;
            let (container, last) = locate(document, from).ok_or_else(|| nowhere(from, "from path"))?;
            let original = get(container, &last).map_err(|why| format!("error in copy for from: '{from}': {why}"))?;
            work.copies(original)?;
            let copy = original.clone();
            add_at(document, copy, work)
        }
        _ => {
            let found = if path.is_empty() {
                &*document
            } else {
                let (container, last) = locate(document, path)
                    .ok_or_else(|| format!("test operation does not apply: is missing path: {path}: {MISSING}"))?;
                get(container, &last).map_err(|why| format!("error in test for path: '{path}': {why}"))?
            };
            if *found == value() { Ok(()) } else { Err(format!("testing value {path} failed: test failed")) }
        }
    }
}

const MISSING: &str = "missing value";

/// Returns the path as an error shows it: for two operations, in quotes.
fn shown(kind: &str, path: &str) -> String {
    if matches!(kind, "add" | "remove") { format!("\"{path}\"") } else { path.to_owned() }
}

/// Returns the container that a pointer leads into, and the last element of the pointer.
fn locate<'a>(document: &'a mut Json, path: &str) -> Option<(&'a mut Json, String)> {
    let (_, steps) = path.split_once('/')?;
    let (parents, last) = match steps.rsplit_once('/') {
        Some((parents, last)) => (Some(parents), last),
        None => (None, steps),
    };
    let mut place = document;
    for step in parents.into_iter().flat_map(|p| p.split('/')) {
        let step = unescape(step);
        place = match place {
            Json::Object(map) => map.get_mut(&step)?,
            Json::Array(items) => {
                let at = index(&step, items.len()).ok()?;
                items.get_mut(at)?
            }
            _ => return None,
        };
    }
    (place.is_object() || place.is_array()).then(|| (place, unescape(last)))
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

/// Parses an index below `end` as Go's `Atoi` does; negative ones count from the end.
fn index(step: &str, end: usize) -> Result<usize, String> {
    let number: i64 = step.parse().map_err(|_| format!("strconv.Atoi: parsing \"{step}\": invalid syntax"))?;
    let from_start = usize::try_from(number).ok();
    let from_end = || usize::try_from(number.unsigned_abs()).ok().and_then(|back| end.checked_sub(back));
    from_start
        .or_else(from_end)
        .filter(|at| *at < end)
        .ok_or_else(|| format!("Unable to access invalid index: {number}: invalid index referenced"))
}

fn get<'a>(container: &'a Json, last: &str) -> Result<&'a Json, String> {
    match container {
        Json::Array(items) => index(last, items.len()).map(|at| items.get(at).unwrap_or(&Json::Null)),
        other => Ok(other.get(last).unwrap_or(&Json::Null)),
    }
}

fn add(container: &mut Json, last: String, value: Json, work: &mut Work) -> Result<(), String> {
    match container {
        Json::Object(map) => {
            map.insert(last, value);
        }
        Json::Array(items) if last == "-" => items.push(value),
        Json::Array(items) => {
            let at = index(&last, items.len() + 1)?;
            work.pushes(items.len() - at)?;
            items.insert(at, value);
        }
        _ => {}
    }
    Ok(())
}

fn remove(container: &mut Json, last: &str, work: &mut Work) -> Result<Json, String> {
    match container {
        Json::Array(items) => {
            let at = index(last, items.len())?;
            work.pushes(items.len() - at)?;
            Ok(items.remove(at))
        }
        Json::Object(map) => {
            map.remove(last).ok_or_else(|| format!("Unable to remove nonexistent key: {last}: {MISSING}"))
        }
        _ => Ok(Json::Null),
    }
}

fn replace(container: &mut Json, last: String, value: Json) -> Option<()> {
    match container {
        Json::Array(items) => {
            let at = index(&last, items.len()).ok()?;
            *items.get_mut(at)? = value;
        }
        Json::Object(map) => {
            map.insert(last, value);
        }
        _ => {}
    }
    Some(())
}

/// Applies an RFC 7396 patch: null removes, maps merge, any other value replaces.
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

/// Removes nulls from a value that is added.
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

    fn patched(document: Json, operations: Json) -> Result<Json, Error> {
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
        for (ops, text) in [
            (
                json!([{"op": "add", "path": "/none/a", "value": "1"}]),
                "add operation does not apply: doc is missing path: \"/none/a\": missing value",
            ),
            (
                json!([{"op": "remove", "path": "/data/none"}]),
                "error in remove for path: '/data/none': Unable to remove nonexistent key: none: missing value",
            ),
            (
                json!([{"op": "add", "path": "/list/9", "value": "z"}]),
                "error in add for path: '/list/9': Unable to access invalid index: 9: invalid index referenced",
            ),
            (json!([{"op": "test", "path": "/data/a", "value": "2"}]), "testing value /data/a failed: test failed"),
            (
                json!([{"op": "replace", "path": "/data/a/b", "value": "2"}]),
                "replace operation does not apply: doc is missing path: /data/a/b: missing value",
            ),
            (
                json!([{"op": "copy", "from": "/x/y", "path": "/data/a"}]),
                "copy operation does not apply: doc is missing from path: /x/y: missing value",
            ),
            (
                json!([{"op": "move", "from": "/data/a", "path": "/x/y"}]),
                "move operation does not apply: doc is missing destination path: /x/y: missing value",
            ),
            (json!([{"op": "frob", "path": "/data"}]), "Unexpected kind: frob"),
            (json!([7]), "Unexpected kind: unknown"),
        ] {
            assert_eq!(patched(base.clone(), ops), Err(Error::Other(text.into())));
        }
        for ops in [json!([{"op": "replace", "path": "", "value": "2"}]), json!([{"op": "add", "path": "data"}])] {
            assert!(patched(base.clone(), ops).is_err());
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
