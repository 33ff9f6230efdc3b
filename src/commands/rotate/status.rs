//! `rotate NAME --status`: prints the state of a rotation.

use serde_json::json;

use super::{
    companion::Companion,
    live::{EVERY, EXPIRES, ROTATED, TOKEN, output_time},
    options::Format,
    report::{self, Report},
    server::Site,
    state::Step,
};
use crate::{context::Context, error::Result, secret::sanitize};
use go::tabwriter;

/// Prints the state.
///
/// # Errors
/// A Secret that does not exist, a companion that cannot be read.
pub async fn run(site: &Site<'_>, format: Format, report: &Report, ctx: &mut Context) -> Result<()> {
    let secret = site.get(&site.name).await?;
    let companion = Companion::read(site).await?;
    let annotation = |key: &str| secret.json()["metadata"]["annotations"][key].as_str().map(str::to_owned);
    let (rotated, every, expires) = (annotation(ROTATED), annotation(EVERY), annotation(EXPIRES));
    let state = companion.as_ref().map(|companion| &companion.state);
    if format == Format::Json {
        let state = state.map(|state| {
            json!({
                "step": state.step, "token": state.token, "keys": state.plan.keys, "since": state.since,
                "until": state.until, "hooks": state.plan.hooks, "holder": state.holder.as_ref().map(|holder| {
                    json!({"host": holder.host, "pid": holder.pid})
                }),
            })
        });
        let all = json!({
            "apiVersion": "ksecret/rotation/v1", "kind": "RotationStatus",
            "namespace": site.namespace(), "name": site.name.as_str(), "rotatedAt": rotated, "every": every,
            "expiresAt": expires, "lastToken": annotation(TOKEN), "rotation": state,
        });
        return ctx.put(format!("{all}\n"));
    }
    let none = || "<none>".to_owned();
    let mut text = format!("Name:\t{}\nNamespace:\t{}\n", site.name, site.namespace());
    text.push_str(&format!("Rotated:\t{}\nEvery:\t{}\n", rotated.unwrap_or_else(none), every.unwrap_or_else(none)));
    if let Some(expires) = expires {
        text.push_str(&format!("Expires:\t{expires}\n"));
    }
    let Some((companion, state)) = companion.as_ref().zip(state) else {
        text.push_str("Rotation:\t<none>\n");
        return ctx.put(tabwriter::DESCRIPTION.align(&text));
    };
    text.push_str(&format!("Rotation:\t{}\nKeys:\t{}\n", state.step.word(), state.plan.keys.join(", ")));
    text.push_str(&format!("Token:\t{}\nSince:\t{}\n", state.token, output_time(state.since)));
    text.push_str(&format!("Held by:\t{}\n", report::holder(companion)));
    for (flag, command) in &state.plan.hooks {
        text.push_str(&format!("--{flag}:\t{}\n", sanitize::line(command)));
    }
    if state.step >= Step::Promoted {
        text.push_str(&format!("Until:\t{}\n", state.until.map_or_else(none, output_time)));
    }
    let mode = if state.step >= Step::Promoted { "finish" } else { "continue" };
    text.push_str(&format!("Next:\t{}\n", report.line(mode, state)));
    ctx.put(tabwriter::DESCRIPTION.align(&text))
}
