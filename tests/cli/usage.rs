//! Mistakes on the command line: said as kubectl says them, and never with a value that stands beside them.

use std::{collections::BTreeSet, ffi::OsString};

use clap::Command;
use ksecret::commands;

use super::support::{Sandbox, is_in_turn};

/// What is looked for in everything that is said.
const MARKER: &str = "hunter2marker";

/// Flags that carry values, in every form that pflag knows.
const CARRIERS: [&[&str]; 12] = [
    &["--from-literal=password=hunter2marker"],
    &["--from-literal", "password=hunter2marker"],
    &["--from_literal=hunter2marker"],
    &["--docker-password=hunter2marker"],
    &["--docker-password", "hunter2marker"],
    &["-p", "hunter2marker"],
    &["-phunter2marker"],
    &["-p=hunter2marker"],
    &["--patch={\"stringData\":{\"a\":\"hunter2marker\"}}"],
    &["--token=hunter2marker"],
    &["--proxy-url=http://user:hunter2marker@proxy.invalid:1"],
    &["--password", "hunter2marker"],
];

/// One of every kind of mistake.
const MISTAKES: [&[&str]; 27] = [
    &[],
    &["frobnicate"],
    &["frobnicate", "secret", "x"],
    &["--frobnicate"],
    &["--frobnicate=x"],
    &["-Z"],
    &["-Zx"],
    &["-=x"],
    &["--=x"],
    &["---"],
    &["--", "--frobnicate"],
    &["-"],
    &[""],
    &["--insecure-skip-tls-verify=maybe"],
    &["--show-labels=maybe"],
    &["--wait="],
    &["-v=x"],
    &["--chunk-size=x"],
    &["--grace-period=1.5"],
    &["--log-flush-frequency=x"],
    &["--timeout=5"],
    &["--request-timeout=x"],
    &["--color=x"],
    &["--dry-run=x", "a"],
    &["-o", "frobnicate", "a"],
    &["--filename=a\"b"],
    &["--help=x"],
];

/// Every command, by the words that lead to it; the program itself too.
fn commands_of(command: &Command, path: &[String], found: &mut Vec<Vec<String>>) {
    found.push(path.to_vec());
    for sub in command.get_subcommands() {
        commands_of(sub, &[path, &[sub.get_name().to_owned()]].concat(), found);
    }
}

/// Every command with every mistake, and a value before the command, before the mistake and behind it. Each command and each
/// mistake meets every carrier; all three with each other would be forty thousand lines.
fn lines() -> Vec<Vec<String>> {
    let mut root = commands::command();
    root.build();
    let mut paths = Vec::new();
    commands_of(&root, &[], &mut paths);
    assert!(paths.len() > 20, "{paths:?}");
    paths.push(vec!["creat".to_owned()]);
    paths.push(vec!["create".to_owned(), "genric".to_owned(), "db".to_owned()]);
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let carriers = CARRIERS.map(owned);
    let mut lines = Vec::new();
    for (at, path) in paths.iter().enumerate() {
        for (mistake_at, mistake) in MISTAKES.map(owned).iter().enumerate() {
            let carrier = |turn: usize| &carriers[(at + mistake_at + 4 * turn) % carriers.len()][..];
            lines.push([carrier(0), path, mistake].concat());
            lines.push([path, carrier(1), mistake].concat());
            // What stands behind `--` is a word, and a word that is wrong is named.
            if mistake.first().is_none_or(|word| word != "--") {
                lines.push([path, &mistake[..], carrier(2)].concat());
            }
        }
        // A flag that lacks its value can only be the last word.
        for carrier in &carriers {
            lines.push([path, &carrier[..], &owned(&["--namespace"])].concat());
            lines.push([path, &carrier[..], &owned(&["-n"])].concat());
        }
    }
    lines
}

#[test]
fn no_value_is_repeated_whatever_is_wrong_beside_it() {
    let mut leaks = BTreeSet::new();
    let mut runnable = Vec::new();
    // Three lines after each other differ in where the value stands.
    for (_, line) in lines().into_iter().enumerate().filter(|(at, _)| is_in_turn(at + at / 3)) {
        let words: Vec<OsString> = line.iter().map(OsString::from).collect();
        let (notices, parsed) = commands::parse(&words, "ksecret", false);
        let said = match parsed {
            Err(error) => [error.lines(), error.hints(), &notices].concat().join("\n"),
            Ok(commands::Parsed::Print(text)) => text,
            Ok(commands::Parsed::Run(_)) => {
                runnable.push(line);
                continue;
            }
        };
        assert!(!said.is_empty(), "{line:?}: not a word");
        if said.contains(MARKER) {
            leaks.insert(format!("{line:?}: {said}"));
        }
    }
    // What the parser takes, the command has to refuse, or to do without a word about the value. These never end, or
    // run what is behind `--`.
    let forever = |line: &Vec<String>| {
        ["serve", "with-server", "reap-server"].iter().any(|verb| line.iter().any(|word| word == verb))
    };
    runnable.retain(|line| !forever(line));
    assert!(runnable.len() > 60, "only {} lines reach a command", runnable.len());
    let sandbox = Sandbox::bare();
    for line in runnable {
        let outcome = sandbox.run(&line);
        // A dry run that prints the object was asked to.
        for said in [&outcome.stdout, &outcome.stderr] {
            if said.contains(MARKER) {
                leaks.insert(format!("{line:?}: {said}"));
            }
        }
    }
    assert!(
        leaks.is_empty(),
        "{} leaks, among them:\n{}",
        leaks.len(),
        leaks.iter().take(20).cloned().collect::<Vec<_>>().join("\n")
    );
}

/// The first words of a line, and what kubectl 1.37.1 says to it.
#[test]
fn mistakes_are_said_in_kubectls_words() {
    let mut sandbox = Sandbox::bare();
    sandbox.link("kubectl", super::support::KSECRET);
    let kubectl = sandbox.root().join("bin/kubectl").to_string_lossy().into_owned();
    let usage = |path: &str| format!("See 'kubectl {path}--help' for usage.\n");
    let examples = |path: &str| format!("See 'kubectl {path} -h' for help and examples\n");
    for (line, exit, error, see) in [
        ("--n", 1, "unknown flag: --n", usage("")),
        ("--frobnicate get", 1, "unknown flag: --frobnicate", usage("")),
        ("get --frobnicate=x a", 1, "unknown flag: --frobnicate", usage("get ")),
        ("get -n x -Z", 1, "unknown shorthand flag: 'Z' in -Z", usage("get ")),
        ("get secrets -A=", 1, "unknown shorthand flag: '=' in -=", usage("get ")),
        ("get -\u{e9}", 1, "unknown shorthand flag: '\u{c3}' in -\u{e9}", usage("get ")),
        ("get ---x", 1, "bad flag syntax: ---x", usage("get ")),
        ("get -h --frobnicate", 1, "unknown flag: --frobnicate", usage("get ")),
        ("get -wo", 1, "flag needs an argument: 'o' in -o", usage("get ")),
        ("-n", 1, "flag needs an argument: 'n' in -n", usage("")),
        ("get --namespace", 1, "flag needs an argument: --namespace", usage("get ")),
        (
            "get --help=maybe",
            1,
            "invalid argument \"maybe\" for \"-h, --help\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax",
            usage("get "),
        ),
        (
            "get --show-labels=maybe --frobnicate",
            1,
            "invalid argument \"maybe\" for \"--show-labels\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax",
            usage("get "),
        ),
        ("get --frobnicate --show-labels=maybe", 1, "unknown flag: --frobnicate", usage("get ")),
        (
            "get --chunk-size=x",
            1,
            "invalid argument \"x\" for \"--chunk-size\" flag: strconv.ParseInt: parsing \"x\": invalid syntax",
            usage("get "),
        ),
        (
            "get --chunk-size=99999999999999999999",
            1,
            "invalid argument \"99999999999999999999\" for \"--chunk-size\" flag: strconv.ParseInt: parsing \"99999999999999999999\": value out of range",
            usage("get "),
        ),
        (
            "get -v9x",
            1,
            "invalid argument \"9x\" for \"-v, --v\" flag: strconv.ParseInt: parsing \"9x\": invalid syntax",
            usage("get "),
        ),
        (
            "delete secret x --timeout=5",
            1,
            "invalid argument \"5\" for \"--timeout\" flag: time: missing unit in duration \"5\"",
            usage("delete "),
        ),
        (
            "delete secret x --timeout=",
            1,
            "invalid argument \"\" for \"--timeout\" flag: time: invalid duration \"\"",
            usage("delete "),
        ),
        (
            "get --log-flush-frequency=5",
            1,
            "invalid argument \"5\" for \"--log-flush-frequency\" flag: parse error",
            usage("get "),
        ),
        (
            "create secret generic q --from-file=k=\"l.yaml\"",
            1,
            "invalid argument \"k=\\\"l.yaml\\\"\" for \"--from-file\" flag: parse error on line 1, column 3: bare \" in non-quoted-field",
            usage("create secret generic "),
        ),
        (
            "create secret db --from-literal=password=hunter2marker",
            1,
            "unknown flag: --from-literal",
            usage("create secret "),
        ),
        (
            "create secrets generic db --from-literal=password=hunter2marker",
            1,
            "unknown flag: --from-literal",
            usage("create "),
        ),
        ("create -f x secret generic y", 1, "unknown shorthand flag: 'f' in -f", usage("create secret generic ")),
        ("create db", 1, "Unexpected args: [db]", examples("create")),
        ("create secret generik", 1, "unknown command \"generik\"", examples("create secret")),
        ("auth frob", 1, "unknown command \"frob\"", examples("auth")),
        ("create secret generic -- a", 1, "exactly one NAME is required, got 0", examples("create secret generic")),
        ("create ns a b", 1, "exactly one NAME is required, got 2", examples("create namespace")),
        ("version a", 1, "extra arguments: [a]", String::new()),
        ("diff --frobnicate", 2, "unknown flag: --frobnicate", examples("diff")),
        ("diff -f", 2, "flag needs an argument: 'f' in -f", examples("diff")),
        (
            "diff -f a --server-side=maybe",
            2,
            "invalid argument \"maybe\" for \"--server-side\" flag: strconv.ParseBool: parsing \"maybe\": invalid syntax",
            examples("diff"),
        ),
        (
            "diff -f a --concurrency=x",
            2,
            "invalid argument \"x\" for \"--concurrency\" flag: strconv.ParseInt: parsing \"x\": invalid syntax",
            examples("diff"),
        ),
        ("diff -f a -o yaml", 2, "unknown shorthand flag: 'o' in -o", examples("diff")),
        ("diff a", 2, "Unexpected args: [a]", examples("diff")),
    ] {
        let outcome = super::support::run(sandbox.command_of(&kubectl, &line.split(' ').collect::<Vec<_>>()), b"");
        let said: String = outcome.stderr.split_inclusive('\n').filter(|line| !line.starts_with("hint: ")).collect();
        assert_eq!((outcome.exit, said), (exit, format!("error: {error}\n{see}")), "{line}");
        assert_eq!(outcome.stdout, "", "{line}");
    }
}

/// As pflag and cobra 1.37.1 take them.
#[test]
fn flags_stand_anywhere_and_in_any_form() {
    let sandbox = Sandbox::bare();
    for line in [
        "create secret generic s --dry-run=client -o name",
        "--dry-run=client create secret generic s -o name",
        "create --dry-run=client secret generic s -o name",
        "create --dry-run=client -oname secret generic s",
        "create secret -o name generic --dry-run=client s",
        "create secret generic --dry_run=client --output name s",
        "create secret generic s --dry-run=none --dry-run=client -o yaml -o name",
        "create secret generic s --append-hash=false --append_hash=f --dry-run=client -o=name",
        "create secret generic --dry-run=client -o name --from-literal --x=y s",
        "create secret generic s --dry-run=client -o name -- --from-literal=k=v t",
        "-n -n create secret generic s --dry-run=client -o name",
        "create secret generic s -v 0x1 --dry-run=client -o name --warnings-as-errors",
        "create secret generic -h=false s --dry-run=client -o name",
    ] {
        let outcome = sandbox.run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "secret/s\n"), "{line}: {}", outcome.stderr);
    }
}

/// A slip of the finger is answered with the command that is nearest, not with one that prints values.
#[test]
fn a_mistyped_command_is_answered_with_the_nearest() {
    let sandbox = Sandbox::bare();
    for (typed, meant) in [("delet", "delete"), ("edti", "edit"), ("decribe", "describe"), ("aply", "apply")] {
        let outcome = sandbox.run(&[typed, "db"]);
        assert!(outcome.stderr.contains(&format!("hint: did you mean '{meant}'?")), "{typed}: {}", outcome.stderr);
    }
}

/// `help` takes no flags that are not there, and no values that are none.
#[test]
fn help_refuses_what_every_command_refuses() {
    let sandbox = Sandbox::bare();
    for (line, says) in [
        (&["help", "--frobnicate"][..], "error: unknown flag: --frobnicate\n"),
        (&["help", "get", "-Z"], "error: unknown shorthand flag: 'Z' in -Z\n"),
        (&["help", "get", "-v=x"], "error: invalid argument \"x\" for \"-v, --v\" flag: "),
        (&["help", "nonsense"], "error: unknown command \"nonsense\" for \"ksecret\"\n"),
    ] {
        let outcome = sandbox.run(line);
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{line:?}");
        assert!(outcome.stderr.starts_with(says), "{line:?}: {}", outcome.stderr);
    }
}

/// Ours say what ours do, in kubectl's form: every flag that all commands take, in the order of their names.
#[test]
fn options_lists_the_flags_of_every_command() {
    let sandbox = Sandbox::bare();
    let text = sandbox.ok(&["options", "ignored"]);
    assert!(
        text.starts_with("The following options can be passed to any command:\n\n    --as='':\n\tAct as"),
        "{text}"
    );
    assert!(text.contains("\n    -n, --namespace='':\n\t") && text.ends_with("\n\n"), "{text}");
    let listed = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        words.filter(|word| word.starts_with("--") && word.len() > 2).map(str::to_owned).collect()
    };
    let options = listed(&text.lines().filter(|line| line.starts_with("    ")).collect::<Vec<_>>().join("\n"));
    let mut wanted: Vec<String> = commands::command()
        .get_arguments()
        .filter(|flag| flag.get_long() != Some("version") && !flag.is_hide_set())
        .filter_map(|flag| Some(format!("--{}", flag.get_long()?)))
        .collect();
    wanted.sort();
    assert_eq!(options, wanted);
}
