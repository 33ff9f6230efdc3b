//! Calls of hooks: a record before each, and renewing the lease while one runs.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use super::{
    CONFLICT,
    companion::{Companion, LEASE},
    server::Site,
};
use crate::{
    context::Context,
    error::{Error, Result},
    hooks::{Call, Ended, Hook},
    receipts::{self, Receipts},
    secret::Value,
};

/// How often a hook is run that answers "again later" (status 75).
const ATTEMPTS: u32 = 5;
/// The pause after the first such answer. Each pause is twice as long as the one before.
const PAUSE: Duration = Duration::from_secs(1);

/// The hooks of a rotation.
#[derive(Debug, Default)]
pub struct Hooks {
    /// The hooks that were typed, by their flags without dashes: `set`, `verify`, `revoke`, `undo`.
    pub given: BTreeMap<&'static str, Hook>,
    /// The commands that make values, by key.
    pub makers: BTreeMap<String, Hook>,
    /// The time limit of each.
    pub limit: Duration,
    /// Where their runs are recorded.
    pub receipts: Receipts,
}

impl Hooks {
    /// Runs a hook until it succeeds or fails, at most [`ATTEMPTS`] times. `new` are the entries on descriptor 3,
    /// `current` those on descriptor 4.
    ///
    /// # Errors
    /// A hook that was not typed or cannot be started; another process that has taken over the rotation.
    pub async fn run(
        &self,
        step: &'static str,
        new: &BTreeMap<String, Value>,
        current: &BTreeMap<String, Value>,
        site: &Site<'_>,
        companion: &mut Companion,
        ctx: &mut Context,
    ) -> Result<Ended> {
        let Some(hook) = self.given.get(step) else { return Err(Error::new(format!("--{step} is required"))) };
        let env = ctx.env.clone();
        let (rotation, token) = (companion.id(), companion.state.token.clone());
        let (mut pause, mut tries) = (PAUSE, 0);
        loop {
            companion
                .advance(site, |state| {
                    *state.begun.entry(step.to_owned()).or_default() += 1;
                    state.set_begun |= step == "set";
                })
                .await?;
            let call = Call {
                rotation: &rotation,
                step,
                name: site.name.as_str(),
                namespace: site.namespace(),
                token: &token,
                attempt: companion.state.begun.get(step).copied().unwrap_or(1),
                new,
                current,
                limit: self.limit,
                env: &env,
            };
            let begun = Instant::now();
            let ended = renewing(companion, site, hook.run(&call, &mut |line| ctx.say(line))).await?;
            self.receipts.add_hook(receipts::Hook {
                step: step.to_owned(),
                status: told(&ended).to_owned(),
                seconds: begun.elapsed().as_secs_f64(),
            });
            tries += 1;
            if ended != Ended::Again || tries == ATTEMPTS {
                return Ok(ended);
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
    }

    /// Runs the command that makes the value of a key.
    ///
    /// # Errors
    /// There is none; it fails; another process has taken over the rotation.
    pub async fn make(&self, key: &str, site: &Site<'_>, companion: &mut Companion, ctx: &Context) -> Result<Value> {
        match self.makers.get(key) {
            Some(maker) => renewing(companion, site, maker.output(&ctx.env, self.limit)).await,
            None => Err(Error::new(format!("{key} has no new value yet: give its --from-exec again"))),
        }
    }
}

/// Does `work`, and meanwhile renews the lease, so that no other process takes the rotation over.
async fn renewing<T>(companion: &mut Companion, site: &Site<'_>, work: impl Future<Output = Result<T>>) -> Result<T> {
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(LEASE / 3) => {
                // Why a timeout: `work` does not advance while the renewal is waited for. A renewal that fails is
                // followed by another.
                let renewal = tokio::time::timeout(LEASE / 3, companion.advance(site, |_| {})).await;
                if let Ok(Err(error)) = renewal
                    && error.exit_status() == CONFLICT
                {
                    return Err(error);
                }
            }
        }
    }
}

/// Returns how a hook ended, for a receipt.
fn told(ended: &Ended) -> &str {
    match ended {
        Ended::Done => "done",
        Ended::Again => "again",
        Ended::Failed(how) => how,
    }
}

/// Returns how a hook failed, for a message.
pub fn words(ended: &Ended) -> &str {
    match ended {
        Ended::Again => "exit status 75: again later, too often",
        ended => told(ended),
    }
}
