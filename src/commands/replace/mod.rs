//! `replace`: replaces objects by those of manifests.

mod force;

use super::{
    deletion, files,
    outcome::{self, Notices},
    output::Output,
    raw,
    recreate::Recreate,
    session,
    targets::Target,
    write::{self, ParallelFlag, Write},
};
use crate::{
    cli::flags::{ConnectionFlags, DecryptFlag, DryRun, DryRunFlag, FileFlags, PrintFlags, RecordFlag, ValidateFlag},
    client::{Call, Client},
    context::Context,
    error::{Error, Result},
    manifest::{Document, Filenames},
    print::Order,
    secret::Object,
};

/// Replace a Secret by a manifest
///
/// With --force the Secret is deleted and created anew: for what cannot be changed in place, as its type. The server is
/// asked first whether it would create the new one. If it then does not, the former one is put back, or kept, encrypted,
/// for edit --resume.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "(-f FILE | -k DIR) [flags]",
    after_help = "Examples:\n  ksecret replace -f secret.yaml\n  ksecret get secret db -o yaml | sed 's/old/new/' | ksecret replace -f -"
)]
pub struct Args {
    /// Refused with --force and ignored otherwise, as in kubectl: objects come from files.
    #[arg(value_name = "NAME", hide = true)]
    words: Vec<String>,
    /// Delete it first, then create it anew
    #[arg(long)]
    force: bool,
    /// Let the object end within SECONDS, with --force; -1 uses its default
    #[arg(long, value_name = "SECONDS", default_value_t = -1, hide_default_value = true,
        value_parser = crate::cli::pflag::parse_int)]
    grace_period: i64,
    /// Wait up to TIME until the old object is gone, with --force (default 5m)
    #[arg(long, value_name = "TIME", default_value = "0s", hide_default_value = true,
        value_parser = crate::cli::pflag::parse_duration)]
    timeout: i64,
    /// Delete dependents in the background or foreground, or orphan, with --force
    #[arg(long, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "background",
        default_value = "background")]
    cascade: String,
    /// Accepted: --force always waits until the old object is gone
    #[arg(long, hide = true, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        default_value = "false", action = clap::ArgAction::Set, value_parser = crate::cli::pflag::parse_bool)]
    wait: bool,
    /// Write the annotation that apply reads: names of keys, no value
    #[arg(long)]
    save_config: bool,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    validate: ValidateFlag,
    /// Own the written fields under this name
    #[arg(long, value_name = "NAME", default_value = "kubectl-replace")]
    field_manager: String,
    /// Replace this subresource: status of a namespace
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    subresource: String,
    /// PUT a file to this path of the API
    #[arg(long, value_name = "PATH", default_value = "", hide_default_value = true)]
    raw: String,
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

struct Options {
    filenames: Filenames,
    force: bool,
    subresource: String,
    save_config: bool,
    /// Whether a deleted object is printed as `-o name` does.
    short: bool,
    recreate: Recreate,
    write: Write,
    parallel: ParallelFlag,
}

impl Options {
    fn resolve(args: &Args, notices: &mut Notices) -> Result<Self> {
        let filenames = args.files.require()?.decrypted(args.decrypt.resolve()?);
        let dry_run = write::dry_run(&args.dry_run, notices)?;
        let validation = args.validate.resolve()?;
        let cascade = deletion::cascade(&args.cascade, notices)?;
        let timeout = deletion::timeout(args.timeout);
        if args.grace_period >= 0 && !args.force {
            return Err(Error::new("--grace-period must have --force specified"));
        }
        if timeout.is_some() && !args.force {
            return Err(Error::new("--timeout must have --force specified"));
        }
        if args.force && dry_run != DryRun::None {
            return Err(Error::new("--dry-run can not be used when --force is set"));
        }
        if args.force && !args.subresource.is_empty() {
            // Why: kubectl deletes the whole object, and creates it from the file.
            return Err(Error::new("--subresource can not be used when --force is set"));
        }
        if args.force && args.raw.is_empty() && !args.words.is_empty() {
            return Err(Error::new(
                "when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well",
            ));
        }
        let write = Write { manager: args.field_manager.clone(), validation: Some(validation), dry_run };
        Ok(Self {
            filenames,
            force: args.force,
            subresource: args.subresource.clone(),
            save_config: args.save_config,
            short: args.print.output.as_deref() == Some("name"),
            recreate: Recreate {
                write: write.clone(),
                cascade,
                // As in kubectl, which turns 0 into 1 and waits.
                grace_period: (args.grace_period >= 0).then(|| args.grace_period.max(1)),
                timeout,
                wait: args.wait || args.grace_period == 0,
            },
            write,
            parallel: args.parallel,
        })
    }
}

/// Replaces the objects.
///
/// # Errors
/// One for each object that could not be replaced; the others were.
pub fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let options = outcome::resolve(ctx, |_, notices| Options::resolve(args, notices))?;
    if !args.raw.is_empty() {
        let output = args.print.output.as_deref().unwrap_or_default();
        let beside = raw::Beside { files: &args.files, output, needs_body: true };
        return raw::run(http::Method::PUT, &args.raw, &beside, flags, ctx);
    }
    let mut output = Output::resolve(&args.print, Order::Sorted, ctx)?;
    let documents = files::load(&options.filenames, options.write.reading(), ctx)?;
    if documents.len() == 0 {
        if !options.force {
            // As in kubectl, which counts only created objects.
            return Ok(());
        }
        ctx.put("No resources found\n")?;
        return Err(Error::new("no objects passed to replace"));
    }
    let client = session::connect(flags, ctx)?;
    if options.force {
        return session::block_on(force::all(documents, &client, &options, &mut output, ctx));
    }
    let replace =
        async |document: Result<Document>, notices: &mut Notices| replace(document?, &client, &options, notices).await;
    let pace = options.parallel.through_failures("replaced", options.write.dry_run);
    session::block_on(write::each(documents, pace, &client, ctx, replace, |object, ctx| {
        output.done(ctx, object, "replaced", options.write.dry_run)
    }))
}

/// Replaces an object in place. Returns the server's object, or in a dry run the one that it would be.
async fn replace(mut document: Document, client: &Client, options: &Options, notices: &mut Notices) -> Result<Object> {
    let resource = files::place(&mut document, client)?;
    let target = Target::of(resource, &document).map_err(|failure| failure.when("replacing", &document.origin.path))?;
    write::refuse_encrypted(&document)?;
    write::warn_of_nulls(&document, &write::TEXTS, notices);
    let Document { origin, mut object, .. } = document;
    let path =
        target.path().subresource(&options.subresource).map_err(|failure| failure.when("replacing", &origin.path))?;
    write::annotate(&mut object, options.save_config);
    if options.write.dry_run == DryRun::Client {
        return Ok(object);
    }
    if object.resource_version().is_none_or(str::is_empty)
        // As in kubectl: the body gets the version that is read here, so that a write after this is a conflict. If the
        // object cannot be read, the PUT reports why.
        && let Ok(answer) = client.call(Call::get(path.clone())).await
        && let Ok(live) = answer.object_named(target.namespace(), target.name.as_str())
        && let (Some(version), Some(metadata)) = (live.resource_version(), object.metadata_mut())
    {
        metadata.insert("resourceVersion".to_owned(), version.into());
    }
    let call = options.write.on(session::put(path, object.json()));
    let answer =
        client.call(call).await.map_err(|failure| failure.redacted(&object).when("replacing", &origin.path))?;
    notices.warn(&answer);
    Ok(answer.object()?)
}
