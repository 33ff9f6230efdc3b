//! `validate --list`: prints every rule.

use super::{
    members::Members,
    report::{Format, VERSION},
};
use crate::{
    context::{
        Context,
        color::{HEADER, paint},
    },
    error::Result,
    findings::{Rule, rules::ALL},
};

/// Prints the rules, as text or JSON.
///
/// # Errors
/// Standard output that cannot be written.
pub(super) fn print(format: Format, ctx: &mut Context) -> Result<()> {
    if format == Format::Json {
        let one = |rule: &&Rule| {
            let mut members = Members::new();
            members.text("code", rule.code).text("name", rule.name).text("level", rule.level.as_str());
            members.text("what", rule.what).text("why", rule.why).text("fix", rule.remedy).end()
        };
        let rules: Vec<String> = ALL.iter().map(one).collect();
        let mut list = Members::new();
        list.text("apiVersion", VERSION).text("kind", "RuleList");
        return ctx.put(list.json("rules", &format!("[{}]", rules.join(","))).end() + "\n");
    }
    for rule in ALL {
        let head = format!("{} {} ({})", rule.code, rule.name, rule.level.as_str());
        let head = if ctx.color { paint(HEADER, &head) } else { head };
        ctx.put_styled(&format!("{head}\n  {}\n  why: {}\n  fix: {}\n", rule.what, rule.why, rule.remedy))?;
    }
    Ok(())
}
