//! `undo`: restores the former data of a Secret from the journal, unless another write has come since.

use go::quote::quote;
use serde_json::{Map, Value as Json, json};

use super::{
    history,
    outcome::{self, Done, Notices},
    output::Output,
    session,
    set::change::{CONFLICT, Change, Expected, Step, conflict},
    targets::{Choice, Purpose, Target, fetch},
    write::{self, Write},
};
use crate::{
    cli::flags::{ConnectionFlags, DryRun, DryRunFlag, PrintFlags},
    client::Client,
    context::Context,
    error::{Error, Result},
    print::Order,
    receipts::{
        self,
        journal::{
            History, Subject,
            entry::{self, Entry, State},
        },
        keys::Keys,
    },
    secret::{Object, resource::Resource},
};

/// Undo the last write to a Secret in the journal, or several
///
/// The data is as it was before the last write that changed it, or as entry --to of the history left it, in one request; a
/// Secret that was deleted is created again, one that was created is deleted. If the keys hold something else than what was
/// written, nothing is changed and the exit status is 4. Labels and annotations stay. undo is in the journal as well.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "NAME [--to NUMBER] [flags]",
    after_help = "Examples:\n  ksecret undo db\n  ksecret undo secret/db --to 1 --dry-run=server"
)]
pub struct Args {
    /// NAME of one Secret, or secret NAME, secret/NAME
    #[arg(value_name = "NAME")]
    words: Vec<String>,
    /// Go back to what this entry of the history left
    #[arg(long, value_name = "NUMBER")]
    to: Option<u64>,
    /// Own the written fields under this name
    #[arg(long, value_name = "NAME", default_value = "kubectl-undo")]
    field_manager: String,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    print: PrintFlags,
}

/// The resolved arguments.
struct Options {
    /// The words that name the Secret. They are read with the server, which knows the kinds that the cluster adds.
    words: Vec<String>,
    /// `--to`: the entry whose result is restored.
    to: Option<u64>,
    write: Write,
    output: Output,
}

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// An invalid `--dry-run` or `-o`.
    fn resolve(args: Args, ctx: &Context, notices: &mut Notices) -> Result<Self> {
        let dry_run = write::dry_run(&args.dry_run, notices)?;
        let output = Output::resolve(&args.print, Order::Sorted, ctx)?;
        let write = Write { manager: args.field_manager, validation: None, dry_run };
        Ok(Self { words: args.words, to: args.to, write, output })
    }
}

/// Undoes writes.
///
/// # Errors
/// Those of [`Options::resolve`]; no name, no entry, a Secret that differs from the journal, an immutable one.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let options = outcome::resolve(ctx, |ctx, notices| Options::resolve(args, ctx, notices))?;
    let Options { words, to, write, mut output } = options;
    let dry_run = write.dry_run;
    let client = session::connect(flags, ctx)?;
    let server = session::server(&client, flags, ctx)?;
    let mut notices = Notices::default();
    let done = session::block_on(async {
        let choice = Choice { words: &words, purpose: Purpose::Change, ..Choice::default() };
        let mut targets = choice.find(&client, ctx).await?;
        let target = match (targets.pop(), targets.is_empty()) {
            (Some(target), true) => target?,
            _ => return Err(Error::new("the NAME of one Secret is required")),
        };
        if target.resource() != Resource::Secrets {
            return Err(Error::new(format!("{} is no Secret", target.name)));
        }
        let undo = Undo::of(&target, &server, to, ctx)?;
        undo.on(&client, &target, write, &mut notices).await
    });
    notices.tell(ctx)?;
    let done = done?;
    output.done(ctx, done.object, done.operation, dry_run)
}

/// The writes to undo.
struct Undo {
    /// The last entry, which says what the Secret holds now.
    last: Entry,
    /// The entry that `--to` names, whose result is restored; `None` restores the data from before `last`.
    wanted: Option<Entry>,
    /// The number of `last`.
    number: u64,
    is_named: bool,
}

impl Undo {
    fn of(target: &Target, server: &str, to: Option<u64>, ctx: &mut Context) -> Result<Self> {
        let (namespace, name) = (target.namespace().unwrap_or_default(), target.name.as_str());
        let missing = |what: String| {
            Error::new(format!("the journal has {what} secret {}", quote(name)))
                .hint("--journal on a verb that writes, or KSECRET_JOURNAL=1, keeps one")
        };
        let journal = receipts::read_journal(&ctx.env)?.ok_or_else(|| missing("no write to".to_owned()))?;
        let history = journal.of(Subject { server, namespace, name });
        let numbers = history::numbers(&history)?;
        let named = match to {
            Some(number) if numbers.contains(&number) => history::read(&history, number, ctx)?,
            Some(_) | None => None,
        };
        if let (Some(number), None) = (to, &named) {
            return Err(missing(format!("no entry {number} of")).hint(format!("{} history {name}", ctx.program)));
        }
        match last(&history, &numbers, to.is_none(), ctx)? {
            Some((number, last)) => Ok(Self { last, wanted: named, number, is_named: to.is_some() }),
            None => Err(missing("no write to undo of".to_owned())),
        }
    }

    /// Returns the data to restore.
    fn wanted(&self) -> State<'_> {
        self.wanted.as_ref().map_or(self.last.before(), Entry::after)
    }

    /// Undoes the writes.
    async fn on(&self, client: &Client, target: &Target, write: Write, notices: &mut Notices) -> Result<Done> {
        let live = match fetch(client, target).await {
            Ok(live) => Some(live),
            Err(failure) if failure.is_not_found() => None,
            Err(failure) => return Err(failure.into()),
        };
        let name = quote(target.name.as_str());
        let number = self.number;
        let uid = |object: &Object| object.json()["metadata"]["uid"].as_str().map(str::to_owned);
        match (self.wanted(), self.last.after(), live) {
            (None, _, None) => Err(Error::new(format!("secret {name} is gone already: there is nothing to undo"))),
            (Some(state), after, None) if after.is_none() || self.is_named => {
                create(state, client, target, write).await
            }
            (Some(_), _, None) => {
                let error = Error::new(format!("secret {name} was deleted since entry {number} of its history"));
                let hint = format!("--to {number} creates it again as that left it; ksecret history {}", target.name);
                Err(error.hint(hint).status(CONFLICT))
            }
            (_, after, Some(live)) if after.is_none() || uid(&live).as_deref() != Some(self.last.text("uid")) => {
                let error = format!("secret {name} was created anew since entry {number} of its history");
                Err(Error::new(error).status(CONFLICT))
            }
            (None, after, Some(live)) => delete(after, live, client, target, &write).await,
            (Some(wanted), after, Some(_)) => {
                let change = change(after, wanted, write);
                change.on(client, target, notices).await
            }
        }
    }
}

/// Returns the newest entry that can be read, with its number; with `changing`, the newest that changed data.
fn last(history: &History<'_>, numbers: &[u64], changing: bool, ctx: &mut Context) -> Result<Option<(u64, Entry)>> {
    for number in numbers.iter().rev() {
        if let Some(entry) = history::read(history, *number, ctx)?.filter(|entry| !changing || entry.changes_data()) {
            return Ok(Some((*number, entry)));
        }
    }
    Ok(None)
}

/// Returns the change of the keys that differ. It expects them to have the values that were written.
fn change(after: State<'_>, wanted: &Json, write: Write) -> Change {
    let (is, becomes) = (entry::data(after), entry::data(Some(wanted)));
    let keys = Keys::between(is.json(), becomes.json());
    let held = |data: &Object| {
        let map: Map<String, Json> = keys.all().map(|key| (key.clone(), data.json()[key].clone())).collect();
        Object::new(Json::Object(map))
    };
    let expected = Expected { held: held(&is), ..Expected::default() };
    Change { step: Step::Restore(held(&becomes)), expected, create: false, write }
}

/// Creates a deleted Secret again.
async fn create(state: &Json, client: &Client, target: &Target, write: Write) -> Result<Done> {
    let secret = entry::secret(state, target.namespace().unwrap_or_default(), target.name.as_str());
    if write.dry_run == DryRun::Client {
        return Ok(Done { object: secret, operation: "created" });
    }
    let call = write.on(session::post(target.collection.path(), secret.json()));
    match client.call(call).await {
        Ok(answer) => Ok(Done { object: answer.object()?, operation: "created" }),
        Err(failure) => Err(failure.redacted(&secret).words_of_create("secret").into()),
    }
}

/// Deletes a Secret that still holds the data with which it was created.
async fn delete(after: State<'_>, live: Object, client: &Client, target: &Target, write: &Write) -> Result<Done> {
    let data = entry::data(after);
    let keys = Keys::between(data.json(), &live.json()["data"]);
    let keys: Vec<String> = keys.all().cloned().collect();
    if !keys.is_empty() {
        return Err(conflict(&live, &keys, "since").hint("nothing was written"));
    }
    if write.dry_run == DryRun::Client {
        return Ok(Done { object: live, operation: "deleted" });
    }
    let metadata = &live.json()["metadata"];
    let mut options = json!({
        "preconditions": {"uid": metadata["uid"], "resourceVersion": metadata["resourceVersion"]},
        "propagationPolicy": "Background",
    });
    if write.dry_run == DryRun::Server {
        options["dryRun"] = json!(["All"]);
    }
    match client.call(session::delete(target.path(), &options)).await {
        Ok(_) => Ok(Done { object: live, operation: "deleted" }),
        Err(failure) if failure.is_conflict() => Err(Error::from(failure).status(CONFLICT)),
        Err(failure) => Err(failure.into()),
    }
}
