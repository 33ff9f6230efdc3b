//! `auth can-i VERB RESOURCE`: whether the server would let this user.

use serde_json::json;

use super::session;
use crate::{
    cli::{flags::ConnectionFlags, resources},
    client::Path,
    context::Context,
    error::{Error, Result},
};

/// Ask what this user may do
#[derive(clap::Args, Debug)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:\n  ksecret auth can-i get secrets\n  ksecret auth can-i delete secret/db -n team-a"
)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    /// Say yes or no; exit 0 or 1
    CanI(CanI),
}

#[derive(clap::Args, Debug)]
struct CanI {
    /// get, list, watch, create, update, patch, delete, deletecollection or *
    verb: String,
    /// secrets, namespaces, or one of them: secret/NAME
    resource: String,
    /// In all namespaces
    #[arg(short = 'A', long)]
    all_namespaces: bool,
    /// Say nothing, only exit
    #[arg(short, long)]
    quiet: bool,
}

/// # Errors
/// A server that cannot be asked. `no` is exit status 1 without words.
pub fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let What::CanI(args) = &args.what;
    let (kind, name) = args.resource.split_once('/').unwrap_or((&args.resource, ""));
    let resource = resources::resource_word(kind).ok_or_else(|| resources::unknown(kind))?;
    let client = session::connect(flags, ctx)?;
    let namespace = if args.all_namespaces { "" } else { client.namespace() };
    let review = json!({
        "kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1",
        "spec": {"resourceAttributes": {
            "verb": args.verb, "resource": resource.plural(), "name": name, "namespace": namespace,
        }},
    });
    let path = Path::fixed("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews");
    let answer = session::block_on(async { Ok(client.call(session::post(path, &review)).await?.object()?) })?;
    let allowed = answer.json()["status"]["allowed"].as_bool().unwrap_or(false);
    if !args.quiet {
        ctx.put(if allowed { "yes\n" } else { "no\n" })?;
    }
    if allowed { Ok(()) } else { Err(Error::silent(1)) }
}
