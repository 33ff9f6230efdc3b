//! Which objects a changing command works on: names, a selector, everything, or what files name.

use serde_json::Value as Json;

use crate::{
    cli::{flags::FileFlags, resources},
    client::{Call, Client, Collection, Failure, ListOptions, Name, Path, Resource},
    commands::{files, session},
    context::Context,
    error::{Error, Result},
    manifest::Document,
    secret::Object,
};

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
        Ok(Self { collection: resource.within(namespace)?, name, file: None })
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
    /// `--all`.
    pub all: bool,
    /// `-A`.
    pub all_namespaces: bool,
    /// `-f`, `-k`, `-R`.
    pub files: FileFlags,
    /// The verb, for usage errors.
    pub verb: &'static str,
}

impl Choice<'_> {
    /// Whether the objects have to be listed to know them.
    pub fn by_list(&self) -> bool {
        self.files.is_empty() && (self.all || !self.labels.is_empty() || !self.fields.is_empty())
    }

    /// Finds the objects; lists them on the server only where a selector or `--all` asks for it.
    ///
    /// # Errors
    /// kubectl's: nothing named, a name beside a selector, a file that cannot be read. Those of one name or document
    /// stand in its place: kubectl works on the rest and fails at the end.
    pub async fn find(&self, client: &Client, ctx: &mut Context) -> Result<Vec<Result<Target>>> {
        if !self.files.is_empty() {
            return self.in_files(client, ctx);
        }
        let targets = resources::parse(self.words, &ctx.program, self.verb)?;
        if targets.nothing {
            return Err(Error::new(
                "You must provide one or more resources by argument or filename.\n\
                 Example resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   \
                 '<resource> <name>'\n   '<resource>'",
            ));
        }
        if targets.names.is_empty() {
            if !self.by_list() {
                return Err(Error::new("resource(s) were provided, but no name was specified"));
            }
            return self.listed(client, targets.resource).await;
        }
        if !self.labels.is_empty() || self.all {
            return Err(Error::new("name cannot be provided when a selector is specified"));
        }
        let namespace = client.namespace();
        let targets = targets.names.into_iter();
        Ok(targets.map(|(resource, name)| Ok(Target::new(resource, namespace, &name)?)).collect())
    }

    fn in_files(&self, client: &Client, ctx: &mut Context) -> Result<Vec<Result<Target>>> {
        let filenames = self.files.check()?;
        let documents = files::load(&filenames, files::Reading::Names, ctx)?;
        let target = |mut document: Document| {
            let resource = files::place(&mut document, client)?;
            Target::of(resource, &document).map_err(|failure| match self.verb {
                "delete" => failure.when("deleting", &document.origin.path).into(),
                _ => document.locate(failure.into(), &["metadata", "name"]),
            })
        };
        Ok(documents.into_iter().map(|document| document.and_then(target)).collect())
    }

    async fn listed(&self, client: &Client, resource: Resource) -> Result<Vec<Result<Target>>> {
        let path = client.listed(resource, self.all_namespaces)?;
        let options = ListOptions {
            label_selector: self.labels.to_owned(),
            field_selector: self.fields.to_owned(),
            limit: 500,
            accept: session::METADATA,
            ..ListOptions::default()
        };
        let mut targets = Vec::new();
        let mut pages = client.list(resource, path, options);
        while let Some(page) = pages.next().await? {
            for item in page.objects(resource) {
                let item = item?;
                targets.push(Ok(Target::new(resource, item.namespace().unwrap_or_default(), item.name())?));
            }
        }
        Ok(targets)
    }
}

/// Reads the object of `target`.
///
/// # Errors
/// The server's.
pub async fn fetch(client: &Client, target: &Target) -> Result<Object> {
    Ok(client.call(Call::get(target.path())).await?.object_named(target.namespace(), target.name.as_str())?)
}

/// A map of strings at `metadata.FIELD`, as a copy.
pub fn strings(object: &Object, field: &str) -> serde_json::Map<String, Json> {
    object.json()["metadata"][field].as_object().cloned().unwrap_or_default()
}
