//! `auth can-i`: asks the server whether this user may do something, or for everything that this user may do.

use serde_json::json;

use super::{rules, warn};
use crate::{
    cli::flags::ConnectionFlags,
    client::{Client, Path},
    commands::{discovery::Groups, session},
    context::Context,
    error::{Error, Result},
    secret::Object,
};

#[derive(clap::Args, Debug)]
#[command(
    override_usage = "(VERB TYPE[/NAME] | --list) [flags]",
    after_help = "Examples:\n  ksecret auth can-i get secrets\n  ksecret auth can-i delete secret/db -n team-a\n  ksecret auth can-i --list"
)]
pub struct Args {
    /// VERB: get, list, watch, create, update, patch, delete, deletecollection or *; TYPE: a resource, one of its objects
    /// (secret/NAME), a path of the API (/healthz), or *
    #[arg(value_name = "VERB TYPE")]
    words: Vec<String>,
    /// Work in all namespaces
    #[arg(short = 'A', long)]
    all_namespaces: bool,
    /// List all that is allowed in the namespace
    #[arg(long)]
    list: bool,
    /// Print no header line above the list
    #[arg(long)]
    no_headers: bool,
    /// Print nothing; answer by the exit status
    #[arg(short, long)]
    quiet: bool,
    /// Ask about this subresource: status of a namespace
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    subresource: String,
}

/// The verbs of resources and of paths that kubectl knows. It warns about others, and asks all the same.
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
/// Resources that no discovery document lists.
const UNTOLD: [&str; 2] = ["users", "groups"];

/// The resolved arguments.
enum Options {
    /// `--list`.
    List { no_headers: bool },
    /// A single question.
    One(Question),
}

/// May this user do `verb` to `what`?
struct Question {
    verb: String,
    /// A resource, one of its objects, or a path.
    what: String,
    subresource: String,
    all_namespaces: bool,
    quiet: bool,
    no_headers: bool,
}

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// kubectl's: not exactly two words, flags and words that exclude `--list`.
    fn resolve(args: Args, ctx: &Context) -> Result<Self> {
        let Args { words, all_namespaces, list, no_headers, quiet, subresource } = args;
        if list {
            if !words.is_empty() {
                return Err(Error::new("list option must be specified with no arguments"));
            }
            if quiet || all_namespaces || !subresource.is_empty() {
                let text = "list option can't be specified with neither quiet, all-namespaces nor subresource options";
                return Err(Error::new(text));
            }
            return Ok(Self::List { no_headers });
        }
        let [verb, what] = <[String; 2]>::try_from(words).map_err(|_| {
            Error::usage(
                "you must specify two arguments: verb resource or verb resource/resourceName.",
                format!("See '{} auth can-i -h' for help and examples.", ctx.program),
            )
        })?;
        Ok(Self::One(Question { verb, what, subresource, all_namespaces, quiet, no_headers }))
    }
}

/// Prints the answer.
///
/// # Errors
/// kubectl's, for flags that exclude each other; a server that does not answer. The answer `no` is exit status 1
/// without a message.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    match Options::resolve(args, ctx)? {
        Options::List { no_headers } => list(no_headers, flags, ctx),
        Options::One(question) => answer(&question, flags, ctx),
    }
}

fn answer(question: &Question, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let Question { verb, what, subresource, all_namespaces, quiet, no_headers } = question;
    let client = session::connect(flags, ctx)?;
    session::block_on(async {
        let spec = if what.starts_with('/') {
            // Why here: kubectl reports what is wrong with the question while it asks, after its warnings.
            if !subresource.is_empty() {
                return Err(Error::new("--subresource can not be used with NonResourceURL"));
            }
            warn_of_verb(verb, &PATH_VERBS, ctx);
            json!({"nonResourceAttributes": {"verb": verb, "path": what}})
        } else {
            let (kind, name) = what.split_once('/').unwrap_or((what, ""));
            let Meant { group, resource, namespaced } = meant(kind, &client, ctx).await?;
            if !all_namespaces {
                if namespaced == Some(false) {
                    let within = if group.is_empty() { String::new() } else { format!(" in group '{group}'") };
                    warn(format_args!("resource '{resource}' is not namespace scoped{within}"), ctx);
                }
                warn_of_verb(verb, &VERBS, ctx);
            }
            let namespace = if *all_namespaces { "" } else { client.namespace() };
            json!({"resourceAttributes": {
                "verb": verb, "group": group, "resource": resource, "subresource": subresource, "name": name,
                "namespace": namespace,
            }})
        };
        if *no_headers {
            return Err(Error::new("--no-headers cannot be set without --list specified"));
        }
        ask(&spec, *quiet, &client, ctx).await
    })
}

async fn ask(spec: &serde_json::Value, quiet: bool, client: &Client, ctx: &mut Context) -> Result<()> {
    let answer = review(spec, client).await?;
    let status = &answer.json()["status"];
    let allowed = is_allowed(&answer);
    if !quiet {
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

/// Sends a `SelfSubjectAccessReview` with this spec. Returns the server's answer.
///
/// # Errors
/// A server that does not answer.
pub async fn review(spec: &serde_json::Value, client: &Client) -> Result<Object> {
    let review = json!({"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1", "spec": spec});
    let path = Path::fixed("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews");
    Ok(client.call(session::post(path, &review)).await?.object()?)
}

/// Returns whether the answer is yes.
pub fn is_allowed(review: &Object) -> bool {
    review.json()["status"]["allowed"].as_bool().unwrap_or(false)
}

/// The resource that a word means.
struct Meant {
    group: String,
    resource: String,
    /// Whether the resource is namespaced; `None` if the server does not know the resource.
    namespaced: Option<bool>,
}

/// Resolves a word to a resource. A resource that the server does not have is asked about as it was typed.
///
/// # Errors
/// A server that does not answer.
async fn meant(word: &str, client: &Client, ctx: &mut Context) -> Result<Meant> {
    let core = |resource: &str, namespaced| Meant { group: String::new(), resource: resource.to_owned(), namespaced };
    // Why: these two are the same on every server and need no discovery.
    match word.to_lowercase().as_str() {
        "*" => return Ok(core("*", None)),
        "secret" | "secrets" => return Ok(core("secrets", Some(true))),
        "namespace" | "namespaces" | "ns" => return Ok(core("namespaces", Some(false))),
        _ => {}
    }
    let mut groups = match Groups::fetch(client).await {
        Ok(groups) => groups,
        Err(failure) if failure.status().is_some() => Groups::default(),
        Err(failure) => return Err(failure.into()),
    };
    groups.complete(client).await;
    if let Some(found) = groups.resource_for(word) {
        let (resource, namespaced) = (found.text("name").to_owned(), found.namespaced());
        return Ok(Meant { group: found.group, resource, namespaced: Some(namespaced) });
    }
    let lower = word.to_lowercase();
    if !UNTOLD.contains(&lower.as_str()) {
        let (resource, group) = lower.split_once('.').unwrap_or((&lower, ""));
        let within = if group.is_empty() { String::new() } else { format!(" in group '{group}'") };
        warn(format_args!("the server doesn't have a resource type '{resource}'{within}"), ctx);
    }
    Ok(core(word, None))
}

fn warn_of_verb(verb: &str, known: &[&str], ctx: &mut Context) {
    if !known.contains(&verb) {
        warn(format_args!("verb '{verb}' is not a known verb"), ctx);
    }
}

fn list(no_headers: bool, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let client = session::connect(flags, ctx)?;
    let spec = json!({"namespace": client.namespace()});
    let review = json!({"kind": "SelfSubjectRulesReview", "apiVersion": "authorization.k8s.io/v1", "spec": spec});
    let path = Path::fixed("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews");
    let answer = session::block_on(async { Ok(client.call(session::post(path, &review)).await?.object()?) })?;
    let status = &answer.json()["status"];
    if status["incomplete"] == true {
        let reason = status["evaluationError"].as_str().unwrap_or_default();
        ctx.say(format_args!("Warning: the list may be incomplete: {reason}"));
    }
    ctx.put(rules::table(status, no_headers))
}
