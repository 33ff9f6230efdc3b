//! What an editor shows of a Secret, and what is read of what it left.

use ksecret::edit::{
    conflict::{self, Clash},
    decoded::{Decoded, undecodable},
    nodes::{self, Kind, Node},
    view::{Plain, View},
};
use secret::{Object, Value};
use serde_json::{Value as Json, json};

use super::{MARKER, dice::Dice, discreet};

const VIEWS: [&dyn View; 3] = [&Decoded, &Plain { json: false }, &Plain { json: true }];

/// What is shown and left as it is stays what it was, byte for byte; what cannot be read is told without a value.
pub fn edit(data: &[u8]) {
    let original =
        Object::new(json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "n"},
        "data": {"k": Value::new(MARKER).to_base64()}, "type": "Opaque"}));
    for view in VIEWS {
        for text in [data.to_vec(), marked(data)] {
            let _ = view.same(&text, data);
            let Err(problems) = view.read(&text, std::slice::from_ref(&original)) else { continue };
            assert!(!problems.is_empty(), "refused for nothing");
            // Keys are shown, and a key may have several lines.
            if !nodes::parse(&text).is_ok_and(|roots| roots.iter().any(names_marker)) {
                problems.iter().for_each(|problem| discreet(&problem.to_string(), 1_000 + 2 * data.len()));
            }
        }
    }
    let text = String::from_utf8_lossy(data);
    let object = Object::new(json!({"apiVersion": "v1", "kind": "Secret", "type": "Opaque",
        "metadata": {"name": "s", "namespace": "n", "annotations": {"a": text, "b": "yes"}, "labels": {"l": "1"}, "uid": "u"},
        "data": {"bytes": Value::new(data).to_base64(), "text": Value::new(text.as_bytes()).to_base64(), "empty": ""}}));
    let theirs = Some(Json::from(Value::new(data).to_base64()));
    let clashes = [
        Clash { map: "data", key: "bytes".to_owned(), theirs: theirs.clone() },
        Clash { map: "data", key: "gone".to_owned(), theirs },
        Clash { map: "metadata.annotations", key: "a".to_owned(), theirs: Some(text.as_ref().into()) },
    ];
    for view in VIEWS {
        for clashes in [&[][..], &clashes] {
            unchanged(view, &object, clashes);
        }
    }
    conflicts(&mut Dice::new(data));
}

/// Whether the marker is in a key.
fn names_marker(node: &Node) -> bool {
    match &node.kind {
        Kind::Scalar(..) => false,
        Kind::List(items) => items.iter().any(names_marker),
        Kind::Map(entries) => entries
            .iter()
            .any(|(key, value)| key.text().is_none_or(|text| text.contains(MARKER)) || names_marker(value)),
    }
}

/// The text with a value in it that begins a line.
fn marked(data: &[u8]) -> Vec<u8> {
    let end = data.iter().position(|byte| *byte == b'\n').map_or(data.len(), |at| at + 1);
    let (before, after) = data.split_at(end);
    let indentation: Vec<u8> = after.iter().copied().take_while(|byte| *byte == b' ').collect();
    [before, &indentation, b"password: ", MARKER.as_bytes(), b"\n", after].concat()
}

fn unchanged(view: &dyn View, object: &Object, clashes: &[Clash]) {
    let shown = view.render(std::slice::from_ref(object), clashes);
    let shown_text = String::from_utf8_lossy(&shown);
    match view.read(&shown, std::slice::from_ref(object)) {
        Ok(read) => {
            let read: Vec<_> = read.iter().map(Object::json).collect();
            assert_eq!(read, [object.json()], "shown as:\n{shown_text}");
        }
        Err(problems) => panic!("{problems:?}, shown as:\n{shown_text}"),
    }
    assert_eq!(undecodable(object), None);
}

/// What one side left alone is what the other made of it.
fn conflicts(dice: &mut Dice<'_>) {
    let (base, ours, theirs) = (dice.secret(), dice.secret(), dice.secret());
    let (merged, clashes) = conflict::merge(&base, &base, &theirs);
    assert!(merged == theirs && clashes.is_empty(), "{base} and {theirs} make {merged}");
    let (merged, clashes) = conflict::merge(&base, &theirs, &theirs);
    assert!(merged == theirs && clashes.is_empty(), "{base} and {theirs} make {merged}");
    let (merged, clashes) = conflict::merge(&base, &ours, &base);
    assert!(
        clashes.is_empty()
            && merged["data"]
                .as_object()
                .is_none_or(|data| data.iter().all(|(key, value)| ours["data"][key] == *value)),
        "{base} and {ours} make {merged}"
    );
    let (merged, clashes) = conflict::merge(&base, &ours, &theirs);
    for clash in clashes.iter().filter(|clash| clash.map == "data") {
        assert!(
            merged["data"].get(&clash.key) == ours["data"].get(&clash.key)
                && clash.theirs.as_ref() == theirs["data"].get(&clash.key)
        );
    }
}
