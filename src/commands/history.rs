//! `history`: prints the journal's entries of a Secret. No request is sent.

use go::{errno, tabwriter};
use secret::sanitize;

use super::{
    session,
    targets::{Choice, Meaning},
};
use crate::{
    cli::flags::ConnectionFlags,
    context::Context,
    error::{Error, Result},
    receipts::{
        self,
        journal::{History, Subject, entry::Entry},
        keys::Keys,
    },
    secret::resource::Resource,
};

/// Show what was written to a Secret with --journal, without the values
///
/// With --journal, or KSECRET_JOURNAL=1 for all commands, a verb that writes keeps the data of each Secret before and after in
/// an encrypted journal of this user: the last 100 writes of each, by server, namespace and name. What other programs write is
/// not in it. -o json prints receipts, as --receipt FILE has them: one line of JSON for each write, so that a replace --force
/// has two.
///
/// Fields of a receipt, ksecret/receipt/v1: time, verb, server, namespace, name, uid; operation: created, changed, unchanged,
/// deleting (it waits for finalizers), deleted, or unknown (the answer was lost); keys: added, changed and removed, each with
/// key, size and digest, changed ones with sizeBefore and digestBefore; versions: before and after; hooks: step, status and
/// seconds; number, of an entry here. A digest is the id of the key in receipt.key and 128 bits of HMAC-SHA256: equal digests
/// are equal values, and without the key no value can be guessed.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "NAME [flags]",
    after_help = "Examples:\n  ksecret history db\n  ksecret history secret/db -o json"
)]
pub struct Args {
    /// NAME of one Secret, or secret NAME, secret/NAME
    #[arg(value_name = "NAME")]
    words: Vec<String>,
    /// Print as json: one receipt a line, without the hooks
    #[arg(short, long, value_name = "FORMAT", default_value = "", hide_default_value = true)]
    output: String,
}

/// The resolved arguments.
struct Options {
    name: String,
    json: bool,
}

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// An unknown format, and not exactly one name.
    fn resolve(args: &Args, program: &str) -> Result<Self> {
        if !matches!(args.output.as_str(), "" | "json") {
            return Err(Error::new(format!("unexpected -o output mode: {}. We only support '-o json'", args.output)));
        }
        let choice = Choice { words: &args.words, ..Choice::default() };
        match choice.meaning(program)? {
            Meaning::Names(names, _) if matches!(names.as_slice(), [(Resource::Secrets, _)]) => {
                let name = names.into_iter().map(|(_, name)| name).next().unwrap_or_default();
                Ok(Self { name, json: args.output == "json" })
            }
            _ => Err(Error::new("the NAME of one Secret is required")),
        }
    }
}

/// Prints the entries.
///
/// # Errors
/// Those of [`Options::resolve`], and a journal that cannot be read.
pub fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let Options { name, json } = Options::resolve(args, &ctx.program)?;
    let client = session::connect(flags, ctx)?;
    let server = session::server(&client, flags, ctx)?;
    let Some(journal) = receipts::read_journal(&ctx.env)? else { return nothing(&name, ctx) };
    let history = journal.of(Subject { server: &server, namespace: client.namespace(), name: &name });
    let numbers = numbers(&history)?;
    if numbers.is_empty() {
        return nothing(&name, ctx);
    }
    let mut rows = "NUMBER\tTIME\tVERB\tKEYS\tVERSIONS\n".to_owned();
    let json = json.then(|| receipts::Lines::open(&ctx.env)).transpose()?;
    for number in numbers {
        let Some(entry) = read(&history, number, ctx)? else { continue };
        match &json {
            Some(lines) => ctx.put(lines.of(number, &entry))?,
            None => rows.push_str(&row(number, &entry)),
        }
    }
    if json.is_some() { Ok(()) } else { ctx.put(tabwriter::TABLE.align(&rows)) }
}

fn nothing(name: &str, ctx: &mut Context) -> Result<()> {
    ctx.say(format_args!("No writes to secret/{name} are in the journal."));
    Ok(())
}

/// Returns the numbers of the entries.
///
/// # Errors
/// A directory that cannot be read.
pub(super) fn numbers(history: &History<'_>) -> Result<Vec<u64>> {
    history.numbers().map_err(|error| Error::new(format!("cannot read the journal: {}", errno::text(&error))))
}

/// Reads an entry, and says so if it is damaged.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn read(history: &History<'_>, number: u64, ctx: &mut Context) -> Result<Option<Entry>> {
    let read = history.read(number);
    let entry = read.map_err(|error| Error::new(format!("cannot read entry {number}: {}", errno::text(&error))))?;
    if entry.is_none() {
        ctx.say(format_args!("warning: entry {number} of the journal is damaged, and is passed over"));
    }
    Ok(entry)
}

fn row(number: u64, entry: &Entry) -> String {
    let verb = match entry.text("operation") {
        "changed" => entry.text("verb").to_owned(),
        operation => format!("{} ({operation})", entry.text("verb")),
    };
    let version = |when| entry.version(when).unwrap_or_default();
    format!(
        "{number}\t{}\t{verb}\t{}\t{}..{}\n",
        entry.text("time"),
        keys(&entry.keys()),
        version("before"),
        version("after")
    )
}

/// Returns the keys with what became of each: `+a,~b,-c`.
fn keys(keys: &Keys) -> String {
    let signs = [('+', &keys.added), ('~', &keys.changed), ('-', &keys.removed)];
    let all = signs.into_iter().flat_map(|(sign, keys)| keys.iter().map(move |key| format!("{sign}{key}")));
    let text = all.collect::<Vec<_>>().join(",");
    if text.is_empty() { "<none>".to_owned() } else { sanitize::line(&text).into_owned() }
}
