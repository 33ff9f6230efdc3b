//! Runs the fallback as a child: its input, its output, its exit status.

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

/// The exit status after SIGINT.
pub const INTERRUPTED: u8 = 130;

/// What the program reads from standard input.
pub enum Input<'a> {
    /// The standard input of this process.
    Inherited,
    /// These objects, as JSON.
    Documents(&'a [Object]),
}

/// Where the program's standard output goes.
pub enum Output<'a> {
    /// To standard output, unchanged.
    Inherited,
    /// Through [`Context::stdout`], which writes separators between parts.
    Passed,
    /// Into this buffer.
    Kept(&'a mut Vec<u8>),
}

/// Runs the program to its end. Returns its exit status; 128 plus the signal if a signal killed it.
///
/// # Errors
/// A program that cannot be started, an output that cannot be written.
pub fn run(program: &Program, command: Command, input: Input<'_>, output: Output<'_>, ctx: &mut Context) -> Result<u8> {
    ctx.flush_stdout().map_err(output_error)?;
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

/// Receives the bytes that the program writes.
pub type Written<'a> = dyn FnMut(&[u8]) -> Result<()> + 'a;

/// Runs the program to its end, and passes its output to `written`, if there is one. `terminal` tells whether the
/// program's standard input is a terminal.
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
    // Why a thread: waiting for signals needs a runtime, and the caller may be inside one already.
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
                    // Why as one text: a pipe has no buffer, so each part of the JSON would be a system call.
                    let text = Zeroizing::new(format!("{}\n", document.json()));
                    // Why no error: a program that stops reading prints the reason itself.
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

/// The signals that end this process, which are forwarded to the child while it runs.
struct Signals {
    ended: unix::Signal,
    /// SIGTERM, SIGHUP, SIGINT, SIGQUIT.
    told: [(Signal, Option<unix::Signal>); 4],
}

impl Signals {
    fn of_process() -> Result<Self> {
        let watch = |signal: Signal| {
            // Why: an ignored signal (`nohup`) is inherited by the child; a handler would undo that.
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
            // Why: a terminal sends these to the whole foreground process group, so the child has received them.
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
