//! `apply`: creates or changes objects to match manifests, and removes what an earlier apply set and the manifests no
//! longer have.
//!
//! Client-side apply is kubectl's three-way merge, with one difference: the last-applied annotation has the keys of
//! `data` but not their values. kubectl can read the annotations that this program writes, and the other way round.

mod applyset;
mod client_side;
mod force;
mod migrate;
mod problem;
mod pruning;
mod server_side;
mod set_last_applied;
mod texts;
mod view_last_applied;

pub use client_side::{ClientSide, live};
pub use server_side::{ServerSide, prepare, without_values};

use clap::Subcommand;

use self::{problem::info, pruning::Pruning};
use crate::{
    cli::{
        flags::{ConnectionFlags, DecryptFlag, DryRun, DryRunFlag, FileFlags, PrintFlags, RecordFlag, ValidateFlag},
        pflag::Deferred,
    },
    client::Client,
    commands::{
        deletion, edit, fallback, files,
        outcome::{self, Done, Notices},
        output::Output,
        prune::Deletion,
        recreate::Recreate,
        session,
        targets::Target,
        write::{self, ParallelFlag, Write},
    },
    context::Context,
    error::{Error, Result},
    manifest::{Document, Filenames, Queue},
    print::Order,
    secret::Object,
};

/// Create objects from manifests, or change them to match
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
    override_usage = "(-f FILE | -k DIR | COMMAND) [flags]",
    after_help = "Examples:\n  ksecret apply -f secret.yaml\n  ksecret apply -k overlays/prod --dry-run=server -o yaml\n  ksecret apply --server-side -f secret.yaml --field-manager=ci"
)]
pub struct Args {
    #[command(subcommand)]
    what: Option<What>,
    /// Refused: objects come from files.
    #[arg(value_name = "NAME", hide = true)]
    words: Vec<String>,
    /// Let the server merge, and refuse conflicts with other managers
    #[arg(long)]
    server_side: bool,
    /// Take over fields that other managers own, with --server-side
    #[arg(long)]
    force_conflicts: bool,
    /// Own the applied fields under this name
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    field_manager: String,
    /// Overwrite what was changed since the last apply; =false refuses instead
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
    parallel: ParallelFlag,
    #[command(flatten)]
    files: FileFlags,
    #[command(flatten)]
    decrypt: DecryptFlag,
    #[command(flatten)]
    record: RecordFlag,
    #[command(flatten)]
    print: PrintFlags,
}

#[derive(Subcommand, Debug)]
#[allow(clippy::enum_variant_names, reason = "they are kubectl's words")]
enum What {
    /// Print the last-applied annotation, without the values
    ViewLastApplied(Deferred<view_last_applied::Args>),
    /// Write manifests into the last-applied annotation, and nothing else
    SetLastApplied(Deferred<set_last_applied::Args>),
    /// Edit the last-applied annotation, without the values
    EditLastApplied(Deferred<edit::last_applied::Args>),
}

/// Flags of kubectl's apply that have no effect here, and those that are refused.
#[derive(clap::Args, Debug)]
struct Other {
    /// Accepted without effect: the schema of Secrets is known without the server's OpenAPI.
    #[arg(long, hide = true, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        default_value = "true", action = clap::ArgAction::Set, value_parser = crate::cli::pflag::parse_bool)]
    openapi_patch: bool,
    /// Accepted without effect: --force always waits until the old object is gone.
    #[arg(long, hide = true, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        default_value = "false", action = clap::ArgAction::Set, value_parser = crate::cli::pflag::parse_bool)]
    wait: bool,
    /// Wait up to TIME until the old object is gone, with --force (default 5m)
    #[arg(long, value_name = "TIME", default_value = "0s", hide_default_value = true,
        value_parser = crate::cli::pflag::parse_duration)]
    timeout: i64,
    /// Let a deleted object end within SECONDS; -1 uses its own default
    #[arg(long, value_name = "SECONDS", default_value_t = -1, hide_default_value = true,
        value_parser = crate::cli::pflag::parse_int)]
    grace_period: i64,
    /// Delete dependents in the background or foreground, or orphan them
    #[arg(long, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "background",
        default_value = "background")]
    cascade: String,
    /// Delete and create anew what cannot be changed in place
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    prune: pruning::Flags,
    #[arg(long, hide = true)]
    subresource: Option<String>,
}

/// Returns the error for a flag of kubectl's that does not exist here.
fn not_here(flag: &str) -> Error {
    Error::new(format!("{flag} is not supported"))
}

/// Returns the field manager: the one that was typed, or kubectl's default.
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

/// Client-side or server-side apply.
enum Side<'a> {
    Client(ClientSide<'a>),
    Server(ServerSide<'a>),
}

struct Options {
    filenames: Filenames,
    selector: String,
    write: Write,
    /// `--force`: how objects that cannot be patched are created anew.
    force: Option<Recreate>,
    /// `--prune`: what is deleted after everything was applied.
    prune: Option<pruning::By>,
    cascade: &'static str,
    grace_period: Option<i64>,
    how: How,
    output: Output,
    /// The format in which objects are printed at the end, if all were applied; `None` to print each one as it is
    /// applied.
    ///
    /// Why not by the resolved format: kubectl compares the word as it was typed, and so waits with `-o Name` too.
    at_the_end: Option<PrintFlags>,
    /// Whether more than names of objects is printed.
    whole: bool,
    parallel: ParallelFlag,
}

enum How {
    ServerSide { force: bool },
    ClientSide { overwrite: bool },
}

impl Options {
    fn resolve(args: &Args, ctx: &Context, notices: &mut Notices) -> Result<Self> {
        if !args.words.is_empty() {
            let see = format!("See '{} apply -h' for help and examples", ctx.program);
            return Err(Error::usage(format!("Unexpected args: [{}]", args.words[0]), see));
        }
        let cascade = deletion::cascade(&args.other.cascade, notices)?;
        let filenames = args.files.require()?.decrypted(args.decrypt.resolve()?);
        let dry_run = write::dry_run(&args.dry_run, notices)?;
        let manager = manager(args.server_side, args.force_conflicts, &args.field_manager)?;
        if dry_run == DryRun::Client && args.server_side {
            let text = "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)";
            return Err(Error::new(text));
        }
        if args.other.force && args.server_side {
            return Err(Error::new("--force cannot be used with --server-side"));
        }
        if args.other.force && dry_run == DryRun::Server {
            return Err(Error::new("--dry-run=server cannot be used with --force"));
        }
        if args.other.subresource.is_some() && !args.server_side {
            return Err(Error::new("--subresource can only be specified for --server-side"));
        }
        if args.other.subresource.is_some() {
            return Err(not_here("--subresource"));
        }
        let validation = args.validate.resolve()?;
        let output = Output::resolve(&args.print, Order::Sorted, ctx)?;
        let prune = args.other.prune.resolve(&args.selector, args.server_side, args.other.force, ctx)?;
        let write = Write { manager, validation: Some(validation), dry_run };
        let recreate = Recreate {
            write: write.clone(),
            cascade,
            grace_period: (args.other.grace_period >= 0).then_some(args.other.grace_period),
            timeout: deletion::timeout(args.other.timeout),
            wait: false,
        };
        let is_whole = args.print.output.as_deref().is_some_and(|format| !matches!(format, "" | "name"));
        Ok(Self {
            filenames,
            selector: args.selector.clone(),
            write,
            prune,
            cascade,
            grace_period: recreate.grace_period,
            force: (args.other.force && dry_run == DryRun::None).then_some(recreate),
            how: match args.server_side {
                true => How::ServerSide { force: args.force_conflicts },
                false => How::ClientSide { overwrite: args.overwrite },
            },
            output,
            at_the_end: is_whole.then(|| args.print.clone()),
            whole: is_whole || args.print.template.is_some(),
            parallel: args.parallel,
        })
    }
}

/// Applies the objects of the manifests.
///
/// # Errors
/// One for each object that could not be applied; the others were.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    match args.what {
        Some(What::ViewLastApplied(Deferred(args))) => return view_last_applied::run(&args, flags, ctx),
        Some(What::SetLastApplied(Deferred(args))) => return set_last_applied::run(&args, flags, ctx),
        Some(What::EditLastApplied(Deferred(args))) => return edit::last_applied::run(args, flags, ctx),
        None => {}
    }
    let options = outcome::resolve(ctx, |ctx, notices| Options::resolve(&args, ctx, notices))?;
    let documents = files::select(&options.filenames, options.write.reading(), &options.selector, ctx)?;
    if documents.len() == 0 {
        return Err(Error::new("no objects passed to apply").of_nothing());
    }
    let client = session::connect(flags, ctx)?;
    session::block_on(all(documents, options, &client, ctx))
}

async fn all(mut documents: Queue, options: Options, client: &Client, ctx: &mut Context) -> Result<()> {
    let Options { write, force, how, mut output, at_the_end, whole, parallel, prune, cascade, grace_period, .. } =
        options;
    let (dry_run, program) = (write.dry_run, ctx.program.clone());
    let mut pruning = match prune {
        Some(by) => {
            let deletion =
                Deletion { cascade, grace_period, dry_run, pace: parallel.to_first_failure("pruned", dry_run) };
            Some(Pruning::begin(by, deletion, &mut documents, &write, client, ctx).await?)
        }
        None => None,
    };
    let side = match how {
        How::ServerSide { force } => Side::Server(ServerSide { client, write: write.clone(), force }),
        How::ClientSide { overwrite } => {
            Side::Client(ClientSide { client, write: write.clone(), overwrite, program: &program })
        }
    };
    let apply =
        async |document: Result<Document>, notices: &mut Notices| apply(document?, &side, client, notices).await;
    let mut objects = Vec::new();
    let tell = |done: Done, ctx: &mut Context| {
        if let Some(pruning) = &mut pruning {
            pruning.see(&done.object);
        }
        if at_the_end.is_some() {
            objects.push(done.object);
            return Ok(());
        }
        output.done(ctx, done.object, done.operation, dry_run)
    };
    let applied = match (&side, &force) {
        (Side::Client(side), Some(how)) => force::all(documents, side, how, client, ctx, tell).await,
        _ => write::each(documents, parallel.through_failures("applied", dry_run), client, ctx, apply, tell).await,
    };
    let interrupted = match applied {
        Err(error) if error.is_interruption() => Some(error),
        applied => {
            objects.extend(fallback::objects(ctx)?.1);
            // As in kubectl: objects are printed, and others pruned, only if every object was applied.
            applied?;
            None
        }
    };
    if let Some(flags) = at_the_end.filter(|_| interrupted.is_none() || !objects.is_empty()) {
        print(objects, &flags, &mut output, ctx)?;
    }
    if let Some(interrupted) = interrupted {
        return Err(interrupted);
    }
    match pruning {
        Some(pruning) => pruning.end(whole, &write, client, &mut output, ctx).await,
        None => Ok(()),
    }
}

/// Applies one object.
async fn apply(document: Document, side: &Side<'_>, client: &Client, notices: &mut Notices) -> Result<Done> {
    let (document, target) = place(document, matches!(side, Side::Server(_)), client, notices)?;
    match side {
        Side::Server(side) => side.apply(&document.object, &target, notices).await,
        Side::Client(side) => side.apply(document.object, &target, &document.origin.path, notices).await,
    }
}

/// Returns the document and its target, and warns about what looks wrong.
///
/// # Errors
/// A document whose name is absent or invalid.
fn place(
    mut document: Document,
    server_side: bool,
    client: &Client,
    notices: &mut Notices,
) -> Result<(Document, Target)> {
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
    let target = Target::of(resource, &document).map_err(|failure| match server_side {
        true => document.locate(failure.into(), &["metadata"]),
        false => {
            let verb = format!("retrieving current configuration of:\n{nowhere}\nfrom server for:");
            document.locate(failure.when(&verb, &path).into(), &["metadata"])
        }
    })?;
    write::refuse_encrypted(&document)?;
    match server_side {
        true => prepare(&mut document, notices)?,
        false => write::warn_of_nulls(&document, &[&["metadata", "annotations"]], notices),
    }
    Ok((document, target))
}

/// Warns that an object is being deleted (kubectl's `WarnIfDeleting`).
pub fn warn_if_deleting(object: &Object, notices: &mut Notices) {
    if object.json()["metadata"]["deletionTimestamp"].is_string() {
        notices.say(format_args!(
            "Warning: Detected changes to resource {} which is currently being deleted.",
            object.name()
        ));
    }
}

/// Prints one object alone, and several as a List.
fn print(objects: Vec<Object>, flags: &PrintFlags, output: &mut Output, ctx: &mut Context) -> Result<()> {
    if objects.len() > 1 {
        return Output::list(flags, Order::Sorted, objects, ctx);
    }
    objects.into_iter().try_for_each(|object| output.done(ctx, object, "", DryRun::None))
}
