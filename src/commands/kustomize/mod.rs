//! `kustomize`: prints what a kustomization builds, as YAML.

use std::path::PathBuf;

use super::files::{self, Reading};
use crate::{
    context::Context,
    error::{Error, Result},
    manifest::{Filenames, kustomize},
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
}

/// The resolved arguments.
struct Options {
    directory: PathBuf,
}

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// Several directories.
    fn resolve(mut args: Args) -> Result<Self> {
        match (args.directories.pop(), args.directories.is_empty()) {
            (directory, true) => Ok(Self { directory: directory.unwrap_or_else(|| PathBuf::from(".")) }),
            _ => Err(Error::new("specify one path to kustomization.yaml")),
        }
    }
}

/// Prints what the kustomization builds.
///
/// # Errors
/// kustomize's, the name of a field that is not supported here and that no program builds, and objects of other kinds.
pub fn run(args: Args, ctx: &mut Context) -> Result<()> {
    let Options { directory } = Options::resolve(args)?;
    // Why: if something is not supported here, the fallback builds and prints everything instead.
    let documents = if ctx.foreign.is_some() {
        let built = kustomize::build(&directory, &ctx.env)?;
        built.into_iter().map(Ok).collect()
    } else {
        let files = Filenames { kustomize: Some(directory.into()), ..Filenames::default() };
        let documents = files::load(&files, Reading::Names, ctx)?;
        documents.into_iter().map(|document| Ok(document?.object)).collect::<Vec<Result<_>>>()
    };
    let mut errors = Vec::new();
    let mut between = "";
    for document in documents {
        match document {
            Ok(object) => {
                ctx.put(between)?;
                ctx.put(yaml::write::to_string(object.json()))?;
                between = "---\n";
            }
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::many(errors)) }
}
