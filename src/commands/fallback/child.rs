//! The program as a child: what it reads, what it writes, how it ends.

use std::{
    io::{Read as _, Write as _},
    os::unix::process::ExitStatusExt as _,
    process::{Child, Command, ExitStatus, Stdio},
};

use anyhow::Context as _;
use rustix::process::{Pid, Signal, kill_process};
use tokio::signal::unix::{self, SignalKind};
use zeroize::Zeroizing;

use super::Program;
use crate::{
    commands::session,
    context::{Context, output_error},
    error::{Error, Result},
    secret::Object,
};

/// The exit status of what Ctrl-C ended.
pub const INTERRUPTED: u8 = 130;

/// What the program reads from standard input.
pub enum Input<'a> {
    /// What this process would read.
    Inherited,
    /// These objects, as JSON.
    Documents(&'a [Object]),
}

/// Where what it writes to standard output goes.
pub enum Output<'a> {
    /// To standard output, as it is.
    Inherited,
    /// Through [`Context::stdout`], which knows what stands between two parts.
    Passed,
    /// Into this.
    Kept(&'a mut Vec<u8>),
}

/// Runs the program to its end, as a part of what this one does. Returns its exit status, 128 and the number of a signal
/// that killed it.
///
/// # Errors
/// A program that cannot be started, an output that cannot be written.
pub fn run(program: &Program, command: Command, input: Input<'_>, output: Output<'_>, ctx: &mut Context) -> Result<u8> {
    ctx.flush_stdout().map_err(|error| output_error(&error))?;
    let terminal = ctx.terminals.stdin;
    let mut keep;
    let mut pass = |bytes: &[u8]| ctx.put(bytes);
    let written: Option<&mut Written<'_>> = match output {
        Output::Inherited => None,
        Output::Passed => Some(&mut pass),
        Output::Kept(kept) => {
            keep = |bytes: &[u8]| {
                kept.extend_from_slice(bytes);
                Ok(())
            };
            Some(&mut keep)
        }
    };
    wait(program, command, input, written, terminal)
}

/// What takes the bytes that the program writes.
pub type Written<'a> = dyn FnMut(&[u8]) -> Result<()> + 'a;

/// Runs the program to its end, and hands on what it writes, if it is to be handed on. `terminal` says whether the program's
/// standard input is one.
///
/// # Errors
/// [`run`]'s, and those of `written`.
pub fn wait(
    program: &Program,
    mut command: Command,
    input: Input<'_>,
    written: Option<&mut Written<'_>>,
    terminal: bool,
) -> Result<u8> {
    if let Input::Documents(_) = input {
        command.stdin(Stdio::piped());
    }
    if written.is_some() {
        command.stdout(Stdio::piped());
    }
    // Why: in a thread of its own, which may wait for signals on a runtime; the caller may be inside of one.
    std::thread::scope(|scope| {
        let (started, start) = std::sync::mpsc::channel();
        let waiting = scope.spawn(move || {
            session::block_on(async {
                let signals = Signals::of_process()?;
                let mut child = command.spawn().map_err(|error| program.unstarted(&error))?;
                let _ = started.send((child.stdin.take(), child.stdout.take()));
                signals.until_end(&mut child, terminal).await
            })
        });
        let Ok((stdin, stdout)) = start.recv() else { return joined(waiting) };
        if let (Input::Documents(documents), Some(mut stdin)) = (input, stdin) {
            scope.spawn(move || {
                for document in documents {
                    // Why: whole, since a pipe has no buffer, and each part of the JSON would be a call of its own.
                    let text = Zeroizing::new(format!("{}\n", document.json()));
                    // A program that stops reading says why itself.
                    if stdin.write_all(text.as_bytes()).is_err() {
                        break;
                    }
                }
            });
        }
        let mut handed = Ok(());
        if let (Some(mut stdout), Some(written)) = (stdout, written) {
            let mut chunk = vec![0; 64 * 1024];
            while handed.is_ok()
                && let Ok(count @ 1..) = stdout.read(&mut chunk)
            {
                handed = written(chunk.get(..count).unwrap_or_default());
            }
        }
        let status = joined(waiting)?;
        handed.map(|()| status)
    })
}

fn joined(waiting: std::thread::ScopedJoinHandle<'_, Result<ExitStatus>>) -> Result<u8> {
    let status = waiting.join().unwrap_or_else(|_| Err(Error::new("the fallback cannot be waited for")))?;
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    Ok(u8::try_from(code).unwrap_or(1))
}

/// The signals that end this process, passed on to the child while there is one.
struct Signals {
    ended: unix::Signal,
    /// Term, hup, int, quit.
    told: [(Signal, Option<unix::Signal>); 4],
}

impl Signals {
    fn of_process() -> Result<Self> {
        let watch = |signal: Signal| {
            // Why: what is ignored is inherited, as `nohup` wants it; a handler would undo that.
            let watched =
                (!platform::is_ignored(signal)).then(|| unix::signal(SignalKind::from_raw(signal.as_raw())).ok());
            (signal, watched.flatten())
        };
        Ok(Self {
            ended: unix::signal(SignalKind::child()).context("cannot wait for signals")?,
            told: [Signal::TERM, Signal::HUP, Signal::INT, Signal::QUIT].map(watch),
        })
    }

    async fn until_end(mut self, child: &mut Child, terminal: bool) -> Result<ExitStatus> {
        let pid = Pid::from_child(child);
        loop {
            if let Some(status) = child.try_wait().context("cannot wait for the fallback")? {
                return Ok(status);
            }
            let [term, hup, int, quit] = &mut self.told;
            let signal = tokio::select! {
                _ = self.ended.recv() => continue,
                signal = next(term) => signal,
                signal = next(hup) => signal,
                signal = next(int) => signal,
                signal = next(quit) => signal,
            };
            // A terminal sends these to the whole foreground group: the child has them already.
            if !(terminal && matches!(signal, Signal::INT | Signal::QUIT)) {
                let _ = kill_process(pid, signal);
            }
        }
    }
}

/// Waits for this signal; for ever if it is not watched.
async fn next((signal, told): &mut (Signal, Option<unix::Signal>)) -> Signal {
    match told {
        Some(told) => told.recv().await,
        None => std::future::pending().await,
    };
    *signal
}
