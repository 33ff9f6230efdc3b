//! `decode`: values as they are. Text on a terminal is made safe to look at; bytes on a pipe are exact.

mod extract;
mod filter;
mod pattern;

use go::quote::quote;
use std::path::PathBuf;

use super::{
    discovery, files, outcome, session,
    targets::{Choice, Meaning, fetch, named},
};
use crate::{
    cli::{
        flags::{ConnectionFlags, FileFlags, SelectorFlags},
        resources::{self, Form},
    },
    client::{Client, ListOptions, Name},
    context::Context,
    error::{Error, Result},
    print::{
        decoded::{self, Refused, Shape, shape},
        held,
    },
    secret::{Object, Value, resource::Resource, sanitize},
};

/// Show the values of Secrets, decoded
#[derive(clap::Args, Debug)]
#[command(after_help = "Several Secrets are secret/A secret/B. With -f, what is not a Secret passes unchanged.\n\n\
    Examples:\n  ksecret decode db\n  ksecret decode db password > password.txt\n  eval \"$(ksecret decode db -o shell)\"\n  \
    ksecret decode db --to ./secrets")]
pub struct Args {
    /// [secret] NAME [KEY], or secret/NAME...
    #[arg(value_name = "NAME")]
    words: Vec<String>,
    /// How: text, json, yaml, dotenv, shell, raw
    #[arg(short, long, value_name = "FORMAT", value_parser = Format::parse)]
    output: Option<Format>,
    /// Only keys that match: * and ? as in file names; repeatable
    #[arg(long, value_name = "PATTERN")]
    key_filter: Vec<String>,
    /// Show keys and sizes, no values
    #[arg(long)]
    keys: bool,
    /// Write each value into a file of its own in this directory
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// Overwrite files of --to
    #[arg(long)]
    force: bool,
    /// Write values to a terminal as they are, binary and control characters too
    #[arg(long)]
    reveal: bool,
    #[command(flatten)]
    selection: SelectorFlags,
    #[command(flatten)]
    files: FileFlags,
}

/// How entries are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Text,
    Json,
    Yaml,
    Dotenv,
    Shell,
    Raw,
}

impl Format {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            "yaml" => Ok(Self::Yaml),
            "dotenv" => Ok(Self::Dotenv),
            "shell" => Ok(Self::Shell),
            "raw" => Ok(Self::Raw),
            other => Err(format!("unknown format {}, allowed are: dotenv, json, raw, shell, text, yaml", quote(other))),
        }
    }
}

/// A Secret and those of its entries that were asked for.
struct Shown {
    object: Object,
    entries: Vec<(String, Value)>,
}

/// # Errors
/// A Secret or a key that is not there, a value that the format or the terminal cannot take, files in the way.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    if !args.files.is_empty() {
        return of_files(&args, ctx);
    }
    let (words, key) = name_and_key(&args, ctx)?;
    let client = session::connect(flags, ctx)?;
    let objects = session::block_on(objects(&client, &words, &args, ctx))?;
    show(objects, key.as_deref(), Vec::new(), &args, ctx)
}

/// The words that name Secrets, and the key: `NAME [KEY]`, or names with slashes, whose last word may be a key without
/// one.
///
/// # Errors
/// No name, too many words, a first word that is another kind.
fn name_and_key(args: &Args, ctx: &Context) -> Result<(Vec<String>, Option<String>)> {
    let words = &args.words;
    if by_list(args) {
        return Ok((words.clone(), None));
    }
    let slashed = words.iter().filter(|word| word.contains('/')).count();
    if slashed > 0 {
        return match words.as_slice() {
            [name, key] if slashed == 1 && name.contains('/') => Ok((vec![name.clone()], Some(key.clone()))),
            _ => Ok((words.clone(), None)),
        };
    }
    let kind = match words.first().filter(|first| resources::is_kind(first)) {
        Some(first) => match resources::parse(std::slice::from_ref(first), &ctx.program)?.kinds.as_slice() {
            [Resource::Secrets] => Some(Resource::Secrets.plural().to_owned()),
            _ => return Err(no_values()),
        },
        None => None,
    };
    let names = words.get(usize::from(kind.is_some())..).unwrap_or_default();
    let words = |name: &String| kind.iter().chain([name]).cloned().collect();
    if let Some(name) = names.first().filter(|name| name.is_empty()) {
        Name::new(name)?;
    }
    match names {
        [] => Err(Error::usage(
            "exactly one NAME is required, got 0",
            format!("See '{} decode -h' for help and examples", ctx.program),
        )
        .hint("every Secret of the namespace is -l '' or -A")),
        [name] => Ok((words(name), None)),
        [name, key] => Ok((words(name), Some(key.clone()))),
        _ => Err(Error::new("one NAME and at most one KEY are wanted").hint("several Secrets are secret/A secret/B")),
    }
}

/// Whether Secrets are listed. An empty `-l` means all of them: nothing is changed here.
fn by_list(args: &Args) -> bool {
    let selection = &args.selection;
    selection.selector.is_some() || !selection.fields().is_empty() || selection.all_namespaces
}

fn choice<'a>(words: &'a [String], args: &'a Args) -> Choice<'a> {
    Choice {
        words,
        labels: args.selection.labels(),
        fields: args.selection.fields(),
        every: true,
        all_namespaces: args.selection.all_namespaces,
        ..Choice::default()
    }
}

async fn objects(client: &Client, words: &[String], args: &Args, ctx: &mut Context) -> Result<Vec<Result<Object>>> {
    let every = ["secrets".to_owned()];
    let words = if by_list(args) && words.is_empty() { &every } else { words };
    let (names, form) = match choice(words, args).meaning(&ctx.program)? {
        Meaning::Names(names, form) => (names, form),
        Meaning::Lists(kinds) if kinds == [Resource::Secrets] => return list(client, args, ctx).await,
        Meaning::Lists(_) | Meaning::Files(_) => return Err(no_values()),
    };
    let mut objects = Vec::new();
    for target in named(&names, client) {
        objects.push(match target {
            Ok(target) if target.resource() != Resource::Secrets => return Err(no_values()),
            Ok(target) => match fetch(client, &target).await {
                Err(failure) if failure.is_not_found() && form == Form::Bare => {
                    discovery::refuse_kind(client, target.name.as_str()).await?;
                    Err(failure.into())
                }
                fetched => fetched.map_err(Error::from),
            },
            Err(error) => Err(error),
        });
    }
    Ok(objects)
}

fn no_values() -> Error {
    Error::new("only Secrets hold values to decode")
}

/// Every Secret that the selectors leave.
async fn list(client: &Client, args: &Args, ctx: &mut Context) -> Result<Vec<Result<Object>>> {
    let path = client.listed(Resource::Secrets, args.selection.all_namespaces)?;
    let options = ListOptions {
        label_selector: args.selection.labels().trim().to_owned(),
        field_selector: args.selection.fields().trim().to_owned(),
        limit: 500,
        ..ListOptions::default()
    };
    let mut pages = client.list(Resource::Secrets, path, options);
    let mut objects = Vec::new();
    let mut held = 0;
    while let Some(page) = pages.next().await.map_err(Error::from)? {
        for object in page.objects(Resource::Secrets) {
            let object = object.map_err(Error::from);
            held += object.as_ref().map_or(0, |object| held::size_of(object.json()));
            held::check(held)?;
            objects.push(object);
        }
    }
    if objects.is_empty() {
        ctx.say(match args.selection.all_namespaces {
            true => "No resources found".to_owned(),
            false => format!("No resources found in {} namespace.", client.namespace()),
        });
    }
    Ok(objects)
}

/// `-f`: without a format that says otherwise, a filter from manifests to manifests.
fn of_files(args: &Args, ctx: &mut Context) -> Result<()> {
    let key = match args.words.as_slice() {
        [] => None,
        [key] => Some(key.clone()),
        _ => return Err(Error::new("beside -f at most one KEY is wanted")),
    };
    let filenames = args.files.check()?;
    let choice = choice(&[], args);
    let selector = choice.selector(Resource::Secrets)?;
    let filters = args.output.is_none_or(|format| format == Format::Yaml)
        && key.is_none()
        && !args.keys
        && args.to.is_none()
        && !choice.selects();
    let mut failures = Vec::new();
    let mut objects = Vec::new();
    match filenames.filenames.as_slice() {
        [name] if name == "-" || ctx.env.cwd().join(name).is_file() => {
            let text = filter::read(name, ctx)?;
            if filters {
                let entries = |object| entries_of(object, None, args).map(|shown| (shown.object, shown.entries));
                return ctx.put(filter::decode(&text, entries)?);
            }
            objects = filter::secrets(&text)?;
        }
        _ => {
            for document in files::load(&filenames, files::Reading::Names, ctx)? {
                match document {
                    Ok(document) if document.object.kind() == "Secret" => objects.push(document.object),
                    Ok(_) => {}
                    Err(error) => failures.push(error),
                }
            }
        }
    }
    objects.retain(|object| selector.matches(object.json()));
    show(objects.into_iter().map(Ok).collect(), key.as_deref(), failures, args, ctx)
}

/// Writes what can be shown, and fails for what cannot.
fn show(
    objects: Vec<Result<Object>>,
    key: Option<&str>,
    mut failures: Vec<Error>,
    args: &Args,
    ctx: &mut Context,
) -> Result<()> {
    let mut shown = Vec::new();
    for object in objects {
        match object.and_then(|object| entries_of(object, key, args)) {
            Ok(secret) => shown.push(secret),
            Err(error) => failures.push(error),
        }
    }
    if !shown.is_empty() || failures.is_empty() {
        failures.extend(write(&shown, key.is_some(), args, ctx).err());
    }
    outcome::all(failures)
}

/// The entries that were asked for. A key that is named must be there; a pattern may match nothing.
fn entries_of(object: Object, key: Option<&str>, args: &Args) -> Result<Shown> {
    let entries = decoded::entries(object.json()).map_err(|key| {
        Error::new(format!("secrets {}: {} is not base64", quote(object.name()), sanitize::line(&key)))
    })?;
    let entries: Vec<(String, Value)> = match key {
        Some(key) => {
            let there: Vec<String> = entries.iter().map(|(key, _)| sanitize::line(key).into_owned()).collect();
            let found: Vec<_> = entries.into_iter().filter(|(other, _)| other == key).collect();
            if found.is_empty() {
                let hint =
                    if there.is_empty() { "it is empty".to_owned() } else { format!("it has {}", there.join(", ")) };
                return Err(
                    Error::new(format!("secrets {} has no key {}", quote(object.name()), quote(key))).hint(hint)
                );
            }
            found
        }
        None => entries.into_iter().filter(|(key, _)| pattern::any(&args.key_filter, key)).collect(),
    };
    Ok(Shown { object, entries })
}

fn write(shown: &[Shown], one_value: bool, args: &Args, ctx: &mut Context) -> Result<()> {
    if let Some(dir) = &args.to {
        return extract::write(dir, shown, args.force, ctx);
    }
    if args.reveal {
        ctx.stdout.reveal();
    }
    let terminal = ctx.terminals.stdout && !args.reveal;
    if args.keys {
        return each(shown, ctx, |secret| Ok(decoded::keys(&secret.entries).into_bytes()));
    }
    match args.output {
        None if one_value => value(shown, terminal, ctx),
        Some(Format::Raw) => value(shown, terminal, ctx),
        None | Some(Format::Text) => {
            each(shown, ctx, |secret| Ok(decoded::text(&secret.entries, terminal).into_bytes()))
        }
        Some(Format::Json) => {
            let objects: Vec<Object> =
                shown.iter().map(|secret| decoded::json(&secret.object, &secret.entries)).collect();
            ctx.put(decoded::json_text(&objects))
        }
        Some(Format::Yaml) => {
            for (index, secret) in shown.iter().enumerate() {
                let text = decoded::yaml(&secret.object, &secret.entries);
                ctx.put(if index > 0 { format!("---\n{text}") } else { text })?;
            }
            Ok(())
        }
        Some(Format::Dotenv) => {
            fit_for(terminal, shown)?;
            each(shown, ctx, |secret| {
                Ok(decoded::dotenv(&secret.entries).map_err(|refused| cannot(secret, &refused))?.into_bytes())
            })
        }
        Some(Format::Shell) => {
            fit_for(terminal, shown)?;
            each(shown, ctx, |secret| decoded::shell(&secret.entries).map_err(|refused| cannot(secret, &refused)))
        }
    }
}

/// Formats for programs hold values as they are: a terminal must not obey them.
fn fit_for(terminal: bool, shown: &[Shown]) -> Result<()> {
    let mut values = shown.iter().flat_map(|secret| &secret.entries);
    match terminal && values.any(|(_, value)| unsafe_text(value)) {
        true => {
            Err(Error::new("values hold characters that a terminal would obey")
                .hint("--reveal writes them all the same"))
        }
        false => Ok(()),
    }
}

fn unsafe_text(value: &Value) -> bool {
    match shape(value) {
        Shape::Text(text) => text.contains(sanitize::is_hidden),
        Shape::Binary(_) => true,
    }
}

fn cannot(secret: &Shown, refused: &Refused) -> Error {
    let (name, key) = (quote(secret.object.name()), quote(&refused.key));
    Error::new(format!("secrets {name}: {key} {}", refused.why)).hint("--key-filter leaves keys out")
}

/// Each Secret after the other, under its name where there are several. All are made before any is written.
fn each(shown: &[Shown], ctx: &mut Context, text: impl Fn(&Shown) -> Result<Vec<u8>>) -> Result<()> {
    let texts = shown.iter().map(text).collect::<Result<Vec<_>>>()?;
    for (index, (secret, text)) in shown.iter().zip(texts).enumerate() {
        let text = zeroize::Zeroizing::new(text);
        if shown.len() > 1 {
            let space = if index > 0 { "\n" } else { "" };
            let place = secret
                .object
                .namespace()
                .map_or(String::new(), |namespace| format!(" in {}", sanitize::line(namespace)));
            ctx.put(format!("{space}# secret/{}{place}\n", sanitize::line(secret.object.name())))?;
        }
        ctx.put(&*text)?;
    }
    Ok(())
}

/// One value, exactly; on a terminal safely, and with a newline after it.
fn value(shown: &[Shown], terminal: bool, ctx: &mut Context) -> Result<()> {
    let mut values = shown.iter().flat_map(|secret| &secret.entries);
    let (Some((_, value)), None) = (values.next(), values.next()) else {
        return Err(Error::new("-o raw writes one value").hint("name its key"));
    };
    if !terminal {
        return ctx.put(value.expose());
    }
    match shape(value) {
        Shape::Binary(bytes) => {
            Err(Error::new(format!("the value is binary, {} bytes: it is not written to a terminal", bytes.len()))
                .hint("write it to a file or a pipe; --reveal writes it all the same"))
        }
        Shape::Text(text) => {
            ctx.put(text)?;
            if text.ends_with('\n') { Ok(()) } else { ctx.put("\n") }
        }
    }
}
