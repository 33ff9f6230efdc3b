//! `create -f`: creates the objects of files, directories, URLs or standard input.

use crate::{
    cli::flags::{ConnectionFlags, DecryptFlag, DryRun, DryRunFlag, FileFlags, PrintFlags, RecordFlag, ValidateFlag},
    client::{Client, Collection},
    commands::{
        edit::{self, BeforeCreate},
        files,
        outcome::{self, Notices},
        output::Output,
        raw, session,
        write::{self, ParallelFlag, Write},
    },
    context::Context,
    error::{Error, Result},
    manifest::{Document, Filenames},
    print::Order,
    secret::Object,
};

/// Flags of `create -f`.
#[derive(clap::Args, Debug)]
pub struct FromFiles {
    /// Write the annotation that apply reads: names of keys, no value
    #[arg(long)]
    save_config: bool,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    validate: ValidateFlag,
    /// Own the written fields under this name
    #[arg(long, value_name = "NAME", default_value = "kubectl-create")]
    field_manager: String,
    /// Create only the objects of the files whose labels match
    #[arg(short = 'l', long, value_name = "SELECTOR", default_value = "", hide_default_value = true)]
    selector: String,
    /// POST a file to this path of the API
    #[arg(long, value_name = "PATH", default_value = "", hide_default_value = true)]
    raw: String,
    /// Edit each object before it is created; unchanged ones are not created
    #[arg(long)]
    edit: bool,
    /// Open the file with the line endings of Windows, with --edit
    #[arg(long)]
    windows_line_endings: bool,
    #[command(flatten)]
    parallel: ParallelFlag,
    #[command(flatten)]
    files: FileFlags,
    #[command(flatten)]
    decrypt: DecryptFlag,
    #[command(flatten)]
    record: RecordFlag,
    #[command(flatten)]
    print: PrintFlags,
}

impl FromFiles {
    /// Returns whether no flag was typed. On a terminal the user is then asked.
    pub fn is_untouched(&self) -> bool {
        let texts = [&self.selector, &self.raw].into_iter().all(String::is_empty);
        let switches = [self.save_config, self.edit, self.windows_line_endings, self.files.recursive];
        let print = self.print.output.is_none() && self.print.template.is_none();
        let dry_run = self.dry_run.dry_run == "none";
        texts && print && dry_run && !switches.contains(&true) && !self.files.was_typed()
    }
}

struct Options {
    filenames: Filenames,
    selector: String,
    save_config: bool,
    write: Write,
    output: Output,
    parallel: ParallelFlag,
}

impl Options {
    fn resolve(args: &FromFiles, ctx: &Context, notices: &mut Notices) -> Result<Self> {
        let filenames = args.files.require()?.decrypted(args.decrypt.resolve()?);
        let dry_run = write::dry_run(&args.dry_run, notices)?;
        let write = Write { manager: args.field_manager.clone(), validation: Some(args.validate.resolve()?), dry_run };
        Ok(Self {
            filenames,
            selector: args.selector.clone(),
            save_config: args.save_config,
            write,
            output: Output::resolve(&args.print, Order::Sorted, ctx)?,
            parallel: args.parallel,
        })
    }
}

/// Creates the objects.
///
/// # Errors
/// One for each object that could not be created; the others were.
pub fn run(args: &FromFiles, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    if !args.raw.is_empty() {
        return raw(args, flags, ctx);
    }
    let Options { filenames, selector, save_config, write, mut output, parallel } =
        outcome::resolve(ctx, |ctx, notices| Options::resolve(args, ctx, notices))?;
    let reading = if args.edit { files::Reading::Names } else { write.reading() };
    let documents = files::select(&filenames, reading, &selector, ctx)?;
    if args.edit {
        let windows_line_endings = args.windows_line_endings;
        let edit = BeforeCreate { write, print: &args.print, save_config, windows_line_endings };
        return edit::before_create(documents.collect(), edit, flags, ctx);
    }
    if documents.len() == 0 {
        return Err(Error::new("no objects passed to create").of_nothing());
    }
    let client = session::connect(flags, ctx)?;
    let create = async |document: Result<Document>, notices: &mut Notices| {
        create(document?, save_config, &write, &client, notices).await
    };
    let pace = parallel.through_failures("created", write.dry_run);
    session::block_on(write::each(documents, pace, &client, ctx, create, |object, ctx| {
        output.done(ctx, object, "created", write.dry_run)
    }))
}

/// Sends one file as the body of a POST, unchanged.
fn raw(args: &FromFiles, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    args.files.require()?;
    if args.edit {
        return Err(Error::new("--raw and --edit are mutually exclusive"));
    }
    if !args.selector.is_empty() {
        return Err(Error::new("--raw and --selector (-l) are mutually exclusive"));
    }
    let output = args.print.output.as_deref().unwrap_or_default();
    let beside = raw::Beside { files: &args.files, output, needs_body: true };
    raw::run(http::Method::POST, &args.raw, &beside, flags, ctx)
}

/// Creates an object. Returns the server's object, or the one that would be sent.
async fn create(
    mut document: Document,
    save_config: bool,
    write: &Write,
    client: &Client,
    notices: &mut Notices,
) -> Result<Object> {
    let resource = files::place(&mut document, client)?;
    write::refuse_encrypted(&document)?;
    write::warn_of_nulls(&document, &write::TEXTS, notices);
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
    notices.warn(&answer);
    Ok(answer.object()?)
}
