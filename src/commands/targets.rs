//! The objects that a command works on: by names, by selector, all, or those of files.

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

/// Returns the words that name objects to show: `secrets` if nothing was typed. An empty `-f` counts as typed, since
/// its variable may have lost its value. If the program is called as kubectl, no words are an error, as in kubectl.
pub fn or_secrets<'a>(words: &'a [String], files: &FileFlags, program: &str) -> std::borrow::Cow<'a, [String]> {
    match words.is_empty() && !files.was_typed() && program != "kubectl" {
        true => vec![Resource::Secrets.plural().to_owned()].into(),
        false => words.into(),
    }
}

/// An object to work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its collection: resource and namespace.
    pub collection: Collection,
    /// Its name.
    pub name: Name,
    /// The file that named it, for errors.
    pub file: Option<String>,
}

impl Target {
    /// Checks the name and the namespace of an object; `namespace` is ignored for namespaces.
    ///
    /// # Errors
    /// Those of [`Name::new`] and [`Resource::within`].
    pub fn new(resource: Resource, namespace: &str, name: &str) -> Result<Self, Failure> {
        // Why the name first: client-go sets the namespace first, but a document without a name may have no metadata at
        // all.
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

    /// Returns its namespace; `None` for a Namespace.
    pub fn namespace(&self) -> Option<&str> {
        self.collection.namespace()
    }
}

/// The words and flags that choose objects.
#[derive(Debug, Clone, Default)]
pub struct Choice<'a> {
    /// The positional words.
    pub words: &'a [String],
    /// `-l`.
    pub labels: &'a str,
    /// `--field-selector`.
    pub fields: &'a str,
    /// `--all` of `delete`: as a selector that matches everything.
    pub all: bool,
    /// Whether a kind alone means all of its objects (`allowEmptySelector` of kubectl's builder).
    pub every: bool,
    /// `-A`.
    pub all_namespaces: bool,
    /// `-f`, `-k`, `-R`.
    pub files: FileFlags,
    /// What happens with the objects.
    pub purpose: Purpose,
}

/// What happens with the objects that a [`Choice`] finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// They are read and printed.
    #[default]
    Read,
    /// They are printed or, in a dry run, only named. Nothing is read before.
    Show,
    /// They are read and then changed.
    Change,
    /// They are deleted.
    Delete,
}

/// The resolved [`Choice`].
#[derive(Debug)]
pub enum Meaning {
    /// The objects of files.
    Files(Filenames),
    /// All objects of these kinds that the selectors match.
    Lists(Vec<Resource>),
    /// These objects, and the form in which they were named.
    Names(Vec<(Resource, String)>, Form),
}

impl Choice<'_> {
    /// Resolves the words and flags, as `visitorResult` of kubectl's builder does. A selector of spaces counts as none.
    ///
    /// # Errors
    /// kubectl's: no objects named, a name together with a selector or a file, a kind without a name if that would mean
    /// all of its objects.
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

    /// Returns whether the objects are listed rather than named.
    pub fn by_list(&self, program: &str) -> bool {
        matches!(self.meaning(program), Ok(Meaning::Lists(_)))
    }

    /// Returns whether there is a selector. One of spaces counts as none.
    pub fn selects(&self) -> bool {
        !self.labels.trim().is_empty() || !self.fields.trim().is_empty()
    }

    /// Finds the objects. They are only listed on the server for a selector or `--all`. The error of a name or document
    /// is in its position: as in kubectl the others are worked on, and the command fails at the end.
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
                    // Invariant: before anything is changed it is known that no word is a kind of the cluster.
                    for target in named.iter().flatten() {
                        discovery::refuse_kind(client, target.name.as_str()).await?;
                    }
                }
                Ok(named)
            }
        }
    }

    /// Returns the objects of files that the selectors match. As in kubectl labels are those on the server if the
    /// object is read before anything is done to it, else those in the file. kubectl ignores a field selector for
    /// files; here it is applied, since the user excluded what it does not match.
    pub async fn in_files(
        &self,
        filenames: &Filenames,
        client: &Client,
        ctx: &mut Context,
    ) -> Result<Vec<Result<Target>>> {
        self.selector(Resource::Secrets)?;
        let mut targets = Vec::new();
        let mut has_namespace = false;
        for document in files::load(filenames, files::Reading::Names, ctx)? {
            has_namespace |= document.as_ref().is_ok_and(|found| files::resource(found) == Resource::Namespaces);
            match self.in_file(document, client).await {
                Ok(target) => targets.extend(target.map(Ok)),
                Err(error) => targets.push(Err(error)),
            }
        }
        if has_namespace && self.purpose == Purpose::Delete {
            fallback::go_ahead(ctx);
        }
        Ok(targets)
    }

    /// Returns the object of a document; `None` if the selectors do not match.
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

    /// Returns the selectors, for objects that are filtered here.
    ///
    /// # Errors
    /// An invalid selector.
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
        // Why: with -A and --namespace it is not clear what was meant. kubectl changes nothing then.
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

/// Returns the objects with these names in the current namespace. The error of a name is in its position.
pub fn named(names: &[(Resource, String)], client: &Client) -> Vec<Result<Target>> {
    names.iter().map(|(resource, name)| Ok(Target::new(*resource, client.namespace(), name)?)).collect()
}

/// Gets an object with `call`. If its namespace does not exist either, the error is about the namespace (cli-runtime's
/// `Info.Get`), unless `alike` says that the difference does not matter.
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

/// Reads the object of a target.
///
/// # Errors
/// The server's.
pub async fn fetch(client: &Client, target: &Target) -> Result<Object, Failure> {
    get(client, target, Call::get(target.path()), false).await?.object_named(target.namespace(), target.name.as_str())
}

/// Returns a copy of the map of text `metadata.FIELD`.
pub fn strings(object: &Object, field: &str) -> serde_json::Map<String, Json> {
    object.json()["metadata"][field].as_object().cloned().unwrap_or_default()
}
