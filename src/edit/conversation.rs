//! The conversation with an editor and a server, as a pure state machine: what happened goes in, what to do comes out.
//!
//! The flow, the words and the exit statuses are kubectl's (`pkg/cmd/util/editor`). Different are: nothing is sent before
//! everything in the file is known to be right; a request carries the version that was edited, so that a change made by
//! somebody else meanwhile is merged key by key and never overwritten; no reason repeats a value; and a text that cannot
//! be saved is handed back to be kept.

use std::collections::VecDeque;

use serde_json::{Value as Json, json};
use zeroize::Zeroizing;

use super::{
    conflict::{self, Clash},
    nodes::Problem,
    receipt::receipt,
    redact::redact,
    session::Text,
    view::{View, has_lines, strip_header},
};
use crate::{
    error::{Error, Result},
    print,
    secret::{Object, merge, wipe},
};

/// How often a save is tried again after others changed the object in between.
const PATIENCE: u8 = 5;

/// What was asked for.
#[derive(Default)]
pub struct Settings {
    /// `--output-patch`.
    pub output_patch: bool,
    /// `--windows-line-endings`.
    pub windows_line_endings: bool,
    /// `--validate=false`: an emptied file cancels instead of being reopened, as in kubectl.
    pub lenient: bool,
    /// `--save-config`.
    pub save_config: bool,
    /// `--confirm`: ask before anything is sent.
    pub confirm: bool,
    /// The namespace that every object must be in.
    pub namespace: String,
}

/// What happened.
pub enum Event {
    /// The editor left this.
    Saved(Text),
    /// The editor failed; what it left.
    EditorFailed(Error, Option<Text>),
    /// The answer to [`Next::Confirm`].
    Confirmed(bool),
    /// The object as the server has it after [`Next::Patch`] or [`Next::Create`].
    Done(Object),
    /// The answer to [`Next::Fetch`].
    Fetched(Object),
    /// The server refused what was asked last.
    Refused(Refusal),
}

/// Why a server refused.
pub enum Refusal {
    /// 422, with its causes: field and message.
    Invalid(Vec<(String, String)>),
    /// 404.
    NotFound(String),
    /// 409: somebody changed the object meanwhile.
    Conflict(String),
    /// 400 and 413: the request cannot be, whoever sends it.
    Bad(String),
    /// Anything else, in the client's words.
    Other(String),
}

/// What to do next; exactly one thing, whose outcome is the next [`Event`].
pub enum Next {
    /// Open this text in the editor.
    Open(Text),
    /// Ask whether to go on.
    Confirm(String),
    /// Send a strategic merge patch.
    Patch {
        /// The Secret.
        name: String,
        /// The patch.
        body: Object,
    },
    /// Make a new Secret.
    Create(Object),
    /// Get the Secret as it is now.
    Fetch(String),
    /// The end: how it went, and the text to keep where it was not saved.
    Finish(Result<()>, Option<Text>),
}

/// What to say, in order.
pub enum Output {
    /// A line on standard error.
    Say(String),
    /// A line on standard output.
    Print(String),
    /// An object and what was done with it (`edited`, `skipped`, `created`), through the printer that was chosen.
    Show(Object, &'static str),
}

/// One step: what to say, then what to do.
pub struct Step {
    /// In order.
    pub output: Vec<Output>,
    /// Then this.
    pub next: Next,
}

struct Original {
    /// What changes are measured against.
    base: Object,
    /// The version that a save must still find.
    version: Option<String>,
    /// The object in the namespace's own words, for messages.
    name: String,
    /// Whether this conversation has saved it already.
    saved: bool,
}

enum Task {
    Skip(Object),
    Save { index: usize, edited: Object, tries: u8 },
    Copy(Object),
}

/// A reason to edit again: a line, and what belongs to it.
struct Reason {
    head: String,
    items: Vec<String>,
}

/// The conversation. Start it with [`Conversation::begin`].
pub struct Conversation {
    view: Box<dyn View>,
    settings: Settings,
    originals: Vec<Original>,
    /// The text as it was first shown.
    shown: Text,
    /// The text as it was last saved in the editor.
    text: Text,
    /// The text of the last round, when that ended in an error.
    failed: Option<Text>,
    /// Whether the last round ended in clashes: then the text, comments and all, must differ to go on.
    clashed: Option<Text>,
    queue: VecDeque<Task>,
    current: Option<Task>,
    reasons: Vec<Reason>,
    clashes: Vec<Clash>,
    /// Those that could not be saved, as they should be: for the text after a clash.
    pending: Vec<(usize, Object)>,
    gone: bool,
    retryable: bool,
    output: Vec<Output>,
}

impl Conversation {
    /// The conversation about these objects, as the server has them; and the text to open first. `managedFields` are
    /// left out, as kubectl leaves them out.
    pub fn begin(view: Box<dyn View>, settings: Settings, mut objects: Vec<Object>) -> (Self, Next) {
        for object in &mut objects {
            if let Some(metadata) = object.metadata_mut() {
                metadata.remove("managedFields");
            }
        }
        let body = view.render(&objects, &[]);
        let originals = objects
            .into_iter()
            .map(|base| Original {
                version: base.resource_version().map(str::to_owned),
                name: base.name().to_owned(),
                saved: false,
                base,
            })
            .collect();
        let mut conversation = Self {
            view,
            settings,
            originals,
            shown: Text::default(),
            text: Text::default(),
            failed: None,
            clashed: None,
            queue: VecDeque::new(),
            current: None,
            reasons: Vec::new(),
            clashes: Vec::new(),
            pending: Vec::new(),
            gone: false,
            retryable: false,
            output: Vec::new(),
        };
        let text = conversation.with_header(&body);
        conversation.shown = text.clone();
        (conversation, Next::Open(text))
    }

    /// Whether a text differs from what was first shown: only then is it worth keeping.
    pub fn worth_keeping(&self, text: &[u8]) -> bool {
        has_lines(text) && !self.view.same(&self.shown, text)
    }

    /// The text as it was last saved in the editor, given away.
    pub fn take_text(&mut self) -> Text {
        std::mem::take(&mut self.text)
    }

    /// One step.
    pub fn on(&mut self, event: Event) -> Step {
        let next = match event {
            Event::Saved(text) => self.saved(text),
            Event::EditorFailed(error, text) => {
                let kept = text.filter(|text| self.worth_keeping(text));
                Next::Finish(Err(error), kept)
            }
            Event::Confirmed(true) => self.advance(),
            Event::Confirmed(false) => self.stop("Edit cancelled, nothing was saved."),
            Event::Done(object) => self.done(object),
            Event::Fetched(object) => self.fetched(object),
            Event::Refused(refusal) => self.refused(refusal),
        };
        Step { output: std::mem::take(&mut self.output), next }
    }

    fn say(&mut self, line: impl Into<String>) {
        self.output.push(Output::Say(line.into()));
    }

    /// Ends well without saving, the text kept.
    fn stop(&mut self, line: &str) -> Next {
        self.say(line);
        Next::Finish(Ok(()), Some(std::mem::take(&mut self.text)))
    }

    fn fail(&mut self, text: impl std::fmt::Display) -> Next {
        Next::Finish(Err(Error::new(text)), Some(std::mem::take(&mut self.text)))
    }

    /// The first object's name, by which kubectl calls the whole file when it cannot be read.
    fn first(&self) -> String {
        self.originals.first().map_or_else(String::new, |original| original.name.clone())
    }

    fn saved(&mut self, text: Text) -> Next {
        let again = self.failed.take().is_some_and(|failed| self.view.same(&failed, &text))
            || self.clashed.take().is_some_and(|clashed| clashed == text);
        self.text = text;
        if again {
            return self.fail("Edit cancelled, no valid changes were saved.");
        }
        if self.view.same(&self.shown, &self.text) {
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

    /// The text is not what it should be: the editor opens again with the reasons.
    fn unreadable(&mut self, problems: Vec<Problem>) -> Next {
        let name = self.first();
        self.say(format!("error: secrets {name:?} is invalid"));
        // The lines count from the top of the file as it will be, whose header is longer by the reasons.
        let before = strip_header(&self.text).0;
        let head = format!("secrets {name:?} was not valid");
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

    /// The same text again, under the reasons.
    fn reopen(&mut self) -> Next {
        let body = strip_header(&self.text).1.to_vec();
        let body = Zeroizing::new(body);
        let body = if self.view.header().is_some() { &body } else { &self.text };
        let mut text = Zeroizing::new(self.line_ends(&self.header()).into_bytes());
        text.extend_from_slice(body);
        self.reasons.clear();
        self.failed = Some(text.clone());
        Next::Open(text)
    }

    fn header(&self) -> String {
        let Some(header) = self.view.header() else { return String::new() };
        let mut text = header.to_owned();
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

    fn line_ends(&self, text: &str) -> String {
        if self.settings.windows_line_endings { text.replace('\n', "\r\n") } else { text.to_owned() }
    }

    fn with_header(&self, body: &[u8]) -> Text {
        let mut text = self.header().into_bytes();
        text.extend_from_slice(body);
        let text = Zeroizing::new(text);
        match std::str::from_utf8(&text) {
            Ok(lines) if self.settings.windows_line_endings => Zeroizing::new(self.line_ends(lines).into_bytes()),
            _ => text,
        }
    }

    /// What is to be done for each object of the file. Nothing is, when one of them cannot be.
    fn plan(&mut self, objects: Vec<Object>) -> Result<()> {
        self.queue.clear();
        for mut edited in objects {
            let Some((index, original)) =
                self.originals.iter().enumerate().find(|(_, original)| same_object(&original.base, &edited))
            else {
                return Err(Error::new(format!("secrets {:?} is none of those that were opened", edited.name())));
            };
            if let Some(namespace) = edited.namespace().filter(|namespace| *namespace != self.settings.namespace) {
                return Err(Error::new(format!(
                    "the namespace from the provided object {namespace:?} does not match the namespace {:?}. \
                     You must pass '--namespace={namespace}' to perform this operation.",
                    self.settings.namespace
                )));
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
            if self.settings.save_config {
                save_config(&mut edited);
            }
            self.queue.push_back(Task::Save { index, edited, tries: 0 });
        }
        Ok(())
    }

    fn ask(&mut self) -> Next {
        let lines: Vec<String> = self.queue.iter().filter_map(|task| self.receipt_of(task)).collect();
        if self.settings.confirm && !lines.is_empty() {
            return Next::Confirm(lines.join("\n"));
        }
        self.advance()
    }

    fn receipt_of(&self, task: &Task) -> Option<String> {
        match task {
            Task::Skip(_) => None,
            Task::Save { index, edited, .. } => {
                let original = self.originals.get(*index)?;
                let changes = receipt(original.base.json(), edited.json()).unwrap_or_else(|| "metadata".to_owned());
                Some(format!("secret/{}: {changes}", original.name))
            }
            Task::Copy(object) => {
                let changes = receipt(&Json::Null, object.json()).unwrap_or_else(|| "empty".to_owned());
                Some(format!("secret/{} (new): {changes}", object.name()))
            }
        }
    }

    /// The next task, or the end of the round.
    fn advance(&mut self) -> Next {
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

    /// The patch that makes `edited` of what the server has; nothing when there is no difference left.
    fn send(&mut self, index: usize, edited: Object, tries: u8) -> Option<Next> {
        let original = self.originals.get(index)?;
        let mut patch = merge::two_way(original.base.json(), edited.json());
        if tries > 0 && patch.as_object().is_some_and(serde_json::Map::is_empty) {
            self.output.push(Output::Show(edited, "edited"));
            return None;
        }
        if self.settings.output_patch {
            self.output
                .push(Output::Print(format!("Patch: {}", print::json::to_compact(&patch, print::Order::Sorted))));
        }
        // The server refuses when it has another version by now: what others did is never overwritten unseen.
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

    fn done(&mut self, object: Object) -> Next {
        match self.current.take() {
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
                let line = self.receipt_of(&task);
                self.output.extend(line.map(Output::Say));
                self.output.push(Output::Show(object, "created"));
            }
            None => {}
        }
        self.advance()
    }

    fn refused(&mut self, refusal: Refusal) -> Next {
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
        let mut known: Vec<Object> = self.originals.iter().map(|original| original.base.clone()).collect();
        match task {
            Task::Save { index, edited, .. } => {
                known.push(edited.clone());
                self.pending.push((index, edited));
            }
            Task::Copy(object) | Task::Skip(object) => known.push(object),
        }
        match refusal {
            Refusal::Invalid(causes) => {
                self.say(format!("error: secrets {name:?} is invalid"));
                let items = causes.iter().map(|(field, text)| format!("{field}: {}", redact(text, &known)));
                self.reasons.push(Reason { head: format!("secrets {name:?} was not valid"), items: items.collect() });
            }
            Refusal::Bad(text) if self.view.ours() => {
                self.say(format!("error: secrets {name:?} is invalid"));
                let items = vec![redact(&text, &known)];
                self.reasons.push(Reason { head: format!("secrets {name:?} was not valid"), items });
            }
            Refusal::NotFound(_) => {
                self.say(format!("error: secrets {name:?} could not be found on the server"));
                self.gone = true;
            }
            Refusal::Conflict(text) | Refusal::Bad(text) | Refusal::Other(text) => {
                let text = redact(&text, &known);
                self.say(format!("error: secrets {name:?} could not be patched: {text}"));
                self.retryable = true;
            }
        }
        self.advance()
    }

    /// Somebody changed the object since: both changes are put together.
    fn fetched(&mut self, mut theirs: Object) -> Next {
        let Some(Task::Save { index, edited, tries }) = self.current.take() else { return self.advance() };
        let Some(original) = self.originals.get_mut(index) else { return self.advance() };
        if let Some(metadata) = theirs.metadata_mut() {
            metadata.remove("managedFields");
        }
        let uid = |object: &Object| object.json()["metadata"]["uid"].clone();
        if uid(&original.base) != uid(&theirs) {
            let name = original.name.clone();
            self.say(format!("error: secrets {name:?} was deleted, and another of that name is there now"));
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
        self.say(format!("error: secrets {name:?} was changed by someone else in the same places"));
        self.reasons.push(Reason { head: format!("secrets {name:?} was changed by someone else too"), items });
        self.clashes.extend(clashes);
        self.pending.push((index, merged));
        self.advance()
    }

    /// A clash, for the header: the text is yours; theirs stands beside the key where the view can show it.
    fn describe(&self, clash: &Clash) -> String {
        let path = clash.path();
        match (&clash.theirs, self.view.ours()) {
            (None, _) => format!("{path}: yours is below; there it was removed"),
            (Some(_), true) => format!("{path}: yours is below, theirs beside it as a comment"),
            (Some(Json::String(theirs)), false) => format!("{path}: yours is below; there it is now {theirs}"),
            (Some(theirs), false) => format!("{path}: yours is below; there it is now {theirs}"),
        }
    }

    fn round_ends(&mut self) -> Next {
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
        // From here on, unchanged means as the server has it now.
        let bases: Vec<Object> = self.originals.iter().map(|original| original.base.clone()).collect();
        self.shown = self.with_header(&self.view.render(&bases, &[]));
        self.clashed = Some(text.clone());
        Next::Open(text)
    }
}

/// Whether an edited object is that one: by uid, as kubectl, or by name where the uid is not in the text.
fn same_object(original: &Object, edited: &Object) -> bool {
    let uid = |object: &Object| object.json()["metadata"]["uid"].as_str().map(str::to_owned);
    match (uid(original), uid(edited)) {
        (Some(original), Some(edited)) => original == edited,
        _ => original.name() == edited.name(),
    }
}

/// A new Secret with the content of one that cannot be changed.
fn copy_of(edited: &Object) -> Object {
    let mut copy = edited.clone();
    if let Some(metadata) = copy.metadata_mut() {
        for field in ["uid", "resourceVersion", "creationTimestamp", "generation", "ownerReferences", "selfLink"] {
            metadata.remove(field);
        }
    }
    copy
}

/// `--save-config`: the object as it is written, in the annotation that `kubectl apply` reads.
fn save_config(object: &mut Object) {
    const ANNOTATION: &str = "kubectl.kubernetes.io/last-applied-configuration";
    let Some(metadata) = object.metadata_mut() else { return };
    let annotations = metadata.entry("annotations").or_insert_with(|| json!({}));
    if let Some(annotations) = annotations.as_object_mut() {
        annotations.remove(ANNOTATION);
    }
    let mut text = print::json::to_compact(object.json(), print::Order::Sorted);
    text.push('\n');
    let mut text = Json::String(text);
    match object.metadata_mut().and_then(|metadata| metadata.get_mut("annotations")).and_then(Json::as_object_mut) {
        Some(annotations) => {
            annotations.insert(ANNOTATION.to_owned(), text);
        }
        None => wipe(&mut text),
    }
}

#[cfg(test)]
#[path = "conversation_tests.rs"]
mod tests;
