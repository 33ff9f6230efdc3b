//! The progress of work on many objects: a line on the terminal while it runs, and the report of an interruption.

use std::{
    cell::Cell,
    fmt::Write as _,
    pin::pin,
    time::{Duration, Instant},
};

use futures::{
    FutureExt as _,
    future::{Either, select},
};
use rustix::process::Signal;

use super::interrupt::{Interrupts, interrupted};
use crate::{cli::flags::DryRun, context::Context, error::Error};

/// How long work runs before the line appears.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the line is drawn.
const EVERY: Duration = Duration::from_millis(100);
/// How long SIGTERM waits for requests in flight. Why a limit: a supervisor sends it only once, and a server may never
/// answer.
const GRACE: Duration = Duration::from_secs(5);

/// The operation on each object.
#[derive(Debug, Clone, Copy)]
pub struct Verb {
    /// The past participle: `created`.
    pub done: &'static str,
    /// The dry-run strategy.
    pub dry_run: DryRun,
}

/// The progress of work on many objects.
#[derive(Debug)]
pub struct Progress {
    verb: Verb,
    total: usize,
    done: Cell<usize>,
    failed: Cell<usize>,
    /// The number of requests in flight when a signal arrived, which are waited for.
    last: Cell<Option<usize>>,
    line: Option<Line>,
}

/// The line on the terminal. Why an option: without a line no clock is read, which would cost more than the rest.
#[derive(Debug)]
struct Line {
    begun: Instant,
    due: Cell<Instant>,
}

impl Progress {
    /// Begins. The line is drawn on a terminal, for more than one object.
    pub fn begin(verb: Verb, total: usize, ctx: &Context) -> Self {
        let line = (ctx.draws && total > 1).then(|| {
            let begun = Instant::now();
            Line { begun, due: Cell::new(begun + PATIENCE) }
        });
        Self { verb, total, done: Cell::new(0), failed: Cell::new(0), last: Cell::new(None), line }
    }

    /// Counts an object that succeeded, or failed.
    pub fn count(&self, is_done: bool) {
        let counter = if is_done { &self.done } else { &self.failed };
        counter.set(counter.get() + 1);
    }

    /// Returns how many are done.
    pub fn done(&self) -> usize {
        self.done.get()
    }

    /// Flushes what was printed to a terminal, and draws the line below it.
    pub fn shown(&self, ctx: &mut Context) {
        if ctx.terminals.stdout {
            let _ = ctx.flush_stdout();
        }
        self.draw(ctx);
    }

    /// Draws the line if it is due, or if output has erased it.
    pub fn draw(&self, ctx: &mut Context) {
        let Some(Line { begun, due }) = &self.line else { return };
        let now = Instant::now();
        let is_due = now >= due.get();
        if is_due {
            due.set(now + EVERY);
        }
        if is_due || (!ctx.is_drawn() && now >= *begun + PATIENCE) {
            let width =
                rustix::termios::tcgetwinsize(rustix::stdio::stderr()).map_or(0, |size| usize::from(size.ws_col));
            let mut text = self.text(now.duration_since(*begun));
            // Why: a terminal wraps a longer line, and only its last row would be erased.
            text.truncate(if width == 0 { 79 } else { width - 1 });
            ctx.draw(&text);
        }
    }

    fn text(&self, elapsed: Duration) -> String {
        let (Verb { done, .. }, count) = (self.verb, self.done.get());
        let mut text = format!("{done} {count} of {}", self.total);
        let tenths = count as u128 * 10_000 / elapsed.as_millis().max(1);
        let _ = match (tenths / 10, tenths % 10) {
            (whole @ 0..10, tenth) => write!(text, ", {whole}.{tenth}/s"),
            (whole, _) => write!(text, ", {whole}/s"),
        };
        self.add_failed(&mut text);
        if let Some(requests) = self.last.get() {
            let noun = if requests == 1 { "request" } else { "requests" };
            let _ = write!(text, ", waiting for {requests} {noun} (Ctrl-C leaves them)");
        }
        text
    }

    fn add_failed(&self, text: &mut String) {
        match self.failed.get() {
            0 => {}
            failed => {
                let _ = write!(text, ", {failed} failed");
            }
        }
    }

    /// Waits until the line is due; for ever if there is none.
    pub async fn due(&self) {
        match &self.line {
            Some(line) => tokio::time::sleep_until(line.due.get().into()).await,
            None => std::future::pending().await,
        }
    }

    /// Runs `work` and draws the line meanwhile.
    pub async fn beside<T>(&self, ctx: &mut Context, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                biased;
                outcome = &mut work => return outcome,
                () = self.due() => self.draw(ctx),
            }
        }
    }

    /// Returns the error that reports an interruption: `interrupted: 730 of 20000 created`, followed by `more`.
    pub fn interrupted(&self, more: &str) -> Error {
        let Verb { done, dry_run } = self.verb;
        let mut text = format!("interrupted: {} of {} {done}{}", self.done.get(), self.total, dry_run.suffix());
        self.add_failed(&mut text);
        Error::bare(text + more)
    }
}

/// Work that a signal ends in order: requests in flight are completed and reported, and no new ones are begun.
pub struct Run {
    /// The progress.
    pub progress: Progress,
    interrupts: Interrupts,
    ended: Option<Signal>,
    /// When requests in flight are abandoned.
    deadline: Option<Instant>,
}

impl Run {
    /// Begins. For a single object, signals keep their default action.
    pub fn begin(verb: Verb, total: usize, ctx: &Context) -> Self {
        let interrupts = Interrupts::of_many(total);
        Self { progress: Progress::begin(verb, total, ctx), interrupts, ended: None, deadline: None }
    }

    /// Returns whether no new request may be begun.
    pub fn is_over(&self) -> bool {
        self.ended.is_some()
    }

    /// Waits for `work`, with `in_flight` requests open. Returns `None` if they are abandoned: at the second signal, or
    /// after the time that SIGTERM allows.
    pub async fn next<T>(&mut self, in_flight: usize, ctx: &mut Context, work: impl Future<Output = T>) -> Option<T> {
        self.progress.last.set(self.is_over().then_some(in_flight));
        // Why first: work that is always ready would hide every signal.
        if let Some(signal) = self.interrupts.next().now_or_never()
            && self.is_left(signal, in_flight)
        {
            return None;
        }
        let work = pin!(work);
        let left = pin!(self.left(in_flight, ctx));
        match select(work, left).await {
            Either::Left((outcome, _)) => Some(outcome),
            Either::Right(_) => None,
        }
    }

    /// Waits until the work must be abandoned, and draws the line. Why a function of its own: it does not depend on the
    /// type of the work, so it is compiled once.
    async fn left(&mut self, in_flight: usize, ctx: &mut Context) {
        // Why: results are visible while the rest is waited for.
        let _ = ctx.flush_stdout();
        loop {
            tokio::select! {
                biased;
                signal = self.interrupts.next() => {
                    if self.is_left(signal, in_flight) {
                        return;
                    }
                }
                () = self.progress.due() => {}
                () = at(self.deadline) => return,
            }
            self.progress.draw(ctx);
        }
    }

    /// Records a signal. Returns whether it is the second one.
    fn is_left(&mut self, signal: Signal, in_flight: usize) -> bool {
        if signal == Signal::TERM {
            self.deadline = Some(Instant::now() + GRACE);
        }
        self.progress.last.set(Some(in_flight));
        self.ended.replace(signal).is_some()
    }

    /// Ends the work and erases the line. Returns the failures; after a signal an error with the progress. `left`
    /// requests have no response.
    ///
    /// # Errors
    /// The interruption, with all failures.
    pub fn end(self, mut failures: Vec<Error>, left: usize, ctx: &mut Context) -> Result<Vec<Error>, Error> {
        ctx.erase();
        // Also if everything is done: whatever should have followed is not, and a shell script must stop.
        let Some(signal) = self.ended else { return Ok(failures) };
        let more = match left {
            0 => String::new(),
            1 => ", 1 was sent and has no answer".to_owned(),
            left => format!(", {left} were sent and have no answer"),
        };
        failures.push(self.progress.interrupted(&more));
        Err(interrupted(Error::many(failures), signal))
    }
}

async fn at(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
        None => std::future::pending().await,
    }
}
