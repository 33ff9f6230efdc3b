//! `--fix`: mends on a server what is safe, under the version that was looked at.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Map, json};

use super::{
    place::{self, Place},
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
    findings::{Finding, mend},
    print::held,
    secret::{Object, Value, resource::Resource},
};

/// How what is safe is mended.
pub(super) struct Fix {
    pub(super) write: Write,
}

/// What will be mended. Invariant: it holds no value; they are read again.
#[derive(Default)]
pub(super) struct Plan {
    secrets: Vec<Planned>,
    held: usize,
}

struct Planned {
    place: Place,
    uid: String,
    version: String,
    is_immutable: bool,
    findings: Vec<Finding>,
}

impl Plan {
    /// Adds a Secret.
    ///
    /// # Errors
    /// More of them than are held in memory.
    pub(super) fn add(&mut self, object: &Object, place: Place, findings: Vec<Finding>) -> Result<()> {
        let text = |field: &str| object.json()["metadata"][field].as_str().unwrap_or_default().to_owned();
        let is_immutable = object.json()["immutable"] == true;
        self.held += 512 + findings.len() * 256;
        held::check(self.held)?;
        self.secrets.push(Planned {
            place,
            uid: text("uid"),
            version: text("resourceVersion"),
            is_immutable,
            findings,
        });
        Ok(())
    }
}

impl Fix {
    /// Shows the keys, and mends them unless this is a dry run of the client. What is not mended is reported as found.
    /// Returns what failed.
    ///
    /// # Errors
    /// Standard output that cannot be written.
    pub(super) async fn mend(
        &self,
        plan: Plan,
        client: &Client,
        report: &mut Report,
        ctx: &mut Context,
    ) -> Result<Vec<Error>> {
        for planned in &plan.secrets {
            for finding in planned.findings.iter().filter(|_| !planned.is_immutable) {
                let field = place::field(&finding.field);
                let code = finding.rule.code;
                ctx.say(format_args!("{}: {field}: {} [{code}]", planned.place.shown(), finding.sentence));
            }
        }
        let mut failures = Vec::new();
        for planned in &plan.secrets {
            let shown = planned.place.shown();
            let outcome = match (planned.is_immutable, self.write.dry_run) {
                (true, _) => Err(Error::new(format_args!("{shown} is immutable, and cannot be mended"))),
                (false, DryRun::Client) => Ok(()),
                (false, _) => self.mend_one(planned, client, ctx).await,
            };
            if outcome.is_err() || self.write.dry_run != DryRun::None {
                for finding in &planned.findings {
                    report.add(finding, &planned.place, 0, ctx)?;
                }
            }
            match outcome {
                Ok(()) => ctx.say(format_args!("{shown} mended{}", self.write.dry_run.suffix())),
                Err(error) => failures.push(error),
            }
        }
        Ok(failures)
    }

    async fn mend_one(&self, planned: &Planned, client: &Client, ctx: &mut Context) -> Result<()> {
        let target = Target::new(Resource::Secrets, &planned.place.namespace, &planned.place.name)?;
        let object = targets::fetch(client, &target).await?;
        let metadata = &object.json()["metadata"];
        if metadata["uid"] != planned.uid || metadata["resourceVersion"] != planned.version {
            let text = format!("{} was changed meanwhile, and is not mended", planned.place.shown());
            return Err(Error::new(text).hint("run the command again"));
        }
        let kind = object.json()["type"].as_str().unwrap_or_default();
        let mut data = Map::new();
        let keys: BTreeSet<&str> =
            planned.findings.iter().filter_map(|finding| finding.field.get(1)).map(String::as_str).collect();
        for key in keys {
            let value = object.json()["data"][key].as_str().and_then(Value::from_base64).unwrap_or_default();
            if let Some(mended) = mend::of(kind, key, value.expose()) {
                data.insert(key.to_owned(), Value::new(mended.value.as_slice()).to_base64().into());
            }
        }
        // Invariant: the server refuses the patch if the Secret is another one, or was changed since it was looked at.
        let metadata = json!({"uid": planned.uid, "resourceVersion": planned.version});
        let patch = Object::new(json!({"metadata": metadata, "data": data}));
        let call = Call::new(Method::PATCH, target.path()).body(session::MERGE_PATCH, patch.json().to_string());
        let answer = client.call(self.write.on(call)).await;
        let answer = answer.map_err(|failure| failure.redacted(&patch).redacted(&object))?;
        session::say_warnings(ctx, &answer);
        Ok(())
    }
}
