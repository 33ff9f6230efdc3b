use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    client::{After, Written},
    receipts::origin::Origin,
    secret::Object,
};

const SUBJECT: Subject<'_> = Subject { server: "https://a", namespace: "ns", name: "s" };

fn object(value: &str) -> Object {
    Object::new(json!({"metadata": {"name": "s", "resourceVersion": value}, "data": {"k": value}, "type": "Opaque"}))
}

fn entry(before: Option<&str>, after: Option<&str>) -> Entry {
    let after = after.map_or(After::Gone, |value| After::Object(object(value)));
    let written = Written { namespace: "ns".into(), name: "s".into(), before: before.map(object), after };
    let origin = Origin { time: Timestamp::UNIX_EPOCH, verb: "set".into(), server: "https://a".into() };
    Entry::of(&written, &origin)
}

fn value(entry: &Entry) -> String {
    entry::data(entry.after()).json()["k"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn entries_are_numbered_and_the_oldest_go() {
    let data = tempfile::tempdir().unwrap();
    let journal = Journal::make(data.path()).unwrap();
    let history = journal.of(SUBJECT);
    assert!(history.numbers().unwrap().is_empty());
    for number in 1..=103 {
        history.append(&entry(None, Some(&number.to_string()))).unwrap();
    }
    assert_eq!(history.numbers().unwrap(), (4..=103).collect::<Vec<_>>());
    assert_eq!(value(&history.read(50).unwrap().unwrap()), "50");
    let other = journal.of(Subject { namespace: "other", ..SUBJECT });
    assert!(other.numbers().unwrap().is_empty());
}

#[test]
fn an_entry_is_bound_to_its_place() {
    let data = tempfile::tempdir().unwrap();
    let journal = Journal::make(data.path()).unwrap();
    let (here, there) = (journal.of(SUBJECT), journal.of(Subject { name: "t", ..SUBJECT }));
    here.append(&entry(None, Some("1"))).unwrap();
    there.append(&entry(None, Some("2"))).unwrap();
    fs::copy(there.path(1), here.path(1)).unwrap();
    fs::copy(there.path(1), there.path(2)).unwrap();
    assert!(here.read(1).unwrap().is_none() && there.read(2).unwrap().is_none());
    assert_eq!(value(&there.read(1).unwrap().unwrap()), "2");
    fs::remove_file(data.path().join("journal.key")).unwrap();
    assert!(Journal::existing(data.path()).unwrap().is_none());
    assert!(Journal::make(data.path()).unwrap().of(SUBJECT).numbers().unwrap().is_empty());
}

/// Whatever a crash or a disk leaves of a file, it is a whole entry or none.
#[test]
fn what_is_cut_or_flipped_is_no_entry() {
    let data = tempfile::tempdir().unwrap();
    let journal = Journal::make(data.path()).unwrap();
    let history = journal.of(SUBJECT);
    history.append(&entry(Some("before"), Some("after"))).unwrap();
    let whole = fs::read(history.path(1)).unwrap();
    proptest!(crate::properties::config(64), |(at in 0..whole.len(), bit in 0_u32..8, cut in any::<bool>())| {
        let mut bytes = whole.clone();
        if cut { bytes.truncate(at) } else { bytes[at] ^= 1 << bit }
        fs::write(history.path(1), &bytes).unwrap();
        prop_assert!(history.read(1).unwrap().is_none());
    });
    fs::write(history.path(1), &whole).unwrap();
    assert_eq!(value(&history.read(1).unwrap().unwrap()), "after");
}

#[test]
fn an_entry_says_what_it_changed() {
    for (before, after, changes) in
        [(None, Some("1"), true), (Some("1"), None, true), (Some("1"), Some("2"), true), (Some("1"), Some("1"), false)]
    {
        assert_eq!(entry(before, after).changes_data(), changes);
    }
}
