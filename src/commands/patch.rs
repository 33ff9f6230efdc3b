//! `patch`: change fields with a strategic merge, merge or JSON patch.

use go::quote::quote;
use guard::Typed;
use std::ffi::OsString;

use super::{
    files,
    output::{Output, go_open_error},
    session,
    targets::{Choice, Purpose, Target, fetch},
};
use crate::{
    cli::flags::{ConnectionFlags, DryRun, DryRunFlag, FileFlags, PrintFlags, RecordFlag},
    client::{Call, Client},
    context::Context,
    error::{Error, Result},
    print::Order,
    secret::{Object, merge::request as engine},
};

/// Change fields of a Secret with a patch
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  ksecret patch db -p '{\"stringData\":{\"user\":\"root\"}}'\n  ksecret patch secret db --type=json -p '[{\"op\":\"remove\",\"path\":\"/data/old\"}]'\n  ksecret patch db --type=merge --patch-file=change.yaml"
)]
pub struct Args {
    /// NAME of one Secret, or secret NAME..., secret/NAME...
    #[arg(value_name = "NAME")]
    words: Vec<String>,
    /// The patch, JSON or YAML
    #[arg(short, long, value_name = "PATCH", default_value = "", hide_default_value = true)]
    patch: Typed<String>,
    /// File with the patch
    #[arg(long, value_name = "FILE", default_value = "", hide_default_value = true)]
    patch_file: OsString,
    /// Kind of patch: strategic, merge or json
    #[arg(long = "type", value_name = "TYPE", default_value = "strategic")]
    patch_type: String,
    /// Name of the owner of the fields written
    #[arg(long, value_name = "NAME", default_value = "kubectl-patch")]
    field_manager: String,
    #[command(flatten)]
    dry_run: DryRunFlag,
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

/// # Errors
/// No patch or an unreadable one, and what the server refuses.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let (dry_run, deprecated) = args.dry_run.resolve()?;
    if let Some(line) = deprecated {
        ctx.say(line);
    }
    let kind = match args.patch_type.to_lowercase().as_str() {
        "strategic" => Kind::Strategic,
        "merge" => Kind::Merge,
        "json" => Kind::Json,
        other => return Err(Error::new(format!("--type must be one of [json merge strategic], not {}", quote(other)))),
    };
    let output = Output::resolve(&args.print, Order::Sorted, ctx)?;
    let text = match (args.patch.is_empty(), args.patch_file.is_empty()) {
        (true, true) => {
            return Err(Error::new("must specify --patch or --patch-file containing the contents of the patch"));
        }
        (false, false) => return Err(Error::new("cannot specify --patch and --patch-file together")),
        (false, true) => args.patch.as_bytes().to_vec(),
        (true, false) => crate::source::read_file(&ctx.env.cwd().join(&args.patch_file))
            .map_err(|error| match error {
                crate::source::ReadError::Io(error) => {
                    Error::new(format!("unable to read patch file: {}", go_open_error(&args.patch_file, &error)))
                }
                crate::source::ReadError::TooLong => {
                    Error::new(format!("{} is too long for a patch", args.patch_file.display()))
                }
            })?
            .expose()
            .to_vec(),
    };
    let patch = as_json(text, &args)?;
    if flags.files_alone(&args.files) {
        return on_files(&args.files, kind, &patch, None, output, ctx);
    }
    let client = session::connect(flags, ctx)?;
    let choice = Choice { words: &args.words, files: args.files, purpose: Purpose::Change, ..Choice::default() };
    if dry_run == DryRun::Client && !choice.files.is_empty() {
        choice.meaning(&ctx.program)?;
        return on_files(&choice.files, kind, &patch, Some(&client), output, ctx);
    }
    let work = Work { kind, patch, manager: args.field_manager, dry_run };
    session::block_on(all(&client, &choice, &work, output, ctx))
}

/// The patch as JSON. What begins as a JSON object goes to the server as it is, as with kubectl; the rest is YAML.
fn as_json(text: Vec<u8>, args: &Args) -> Result<Vec<u8>> {
    if text.trim_ascii_start().starts_with(b"{") {
        return Ok(text);
    }
    let file = args.patch_file.to_string_lossy();
    let source = if file.is_empty() { "the patch of --patch" } else { &file };
    let patch = yaml::read::parse_one(&text)
        .map_err(|error| Error::new(format!("unable to parse {source}: {}", error.text())))?;
    Ok(patch.to_string().into_bytes())
}

async fn all(client: &Client, choice: &Choice<'_>, work: &Work, mut output: Output, ctx: &mut Context) -> Result<()> {
    let chosen = choice.find(client, ctx).await?;
    if chosen.is_empty() {
        return Err(Error::new("no objects passed to patch"));
    }
    let mut failures = Vec::new();
    for target in chosen {
        let done = async {
            let target = &target?;
            let (object, changed) = work.on(client, target, ctx).await?;
            let operation = if changed { "patched" } else { "patched (no change)" };
            // kubectl's `patch` has no "(dry run)" in its line: it sets the operation after the suffix.
            output.alone(ctx, object, operation, DryRun::None)
        };
        if let Err(error) = done.await {
            failures.push(error);
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(Error::many(failures)) }
}

struct Work {
    kind: Kind,
    patch: Vec<u8>,
    manager: String,
    dry_run: DryRun,
}

impl Work {
    /// The object after the patch, and whether it changed.
    async fn on(&self, client: &Client, target: &Target, ctx: &mut Context) -> Result<(Object, bool)> {
        let before = fetch(client, target).await?;
        let after = if self.dry_run == DryRun::Client {
            here(self.kind, &self.patch, &before)?
        } else {
            let mut call = Call::new(http::Method::PATCH, target.path())
                .body(self.kind.content_type(), self.patch.clone())
                .query("fieldManager", self.manager.as_str());
            if self.dry_run == DryRun::Server {
                call = call.query("dryRun", "All");
            }
            let secrets = serde_json::from_slice(&self.patch).map(Object::new).unwrap_or_default();
            let answer = client.call(call).await.map_err(|failure| failure.redacted(&secrets).redacted(&before))?;
            session::say_warnings(ctx, &answer);
            answer.object()?
        };
        let changed = before.json() != after.json();
        Ok((after, changed))
    }
}

/// Patches the objects of files as they stand there, for kubectl's `--local` and for a client-side dry run, which gives them
/// the namespace of `client`. No server is asked.
fn on_files(
    flags: &FileFlags,
    kind: Kind,
    patch: &[u8],
    client: Option<&Client>,
    mut output: Output,
    ctx: &mut Context,
) -> Result<()> {
    let documents = files::load(&flags.check()?, files::Reading::Names, ctx)?;
    if documents.is_empty() && client.is_some() {
        return Err(Error::new("no objects passed to patch"));
    }
    for document in documents {
        let mut document = document?;
        if let Some(client) = client {
            files::place(&mut document, client)?;
        }
        let before = document.object;
        let after = here(kind, patch, &before)?;
        let operation = if before.json() == after.json() { "patched (no change)" } else { "patched" };
        output.alone(ctx, after, operation, DryRun::None)?;
    }
    Ok(())
}

/// What the server would make of it, worked out here.
fn here(kind: Kind, patch: &[u8], before: &Object) -> Result<Object> {
    let patched = match kind {
        Kind::Strategic => engine::strategic_merge_patch(before.json(), patch),
        Kind::Merge => engine::merge_patch(before.json(), patch),
        Kind::Json => engine::json_patch(before.json(), patch),
    }
    .map_err(|status| Error::new(status.message))?;
    Ok(Object::new(patched.object))
}
