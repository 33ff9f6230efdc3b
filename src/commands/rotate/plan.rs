//! `rotate --dry-run`: prints the steps of a rotation, and whether the user's rights suffice.

use serde_json::json;

use super::{begin::Prepared, calls::Hooks, options::Request, server::Site};
use crate::{
    commands::auth,
    context::Context,
    error::{Error, Result},
};

/// Prints the steps.
///
/// # Errors
/// A Secret that does not exist, rights that do not suffice.
pub async fn run(request: &Request, site: &Site<'_>, hooks: &Hooks, ctx: &mut Context) -> Result<()> {
    let secret = site.get(&site.name).await?;
    let prepared = Prepared::of(request, hooks, &secret, &site.manager)?;
    let plan = &prepared.plan;
    let (name, companion) = (&site.name, &site.companion);
    let keys = plan.keys.join(", ");
    let mut steps = vec![format!("keep the new value of {keys} in secret/{companion}, which is the lock")];
    for key in &request.made {
        steps.push(format!("make the value of {key} by its --from-exec"));
    }
    let run = |flag: &str, steps: &mut Vec<String>| {
        if let Some(hook) = hooks.given.get(flag) {
            steps.push(format!("run --{flag}: {}", hook.text()));
        }
    };
    run("set", &mut steps);
    run("verify", &mut steps);
    steps.push(match plan.successor {
        true => format!("create a successor of secret/{name}, which is immutable"),
        false => format!("have secret/{name} hold it, in one request under its uid and version"),
    });
    if plan.overlaps() {
        let grace = request.grace.map(go::duration::format).map(|grace| format!("for {grace}, ")).unwrap_or_default();
        steps.push(format!("leave the former value in force {grace}until --finish"));
    }
    run("revoke", &mut steps);
    steps.push(format!("delete secret/{companion}"));
    let mut text = String::new();
    for (number, step) in steps.iter().enumerate() {
        text.push_str(&format!("{}. {step}\n", number + 1));
    }
    let mut missing = Vec::new();
    let rights = [("get", name.as_str()), ("patch", name.as_str()), ("create", "")];
    let rights = rights.into_iter().chain(["get", "patch", "delete"].map(|verb| (verb, companion.as_str())));
    for (verb, name) in rights {
        let spec = json!({"resourceAttributes": {
            "verb": verb, "group": "", "resource": "secrets", "name": name, "namespace": site.namespace(),
        }});
        if !auth::is_allowed(&auth::review(&spec, site.client).await?) {
            let name = if name.is_empty() { "secrets".to_owned() } else { format!("secret/{name}") };
            missing.push(format!("{verb} {name}"));
        }
    }
    ctx.put(text)?;
    match missing.is_empty() {
        true => Ok(()),
        false => Err(Error::new(format!("rights are missing: {}", missing.join(", ")))
            .hint("--print-role prints a Role that has them")),
    }
}
