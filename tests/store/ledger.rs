//! What writers were told: by it every file is judged.

use std::collections::BTreeMap;

/// What came back for one write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It was acknowledged, under this revision if the answer says so.
    Done(Option<u64>),
    /// It was answered 500: it must not have been applied.
    Failed,
    /// None: it may have been applied, or not.
    Missing,
}

/// What the one writer of a Secret was told about it. A value is `None` if there is no such Secret.
#[derive(Clone, Default, Debug)]
pub struct Entry {
    /// By the last acknowledged write.
    pub value: Option<String>,
    /// The acknowledged writes since the last [`Entry::settle`]: the value, and the revision.
    pub writes: Vec<(Option<String>, Option<u64>)>,
    /// The value of the last write, if that was not answered.
    pub doubt: Option<Option<String>>,
}

impl Entry {
    /// Notes what came back for a write; whether the writer knows what the Secret is now.
    pub fn note(&mut self, wanted: Option<String>, answer: Answer) -> bool {
        match answer {
            Answer::Done(revision) => {
                self.value.clone_from(&wanted);
                self.writes.push((wanted, revision));
            }
            Answer::Failed => {}
            Answer::Missing => self.doubt = Some(wanted),
        }
        answer != Answer::Missing
    }

    /// Checks the events of the Secret since the last `settle`: each acknowledged write once and in order, then at most the
    /// one that was not answered.
    pub fn explain(&self, name: &str, events: &[(Option<String>, u64)]) {
        let told = self.writes.len();
        assert!(events.len() >= told, "{name}: {told} writes were acknowledged, {} are there", events.len());
        for ((value, revision), (found, at)) in self.writes.iter().zip(events) {
            assert!(value == found && revision.is_none_or(|revision| revision == *at), "{name}: another write at {at}");
        }
        match (&events[told..], &self.doubt) {
            ([], _) => {}
            ([(found, _)], Some(doubt)) => assert!(found == doubt, "{name}: another value than the one sent"),
            (more, _) => panic!("{name}: {} writes that were not acknowledged, or answered 500", more.len()),
        }
    }

    /// Checks what was found, which is known from now on.
    pub fn settle(&mut self, name: &str, found: Option<String>, when: &str) {
        let brief = |value: &Option<String>| value.as_ref().map(|value| value.chars().take(24).collect::<String>());
        let allowed = found == self.value || self.doubt.as_ref().is_some_and(|doubt| found == *doubt);
        assert!(
            allowed,
            "{name} {when}: {:?}, not {:?} or {:?}",
            brief(&found),
            brief(&self.value),
            self.doubt.as_ref().map(brief)
        );
        *self = Self { value: found, ..Self::default() };
    }
}

/// All entries by the names of their Secrets.
pub type Ledger = BTreeMap<String, Entry>;

/// Checks all that was found in the store.
pub fn settle(ledger: &mut Ledger, mut found: BTreeMap<String, String>, when: &str) {
    for (name, entry) in ledger {
        entry.settle(name, found.remove(name), when);
    }
    assert!(found.is_empty(), "{when}: never written: {:?}", found.keys());
}
