//! From a saved text to the tasks of a round: none, opening the editor again, or a change for each object.

use go::json_write::Order;
use go::quote::quote;
use serde_json::json;
use zeroize::Zeroizing;

use super::{Aim, Conversation, Next, Output, ROUNDS, Reason, Task};
use crate::{
    edit::{
        nodes::Problem,
        session::Text,
        view::{LAST_APPLIED_HEADER, has_lines, strip_header},
    },
    error::{Error, Result},
    secret::{Object, last_applied},
};

impl Conversation {
    pub(super) fn saved(&mut self, text: Text) -> Next {
        let again = self.failed.take().is_some_and(|failed| self.view.same(&failed, &text))
            || self.clashed.take().is_some_and(|clashed| clashed == text);
        self.text = text;
        if again {
            return self.fail("Edit cancelled, no valid changes were saved.");
        }
        if self.settings.aim != Aim::PutBack && self.view.same(&self.shown, &self.text) {
            self.say("Edit cancelled, no changes made.");
            return Next::Finish(Ok(()), None);
        }
        if (self.view.ours() || self.settings.lenient) && self.view.header().is_some() && !has_lines(&self.text) {
            self.say("Edit cancelled, saved file was empty.");
            return Next::Finish(Ok(()), None);
        }
        let bases: Vec<Object> = self.originals.iter().map(|original| original.base.clone()).collect();
        let objects = match self.view.read(&self.text, &bases) {
            Ok(objects) => objects,
            Err(problems) => return self.unreadable(problems),
        };
        match self.plan(objects) {
            Ok(()) => self.ask(),
            Err(error) => Next::Finish(Err(error), Some(std::mem::take(&mut self.text))),
        }
    }

    /// Opens the editor again because the text cannot be read; the header lists the problems.
    pub(super) fn unreadable(&mut self, problems: Vec<Problem>) -> Next {
        let name = self.first();
        self.say(format!("error: secrets {} is invalid", quote(&name)));
        // Why: the problems name lines of the file as it will be opened, and its header grows by the reasons.
        let before = strip_header(&self.text).0;
        let head = format!("secrets {} was not valid", quote(&name));
        let items = problems.iter().map(ToString::to_string).collect();
        self.reasons = vec![Reason { head, items }];
        let after = self.header().lines().count();
        let items = problems.into_iter().map(|mut problem| {
            if problem.line > before {
                problem.line = problem.line - before + after;
            }
            problem.to_string()
        });
        if let Some(reason) = self.reasons.first_mut() {
            reason.items = items.collect();
        }
        if self.view.header().is_none() {
            self.reasons.iter().flat_map(|reason| &reason.items).for_each(|item| {
                self.output.push(Output::Say(format!("hint: {item}")));
            });
        }
        self.reopen()
    }

    /// Opens the same text again, with the reasons in the header.
    pub(super) fn reopen(&mut self) -> Next {
        self.rounds += 1;
        if self.rounds > ROUNDS {
            return self.fail("Edit cancelled, no valid changes were saved.");
        }
        let body = strip_header(&self.text).1.to_vec();
        let body = Zeroizing::new(body);
        let body = if self.view.header().is_some() { &body } else { &self.text };
        let mut text = Zeroizing::new(self.line_ends(&self.header()).into_bytes());
        text.extend_from_slice(body);
        self.reasons.clear();
        self.failed = Some(text.clone());
        Next::Open(text)
    }

    pub(super) fn header(&self) -> String {
        let Some(header) = self.view.header() else { return String::new() };
        let is_annotation = self.settings.aim == Aim::LastApplied;
        let mut text = if is_annotation { LAST_APPLIED_HEADER } else { header }.to_owned();
        for reason in &self.reasons {
            let colon = if reason.items.is_empty() { "" } else { ":" };
            text.push_str(&format!("# {}{colon}\n", reason.head.replace('\n', "\n# ")));
            for item in &reason.items {
                text.push_str(&format!("# * {}\n", item.replace('\n', "\n# ")));
            }
            text.push_str("#\n");
        }
        text
    }

    pub(super) fn line_ends(&self, text: &str) -> String {
        if self.settings.windows_line_endings { text.replace('\n', "\r\n") } else { text.to_owned() }
    }

    pub(super) fn with_header(&self, body: &[u8]) -> Text {
        let mut text = self.header().into_bytes();
        text.extend_from_slice(body);
        let text = Zeroizing::new(text);
        // Why: `--windows-line-endings` concerns text of Kubernetes objects. A value that is edited alone keeps its
        // bytes.
        let lines = self.view.header().is_some() || !self.view.ours();
        match std::str::from_utf8(&text) {
            Ok(text) if self.settings.windows_line_endings && lines => {
                Zeroizing::new(self.line_ends(text).into_bytes())
            }
            _ => text,
        }
    }

    /// Queues a task for each object of the text. Invariant: this is complete before the first request. An object that
    /// cannot be written is an error here, with nothing sent.
    pub(super) fn plan(&mut self, objects: Vec<Object>) -> Result<()> {
        self.queue.clear();
        for mut edited in objects {
            let aim = self.settings.aim;
            let found = self.originals.iter().enumerate().find(|(_, original)| same_object(&original.base, &edited));
            // Why: an object that is yet to be created has no identity on the server, so its name and kind may be
            // edited.
            let Some((index, original)) = found
                .or(self.originals.first().map(|first| (0, first)))
                .filter(|_| aim == Aim::Create || found.is_some())
            else {
                return Err(Error::new(format!("secrets {} is none of those that were opened", quote(edited.name()))));
            };
            if aim != Aim::Change && !is_ours(&edited) {
                return Err(Error::new(format!(
                    "only Secrets and Namespaces of v1 can be written, not {}",
                    quote(edited.kind())
                )));
            }
            if let Some(namespace) = edited.namespace().filter(|namespace| *namespace != self.settings.namespace) {
                return Err(Error::new(format!(
                    "the namespace from the provided object {} does not match the namespace {}. \
                     You must pass '--namespace={namespace}' to perform this operation.",
                    quote(namespace),
                    quote(&self.settings.namespace)
                )));
            }
            if matches!(aim, Aim::Create | Aim::PutBack) {
                match (aim, self.settings.save_config) {
                    (Aim::Create, true) => last_applied::save(&mut edited, Order::Sorted),
                    (Aim::Create, false) => last_applied::renew(&mut edited, Order::Sorted),
                    _ => {}
                }
                self.queue.push_back(Task::Copy(edited));
                continue;
            }
            if edited == original.base {
                if !original.saved {
                    self.queue.push_back(Task::Skip(edited));
                }
                continue;
            }
            let base = original.base.json();
            let renamed = edited.name() != original.name;
            if renamed && self.view.ours() && base["immutable"] == json!(true) {
                self.queue.push_back(Task::Copy(copy_of(&edited)));
                continue;
            }
            if renamed || edited.json()["apiVersion"] != base["apiVersion"] || edited.json()["kind"] != base["kind"] {
                return Err(Error::new("At least one of apiVersion, kind and name was changed"));
            }
            let unplaced = edited.namespace().is_none_or(str::is_empty) && edited.kind() == "Secret";
            if let (Aim::LastApplied, true, Some(metadata)) = (aim, unplaced, edited.metadata_mut()) {
                metadata.insert("namespace".to_owned(), json!(self.settings.namespace));
            }
            if self.settings.save_config && aim == Aim::Change {
                last_applied::save(&mut edited, Order::Sorted);
            }
            self.queue.push_back(Task::Save { index, edited, tries: 0 });
        }
        Ok(())
    }
}

/// Returns whether the object is of a kind that this program writes.
fn is_ours(object: &Object) -> bool {
    object.json()["apiVersion"] == "v1" && matches!(object.kind(), "Secret" | "Namespace")
}

/// Returns whether an edited object is `original`: by uid, as in kubectl, or by kind and name if the text has no uid.
fn same_object(original: &Object, edited: &Object) -> bool {
    let uid = |object: &Object| object.json()["metadata"]["uid"].as_str().map(str::to_owned);
    match (uid(original), uid(edited)) {
        (Some(original), Some(edited)) => original == edited,
        _ => original.name() == edited.name() && original.kind() == edited.kind(),
    }
}

/// Returns a new Secret with the content of an immutable one.
fn copy_of(edited: &Object) -> Object {
    let mut copy = edited.clone();
    if let Some(metadata) = copy.metadata_mut() {
        for field in ["uid", "resourceVersion", "creationTimestamp", "generation", "ownerReferences", "selfLink"] {
            metadata.remove(field);
        }
    }
    copy
}
