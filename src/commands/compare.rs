//! `compare`: compares two Secrets key by key, without printing values.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::{
    session,
    targets::{Target, fetch},
};
use crate::{
    cli::{flags::ConnectionFlags, resources},
    client::Client,
    context::Context,
    error::{Error, Result},
    secret::{Object, Value, resource::Resource},
};

/// Compare two Secrets key by key, without their values
///
/// Exits with 0 if they hold the same, 1 if they do not, 2 if one could not be read.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "NAME [OTHER] [--to-namespace NAMESPACE] [--to-context CONTEXT] [flags]",
    after_help = "Examples:\n  ksecret copy db --to-name=db-old && ksecret compare db db-old"
)]
pub struct Args {
    /// NAME of a Secret, or secret/NAME, and of the other, by default the same
    #[arg(value_name = "NAME")]
    words: Vec<String>,
    /// Read the other Secret in this namespace
    #[arg(long, value_name = "NAMESPACE")]
    to_namespace: Option<String>,
    /// Read the other Secret in the cluster of this context
    #[arg(long, value_name = "CONTEXT")]
    to_context: Option<String>,
}

/// The exit status if a Secret could not be read.
const UNKNOWN: u8 = 2;

/// The resolved arguments.
struct Options {
    one: String,
    other: String,
    /// The namespace of the other Secret; `None` for that of the first.
    namespace: Option<String>,
    /// The context of the other Secret; `None` for that of the first.
    context: Option<String>,
}

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// A word that is another kind; neither two names, nor one with another namespace or context.
    fn resolve(args: Args) -> Result<Self> {
        let names = args.words.iter().map(|word| resources::secret_name(word)).collect::<Result<Vec<_>>>()?;
        let (one, other) = match names.as_slice() {
            [one] if args.to_namespace.is_some() || args.to_context.is_some() => (*one, *one),
            [one, other] => (*one, *other),
            [_] => return Err(Error::new("the NAME of another Secret is required, or --to-namespace or --to-context")),
            _ => return Err(Error::new(format!("the NAMES of two Secrets are required, got {}", names.len()))),
        };
        let (one, other) = (one.to_owned(), other.to_owned());
        Ok(Self { one, other, namespace: args.to_namespace, context: args.to_context })
    }
}

/// Prints the differences.
///
/// # Errors
/// Exit status 1 without a message if the Secrets differ; a Secret that cannot be read.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let report = Options::resolve(args).and_then(|options| report(&options, flags, ctx));
    let report = report.map_err(|error| error.status(UNKNOWN))?;
    ctx.put(&report.lines)?;
    if report.same { Ok(()) } else { Err(Error::silent(1)) }
}

struct Report {
    lines: String,
    same: bool,
}

fn report(options: &Options, flags: &ConnectionFlags, ctx: &mut Context) -> Result<Report> {
    let Options { one, other, namespace, context } = options;
    let here = session::connect(flags, ctx)?;
    let there = context.as_ref().map(|context| session::connect_to(context, flags, ctx)).transpose()?;
    session::block_on(async {
        let namespace = namespace.as_deref().unwrap_or(here.namespace());
        let first = read(&here, here.namespace(), one).await?;
        let second = read(there.as_ref().unwrap_or(&here), namespace, other).await?;
        Ok(compare(&first, &second, (one, other)))
    })
}

async fn read(client: &Client, namespace: &str, name: &str) -> Result<Object> {
    Ok(fetch(client, &Target::new(Resource::Secrets, namespace, name)?).await?)
}

fn compare(one: &Object, other: &Object, names: (&str, &str)) -> Report {
    let data =
        |secret: &Object, key: &str| secret.json()["data"].get(key).and_then(Json::as_str).map(Value::from_base64);
    let keys = |secret: &Object| -> Vec<String> {
        secret.json()["data"].as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect()
    };
    let all: BTreeSet<String> = keys(one).into_iter().chain(keys(other)).collect();
    let width = all.iter().map(String::len).max().unwrap_or_default();
    // Why: two Secrets of the same name are told apart by their order.
    let (only_one, only_other) = match names {
        (one, other) if one == other => ("only in the first".to_owned(), "only in the second".to_owned()),
        (one, other) => (format!("only in {one}"), format!("only in {other}")),
    };
    let mut report = Report { lines: String::new(), same: true };
    let kind = |secret: &Object| secret.json()["type"].as_str().unwrap_or_default().to_owned();
    if kind(one) != kind(other) {
        report.same = false;
        report.lines.push_str(&format!("type: {} in the first, {} in the second\n", kind(one), kind(other)));
    }
    for key in all {
        let (first, second) = (data(one, &key), data(other, &key));
        let says = match (&first, &second) {
            (Some(first), Some(second)) if first == second => "equal",
            (Some(_), Some(_)) => "different",
            (_, None) => &only_one,
            (None, _) => &only_other,
        };
        report.same &= says == "equal";
        report.lines.push_str(&format!("{key:width$}  {says}\n"));
    }
    report
}
