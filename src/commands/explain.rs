//! `explain`: prints the documentation of a resource's fields, from the server's OpenAPI documents.

use super::{
    discovery::{Groups, Resource},
    session,
};
use crate::{
    cli::{flags::ConnectionFlags, pflag, resources::resource_word},
    client::{Answer, Call, Client, Path},
    context::Context,
    error::{Error, Result},
    print::explain::{Document, Explained, Request, openapi_v2, plaintext},
    secret::resource,
};
use go::{jsonpath, quote::quote};

/// Show what the fields of a resource mean
///
/// The server says it: TYPE is any resource that it has, FIELDs lead to what is below.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "TYPE[.FIELD]... [flags]",
    after_help = "Examples:\n  ksecret explain secret\n  ksecret explain secret.metadata.ownerReferences\n  ksecret explain secret --recursive"
)]
pub struct Args {
    /// TYPE[.FIELD...]
    #[arg(value_name = "TYPE[.FIELD...]")]
    words: Vec<String>,
    /// Explain this version of the resource, as GROUP/VERSION
    #[arg(long, value_name = "VERSION", default_value = "", hide_default_value = true)]
    api_version: String,
    /// Show up to LEVELS levels of fields with --recursive; 0 shows all
    #[arg(long, value_name = "LEVELS", default_value_t = 0, hide_default_value = true,
        value_parser = pflag::parse_int, allow_hyphen_values = true)]
    max_depth: i64,
    /// Print as plaintext or plaintext-openapiv2
    #[arg(short, long, value_name = "FORMAT", default_value = "plaintext", hide_default_value = true)]
    output: String,
    /// Show the fields of fields too, without descriptions
    #[arg(short = 'R', long)]
    recursive: bool,
}

/// The output formats.
const PLAINTEXT: &str = "plaintext";
const OPENAPI_V2: &str = "plaintext-openapiv2";

/// The resolved arguments.
struct Options {
    word: String,
    /// As it was typed. Why: kubectl reports an unknown resource before an invalid version.
    api_version: String,
    recursive: bool,
    max_depth: usize,
    /// As it was typed. Why: kubectl reports an unknown resource before an unknown format.
    output: String,
}

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// kubectl's: not exactly one word, a depth that is negative or set without `--recursive`.
    fn resolve(mut args: Args, program: &str) -> Result<Self> {
        let word = match (args.words.pop(), args.words.is_empty()) {
            (Some(word), true) => word,
            (None, _) => {
                let list = format!("Use \"{program} api-resources\" for a complete list of supported resources.");
                return Err(Error::new(format!("You must specify the type of resource to explain. {list}")));
            }
            _ => return Err(Error::new("We accept only this format: explain RESOURCE")),
        };
        if args.max_depth > 0 && !args.recursive {
            return Err(Error::new("--max-depth requires --recursive"));
        }
        let max_depth = usize::try_from(args.max_depth).map_err(|_| Error::new("--max-depth must be non-negative"))?;
        let Args { api_version, recursive, output, .. } = args;
        Ok(Self { word, api_version, recursive, max_depth, output })
    }
}

/// Prints the documentation.
///
/// # Errors
/// Those of [`Options::resolve`], and kubectl's: a resource or a field that the server does not have, an unknown format.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let options = Options::resolve(args, &ctx.program)?;
    let client = session::connect(flags, ctx)?;
    let explained = session::block_on(async {
        let mut request = meant(&options.word, !options.api_version.is_empty(), &client).await?;
        (request.recursive, request.max_depth) = (options.recursive, options.max_depth);
        if !options.api_version.is_empty() {
            (request.group, request.version) = group_version(&options.api_version)?;
        }
        explain(&request, &options.output, &client).await
    })?;
    ctx.put(explained.text)?;
    explained.error.map_or(Ok(()), |error| Err(Error::new(error)))
}

async fn explain(request: &Request, format: &str, client: &Client) -> Result<Explained> {
    let fetched = fetch(request, client).await?;
    let (answer, version) = match &fetched {
        Fetched::Found(answer) => (answer, 3),
        Fetched::Old(answer) => (answer, 2),
        Fetched::Missing if format == OPENAPI_V2 => {
            let kind = quote(&request.group_version_kind());
            return Err(Error::new(format!("couldn't find resource for {kind}")));
        }
        Fetched::Missing => return Err(Error::new(format!("couldn't find resource for \"{request}\""))),
    };
    let parsed = Document::parse(&answer.body);
    let document = parsed.map_err(|_| Error::new("failed to parse openapi schema: the server's answer is none"))?;
    match format {
        OPENAPI_V2 => Ok(openapi_v2(&document, request)),
        // A server without version 3 is explained in the older way.
        PLAINTEXT if version == 2 => Ok(openapi_v2(&document, request)),
        PLAINTEXT => Ok(plaintext(&document, request)),
        _ => Err(Error::new(format!("unrecognized format: {format}"))),
    }
}

/// The OpenAPI document of a group version.
enum Fetched {
    /// From OpenAPI v3.
    Found(Answer),
    /// From OpenAPI v2, of a server without v3.
    Old(Answer),
    /// The server has v3, but no document of this version.
    Missing,
}

/// Fetches the document. Why not the index first, as kubectl does: it only lists the documents, and is needed only if
/// this one does not exist.
async fn fetch(request: &Request, client: &Client) -> Result<Fetched> {
    let Request { group, version, .. } = request;
    let path = if group.is_empty() { format!("api/{version}") } else { format!("apis/{group}/{version}") };
    match client.call(Call::get(Path::raw(&format!("/openapi/v3/{path}"))?)).await {
        Ok(answer) => return Ok(Fetched::Found(answer)),
        Err(failure) if failure.status().is_some() => {}
        Err(failure) => return Err(failure.into()),
    }
    if client.call(Call::get(Path::fixed("/openapi/v3"))).await.is_ok() {
        return Ok(Fetched::Missing);
    }
    Ok(Fetched::Old(client.call(Call::get(Path::fixed("/openapi/v2"))).await?))
}

/// Resolves the word to a resource and a path of fields.
///
/// # Errors
/// Text that is not a path of fields; a resource that the server does not have.
async fn meant(word: &str, versioned: bool, client: &Client) -> Result<Request> {
    let invalid = |which: &str| Error::new(format!("invalid jsonpath syntax, {which}"));
    let nodes = parse(word)?;
    let Some(Some(resource)) = nodes.first() else { return Err(invalid("first node must be field node")) };
    let found = resources(resource, client).await?;
    let whole = |found: &Resource| match found.group.as_str() {
        "" => found.text("name").to_owned(),
        group => format!("{}.{group}", found.text("name")),
    };
    // `deployments.apps.spec`: the beginning of the word may name the group.
    let prefixed = found.iter().filter(|_| !versioned).find(|found| word.starts_with(&whole(found)));
    let Some(chosen) = prefixed.or(found.first()) else {
        return Err(Error::bare(format!("the server doesn't have a resource type {}", quote(resource))));
    };
    let nodes = match prefixed {
        Some(found) if word == whole(found) => Vec::new(),
        Some(found) => parse(&word[whole(found).len()..])?,
        None => nodes,
    };
    let fields = nodes.into_iter().skip(1).collect::<Option<Vec<String>>>();
    let fields = fields.ok_or_else(|| {
        invalid(if versioned { "all nodes must be field nodes" } else { "first node must be field node" })
    })?;
    Ok(Request {
        group: chosen.group.clone(),
        version: chosen.version.clone(),
        resource: chosen.text("name").to_owned(),
        kind: chosen.text("kind").to_owned(),
        fields,
        ..Request::default()
    })
}

/// Splits the word as kubectl does, which reads it as a jsonpath; `None` stands for a part that is not a field.
fn parse(word: &str) -> Result<Vec<Option<String>>> {
    let word = word.strip_suffix('.').unwrap_or(word);
    jsonpath::fields(&format!("{{.{word}}}")).map_err(Error::new)
}

/// Returns the resources of a name, the preferred one first.
async fn resources(word: &str, client: &Client) -> Result<Vec<Resource>> {
    if word.is_empty() {
        return Err(Error::new("a resource must be present, got: /, Resource="));
    }
    // Why: these two are the same on every server and need no discovery.
    if let Some(known) = resource_word(word) {
        return Ok(vec![core(known)]);
    }
    let mut groups = Groups::fetch(client).await?;
    groups.complete(client).await;
    Ok(groups.resources_for(word))
}

fn core(known: resource::Resource) -> Resource {
    let json = serde_json::json!({"name": known.plural(), "kind": known.kind()});
    Resource { group: String::new(), version: "v1".to_owned(), json }
}

/// Parses `GROUP/VERSION` or `VERSION` (`schema.ParseGroupVersion`).
fn group_version(text: &str) -> Result<(String, String)> {
    match text.split('/').collect::<Vec<_>>().as_slice() {
        [version] => Ok((String::new(), (*version).to_owned())),
        [group, version] => Ok(((*group).to_owned(), (*version).to_owned())),
        _ => Err(Error::new(format!("unexpected GroupVersion string: {text}"))),
    }
}
