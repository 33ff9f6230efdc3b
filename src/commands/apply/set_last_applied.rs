//! `apply set-last-applied`: writes manifests into the last-applied annotation, and changes nothing else.

use std::ffi::OsString;

use go::json_write::{self, Order};
use serde_json::{Value as Json, json};

use crate::{
    cli::{
        flags::{ConnectionFlags, DryRun, DryRunFlag, FileFlags, PrintFlags},
        pflag::{Fields, paths},
    },
    client::Client,
    commands::{
        files,
        outcome::{self, Notices},
        output::Output,
        session,
        targets::{Target, fetch},
        write::{self, Key, ParallelFlag, Subject, Write},
    },
    context::Context,
    error::{Error, Result},
    manifest::Filenames,
    secret::{LAST_APPLIED, Object, last_applied},
};

/// Write manifests into the last-applied annotation, and nothing else
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "-f FILE [flags]",
    after_help = "Examples:\n  ksecret apply set-last-applied -f secret.yaml\n  ksecret apply set-last-applied -f secret.yaml --create-annotation"
)]
pub struct Args {
    /// Write the annotation also if the live object has none
    #[arg(long)]
    create_annotation: bool,
    #[command(flatten)]
    dry_run: DryRunFlag,
    /// Read manifests from a file, directory, URL or - (standard input); repeatable
    #[arg(short, long, value_name = "FILE", value_parser = paths())]
    filename: Vec<Fields<OsString>>,
    /// Ignored, as by kubectl.
    #[arg(value_name = "NAME", hide = true)]
    words: Vec<String>,
    #[command(flatten)]
    print: PrintFlags,
}

/// The resolved arguments.
struct Options {
    filenames: Filenames,
    create_annotation: bool,
    write: Write,
    output: Output,
}

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// An unknown `--dry-run` or `-o`, and no file.
    fn resolve(args: &Args, ctx: &Context, notices: &mut Notices) -> Result<Self> {
        let dry_run = write::dry_run(&args.dry_run, notices)?;
        let output = Output::resolve(&args.print, Order::Sorted, ctx)?;
        let named = FileFlags { filename: args.filename.clone(), ..FileFlags::default() };
        if named.is_empty() {
            return Err(Error::new(
                "You must provide one or more resources by argument or filename.\n\
                 Example resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   \
                 '<resource> <name>'\n   '<resource>'",
            ));
        }
        // Why this name: kubectl names no manager here, and the server takes it from the User-Agent.
        let write = Write { manager: "kubectl".to_owned(), validation: None, dry_run };
        Ok(Self { filenames: named.filenames(), create_annotation: args.create_annotation, write, output })
    }
}

/// An annotation to write.
struct Change {
    target: Target,
    live: Object,
    text: String,
}

impl Subject for Change {
    fn key(&self, client: &Client) -> Option<Key> {
        self.target.key(client)
    }
}

/// Writes the annotations.
///
/// # Errors
/// Those of [`Options::resolve`]; the first object that does not exist or has no annotation, before anything is written; then the first write that the
/// server refuses.
pub fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let Options { filenames, create_annotation, write, mut output } =
        outcome::resolve(ctx, |ctx, notices| Options::resolve(args, ctx, notices))?;
    let dry_run = write.dry_run;
    let documents = files::load(&filenames, files::Reading::Names, ctx)?;
    let client = session::connect(flags, ctx)?;
    session::block_on(async {
        let mut changes = Vec::new();
        for document in documents {
            let mut document = document?;
            let resource = files::place(&mut document, &client)?;
            let target = Target::of(resource, &document)?;
            changes.extend(change(document.object, target, create_annotation, &client, ctx).await?);
        }
        // As kubectl: one after the other.
        let pace = ParallelFlag { parallel: 1 }.to_first_failure("configured", dry_run);
        let work = async |change, notices: &mut Notices| set(change, &client, &write, notices).await;
        write::each(changes, pace, &client, ctx, work, |object, ctx| output.done(ctx, object, "configured", dry_run))
            .await
    })
}

async fn change(
    mut manifest: Object,
    target: Target,
    create: bool,
    client: &Client,
    ctx: &mut Context,
) -> Result<Option<Change>> {
    last_applied::take(&mut manifest);
    let text = last_applied::text(manifest.json(), Order::Sorted);
    let live = fetch(client, &target).await?;
    let before = last_applied::of(live.json());
    if before.is_none() && !create {
        return Err(Error::new(format!(
            "no last-applied-configuration annotation found on resource: {}, to create the annotation, run the command \
             with --create-annotation",
            target.name
        )));
    }
    if before.is_some_and(|before| same(before, &text)) {
        ctx.put(format!("set-last-applied {}: no changes required.\n", target.name))?;
        return Ok(None);
    }
    Ok(Some(Change { target, live, text }))
}

async fn set(change: Change, client: &Client, write: &Write, notices: &mut Notices) -> Result<Object> {
    let Change { target, live, text } = change;
    if write.dry_run == DryRun::Client {
        return Ok(live);
    }
    let patch = json!({"metadata": {"annotations": {LAST_APPLIED: text}}});
    let call = write.on(session::patch(target.path(), session::MERGE_PATCH, &patch));
    let answer = client.call(call).await.map_err(|failure| failure.redacted(&live))?;
    notices.warn(&answer);
    Ok(answer.object()?)
}

/// Returns whether two annotations are equal as JSON.
fn same(one: &str, other: &str) -> bool {
    let compact =
        |text: &str| serde_json::from_str::<Json>(text).map(|json| json_write::to_compact(&json, Order::Sorted));
    matches!((compact(one), compact(other)), (Ok(one), Ok(other)) if one == other)
}
