//! `diff`: what an apply would change, shown by `diff` or another program.

mod mask;

use std::{
    fs,
    io::{self, Write as _},
    os::unix::{
        fs::{DirBuilderExt as _, OpenOptionsExt as _},
        process::ExitStatusExt as _,
    },
    path::Path,
    process::Command,
};

use crate::{
    cli::flags::{ConnectionFlags, DryRun, FileFlags},
    client::{Call, Client},
    commands::{
        apply::{Applied, How, Work, not_here},
        files, session,
        targets::Target,
    },
    context::{Context, Env},
    edit::session::{Finished, run_on_files},
    error::{Error, Result},
    manifest::Document,
    print::yaml,
    secret::Object,
};

/// Show what an apply would change, without the values
///
/// The server works out what apply would make of each object, without storing it; `diff -u -N`, or the program that
/// KUBECTL_EXTERNAL_DIFF names, compares that with what is there. Values are shown as `***`, and where they differ as
/// `*** (before)` and `*** (after)`.
///
/// The exit status is 0 where nothing would change, 1 where something would, and more than 1 in case of trouble.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  ksecret diff -f secret.yaml\n  ksecret diff -k overlays/prod --server-side\n  KUBECTL_EXTERNAL_DIFF='colordiff -N -u' ksecret diff -f secret.yaml"
)]
pub struct Args {
    /// Nothing: objects come from files.
    #[arg(value_name = "NAME", hide = true)]
    words: Vec<String>,
    /// Show the values
    #[arg(long)]
    show_secrets: bool,
    /// Compare with what apply --server-side would make
    #[arg(long)]
    server_side: bool,
    /// With --server-side, take over the fields that others have set to something else
    #[arg(long)]
    force_conflicts: bool,
    /// Name of the owner of the fields applied (default kubectl with --server-side, else kubectl-client-side-apply)
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    field_manager: String,
    /// Compare metadata.managedFields too
    #[arg(long)]
    show_managed_fields: bool,
    /// Accepted: objects are taken one after the other.
    #[arg(long, hide = true, value_name = "NUMBER", value_parser = crate::cli::pflag::parse_int)]
    concurrency: Option<i64>,
    #[arg(long, hide = true)]
    prune: bool,
    #[arg(long, hide = true)]
    prune_allowlist: Vec<String>,
    #[arg(short = 'l', long, hide = true)]
    selector: Option<String>,
    #[command(flatten)]
    files: FileFlags,
}

/// # Errors
/// With exit status 1 and no words, where something would change; with a higher one, whatever went wrong.
pub fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let trouble = |error: Error| {
        let status = error.exit_status().max(2);
        error.status(status)
    };
    match compare(args, flags, ctx).map_err(trouble)? {
        Finished::Exit(status) if status.success() => Ok(()),
        // Whatever it had to say, it has said.
        Finished::Exit(status) => {
            let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
            Err(Error::silent(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(2)))
        }
        Finished::Interrupted(status) => Err(Error::silent(status)),
        Finished::NotStarted(error) => {
            let (program, _) = external(&ctx.env);
            let text = match error.kind() {
                io::ErrorKind::NotFound => "executable file not found in $PATH".to_owned(),
                _ => crate::error::go_io(&error),
            };
            let error = Error::new(format!("failed to run {program:?}: exec: {program:?}: {text}"));
            Err(error.hint("KUBECTL_EXTERNAL_DIFF names another program").status(2))
        }
    }
}

/// One object on both sides, as text.
struct Pair {
    name: String,
    live: Object,
    merged: Object,
}

fn compare(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<Finished> {
    if !args.words.is_empty() {
        let see = format!("See '{} diff -h' for help and examples", ctx.program);
        return Err(Error::usage(format!("Unexpected args: [{}]", args.words[0]), see));
    }
    if args.prune || !args.prune_allowlist.is_empty() {
        return Err(not_here("--prune"));
    }
    if args.selector.is_some() {
        return Err(not_here("--selector"));
    }
    let filenames = args.files.require()?;
    let how = How::resolve(args.server_side, args.force_conflicts, &args.field_manager)?;
    let documents = files::load(&filenames, files::Reading::Validated, ctx)?;
    let client = session::connect(flags, ctx)?;
    let work = Work { client: &client, how, validation: "Strict", dry_run: DryRun::Server };
    let pairs = session::block_on(async {
        let mut pairs = Vec::new();
        for document in documents {
            pairs.push(pair(document?, &work, args, ctx).await?);
        }
        Ok(pairs)
    })?;
    drop(client);
    run_on_files(ctx, |dir, ctx| {
        let (program, words) = external(&ctx.env);
        let mut command = Command::new(program);
        command.args(words).current_dir(ctx.env.cwd());
        for side in ["LIVE", "MERGED"] {
            let dir = dir.join(side);
            fs::DirBuilder::new().mode(0o700).create(&dir)?;
            for pair in &pairs {
                let object = if side == "LIVE" { &pair.live } else { &pair.merged };
                write(&dir.join(&pair.name), object)?;
            }
            command.arg(dir);
        }
        Ok(command)
    })
}

async fn pair(document: Document, work: &Work<'_>, args: &Args, ctx: &mut Context) -> Result<Pair> {
    let Applied { object: mut merged, target, live, .. } = work.apply(document, ctx).await?;
    let mut live = match live {
        None if args.server_side => live_of(work.client, &target).await?,
        live => live.unwrap_or_default(),
    };
    if !args.show_managed_fields {
        for object in [&mut live, &mut merged] {
            if let Some(metadata) = object.metadata_mut() {
                metadata.remove("managedFields");
            }
        }
    }
    if !args.show_secrets {
        mask::both(live.json_mut(), merged.json_mut());
    }
    let kind = merged.kind().to_owned();
    // A name holds no slash, but a server may say anything.
    let name = format!("v1.{kind}.{}.{}", target.namespace().unwrap_or_default(), target.name);
    Ok(Pair { name: name.replace('/', "_"), live, merged })
}

/// What is there; nothing where it is not.
async fn live_of(client: &Client, target: &Target) -> Result<Object> {
    match client.call(Call::get(target.path())).await {
        Ok(answer) => Ok(answer.object_named(target.namespace(), target.name.as_str())?),
        Err(failure) if failure.is_not_found() => Ok(Object::default()),
        Err(failure) => Err(failure.into()),
    }
}

fn write(path: &Path, object: &Object) -> io::Result<()> {
    let text = zeroize::Zeroizing::new(yaml::to_string(object.json()));
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(text.as_bytes())
}

/// The program that compares, and its words: kubectl takes `KUBECTL_EXTERNAL_DIFF` apart at spaces, and of its words
/// only those that are letters, digits, `-` and `=`.
fn external(env: &Env) -> (String, Vec<String>) {
    let Some(typed) = env.non_empty("KUBECTL_EXTERNAL_DIFF") else {
        return ("diff".to_owned(), vec!["-u".to_owned(), "-N".to_owned()]);
    };
    let mut words = typed.split(' ').map(str::to_owned);
    let program = words.next().unwrap_or_default();
    let plain = |word: &String| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'='))
    };
    (program, words.filter(plain).collect())
}
