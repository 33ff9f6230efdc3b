//! `serve`: the embedded API server on a loopback port, for kubectl, client libraries and tests.

use std::{
    ffi::OsString,
    fs,
    io::Write as _,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};

use super::{
    lifeline::{DescriptorFlags, Lifeline},
    local, session,
};
use crate::{
    cli::flags::ConnectionFlags,
    context::{Context, files, output_error},
    error::{Error, Result},
    server::{Listener, Server, Storage},
};

/// Run the embedded API server on a loopback port
///
/// It prints `ready https://127.0.0.1:PORT` when it accepts connections, and stops on SIGTERM and SIGINT. The kubeconfig
/// that it writes (0600) makes its reader the administrator; it is removed at the end. With -v=3, as with kube-apiserver,
/// standard error gets a line for each request: what was asked and what came of it, no body and no credential.
///
/// A program that starts it and may be killed gives --exit-with-parent, or --exit-with-fd with the number of an inherited
/// pipe or socket whose other end it keeps open: the server stops, and removes its kubeconfig, within a second of that
/// program's end.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  ksecret serve --store memory --kubeconfig ./kubeconfig\n  ksecret serve --listen 127.0.0.1:6443 --store ./secrets.db\n  ksecret serve --store memory --kubeconfig ./kubeconfig --exit-with-parent &"
)]
pub struct Args {
    /// Listen on this loopback address and port; port 0 is any free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Keep everything in this file, or in "memory" (default the file of --local)
    #[arg(long, value_name = "FILE|memory")]
    store: Option<OsString>,
    /// Stop when the process that started this one ends, even if it is killed
    #[arg(long)]
    exit_with_parent: bool,
    #[command(flatten)]
    descriptor: DescriptorFlags,
}

/// From which `-v` on requests are logged (kube-apiserver's `httplog`).
const LOG_REQUESTS: u8 = 3;

/// # Errors
/// A store that cannot be opened, an address that is not loopback or taken, a kubeconfig that cannot be written.
pub fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let lifeline = Lifeline::tie(args.exit_with_parent, args.descriptor)?;
    raise_descriptor_limit();
    let storage = match args.store.as_deref() {
        Some(word) if word == "memory" => Storage::Memory,
        Some(file) => Storage::File(ctx.env.cwd().join(file)),
        None => Storage::File(local::default_file(&ctx.env)?),
    };
    let asked = flags.kubeconfig.as_ref().map(|file| ctx.env.cwd().join(file));
    if let Some(file) = &asked {
        refuse_foreign(file)?;
    }
    let server = open(&storage)?;
    session::block_on(async {
        let mut listener = bind(server, args.listen).await?;
        if flags.verbosity >= LOG_REQUESTS {
            listener = listener.logging(session::log(ctx));
        }
        let file = match asked {
            Some(file) => file,
            None => local::default_file(&ctx.env)?.with_file_name(format!("serve-{}.kubeconfig", listener.port())),
        };
        let written = Written::new(file, listener.kubeconfig())?;
        let (signal, cut) = (stop_signal()?, lifeline.cut()?);
        let stop = async {
            tokio::select! {
                () = signal => {}
                () = cut => {}
            }
        };
        if ctx.terminals.stderr {
            ctx.say(format_args!("hint: export KUBECONFIG={}", written.path.display()));
        }
        ctx.put(format!("ready {}\n", listener.url()))?;
        ctx.flush_stdout().map_err(|error| output_error(&error))?;
        Ok(listener.run(stop).await.context("the server failed")?)
    })
}

/// Lets this process open as many files as it may: each connection is one, and what most systems begin with is little.
fn raise_descriptor_limit() {
    let limit = getrlimit(Resource::Nofile);
    // It goes on with what it has where that is not allowed.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
}

/// Opens a server on its store.
///
/// # Errors
/// A store that cannot be opened.
pub fn open(storage: &Storage) -> Result<Server> {
    Server::open(storage)
        .map_err(|failure| Error::new(format!("cannot open the store: {failure}")).hints_of(failure.hint()))
}

/// Binds the address; requests are answered once the listener runs.
///
/// # Errors
/// An address that is not loopback, or taken.
pub async fn bind(server: Server, address: SocketAddr) -> Result<Listener> {
    Listener::bind(server, address).await.map_err(|error| Error::new(format!("cannot listen on {address}: {error}")))
}

fn stop_signal() -> Result<impl Future<Output = ()>> {
    let on = |kind| signal(kind).context("cannot wait for signals");
    let (mut term, mut int, mut hup) =
        (on(SignalKind::terminate())?, on(SignalKind::interrupt())?, on(SignalKind::hangup())?);
    Ok(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
            _ = hup.recv() => {}
        }
    })
}

/// A kubeconfig of ours, gone when this is dropped.
struct Written {
    path: PathBuf,
    content: String,
}

impl Written {
    /// Writes it 0600, whole or not at all; a directory that is missing is made 0700.
    fn new(path: PathBuf, content: &str) -> Result<Self> {
        let failed = |error: std::io::Error| Error::new(format!("cannot write {}: {error}", path.display()));
        let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !dir.exists() {
            let mut builder = fs::DirBuilder::new();
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.recursive(true).create(dir).map_err(failed)?;
        }
        let mut file = tempfile::NamedTempFile::new_in(dir).map_err(failed)?;
        file.write_all(content.as_bytes()).map_err(failed)?;
        // Looked at once more: only what is of our own making is replaced, and a new path only while it is new.
        match refuse_foreign(&path)? {
            Some(_) => file.persist(&path).map(drop),
            None => file.persist_noclobber(&path).map(drop),
        }
        .map_err(|error| failed(error.error))?;
        Ok(Self { path, content: content.to_owned() })
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        if regular(&self.path).is_ok_and(|now| now.is_some_and(|now| now == self.content.as_bytes())) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Refuses every path but a new one and that of a regular file which is empty or a kubeconfig of ours; what it holds.
///
/// Why: it is replaced at the beginning and removed at the end. For root, that would be the end of a device.
fn refuse_foreign(file: &Path) -> Result<Option<Vec<u8>>> {
    let refused = |why: &str| {
        Err(Error::new(format!("{} {why}", file.display())).hint("name a file of its own with --kubeconfig"))
    };
    match regular(file) {
        Ok(None) => Ok(None),
        Ok(Some(content)) if content.is_empty() || std::str::from_utf8(&content).is_ok_and(Listener::wrote) => {
            Ok(Some(content))
        }
        Ok(Some(_)) => refused("is there already and is not a kubeconfig of ksecret serve"),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidInput => refused("is not a regular file"),
        Err(error) => refused(&format!("cannot be read: {error}")),
    }
}

/// What a regular file holds, or so much of it that it can be no kubeconfig of ours; `None` where there is nothing. Of
/// anything else, links among it, nothing is opened.
fn regular(file: &Path) -> std::io::Result<Option<Vec<u8>>> {
    const LIMIT: usize = 64 << 10;
    let (opened, found) = match files::open_regular(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    let mut content = Vec::new();
    guard::bounded::read(opened, found.len(), LIMIT, &mut content)?;
    Ok(Some(content))
}
