//! `kustomize`: what a kustomization builds, as YAML.

use std::path::{Path, PathBuf};

use crate::{
    context::Context,
    error::{Error, Result},
    manifest::kustomize,
};

/// Print what a kustomization builds
///
/// Secrets and Namespaces only: secretGenerator and its options, resources, prefixes, suffixes, namespace, labels and
/// annotations. Any other field is refused by its name. Values are printed in base64, as kubectl does.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  ksecret kustomize\n  ksecret kustomize overlays/prod\n  ksecret apply -k overlays/prod"
)]
pub struct Args {
    /// Directory with the kustomization (default: the current one)
    #[arg(value_name = "DIR")]
    directories: Vec<PathBuf>,
}

/// # Errors
/// kustomize's, and the name of what is not supported here.
pub fn run(args: &Args, ctx: &mut Context) -> Result<()> {
    let directory = match args.directories.as_slice() {
        [] => Path::new("."),
        [directory] => directory,
        _ => return Err(Error::new("specify one path to kustomization.yaml")),
    };
    for (index, object) in kustomize::build(directory, &ctx.env).map_err(Error::foreign)?.iter().enumerate() {
        if index > 0 {
            ctx.put("---\n")?;
        }
        ctx.put(yaml::write::to_string(object.json()))?;
    }
    Ok(())
}
