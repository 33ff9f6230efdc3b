//! `completion SHELL`: the script that a shell reads.

use clap::Command;
use clap_complete::Shell;

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
    let shell: Shell =
        shell.parse().map_err(|_| Error::usage(format!("Unsupported shell type {}.", quote(shell)), see))?;
    // Called by the name of kubectl, that is the command to complete.
    ctx.put(script(shell, if ctx.program == "kubectl" { "kubectl" } else { super::NAME }))
}

/// The script for `shell` that completes the command `name`, as it stands in `completions/` too. Those of bash, zsh and
/// fish ask the fallback for its words: the definitions that clap writes are called by what is put behind them.
pub fn script(shell: Shell, name: &str) -> Vec<u8> {
    let mut script = Vec::new();
    let mut program = super::command();
    clap_complete::generate(shell, &mut program, name, &mut script);
    let (asking, end) = match shell {
        Shell::Bash => (include_str!("asking.bash"), "\nif [["),
        Shell::Zsh => (include_str!("asking.zsh"), "\nif [ "),
        Shell::Fish => (include_str!("asking.fish"), ""),
        _ => return script,
    };
    let verbs: Vec<&str> = program.get_subcommands().flat_map(Command::get_name_and_visible_aliases).collect();
    let asking = asking.replace("__NAME__", name).replace("__VERBS__", &verbs.join(" "));
    let script = String::from_utf8_lossy(&script).replacen(&format!("_{name}() {{"), &format!("_{name}_own() {{"), 1);
    let (definitions, rest) = script.split_at(script.rfind(end).unwrap_or(script.len()));
    [definitions, &asking, rest].concat().into_bytes()
}
