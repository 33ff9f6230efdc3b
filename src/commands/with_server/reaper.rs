//! What ends a command whose `with-server` was killed: a process that outlives its parent by a moment, to clean up.

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
            Ok(pid) => command = platform::process(pid),
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
    let mut ours = command.into_iter().map(|process| process.id).collect::<BTreeSet<_>>();
    let mut asked = BTreeSet::new();
    let begun = Instant::now();
    while begun.elapsed() < GRACE + GRACE / 4 {
        let patient = begun.elapsed() < GRACE;
        // Again each time: a process that is about to end may have started another.
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

/// Everything that runs; marked is what has the kubeconfig in its environment.
fn running(kubeconfig: &Path) -> Vec<Process> {
    platform::processes("KUBECONFIG", kubeconfig)
}
