//! The reaper: a child process that outlives a killed `with-server` for a moment, and ends its command.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, BufRead as _, BufReader, Write as _},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use platform::{Process, ProcessId};
use rustix::process::{Pid, Signal, kill_process};

use crate::{context::Context, error::Result};

/// What the parent writes if there is nothing to clean up.
const DONE: &str = "done";
/// How long processes may take to end after SIGTERM, before SIGKILL. Why so short: everything must be over within a
/// second.
const GRACE: Duration = Duration::from_millis(400);
const POLL: Duration = Duration::from_millis(10);

/// The hidden command that is the reaper.
#[derive(clap::Args, Debug)]
pub struct ReapArgs {
    /// The directory with the kubeconfig.
    dir: PathBuf,
}

/// A process that reads a pipe from this one. If the pipe is closed without [`DONE`], this process was killed: the
/// reaper ends the command with all its descendants, since their server is gone, and removes the directory.
pub struct Reaper(Option<Child>);

impl Reaper {
    /// Starts the reaper for a directory to remove.
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

    /// Tells the reaper which command to end.
    pub fn watch(&mut self, pid: Pid) {
        if let Some(pipe) = self.0.as_mut().and_then(|reaper| reaper.stdin.as_mut()) {
            let _ = pipe.write_all(format!("{}\n", pid.as_raw_nonzero()).as_bytes());
        }
    }

    /// Has the reaper end the command and remove the directory while this process still runs. Returns `false` if there
    /// is no reaper.
    pub fn release(&mut self) -> bool {
        // Closing the pipe has the same effect as the end of this process.
        self.0.as_mut().is_some_and(|reaper| reaper.stdin.take().is_some())
    }

    /// Returns whether the reaper has ended. SIGCHLD tells when to check again.
    pub fn is_done(&mut self) -> bool {
        self.0.as_mut().is_none_or(|reaper| !matches!(reaper.try_wait(), Ok(None)))
    }

    /// Tells the reaper that there is nothing to clean up.
    pub fn dismiss(&mut self) {
        if let Some(mut reaper) = self.0.take() {
            if let Some(mut pipe) = reaper.stdin.take() {
                let _ = pipe.write_all(DONE.as_bytes());
            }
            let _ = reaper.wait();
        }
    }
}

/// Waits for the parent's message or end. If there was no message, ends the command and removes the directory.
///
/// # Errors
/// None: there is no process left to report them to.
pub fn reap(args: &ReapArgs, ctx: &mut Context) -> Result<()> {
    let mut command = None;
    for line in BufReader::new(&mut ctx.stdin).lines().map_while(io::Result::ok) {
        match line.parse() {
            Ok(pid) => command = platform::process(pid),
            Err(_) if line == DONE => return Ok(()),
            Err(_) => {}
        }
    }
    let dir = args.dir.as_path();
    let kubeconfig = dir.join("kubeconfig");
    if kubeconfig.is_file() {
        // Invariant: the processes are ended before the directory is removed, so that they cannot write into it
        // afterwards.
        end(command, &kubeconfig);
        let _ = fs::remove_dir_all(dir);
    }
    Ok(())
}

/// Sends SIGTERM to the command and its processes, and SIGKILL to those that are left after [`GRACE`]. Its processes
/// are its descendants, and those with its kubeconfig in their environment.
fn end(command: Option<Process>, kubeconfig: &Path) {
    let mut ours = command.into_iter().map(|process| process.id).collect::<BTreeSet<_>>();
    let mut asked = BTreeSet::new();
    let begun = Instant::now();
    while begun.elapsed() < GRACE + GRACE / 4 {
        let patient = begun.elapsed() < GRACE;
        // Why in a loop: a process that is about to end may have started another one.
        let mut others = running(kubeconfig);
        let mut ends = BTreeSet::new();
        while let Some(found) = others.iter().position(|process| {
            let descends = |of: &BTreeSet<ProcessId>| of.iter().any(|id| id.pid == process.parent);
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

/// Returns all running processes; those with the kubeconfig in their environment are marked.
fn running(kubeconfig: &Path) -> Vec<Process> {
    platform::processes("KUBECONFIG", kubeconfig)
}
