//! `describe`: what a Secret holds, without its values.

use super::session;
use crate::{
    cli::{
        flags::{ConnectionFlags, FileFlags, SelectorFlags},
        resources,
    },
    client::{Call, Client, ListOptions, Resource},
    commands::{
        output,
        targets::{Choice, Target},
    },
    context::Context,
    error::{Error, Result},
    print::describe,
    secret::Object,
};

/// Show what a Secret holds, without its values
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  ksecret describe db\n  ksecret describe secrets -l app=web\n\nA name that no Secret has shows every Secret whose name begins with it."
)]
pub struct Args {
    /// [secret] NAME|PREFIX...
    #[arg(value_name = "NAME")]
    words: Vec<String>,
    /// How many objects to ask for at once; 0 all
    #[arg(long, value_name = "COUNT", default_value_t = 500, value_parser = crate::cli::pflag::parse_int)]
    chunk_size: i64,
    /// Events of the object; Secrets have none
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        default_value = "true", hide = true, action = clap::ArgAction::Set, value_parser = crate::cli::pflag::parse_bool)]
    show_events: bool,
    #[command(flatten)]
    selection: SelectorFlags,
    #[command(flatten)]
    files: FileFlags,
}

/// # Errors
/// What is not there, not even as a prefix, and what the server refuses.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let targets = resources::parse(&args.words, &ctx.program, "describe")?;
    let client = session::connect(flags, ctx)?;
    session::block_on(async {
        let mut shown = Shown { first: true };
        if args.files.is_empty() && targets.nothing {
            return Err(Error::new("You must specify the type of resource to describe. ")
                .hint("for example: ksecret describe secret NAME"));
        }
        if args.files.is_empty() && targets.names.is_empty() {
            let all = args.selection.all_namespaces;
            let path =
                client.listed(targets.resource, all).map_err(|failure| Error::bare(failure.into_error().text()))?;
            let options = ListOptions {
                label_selector: args.selection.labels().to_owned(),
                field_selector: args.selection.fields().to_owned(),
                limit: u64::try_from(args.chunk_size).unwrap_or(0),
                ..ListOptions::default()
            };
            let mut pages = client.list(targets.resource, path, options);
            while let Some(page) = pages.next().await? {
                for object in page.objects(targets.resource) {
                    shown.show(&object?, ctx)?;
                }
            }
            if shown.first {
                ctx.say(match all || targets.resource == Resource::Namespaces {
                    false => format!("No resources found in {} namespace.", client.namespace()),
                    true => "No resources found".to_owned(),
                });
            }
            return Ok(());
        }
        let choice = Choice { words: &args.words, files: args.files.clone(), verb: "describe", ..Choice::default() };
        let chosen = choice.find(&client, ctx).await?;
        let mut failures = Vec::new();
        for target in chosen {
            let target = match target {
                Ok(target) => target,
                Err(error) => {
                    failures.push(error);
                    continue;
                }
            };
            match client.call(Call::get(target.path())).await {
                Ok(answer) => shown.show(&answer.object()?, ctx)?,
                Err(failure) if failure.is_not_found() && target.file.is_none() => {
                    if !by_prefix(&client, &target, &mut shown, ctx).await? {
                        failures.push(failure.into());
                    }
                }
                Err(failure) => failures.push(failure.into()),
            }
        }
        if failures.is_empty() { Ok(()) } else { Err(Error::many(failures)) }
    })
}

struct Shown {
    first: bool,
}

impl Shown {
    fn show(&mut self, object: &Object, ctx: &mut Context) -> Result<()> {
        if !self.first {
            ctx.put("\n\n")?;
        }
        self.first = false;
        ctx.put(describe::object(object.json(), output::style(ctx)))
    }
}

/// Shows every object whose name begins with that of `target`, each followed by an empty line. Returns whether there
/// was one.
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
