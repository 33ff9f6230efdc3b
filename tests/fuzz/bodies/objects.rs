//! What happens to objects: patches, ownership of fields, and protobuf.

use secret::{
    LAST_APPLIED, Object,
    merge::{self, client_side::Modified, request},
    resource::Resource,
};
use serde_json::{Map, Value as Json, json};
use server::{
    managed_fields::{self, FieldSet, Write},
    protobuf,
};

use super::{dice::Dice, discreet};

fn map(json: Json) -> Map<String, Json> {
    if let Json::Object(map) = json { map } else { Map::new() }
}

fn strategic(original: &Json, patch: &Json) -> Json {
    merge::strategic(map(original.clone()), map(patch.clone()))
        .map(Json::Object)
        .expect("a patch that was made applies")
}

/// Patches that were made apply and make what they are for, all that apply twice are the same as once, and no error of any
/// other repeats a value.
pub fn merge(data: &[u8]) {
    let mut dice = Dice::new(data);
    match dice.below(3) {
        0 => made(&dice.secret(), &dice.secret(), &dice.secret()),
        1 => any(&dice.wild_secret(), &dice.json(4)),
        _ => any(&dice.wild_secret(), &dice.operations()),
    }
}

fn made(last: &Json, new: &Json, live: &Json) {
    let patch = merge::two_way(last, new);
    assert_eq!(&strategic(last, &patch), new, "{last} by {patch}");
    assert_eq!(&strategic(new, &patch), new, "{new} by {patch}");
    assert_eq!(merge::two_way(new, new), json!({}));
    assert!(merge::overlap(&patch, &patch).is_empty(), "{patch}");
    let patch = merge::three_way(last, new, live).expect("a patch");
    let after = strategic(live, &patch);
    assert_eq!(strategic(&after, &patch), after, "{live} by {patch}");
    let again = merge::three_way(new, new, &after).expect("a patch");
    assert_eq!(strategic(&after, &again), after, "{after} by {again}");

    let manifest = Modified::of(&Object::new(new.clone()), true);
    let mut live = live.clone();
    for overwrite in [false, true] {
        let mut last = last.clone();
        if let Some(annotations) = last["metadata"]["annotations"].as_object_mut() {
            annotations.remove(LAST_APPLIED);
        }
        live["metadata"]["annotations"][LAST_APPLIED] = last.to_string().into();
        match manifest.patch(&Object::new(live.clone()), overwrite) {
            Err(refused) => {
                assert!(!overwrite, "{refused}");
                discreet(&refused.to_string(), 4_000);
            }
            Ok(patch) => {
                let after = strategic(&live, patch.json());
                let again = manifest.patch(&Object::new(after.clone()), overwrite).expect("a patch");
                assert_eq!(strategic(&after, again.json()), after, "{after} by {}", again.json());
            }
        }
    }
}

fn any(current: &Json, patch: &Json) {
    let body = patch.to_string();
    for patcher in [request::json_patch, request::merge_patch, request::strategic_merge_patch] {
        if let Err(status) = patcher(current, body.as_bytes()) {
            discreet(&status.message, 1_000);
        }
    }
    if let Ok(once) = request::merge_patch(current, body.as_bytes()) {
        let twice = request::merge_patch(&once.object, body.as_bytes()).map(|patched| patched.object);
        assert_eq!(twice, Ok(once.object), "{current} by {patch}");
    }
    for other in [patch, current] {
        let patch = merge::two_way(current, other);
        let _ = merge::overlap(&patch, other);
        let _ = merge::three_way(current, other, &patch);
    }
}

/// An apply that is done again changes nothing, sets of fields are sets, and no conflict shows a value.
pub fn managed_fields(data: &[u8]) {
    let mut dice = Dice::new(data);
    if dice.below(4) == 0 {
        return sets(&dice.fields(4), &dice.fields(4));
    }
    let resource = Resource::Secrets;
    let managers = ["a", "b", "kubectl", ""];
    let mut live: Option<Json> = None;
    for turn in 0..4 {
        let now = format!("2026-01-01T00:00:{turn:02}Z");
        let manager = managers.get(dice.below(4)).copied().unwrap_or_default();
        let write = Write { resource, manager, subresource: "", now: &now };
        let mut new = if dice.below(3) == 0 { dice.wild_secret() } else { dice.secret() };
        if dice.below(2) == 0 {
            managed_fields::update(live.as_ref(), &mut new, &write);
            if let Some(live) = &live {
                managed_fields::keep_times(live, &mut new, resource);
            }
            live = Some(new);
            continue;
        }
        let force = dice.below(2) == 0;
        // What an apply says of the last one is written anew each time.
        if let Some(annotations) = new.pointer_mut("/metadata/annotations").and_then(Json::as_object_mut) {
            annotations.remove(LAST_APPLIED);
        }
        // A map that loses its last field is gone, and applied empty again it may be another manager's: upstream too.
        let new = without_nothing(new);
        match managed_fields::apply(live.as_ref(), &new, &write, force) {
            Err(status) => discreet(&status.message, 10_000),
            Ok(object) => {
                let later = Write { now: "2026-01-01T01:00:00Z", ..write };
                let object = without_nothing(object);
                let mut again =
                    managed_fields::apply(Some(&object), &new, &later, force).expect("what was applied once");
                again = without_nothing(again);
                managed_fields::keep_times(&object, &mut again, resource);
                assert_eq!(again, object, "{new} applied by {manager:?} again");
                live = Some(object);
            }
        }
    }
}

/// The object as its types leave it: a field that is empty is not there.
fn without_nothing(mut json: Json) -> Json {
    let is_something = |value: &Json| match value {
        Json::Null => false,
        Json::String(text) => !text.is_empty(),
        Json::Array(items) => !items.is_empty(),
        Json::Object(map) => !map.is_empty(),
        _ => true,
    };
    if let Some(metadata) = json.get_mut("metadata").and_then(Json::as_object_mut) {
        metadata.retain(|_, value| is_something(value));
    }
    if let Json::Object(fields) = &mut json {
        fields.retain(|_, value| is_something(value));
    }
    json
}

fn sets(one: &Json, other: &Json) {
    let (Some(one), Some(other)) = (FieldSet::parse(one), FieldSet::parse(other)) else { return };
    assert_eq!(FieldSet::parse(&one.to_json()).as_ref(), Some(&one));
    assert_eq!(one.clone().union(other.clone()), other.clone().union(one.clone()));
    assert_eq!(one.clone().difference(&other).union(one.clone().intersection(&other)), one);
    assert!(one.clone().difference(&other).intersection(&other).is_empty());
    assert!(one.clone().without(&other).intersection(&other).is_empty());
    assert!(one.paths().iter().all(|path| one.has(path)));
}

/// The kinds that have messages.
const KINDS: [&str; 11] = [
    "Secret",
    "SecretList",
    "Namespace",
    "NamespaceList",
    "Status",
    "DeleteOptions",
    "PartialObjectMetadata",
    "PartialObjectMetadataList",
    "SelfSubjectAccessReview",
    "SelfSubjectReview",
    "SelfSubjectRulesReview",
];

/// What was read can be written, and is then read as the same; what an API object holds survives both ways.
pub fn protobuf(data: &[u8]) {
    read(data, "Secret");
    let Some((first, raw)) = data.split_first() else { return };
    let kind = KINDS.get(usize::from(*first) % KINDS.len()).copied().unwrap_or_default();
    read(&unknown(kind, raw), kind);
    let object = Dice::new(data).secret();
    let bytes = protobuf::encode(&object).expect("a kind that has messages");
    let decoded = protobuf::decode(&bytes, "?").expect("what was written");
    assert_eq!(
        decoded["metadata"]["labels"].as_object().map_or(0, Map::len),
        object["metadata"]["labels"].as_object().map_or(0, Map::len)
    );
    for (key, value) in decoded["data"].as_object().into_iter().flatten() {
        let was_base64 = go::base64::decode(object["data"][key].as_str().unwrap_or_default().as_bytes()).is_ok();
        assert_eq!(was_base64, *value == object["data"][key], "{key}");
    }
}

/// A message of that kind in its wrapping.
fn unknown(kind: &str, raw: &[u8]) -> Vec<u8> {
    let field = |tag: u8, bytes: &[u8]| {
        let mut out = vec![tag << 3 | 2];
        let mut length = bytes.len();
        while length >= 0x80 {
            out.push((length & 0x7f) as u8 | 0x80);
            length >>= 7;
        }
        out.push(length as u8);
        out.extend_from_slice(bytes);
        out
    };
    let meta = [field(1, b"v1"), field(2, kind.as_bytes())].concat();
    [protobuf::MAGIC.to_vec(), field(1, &meta), field(2, raw)].concat()
}

fn read(bytes: &[u8], expected: &str) {
    let mut object = match protobuf::decode(bytes, expected) {
        Ok(object) => object,
        Err(protobuf::Malformed::Unrecognized(reason) | protobuf::Malformed::Undecodable { reason, .. }) => {
            return discreet(&reason, 300);
        }
    };
    forget_the_epoch(&mut object);
    if object["kind"].is_null() {
        object["kind"] = expected.into();
    }
    let Some(bytes) = protobuf::encode(&object) else { return };
    assert_eq!(protobuf::decode(&bytes, expected).as_ref(), Ok(&object));
    let frame = protobuf::watch_frame("ADDED", &object).expect("a frame");
    assert!(frame.ends_with(&bytes));
}

/// Removes times that are 1970 to the second: in protobuf they are none, upstream too.
fn forget_the_epoch(json: &mut Json) {
    match json {
        Json::Object(map) => {
            map.retain(|_, value| value != "1970-01-01T00:00:00Z");
            map.values_mut().for_each(forget_the_epoch);
        }
        Json::Array(items) => items.iter_mut().for_each(forget_the_epoch),
        _ => {}
    }
}
