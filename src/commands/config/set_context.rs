//! `config set-context`.

use clap::Arg;

use super::{change, entry_flag, unexpected};
use crate::{
    cli::flags::ConnectionFlags,
    client::kubeconfig::{Entry, List, Merged, Paths},
    context::Context,
    error::{Error, Result},
};
use go::quote::quote;

/// Make or change a context
///
/// Fields that no flag names stay as they are.
#[derive(clap::Args, Debug)]
#[command(
    mut_args(describe),
    override_usage = "(NAME | --current) [flags]",
    after_help = "Examples:\n  ksecret config set-context --current --namespace=team-a\n  ksecret config set-context prod --cluster=prod --user=admin"
)]
pub(super) struct Args {
    /// Name of the context
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Change the context in use
    #[arg(long)]
    current: bool,
}

fn describe(arg: Arg) -> Arg {
    match arg.get_id().as_str() {
        "cluster" => entry_flag(arg, "Name of the cluster of the context"),
        "user" => entry_flag(arg, "Name of the user of the context"),
        "namespace" => entry_flag(arg, "Namespace of the context"),
        _ => arg,
    }
}

/// # Errors
/// No context meant, or a file that cannot be read or written.
pub(super) fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let name = match args.names.as_slice() {
        [] => "",
        [name] => name,
        names => return Err(unexpected(names, "set-context", ctx)),
    };
    match (name.is_empty(), args.current) {
        (true, false) => return Err(Error::new("you must specify a non-empty context name or --current")),
        (false, true) => return Err(Error::new("you cannot specify both a context name and --current")),
        _ => {}
    }
    let (name, existed) = change(Paths::Relative, flags, ctx, |merged: &mut Merged| {
        let name = if args.current { merged.current_context.clone() } else { name.to_owned() };
        if name.is_empty() {
            return Err(Error::new("no current context is set"));
        }
        let contexts = merged.list_mut(List::Contexts);
        let existed = contexts.contains_key(&name);
        let context = contexts.entry(name.clone()).or_insert_with(|| Entry::new(List::Contexts));
        for (field, value) in [("cluster", &flags.cluster), ("user", &flags.user), ("namespace", &flags.namespace)] {
            if let Some(value) = value {
                context.set(field, value.as_str());
            }
        }
        Ok((name, existed))
    })?;
    ctx.put(format!("Context {} {}.\n", quote(&name), if existed { "modified" } else { "created" }))
}
