//! Typed objects: which fields they have, how two differ, and how they merge, as structured-merge-diff's package
//! `typed` does it for the types of [`super::schema`].
//!
//! As there, null differs from absent: an absent member has no owner, a null one is a leaf.

use go::quote::quote;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::schema::{Scalar, Type};
use super::set::{Field, FieldSet};

/// The difference between two objects, as sets of fields.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    pub(super) removed: FieldSet,
    pub(super) modified: FieldSet,
    pub(super) added: FieldSet,
}

/// The structure of a field, given its type and values.
enum Shape<'a> {
    Leaf,
    Members(Option<&'a Map<String, Json>>, Option<&'a Map<String, Json>>),
    Items(&'a [Json], &'a [Json]),
}

fn shape<'a>(of: &Type, left: Option<&'a Json>, right: Option<&'a Json>) -> Shape<'a> {
    match of {
        Type::Map(_) | Type::Struct { atomic: false, .. } => {
            let members = |value: Option<&'a Json>| value.and_then(Json::as_object).filter(|map| !map.is_empty());
            match (members(left), members(right)) {
                (None, None) => Shape::Leaf,
                (left, right) => Shape::Members(left, right),
            }
        }
        Type::Set | Type::Keyed { .. } => {
            let items = |value: Option<&'a Json>| value.and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
            match (items(left), items(right)) {
                ([], []) => Shape::Leaf,
                (left, right) => Shape::Items(left, right),
            }
        }
        Type::Scalar(_) | Type::Struct { .. } | Type::AtomicList => Shape::Leaf,
    }
}

fn names<'a>(left: Option<&'a Map<String, Json>>, right: Option<&'a Map<String, Json>>) -> BTreeSet<&'a String> {
    left.into_iter().chain(right).flat_map(Map::keys).collect()
}

/// Returns the identities of a list's elements in order, and the elements of each. A live list may have several
/// elements of one identity; upstream refuses duplicates only in the applied object.
fn index<'a>(of: &Type, items: &'a [Json]) -> (Vec<String>, BTreeMap<String, Vec<&'a Json>>) {
    let (mut order, mut found) = (Vec::with_capacity(items.len()), BTreeMap::<String, Vec<&Json>>::new());
    for item in items {
        let identity = of.identity(item);
        found.entry(identity.clone()).or_default().push(item);
        order.push(identity);
    }
    (order, found)
}

/// Returns the object without declared members that are empty, as Go's `omitempty` does. Keys of maps stay, whatever
/// their values are.
pub(super) fn omit_empty<'a>(object: &'a Json, of: &'static Type) -> Cow<'a, Json> {
    if !has_empty(object, of) {
        return Cow::Borrowed(object);
    }
    let members = object.as_object().into_iter().flatten();
    let kept = members.filter(|(_, member)| !is_empty(member)).map(|(name, member)| {
        let member = omit_empty(member, of.member(name).1);
        (name.clone(), member.into_owned())
    });
    Cow::Owned(Json::Object(kept.collect()))
}

fn has_empty(object: &Json, of: &'static Type) -> bool {
    matches!(of, Type::Struct { atomic: false, .. })
        && object
            .as_object()
            .into_iter()
            .flatten()
            .any(|(name, member)| is_empty(member) || has_empty(member, of.member(name).1))
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(map) => map.is_empty(),
        Json::Bool(_) | Json::Number(_) => false,
    }
}

/// Compares two objects.
pub(super) fn compare(old: &Json, new: &Json, of: &'static Type) -> Comparison {
    let Difference { removed, modified, added } = compare_field(Some(old), Some(new), of);
    Comparison { removed: removed.below, modified: modified.below, added: added.below }
}

/// The difference of one field: whether the field itself changed, and what changed below it.
#[derive(Default)]
struct Difference {
    removed: Field,
    modified: Field,
    added: Field,
}

impl Difference {
    fn put(&mut self, step: String, below: Self) {
        let Self { removed, modified, added } = below;
        for (mine, field) in [(&mut self.removed, removed), (&mut self.modified, modified)] {
            if !field.is_empty() {
                mine.below.put(step.clone(), field);
            }
        }
        if !added.is_empty() {
            self.added.below.put(step, added);
        }
    }
}

fn compare_field<'a>(old: Option<&'a Json>, new: Option<&'a Json>, of: &'static Type) -> Difference {
    let mut all = Difference::default();
    match shape(of, old, new) {
        Shape::Leaf => all.modified.owned = old.is_some() && new.is_some() && old != new,
        Shape::Members(left, right) => {
            for name in names(left, right) {
                let member = |members: Option<&'a Map<String, Json>>| members.and_then(|members| members.get(name));
                all.put(format!("f:{name}"), compare_field(member(left), member(right), of.member(name).1));
            }
        }
        Shape::Items(left, right) => {
            let (left, right) = (index(of, left).1, index(of, right).1);
            for identity in left.keys().chain(right.keys().filter(|id| !left.contains_key(*id))) {
                let elements = |of: &BTreeMap<String, Vec<&'_ Json>>| of.get(identity).map_or(0, Vec::len);
                let repeated = (elements(&left) > 1, elements(&right) > 1);
                let first = |of: &BTreeMap<String, Vec<&'a Json>>| of.get(identity).and_then(|e| e.first().copied());
                // Elements with a repeated identity are one field, different from the field of a single element.
                let mut element = match (repeated, first(&left), first(&right)) {
                    ((false, false), old, new) => compare_field(old, new, of.item()),
                    ((true, false), _, Some(new)) => compare_field(None, Some(new), of.item()),
                    ((false, true), Some(old), _) => compare_field(Some(old), None, of.item()),
                    _ => Difference::default(),
                };
                match repeated {
                    (true, true) => element.modified.owned = left.get(identity) != right.get(identity),
                    (true, false) => element.removed.owned = true,
                    (false, true) => element.added.owned = true,
                    (false, false) => {}
                }
                all.put(identity.clone(), element);
            }
        }
    }
    match (old, new) {
        (None, _) => all.added.owned = true,
        (_, None) => all.removed.owned = true,
        _ => {}
    }
    all
}

/// Returns the fields that an object has.
pub(super) fn fields(object: &Json, of: &'static Type) -> FieldSet {
    let mut set = FieldSet::default();
    collect(object, of, &mut Vec::new(), &mut set);
    set
}

fn collect(value: &Json, of: &'static Type, path: &mut Vec<String>, set: &mut FieldSet) {
    match of {
        Type::Scalar(_) | Type::AtomicList | Type::Struct { atomic: true, .. } => set.insert(path),
        Type::Map(_) | Type::Struct { .. } => {
            for (name, member) in value.as_object().into_iter().flatten() {
                let (declared, below) = of.member(name);
                path.push(format!("f:{name}"));
                collect(member, below, path, set);
                if !declared || member.is_null() || member.as_object().is_some_and(Map::is_empty) {
                    set.insert(path);
                }
                path.pop();
            }
        }
        Type::Set | Type::Keyed { .. } => {
            let items = value.as_array().map_or(&[][..], Vec::as_slice);
            for (identity, elements) in index(of, items).1 {
                path.push(identity);
                if let [only] = elements.as_slice() {
                    collect(only, of.item(), path, set);
                }
                set.insert(path);
                path.pop();
            }
        }
    }
}

/// Merges two objects; where both have a value, that of `applied` wins.
pub(super) fn merge(live: Option<&Json>, applied: Option<&Json>, of: &'static Type) -> Option<Json> {
    match shape(of, live, applied) {
        Shape::Leaf => applied.or(live).cloned(),
        Shape::Members(left, right) => {
            let merged: Map<String, Json> = names(left, right)
                .into_iter()
                .filter_map(|name| {
                    let (left, right) = (left.and_then(|m| m.get(name)), right.and_then(|m| m.get(name)));
                    Some((name.clone(), merge(left, right, of.member(name).1)?))
                })
                .collect();
            (!merged.is_empty()).then_some(Json::Object(merged))
        }
        Shape::Items(left, right) => Some(Json::Array(merge_items(left, right, of))),
    }
}

/// Merges two lists. Elements of both are in the order of `applied`; elements of one only keep their neighbours. Live
/// elements with a repeated identity stay as they are, unless that identity is applied: then one element replaces all
/// of them.
fn merge_items(live: &[Json], applied: &[Json], of: &'static Type) -> Vec<Json> {
    let (live_order, live_by) = index(of, live);
    let (applied_order, applied_by) = index(of, applied);
    let both = |id: &String| {
        let live =
            live_by.get(id).and_then(|elements| if let [only] = elements.as_slice() { Some(*only) } else { None });
        merge(live, applied_by.get(id).and_then(|elements| elements.first().copied()), of.item())
    };
    let mut shared = applied_order.iter().filter(|id| live_by.contains_key(*id));
    let mut next_shared = shared.next();
    let mut merged = BTreeSet::new();
    let mut out = Vec::with_capacity(live_order.len() + applied_order.len());
    let (mut l, mut r) = (0, 0);
    while l < live_order.len() || r < applied_order.len() {
        let (left, right) = (live_order.get(l), applied_order.get(r));
        if let (Some(a), Some(b)) = (left, right) {
            if a == b {
                merged.insert(b);
                out.extend(both(b));
                (l, r) = (l + 1, r + 1);
                next_shared = shared.next();
                continue;
            }
            if applied_by.contains_key(a) && next_shared.is_some_and(|next| next != a) {
                l += 1;
                continue;
            }
        }
        if let Some(a) = left {
            if !applied_by.contains_key(a) {
                out.extend(merge(live.get(l), None, of.item()));
                l += 1;
                continue;
            }
            if merged.contains(a) {
                l += 1;
            }
        }
        if let Some(b) = right {
            merged.insert(b);
            out.extend(both(b));
            r += 1;
            if next_shared == Some(b) {
                next_shared = shared.next();
            }
        }
    }
    out
}

/// Returns the object without the fields `gone`. A map or list that loses all its members becomes null.
pub(super) fn remove(value: &Json, gone: &FieldSet, of: &'static Type) -> Json {
    match of {
        Type::Scalar(_) => value.clone(),
        Type::AtomicList | Type::Struct { atomic: true, .. } => Json::Null,
        Type::Map(_) | Type::Struct { .. } => {
            let kept: Map<String, Json> = value
                .as_object()
                .into_iter()
                .flatten()
                .filter_map(|(name, member)| {
                    let step = format!("f:{name}");
                    if gone.owns(&step) {
                        return None;
                    }
                    let member = match gone.below(&step) {
                        Some(below) => remove(member, below, of.member(name).1),
                        None => member.clone(),
                    };
                    Some((name.clone(), member))
                })
                .collect();
            if kept.is_empty() { Json::Null } else { Json::Object(kept) }
        }
        Type::Set | Type::Keyed { .. } => {
            let kept: Vec<Json> = value
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|item| {
                    let step = of.identity(item);
                    match (gone.owns(&step), gone.below(&step)) {
                        (true, _) => None,
                        (false, Some(below)) => Some(remove(item, below, of.item())),
                        (false, None) => Some(item.clone()),
                    }
                })
                .collect();
            if kept.is_empty() { Json::Null } else { Json::Array(kept) }
        }
    }
}

/// Collects the errors of an object according to its type, each as `PATH: text`. No text repeats a value.
pub(super) fn check(value: &Json, of: &'static Type, path: &str, out: &mut Vec<String>) {
    if value.is_null() {
        return;
    }
    let mut wrong = |expected: &str| {
        out.push(format!("{path}: expected {expected}, got &value.valueUnstructured{{Value:<redacted>}}"));
    };
    match of {
        Type::Scalar(Scalar::Text) if !value.is_string() => wrong("string"),
        Type::Scalar(Scalar::Bool) if !value.is_boolean() => wrong("boolean"),
        Type::Scalar(Scalar::Number) if !value.is_number() => wrong("numeric (int or float)"),
        Type::Scalar(Scalar::Any) if value.is_object() || value.is_array() => wrong("any scalar"),
        Type::Scalar(_) => {}
        Type::Map(_) | Type::Struct { .. } => {
            let Some(members) = value.as_object() else { return wrong("map") };
            for (name, member) in members {
                let path = format!("{path}.{name}");
                match of.member(name) {
                    (false, _) if matches!(of, Type::Struct { .. }) => {
                        // Upstream stops validating a struct at the first undeclared member.
                        out.push(format!("{path}: field not declared in schema"));
                        return;
                    }
                    (_, below) => check(member, below, &path, out),
                }
            }
        }
        Type::AtomicList if !value.is_array() => wrong("list"),
        Type::AtomicList => {}
        Type::Set | Type::Keyed { .. } => {
            let Some(items) = value.as_array() else { return wrong("list") };
            let mut seen = BTreeSet::new();
            for (at, item) in items.iter().enumerate() {
                if let Some(problem) = not_an_element(item, of) {
                    out.push(format!("{path}: element {at}: {problem}"));
                    return;
                }
                let identity = of.identity(item);
                let shown = shown(item, of);
                if !seen.insert(identity) {
                    out.push(format!("{path}: duplicate entries for key {shown}"));
                }
                check(item, of.item(), &format!("{path}{shown}"), out);
            }
        }
    }
}

/// Returns the reason why a value cannot be an element of that list (`listItemToPathElement`), if there is one.
fn not_an_element(item: &Json, of: &Type) -> Option<String> {
    match (of, item) {
        (Type::Keyed { .. }, Json::Null) => Some("associative list with keys may not have a null element".into()),
        (Type::Keyed { key, .. }, Json::Object(members)) => (!members.contains_key(*key)).then(|| {
            format!(
                "associative list with keys has an element that omits key field {} (and doesn't have default value)",
                quote(key)
            )
        }),
        (Type::Keyed { .. }, _) => Some("associative list with keys may not have non-map elements".into()),
        (_, Json::Object(_)) => Some("associative list without keys has an element that's a map type".into()),
        (_, Json::Array(_)) => Some("not supported: associative list with lists as elements".into()),
        (_, Json::Null) => Some("associative list without keys has an element that's an explicit null".into()),
        _ => None,
    }
}

/// Returns an element of a list as paths show it. Invariant: only strings are shown, as a finalizer or UID. Anything
/// else may be a value that was put in the wrong place.
fn shown(item: &Json, of: &Type) -> String {
    let (name, value) = match of {
        Type::Keyed { key, .. } => (*key, item.get(*key).unwrap_or(&Json::Null)),
        _ => ("", item),
    };
    if value.is_string() { format!("[{name}={value}]") } else { format!("[{name}=<redacted>]") }
}
