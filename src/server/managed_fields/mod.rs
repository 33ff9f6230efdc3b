//! Field ownership (`metadata.managedFields`) and server-side apply, as structured-merge-diff and the chain of managers
//! in `apimachinery/pkg/util/managedfields` implement them. Steps have the names that they have there.
//!
//! Objects are JSON. A handler calls [`update`] with a decoded object (no unknown fields, `stringData` folded into
//! `data`), or [`apply`], whose result it decodes; then [`keep_times`]; its own rules follow.

mod conflict;
mod last_applied;
mod managers;
mod schema;
mod set;
#[cfg(test)]
mod tests;
mod typed;

pub use set::FieldSet;

use std::{mem, sync::LazyLock};

use serde_json::{Value as Json, json};

use self::{
    conflict::Conflicts,
    managers::{Manager, Managers},
    schema::Type,
};
use secret::{resource::Resource, status::Status};

fn schema_of(resource: Resource) -> &'static Type {
    match resource {
        Resource::Secrets => &schema::SECRET,
        Resource::Namespaces => &schema::NAMESPACE,
    }
}

/// A write, as `managedFields` record it.
#[derive(Debug, Clone, Copy)]
pub struct Write<'a> {
    /// The resource of the object.
    pub resource: Resource,
    /// `fieldManager`, or the User-Agent up to its first `/`.
    pub manager: &'a str,
    /// The subresource, `status` or `finalize`, or the empty string.
    pub subresource: &'a str,
    /// The time, in RFC 3339 with seconds and `Z`.
    pub now: &'a str,
}

/// The API version of all field sets.
const VERSION: &str = "v1";

/// The identity of the writing manager while a write is processed (`managedfieldsupdater.go`).
const CURRENT: &str = "current-operation";

/// Sets the `managedFields` of `new`, which a create (`live` is `None`), PUT or PATCH is about to store. Entries in
/// `new` take precedence over those of `live`; an empty list, or one empty entry, removes all of them.
pub fn update(live: Option<&Json>, new: &mut Json, write: &Write<'_>) {
    let managers = live_or_new(live, new, write);
    strip(new);
    let is_create = live.is_none_or(|live| live["metadata"]["uid"].as_str().unwrap_or_default().is_empty());
    if managers.is_empty() && !is_create {
        return;
    }
    let (nothing, schema) = (empty(write.resource), schema_of(write.resource));
    let live = typed::omit_empty(live.unwrap_or(&nothing), schema);
    let mut managers = updated(&live, &typed::omit_empty(new, schema), managers, write);
    managers::cap(&mut managers);
    managers::encode(new, &managers);
}

/// Returns the result of a server-side apply: `applied` merged into `live` (`None`: the object is created), without
/// what this manager applied before and does not now, and with new `managedFields`. It may contain `stringData`, nulls,
/// empty maps and invalid base64; [`unconvertible`] words the errors that converting it to its kind then has.
///
/// # Errors
/// 400 for another kind of object or `managedFields` in it, 409 for conflicts unless `force`, 500 for fields that its
/// type forbids. All are in kube-apiserver's words without the values.
pub fn apply(live: Option<&Json>, applied: &Json, write: &Write<'_>, force: bool) -> Result<Json, Status> {
    let nothing = empty(write.resource);
    let live = live.unwrap_or(&nothing);
    let managers = managers::decode(live)
        .map_err(|reason| Status::internal(format!("failed to decode managed fields: {reason}")))?;
    check_applied(applied, write.resource)?;
    let mut live = typed::omit_empty(live, schema_of(write.resource)).into_owned();
    strip(&mut live);
    let attempt = |force| applied_once(&live, applied, managers.clone(), write, force);
    let outcome = match attempt(force) {
        Err(conflicts) if write.manager == last_applied::KUBECTL => {
            match last_applied::still_true(&live, &managers, schema_of(write.resource)) {
                Some(allowed) => match conflicts.except(&allowed) {
                    Some(rest) => Err(rest),
                    None => attempt(true),
                },
                None => Err(conflicts),
            }
        }
        outcome => outcome,
    };
    let (object, managers) = outcome.map_err(|conflicts| conflicts.status())?;
    let mut object = object.unwrap_or(live);
    managers::encode(&mut object, &managers);
    if write.manager == last_applied::KUBECTL {
        last_applied::refresh(&mut object, applied);
    }
    Ok(object)
}

/// Gives `new` the `managedFields` of `old` if it differs from `old` in their times only (and `resourceVersion`), so
/// that a write that changes nothing stores nothing.
pub fn keep_times(old: &Json, new: &mut Json, resource: Resource) {
    let entries = &old["metadata"]["managedFields"];
    if *entries == new["metadata"]["managedFields"] || timeless(old) != timeless(new) {
        return;
    }
    let rest = |object: &Json| {
        let mut object = typed::omit_empty(object, schema_of(resource)).into_owned();
        if let Some(metadata) = metadata_mut(&mut object) {
            metadata.retain(|name, _| name != "managedFields" && name != "resourceVersion");
        }
        object
    };
    if rest(old) == rest(new)
        && let Some(metadata) = metadata_mut(new)
    {
        metadata.insert("managedFields".into(), entries.clone());
    }
}

/// Returns the entries of an object without their times.
fn timeless(object: &Json) -> Vec<Json> {
    let mut entries = object["metadata"]["managedFields"].as_array().cloned().unwrap_or_default();
    for entry in entries.iter_mut().filter_map(Json::as_object_mut) {
        entry.remove("time");
    }
    entries
}

fn metadata_mut(object: &mut Json) -> Option<&mut serde_json::Map<String, Json>> {
    object.get_mut("metadata")?.as_object_mut()
}

/// Returns an object with nothing but its kind.
fn empty(resource: Resource) -> Json {
    json!({"apiVersion": VERSION, "kind": resource.kind(), "metadata": {}})
}

fn strip(object: &mut Json) {
    if let Some(metadata) = metadata_mut(object) {
        metadata.remove("managedFields");
    }
}

fn live_or_new(live: Option<&Json>, new: &Json, write: &Write<'_>) -> Managers {
    let of_live = || live.and_then(|live| managers::decode(live).ok()).unwrap_or_default();
    if !write.subresource.is_empty() {
        return of_live();
    }
    let reset = match new["metadata"]["managedFields"].as_array().map(Vec::as_slice) {
        Some([]) => true,
        Some([only]) => only.as_object().is_some_and(|entry| entry.values().all(is_zero)),
        _ => false,
    };
    if reset {
        return Managers::new();
    }
    managers::decode(new).ok().filter(|managers| !managers.is_empty()).unwrap_or_else(of_live)
}

/// Returns `true` if Go would hold the zero value for a member of an entry.
fn is_zero(member: &Json) -> bool {
    member.is_null() || member.as_str().is_some_and(str::is_empty)
}

/// Returns the fields that a write to this subresource never owns.
fn ignored(write: &Write<'_>) -> FieldSet {
    let mut set = FieldSet::default();
    match (write.resource, write.subresource) {
        (Resource::Namespaces, "status") => set.insert(&["f:spec".into()]),
        (Resource::Namespaces, _) => set.insert(&["f:status".into()]),
        (Resource::Secrets, _) => {}
    }
    set
}

/// The fields without an owner (`stripSet` of `fieldmanager`).
static SYSTEM_FIELDS: LazyLock<FieldSet> = LazyLock::new(|| {
    let mut set = FieldSet::default();
    for field in ["apiVersion", "kind", "metadata"] {
        set.insert(&[format!("f:{field}")]);
    }
    let metadata = [
        "name",
        "namespace",
        "creationTimestamp",
        "deletionTimestamp",
        "selfLink",
        "uid",
        "clusterName",
        "generation",
        "managedFields",
        "resourceVersion",
    ];
    for field in metadata {
        set.insert(&["f:metadata".into(), format!("f:{field}")]);
    }
    set
});

fn identified(write: &Write<'_>, applied: bool) -> Manager {
    let name = if write.manager.is_empty() { "unknown" } else { write.manager };
    Manager {
        name: name.into(),
        applied,
        version: VERSION.into(),
        subresource: write.subresource.into(),
        ..Manager::default()
    }
}

/// Returns the managers after an update: the writing manager owns the fields that it changed, and takes them from the
/// others.
fn updated(live: &Json, new: &Json, managers: Managers, write: &Write<'_>) -> Managers {
    let Effect { mut managers, changed, .. } = effect(live, new, managers, CURRENT, write);
    let changed = changed.difference(&SYSTEM_FIELDS);
    if !changed.is_empty() {
        let manager = identified(write, false);
        let entry = managers.entry(manager.identity()).or_insert(manager);
        entry.fields = changed.union(mem::take(&mut entry.fields));
        entry.time = Some(write.now.into());
    }
    managers
}

/// Tries an apply. Returns `None` as the object if it would be the live one.
///
/// # Errors
/// The conflicts, unless `force`.
fn applied_once(
    live: &Json,
    applied: &Json,
    mut managers: Managers,
    write: &Write<'_>,
    force: bool,
) -> Result<(Option<Json>, Managers), Conflicts> {
    let schema = schema_of(write.resource);
    if managers.is_empty() {
        let before = Write { manager: "before-first-apply", ..*write };
        managers = updated(&empty(write.resource), live, managers, &before);
    }
    managers.retain(|_, manager| manager.version == VERSION);
    let mut manager = identified(write, true);
    let id = manager.identity();
    let last = managers.remove(&id);
    manager.fields = typed::fields(applied, schema).without(&ignored(write));
    manager.time = last.as_ref().and_then(|last| last.time.clone());
    managers.insert(id.clone(), manager);
    let merged = typed::merge(Some(live), Some(applied), schema).unwrap_or_else(|| empty(write.resource));
    let new = prune(merged, &managers, last.map(|last| last.fields), schema);
    let Effect { mut managers, conflicts, .. } = effect(live, &new, managers, &id, write);
    if !force && !conflicts.is_empty() {
        return Err(conflicts);
    }
    let changed = *live != new;
    if let Some(manager) = managers.get_mut(&id) {
        manager.fields = mem::take(&mut manager.fields).difference(&SYSTEM_FIELDS);
        if changed {
            manager.time = Some(write.now.into());
        }
    }
    managers.retain(|_, manager| !manager.fields.is_empty());
    Ok((changed.then_some(new), managers))
}

/// The effect of a write on the managers.
struct Effect {
    managers: Managers,
    /// The fields that the write added or changed.
    changed: FieldSet,
    /// Those of them that other managers owned.
    conflicts: Conflicts,
}

/// Removes the fields that were changed or removed from all managers but `current`.
fn effect(old: &Json, new: &Json, mut managers: Managers, current: &str, write: &Write<'_>) -> Effect {
    managers.retain(|_, manager| manager.version == VERSION);
    let comparison = typed::compare(old, new, schema_of(write.resource));
    let ignored = ignored(write);
    let removed = comparison.removed.without(&ignored);
    let changed = comparison.modified.union(comparison.added).without(&ignored);
    let mut conflicts = Conflicts::default();
    for (_, manager) in managers.iter_mut().filter(|(id, _)| *id != current) {
        let lost = manager.fields.clone().intersection(&changed);
        if !lost.is_empty() {
            conflicts.add(manager, &lost);
            manager.fields = mem::take(&mut manager.fields).difference(&lost);
        }
        manager.fields = mem::take(&mut manager.fields).difference(&removed);
    }
    managers.retain(|_, manager| !manager.fields.is_empty());
    Effect { managers, changed, conflicts }
}

/// Removes the fields that this manager applied last time and that no manager owns now.
fn prune(merged: Json, managers: &Managers, last: Option<FieldSet>, schema: &'static Type) -> Json {
    let Some(last) = last.filter(|last| !last.is_empty()) else { return merged };
    let declared = |set: &FieldSet| set.with_declared(schema, &|level: &'static Type, step: &str| level.step(step));
    let last = declared(&last);
    let pruned = typed::remove(&merged, &last, schema);
    let owned = managers.values().fold(FieldSet::default(), |all, manager| all.union(manager.fields.clone()));
    let in_merged = declared(&typed::fields(&merged, schema));
    let in_pruned = declared(&typed::fields(&pruned, schema));
    let pruned = typed::remove(&merged, &in_merged.clone().difference(&in_pruned.union(declared(&owned))), schema);
    let in_pruned = declared(&typed::fields(&pruned, schema));
    typed::remove(&merged, &in_merged.difference(&in_pruned).intersection(&last), schema)
}

/// Checks that the applied object is of this kind, and that its fields have their types.
fn check_applied(applied: &Json, resource: Resource) -> Result<(), Status> {
    let text = |name: &str| applied[name].as_str().unwrap_or_default();
    let (version, name) = (text("apiVersion"), text("kind"));
    if version != VERSION || name != resource.kind() {
        let version = if version.contains('/') { version.to_owned() } else { format!("/{version}") };
        return Err(Status::bad_request(format!("invalid object type: {version}, Kind={name}")));
    }
    if applied["metadata"]["managedFields"].is_array() {
        return Err(Status::bad_request("metadata.managedFields must be nil"));
    }
    let mut problems = Vec::new();
    typed::check(applied, schema_of(resource), "", &mut problems);
    let problems = match problems.as_slice() {
        [] => return Ok(()),
        [one] => one.clone(),
        many => format!("errors:\n  {}", many.join("\n  ")),
    };
    Err(Status::internal(format!("failed to create typed patch object ({}): {problems}", identity(applied))))
}

/// Returns the 500 for a result of [`apply`] that cannot be converted to its kind; `why` is the converter's message.
pub fn unconvertible(applied: &Json, resource: Resource, why: &str) -> Status {
    Status::internal(format!(
        "failed to convert new object ({}) to proper version: unable to convert unstructured object to /{VERSION}, Kind={}: \
         {why}",
        identity(applied),
        resource.kind()
    ))
}

/// Returns how errors name an applied object: `NS/NAME; /v1, Kind=Secret`.
fn identity(applied: &Json) -> String {
    let text = |name: &str| applied["metadata"][name].as_str().unwrap_or_default();
    let kind = applied["kind"].as_str().unwrap_or_default();
    format!("{}/{}; /{VERSION}, Kind={kind}", text("namespace"), text("name"))
}
