//! `delete`: by name, by selector, all, or what files name. Waits until the objects are gone.

use std::{
    io::Read as _,
    time::{Duration, Instant},
};

use serde_json::{Value as Json, json};

use super::{
    deletion::{self, Deleted},
    fallback,
    interrupt::{Interrupts, interrupted},
    outcome::{self, Notices},
    progress::{Progress, Verb},
    raw, session,
    targets::{Choice, Purpose, Target},
    write::{self, ParallelFlag},
};
use crate::{
    cli::flags::{ConnectionFlags, DryRun, DryRunFlag, FileFlags, SelectorFlags},
    client::Client,
    context::Context,
    error::{Error, Result},
};

/// Delete Secrets by name, selector or file
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "(NAME | secret NAME... | secrets (-l SELECTOR | --all) | -f FILE) [flags]",
    after_help = "Examples:\n  ksecret delete db\n  ksecret delete secrets -l tier=backend\n  ksecret delete -f secret.yaml --ignore-not-found"
)]
pub struct Args {
    /// NAME of one Secret, or secret NAME..., secret/NAME..., secrets with -l or --all
    #[arg(value_name = "NAME")]
    words: Vec<String>,
    /// Select every Secret of the namespace
    #[arg(long)]
    all: bool,
    /// Delete dependents in the background or foreground, or orphan them
    #[arg(long, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "background",
        default_value = "background")]
    cascade: String,
    #[command(flatten)]
    dry_run: DryRunFlag,
    /// Delete without waiting for a graceful end
    #[arg(long)]
    force: bool,
    /// Let the object end within SECONDS; -1 uses its own default
    #[arg(long, value_name = "SECONDS", default_value_t = -1, hide_default_value = true,
        value_parser = crate::cli::pflag::parse_int)]
    grace_period: i64,
    /// Let the object end within one second
    #[arg(long)]
    now: bool,
    /// Do not fail if the object does not exist; default with --all, -l
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        value_parser = crate::cli::pflag::parse_bool)]
    ignore_not_found: Option<bool>,
    /// Ask before deleting: y is yes, every other line is no
    #[arg(short, long)]
    interactive: bool,
    /// Print as name
    #[arg(short, long, value_name = "FORMAT", default_value = "", hide_default_value = true)]
    output: String,
    /// Send DELETE to this path of the API
    #[arg(long, value_name = "PATH", default_value = "", hide_default_value = true)]
    raw: String,
    /// Wait up to TIME until the object is gone; 0 waits without a limit
    #[arg(long, value_name = "TIME", default_value = "0s", hide_default_value = true,
        value_parser = crate::cli::pflag::parse_duration)]
    timeout: i64,
    /// Wait until the object is gone
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        default_value = "true", action = clap::ArgAction::Set, value_parser = crate::cli::pflag::parse_bool)]
    wait: bool,
    #[command(flatten)]
    parallel: ParallelFlag,
    #[command(flatten)]
    selection: SelectorFlags,
    #[command(flatten)]
    files: FileFlags,
}

struct Options {
    cascade: &'static str,
    dry_run: DryRun,
    grace_period: Option<i64>,
    force: bool,
    ignore_not_found: bool,
    interactive: bool,
    short: bool,
    wait: bool,
    timeout: Option<Duration>,
    parallel: ParallelFlag,
}

impl Options {
    fn resolve(args: &Args, notices: &mut Notices) -> Result<Self> {
        let dry_run = write::dry_run(&args.dry_run, notices)?;
        let (labels, fields) = (args.selection.labels(), args.selection.fields());
        if args.all && !(labels.trim().is_empty() && fields.trim().is_empty()) {
            return Err(Error::new("setting 'all' parameter but found a non empty selector. "));
        }
        // As in kubectl, whose check sees that a selector was typed, although one of spaces selects everything.
        if args.all && !(labels.is_empty() && fields.is_empty()) {
            let flag = if labels.is_empty() { "--field-selector" } else { "--selector" };
            return Err(Error::new(format!("cannot set --all and {flag} at the same time")));
        }
        if args.now && args.grace_period != -1 {
            return Err(Error::new("--now and --grace-period cannot be specified together"));
        }
        if args.grace_period == 0 && !args.force {
            notices.say("warning: deleting with --grace-period=0 waits for one second; add --force to delete at once");
        }
        // As in kubectl, to which --now is a grace period of one second.
        if args.force && (args.grace_period > 0 || args.now) {
            return Err(Error::new("--force and --grace-period greater than 0 cannot be specified together"));
        }
        if !matches!(args.output.as_str(), "" | "name") {
            return Err(Error::new(format!("unexpected -o output mode: {}. We only support '-o name'", args.output)));
        }
        let cascade = deletion::cascade(&args.cascade, notices)?;
        // As in kubectl, which looks at the length of the selectors.
        let by_list = args.all || !labels.is_empty() || !fields.is_empty();
        Ok(Self {
            cascade,
            dry_run,
            grace_period: match (args.now, args.force, args.grace_period) {
                (true, _, _) => Some(1),
                (_, true, _) => Some(0),
                (_, _, 0) => Some(1),
                (_, _, seconds) if seconds > 0 => Some(seconds),
                _ => None,
            },
            force: args.force,
            ignore_not_found: args.ignore_not_found.unwrap_or(by_list),
            interactive: args.interactive,
            short: args.output == "name",
            wait: args.wait,
            timeout: deletion::timeout(args.timeout),
            parallel: args.parallel,
        })
    }
}

/// Deletes the objects.
///
/// # Errors
/// One for each object that could not be deleted; the others were.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let options = outcome::resolve(ctx, |_, notices| Options::resolve(&args, notices))?;
    if !args.raw.is_empty() {
        if args.interactive {
            return Err(Error::new("--interactive can not be used with --raw"));
        }
        let beside = raw::Beside { files: &args.files, output: &args.output, needs_body: false };
        return raw::run(http::Method::DELETE, &args.raw, &beside, flags, ctx);
    }
    let choice = Choice {
        words: &args.words,
        labels: args.selection.labels(),
        fields: args.selection.fields(),
        all: args.all,
        all_namespaces: args.selection.all_namespaces,
        files: args.files.clone(),
        // A client-side dry run sends no request, not even discovery.
        purpose: if options.dry_run == DryRun::Client { Purpose::Show } else { Purpose::Delete },
        ..Choice::default()
    };
    let client = session::connect(flags, ctx)?;
    session::block_on(all(&client, &choice, &options, ctx))
}

async fn all(client: &Client, choice: &Choice<'_>, options: &Options, ctx: &mut Context) -> Result<()> {
    let chosen = choice.find(client, ctx).await?;
    let mut failures = Vec::new();
    let mut targets = Vec::new();
    for target in chosen {
        match target {
            Ok(target) => targets.push(target),
            Err(error) => failures.push(error),
        }
    }
    if options.interactive {
        // Why before the question: it must list everything that the user asked to delete.
        outcome::all(std::mem::take(&mut failures))?;
        if targets.is_empty() {
            return ctx.put("No resources found\n");
        }
        if !confirmed(&targets, ctx)? {
            return ctx.put("deletion is cancelled\n");
        }
    }
    if options.force {
        ctx.say(
            "Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. \
             The resource may continue to run on the cluster indefinitely.",
        );
    }
    if targets.is_empty() && failures.is_empty() && !fallback::is_shared(ctx) {
        return ctx.put("No resources found\n");
    }
    // Invariant: signals are watched from before the first deletion until after the last wait, so that Ctrl-C never
    // ends the process without a report.
    let count = targets.len();
    let mut interrupts = Interrupts::of_many(count);
    let delete = async |target: Target, notices: &mut Notices| delete(target, client, options, notices).await;
    let mut deleted = Vec::new();
    let print = |done: Option<Deleted>, ctx: &mut Context| match done {
        Some(done) => {
            let operation = if options.force { "force deleted" } else { "deleted" };
            let line = deletion::line(&done.target, operation, options.dry_run.suffix(), options.short);
            deleted.push(done);
            ctx.put(line)
        }
        None => Ok(()),
    };
    let pace = options.parallel.through_failures("deleted", options.dry_run);
    match write::attempt(targets, pace, client, ctx, delete, print).await {
        Ok(more) => failures.extend(more),
        Err(error) => return Err(error.after(failures)),
    }
    if options.wait && options.dry_run == DryRun::None {
        ctx.flush_stdout().map_err(crate::context::output_error)?;
        let deadline = options.timeout.map(|timeout| Instant::now() + timeout);
        let gone = Progress::begin(Verb { done: "gone", dry_run: DryRun::None }, deleted.len(), ctx);
        let all_gone = deletion::until_all_gone(client, &deleted, deadline, options.parallel, &gone);
        let signal = tokio::select! {
            more = gone.beside(ctx, all_gone) => {
                failures.extend(more);
                None
            }
            signal = interrupts.next() => Some(signal),
        };
        ctx.erase();
        if let Some(signal) = signal {
            let line = format!("interrupted: {} of {count} deleted, {} gone", deleted.len(), gone.done());
            failures.push(Error::bare(line));
            return Err(interrupted(Error::many(failures), signal));
        }
    }
    outcome::all(failures)
}

/// Deletes an object. Returns `None` if it does not exist and that is no error.
async fn delete(target: Target, client: &Client, options: &Options, notices: &mut Notices) -> Result<Option<Deleted>> {
    if options.dry_run == DryRun::Client {
        return Ok(Some(Deleted { target, uid: None }));
    }
    let mut body = json!({"propagationPolicy": options.cascade});
    if let Some(seconds) = options.grace_period {
        body["gracePeriodSeconds"] = json!(seconds);
    }
    if options.dry_run == DryRun::Server {
        body["dryRun"] = json!(["All"]);
    }
    match client.call(session::delete(target.path(), &body)).await {
        Ok(answer) => {
            notices.warn(&answer);
            let answer = answer.object()?.into_json();
            let uid = [&answer["details"]["uid"], &answer["metadata"]["uid"]].into_iter().find_map(Json::as_str);
            Ok(Some(Deleted { target, uid: uid.map(str::to_owned) }))
        }
        Err(failure) if failure.is_not_found() && options.ignore_not_found => {
            notices.nothing_to_do();
            Ok(None)
        }
        Err(failure) => Err(match &target.file {
            Some(file) => failure.when("deleting", file).into(),
            None => failure.into(),
        }),
    }
}

/// The longest answer that is read.
const LONGEST_ANSWER: usize = 1024;

/// Asks on standard output, as kubectl does, and reads one line from a terminal or a pipe. `y` or `Y` is yes; anything
/// else is no, the end of the input too.
fn confirmed(targets: &[Target], ctx: &mut Context) -> Result<bool> {
    ctx.put(format!("You are about to delete the following {} resource(s):\n", targets.len()))?;
    for target in targets {
        ctx.put(format!("{}/{}\n", target.resource().singular(), target.name))?;
    }
    ctx.put("Do you want to continue? (y/N): ")?;
    ctx.flush_stdout().map_err(crate::context::output_error)?;
    let mut line = Vec::new();
    let mut byte = [0];
    // Why byte by byte: the rest of the input belongs to the next command of a script.
    while line.len() < LONGEST_ANSWER && ctx.stdin.read(&mut byte).is_ok_and(|count| count > 0) && byte != *b"\n" {
        line.extend(byte);
    }
    Ok(line.trim_ascii().eq_ignore_ascii_case(b"y"))
}
