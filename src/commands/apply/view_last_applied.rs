//! `apply view-last-applied`: prints the annotation as YAML or JSON, without values that kubectl stored in it.

use crate::{
    cli::flags::{ConnectionFlags, FileFlags},
    commands::{
        session,
        targets::{Choice, fetch},
    },
    context::Context,
    error::{Error, Result},
    secret::last_applied,
};
use go::quote::quote;

/// Print the last-applied annotation, without the values
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "(NAME | secret NAME... | secret/NAME... | -f FILE) [flags]",
    after_help = "Examples:\n  ksecret apply view-last-applied secret db\n  ksecret apply view-last-applied -f secret.yaml -o json"
)]
pub struct Args {
    /// NAME of one Secret, or secret NAME..., secret/NAME..., secrets with -l or --all
    #[arg(value_name = "NAME")]
    words: Vec<String>,
    /// Select every Secret of the namespace
    #[arg(long)]
    all: bool,
    /// Print as yaml or json
    #[arg(short, long, value_name = "FORMAT", default_value = "yaml")]
    output: String,
    /// Select by labels: a=b, a!=b, a in (b,c), a notin (b,c), a, !a; commas mean and
    #[arg(short = 'l', long, value_name = "SELECTOR", default_value = "", hide_default_value = true)]
    selector: String,
    #[command(flatten)]
    files: FileFlags,
}

/// The resolved arguments.
struct Options<'a> {
    choice: Choice<'a>,
    /// `-o`. As in kubectl it is checked only if there is something to print.
    format: &'a str,
}

impl<'a> Options<'a> {
    fn resolve(args: &'a Args, flags: &ConnectionFlags) -> Self {
        let choice = Choice {
            words: &args.words,
            labels: &args.selector,
            all: args.all,
            files: args.files.clone(),
            // As in kubectl, which passes `enforceNamespace` where the builder expects whether a kind alone means all
            // its objects.
            every: flags.place.namespace.as_deref().is_some_and(|namespace| !namespace.is_empty()),
            ..Choice::default()
        };
        Self { choice, format: &args.output }
    }
}

/// Prints the annotations.
///
/// # Errors
/// The first object that cannot be read, or that a file names and that has no annotation; an unknown format.
pub fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let Options { choice, format } = Options::resolve(args, flags);
    let client = session::connect(flags, ctx)?;
    let texts = session::block_on(async {
        let mut texts = Vec::new();
        for target in choice.find(&client, ctx).await? {
            let target = target?;
            let object = fetch(&client, &target).await?;
            match (last_applied::of(object.json()), &target.file) {
                (Some(text), _) => {
                    texts.push(last_applied::without_values(text).unwrap_or_else(|| text.to_owned()));
                }
                (None, Some(file)) => {
                    let name = &target.name;
                    return Err(Error::new(format!(
                        "no last-applied-configuration annotation found on resource: {name}, which {} names",
                        quote(file)
                    )));
                }
                // As in kubectl: no message.
                (None, None) => {}
            }
        }
        Ok(texts)
    })?;
    texts.iter().try_for_each(|text| print(text, format, ctx))
}

/// Prints an annotation.
fn print(text: &str, format: &str, ctx: &mut Context) -> Result<()> {
    match format {
        "json" => {
            go::json_scan::check(text.as_bytes()).map_err(|error| Error::new(error.message))?;
            ctx.put(go::json_indent::indent(text, "  "))
        }
        "yaml" => {
            let last = yaml::read::parse_one(text.as_bytes()).map_err(|error| Error::new(error.text()))?;
            ctx.put(yaml::write::to_string(&last))
        }
        other => {
            let see = format!("See '{} apply view-last-applied -h' for help and examples", ctx.program);
            let text = format!("Unexpected -o output mode: {other}, the flag 'output' must be one of yaml|json");
            Err(Error::usage(text, see))
        }
    }
}
