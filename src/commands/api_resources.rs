//! `api-resources`: the kinds of objects that the server has.

use serde_json::{Map, Value as Json, json};

use super::{
    api_versions::refuse_words,
    discovery::{Groups, Resource},
    session,
};
use crate::{
    cli::{
        flags::ConnectionFlags,
        pflag::{self, Fields},
    },
    context::Context,
    error::{Error, Result},
    print::Order,
};
use go::{json_write, quote::quote, tabwriter};

/// Print the resources that the server has
///
/// Each resource is shown in the version that its group prefers. A Secret's is `secrets`.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  ksecret api-resources\n  ksecret api-resources --verbs=list --namespaced -o name\n  ksecret api-resources --api-group=\"\""
)]
pub struct Args {
    /// Show only resources of this API group; "" is the core group
    #[arg(long, value_name = "GROUP")]
    api_group: Option<String>,
    /// Accept kubectl's cached list; nothing is cached here
    #[arg(long, hide = true)]
    cached: bool,
    /// Show only resources in all of these categories
    #[arg(long, value_name = "CATEGORY,...", value_parser = pflag::texts)]
    categories: Vec<Fields<String>>,
    /// Show only resources within namespaces; =false shows those outside
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
        value_parser = pflag::parse_bool)]
    namespaced: Option<bool>,
    /// Print no header line
    #[arg(long)]
    no_headers: bool,
    /// Print as wide, name, json, yaml or kyaml
    #[arg(short, long, value_name = "FORMAT", default_value = "", hide_default_value = true)]
    output: String,
    /// Show metadata.managedFields; accepted, resources have none
    #[arg(long, hide = true)]
    show_managed_fields: bool,
    /// Sort by name or by kind, instead of by group
    #[arg(long, value_name = "FIELD", default_value = "", hide_default_value = true)]
    sort_by: String,
    /// Show only resources that have all of these verbs
    #[arg(long, value_name = "VERB,...", value_parser = pflag::texts)]
    verbs: Vec<Fields<String>>,
    /// No words are taken
    #[arg(hide = true)]
    words: Vec<String>,
}

/// An output format.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Table { wide: bool },
    Name,
    Json,
    Yaml,
    Kyaml,
}

impl Format {
    fn parse(text: &str) -> Result<Self> {
        match text.to_lowercase().as_str() {
            "json" => return Ok(Self::Json),
            "yaml" => return Ok(Self::Yaml),
            "kyaml" => return Ok(Self::Kyaml),
            _ => {}
        }
        match text {
            "" => Ok(Self::Table { wide: false }),
            "wide" => Ok(Self::Table { wide: true }),
            "name" => Ok(Self::Name),
            _ => Err(Error::new(format!(
                "unable to match a printer suitable for the output format {}, allowed formats are: \
                 json,kyaml,name,wide,yaml",
                quote(text)
            ))),
        }
    }
}

/// The first sort key; the second is the name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SortBy {
    Group,
    Name,
    Kind,
}

/// The resolved arguments.
struct Options {
    api_group: Option<String>,
    categories: Vec<String>,
    namespaced: Option<bool>,
    verbs: Vec<String>,
    format: Format,
    no_headers: bool,
    sort_by: SortBy,
}

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// kubectl's: an unknown format or field to sort by.
    fn resolve(args: Args) -> Result<Self> {
        let format = Format::parse(&args.output)?;
        let sort_by = match args.sort_by.as_str() {
            "" => SortBy::Group,
            "name" => SortBy::Name,
            "kind" => SortBy::Kind,
            _ => return Err(Error::new("--sort-by accepts only name or kind")),
        };
        Ok(Self {
            api_group: args.api_group,
            categories: Fields::flatten(args.categories),
            namespaced: args.namespaced,
            verbs: Fields::flatten(args.verbs),
            format,
            no_headers: args.no_headers,
            sort_by,
        })
    }
}

/// Prints the resources of the server.
///
/// # Errors
/// kubectl's: words, an unknown format or field; a server that does not answer. If the server of an aggregated group
/// does not answer, the command fails after it has printed the other groups.
/// command after the others are printed.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    refuse_words(&args.words, "api-resources", ctx)?;
    // Why first: as in kubectl, an unusable kubeconfig is reported before an unknown format.
    let client = session::connect(flags, ctx)?;
    let options = Options::resolve(args)?;
    let (groups, failures) = session::block_on(async {
        let mut groups = Groups::fetch(&client).await?;
        let failures = groups.complete(&client).await;
        Ok((groups, failures))
    })?;
    for stale in groups.stale() {
        ctx.say(format_args!("warning: the resources of {stale} are not known: its server is away"));
    }
    if let Some(resources) = groups.preferred() {
        print(chosen(resources, &options), options.format, options.no_headers, ctx)?;
    }
    if failures.is_empty() {
        return Ok(());
    }
    Err(Error::new(format!("unable to retrieve the complete list of server APIs: {}", failures.join(", "))))
}

/// Returns the resources that the flags select, sorted.
fn chosen(mut resources: Vec<Resource>, options: &Options) -> Vec<Resource> {
    let has_all = |resource: &Resource, field: &str, wanted: &[String]| {
        let has = resource.texts(field);
        wanted.iter().all(|word| has.contains(&word.as_str()))
    };
    resources.retain(|resource| {
        !resource.texts("verbs").is_empty()
            && options.api_group.as_ref().is_none_or(|group| *group == resource.group)
            && options.namespaced.is_none_or(|namespaced| namespaced == resource.namespaced())
            && has_all(resource, "verbs", &options.verbs)
            && has_all(resource, "categories", &options.categories)
    });
    let key = |resource: &Resource| {
        let first = match options.sort_by {
            SortBy::Name => resource.text("name"),
            SortBy::Kind => resource.text("kind"),
            SortBy::Group => resource.group.as_str(),
        };
        (first.to_owned(), resource.text("name").to_owned())
    };
    resources.sort_by_cached_key(key);
    resources
}

fn print(resources: Vec<Resource>, format: Format, no_headers: bool, ctx: &mut Context) -> Result<()> {
    match format {
        Format::Table { wide } => ctx.put(table(&resources, wide, no_headers)),
        Format::Name => ctx.put(resources.iter().map(name).collect::<String>()),
        Format::Json => ctx.put(json_write::to_string(&list(resources), Order::Resources)),
        Format::Yaml => ctx.put(yaml::write::to_string(&list(resources))),
        Format::Kyaml => {
            let mut text = Vec::new();
            yaml::kyaml::write(&list(resources), Order::Resources, &mut text);
            ctx.put(text)
        }
    }
}

fn table(resources: &[Resource], wide: bool, no_headers: bool) -> String {
    let mut text = String::new();
    if !no_headers {
        text.push_str("NAME\tSHORTNAMES\tAPIVERSION\tNAMESPACED\tKIND");
        text.push_str(if wide { "\tVERBS\tCATEGORIES\n" } else { "\n" });
    }
    for resource in resources {
        let mut cells = vec![
            resource.text("name").to_owned(),
            resource.texts("shortNames").join(","),
            resource.group_version(),
            resource.namespaced().to_string(),
            resource.text("kind").to_owned(),
        ];
        if wide {
            cells.extend([resource.texts("verbs").join(","), resource.texts("categories").join(",")]);
        }
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    tabwriter::TABLE.align(&text)
}

/// Returns the line of `-o name`.
fn name(resource: &Resource) -> String {
    let name = resource.text("name");
    if resource.group.is_empty() { format!("{name}\n") } else { format!("{name}.{}\n", resource.group) }
}

/// Returns kubectl's `APIResourceList` of the resources: the fields of the Go struct, without those that are empty.
fn list(resources: Vec<Resource>) -> Json {
    let items = resources.into_iter().map(|resource| {
        let Resource { group, version, mut json } = resource;
        let mut item = Map::new();
        for field in ["name", "singularName", "kind"] {
            item.insert(field.to_owned(), json!(json[field].as_str().unwrap_or_default()));
        }
        item.insert("namespaced".to_owned(), json!(json["namespaced"] == true));
        item.insert("group".to_owned(), json!(group));
        item.insert("version".to_owned(), json!(version));
        for field in ["verbs", "shortNames", "categories", "storageVersionHash"] {
            item.insert(field.to_owned(), json[field].take());
        }
        let always = ["name", "singularName", "kind", "namespaced"];
        item.retain(|field, value| always.contains(&field.as_str()) || !is_empty(value));
        Json::Object(item)
    });
    let items: Vec<Json> = items.collect();
    let items = if items.is_empty() { Json::Null } else { Json::Array(items) };
    json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "", "resources": items})
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        _ => false,
    }
}
