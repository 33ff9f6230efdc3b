//! Hooks that outlive the process that started them, because it was killed.

use std::{collections::BTreeSet, path::Path, time::Duration};

use nix::unistd::{self, getsid};
use platform::ProcessId;
use rustix::process::{Pid, Signal, kill_process};
use tokio::time::{Instant, sleep};

/// The variable by which a hook and all that it starts are known. Why not the token: rotations of other Secrets may have the
/// same.
pub const ROTATION: &str = "KSECRET_ROTATION";
/// How long processes are asked to end before they are ended, and how long after that they are waited for.
const GRACE: Duration = Duration::from_secs(2);
/// How often they are looked for. Why no notice: they are no children of this process.
const POLL: Duration = Duration::from_millis(20);

/// Ends all hooks of a rotation on this machine. Invariant: call it once this process holds the rotation and the process that
/// held it before has ended, and before a hook runs. A hook that went on would undo what the next one does.
pub async fn end_strays(rotation: &str) {
    let begun = Instant::now();
    let mut asked = BTreeSet::new();
    while begun.elapsed() < GRACE * 2 {
        let strays = running(rotation);
        if strays.is_empty() {
            return;
        }
        let is_patient = begun.elapsed() < GRACE;
        for id in strays {
            let Some(pid) = Pid::from_raw(id.pid) else { continue };
            if !is_patient {
                let _ = kill_process(pid, Signal::KILL);
            } else if asked.insert(id) {
                let _ = kill_process(pid, Signal::TERM);
                let _ = kill_process(pid, Signal::CONT);
            }
        }
        sleep(POLL).await;
    }
}

/// Returns the processes that have the rotation in their environment, but this one and those that it descends from: a hook may
/// have started it. A service that a hook has started in a session of its own is left alone.
fn running(rotation: &str) -> Vec<ProcessId> {
    let all = platform::processes(ROTATION, Path::new(rotation));
    let mut above = vec![rustix::process::getpid().as_raw_nonzero().get()];
    while let Some(process) = all.iter().find(|process| above.last() == Some(&process.id.pid))
        && !above.contains(&process.parent)
    {
        above.push(process.parent);
    }
    let marked: BTreeSet<i32> = all.iter().filter(|process| process.marked).map(|process| process.id.pid).collect();
    let is_detached =
        |pid| getsid(Some(unistd::Pid::from_raw(pid))).is_ok_and(|session| marked.contains(&session.as_raw()));
    let strays = all.iter().filter(|process| process.marked && !above.contains(&process.id.pid));
    strays.map(|process| process.id).filter(|id| !is_detached(id.pid)).collect()
}
