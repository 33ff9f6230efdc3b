//! The failure of an apply that would take fields from other managers.

use serde_json::json;

use super::{
    managers::Manager,
    set::{FieldSet, display},
};
use secret::status::{Cause, Status};

/// The conflicting fields, by the manager that owns them, in the order of the managers' identities.
#[derive(Debug, Default)]
pub(super) struct Conflicts(Vec<(String, Vec<Vec<String>>)>);

impl Conflicts {
    pub(super) fn add(&mut self, manager: &Manager, fields: &FieldSet) {
        self.0.push((manager.display(), fields.paths()));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the conflicts without those about `allowed` fields, or `None` if no others are left.
    pub(super) fn except(&self, allowed: &FieldSet) -> Option<Self> {
        let rest = self.0.iter().filter_map(|(manager, paths)| {
            let paths: Vec<Vec<String>> = paths.iter().filter(|path| !allowed.has(path)).cloned().collect();
            (!paths.is_empty()).then(|| (manager.clone(), paths))
        });
        let rest = Self(rest.collect());
        (!rest.is_empty()).then_some(rest)
    }

    /// Returns the 409, with one cause for each field.
    pub(super) fn status(&self) -> Status {
        let count: usize = self.0.iter().map(|(_, paths)| paths.len()).sum();
        let only = match self.0.as_slice() {
            [(manager, paths)] if count == 1 => paths.first().map(|path| (manager, path)),
            _ => None,
        };
        let message = match only {
            Some((manager, path)) => {
                format!("Apply failed with 1 conflict: conflict with {manager}: {}", display(path))
            }
            None => {
                let lines = self.0.iter().flat_map(|(manager, paths)| {
                    let paths = paths.iter().map(|path| format!("- {}", display(path)));
                    std::iter::once(format!("conflicts with {manager}:")).chain(paths)
                });
                format!("Apply failed with {count} conflicts: {}", lines.collect::<Vec<_>>().join("\n"))
            }
        };
        let causes = self.0.iter().flat_map(|(manager, paths)| {
            paths.iter().map(move |path| Cause {
                reason: "FieldManagerConflict".into(),
                message: format!("conflict with {manager}"),
                field: display(path),
            })
        });
        Status::new(409, "Conflict", message).details(json!({})).causes(&causes.collect::<Vec<_>>())
    }
}
