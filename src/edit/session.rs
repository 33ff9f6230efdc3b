//! The time that an editor is open: the private file, the signals that may arrive, and the terminal as it was.
//!
//! Ctrl-C typed in the terminal belongs to the editor, as in kubectl. A signal sent to this process (`kill`, a closed
//! terminal) ends the edit: the editor is ended too, the file removed, and the exit status is 128+n. Nothing lies on disk
//! outside this time, so no other code needs to handle signals.

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

/// How long an editor that was told to end may take.
const GRACE: Duration = Duration::from_millis(800);

/// How an editor's turn ended.
pub enum Ended {
    /// It exited well; this is what it left.
    Saved(Text),
    /// It failed, or its file cannot be read; what it left, where there is something.
    Failed(Error, Option<Text>),
    /// A signal ended it: the exit status that this means, and what was left.
    Interrupted(u8, Option<Text>),
}

/// Opens `text` in the editor as a file of that name, and waits.
///
/// # Errors
/// When there is no place for the file or signals cannot be watched; failures of the editor are in [`Ended`].
pub fn open(editor: &Editor, ctx: &mut Context, file: &str, text: &[u8]) -> Result<Ended> {
    clean_up_on_panic();
    // Watched before there is anything to remove.
    let mut signals = Watch::begin().map_err(|e| Error::new(format!("cannot watch signals: {e}")))?;
    let place = PrivateDir::make(&ctx.env, file, text)
        .map_err(|e| Error::new(format!("no private place for the edited text: {e}")))?;
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
            // Go looks a bare name up on PATH before it starts anything, and says so differently.
            let found = error.kind() != io::ErrorKind::NotFound || program.contains('/');
            return Ok(Ended::Failed(editor.failure(found), None));
        }
    };
    let end = signals.wait(&mut child);
    terminal.restore();
    Ok(match end {
        End::Signal(signal) => Ended::Interrupted(128u8.saturating_add(signal), place.read().ok()),
        End::Lost(error) => Ended::Failed(Error::new(format!("lost sight of the editor: {error}")), place.read().ok()),
        End::Exit(status, typed) if typed && !status.success() || status.signal() == Some(SIGINT) => {
            Ended::Interrupted(130, place.read().ok())
        }
        End::Exit(status, _) if !status.success() => Ended::Failed(editor.failure(true), place.read().ok()),
        End::Exit(..) => match place.read() {
            Ok(text) => Ended::Saved(text),
            Err(error) => Ended::Failed(Error::new(format!("cannot read back the edited file: {error}")), None),
        },
    })
}

/// How a program on private files ended.
pub enum Finished {
    /// By itself.
    Exit(ExitStatus),
    /// It could not be started.
    NotStarted(io::Error),
    /// A signal ended it: the exit status that this means.
    Interrupted(u8),
}

/// Runs a program on private files, which are removed whatever happens. `fill` writes them into the directory that it is
/// given, which is private and in memory where that can be had, and says what to run.
///
/// # Errors
/// When there is no place for the files, or `fill` fails.
pub fn run_on_files(
    ctx: &mut Context,
    fill: impl FnOnce(&std::path::Path, &Context) -> io::Result<Command>,
    then: impl FnOnce(&std::path::Path, &mut Context) -> Result<()>,
) -> Result<Finished> {
    clean_up_on_panic();
    let mut signals = Watch::begin().map_err(|e| Error::new(format!("cannot watch signals: {e}")))?;
    let no_place = |e: io::Error| Error::new(format!("no private place for the files: {e}"));
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
        End::Lost(error) => return Err(Error::new(format!("lost sight of the program: {error}"))),
    })
}

/// Says once that the text is on a disk.
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

/// A panic ends a release build at once, without dropping anything: the hook removes what is there first.
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
    /// The editor ended by itself; and whether Ctrl-C was typed meanwhile.
    Exit(ExitStatus, bool),
    /// We were told to end.
    Signal(u8),
    Lost(io::Error),
}

/// The signals, for as long as an editor is open; outside that time they do what they always do.
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

/// Tells the editor to end, waits a little so that it can leave the terminal as it found it, then insists.
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

/// The terminal's settings from before the editor, which may die without restoring them.
struct Terminal(Option<Termios>);

impl Terminal {
    fn save(ctx: &Context) -> Self {
        Self(if ctx.terminals.stdin { rustix::termios::tcgetattr(rustix::stdio::stdin()).ok() } else { None })
    }

    fn restore(&self) {
        let Some(before) = &self.0 else { return };
        let stdin = rustix::stdio::stdin();
        // A background process that sets the terminal is stopped by it.
        if rustix::termios::tcgetpgrp(stdin)
            .is_ok_and(|group| Pid::as_raw(Some(group)) == nix::unistd::getpgrp().as_raw())
        {
            let _ = rustix::termios::tcsetattr(stdin, OptionalActions::Drain, before);
        }
    }
}
