//! Checks Secrets on a server page by page, so that memory does not grow with the list.

use std::{future::Future, pin::Pin};

use super::{
    fix::{self, Fix, Planned},
    location::Location,
    options::Stored,
    report::Report,
};
use crate::{
    client::{Call, Client, ListOptions},
    commands::{
        session,
        targets::{self, Meaning, named},
    },
    context::Context,
    error::{Error, Result},
    findings::{self, Finding, Remedy, Secret, Seen, Settings, repair},
    secret::{Object, resource::Resource},
};

/// A request to a server that returns what failed. Why boxed: without its type, the code that waits for it is compiled
/// once.
pub(super) type Asking<'a> = Pin<Box<dyn Future<Output = Result<Vec<Error>>> + 'a>>;

/// Secrets per page, kubectl's number.
const PAGE: u64 = 500;

/// What checking each Secret needs.
struct Look<'a> {
    settings: &'a Settings,
    seen: &'a mut Seen,
    report: &'a mut Report,
    /// What `--fix` will correct; `None` without it.
    plan: Option<fix::Plan>,
}

/// Checks Secrets on a server, and corrects them with `--fix`. Returns errors about names that could not be read, and
/// about Secrets that could not be corrected.
///
/// # Errors
/// A list that cannot be read to its end.
pub(super) async fn check(
    client: &Client,
    stored: &Stored,
    settings: &Settings,
    fix: Option<Fix>,
    seen: &mut Seen,
    report: &mut Report,
    ctx: &mut Context,
) -> Result<Vec<Error>> {
    let mut failures = Vec::new();
    let mut look = Look { settings, seen, report, plan: fix.as_ref().map(|_| fix::Plan::default()) };
    match &stored.meaning {
        Meaning::Files(_) => {}
        Meaning::Lists(kinds) => {
            for _ in kinds.iter().filter(|kind| **kind == Resource::Secrets) {
                list(client, stored, &mut look, ctx).await?;
            }
        }
        Meaning::Names(names, _) => {
            for target in named(names, client) {
                let found = async {
                    let target = target?;
                    let answer = targets::get(client, &target, Call::get(target.path()), false).await?;
                    session::say_warnings(ctx, &answer);
                    Ok(answer.object_named(target.namespace(), target.name.as_str())?)
                };
                match found.await {
                    Ok(object) => look.at(&object, ctx)?,
                    Err(error) => failures.push(error),
                }
            }
        }
    }
    if let (Some(fix), Some(plan)) = (fix, look.plan.take()) {
        failures.extend(fix.repair(plan, client, look.report, ctx).await?);
    }
    Ok(failures)
}

async fn list(client: &Client, stored: &Stored, look: &mut Look<'_>, ctx: &mut Context) -> Result<()> {
    let path = client.listed(Resource::Secrets, stored.all_namespaces)?;
    let options = ListOptions {
        label_selector: stored.labels.clone(),
        field_selector: stored.fields.clone(),
        limit: PAGE,
        ..ListOptions::default()
    };
    let mut pages = client.list(Resource::Secrets, path, options);
    while let Some(page) = pages.next().await? {
        session::say_all(ctx, &page.warnings);
        for object in page.objects(Resource::Secrets) {
            look.at(&object?, ctx)?;
        }
    }
    Ok(())
}

impl Look<'_> {
    fn at(&mut self, object: &Object, ctx: &mut Context) -> Result<()> {
        if object.kind() != Resource::Secrets.kind() {
            return Ok(());
        }
        self.report.looked();
        let place = Location::of_object(object);
        let (mut before, mut prepared) = findings::check(object.json(), self.settings);
        let shared = self.seen.add(&Secret::of(prepared.json()), &place.shown());
        let fixable = |finding: &Finding| finding.remedy == Remedy::Fix && !self.report.skips(finding.rule);
        if let Some(plan) = self.plan.as_mut().filter(|_| before.iter().any(fixable)) {
            repair::values(prepared.json_mut(), self.report.skipped());
            let (mut after, _) = findings::check(prepared.json(), self.settings);
            after.extend(shared.iter().cloned());
            before.extend(shared);
            return plan.add(Planned { place, before, after });
        }
        before.iter().chain(&shared).try_for_each(|finding| self.report.add(finding, &place, 0, ctx))
    }
}
