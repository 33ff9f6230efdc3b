//! A fallback: another program, kubectl, does what is not ours. Without one such verbs, kinds and manifests are refused.
//!
//! [`Plan::of`] decides by the words alone, before anything is done: what is all the program's replaces this process. Of a
//! command that is shared ours goes first, then one child does the rest; the worse exit status counts. What only shows
//! while the command runs (a kind that the cluster adds, the documents of files) comes back as an error that
//! [`Error::is_foreign`], or in [`Context::foreign`].

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
    manifest::Document,
    secret::Object,
};

/// Runs a command line that was planned.
///
/// # Errors
/// Whatever the command fails with, in words; the exit status of the program.
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

/// Reads the words of a command that is ours, and runs it.
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

/// Joins two outcomes: what failed is said for both, and the worse exit status counts.
fn both(first: Result<()>, second: Result<()>) -> Result<()> {
    match (first, second) {
        (Err(first), Err(second)) => {
            let signal = first.signal().or(second.signal());
            let status = first.exit_status().max(second.exit_status());
            // One that has said all it has to say keeps the other's words as they are.
            let mut errors = vec![first, second];
            errors.retain(|error| !error.lines().is_empty());
            let joined = if errors.is_empty() { Error::silent(status) } else { Error::many(errors).status(status) };
            Err(signal.map_or(joined.clone(), |signal| joined.ended_by(signal)))
        }
        (first, second) => first.and(second),
    }
}

/// Has the program do its part of the documents before ours, where it has to: a Namespace that is deleted takes with it what
/// stands in it, and then the program would find nothing.
pub fn go_ahead(documents: &[Result<Document>], deletes: bool, ctx: &mut Context) {
    let is_namespace = |document: &Document| document.object.kind() == "Namespace";
    if deletes && documents.iter().flatten().any(is_namespace) {
        with(ctx, |rest, ctx| rest.print(ctx));
    }
}

/// Returns whether the program has a part of this command.
pub fn is_shared(ctx: &Context) -> bool {
    ctx.foreign.as_ref().is_some_and(|rest| rest.is_there())
}

/// Has the program do its part, and returns the objects that it would print: for a format that shows all as one list.
/// Beside them stands whether they come first.
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
