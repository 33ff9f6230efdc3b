//! What ends a command whose `with-server` was killed: a process that outlives its parent by a moment, to clean up.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, BufRead as _, BufReader, Write as _},
    os::unix::{ffi::OsStrExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::{context::Context, error::Result};

/// What the parent says when there is nothing to clean up.
const DONE: &str = "done";
/// How long processes are asked to end before they are ended, so that all is over within a second.
const GRACE: Duration = Duration::from_millis(400);
const POLL: Duration = Duration::from_millis(10);

/// The hidden command that cleans up.
#[derive(clap::Args, Debug)]
pub struct ReapArgs {
    /// The directory of the kubeconfig.
    dir: PathBuf,
}

/// A process that waits on a pipe from this one. When the pipe closes without a word, this process was killed: the
/// directory is removed and the command ended with all that it started, since the server that they speak to is gone.
pub struct Reaper(Option<Child>);

impl Reaper {
    /// Starts it, for the directory that is to go.
    pub fn start(dir: &Path) -> Self {
        let reaper = std::env::current_exe().ok().and_then(|program| {
            Command::new(program)
                .arg("reap-server")
                .arg(dir)
                .process_group(0)
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .ok()
        });
        Self(reaper)
    }

    /// The command that is to end when this process does.
    pub fn watch(&mut self, pid: Pid) {
        if let Some(pipe) = self.0.as_mut().and_then(|reaper| reaper.stdin.as_mut()) {
            let _ = pipe.write_all(format!("{}\n", pid.as_raw_nonzero()).as_bytes());
        }
    }

    /// Has it end the command and remove the directory while this process still runs. `false` if there is no such process.
    pub fn release(&mut self) -> bool {
        // Closing the pipe without a word is what the end of this process would do.
        self.0.as_mut().is_some_and(|reaper| reaper.stdin.take().is_some())
    }

    /// Whether it has ended. SIGCHLD tells when to ask again.
    pub fn is_done(&mut self) -> bool {
        self.0.as_mut().is_none_or(|reaper| !matches!(reaper.try_wait(), Ok(None)))
    }

    /// All is in order: nothing to clean up.
    pub fn dismiss(&mut self) {
        if let Some(mut reaper) = self.0.take() {
            if let Some(mut pipe) = reaper.stdin.take() {
                let _ = pipe.write_all(DONE.as_bytes());
            }
            let _ = reaper.wait();
        }
    }
}

/// Waits for its parent's word or end; after an end without a word, ends the command and removes the directory.
///
/// # Errors
/// None: whom could it tell.
pub fn reap(args: &ReapArgs, ctx: &mut Context) -> Result<()> {
    let mut command = None;
    for line in BufReader::new(&mut ctx.stdin).lines().map_while(io::Result::ok) {
        match line.parse() {
            Ok(pid) => command = Process::read(pid).ok(),
            Err(_) if line == DONE => return Ok(()),
            Err(_) => {}
        }
    }
    let dir = args.dir.as_path();
    let kubeconfig = dir.join("kubeconfig");
    if kubeconfig.is_file() {
        // The processes first: what they still write into the directory must not come after its removal.
        end(command, &kubeconfig);
        let _ = fs::remove_dir_all(dir);
    }
    Ok(())
}

/// Asks the command and all that it started to end, and ends what has not after a moment. What it started is what descends
/// from it, and what has its kubeconfig in the environment.
fn end(command: Option<Process>, kubeconfig: &Path) {
    let needle = [b"\0KUBECONFIG=", kubeconfig.as_os_str().as_bytes(), b"\0"].concat();
    let mut ours = command.into_iter().map(|process| process.id).collect::<BTreeSet<_>>();
    let mut asked = BTreeSet::new();
    let begun = Instant::now();
    while begun.elapsed() < GRACE + GRACE / 4 {
        let patient = begun.elapsed() < GRACE;
        // Again each time: a process that is about to end may have started another.
        let mut others = running(&needle);
        let mut ends = BTreeSet::new();
        while let Some(found) = others.iter().position(|process| {
            let descends = |of: &BTreeSet<Id>| of.iter().any(|id| id.pid == process.parent);
            process.marked || ours.contains(&process.id) || descends(&ours) || descends(&ends)
        }) {
            ends.insert(others.swap_remove(found).id);
        }
        ours = ends;
        if ours.is_empty() {
            return;
        }
        for id in &ours {
            if (asked.insert(*id) || !patient)
                && let Some(pid) = Pid::from_raw(id.pid)
            {
                let _ = kill_process(pid, if patient { Signal::TERM } else { Signal::KILL });
            }
        }
        std::thread::sleep(POLL);
    }
}

/// Which process: its number, and when it began, in clock ticks since the system's start. Numbers are given again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Id {
    pid: i32,
    began: u64,
}

/// A process, as `/proc` shows it.
struct Process {
    id: Id,
    /// Of its parent, as long as that is there.
    parent: i32,
    marked: bool,
}

/// Everything that runs and is not merely waiting to be forgotten; marked is what has `needle` in its environment.
fn running(needle: &[u8]) -> Vec<Process> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let marked = |process: Process| Process { marked: process.has(needle), ..process };
    pids.filter_map(|pid| Process::read(pid).ok().map(marked)).collect()
}

impl Process {
    fn read(pid: i32) -> io::Result<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        // Behind the name, which may hold anything.
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect::<Vec<_>>();
        match fields.as_slice() {
            [state, parent, rest @ ..] if *state != "Z" => {
                let began = rest.get(17).and_then(|began| began.parse().ok());
                let (parent, began) = parent.parse().ok().zip(began).ok_or(io::ErrorKind::InvalidData)?;
                Ok(Self { id: Id { pid, began }, parent, marked: false })
            }
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Whether the environment that it was started with holds `needle`.
    fn has(&self, needle: &[u8]) -> bool {
        let environment = fs::read(format!("/proc/{}/environ", self.id.pid)).unwrap_or_default();
        [b"\0", environment.as_slice()].concat().windows(needle.len()).any(|window| window == needle)
    }
}
