//! Migration from client-side to server-side apply: the manager `kubectl` may take the fields that are in the
//! annotation of client-side apply, if they still have the values that were applied, and keeps that annotation up to
//! date (`lastappliedmanager.go` and `lastappliedupdater.go`).

use serde_json::{Map, Value as Json};

use super::{managers::Managers, schema::Type, set::FieldSet, typed};
use secret::LAST_APPLIED;

/// The only manager that this applies to.
pub(super) const KUBECTL: &str = "kubectl";

/// The largest total size of an object's annotations, in bytes (`TotalAnnotationSizeLimitB`).
const MAX_ANNOTATIONS: usize = 256 << 10;

/// Returns the fields of the last applied configuration that still have the applied values in the live object, or
/// `None` if there is no usable configuration.
///
/// The client of this program writes the names in `data` with empty values. Such a field counts as unchanged if
/// client-side apply, which is recognised as the owner of the annotation, is its only owner. kube-apiserver has no such
/// rule; on one, the client itself takes over the fields that this rule allows.
pub(super) fn still_true(live: &Json, managers: &Managers, schema: &'static Type) -> Option<FieldSet> {
    let text = live["metadata"]["annotations"][LAST_APPLIED].as_str().filter(|text| !text.is_empty())?;
    let mut last: Json = serde_json::from_str(text).ok()?;
    if last["apiVersion"].as_str() != Some(super::VERSION) {
        return None;
    }
    fill_in(&mut last, live, managers);
    let mut problems = Vec::new();
    typed::check(&last, schema, "", &mut problems);
    if !problems.is_empty() {
        return None;
    }
    let different = typed::compare(&last, live, schema);
    let fields = typed::fields(&last, schema);
    Some(fields.difference(&different.modified).difference(&different.added).difference(&different.removed))
}

/// Sets each empty value of `data` to the live one, if client-side apply is its only manager.
fn fill_in(last: &mut Json, live: &Json, managers: &Managers) {
    let field = |names: &[&str]| names.iter().map(|name| format!("f:{name}")).collect::<Vec<_>>();
    let annotation = field(&["metadata", "annotations", LAST_APPLIED]);
    let entries = last.get_mut("data").and_then(Json::as_object_mut);
    for (key, value) in entries.into_iter().flatten().filter(|(_, value)| value.as_str() == Some("")) {
        let path = field(&["data", key]);
        let mut owners = managers.values().filter(|manager| manager.fields.has(&path));
        if let Some(now) = live["data"].get(key)
            && owners.all(|owner| !owner.applied && owner.fields.has(&annotation))
        {
            value.clone_from(now);
        }
    }
}

/// Writes the applied configuration into the annotation, if the object has one.
pub(super) fn refresh(object: &mut Json, applied: &Json) {
    let has_one = object["metadata"]["annotations"][LAST_APPLIED].as_str().is_some_and(|text| !text.is_empty());
    if !has_one {
        return;
    }
    let mut applied = applied.clone();
    if let Some(annotations) = annotations(&mut applied) {
        annotations.remove(LAST_APPLIED);
    }
    if let Some(annotations) = annotations(object) {
        annotations.insert(LAST_APPLIED.into(), Json::String(format!("{}\n", escaped(&applied))));
        if size(annotations) > MAX_ANNOTATIONS {
            annotations.remove(LAST_APPLIED);
        }
    }
}

/// Encodes JSON as Go does, with the characters escaped that have a meaning in HTML or JavaScript. They occur in
/// strings only.
fn escaped(json: &Json) -> String {
    let mut out = json.to_string();
    for (character, escape) in
        [('<', "\\u003c"), ('>', "\\u003e"), ('&', "\\u0026"), ('\u{2028}', "\\u2028"), ('\u{2029}', "\\u2029")]
    {
        if out.contains(character) {
            out = out.replace(character, escape);
        }
    }
    out
}

fn annotations(object: &mut Json) -> Option<&mut Map<String, Json>> {
    object.get_mut("metadata")?.get_mut("annotations")?.as_object_mut()
}

fn size(annotations: &Map<String, Json>) -> usize {
    annotations.iter().map(|(name, value)| name.len() + value.as_str().map_or(0, str::len)).sum()
}
