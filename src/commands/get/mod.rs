//! `get`: prints one, several or all Secrets, in any format.

mod options;
mod query;
mod watch;

use serde_json::Value as Json;

use crate::{
    cli::{flags::ConnectionFlags, resources},
    client::{Call, Client, Path},
    commands::{
        fallback, outcome, output, session,
        targets::{self, Meaning, Target, named},
    },
    context::{Context, output_error},
    error::{Error, Result},
    print::{self, Format, Printer, held},
    secret::{Object, resource::Resource},
};

pub use options::Args;
use options::{Objects, Options};
use query::Query;

/// The objects to get.
enum Choice {
    /// By name, each with its own request, and whether a single object is meant.
    Names(Vec<Result<Target>>, bool),
    /// All objects of these kinds that the selectors match.
    All(Vec<Resource>),
}

/// Prints the objects.
///
/// # Errors
/// Those of [`Options::resolve`], a name that does not exist, what the server refuses. Everything else is printed.
pub fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    match Options::resolve(args, ctx)? {
        Options::Raw(path) => raw(path, flags, ctx),
        Options::Objects(objects) => {
            let client = session::connect(flags, ctx)?;
            // Why one runtime: a client is bound to the runtime of its first request.
            session::block_on(get(&client, *objects, ctx))
        }
    }
}

async fn get(client: &Client, asked: Objects, ctx: &mut Context) -> Result<()> {
    let Objects { meaning, query, format, mut print, watch } = asked;
    print.now = output::now();
    let choice = match meaning {
        Meaning::Lists(kinds) => Choice::All(kinds),
        Meaning::Files(filenames) => {
            let single = filenames.filenames.len() <= 1 && filenames.filenames != ["-"];
            let chosen = targets::Choice {
                labels: &query.labels,
                fields: &query.fields,
                all_namespaces: query.all_namespaces,
                ..targets::Choice::default()
            };
            Choice::Names(chosen.in_files(&filenames, client, ctx).await?, single)
        }
        Meaning::Names(names, _) => Choice::Names(named(&names, client), names.len() == 1),
    };
    // The documents of files are read here, so it is known whether the fallback has a part.
    let shared = fallback::is_shared(ctx);
    print.table.with_kind |= shared;
    if let Some(watch) = watch {
        return watch::run(client, &query, &choice, watch, Printer::new(format, print), ctx).await;
    }
    match choice {
        Choice::Names(targets, single) => names(client, &query, &targets, single && !shared, format, print, ctx).await,
        Choice::All(kinds) => all(client, &query, &kinds, format, print, ctx).await,
    }
}

/// Gets objects by name, each with its own request. One name prints the object, several print a list, even if only one
/// exists. `single` tells whether a single object is meant: no stream, no second name or file (kubectl's
/// `singleItemImplied`).
async fn names(
    client: &Client,
    query: &Query,
    targets: &[Result<Target>],
    single: bool,
    format: Format,
    mut options: print::Options,
    ctx: &mut Context,
) -> Result<()> {
    let mut found = Vec::new();
    let mut failures = Vec::new();
    for target in targets {
        let target = match target {
            Ok(target) => target,
            Err(error) => {
                failures.push(error.clone());
                continue;
            }
        };
        match targets::get(client, target, query.asking(Call::get(target.path())), query.ignore_not_found).await {
            Ok(answer) => {
                session::say_warnings(ctx, &answer);
                found.push((answer.object()?, target.resource().singular()));
            }
            Err(failure) if failure.is_not_found() && query.is_other_kind(client, target, ctx).await => {
                let error = resources::not_handled(target.name.as_str());
                failures.push(error.hint(format!("a Secret is named with its kind: secret/{}", target.name)));
            }
            Err(failure) if failure.is_not_found() && query.ignore_not_found => {}
            Err(failure) => failures.push(Error::from(failure)),
        }
    }
    let (first, others) = fallback::objects(ctx)?;
    let at = if first { 0 } else { found.len() };
    found.splice(at..at, others.into_iter().map(|object| (object, "")));
    let one = single && targets.len() == 1;
    let table = format.is_table();
    // As in kubectl, which prints an empty list if several names do not exist, but nothing for a single one.
    let empty = found.is_empty() && (one || table || query.ignore_not_found);
    // As in kubectl: if a single object or file was meant, a format prints everything or nothing.
    let empty = empty || (single && !table && !failures.is_empty());
    if empty && failures.is_empty() && table && !query.ignore_not_found {
        ctx.say(query.nothing_found(&[], client));
    }
    if !empty {
        // As in kubectl: only the kinds of objects that were found count.
        options.table.with_kind |= found.iter().any(|(_, kind)| *kind != found[0].1);
        let mut printer = if one { Printer::new(format, options) } else { Printer::of_list(format, options) };
        for (mut object, kind) in found {
            printer.kind(kind)?;
            show(&mut printer, object.json_mut(), ctx)?;
        }
        printer.end(&mut ctx.stdout)?;
    }
    outcome::all(failures)
}

/// Prints every object that the selectors match, as they arrive if the format allows it. If the list of one kind fails,
/// the others are printed, and the output stays complete: a List in YAML or JSON is closed.
async fn all(
    client: &Client,
    query: &Query,
    kinds: &[Resource],
    format: Format,
    mut options: print::Options,
    ctx: &mut Context,
) -> Result<()> {
    let table = format.is_table();
    let mut failures = Vec::new();
    let (first, mut others) = fallback::objects(ctx)?;
    // Rows of tables that are built here show their kind if there are several kinds, which is known at the end.
    let waits = table && !query.table && kinds.len() > 1;
    let mut waiting = Vec::new();
    if waits {
        let mut goes = Goes::Kept(&mut waiting, 0);
        for resource in kinds {
            failures.extend(list(client, query, *resource, &mut goes, ctx).await?);
        }
        let kind = |object: &Object| object.json()["kind"].clone();
        options.table.with_kind |= waiting.iter().any(|object| kind(object) != kind(&waiting[0]));
    }
    let mut printer = Printer::of_list(format, options);
    if first {
        others.drain(..).try_for_each(|mut object| printer.object(object.json_mut(), &mut ctx.stdout))?;
    }
    waiting.into_iter().try_for_each(|mut object| printer.object(object.json_mut(), &mut ctx.stdout))?;
    for resource in kinds.iter().filter(|_| !waits) {
        printer.kind(resource.singular())?;
        failures.extend(list(client, query, *resource, &mut Goes::Printed(&mut printer), ctx).await?);
    }
    others.drain(..).try_for_each(|mut object| printer.object(object.json_mut(), &mut ctx.stdout))?;
    let count = printer.end(&mut ctx.stdout)?;
    if count == 0 && table && !query.ignore_not_found && failures.is_empty() {
        ctx.say(query.nothing_found(kinds, client));
    }
    outcome::all(failures)
}

/// Where the pages of a list go.
enum Goes<'g> {
    /// To the printer.
    Printed(&'g mut Printer),
    /// Into memory, with the number of bytes that they take.
    Kept(&'g mut Vec<Object>, usize),
}

/// Reads the list of a kind to its end. Returns the server's refusal, if any.
///
/// # Errors
/// No connection to the server; output that cannot be written.
async fn list(
    client: &Client,
    query: &Query,
    resource: Resource,
    goes: &mut Goes<'_>,
    ctx: &mut Context,
) -> Result<Option<Error>> {
    let mut pages = client.list(resource, query.path(resource, client)?, query.list_options());
    loop {
        let page = match pages.next().await {
            Ok(Some(page)) => page,
            Ok(None) => return Ok(None),
            Err(failure) if failure.status().is_some() => return Ok(Some(failure.into())),
            Err(failure) => return Err(failure.into()),
        };
        session::say_all(ctx, &page.warnings);
        match goes {
            Goes::Printed(printer) if page.kind == "Table" => {
                page.tables().try_for_each(|table| printer.page(table?.json()))?;
            }
            Goes::Printed(printer) => {
                for item in page.objects(resource) {
                    printer.object(item?.json_mut(), &mut ctx.stdout)?;
                }
            }
            Goes::Kept(waiting, held) => {
                for item in page.objects(resource) {
                    let item = item?;
                    *held += held::size_of(item.json());
                    held::check(*held)?;
                    waiting.push(item);
                }
            }
        }
    }
}

/// Prints a response: a Table, or an object from a server without tables.
fn show(printer: &mut Printer, answer: &mut Json, ctx: &mut Context) -> Result<()> {
    if answer["kind"] == "Table" {
        return printer.page(answer);
    }
    printer.object(answer, &mut ctx.stdout)
}

fn raw(path: Path, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let client = session::connect(flags, ctx)?;
    session::block_on(async {
        let mut stream = client.stream(Call::get(path)).await?;
        while let Some(chunk) = stream.chunk().await? {
            ctx.put(&chunk)?;
            // Why: in a watch the next event may be hours away.
            ctx.flush_stdout().map_err(output_error)?;
        }
        Ok(())
    })
}
