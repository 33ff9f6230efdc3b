//! kubectl's flag syntax (Go's pflag) on top of clap: `--flag=false`, values that begin with a dash, the last of two
//! equal flags, and pflag's error lines.

use clap::{Arg, ArgAction, Command, builder::ValueParser, error::ContextKind, error::ContextValue, error::ErrorKind};

use crate::error::Error;

/// Makes every flag of `command`, subcommands included, behave as pflag's: a switch takes `=true` or `=false`, a flag
/// with a value takes whatever word follows, and a repeated flag overrides the one before.
pub fn adapt(command: Command) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    let command = command.mut_args(adapt_arg);
    names.into_iter().fold(command, |command, name| command.mut_subcommand(name, adapt))
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
            Error::new(format!("unknown command {:?} for {path:?}", text(ContextKind::InvalidSubcommand)))
                .hint(suggestion(error).unwrap_or_else(|| format!("'{path} --help' lists the commands")))
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

/// The command that `words` lead to, and how it is called: `ksecret create secret generic`.
pub fn path_of(root: &Command, words: &[String]) -> (String, Command) {
    let mut command = root;
    let mut path = root.get_name().to_owned();
    for word in words.iter().take_while(|w| *w != "--").filter(|w| !w.starts_with('-')) {
        if let Some(next) = command.find_subcommand(word) {
            command = next;
            path = format!("{path} {word}");
        }
    }
    (path, command.clone())
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
