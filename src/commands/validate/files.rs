//! Secrets in files, and the references to Secrets of other objects in them.

use std::{collections::HashMap, ffi::OsStr, path::Path};

use serde_json::{Map, Value as Json};

use super::{
    fix::announce,
    location::{Location, locate},
    report::Report,
    rewrite::{self, Change},
    stored::Asking,
};
use crate::{
    cli::flags::{ConnectionFlags, DryRun},
    client::{Call, Client},
    commands::{files, session, targets::Target},
    context::Context,
    error::{Error, Result},
    findings::{
        self, Finding, Mend, Secret, Seen, Settings, mend,
        references::{self, Known},
        rules::{KS101, KS502},
    },
    manifest::{Document, Filenames},
    secret::{Object, resource::Resource},
};

/// The namespace and the name of a Secret.
type Id = (String, String);

/// The Secrets that objects may refer to: those of the files, with their positions, and those that a server was asked
/// for. `None` means that the server does not have the Secret.
#[derive(Default)]
struct Index {
    known: HashMap<Id, (Option<Known>, String)>,
}

/// How files are checked.
pub(super) struct How<'a> {
    /// Whether a server is asked about them.
    pub(super) against: bool,
    pub(super) settings: &'a Settings,
    /// `--fix`: whether safe corrections are made, with the dry-run strategy.
    pub(super) fix: Option<DryRun>,
}

/// Checks the documents of files, and corrects them with `--fix`. Returns errors about what could not be read.
///
/// # Errors
/// Files that do not exist.
pub(super) fn check(
    filenames: &Filenames,
    how: &How<'_>,
    seen: &mut Seen,
    report: &mut Report,
    flags: &ConnectionFlags,
    ctx: &mut Context,
) -> Result<Vec<Error>> {
    let against = how.against;
    let client = if against { Some(session::connect(flags, ctx)?) } else { None };
    let (documents, mut others) = files::load_all(filenames, ctx)?;
    let built = filenames.kustomize.as_deref().map(|directory| kustomization(directory, ctx));
    let place = |document: &Document| Location::of_document(document, built.as_deref());
    let mut failures = Vec::new();
    let mut index = Index::default();
    let mut secrets = Vec::new();
    let typed = flags.namespace.as_deref().filter(|namespace| !namespace.is_empty());
    for document in documents {
        let placed = document.and_then(|mut document| {
            if let Some(namespace) = typed {
                document.set_namespace(namespace, true)?;
            }
            Ok(document)
        });
        match placed {
            Ok(document) if document.object.kind() == Resource::Namespaces.kind() => {
                report.looked();
                let found = findings::check_namespace(document.object.json());
                show(found, &document, &place(&document), report, ctx)?;
            }
            Ok(document) => secrets.push(document),
            Err(error) => failures.push(error),
        }
    }
    let default = match &client {
        Some(client) => client.namespace(),
        None => typed.unwrap_or("default"),
    };
    let id = |object: &Object| {
        let namespace = object.namespace().filter(|namespace| !namespace.is_empty()).unwrap_or(default);
        (namespace.to_owned(), object.name().to_owned())
    };
    let mut plan = Vec::new();
    for document in &secrets {
        report.looked();
        let place = place(document);
        let (mut found, mut prepared) = findings::check(document.object.json(), how.settings);
        let secret = Secret::of(prepared.json());
        let mut shared: Vec<Finding> = index.add(id(&document.object), &secret, document).into_iter().collect();
        shared.extend(seen.add(&secret, &place.shown()));
        let fixable = |finding: &Finding| finding.mend == Mend::Fix && !report.skips(finding.rule);
        if how.fix.is_some() && place.is_editable() && found.iter().any(fixable) {
            let data = mend::values(prepared.json_mut(), report.skipped());
            let (mut after, _) = findings::check(prepared.json(), how.settings);
            after.extend(shared.iter().cloned());
            keep_undecodable(&mut after, &found);
            found.extend(shared);
            plan.push(Planned { document, place, before: found, after, data });
            continue;
        }
        found.extend(shared);
        show(found, document, &place, report, ctx)?;
    }
    if let Some(dry_run) = how.fix {
        // Without a server, a server-side dry run is one of the client.
        let dry_run = if dry_run == DryRun::None { dry_run } else { DryRun::Client };
        failures.extend(mend_files(plan, dry_run, report, ctx)?);
    }
    if let Some(client) = &client {
        let asked: Asking<'_> = Box::pin(ask(client, (&secrets, &others), &id, &place, &mut index, report, ctx));
        failures.extend(session::block_on(asked)?);
    }
    for document in &mut others {
        report.looked();
        let (namespace, _) = id(&document.object);
        let mut found = Vec::new();
        for reference in references::of(document.object.json()) {
            let known = index.known.get(&(namespace.clone(), reference.secret.clone()));
            // Why no finding: the failed request was reported already.
            if known.is_none() && against {
                continue;
            }
            found.extend(references::check(
                &reference,
                known.and_then(|(known, _)| known.as_ref()),
                &namespace,
                against,
            ));
        }
        show(found, document, &place(document), report, ctx)?;
    }
    Ok(failures)
}

/// Keeps findings about entries that are not base64, since a corrected Secret has no value there to check.
fn keep_undecodable(after: &mut Vec<Finding>, before: &[Finding]) {
    let is_of = |one: &Finding, other: &Finding| match (one.field.as_slice(), other.field.as_slice()) {
        // Values may be in `data` or `stringData`.
        ([field, key], [_, other]) => key == other && field != "metadata",
        (field, other) => field == other,
    };
    let undecodable: Vec<&Finding> = before.iter().filter(|finding| *finding.rule == KS101).collect();
    after.retain(|finding| !undecodable.iter().any(|one| is_of(finding, one)));
    after.extend(undecodable.into_iter().cloned());
}

/// A Secret of a file to correct.
struct Planned<'a> {
    document: &'a Document,
    place: Location,
    /// The findings before and after the correction.
    before: Vec<Finding>,
    after: Vec<Finding>,
    /// The values that change. They are wiped in [`mend_files`].
    data: Map<String, Json>,
}

/// Prints the keys, and corrects them file by file unless this is a dry run. Returns what failed.
fn mend_files(plan: Vec<Planned<'_>>, dry_run: DryRun, report: &mut Report, ctx: &mut Context) -> Result<Vec<Error>> {
    for planned in &plan {
        announce(&planned.before, &planned.place, report, ctx);
    }
    let path = |document: &Document| document.origin.path.clone();
    let mut files: Vec<String> = plan.iter().map(|planned| path(planned.document)).collect();
    files.dedup();
    let mut failures = Vec::new();
    for file in files {
        let own: Vec<&Planned<'_>> = plan.iter().filter(|planned| planned.document.origin.path == file).collect();
        let changes: Vec<Change<'_>> =
            own.iter().map(|planned| Change { document: planned.document, data: &planned.data }).collect();
        let outcome = match dry_run {
            DryRun::None => rewrite::file(&file, &changes, &ctx.env),
            _ => Ok(()),
        };
        let is_mended = outcome.is_ok() && dry_run == DryRun::None;
        for planned in own {
            let found = if is_mended { &planned.after } else { &planned.before };
            show(found.clone(), planned.document, &planned.place, report, ctx)?;
        }
        match outcome {
            Ok(()) => ctx.say(format_args!("{file} fixed{}", dry_run.suffix())),
            Err(error) => failures.push(error),
        }
    }
    for planned in plan {
        drop(Object::new(Json::Object(planned.data)));
    }
    Ok(failures)
}

/// Returns the file of a kustomization. Objects that are built from it are in no file themselves.
fn kustomization(directory: &OsStr, ctx: &Context) -> String {
    let directory = Path::new(directory);
    let names = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
    let found = names.iter().map(|name| directory.join(name)).find(|file| ctx.env.cwd().join(file).is_file());
    found.unwrap_or_else(|| directory.to_owned()).to_string_lossy().into_owned()
}

impl Index {
    /// Adds a Secret of the files. Returns a finding if another one has its name.
    fn add(&mut self, id: Id, secret: &Secret<'_>, document: &Document) -> Option<Finding> {
        if id.1.is_empty() {
            return None;
        }
        let here = format!("{}:{}", document.origin.path, document.origin.line);
        let (_, there) = self.known.insert(id, (Some(Known::of(secret)), here))?;
        Some(Finding {
            rule: &KS502,
            field: vec!["metadata".to_owned(), "name".to_owned()],
            sentence: format!("stands at {there} too"),
            mend: Mend::Object,
        })
    }
}

/// Asks a server for the Secrets of the files, which it may refuse to change, and for those that are referred to.
/// Returns the failed requests.
async fn ask(
    client: &Client,
    (secrets, others): (&[Document], &[Document]),
    id: &dyn Fn(&Object) -> Id,
    place: &dyn Fn(&Document) -> Location,
    index: &mut Index,
    report: &mut Report,
    ctx: &mut Context,
) -> Result<Vec<Error>> {
    let mut failures = Vec::new();
    for document in secrets.iter().filter(|document| !document.object.name().is_empty()) {
        match get(client, &id(&document.object), ctx).await {
            Ok(None) => {}
            Ok(Some(old)) => {
                let found = findings::check_update(document.object.json(), old.json());
                show(found, document, &place(document), report, ctx)?;
            }
            Err(error) => failures.push(error),
        }
    }
    for document in others {
        let (namespace, _) = id(&document.object);
        for reference in references::of(document.object.json()) {
            let id = (namespace.clone(), reference.secret);
            if index.known.contains_key(&id) {
                continue;
            }
            match get(client, &id, ctx).await {
                Ok(found) => {
                    let known = found.map(|object| Known::of(&Secret::of(object.json())));
                    index.known.insert(id, (known, String::new()));
                }
                Err(error) => failures.push(error),
            }
        }
    }
    Ok(failures)
}

/// Reads a Secret; `None` if it or its namespace does not exist.
async fn get(client: &Client, (namespace, name): &Id, ctx: &mut Context) -> Result<Option<Object>> {
    // A Secret cannot exist under an invalid name.
    let Ok(target) = Target::new(Resource::Secrets, namespace, name) else { return Ok(None) };
    match client.call(Call::get(target.path())).await {
        Ok(answer) => {
            session::say_warnings(ctx, &answer);
            Ok(Some(answer.object_named(target.namespace(), target.name.as_str())?))
        }
        Err(failure) if failure.is_not_found() => Ok(None),
        Err(failure) => Err(failure.into()),
    }
}

fn show(
    found: Vec<Finding>,
    document: &Document,
    place: &Location,
    report: &mut Report,
    ctx: &mut Context,
) -> Result<()> {
    for mut finding in found {
        let line = locate(&mut finding, document);
        report.add(&finding, place, line, ctx)?;
    }
    Ok(())
}
