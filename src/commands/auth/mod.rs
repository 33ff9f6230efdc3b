//! `auth`: who the user is to the server, and what the user may do.

mod can_i;
mod rules;
mod whoami;

pub use can_i::{is_allowed, review};

use crate::{cli::flags::ConnectionFlags, context::Context, error::Result};

/// Ask who this user is, and what this user may do
#[derive(clap::Args, Debug)]
#[command(
    arg_required_else_help = true,
    override_usage = "COMMAND [flags]",
    after_help = "Examples:\n  ksecret auth can-i get secrets\n  ksecret auth can-i delete secret/db -n team-a\n  ksecret auth can-i --list\n  ksecret auth whoami"
)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    /// Say yes or no, exit 0 or 1; or list all that is allowed
    CanI(can_i::Args),
    /// Show this user's name, groups and further attributes
    Whoami(whoami::Args),
}

/// Runs the subcommand.
///
/// # Errors
/// A server that does not answer. The answer `no` is exit status 1 without a message.
pub fn run(args: Args, flags: &ConnectionFlags, ctx: &mut Context) -> Result<()> {
    match args.what {
        What::CanI(args) => can_i::run(args, flags, ctx),
        What::Whoami(args) => whoami::run(&args, flags, ctx),
    }
}

/// Prints a warning whose text ends with a newline of its own. As in kubectl an empty line follows.
fn warn(text: impl std::fmt::Display, ctx: &mut Context) {
    ctx.say(format_args!("Warning: {text}\n"));
}
