//! `with-server -- COMMAND`: runs a command with a new embedded server, which ends with it.

mod reaper;

use std::{
    ffi::OsString, fs, io::Write as _, net::SocketAddr, os::unix::process::ExitStatusExt as _, path::Path,
    process::Command,
};

use anyhow::Context as _;
use rustix::process::{Pid, Signal, kill_process};
use tokio::signal::unix::{SignalKind, signal};

use reaper::Reaper;
pub use reaper::{ReapArgs, reap};

use super::{
    files,
    lifeline::{self, DescriptorFlags, Lifeline},
    serve::{bind, open},
    session,
};
use crate::{
    client::{Client, Collection},
    context::Context,
    error::{Error, Result},
    manifest::Filenames,
    server::{Server, Storage},
};

/// Run a command with a fresh embedded API server of its own
///
/// The server lives in memory on a free loopback port; KUBECONFIG is set for the command alone. Signals and the exit
/// status are passed on, and nothing is left behind.
///
/// When the process that started it ends, even if it is killed, the command and all that it has started end within a
/// second; `nohup` or `setsid` before it, as in `nohup ksecret with-server -- COMMAND`, keep them running.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "[flags] -- COMMAND [ARG]...",
    after_help = "Examples:\n  ksecret with-server -- kubectl get namespaces\n  ksecret with-server --load secrets.yaml -- ./run-tests.sh"
)]
pub struct Args {
    /// Create these manifests before the command runs; repeatable
    #[arg(long, value_name = "FILE")]
    load: Vec<OsString>,
    #[command(flatten)]
    descriptor: DescriptorFlags,
    /// The command and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// Runs the command.
///
/// # Errors
/// A manifest that cannot be loaded, a command that cannot be started; the exit status of the command, without a
/// message.
pub fn run(args: Args, ctx: &mut Context) -> Result<()> {
    let lifeline = Lifeline::tie(!lifeline::is_detached(), args.descriptor)?;
    let server = open(&Storage::Memory)?;
    session::block_on(async {
        load(&server, args.load, ctx).await?;
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let listener = bind(server, address).await?;
        let dir = tempfile::Builder::new().prefix("ksecret-").tempdir().context("cannot make a temporary directory")?;
        let kubeconfig = dir.path().join("kubeconfig");
        write_private(&kubeconfig, listener.kubeconfig())?;
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = tokio::spawn(listener.run(async {
            let _ = stopped.await;
        }));
        let status = child(&args.command, &kubeconfig, dir.path(), lifeline, ctx).await;
        let _ = stop.send(());
        let _ = serving.await;
        drop(dir);
        match status? {
            0 => Ok(()),
            status => Err(Error::silent(status)),
        }
    })
}

async fn load(server: &Server, files: Vec<OsString>, ctx: &mut Context) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let client = Client::over(server.as_admin(), "default", false);
    let files = Filenames { filenames: files, ..Filenames::default() };
    for document in files::load(&files, files::Reading::Validated, ctx)? {
        let mut document = document?;
        let resource = files::place(&mut document, &client)?;
        let collection = Collection::of(resource, document.object.namespace().unwrap_or_default())
            .map_err(|failure| failure.when("creating", &document.origin.path))?;
        let call = session::post(collection.path(), document.object.json());
        client
            .call(call)
            .await
            .map_err(|failure| failure.redacted(&document.object).when("creating", &document.origin.path))?;
    }
    Ok(())
}

/// Runs the command to its end and forwards signals to it. Returns its exit status as a shell would. If `lifeline` is
/// cut, the command is ended.
async fn child(words: &[OsString], kubeconfig: &Path, dir: &Path, lifeline: Lifeline, ctx: &Context) -> Result<u8> {
    let [program, arguments @ ..] = words else { return Err(Error::new("no command to run")) };
    let waiting = |kind| signal(kind).context("cannot wait for signals");
    let mut ended = waiting(SignalKind::child())?;
    let (mut term, mut hup, mut int, mut quit) = (
        waiting(SignalKind::terminate())?,
        waiting(SignalKind::hangup())?,
        waiting(SignalKind::interrupt())?,
        waiting(SignalKind::quit())?,
    );
    let mut cut = std::pin::pin!(lifeline.cut()?);
    let mut is_cut = false;
    // Invariant: the reaper is started before the command, so that the command never runs without it.
    let mut reaper = Reaper::start(dir);
    let mut child = Command::new(program)
        .args(arguments)
        .env("KUBECONFIG", kubeconfig)
        .env_remove("KSECRET_LOCAL")
        .spawn()
        .map_err(|error| {
            reaper.dismiss();
            Error::system(format_args!("cannot start {}", program.display()), &error).status(127)
        })?;
    let pid = Pid::from_child(&child);
    reaper.watch(pid);
    let forward = |signal: Signal| {
        let _ = kill_process(pid, signal);
    };
    // Why: a terminal sends its signals to the whole foreground process group, so the child has received them.
    let terminal = ctx.terminals.stdin;
    let status = loop {
        if let Some(status) = child
            .try_wait()
            .map_err(|error| Error::system(format_args!("cannot wait for {}", program.display()), &error))?
        {
            break status;
        }
        tokio::select! {
            _ = ended.recv() => {}
            _ = term.recv() => forward(Signal::TERM),
            _ = hup.recv() => forward(Signal::HUP),
            _ = int.recv() => if !terminal { forward(Signal::INT) },
            _ = quit.recv() => if !terminal { forward(Signal::QUIT) },
            () = &mut cut, if !is_cut => {
                is_cut = true;
                if !reaper.release() {
                    forward(Signal::KILL);
                }
            }
        }
    };
    if is_cut {
        while !reaper.is_done() {
            ended.recv().await;
        }
    } else {
        reaper.dismiss();
    }
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1);
    Ok(u8::try_from(code).unwrap_or(1))
}

fn write_private(file: &Path, content: &str) -> Result<()> {
    let failed = |error: std::io::Error| Error::system(format_args!("cannot write {}", file.display()), &error);
    let mut options = fs::OpenOptions::new();
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .write(true)
        .create_new(true)
        .open(file)
        .and_then(|mut file| file.write_all(content.as_bytes()))
        .map_err(failed)
}
