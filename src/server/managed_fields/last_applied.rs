//! The way from client-side to server-side apply: the manager `kubectl` may take the fields that client-side apply's
//! annotation names, as long as they still have the values that it says, and keeps that annotation up to date.

use serde_json::{Map, Value as Json};

use super::schema::Type;
use super::set::FieldSet;
use super::typed;

/// The only manager for which this holds.
pub(super) const KUBECTL: &str = "kubectl";

const ANNOTATION: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// The size that all annotations of an object may have together.
const MAX_ANNOTATIONS: usize = 256 << 10;

/// The fields of the last applied configuration that the live object has as they were applied; nothing where there is no
/// such configuration, or no usable one.
pub(super) fn still_true(live: &Json, schema: &'static Type) -> Option<FieldSet> {
    let text = live["metadata"]["annotations"][ANNOTATION].as_str().filter(|text| !text.is_empty())?;
    let last: Json = serde_json::from_str(text).ok()?;
    if last["apiVersion"].as_str() != Some(super::VERSION) {
        return None;
    }
    let mut problems = Vec::new();
    typed::check(&last, schema, "", &mut problems);
    if !problems.is_empty() {
        return None;
    }
    let different = typed::compare(&last, live, schema);
    let fields = typed::fields(&last, schema);
    Some(fields.difference(&different.modified).difference(&different.added).difference(&different.removed))
}

/// Writes the applied configuration into the annotation of an object that has one.
pub(super) fn refresh(object: &mut Json, applied: &Json) {
    let has_one = object["metadata"]["annotations"][ANNOTATION].as_str().is_some_and(|text| !text.is_empty());
    if !has_one {
        return;
    }
    let mut applied = applied.clone();
    if let Some(annotations) = annotations(&mut applied) {
        annotations.remove(ANNOTATION);
    }
    if let Some(annotations) = annotations(object) {
        annotations.insert(ANNOTATION.into(), Json::String(format!("{}\n", escaped(&applied))));
        if size(annotations) > MAX_ANNOTATIONS {
            annotations.remove(ANNOTATION);
        }
    }
}

/// JSON as Go's encoder writes it: what HTML or JavaScript would take amiss is escaped. Outside of strings there is none.
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
