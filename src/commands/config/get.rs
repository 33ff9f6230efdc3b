//! `config current-context`, `get-clusters`, `get-users`.

use std::ffi::OsString;

use super::load;
use crate::{
    cli::flags::ConnectionFlags,
    client::kubeconfig::List,
    context::Context,
    error::{Error, Result},
};

#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  ksecret config current-context\n  ksecret config get-clusters\n  ksecret config get-users"
)]
pub(super) struct Args {
    /// Accepted and not looked at, as by kubectl
    #[arg(hide = true)]
    _words: Vec<OsString>,
}

/// Prints the current context.
///
/// # Errors
/// Files that cannot be read, or none that sets a context.
pub(super) fn current_context(flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let merged = load(flags, ctx)?;
    if merged.current_context.is_empty() {
        return Err(Error::new("current-context is not set"));
    }
    ctx.put(format!("{}\n", merged.current_context))
}

/// Prints the names of a list.
///
/// # Errors
/// Files that cannot be read.
pub(super) fn names(list: List, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let merged = load(flags, ctx)?;
    ctx.put("NAME\n")?;
    for name in merged.list(list).keys() {
        ctx.put(format!("{name}\n"))?;
    }
    Ok(())
}
