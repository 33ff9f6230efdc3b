//! Signals that ask this process to end, for work that must not be ended at once.

use std::{
    future::pending,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use platform::is_ignored;
use rustix::process::Signal;
use tokio::signal::unix::{self, SignalKind};

/// Suspends the default action of a signal while a value of this type exists. Without one the signal ends the process,
/// as if it had no handler.
pub struct Busy(&'static Line);

/// A signal, and the state of its handler.
struct Line {
    signal: Signal,
    /// Whether no `Busy` exists for the signal. Why: a handler cannot be removed without a race, so the one that is
    /// installed stays, and takes the default action while this flag is true.
    idle: OnceLock<Arc<AtomicBool>>,
    /// How many `Busy` exist. Why: work that handles signals may run inside other such work; only the end of the outer
    /// one restores the default action.
    count: AtomicUsize,
}

impl Line {
    const fn of(signal: Signal) -> Self {
        Self { signal, idle: OnceLock::new(), count: AtomicUsize::new(0) }
    }

    fn idle(&self) -> &AtomicBool {
        self.idle.get_or_init(|| {
            let idle = Arc::new(AtomicBool::new(true));
            // Why: a signal that the process was started with as ignored (`nohup`) stays ignored.
            if !is_ignored(self.signal) {
                let _ = signal_hook::flag::register_conditional_default(self.signal.as_raw(), Arc::clone(&idle));
            }
            idle
        })
    }
}

static LINES: [Line; 4] =
    [Line::of(Signal::INT), Line::of(Signal::TERM), Line::of(Signal::HUP), Line::of(Signal::QUIT)];

impl Busy {
    /// Begins for all four signals.
    pub fn all() -> [Self; 4] {
        LINES.each_ref().map(Self::begin)
    }

    /// Begins for one signal; `None` if it is not among the four.
    fn of(signal: Signal) -> Option<Self> {
        LINES.iter().find(|line| line.signal == signal).map(Self::begin)
    }

    fn begin(line: &'static Line) -> Self {
        let idle = line.idle();
        line.count.fetch_add(1, Ordering::SeqCst);
        idle.store(false, Ordering::SeqCst);
        Self(line)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        if self.0.count.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.idle().store(true, Ordering::SeqCst);
        }
    }
}

/// A signal that is delivered to [`Watched::next`] instead of ending the process, while this exists.
pub struct Watched {
    signal: unix::Signal,
    _busy: Option<Busy>,
}

impl Watched {
    /// Begins to watch a signal; must be called in a Tokio runtime. Returns `None` if the process was started with the
    /// signal ignored, as a shell starts background jobs, or if it cannot be watched.
    pub fn begin(signal: Signal) -> Option<Self> {
        if is_ignored(signal) {
            return None;
        }
        let busy = Busy::of(signal);
        let signal = unix::signal(SignalKind::from_raw(signal.as_raw())).ok()?;
        Some(Self { signal, _busy: busy })
    }

    /// Waits for the next signal; for ever if `watched` is `None`.
    pub async fn next(watched: &mut Option<Self>) {
        let told = match watched {
            Some(Self { signal, .. }) => signal.recv().await,
            None => None,
        };
        if told.is_none() {
            pending().await
        }
    }
}

/// Signals that ask this process to end, for synchronous work that looks between its steps.
pub struct Noticed {
    came: Arc<AtomicUsize>,
    handlers: Vec<signal_hook::SigId>,
    _busy: Vec<Busy>,
}

impl Noticed {
    /// Begins for SIGINT and SIGTERM; a signal that is ignored stays ignored.
    pub fn begin() -> Self {
        let came = Arc::new(AtomicUsize::new(0));
        let signals = [Signal::INT, Signal::TERM].into_iter().filter(|signal| !is_ignored(*signal));
        let (mut handlers, mut busy) = (Vec::new(), Vec::new());
        for signal in signals {
            busy.extend(Busy::of(signal));
            let number = signal.as_raw();
            let handler = signal_hook::flag::register_usize(
                number,
                Arc::clone(&came),
                usize::try_from(number).unwrap_or_default(),
            );
            handlers.extend(handler);
        }
        Self { came, handlers, _busy: busy }
    }

    /// Returns the last signal that arrived, or `None`.
    pub fn signal(&self) -> Option<Signal> {
        let number = self.came.load(Ordering::SeqCst);
        [Signal::INT, Signal::TERM].into_iter().find(|signal| usize::try_from(signal.as_raw()) == Ok(number))
    }
}

impl Drop for Noticed {
    fn drop(&mut self) {
        for handler in self.handlers.drain(..) {
            signal_hook::low_level::unregister(handler);
        }
    }
}

/// Runs `work` until it is done or SIGINT, SIGTERM or SIGHUP arrives. The caller can then still keep an edit that was
/// typed.
///
/// # Errors
/// The exit status for the signal.
pub async fn unless_interrupted<T>(work: impl Future<Output = T>) -> Result<T, u8> {
    let [mut interrupt, mut terminate, mut hangup] = [Signal::INT, Signal::TERM, Signal::HUP].map(Watched::begin);
    tokio::select! {
        outcome = work => Ok(outcome),
        () = Watched::next(&mut interrupt) => Err(130),
        () = Watched::next(&mut terminate) => Err(143),
        () = Watched::next(&mut hangup) => Err(129),
    }
}
