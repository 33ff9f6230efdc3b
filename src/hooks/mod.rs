//! Programs of the user's that take part in a rotation.
//!
//! Each runs without a shell, in a process group of its own. It gets the entries of the Secret as JSON from two pipes.
//! Invariant: no value is in its arguments or its environment, in a file, or in what is shown of its output.

mod entries;
mod group;
mod output;
mod program;
mod strays;

use std::{
    collections::BTreeMap,
    io,
    os::{
        fd::OwnedFd,
        unix::process::{CommandExt as _, ExitStatusExt as _},
    },
    path::PathBuf,
    pin::pin,
    process::{Command, ExitStatus, Stdio},
    time::Duration,
};

use go::{errno, quote::quote};
use rustix::io::Errno;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::unix::pipe,
    select,
    time::{sleep, timeout},
};
use zeroize::Zeroizing;

use self::{
    group::Group,
    output::{Lines, Mask},
};
pub use self::{group::end_dropped, strays::end_strays};
use crate::{
    context::Env,
    error::{Error, Result},
    secret::{Value, validate::MAX_SECRET_SIZE},
};

/// The descriptor from which a hook reads the entries as they are to be.
const NEW: i32 = 3;
/// The descriptor from which a hook reads the entries as they are or were.
const CURRENT: i32 = 4;
/// The exit status that asks for another call later: `EX_TEMPFAIL` of sysexits.h.
const LATER: i32 = 75;
/// How long the output is read after the end of a program. Why: a process that it started may keep the pipe open.
const REST: Duration = Duration::from_millis(200);

/// A command of the user's that takes part in a rotation.
#[derive(Debug, Clone)]
pub struct Hook {
    flag: String,
    text: String,
    /// The name or path as typed, which the program gets as its name.
    name: String,
    program: PathBuf,
    args: Vec<String>,
}

/// One call of a hook.
#[allow(missing_docs)]
pub struct Call<'a> {
    /// What identifies the rotation among all, by which [`end_strays`] finds what it started.
    pub rotation: &'a str,
    pub step: &'a str,
    pub name: &'a str,
    pub namespace: &'a str,
    pub token: &'a str,
    pub attempt: u32,
    /// All entries of the Secret as they are to be.
    pub new: &'a BTreeMap<String, Value>,
    /// All entries as they are or were.
    pub current: &'a BTreeMap<String, Value>,
    /// How long it may run.
    pub limit: Duration,
    pub env: &'a Env,
}

/// How a hook ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// It did its part.
    Done,
    /// It asks for another call later.
    Again,
    /// It failed: `exit status 2`, `signal 9`, `no end within 60s`.
    Failed(String),
}

impl Hook {
    /// Splits the text of a flag into words as a shell does, without a shell, and finds the program.
    ///
    /// # Errors
    /// No words, an open quote, or a program that is not there or that the system cannot execute. The flag is named.
    pub fn parse(flag: &str, text: &str, env: &Env) -> Result<Self> {
        let fault = |why: &str| Error::new(format!("{flag}: {why}"));
        let words = shell_words::split(text).map_err(|_| fault("a quote in it is not closed"))?;
        let mut words = words.into_iter();
        let name = words.next().filter(|name| !name.is_empty()).ok_or_else(|| fault("it names no program"))?;
        let program = program::find(&name, env).map_err(|why| fault(&format!("the program {} {why}", quote(&name))))?;
        Ok(Self { flag: flag.to_owned(), text: text.to_owned(), name, program, args: words.collect() })
    }

    /// Returns the text as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Runs the program once to its end, or to the end of its time. What it writes to standard output and error is passed
    /// to `say` as lines `STEP: LINE`, in which no value stands. If the future is dropped, the program and all that it has
    /// started are asked to end, which [`end_dropped`] waits for.
    ///
    /// # Errors
    /// If it cannot be started or waited for.
    pub async fn run(&self, call: &Call<'_>, say: &mut dyn FnMut(&str)) -> Result<Ended> {
        let fault = |error| self.not_started(&error);
        let (new, new_end) = feed(call.new).map_err(fault)?;
        let (current, current_end) = feed(call.current).map_err(fault)?;
        let mut command = self.command(call.env);
        command.envs([
            (strays::ROTATION, call.rotation),
            ("KSECRET_STEP", call.step),
            ("KSECRET_NAME", call.name),
            ("KSECRET_NAMESPACE", call.namespace),
            ("KSECRET_TOKEN", call.token),
        ]);
        command.env("KSECRET_ATTEMPT", call.attempt.to_string()).stderr(Stdio::piped());
        platform::pass(&mut command, vec![(new_end, NEW), (current_end, CURRENT)]).map_err(fault)?;
        let mut group = Group::start(&mut command).map_err(fault)?;
        // Invariant: this process's own ends are closed, so that a program that closes its ends ends the writing.
        drop(command);
        let (Some(stdout), Some(stderr)) = group.streams() else { return Err(fault(io::ErrorKind::BrokenPipe.into())) };
        let streams = [receiver(stdout.into()).map_err(fault)?, receiver(stderr.into()).map_err(fault)?];
        let mut lines = Lines::of(streams, Mask::of([call.new, call.current]), call.step, say);
        let ended = {
            let work = async { tokio::join!(new, current, lines.read()) };
            self.end_of(&mut group, work, call.limit).await?
        };
        lines.end();
        match ended {
            Some(why) => Ok(Ended::Failed(why)),
            None => Ok(outcome(group.status().map_err(fault)?)),
        }
    }

    /// Runs the program and returns what it writes to standard output, without one newline at the end. Its standard error
    /// is passed through.
    ///
    /// # Errors
    /// If it cannot be started, fails, writes nothing or more than a Secret holds, or does not end in time.
    pub async fn output(&self, env: &Env, limit: Duration) -> Result<Value> {
        let fault = |error| self.not_started(&error);
        let mut group = Group::start(&mut self.command(env)).map_err(fault)?;
        let Some(stdout) = group.streams().0 else { return Err(fault(io::ErrorKind::BrokenPipe.into())) };
        let mut stdout = receiver(stdout.into()).map_err(fault)?;
        // Invariant: it does not grow, which would leave copies in freed memory.
        let mut text = Zeroizing::new(Vec::with_capacity(MAX_SECRET_SIZE + 1));
        let mut too_much = false;
        let ended = {
            let read = async {
                while text.len() <= MAX_SECRET_SIZE && stdout.read_buf(&mut *text).await.is_ok_and(|count| count > 0) {}
                too_much = text.len() > MAX_SECRET_SIZE;
                // The program is told that no more is read.
                drop(stdout);
            };
            self.end_of(&mut group, read, limit).await?
        };
        let failed = |why: &str| Error::new(format!("{}: {} failed: {why}", self.flag, quote(&self.name)));
        if too_much {
            return Err(failed("it writes more than a Secret holds"));
        }
        if let Some(why) = ended {
            return Err(failed(&why));
        }
        match group.status().map_err(fault)? {
            status if !status.success() => Err(failed(&words(status))),
            _ => match Value::new(std::mem::take(&mut *text)).without_newline() {
                value if value.is_empty() => Err(failed("it writes nothing")),
                value => Ok(value),
            },
        }
    }

    /// Waits for the end of the program while `work` is done, and after it a moment for the rest of `work`. Ends the group
    /// when the time is over, and returns what to say about that.
    async fn end_of(
        &self,
        group: &mut Group,
        work: impl Future<Output = impl Sized>,
        limit: Duration,
    ) -> Result<Option<String>> {
        let mut work = pin!(async { drop(work.await) });
        let mut worked = false;
        let limited = {
            let (mut ended, mut over) = (pin!(group.ended()), pin!(sleep(limit)));
            loop {
                select! {
                    ended = &mut ended => {
                        ended.map_err(|error| Error::new(format!("{}: {}", self.flag, errno::text(&error))))?;
                        break false;
                    }
                    () = &mut work, if !worked => worked = true,
                    () = &mut over => break true,
                }
            }
        };
        let rest = async {
            if !worked {
                work.await;
            }
        };
        if !limited {
            let _ = timeout(REST, rest).await;
            return Ok(None);
        }
        let why = format!("no end within {limit:?}");
        Ok(Some(if group.end(rest).await { why } else { format!("{why}, and it cannot be ended") }))
    }

    fn command(&self, env: &Env) -> Command {
        let mut command = Command::new(&self.program);
        command.arg0(&self.name).args(&self.args).env_clear().envs(env.vars()).current_dir(env.cwd());
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        command
    }

    fn not_started(&self, error: &io::Error) -> Error {
        Error::new(format!("{}: cannot start {}: {}", self.flag, quote(&self.name), errno::text(error)))
    }
}

fn receiver(stream: OwnedFd) -> io::Result<pipe::Receiver> {
    pipe::Receiver::from_owned_fd(stream)
}

/// Writes the entries to a pipe, as much as it takes, and closes it if that is all. Returns the work that does the rest, and
/// the child's end. A reader that goes away is no error: a program need not read what it does not use.
///
/// Invariant: this is before the program starts, so that what fits is whole, even if this process is killed. A program that
/// finds less would take the empty text for the value.
fn feed(entries: &BTreeMap<String, Value>) -> io::Result<(impl Future<Output = ()>, OwnedFd)> {
    let text = entries::json(entries)?;
    let (sender, receiver) = pipe::pipe()?;
    let mut done = 0;
    while let Some(rest) = text.get(done..).filter(|rest| !rest.is_empty()) {
        match rustix::io::write(&sender, rest) {
            Ok(count) => done += count,
            Err(Errno::AGAIN) => break,
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let mut sender = Some(sender).filter(|_| done < text.len());
    let rest = async move {
        if let Some(sender) = &mut sender {
            let _ = sender.write_all(text.get(done..).unwrap_or_default()).await;
        }
        // Its end is the end of what is read.
        drop(sender);
    };
    Ok((rest, receiver.into_blocking_fd()?))
}

fn outcome(status: ExitStatus) -> Ended {
    match status.code() {
        Some(0) => Ended::Done,
        Some(LATER) => Ended::Again,
        _ => Ended::Failed(words(status)),
    }
}

fn words(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit status {code}"),
        (None, Some(signal)) => format!("signal {signal}"),
        (None, None) => status.to_string(),
    }
}

#[cfg(test)]
mod tests;
