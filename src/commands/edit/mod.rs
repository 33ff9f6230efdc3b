//! `edit`: as kubectl's, on base64 or on decoded values.

mod before_create;
mod drive;
mod kept;
pub mod last_applied;
mod options;

use std::path::PathBuf;

use go::quote::quote;

pub use self::{
    before_create::{BeforeCreate, before_create},
    options::Args,
};
use self::{
    drive::Work,
    options::{OfKept, Options, ViewKind},
};
use super::{
    outcome,
    output::Output as Printer,
    session,
    targets::{Choice, Purpose, Target, fetch},
    write,
};
use crate::{
    cli::{
        flags::{ConnectionFlags, PrintFlags},
        resources,
    },
    client::{Call, Client},
    context::Context,
    edit::{
        conversation::{Aim, Conversation, Next},
        decoded::{self, Decoded},
        editor::{Editor, has_terminal},
        keep, private_dir, session as editing,
        single::Single,
        view::{Plain, View},
    },
    error::{Error, Result},
    print::Order,
    secret::{Object, resource::Resource},
};

/// Edits Secrets.
///
/// # Errors
/// No terminal for an editor that needs one, an editor that fails, an edit that cannot be saved, what the server
/// refuses.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    match args.of_kept() {
        Some(OfKept::List) => return kept::list(ctx),
        Some(OfKept::Discard(words)) => return kept::discard(&words, &session::connect(flags, ctx)?, ctx),
        None => {}
    }
    let printer = printer(&args.print, ctx)?;
    let options = outcome::resolve(ctx, |ctx, notices| Options::resolve(args, ctx, notices))?;
    let editor = editor(ctx)?;
    if options.settings.confirm && !(ctx.terminals.stdin && ctx.terminals.stderr) {
        return Err(Error::new("--confirm asks, and there is no terminal to ask on"));
    }
    let client = session::connect(flags, ctx)?;
    session::block_on(edit(&client, options, &editor, printer, ctx))
}

/// Returns the printer. As in kubectl, `-o` is the format of the edited text, so no other format is accepted.
fn printer(flags: &PrintFlags, ctx: &Context) -> Result<Printer> {
    if let Some(output) = flags.output.as_deref()
        && !["", "json", "kyaml", "yaml"].contains(&output.to_lowercase().as_str())
    {
        return Err(Error::new(format!(
            "unable to match a printer suitable for the output format {}, allowed formats are: json,kyaml,yaml",
            quote(output)
        )));
    }
    Printer::resolve(flags, Order::Sorted, ctx)
}

/// Returns the editor, and removes private files that a killed process left.
fn editor(ctx: &mut Context) -> Result<Editor> {
    let editor = Editor::of(&ctx.env)?;
    if editor.is_default() && !has_terminal(&ctx.terminals) {
        return Err(Error::new("no terminal for the editor \"vi\"")
            .hint("set KUBE_EDITOR to a program that needs none, or use patch, apply or replace"));
    }
    for dir in private_dir::sweep(&ctx.env) {
        ctx.say(format_args!("warning: removed {}, which an edit that was killed had left", dir.display()));
    }
    Ok(editor)
}

async fn edit(
    client: &Client,
    mut options: Options,
    editor: &Editor,
    mut printer: Printer,
    ctx: &mut Context,
) -> Result<()> {
    client.namespace().clone_into(&mut options.settings.namespace);
    let start = match options.resume {
        true => resumed(client, &options, ctx).await?,
        false => Start { objects: opened(client, &options, ctx).await?, kept: None },
    };
    if let Some((_, view, _)) = &start.kept {
        options.view = view.clone();
        options.settings.aim = match view {
            ViewKind::Former => Aim::PutBack,
            ViewKind::LastApplied { .. } => Aim::LastApplied,
            _ => Aim::Change,
        };
    }
    check(&options.view, &start.objects)?;
    let aim = options.settings.aim;
    if start.kept.is_none() && aim == Aim::Change {
        kept::remind(&start.objects, client, ctx);
        let mut notices = outcome::Notices::default();
        start.objects.iter().for_each(|object| write::warn_of_manager(object, &mut notices));
        notices.tell(ctx)?;
    }
    let shown = match aim {
        Aim::LastApplied => last_applied::of(&start.objects)?,
        _ => start.objects.clone(),
    };
    let view = options.view.open(&start.objects, !options.settings.lenient);
    let file = view.file();
    let settings = std::mem::take(&mut options.settings);
    let (talk, mut next) = Conversation::begin(view, settings, shown);
    let mut kept_file = None;
    if let Some((path, _, text)) = start.kept {
        next = Next::Open(text);
        kept_file = Some(path);
    }
    let mut work = Work { client, options: &options, editor, file, opened: start.objects, kept_file, aim };
    work.talk(talk, next, &mut printer, ctx).await
}

/// What a conversation starts with.
struct Start {
    objects: Vec<Object>,
    /// The file, the view and the text of the kept edit that is resumed.
    kept: Option<(PathBuf, ViewKind, editing::Text)>,
}

/// Returns the objects of the server. As in kubectl, if one of them cannot be read, none is edited.
async fn opened(client: &Client, options: &Options, ctx: &mut Context) -> Result<Vec<Object>> {
    let choice = Choice {
        words: &options.choice.words,
        every: true,
        files: options.choice.files.clone(),
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
        if target.resource() != Resource::Secrets && options.settings.aim == Aim::Change {
            let error = Error::new("only secrets can be edited here").hint("use kubectl edit for namespaces");
            return Err(error.foreign());
        }
        objects.push(fetch(client, target).await?);
    }
    match objects.is_empty() {
        true if options.settings.aim == Aim::Change => Err(Error::new("edit cancelled, no objects found")),
        _ => Ok(objects),
    }
}

/// Returns the last kept edit of these Secrets on this server.
async fn resumed(client: &Client, options: &Options, ctx: &mut Context) -> Result<Start> {
    let named = resources::parse(&options.choice.words, &ctx.program)?;
    let names: Vec<String> = named.names.into_iter().map(|(_, name)| name).collect();
    let namespace = client.namespace();
    let kept =
        keep::find(&ctx.env, namespace, &names).map_err(|error| Error::system("cannot read kept edits", &error))?;
    for (path, kept) in kept {
        let mut same = true;
        // Checks that the objects still exist, with the same uids.
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
    Err(not_kept(&names, client))
}

fn not_kept(names: &[String], client: &Client) -> Error {
    let of = if names.is_empty() { String::new() } else { format!(" of {}", names.join(", ")) };
    Error::new(format!("no edit{of} is kept for namespace {}", quote(client.namespace())))
}

/// Refuses, before the editor opens, what the view cannot show.
fn check(view: &ViewKind, objects: &[Object]) -> Result<()> {
    if let ViewKind::Plain { .. } | ViewKind::Former | ViewKind::LastApplied { .. } = view {
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
            (Self::Plain { json } | Self::LastApplied { json }, _) => Box::new(Plain { json: *json }),
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
            Self::LastApplied { json: false } => "last-applied".to_owned(),
            Self::LastApplied { json: true } => "last-applied-json".to_owned(),
            Self::Key(key) => format!("key:{key}"),
        }
    }

    fn named(name: &str) -> Option<Self> {
        match name {
            "yaml" => Some(Self::Plain { json: false }),
            "json" => Some(Self::Plain { json: true }),
            "decoded" => Some(Self::Decoded),
            keep::FORMER => Some(Self::Former),
            "last-applied" => Some(Self::LastApplied { json: false }),
            "last-applied-json" => Some(Self::LastApplied { json: true }),
            _ => name.strip_prefix("key:").map(|key| Self::Key(key.to_owned())),
        }
    }
}
