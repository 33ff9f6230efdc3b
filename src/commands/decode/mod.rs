//! `decode`: prints decoded values. Output to a terminal is sanitized; output to a pipe is byte-exact.

mod extract;
mod filter;
mod options;
mod pattern;
mod write;

use std::ffi::OsStr;

use go::quote::quote;

use super::{
    discovery, files, outcome, session,
    targets::{fetch, named},
};
use crate::{
    cli::{flags::ConnectionFlags, resources::Form},
    client::{Client, ListOptions},
    context::Context,
    error::{Error, Result},
    manifest::Filenames,
    print::{decoded, held},
    secret::{Object, Value, resource::Resource, sanitize},
};

pub use options::Args;
use options::{Format, Options, Source};

/// A Secret, and the entries of it to show.
struct Shown {
    object: Object,
    entries: Vec<(String, Value)>,
}

/// Prints the values.
///
/// # Errors
/// Those of [`Options::resolve`], a Secret or a key that does not exist, a value that the format or the terminal cannot
/// show, files that exist.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let options = Options::resolve(args, &ctx.program)?;
    let (objects, failures) = match &options.source {
        Source::Files(filenames, filters) => {
            let one = one_file(filenames, ctx);
            if let Some(name) = one.filter(|_| *filters) {
                let text = filter::read(name, ctx)?;
                let entries = |object| entries_of(object, &options).map(|shown| (shown.object, shown.entries));
                return ctx.put(filter::decode(&text, entries)?);
            }
            in_files(filenames, one, &options, ctx)?
        }
        Source::Names(names, form) => {
            let client = session::connect(flags, ctx)?;
            (session::block_on(fetched(&client, names, *form))?, Vec::new())
        }
        Source::List => {
            let client = session::connect(flags, ctx)?;
            (session::block_on(list(&client, &options, ctx))?, Vec::new())
        }
    };
    show(objects, failures, &options, ctx)
}

/// Returns the file (or `-`) if it is the only one that is named. It is then read as a stream of documents of any kind.
fn one_file<'a>(filenames: &'a Filenames, ctx: &Context) -> Option<&'a OsStr> {
    match filenames.filenames.as_slice() {
        [name] if name == "-" || ctx.env.cwd().join(name).is_file() => Some(name),
        _ => None,
    }
}

async fn fetched(client: &Client, names: &[(Resource, String)], form: Form) -> Result<Vec<Result<Object>>> {
    let mut objects = Vec::new();
    for target in named(names, client) {
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

/// Returns every Secret that the selectors match.
async fn list(client: &Client, options: &Options, ctx: &mut Context) -> Result<Vec<Result<Object>>> {
    let path = client.listed(Resource::Secrets, options.all_namespaces)?;
    let asked = ListOptions {
        label_selector: options.labels.trim().to_owned(),
        field_selector: options.fields.trim().to_owned(),
        limit: 500,
        ..ListOptions::default()
    };
    let mut pages = client.list(Resource::Secrets, path, asked);
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
        ctx.say(match options.all_namespaces {
            true => "No resources found".to_owned(),
            false => format!("No resources found in {} namespace.", client.namespace()),
        });
    }
    Ok(objects)
}

/// Returns the Secrets of files, and errors for what cannot be read.
fn in_files(
    filenames: &Filenames,
    one: Option<&OsStr>,
    options: &Options,
    ctx: &mut Context,
) -> Result<(Vec<Result<Object>>, Vec<Error>)> {
    let mut failures = Vec::new();
    let mut objects = Vec::new();
    if let Some(name) = one {
        objects = filter::secrets(&filter::read(name, ctx)?)?;
    } else {
        for document in files::load(filenames, files::Reading::Names, ctx)? {
            match document {
                Ok(document) if document.object.kind() == "Secret" => objects.push(document.object),
                Ok(_) => {}
                Err(error) => failures.push(error),
            }
        }
    }
    let selector = options.choice().selector(Resource::Secrets)?;
    objects.retain(|object| selector.matches(object.json()));
    Ok((objects.into_iter().map(Ok).collect(), failures))
}

/// Prints what can be shown, and fails for the rest.
fn show(objects: Vec<Result<Object>>, mut failures: Vec<Error>, options: &Options, ctx: &mut Context) -> Result<()> {
    let mut shown = Vec::new();
    // Why: a key that was named explicitly must be shown, so its name is an error if the format cannot represent it.
    let skips = options.key.is_none() && !options.strict && options.output.is_some_and(Format::names_variables);
    for object in objects {
        match object.and_then(|object| entries_of(object, options)) {
            Ok(mut secret) => {
                if skips {
                    skip(&mut secret, ctx);
                }
                shown.push(secret);
            }
            Err(error) => failures.push(error),
        }
    }
    if !shown.is_empty() || failures.is_empty() {
        failures.extend(write::write(&shown, options, ctx).err());
    }
    outcome::all(failures)
}

/// Leaves out the entries whose keys are not valid names of variables, as Kubernetes does for `envFrom`, and reports
/// them.
fn skip(secret: &mut Shown, ctx: &mut Context) {
    let name = quote(secret.object.name());
    secret.entries.retain(|(key, _)| {
        let fits = decoded::is_variable(key);
        if !fits {
            let key = quote(key);
            ctx.say(format!(
                "warning: secrets {name}: {key} cannot name a variable and is left out (--strict refuses it)"
            ));
        }
        fits
    });
}

/// Returns the entries to show. A key that was named must exist; a pattern may match none.
fn entries_of(object: Object, options: &Options) -> Result<Shown> {
    let entries = decoded::entries(object.json()).map_err(|key| {
        Error::new(format!("secrets {}: {} is not base64", quote(object.name()), sanitize::line(&key)))
    })?;
    let entries: Vec<(String, Value)> = match options.key.as_deref() {
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
        None => entries.into_iter().filter(|(key, _)| pattern::any(&options.key_filter, key)).collect(),
    };
    Ok(Shown { object, entries })
}
