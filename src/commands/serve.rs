//! `serve`: runs the embedded API server on a loopback port, for kubectl, client libraries and tests.

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

/// The least `-v` at which requests are logged (kube-apiserver's `httplog`).
const LOG_REQUESTS: u8 = 3;

/// The resolved arguments.
struct Options {
    listen: SocketAddr,
    storage: Storage,
    /// `--kubeconfig`; `None` for a file beside the default store, named after the port.
    kubeconfig: Option<PathBuf>,
    logs_requests: bool,
}

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// No default store, and a `--kubeconfig` that another program wrote.
    fn resolve(args: &Args, flags: &ConnectionFlags, ctx: &Context) -> Result<Self> {
        let storage = match args.store.as_deref() {
            Some(word) if word == "memory" => Storage::Memory,
            Some(file) => Storage::File(ctx.env.cwd().join(file)),
            None => Storage::File(local::default_file(&ctx.env)?),
        };
        let kubeconfig = flags.place.kubeconfig.as_ref().map(|file| ctx.env.cwd().join(file));
        if let Some(file) = &kubeconfig {
            refuse_foreign(file)?;
        }
        Ok(Self { listen: args.listen, storage, kubeconfig, logs_requests: flags.rare.verbosity >= LOG_REQUESTS })
    }
}

/// Runs the server until a signal ends it.
///
/// # Errors
/// A store that cannot be opened, an address that is not loopback or in use, a kubeconfig that cannot be written.
pub fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    // Why first: see `Lifeline::tie`.
    let lifeline = Lifeline::tie(args.exit_with_parent, args.descriptor)?;
    let options = Options::resolve(args, flags, ctx)?;
    raise_descriptor_limit();
    let server = open(&options.storage)?;
    session::block_on(async {
        let mut listener = bind(server, options.listen).await?;
        if options.logs_requests {
            listener = listener.logging(session::log(ctx));
        }
        let file = match options.kubeconfig {
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
        ctx.flush_stdout().map_err(output_error)?;
        Ok(listener.run(stop).await.context("the server failed")?)
    })
}

/// Raises the soft limit of file descriptors to the hard one. Why: each connection needs one, and the default of most
/// systems is low.
fn raise_descriptor_limit() {
    let limit = getrlimit(Resource::Nofile);
    // If that is not allowed, the limit stays.
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

/// Binds the address. Requests are answered when the listener runs.
///
/// # Errors
/// An address that is not loopback or in use.
pub async fn bind(server: Server, address: SocketAddr) -> Result<Listener> {
    Listener::bind(server, address)
        .await
        .map_err(|error| Error::system(format_args!("cannot listen on {address}"), &error))
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

/// A kubeconfig that this process has written. It is removed on drop.
struct Written {
    path: PathBuf,
    content: String,
}

impl Written {
    /// Writes the file with mode 0600, whole or not at all, and makes a missing directory with mode 0700.
    fn new(path: PathBuf, content: &str) -> Result<Self> {
        let failed = |error: std::io::Error| Error::system(format_args!("cannot write {}", path.display()), &error);
        let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !dir.exists() {
            let mut builder = fs::DirBuilder::new();
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.recursive(true).create(dir).map_err(failed)?;
        }
        let mut file = tempfile::NamedTempFile::new_in(dir).map_err(failed)?;
        file.write_all(content.as_bytes()).map_err(failed)?;
        // Invariant: checked again just before. Only a kubeconfig of this program is replaced, and a new path only if
        // it is still new.
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

/// Refuses every path except a new one, an empty regular file, and a kubeconfig of this program, whose content it
/// returns.
///
/// Why: the file is replaced at the start and removed at the end. For root that could destroy a device.
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
        Err(error) => refused(&format!("cannot be read: {}", go::errno::text(&error))),
    }
}

/// Returns the content of a regular file, or as much as proves that it is no kubeconfig of this program; `None` if the
/// path does not exist. Anything else, links included, is not opened.
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
