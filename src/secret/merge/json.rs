//! JSON patch and JSON merge patch, in the reading of `evanphx/json-patch` v4, which the API server and kubectl use: it
//! differs from the RFCs where noted.

use serde_json::{Map, Value as Json};

use super::Error;

/// How many bytes of JSON all `copy` operations of a patch may copy together: the API server's `JSONPatchMaxCopyBytes`.
const MAX_COPIED: usize = 3 * 1024 * 1024;

/// How deep operations may nest: as deep as the server keeps what comes in a body. Go's limit is 10,000, which costs a
/// stack here, and could not be read back from where objects rest.
const MAX_DEPTH: usize = 100;

/// How many values operations may look at for that: moving one to and fro costs a client nothing. A body that is all
/// values has no more.
const MAX_LOOKED_AT: usize = 3 * 1024 * 1024;

/// Applies an RFC 6902 patch. As in Go's library `replace` of a missing member adds it, `copy` of one makes a null,
/// `test` for null passes where there is nothing, array indices may be negative, and text before the first `/` of a
/// pointer does not count. A patch that copies more than 3 MiB, or nests deeper than 100 levels, does not apply. The error
/// is the library's (the API server gives none of it away); it names paths, no values.
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
        add(container, last, value).map_err(|why| match kind {
            "copy" => format!("error while adding value during copy: {why}"),
            _ => format!("error in {kind} for path: '{path}': {why}"),
        })
    };
    match kind {
        "add" => add_at(document, value(), work),
        "remove" => {
            let (container, last) = locate(document, path).ok_or_else(|| nowhere(&shown(kind, path), "path"))?;
            remove(container, &last).map(drop).map_err(|why| format!("error in remove for path: '{path}': {why}"))
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
            let moved = remove(container, &last).map_err(|why| format!("error in move for path: '{last}': {why}"))?;
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

/// What the operations of a patch have cost together.
#[derive(Default)]
struct Work {
    /// Bytes of JSON that were copied.
    copied: usize,
    /// Values that were looked at for their depth.
    looked_at: usize,
}

impl Work {
    /// Counts a value that is to be copied.
    fn copies(&mut self, value: &Json) -> Result<(), String> {
        self.copied += size(value);
        if self.copied > MAX_COPIED {
            return Err(format!(
                "Unable to complete the copy, the accumulated size increase of copy is {}, exceeding the limit {MAX_COPIED}",
                self.copied
            ));
        }
        Ok(())
    }

    /// Whether a value may stand at `path`: before it does, since one that is too deep cannot even be dropped.
    fn fits(&mut self, path: &str, value: &Json) -> Result<(), String> {
        let above = path.bytes().filter(|b| *b == b'/').count();
        if self.is_deeper(value, MAX_DEPTH.saturating_sub(above)) {
            return Err(format!("the operation nests deeper than {MAX_DEPTH} levels: {path}"));
        }
        if self.looked_at > MAX_LOOKED_AT {
            return Err(format!("the operations move more than {MAX_LOOKED_AT} values"));
        }
        Ok(())
    }

    fn is_deeper(&mut self, value: &Json, levels: usize) -> bool {
        let mut deeper = |inner: &Json| self.is_deeper(inner, levels.saturating_sub(1));
        let is_deeper = match value {
            Json::Array(items) => levels == 0 || items.iter().any(&mut deeper),
            Json::Object(members) => levels == 0 || members.values().any(&mut deeper),
            _ => false,
        };
        self.looked_at += 1;
        is_deeper
    }
}

/// How many bytes a value has as JSON.
fn size(value: &Json) -> usize {
    struct Count(usize);
    impl std::io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    // Counting cannot fail, and neither can writing a tree whose keys are strings.
    let _ = serde_json::to_writer(&mut count, value);
    count.0
}

/// Two operations quote the path that is missing.
fn shown(kind: &str, path: &str) -> String {
    if matches!(kind, "add" | "remove") { format!("\"{path}\"") } else { path.to_owned() }
}

/// The container that a pointer leads into, and the last step in it.
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

/// An index below `end` as Go's Atoi reads it; negative ones count from the end.
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

fn add(container: &mut Json, last: String, value: Json) -> Result<(), String> {
    match container {
        Json::Object(map) => {
            map.insert(last, value);
        }
        Json::Array(items) if last == "-" => items.push(value),
        Json::Array(items) => {
            let at = index(&last, items.len() + 1)?;
            items.insert(at, value);
        }
        _ => {}
    }
    Ok(())
}

fn remove(container: &mut Json, last: &str) -> Result<Json, String> {
    match container {
        Json::Array(items) => index(last, items.len()).map(|at| items.remove(at)),
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

    /// Operations that double the depth of `/a`, until it is `depth`.
    fn doubling(verb: &str, depth: usize) -> Json {
        let mut operations = vec![json!({"op": "add", "path": "/a", "value": {}})];
        let mut deep = 1;
        while deep < depth {
            if verb == "move" {
                operations.push(json!({"op": "add", "path": "/b", "value": {}}));
                operations.push(json!({"op": "move", "from": "/a", "path": "/b/a"}));
                operations.push(json!({"op": "move", "from": "/b", "path": "/a"}));
                deep += 1;
            } else {
                operations.push(json!({"op": "copy", "from": "/a", "path": "/a".repeat(deep + 1)}));
                deep *= 2;
            }
        }
        Json::Array(operations)
    }

    #[test]
    fn operations_nest_as_deep_as_bodies_and_no_deeper() {
        assert!(patched(json!({}), doubling("copy", 64)).is_ok());
        assert!(patched(json!({}), doubling("copy", 1 << 17)).is_err());
        assert!(patched(json!({}), doubling("move", 90)).is_ok());
        assert!(patched(json!({}), doubling("move", 3_000)).is_err());
    }

    #[test]
    fn what_moves_is_bounded_together() {
        let there = json!({"op": "move", "from": "/a", "path": "/b"});
        let back = json!({"op": "move", "from": "/b", "path": "/a"});
        let moves = |count: usize| (0..count).flat_map(|_| [there.clone(), back.clone()]).collect();
        let document = || json!({"a": vec![0; 10_000]});
        assert!(patched(document(), moves(100)).is_ok());
        assert!(patched(document(), moves(1_000)).is_err());
    }

    #[test]
    fn copies_are_bounded_together() {
        let document = || json!({"a": "x".repeat(1 << 20)});
        let copy = |n: usize| json!({"op": "copy", "from": "/a", "path": format!("/b{n}")});
        // Each is a MiB and two quotes.
        assert!(patched(document(), (0..2).map(copy).collect()).is_ok());
        assert_eq!(
            patched(document(), (0..3).map(copy).collect()),
            Err(Error::Other(
                "Unable to complete the copy, the accumulated size increase of copy is 3145734, exceeding the limit \
                 3145728"
                    .into()
            ))
        );
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
