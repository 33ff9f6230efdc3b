//! `completion SHELL`: the script that a shell reads.

use crate::{
    context::Context,
    error::{Error, Result},
};
use go::quote::quote;

/// Print a completion script for a shell
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  source <(ksecret completion bash)\n  ksecret completion zsh > \"${fpath[1]}/_ksecret\"\n  ksecret completion fish > ~/.config/fish/completions/ksecret.fish"
)]
pub struct Args {
    /// bash, zsh, fish, powershell or elvish
    shell: Vec<String>,
}

/// # Errors
/// No shell, or one that is not known.
pub fn run(args: &Args, ctx: &mut Context) -> Result<()> {
    let see = format!("See '{} completion -h' for help and examples", ctx.program);
    let [shell] = args.shell.as_slice() else {
        let text = if args.shell.is_empty() {
            "Shell not specified."
        } else {
            "Too many arguments. Expected only the shell type."
        };
        return Err(Error::usage(text, see));
    };
    let shell: clap_complete::Shell =
        shell.parse().map_err(|_| Error::usage(format!("Unsupported shell type {}.", quote(shell)), see))?;
    ctx.put(script(shell))
}

/// The script for `shell`, as it stands in `completions/` too.
pub fn script(shell: clap_complete::Shell) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut super::command(), "ksecret", &mut script);
    script
}
