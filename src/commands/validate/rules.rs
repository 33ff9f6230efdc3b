//! `validate --list`: every rule.

use serde_json::{Value as Json, json};

use super::report::Format;
use crate::{
    context::{
        Context,
        color::{HEADER, paint},
    },
    error::Result,
    findings::rules::ALL,
};

/// Prints the rules, for people or as JSON.
///
/// # Errors
/// Standard output that cannot be written.
pub(super) fn print(format: Format, ctx: &mut Context) -> Result<()> {
    if format == Format::Json {
        let rules: Vec<Json> = ALL
            .iter()
            .map(|rule| {
                json!({
                    "code": rule.code, "name": rule.name, "level": rule.level.as_str(),
                    "what": rule.what, "why": rule.why, "mend": rule.mend,
                })
            })
            .collect();
        return ctx
            .put(json!({"apiVersion": "ksecret/findings/v1", "kind": "RuleList", "rules": rules}).to_string() + "\n");
    }
    for rule in ALL {
        let head = format!("{} {} ({})", rule.code, rule.name, rule.level.as_str());
        let head = if ctx.color { paint(HEADER, &head) } else { head };
        ctx.put_styled(&format!("{head}\n  {}\n  why:  {}\n  mend: {}\n", rule.what, rule.why, rule.mend))?;
    }
    Ok(())
}
