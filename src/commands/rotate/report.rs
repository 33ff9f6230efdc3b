//! What `rotate` prints at its end: the state that was reached, and how to continue.

use std::collections::BTreeMap;

use super::{
    CONFLICT, INCOMPLETE,
    calls::Hooks,
    companion::Companion,
    live::{Live, output_time},
    server::Site,
    state::{State, Step},
    successor,
    work::{End, Work},
};
use crate::{
    cli::flags::ConnectionFlags,
    commands::spelled::{self, quoted},
    context::Context,
    error::{Error, Result},
    secret::sanitize,
};

/// How messages name the rotation and its commands.
pub struct Report {
    /// The Secret, as `secret/db`.
    name: String,
    companion: String,
    /// The command line of this process, without the flag that selects the action.
    called: String,
    /// The hooks in the command line of this process.
    given: BTreeMap<String, String>,
}

impl Report {
    /// Returns the report of a rotation.
    pub fn new(site: &Site<'_>, hooks: &Hooks, flags: &ConnectionFlags, program: &str) -> Self {
        let mut called = format!("{program} rotate {}", quoted(site.name.as_str()));
        if flags.place.namespace.is_some() {
            called.push_str(&format!(" -n {}", quoted(site.namespace())));
        }
        for flag in spelled::server(flags) {
            called.push_str(&format!(" {flag}"));
        }
        let given = hooks.given.iter().map(|(flag, hook)| ((*flag).to_owned(), hook.text().to_owned())).collect();
        Self { name: format!("secret/{}", site.name), companion: format!("secret/{}", site.companion), called, given }
    }

    /// Returns the command line for an action on the rotation, with the hooks that it needs.
    pub fn line(&self, mode: &str, state: &State) -> String {
        // Invariant: hooks of this command line override stored ones. A stored hook is only shown if it was not typed,
        // and on one line, since the cluster's text is not trusted.
        let mut hooks = state.plan.hooks.clone();
        hooks.extend(self.given.clone());
        let hooks = hooks.iter().filter(|(flag, _)| state.needs(flag));
        let hooks: String =
            hooks.map(|(flag, command)| format!(" --{flag} {}", sanitize::line(&quoted(command)))).collect();
        format!("{} --{mode}{hooks}", self.called)
    }

    /// Reports how the rotation ended.
    ///
    /// # Errors
    /// If it has not succeeded.
    pub async fn tell(
        &self,
        outcome: Result<End>,
        work: Option<&mut Work<'_>>,
        aborts: bool,
        ctx: &mut Context,
    ) -> Result<()> {
        match outcome {
            Ok(End::Finished) => {
                ctx.put(format!("{} rotated\n", self.name))?;
                self.tell_of_successor(work, ctx).await
            }
            Ok(End::Overlap(state)) => {
                ctx.put(format!("{} rotated\n", self.name))?;
                let until =
                    state.until.map(|until| format!(", until {} at least", output_time(until))).unwrap_or_default();
                ctx.say(format_args!("{}: the former value stays in force too{until}", self.name));
                ctx.say(format_args!("hint: {} ends it", self.line("finish", &state)));
                self.tell_of_successor(work, ctx).await
            }
            Ok(End::Former(_)) if aborts => ctx.put(format!("{} unchanged\n", self.name)),
            Ok(End::Former(why)) => Err(Error::new(format!("{}: {why}", self.name))
                .hint("the former value is in force, and no new one is kept")),
            Err(error) => Err(match work {
                Some(work) => self.incomplete(error, work).await,
                None => error,
            }),
        }
    }

    async fn incomplete(&self, error: Error, work: &mut Work<'_>) -> Error {
        let is_interrupted = error.is_interruption();
        if !is_interrupted && !work.is_kept {
            return error;
        }
        let (holds, is_gone) = match is_interrupted {
            // Why without a request: a process that a signal ends must not wait for a server.
            true => (work.held().to_owned(), false),
            false => {
                let holds = self.holds(work).await;
                let is_gone =
                    !work.release().await && Companion::read(&work.site).await.is_ok_and(|kept| kept.is_none());
                (holds, is_gone)
            }
        };
        let text = error.text();
        let text = text.strip_prefix(&format!("{}: ", self.name)).unwrap_or(&text);
        let kept = match (is_gone, work.deleting) {
            (true, _) => format!("{} is gone, and both values with it", self.companion),
            (false, true) => format!("{}, which was to be deleted, may be left", self.companion),
            (false, false) => format!("both values are kept in {}", self.companion),
        };
        let mut all = Error::new(format!("{}: {text}; it {holds}, and {kept}", self.name));
        all = match (is_interrupted, error.exit_status(), error.signal()) {
            (true, _, Some(signal)) => all.ended_by(signal),
            (true, status, None) => all.status(status),
            (false, CONFLICT, _) => all.status(CONFLICT),
            _ => all.status(INCOMPLETE),
        };
        for hint in error.hints() {
            all = all.hint(hint.as_str());
        }
        if is_gone {
            return all;
        }
        let state = &work.companion.state;
        let mode = if work.finishes { "finish" } else { "continue" };
        let all = all.hint(format!("{} goes on", self.line(mode, state)));
        match state.step < Step::Promoted && !work.promoting {
            true => all.hint(format!("{} gives it up", self.line("abort", state))),
            false => all,
        }
    }

    /// Returns which values the Secret has now.
    async fn holds(&self, work: &Work<'_>) -> String {
        let promotion = work.promotion();
        match Live::find(&work.site, &promotion.uid).await {
            Ok(None) => "is gone".to_owned(),
            Ok(Some(live)) if live.is_promoted_by(&promotion.token) => "holds the new value".to_owned(),
            Ok(Some(live)) if live.check_former(&promotion).is_ok() => "holds the former value".to_owned(),
            Ok(Some(_)) => "holds a value that is neither the former nor the new one".to_owned(),
            Err(_) => format!("cannot be asked now; it {}", work.held()),
        }
    }

    async fn tell_of_successor(&self, work: Option<&mut Work<'_>>, ctx: &mut Context) -> Result<()> {
        let Some((work, name)) = work.and_then(|work| work.successor.clone().map(|name| (work, name))) else {
            return Ok(());
        };
        ctx.put(format!("secret/{name} created\n"))?;
        let site = &work.site;
        let (users, unseen) = successor::users(site.client, &site.collection, site.name.as_str()).await;
        if users.is_empty() {
            ctx.say(format_args!("{} is immutable and stays; nothing that was looked at refers to it", self.name));
        } else {
            ctx.say(format_args!(
                "{} is immutable and stays; these refer to it, and are to refer to secret/{name}: {}",
                self.name,
                users.join(", ")
            ));
        }
        if !unseen.is_empty() {
            ctx.say(format_args!("not looked at, for lack of rights: {}", unseen.join(", ")));
        }
        Ok(())
    }
}

/// Returns the holder of a rotation, for a message.
pub fn holder(companion: &Companion) -> String {
    match &companion.state.holder {
        None => "<none>".to_owned(),
        Some(holder) if holder.is_gone() => format!("process {} on {}, which has ended", holder.pid, holder.host),
        Some(holder) => format!("process {} on {}", holder.pid, holder.host),
    }
}
