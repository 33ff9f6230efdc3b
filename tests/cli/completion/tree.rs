//! What is offered of the tree of commands: all that is not hidden, and what commands really take.

use std::collections::BTreeSet;

use clap::Command;

use super::{offered, with_store};
use crate::support::Sandbox;

/// Every command that is not hidden, by the words that lead to it.
fn commands() -> Vec<(String, Command)> {
    fn walk(command: &Command, path: &str, all: &mut Vec<(String, Command)>) {
        all.push((path.to_owned(), command.clone()));
        for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help") {
            walk(sub, &format!("{path}{} ", sub.get_name()), all);
        }
    }
    let mut tree = ksecret::commands::command();
    tree.build();
    let mut all = Vec::new();
    walk(&tree, "", &mut all);
    assert!(all.len() > 40, "only {} commands", all.len());
    all
}

/// Verbs that take `--receipt` and `--journal`; others refuse them.
const WRITING: [&str; 15] = [
    "annotate",
    "apply",
    "copy",
    "create",
    "delete",
    "edit",
    "label",
    "patch",
    "rename-key",
    "replace",
    "rotate",
    "set",
    "undo",
    "unset",
    "validate",
];

#[test]
fn all_verbs_and_flags_but_the_hidden_ones_are_offered() {
    let sandbox = Sandbox::bare();
    let shown = |command: &Command| -> BTreeSet<String> {
        let shown = command.get_arguments().filter(|arg| !arg.is_hide_set()).filter_map(|arg| arg.get_long());
        shown.map(|long| format!("--{long}")).collect()
    };
    let every = shown(&ksecret::commands::command());
    for (path, command) in commands() {
        let mut expected = &shown(&command) | &every;
        expected.insert("--help".to_owned());
        if !path.is_empty() {
            expected.remove("--version");
        }
        let offers = offered(&sandbox, &format!("{path}--"));
        if !path.split(' ').next().is_some_and(|verb| WRITING.contains(&verb)) {
            expected.retain(|flag| !["--receipt", "--journal"].contains(&flag.as_str()));
        }
        let flags: BTreeSet<String> = offers
            .split(' ')
            .filter(|word| word.starts_with("--") && !word.ends_with('='))
            .map(str::to_owned)
            .collect();
        assert_eq!(flags, expected, "{path}");
        let subs: BTreeSet<&str> = command
            .get_subcommands()
            .filter(|sub| !sub.is_hide_set())
            .map(Command::get_name)
            .filter(|sub| *sub != "help")
            .collect();
        if !subs.is_empty() {
            let offers = offered(&sandbox, &path);
            let verbs: BTreeSet<&str> =
                offers.split(' ').filter(|word| *word != "help" && !word.starts_with(':')).collect();
            assert_eq!(verbs, subs, "{path}");
        }
    }
}

/// Every format that is offered is one that the command takes, and each command with `-o` has some.
#[test]
fn formats_are_those_of_the_command() {
    let sandbox = with_store();
    let (mut tried, mut seen) = (0, 0);
    for (path, command) in commands() {
        if command.get_arguments().all(|arg| arg.get_long() != Some("output")) {
            continue;
        }
        let offers = offered(&sandbox, &format!("{path}-o "));
        let formats: Vec<&str> = offers.split(' ').filter(|word| !word.starts_with(':')).collect();
        assert!(!formats.is_empty(), "{path}");
        for format in formats {
            let typed = match format {
                "custom-columns=" => "custom-columns=A:.kind".to_owned(),
                format if format.ends_with('=') => format!("{format}x"),
                format => format.to_owned(),
            };
            let refused = |format: &str| {
                let line = format!("{path}-o {format}");
                let outcome = sandbox.run(&line.split(' ').collect::<Vec<_>>());
                ["suitable", "allowed", "format", "--output"].iter().any(|word| outcome.stderr.contains(word))
            };
            assert!(!refused(&typed), "{path}-o {typed}");
            tried += 1;
            // Some want something else first.
            seen += usize::from(refused("nonsense"));
        }
    }
    assert!(tried > 100 && seen * 4 > tried, "{tried} formats, {seen} times it is seen that one is refused");
}
