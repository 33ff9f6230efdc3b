//! `api-versions`: the versions of every group that the server has.

use super::{discovery::Groups, session};
use crate::{
    cli::flags::ConnectionFlags,
    context::Context,
    error::{Error, Result},
};

/// Print the API versions that the server has, as GROUP/VERSION
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  ksecret api-versions")]
pub struct Args {
    /// No words are taken
    #[arg(hide = true)]
    words: Vec<String>,
}

/// Prints the versions of every API group.
///
/// # Errors
/// A server that does not answer.
pub fn run(args: &Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    refuse_words(&args.words, "api-versions", ctx)?;
    let client = session::connect(flags, ctx)?;
    let groups = session::block_on(async {
        let failed = "couldn't get available api versions from server";
        Groups::fetch(&client).await.map_err(|failure| {
            let text = format!("{failed}: {}", failure.go_error());
            Error::new(text).hints_of(failure.words().hint.as_deref())
        })
    })?;
    let mut versions = groups.versions();
    versions.sort_unstable();
    ctx.put(versions.into_iter().map(|version| version + "\n").collect::<String>())
}

/// Refuses words after a command that takes none, as kubectl's `UsageErrorf` does.
///
/// # Errors
/// If there are any words.
pub fn refuse_words(words: &[String], command: &str, ctx: &Context) -> Result<()> {
    if words.is_empty() {
        return Ok(());
    }
    let see = format!("See '{} {command} -h' for help and examples", ctx.program);
    Err(Error::usage(format!("unexpected arguments: [{}]", words.join(" ")), see))
}
