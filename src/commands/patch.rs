//! `patch`: change fields with a strategic merge, merge or JSON patch.

use go::quote::quote;
use guard::Typed;
use std::ffi::OsString;
use zeroize::Zeroizing;

use super::{
    files,
    outcome::{self, Done, Notices},
    output::{Output, go_open_error},
    session,
    targets::{self, Choice, Purpose, Target},
    write::{self, ParallelFlag, Write},
};
use crate::{
    cli::flags::{ConnectionFlags, DryRun, DryRunFlag, FileFlags, PrintFlags, RecordFlag},
    client::{Call, Client},
    context::Context,
    error::{Error, Result},
    print::Order,
    secret::{Object, merge::request as engine},
    source::{self, ReadError},
};

/// Change fields of a Secret with a patch
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "(NAME | secret NAME | -f FILE) (-p PATCH | --patch-file FILE) [flags]",
    after_help = "Examples:\n  ksecret patch db -p '{\"stringData\":{\"user\":\"root\"}}'\n  ksecret patch secret db --type=json -p '[{\"op\":\"remove\",\"path\":\"/data/old\"}]'\n  ksecret patch db --type=merge --patch-file=change.yaml"
)]
pub struct Args {
    /// NAME of one Secret, or secret NAME..., secret/NAME...
    #[arg(value_name = "NAME")]
    words: Vec<String>,
    /// Apply this patch, in JSON or YAML
    #[arg(short, long, value_name = "PATCH", default_value = "", hide_default_value = true)]
    patch: Typed<String>,
    /// Apply the patch in this file
    #[arg(long, value_name = "FILE", default_value = "", hide_default_value = true)]
    patch_file: OsString,
    /// Apply it as strategic, merge or json patch
    #[arg(long = "type", value_name = "TYPE", default_value = "strategic")]
    patch_type: String,
    /// Patch this subresource: status of a namespace
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    subresource: String,
    /// Own the written fields under this name
    #[arg(long, value_name = "NAME", default_value = "kubectl-patch")]
    field_manager: String,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    parallel: ParallelFlag,
    #[command(flatten)]
    files: FileFlags,
    #[command(flatten)]
    record: RecordFlag,
    #[command(flatten)]
    print: PrintFlags,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Strategic,
    Merge,
    Json,
}

impl Kind {
    fn content_type(self) -> &'static str {
        match self {
            Kind::Strategic => session::STRATEGIC_MERGE_PATCH,
            Kind::Merge => session::MERGE_PATCH,
            Kind::Json => session::JSON_PATCH,
        }
    }
}

struct Options {
    files: FileFlags,
    work: Work,
    output: Output,
    parallel: ParallelFlag,
}

impl Options {
    fn resolve(args: &Args, ctx: &Context, notices: &mut Notices) -> Result<Self> {
        let dry_run = write::dry_run(&args.dry_run, notices)?;
        let kind = match args.patch_type.to_lowercase().as_str() {
            "strategic" => Kind::Strategic,
            "merge" => Kind::Merge,
            "json" => Kind::Json,
            other => {
                return Err(Error::new(format!("--type must be one of [json merge strategic], not {}", quote(other))));
            }
        };
        let output = Output::resolve(&args.print, Order::Sorted, ctx)?;
        let patch = as_json(text(args, ctx)?, args)?;
        let write = Write { manager: args.field_manager.clone(), validation: None, dry_run };
        Ok(Self {
            files: args.files.clone(),
            work: Work { kind, patch, write, subresource: args.subresource.clone() },
            output,
            parallel: args.parallel,
        })
    }
}

/// Patches the objects.
///
/// # Errors
/// No patch or an invalid one, and what the server refuses.
pub fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let Options { files, work, output, parallel } =
        outcome::resolve(ctx, |ctx, notices| Options::resolve(args, ctx, notices))?;
    if flags.files_alone(&files) {
        return on_files(&files, &work, None, output, ctx);
    }
    let client = session::connect(flags, ctx)?;
    let choice = Choice { words: &args.words, files, purpose: Purpose::Change, ..Choice::default() };
    if work.write.dry_run == DryRun::Client && !choice.files.is_empty() {
        choice.meaning(&ctx.program)?;
        return on_files(&choice.files, &work, Some(&client), output, ctx);
    }
    session::block_on(on_server(&client, &choice, &work, parallel, output, ctx))
}

/// Returns the patch as it was typed, or as it is in the file.
fn text(args: &Args, ctx: &Context) -> Result<Zeroizing<Vec<u8>>> {
    match (args.patch.is_empty(), args.patch_file.is_empty()) {
        (true, true) => Err(Error::new("must specify --patch or --patch-file containing the contents of the patch")),
        (false, false) => Err(Error::new("cannot specify --patch and --patch-file together")),
        (false, true) => Ok(Zeroizing::new(args.patch.as_bytes().to_vec())),
        (true, false) => {
            let text = source::read_file(&ctx.env.cwd().join(&args.patch_file)).map_err(|error| match error {
                ReadError::Io(error) => {
                    Error::new(format!("unable to read patch file: {}", go_open_error(&args.patch_file, &error)))
                }
                ReadError::TooLong => Error::new(format!("{} is too long for a patch", args.patch_file.display())),
            })?;
            Ok(Zeroizing::new(text.expose().to_vec()))
        }
    }
}

/// Returns the patch as JSON. As in kubectl, text that begins as a JSON object is sent unchanged; other text is YAML.
fn as_json(text: Zeroizing<Vec<u8>>, args: &Args) -> Result<Zeroizing<Vec<u8>>> {
    if text.trim_ascii_start().starts_with(b"{") {
        return Ok(text);
    }
    let file = args.patch_file.to_string_lossy();
    let source = if file.is_empty() { "the patch of --patch" } else { &file };
    let patch = yaml::read::parse_one(&text)
        .map_err(|error| Error::new(format!("unable to parse {source}: {}", error.text())))?;
    Ok(Zeroizing::new(patch.to_string().into_bytes()))
}

async fn on_server(
    client: &Client,
    choice: &Choice<'_>,
    work: &Work,
    parallel: ParallelFlag,
    mut output: Output,
    ctx: &mut Context,
) -> Result<()> {
    let chosen = choice.find(client, ctx).await?;
    if chosen.is_empty() {
        return Err(Error::new("no objects passed to patch"));
    }
    let one = async |target: Result<Target>, notices: &mut Notices| work.on(client, &target?, notices).await;
    write::each(chosen, parallel.through_failures("patched", work.write.dry_run), client, ctx, one, |done, ctx| {
        // As in kubectl, whose `patch` prints no "(dry run)": it sets the operation after the suffix.
        output.alone(ctx, done.object, done.operation, DryRun::None)
    })
    .await
}

struct Work {
    kind: Kind,
    /// Wiped on drop, since it may contain values.
    patch: Zeroizing<Vec<u8>>,
    write: Write,
    subresource: String,
}

impl Work {
    async fn on(&self, client: &Client, target: &Target, notices: &mut Notices) -> Result<Done> {
        let path = target.path().subresource(&self.subresource)?;
        let before = targets::get(client, target, Call::get(path.clone()), false).await?;
        let before = before.object_named(target.namespace(), target.name.as_str())?;
        write::warn_of_manager(&before, notices);
        if self.write.dry_run == DryRun::Client {
            return self.here(&before);
        }
        let call = Call::new(http::Method::PATCH, path).body(self.kind.content_type(), self.patch.to_vec());
        let secrets = serde_json::from_slice(&self.patch).map(Object::new).unwrap_or_default();
        let answer = client.call(self.write.on(call)).await;
        let answer = answer.map_err(|failure| failure.redacted(&secrets).redacted(&before))?;
        notices.warn(&answer);
        Ok(done(&before, answer.object()?))
    }

    /// Applies the patch here, as the server would.
    fn here(&self, before: &Object) -> Result<Done> {
        let patched = match self.kind {
            Kind::Strategic => engine::strategic_merge_patch(before.json(), &self.patch),
            Kind::Merge => engine::merge_patch(before.json(), &self.patch),
            Kind::Json => engine::json_patch(before.json(), &self.patch),
        }
        .map_err(|status| Error::new(status.message))?;
        Ok(done(before, Object::new(patched.object)))
    }
}

fn done(before: &Object, object: Object) -> Done {
    let operation = if before.json() == object.json() { "patched (no change)" } else { "patched" };
    Done { object, operation }
}

/// Patches objects of files as they are there, for kubectl's `--local` and for a client-side dry run, which sets the
/// namespace of `client`. No request is sent.
fn on_files(
    flags: &FileFlags,
    work: &Work,
    client: Option<&Client>,
    mut output: Output,
    ctx: &mut Context,
) -> Result<()> {
    let documents = files::load(&flags.check()?, files::Reading::Names, ctx)?;
    if documents.len() == 0 && client.is_some() {
        return Err(Error::new("no objects passed to patch"));
    }
    for document in documents {
        let mut document = document?;
        if let Some(client) = client {
            files::place(&mut document, client)?;
        }
        let done = work.here(&document.object)?;
        output.alone(ctx, done.object, done.operation, DryRun::None)?;
    }
    Ok(())
}
