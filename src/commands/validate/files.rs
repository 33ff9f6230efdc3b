//! Secrets in files, and the references to Secrets of other objects in them.

use std::{
    collections::{HashMap, HashSet},
    ffi::OsStr,
    path::Path,
};

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
        self, Finding, Remedy, Secret, Seen, Settings,
        references::{self, Known, Reference},
        repair,
        rules::{KS101, KS502},
    },
    manifest::{Document, Filenames},
    secret::{Object, resource::Resource},
};

/// The namespace and the name of a Secret.
type Id = (String, String);

/// Which Secrets the files have and name.
#[derive(Default)]
struct Index {
    /// The positions of the Secrets of the files.
    places: HashMap<Id, String>,
    /// The Secrets that objects of other kinds name.
    named: HashSet<Id>,
    /// What is known of those that are named; `None` if a server was asked and does not have the Secret.
    known: HashMap<Id, Option<Known>>,
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
    let client = if how.against { Some(session::connect(flags, ctx)?) } else { None };
    let typed = flags.place.namespace.as_deref().filter(|namespace| !namespace.is_empty());
    let mut check = Check {
        how,
        client: client.as_ref(),
        namespace: client.as_ref().map_or(typed.unwrap_or("default"), Client::namespace),
        built: filenames.kustomize.as_deref().map(|directory| kustomization(directory, ctx)),
        seen,
        report,
        index: Index::default(),
        others: Vec::new(),
        plan: Vec::new(),
        failures: Vec::new(),
    };
    let documents = files::load_with_others(filenames, &mut |other| check.add_other(other), ctx)?;
    let placed = documents.map(|document| {
        let mut document = document?;
        if let Some(namespace) = typed {
            document.set_namespace(namespace, true)?;
        }
        Ok(document)
    });
    let checked: Asking<'_> = Box::pin(check.all(placed, ctx));
    session::block_on(checked)
}

/// A check of files. Of a document it holds what others are compared with, and those that are to be corrected.
struct Check<'a> {
    how: &'a How<'a>,
    /// The server that is asked, with `--against-server`.
    client: Option<&'a Client>,
    /// The namespace of objects without one.
    namespace: &'a str,
    /// The kustomization that the documents were built from.
    built: Option<String>,
    seen: &'a mut Seen,
    report: &'a mut Report,
    index: Index,
    others: Vec<Other>,
    plan: Vec<Planned>,
    failures: Vec<Error>,
}

/// An object of another kind that names Secrets.
struct Other {
    /// The document, without its content.
    document: Document,
    place: Location,
    namespace: String,
    references: Vec<Reference>,
}

impl Check<'_> {
    fn id(&self, object: &Object) -> Id {
        let namespace = object.namespace().filter(|namespace| !namespace.is_empty()).unwrap_or(self.namespace);
        (namespace.to_owned(), object.name().to_owned())
    }

    /// Adds an object of another kind. Why before all Secrets: of these, only what is named has to be held.
    fn add_other(&mut self, mut document: Document) {
        self.report.looked();
        let references = references::of(document.object.json());
        if references.is_empty() {
            return;
        }
        let (namespace, _) = self.id(&document.object);
        self.index.named.extend(references.iter().map(|named| (namespace.clone(), named.secret.clone())));
        let place = Location::of_document(&document, self.built.as_deref());
        document.object = Object::default();
        self.others.push(Other { document, place, namespace, references });
    }

    async fn all(mut self, documents: impl Iterator<Item = Result<Document>>, ctx: &mut Context) -> Result<Vec<Error>> {
        for document in documents {
            match document {
                Ok(document) => self.look(document, ctx).await?,
                Err(error) => self.failures.push(error),
            }
        }
        if let Some(dry_run) = self.how.fix {
            // Without a server, a server-side dry run is one of the client.
            let dry_run = if dry_run == DryRun::None { dry_run } else { DryRun::Client };
            self.failures.extend(repair_files(std::mem::take(&mut self.plan), dry_run, self.report, ctx)?);
        }
        for other in std::mem::take(&mut self.others) {
            self.look_at_other(other, ctx).await?;
        }
        Ok(self.failures)
    }

    /// Checks a Secret or a Namespace, and asks a server whether it refuses the change.
    async fn look(&mut self, document: Document, ctx: &mut Context) -> Result<()> {
        self.report.looked();
        let place = Location::of_document(&document, self.built.as_deref());
        let json = document.object.json();
        if document.object.kind() == Resource::Namespaces.kind() {
            return show(findings::check_namespace(json), &document, &place, self.report, ctx);
        }
        let id = self.id(&document.object);
        let update = match self.client {
            Some(client) if !id.1.is_empty() => match get(client, &id, ctx).await {
                Ok(old) => old.map(|old| findings::check_update(json, old.json())).unwrap_or_default(),
                Err(error) => {
                    self.failures.push(error);
                    Vec::new()
                }
            },
            _ => Vec::new(),
        };
        let (mut found, mut prepared) = findings::check(json, self.how.settings);
        let secret = Secret::of(prepared.json());
        let mut shared: Vec<Finding> = self.index.add(id, &secret, &document).into_iter().collect();
        shared.extend(self.seen.add(&secret, &place.shown()));
        let fixable = |finding: &Finding| finding.remedy == Remedy::Fix && !self.report.skips(finding.rule);
        if self.how.fix.is_some() && place.is_editable() && found.iter().any(fixable) {
            let data = repair::values(prepared.json_mut(), self.report.skipped());
            let (mut after, _) = findings::check(prepared.json(), self.how.settings);
            after.extend(shared.iter().cloned());
            keep_undecodable(&mut after, &found);
            found.extend(shared);
            show(update, &document, &place, self.report, ctx)?;
            self.plan.push(Planned { document, place, before: found, after, data });
            return Ok(());
        }
        found.extend(shared);
        found.extend(update);
        show(found, &document, &place, self.report, ctx)
    }

    /// Checks the references of an object, and asks a server for the Secrets that are not in the files.
    async fn look_at_other(&mut self, other: Other, ctx: &mut Context) -> Result<()> {
        let mut found = Vec::new();
        for reference in other.references {
            let id = (other.namespace.clone(), reference.secret.clone());
            if let Some(client) = self.client
                && !self.index.known.contains_key(&id)
            {
                match get(client, &id, ctx).await {
                    Ok(object) => {
                        let known = object.map(|object| Known::of(&Secret::of(object.json())));
                        self.index.known.insert(id.clone(), known);
                    }
                    // Why no finding: nothing is known of the Secret.
                    Err(error) => {
                        self.failures.push(error);
                        continue;
                    }
                }
            }
            let known = self.index.known.get(&id).and_then(Option::as_ref);
            found.extend(references::check(&reference, known, &other.namespace, self.how.against));
        }
        show(found, &other.document, &other.place, self.report, ctx)
    }
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
struct Planned {
    document: Document,
    place: Location,
    /// The findings before and after the correction.
    before: Vec<Finding>,
    after: Vec<Finding>,
    /// The values that change. They are wiped in [`repair_files`].
    data: Map<String, Json>,
}

/// Prints the keys, and corrects them file by file unless this is a dry run. Returns what failed.
fn repair_files(plan: Vec<Planned>, dry_run: DryRun, report: &mut Report, ctx: &mut Context) -> Result<Vec<Error>> {
    for planned in &plan {
        announce(&planned.before, &planned.place, report, ctx);
    }
    let path = |document: &Document| document.origin.path.clone();
    let mut files: Vec<String> = plan.iter().map(|planned| path(&planned.document)).collect();
    files.dedup();
    let mut failures = Vec::new();
    for file in files {
        let own: Vec<&Planned> = plan.iter().filter(|planned| planned.document.origin.path == file).collect();
        let changes: Vec<Change<'_>> =
            own.iter().map(|planned| Change { document: &planned.document, data: &planned.data }).collect();
        let outcome = match dry_run {
            DryRun::None => rewrite::file(&file, &changes, &ctx.env),
            _ => Ok(()),
        };
        let is_repaired = outcome.is_ok() && dry_run == DryRun::None;
        for planned in own {
            let found = if is_repaired { &planned.after } else { &planned.before };
            show(found.clone(), &planned.document, &planned.place, report, ctx)?;
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
        if self.named.contains(&id) {
            self.known.insert(id.clone(), Some(Known::of(secret)));
        }
        let there = self.places.insert(id, format!("{}:{}", document.origin.path, document.origin.line))?;
        Some(Finding {
            rule: &KS502,
            field: vec!["metadata".to_owned(), "name".to_owned()],
            sentence: format!("stands at {there} too"),
            remedy: Remedy::Object,
        })
    }
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
