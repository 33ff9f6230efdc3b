//! What a command needs to talk to a server: the client, its log, a single-threaded runtime, and printing warnings.

use std::{
    future::Future,
    io::Write as _,
    os::fd::AsFd as _,
    sync::{Mutex, PoisonError},
};

use anyhow::Context as _;
use http::Method;
use serde_json::Value as Json;

use super::local;
use crate::{
    cli::flags::{ConnectionFlags, PlaceFlags},
    client::{self, Answer, Call, Client, Path},
    context::Context,
    error::Result,
};

/// Builds the client that the flags, the environment and the kubeconfig select, prints warnings about them, and turns
/// on the log of `-v`. No request is sent.
///
/// # Errors
/// A kubeconfig that cannot be read or does not contain what was named.
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
    // Why only then: nothing but receipts needs the server's name.
    let client = match flags.receipts.are_wanted() {
        true => {
            let server = server(&client, flags, ctx)?;
            client.observed(flags.receipts.observer(server))
        }
        false => client,
    };
    if flags.rare.verbosity == 0 {
        return Ok(client);
    }
    Ok(client.verbose(flags.rare.verbosity, log(ctx)))
}

/// Returns the server's name in receipts and the journal: its address, or `local:FILE`.
///
/// # Errors
/// As [`connect`].
pub fn server(client: &Client, flags: &ConnectionFlags, ctx: &Context) -> Result<String> {
    Ok(match local::file(flags, &ctx.env)? {
        Some(path) => format!("local:{}", path.display()),
        None => client.address().to_owned(),
    })
}

/// Builds the client of another context of the kubeconfig. The other flags apply to it too, except for the namespace.
/// The embedded server has no contexts.
///
/// # Errors
/// As [`connect`].
pub fn connect_to(context: &str, flags: &ConnectionFlags, ctx: &mut Context) -> Result<Client> {
    let kubeconfig = flags.place.kubeconfig.clone();
    let place = PlaceFlags { kubeconfig, context: Some(context.to_owned()), ..PlaceFlags::default() };
    connect(&ConnectionFlags { place, ..flags.clone() }, ctx)
}

/// Returns a log that writes to standard error, with the prefix of klog: severity, date, time, process.
pub fn log(ctx: &mut Context) -> client::Log {
    let stderr = Mutex::new(ctx.share_stderr());
    let process = std::process::id();
    Box::new(move |line| {
        let now = jiff::Timestamp::now().strftime("%m%d %H:%M:%S.%6f");
        let mut stderr = stderr.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = stderr.write_all(format!("I{now} {process:>7} ksecret] {line}\n").as_bytes());
    })
}

/// Runs `work` to its end on a single-threaded runtime, which exists only meanwhile.
///
/// # Errors
/// Those of `work`, or that the system refuses a runtime.
pub fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    // Why: tokio panics if it cannot open the descriptors that it needs for signals; this is an error instead.
    let spare = [(); 6].map(|()| std::io::stderr().as_fd().try_clone_to_owned());
    for descriptor in spare {
        descriptor.context("cannot start the runtime")?;
    }
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start the runtime")?;
    let outcome = runtime.block_on(work);
    runtime.shutdown_background();
    outcome
}

/// Prints the server's warnings as kubectl does: `Warning: TEXT` on standard error.
pub fn say_warnings(ctx: &mut Context, answer: &Answer) {
    say_all(ctx, &answer.warnings);
}

/// Prints the warnings of a page of a list.
pub fn say_all(ctx: &mut Context, warnings: &[String]) {
    for warning in warnings {
        ctx.warnings += 1;
        ctx.say(format_args!("Warning: {warning}"));
    }
}

/// The `Accept` header that asks for a table, as kubectl's.
pub const TABLE: &str =
    "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";
/// The `Accept` header that asks for metadata only, so that no value is transferred.
pub const METADATA: &str = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json";
/// The content type of JSON patches.
pub const JSON_PATCH: &str = "application/json-patch+json";
/// The content type of JSON merge patches.
pub const MERGE_PATCH: &str = "application/merge-patch+json";
/// The content type of strategic merge patches.
pub const STRATEGIC_MERGE_PATCH: &str = "application/strategic-merge-patch+json";
/// The content type of server-side apply. JSON is accepted, being YAML.
pub const APPLY_PATCH: &str = "application/apply-patch+yaml";

/// The content type of a JSON body.
pub const JSON: &str = "application/json";

/// Returns a POST of `object` to a collection.
pub fn post(path: Path, object: &Json) -> Call {
    with_body(Method::POST, path, JSON, object)
}

/// Returns a PUT of `object` to its path.
pub fn put(path: Path, object: &Json) -> Call {
    with_body(Method::PUT, path, JSON, object)
}

/// Returns a PATCH of the kind that `content_type` says.
pub fn patch(path: Path, content_type: &'static str, body: &Json) -> Call {
    with_body(Method::PATCH, path, content_type, body)
}

/// Returns a DELETE with options.
pub fn delete(path: Path, options: &Json) -> Call {
    with_body(Method::DELETE, path, JSON, options)
}

fn with_body(method: Method, path: Path, content_type: &'static str, body: &Json) -> Call {
    Call::new(method, path).body(content_type, body.to_string())
}
