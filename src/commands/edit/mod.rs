//! `edit`: kubectl's conversation, on base64 or on readable values.

mod drive;

use std::path::PathBuf;

use go::quote::quote;

use self::drive::Work;
use super::{
    outcome::{self, Notices},
    output::Output as Printer,
    session,
    targets::{Choice, Purpose, Target, fetch},
    write,
};
use crate::{
    cli::{
        flags::{ConnectionFlags, DryRun, DryRunFlag, FileFlags, PrintFlags, RecordFlag, ValidateFlag},
        resources,
    },
    client::{Call, Client},
    context::Context,
    edit::{
        conversation::{Conversation, Next, Settings},
        decoded::{self, Decoded},
        editor::{Editor, has_terminal},
        keep, place, session as editing,
        single::Single,
        view::{Plain, View},
    },
    error::{Error, Result},
    print::Order,
    secret::{Object, resource::Resource},
};

/// Edit Secrets in your editor, as kubectl does or with readable values
#[derive(clap::Args, Debug)]
#[command(
    after_help = "The editor is KUBE_EDITOR, else EDITOR, else vi. KSECRET_EDIT=decoded makes --decode the default.\n\n\
    Examples:\n  ksecret edit db\n  ksecret edit --decode db\n  ksecret edit db --key app.json --confirm"
)]
pub struct Args {
    /// NAME of one Secret, or secret NAME..., secret/NAME..., secrets for all
    #[arg(value_name = "NAME")]
    words: Vec<String>,
    /// Show readable values instead of base64; what is not touched keeps its very bytes
    #[arg(short = 'd', long)]
    decode: bool,
    /// Edit one value as a file of its own; a key that is not there is added
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Show which keys change, and ask before saving
    #[arg(long)]
    confirm: bool,
    /// Take up the last edit that could not be saved
    #[arg(long)]
    resume: bool,
    /// Keep nothing when an edit cannot be saved
    #[arg(long)]
    no_keep: bool,
    /// Print the patch that is sent: it holds values
    #[arg(long)]
    output_patch: bool,
    /// Write the annotation that apply reads, with the names of the keys and no value
    #[arg(long)]
    save_config: bool,
    /// Open the file with the line endings of Windows
    #[arg(long)]
    windows_line_endings: bool,
    /// Name of the owner of the fields written
    #[arg(long, value_name = "NAME", default_value = "kubectl-edit", hide_default_value = true)]
    field_manager: String,
    /// Secrets have none
    #[arg(long, value_name = "NAME", default_value = "", hide = true)]
    subresource: String,
    #[command(flatten)]
    validate: ValidateFlag,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    files: FileFlags,
    #[command(flatten)]
    record: RecordFlag,
    #[command(flatten)]
    print: PrintFlags,
}

/// What was meant: complete and checked.
struct Options {
    choice: Choosing,
    view: ViewKind,
    settings: Settings,
    resume: bool,
    keep: bool,
    manager: String,
    validation: &'static str,
    dry_run: DryRun,
}

struct Choosing {
    words: Vec<String>,
    files: FileFlags,
}

/// The view, by the name that a kept edit has it under.
#[derive(Clone, PartialEq, Eq)]
enum ViewKind {
    Plain {
        json: bool,
    },
    Decoded,
    Key(String),
    /// A Secret that is not there any more, as YAML: see [`keep::FORMER`].
    Former,
}

/// # Errors
/// No terminal for an editor that needs one, an editor that fails, an edit that cannot be saved, what the server refuses.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    // kubectl's -o is the format that the editor sees, so no other is one.
    if let Some(output) = args.print.output.as_deref()
        && !["", "json", "kyaml", "yaml"].contains(&output.to_lowercase().as_str())
    {
        return Err(Error::new(format!(
            "unable to match a printer suitable for the output format {}, allowed formats are: json,kyaml,yaml",
            quote(output)
        )));
    }
    let printer = Printer::resolve(&args.print, Order::Sorted, ctx)?;
    let options = outcome::resolve(ctx, |ctx, notices| resolve(args, ctx, notices))?;
    let editor = Editor::of(&ctx.env)?;
    if editor.is_default() && !has_terminal(&ctx.terminals) {
        return Err(Error::new("no terminal for the editor \"vi\"")
            .hint("set KUBE_EDITOR to a program that needs none, or use patch, apply or replace"));
    }
    if options.settings.confirm && !(ctx.terminals.stdin && ctx.terminals.stderr) {
        return Err(Error::new("--confirm asks, and there is no terminal to ask on"));
    }
    for dir in place::sweep(&ctx.env) {
        ctx.say(format_args!("warning: removed {}, which an edit that was killed had left", dir.display()));
    }
    let client = session::connect(flags, ctx)?;
    session::block_on(edit(&client, options, &editor, printer, ctx))
}

fn resolve(args: Args, ctx: &Context, notices: &mut Notices) -> Result<Options> {
    let validation = args.validate.resolve()?;
    let dry_run = write::dry_run(&args.dry_run, notices)?;
    if dry_run == DryRun::Client {
        return Err(Error::new("--dry-run=client would check nothing here").hint("use --dry-run=server"));
    }
    match args.subresource.as_str() {
        "" => {}
        "status" => {
            return Err(Error::bare("Error from server (NotFound): the server could not find the requested resource"));
        }
        other => {
            return Err(Error::new(format!("invalid subresource value: {}. Must be one of [status]", quote(other))));
        }
    }
    let json = args.print.output.as_deref() == Some("json");
    let decoded = args.decode || ctx.env.var("KSECRET_EDIT") == Some("decoded");
    let view = match args.key {
        Some(key) => ViewKind::Key(key),
        None if decoded => ViewKind::Decoded,
        None => ViewKind::Plain { json },
    };
    Ok(Options {
        choice: Choosing { words: args.words, files: args.files },
        view,
        settings: Settings {
            output_patch: args.output_patch,
            windows_line_endings: args.windows_line_endings,
            lenient: validation == "Ignore",
            save_config: args.save_config,
            confirm: args.confirm,
            namespace: String::new(),
            create: false,
        },
        resume: args.resume,
        keep: !args.no_keep,
        manager: args.field_manager,
        validation,
        dry_run,
    })
}

async fn edit(
    client: &Client,
    mut options: Options,
    editor: &Editor,
    printer: Printer,
    ctx: &mut Context,
) -> Result<()> {
    client.namespace().clone_into(&mut options.settings.namespace);
    let start = match options.resume {
        true => resumed(client, &options, ctx).await?,
        false => Start { objects: opened(client, &options.choice, ctx).await?, kept: None },
    };
    if let Some((_, view, _)) = &start.kept {
        options.view = view.clone();
        options.settings.create = *view == ViewKind::Former;
    }
    check(&options.view, &start.objects)?;
    let view = options.view.open(&start.objects, !options.settings.lenient);
    let file = view.file();
    let settings = std::mem::take(&mut options.settings);
    let (talk, mut next) = Conversation::begin(view, settings, start.objects.clone());
    let mut kept_file = None;
    if let Some((path, _, text)) = start.kept {
        next = Next::Open(text);
        kept_file = Some(path);
    }
    let mut work = Work { client, options: &options, editor, file, opened: start.objects, kept_file };
    work.talk(talk, next, printer, ctx).await
}

/// What the conversation begins with.
struct Start {
    objects: Vec<Object>,
    /// The file, the view and the text of a kept edit.
    kept: Option<(PathBuf, ViewKind, editing::Text)>,
}

/// The objects as the server has them: all of those named, or none is edited, as in kubectl.
async fn opened(client: &Client, choosing: &Choosing, ctx: &mut Context) -> Result<Vec<Object>> {
    let choice = Choice {
        words: &choosing.words,
        every: true,
        files: choosing.files.clone(),
        purpose: Purpose::Change,
        ..Choice::default()
    };
    let chosen = choice.find(client, ctx).await?;
    let (targets, failures): (Vec<_>, Vec<_>) = chosen.into_iter().partition(Result::is_ok);
    if !failures.is_empty() {
        return Err(Error::many(failures.into_iter().filter_map(Result::err).collect()));
    }
    let mut objects = Vec::with_capacity(targets.len());
    for target in targets.iter().flatten() {
        if target.resource() != Resource::Secrets {
            let error = Error::new("only secrets can be edited here").hint("use kubectl edit for namespaces");
            return Err(error.foreign());
        }
        objects.push(fetch(client, target).await?);
    }
    match objects.is_empty() {
        true => Err(Error::new("edit cancelled, no objects found")),
        false => Ok(objects),
    }
}

/// The last kept edit of these Secrets that is of this server's.
async fn resumed(client: &Client, options: &Options, ctx: &mut Context) -> Result<Start> {
    let named = resources::parse(&options.choice.words, &ctx.program)?;
    let names: Vec<String> = named.names.into_iter().map(|(_, name)| name).collect();
    let namespace = client.namespace();
    let kept =
        keep::find(&ctx.env, namespace, &names).map_err(|e| Error::new(format!("cannot read kept edits: {e}")))?;
    for (path, kept) in kept {
        let mut same = true;
        // One that was deleted is not there, or is another.
        for object in kept.objects.iter().filter(|_| kept.view != keep::FORMER) {
            let path = Target::new(Resource::Secrets, namespace, object.name())?.path();
            same &= match client.call(Call::get(path)).await {
                Ok(answer) => answer.object()?.json()["metadata"]["uid"] == object.json()["metadata"]["uid"],
                Err(failure) if failure.is_not_found() => false,
                Err(failure) => return Err(failure.into()),
            };
        }
        if let (true, Some(view)) = (same, ViewKind::named(&kept.view)) {
            return Ok(Start { objects: kept.objects, kept: Some((path, view, kept.text)) });
        }
    }
    let of = if names.is_empty() { String::new() } else { format!(" of {}", names.join(", ")) };
    Err(Error::new(format!("no edit{of} is kept for namespace {}", quote(namespace))))
}

/// What a view cannot show is refused before the editor opens.
fn check(view: &ViewKind, objects: &[Object]) -> Result<()> {
    if let ViewKind::Plain { .. } | ViewKind::Former = view {
        return Ok(());
    }
    if matches!(view, ViewKind::Key(_)) && objects.len() != 1 {
        return Err(Error::new(format!("--key edits one Secret, and {} are named", objects.len())));
    }
    for object in objects {
        if let Some(key) = decoded::undecodable(object) {
            return Err(Error::new(format!("secrets {}: data.{key} is not base64", quote(object.name()))));
        }
    }
    Ok(())
}

impl ViewKind {
    fn open(&self, objects: &[Object], check: bool) -> Box<dyn View> {
        match (self, objects.first()) {
            (Self::Key(key), Some(object)) => Box::new(Single::new(key, object, check)),
            (Self::Plain { json }, _) => Box::new(Plain { json: *json }),
            (Self::Former, _) => Box::new(Plain { json: false }),
            (Self::Decoded | Self::Key(_), _) => Box::new(Decoded),
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Plain { json: false } => "yaml".to_owned(),
            Self::Plain { json: true } => "json".to_owned(),
            Self::Decoded => "decoded".to_owned(),
            Self::Former => keep::FORMER.to_owned(),
            Self::Key(key) => format!("key:{key}"),
        }
    }

    fn named(name: &str) -> Option<Self> {
        match name {
            "yaml" => Some(Self::Plain { json: false }),
            "json" => Some(Self::Plain { json: true }),
            "decoded" => Some(Self::Decoded),
            keep::FORMER => Some(Self::Former),
            _ => name.strip_prefix("key:").map(|key| Self::Key(key.to_owned())),
        }
    }
}
