//! `label` and `annotate`: the same work on two maps of metadata.

use serde_json::{Map, Value as Json, json};

use super::{
    files,
    output::Output,
    session,
    targets::{Choice, Target, fetch, strings},
};
use crate::{
    cli::flags::{ConnectionFlags, DryRun, DryRunFlag, FileFlags, PrintFlags, SelectorFlags},
    client::Client,
    context::Context,
    error::{Error, Result},
    print::Order,
    secret::{Object, validate},
};

/// Set or remove labels
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  ksecret label db tier=backend\n  ksecret label secret db tier-\n  ksecret label secrets --all env=prod --overwrite"
)]
pub struct LabelArgs {
    #[command(flatten)]
    common: Common,
}

/// Set or remove annotations
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  ksecret annotate db owner=team-a\n  ksecret annotate secret db owner-\n  ksecret annotate secrets -l tier=backend note=checked"
)]
pub struct AnnotateArgs {
    #[command(flatten)]
    common: Common,
}

#[derive(clap::Args, Debug)]
struct Common {
    /// [secret] NAME... KEY=VALUE... KEY-...
    #[arg(value_name = "NAME|KEY=VALUE|KEY-")]
    words: Vec<String>,
    /// Change values that are there already
    #[arg(long)]
    overwrite: bool,
    /// Print what is set, change nothing
    #[arg(long)]
    list: bool,
    /// Every Secret of the namespace
    #[arg(long)]
    all: bool,
    /// Change it only if it is still of this version
    #[arg(long, value_name = "VERSION", default_value = "", hide_default_value = true)]
    resource_version: String,
    /// Name of the owner of the fields written
    #[arg(long, value_name = "NAME")]
    field_manager: Option<String>,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    selection: SelectorFlags,
    #[command(flatten)]
    files: FileFlags,
    #[command(flatten)]
    print: PrintFlags,
}

/// Which map of metadata, and kubectl's words for it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Labels,
    Annotations,
}

/// # Errors
/// A bad label, a value that is there already, or what the server refuses.
pub fn run_label(args: LabelArgs, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    run(args.common, Field::Labels, flags, ctx)
}

/// # Errors
/// A value that is there already, or what the server refuses.
pub fn run_annotate(args: AnnotateArgs, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    run(args.common, Field::Annotations, flags, ctx)
}

/// What is to be set and removed.
#[derive(Default)]
struct Change {
    set: Vec<(String, String)>,
    removed: Vec<String>,
}

fn run(args: Common, map: Field, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let (dry_run, deprecated) = args.dry_run.resolve()?;
    if let Some(line) = deprecated {
        ctx.say(line);
    }
    let (words, change) = split(&args.words, map)?;
    if !args.list && change.set.is_empty() && change.removed.is_empty() {
        return Err(Error::new(format!("at least one {} update is required", map.noun())));
    }
    let output = Output::resolve(&args.print, Order::Sorted, ctx)?;
    let work = Work {
        map,
        change,
        overwrite: args.overwrite,
        resource_version: args.resource_version,
        manager: args.field_manager.unwrap_or_else(|| format!("kubectl-{}", map.verb())),
        dry_run,
    };
    if flags.files_alone(&args.files) {
        return on_files(&args.files, &work, output, ctx);
    }
    let client = session::connect(flags, ctx)?;
    let choice = Choice {
        words: &words,
        labels: args.selection.labels(),
        fields: args.selection.fields(),
        all: args.all,
        all_namespaces: args.selection.all_namespaces,
        files: args.files,
        verb: map.verb(),
    };
    session::block_on(all(&client, &choice, &work, args.list, output, ctx))
}

async fn all(
    client: &Client,
    choice: &Choice<'_>,
    work: &Work,
    list: bool,
    mut output: Output,
    ctx: &mut Context,
) -> Result<()> {
    let chosen = choice.find(client, ctx).await?;
    let mut failures = Vec::new();
    for target in chosen {
        let done = async {
            let target = &target?;
            let object = fetch(client, target).await?;
            if list {
                let (kind, name) = (target.resource().singular(), &target.name);
                let mut text = format!("Listing {} for {kind}.{}/{name}:\n", work.map.field(), "v1");
                for (key, value) in strings(&object, work.map.field()) {
                    text.push_str(&format!(" {key}={}\n", value.as_str().unwrap_or_default()));
                }
                return ctx.put(text);
            }
            let (object, operation) = work.on(client, target, object, ctx).await?;
            output.done(ctx, object, operation, work.dry_run)
        };
        if let Err(error) = done.await {
            failures.push(error);
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(Error::many(failures)) }
}

/// kubectl's `--local`: what becomes of the objects of files; no server is asked.
fn on_files(args_files: &FileFlags, work: &Work, mut output: Output, ctx: &mut Context) -> Result<()> {
    for document in files::load(&args_files.check()?, files::Reading::Names, ctx)? {
        let object = document?.object;
        let done = work.work_out(&object, ctx)?;
        output.done(ctx, work.changed(object, done.after), done.operation, work.dry_run)?;
    }
    Ok(())
}

struct Work {
    map: Field,
    change: Change,
    overwrite: bool,
    resource_version: String,
    manager: String,
    dry_run: DryRun,
}

/// What the work does to one object.
struct Done {
    /// The map afterwards.
    after: Map<String, Json>,
    /// What changes: a merge patch of the map.
    patch: Map<String, Json>,
    operation: &'static str,
}

impl Work {
    /// Works on an object of the server.
    async fn on(
        &self,
        client: &Client,
        target: &Target,
        object: Object,
        ctx: &mut Context,
    ) -> Result<(Object, &'static str)> {
        let done = self.work_out(&object, ctx)?;
        if self.dry_run == DryRun::Client || (done.patch.is_empty() && self.resource_version.is_empty()) {
            return Ok((self.changed(object, done.after), done.operation));
        }
        let mut metadata = json!({self.map.field(): done.patch});
        if !self.resource_version.is_empty() {
            metadata["resourceVersion"] = json!(self.resource_version);
        }
        let body = json!({"metadata": metadata});
        let mut call =
            session::patch(target.path(), session::MERGE_PATCH, &body).query("fieldManager", self.manager.as_str());
        if self.dry_run == DryRun::Server {
            call = call.query("dryRun", "All");
        }
        let answer = client.call(call).await?;
        session::say_warnings(ctx, &answer);
        Ok((answer.object()?, done.operation))
    }

    fn work_out(&self, object: &Object, ctx: &mut Context) -> Result<Done> {
        let before = strings(object, self.map.field());
        self.refuse_overwriting(&before)?;
        for key in self.change.removed.iter().filter(|key| !before.contains_key(*key)) {
            if self.map == Field::Labels {
                ctx.put(format!("label {key:?} not found.\n"))?;
            }
        }
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
        Ok(Done { after, patch, operation })
    }

    fn changed(&self, mut object: Object, after: Map<String, Json>) -> Object {
        if let Some(metadata) = object.metadata_mut() {
            metadata.insert(self.map.field().to_owned(), Json::Object(after));
        }
        object
    }

    /// kubectl's refusal without `--overwrite`. For annotations kubectl's line shows the old value; it is metadata, not data.
    fn refuse_overwriting(&self, before: &Map<String, Json>) -> Result<()> {
        if self.overwrite {
            return Ok(());
        }
        let clashes: Vec<(&str, &str)> = self
            .change
            .set
            .iter()
            .filter_map(|(key, value)| Some((key.as_str(), before.get(key)?.as_str()?, value)))
            .filter(|(_, old, new)| old != new || self.map == Field::Annotations)
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
            Field::Labels if before == after => "not labeled",
            Field::Labels if self.change.set.is_empty() => "unlabeled",
            Field::Labels => "labeled",
        }
    }
}

impl Field {
    fn field(self) -> &'static str {
        match self {
            Field::Labels => "labels",
            Field::Annotations => "annotations",
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Field::Labels => "label",
            Field::Annotations => "annotation",
        }
    }

    fn verb(self) -> &'static str {
        match self {
            Field::Labels => "label",
            Field::Annotations => "annotate",
        }
    }
}

/// Takes the words apart: resources first, then `KEY=VALUE` and `KEY-` (kubectl's `GetResourcesAndPairs`).
fn split(words: &[String], map: Field) -> Result<(Vec<String>, Change)> {
    let is_pair =
        |word: &String| (word.contains('=') && !word.starts_with('=')) || (word.ends_with('-') && word != "-");
    let first = words.iter().position(is_pair).unwrap_or(words.len());
    let (resources, pairs) = words.split_at(first);
    let mut change = Change::default();
    for pair in pairs {
        if let Some((key, value)) = pair.split_once('=') {
            if map == Field::Labels
                && let Some(reason) = validate::names::label_value(value).first()
            {
                return Err(Error::new(format!("invalid label value: {pair:?}: {reason}")));
            }
            change.set.push((key.to_owned(), value.to_owned()));
        } else if let Some(key) = pair.strip_suffix('-') {
            change.removed.push(key.to_owned());
        } else {
            return Err(Error::new(format!("all resources must be specified before {} changes: {pair}", map.noun())));
        }
    }
    if let Some(key) = change.removed.iter().find(|key| change.set.iter().any(|(set, _)| set == *key)) {
        return Err(Error::new(format!(
            "can not both modify and remove {} {key:?} in the same command",
            match map {
                Field::Labels => "a label",
                Field::Annotations => "an annotation",
            }
        )));
    }
    Ok((resources.to_vec(), change))
}
