//! `diff`: compares the objects of manifests with what apply would make of them, by `diff` or another program.

mod mask;

use go::quote::quote_bytes;
use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    ffi::{OsStr, OsString},
    fs,
    io::{self, Write as _},
    os::unix::{
        ffi::OsStrExt as _,
        fs::{DirBuilderExt as _, OpenOptionsExt as _},
        process::ExitStatusExt as _,
    },
    path::Path,
    process::Command,
};
use zeroize::Zeroizing;

use crate::{
    cli::flags::{ConnectionFlags, DecryptFlag, DryRun, FileFlags},
    client::{Client, Failure},
    commands::{
        apply::{self, ClientSide, ServerSide},
        files,
        outcome::{self, Notices},
        prune::{self, Pruned, Search},
        session,
        targets::Target,
        write::{self, ParallelFlag, Write},
    },
    context::{Context, Env, color},
    edit::session::{Finished, run_on_files},
    error::{Error, Result},
    manifest::{Document, Filenames},
    secret::{Object, merge::client_side::Modified, resource::Resource, sanitize},
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
    override_usage = "(-f FILE | -k DIR) [flags]",
    after_help = "Examples:\n  ksecret diff -f secret.yaml\n  ksecret diff -k overlays/prod --server-side\n  KUBECTL_EXTERNAL_DIFF='colordiff -N -u' ksecret diff -f secret.yaml"
)]
pub struct Args {
    /// Refused: objects come from files.
    #[arg(value_name = "NAME", hide = true)]
    words: Vec<String>,
    /// Show the values
    #[arg(long)]
    show_secrets: bool,
    /// Compare with what apply --server-side would make
    #[arg(long)]
    server_side: bool,
    /// Take over fields that other managers own, with --server-side
    #[arg(long)]
    force_conflicts: bool,
    /// Own the applied fields under this name
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    field_manager: String,
    /// Compare metadata.managedFields too
    #[arg(long)]
    show_managed_fields: bool,
    /// kubectl's `--parallel`.
    #[arg(long, hide = true, value_name = "NUMBER", value_parser = crate::cli::pflag::parse_int)]
    concurrency: Option<i64>,
    #[command(flatten)]
    parallel: ParallelFlag,
    /// Show what apply --prune would delete, too
    #[arg(long)]
    prune: bool,
    /// Prune only this kind, core/v1/Secret or core/v1/Namespace; repeatable
    #[arg(long, value_name = "KIND")]
    prune_allowlist: Vec<String>,
    /// Compare only the objects of the files whose labels match
    #[arg(short = 'l', long, value_name = "SELECTOR", default_value = "", hide_default_value = true)]
    selector: String,
    #[command(flatten)]
    files: FileFlags,
    #[command(flatten)]
    decrypt: DecryptFlag,
}

/// Prints the differences.
///
/// # Errors
/// Exit status 1 without a message if there are differences; a higher one for an error.
pub fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let trouble = |error: Error| {
        let status = error.exit_status().max(2);
        error.status(status)
    };
    match compare(args, flags, ctx).map_err(trouble)? {
        Finished::Exit(status) if status.success() => Ok(()),
        // The program has printed its own error.
        Finished::Exit(status) => {
            let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
            Err(Error::silent(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(2)))
        }
        Finished::Interrupted(status) => Err(Error::silent(status)),
        Finished::NotStarted(error) => {
            let (program, _) = external(&ctx.env);
            let text = match error.kind() {
                io::ErrorKind::NotFound => "executable file not found in $PATH".to_owned(),
                _ => go::errno::text(&error),
            };
            let program = quote_bytes(program.as_encoded_bytes(), false);
            let error = Error::new(format!("failed to run {program}: exec: {program}: {text}"));
            Err(error.hint("KUBECTL_EXTERNAL_DIFF names another program").status(2))
        }
    }
}

/// The variable that names another program to compare with.
const EXTERNAL: &str = "KUBECTL_EXTERNAL_DIFF";
/// The file for the output of diff, if it is coloured afterwards.
const OUTPUT: &str = "DIFF";

/// How often an object is compared again that changed meanwhile (kubectl's `maxRetries`).
const TRIES: u32 = 4;

/// The text of one side of an object.
type Text = Zeroizing<String>;

/// The two sides of an object.
struct Pair {
    target: Target,
    /// The uid of the live object.
    uid: Option<String>,
    /// The name of its files.
    file: String,
    live: Text,
    /// `None` if the object is to be pruned: as in kubectl, it has no file on the side of the manifests.
    merged: Option<Text>,
}

struct Options {
    filenames: Filenames,
    selector: String,
    /// The kinds to prune; `None` without `--prune`.
    prune: Option<Vec<Resource>>,
    write: Write,
    server_side: bool,
    force_conflicts: bool,
    show_managed_fields: bool,
    show_secrets: bool,
    parallel: ParallelFlag,
}

impl Options {
    fn resolve(args: &Args, ctx: &Context, notices: &mut Notices) -> Result<Self> {
        if !args.words.is_empty() {
            let see = format!("See '{} diff -h' for help and examples", ctx.program);
            return Err(Error::usage(format!("Unexpected args: [{}]", args.words[0]), see));
        }
        let filenames = args.files.require()?.decrypted(args.decrypt.resolve()?);
        let prune = if args.prune { Some(prune::kinds(&args.prune_allowlist)?) } else { None };
        if prune.is_some() && args.prune_allowlist.is_empty() {
            notices.say(prune::DEFAULT);
        }
        let manager = apply::manager(args.server_side, args.force_conflicts, &args.field_manager)?;
        let asked = args.concurrency.map(|asked| usize::try_from(asked).unwrap_or(1).max(1));
        Ok(Self {
            filenames,
            selector: args.selector.clone(),
            prune,
            write: Write { manager, validation: None, dry_run: DryRun::Server },
            server_side: args.server_side,
            force_conflicts: args.force_conflicts,
            show_managed_fields: args.show_managed_fields,
            show_secrets: args.show_secrets,
            parallel: asked.map_or(args.parallel, |parallel| ParallelFlag { parallel }),
        })
    }
}

fn compare(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<Finished> {
    let options = outcome::resolve(ctx, |ctx, notices| Options::resolve(args, ctx, notices))?;
    let documents = files::select(&options.filenames, files::Reading::Validated, &options.selector, ctx)?;
    let client = session::connect(flags, ctx)?;
    let program = ctx.program.clone();
    let pair = async |document: Result<Document>, notices: &mut Notices| {
        pair(document?, &client, &options, &program, notices).await
    };
    let is_external = typed_program(&ctx.env).is_some();
    let mut pairs = BTreeMap::new();
    let pace = options.parallel.to_first_failure("compared", DryRun::None);
    let (mut namespaces, mut seen) = (BTreeSet::new(), HashSet::new());
    session::block_on(async {
        let keep = |mut pair: Pair, _: &mut Context| {
            if options.prune.is_some() {
                namespaces.extend(pair.target.namespace().map(str::to_owned));
                seen.extend(pair.uid.take());
            }
            // Why: diff prints nothing about equal files, so they need no memory. Another program may.
            match is_external || pair.merged.as_ref() != Some(&pair.live) {
                // As in kubectl: of two documents with the same object the last one counts.
                true => drop(pairs.insert(pair.file.clone(), pair)),
                false => drop(pairs.remove(&pair.file)),
            }
            Ok(())
        };
        write::each(documents, pace, &client, ctx, pair, keep).await?;
        if let Some(kinds) = &options.prune {
            let labels = &options.selector;
            let (applied, whole) = (true, true);
            let search = Search { kinds, namespaces: namespaces.clone(), labels, applied, seen, whole };
            match search.find(&client, prune::failed).await {
                Ok(mut found) => {
                    prune::spare(&mut found, &namespaces, ctx);
                    let found = found.into_iter().map(|pruned| gone(pruned, &options));
                    pairs.extend(found.map(|pair| (pair.file.clone(), pair)));
                }
                // As in kubectl: an error of one object does not prevent the others from being compared.
                Err(error) => {
                    let text = error.text();
                    ctx.say(format_args!("warning: pruning failed and could not be evaluated err: {text}"));
                }
            }
        }
        Ok(())
    })?;
    drop(client);
    // Why not for another program: it has its own colours.
    let colors = ctx.color && !is_external;
    let fill = |dir: &Path, ctx: &Context| {
        let (program, words) = external(&ctx.env);
        let mut command = Command::new(program);
        command.args(words).current_dir(ctx.env.cwd());
        if colors {
            let output = fs::File::options().write(true).create_new(true).mode(0o600).open(dir.join(OUTPUT))?;
            command.stdout(output);
        }
        let [live, merged] = ["LIVE", "MERGED"].map(|side| dir.join(side));
        for side in [&live, &merged] {
            fs::DirBuilder::new().mode(0o700).create(side)?;
            command.arg(side);
        }
        for (file, pair) in pairs {
            put(&live.join(&file), &pair.live)?;
            if let Some(text) = &pair.merged {
                put(&merged.join(&file), text)?;
            }
        }
        Ok(command)
    };
    run_on_files(ctx, fill, |dir, ctx| {
        if !colors {
            return Ok(());
        }
        let text = fs::read(dir.join(OUTPUT)).map_err(|error| Error::system("the output of diff", &error))?;
        // Why wiped: with --show-secrets it contains values.
        let text = Zeroizing::new(text);
        ctx.put_styled(&Zeroizing::new(colored(&String::from_utf8_lossy(&text))))
    })
}

/// Colours and sanitizes the lines of a unified diff.
fn colored(text: &str) -> String {
    let line = |line: &str| {
        let color = match line {
            _ if ["diff ", "--- ", "+++ "].iter().any(|header| line.starts_with(header)) => color::HEADER,
            _ if line.starts_with("@@") => color::DIM,
            _ if line.starts_with('+') => color::ADDED,
            _ if line.starts_with('-') => color::REMOVED,
            _ => return sanitize::line(line).into_owned() + "\n",
        };
        color::paint(color, &sanitize::line(line)) + "\n"
    };
    text.lines().map(line).collect()
}

async fn pair(
    mut document: Document,
    client: &Client,
    options: &Options,
    program: &str,
    notices: &mut Notices,
) -> Result<Pair> {
    let resource = files::place(&mut document, client)?;
    let target =
        Target::of(resource, &document).map_err(|failure| document.locate(failure.into(), &["metadata", "name"]))?;
    write::refuse_encrypted(&document)?;
    let (live, merged) = if options.server_side {
        apply::prepare(&mut document, notices)?;
        let live = apply::live(client, &target).await?.unwrap_or_default();
        let side = ServerSide { client, write: options.write.clone(), force: options.force_conflicts };
        let redacted = |failure: Failure| failure.redacted(&document.object);
        let answer = side.send(&document.object, &target, side.force).await.map_err(redacted)?;
        notices.warn(&answer);
        (live, apply::without_values(answer.object()?))
    } else {
        both_sides(&document, &target, client, options, program, notices).await?
    };
    apply::warn_if_deleting(&live, notices);
    let kind = merged.kind().to_owned();
    Ok(shown(live, merged, &kind, target, options))
}

/// Returns the pair of an object to be pruned, masked. kubectl shows such an object with its values.
fn gone(pruned: Pruned, options: &Options) -> Pair {
    let Pruned { target, object } = pruned;
    let kind = target.resource().kind();
    Pair { merged: None, ..shown(object, Object::default(), kind, target, options) }
}

fn shown(mut live: Object, mut merged: Object, kind: &str, target: Target, options: &Options) -> Pair {
    if !options.show_managed_fields {
        for object in [&mut live, &mut merged] {
            if let Some(metadata) = object.metadata_mut() {
                metadata.remove("managedFields");
            }
        }
    }
    if !options.show_secrets {
        mask::both(live.json_mut(), merged.json_mut());
    }
    // Why: a valid name has no slash, but a server may return any.
    let file = format!("v1.{kind}.{}.{}", target.namespace().unwrap_or_default(), target.name).replace('/', "_");
    let uid = live.json()["metadata"]["uid"].as_str().map(str::to_owned);
    let [live, merged] = [live, merged].map(|side| Zeroizing::new(yaml::write::to_string(side.json())));
    Pair { target, uid, file, live, merged: Some(merged) }
}

/// Returns the live object, and the one that client-side apply would make. Invariant: both are of the same version,
/// since the patch carries the version that it was computed from; it is computed again if there is another by then. The
/// last try goes without, and warns.
async fn both_sides(
    document: &Document,
    target: &Target,
    client: &Client,
    options: &Options,
    program: &str,
    notices: &mut Notices,
) -> Result<(Object, Object)> {
    let side = ClientSide { client, write: options.write.clone(), overwrite: true, program };
    // As in kubectl: `diff` does not update the last-applied annotation.
    let modified = Modified::of(&document.object, false);
    let mut tries = 0;
    loop {
        tries += 1;
        let Some(live) = apply::live(client, target).await? else {
            let mut new = document.object.clone();
            write::clear_version(&mut new);
            let call = options.write.on(session::post(target.collection.path(), new.json()));
            let answer = client.call(call).await.map_err(|failure| failure.redacted(&new))?;
            notices.warn(&answer);
            return Ok((Object::default(), answer.object()?));
        };
        let version = live.resource_version().map(str::to_owned).filter(|_| tries < TRIES);
        if version.is_none() {
            notices.say(format_args!(
                "warning: secrets/{} keeps changing: what is compared may be of two versions",
                target.name
            ));
        }
        match side.patch(&modified, live.clone(), target, version.as_deref(), notices).await {
            Ok((merged, _)) => return Ok((live, merged)),
            Err(problem) if problem.is_conflict() && tries < TRIES => {}
            Err(problem) => return Err(problem.when("patching", &document.origin.path).into()),
        }
    }
}

fn put(path: &Path, text: &str) -> io::Result<()> {
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(text.as_bytes())
}

/// Returns the program that the variable names, with its arguments.
fn typed_program(env: &Env) -> Option<&OsStr> {
    env.var_os(EXTERNAL).filter(|typed| !typed.is_empty())
}

/// Returns the program to compare with, and its arguments. As in kubectl `KUBECTL_EXTERNAL_DIFF` is split at spaces,
/// and arguments with other characters than letters, digits, `-` and `=` are dropped.
fn external(env: &Env) -> (OsString, Vec<OsString>) {
    let Some(typed) = typed_program(env) else {
        return ("diff".into(), vec!["-u".into(), "-N".into()]);
    };
    let mut words = typed.as_bytes().split(|byte| *byte == b' ').map(|word| OsStr::from_bytes(word).to_owned());
    let program = words.next().unwrap_or_default();
    let plain = |word: &OsString| {
        let of_flags = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'=');
        !word.is_empty() && word.as_bytes().iter().all(of_flags)
    };
    (program, words.filter(plain).collect())
}
