//! `--help` of every command: short, readable, and with examples that run as they stand.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead as _, BufReader},
    os::unix::process::CommandExt as _,
    process::Stdio,
};

use clap::Command;
use ksecret::commands;

use super::{
    examples::prepared,
    support::{Sandbox, run},
};

/// Returns the words that lead to each command that is not hidden, the program's own (none) first.
fn visible() -> Vec<Vec<String>> {
    fn walk(command: &Command, path: &[String], found: &mut Vec<Vec<String>>) {
        found.push(path.to_vec());
        for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help") {
            walk(sub, &[path, &[sub.get_name().to_owned()]].concat(), found);
        }
    }
    let mut root = commands::command();
    root.build();
    let mut found = Vec::new();
    walk(&root, &[], &mut found);
    assert!(found.len() > 50, "{found:?}");
    found
}

fn help_of(sandbox: &Sandbox, path: &[String]) -> String {
    sandbox.ok(&[path, &["--help".to_owned()]].concat())
}

/// The lines below `Examples:`.
fn examples(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Examples:").skip(1);
    lines.take_while(|line| line.starts_with("  ")).map(|line| line.trim().to_owned()).collect()
}

#[test]
fn every_command_has_one_short_help() {
    let sandbox = Sandbox::bare();
    let mut root = commands::command();
    root.build();
    for path in visible() {
        let help = help_of(&sandbox, &path);
        let found = path.iter().try_fold(&root, |command, name| command.find_subcommand(name)).unwrap();
        let flags = found.get_arguments().filter(|arg| !arg.is_hide_set() && !arg.is_hide_short_help_set());
        // Not the examples, which may have a flag that no line describes; and not the root, whose help lists verbs.
        let described = help.split("\nExamples:").next().unwrap_or_default();
        let words: BTreeSet<&str> = described.split([' ', '\n', ',', '=', '[']).collect();
        for flag in flags.filter_map(|flag| flag.get_long()).filter(|_| !path.is_empty()) {
            assert!(words.contains(&*format!("--{flag}")), "{path:?}: --{flag} is not in {help}");
        }
        let called = [&["ksecret".to_owned()], &path[..]].concat().join(" ");
        assert_eq!(help, sandbox.ok(&[&path[..], &["-h".to_owned()]].concat()), "{called}");
        assert_eq!(help, sandbox.ok(&[&["help".to_owned()], &path[..]].concat()), "{called}");
        assert!(help.contains(&format!("\nUsage: {called} ")), "{help}");
        assert!(help.contains("'ksecret options'"), "{help}");
        for odd in ["<BOOL>", "[OPTIONS]", "--as-group", "--request-timeout", "\n\n\n", "Print help"] {
            assert!(!help.contains(odd), "{odd:?}: {help}");
        }
        let examples = examples(&help);
        let long =
            help.lines().filter(|line| line.chars().count() > 100 && !examples.contains(&line.trim().to_owned()));
        assert_eq!(long.collect::<Vec<_>>(), Vec::<&str>::new(), "{called}");
    }
}

/// Where words may stand, the usage says which: a positional of clap's would say NAME for all of them.
#[test]
fn every_command_that_takes_words_says_which() {
    let sandbox = Sandbox::bare();
    let mut root = commands::command();
    root.build();
    for path in visible() {
        let found = path.iter().try_fold(&root, |command, name| command.find_subcommand(name)).unwrap();
        let takes_words = found.get_positionals().any(|arg| !arg.is_hide_set()) || found.has_subcommands();
        let bare = help_of(&sandbox, &path).contains(&format!("Usage: ksecret {} [flags]\n", path.join(" ")));
        assert!(!takes_words || !bare, "{path:?}");
    }
}

/// A flag has one line, which says what to do.
#[test]
fn every_flag_has_a_line_of_at_most_eighty_columns() {
    let mut root = commands::command();
    root.build();
    let (mut count, mut wrong) = (0, BTreeSet::new());
    for path in visible() {
        let found = path.iter().try_fold(&root, |command, name| command.find_subcommand(name)).unwrap();
        for flag in found.get_arguments().filter(|arg| !arg.is_positional() && !arg.is_hide_set()) {
            count += 1;
            let help = flag.get_help().map(ToString::to_string).unwrap_or_default();
            let is_sentence = help.starts_with(|first: char| first.is_ascii_uppercase()) && !help.ends_with('.');
            if !is_sentence || help.chars().count() > 80 {
                wrong.insert(format!("{path:?} {}: {help}", flag.get_id()));
            }
        }
    }
    assert!(count > 700, "{count}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_programs_help_has_every_verb_once() {
    let help = Sandbox::bare().ok(&["--help"]);
    let listed: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Secrets:")
        .take_while(|line| *line != "Examples:")
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next())
        .collect();
    let unique: BTreeSet<String> = listed.iter().map(|verb| (*verb).to_owned()).collect();
    assert_eq!(unique.len(), listed.len(), "{listed:?}");
    let verbs = visible().into_iter().filter(|path| path.len() == 1).flatten().collect();
    assert_eq!(unique, verbs);
}

#[test]
fn a_switch_that_is_on_says_so() {
    let help = Sandbox::bare().ok(&["delete", "--help"]);
    assert!(help.contains("--wait                    Wait until the object is gone [default: true]\n"), "{help}");
    assert!(help.contains("--now                     Let the object end within one second\n"), "{help}");
}

#[test]
fn help_is_coloured_when_it_is_told_to_be() {
    let sandbox = Sandbox::bare();
    for line in [&["get", "--help"][..], &["--help"], &["help", "get"]] {
        let plain = sandbox.ok(line);
        assert!(!plain.contains('\x1b'), "{plain}");
        let coloured = sandbox.ok(&[line, &["--color=always"]].concat());
        assert!(coloured.contains("\x1b[1m"), "{coloured:?}");
        let mut stripped = String::new();
        for (index, part) in coloured.split("\x1b[").enumerate() {
            stripped.push_str(if index == 0 { part } else { part.split_once('m').expect("the end of a style").1 });
        }
        assert_eq!(stripped, plain);
    }
}

/// Examples that go on until they are stopped: that they begin is seen.
fn begins(sandbox: &Sandbox, line: &str) -> bool {
    let line = line.replace("127.0.0.1:6443", "127.0.0.1:0");
    let mut command = sandbox.command_of("bash", &["-ec", &format!("{line}\nwait")]);
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let ready = lines.any(|line| line.is_ok_and(|line| line.contains("ready") || line.contains("127.0.0.1")));
    let group = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process_group(group, rustix::process::Signal::KILL).unwrap();
    child.wait().unwrap();
    ready
}

/// Commands whose examples change nothing that those of others need.
const READING: [&str; 17] = [
    "api-resources",
    "api-versions",
    "auth",
    "cluster-info",
    "compare",
    "completion",
    "decode",
    "describe",
    "diff",
    "explain",
    "get",
    "history",
    "kustomize",
    "options",
    "validate",
    "version",
    "with-server",
];

/// Runs an example, and tells what is wrong with it.
fn wrong(sandbox: &Sandbox, example: &str) -> Option<String> {
    // The script of zsh is sourced in zsh, where there is one, by the tests of completion.
    let example = example.replace("source <(ksecret completion zsh)", "ksecret completion zsh");
    let outcome = run(sandbox.command_of("bash", &["-euo", "pipefail", "-c", &example]), b"");
    let differs = example.contains("ksecret diff") && outcome.exit == 1 && outcome.stderr.is_empty();
    // The embedded server has no Services.
    let is_bare = example == "ksecret cluster-info" && outcome.stderr.contains("resource type \"services\"");
    (outcome.exit != 0 && !differs && !is_bare).then(|| format!("{example}: {} {}", outcome.exit, outcome.stderr))
}

/// The examples of a command run one after another, as a reader may paste them; one that fails in this way runs by itself.
#[test]
fn every_example_runs_as_it_stands() {
    let (bare, shared) = (Sandbox::bare(), prepared(false));
    let (mut count, mut wrongs) = (0, Vec::new());
    for path in visible() {
        let is_reading = path.first().is_some_and(|verb| READING.contains(&verb.as_str()));
        let mut used: BTreeMap<bool, Sandbox> = BTreeMap::new();
        for example in examples(&help_of(&bare, &path)) {
            count += 1;
            let is_empty = example.contains(" create ") || example.contains("--for=delete");
            let is_first = !is_reading && !used.contains_key(&is_empty);
            let sandbox = if is_reading { &shared } else { used.entry(is_empty).or_insert_with(|| prepared(is_empty)) };
            if example.starts_with("ksecret serve") {
                assert!(begins(sandbox, &example), "{example}");
                continue;
            }
            let failed = wrong(sandbox, &example);
            let failed =
                failed.and_then(|text| if is_first { Some(text) } else { wrong(&prepared(is_empty), &example) });
            wrongs.extend(failed);
        }
    }
    assert!(wrongs.is_empty(), "{}", wrongs.join("\n"));
    assert!(count > 80, "only {count} examples");
}
