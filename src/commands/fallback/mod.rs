//! The fallback: another program, kubectl, that handles the verbs, kinds and manifests which this one does not. Without
//! a fallback they are refused.
//!
//! [`Plan::of`] decides by the words alone, before anything is done. If everything is for the fallback, it replaces
//! this process. For a shared command this program does its part first, then one child does the rest; the worse exit
//! status counts. What is only known while the command runs (a kind that the cluster adds, the documents of files) is
//! returned as an error with [`Error::is_foreign`], or in [`Context::foreign`].

mod builder;
mod child;
mod join;
mod plan;
mod program;
mod rest;
mod rule;

use std::ffi::OsString;

pub use self::{
    builder::builder,
    plan::{Plan, names_objects},
    program::{Program, VARIABLE},
};
use super::{Parsed, completion};
use crate::{
    context::{Context, Foreign},
    error::{Error, Result},
    secret::Object,
};

/// Runs a planned command line.
///
/// # Errors
/// The command's, and the exit status of the fallback.
pub fn run(plan: Plan, ctx: &mut Context) -> Result<()> {
    match plan {
        Plan::Ours(words) => own(&words, ctx),
        Plan::Theirs(program, words) => Err(program.exec(&words, &ctx.env)),
        Plan::Telling(program, words) => {
            own(&words, ctx)?;
            ctx.put(program.told(&ctx.env))
        }
        Plan::Local(words) => own(&words, ctx).map_err(|error| match error.is_foreign() {
            true => error.hint("the fallback is not asked: --local or KSECRET_LOCAL means the embedded server"),
            false => error,
        }),
        Plan::Shared(job) => join::run(job, ctx),
        Plan::Completion(asked) => completion::complete(asked, ctx),
    }
}

/// Parses the words of a command of this program, and runs it.
fn own(words: &[OsString], ctx: &mut Context) -> Result<()> {
    let (notices, parsed) = super::parse(words, &ctx.program, ctx.color);
    for line in notices {
        ctx.say(line);
    }
    match parsed? {
        Parsed::Print(text) => ctx.put_styled(&text),
        Parsed::Run(root) => super::run(root, ctx),
    }
}

/// Joins two results: both errors are printed, and the worse exit status counts.
fn both(first: Result<()>, second: Result<()>) -> Result<()> {
    match (first, second) {
        (Err(first), Err(second)) => {
            let signal = first.signal().or(second.signal());
            let status = first.exit_status().max(second.exit_status());
            // An error without a message must not change how the other one is printed.
            let mut errors = vec![first, second];
            errors.retain(|error| !error.lines().is_empty());
            let joined = if errors.is_empty() { Error::silent(status) } else { Error::many(errors).status(status) };
            Err(signal.map_or(joined.clone(), |signal| joined.ended_by(signal)))
        }
        (first, second) => first.and(second),
    }
}

/// Runs the fallback's part before this program's. Why: deleting a Namespace deletes its content, so the fallback would
/// not find its objects any more.
pub fn go_ahead(ctx: &mut Context) {
    with(ctx, |rest, ctx| rest.print(ctx));
}

/// Returns whether the fallback has a part in this command.
pub fn is_shared(ctx: &Context) -> bool {
    ctx.foreign.as_ref().is_some_and(|rest| rest.is_there())
}

/// Runs the fallback's part and returns the objects that it would print, for a format that prints everything as one
/// list. Also returns whether they come first.
///
/// # Errors
/// An output that cannot be read.
pub fn objects(ctx: &mut Context) -> Result<(bool, Vec<Object>)> {
    let objects = with(ctx, |rest, ctx| (rest.is_first(), rest.objects(ctx)));
    objects.map_or(Ok((false, Vec::new())), |(first, objects)| Ok((first, objects?)))
}

fn with<T>(ctx: &mut Context, work: impl FnOnce(&mut dyn Foreign, &mut Context) -> T) -> Option<T> {
    let mut rest = ctx.foreign.take()?;
    let done = work(&mut *rest, ctx);
    ctx.foreign = Some(rest);
    Some(done)
}
