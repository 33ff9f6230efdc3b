//! kubectl's command line on top of clap: cobra finds the command, pflag reads the flags, clap holds the definitions.
//!
//! [`read`] splits the words as cobra and pflag do, and refuses them with their texts. What remains is spelled out for
//! clap: the command first, every flag as `--NAME=VALUE`, then the other words. Invariant: clap never decides what a
//! word means, and an error line names only the word that is wrong, never one that follows it.

mod arg;
mod find;
mod help;
mod line;
mod near;
mod parts;
mod refusal;
mod typed;
mod value;
mod words;

use std::ffi::{OsStr, OsString};

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, builder::ValueParser, error::ErrorKind};

pub use self::find::is_named;
pub use self::help::{Group, Manner, usage};
pub use self::parts::{Parts, take_out};
pub use self::typed::{Choice, Expects, Typed};
pub use self::value::{Fields, parse_bool, parse_count, parse_duration, parse_int, paths, texts};
use self::{
    find::{Found, Scope},
    line::Line,
    refusal::Refusal,
    words::Words,
};
use crate::error::{Error, Result};

/// What the words ask for.
pub enum Outcome {
    /// To run a command.
    Matches(ArgMatches),
    /// To print a text: the help of a command, or the program's version.
    Help(String),
}

/// Reads the words of a command line, without the program's name, by the definitions of `root`. The lines are about
/// deprecated flags; the caller prints them before anything else.
pub fn read(root: Command, words: &[OsString], manner: &Manner) -> (Vec<String>, Result<Outcome>) {
    let mut found = Found::find(root, words);
    let (line, refused) = Line::read(&found);
    let outcome = outcome(&mut found, &line, refused, manner);
    // Why: to free the definitions would take a twentieth of the instructions of a short command, which ends soon.
    std::mem::forget(found);
    (line.notices, outcome)
}

/// Returns the first word that is neither a flag nor a value of a flag of `root`: the name of the subcommand.
pub fn first_word<'a>(root: &Command, words: &'a [OsString]) -> Option<&'a OsStr> {
    first_word_at(root, words).and_then(|at| words.get(at)).map(OsString::as_os_str)
}

/// Returns the position of [`first_word`].
pub fn first_word_at(root: &Command, words: &[OsString]) -> Option<usize> {
    Scope::of_root(root).first_word(words)
}

fn outcome(found: &mut Found, line: &Line, refused: Option<Refusal>, manner: &Manner) -> Result<Outcome> {
    let first = line.words().next().map(OsStr::to_string_lossy);
    let is_root = found.path.is_empty();
    let asks_topic = is_root && first.as_deref() == Some("help");
    if let Some(word) = first.as_deref().filter(|_| is_root && !asks_topic) {
        return Err(Words::new(found).unknown_command(word));
    }
    if let Some(refusal) = refused {
        // Why here: pflag reads from left to right, so a value that its flag refuses is reported before anything that
        // follows it.
        wrong_value(found, line)?;
        return Err(Words::new(found).refusal(&refusal));
    }
    if asks_topic || line.asks_for_help() || is_root && !line.asks_for_version() {
        wrong_value(found, line)?;
        return match asks_topic {
            true => topic(found, line, manner),
            false => Ok(Outcome::Help(help::render(found, line, manner))),
        };
    }
    if !is_root && takes_only_subcommands(found.command()) {
        match first.as_deref() {
            Some(word) if found.command().is_arg_required_else_help_set() => {
                return Err(Words::new(found).unknown_command(word));
            }
            Some(word) => return Err(Words::new(found).unexpected_word(word)),
            None if found.command().is_arg_required_else_help_set() => {
                return Err(Error::bare(help::render(found, line, manner).trim_end()));
            }
            None => {}
        }
    }
    match found.parse(line.for_clap()) {
        Ok(matches) => Ok(Outcome::Matches(matches)),
        Err(error) if error.kind() == ErrorKind::DisplayVersion => Ok(Outcome::Help(error.render().to_string())),
        Err(error) => {
            wrong_value(found, line)?;
            Err(Words::new(found).clap_error(&error, line))
        }
    }
}

/// Renders `help` and the words that name a command.
fn topic(found: &mut Found, line: &Line, manner: &Manner) -> Result<Outcome> {
    let words: Vec<OsString> = line.words().skip(1).map(OsStr::to_owned).collect();
    let mut found = Found::find(found.take_command(), &words);
    if let Some(word) = found.rest.first().map(|word| word.to_string_lossy()) {
        return Err(Words::new(&found).unknown_command(&word));
    }
    Ok(Outcome::Help(help::render(&mut found, line, manner)))
}

/// Finds a value that its flag refuses, in the order typed. Why not clap's first error: clap reads the flags of the
/// root first.
///
/// # Errors
/// The first such value, in pflag's words.
fn wrong_value(found: &mut Found, line: &Line) -> Result<()> {
    for count in 1..=line.flags().len() {
        match found.parse(line.flags_for_clap(count)) {
            Err(error) if is_about_a_value(&error) => return Err(Words::new(found).clap_error(&error, line)),
            _ => {}
        }
    }
    Ok(())
}

fn is_about_a_value(error: &clap::Error) -> bool {
    matches!(error.kind(), ErrorKind::ValueValidation | ErrorKind::InvalidValue | ErrorKind::InvalidUtf8)
}

fn takes_only_subcommands(command: &Command) -> bool {
    command.has_subcommands() && command.get_positionals().next().is_none()
}

/// Makes every flag of `command`, subcommands included, behave as pflag's: a switch takes `=true` or `=false`, and a
/// repeated flag overrides the one before.
pub fn adapt(command: Command) -> Command {
    // As in cobra, only the root has a `help` command.
    command.mut_args(adapt_arg).mut_subcommands(|command| adapt(command).disable_help_subcommand(true))
}

/// The arguments of a subcommand, defined only when the words name it. Why: defining all of them took most of the time
/// of a short command.
#[derive(Debug)]
pub struct Deferred<T>(pub T);

impl<T: Args> Args for Deferred<T> {
    fn augment_args(command: Command) -> Command {
        command.defer(define::<T>)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<T: FromArgMatches> FromArgMatches for Deferred<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        T::from_arg_matches(matches).map(Self)
    }

    // Why not left to the default: it copies all that was matched.
    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, clap::Error> {
        T::from_arg_matches_mut(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

/// Defines the arguments of a command, whose summary in the parent's help stays.
pub fn define<T: Args>(command: Command) -> Command {
    let about = command.get_about().cloned();
    let command = T::augment_args(command);
    adapt(match about {
        Some(about) => command.about(about),
        None => command,
    })
}

fn adapt_arg(arg: Arg) -> Arg {
    match arg.get_action() {
        ArgAction::SetTrue if !arg.is_positional() => switch(arg, "false"),
        _ => arg,
    }
}

/// Makes `arg` a switch that is on unless `=false` is typed.
pub fn on_by_default(arg: Arg) -> Arg {
    switch(arg, "true").hide_default_value(false)
}

fn switch(arg: Arg, default: &'static str) -> Arg {
    arg.action(ArgAction::Set)
        .num_args(0..=1)
        .require_equals(true)
        .default_missing_value("true")
        .default_value(default)
        .value_parser(ValueParser::new(parse_bool))
        .hide_default_value(true)
        .value_name("BOOL")
}
