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
    /// None are taken
    #[arg(hide = true)]
    words: Vec<String>,
}

/// Prints the versions.
///
/// # Errors
/// An unknown format, or a server that does not answer.
pub fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    if let Some(word) = args.words.first() {
        return Err(Error::new(format!("extra arguments: [{word}]")));
    }
    if !matches!(args.output.as_deref(), None | Some("" | "json" | "yaml")) {
        return Err(Error::new("--output must be 'yaml' or 'json'"));
    }
    let ours = env!("CARGO_PKG_VERSION");
    let mut shown = json!({"clientVersion": {"gitVersion": format!("v{ours}")}});
    let mut failed = None;
    if !args.client {
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
    match args.output.as_deref() {
        Some("json") => ctx.put(go::json_write::to_string(&shown, print::Order::Sorted))?,
        Some("yaml") => ctx.put(yaml::write::to_string(&shown))?,
        _ => {
            ctx.put(format!("Client Version: v{ours}\n"))?;
            if let Some(Json::String(version)) = shown["serverVersion"].get("gitVersion") {
                ctx.put(format!("Server Version: {version}\n"))?;
            }
        }
    }
    failed.map_or(Ok(()), Err)
}
