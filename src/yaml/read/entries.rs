//! The entries of a mapping: duplicate keys are errors; the merge key `<<` adds entries.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::{
    problem::{Problem, shown},
    scanner::Mark,
};

type Result<T> = std::result::Result<T, Problem>;

/// A key of a mapping.
pub(super) enum Key {
    Name(String),
    /// `<<`
    Merge,
}

impl Key {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Name(name) => name,
            Self::Merge => "<<",
        }
    }
}

/// The entries of a mapping so far.
#[derive(Default)]
pub(super) struct Entries {
    pub(super) map: Map<String, Json>,
    /// Keys from a merge, which an entry of the mapping itself may override.
    merged: BTreeSet<String>,
    /// Whether any entry was read.
    pub(super) begun: bool,
}

impl Entries {
    /// Adds an entry. With `overwrite` a merge overrides entries before it, as in Go.
    pub(super) fn add(&mut self, key: Key, value: Json, mark: Mark, overwrite: bool) -> Result<()> {
        let Key::Name(name) = key else { return self.merge(value, mark, overwrite) };
        if self.map.contains_key(&name) && !self.merged.remove(&name) {
            let text = format!("the key {} stands twice in one map: only the last would be kept", shown(&name));
            return Err(Problem::refused(text, mark));
        }
        self.map.insert(name, value);
        Ok(())
    }

    /// Merges `<<: map`, or a list of maps in which the first one with a key counts. In Go the merge overrides entries
    /// before it; that is an error unless `overwrite` is set.
    fn merge(&mut self, value: Json, mark: Mark, overwrite: bool) -> Result<()> {
        let maps = match value {
            Json::Object(map) => vec![map],
            Json::Array(items) => {
                let maps: Option<Vec<_>> =
                    items.into_iter().map(|item| if let Json::Object(map) = item { Some(map) } else { None }).collect();
                maps.ok_or_else(|| Problem::yaml(WANT_MAP, mark))?
            }
            _ => return Err(Problem::yaml(WANT_MAP, mark)),
        };
        let mut merged = Map::new();
        for map in maps {
            for (name, value) in map {
                merged.entry(name).or_insert(value);
            }
        }
        for (name, value) in merged {
            match self.map.get(&name) {
                Some(known) if *known != value && !overwrite => {
                    let text = format!(
                        "the merge key << would overwrite {}, which stands before it: put << first",
                        shown(&name)
                    );
                    return Err(Problem::refused(text, mark));
                }
                Some(known) if *known == value => {}
                _ => {
                    self.merged.insert(name.clone());
                    self.map.insert(name, value);
                }
            }
        }
        Ok(())
    }
}

const WANT_MAP: &str = "map merge requires map or sequence of maps as the value";
