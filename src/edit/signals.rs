//! Signals that ask this process to end, where it must not end at once.

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

/// Lets a signal be handled here for as long as one lives; otherwise it does what it does without any handler.
pub struct Busy(&'static Line);

/// A signal that ends a process.
struct Line {
    signal: Signal,
    /// Whether no task waits for it. Why: a handler once set cannot be taken back, so while the flag is true a second handler
    /// does what the system would have done without any.
    idle: OnceLock<Arc<AtomicBool>>,
    /// How many wait for it. Why: work that waits for a signal may wait within other such work.
    count: AtomicUsize,
}

impl Line {
    const fn of(signal: Signal) -> Self {
        Self { signal, idle: OnceLock::new(), count: AtomicUsize::new(0) }
    }

    fn idle(&self) -> &AtomicBool {
        self.idle.get_or_init(|| {
            let idle = Arc::new(AtomicBool::new(true));
            // What is ignored (nohup) stays so.
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
    /// Begins, for all signals.
    pub fn all() -> [Self; 4] {
        LINES.each_ref().map(Self::begin)
    }

    /// Begins, for one.
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

/// A signal, told instead of ending the process for as long as this lives.
pub struct Watched {
    signal: unix::Signal,
    _busy: Option<Busy>,
}

impl Watched {
    /// Begins to watch; needs a runtime. `None` where the process was started with the signal ignored, as a shell starts what
    /// runs in the background, and where it cannot be watched.
    pub fn begin(signal: Signal) -> Option<Self> {
        if is_ignored(signal) {
            return None;
        }
        let busy = Busy::of(signal);
        let signal = unix::signal(SignalKind::from_raw(signal.as_raw())).ok()?;
        Some(Self { signal, _busy: busy })
    }

    /// Waits for the next one; for ever if none are watched.
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

/// Signals that ask this process to end, noticed by work that waits for nothing.
pub struct Noticed {
    came: Arc<AtomicUsize>,
    handlers: Vec<signal_hook::SigId>,
    _busy: Vec<Busy>,
}

impl Noticed {
    /// Begins, for SIGINT and SIGTERM; what is ignored stays so.
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

    /// Returns the last one that came.
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

/// Runs `work`, unless a signal that asks us to end comes first: then what was typed can still be kept.
///
/// # Errors
/// The exit status that the signal means.
pub async fn unless_interrupted<T>(work: impl Future<Output = T>) -> Result<T, u8> {
    let [mut interrupt, mut terminate, mut hangup] = [Signal::INT, Signal::TERM, Signal::HUP].map(Watched::begin);
    tokio::select! {
        outcome = work => Ok(outcome),
        () = Watched::next(&mut interrupt) => Err(130),
        () = Watched::next(&mut terminate) => Err(143),
        () = Watched::next(&mut hangup) => Err(129),
    }
}
