//! `options`: prints the flags that every command takes.

use clap::{Arg, ArgAction, Command};

use crate::{context::Context, error::Result};

/// Print the flags that every command takes
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  ksecret options")]
pub struct Args {
    /// Ignored, as kubectl does
    #[arg(hide = true)]
    words: Vec<String>,
}

/// Prints the flags.
///
/// # Errors
/// Standard output that cannot be written.
pub fn run(ctx: &mut Context) -> Result<()> {
    ctx.put(text(&super::connection_flags()))
}

/// Returns the flags by name, as kubectl lists them: with their defaults.
fn text(flags: &Command) -> String {
    let mut flags: Vec<(&str, &Arg)> = flags
        .get_arguments()
        .filter(|arg| !arg.is_hide_set())
        .filter_map(|arg| arg.get_long().map(|name| (name, arg)))
        .collect();
    flags.sort_by_key(|(name, _)| *name);
    let mut text = "The following options can be passed to any command:\n\n".to_owned();
    for (name, arg) in flags {
        let short = arg.get_short().map(|letter| format!("-{letter}, ")).unwrap_or_default();
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        text.push_str(&format!("    {short}--{name}={}:\n\t{help}\n\n", default(arg)));
    }
    text
}

/// Returns the default of a flag as pflag shows it.
fn default(arg: &Arg) -> String {
    if matches!(arg.get_action(), ArgAction::Append) {
        return "[]".to_owned();
    }
    let given = arg.get_default_values().first().map(|value| value.to_string_lossy().into_owned());
    match given {
        Some(value) if value.parse::<i64>().is_ok() || value == "false" || value == "true" => value,
        Some(value) => format!("'{value}'"),
        None if arg.get_value_parser().type_id() == std::any::TypeId::of::<bool>() => "false".to_owned(),
        None => "''".to_owned(),
    }
}
