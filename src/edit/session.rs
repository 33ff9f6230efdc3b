//! Running the editor: the private file, signals that arrive meanwhile, and the settings of the terminal.
//!
//! Ctrl-C typed in the terminal belongs to the editor, as in kubectl. A signal sent to this process (`kill`, a closed
//! terminal) ends the edit: the editor is ended too, the file is removed, and the exit status is 128+n. Invariant: no
//! private file exists outside [`open`] and [`run_on_files`], so signal handling is needed nowhere else for its sake.

use std::{
    io,
    os::unix::process::ExitStatusExt as _,
    process::{Child, Command, ExitStatus, Stdio},
    sync::Once,
    time::{Duration, Instant},
};

use rustix::{
    process::{Pid, Signal},
    termios::{OptionalActions, Termios},
};
use signal_hook::{
    consts::{SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM},
    iterator::{SignalsInfo, exfiltrator::origin::WithOrigin},
    low_level::siginfo::Cause,
};
use zeroize::Zeroizing;

use super::{
    editor::{Editor, controlling_terminal},
    private_dir::{self, PrivateDir},
    signals::Busy,
};
use crate::{
    context::Context,
    error::{Error, Result},
};

/// The text of an edited file; wiped when it is dropped.
pub type Text = Zeroizing<Vec<u8>>;

/// How long the editor may take to end after it was signalled, before it is killed.
const GRACE: Duration = Duration::from_millis(800);

/// How the editor ended.
pub enum Ended {
    /// With status 0; the text that it left.
    Saved(Text),
    /// With an error, or its file cannot be read; the text that it left, if any.
    Failed(Error, Option<Text>),
    /// By a signal: the exit status for it, and the text that was left, if any.
    Interrupted(u8, Option<Text>),
}

/// Opens `text` in the editor, as a file with the name `file`, and waits for its end.
///
/// # Errors
/// When no private directory can be made or signals cannot be watched. Failures of the editor are in [`Ended`].
pub fn open(editor: &Editor, ctx: &mut Context, file: &str, text: &[u8]) -> Result<Ended> {
    clean_up_on_panic();
    // Invariant: signals are watched before the file exists, so that none can end the process and leave it behind.
    let mut signals = Watch::begin().map_err(|error| Error::system("cannot watch signals", &error))?;
    let place = PrivateDir::make(&ctx.env, file, text)
        .map_err(|error| Error::system("no private place for the edited text", &error))?;
    if place.on_disk() {
        warn_of_disk(ctx, &place);
    }
    let _ = ctx.flush_stdout();
    let terminal = Terminal::save(ctx);
    let (program, args) = editor.command(place.dir(), &place.path());
    let mut command = Command::new(&program);
    command.args(args).env_clear().envs(ctx.env.vars());
    if !ctx.terminals.stdin
        && ctx.terminals.stdout
        && let Some(tty) = controlling_terminal()
    {
        command.stdin(Stdio::from(tty));
    }
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            // As in Go: a bare name that is not on PATH is an error of its own, found before anything is started.
            let found = error.kind() != io::ErrorKind::NotFound || program.contains('/');
            return Ok(Ended::Failed(editor.failure(found), None));
        }
    };
    let end = signals.wait(&mut child);
    terminal.restore();
    Ok(match end {
        End::Signal(signal) => Ended::Interrupted(128u8.saturating_add(signal), place.read().ok()),
        End::Lost(error) => Ended::Failed(Error::system("lost sight of the editor", &error), place.read().ok()),
        End::Exit(status, typed) if typed && !status.success() || status.signal() == Some(SIGINT) => {
            Ended::Interrupted(130, place.read().ok())
        }
        End::Exit(status, _) if !status.success() => Ended::Failed(editor.failure(true), place.read().ok()),
        End::Exit(..) => match place.read() {
            Ok(text) => Ended::Saved(text),
            Err(error) => Ended::Failed(Error::system("cannot read back the edited file", &error), None),
        },
    })
}

/// How a program on private files ended.
pub enum Finished {
    /// By itself, with any status.
    Exit(ExitStatus),
    /// It could not be started.
    NotStarted(io::Error),
    /// By a signal: the exit status for it.
    Interrupted(u8),
}

/// Runs a program on private files, which are removed afterwards, however it ends. `fill` writes them into the
/// directory that it is given (private, in memory where possible) and returns the command. `then` reads what the
/// program left, before the files are removed.
///
/// # Errors
/// When no private directory can be made, or when `fill` or `then` fails.
pub fn run_on_files(
    ctx: &mut Context,
    fill: impl FnOnce(&std::path::Path, &Context) -> io::Result<Command>,
    then: impl FnOnce(&std::path::Path, &mut Context) -> Result<()>,
) -> Result<Finished> {
    clean_up_on_panic();
    let mut signals = Watch::begin().map_err(|error| Error::system("cannot watch signals", &error))?;
    let no_place = |error: io::Error| Error::system("no private place for the files", &error);
    let place = PrivateDir::make(&ctx.env, ".private", b"").map_err(no_place)?;
    if place.on_disk() {
        warn_of_disk(ctx, &place);
    }
    let mut command = fill(place.dir(), ctx).map_err(no_place)?;
    let _ = ctx.flush_stdout();
    let mut child = match command.env_clear().envs(ctx.env.vars()).spawn() {
        Ok(child) => child,
        Err(error) => return Ok(Finished::NotStarted(error)),
    };
    Ok(match signals.wait(&mut child) {
        End::Exit(status, typed) if typed && !status.success() || status.signal() == Some(SIGINT) => {
            Finished::Interrupted(130)
        }
        End::Exit(status, _) => {
            then(place.dir(), ctx)?;
            Finished::Exit(status)
        }
        End::Signal(signal) => Finished::Interrupted(128u8.saturating_add(signal)),
        End::Lost(error) => return Err(Error::system("lost sight of the program", &error)),
    })
}

/// Warns, once per process, that the text is on a disk.
fn warn_of_disk(ctx: &mut Context, place: &PrivateDir) {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        let parent = place.dir().parent().unwrap_or(place.dir()).display().to_string();
        ctx.say(format_args!(
            "warning: no memory-backed directory: the text is on disk under {parent} while it is open\n\
             hint: set XDG_RUNTIME_DIR to a private directory in memory"
        ));
    });
}

/// Why: a release build aborts on panic and drops nothing, so a panic hook removes the private files.
fn clean_up_on_panic() {
    static SET: Once = Once::new();
    SET.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            private_dir::cleanup_all();
            before(info);
        }));
    });
}

enum End {
    /// It ended by itself; `true` if Ctrl-C was typed meanwhile.
    Exit(ExitStatus, bool),
    /// This process received a signal that asks it to end.
    Signal(u8),
    Lost(io::Error),
}

/// Handles signals while an editor is open. Outside that time they have their default action.
struct Watch {
    signals: SignalsInfo<WithOrigin>,
    _busy: [Busy; 4],
}

impl Watch {
    fn begin() -> io::Result<Self> {
        let signals = SignalsInfo::new([SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD])?;
        Ok(Self { signals, _busy: Busy::all() })
    }

    fn wait(&mut self, child: &mut Child) -> End {
        let mut typed = false;
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return End::Exit(status, typed),
                Ok(None) => {}
                Err(error) => return End::Lost(error),
            }
            for origin in self.signals.wait() {
                match origin.signal {
                    SIGCHLD => {}
                    SIGINT | SIGQUIT if origin.cause == Cause::Kernel => typed |= origin.signal == SIGINT,
                    signal => {
                        end(child, if signal == SIGHUP { Signal::HUP } else { Signal::TERM });
                        return End::Signal(u8::try_from(signal).unwrap_or(0));
                    }
                }
            }
        }
    }
}

/// Sends the signal to the editor and gives it [`GRACE`] to restore the terminal, then kills it.
fn end(child: &mut Child, signal: Signal) {
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        let _ = rustix::process::kill_process(pid, signal);
    }
    let until = Instant::now() + GRACE;
    while Instant::now() < until {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// The settings of the terminal before the editor ran. Why: an editor that is killed does not restore them.
struct Terminal(Option<Termios>);

impl Terminal {
    fn save(ctx: &Context) -> Self {
        Self(if ctx.terminals.stdin { rustix::termios::tcgetattr(rustix::stdio::stdin()).ok() } else { None })
    }

    fn restore(&self) {
        let Some(before) = &self.0 else { return };
        let stdin = rustix::stdio::stdin();
        // Why: `tcsetattr` stops a process that is in the background.
        if rustix::termios::tcgetpgrp(stdin)
            .is_ok_and(|group| Pid::as_raw(Some(group)) == nix::unistd::getpgrp().as_raw())
        {
            let _ = rustix::termios::tcsetattr(stdin, OptionalActions::Drain, before);
        }
    }
}
