//! `config get-contexts`, `use-context`, `rename-context`.

use super::{change, file_name, load, one_word, unexpected};
use crate::{
    cli::flags::ConnectionFlags,
    client::kubeconfig::{List, Merged, Paths},
    context::Context,
    error::{Error, Result},
};
use go::{quote::quote, tabwriter};

#[derive(clap::Args, Debug)]
#[command(
    override_usage = "[NAME]... [flags]",
    after_help = "Examples:\n  ksecret config get-contexts\n  ksecret config get-contexts prod\n  ksecret config get-contexts -o name"
)]
pub(super) struct GetArgs {
    /// Names of contexts; all of them without one
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Print as name
    #[arg(short, long, value_name = "FORMAT", default_value = "", hide_default_value = true)]
    output: String,
    /// Print no header line
    #[arg(long)]
    no_headers: bool,
}

/// The resolved arguments of `get-contexts`.
struct Listing {
    /// The contexts to list; empty for all.
    names: Vec<String>,
    names_only: bool,
    no_headers: bool,
}

impl Listing {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// An unknown format.
    fn resolve(args: GetArgs, program: &str) -> Result<Self> {
        let GetArgs { names, output, no_headers } = args;
        match output.as_str() {
            "" | "name" => Ok(Self { names, names_only: output == "name", no_headers }),
            other => Err(Error::new(format!(
                "--output {other} is not available in {program} config get-contexts; resetting to default output format"
            ))),
        }
    }
}

/// Prints the contexts.
///
/// # Errors
/// An unknown format, files that cannot be read, contexts that do not exist.
pub(super) fn get(args: GetArgs, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let Listing { names, names_only, no_headers } = Listing::resolve(args, &ctx.program)?;
    let merged = load(flags, ctx)?;
    let contexts = merged.list(List::Contexts);
    let (mut shown, absent): (Vec<&str>, Vec<&str>) = if names.is_empty() {
        (contexts.keys().map(String::as_str).collect(), Vec::new())
    } else {
        names.iter().map(String::as_str).partition(|name| contexts.contains_key(*name))
    };
    shown.sort_unstable();
    let mut lines = String::new();
    if !names_only && !no_headers {
        lines.push_str("CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE\n");
    }
    for name in shown {
        let Some(context) = contexts.get(name) else { continue };
        if names_only {
            lines.push_str(&format!("{name}\n"));
            continue;
        }
        let mark = if merged.current_context == name { "*" } else { " " };
        let [cluster, user, namespace] = ["cluster", "user", "namespace"].map(|field| context.text(field));
        lines.push_str(&format!("{mark}\t{name}\t{cluster}\t{user}\t{namespace}\n"));
    }
    ctx.put(tabwriter::TABLE.align(&lines))?;
    match absent.is_empty() {
        true => Ok(()),
        false => Err(Error::many(absent.iter().map(|name| Error::new(format!("context {name} not found"))).collect())),
    }
}

#[derive(clap::Args, Debug)]
#[command(override_usage = "NAME [flags]", after_help = "Examples:\n  ksecret config use-context prod")]
pub(super) struct UseArgs {
    /// Name of the context
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

/// Sets the current context.
///
/// # Errors
/// A context that does not exist, or a file that cannot be read or written.
pub(super) fn use_context(args: &UseArgs, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let name = one_word(&args.names, "use-context", ctx)?;
    change(Paths::Relative, flags, ctx, |merged: &mut Merged| {
        if name.is_empty() {
            return Err(Error::new("empty context names are not allowed"));
        }
        if !merged.list(List::Contexts).contains_key(name) {
            return Err(Error::new(format!("no context exists with the name: {}", quote(name))));
        }
        merged.current_context = name.to_owned();
        Ok(())
    })?;
    ctx.put(format!("Switched to context {}.\n", quote(name)))
}

#[derive(clap::Args, Debug)]
#[command(override_usage = "NAME NEW_NAME [flags]", after_help = "Examples:\n  ksecret config rename-context old new")]
pub(super) struct RenameArgs {
    /// The name of the context, and the new one
    #[arg(value_name = "NAME NEW_NAME")]
    names: Vec<String>,
}

/// Renames a context.
///
/// # Errors
/// A context that does not exist, a new name that is in use, or a file that cannot be read or written.
pub(super) fn rename(args: &RenameArgs, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let [old, new] = args.names.as_slice() else {
        return Err(unexpected(&args.names, "rename-context", ctx));
    };
    if new.is_empty() {
        return Err(Error::new("You must specify a new non-empty context name"));
    }
    let file = file_name(flags, ctx);
    change(Paths::Relative, flags, ctx, |merged: &mut Merged| {
        let contexts = merged.list_mut(List::Contexts);
        if !contexts.contains_key(old) {
            return Err(Error::new(format!("cannot rename the context {}, it's not in {file}", quote(old))));
        }
        if contexts.contains_key(new) {
            let (old, new) = (quote(old), quote(new));
            return Err(Error::new(format!(
                "cannot rename the context {old}, the context {new} already exists in {file}"
            )));
        }
        if let Some(context) = contexts.remove(old) {
            contexts.insert(new.clone(), context);
        }
        if merged.current_context == *old {
            merged.current_context.clone_from(new);
        }
        Ok(())
    })?;
    ctx.put(format!("Context {} renamed to {}.\n", quote(old), quote(new)))
}
