//! `rotate`: replaces values of a Secret step by step. Invariant: after a failed step or the end of the process, both
//! values are still stored and the rotation can be continued.

mod begin;
mod bundle;
mod calls;
mod companion;
mod due;
mod holder;
mod live;
mod options;
mod plan;
mod report;
mod role;
mod server;
mod state;
mod status;
mod successor;
mod work;

use std::rc::Rc;

pub use self::options::Args;
use self::{
    begin::Begun,
    companion::SUFFIX,
    holder::Holder,
    options::{Mode, Options},
    report::Report,
    server::Site,
    work::Work,
};
use super::{
    interrupt::{Interrupts, interrupted},
    session,
    set::change::CONFLICT,
    targets::{Choice, Purpose},
};
use crate::{
    cli::flags::ConnectionFlags,
    client::{Client, Name},
    context::Context,
    error::{Error, Result},
    secret::resource::Resource,
};

/// The exit status of a rotation that must be continued.
const INCOMPLETE: u8 = 3;

/// Rotates values.
///
/// # Errors
/// By exit status: 1 failed, with the former state proven; 3 incomplete, with both values kept; 4 another process holds
/// the rotation or has changed the same keys; 128+n a signal.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let Options { names, mode, mut hooks, token, manager } = Options::resolve(args, ctx)?;
    flags.receipts.wait_for_hooks();
    hooks.receipts = flags.receipts.clone();
    let client = session::connect(flags, ctx)?;
    if let Mode::Due(due) = mode {
        return session::block_on(due::run(&due, &client, ctx));
    }
    session::block_on(async {
        let site = site(&names, &client, manager, ctx).await?;
        let report = Report::new(&site, &hooks, flags, &ctx.program);
        let (finishes, aborts) = (matches!(mode, Mode::Finish), matches!(mode, Mode::Abort));
        let request = match mode {
            Mode::Status(format) => return status::run(&site, format, &report, ctx).await,
            Mode::Role => return ctx.put(role::text(&site)),
            Mode::DryRun(request) => return plan::run(&request, &site, &hooks, ctx).await,
            Mode::Begin(request) => Some(request),
            _ => None,
        };
        let warnings = Rc::clone(&site.warnings);
        let mut interrupts = Interrupts::watch();
        // Why outside the future: after an interruption it tells which step was reached.
        let mut kept: Option<Work<'_>> = None;
        let working = async {
            let begun = match &request {
                Some(request) => begin::anew(request, token.as_deref(), site, hooks, ctx).await?,
                None => begin::again(token.as_deref(), site, hooks, finishes, aborts, ctx).await?,
            };
            let work = match begun {
                Begun::Work(work) => kept.insert(*work),
                Begun::Done(end) => return Ok(end),
            };
            if aborts {
                return work.restore("", ctx).await;
            }
            work.go(ctx).await
        };
        let outcome = tokio::select! {
            outcome = working => outcome,
            signal = interrupts.next() => {
                crate::hooks::end_dropped().await;
                Err(interrupted(Error::new("interrupted"), signal))
            }
        };
        session::say_all(ctx, &warnings.take());
        report.tell(outcome, kept.as_mut(), aborts, ctx).await
    })
}

/// Finds the Secret; refuses a word that is a kind of the cluster.
async fn site<'c>(names: &[String], client: &'c Client, manager: String, ctx: &mut Context) -> Result<Site<'c>> {
    let choice = Choice { words: names, purpose: Purpose::Change, ..Choice::default() };
    let mut targets = choice.find(client, ctx).await?;
    let (Some(target), true) = (targets.pop(), targets.is_empty()) else {
        return Err(Error::new("the NAME of one Secret is required"));
    };
    let target = target?;
    if target.resource() != Resource::Secrets {
        return Err(Error::new(format!("{} is no Secret", target.name)));
    }
    let companion = Name::new(&format!("{}{SUFFIX}", target.name.as_str()))?;
    if companion.as_str().len() > 253 {
        return Err(Error::new(format!("the name of {} is too long: {companion} may have 253 bytes", target.name)));
    }
    let holder = Holder::of_this_process()?;
    Ok(Site {
        client,
        collection: target.collection,
        name: target.name,
        companion,
        manager,
        holder,
        warnings: Rc::default(),
    })
}
