//! What a command needs to talk to a server: the client, its log, a runtime of one thread, and warnings said aloud.

use std::{
    future::Future,
    io::Write as _,
    os::unix::net::UnixStream,
    sync::{Mutex, PoisonError},
};

use anyhow::Context as _;
use http::Method;
use serde_json::Value as Json;

use super::local;
use crate::{
    cli::flags::ConnectionFlags,
    client::{self, Answer, Call, Client, Path},
    context::Context,
    error::Result,
};

/// Builds the client that the flags, the environment and the kubeconfig mean, says what is odd about them, and has it
/// log what `-v` asks for. Nothing is sent yet.
///
/// # Errors
/// A kubeconfig that cannot be read or does not name what was asked for.
pub fn connect(flags: &ConnectionFlags, ctx: &mut Context) -> Result<Client> {
    let client = match local::client(flags, &ctx.env)? {
        Some(client) => client,
        None => client::connect(&flags.settings(), &ctx.env, ctx.terminals, &ctx.stdin_in_use)?.hint_if_unconfigured(
            "no cluster is configured; --local works on an embedded server, with no cluster at all",
        ),
    };
    for warning in client.warnings() {
        ctx.say(format_args!("warning: {warning}"));
    }
    // Why not always: the server's name is needed by receipts alone.
    let client = match flags.receipts.are_wanted() {
        true => {
            let server = server(&client, flags, ctx)?;
            client.observed(flags.receipts.observer(server))
        }
        false => client,
    };
    if flags.verbosity == 0 {
        return Ok(client);
    }
    Ok(client.verbose(flags.verbosity, log(ctx)))
}

/// Returns the name of the server of a client in receipts and the journal: its address, or `local:FILE`.
///
/// # Errors
/// As [`connect`].
pub fn server(client: &Client, flags: &ConnectionFlags, ctx: &Context) -> Result<String> {
    Ok(match local::file(flags, &ctx.env)? {
        Some(path) => format!("local:{}", path.display()),
        None => client.address().to_owned(),
    })
}

/// Builds the client of another context of the kubeconfig, with the other flags as they are. No namespace goes with it, and
/// the embedded server has no contexts.
///
/// # Errors
/// As [`connect`].
pub fn connect_to(context: &str, flags: &ConnectionFlags, ctx: &mut Context) -> Result<Client> {
    let flags = ConnectionFlags { context: Some(context.to_owned()), local: None, namespace: None, ..flags.clone() };
    connect(&flags, ctx)
}

/// Lines on standard error that begin as klog's: severity, date, time, process.
pub fn log(ctx: &mut Context) -> client::Log {
    let stderr = Mutex::new(ctx.share_stderr());
    let process = std::process::id();
    Box::new(move |line| {
        let now = jiff::Timestamp::now().strftime("%m%d %H:%M:%S.%6f");
        let mut stderr = stderr.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = stderr.write_all(format!("I{now} {process:>7} ksecret] {line}\n").as_bytes());
    })
}

/// Runs `work` to its end on a runtime of one thread, which exists only while it does.
///
/// # Errors
/// What `work` fails with, or the system's refusal of a runtime.
pub fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    // Why: tokio panics where it cannot have the descriptors that it needs for signals.
    let spare = [(); 3].map(|()| UnixStream::pair());
    for pair in spare {
        pair.context("cannot start the runtime")?;
    }
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start the runtime")?;
    let outcome = runtime.block_on(work);
    runtime.shutdown_background();
    outcome
}

/// Says the server's warnings, as kubectl does: `Warning: TEXT` on standard error.
pub fn say_warnings(ctx: &mut Context, answer: &Answer) {
    say_all(ctx, &answer.warnings);
}

/// Says warnings that came with a page of a list.
pub fn say_all(ctx: &mut Context, warnings: &[String]) {
    for warning in warnings {
        ctx.warnings += 1;
        ctx.say(format_args!("Warning: {warning}"));
    }
}

/// Accepts a table, as kubectl asks for one.
pub const TABLE: &str =
    "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";
/// Accepts metadata alone: no value crosses the wire.
pub const METADATA: &str = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json";
/// The content types of patches.
pub const JSON_PATCH: &str = "application/json-patch+json";
/// See [`JSON_PATCH`].
pub const MERGE_PATCH: &str = "application/merge-patch+json";
/// See [`JSON_PATCH`].
pub const STRATEGIC_MERGE_PATCH: &str = "application/strategic-merge-patch+json";
/// Server-side apply; JSON is YAML too.
pub const APPLY_PATCH: &str = "application/apply-patch+yaml";

/// The content type of a JSON body.
pub const JSON: &str = "application/json";

/// A POST of `object` to a collection.
pub fn post(path: Path, object: &Json) -> Call {
    with_body(Method::POST, path, JSON, object)
}

/// A PUT of `object` to its own path.
pub fn put(path: Path, object: &Json) -> Call {
    with_body(Method::PUT, path, JSON, object)
}

/// A PATCH; `content_type` says of which kind.
pub fn patch(path: Path, content_type: &'static str, body: &Json) -> Call {
    with_body(Method::PATCH, path, content_type, body)
}

/// A DELETE with options.
pub fn delete(path: Path, options: &Json) -> Call {
    with_body(Method::DELETE, path, JSON, options)
}

fn with_body(method: Method, path: Path, content_type: &'static str, body: &Json) -> Call {
    Call::new(method, path).body(content_type, body.to_string())
}
