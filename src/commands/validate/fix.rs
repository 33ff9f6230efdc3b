//! `--fix`: makes safe corrections on a server. Invariant: each carries the version that was checked.

use http::Method;
use serde_json::json;

use super::{
    location::{self, Location},
    report::Report,
};
use crate::{
    cli::flags::DryRun,
    client::{Call, Client},
    commands::{
        session,
        targets::{self, Target},
        write::Write,
    },
    context::Context,
    error::{Error, Result},
    findings::{Finding, Remedy, repair},
    print::held,
    secret::{Object, resource::Resource},
};

/// How corrections are made.
pub(super) struct Fix {
    pub(super) write: Write,
}

/// The Secrets to correct. Invariant: this contains no value; values are read again.
#[derive(Default)]
pub(super) struct Plan {
    secrets: Vec<Planned>,
    held: usize,
}

/// A Secret to correct.
pub(super) struct Planned {
    pub(super) place: Location,
    /// The findings before the correction.
    pub(super) before: Vec<Finding>,
    /// The findings that are left after it.
    pub(super) after: Vec<Finding>,
}

/// Prints the keys of an object that will be corrected.
pub(super) fn announce(findings: &[Finding], place: &Location, report: &Report, ctx: &mut Context) {
    let fixable = |finding: &&Finding| finding.remedy == Remedy::Fix && !report.skips(finding.rule);
    for finding in findings.iter().filter(fixable) {
        let (field, code) = (location::field(&finding.field), finding.rule.code);
        ctx.say(format_args!("{}: {field}: {} [{code}]", place.shown(), finding.sentence));
    }
}

impl Plan {
    /// Adds a Secret.
    ///
    /// # Errors
    /// More Secrets than are kept in memory.
    pub(super) fn add(&mut self, planned: Planned) -> Result<()> {
        let size = |findings: &[Finding]| findings.iter().map(|finding| 128 + finding.sentence.len()).sum::<usize>();
        self.held += 256 + size(&planned.before) + size(&planned.after);
        held::check(self.held)?;
        self.secrets.push(planned);
        Ok(())
    }
}

impl Fix {
    /// Prints the keys, and corrects them unless this is a client-side dry run. Reports what is left. Returns what
    /// failed.
    ///
    /// # Errors
    /// Standard output that cannot be written.
    pub(super) async fn repair(
        &self,
        plan: Plan,
        client: &Client,
        report: &mut Report,
        ctx: &mut Context,
    ) -> Result<Vec<Error>> {
        for planned in plan.secrets.iter().filter(|planned| !planned.place.is_immutable) {
            announce(&planned.before, &planned.place, report, ctx);
        }
        let mut failures = Vec::new();
        for planned in plan.secrets {
            let shown = planned.place.shown();
            let outcome = match (planned.place.is_immutable, self.write.dry_run) {
                (true, _) => Err(Error::new(format_args!("{shown} is immutable, and cannot be fixed"))),
                (false, DryRun::Client) => Ok(()),
                (false, _) => self.repair_one(&planned.place, client, report, ctx).await,
            };
            let is_repaired = outcome.is_ok() && self.write.dry_run == DryRun::None;
            for finding in if is_repaired { &planned.after } else { &planned.before } {
                report.add(finding, &planned.place, 0, ctx)?;
            }
            match outcome {
                Ok(()) => ctx.say(format_args!("{shown} fixed{}", self.write.dry_run.suffix())),
                Err(error) => failures.push(error),
            }
        }
        Ok(failures)
    }

    async fn repair_one(&self, place: &Location, client: &Client, report: &Report, ctx: &mut Context) -> Result<()> {
        let target = Target::new(Resource::Secrets, &place.namespace, &place.name)?;
        let mut object = targets::fetch(client, &target).await?;
        let metadata = &object.json()["metadata"];
        if metadata["uid"] != place.uid || metadata["resourceVersion"] != place.version {
            let text = format!("{} was changed meanwhile, and is not fixed", place.shown());
            return Err(Error::new(text).hint("run the command again"));
        }
        let data = repair::values(object.json_mut(), report.skipped());
        // Invariant: the patch carries uid and version, so that the server refuses it if the Secret was recreated or
        // changed since the check.
        let metadata = json!({"uid": place.uid, "resourceVersion": place.version});
        let patch = Object::new(json!({"metadata": metadata, "data": data}));
        let call = Call::new(Method::PATCH, target.path()).body(session::MERGE_PATCH, patch.json().to_string());
        let answer = client.call(self.write.on(call)).await;
        let answer = answer.map_err(|failure| failure.redacted(&patch).redacted(&object))?;
        session::say_warnings(ctx, &answer);
        Ok(())
    }
}
