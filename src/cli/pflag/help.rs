//! `--help`, laid out by clap: the command's summary, its usage, flags and examples.

use std::fmt::Write as _;

use clap::{Arg, ArgAction, Command, builder::Styles, builder::styling::Style};

use super::{find::Found, line::Line};

/// A group of the root's commands: a heading, and their names with their summaries.
pub type Group<'a> = (&'a str, Vec<(&'a str, &'a str)>);

/// How help is shown.
pub struct Manner {
    /// Whether help may be coloured if no flag says so.
    pub color: bool,
    /// Returns the groups of commands, in the order of the root's help.
    pub groups: fn() -> Vec<Group<'static>>,
}

/// The maximal width of a line, in columns.
const WIDEST: usize = 100;

/// The usage of a command that only has subcommands.
const OF_COMMANDS: &str = "COMMAND [flags]";

/// The heading of the examples.
const EXAMPLES: &str = "Examples:";

/// Renders the help of the command. Takes the command out of its tree.
pub(super) fn render(found: &mut Found, line: &Line, manner: &Manner) -> String {
    let color = match line.value("color").and_then(|when| when.to_str()) {
        Some("always") => true,
        Some("never") => false,
        _ => manner.color,
    };
    let styles = if color { Styles::styled() } else { Styles::plain() };
    let called: Vec<String> = found.called().map(str::to_owned).collect();
    let (called, program) = (called.join(" "), called.first().cloned().unwrap_or_default());
    let is_root = found.path.is_empty();
    let mut command = found.take_command();
    let usage = match is_root {
        true => format!("{called} {OF_COMMANDS}"),
        false => format!("{called} {}", usage(&mut command)),
    };
    let advice = match is_root {
        true => {
            format!("'{program} help COMMAND' shows the flags of a command, '{program} options' those of all commands.")
        }
        false => format!("'{program} options' lists the flags that every command takes."),
    };
    let after = command.get_after_help().map(|text| text.ansi().to_string());
    let command = match command.get_long_about().cloned() {
        Some(about) => command.about(about),
        None => command,
    };
    let command = match is_root {
        true => {
            let list = grouped(&(manner.groups)(), &styles);
            command.help_template(format!("{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{list}"))
        }
        false => command.mut_args(shown),
    };
    let header = styled(styles.get_header(), EXAMPLES);
    let mut command = command.override_usage(usage).after_help(None).max_term_width(WIDEST).styles(styles);
    // Why: with plain styles there is nothing to strip.
    let mut text = command.render_help().ansi().to_string().trim_end().to_owned();
    // Why: clap would wrap long lines, and an example must stay on one line to be pasted.
    for part in after.iter().map(|after| after.replacen(EXAMPLES, &header, 1)).chain([advice]) {
        text.push_str("\n\n");
        text.push_str(&part);
    }
    text.push('\n');
    text
}

/// Returns what follows the command's name in its usage: the text of its definition, or `[flags]`.
pub fn usage(command: &mut Command) -> String {
    let usage = command.render_usage().to_string();
    let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage);
    // Why: clap's own usage line contains the command's name; the text of a definition does not.
    match usage.split_whitespace().any(|word| word == command.get_name()) {
        true if command.has_subcommands() => OF_COMMANDS.to_owned(),
        true => "[flags]".to_owned(),
        false => usage.to_owned(),
    }
}

fn styled(style: &Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Lists the commands of the root.
fn grouped(groups: &[Group<'_>], styles: &Styles) -> String {
    let names = groups.iter().flat_map(|(_, commands)| commands).map(|(name, _)| name);
    let widest = names.map(|name| name.len()).max().unwrap_or_default();
    let mut list = String::new();
    for (index, (heading, commands)) in groups.iter().enumerate() {
        if index > 0 {
            list.push('\n');
        }
        let _ = writeln!(list, "{}", styled(styles.get_header(), &format!("{heading}:")));
        for (name, about) in commands {
            let _ = writeln!(list, "  {}{:2$}  {about}", styled(styles.get_literal(), name), "", widest - name.len());
        }
    }
    list.trim_end().to_owned()
}

/// Returns the flag as help shows it: a switch without `[=BOOL]`, no positional words.
fn shown(arg: Arg) -> Arg {
    if arg.is_positional() {
        return arg.hide(true);
    }
    let is_switch = arg.get_value_names().is_some_and(|names| matches!(names, [name] if name == "BOOL"));
    if !is_switch {
        return arg;
    }
    let is_on = arg.get_default_values().iter().any(|value| value == "true");
    let help = arg.get_help().filter(|_| is_on).map(|help| format!("{} [default: true]", help.ansi()));
    let arg = arg.action(ArgAction::SetTrue).num_args(0).require_equals(false);
    let arg = arg.default_value(None).default_missing_value(None);
    match help {
        Some(help) => arg.help(help),
        None => arg,
    }
}
