//! `auth can-i VERB RESOURCE`: whether the server would let this user.

use serde_json::json;

use super::session;
use crate::{
    cli::{flags::ConnectionFlags, resources},
    client::Path,
    context::Context,
    error::{Error, Result},
    secret::resource::Resource,
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
    /// VERB: get, list, watch, create, update, patch, delete, deletecollection or *; RESOURCE: secrets, namespaces, one of
    /// them (secret/NAME), or *
    #[arg(value_name = "VERB RESOURCE")]
    words: Vec<String>,
    /// In all namespaces
    #[arg(short = 'A', long)]
    all_namespaces: bool,
    /// Say nothing, only exit
    #[arg(short, long)]
    quiet: bool,
    /// Subresource that is meant: status of a namespace
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    subresource: String,
}

/// The verbs that kubectl knows for resources and for paths: it warns of others, and asks all the same.
const VERBS: [&str; 16] = [
    "get",
    "list",
    "watch",
    "create",
    "update",
    "patch",
    "delete",
    "deletecollection",
    "use",
    "bind",
    "impersonate",
    "*",
    "approve",
    "sign",
    "escalate",
    "attest",
];
const PATH_VERBS: [&str; 8] = ["get", "put", "post", "head", "options", "delete", "patch", "*"];

/// # Errors
/// A server that cannot be asked. `no` is exit status 1 without words.
pub fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let What::CanI(args) = &args.what;
    let [verb, what] = args.words.as_slice() else {
        return Err(Error::usage(
            "you must specify two arguments: verb resource or verb resource/resourceName.",
            format!("See '{} auth can-i -h' for help and examples.", ctx.program),
        ));
    };
    let attributes = if what.starts_with('/') {
        if !args.subresource.is_empty() {
            return Err(Error::new("--subresource can not be used with NonResourceURL"));
        }
        warn_of_verb(verb, &PATH_VERBS, ctx);
        Attributes::Path
    } else {
        let (kind, name) = what.split_once('/').unwrap_or((what, ""));
        let resource = match kind {
            "*" => "*",
            _ => {
                let resource = resources::resource_word(kind).ok_or_else(|| resources::refused(kind))?;
                if resource == Resource::Namespaces && !args.all_namespaces {
                    ctx.say("Warning: resource 'namespaces' is not namespace scoped\n");
                }
                resource.plural()
            }
        };
        if !args.all_namespaces {
            warn_of_verb(verb, &VERBS, ctx);
        }
        Attributes::Resource { resource, name }
    };
    let client = session::connect(flags, ctx)?;
    let spec = match attributes {
        Attributes::Path => json!({"nonResourceAttributes": {"verb": verb, "path": what}}),
        Attributes::Resource { resource, name } => {
            let namespace = if args.all_namespaces { "" } else { client.namespace() };
            json!({"resourceAttributes": {
                "verb": verb, "resource": resource, "name": name, "namespace": namespace, "subresource": args.subresource,
            }})
        }
    };
    let review = json!({"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1", "spec": spec});
    let path = Path::fixed("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews");
    let answer = session::block_on(async { Ok(client.call(session::post(path, &review)).await?.object()?) })?;
    let status = &answer.json()["status"];
    let allowed = status["allowed"].as_bool().unwrap_or(false);
    if !args.quiet {
        let mut line = if allowed { "yes" } else { "no" }.to_owned();
        for reason in ["reason", "evaluationError"].iter().filter_map(|field| status[*field].as_str()) {
            if !allowed && !reason.is_empty() {
                line.push_str(" - ");
                line.push_str(reason);
            }
        }
        ctx.put(line + "\n")?;
    }
    if allowed { Ok(()) } else { Err(Error::silent(1)) }
}

/// What is asked about.
enum Attributes<'a> {
    Path,
    Resource { resource: &'static str, name: &'a str },
}

fn warn_of_verb(verb: &str, known: &[&str], ctx: &mut Context) {
    if !known.contains(&verb) {
        ctx.say(format_args!("Warning: verb '{verb}' is not a known verb\n"));
    }
}
