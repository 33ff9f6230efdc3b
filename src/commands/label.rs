//! `label` and `annotate`: the same operations on two maps of metadata.

mod field;
mod pairs;

use go::quote::quote;
use serde_json::{Map, Value as Json, json};

pub use self::pairs::is_change;
use self::{
    field::Field,
    pairs::{Change, split},
};
use super::{
    files,
    outcome::{self, Done, Notices},
    output::Output,
    session,
    targets::{Choice, Purpose, Target, fetch, strings},
    write::{self, ParallelFlag, Write},
};
use crate::{
    cli::flags::{ConnectionFlags, DryRun, DryRunFlag, FileFlags, PrintFlags, RecordFlag, SelectorFlags},
    client::Client,
    context::Context,
    error::{Error, Result},
    print::Order,
    secret::Object,
};

/// Set or remove labels
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "(NAME | secret NAME... | -f FILE) (KEY=VALUE | KEY-)... [flags]",
    after_help = "Examples:\n  ksecret label db tier=backend\n  ksecret label secret db tier-\n  ksecret label secrets --all env=prod --overwrite"
)]
pub struct LabelArgs {
    #[command(flatten)]
    common: Common,
}

/// Set or remove annotations
#[derive(clap::Args, Debug)]
#[command(
    mut_arg("recursive", crate::cli::pflag::on_by_default),
    override_usage = "(NAME | secret NAME... | -f FILE) (KEY=VALUE | KEY-)... [flags]",
    after_help = "Examples:\n  ksecret annotate db owner=team-a\n  ksecret annotate secret db owner-\n  ksecret annotate secrets -l tier=backend note=checked"
)]
pub struct AnnotateArgs {
    #[command(flatten)]
    common: Common,
}

#[derive(clap::Args, Debug)]
struct Common {
    /// NAME of one Secret, or secret NAME..., secret/NAME...; then KEY=VALUE... KEY-...
    #[arg(value_name = "NAME|KEY=VALUE|KEY-")]
    words: Vec<String>,
    /// Change values that are there already
    #[arg(long)]
    overwrite: bool,
    /// Print what is set, change nothing
    #[arg(long)]
    list: bool,
    /// Select every Secret of the namespace
    #[arg(long)]
    all: bool,
    /// Change the object only if it has this resourceVersion
    #[arg(long, value_name = "VERSION", default_value = "", hide_default_value = true)]
    resource_version: String,
    /// Own the written fields under this name
    #[arg(long, value_name = "NAME")]
    field_manager: Option<String>,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    parallel: ParallelFlag,
    #[command(flatten)]
    selection: SelectorFlags,
    #[command(flatten)]
    files: FileFlags,
    #[command(flatten)]
    record: RecordFlag,
    #[command(flatten)]
    print: PrintFlags,
}

/// Sets and removes labels.
///
/// # Errors
/// An invalid label, a label that exists without `--overwrite`, what the server refuses.
pub fn run_label(args: &LabelArgs, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    run(&args.common, Field::Labels, flags, ctx)
}

/// Sets and removes annotations.
///
/// # Errors
/// An annotation that exists without `--overwrite`, what the server refuses.
pub fn run_annotate(args: &AnnotateArgs, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    run(&args.common, Field::Annotations, flags, ctx)
}

/// The resolved arguments.
struct Options<'a> {
    words: Vec<String>,
    selection: &'a SelectorFlags,
    every: bool,
    files: &'a FileFlags,
    work: Work,
    output: Output,
    parallel: ParallelFlag,
}

impl<'a> Options<'a> {
    fn resolve(
        args: &'a Common,
        map: Field,
        flags: &ConnectionFlags,
        ctx: &Context,
        notices: &mut Notices,
    ) -> Result<Self> {
        let dry_run = write::dry_run(&args.dry_run, notices)?;
        let (words, change) = split(&args.words, map)?;
        if args.list && args.print.output.as_deref().is_some_and(|format| !format.is_empty()) {
            return Err(Error::new("--list and --output may not be specified together"));
        }
        for (flag, selector) in [("--selector", args.selection.labels()), ("--field-selector", args.selection.fields())]
        {
            if args.all && !selector.is_empty() {
                return Err(Error::new(format!("cannot set --all and {flag} at the same time")));
            }
        }
        let local = flags.files_alone(&args.files);
        if local {
            refuse_beside_local(dry_run, &words, map)?;
        } else if words.is_empty() && args.files.is_empty() {
            return Err(Error::new(
                "one or more resources must be specified as <resource> <name> or <resource>/<name>",
            ));
        }
        if !args.list && change.is_empty() {
            return Err(Error::new(format!("at least one {} update is required", map.noun())));
        }
        if map == Field::Annotations {
            change.check()?;
        }
        let manager = args.field_manager.clone().unwrap_or_else(|| format!("kubectl-{}", map.verb()));
        Ok(Self {
            words,
            selection: &args.selection,
            every: args.all,
            files: &args.files,
            work: Work {
                map,
                change,
                overwrite: args.overwrite,
                resource_version: args.resource_version.clone(),
                // As in kubectl, which sends no `fieldValidation` here: every server checks labels and annotations.
                write: Write { manager, validation: None, dry_run },
                list: args.list,
                local,
            },
            output: Output::resolve(&args.print, Order::Sorted, ctx)?,
            parallel: args.parallel,
        })
    }
}

fn run(args: &Common, map: Field, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let options = outcome::resolve(ctx, |ctx, notices| Options::resolve(args, map, flags, ctx, notices))?;
    if options.work.local {
        return on_files(options, ctx);
    }
    let client = session::connect(flags, ctx)?;
    session::block_on(on_server(options, &client, ctx))
}

/// kubectl's checks of `--local`, with which no request is sent.
fn refuse_beside_local(dry_run: DryRun, words: &[String], map: Field) -> Result<()> {
    if dry_run == DryRun::Server {
        return Err(Error::new("cannot specify --local and --dry-run=server - did you mean --dry-run=client?"));
    }
    if !words.is_empty() {
        let example = match map {
            Field::Labels => "pod",
            Field::Annotations => "rsrc",
        };
        return Err(Error::new(format!(
            "can only use local files by -f {example}.yaml or --filename={example}.json when --local=true is set"
        )));
    }
    Ok(())
}

async fn on_server(options: Options<'_>, client: &Client, ctx: &mut Context) -> Result<()> {
    let Options { words, selection, every, files, work, mut output, parallel } = options;
    let choice = Choice {
        words: &words,
        labels: selection.labels(),
        fields: selection.fields(),
        every,
        all_namespaces: selection.all_namespaces,
        files: files.clone(),
        purpose: Purpose::Change,
        ..Choice::default()
    };
    let has_version = !work.resource_version.is_empty();
    let several = || Error::new("--resource-version may only be used with a single resource");
    let is_listed = files.is_empty() && choice.by_list(&ctx.program);
    if has_version && is_listed {
        return Err(several());
    }
    let chosen = choice.find(client, ctx).await?;
    let single = if files.is_empty() { chosen.len() == 1 && !is_listed } else { is_one_file(files, ctx) };
    if !single && has_version {
        return Err(several());
    }
    let one = async |target: Result<Target>, notices: &mut Notices| {
        let target = &target?;
        let object = fetch(client, target).await?;
        if work.list {
            let after = work.work_out(&object, notices)?.after;
            notices.put(work.listing(&object, &after, single));
            return Ok(None);
        }
        work.on(client, target, object, notices).await.map(Some)
    };
    let dry_run = work.write.dry_run;
    let done = match (work.list, work.map) {
        (true, _) => "listed",
        (false, Field::Labels) => "labeled",
        (false, Field::Annotations) => "annotated",
    };
    write::each(chosen, parallel.through_failures(done, dry_run), client, ctx, one, |done, ctx| match done {
        Some(Done { object, operation }) => output.alone(ctx, object, operation, dry_run),
        None => Ok(()),
    })
    .await
}

/// kubectl's `--local`: prints the changed objects of files; no request is sent.
fn on_files(options: Options<'_>, ctx: &mut Context) -> Result<()> {
    let Options { files, work, mut output, .. } = options;
    for document in files::load(&files.check()?, files::Reading::Names, ctx)? {
        let object = document?.object;
        let mut notices = Notices::default();
        let change = work.work_out(&object, &mut notices);
        notices.tell(ctx)?;
        let change = change?;
        if work.list {
            let single = is_one_file(files, ctx);
            ctx.put(work.listing(&object, &change.after, single))?;
            continue;
        }
        output.alone(ctx, work.changed(object, change.after), change.operation, work.write.dry_run)?;
    }
    Ok(())
}

struct Work {
    map: Field,
    change: Change,
    overwrite: bool,
    resource_version: String,
    write: Write,
    list: bool,
    /// Whether no request is sent.
    local: bool,
}

/// Returns whether the flags name one file, which kubectl takes for one object (its resource builder's
/// `singleItemImplied`).
fn is_one_file(files: &FileFlags, ctx: &Context) -> bool {
    let names = files.filenames();
    match names.filenames.as_slice() {
        [] => names.kustomize.is_some(),
        [name] => name != "-" && !ctx.env.cwd().join(name).is_dir(),
        _ => false,
    }
}

/// The annotation that may be overwritten without `--overwrite`.
const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";

/// The change to one object.
struct Outcome {
    /// The map after the change.
    after: Map<String, Json>,
    /// A merge patch of the map.
    patch: Map<String, Json>,
    operation: &'static str,
}

impl Work {
    /// Changes an object on the server.
    async fn on(&self, client: &Client, target: &Target, object: Object, notices: &mut Notices) -> Result<Done> {
        let Outcome { after, patch, operation } = self.work_out(&object, notices)?;
        // As in kubectl: labels that exist already are not sent, even with --resource-version.
        let same = patch.is_empty() && (self.map == Field::Labels || self.resource_version.is_empty());
        if self.write.dry_run == DryRun::Client || same {
            return Ok(Done { object: self.changed(object, after), operation });
        }
        let mut metadata = json!({self.map.field(): patch});
        if !self.resource_version.is_empty() {
            metadata["resourceVersion"] = json!(self.resource_version);
        }
        let body = json!({"metadata": metadata});
        let call = self.write.on(session::patch(target.path(), session::MERGE_PATCH, &body));
        let answer = client.call(call).await?;
        notices.warn(&answer);
        let object = answer.object()?;
        // As in kubectl, which prints the labels that it has sent: an empty map after the last one is removed.
        let object = if self.map == Field::Labels && after.is_empty() { self.changed(object, after) } else { object };
        Ok(Done { object, operation })
    }

    fn work_out(&self, object: &Object, notices: &mut Notices) -> Result<Outcome> {
        let before = strings(object, self.map.field());
        let asks_server = self.write.dry_run != DryRun::Client && !self.list && !self.local;
        if self.map == Field::Labels && asks_server {
            for key in self.change.removed.iter().filter(|key| !before.contains_key(*key)) {
                notices.put(format!("label {} not found.\n", quote(key)));
            }
        }
        self.refuse_overwriting(&before)?;
        let mut after = before.clone();
        let mut patch = Map::new();
        for (key, value) in &self.change.set {
            if before.get(key).and_then(Json::as_str) != Some(value) {
                patch.insert(key.clone(), json!(value));
            }
            after.insert(key.clone(), json!(value));
        }
        for key in &self.change.removed {
            if after.remove(key).is_some() {
                patch.insert(key.clone(), Json::Null);
            }
        }
        let operation = self.operation(&before, &after);
        Ok(Outcome { after, patch, operation })
    }

    fn changed(&self, mut object: Object, after: Map<String, Json>) -> Object {
        if let Some(metadata) = object.metadata_mut() {
            metadata.insert(self.map.field().to_owned(), Json::Object(after));
        }
        object
    }

    /// Returns the map as lines, with a heading if there are several objects. As in kubectl, whose heading has the
    /// version in the place of the group.
    fn listing(&self, object: &Object, after: &Map<String, Json>, single: bool) -> String {
        let mut text = String::new();
        let indent = if single { "" } else { " " };
        if !single {
            text.push_str(&format!("Listing {} for {}./{}:\n", self.map.field(), object.kind(), object.name()));
        }
        for (key, value) in after {
            text.push_str(&format!("{indent}{key}={}\n", value.as_str().unwrap_or_default()));
        }
        text
    }

    /// Refuses to overwrite without `--overwrite`. As in kubectl the error about annotations shows the old value, which
    /// is metadata.
    fn refuse_overwriting(&self, before: &Map<String, Json>) -> Result<()> {
        if self.overwrite {
            return Ok(());
        }
        let clashes: Vec<(&str, &str)> = self
            .change
            .set
            .iter()
            .filter_map(|(key, value)| Some((key.as_str(), before.get(key)?.as_str()?, value)))
            .filter(|(key, old, new)| old != new && !(self.map == Field::Annotations && *key == CHANGE_CAUSE))
            .map(|(key, old, _)| (key, old))
            .collect();
        if clashes.is_empty() {
            return Ok(());
        }
        let shown: Vec<String> =
            clashes.iter().map(|(key, old)| format!("'{key}' already has a value ({old})")).collect();
        Err(Error::new(match self.map {
            Field::Labels => format!("{}, and --overwrite is false", shown.join(", ")),
            Field::Annotations => {
                format!("--overwrite is false but found the following declared annotation(s): {}", shown.join("; "))
            }
        }))
    }

    fn operation(&self, before: &Map<String, Json>, after: &Map<String, Json>) -> &'static str {
        match self.map {
            Field::Annotations => "annotated",
            Field::Labels => {
                let added = after.iter().any(|(key, value)| before.get(key) != Some(value));
                let removed = before.keys().any(|key| !after.contains_key(key));
                match (added, removed) {
                    (true, true) => "modified",
                    (true, false) => "labeled",
                    (false, true) => "unlabeled",
                    (false, false) => "not labeled",
                }
            }
        }
    }
}
