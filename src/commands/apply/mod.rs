//! `apply`: make the server have what manifests say, and take away what they said before and say no more.
//!
//! What was said before is known from `metadata.managedFields`: kubectl's own record, an annotation with every value in
//! it, is never written, and removed where it is found.

mod fold;
mod owned;
mod work;

pub use work::{Applied, How, Work};

use crate::{
    cli::flags::{ConnectionFlags, DryRun, DryRunFlag, FileFlags, PrintFlags, ValidateFlag},
    commands::{files, output::Output, session},
    context::Context,
    error::{Error, Result},
    print::Order,
    secret::Object,
};

/// Make the server have what manifests say
///
/// Entries, labels and annotations that an earlier apply set and the manifest does not have any more are removed; those
/// that others set stay. stringData is folded into data first, so that this holds for its keys too.
///
/// Values are never kept in an annotation, as kubectl apply does: one that is found is removed, with a warning.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  ksecret apply -f secret.yaml\n  ksecret apply -k overlays/prod --dry-run=server -o yaml\n  ksecret apply --server-side -f secret.yaml --field-manager=ci"
)]
pub struct Args {
    /// Nothing: objects come from files.
    #[arg(value_name = "NAME", hide = true)]
    words: Vec<String>,
    /// Let the server merge, and refuse what other managers have set to something else
    #[arg(long)]
    server_side: bool,
    /// With --server-side, take over the fields that others have set to something else
    #[arg(long)]
    force_conflicts: bool,
    /// Name of the owner of the fields applied (default kubectl with --server-side, else kubectl-client-side-apply)
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    field_manager: String,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    validate: ValidateFlag,
    #[command(flatten)]
    other: Other,
    #[command(flatten)]
    files: FileFlags,
    #[command(flatten)]
    print: PrintFlags,
}

/// Flags of kubectl's apply that change nothing here, and those that are not here.
#[derive(clap::Args, Debug)]
struct Other {
    /// Accepted: what the manifest says always wins over what was changed since.
    #[arg(long, hide = true, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        default_value = "true", action = clap::ArgAction::Set, value_parser = crate::cli::pflag::parse_bool)]
    overwrite: bool,
    /// Accepted: the shape of Secrets is known without the server's OpenAPI.
    #[arg(long, hide = true, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        default_value = "true", action = clap::ArgAction::Set, value_parser = crate::cli::pflag::parse_bool)]
    openapi_patch: bool,
    /// Accepted: nothing is deleted, so there is nothing to wait for.
    #[arg(long, hide = true)]
    wait: bool,
    /// As `--wait`.
    #[arg(long, hide = true, value_name = "TIME")]
    timeout: Option<String>,
    /// As `--wait`.
    #[arg(long, hide = true, value_name = "SECONDS", allow_hyphen_values = true)]
    grace_period: Option<String>,
    /// As `--wait`.
    #[arg(long, hide = true, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "background")]
    cascade: Option<String>,
    #[arg(long, hide = true)]
    force: bool,
    #[arg(long, hide = true)]
    prune: bool,
    #[arg(long, hide = true, alias = "prune-whitelist")]
    prune_allowlist: Vec<String>,
    #[arg(long, hide = true)]
    applyset: Option<String>,
    #[arg(long, hide = true)]
    all: bool,
    #[arg(short = 'l', long, hide = true)]
    selector: Option<String>,
    #[arg(long, hide = true)]
    subresource: Option<String>,
}

impl Other {
    /// # Errors
    /// The flag that is not here, and what does its work.
    fn check(&self) -> Result<()> {
        if self.force {
            return Err(not_here("--force").hint("replace --force deletes the object and creates it anew"));
        }
        if self.prune || self.all || !self.prune_allowlist.is_empty() || self.applyset.is_some() {
            return Err(not_here("--prune").hint("delete -f, or delete -l, removes what is not wanted any more"));
        }
        if self.selector.is_some() {
            return Err(not_here("--selector"));
        }
        if self.subresource.is_some() {
            return Err(not_here("--subresource"));
        }
        if !self.overwrite {
            return Err(not_here("--overwrite=false").hint("--server-side refuses where another manager set a field"));
        }
        Ok(())
    }
}

/// The words for a flag of kubectl's that this program does not have.
pub fn not_here(flag: &str) -> Error {
    Error::new(format!("{flag} is not supported"))
}

/// # Errors
/// Every object that could not be applied; the others are.
pub fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    if !args.words.is_empty() {
        let see = format!("See '{} apply -h' for help and examples", ctx.program);
        return Err(Error::usage(format!("Unexpected args: [{}]", args.words[0]), see));
    }
    args.other.check()?;
    let filenames = args.files.require()?;
    let (dry_run, deprecated) = args.dry_run.resolve()?;
    if let Some(line) = deprecated {
        ctx.say(line);
    }
    if dry_run == DryRun::Client && args.server_side {
        let text = "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)";
        return Err(Error::new(text));
    }
    let how = How::resolve(args.server_side, args.force_conflicts, &args.field_manager)?;
    let validation = args.validate.resolve()?;
    let mut output = Output::resolve(&args.print, Order::Sorted, ctx)?;
    let documents = files::load(&filenames, files::Reading::of(validation), ctx)?;
    if documents.is_empty() {
        return Err(Error::new("no objects passed to apply"));
    }
    let client = session::connect(flags, ctx)?;
    let work = Work { client: &client, how, validation, dry_run };
    let mut objects = Vec::new();
    let mut failures = Vec::new();
    session::block_on(async {
        for document in documents {
            let done = async {
                let Applied { object, operation, .. } = work.apply(document?, ctx).await?;
                if output.prints_objects() {
                    objects.push(object);
                    return Ok(());
                }
                output.done(ctx, object, operation, dry_run)
            };
            if let Err(error) = done.await {
                failures.push(error);
            }
        }
        Ok(())
    })?;
    print(objects, &args.print, output, ctx)?;
    if failures.is_empty() { Ok(()) } else { Err(Error::many(failures)) }
}

/// One object by itself, several as a List.
fn print(objects: Vec<Object>, flags: &PrintFlags, mut output: Output, ctx: &mut Context) -> Result<()> {
    if objects.len() > 1 {
        return Output::list(flags, Order::Sorted, objects, ctx);
    }
    objects.into_iter().try_for_each(|object| output.done(ctx, object, "", DryRun::None))
}
