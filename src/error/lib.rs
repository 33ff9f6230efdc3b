//! Errors of commands, in words: the one error type that commands return and `main` prints.
//!
//! kubectl has several forms of an error line (`error: `, `Error from server (NotFound): `, `The Secret "x" is invalid:
//! ` …), so an [`Error`] has its complete first line. Hints follow, each on a line. Invariant: neither contains a value
//! of a Secret.

use std::{fmt, io};

use client::{Failure, Words};
use go::errno;

/// The result of functions that fail with words for the user.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure that is ready to be printed: its lines, its hints, and its exit status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    lines: Vec<String>,
    hints: Vec<String>,
    status: u8,
    /// The line to print instead of `lines` if the error is one of several, if it differs.
    among_others: Option<String>,
    signal: Option<u8>,
    /// Set if this program had nothing to do.
    idle: Option<Idle>,
}

/// Why this program had nothing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Idle {
    /// A verb, kind or manifest belongs to another program.
    Foreign,
    /// No object is left of those that were named.
    Nothing,
}

impl Error {
    /// Returns a local error: printed as `error: TEXT`, exit status 1. TEXT is a lower-case fragment without a full
    /// stop.
    pub fn new(text: impl fmt::Display) -> Self {
        Self::bare(format!("error: {text}"))
    }

    /// Returns the error of a failed call to the system: what was tried, then why it failed, in Go's words.
    pub fn system(tried: impl fmt::Display, error: &io::Error) -> Self {
        Self::new(format_args!("{tried}: {}", errno::text(error)))
    }

    /// Returns an error whose line is complete, prefix included (`Error from server (NotFound): …`).
    pub fn bare(line: impl Into<String>) -> Self {
        Self { lines: vec![line.into()], hints: Vec::new(), status: 1, among_others: None, signal: None, idle: None }
    }

    /// Returns a usage error: `error: TEXT`, then a line that refers to help, as kubectl's `UsageErrorf` and flag
    /// errors do.
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

    /// Joins several failures of one command, which are printed one after the other, as kubectl does if it goes on
    /// after a failed object. If there is more than one, kubectl's `checkErr` omits `error: `. The exit status is that
    /// of the first, unless one of them ends the process by a signal.
    pub fn many(mut errors: Vec<Error>) -> Self {
        if errors.len() == 1 {
            return errors.remove(0);
        }
        let signal = errors.iter().find_map(|error| error.signal);
        let status = signal.map_or_else(|| errors.first().map_or(1, |error| error.status), |signal| 128 + signal);
        let mut all = Self { lines: Vec::new(), hints: Vec::new(), status, among_others: None, signal, idle: None };
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

    /// Returns the failures that came before, and then this one, whose end of the process it keeps.
    #[must_use]
    pub fn after(self, mut failures: Vec<Error>) -> Self {
        let status = self.status;
        failures.push(self);
        Self { status, ..Self::many(failures) }
    }

    /// Returns a failure without lines: its message was printed elsewhere, and only the exit status remains.
    pub fn silent(status: u8) -> Self {
        Self { lines: Vec::new(), hints: Vec::new(), status, among_others: None, signal: None, idle: None }
    }

    /// Adds a hint, printed as `hint: TEXT`.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.hints.push(text.into());
        self
    }

    /// Adds the hints of another error, if it has any.
    #[must_use]
    pub fn hints_of(mut self, hints: Option<&str>) -> Self {
        self.hints.extend(hints.map(str::to_owned));
        self
    }

    /// Sets the line that [`Error::many`] prints instead: kubectl's `checkErr` words some errors differently if there
    /// are several.
    #[must_use]
    pub fn among_others(mut self, line: impl Into<String>) -> Self {
        self.among_others = Some(line.into());
        self
    }

    /// Marks the error as the refusal of a verb, kind or manifest that belongs to another program, so that a fallback
    /// program gets it.
    #[must_use]
    pub fn foreign(mut self) -> Self {
        self.idle = Some(Idle::Foreign);
        self
    }

    /// Returns `true` if the command was refused as another program's before it did anything.
    pub fn is_foreign(&self) -> bool {
        self.idle == Some(Idle::Foreign)
    }

    /// Marks the error as that of a command without an object to work on. It is no error if a fallback program has one.
    #[must_use]
    pub fn of_nothing(mut self) -> Self {
        self.idle = Some(Idle::Nothing);
        self
    }

    /// Returns `true` if this program had nothing to do, and did nothing.
    pub fn is_idle(&self) -> bool {
        self.idle.is_some()
    }

    /// Sets the exit status (1 by default).
    #[must_use]
    pub fn status(mut self, status: u8) -> Self {
        self.status = status;
        self
    }

    /// Makes the process end by this signal after the lines are printed. Why: a shell ends its script if a command was
    /// ended by SIGINT, but not because of an exit status.
    #[must_use]
    pub fn ended_by(mut self, signal: u8) -> Self {
        self.signal = Some(signal);
        self.status(128 + signal)
    }

    /// Returns the signal by which the process is to end, if there is one.
    pub fn signal(&self) -> Option<u8> {
        self.signal
    }

    /// Returns whether a signal ended the work: the process ends by it, or with its status.
    pub fn is_interruption(&self) -> bool {
        self.signal.is_some() || self.status > 128
    }

    /// Returns the exit status.
    pub fn exit_status(&self) -> u8 {
        self.status
    }

    /// Returns the lines of the error, without hints.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// Returns the hints.
    pub fn hints(&self) -> &[String] {
        &self.hints
    }

    /// Returns the text after `error: `, for use in another error; the whole line if it has another prefix.
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

/// Converts an error of this program; its line is kept, whatever its prefix is.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let failure = Self::local(error.text());
        match error.hints().first() {
            Some(hint) => failure.hint(hint.as_str()),
            None => failure,
        }
    }
}

/// Converts an error of the system for which kubectl has no words: what was tried, then why it failed.
impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        let causes = error.chain().map(|cause| match cause.downcast_ref() {
            Some(error) => errno::text(error),
            None => cause.to_string(),
        });
        Self::new(causes.collect::<Vec<_>>().join(": "))
    }
}
