//! Applies strategic merge patches, as `apimachinery/pkg/util/strategicpatch` does.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::{DELETE_FROM_LIST, DIRECTIVE, ELEMENT_ORDER, Error, List, Place, RETAIN_KEYS, is_deletion};

const BAD_ORDER: Error = Error::Malformed("invalid patch format of setElementOrder list");
const BAD_DELETION: Error = Error::Malformed("invalid patch format of primitive list");
const BAD_RETAIN: Error = Error::Malformed("invalid patch format of retainKeys");

/// How directives are treated while merging.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// The target is an object: directives are executed and removed.
    Object,
    /// The target is itself a patch: directives and nulls are copied into it.
    Patch,
}

/// Applies `patch` to `original`.
///
/// # Errors
/// If the patch is malformed, or cannot be applied.
pub fn strategic(original: Map<String, Json>, patch: Map<String, Json>) -> Result<Map<String, Json>, Error> {
    merge_map(original, patch, Place::Object, Mode::Object)
}

pub(super) fn merge_map(
    mut original: Map<String, Json>,
    mut patch: Map<String, Json>,
    place: Place,
    mode: Mode,
) -> Result<Map<String, Json>, Error> {
    if let Some(directive) = patch.remove(DIRECTIVE) {
        return match directive.as_str() {
            Some("replace") => Ok(patch),
            Some("delete") => Ok(Map::new()),
            _ => Err(unknown_directive(&directive)),
        };
    }
    retain_keys(&mut original, &mut patch, mode)?;
    order_lists(&mut original, &mut patch, place, mode)?;
    for (mut key, value) in patch {
        let deletes = key.starts_with(DELETE_FROM_LIST);
        if deletes {
            if mode == Mode::Patch {
                original.insert(key, value);
                continue;
            }
            key = list_name(&key, DELETE_FROM_LIST).ok_or(BAD_DELETION)?.to_owned();
        }
        if value.is_null() {
            original.remove(&key);
            if mode == Mode::Object {
                continue;
            }
        }
        match (original.get_mut(&key), value) {
            (Some(Json::Object(current)), Json::Object(change)) => {
                *current = merge_map(std::mem::take(current), change, place.field(&key), mode)?;
            }
            (Some(Json::Array(current)), Json::Array(change)) => {
                let strategy = place.list(&key);
                *current = if strategy == List::Replace {
                    change
                } else {
                    merge_list(std::mem::take(current), change, strategy, deletes, mode)?
                };
            }
            (_, _) if deletes => {}
            (_, mut value) => {
                if mode == Mode::Object {
                    discard_nulls(&mut value);
                }
                if remove_directives(&mut value) {
                    original.insert(key, value);
                } else {
                    original.remove(&key);
                }
            }
        }
    }
    Ok(original)
}

/// Executes `$retainKeys`: removes every key of the target that is not in the list.
fn retain_keys(original: &mut Map<String, Json>, patch: &mut Map<String, Json>, mode: Mode) -> Result<(), Error> {
    let Some(directive) = patch.remove(RETAIN_KEYS) else { return Ok(()) };
    if mode == Mode::Patch {
        original.entry(RETAIN_KEYS).or_insert(directive);
        return Ok(());
    }
    let names = directive.as_array().ok_or(BAD_RETAIN)?;
    let names: BTreeSet<&str> = names.iter().filter_map(Json::as_str).collect();
    let is_directive = |key: &str| key.starts_with(DELETE_FROM_LIST) || key.starts_with(ELEMENT_ORDER);
    if patch.iter().any(|(key, value)| !value.is_null() && !is_directive(key) && !names.contains(key.as_str())) {
        return Err(BAD_RETAIN);
    }
    original.retain(|key, _| names.contains(key.as_str()));
    Ok(())
}

/// Executes `$setElementOrder/NAME`: merges the list NAME and puts it into that order; elements that only the target
/// has keep their order.
fn order_lists(
    original: &mut Map<String, Json>,
    patch: &mut Map<String, Json>,
    place: Place,
    mode: Mode,
) -> Result<(), Error> {
    let keys: Vec<String> = patch.keys().filter(|k| k.starts_with(ELEMENT_ORDER)).cloned().collect();
    for key in keys {
        let Some(directive) = patch.remove(&key) else { continue };
        if mode == Mode::Patch {
            match original.get(&key) {
                Some(present) if *present != directive => return Err(BAD_ORDER),
                Some(_) => {}
                None => {
                    original.insert(key.clone(), directive.clone());
                }
            }
        }
        let Json::Array(order) = directive else { return Err(wrong_type()) };
        let name = list_name(&key, ELEMENT_ORDER).ok_or(BAD_ORDER)?;
        let strategy = place.list(name);
        let as_list = |found: Option<&Json>| match found {
            None => Ok(None),
            Some(Json::Array(items)) => Ok(Some(items.clone())),
            Some(_) => Err(wrong_type()),
        };
        let current = as_list(original.get(name))?;
        let change = as_list(patch.get(name))?;
        check_order(change.as_deref().unwrap_or_default(), &order, strategy)?;
        let server_order = current.clone().unwrap_or_default();
        let merged = match (current, change) {
            (None, None) => continue,
            (Some(current), None) => current,
            (None, Some(mut change)) => {
                change.retain_mut(remove_directives);
                change
            }
            (Some(_), Some(change)) if strategy == List::Replace => change,
            (Some(current), Some(change)) => merge_list(current, change, strategy, false, mode)?,
        };
        let ordered = arrange(merged, &order, &server_order, strategy);
        original.insert(name.to_owned(), Json::Array(ordered));
        patch.remove(name);
    }
    Ok(())
}

/// Checks that the patch's own elements are in the order that it demands.
fn check_order(change: &[Json], order: &[Json], strategy: List) -> Result<(), Error> {
    if change.is_empty() || order.is_empty() {
        return Ok(());
    }
    let mut wanted = order.iter().map(|item| strategy.identity(item));
    for item in change.iter().filter(|item| item.get(DIRECTIVE).is_none()) {
        let identity = strategy.identity(item);
        if !wanted.by_ref().any(|w| w == identity) {
            return Err(Error::Other(format!(
                "The order in patch list:\n<redacted>\n doesn't match {ELEMENT_ORDER} list:\n<redacted>\n"
            )));
        }
    }
    Ok(())
}

fn merge_list(
    mut original: Vec<Json>,
    patch: Vec<Json>,
    strategy: List,
    deletes: bool,
    mode: Mode,
) -> Result<Vec<Json>, Error> {
    if original.is_empty() && patch.is_empty() {
        return Ok(original);
    }
    let mut items = original.iter().chain(&patch);
    let maps = items.next().is_some_and(Json::is_object);
    if original.iter().chain(&patch).any(Json::is_array) {
        return Err(Error::Unprocessable("lists of lists are not supported"));
    }
    if items.any(|item| item.is_object() != maps) {
        return Err(Error::Other("list element types are not identical: <redacted>".into()));
    }
    let List::Keyed(key) = strategy else {
        if maps {
            return Err(Error::Other("cannot merge lists without merge key for type string".into()));
        }
        let named: BTreeSet<String> = patch.iter().map(|item| strategy.identity(item)).collect();
        if deletes && mode == Mode::Object {
            original.retain(|item| !named.contains(&strategy.identity(item)));
            return Ok(original);
        }
        let server_order = original.clone();
        original.extend(patch.iter().cloned());
        let mut seen = BTreeSet::new();
        original.retain(|item| seen.insert(strategy.identity(item)));
        return Ok(arrange(original, &patch, &server_order, strategy));
    };
    if !maps {
        return Err(wrong_type());
    }
    let (mut original, patch) = special_elements(original, patch, key)?;
    let server_order = original.clone();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (at, item) in original.iter().enumerate() {
        if item.get(key).is_some() {
            places.entry(strategy.identity(item)).or_insert(at);
        }
    }
    for item in &patch {
        if item.get(key).is_none() {
            return Err(no_merge_key(key));
        }
        let identity = strategy.identity(item);
        match (places.get(&identity).and_then(|at| original.get_mut(*at)), item) {
            (Some(Json::Object(current)), Json::Object(change)) => {
                *current = merge_map(std::mem::take(current), change.clone(), Place::Elsewhere, mode)?;
            }
            _ => {
                places.insert(identity, original.len());
                original.push(item.clone());
            }
        }
    }
    if original.iter().any(|item| item.get(key).is_none()) {
        return Err(no_merge_key(key));
    }
    Ok(arrange(original, &patch, &server_order, strategy))
}

/// Executes elements with a `$patch` of their own: `delete` removes the elements with the same key, `replace` all
/// elements.
fn special_elements(original: Vec<Json>, patch: Vec<Json>, key: &str) -> Result<(Vec<Json>, Vec<Json>), Error> {
    let (mut gone, mut rest, mut replace) = (BTreeSet::new(), Vec::new(), false);
    for item in patch {
        match item.get(DIRECTIVE) {
            None => rest.push(item),
            Some(directive) => match directive.as_str() {
                Some("delete") => {
                    gone.insert(item.get(key).ok_or_else(|| no_merge_key(key))?.to_string());
                }
                Some("replace") => replace = true,
                Some("merge") => return Err(Error::Other("merging lists cannot yet be specified in the patch".into())),
                _ => return Err(unknown_directive(directive)),
            },
        }
    }
    if replace {
        return Ok((rest, Vec::new()));
    }
    let kept = original.into_iter().filter(|item| item.get(key).is_none_or(|value| !gone.contains(&value.to_string())));
    Ok((kept.collect(), rest))
}

/// Merges the elements that `order` names, in that order, with the others in the target's order: an element of the
/// target comes before the first one that followed it there; new elements come first.
pub(super) fn arrange(items: Vec<Json>, order: &[Json], server_order: &[Json], strategy: List) -> Vec<Json> {
    let wanted = positions(order, strategy);
    let server = positions(server_order, strategy);
    let position = |map: &BTreeMap<String, usize>, item: &Json| map.get(&strategy.identity(item)).copied();
    let (named, others): (Vec<Json>, Vec<Json>) = items.into_iter().partition(|item| position(&wanted, item).is_some());
    let named = sort(named, &wanted, strategy);
    let others = sort(others, &server, strategy);
    let mut out = Vec::with_capacity(named.len() + others.len());
    let (mut left, mut right) = (others.into_iter().peekable(), named.into_iter().peekable());
    loop {
        let take_left = match (left.peek(), right.peek()) {
            (None, None) => return out,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (Some(l), Some(r)) => matches!((position(&server, l), position(&server, r)), (Some(l), Some(r)) if l < r),
        };
        out.extend(if take_left { left.next() } else { right.next() });
    }
}

fn positions(order: &[Json], strategy: List) -> BTreeMap<String, usize> {
    let mut map = BTreeMap::new();
    for (at, item) in order.iter().enumerate() {
        map.entry(strategy.identity(item)).or_insert(at);
    }
    map
}

/// Sorts by position in `order`; elements that are directives to delete come last.
pub(super) fn sort(items: Vec<Json>, order: &BTreeMap<String, usize>, strategy: List) -> Vec<Json> {
    let (gone, mut kept): (Vec<Json>, Vec<Json>) = items.into_iter().partition(is_deletion);
    kept.sort_by_cached_key(|item| order.get(&strategy.identity(item)).copied());
    kept.extend(gone);
    kept
}

/// Returns the positions in `order`, for [`sort`].
pub(super) fn order_of(order: &[Json], strategy: List) -> BTreeMap<String, usize> {
    positions(order, strategy)
}

fn list_name<'a>(key: &'a str, prefix: &str) -> Option<&'a str> {
    key.strip_prefix(prefix)?.strip_prefix('/')
}

fn discard_nulls(value: &mut Json) {
    match value {
        Json::Object(map) => {
            map.retain(|_, v| !v.is_null());
            map.values_mut().for_each(discard_nulls);
        }
        Json::Array(items) => items.iter_mut().for_each(discard_nulls),
        _ => {}
    }
}

/// Removes every map with a `$patch` from a value that is added; returns `false` if nothing is left.
fn remove_directives(value: &mut Json) -> bool {
    match value {
        Json::Object(map) => {
            if map.contains_key(DIRECTIVE) {
                return false;
            }
            map.retain(|_, v| remove_directives(v));
            true
        }
        Json::Array(items) => {
            items.retain_mut(remove_directives);
            true
        }
        _ => true,
    }
}

fn unknown_directive(directive: &Json) -> Error {
    let name = directive.as_str().filter(|name| *name == "merge").unwrap_or("<redacted>");
    Error::Other(format!("unknown patch type: {name} in map: <redacted>"))
}

fn no_merge_key(key: &str) -> Error {
    Error::Other(format!("map: <redacted> does not contain declared merge key: {key}"))
}

fn wrong_type() -> Error {
    Error::Other("expected a []interface {}, but received another type".into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn patched(original: Json, patch: Json) -> Result<Json, Error> {
        let (Json::Object(original), Json::Object(patch)) = (original, patch) else { panic!("two maps") };
        strategic(original, patch).map(Json::Object)
    }

    fn finalizers(list: Json) -> Json {
        json!({"metadata": {"finalizers": list}})
    }

    #[test]
    fn maps_merge_and_directives_act() {
        let base = json!({"data": {"a": "1", "b": "2"}, "type": "t"});
        let ok = |patch: Json, want: Json| assert_eq!(patched(base.clone(), patch), Ok(want));
        ok(json!({"data": {"a": null, "c": "3", "n": null}}), json!({"data": {"b": "2", "c": "3"}, "type": "t"}));
        ok(json!({"data": {"$patch": "replace", "z": "9"}}), json!({"data": {"z": "9"}, "type": "t"}));
        ok(json!({"data": {"$patch": "delete"}}), json!({"data": {}, "type": "t"}));
        ok(json!({"data": {"$retainKeys": ["a"], "a": "5"}}), json!({"data": {"a": "5"}, "type": "t"}));
        ok(
            json!({"metadata": {"labels": {"$patch": "replace", "x": "1"}}}),
            json!({"data": {"a": "1", "b": "2"}, "type": "t", "metadata": {}}),
        );
        assert_eq!(patched(base.clone(), json!({"data": {"$retainKeys": ["a"], "c": "5"}})), Err(BAD_RETAIN));
        assert!(matches!(patched(base, json!({"data": {"$patch": "merge"}})), Err(Error::Other(_))));
    }

    #[test]
    fn finalizers_are_a_set_with_new_ones_first() {
        assert_eq!(patched(finalizers(json!(["a"])), finalizers(json!(["b"]))), Ok(finalizers(json!(["b", "a"]))));
        assert_eq!(
            patched(finalizers(json!(["a", "b"])), finalizers(json!(["b", "a"]))),
            Ok(finalizers(json!(["b", "a"])))
        );
        let patch = json!({"metadata": {"$deleteFromPrimitiveList/finalizers": ["a"]}});
        assert_eq!(patched(finalizers(json!(["a", "b"])), patch), Ok(finalizers(json!(["b"]))));
        let patch = json!({"metadata": {"$deleteFromPrimitiveList/finalizers": ["a"], "$setElementOrder/finalizers": ["b", "c"], "finalizers": ["c"]}});
        assert_eq!(patched(finalizers(json!(["a", "b", "s"])), patch), Ok(finalizers(json!(["b", "c", "s"]))));
        let patch = json!({"metadata": {"$setElementOrder/finalizers": ["b"], "finalizers": ["c"]}});
        assert!(patched(finalizers(json!(["a"])), patch).is_err());
    }

    #[test]
    fn owners_merge_by_uid() {
        let owners = |list: Json| json!({"metadata": {"ownerReferences": list}});
        let base = owners(json!([{"uid": "1", "name": "p"}, {"uid": "2", "name": "q"}]));
        assert_eq!(
            patched(base.clone(), owners(json!([{"uid": "3", "name": "r"}, {"uid": "1", "name": "x"}]))),
            Ok(owners(json!([{"uid": "3", "name": "r"}, {"uid": "1", "name": "x"}, {"uid": "2", "name": "q"}])))
        );
        assert_eq!(
            patched(base.clone(), owners(json!([{"$patch": "delete", "uid": "1"}]))),
            Ok(owners(json!([{"uid": "2", "name": "q"}])))
        );
        assert_eq!(
            patched(base.clone(), owners(json!([{"$patch": "replace"}, {"uid": "9"}]))),
            Ok(owners(json!([{"uid": "9"}])))
        );
        assert!(patched(base, owners(json!([{"name": "none"}]))).is_err());
        // An element that goes, of a list that has gone.
        let patch = json!({"metadata": {"$setElementOrder/ownerReferences": [{"uid": "1"}],
            "ownerReferences": [{"uid": "1", "name": "p"}, {"$patch": "delete", "uid": "2"}]}});
        assert_eq!(patched(json!({"metadata": {}}), patch), Ok(owners(json!([{"uid": "1", "name": "p"}]))));
    }
}
