//! `create -f`: every object of files, directories, URLs or standard input.

use crate::{
    cli::flags::{ConnectionFlags, DryRun, DryRunFlag, FileFlags, PrintFlags, ValidateFlag},
    commands::{create::secret::save_config, files, output::Output, session},
    context::Context,
    error::{Error, Result},
    manifest::Document,
    print::Order,
};

/// Flags of `create -f`.
#[derive(clap::Args, Debug)]
pub struct FromFiles {
    /// Keep the whole object, values too, in an annotation, for kubectl's client-side apply
    #[arg(long)]
    save_config: bool,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    validate: ValidateFlag,
    /// Name of the owner of the fields written
    #[arg(long, value_name = "NAME", default_value = "kubectl-create")]
    field_manager: String,
    #[command(flatten)]
    files: FileFlags,
    #[command(flatten)]
    print: PrintFlags,
}

/// # Errors
/// Those of the first object that fails and of every other one: a bad object does not stop the rest.
pub fn run(args: &FromFiles, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let filenames = args.files.require()?;
    let (dry_run, deprecated) = args.dry_run.resolve()?;
    if let Some(line) = deprecated {
        ctx.say(line);
    }
    let validation = args.validate.resolve()?;
    let mut output = Output::resolve(&args.print, Order::Sorted, ctx)?;
    let documents = files::load(&filenames, files::Reading::of(validation), ctx)?;
    if documents.is_empty() {
        return Err(Error::new("no objects passed to create"));
    }
    let client = session::connect(flags, ctx)?;
    session::block_on(async {
        let mut failures = Vec::new();
        for document in documents {
            let outcome = async {
                let mut document = document?;
                let resource = files::place(&mut document, &client)?;
                let Document { origin, mut object, .. } = document;
                if args.save_config {
                    save_config(&mut object);
                }
                let object = if dry_run == DryRun::Client {
                    object
                } else {
                    let collection = resource
                        .within(object.namespace().unwrap_or_default())
                        .map_err(|failure| failure.when("creating", &origin.path))?;
                    let mut call = session::post(collection.path(), object.json())
                        .query("fieldManager", args.field_manager.as_str())
                        .query("fieldValidation", validation);
                    if dry_run == DryRun::Server {
                        call = call.query("dryRun", "All");
                    }
                    let answer = client
                        .call(call)
                        .await
                        .map_err(|failure| failure.redacted(&object).when("creating", &origin.path))?;
                    session::say_warnings(ctx, &answer);
                    answer.object()?
                };
                output.done(ctx, object, "created", dry_run)
            };
            if let Err(error) = outcome.await {
                failures.push(error);
            }
        }
        if failures.is_empty() { Ok(()) } else { Err(Error::many(failures)) }
    })
}
