//! What went wrong, in words: the one error type that commands return and `main` prints.
//!
//! kubectl has several ways to begin an error line (`error: `, `Error from server (NotFound): `, `The Secret "x" is
//! invalid: ` …), so an [`Error`] carries its whole first line, finished. Advice goes into hints, a line each, which
//! follow it. No value of a Secret may ever be put into either.

use std::fmt;

use client::{Failure, Words};

/// The result of anything that can fail with words for a person.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure, ready to be shown: its line, its hints, and the exit status that it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    lines: Vec<String>,
    hints: Vec<String>,
    status: u8,
    /// The line in the place of `lines` where it stands among other errors, if it differs.
    among_others: Option<String>,
    signal: Option<u8>,
    /// Whether there was nothing to do for this program, and why.
    idle: Option<Idle>,
}

/// Why there was nothing to do for this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Idle {
    /// A verb, kind or manifest is not ours.
    Foreign,
    /// Of what was named nothing is left.
    Nothing,
}

impl Error {
    /// A local error: printed as `error: TEXT`, exit status 1. TEXT is a lower-case fragment without a full stop.
    pub fn new(text: impl fmt::Display) -> Self {
        Self::bare(format!("error: {text}"))
    }

    /// An error whose line is complete, prefix included (`Error from server (NotFound): …`).
    pub fn bare(line: impl Into<String>) -> Self {
        Self { lines: vec![line.into()], hints: Vec::new(), status: 1, among_others: None, signal: None, idle: None }
    }

    /// A usage error: `error: TEXT`, then the line that points at help, as kubectl's `UsageErrorf` and flag errors do.
    pub fn usage(text: impl fmt::Display, see: impl Into<String>) -> Self {
        Self {
            lines: vec![format!("error: {text}"), see.into()],
            hints: Vec::new(),
            status: 1,
            among_others: None,
            signal: None,
            idle: None,
        }
    }

    /// Several failures of one command, shown one after the other, as kubectl does when one bad object does not stop
    /// the rest: where there is more than one, its `checkErr` leaves `error: ` out. The first one's exit status counts.
    pub fn many(mut errors: Vec<Error>) -> Self {
        if errors.len() == 1 {
            return errors.remove(0);
        }
        let status = errors.first().map_or(1, |e| e.status);
        let mut all =
            Self { lines: Vec::new(), hints: Vec::new(), status, among_others: None, signal: None, idle: None };
        for error in errors {
            let lines = error.among_others.map_or(error.lines, |line| vec![line]).into_iter();
            all.lines.extend(lines.map(|line| line.strip_prefix("error: ").map(str::to_owned).unwrap_or(line)));
            for hint in error.hints {
                if !all.hints.contains(&hint) {
                    all.hints.push(hint);
                }
            }
        }
        all
    }

    /// A failure that has said all it has to say elsewhere: only the exit status remains.
    pub fn silent(status: u8) -> Self {
        Self { lines: Vec::new(), hints: Vec::new(), status, among_others: None, signal: None, idle: None }
    }

    /// Adds a line of advice, printed as `hint: TEXT`.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.hints.push(text.into());
        self
    }

    /// Adds the advice of another error, where it has one.
    #[must_use]
    pub fn hints_of(mut self, hints: Option<&str>) -> Self {
        self.hints.extend(hints.map(str::to_owned));
        self
    }

    /// Sets the line that [`Error::many`] shows in its place: kubectl's `checkErr` words some errors in another way among
    /// others.
    #[must_use]
    pub fn among_others(mut self, line: impl Into<String>) -> Self {
        self.among_others = Some(line.into());
        self
    }

    /// Marks the error as the refusal of a verb, kind or manifest that is not ours: a fallback takes it.
    #[must_use]
    pub fn foreign(mut self) -> Self {
        self.idle = Some(Idle::Foreign);
        self
    }

    /// Returns whether the command was refused, before it did anything, as another program's.
    pub fn is_foreign(&self) -> bool {
        self.idle == Some(Idle::Foreign)
    }

    /// Marks the error as one of a command that has no object to work on: it is none if a fallback has.
    #[must_use]
    pub fn of_nothing(mut self) -> Self {
        self.idle = Some(Idle::Nothing);
        self
    }

    /// Returns whether there was nothing to do, before anything was done.
    pub fn is_idle(&self) -> bool {
        self.idle.is_some()
    }

    /// Sets the exit status (1 unless told otherwise).
    #[must_use]
    pub fn status(mut self, status: u8) -> Self {
        self.status = status;
        self
    }

    /// Has the process end as one that this signal ended, once the lines are shown: a shell ends its script then, and does
    /// not for an exit status.
    #[must_use]
    pub fn ended_by(mut self, signal: u8) -> Self {
        self.signal = Some(signal);
        self.status(128 + signal)
    }

    /// The signal by which the process is to end, if it is to end by one.
    pub fn signal(&self) -> Option<u8> {
        self.signal
    }

    /// The exit status.
    pub fn exit_status(&self) -> u8 {
        self.status
    }

    /// The lines of the error, without hints.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// The hints.
    pub fn hints(&self) -> &[String] {
        &self.hints
    }

    /// The text after `error: `, for wrapping into another error; the whole line where it begins otherwise.
    pub fn text(&self) -> String {
        let all = self.lines.join("\n");
        all.strip_prefix("error: ").map_or(all.clone(), str::to_owned)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines.join("\n"))
    }
}

impl std::error::Error for Error {}

/// kubectl's words for a failed request.
impl From<Words> for Error {
    fn from(Words { line, among_others, hint }: Words) -> Self {
        Self { among_others, hints: hint.into_iter().collect(), ..Self::bare(line) }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        failure.words().into()
    }
}

/// A failure of our own making: its line is kept, whatever it begins with.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let failure = Self::local(error.text());
        match error.hints().first() {
            Some(hint) => failure.hint(hint.as_str()),
            None => failure,
        }
    }
}

/// A failure of the system that kubectl has no words for: what was tried, then why it failed.
impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::new(format_args!("{error:#}"))
    }
}
