//! Limits on JSON patches, because a few bytes of a patch can demand any depth and any size.

use serde_json::Value as Json;

/// How many bytes of JSON all `copy` operations of a patch may copy together: kube-apiserver's `JSONPatchMaxCopyBytes`.
const MAX_COPIED: usize = 3 * 1024 * 1024;

/// How deep operations may nest, which is as deep as bodies of requests may. Go's limit is 10,000, which would need a
/// large stack here, and could not be stored.
const MAX_DEPTH: usize = 100;

/// How many values operations may visit for checking the depth. Why: a small patch can move a large value back and
/// forth. No body has as many values.
const MAX_LOOKED_AT: usize = 3 * 1024 * 1024;

/// How many array items operations may shift. Why: adding or removing the first item shifts all others, and a patch in
/// one request can do that 9,000 times to a million of them.
const MAX_PUSHED: usize = 4 * 1024 * 1024;

/// What the operations of a patch have cost so far.
#[derive(Default)]
pub(super) struct Work {
    /// Bytes of JSON that were copied.
    copied: usize,
    /// Values that were visited for checking the depth.
    looked_at: usize,
    /// Array items that were shifted.
    pushed: usize,
}

impl Work {
    /// Counts a value that is to be copied.
    pub(super) fn copies(&mut self, value: &Json) -> Result<(), String> {
        self.copied += size(value);
        if self.copied > MAX_COPIED {
            return Err(format!(
                "Unable to complete the copy, the accumulated size increase of copy is {}, exceeding the limit {MAX_COPIED}",
                self.copied
            ));
        }
        Ok(())
    }

    /// Counts the array items after one that is added or removed.
    pub(super) fn pushes(&mut self, items: usize) -> Result<(), String> {
        self.pushed = self.pushed.saturating_add(items);
        if self.pushed > MAX_PUSHED {
            return Err(format!("the operations push more than {MAX_PUSHED} items of arrays along"));
        }
        Ok(())
    }

    /// Checks whether `path` and `value` together are within the depth. Invariant: this is checked before the value is
    /// put there, since a value that is too deep overflows the stack even when it is dropped.
    pub(super) fn fits(&mut self, path: &str, value: &Json) -> Result<(), String> {
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

/// Returns the size of a value as JSON, in bytes.
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
    // Neither counting nor serializing a tree with string keys can fail.
    let _ = serde_json::to_writer(&mut count, value);
    count.0
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Error, json_patch};
    use super::*;

    fn patched(document: Json, operations: Json) -> Result<Json, Error> {
        json_patch(document, operations.as_array().unwrap())
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
    fn what_is_pushed_along_is_bounded_together() {
        let moves = |from: &str, to: &str, count: usize| {
            (0..count).map(|_| json!({"op": "move", "from": from, "path": to})).collect::<Json>()
        };
        let document = |items: usize| json!({"a": vec![0; items]});
        assert!(patched(document(400), moves("/a/0", "/a/-", 10_000)).is_ok());
        assert!(patched(document(100_000), moves("/a/0", "/a/-", 30)).is_ok());
        for (from, to) in [("/a/0", "/a/-"), ("/a/-1", "/a/0"), ("/a/0", "/a/0")] {
            assert!(patched(document(100_000), moves(from, to, 50)).is_err(), "{from} {to}");
        }
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
}
