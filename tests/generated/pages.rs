//! The pages of `man/`, one a command: `ksecret-create-generic.1`.

use std::collections::BTreeMap;

use clap::{Arg, ArgAction, Command};
use ksecret::cli::pflag::usage;

use super::{
    roff::{Page, bold, escaped, italic},
    texts::{Entry, FILES, VARIABLES, WHOLE, statuses},
};

/// The sections of each page. One with commands has COMMANDS before OPTIONS.
pub const SECTIONS: [&str; 10] = [
    "NAME",
    "SYNOPSIS",
    "DESCRIPTION",
    "OPTIONS",
    "CONNECTION",
    "EXAMPLES",
    "EXIT STATUS",
    "ENVIRONMENT",
    "FILES",
    "SEE ALSO",
];

/// The day on which what is written by hand of the pages last changed.
const DATE: &str = "2026-11-29";

/// The page with the flags that every command takes.
const OPTIONS: &str = "ksecret-options";

/// Returns every page by its name.
pub fn pages() -> BTreeMap<String, String> {
    let mut tree = ksecret::commands::command();
    tree.build();
    let mut pages = BTreeMap::new();
    walk(&tree, &tree, WHOLE, None, &mut pages);
    pages
}

fn walk(root: &Command, command: &Command, name: &str, above: Option<&str>, pages: &mut BTreeMap<String, String>) {
    pages.insert(name.to_owned(), page(root, command, name, above));
    for sub in subcommands(command) {
        walk(root, sub, &format!("{name}-{}", sub.get_name()), Some(name), pages);
    }
}

fn subcommands(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|sub| sub.get_name() != "help" && !sub.is_hide_set())
}

fn page(root: &Command, command: &Command, name: &str, above: Option<&str>) -> String {
    let mut page = Page::default();
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    page.request("\\\" Generated from the definitions of the commands; do not edit.");
    let version = env!("CARGO_PKG_VERSION");
    page.request(&format!("TH {} 1 {DATE} \"ksecret {version}\" \"User Commands\"", escaped(&name.to_uppercase())));
    page.section("NAME");
    page.paragraph(&format!("{name} - {about}"));
    page.section("SYNOPSIS");
    synopsis(&mut page, command);
    let (texts, examples) = after_help(command);
    page.section("DESCRIPTION");
    let long = command.get_long_about().map_or(about, ToString::to_string);
    for (at, paragraph) in long.split("\n\n").map(str::to_owned).chain(texts).enumerate() {
        if at > 0 {
            page.request("PP");
        }
        page.paragraph(&sentence(&paragraph));
    }
    if subcommands(command).next().is_some() {
        page.section("COMMANDS");
        for sub in subcommands(command) {
            let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
            page.entry(&format!("{}(1)", bold(&format!("{name}-{}", sub.get_name()))), &sentence(&about));
        }
    }
    page.section("OPTIONS");
    let is_of_every_command = |arg: &Arg| arg.get_long().is_some_and(|name| !["help", "version"].contains(&name));
    let is_root = name == WHOLE;
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help("Print help");
    let own = command.get_arguments().filter(|arg| !(is_root && is_of_every_command(arg)));
    let own: Vec<&Arg> = own.chain([&help]).collect();
    options(&mut page, &own);
    page.section("CONNECTION");
    if name == OPTIONS {
        let flags: Vec<&Arg> = root.get_arguments().filter(|arg| is_of_every_command(arg)).collect();
        flags_of(&mut page, &flags);
    } else {
        page.fonts(&format!(
            "Flags that every command takes choose the server, the user and the namespace, such as {}, {}, {} and {}: see \
             {}(1).",
            bold("--context"),
            bold("--namespace"),
            bold("--server"),
            bold("--local"),
            bold(OPTIONS)
        ));
    }
    page.section("EXAMPLES");
    page.lines(&examples.iter().map(String::as_str).collect::<Vec<_>>());
    page.section("EXIT STATUS");
    for Entry { term, text, .. } in statuses(name) {
        page.entry(&bold(term), text);
    }
    page.section("ENVIRONMENT");
    entries(&mut page, VARIABLES, name);
    page.section("FILES");
    entries(&mut page, FILES, name);
    page.section("SEE ALSO");
    page.fonts(&see_also(command, name, above));
    page.done()
}

fn synopsis(page: &mut Page, command: &Command) {
    let called = command.get_bin_name().unwrap_or(command.get_name());
    let usage = usage(&mut command.clone());
    page.fonts(&format!("{} {}", bold(called).replace(' ', "\\ "), placeholders(&usage)));
}

/// Sets the words in capitals, and in angle brackets, as what is to be replaced.
fn placeholders(text: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    let end = |word: &mut String, out: &mut String| {
        let is_name = word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase() || "_-|".contains(c));
        out.push_str(&if is_name { italic(word) } else { escaped(word) });
        word.clear();
    };
    for char in text.chars().filter(|char| !matches!(char, '<' | '>')) {
        if char.is_alphanumeric() || "_-|".contains(char) {
            word.push(char);
        } else {
            end(&mut word, &mut out);
            out.push_str(&escaped(&char.to_string()));
        }
    }
    end(&mut word, &mut out);
    out
}

/// Takes the text behind the help apart: paragraphs, and the lines of examples.
fn after_help(command: &Command) -> (Vec<String>, Vec<String>) {
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let (mut texts, mut examples) = (Vec::new(), Vec::new());
    for block in text.split("\n\n") {
        match block.strip_prefix("Examples:\n") {
            Some(lines) => {
                examples.extend(lines.lines().map(|line| line.strip_prefix("  ").unwrap_or(line).to_owned()))
            }
            None if block.trim().is_empty() => {}
            None => texts.push(block.to_owned()),
        }
    }
    (texts, examples)
}

/// Writes arguments and flags, by their headings.
fn options(page: &mut Page, args: &[&Arg]) {
    let shown: Vec<&Arg> = args.iter().copied().filter(|arg| !arg.is_hide_set()).collect();
    let (positional, flags): (Vec<&Arg>, Vec<&Arg>) = shown.into_iter().partition(|arg| arg.is_positional());
    for arg in positional {
        page.entry(&placeholders(&arg.to_string()), &about(arg));
    }
    let mut headings = Vec::new();
    for flag in &flags {
        if !headings.contains(&flag.get_help_heading()) {
            headings.push(flag.get_help_heading());
        }
    }
    headings.sort_by_key(Option::is_some);
    for heading in headings {
        if let Some(heading) = heading {
            page.request(&format!("SS {heading}"));
        }
        let group: Vec<&Arg> = flags.iter().copied().filter(|flag| flag.get_help_heading() == heading).collect();
        flags_of(page, &group);
    }
}

fn flags_of(page: &mut Page, flags: &[&Arg]) {
    for flag in flags.iter().filter(|flag| !flag.is_hide_set()) {
        page.entry(&term(flag), &about(flag));
    }
}

/// `-o, --output FORMAT`; the value of a switch is left out.
fn term(flag: &Arg) -> String {
    let short = flag.get_short().map(|letter| bold(&format!("-{letter}")));
    let long = flag.get_long().map(|long| bold(&format!("--{long}")));
    let mut term = short.into_iter().chain(long).collect::<Vec<_>>().join(", ");
    let takes = flag.get_action().takes_values();
    let names =
        flag.get_value_names().unwrap_or_default().iter().map(|name| name.as_str()).collect::<Vec<_>>().join(" ");
    if takes && names != "BOOL" {
        let optional = flag.get_num_args().is_some_and(|range| range.min_values() == 0);
        let value = placeholders(&names);
        term.push_str(&if optional { format!("[={value}]") } else { format!(" {value}") });
    }
    term
}

/// The text of an option, with what it is by default and what it can be.
fn about(arg: &Arg) -> String {
    let text = arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default();
    let text = if arg.get_long() == Some("help") { "Print help".to_owned() } else { text };
    let mut text = sentence(&text);
    let list = |values: Vec<String>| values.join(", ");
    let possible: Vec<String> = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    if arg.get_action().takes_values() && !possible.is_empty() {
        text.push_str(&format!(" One of {}.", list(possible)));
    }
    let default: Vec<String> =
        arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    if !arg.is_hide_default_value_set() && default.iter().any(|value| !value.is_empty()) {
        text.push_str(&format!(" The default is {}.", list(default)));
    }
    text
}

/// Ends the text as a sentence.
fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', ':', '?', '\u{2026}']) || text.is_empty() { text.to_owned() } else { format!("{text}.") }
}

fn entries(page: &mut Page, entries: &[Entry], name: &str) {
    for Entry { term, text, .. } in
        entries.iter().filter(|entry| entry.commands.is_empty() || entry.commands.contains(&name))
    {
        page.entry(&bold(term), text);
    }
    if name != WHOLE {
        page.request("PP");
        page.fonts(&format!("See {}(1) for the others.", bold(WHOLE)));
    }
}

/// The program, the command above, the commands below, the flags that all take.
fn see_also(command: &Command, name: &str, above: Option<&str>) -> String {
    let below = subcommands(command).map(|sub| format!("{name}-{}", sub.get_name()));
    let mut names: Vec<String> =
        [WHOLE, OPTIONS].into_iter().chain(above).map(str::to_owned).chain(below).filter(|page| page != name).collect();
    names.sort();
    names.dedup();
    names.push("kubectl".to_owned());
    names.iter().map(|name| format!("{}(1)", bold(name))).collect::<Vec<_>>().join(", ")
}
