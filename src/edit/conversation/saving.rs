//! From a task to its outcome: sending the change, merging it with the changes of other clients, and reporting
//! refusals.

use go::quote::quote;
use serde_json::{Value as Json, json};

use super::{Aim, Conversation, Next, Output, PATIENCE, Reason, Refusal, Task};
use crate::{
    edit::{
        conflict::{self, Clash},
        receipt::receipt,
    },
    error::Error,
    print,
    secret::{LAST_APPLIED, Object, last_applied, merge, redact::Known, sanitize},
};

impl Conversation {
    pub(super) fn ask(&mut self) -> Next {
        let lines: Vec<String> = self.queue.iter().filter_map(|task| self.receipt_of(task)).collect();
        if self.settings.confirm && !lines.is_empty() {
            return Next::Confirm(lines.join("\n"));
        }
        self.advance()
    }

    pub(super) fn receipt_of(&self, task: &Task) -> Option<String> {
        match task {
            Task::Skip(_) => None,
            Task::Save { index, edited, .. } => {
                let original = self.originals.get(*index)?;
                let changes = receipt(original.base.json(), edited.json()).unwrap_or_else(|| "metadata".to_owned());
                Some(format!("secret/{}: {changes}", sanitize::line(&original.name)))
            }
            Task::Copy(object) => {
                let changes = receipt(&Json::Null, object.json()).unwrap_or_else(|| "empty".to_owned());
                Some(format!("secret/{} (new): {changes}", sanitize::line(object.name())))
            }
        }
    }

    /// Starts the next task, or ends the round.
    pub(super) fn advance(&mut self) -> Next {
        loop {
            match self.queue.pop_front() {
                None => return self.round_ends(),
                Some(Task::Skip(object)) => self.output.push(Output::Show(object, "skipped")),
                Some(Task::Copy(object)) => {
                    self.current = Some(Task::Copy(object.clone()));
                    return Next::Create(object);
                }
                Some(Task::Save { index, edited, tries }) => {
                    if let Some(next) = self.send(index, edited, tries) {
                        return next;
                    }
                }
            }
        }
    }

    /// Sends the patch that turns the server's object into `edited`. Returns `None` if there is no difference left.
    pub(super) fn send(&mut self, index: usize, edited: Object, tries: u8) -> Option<Next> {
        if self.settings.aim == Aim::LastApplied {
            let mut applied = edited.clone();
            last_applied::take(&mut applied);
            let text = last_applied::text(applied.json(), print::Order::Sorted);
            let body = Object::new(json!({"metadata": {"annotations": {LAST_APPLIED: text}}}));
            self.current = Some(Task::Save { index, edited: edited.clone(), tries });
            return Some(Next::Annotate { edited, body });
        }
        let original = self.originals.get(index)?;
        let mut patch = merge::two_way(original.base.json(), edited.json());
        if tries > 0 && patch.as_object().is_some_and(serde_json::Map::is_empty) {
            self.output.push(Output::Show(edited, "edited"));
            return None;
        }
        if self.settings.output_patch {
            self.output
                .push(Output::Print(format!("Patch: {}", go::json_write::to_compact(&patch, print::Order::Sorted))));
        }
        // Invariant: the patch carries the version that it was computed from. The server answers 409 if it has another,
        // so that changes of other clients are merged or shown, never overwritten.
        if let (Some(version), Some(patch)) = (&original.version, patch.as_object_mut()) {
            let metadata = patch.entry("metadata").or_insert_with(|| json!({}));
            if let Some(metadata) = metadata.as_object_mut() {
                metadata.entry("resourceVersion").or_insert_with(|| json!(version));
            }
        }
        let name = original.name.clone();
        self.current = Some(Task::Save { index, edited, tries });
        Some(Next::Patch { name, body: Object::new(patch) })
    }

    pub(super) fn done(&mut self, object: Object) -> Next {
        match self.current.take() {
            // As in kubectl: `apply edit-last-applied` prints the object that was edited, not the server's.
            Some(Task::Save { edited, .. }) if self.settings.aim == Aim::LastApplied => {
                self.output.push(Output::Show(edited, "edited"));
            }
            Some(Task::Save { index, mut edited, tries }) => {
                if self.view.ours() {
                    let line = self.receipt_of(&Task::Save { index, edited: edited.clone(), tries });
                    self.output.extend(line.map(Output::Say));
                }
                if let Some(original) = self.originals.get_mut(index) {
                    original.version = object.resource_version().map(str::to_owned);
                    original.saved = true;
                    std::mem::swap(&mut original.base, &mut edited);
                }
                self.output.push(Output::Show(object, "edited"));
            }
            Some(task) => {
                let line = self.receipt_of(&task).filter(|_| self.settings.aim != Aim::Create);
                self.output.extend(line.map(Output::Say));
                self.output.push(Output::Show(object, "created"));
            }
            None => {}
        }
        self.advance()
    }

    pub(super) fn refused(&mut self, refusal: Refusal) -> Next {
        let (task, name) = match self.current.take() {
            Some(Task::Save { index, edited, tries }) => {
                let name = self.originals.get(index).map_or_else(String::new, |original| original.name.clone());
                if let Refusal::Conflict(_) = refusal
                    && tries < PATIENCE
                {
                    self.current = Some(Task::Save { index, edited, tries: tries + 1 });
                    return Next::Fetch(name);
                }
                (Task::Save { index, edited, tries }, name)
            }
            Some(task) => {
                let name = if let Task::Copy(object) = &task { object.name().to_owned() } else { String::new() };
                (task, name)
            }
            None => return self.advance(),
        };
        let mut known = Known::of(self.originals.iter().map(|original| &original.base));
        match task {
            Task::Save { index, edited, .. } => {
                known.object(edited.json());
                self.pending.push((index, edited));
            }
            Task::Copy(object) | Task::Skip(object) => known.object(object.json()),
        }
        match refusal {
            Refusal::Invalid(causes) => {
                self.say(format!("error: secrets {} is invalid", quote(&name)));
                let items = causes.iter().map(|(field, text)| format!("{field}: {}", known.redact(text)));
                self.reasons
                    .push(Reason { head: format!("secrets {} was not valid", quote(&name)), items: items.collect() });
            }
            Refusal::Bad(text) if self.view.ours() => {
                self.say(format!("error: secrets {} is invalid", quote(&name)));
                let items = vec![known.redact(&text)];
                self.reasons.push(Reason { head: format!("secrets {} was not valid", quote(&name)), items });
            }
            Refusal::NotFound(_) => {
                self.say(format!("error: secrets {} could not be found on the server", quote(&name)));
                self.gone = true;
            }
            Refusal::Conflict(text) | Refusal::Bad(text) | Refusal::Other(text) => {
                let text = known.redact(&text);
                self.say(format!("error: secrets {} could not be patched: {text}", quote(&name)));
                self.retryable = true;
            }
        }
        self.advance()
    }

    /// Merges the edit with the object that another client has changed, and sends the result or records the clashes.
    pub(super) fn fetched(&mut self, mut theirs: Object) -> Next {
        let Some(Task::Save { index, edited, tries }) = self.current.take() else { return self.advance() };
        let Some(original) = self.originals.get_mut(index) else { return self.advance() };
        if let Some(metadata) = theirs.metadata_mut() {
            metadata.remove("managedFields");
        }
        let uid = |object: &Object| object.json()["metadata"]["uid"].clone();
        if uid(&original.base) != uid(&theirs) {
            let name = original.name.clone();
            self.say(format!("error: secrets {} was deleted, and another of that name is there now", quote(&name)));
            self.gone = true;
            return self.advance();
        }
        let (merged, clashes) = conflict::merge(original.base.json(), edited.json(), theirs.json());
        let merged = Object::new(merged);
        original.version = theirs.resource_version().map(str::to_owned);
        original.base = theirs;
        if clashes.is_empty() {
            return match self.send(index, merged, tries) {
                Some(next) => next,
                None => self.advance(),
            };
        }
        let name = original.name.clone();
        let items: Vec<String> = clashes.iter().map(|clash| self.describe(clash)).collect();
        self.say(format!("error: secrets {} was changed by another client in the same places", quote(&name)));
        self.reasons
            .push(Reason { head: format!("secrets {} was changed by another client too", quote(&name)), items });
        self.clashes.extend(clashes);
        self.pending.push((index, merged));
        self.advance()
    }

    /// Returns the line of the header about a clash. The text holds our value; the server's stands beside the key if
    /// the view can show comments.
    pub(super) fn describe(&self, clash: &Clash) -> String {
        let path = clash.path();
        match (&clash.theirs, self.view.ours()) {
            (None, _) => format!("{path}: yours is below; there it was removed"),
            (Some(_), true) => format!("{path}: yours is below, theirs beside it as a comment"),
            (Some(Json::String(theirs)), false) => format!("{path}: yours is below; there it is now {theirs}"),
            (Some(theirs), false) => format!("{path}: yours is below; there it is now {theirs}"),
        }
    }

    pub(super) fn round_ends(&mut self) -> Next {
        if self.retryable || self.gone {
            return Next::Finish(Err(Error::silent(1)), Some(std::mem::take(&mut self.text)));
        }
        if self.reasons.is_empty() {
            return Next::Finish(Ok(()), None);
        }
        if self.clashes.is_empty() {
            self.pending.clear();
            return self.reopen();
        }
        self.reasons.push(Reason {
            head: "Make each what it shall be, and save; saved without any change, nothing is done".to_owned(),
            items: Vec::new(),
        });
        let pending = std::mem::take(&mut self.pending);
        let objects: Vec<Object> = self
            .originals
            .iter()
            .enumerate()
            .map(|(index, original)| {
                let edited = pending.iter().find(|(other, _)| *other == index).map(|(_, edited)| edited);
                edited.unwrap_or(&original.base).clone()
            })
            .collect();
        let clashes = std::mem::take(&mut self.clashes);
        let text = self.with_header(&self.view.render(&objects, &clashes));
        self.reasons.clear();
        // From here on, "unchanged" means: as the server has it now.
        let bases: Vec<Object> = self.originals.iter().map(|original| original.base.clone()).collect();
        self.shown = self.with_header(&self.view.render(&bases, &[]));
        self.clashed = Some(text.clone());
        Next::Open(text)
    }
}
