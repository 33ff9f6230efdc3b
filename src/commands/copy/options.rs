//! The flags of `copy`, and the parts of a Secret that are copied.

use serde_json::{Value as Json, json};

use crate::{
    cli::{
        flags::DryRunFlag,
        pflag::{self, Fields},
        resources,
    },
    client::{Name, Namespace},
    commands::{
        create::existing::{Existing, IfExists},
        outcome::Notices,
        write::{self, Write},
    },
    error::{Error, Result},
    secret::{Object, build::check_key},
};

/// Copy a Secret to other namespaces, another cluster, another name
///
/// What belongs to a Secret goes over: type, values and whether they are immutable; labels and annotations on request.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "NAME[:KEY,...] (--to-name NAME | --to-namespace NAMESPACE) [flags]",
    after_help = "Examples:\n  ksecret copy db --to-name db-old\n  ksecret copy db:user,password --to-namespace default --to-name db-user --if-exists=update"
)]
pub struct Args {
    /// NAME of the Secret, or secret/NAME; behind : the keys to copy
    #[arg(value_name = "NAME[:KEY,...]")]
    words: Vec<String>,
    /// Give the copy this name
    #[arg(long, value_name = "NAME")]
    to_name: Option<String>,
    /// Copy to these namespaces
    #[arg(long, value_name = "NAMESPACE,...", value_parser = pflag::texts)]
    to_namespace: Vec<Fields<String>>,
    /// Copy to every namespace whose labels match -l
    #[arg(long)]
    to_namespaces: bool,
    /// Select the namespaces of --to-namespaces
    #[arg(short = 'l', long, value_name = "SELECTOR")]
    selector: Option<String>,
    /// Copy to the cluster of this context of the kubeconfig
    #[arg(long, value_name = "CONTEXT")]
    to_context: Option<String>,
    /// Copy labels as well
    #[arg(long)]
    with_labels: bool,
    /// Copy annotations as well, except those of tools
    #[arg(long)]
    with_annotations: bool,
    /// If the copy exists: fail, skip, update some keys, or replace all
    #[arg(long, value_name = "WHAT", default_value = "fail", hide_default_value = true)]
    if_exists: String,
    /// Overwrite a Secret that a controller or a tool manages
    #[arg(long)]
    override_manager: bool,
    /// Own the written fields under this name
    #[arg(long, value_name = "NAME", default_value = "kubectl-copy")]
    field_manager: String,
    #[command(flatten)]
    dry_run: DryRunFlag,
}

/// The Secret to copy.
pub(super) struct Source {
    /// Its name.
    pub name: String,
    /// The keys to copy; `None` for all.
    pub keys: Option<Vec<String>>,
}

/// The resolved [`Args`].
pub(super) struct Options {
    /// What is copied.
    pub source: Source,
    to_name: Option<String>,
    /// `--to-namespace`.
    pub namespaces: Vec<String>,
    /// The labels of `--to-namespaces`.
    pub selector: Option<String>,
    /// `--to-context`.
    pub context: Option<String>,
    labels: bool,
    annotations: bool,
    if_exists: IfExists,
    override_manager: bool,
    /// What every write contains.
    pub write: Write,
}

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// No NAME, an empty or invalid one, no target, targets that exclude each other.
    pub(super) fn resolve(args: Args, notices: &mut Notices) -> Result<Self> {
        let dry_run = write::dry_run(&args.dry_run, notices)?;
        let source = Source::of(&args.words)?;
        let namespaces = Fields::flatten(args.to_namespace.iter().cloned());
        for namespace in &namespaces {
            Namespace::new(namespace)?;
        }
        if let Some(name) = &args.to_name {
            Name::new(name)?;
        }
        if args.to_context.as_deref() == Some("") {
            return Err(Error::new("--to-context names no context"));
        }
        if !args.to_namespace.is_empty() && namespaces.is_empty() {
            return Err(Error::new("--to-namespace names no namespace"));
        }
        let selector = match (args.to_namespaces, args.selector) {
            (true, Some(selector)) if !selector.trim().is_empty() => Some(selector),
            (true, _) => return Err(Error::new("--to-namespaces wants a selector, -l, which is not empty")),
            (false, Some(_)) => return Err(Error::new("-l selects the namespaces of --to-namespaces")),
            (false, None) => None,
        };
        if selector.is_some() && !namespaces.is_empty() {
            return Err(Error::new("only one of --to-namespace and --to-namespaces can be specified"));
        }
        if namespaces.is_empty() && selector.is_none() && args.to_context.is_none() && args.to_name.is_none() {
            return Err(Error::new("where to? --to-namespace, --to-namespaces, --to-context or --to-name is required"));
        }
        Ok(Self {
            source,
            to_name: args.to_name,
            namespaces,
            selector,
            context: args.to_context,
            labels: args.with_labels,
            annotations: args.with_annotations,
            if_exists: IfExists::parse(&args.if_exists)?,
            override_manager: args.override_manager,
            write: Write { manager: args.field_manager, validation: None, dry_run },
        })
    }

    /// Returns the name of the copy.
    pub(super) fn name(&self) -> &str {
        self.to_name.as_deref().unwrap_or(&self.source.name)
    }

    /// Returns what to do if the copy exists.
    pub(super) fn existing(&self, secret: &Object) -> Existing {
        Existing {
            if_exists: self.if_exists,
            spares_managed: !self.override_manager,
            source: secret.json()["metadata"]["uid"].as_str().map(str::to_owned),
            ..Existing::default()
        }
    }

    /// Returns the Secret to create: without the fields that the server sets, owner references, and labels and
    /// annotations of tools.
    pub(super) fn copy_of(&self, secret: &Object, namespace: &str) -> Object {
        let mut copy = Object::new(json!({
            "apiVersion": "v1", "kind": "Secret", "metadata": {"name": self.name(), "namespace": namespace},
        }));
        let Some(fields) = copy.json_mut().as_object_mut() else { return copy };
        for field in ["type", "data", "immutable"] {
            if let Some(value) = secret.json().get(field) {
                fields.insert(field.to_owned(), value.clone());
            }
        }
        for (wanted, map) in [(self.labels, "labels"), (self.annotations, "annotations")] {
            let pairs = secret.json()["metadata"][map].as_object();
            if let (true, Some(pairs)) = (wanted, pairs) {
                let kept = pairs.iter().filter(|(key, _)| !is_of_a_tool(key));
                let kept = kept.map(|(key, value)| (key.clone(), value.clone())).collect();
                fields["metadata"][map] = Json::Object(kept);
            }
        }
        copy
    }
}

/// Returns whether a label or an annotation describes this very object: what applied it, what manages it, whose token
/// it is.
fn is_of_a_tool(key: &str) -> bool {
    let domain = key.split('/').next().unwrap_or_default();
    let domains = [
        "kubectl.kubernetes.io",
        "meta.helm.sh",
        "argocd.argoproj.io",
        "cert-manager.io",
        "toolkit.fluxcd.io",
        "external-secrets.io",
        "sealedsecrets.bitnami.com",
        "emberstack.com",
        "mittwald.de",
    ];
    let is_within = |known: &str| domain == known || domain.ends_with(&format!(".{known}"));
    key.starts_with("kubernetes.io/service-account.") || domains.iter().any(|known| is_within(known))
}

impl Source {
    fn of(words: &[String]) -> Result<Self> {
        let [word] = words else {
            return Err(Error::new(format!("the NAME of one Secret is required, got {}", words.len())));
        };
        let (name, keys) = word.split_once(':').map_or((word.as_str(), None), |(name, keys)| (name, Some(keys)));
        let name = resources::secret_name(name)?;
        Name::new(name)?;
        let keys = keys.map(|keys| keys.split(',').map(str::to_owned).collect::<Vec<_>>());
        for key in keys.iter().flatten() {
            check_key(key).map_err(Error::new)?;
        }
        Ok(Self { name: name.to_owned(), keys })
    }
}
