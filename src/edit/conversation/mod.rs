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

/// How often a save is tried again after others changed the object in between.
const PATIENCE: u8 = 5;

/// How often the editor is opened again. No person goes on for as long; a script that appends to the file each time would
/// for ever.
const ROUNDS: u8 = 50;

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
    /// What becomes of what is saved.
    pub aim: Aim,
}

/// What becomes of what is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Aim {
    /// The objects are changed on the server.
    #[default]
    Change,
    /// The objects are not on the server: they are created if the text was changed (kubectl's `EditBeforeCreateMode`).
    Create,
    /// The objects are no longer on the server: they are created, changed or not.
    PutBack,
    /// The objects are what was last applied: the annotation is written (kubectl's `ApplyEditMode`).
    LastApplied,
}

impl Aim {
    /// Whether the first refusal of the server ends the conversation, in the server's words: kubectl opens the editor again
    /// only for changes.
    pub fn ends_at_refusal(self) -> bool {
        matches!(self, Self::Create | Self::LastApplied)
    }
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
    /// As [`Event::Refused`], where that ends the conversation ([`Aim::ends_at_refusal`]).
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
    /// 400 and 413: the request is wrong in itself.
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
    /// Make a new object.
    Create(Object),
    /// Write the last-applied annotation of an object.
    Annotate {
        /// What was last applied, as edited.
        edited: Object,
        /// The merge patch.
        body: Object,
    },
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
    rounds: u8,
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
            rounds: 0,
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

    /// The text as it was last saved in the editor.
    pub fn text(&self) -> &Text {
        &self.text
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
            Event::Failed(error) => Next::Finish(Err(error), Some(std::mem::take(&mut self.text))),
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
}
