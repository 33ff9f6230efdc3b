//! `wait`: waits until objects exist, are gone, or have a value. It watches them, where kubectl polls for objects that
//! do not exist yet.

mod condition;

use std::{
    cell::RefCell,
    time::{Duration, Instant},
};

use serde_json::json;

use self::condition::Condition;
use super::{
    deletion, discovery, outcome,
    output::Output,
    session,
    targets::{Choice, Meaning, Purpose, Target, fetch},
    until::{Subject, until},
};
use crate::{
    cli::{
        flags::{ConnectionFlags, DryRun, FileFlags, PrintFlags, SelectorFlags},
        pflag,
        resources::Form,
    },
    client::{Client, Failure},
    context::{Context, output_error},
    error::{Error, Result},
    print::Order,
    secret::{Object, resource::Resource},
};

/// Wait until Secrets exist, are gone, or have a value
///
/// Prints a line for each object that meets the condition. Fails if an object has not met it when the time is over. Behind
/// jsonpath={.PATH} and condition=NAME may stand =VALUE, behind changed the version that was known, =VERSION.
#[derive(clap::Args, Debug)]
#[command(
    mut_arg("recursive", pflag::on_by_default),
    override_usage = "(NAME | secret NAME... | -l SELECTOR | -f FILE) --for CONDITION [flags]",
    after_help = "Examples:\n  ksecret wait --for=create secret/db --timeout=60s\n  ksecret wait --for=delete secret/db\n  ksecret wait --for=key=token secret/db\n  ksecret wait --for=jsonpath='{.status.phase}'=Active ns/default"
)]
pub struct Args {
    /// NAME of one Secret, or secret NAME..., secret/NAME..., secrets with -l or --all
    #[arg(value_name = "NAME")]
    words: Vec<String>,
    /// Wait for create, delete, key=KEY, changed, jsonpath={.PATH} or condition=NAME
    #[arg(long = "for", value_name = "CONDITION")]
    conditions: Vec<String>,
    /// Wait up to TIME in all; 0 checks once, a negative time waits for a week
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = pflag::parse_duration)]
    timeout: i64,
    /// Select every Secret of the namespace
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    selection: SelectorFlags,
    #[command(flatten)]
    files: FileFlags,
    #[command(flatten)]
    print: PrintFlags,
}

/// The duration of a negative `--timeout` (kubectl's `ToOptions`).
const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

struct Options {
    conditions: Vec<Condition>,
    /// `None` checks once.
    timeout: Option<Duration>,
}

impl Options {
    fn resolve(args: &Args) -> Result<Self> {
        let timeout = match args.timeout {
            0 => None,
            nanoseconds => Some(u64::try_from(nanoseconds).map_or(WEEK, Duration::from_nanos)),
        };
        Ok(Self { conditions: Condition::parse_all(&args.conditions)?, timeout })
    }

    fn creates(&self) -> bool {
        self.conditions.iter().any(|condition| matches!(condition, Condition::Create))
    }

    fn deletes(&self) -> bool {
        self.conditions.iter().any(|condition| matches!(condition, Condition::Delete))
    }
}

/// Waits for the conditions.
///
/// # Errors
/// kubectl's: an invalid `--for`, no objects, and one for each object that has not met its condition at the deadline.
pub fn run(mut args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    // Why: -R is on by default here, and is refused together with -k, which kubectl's wait does not have.
    args.files.recursive &= args.files.kustomize.is_none();
    let output = Output::resolve(&args.print, Order::Sorted, ctx)?;
    let options = Options::resolve(&args)?;
    let choice = Choice {
        words: &args.words,
        labels: args.selection.labels(),
        fields: args.selection.fields(),
        every: args.all,
        all_namespaces: args.selection.all_namespaces,
        files: args.files,
        // If objects need not exist, their labels are those in the files.
        purpose: if options.creates() || options.deletes() { Purpose::Show } else { Purpose::Read },
        ..Choice::default()
    };
    let meaning = choice.meaning(&ctx.program)?;
    let client = session::connect(flags, ctx)?;
    let deadline = options.timeout.map(|timeout| Instant::now() + timeout);
    let wait = Wait { client: &client, options: &options, deadline, output: RefCell::new(output) };
    session::block_on(wait.all(&choice, &meaning, ctx))
}

struct Wait<'a> {
    client: &'a Client,
    options: &'a Options,
    /// `None` checks once.
    deadline: Option<Instant>,
    output: RefCell<Output>,
}

impl Wait<'_> {
    async fn all(&self, choice: &Choice<'_>, meaning: &Meaning, ctx: &mut Context) -> Result<()> {
        if let Meaning::Names(names, Form::Bare) = meaning {
            for (_, name) in names {
                discovery::refuse_kind(self.client, name).await?;
            }
        }
        let listed = matches!(meaning, Meaning::Lists(_));
        if let (Meaning::Lists(kinds), true) = (meaning, self.options.creates()) {
            self.any_exists(choice, kinds, ctx).await?;
        }
        // Why first: an invalid name, as of an empty variable, must be reported before anything is waited for.
        let (targets, errors): (Vec<_>, Vec<_>) =
            choice.find(self.client, ctx).await?.into_iter().partition(Result::is_ok);
        let errors: Vec<Error> = errors.into_iter().filter_map(Result::err).collect();
        if !errors.is_empty() {
            return Err(Error::many(errors));
        }
        let targets: Vec<Target> = targets.into_iter().flatten().collect();
        if targets.is_empty() && !self.options.deletes() {
            return Err(Error::new("no matching resources found"));
        }
        let mut read = Vec::new();
        if self.options.creates() && !listed {
            read = self.all_exist(&targets, ctx).await?;
        }
        read.resize_with(targets.len(), || None);
        let mut failures = Vec::new();
        for (target, read) in targets.iter().zip(read) {
            if let Err(error) = self.one(target, read, listed, ctx).await {
                failures.push(error);
            }
        }
        outcome::all(failures)
    }

    /// Waits until a list has an object. As in kubectl, one object of any of the kinds is enough.
    async fn any_exists(&self, choice: &Choice<'_>, kinds: &[Resource], ctx: &mut Context) -> Result<()> {
        let (labels, fields) = (choice.labels.trim(), choice.fields.trim());
        let ctx = RefCell::new(ctx);
        let one = |kind: Resource| {
            let ctx = &ctx;
            async move {
                let path = self.client.listed(kind, choice.all_namespaces)?;
                let subject = Subject::list(kind, path, labels, fields);
                let refused = || say_refused(kind, &mut ctx.borrow_mut());
                until(self.client, &subject, self.deadline, |object| object.map(|_| ()), refused).await
            }
        };
        let found = match (self.deadline, kinds) {
            // `find` lists the objects once.
            (None, _) => return Ok(()),
            (_, [first, second]) => tokio::select! {
                found = one(*first) => found?,
                found = one(*second) => found?,
            },
            (_, kinds) => match kinds.first() {
                Some(kind) => one(*kind).await?,
                None => Some(()),
            },
        };
        found.ok_or_else(time_is_over)
    }

    /// Waits until every object exists. Returns the objects if none had to be waited for. kubectl 1.37 gives up at once
    /// if two objects, or one of a file, do not exist, because its `IsNotFound` does not look into an aggregate error.
    /// Its help says that `create` waits for all of them, which is done here.
    async fn all_exist(&self, targets: &[Target], ctx: &mut Context) -> Result<Vec<Option<Object>>> {
        let mut read = Vec::new();
        let mut waited = false;
        for target in targets {
            match fetch(self.client, target).await {
                Ok(object) => read.push(Some(object)),
                Err(failure) if failure.is_not_found() => {
                    waited = true;
                    self.until(target, |object| object.map(|_| ()), ctx).await?.ok_or_else(time_is_over)?;
                }
                Err(failure) => return Err(failure.into()),
            }
        }
        // Why dropped: an object that was read before a wait may have changed.
        Ok(if waited { Vec::new() } else { read })
    }

    /// Waits until an object meets all conditions, one after the other.
    async fn one(&self, target: &Target, read: Option<Object>, listed: bool, ctx: &mut Context) -> Result<()> {
        let mut object = match read {
            Some(object) => object,
            None => match fetch(self.client, target).await {
                Ok(object) => object,
                Err(failure) if failure.is_not_found() && self.options.deletes() => {
                    // As in kubectl: an object of a list existed, and is gone now; one that was named may never have
                    // existed.
                    return if listed { self.met(named_only(target), ctx) } else { Ok(()) };
                }
                Err(failure) => return Err(failure.into()),
            },
        };
        for condition in &self.options.conditions {
            object = match condition {
                Condition::Create => object,
                Condition::Delete => self.gone(target, object, ctx).await?,
                Condition::Changed(None) => {
                    let changed = Condition::Changed(object.resource_version().map(str::to_owned));
                    self.holds(target, &changed, object, ctx).await?
                }
                condition => self.holds(target, condition, object, ctx).await?,
            };
            self.met(object.clone(), ctx)?;
        }
        Ok(())
    }

    /// Waits until the object is gone. Returns it as it was read.
    async fn gone(&self, target: &Target, object: Object, ctx: &mut Context) -> Result<Object> {
        let uid = object.json()["metadata"]["uid"].clone();
        let judge = |seen: Option<Object>| seen.is_none_or(|seen| seen.json()["metadata"]["uid"] != uid).then_some(());
        match self.deadline {
            None => Err(not_met(target)),
            Some(_) => {
                self.until(target, judge, ctx).await?.map(|()| object).ok_or_else(|| deletion::timed_out(target))
            }
        }
    }

    /// Waits until the object meets the condition. Returns it as it was then.
    async fn holds(&self, target: &Target, condition: &Condition, object: Object, ctx: &mut Context) -> Result<Object> {
        if condition.holds(object.json())? {
            return Ok(object);
        }
        if self.deadline.is_none() {
            return Err(not_met(target));
        }
        let judge = |seen: Option<Object>| {
            let seen = seen?;
            match condition.holds(seen.json()) {
                Ok(true) => Some(Ok(seen)),
                Ok(false) => None,
                Err(error) => Some(Err(error)),
            }
        };
        self.until(target, judge, ctx).await?.unwrap_or_else(|| Err(deletion::timed_out(target)))
    }

    async fn until<T>(
        &self,
        target: &Target,
        judge: impl FnMut(Option<Object>) -> Option<T>,
        ctx: &mut Context,
    ) -> Result<Option<T>, Failure> {
        if self.deadline.is_none() {
            return Ok(None);
        }
        let refused = || say_refused(target.resource(), ctx);
        until(self.client, &Subject::object(target), self.deadline, judge, refused).await
    }

    /// Prints an object that met the condition. Why flushed: the next one may take hours.
    fn met(&self, object: Object, ctx: &mut Context) -> Result<()> {
        self.output.borrow_mut().done(ctx, object, "condition met", DryRun::None)?;
        ctx.flush_stdout().map_err(output_error)
    }
}

fn say_refused(resource: Resource, ctx: &mut Context) {
    ctx.say(format_args!(
        "warning: {} cannot be watched, which needs the verbs get, list and watch: asking once a second instead",
        resource.plural()
    ));
}

/// Returns kubectl's error for objects that do not exist at the deadline, which names none of them.
fn time_is_over() -> Error {
    Error::new("timed out waiting for the condition")
}

fn not_met(target: &Target) -> Error {
    Error::new(format!("condition not met for {}/{}", target.resource().plural(), target.name))
}

/// Returns an object with only a name.
fn named_only(target: &Target) -> Object {
    let mut metadata = json!({ "name": target.name.as_str() });
    if let Some(namespace) = target.namespace() {
        metadata["namespace"] = namespace.into();
    }
    Object::new(json!({ "apiVersion": "v1", "kind": target.resource().kind(), "metadata": metadata }))
}
