//! `completion SHELL`: the script that a shell reads; and live completion, which the scripts ask for.
//!
//! | module | what it does |
//! | --- | --- |
//! | `live` | answers a script, before a deadline and without messages |
//! | `objects`, `values` | what the word under the cursor can be, judged by the words alone: a `question` |
//! | `ask` | looks it up in the kubeconfig or on the server |
//! | `answer` | the candidates, as cobra's scripts read them |

mod answer;
mod ask;
mod live;
mod objects;
mod question;
mod values;

use crate::{
    context::Context,
    error::{Error, Result},
};
use go::quote::quote;

pub use live::{Asked, DESCRIBED, run as complete};

/// Print a completion script for a shell
///
/// The script asks this program at every Tab: for verbs and flags, names and keys of Secrets, namespaces, contexts, labels.
/// It asks the server that the command line names, for names alone where the server can give them, and gives up after half a
/// second. KSECRET_COMPLETION_TIMEOUT is another time for that, such as 2s for a credential plugin that is slow, or 0 to ask
/// no server. A credential plugin runs without a terminal, and so asks nothing.
///
/// With this program also on PATH as kubectl-secret and kubectl_complete-secret, kubectl's own completion does the same for
/// `kubectl secret`.
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "SHELL [flags]",
    after_help = "Examples:\n  eval \"$(ksecret completion bash)\"\n  source <(ksecret completion zsh)\n  ksecret completion fish > ~/.config/fish/completions/ksecret.fish\n  ksecret completion powershell >> $PROFILE"
)]
pub struct Args {
    /// bash, zsh, fish or powershell
    shell: Vec<String>,
}

/// The scripts.
const SCRIPTS: [(&str, &str); 4] = [
    ("bash", include_str!("script.bash")),
    ("fish", include_str!("script.fish")),
    ("powershell", include_str!("script.ps1")),
    ("zsh", include_str!("script.zsh")),
];

/// The resolved arguments.
struct Options {
    script: String,
}

impl Options {
    /// Checks and resolves the arguments.
    ///
    /// # Errors
    /// No shell, several, or an unknown one.
    fn resolve(args: &Args, ctx: &Context) -> Result<Self> {
        let see = format!("See '{} completion -h' for help and examples", ctx.program);
        let [shell] = args.shell.as_slice() else {
            let text = if args.shell.is_empty() {
                "Shell not specified."
            } else {
                "Too many arguments. Expected only the shell type."
            };
            return Err(Error::usage(text, see));
        };
        // Why: if the program is called as `kubectl`, that is the command to complete.
        let name = if ctx.program == "kubectl" { "kubectl" } else { super::NAME };
        match script(shell, name) {
            Some(script) => Ok(Self { script }),
            None => Err(Error::usage(format!("Unsupported shell type {}.", quote(shell)), see)),
        }
    }
}

/// Prints the script.
///
/// # Errors
/// Those of [`Options::resolve`].
pub fn run(args: &Args, ctx: &mut Context) -> Result<()> {
    let Options { script } = Options::resolve(args, ctx)?;
    ctx.put(script)
}

/// Returns the script of a shell for the command `name`, as it is in `completions/`.
pub fn script(shell: &str, name: &str) -> Option<String> {
    let (_, script) = SCRIPTS.iter().find(|(known, _)| *known == shell)?;
    Some(script.replace("__NAME__", name))
}
