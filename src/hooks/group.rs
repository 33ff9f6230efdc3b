//! A program in a process group of its own, which ends as a whole.

use std::{
    cell::RefCell,
    io,
    os::unix::process::CommandExt as _,
    process::{Child, ChildStderr, ChildStdout, Command, ExitStatus},
    time::Duration,
};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use tokio::{
    signal::unix::{self, SignalKind},
    time::timeout,
};

/// How long processes are asked to end before they are ended.
const GRACE: Duration = Duration::from_secs(2);

thread_local! {
    /// The groups that were dropped while they ran. Why of the thread: its runtime waits for them.
    static DROPPED: RefCell<Vec<Child>> = const { RefCell::new(Vec::new()) };
}

/// A program that runs, with all that it has started in its process group. Dropping it asks the group to end; then
/// [`end_dropped`] waits for that.
pub struct Group {
    /// `None` once its status was read.
    leader: Option<Child>,
    /// Tells that a child of this process has ended.
    news: unix::Signal,
}

impl Group {
    /// Starts the program.
    ///
    /// # Errors
    /// The system's.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        // Invariant: before the start, so that no news is missed.
        let news = unix::signal(SignalKind::child())?;
        Ok(Self { leader: Some(command.process_group(0).spawn()?), news })
    }

    /// Returns what the program writes to its standard output and error, as far as these are pipes.
    pub fn streams(&mut self) -> (Option<ChildStdout>, Option<ChildStderr>) {
        self.leader.as_mut().map_or((None, None), |leader| (leader.stdout.take(), leader.stderr.take()))
    }

    /// Waits until the program has ended. Invariant: its status is not read, so that the group's number stays its own.
    ///
    /// # Errors
    /// The system's.
    pub async fn ended(&mut self) -> io::Result<()> {
        let Some(leader) = &self.leader else { return Ok(()) };
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        while waitid(WaitId::Pid(Pid::from_child(leader)), options)?.is_none() {
            let _ = self.news.recv().await;
        }
        Ok(())
    }

    /// Ends all processes of the group: asks them to, waits until the program has ended and `rest` is done, or for a
    /// moment, and kills what is left. Returns `false` if the program may not be signalled, and runs on.
    pub async fn end(&mut self, rest: impl Future<Output = ()>) -> bool {
        self.ask();
        let _ = timeout(GRACE, async { tokio::join!(self.ended(), rest) }).await;
        self.signal(Signal::KILL);
        if timeout(GRACE, self.ended()).await.is_err() {
            return false;
        }
        if let Some(mut leader) = self.leader.take() {
            let _ = leader.wait();
        }
        true
    }

    /// Returns how the program ended; waits until it has.
    ///
    /// # Errors
    /// The system's.
    pub fn status(mut self) -> io::Result<ExitStatus> {
        match self.leader.take() {
            Some(mut leader) => leader.wait(),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn ask(&self) {
        self.signal(Signal::TERM);
        // Why: the terminal stops processes of the background that read it, and a stopped process ends only when it goes on.
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        if let Some(leader) = &self.leader {
            let _ = kill_process_group(Pid::from_child(leader), signal);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.ask();
        if let Some(leader) = self.leader.take() {
            let _ = DROPPED.try_with(|dropped| dropped.borrow_mut().push(leader));
        }
    }
}

/// Waits, for at most a moment, until the groups that were dropped have ended, and kills what is left of them. Call it
/// before the process ends after a program was interrupted.
pub async fn end_dropped() {
    for leader in DROPPED.take() {
        let Ok(news) = unix::signal(SignalKind::child()) else { continue };
        Group { leader: Some(leader), news }.end(std::future::ready(())).await;
    }
}
