//! `version`: prints the versions of this program and of the server.

use serde_json::{Value as Json, json};

use super::session;
use crate::{
    cli::flags::ConnectionFlags,
    client::{Call, Path},
    context::Context,
    error::{Error, Result},
    print,
};

/// Print the versions of this program and of the server
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  ksecret version --client\n  ksecret version -o json")]
pub struct Args {
    /// Print only the version of this program
    #[arg(long)]
    client: bool,
    /// Print as json or yaml
    #[arg(short, long, value_name = "FORMAT")]
    output: Option<String>,
    /// No words are taken
    #[arg(hide = true)]
    words: Vec<String>,
}

/// The output format.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Text,
    Json,
    Yaml,
}

/// The resolved arguments.
struct Options {
    asks_server: bool,
    format: Format,
}

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// Words, and an unknown format.
    fn resolve(args: &Args) -> Result<Self> {
        if let Some(word) = args.words.first() {
            return Err(Error::new(format!("extra arguments: [{word}]")));
        }
        let format = match args.output.as_deref().unwrap_or_default() {
            "" => Format::Text,
            "json" => Format::Json,
            "yaml" => Format::Yaml,
            _ => return Err(Error::new("--output must be 'yaml' or 'json'")),
        };
        Ok(Self { asks_server: !args.client, format })
    }
}

/// Prints the versions.
///
/// # Errors
/// Those of [`Options::resolve`], and a server that does not answer.
pub fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    let options = Options::resolve(args)?;
    let ours = env!("CARGO_PKG_VERSION");
    let mut shown = json!({"clientVersion": {"gitVersion": format!("v{ours}")}});
    let mut failed = None;
    if options.asks_server {
        let client = session::connect(flags, ctx);
        let is_alone = client.as_ref().is_ok_and(|client| client.nothing_configured()) && ctx.program != "kubectl";
        let asked = client.and_then(|client| {
            session::block_on(async { Ok(client.call(Call::get(Path::fixed("/version"))).await?.object()?) })
        });
        match asked.map(crate::secret::Object::into_json) {
            Ok(server) => shown["serverVersion"] = server,
            // Why no error: kubectl assumes a cluster, but this program also works without one.
            Err(_) if is_alone => ctx.say("note: no cluster is configured, so there is no server's version"),
            Err(error) => failed = Some(error),
        }
    }
    match options.format {
        Format::Json => ctx.put(go::json_write::to_string(&shown, print::Order::Sorted))?,
        Format::Yaml => ctx.put(yaml::write::to_string(&shown))?,
        Format::Text => {
            ctx.put(format!("Client Version: v{ours}\n"))?;
            if let Some(Json::String(version)) = shown["serverVersion"].get("gitVersion") {
                ctx.put(format!("Server Version: {version}\n"))?;
            }
        }
    }
    failed.map_or(Ok(()), Err)
}
