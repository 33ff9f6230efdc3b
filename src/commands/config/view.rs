//! `config view`.

use std::ffi::OsString;

use super::warn;
use crate::{
    cli::{
        flags::{ConnectionFlags, PrintFlags},
        pflag,
    },
    client::kubeconfig::{Access, Loaded, Unknown},
    commands::output,
    context::Context,
    error::{Error, Result},
    print::{self, Allowed, Format, Order, Printer},
};

/// Show the kubeconfig, without its secrets unless asked for
///
/// Tokens and passwords are shown as REDACTED, certificates and keys as DATA+OMITTED; --raw and --flatten show them.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  ksecret config view --minify\n  ksecret config view -o jsonpath='{.contexts[*].name}'\n  KUBECONFIG=a:b ksecret config view --flatten > merged"
)]
pub(super) struct Args {
    /// No word is taken
    #[arg(hide = true)]
    words: Vec<OsString>,
    /// Merge all files; false shows the one that --kubeconfig names as it is
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        default_value = "true", hide_default_value = true, action = clap::ArgAction::Set,
        value_parser = pflag::parse_bool)]
    merge: bool,
    /// Show tokens, passwords, certificates and keys
    #[arg(long)]
    raw: bool,
    /// Show the content of certificate and key files in the place of their paths
    #[arg(long)]
    flatten: bool,
    /// Show only what the context in use, or that of --context, needs
    #[arg(long)]
    minify: bool,
    #[command(flatten)]
    print: PrintFlags,
}

/// The resolved arguments.
struct Options {
    format: Format,
    merge: bool,
    minify: bool,
    /// The context in the place of the current one, with `minify`.
    context: Option<String>,
    flatten: bool,
    /// Whether tokens, passwords, certificates and keys are shown.
    exposed: bool,
}

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// Words, an unknown format, and `--merge=false` without `--kubeconfig`.
    fn resolve(args: &Args, flags: &ConnectionFlags, ctx: &Context) -> Result<Self> {
        if !args.words.is_empty() {
            let words: Vec<String> = args.words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
            let see = format!("See '{} config view -h' for help and examples", ctx.program);
            return Err(Error::usage(format!("unexpected arguments: [{}]", words.join(" ")), see));
        }
        let format = format(&args.print, ctx)?;
        if !args.merge && !Access::new(flags.place.kubeconfig.as_deref(), &ctx.env).is_explicit() {
            return Err(Error::new("if merge==false a precise file must be specified"));
        }
        Ok(Self {
            format,
            merge: args.merge,
            minify: args.minify,
            context: flags.place.context.clone().filter(|context| !context.is_empty()),
            flatten: args.flatten,
            exposed: args.raw || args.flatten,
        })
    }
}

/// Prints the kubeconfig.
///
/// # Errors
/// Files that cannot be read, or a context whose cluster or user does not exist.
pub(super) fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let options = Options::resolve(args, flags, ctx)?;
    let access = Access::new(flags.place.kubeconfig.as_deref(), &ctx.env);
    let Loaded { mut merged, warnings, .. } = if options.merge { access.load() } else { access.load_explicit() }?;
    warn(&warnings, ctx);
    if options.minify {
        if let Some(context) = options.context {
            merged.current_context = context;
        }
        merged.minify()?;
    }
    if options.flatten {
        merged.flatten(&ctx.env)?;
    }
    if !options.exposed {
        merged.redact();
    }
    // Why: a field that is not known may be a secret.
    let mut object = merged.to_object(if options.exposed { Unknown::Keep } else { Unknown::Drop });
    if matches!(options.format, Format::Name | Format::Message) {
        // As in kubectl, since a kubeconfig has no name.
        return ctx.put("config/<unknown>\n");
    }
    let layout = print::Options { order: Order::Kubeconfig, style: output::style(ctx), ..print::Options::default() };
    Printer::new(options.format, layout).object(object.json_mut(), &mut ctx.stdout)
}

/// Returns the output format; YAML by default.
fn format(flags: &PrintFlags, ctx: &Context) -> Result<Format> {
    let unsaid = flags.output.is_none() && flags.template.as_deref().unwrap_or_default().is_empty();
    match unsaid {
        true => Ok(Format::Yaml),
        false => output::parse(flags, Allowed::Create, false, ctx),
    }
}
