//! `get`: one, several or all Secrets, in every format.

mod watch;

use serde_json::Value as Json;

use crate::{
    cli::{
        flags::{ConnectionFlags, FileFlags, PrintFlags, SelectorFlags},
        pflag::{self, Fields},
        resources::{self, Form},
    },
    client::{Call, Client, ListOptions, Path},
    commands::{
        discovery, fallback, outcome, output, session,
        targets::{self, Meaning, Target, named},
    },
    context::{Context, output_error},
    error::{Error, Result},
    print::{Allowed, Format, Options, Printer, held, sort::SortBy, table},
    secret::{Object, resource::Resource},
};

/// Show one, several or all Secrets
///
/// A list is printed while it arrives, whatever its length; --sort-by, jsonpath, go-template and custom-columns over a
/// list keep what the expression needs of every object until the last one is there.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  ksecret get secrets\n  ksecret get db -o yaml\n  ksecret get secrets -A -l app=web --sort-by=.metadata.creationTimestamp"
)]
pub struct Args {
    /// NAME of one Secret, or secret NAME..., secret/NAME..., secrets for all
    #[arg(value_name = "NAME")]
    words: Vec<String>,
    /// Labels to show in columns of their own
    #[arg(short = 'L', long, value_name = "LABEL,...", value_parser = pflag::texts)]
    label_columns: Vec<Fields<String>>,
    /// How many objects to ask for at once; 0 all
    #[arg(long, value_name = "COUNT", default_value_t = 500, value_parser = pflag::parse_int)]
    chunk_size: i64,
    /// What is not there is no error
    #[arg(long)]
    ignore_not_found: bool,
    /// No header line
    #[arg(long)]
    no_headers: bool,
    /// Say with each watched object what happened to it
    #[arg(long)]
    output_watch_events: bool,
    /// GET this path of the API and print the answer
    #[arg(long, value_name = "PATH", default_value = "", hide_default_value = true)]
    raw: String,
    /// Have the server make the table
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        default_value = "true", hide_default_value = true, action = clap::ArgAction::Set,
        value_parser = pflag::parse_bool)]
    server_print: bool,
    /// The kind before each name
    #[arg(long)]
    show_kind: bool,
    /// Labels as the last column
    #[arg(long)]
    show_labels: bool,
    /// Sort by this field, a jsonpath
    #[arg(long, value_name = "PATH", default_value = "", hide_default_value = true)]
    sort_by: String,
    /// Of the object, this part; Secrets have none
    #[arg(long, value_name = "NAME", default_value = "", hide = true)]
    subresource: String,
    /// Go on showing changes
    #[arg(short, long)]
    watch: bool,
    /// Only changes, not what is there now
    #[arg(long)]
    watch_only: bool,
    #[command(flatten)]
    print: PrintFlags,
    #[command(flatten)]
    selection: SelectorFlags,
    #[command(flatten)]
    files: FileFlags,
}

/// Which objects, and how they are asked for.
struct Query {
    choice: Choice,
    /// Whether the name was typed without a kind.
    bare: bool,
    /// Whether one object is meant: not a stream, a second name or a second file (kubectl's `singleItemImplied`).
    single: bool,
    labels: String,
    fields: String,
    all_namespaces: bool,
    chunk: u64,
    ignore_not_found: bool,
    /// Whether a table is printed, and nothing is watched.
    human: bool,
    /// Whether the server is asked for a table.
    table: bool,
    /// Whether the table's rows must carry whole objects, to sort by a field outside metadata.
    values: bool,
}

/// What to get.
enum Choice {
    /// These, each with its own request.
    Names(Vec<Result<Target>>),
    /// All of these kinds that the selectors leave.
    All(Vec<Resource>),
}

/// # Errors
/// kubectl's: an unknown format, names beside selectors, what is not there; the rest is printed all the same.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    if !args.raw.is_empty() {
        return raw(&args, flags, ctx);
    }
    let format = output::parse(&args.print, Allowed::Get, args.no_headers, ctx)?;
    let sort_by = Some(args.sort_by.as_str()).filter(|path| !path.is_empty()).map(SortBy::parse).transpose()?;
    let output = args.print.output.as_deref().unwrap_or_default();
    if args.show_labels && !matches!(output, "" | "wide") {
        return Err(Error::new(format!("--show-labels option cannot be used with {output} printer")));
    }
    if !args.label_columns.is_empty() && output.starts_with("custom-columns") {
        return Err(Error::new(format!("--label-columns option cannot be used with {output} printer")));
    }
    if args.output_watch_events && !args.watch && !args.watch_only {
        return Err(Error::new("--output-watch-events option can only be used with --watch or --watch-only"));
    }
    if args.words.is_empty() && args.files.is_empty() {
        return Err(Error::usage(
            "Required resource not specified.",
            format!("See '{} get -h' for help and examples", ctx.program),
        ));
    }
    let chosen = targets::Choice {
        words: &args.words,
        labels: args.selection.labels(),
        fields: args.selection.fields(),
        every: true,
        all_namespaces: args.selection.all_namespaces,
        files: args.files.clone(),
        ..targets::Choice::default()
    };
    let meaning = chosen.meaning(&ctx.program)?;
    let client = session::connect(flags, ctx)?;
    // One runtime for everything: the client belongs to that of its first call.
    session::block_on(async {
        let mut query = Query {
            choice: Choice::All(Vec::new()),
            bare: false,
            single: false,
            labels: args.selection.labels().trim().to_owned(),
            fields: args.selection.fields().trim().to_owned(),
            all_namespaces: args.selection.all_namespaces,
            chunk: u64::try_from(args.chunk_size).unwrap_or(0),
            ignore_not_found: args.ignore_not_found,
            human: format.is_table() && !args.watch && !args.watch_only,
            table: format.is_table() && args.server_print,
            values: sort_by.as_ref().is_some_and(|sort| !sort.needs_only_metadata()),
        };
        query.choice = match meaning {
            Meaning::Lists(kinds) => Choice::All(kinds),
            Meaning::Files(filenames) => {
                query.single = filenames.filenames.len() <= 1 && filenames.filenames != ["-"];
                let targets = chosen.in_files(&filenames, &client, ctx).await?;
                Choice::Names(targets)
            }
            Meaning::Names(names, form) => {
                (query.single, query.bare) = (names.len() == 1, form == Form::Bare);
                Choice::Names(named(&names, &client))
            }
        };
        let shared = fallback::is_shared(ctx);
        query.single &= !shared;
        let options = Options {
            show_managed_fields: args.print.show_managed_fields,
            sort_by,
            table: table_options(&query, &args, shared),
            style: output::style(ctx),
            now: output::now(),
            ..Options::default()
        };
        if args.watch || args.watch_only {
            let printer = Printer::new(format, options);
            return watch::run(&client, &query, &args, printer, ctx).await;
        }
        match &query.choice {
            Choice::Names(targets) => names(&client, &query, targets, format, options, ctx).await,
            Choice::All(kinds) => all(&client, &query, kinds, format, options, ctx).await,
        }
    })
}

/// Objects by name, each with its own request. One name means the object itself; several mean a list, even of one.
async fn names(
    client: &Client,
    query: &Query,
    targets: &[Result<Target>],
    format: Format,
    mut options: Options,
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
    let one = query.single && targets.len() == 1;
    let table = format.is_table();
    // kubectl prints the empty list of several names of which none is there, but nothing for a single one.
    let empty = found.is_empty() && (one || table || query.ignore_not_found);
    // As kubectl: where one object or file was meant, a format is for all of it or for none.
    let empty = empty || (query.single && !table && !failures.is_empty());
    if empty && failures.is_empty() && table && !query.ignore_not_found {
        ctx.say(query.nothing_found(client));
    }
    if !empty {
        // As kubectl: kinds that are not among what was found do not count.
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

/// Every object that the selectors leave, printed while it arrives where the format can. What one kind's list fails with
/// does not keep the others from being printed, nor the end of the output: a List of YAML or JSON is whole.
async fn all(
    client: &Client,
    query: &Query,
    kinds: &[Resource],
    format: Format,
    mut options: Options,
    ctx: &mut Context,
) -> Result<()> {
    let table = format.is_table();
    let mut failures = Vec::new();
    let (first, mut others) = fallback::objects(ctx)?;
    // Rows that are made here name their kind if there are several: that is known when all of them are there.
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
        ctx.say(query.nothing_found(client));
    }
    outcome::all(failures)
}

/// Where the pages of a list go.
enum Goes<'g> {
    /// They are printed.
    Printed(&'g mut Printer),
    /// Objects wait, and how much memory they take.
    Kept(&'g mut Vec<Object>, usize),
}

/// Reads the list of a kind to its end. Returns what the server refused.
///
/// # Errors
/// No server answers; output that cannot be written.
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

/// Prints an answer: a Table, or an object from a server that makes none.
fn show(printer: &mut Printer, answer: &mut Json, ctx: &mut Context) -> Result<()> {
    if answer["kind"] == "Table" {
        return printer.page(answer);
    }
    printer.object(answer, &mut ctx.stdout)
}

fn table_options(query: &Query, args: &Args, shared: bool) -> table::Options {
    // Without tables of the server, as with names, it is known when all is there.
    let kinds = query.table && matches!(&query.choice, Choice::All(kinds) if kinds.len() > 1);
    table::Options {
        wide: false,
        no_headers: args.no_headers,
        with_namespace: query.all_namespaces
            && !matches!(&query.choice, Choice::All(kinds) if kinds == &[Resource::Namespaces]),
        with_kind: args.show_kind || kinds || shared,
        label_columns: Fields::flatten(args.label_columns.iter().cloned()),
        show_labels: args.show_labels,
    }
}

fn raw(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    if !args.words.is_empty() || !args.files.is_empty() {
        return Err(Error::new("arguments may not be passed when --raw is specified"));
    }
    let path = Path::raw(&args.raw)?;
    let client = session::connect(flags, ctx)?;
    session::block_on(async {
        let mut stream = client.stream(Call::get(path)).await?;
        while let Some(chunk) = stream.chunk().await? {
            ctx.put(&chunk)?;
            // Why: of a watch there may be no more for hours.
            ctx.flush_stdout().map_err(|error| output_error(&error))?;
        }
        Ok(())
    })
}

impl Query {
    /// Returns the path of a list.
    fn path(&self, resource: Resource, client: &Client) -> Result<Path> {
        // kubectl's table lists through two aggregates of errors, and its `checkErr` leaves `error: ` out of those.
        let bare = |error: Error| if self.human { Error::bare(error.text()) } else { error };
        client.listed(resource, self.all_namespaces).map_err(|failure| bare(failure.into()))
    }

    /// Whether the name that was not found is a kind of the cluster's own: then nothing was meant by that name.
    async fn is_other_kind(&self, client: &Client, target: &Target, ctx: &Context) -> bool {
        self.bare && discovery::is_foreign_kind(client, target.name.as_str(), ctx).await
    }

    fn list_options(&self) -> ListOptions {
        ListOptions {
            label_selector: self.labels.clone(),
            field_selector: self.fields.clone(),
            limit: self.chunk,
            accept: if self.table { session::TABLE } else { "" },
            whole_rows: self.table && self.values,
        }
    }

    /// Asks for a table where one is wanted; its rows carry metadata, and values only to be sorted by.
    fn asking(&self, call: Call) -> Call {
        match (self.table, self.values) {
            (true, true) => call.accept(session::TABLE).query("includeObject", "Object"),
            (true, false) => call.accept(session::TABLE),
            (false, _) => call,
        }
    }

    /// kubectl's line for an empty list.
    fn nothing_found(&self, client: &Client) -> String {
        match &self.choice {
            Choice::All(kinds) if kinds == &[Resource::Secrets] && !self.all_namespaces => {
                format!("No resources found in {} namespace.", client.namespace())
            }
            Choice::Names(_) if !self.all_namespaces => {
                format!("No resources found in {} namespace.", client.namespace())
            }
            _ => "No resources found".to_owned(),
        }
    }
}
