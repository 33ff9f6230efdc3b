//! How a process starts to work on a rotation: it begins a new one, or continues one that another process began.

use std::{collections::BTreeMap, time::Instant};

use go::quote::quote;
use jiff::Timestamp;

use super::{
    CONFLICT, bundle,
    calls::Hooks,
    companion::{Companion, Created, LEASE, SUFFIX},
    live::{Live, Promotion, last_token, output_time},
    options::Request,
    server::Site,
    state::{Plan, State, Step, VERSION},
    successor,
    work::{End, Work},
};
use crate::{
    commands::output,
    context::Context,
    error::{Error, Result},
    hooks::end_strays,
    secret::{Object, Value, manager, types, validate::key},
    source::generate,
};

/// How often a process checks whether another one still works.
const POLL: std::time::Duration = std::time::Duration::from_millis(200);

/// The result of starting.
pub enum Begun<'w> {
    /// This process works on the rotation.
    Work(Box<Work<'w>>),
    /// The rotation has ended already, or ends in its current state.
    Done(End),
}

type Entries = BTreeMap<String, Value>;

/// What a rotation is begun with.
pub struct Prepared {
    /// The plan, which is stored.
    pub plan: Plan,
    new: Entries,
    former: Entries,
}

impl Prepared {
    /// Checks the request against the Secret, and generates the new values. `by` is the field manager of rotations.
    ///
    /// # Errors
    /// A key that does not exist; a controller or a tool that manages the Secret; a Secret that is a companion; values
    /// that contradict the flags.
    pub fn of(request: &Request, hooks: &Hooks, secret: &Object, by: &str) -> Result<Self> {
        check_kind(secret)?;
        if let (Some(manager), false) = (manager::of(secret), request.overrides_manager) {
            let text = format!("secret/{} is kept by {}, which would put it back", secret.name(), manager.name);
            return Err(Error::new(text).hint(format!("change {}, or give --override-manager", manager.instead)));
        }
        let former = former(request, secret)?;
        let new = new(request, secret)?;
        Ok(Self { plan: plan(request, hooks, secret, (&new, &former), by)?, new, former })
    }
}

/// Begins a rotation, or continues the one with the same token.
///
/// # Errors
/// A Secret or key that does not exist; a controller or a tool that manages the Secret; another rotation, with status
/// 4; what the server refuses.
pub async fn anew<'w>(
    request: &Request,
    token: Option<&str>,
    site: Site<'w>,
    hooks: Hooks,
    ctx: &mut Context,
) -> Result<Begun<'w>> {
    let secret = site.get(&site.name).await?;
    if let Some(token) = token.filter(|token| last_token(&secret) == Some(token)) {
        // Invariant: the Secret is read before the companion. The Secret gets its token before the companion is
        // deleted, so a rotation that ends in between is seen.
        return match Companion::read(&site).await? {
            Some(companion) if companion.state.token == token => join(companion, site, hooks, false, ctx).await,
            _ => Ok(Begun::Done(End::Finished)),
        };
    }
    let Prepared { plan, new, former } = Prepared::of(request, &hooks, &secret, &site.manager)?;
    let token = match token {
        Some(token) => token.to_owned(),
        None => generate::text(20, b"abcdefghijklmnopqrstuvwxyz0123456789")?,
    };
    let uid = secret.json()["metadata"]["uid"].as_str().unwrap_or_default().to_owned();
    if hooks.given.contains_key("set") && hooks.makers.is_empty() && !plan.successor {
        // Invariant: the write is tried by a dry run before the backend gets the new value, so that what the server
        // would refuse is found while nothing has changed.
        let promotion = Promotion {
            plan: plan.clone(),
            token: token.clone(),
            uid: uid.clone(),
            new: new.clone(),
            former: former.clone(),
        };
        promotion.rehearse(&secret, &site).await?;
    }
    let state = State {
        version: VERSION,
        token,
        uid: uid.clone(),
        step: Step::Pending,
        begun: BTreeMap::new(),
        set_begun: false,
        plan,
        since: now(),
        until: None,
        holder: Some(site.holder.clone()),
        serial: 0,
    };
    let token = state.token.clone();
    loop {
        let there = match Companion::create(&site, &secret, state.clone(), &new, &former).await? {
            Created::Ours(companion) => {
                let asks_first = !request.entries.is_empty() || !hooks.makers.is_empty();
                let mut work = Work::new(site, hooks, companion);
                work.asks_first = asks_first;
                return Ok(Begun::Work(Box::new(work)));
            }
            Created::Exists(companion) => companion,
        };
        if there.state.token == token {
            return join(there, site, hooks, false, ctx).await;
        }
        match abandoned(there, &site).await? {
            Ok(abandoned) => abandoned.delete(&site).await?,
            Err(there) if there.state.uid != uid => {
                return Err(Error::new(format!(
                    "secret/{} is of a rotation of another secret/{}, which was deleted",
                    site.companion, site.name
                ))
                .hint("--abort removes it")
                .status(CONFLICT));
            }
            Err(there) => return Err(locked(&site, &there)),
        }
    }
}

/// Returns a companion as `Ok` if no backend knows its values and no process works on it, so that it can be replaced
/// without loss. Why: a job that was killed between two requests must not block the next one.
async fn abandoned(there: Companion, site: &Site<'_>) -> Result<Result<Companion, Companion>> {
    let since = Instant::now();
    loop {
        if there.state.set_begun || there.state.step >= Step::Promoted {
            return Ok(Err(there));
        }
        match &there.state.holder {
            Some(holder) if holder.is_alive() => return Ok(Err(there)),
            Some(holder) if !holder.is_gone() && since.elapsed() < LEASE => tokio::time::sleep(POLL).await,
            _ => return Ok(Ok(there)),
        }
        match Companion::read(site).await? {
            Some(now) if now.version() == there.version() => {}
            Some(now) => return Ok(Err(now)),
            // The companion was deleted meanwhile; deleting it again has no effect.
            None => return Ok(Ok(there)),
        }
    }
}

/// Continues a rotation: to its end, to the end of its overlap, or back to the former state.
///
/// # Errors
/// There is none; it has another token; it cannot be ended yet.
pub async fn again<'w>(
    token: Option<&str>,
    site: Site<'w>,
    hooks: Hooks,
    finishes: bool,
    aborts: bool,
    ctx: &mut Context,
) -> Result<Begun<'w>> {
    let Some(companion) = Companion::read(&site).await? else {
        let secret = site.get(&site.name).await?;
        if token.is_some() && last_token(&secret) == token && !aborts {
            return Ok(Begun::Done(End::Finished));
        }
        let error = Error::new(format!("no rotation of secret/{} is under way", site.name));
        let at = secret.json()["metadata"]["annotations"][super::live::ROTATED].as_str();
        return Err(match at {
            Some(at) => error.hint(format!("the last one was at {at}")),
            None => error,
        });
    };
    if let Some(token) = token.filter(|token| *token != companion.state.token) {
        return Err(Error::new(format!(
            "secret/{}: the rotation that is under way has the token {}, not {token}",
            site.name, companion.state.token
        ))
        .status(CONFLICT));
    }
    if finishes && companion.state.step < Step::Promoted {
        let step = companion.state.step.word();
        return Err(Error::new(format!(
            "secret/{}: its rotation is only {step}, and has no overlap to end",
            site.name
        ))
        .hint("--continue goes on with it"));
    }
    if aborts && companion.state.step >= Step::Promoted {
        return Err(Error::new(format!("secret/{} holds the new value already", site.name))
            .hint("--finish ends the rotation; another one brings another value"));
    }
    if aborts && Live::find(&site, &companion.state.uid).await?.is_none() {
        // Why without a proof: the Secret that the values were for does not exist any more.
        companion.delete(&site).await?;
        return Ok(Begun::Done(End::Former("the Secret that it was of is gone".to_owned())));
    }
    let begun = join(companion, site, hooks, finishes, ctx).await?;
    let Begun::Work(mut work) = begun else { return Ok(begun) };
    if finishes {
        // Why the server's clock: the end was set by it.
        let now = work.companion.written().unwrap_or_else(output::now);
        if let Some(until) = work.companion.state.until.filter(|until| *until > now) {
            work.release().await;
            let left = crate::secret::age::human(until.as_second() - now.as_second());
            return Err(Error::new(format!(
                "secret/{}: the overlap lasts until {}, for another {left}",
                work.site.name,
                output_time(until)
            )));
        }
    }
    Ok(Begun::Work(work))
}

/// Makes this process the holder of a rotation: at once if there is no other, else when the other one has ended.
async fn join<'w>(
    mut companion: Companion,
    site: Site<'w>,
    hooks: Hooks,
    finishes: bool,
    ctx: &mut Context,
) -> Result<Begun<'w>> {
    let (mut seen, mut since) = (companion.version().to_owned(), Instant::now());
    let mut told = false;
    let token = companion.state.token.clone();
    loop {
        let is_free = match &companion.state.holder {
            None => true,
            Some(holder) => holder.is_gone() || since.elapsed() >= LEASE,
        };
        if is_free {
            if companion.state.step == Step::Overlap && !finishes {
                return Ok(Begun::Done(End::Overlap(Box::new(companion.state))));
            }
            check_hooks(&site, &hooks, &companion.state)?;
            let was_held = companion.state.holder.is_some();
            if companion.take(&site).await? {
                if was_held {
                    // The former holder may have been killed while a hook ran. Its processes are ended first.
                    end_strays(&companion.id()).await;
                }
                let mut work = Work::new(site, hooks, companion);
                work.finishes = finishes;
                return Ok(Begun::Work(Box::new(work)));
            }
        } else {
            if let (false, Some(holder)) = (told, &companion.state.holder) {
                told = true;
                let (pid, host) = (holder.pid, &holder.host);
                ctx.say(format_args!("waiting for process {pid} on {host}, which works on this rotation"));
            }
            tokio::time::sleep(POLL).await;
        }
        companion = match Companion::read(&site).await? {
            Some(companion) if companion.state.token == token => companion,
            Some(other) => return Err(locked(&site, &other)),
            None => {
                let secret = site.get(&site.name).await?;
                return match last_token(&secret) == Some(&token) {
                    true => Ok(Begun::Done(End::Finished)),
                    false => Err(Error::new(format!("secret/{}: another process gave the rotation up", site.name))),
                };
            }
        };
        if companion.version() != seen {
            seen = companion.version().to_owned();
            since = Instant::now();
        }
    }
}

/// Refuses to continue without a hook that the rotation was begun with.
fn check_hooks(site: &Site<'_>, hooks: &Hooks, state: &State) -> Result<()> {
    let is_missing = |(flag, _): &(&String, &String)| state.needs(flag) && !hooks.given.contains_key(flag.as_str());
    let Some((flag, command)) = state.plan.hooks.iter().find(is_missing) else { return Ok(()) };
    Err(Error::new(format!("secret/{}: its rotation was begun with --{flag}, which is required again", site.name))
        .hint(format!("it was --{flag}={}; no command is run because a cluster names it", quote(command))))
}

fn locked(site: &Site<'_>, companion: &Companion) -> Error {
    let state = &companion.state;
    let by = match &state.holder {
        Some(holder) if holder.is_gone() => format!(" by process {} on {}, which has ended", holder.pid, holder.host),
        Some(holder) => format!(" by process {} on {}", holder.pid, holder.host),
        None => String::new(),
    };
    Error::new(format!(
        "secret/{}: a rotation is under way, begun at {}{by}; its state is {}, its token is {}",
        site.name,
        output_time(state.since),
        state.step.word(),
        state.token
    ))
    .hint(match state.step == Step::Overlap {
        true => "--finish ends its overlap, --status shows it",
        false => "--continue goes on with it, --status shows it",
    })
    .status(CONFLICT)
}

/// Returns the time in whole seconds, as the API stores it.
fn now() -> Timestamp {
    let now = output::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

fn check_kind(secret: &Object) -> Result<()> {
    match secret.json()["type"] == types::ROTATION {
        true => Err(Error::new(format!("secret/{} is the companion of a rotation", secret.name()))
            .hint(format!("rotate {}", secret.name().trim_end_matches(SUFFIX)))),
        false => Ok(()),
    }
}

/// Returns the current values of the keys.
fn former(request: &Request, secret: &Object) -> Result<Entries> {
    let mut former = Entries::new();
    for name in request.keys() {
        let value = secret.json()["data"][&name].as_str();
        match value.map(Value::from_base64) {
            // Why refused: random letters in the place of a key or a certificate would break its users.
            Some(Some(value)) if request.bare.contains(&name) && !is_one_line(&value) => {
                return Err(Error::new(format!("secret/{}: {name} is no one line of text", secret.name()))
                    .hint(format!("{name}=SPEC says how to make it, --from-file={name}=FILE takes a file")));
            }
            Some(Some(value)) => drop(former.insert(name, value)),
            Some(None) => return Err(Error::new(format!("secret/{}: {name} is not base64", secret.name()))),
            None if request.creates_keys => {}
            None => {
                let keys = secret.json()["data"].as_object().into_iter().flatten().map(|(key, _)| key.as_str());
                let keys = keys.collect::<Vec<_>>().join(", ");
                let error = Error::new(format!("secret/{} has no key {}", secret.name(), quote(&name)));
                let error = if keys.is_empty() { error } else { error.hint(format!("it has {keys}")) };
                return Err(error.hint("--create-key rotates keys that are not there yet"));
            }
        }
    }
    Ok(former)
}

/// Returns whether a value may be a password: text with no line break except at its end.
fn is_one_line(value: &Value) -> bool {
    value.expose_text().is_some_and(|text| !text.trim_end().contains('\n'))
}

/// Returns the new values, except those that commands make.
fn new(request: &Request, secret: &Object) -> Result<Entries> {
    let mut new: Entries = request.entries.iter().cloned().collect();
    for (key, users) in &request.alternates {
        let value = secret.json()["data"][key].as_str().and_then(Value::from_base64).unwrap_or_default();
        let [one, other] = users;
        let next = match value.expose() {
            value if value == one.as_bytes() => other,
            value if value == other.as_bytes() => one,
            _ => return Err(Error::new(format!("--alternate {key}: secret/{} holds neither of both", secret.name()))),
        };
        new.insert(key.clone(), Value::new(next.as_bytes()));
    }
    for spec in &request.specs {
        new.extend(spec.make()?);
    }
    for (name, value) in &new {
        if value.is_empty() {
            return Err(Error::new(format!("the new value of {name} is empty")));
        }
    }
    Ok(new)
}

fn plan(
    request: &Request,
    hooks: &Hooks,
    secret: &Object,
    (new, former): (&Entries, &Entries),
    by: &str,
) -> Result<Plan> {
    let keys = request.keys();
    let successor = secret.json()["immutable"] == true;
    let are_certificates =
        |key: &&String| [new, former].iter().all(|values| values.get(*key).is_some_and(bundle::is_certificates));
    let bundles: Vec<String> = keys.iter().filter(|_| request.bundles).filter(are_certificates).cloned().collect();
    if request.bundles && bundles.is_empty() {
        return Err(Error::new(
            "--overlap=bundle joins certificates, and no key holds only certificates before and after",
        ));
    }
    if successor {
        successor::refuse_bundles(&bundles)?;
    }
    let mut previous = BTreeMap::new();
    if let Some(named) = &request.previous {
        for own in keys.iter().filter(|own| !request.alternates.iter().any(|(user, _)| user == *own)) {
            let name = named.replace('*', own);
            let wrong = key(&name);
            if !wrong.is_empty() || keys.contains(&name) {
                return Err(Error::new(format!("--keep-previous: {} cannot be a key of its own", quote(&name))));
            }
            // Why refused: the existing entry may be the former value of the last rotation, or another one that would
            // be lost.
            let writer = manager::last_writer(secret, std::slice::from_ref(&name)).map(|(writer, _)| writer);
            if secret.json()["data"].get(&name).is_some() && writer.as_deref() != Some(by) {
                let text = format!("--keep-previous: secret/{} has a key {}", secret.name(), quote(&name));
                return Err(Error::new(format!("{text} already, which no rotation wrote"))
                    .hint(format!("--keep-previous='*-old' takes another; ksecret unset {} {name}", secret.name())));
            }
            previous.insert(own.clone(), name);
        }
    }
    let shown = |(flag, hook): (&&'static str, &crate::hooks::Hook)| ((*flag).to_owned(), hook.text().to_owned());
    Ok(Plan {
        keys,
        bundles,
        previous,
        grace: request.grace.map(|grace| grace.as_secs()).filter(|grace| *grace > 0),
        every: request.every.clone(),
        restores: request.restores,
        hooks: hooks.given.iter().map(shown).collect(),
        successor,
    })
}
