//! `apply`: make the server have what manifests say, and take away what they said before and say no more.
//!
//! Client-side it is kubectl's three-way merge, with one difference: the last-applied annotation names the keys of `data`
//! and holds none of their values. kubectl can read what is written here, and what kubectl has written is read here.

mod client_side;
mod migrate;
mod problem;
mod server_side;
mod set_last_applied;
mod texts;
mod view_last_applied;

pub use client_side::{ClientSide, live};
pub use server_side::{ServerSide, prepare, without_values};

use clap::Subcommand;

use self::problem::info;
use crate::{
    cli::{
        flags::{ConnectionFlags, DryRun, DryRunFlag, FileFlags, PrintFlags, RecordFlag, ValidateFlag},
        pflag::Deferred,
    },
    client::Client,
    commands::{
        deletion, files,
        output::Output,
        session,
        targets::Target,
        write::{self, Write},
    },
    context::Context,
    error::{Error, Result},
    manifest::Document,
    print::Order,
    secret::Object,
};

/// Make the server have what manifests say
///
/// Entries, labels and annotations that an earlier apply set and the manifest does not have any more are removed; those
/// that others set stay. stringData is folded into data first, so that this holds for its keys too.
///
/// The annotation kubectl.kubernetes.io/last-applied-configuration is written as kubectl apply writes it, but without the
/// values: it keeps the names of the keys. Both programs can be used on the same Secret, in any order.
#[derive(clap::Args, Debug)]
#[command(
    subcommand_help_heading = "Work on the last-applied annotation",
    subcommand_value_name = "COMMAND",
    after_help = "Examples:\n  ksecret apply -f secret.yaml\n  ksecret apply -k overlays/prod --dry-run=server -o yaml\n  ksecret apply --server-side -f secret.yaml --field-manager=ci"
)]
pub struct Args {
    #[command(subcommand)]
    what: Option<What>,
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
    /// Let the manifest win over what was changed since it was last applied; false refuses instead
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        default_value = "true", action = clap::ArgAction::Set, value_parser = crate::cli::pflag::parse_bool)]
    overwrite: bool,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    validate: ValidateFlag,
    /// Apply only the objects of the files whose labels match
    #[arg(short = 'l', long, value_name = "SELECTOR", default_value = "", hide_default_value = true)]
    selector: String,
    #[command(flatten)]
    other: Other,
    #[command(flatten)]
    files: FileFlags,
    #[command(flatten)]
    record: RecordFlag,
    #[command(flatten)]
    print: PrintFlags,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Print what was last applied, without the values
    ViewLastApplied(Deferred<view_last_applied::Args>),
    /// Make manifests what was last applied, and change nothing else
    SetLastApplied(Deferred<set_last_applied::Args>),
}

/// Flags of kubectl's apply that change nothing here, and those that are not here.
#[derive(clap::Args, Debug)]
struct Other {
    /// Accepted: the shape of Secrets is known without the server's OpenAPI.
    #[arg(long, hide = true, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        default_value = "true", action = clap::ArgAction::Set, value_parser = crate::cli::pflag::parse_bool)]
    openapi_patch: bool,
    /// Accepted: nothing is deleted, so there is nothing to wait for.
    #[arg(long, hide = true)]
    wait: bool,
    /// As `--wait`.
    #[arg(long, hide = true, value_name = "TIME", value_parser = crate::cli::pflag::parse_duration)]
    timeout: Option<i64>,
    /// As `--wait`.
    #[arg(long, hide = true, value_name = "SECONDS", value_parser = crate::cli::pflag::parse_int)]
    grace_period: Option<i64>,
    /// As `--wait`.
    #[arg(long, hide = true, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "background",
        default_value = "background")]
    cascade: String,
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
    #[arg(long, hide = true)]
    subresource: Option<String>,
}

impl Other {
    /// # Errors
    /// The flag that is not here, and what does its work.
    fn check(&self, selector: &str, ctx: &mut Context) -> Result<()> {
        deletion::cascade(&self.cascade, ctx)?;
        if self.force {
            return Err(not_here("--force").hint("replace --force deletes the object and creates it anew"));
        }
        // --all and --prune-allowlist are about what --prune selects.
        if self.prune || self.applyset.is_some() {
            return Err(not_here("--prune").hint("delete -f, or delete -l, removes what is not wanted any more"));
        }
        if self.all && !selector.is_empty() {
            return Err(Error::new("cannot set --all and --selector at the same time"));
        }
        if self.subresource.is_some() {
            return Err(not_here("--subresource"));
        }
        Ok(())
    }
}

/// Returns the error for a flag of kubectl's that this program does not have.
pub fn not_here(flag: &str) -> Error {
    Error::new(format!("{flag} is not supported"))
}

/// Returns the manager of an apply: the one that was typed, or kubectl's default.
///
/// # Errors
/// kubectl's, for `--force-conflicts` without `--server-side`.
pub fn manager(server_side: bool, force_conflicts: bool, typed: &str) -> Result<String> {
    if force_conflicts && !server_side {
        return Err(Error::new("--force-conflicts only works with --server-side"));
    }
    let default = if server_side { "kubectl" } else { "kubectl-client-side-apply" };
    Ok(if typed.is_empty() { default } else { typed }.to_owned())
}

/// What came of one object.
pub struct Applied {
    /// The object as it is now, or would be.
    pub object: Object,
    /// kubectl's word for what was done.
    pub operation: &'static str,
}

/// How objects are applied.
enum Side<'a> {
    Client(ClientSide<'a>),
    Server(ServerSide<'a>),
}

/// # Errors
/// Every object that could not be applied; the others are.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    match args.what {
        Some(What::ViewLastApplied(Deferred(args))) => return view_last_applied::run(&args, flags, ctx),
        Some(What::SetLastApplied(Deferred(args))) => return set_last_applied::run(&args, flags, ctx),
        None => {}
    }
    if !args.words.is_empty() {
        let see = format!("See '{} apply -h' for help and examples", ctx.program);
        return Err(Error::usage(format!("Unexpected args: [{}]", args.words[0]), see));
    }
    args.other.check(&args.selector, ctx)?;
    let filenames = args.files.require()?;
    let (dry_run, deprecated) = args.dry_run.resolve()?;
    if let Some(line) = deprecated {
        ctx.say(line);
    }
    let manager = manager(args.server_side, args.force_conflicts, &args.field_manager)?;
    if dry_run == DryRun::Client && args.server_side {
        let text = "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)";
        return Err(Error::new(text));
    }
    let validation = args.validate.resolve()?;
    let mut output = Output::resolve(&args.print, Order::Sorted, ctx)?;
    // Why: kubectl compares the word as it was typed, and so holds `-o Name` back to the end as well.
    let whole = args.print.output.as_deref().is_some_and(|format| !matches!(format, "" | "name"));
    let documents = files::load(&filenames, files::Reading::of(validation), ctx)?;
    let documents = files::select(documents, &args.selector)?;
    if documents.is_empty() {
        return Err(Error::new("no objects passed to apply"));
    }
    let client = session::connect(flags, ctx)?;
    let write = Write { manager, validation: Some(validation), dry_run };
    let side = if args.server_side {
        Side::Server(ServerSide { client: &client, write, force: args.force_conflicts })
    } else {
        Side::Client(ClientSide { client: &client, write, overwrite: args.overwrite })
    };
    let mut objects = Vec::new();
    let mut failures = Vec::new();
    session::block_on(async {
        for document in documents {
            let done = async {
                let Applied { object, operation } = one(document?, &side, &client, ctx).await?;
                if whole {
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
    // kubectl prints objects only if every one was applied.
    if failures.is_empty() { print(objects, &args.print, output, ctx) } else { Err(Error::many(failures)) }
}

async fn one(mut document: Document, side: &Side<'_>, client: &Client, ctx: &mut Context) -> Result<Applied> {
    let resource = files::place(&mut document, client)?;
    let path = document.origin.path.clone();
    let object = &document.object;
    if object.name().is_empty()
        && let Some(prefix) = object.json()["metadata"]["generateName"].as_str().filter(|prefix| !prefix.is_empty())
    {
        let error = Error::new(format!("from {prefix}: cannot use generate name with apply"));
        return Err(document.locate(error, &["metadata"]));
    }
    let nowhere = info(resource, object.namespace(), object.name());
    let target = Target::of(resource, &document).map_err(|failure| match side {
        Side::Server(_) => document.locate(failure.into(), &["metadata"]),
        Side::Client(_) => {
            let verb = format!("retrieving current configuration of:\n{nowhere}\nfrom server for:");
            document.locate(failure.when(&verb, &path).into(), &["metadata"])
        }
    })?;
    match side {
        Side::Server(side) => {
            prepare(&mut document, ctx)?;
            side.apply(&document.object, &target, ctx).await
        }
        Side::Client(side) => {
            write::warn_of_nulls(&document, &[&["metadata", "annotations"]], ctx);
            side.apply(document.object, &target, &path, ctx).await
        }
    }
}

/// Warns that an object goes soon (kubectl's `WarnIfDeleting`).
pub fn warn_if_deleting(object: &Object, ctx: &mut Context) {
    if object.json()["metadata"]["deletionTimestamp"].is_string() {
        ctx.say(format_args!(
            "Warning: Detected changes to resource {} which is currently being deleted.",
            object.name()
        ));
    }
}

/// Prints one object by itself, several as a List.
fn print(objects: Vec<Object>, flags: &PrintFlags, mut output: Output, ctx: &mut Context) -> Result<()> {
    if objects.len() > 1 {
        return Output::list(flags, Order::Sorted, objects, ctx);
    }
    objects.into_iter().try_for_each(|object| output.done(ctx, object, "", DryRun::None))
}
