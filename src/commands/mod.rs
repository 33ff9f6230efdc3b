//! The commands, one file each: `Args` is what was typed, `Options::resolve` checks it, `run` does it.

pub mod api_resources;
pub mod api_versions;
pub mod apply;
pub mod auth;
pub mod cluster_info;
pub mod compare;
pub mod completion;
pub mod config;
pub mod copy;
pub mod create;
pub mod decode;
pub mod delete;
mod deletion;
pub mod describe;
pub mod diff;
mod discovery;
pub mod edit;
pub mod explain;
pub mod fallback;
mod files;
pub mod get;
pub mod history;
mod interrupt;
pub mod kustomize;
pub mod label;
mod lifeline;
mod local;
pub mod options;
mod outcome;
pub mod output;
pub mod patch;
mod progress;
mod prune;
mod raw;
mod receipt;
mod recreate;
pub mod replace;
pub mod rotate;
pub mod serve;
pub mod session;
pub mod set;
mod sources;
mod spelled;
mod targets;
mod tree;
pub mod undo;
mod until;
pub mod validate;
mod verbs;
pub mod version;
pub mod wait;
pub mod with_server;
mod write;

use clap::ArgMatches;

pub use self::tree::{Parsed, Root, command, parse};
use self::{
    tree::{NAME, command_of, connection, connection_flags, is_verb, program},
    verbs::Verb,
};
use crate::{
    cli::flags::{ConnectionFlags, When},
    context::Context,
    error::{Error, Result},
};

/// Returns the time limits and size limits, for the long help and the README.
pub fn limits() -> String {
    let held = crate::print::held::MOST >> 20;
    format!(
        "{} What waits for the end of a list, to be aligned, sorted or changed, may have {held} MiB.",
        crate::client::limits_in_words()
    )
}

/// Runs a command.
///
/// # Errors
/// The command's, and that receipts could not be written.
pub fn run(root: Root, ctx: &mut Context) -> Result<()> {
    let Root { mut connection, verb, mut typed } = root;
    connection.receipts = receipt::open(&connection, verb.name, &ctx.env)?;
    let receipts = connection.receipts.clone();
    let done = run_verb(verb, &mut typed, &connection, ctx);
    match (done, receipts.finish(ctx)) {
        (Err(failure), Err(untold)) => Err(untold.status(failure.exit_status()).after(vec![failure])),
        (done, told) => done.and(told),
    }
}

fn run_verb(verb: &Verb, typed: &mut ArgMatches, connection: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    if let When::Always | When::Never = connection.rare.color {
        ctx.color = connection.rare.color == When::Always;
        ctx.color_messages = ctx.color;
    }
    verb.run(typed, connection, ctx)?;
    if connection.rare.warnings_as_errors && ctx.warnings > 0 {
        let noun = if ctx.warnings == 1 { "warning" } else { "warnings" };
        return Err(Error::new(format!("{} {noun} received", ctx.warnings)));
    }
    Ok(())
}
