//! The conversation with an editor and a server, as a pure state machine: what happened goes in, what to do comes out.
//!
//! The flow, the words and the exit statuses are kubectl's (`pkg/cmd/util/editor`). Different are: nothing is sent before
//! everything in the file is known to be right; a request carries the version that was edited, so that a change made by
//! another client meanwhile is merged key by key and never overwritten; no reason repeats a value; and a text that cannot
//! be saved is handed back to be kept.

mod reading;
mod saving;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use super::{
    conflict::Clash,
    session::Text,
    view::{View, has_lines},
};
use crate::{
    error::{Error, Result},
    secret::Object,
};

/// How often one save is retried after other clients changed the object. Why: a controller that writes all the time
/// would keep the loop going for ever.
const PATIENCE: u8 = 5;

/// How often the editor is opened. Why: a script as editor that changes the file each time, and never into something
/// that can be saved, would be run for ever.
const ROUNDS: u8 = 50;

/// What the flags ask for.
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
    /// What saving does.
    pub aim: Aim,
}

/// What saving does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Aim {
    /// Change the objects on the server.
    #[default]
    Change,
    /// Create the objects, which are not on the server, if the text was changed (kubectl's `EditBeforeCreateMode`).
    Create,
    /// Create the objects, which are no longer on the server, whether or not the text was changed.
    PutBack,
    /// Write the last-applied annotation, which the objects were read from (kubectl's `ApplyEditMode`).
    LastApplied,
}

impl Aim {
    /// Returns whether the first refusal by the server ends the conversation, with the server's message as its error.
    /// kubectl opens the editor again only when it edits existing objects.
    pub fn ends_at_refusal(self) -> bool {
        matches!(self, Self::Create | Self::LastApplied)
    }
}

/// What has happened since the last step.
pub enum Event {
    /// The editor ended with status 0 and left this text.
    Saved(Text),
    /// The editor failed; the text that it left, if it can be read.
    EditorFailed(Error, Option<Text>),
    /// The answer to [`Next::Confirm`].
    Confirmed(bool),
    /// The object as the server has it after [`Next::Patch`] or [`Next::Create`].
    Done(Object),
    /// The answer to [`Next::Fetch`].
    Fetched(Object),
    /// The server refused the last request.
    Refused(Refusal),
    /// The server refused the last request, and that ends the conversation ([`Aim::ends_at_refusal`]).
    Failed(Error),
}

/// Why a server refused.
pub enum Refusal {
    /// 422, with its causes: field and message.
    Invalid(Vec<(String, String)>),
    /// 404.
    NotFound(String),
    /// 409: another client changed the object meanwhile.
    Conflict(String),
    /// 400 and 413: the request itself is wrong, so a retry cannot help.
    Bad(String),
    /// Any other status or a failed connection, with the client's message.
    Other(String),
}

/// What the caller does next. Invariant: the caller does exactly this and passes its outcome as the next [`Event`].
pub enum Next {
    /// Open this text in the editor.
    Open(Text),
    /// Ask the user this question.
    Confirm(String),
    /// Send a strategic merge patch.
    Patch {
        /// The Secret.
        name: String,
        /// The patch.
        body: Object,
    },
    /// Create the object.
    Create(Object),
    /// Write the last-applied annotation of an object.
    Annotate {
        /// What was last applied, as edited.
        edited: Object,
        /// The merge patch.
        body: Object,
    },
    /// Get the current version of the Secret of this name.
    Fetch(String),
    /// End: the result, and the text to keep if it was not saved.
    Finish(Result<()>, Option<Text>),
}

/// What the caller prints, in order.
pub enum Output {
    /// A line on standard error.
    Say(String),
    /// A line on standard output.
    Print(String),
    /// An object and what was done with it (`edited`, `skipped`, `created`), for the printer of `-o`.
    Show(Object, &'static str),
}

/// What the caller prints, and what it does after that.
pub struct Step {
    /// What to print, in order.
    pub output: Vec<Output>,
    /// What to do after printing.
    pub next: Next,
}

struct Original {
    /// The object that changes are computed against: as the server last returned it.
    base: Object,
    /// The `resourceVersion` that every patch carries. Invariant: it belongs to `base`, so that the server refuses with
    /// 409 if another client has written since.
    version: Option<String>,
    /// The name for messages and requests. The text may have another.
    name: String,
    /// Whether this conversation has saved the object.
    saved: bool,
}

enum Task {
    Skip(Object),
    Save { index: usize, edited: Object, tries: u8 },
    Copy(Object),
}

/// A reason why the editor opens again: a line for the header, and lines below it.
struct Reason {
    head: String,
    items: Vec<String>,
}

/// The state of one edit. Start it with [`Conversation::begin`].
pub struct Conversation {
    view: Box<dyn View>,
    settings: Settings,
    originals: Vec<Original>,
    /// The text as it was first shown.
    shown: Text,
    /// The text as it was last saved in the editor.
    text: Text,
    /// The text of the last round, if it ended in an error. The same text again ends the edit.
    failed: Option<Text>,
    /// The text that was opened after clashes. Saving it without any change, comments included, ends the edit.
    clashed: Option<Text>,
    queue: VecDeque<Task>,
    current: Option<Task>,
    reasons: Vec<Reason>,
    clashes: Vec<Clash>,
    /// Objects that could not be saved because of a clash, with the merge result that the next text shows.
    pending: Vec<(usize, Object)>,
    rounds: u8,
    gone: bool,
    retryable: bool,
    output: Vec<Output>,
}

impl Conversation {
    /// Starts to edit these objects, as the server returned them; also returns the text to open first. `managedFields`
    /// are left out, as kubectl does.
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
            rounds: 0,
            gone: false,
            retryable: false,
            output: Vec::new(),
        };
        let text = conversation.with_header(&body);
        conversation.shown = text.clone();
        (conversation, Next::Open(text))
    }

    /// Returns whether the text differs from the one that was first shown; other texts are not kept.
    pub fn worth_keeping(&self, text: &[u8]) -> bool {
        has_lines(text) && !self.view.same(&self.shown, text)
    }

    /// Returns the text as it was last saved in the editor.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// Advances by one event.
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
            Event::Failed(error) => Next::Finish(Err(error), Some(std::mem::take(&mut self.text))),
        };
        Step { output: std::mem::take(&mut self.output), next }
    }

    fn say(&mut self, line: impl Into<String>) {
        self.output.push(Output::Say(line.into()));
    }

    /// Ends without an error and without saving; the text is kept.
    fn stop(&mut self, line: &str) -> Next {
        self.say(line);
        Next::Finish(Ok(()), Some(std::mem::take(&mut self.text)))
    }

    fn fail(&mut self, text: impl std::fmt::Display) -> Next {
        Next::Finish(Err(Error::new(text)), Some(std::mem::take(&mut self.text)))
    }

    /// Returns the first object's name. kubectl names the whole file by it if the file cannot be read.
    fn first(&self) -> String {
        self.originals.first().map_or_else(String::new, |original| original.name.clone())
    }
}
