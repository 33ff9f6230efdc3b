//! `describe`: prints the metadata, keys and sizes of a Secret, without values.

use super::{outcome, session};
use crate::{
    cli::{
        flags::{ConnectionFlags, FileFlags, SelectorFlags},
        resources::{self, Form},
    },
    client::{Call, Client, ListOptions},
    commands::{
        discovery, output,
        targets::{self, Choice, Meaning, Purpose, Target, named},
    },
    context::Context,
    error::{Error, Result},
    print::describe,
    secret::{Object, resource::Resource},
};

/// Show what a Secret holds, without its values
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "[NAME | secret NAME... | secret/NAME... | -l SELECTOR | -f FILE] [flags]",
    after_help = "Examples:\n  ksecret describe db\n  ksecret describe secrets -l app=web\n\nA name that no Secret has shows every Secret whose name begins with it."
)]
pub struct Args {
    /// NAME of one Secret or its beginning, or secret NAME..., secret/NAME...; all Secrets if there is none
    #[arg(value_name = "NAME")]
    words: Vec<String>,
    /// Request COUNT objects per page; 0 requests all at once
    #[arg(long, value_name = "COUNT", default_value_t = 500, value_parser = crate::cli::pflag::parse_int)]
    chunk_size: i64,
    /// Events of the object; Secrets have none
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        default_value = "true", hide = true, action = clap::ArgAction::Set, value_parser = crate::cli::pflag::parse_bool)]
    show_events: bool,
    /// Show what is public of values, such as expiry; default on a terminal
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        value_parser = crate::cli::pflag::parse_bool)]
    details: Option<bool>,
    #[command(flatten)]
    selection: SelectorFlags,
    #[command(flatten)]
    files: FileFlags,
}

/// The resolved arguments.
struct Options {
    meaning: Meaning,
    labels: String,
    fields: String,
    all_namespaces: bool,
    chunk: u64,
    /// Whether public parts of the values are shown. Why not always: scripts parse kubectl's output.
    details: bool,
}

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// No names and no selector, names together with selectors or files.
    fn resolve(args: Args, ctx: &Context) -> Result<Self> {
        let program = ctx.program.as_str();
        let words = targets::or_secrets(&args.words, &args.files, program);
        if words.is_empty() && args.files.is_empty() {
            return Err(Error::new("You must specify the type of resource to describe. ")
                .hint(format!("for example: {program} describe secret NAME")));
        }
        let choice = Choice {
            words: &words,
            labels: args.selection.labels(),
            fields: args.selection.fields(),
            every: true,
            all_namespaces: args.selection.all_namespaces,
            files: args.files,
            ..Choice::default()
        };
        Ok(Self {
            meaning: choice.meaning(program)?,
            labels: args.selection.labels().to_owned(),
            fields: args.selection.fields().to_owned(),
            all_namespaces: args.selection.all_namespaces,
            chunk: u64::try_from(args.chunk_size).unwrap_or(0),
            details: args.details.unwrap_or(ctx.terminals.stdout),
        })
    }
}

/// Prints the descriptions.
///
/// # Errors
/// Those of [`Options::resolve`], a name that no Secret has or begins with, what the server refuses.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let options = Options::resolve(args, ctx)?;
    let client = session::connect(flags, ctx)?;
    session::block_on(async {
        let mut shown = Shown { first: true, details: options.details };
        let mut failures = Vec::new();
        match &options.meaning {
            Meaning::Lists(kinds) => {
                for kind in kinds {
                    list(&client, *kind, &options, &mut shown, ctx).await?;
                }
            }
            Meaning::Files(filenames) => {
                let choice = Choice {
                    labels: &options.labels,
                    fields: &options.fields,
                    all_namespaces: options.all_namespaces,
                    purpose: Purpose::Show,
                    ..Choice::default()
                };
                let targets = choice.in_files(filenames, &client, ctx).await?;
                each(&client, targets, None, &mut shown, &mut failures, ctx).await?;
            }
            Meaning::Names(names, form) => {
                let targets = named(names, &client);
                each(&client, targets, Some(*form), &mut shown, &mut failures, ctx).await?;
            }
        }
        if shown.first && failures.is_empty() {
            ctx.say(match options.all_namespaces {
                false => format!("No resources found in {} namespace.", client.namespace()),
                true => "No resources found".to_owned(),
            });
        }
        outcome::all(failures)
    })
}

/// Describes every object of a kind that the selectors match.
async fn list(client: &Client, kind: Resource, options: &Options, shown: &mut Shown, ctx: &mut Context) -> Result<()> {
    // As in kubectl: its `describe` nests two aggregate errors in a list, for which `checkErr` prints no `error: `.
    let path =
        client.listed(kind, options.all_namespaces).map_err(|failure| Error::bare(Error::from(failure).text()))?;
    let asked = ListOptions {
        label_selector: options.labels.trim().to_owned(),
        field_selector: options.fields.trim().to_owned(),
        limit: options.chunk,
        ..ListOptions::default()
    };
    let mut pages = client.list(kind, path, asked);
    while let Some(page) = pages.next().await? {
        for object in page.objects(kind) {
            shown.show(&object?, ctx)?;
        }
    }
    Ok(())
}

/// Describes objects by name. A single name that does not exist is tried as a prefix, unless it came from a file or
/// with a slash.
async fn each(
    client: &Client,
    targets: Vec<Result<Target>>,
    form: Option<Form>,
    shown: &mut Shown,
    failures: &mut Vec<Error>,
    ctx: &mut Context,
) -> Result<()> {
    let prefix = targets.len() == 1 && matches!(form, Some(Form::Typed | Form::Bare));
    for target in targets {
        let target = match target {
            Ok(target) => target,
            Err(error) => {
                failures.push(error);
                continue;
            }
        };
        match targets::get(client, &target, Call::get(target.path()), false).await {
            Ok(answer) => {
                session::say_warnings(ctx, &answer);
                shown.show(&answer.object()?, ctx)?;
            }
            Err(failure) if failure.is_not_found() && prefix => {
                if by_prefix(client, &target, shown, ctx).await? {
                    continue;
                }
                let name = target.name.as_str();
                if form == Some(Form::Bare) {
                    discovery::refuse_kind(client, name).await?;
                    if discovery::is_foreign_kind(client, name, ctx).await {
                        return Err(resources::not_handled(name));
                    }
                }
                failures.push(failure.into());
            }
            Err(failure) => failures.push(failure.into()),
        }
    }
    Ok(())
}

struct Shown {
    first: bool,
    details: bool,
}

impl Shown {
    fn show(&mut self, object: &Object, ctx: &mut Context) -> Result<()> {
        if !self.first {
            ctx.put("\n\n")?;
        }
        self.first = false;
        let now = self.details.then(output::now);
        let text = describe::object(object.json(), output::style(ctx), now);
        if ctx.color { ctx.put_styled(&text) } else { ctx.put(text) }
    }
}

/// Describes every object whose name begins with that of `target`, each followed by an empty line. Returns whether
/// there was any.
async fn by_prefix(client: &Client, target: &Target, shown: &mut Shown, ctx: &mut Context) -> Result<bool> {
    let resource = target.resource();
    let mut found = false;
    let options = ListOptions { limit: 500, ..ListOptions::default() };
    let mut pages = client.list(resource, target.collection.path(), options);
    while let Some(page) = pages.next().await? {
        for object in page.objects(resource) {
            let object = object?;
            if !object.name().starts_with(target.name.as_str()) {
                continue;
            }
            found = true;
            shown.first = true;
            shown.show(&object, ctx)?;
            ctx.put("\n")?;
        }
    }
    Ok(found)
}
