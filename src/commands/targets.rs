//! Which objects a changing command works on: names, a selector, everything, or what files name.

use serde_json::Value as Json;

use crate::{
    cli::{flags::FileFlags, resources},
    client::{Call, Client, ListOptions, Resource},
    commands::{files, session},
    context::Context,
    error::{Error, Result},
    secret::Object,
};

/// One object to work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its kind.
    pub resource: Resource,
    /// Its namespace; nothing for a namespace.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// The file that named it, for error lines.
    pub file: Option<String>,
}

impl Target {
    /// Its path on the server.
    pub fn path(&self) -> String {
        self.resource.path(self.namespace.as_deref(), Some(&self.name))
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

/// The objects chosen, and what could not be chosen: kubectl works on the rest and fails at the end.
pub struct Chosen {
    /// In the order typed or listed.
    pub targets: Vec<Target>,
    /// Documents that could not be read.
    pub failures: Vec<Error>,
}

impl Choice<'_> {
    /// Whether the objects have to be listed to know them.
    pub fn by_list(&self) -> bool {
        self.files.is_empty() && (self.all || !self.labels.is_empty() || !self.fields.is_empty())
    }

    /// Finds the objects; lists them on the server only where a selector or `--all` asks for it.
    ///
    /// # Errors
    /// kubectl's: nothing named, a name beside a selector, a file that cannot be read.
    pub async fn find(&self, client: &Client, ctx: &mut Context) -> Result<Chosen> {
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
            let targets = self.listed(client, targets.resource).await?;
            return Ok(Chosen { targets, failures: Vec::new() });
        }
        if !self.labels.is_empty() || self.all {
            return Err(Error::new("name cannot be provided when a selector is specified"));
        }
        let namespace = client.namespace();
        let targets = targets.names.into_iter().map(|(resource, name)| Target {
            resource,
            namespace: (resource == Resource::Secrets).then(|| namespace.to_owned()),
            name,
            file: None,
        });
        Ok(Chosen { targets: targets.collect(), failures: Vec::new() })
    }

    fn in_files(&self, client: &Client, ctx: &mut Context) -> Result<Chosen> {
        let filenames = self.files.check()?;
        let mut chosen = Chosen { targets: Vec::new(), failures: Vec::new() };
        for document in files::load(&filenames, files::Reading::Names, ctx)? {
            let target = document.and_then(|mut document| {
                let resource = files::place(&mut document, client)?;
                Ok(Target {
                    resource,
                    namespace: document.object.namespace().map(str::to_owned),
                    name: document.object.name().to_owned(),
                    file: Some(document.origin.path),
                })
            });
            match target {
                Ok(target) => chosen.targets.push(target),
                Err(error) => chosen.failures.push(error),
            }
        }
        Ok(chosen)
    }

    async fn listed(&self, client: &Client, resource: Resource) -> Result<Vec<Target>> {
        let namespace = (resource == Resource::Secrets && !self.all_namespaces).then(|| client.namespace());
        let options = ListOptions {
            label_selector: self.labels.to_owned(),
            field_selector: self.fields.to_owned(),
            limit: 500,
            accept: session::METADATA,
            ..ListOptions::default()
        };
        let mut targets = Vec::new();
        let mut pages = client.list(resource, namespace, options);
        while let Some(page) = pages.next().await? {
            for item in page.objects(resource) {
                let item = item?;
                let metadata = &item.json()["metadata"];
                let text = |key: &str| metadata[key].as_str().map(str::to_owned);
                targets.push(Target {
                    resource,
                    namespace: text("namespace"),
                    name: text("name").unwrap_or_default(),
                    file: None,
                });
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
    Ok(client.call(Call::get(target.path())).await?.object_named(target.namespace.as_deref(), &target.name)?)
}

/// A map of strings at `metadata.FIELD`, as a copy.
pub fn strings(object: &Object, field: &str) -> serde_json::Map<String, Json> {
    object.json()["metadata"][field].as_object().cloned().unwrap_or_default()
}
