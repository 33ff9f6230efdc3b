//! `replace`: put a manifest in the place of what is there.

use serde_json::json;

use super::{files, output::Output, session, targets::Target};
use crate::{
    cli::flags::{ConnectionFlags, DryRun, DryRunFlag, FileFlags, PrintFlags, ValidateFlag},
    client::{Call, Client},
    commands::create::save_config,
    context::Context,
    error::{Error, Result},
    manifest::Document,
    print::Order,
};

/// Replace a Secret by a manifest
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  ksecret replace -f secret.yaml\n  ksecret get secret db -o yaml | sed 's/old/new/' | ksecret replace -f -"
)]
pub struct Args {
    /// Delete it first, then create it anew
    #[arg(long)]
    force: bool,
    /// Keep the whole object, values too, in an annotation, for kubectl's client-side apply
    #[arg(long)]
    save_config: bool,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    validate: ValidateFlag,
    /// Name of the owner of the fields written
    #[arg(long, value_name = "NAME", default_value = "kubectl-replace")]
    field_manager: String,
    #[command(flatten)]
    files: FileFlags,
    #[command(flatten)]
    print: PrintFlags,
}

struct Options {
    force: bool,
    save_config: bool,
    dry_run: DryRun,
    validation: &'static str,
    manager: String,
}

/// # Errors
/// Every object that could not be replaced; the others are.
pub fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let filenames = args.files.require()?;
    let (dry_run, deprecated) = args.dry_run.resolve()?;
    if let Some(line) = deprecated {
        ctx.say(line);
    }
    let options = Options {
        force: args.force,
        save_config: args.save_config,
        dry_run,
        validation: args.validate.resolve()?,
        manager: args.field_manager.clone(),
    };
    if args.force && dry_run != DryRun::None {
        return Err(Error::new("--dry-run can not be used when --force is set"));
    }
    let mut output = Output::resolve(&args.print, Order::Sorted, ctx)?;
    let documents = files::load(&filenames, files::Reading::of(options.validation), ctx)?;
    if documents.is_empty() {
        return Err(Error::new("no objects passed to replace"));
    }
    let client = session::connect(flags, ctx)?;
    session::block_on(async {
        let mut failures = Vec::new();
        for document in documents {
            if let Err(error) = one(document, &client, &options, &mut output, ctx).await {
                failures.push(error);
            }
        }
        if failures.is_empty() { Ok(()) } else { Err(Error::many(failures)) }
    })
}

async fn one(
    document: Result<Document>,
    client: &Client,
    options: &Options,
    output: &mut Output,
    ctx: &mut Context,
) -> Result<()> {
    let mut document = document?;
    let resource = files::place(&mut document, client)?;
    let doing = if options.force { "deleting" } else { "replacing" };
    let target = Target::of(resource, &document).map_err(|failure| failure.when(doing, &document.origin.path))?;
    let Document { origin, mut object, .. } = document;
    if options.save_config {
        save_config(&mut object);
    }
    if options.force {
        let body = json!({"propagationPolicy": "Background", "gracePeriodSeconds": 0});
        match client.call(session::delete(target.path(), &body)).await {
            Ok(_) => ctx.put(match target.namespace() {
                Some(namespace) => {
                    format!("{} {:?} deleted from {namespace} namespace\n", resource.singular(), target.name)
                }
                None => format!("{} {:?} deleted\n", resource.singular(), target.name),
            })?,
            Err(failure) if failure.is_not_found() => {}
            Err(failure) => return Err(failure.when("deleting", &origin.path).into()),
        }
    } else if options.dry_run != DryRun::Client && object.resource_version().is_none() {
        // Like kubectl: the version read just now is put into the body, so that a write in between is a conflict.
        let live =
            client.call(Call::get(target.path())).await.map_err(|f| f.when("replacing", &origin.path))?.object()?;
        if let (Some(version), Some(metadata)) = (live.resource_version(), object.metadata_mut()) {
            metadata.insert("resourceVersion".to_owned(), json!(version));
        }
    }
    let replaced = if options.dry_run == DryRun::Client {
        object
    } else {
        let call = if options.force {
            session::post(target.collection.path(), object.json())
        } else {
            session::put(target.path(), object.json())
        };
        let mut call =
            call.query("fieldManager", options.manager.as_str()).query("fieldValidation", options.validation);
        if options.dry_run == DryRun::Server {
            call = call.query("dryRun", "All");
        }
        let answer =
            client.call(call).await.map_err(|failure| failure.redacted(&object).when("replacing", &origin.path))?;
        session::say_warnings(ctx, &answer);
        answer.object()?
    };
    output.done(ctx, replaced, "replaced", options.dry_run)
}
