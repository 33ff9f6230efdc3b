//! Which objects a command works on: names, a selector, everything, or what files name.

use go::quote::quote;
use serde_json::Value as Json;

use crate::{
    cli::{
        flags::FileFlags,
        resources::{self, Form},
    },
    client::{Answer, Call, Client, Collection, Failure, ListOptions, Name, Path},
    commands::{discovery, fallback, files, session},
    context::Context,
    error::{Error, Result},
    manifest::{self, Document, Filenames},
    print::held,
    secret::{Object, resource::Resource, selector::Selector},
};

/// Returns the words that say which objects are shown: all Secrets if nothing was typed. An empty `-f` was: its variable may
/// have lost its value. Called as kubectl, nothing is an error, as it is there.
pub fn or_secrets<'a>(words: &'a [String], files: &FileFlags, program: &str) -> std::borrow::Cow<'a, [String]> {
    match words.is_empty() && !files.was_typed() && program != "kubectl" {
        true => vec![Resource::Secrets.plural().to_owned()].into(),
        false => words.into(),
    }
}

/// One object to work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Where it lives.
    pub collection: Collection,
    /// Its name.
    pub name: Name,
    /// The file that named it, for error lines.
    pub file: Option<String>,
}

impl Target {
    /// Checks the name and the namespace of an object; `namespace` is ignored for namespaces.
    ///
    /// # Errors
    /// Those of [`Name::new`] and [`Resource::within`].
    pub fn new(resource: Resource, namespace: &str, name: &str) -> Result<Self, Failure> {
        // client-go sets the namespace first, but a document without a name may have no metadata at all.
        let name = Name::new(name)?;
        Ok(Self { collection: Collection::of(resource, namespace)?, name, file: None })
    }

    /// Checks the name and the namespace of a document that [`files::place`] has given a namespace.
    ///
    /// # Errors
    /// [`Target::new`]'s.
    pub fn of(resource: Resource, document: &Document) -> Result<Self, Failure> {
        let object = &document.object;
        let target = Self::new(resource, object.namespace().unwrap_or_default(), object.name())?;
        Ok(Self { file: Some(document.origin.path.clone()), ..target })
    }

    /// Returns its path on the server.
    pub fn path(&self) -> Path {
        self.collection.object(&self.name)
    }

    /// Returns its resource.
    pub fn resource(&self) -> Resource {
        self.collection.resource()
    }

    /// Returns its namespace, `None` for a namespace.
    pub fn namespace(&self) -> Option<&str> {
        self.collection.namespace()
    }
}

/// What was typed to choose objects.
#[derive(Debug, Clone, Default)]
pub struct Choice<'a> {
    /// The positional words.
    pub words: &'a [String],
    /// `-l`.
    pub labels: &'a str,
    /// `--field-selector`.
    pub fields: &'a str,
    /// `--all` of `delete`: a selector that matches everything.
    pub all: bool,
    /// Whether a kind alone means all of its objects (`allowEmptySelector` of kubectl's builder).
    pub every: bool,
    /// `-A`.
    pub all_namespaces: bool,
    /// `-f`, `-k`, `-R`.
    pub files: FileFlags,
    /// What is done to the objects.
    pub purpose: Purpose,
}

/// What is done to the objects that a [`Choice`] finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// They are read and shown.
    #[default]
    Read,
    /// They are shown or, in a dry run, only named: nothing is read beforehand.
    Show,
    /// They are read and then changed.
    Change,
    /// They are deleted.
    Delete,
}

/// What a [`Choice`] means.
#[derive(Debug)]
pub enum Meaning {
    /// The objects that files hold.
    Files(Filenames),
    /// All objects of these kinds that the selectors leave.
    Lists(Vec<Resource>),
    /// These objects, and how they were named.
    Names(Vec<(Resource, String)>, Form),
}

impl Choice<'_> {
    /// Works out what was meant, as `visitorResult` of kubectl's builder does. A selector of spaces is none.
    ///
    /// # Errors
    /// kubectl's: nothing named, a name beside a selector or a file, a kind without a name where that would mean all of
    /// it.
    pub fn meaning(&self, program: &str) -> Result<Meaning> {
        let targets = resources::parse(self.words, program)?;
        if !self.files.is_empty() {
            let filenames = self.files.check()?;
            return match targets.form {
                Form::Nothing => Ok(Meaning::Files(filenames)),
                Form::Slashed => Err(Error::new("resource/name arguments cannot be provided when a path is specified")),
                Form::Typed | Form::Bare => Err(Error::new(
                    "when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well",
                )),
            };
        }
        let kind_alone = targets.form == Form::Typed && targets.names.is_empty();
        if self.selects() || self.all || (self.every && kind_alone) {
            return match targets.form {
                Form::Nothing => Err(Error::new("at least one resource must be specified to use a selector")),
                Form::Slashed => {
                    Err(Error::new("selectors and the all flag cannot be used when passing resource/name arguments"))
                }
                Form::Typed | Form::Bare if !targets.names.is_empty() => {
                    Err(Error::new("name cannot be provided when a selector is specified"))
                }
                Form::Typed | Form::Bare => Ok(Meaning::Lists(targets.kinds)),
            };
        }
        if targets.form == Form::Nothing {
            return Err(Error::new(
                "You must provide one or more resources by argument or filename.\n\
                 Example resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   \
                 '<resource> <name>'\n   '<resource>'",
            ));
        }
        if kind_alone {
            return Err(Error::new("resource(s) were provided, but no name was specified"));
        }
        if self.all_namespaces && targets.kinds.contains(&Resource::Secrets) {
            return Err(Error::new("a resource cannot be retrieved by name across all namespaces"));
        }
        Ok(Meaning::Names(targets.names, targets.form))
    }

    /// Whether the objects are listed rather than named.
    pub fn by_list(&self, program: &str) -> bool {
        matches!(self.meaning(program), Ok(Meaning::Lists(_)))
    }

    /// Whether there is a selector: one of spaces is none.
    pub fn selects(&self) -> bool {
        !self.labels.trim().is_empty() || !self.fields.trim().is_empty()
    }

    /// Finds the objects; lists them on the server only where a selector or `--all` asks for it. What is wrong with one
    /// name or document stands in its place: kubectl works on the rest and fails at the end.
    ///
    /// # Errors
    /// [`Choice::meaning`]'s, a file that cannot be read, a list that fails.
    pub async fn find(&self, client: &Client, ctx: &mut Context) -> Result<Vec<Result<Target>>> {
        match self.meaning(&ctx.program)? {
            Meaning::Files(filenames) => self.in_files(&filenames, client, ctx).await,
            Meaning::Lists(kinds) => {
                let mut targets = Vec::new();
                for kind in kinds {
                    self.list(client, kind, &mut targets).await?;
                }
                Ok(targets)
            }
            Meaning::Names(names, form) => {
                let named = named(&names, client);
                if form == Form::Bare && matches!(self.purpose, Purpose::Change | Purpose::Delete) {
                    // Nothing is changed before it is known that the word is not a kind of the cluster's own.
                    for target in named.iter().flatten() {
                        discovery::refuse_kind(client, target.name.as_str()).await?;
                    }
                }
                Ok(named)
            }
        }
    }

    /// The objects of files that the selectors leave. As with kubectl, labels are those that the server has where the
    /// object is read before anything is done to it, and those of the file else. kubectl applies no field selector to
    /// files; here it narrows the choice too, for what it excludes was not meant.
    pub async fn in_files(
        &self,
        filenames: &Filenames,
        client: &Client,
        ctx: &mut Context,
    ) -> Result<Vec<Result<Target>>> {
        self.selector(Resource::Secrets)?;
        let mut targets = Vec::new();
        let documents = files::load(filenames, files::Reading::Names, ctx)?;
        fallback::go_ahead(&documents, self.purpose == Purpose::Delete, ctx);
        for document in documents {
            match self.in_file(document, client).await {
                Ok(target) => targets.extend(target.map(Ok)),
                Err(error) => targets.push(Err(error)),
            }
        }
        Ok(targets)
    }

    /// The object of a document, `None` where the selectors leave it out.
    async fn in_file(&self, document: Result<Document>, client: &Client) -> Result<Option<Target>> {
        let mut document = document?;
        let resource = match self.all_namespaces {
            true => files::resource(&document),
            false => files::place(&mut document, client)?,
        };
        let unplaced = resource == Resource::Secrets && document.object.namespace().is_none_or(str::is_empty);
        if unplaced && matches!(self.purpose, Purpose::Read | Purpose::Change) {
            let name = document.object.name();
            return Err(Error::bare(format!("no namespace set on resource /v1, Resource=secrets {}", quote(name))));
        }
        let target = Target::of(resource, &document).map_err(|failure| match self.purpose {
            Purpose::Delete => failure.when("deleting", &document.origin.path).into(),
            _ => document.locate(failure.into(), &["metadata", "name"]),
        })?;
        if !self.selects() {
            return Ok(Some(target));
        }
        let selector = self.selector(resource)?;
        let matches = match self.purpose {
            Purpose::Delete | Purpose::Show => selector.matches(document.object.json()),
            Purpose::Read | Purpose::Change => selector.matches(fetch(client, &target).await?.json()),
        };
        Ok(matches.then_some(target))
    }

    /// The selectors, to be applied to objects here.
    ///
    /// # Errors
    /// What is wrong with one of them.
    pub fn selector(&self, resource: Resource) -> Result<Selector> {
        files::selector(resource, self.labels.trim(), self.fields.trim())
    }

    async fn list(&self, client: &Client, resource: Resource, targets: &mut Vec<Result<Target>>) -> Result<()> {
        let path = client.listed(resource, self.all_namespaces)?;
        let options = ListOptions {
            label_selector: self.labels.trim().to_owned(),
            field_selector: self.fields.trim().to_owned(),
            limit: 500,
            accept: session::METADATA,
            ..ListOptions::default()
        };
        // Why: with -A beside a namespace that was typed it is not clear what was meant, and kubectl changes nothing.
        let narrowed = self.all_namespaces
            && client.namespace_given()
            && matches!(self.purpose, Purpose::Change | Purpose::Delete);
        let mut pages = client.list(resource, path, options);
        let mut held = 0;
        while let Some(page) = pages.next().await? {
            for item in page.objects(resource) {
                let item = item?;
                let namespace = item.namespace().unwrap_or_default();
                held += size_of::<Result<Target>>() + 2 * (namespace.len() + item.name().len());
                held::check(held)?;
                targets.push(match resource {
                    Resource::Secrets if narrowed => Err(manifest::other_namespace(namespace, "")),
                    _ => Ok(Target::new(resource, namespace, item.name())?),
                });
            }
        }
        Ok(())
    }
}

/// The objects of these names in the namespace in use. What is wrong with one name stands in its place.
pub fn named(names: &[(Resource, String)], client: &Client) -> Vec<Result<Target>> {
    names.iter().map(|(resource, name)| Ok(Target::new(*resource, client.namespace(), name)?)).collect()
}

/// Asks for an object with `call`. Where its namespace is not there either, that is what fails (cli-runtime's `Info.Get`),
/// unless it does not matter which of both is not there.
///
/// # Errors
/// The server's.
pub async fn get(client: &Client, target: &Target, call: Call, alike: bool) -> Result<Answer, Failure> {
    let failure = match client.call(call).await {
        Err(failure) if failure.is_not_found() && !alike => failure,
        outcome => return outcome,
    };
    let Some(namespace) = target.namespace().filter(|namespace| *namespace != "default") else { return Err(failure) };
    let path = Collection::Namespaces.object(&Name::new(namespace)?);
    match client.call(Call::get(path)).await {
        Err(missing) if missing.is_not_found() => Err(missing),
        _ => Err(failure),
    }
}

/// Reads the object of `target`.
///
/// # Errors
/// The server's.
pub async fn fetch(client: &Client, target: &Target) -> Result<Object, Failure> {
    get(client, target, Call::get(target.path()), false).await?.object_named(target.namespace(), target.name.as_str())
}

/// A map of strings at `metadata.FIELD`, as a copy.
pub fn strings(object: &Object, field: &str) -> serde_json::Map<String, Json> {
    object.json()["metadata"][field].as_object().cloned().unwrap_or_default()
}
