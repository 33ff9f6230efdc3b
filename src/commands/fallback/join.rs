//! Shared commands: this program handles its objects, the fallback the others, and the results are joined.

use std::{ffi::OsString, fs};

use super::{
    Program, both, own,
    plan::{Divided, Job},
    rest::Rest,
    rule::Rule,
};
use crate::{
    cli::pflag::Parts,
    commands,
    context::{Context, Env, Foreign as _},
    error::Result,
};

/// Commands that read manifests and can leave some documents to the fallback.
const READING: &[&[&str]] = &[
    &["create"],
    &["apply"],
    &["apply", "set-last-applied"],
    &["apply", "view-last-applied"],
    &["replace"],
    &["delete"],
    &["get"],
    &["describe"],
    &["diff"],
    &["label"],
    &["annotate"],
    &["patch"],
    &["wait"],
    // `kustomize` leaves all of them, and only needs to know that there is a fallback.
    &["kustomize"],
];

/// Runs a shared command.
///
/// # Errors
/// Those of this program's part, and the exit status of the fallback.
pub fn run(job: Job, ctx: &mut Context) -> Result<()> {
    let Job { program, words, parts, divided } = job;
    match divided {
        Some(divided) => by_words(program, parts, divided, ctx),
        None => by_documents(program, &words, parts, ctx),
    }
}

/// Splits words that name kinds of both programs into two command lines.
fn by_words(program: Program, parts: Parts, divided: Divided, ctx: &mut Context) -> Result<()> {
    let Divided { ours, theirs, ours_first } = divided;
    let rule = Rule::of(&parts);
    let spell = |flags: &[&str]| {
        let mut line = parts.spell(|_| true, &ours);
        line.splice(1..1, flags.iter().map(OsString::from));
        line
    };
    // Invariant: whatever can be refused before either part runs is refused here.
    program.find(&ctx.env)?;
    commands::parse(&spell(&[]), &ctx.program, false).1?;
    let (quiet, aloud) = (spell(rule.flags(true)), spell(rule.flags(false)));
    let mut rest = Rest::of_words(program, parts, theirs, !ours_first);
    if !ours_first && !rule.is_whole {
        rest.print(ctx);
        if rest.was_interrupted() {
            return rest.outcome().unwrap_or(Ok(()));
        }
        ctx.stdout.separate(rule.between);
    }
    let is_quiet = ours_first || ctx.stdout.wrote();
    ctx.foreign = Some(Box::new(rest));
    let outcome = own(if is_quiet { &quiet } else { &aloud }, ctx);
    ended(outcome, ctx)
}

/// Runs a command whose documents are read first, and then divided.
fn by_documents(program: Program, words: &[OsString], parts: Parts, ctx: &mut Context) -> Result<()> {
    let names: Vec<OsString> = parts.values("filename").cloned().collect();
    // Why: the editor of the fallback would not have the terminal as its standard input.
    let edits = parts.path == ["create"] && parts.has("edit");
    if !edits && READING.iter().any(|verb| parts.path == *verb) {
        ctx.foreign = Some(Box::new(Rest::of_documents(program.clone(), parts)));
    }
    let again = can_be_read_again(&names, &ctx.env);
    match own(words, ctx) {
        // Invariant: a foreign error comes before any write to standard output or to the server, so the fallback can do
        // the whole command. Input that cannot be read twice is already in the documents instead.
        Err(error) if error.is_foreign() => match again && !ctx.stdin_in_use.get() {
            true => Err(program.exec(words, &ctx.env)),
            false => ended(Err(error), ctx),
        },
        outcome => ended(outcome, ctx),
    }
}

/// Returns whether the fallback can read all files again. It cannot read a pipe, which a shell makes for `<(...)`.
fn can_be_read_again(names: &[OsString], env: &Env) -> bool {
    names.iter().all(|name| fs::metadata(env.cwd().join(name)).map_or(true, |file| file.is_file() || file.is_dir()))
}

/// Runs the fallback's part, unless it ran already or there is none, and joins the results.
fn ended(ours: Result<()>, ctx: &mut Context) -> Result<()> {
    let Some(mut rest) = ctx.foreign.take() else { return ours };
    if !ours.as_ref().is_err_and(|error| error.signal().is_some()) {
        rest.print(ctx);
    }
    match (ours, rest.outcome()) {
        (Err(ours), Some(theirs)) if ours.is_idle() => theirs,
        (ours, Some(theirs)) => both(ours, theirs),
        (ours, None) => ours,
    }
}
