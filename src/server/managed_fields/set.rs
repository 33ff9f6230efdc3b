//! Sets of fields: a trie of path elements, which are written as in FieldsV1 (`f:NAME`, `k:{"uid":"…"}`, `v:"…"`).

use std::{
    collections::{BTreeMap, btree_map::Entry},
    mem,
};

use serde_json::{Map, Value as Json};

/// A set of paths. Invariant: each node of the trie is in the set itself or has one below it that is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldSet(BTreeMap<String, Field>);

/// A node of the trie.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Field {
    /// Whether the path to this node is in the set.
    pub(super) owned: bool,
    /// The members of the set below this node.
    pub(super) below: FieldSet,
}

impl Field {
    pub(super) fn is_empty(&self) -> bool {
        !self.owned && self.below.is_empty()
    }
}

impl FieldSet {
    /// Parses FieldsV1; returns `None` if it is malformed. Unknown kinds of path elements are skipped, as upstream
    /// does.
    pub fn parse(fields: &Json) -> Option<Self> {
        let mut set = Self::default();
        for (step, below) in fields.as_object()? {
            let Some(step) = canonical(step)? else { continue };
            let owned = below.as_object()?.is_empty() || below.get(".").is_some();
            let below = Self::parse(below)?;
            if owned || !below.is_empty() {
                set.0.insert(step, Field { owned, below });
            }
        }
        Some(set)
    }

    /// Returns FieldsV1: `.` marks a path that is in the set together with some below it.
    pub fn to_json(&self) -> Json {
        let entries = self.0.iter().map(|(step, field)| {
            let mut below = field.below.to_json();
            if let (true, false, Json::Object(map)) = (field.owned, field.below.is_empty(), &mut below) {
                map.insert(".".into(), Json::Object(Map::new()));
            }
            (step.clone(), below)
        });
        Json::Object(entries.collect())
    }

    /// Adds a path.
    pub fn insert(&mut self, path: &[String]) {
        let Some((step, rest)) = path.split_first() else { return };
        if !self.0.contains_key(step) {
            self.0.insert(step.clone(), Field::default());
        }
        if let Some(field) = self.0.get_mut(step) {
            if rest.is_empty() {
                field.owned = true;
            } else {
                field.below.insert(rest);
            }
        }
    }

    /// Adds a node for a path element that has none yet.
    pub(super) fn put(&mut self, step: String, field: Field) {
        self.0.insert(step, field);
    }

    /// Returns `true` if the set is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns `true` if the path of this single element is in the set.
    pub fn owns(&self, step: &str) -> bool {
        self.0.get(step).is_some_and(|field| field.owned)
    }

    /// Returns the members below a path element, if there are any.
    pub fn below(&self, step: &str) -> Option<&Self> {
        self.0.get(step).map(|field| &field.below).filter(|set| !set.is_empty())
    }

    /// Returns the members of either set.
    #[must_use]
    pub fn union(mut self, other: Self) -> Self {
        for (step, theirs) in other.0 {
            match self.0.entry(step) {
                Entry::Vacant(free) => {
                    free.insert(theirs);
                }
                Entry::Occupied(mut mine) => {
                    let mine = mine.get_mut();
                    mine.owned |= theirs.owned;
                    mine.below = mem::take(&mut mine.below).union(theirs.below);
                }
            }
        }
        self
    }

    /// Returns the members of this set that are not in the other. Members below a removed one stay.
    #[must_use]
    pub fn difference(self, other: &Self) -> Self {
        self.combine(other, |mine, theirs| {
            let Some(theirs) = theirs else { return };
            mine.owned &= !theirs.owned;
            mine.below = mem::take(&mut mine.below).difference(&theirs.below);
        })
    }

    /// Returns the members of this set that are neither in the other nor below one of it (`RecursiveDifference`).
    #[must_use]
    pub fn without(self, other: &Self) -> Self {
        self.combine(other, |mine, theirs| match theirs {
            Some(theirs) if theirs.owned => *mine = Field::default(),
            Some(theirs) => mine.below = mem::take(&mut mine.below).without(&theirs.below),
            None => {}
        })
    }

    /// Returns the members of both sets.
    #[must_use]
    pub fn intersection(self, other: &Self) -> Self {
        self.combine(other, |mine, theirs| match theirs {
            Some(theirs) => {
                mine.owned &= theirs.owned;
                mine.below = mem::take(&mut mine.below).intersection(&theirs.below);
            }
            None => *mine = Field::default(),
        })
    }

    fn combine(mut self, other: &Self, with: impl Fn(&mut Field, Option<&Field>)) -> Self {
        self.0.retain(|step, mine| {
            with(mine, other.0.get(step));
            !mine.is_empty()
        });
        self
    }

    /// Adds, at each level, the members for which `declared` returns `true` (`EnsureNamedFieldsAreMembers`); it also
    /// returns the level below. Why: declared fields of a struct are rarely members themselves.
    pub(super) fn with_declared<T: Copy>(&self, level: T, declared: &impl Fn(T, &str) -> (bool, T)) -> Self {
        let fields = self.0.iter().map(|(step, field)| {
            let (is_declared, next) = declared(level, step);
            let owned = field.owned || (is_declared && !field.below.is_empty());
            (step.clone(), Field { owned, below: field.below.with_declared(next, declared) })
        });
        Self(fields.collect())
    }

    /// Returns all paths, in the order in which kube-apiserver lists conflicts: at each level, the members before the
    /// paths below them.
    pub fn paths(&self) -> Vec<Vec<String>> {
        let mut out = Vec::new();
        self.walk(&mut Vec::new(), &mut out);
        out
    }

    fn walk(&self, prefix: &mut Vec<String>, out: &mut Vec<Vec<String>>) {
        for (step, _) in self.0.iter().filter(|(_, field)| field.owned) {
            out.push(prefix.iter().chain([step]).cloned().collect());
        }
        for (step, field) in &self.0 {
            prefix.push(step.clone());
            field.below.walk(prefix, out);
            prefix.pop();
        }
    }

    /// Returns `true` if the path is in the set.
    pub fn has(&self, path: &[String]) -> bool {
        match path {
            [] => false,
            [step] => self.owns(step),
            [step, rest @ ..] => self.0.get(step).is_some_and(|field| field.below.has(rest)),
        }
    }
}

/// Returns the canonical form of a path element, with keys and values as compact JSON. `Some(None)` for an element of
/// an unknown kind, `None` for a malformed one.
#[expect(clippy::option_option, reason = "skipped and malformed are two things")]
fn canonical(step: &str) -> Option<Option<String>> {
    if step.starts_with("f:") {
        return Some(Some(step.to_owned()));
    }
    for prefix in ["k:", "v:"] {
        if let Some(json) = step.strip_prefix(prefix) {
            let json: Json = serde_json::from_str(json).ok()?;
            return if prefix == "k:" && !json.is_object() { None } else { Some(Some(format!("{prefix}{json}"))) };
        }
    }
    if let Some(index) = step.strip_prefix("i:") {
        let index: i64 = index.parse().ok()?;
        return Some(Some(format!("i:{index}")));
    }
    Some(None)
}

/// Returns a path as messages show it: `.data.a`, `.metadata.ownerReferences[uid="u"]`, `.metadata.finalizers[="f"]`.
pub fn display(path: &[String]) -> String {
    let mut out = String::new();
    for step in path {
        match step.split_at_checked(2) {
            Some(("f:", name)) => {
                out.push('.');
                out.push_str(name);
            }
            Some(("v:", value)) => out.push_str(&format!("[={value}]")),
            Some(("k:", keys)) => {
                let keys: Map<String, Json> = serde_json::from_str(keys).unwrap_or_default();
                let keys: Vec<String> = keys.iter().map(|(name, value)| format!("{name}={value}")).collect();
                out.push_str(&format!("[{}]", keys.join(",")));
            }
            Some((_, index)) => out.push_str(&format!("[{index}]")),
            None => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn set(json: Json) -> FieldSet {
        FieldSet::parse(&json).unwrap()
    }

    #[test]
    fn sets_are_read_and_written() {
        let fields = json!({"f:data": {".": {}, "f:a": {}}, "f:metadata": {"f:finalizers": {"v:\"x\"": {}},
            "f:ownerReferences": {"k:{\"uid\":\"1\"}": {}}}, "f:type": {}});
        assert_eq!(set(fields.clone()).to_json(), fields);
        assert_eq!(set(json!({"k:{ \"uid\" : \"1\" }": {}})).to_json(), json!({"k:{\"uid\":\"1\"}": {}}));
        assert_eq!(set(json!({"x:new": {}, "f:a": {}})).to_json(), json!({"f:a": {}}));
        for bad in [json!([]), json!({"f:a": 1}), json!({"k:[]": {}}), json!({"v:x": {}})] {
            assert_eq!(FieldSet::parse(&bad), None, "{bad}");
        }
        let shown: Vec<String> = set(fields).paths().iter().map(|path| display(path)).collect();
        assert_eq!(
            shown,
            [".data", ".type", ".data.a", ".metadata.finalizers[=\"x\"]", ".metadata.ownerReferences[uid=\"1\"]"]
        );
    }

    #[test]
    fn a_field_goes_without_those_below_it() {
        let all = set(json!({"f:a": {".": {}, "f:b": {}}, "f:c": {}}));
        let some = set(json!({"f:a": {}, "f:c": {}}));
        assert_eq!(all.clone().difference(&some), set(json!({"f:a": {"f:b": {}}})));
        assert_eq!(all.clone().without(&some), FieldSet::default());
        assert_eq!(all.clone().intersection(&some), some);
        assert!(all.clone().difference(&all).is_empty());
    }

    fn any_set() -> impl Strategy<Value = FieldSet> {
        let path = proptest::collection::vec("f:[abc]", 1..4);
        proptest::collection::vec(path, 0..6).prop_map(|paths| {
            let mut set = FieldSet::default();
            paths.iter().for_each(|path| set.insert(path));
            set
        })
    }

    proptest! {
        #![proptest_config(crate::properties::config(256))]

        #[test]
        fn the_algebra_holds(a in any_set(), b in any_set()) {
            prop_assert_eq!(a.clone().union(b.clone()), b.clone().union(a.clone()));
            prop_assert_eq!(a.clone().difference(&b).union(a.clone().intersection(&b)), a.clone());
            prop_assert!(a.clone().difference(&b).intersection(&b).is_empty());
            prop_assert_eq!(FieldSet::parse(&a.to_json()), Some(a.clone()));
            prop_assert!(a.paths().iter().all(|path| a.has(path)));
        }

        #[test]
        fn nothing_panics(text in "\\PC{0,20}") {
            let _ = canonical(&text);
            let _ = display(&[text]);
        }
    }
}
