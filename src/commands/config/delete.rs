//! `config delete-context`, `delete-cluster`, `delete-user`.

use super::{change, file_name, see};
use crate::{
    cli::flags::ConnectionFlags,
    client::kubeconfig::{List, Merged, Paths},
    context::Context,
    error::{Error, Result},
};

#[derive(clap::Args, Debug)]
#[command(
    override_usage = "NAME [flags]",
    after_help = "Examples:\n  ksecret config delete-context old\n  ksecret config delete-cluster old\n  ksecret config delete-user old"
)]
pub(super) struct Args {
    /// Name of the entry
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

/// The resolved arguments.
struct Options {
    list: List,
    name: String,
}

impl Options {
    /// Checks and resolves the arguments of a verb that deletes from `list`.
    ///
    /// # Errors
    /// Not exactly one name.
    fn resolve(list: List, args: &Args, ctx: &Context) -> Result<Self> {
        let noun = list.field();
        if let [name] = args.names.as_slice() {
            return Ok(Self { list, name: name.clone() });
        }
        let verb = format!("delete-{noun}");
        // Why not as kubectl: for two of the verbs it prints its help and succeeds, so a script whose variable is empty
        // would not notice that nothing was deleted.
        let count = args.names.len();
        Err(match (list, count) {
            (List::Users, _) | (_, 0) => Error::usage(
                format!("{noun} to delete is required"),
                format!("See '{} config {verb} -h' for help and examples", ctx.program),
            ),
            _ => Error::new(format!("expected one {noun} to delete, got {count}")).hint(see(&verb, ctx)),
        })
    }
}

/// Deletes an entry.
///
/// # Errors
/// Those of [`Options::resolve`], a name that does not exist, or a file that cannot be read or written.
pub(super) fn run(list: List, args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let Options { list, name } = Options::resolve(list, args, ctx)?;
    let noun = list.field();
    let file = file_name(flags, ctx);
    let current = change(Paths::Relative, flags, ctx, |merged: &mut Merged| {
        let absent = || Error::new(format!("cannot delete {noun} {name}, not in {file}"));
        merged.list_mut(list).remove(&name).ok_or_else(absent)?;
        Ok(list == List::Contexts && merged.current_context == name)
    })?;
    if current {
        let verb = format!("{} config use-context", ctx.program);
        ctx.say(format_args!("warning: this removed your active context, use \"{verb}\" to select a different one"));
    }
    ctx.put(format!("deleted {noun} {name} from {file}\n"))
}
