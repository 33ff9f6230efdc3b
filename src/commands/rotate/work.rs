//! The steps of a rotation. Invariant: each step first checks whether it is done, so that a process that continues does
//! nothing twice.

use std::{collections::BTreeMap, time::Duration};

use super::{
    calls::{Hooks, words},
    companion::{Companion, Which},
    live::{Live, Promotion},
    server::{Site, written},
    state::{State, Step},
    successor,
};
use crate::{
    context::Context,
    error::{Error, Result},
    hooks::Ended,
    secret::Value,
};

/// How a rotation ended.
pub enum End {
    /// Everything is done.
    Finished,
    /// The new values are in force, and the former ones are accepted too.
    Overlap(Box<State>),
    /// It failed, for this reason, and the former state is proven to be in force.
    Former(String),
}

/// A rotation that this process works on.
pub struct Work<'w> {
    /// The place of the rotation.
    pub site: Site<'w>,
    /// The hooks.
    pub hooks: Hooks,
    /// The state and the values.
    pub companion: Companion,
    /// Whether the overlap is to be ended.
    pub finishes: bool,
    /// The name of the successor that was created.
    pub successor: Option<String>,
    /// Whether the new values came from outside. A backend may then know them before the first step, so `--verify` is
    /// asked first.
    pub asks_first: bool,
    /// Whether this process has sent the promotion. Until the response, the Secret may have either value.
    pub promoting: bool,
    /// Whether the companion exists.
    pub is_kept: bool,
    /// Whether this process has sent the deletion of the companion. Until the response, it may exist or not.
    pub deleting: bool,
}

type Entries = BTreeMap<String, Value>;

impl<'w> Work<'w> {
    /// Returns the work on a rotation that this process holds.
    pub fn new(site: Site<'w>, hooks: Hooks, companion: Companion) -> Self {
        Self {
            site,
            hooks,
            companion,
            finishes: false,
            successor: None,
            asks_first: false,
            promoting: false,
            is_kept: true,
            deleting: false,
        }
    }

    /// Does the remaining steps.
    ///
    /// # Errors
    /// A failed step; completed steps stay, and both values are kept. A conflict with another process has status 4.
    pub async fn go(&mut self, ctx: &mut Context) -> Result<End> {
        loop {
            match self.companion.state.step {
                Step::Pending => {
                    self.make_values(ctx).await?;
                    if let Some(end) = self.set(ctx).await? {
                        return Ok(end);
                    }
                }
                Step::Set => {
                    if let Some(end) = self.verify(ctx).await? {
                        return Ok(end);
                    }
                }
                Step::Verified => self.promote().await?,
                Step::Promoted if self.companion.state.plan.overlaps() => {
                    self.companion
                        .advance(&self.site, |state| {
                            state.step = Step::Overlap;
                            state.holder = None;
                        })
                        .await?;
                }
                Step::Overlap if !self.finishes => {
                    return Ok(End::Overlap(Box::new(self.companion.state.clone())));
                }
                Step::Promoted | Step::Overlap => self.revoke(ctx).await?,
                Step::Revoked => {
                    self.clean().await?;
                    self.delete().await?;
                    return Ok(End::Finished);
                }
            }
        }
    }

    /// Runs the commands that make values, for keys without a new value.
    async fn make_values(&mut self, ctx: &Context) -> Result<()> {
        let known = self.companion.values(Which::New);
        let mut made = Entries::new();
        let keys = self.companion.state.plan.keys.clone();
        for key in keys.into_iter().filter(|key| !known.contains_key(key)) {
            let value = match self.hooks.make(&key, &self.site, &mut self.companion, ctx).await {
                // There is no new value yet, so there is nothing to continue.
                Err(error) if error.exit_status() != super::CONFLICT && self.hooks.makers.contains_key(&key) => {
                    return Err(self.give_up(error).await);
                }
                outcome => outcome?,
            };
            made.insert(key, value);
        }
        if made.is_empty() {
            return Ok(());
        }
        self.companion.add(&self.site, &made).await
    }

    /// Gives the backend the new values, by `--set`.
    async fn set(&mut self, ctx: &mut Context) -> Result<Option<End>> {
        if !self.hooks.given.contains_key("set") {
            self.companion.state.step = Step::Set;
            return Ok(None);
        }
        let live = self.live().await?;
        if live.is_promoted_by(&self.companion.state.token) {
            self.companion.state.step = Step::Verified;
            return Ok(None);
        }
        self.check_unchanged(&live).await?;
        let (new, former) = self.views(&live);
        let is_again = self.companion.state.begun.contains_key("set");
        if (is_again || self.asks_first) && self.ask(&new, &former, ctx).await? == Some(Ended::Done) {
            return self.reached(Step::Set).await.map(|()| None);
        }
        match self.run("set", &new, &former, ctx).await? {
            Ended::Done => self.reached(Step::Set).await.map(|()| None),
            ended => self.failed("--set", &ended, ctx).await.map(Some),
        }
    }

    /// Checks that the backend accepts the new values, by `--verify`.
    async fn verify(&mut self, ctx: &mut Context) -> Result<Option<End>> {
        if !self.hooks.given.contains_key("verify") {
            self.companion.state.step = Step::Verified;
            return Ok(None);
        }
        let live = self.live().await?;
        let (new, former) = self.views(&live);
        match self.run("verify", &new, &former, ctx).await? {
            Ended::Done => self.reached(Step::Verified).await.map(|()| None),
            ended => self.failed("--verify", &ended, ctx).await.map(Some),
        }
    }

    /// Writes the new values into the Secret.
    async fn promote(&mut self) -> Result<()> {
        self.promoting = true;
        let promotion = self.promotion();
        let done = match self.companion.state.plan.successor {
            true => {
                let (successor, object) = successor::create(&self.site, &promotion).await?;
                self.successor = Some(successor);
                object
            }
            false => match promotion.write(&self.site).await {
                Ok(object) => object,
                Err(refusal) => {
                    self.promoting = !refusal.is_clear;
                    return Err(if refusal.is_clear { self.give_up(refusal.error).await } else { refusal.error });
                }
            },
        };
        self.promoting = false;
        let state = &mut self.companion.state;
        let at = written(&done).unwrap_or_else(crate::commands::output::now);
        state.until = state.plan.grace.and_then(|grace| at.checked_add(Duration::from_secs(grace)).ok());
        state.step = Step::Promoted;
        Ok(())
    }

    /// Ends the former values at the backend, by `--revoke`.
    async fn revoke(&mut self, ctx: &mut Context) -> Result<()> {
        if !self.hooks.given.contains_key("revoke") {
            self.companion.state.step = Step::Revoked;
            return Ok(());
        }
        let live = self.live().await?;
        let (new, former) = self.views(&live);
        let is_again = self.companion.state.begun.contains_key("revoke");
        let is_done = is_again && matches!(self.ask(&former, &new, ctx).await?, Some(Ended::Failed(_)));
        if !is_done {
            let ended = self.run("revoke", &new, &former, ctx).await?;
            if ended != Ended::Done {
                return Err(Error::new(format!("--revoke: {}", words(&ended))));
            }
        }
        let unproven = match self.ask(&former, &new, ctx).await? {
            None => None,
            Some(Ended::Done) => Some("--revoke ended well, and --verify still accepts the former value"),
            Some(Ended::Again) => Some("--verify does not tell yet whether the former value is revoked"),
            // Why the new value is tried too: a backend that does not work at all refuses the former value as well.
            Some(Ended::Failed(_)) if self.ask(&new, &former, ctx).await? == Some(Ended::Done) => None,
            Some(Ended::Failed(_)) => {
                Some("--verify fails for the new value as well, which does not prove the former one revoked")
            }
        };
        if let Some(unproven) = unproven {
            return Err(Error::new(unproven));
        }
        self.reached(Step::Revoked).await
    }

    /// Removes the former values from the Secret.
    async fn clean(&mut self) -> Result<()> {
        let plan = &self.companion.state.plan;
        let ends = plan.overlaps() || self.hooks.given.contains_key("revoke");
        if !ends || plan.successor {
            return Ok(());
        }
        self.promotion().clean(&self.site).await
    }

    /// Ends in the former state, if it is proven to be in force.
    ///
    /// # Errors
    /// If it is not proven.
    pub async fn restore(&mut self, why: &str, ctx: &mut Context) -> Result<End> {
        let told =
            |what: String| Error::new([why, &what].map(str::to_owned).join(if why.is_empty() { "" } else { "; " }));
        let live = self.live().await?;
        if live.is_promoted_by(&self.companion.state.token) || self.companion.state.step >= Step::Promoted {
            return Err(told("the new value is in force already".to_owned()));
        }
        if self.companion.state.set_begun {
            let (new, former) = self.views(&live);
            if self.hooks.given.contains_key("undo") {
                let ended = self.run("undo", &new, &former, ctx).await?;
                if ended != Ended::Done {
                    return Err(told(format!("--undo: {}", words(&ended))));
                }
            }
            match self.ask(&former, &new, ctx).await? {
                Some(Ended::Done) => {}
                None => {
                    return Err(told(
                        "a backend may know the new value, and without --verify nothing proves that the former one is \
                         in force"
                            .to_owned(),
                    ));
                }
                Some(ended) => {
                    return Err(told(format!(
                        "--verify of the former value: {}, so that it is not proven to be in force",
                        words(&ended)
                    )));
                }
            }
        }
        self.delete().await?;
        Ok(End::Former(why.to_owned()))
    }

    /// Continues after a hook that failed before the promotion.
    async fn failed(&mut self, flag: &str, ended: &Ended, ctx: &mut Context) -> Result<End> {
        let why = format!("{flag}: {}", words(ended));
        match self.companion.state.plan.restores || !self.companion.state.set_begun {
            true => self.restore(&why, ctx).await,
            false => Err(Error::new(why)),
        }
    }

    /// Deletes the companion if the Secret could not be written and no backend knows its values.
    async fn give_up(&mut self, error: Error) -> Error {
        if self.companion.state.set_begun {
            return error;
        }
        match self.delete().await {
            Ok(()) => error.hint("nothing was changed, and no new value is kept"),
            Err(failure) => failure,
        }
    }

    async fn delete(&mut self) -> Result<()> {
        self.deleting = true;
        self.companion.delete(&self.site).await?;
        self.is_kept = false;
        Ok(())
    }

    /// Refuses to continue if another process has changed the keys.
    async fn check_unchanged(&mut self, live: &Live) -> Result<()> {
        match live.check_former(&self.promotion()) {
            Ok(()) => Ok(()),
            Err(error) => Err(self.give_up(error).await),
        }
    }

    async fn live(&self) -> Result<Live> {
        Live::read(&self.site, &self.companion.state.uid).await
    }

    /// Returns the promotion.
    pub fn promotion(&self) -> Promotion {
        let state = &self.companion.state;
        Promotion {
            plan: state.plan.clone(),
            token: state.token.clone(),
            uid: state.uid.clone(),
            new: self.companion.values(Which::New),
            former: self.companion.values(Which::Former),
        }
    }

    /// Returns all entries of the Secret with the new values, and with the former ones.
    fn views(&self, live: &Live) -> (Entries, Entries) {
        let promotion = self.promotion();
        let mut new = live.entries();
        let mut former = new.clone();
        for key in &promotion.plan.keys {
            new.remove(key);
            former.remove(key);
        }
        new.extend(promotion.new);
        former.extend(promotion.former);
        (new, former)
    }

    /// Runs `--verify` on some entries, with others as the current ones; `None` if there is no such hook.
    async fn ask(&mut self, tried: &Entries, others: &Entries, ctx: &mut Context) -> Result<Option<Ended>> {
        match self.hooks.given.contains_key("verify") {
            true => self.run("verify", tried, others, ctx).await.map(Some),
            false => Ok(None),
        }
    }

    async fn run(&mut self, step: &'static str, new: &Entries, current: &Entries, ctx: &mut Context) -> Result<Ended> {
        self.hooks.run(step, new, current, &self.site, &mut self.companion, ctx).await
    }

    /// Stores that a step is reached.
    async fn reached(&mut self, step: Step) -> Result<()> {
        self.companion.advance(&self.site, |state| state.step = step).await
    }

    /// Returns which values the Secret has, as far as this process knows.
    pub fn held(&self) -> &'static str {
        match self.companion.state.step {
            _ if self.promoting => "holds the former value or the new one",
            Step::Pending | Step::Set | Step::Verified => "holds the former value",
            _ => "holds the new value",
        }
    }

    /// Stores that this process no longer works on the rotation. Returns whether that succeeded; if not, the lease
    /// expires.
    pub async fn release(&mut self) -> bool {
        self.companion.advance(&self.site, |state| state.holder = None).await.is_ok()
    }
}
