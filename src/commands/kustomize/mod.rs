//! `kustomize`: prints what a kustomization builds, as YAML, or writes it to a file or to a directory.

mod written;

use std::{ffi::OsString, path::PathBuf};

use go::quote::quote;

use super::files::{self, Reading};
use crate::{
    context::Context,
    error::{Error, Result},
    manifest::{
        Filenames,
        kustomize::{self, LoadRestrictions},
    },
    secret::Object,
};

/// Print what a kustomization builds
///
/// Secrets and Namespaces only. secretGenerator and its options, resources, prefixes, suffixes, namespace, labels and
/// annotations are built here. For any other field kustomize or kubectl is asked, whichever is on PATH or the one that
/// KSECRET_KUSTOMIZE names, and the Secrets and Namespaces of its output are taken. Values are printed in base64, as kubectl
/// does.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "[DIR] [flags]",
    after_help = "Examples:\n  ksecret kustomize\n  ksecret kustomize overlays/prod\n  ksecret apply -k overlays/prod"
)]
pub struct Args {
    /// Directory with the kustomization (default: the current one)
    #[arg(value_name = "DIR")]
    directories: Vec<PathBuf>,
    /// Write to PATH, for you alone; to a directory, a file for each object
    #[arg(short, long, value_name = "PATH")]
    output: Option<OsString>,
    /// Read files outside of DIR too: LoadRestrictionsNone
    #[arg(long, value_name = "RULE", default_value = "", hide_default_value = true)]
    load_restrictor: String,
    #[command(flatten)]
    helpers: Helpers,
}

/// Flags of kubectl's about Helm, plugins and functions, which are not run here.
#[derive(clap::Args, Debug)]
struct Helpers {
    #[arg(long, hide = true)]
    enable_helm: bool,
    #[arg(long, hide = true)]
    enable_alpha_plugins: bool,
    #[arg(long, hide = true)]
    helm_debug: bool,
    #[arg(long, hide = true)]
    as_current_user: bool,
    #[arg(long, hide = true)]
    network: bool,
    #[arg(long, hide = true, value_name = "COMMAND")]
    helm_command: Option<String>,
    #[arg(long, hide = true, value_name = "VERSION")]
    helm_kube_version: Option<String>,
    #[arg(long, hide = true, value_name = "VERSION")]
    helm_api_versions: Vec<String>,
    #[arg(short, long, hide = true, value_name = "NAME=VALUE")]
    env: Vec<String>,
    #[arg(long, hide = true, value_name = "MOUNT")]
    mount: Vec<String>,
    #[arg(long, hide = true, value_name = "NAME")]
    network_name: Option<String>,
}

impl Helpers {
    /// Returns the first of the flags that asks for something.
    fn asked(&self) -> Option<&'static str> {
        let Self { enable_helm, enable_alpha_plugins, helm_debug, as_current_user, network, .. } = *self;
        let flags = [
            (enable_helm, "--enable-helm"),
            (enable_alpha_plugins, "--enable-alpha-plugins"),
            (helm_debug, "--helm-debug"),
            (as_current_user, "--as-current-user"),
            (network, "--network"),
            (self.helm_command.is_some(), "--helm-command"),
            (self.helm_kube_version.is_some(), "--helm-kube-version"),
            (!self.helm_api_versions.is_empty(), "--helm-api-versions"),
            (!self.env.is_empty(), "--env"),
            (!self.mount.is_empty(), "--mount"),
            (self.network_name.is_some(), "--network-name"),
        ];
        flags.into_iter().find_map(|(asked, flag)| asked.then_some(flag))
    }
}

/// The resolved arguments.
struct Options {
    directory: PathBuf,
    restrictions: LoadRestrictions,
    /// `None` for standard output.
    output: Option<PathBuf>,
}

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// Several directories, an unknown `--load-restrictor`, and flags for what is not run here.
    fn resolve(mut args: Args) -> Result<Self> {
        let (directory, true) = (args.directories.pop(), args.directories.is_empty()) else {
            return Err(Error::new("specify one path to kustomization.yaml"));
        };
        let restrictions = match args.load_restrictor.as_str() {
            "" | "LoadRestrictionsRootOnly" => LoadRestrictions::RootOnly,
            "LoadRestrictionsNone" => LoadRestrictions::None,
            other => {
                return Err(Error::new(format!(
                    "illegal flag value --load-restrictor {}; legal values: [LoadRestrictionsRootOnly \
                     LoadRestrictionsNone]",
                    quote(other)
                )));
            }
        };
        if let Some(flag) = args.helpers.asked() {
            return Err(Error::new(format!("{flag} is not supported")).foreign());
        }
        Ok(Self {
            directory: directory.unwrap_or_else(|| PathBuf::from(".")),
            restrictions,
            // As in kubectl, to which an empty path is none.
            output: args.output.filter(|path| !path.is_empty()).map(PathBuf::from),
        })
    }
}

/// Prints or writes what the kustomization builds.
///
/// # Errors
/// kustomize's, the name of a field or a flag that is not supported here, objects of other kinds, and a file that
/// cannot be written. With `--output` nothing is written then.
pub fn run(args: Args, ctx: &mut Context) -> Result<()> {
    let Options { directory, restrictions, output } = Options::resolve(args)?;
    // Why: if something is not supported here, the fallback builds and prints everything instead.
    let built = if ctx.foreign.is_some() {
        kustomize::build(&directory, restrictions, &ctx.env)?.into_iter().map(Ok).collect()
    } else {
        let files = Filenames { kustomize: Some(directory.into()), restrictions, ..Filenames::default() };
        let documents = files::load(&files, Reading::Names, ctx)?;
        documents.map(|document| Ok(document?.object)).collect::<Vec<Result<Object>>>()
    };
    let (mut objects, mut errors) = (Vec::new(), Vec::new());
    for object in built {
        match object {
            Ok(object) => objects.push(object),
            Err(error) => errors.push(error),
        }
    }
    match output {
        None => ctx.put(text(&objects))?,
        Some(path) if errors.is_empty() => written::to(&path, &objects, ctx.env.cwd())?,
        Some(_) => {}
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::many(errors)) }
}

/// Returns the objects as a stream of YAML documents.
fn text(objects: &[Object]) -> String {
    objects.iter().map(|object| yaml::write::to_string(object.json())).collect::<Vec<_>>().join("---\n")
}
