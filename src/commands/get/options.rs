//! The flags of `get`, resolved.

use crate::{
    cli::{
        flags::{FileFlags, PrintFlags, SelectorFlags},
        pflag::{self, Fields},
        resources::Form,
    },
    client::Path,
    commands::{
        output,
        targets::{self, Meaning},
    },
    context::Context,
    error::{Error, Result},
    print::{self, Allowed, Format, sort::SortBy, table},
    secret::resource::Resource,
};

use super::query::Query;

/// Show one, several or all Secrets
///
/// A list is printed while it arrives, whatever its length; --sort-by, jsonpath, go-template and custom-columns over a
/// list keep what the expression needs of every object until the last one is there.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "[NAME | secret NAME... | secret/NAME... | -f FILE] [flags]",
    after_help = "Examples:\n  ksecret get secrets\n  ksecret get db -o yaml\n  ksecret get secrets -A -l app=web --sort-by=.metadata.creationTimestamp"
)]
pub struct Args {
    /// NAME of one Secret, or secret NAME..., secret/NAME...; all Secrets if there is none
    #[arg(value_name = "NAME")]
    words: Vec<String>,
    /// Show these labels in columns of their own
    #[arg(short = 'L', long, value_name = "LABEL,...", value_parser = pflag::texts)]
    label_columns: Vec<Fields<String>>,
    /// Request COUNT objects per page; 0 requests all at once
    #[arg(long, value_name = "COUNT", default_value_t = 500, value_parser = pflag::parse_int)]
    chunk_size: i64,
    /// Do not fail if the object does not exist
    #[arg(long)]
    ignore_not_found: bool,
    /// Print no header line
    #[arg(long)]
    no_headers: bool,
    /// Print with each watched object what happened to it
    #[arg(long)]
    output_watch_events: bool,
    /// Print the answer of the server to a GET of this path
    #[arg(long, value_name = "PATH", default_value = "", hide_default_value = true)]
    raw: String,
    /// Have the server format the table
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        default_value = "true", hide_default_value = true, action = clap::ArgAction::Set,
        value_parser = pflag::parse_bool)]
    server_print: bool,
    /// Print the kind before each name
    #[arg(long)]
    show_kind: bool,
    /// Print labels as the last column
    #[arg(long)]
    show_labels: bool,
    /// Sort by this field, given as jsonpath
    #[arg(long, value_name = "PATH", default_value = "", hide_default_value = true)]
    sort_by: String,
    /// Of the object, this part; Secrets have none
    #[arg(long, value_name = "NAME", default_value = "", hide = true)]
    subresource: String,
    /// Watch for changes after the list
    #[arg(short, long)]
    watch: bool,
    /// Watch for changes, without the list
    #[arg(long)]
    watch_only: bool,
    #[command(flatten)]
    print: PrintFlags,
    #[command(flatten)]
    selection: SelectorFlags,
    #[command(flatten)]
    files: FileFlags,
}

/// The resolved arguments.
pub enum Options {
    /// The response to a GET of this path, unchanged.
    Raw(Path),
    /// Objects.
    Objects(Box<Objects>),
}

/// The objects, and how they are printed.
pub struct Objects {
    /// What the words and files name.
    pub meaning: Meaning,
    /// How they are requested.
    pub query: Query,
    /// The output format.
    pub format: Format,
    /// Options of the printer.
    pub print: print::Options,
    /// Whether and how they are watched.
    pub watch: Option<Watch>,
}

/// A watch.
#[derive(Debug, Clone, Copy)]
pub struct Watch {
    /// `--watch-only`: whether the existing objects are left out.
    pub changes_only: bool,
    /// `--output-watch-events`: whether the type of each event is printed.
    pub with_events: bool,
}

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// kubectl's: an unknown format, flags that exclude each other, no names, names together with selectors.
    pub fn resolve(args: &Args, ctx: &Context) -> Result<Self> {
        if !args.raw.is_empty() {
            return match args.words.is_empty() && args.files.is_empty() {
                true => Ok(Self::Raw(Path::raw(&args.raw)?)),
                false => Err(Error::new("arguments may not be passed when --raw is specified")),
            };
        }
        Objects::resolve(args, ctx).map(|objects| Self::Objects(Box::new(objects)))
    }
}

impl Objects {
    fn resolve(args: &Args, ctx: &Context) -> Result<Self> {
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
        let words = targets::or_secrets(&args.words, &args.files, &ctx.program);
        if words.is_empty() && args.files.is_empty() {
            return Err(Error::usage(
                "Required resource not specified.",
                format!("See '{} get -h' for help and examples", ctx.program),
            ));
        }
        let chosen = targets::Choice {
            words: &words,
            labels: args.selection.labels(),
            fields: args.selection.fields(),
            every: true,
            all_namespaces: args.selection.all_namespaces,
            files: args.files.clone(),
            ..targets::Choice::default()
        };
        let meaning = chosen.meaning(&ctx.program)?;
        let watch = (args.watch || args.watch_only)
            .then_some(Watch { changes_only: args.watch_only, with_events: args.output_watch_events });
        let query = Query {
            labels: args.selection.labels().trim().to_owned(),
            fields: args.selection.fields().trim().to_owned(),
            all_namespaces: args.selection.all_namespaces,
            chunk: u64::try_from(args.chunk_size).unwrap_or(0),
            ignore_not_found: args.ignore_not_found,
            human: format.is_table() && watch.is_none(),
            table: format.is_table() && args.server_print,
            values: sort_by.as_ref().is_some_and(|sort| !sort.needs_only_metadata()),
            bare: matches!(meaning, Meaning::Names(_, Form::Bare)),
        };
        let kinds = match &meaning {
            Meaning::Lists(kinds) => kinds.as_slice(),
            _ => &[],
        };
        let table = table::Options {
            no_headers: args.no_headers,
            with_namespace: query.all_namespaces && kinds != [Resource::Namespaces],
            // For names, and without tables of the server, this is only known when all objects are there.
            with_kind: args.show_kind || (query.table && kinds.len() > 1),
            label_columns: Fields::flatten(args.label_columns.iter().cloned()),
            show_labels: args.show_labels,
            ..table::Options::default()
        };
        let print = print::Options {
            show_managed_fields: args.print.show_managed_fields,
            sort_by,
            table,
            style: output::style(ctx),
            ..print::Options::default()
        };
        Ok(Self { meaning, query, format, print, watch })
    }
}
