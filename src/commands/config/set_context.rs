//! `config set-context`.

use super::{change, unexpected};
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
    /// Name of the cluster of the context
    #[arg(long, value_name = "NAME")]
    cluster: Option<String>,
    /// Name of the user of the context
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// Namespace of the context
    #[arg(short, long, value_name = "NAME")]
    namespace: Option<String>,
}

/// The resolved arguments.
struct Options {
    /// The context; `None` for the current one.
    name: Option<String>,
    /// Fields with their values.
    fields: Vec<(&'static str, String)>,
}

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// Several names; neither a name nor `--current`, or both.
    fn resolve(args: &Args, ctx: &Context) -> Result<Self> {
        let name = match args.names.as_slice() {
            [] => "",
            [name] => name,
            names => return Err(unexpected(names, "set-context", ctx)),
        };
        let name = match (name.is_empty(), args.current) {
            (true, false) => return Err(Error::new("you must specify a non-empty context name or --current")),
            (false, true) => return Err(Error::new("you cannot specify both a context name and --current")),
            (true, true) => None,
            (false, false) => Some(name.to_owned()),
        };
        let fields = [("cluster", &args.cluster), ("user", &args.user), ("namespace", &args.namespace)];
        let fields = fields.into_iter().filter_map(|(field, value)| Some((field, value.clone()?))).collect();
        Ok(Self { name, fields })
    }
}

/// Changes a context.
///
/// # Errors
/// Those of [`Options::resolve`], no current context, or a file that cannot be read or written.
pub(super) fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let options = Options::resolve(args, ctx)?;
    let (name, existed) = change(Paths::Relative, flags, ctx, |merged: &mut Merged| {
        let name = options.name.as_ref().unwrap_or(&merged.current_context).clone();
        if name.is_empty() {
            return Err(Error::new("no current context is set"));
        }
        let contexts = merged.list_mut(List::Contexts);
        let existed = contexts.contains_key(&name);
        let context = contexts.entry(name.clone()).or_insert_with(|| Entry::new(List::Contexts));
        for (field, value) in &options.fields {
            context.set(field, value.as_str());
        }
        Ok((name, existed))
    })?;
    ctx.put(format!("Context {} {}.\n", quote(&name), if existed { "modified" } else { "created" }))
}
