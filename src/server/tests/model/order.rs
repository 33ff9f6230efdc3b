//! The order of the acknowledged writes, and whether it explains the answers.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{Client, END, NAMES, Seen, Told, Watch, What, items, number, version};

/// One write: the state before and after it.
pub struct Event {
    old: Option<Json>,
    new: Option<Json>,
}

/// The order of all writes: the state of every name at every version.
#[derive(Default)]
pub struct Order {
    /// Every write, by its version.
    pub events: BTreeMap<u64, Event>,
    /// The state of each name, by the version from which it holds.
    pub names: BTreeMap<String, BTreeMap<u64, Option<Json>>>,
}

impl Order {
    /// Reads every write after `version` from a watch; the last write ends the play.
    pub async fn of(client: &Client, version: u64) -> Self {
        let mut watch = Watch::begin(client, &format!("resourceVersion={version}")).await;
        let mut order = Self::default();
        let mut last = version;
        loop {
            let event = watch.next().await.expect("an event");
            let object = listed(&event["object"]);
            let (name, version) = (object["metadata"]["name"].as_str().expect("a name").to_owned(), number(&object));
            assert!(version > last, "versions grow");
            last = version;
            let old = order.at(&name, version).cloned();
            let new = match (event["type"].as_str(), &old) {
                (Some("ADDED"), None) => Some(object),
                (Some("MODIFIED"), Some(old)) => {
                    assert_eq!(old["metadata"]["uid"], object["metadata"]["uid"]);
                    Some(object)
                }
                (Some("DELETED"), Some(old)) => {
                    assert_eq!(moved(old, version), object);
                    None
                }
                (kind, old) => panic!("{kind:?} {object} after {old:?}"),
            };
            let done = name == END;
            order.names.entry(name).or_default().insert(version, new.clone());
            order.events.insert(version, Event { old, new });
            if done {
                return order;
            }
        }
    }

    fn at(&self, name: &str, version: u64) -> Option<&Json> {
        self.names.get(name)?.range(..=version).next_back()?.1.as_ref()
    }

    pub fn all_at(&self, version: u64) -> Vec<Json> {
        self.names.keys().filter_map(|name| self.at(name, version)).cloned().collect()
    }

    /// Returns `true` if `so` holds for the state of a name at some moment from `told.from` to `told.to`.
    fn once(&self, told: &Told, name: &str, mut so: impl FnMut(Option<&Json>) -> bool) -> bool {
        let changes = self.names.get(name).into_iter().flat_map(|n| n.range(told.from + 1..=told.to));
        so(self.at(name, told.from)) || changes.map(|(_, state)| state.as_ref()).any(so)
    }

    /// Returns the version at which the object with this UID was deleted.
    fn end_of(&self, uid: &Json) -> u64 {
        let deletion = self.events.iter().find(|(_, event)| {
            event.new.is_none() && event.old.as_ref().is_some_and(|old| old["metadata"]["uid"] == *uid)
        });
        *deletion.unwrap_or_else(|| panic!("{uid} was never deleted")).0
    }

    /// Checks that the order explains an answer. Adds the versions that the answer claims to have written to `claimed`.
    pub fn explain(&self, told: &Told, claimed: &mut Vec<u64>) {
        let within = |version: u64| assert!((told.from + 1..=told.to).contains(&version), "{version}: {told:?}");
        match &told.what {
            What::Wrote { object, wanted, on } => {
                let version = number(object);
                within(version);
                claimed.push(version);
                let event = &self.events[&version];
                assert_eq!(event.new.as_ref(), Some(&listed(object)), "a state that never was");
                assert!(holds(object, wanted), "{object} lacks {wanted}");
                if let (Some(on), Some(old)) = (on, &event.old) {
                    assert_eq!(*on, old["metadata"]["resourceVersion"], "an update was lost");
                }
            }
            What::Deleted { uid } => {
                let version = self.end_of(&json!(uid));
                within(version);
                claimed.push(version);
            }
            What::DeletedAll(None) => {}
            What::DeletedAll(Some(list)) => {
                let version = number(list);
                assert!((told.from..=told.to).contains(&version), "a stale list: {told:?}");
                let mut all = self.all_at(version);
                all.retain(is_odd);
                assert_eq!(items(list), all);
                for name in self.names.keys() {
                    // It had the label all the time, and still exists at the end.
                    let spared = !self.once(told, name, |state| !state.is_some_and(is_odd));
                    assert!(!spared, "{name} was spared: {told:?}");
                }
            }
            What::Read(object) => {
                let name = object["metadata"]["name"].as_str().expect("a name");
                assert!(self.once(told, name, |state| state == Some(&listed(object))), "a stale read: {told:?}");
            }
            What::Listed(list) => {
                let version = number(list);
                assert!((told.from..=told.to).contains(&version), "a stale list: {told:?}");
                assert_eq!(items(list), self.all_at(version));
            }
            What::Absent(name) => assert!(self.once(told, name, |state| state.is_none()), "it was there: {told:?}"),
            What::Present(name) => assert!(self.once(told, name, |state| state.is_some()), "none was there: {told:?}"),
            What::Moved(name, seen) => {
                let moved = self.once(told, name, |state| state.is_some_and(|object| version(object) != seen));
                assert!(moved, "it had that version: {told:?}");
            }
            What::Watched(seen, after, events) => self.explain_watch(*seen, *after, events),
        }
    }

    /// Returns `true` if a write may belong to an answer about several deletions.
    pub fn is_one_of(&self, version: u64, told: &Told) -> bool {
        let What::DeletedAll(list) = &told.what else { return false };
        let Event { old: Some(old), new: None } = &self.events[&version] else { return false };
        let uid = |object: &Json| object["metadata"]["uid"].clone();
        let is_listed = |list: &Json| items(list).iter().any(|object| uid(object) == uid(old));
        (told.from + 1..=told.to).contains(&version) && is_odd(old) && list.as_ref().is_none_or(is_listed)
    }

    fn explain_watch(&self, seen: Seen, after: Option<u64>, events: &[Json]) {
        let mut events = events.iter().map(|event| {
            let kind = event["type"].as_str().unwrap_or_default();
            (kind, listed(&event["object"]))
        });
        let matches = |object: &Json| match seen {
            Seen::All => true,
            Seen::Odd => is_odd(object),
            Seen::One(name) => object["metadata"]["name"] == NAMES[name],
        };
        let after = after.unwrap_or_else(|| {
            let mut initial = Vec::new();
            loop {
                match events.next().expect("a bookmark") {
                    ("ADDED", object) => initial.push(object),
                    ("BOOKMARK", bookmark) => {
                        let mut all = self.all_at(number(&bookmark));
                        all.retain(matches);
                        assert_eq!(initial, all);
                        return number(&bookmark);
                    }
                    other => panic!("{other:?}"),
                }
            }
        });
        let expected = self.events.range(after + 1..).filter_map(|(version, event)| {
            let old = event.old.as_ref().filter(|old| matches(old));
            let new = event.new.as_ref().filter(|new| matches(new));
            Some(match (old, new) {
                (None, Some(new)) => ("ADDED", new.clone()),
                (Some(_), Some(new)) => ("MODIFIED", new.clone()),
                (Some(old), None) => ("DELETED", moved(old, *version)),
                (None, None) => return None,
            })
        });
        let expected = expected.filter(|(_, object)| object["metadata"]["name"] != END).collect::<Vec<_>>();
        assert_eq!(events.collect::<Vec<_>>(), expected);
    }
}

/// Returns the object with another version, as the event of its deletion has it.
fn moved(object: &Json, version: u64) -> Json {
    let mut object = object.clone();
    object["metadata"]["resourceVersion"] = json!(version.to_string());
    object
}

/// Returns `true` if `object` contains everything in `wanted`.
fn holds(object: &Json, wanted: &Json) -> bool {
    match wanted.as_object() {
        Some(members) => members.iter().all(|(name, wanted)| holds(&object[name], wanted)),
        None => object == wanted,
    }
}

/// Returns the object as an item of a list.
fn listed(object: &Json) -> Json {
    let mut object = object.clone();
    object.as_object_mut().expect("an object").retain(|member, _| member != "kind" && member != "apiVersion");
    object
}

fn is_odd(object: &Json) -> bool {
    object["metadata"]["labels"]["odd"] == "1"
}
