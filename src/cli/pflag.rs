//! kubectl's flag syntax (Go's pflag) on top of clap: `--flag=false`, values that begin with a dash, the last of two
//! equal flags, and pflag's error lines.

use clap::{
    Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, Id, builder::ValueParser, error::ContextKind,
    error::ContextValue, error::ErrorKind,
};

use crate::error::Error;

/// Makes every flag of `command`, subcommands included, behave as pflag's: a switch takes `=true` or `=false`, a flag
/// with a value takes whatever word follows, and a repeated flag overrides the one before.
pub fn adapt(command: Command) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    let command = command.mut_args(adapt_arg);
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, adapt))
}

/// The arguments of a subcommand, defined and adapted only when the words name it: most of the time that a short command
/// takes would go into the definitions of the others.
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

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

/// What clap has given the command by then stays as it would be: the line that its parent shows, and the flags that it
/// inherits, which come last.
fn define<T: Args>(command: Command) -> Command {
    let about = command.get_about().cloned();
    let inherited: Vec<Id> = command.get_arguments().map(|arg| arg.get_id().clone()).collect();
    let command = T::augment_args(command);
    let command = match about {
        Some(about) => command.about(about),
        None => command,
    };
    // `mut_arg` takes an argument out and puts it back at the end.
    adapt(inherited.iter().fold(command, |command, id| command.mut_arg(id, |arg| arg)))
}

fn adapt_arg(arg: Arg) -> Arg {
    if arg.is_positional() {
        return arg;
    }
    match arg.get_action() {
        ArgAction::SetTrue => arg
            .action(ArgAction::Set)
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .default_value("false")
            .value_parser(ValueParser::new(parse_bool))
            .hide_default_value(true)
            .value_name("BOOL"),
        ArgAction::Set | ArgAction::Append if !arg.is_require_equals_set() => arg.allow_hyphen_values(true),
        _ => arg,
    }
}

/// Go's `strconv.ParseBool`.
pub fn parse_bool(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Ok(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Ok(false),
        _ => Err(format!("strconv.ParseBool: parsing {text:?}: invalid syntax")),
    }
}

/// Takes apart the values of a pflag `StringSlice`: each is a line of comma-separated values, quoted as in CSV.
pub fn string_slice(values: &[String]) -> Vec<String> {
    values.iter().flat_map(|value| csv_fields(value)).collect()
}

fn csv_fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut chars = line.chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        let field = fields.last_mut().map_or("", |f| f.as_str()).len();
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                push(&mut fields, '"');
            }
            '"' if quoted => quoted = false,
            '"' if field == 0 => quoted = true,
            ',' if !quoted => fields.push(String::new()),
            c => push(&mut fields, c),
        }
    }
    if line.is_empty() { Vec::new() } else { fields }
}

fn push(fields: &mut [String], c: char) {
    if let Some(last) = fields.last_mut() {
        last.push(c);
    }
}

/// What clap refused, in pflag's and cobra's words. `root` is the tree of commands and `words` what was typed, without
/// the program's name: they tell which command's help to point at.
pub fn usage_error(error: &clap::Error, root: &Command, words: &[String]) -> Error {
    let (path, command) = path_of(root, words);
    let see = format!("See '{path} --help' for usage.");
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(" "),
        _ => String::new(),
    };
    let invalid = text(ContextKind::InvalidArg);
    match error.kind() {
        ErrorKind::UnknownArgument if invalid.starts_with("--") => {
            let name = invalid.split('=').next().unwrap_or_default();
            Error::usage(format!("unknown flag: {name}"), see)
        }
        ErrorKind::UnknownArgument if invalid.starts_with('-') => {
            let letter = invalid.chars().nth(1).unwrap_or('-');
            let word = words.iter().find(|w| !w.starts_with("--") && w.starts_with('-') && w.contains(letter));
            let word = word.map_or(invalid.as_str(), String::as_str);
            Error::usage(format!("unknown shorthand flag: '{letter}' in {word}"), see)
        }
        ErrorKind::InvalidSubcommand => {
            let word = text(ContextKind::InvalidSubcommand);
            // What cobra says of `create secret generik s` and of `create frobnicate`.
            let rest = words.iter().skip_while(|w| **w != word).cloned().collect::<Vec<_>>().join(" ");
            let see = format!("See '{path} -h' for help and examples");
            let refused = if path == program(root) {
                Error::new(format!("unknown command {word:?} for {path:?}"))
            } else if path == format!("{} create", program(root)) {
                Error::usage(format!("Unexpected args: [{rest}]"), see)
            } else {
                Error::usage(format!("unknown command {rest:?}"), see)
            };
            refused.hint(suggestion(error).unwrap_or_else(|| format!("'{path} --help' lists the commands")))
        }
        ErrorKind::UnknownArgument => Error::usage(format!("unexpected argument {invalid:?}"), see),
        ErrorKind::InvalidValue | ErrorKind::NoEquals | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues
            if text(ContextKind::InvalidValue).is_empty() =>
        {
            Error::usage(format!("flag needs an argument: {}", flag_as_typed(&invalid, &command, words)), see)
        }
        ErrorKind::ValueValidation | ErrorKind::InvalidValue => {
            let reason = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            let flag = flag_names(&invalid, &command);
            let value = text(ContextKind::InvalidValue);
            Error::usage(format!("invalid argument {value:?} for \"{flag}\" flag: {reason}"), see)
        }
        ErrorKind::MissingRequiredArgument => Error::usage(format!("required: {invalid}"), see),
        ErrorKind::ArgumentConflict => {
            Error::usage(format!("{invalid} cannot be used with {}", text(ContextKind::PriorArg)), see)
        }
        _ => {
            let first = error.to_string();
            let first = first.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
            Error::usage(first, see)
        }
    }
}

fn suggestion(error: &clap::Error) -> Option<String> {
    match error.get(ContextKind::SuggestedSubcommand)? {
        ContextValue::Strings(names) => names.first().map(|name| format!("did you mean '{name}'?")),
        ContextValue::String(name) => Some(format!("did you mean '{name}'?")),
        _ => None,
    }
}

/// The command that `words` lead to, and how it is called: `ksecret create secret generic`. The values of flags are passed
/// over; the first word that is no command ends the way.
pub fn path_of(root: &Command, words: &[String]) -> (String, Command) {
    let mut command = root;
    let mut path = program(root).to_owned();
    let mut words = words.iter().take_while(|word| *word != "--");
    while let Some(word) = words.next() {
        if word.starts_with('-') {
            if takes_next_word(root, command, word) {
                words.next();
            }
            continue;
        }
        let Some(next) = command.find_subcommand(word) else { break };
        command = next;
        path = format!("{path} {word}");
    }
    (path, command.clone())
}

fn program(root: &Command) -> &str {
    root.get_bin_name().unwrap_or(root.get_name())
}

/// Whether the value of this flag is the word after it. Connection flags are the root's.
fn takes_next_word(root: &Command, command: &Command, flag: &str) -> bool {
    let named = |arg: &&Arg| match flag.strip_prefix("--") {
        Some(long) => arg.get_long() == Some(long),
        None => arg.get_short().is_some_and(|short| flag.ends_with(short)),
    };
    let found = command.get_arguments().find(named).or_else(|| root.get_arguments().find(named));
    found.is_some_and(|arg| {
        matches!(arg.get_action(), ArgAction::Set | ArgAction::Append) && !arg.is_require_equals_set()
    })
}

/// `--from-literal <FROM_LITERAL>` as clap names an argument; pflag shows `--from-literal`, or `'o' in -o` when the
/// short form was typed.
fn flag_as_typed(shown: &str, command: &Command, words: &[String]) -> String {
    let long = shown.split([' ', '=']).find(|w| w.starts_with("--")).unwrap_or(shown);
    let long = long.trim_end_matches('[');
    let last = words.last().map(String::as_str).unwrap_or_default();
    let short = command.get_arguments().find(|a| a.get_long() == long.strip_prefix("--")).and_then(Arg::get_short);
    match short {
        Some(short) if !last.starts_with("--") && last.starts_with('-') && last.ends_with(short) => {
            format!("'{short}' in {last}")
        }
        _ => long.to_owned(),
    }
}

/// `-o, --output`, as pflag names a flag whose value is wrong.
fn flag_names(shown: &str, command: &Command) -> String {
    let long = shown.split([' ', '=', '[']).find(|w| w.starts_with("--")).unwrap_or(shown);
    let short = command.get_arguments().find(|a| a.get_long() == long.strip_prefix("--")).and_then(Arg::get_short);
    short.map_or_else(|| long.to_owned(), |short| format!("-{short}, {long}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn string_slices_split_at_commas_outside_quotes() {
        let split = |s: &str| string_slice(&[s.to_owned()]);
        assert_eq!(split("a,b"), ["a", "b"]);
        assert_eq!(split("\"a,b\",c"), ["a,b", "c"]);
        assert_eq!(split("\"a\"\"b\""), ["a\"b"]);
        assert_eq!(split("a,"), ["a", ""]);
        assert!(split("").is_empty());
    }

    #[test]
    fn booleans_are_gos() {
        assert_eq!(parse_bool("T"), Ok(true));
        assert_eq!(parse_bool("0"), Ok(false));
        assert!(parse_bool("yes").is_err());
    }
}
