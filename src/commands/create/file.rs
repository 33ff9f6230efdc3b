//! `create -f`: every object of files, directories, URLs or standard input.

use crate::{
    cli::flags::{ConnectionFlags, DryRun, DryRunFlag, FileFlags, PrintFlags, RecordFlag, ValidateFlag},
    client::{Client, Collection},
    commands::{
        apply::not_here,
        files,
        output::Output,
        raw, session,
        write::{self, Write},
    },
    context::Context,
    error::{Error, Result},
    manifest::Document,
    print::Order,
    secret::Object,
};

/// Flags of `create -f`.
#[derive(clap::Args, Debug)]
pub struct FromFiles {
    /// Write the annotation that apply reads, with the names of the keys and no value
    #[arg(long)]
    save_config: bool,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    validate: ValidateFlag,
    /// Name of the owner of the fields written
    #[arg(long, value_name = "NAME", default_value = "kubectl-create")]
    field_manager: String,
    /// Create only the objects of the files whose labels match
    #[arg(short = 'l', long, value_name = "SELECTOR", default_value = "", hide_default_value = true)]
    selector: String,
    /// POST a file to this path of the API
    #[arg(long, value_name = "PATH", default_value = "", hide_default_value = true)]
    raw: String,
    /// Edit the objects before they are created: not supported
    #[arg(long, hide = true)]
    edit: bool,
    /// Accepted, for --edit
    #[arg(long, hide = true)]
    windows_line_endings: bool,
    #[command(flatten)]
    files: FileFlags,
    #[command(flatten)]
    record: RecordFlag,
    #[command(flatten)]
    print: PrintFlags,
}

/// # Errors
/// Those of the first object that fails and of every other one: a bad object does not stop the rest.
pub fn run(args: &FromFiles, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let filenames = args.files.require()?;
    if !args.raw.is_empty() {
        if args.edit {
            return Err(Error::new("--raw and --edit are mutually exclusive"));
        }
        if !args.selector.is_empty() {
            return Err(Error::new("--raw and --selector (-l) are mutually exclusive"));
        }
        let output = args.print.output.as_deref().unwrap_or_default();
        let beside = raw::Beside { files: &args.files, output, needs_body: true };
        return raw::run(http::Method::POST, &args.raw, &beside, flags, ctx);
    }
    if args.edit {
        return Err(not_here("--edit").hint("create -f FILE, then edit NAME"));
    }
    let (dry_run, deprecated) = args.dry_run.resolve()?;
    if let Some(line) = deprecated {
        ctx.say(line);
    }
    let validation = args.validate.resolve()?;
    let mut output = Output::resolve(&args.print, Order::Sorted, ctx)?;
    let documents = files::load(&filenames, files::Reading::of(validation), ctx)?;
    let documents = files::select(documents, &args.selector)?;
    if documents.is_empty() {
        return Err(Error::new("no objects passed to create"));
    }
    let client = session::connect(flags, ctx)?;
    let write = Write { manager: args.field_manager.clone(), validation: Some(validation), dry_run };
    session::block_on(async {
        let mut failures = Vec::new();
        for document in documents {
            let outcome = async {
                let object = one(document?, args.save_config, &write, &client, ctx).await?;
                output.done(ctx, object, "created", dry_run)
            };
            if let Err(error) = outcome.await {
                failures.push(error);
            }
        }
        if failures.is_empty() { Ok(()) } else { Err(Error::many(failures)) }
    })
}

/// Creates one object; returns it as it is then, or would be.
async fn one(
    mut document: Document,
    save_config: bool,
    write: &Write,
    client: &Client,
    ctx: &mut Context,
) -> Result<Object> {
    let resource = files::place(&mut document, client)?;
    write::warn_of_nulls(&document, &write::TEXTS, ctx);
    let Document { origin, mut object, .. } = document;
    write::annotate(&mut object, save_config);
    if write.dry_run == DryRun::Client {
        return Ok(object);
    }
    write::clear_version(&mut object);
    let collection = Collection::of(resource, object.namespace().unwrap_or_default())
        .map_err(|failure| failure.when("creating", &origin.path))?;
    let call = write.on(session::post(collection.path(), object.json()));
    let answer = client.call(call).await.map_err(|failure| failure.redacted(&object).when("creating", &origin.path))?;
    session::say_warnings(ctx, &answer);
    Ok(answer.object()?)
}
