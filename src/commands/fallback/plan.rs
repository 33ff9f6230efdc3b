//! Decides by the words of a command line, before anything is done, which program handles it: by its verb, and by the
//! kinds that are named.

use std::ffi::{OsStr, OsString};

use super::program::{Program, VARIABLE};
use crate::{
    cli::{
        flags::{ConnectionFlags, PlaceFlags, RareFlags},
        pflag::{self, Parts},
        resources::{self, Share},
    },
    commands::{self, completion::Asked, local},
    context::Env,
};

/// Verbs that kubectl does not have.
const OWN: [&str; 13] = [
    "decode",
    "set",
    "unset",
    "rename-key",
    "rotate",
    "copy",
    "compare",
    "history",
    "undo",
    "validate",
    "serve",
    "with-server",
    "reap-server",
];

/// Verbs that print something about this program.
const TELLING: [&str; 2] = ["version", "options"];

/// Verbs whose words name objects.
const NAMING: &[&[&str]] = &[
    &["get"],
    &["describe"],
    &["delete"],
    &["edit"],
    &["patch"],
    &["wait"],
    &["apply", "view-last-applied"],
    &["apply", "edit-last-applied"],
];

/// Verbs whose words name objects, followed by changes.
const CHANGING: &[&[&str]] = &[&["label"], &["annotate"]];

/// Returns whether the words after this command name objects.
pub fn names_objects(path: &[&str]) -> bool {
    [NAMING, CHANGING].iter().any(|verbs| verbs.contains(&path))
}

/// What happens with a command line.
pub enum Plan {
    /// This program runs or refuses it.
    Ours(Vec<OsString>),
    /// The fallback gets the words unchanged.
    Theirs(Program, Vec<OsString>),
    /// This program runs it, and the fallback gets the rest.
    Shared(Job),
    /// As [`Plan::Ours`]; then a line names the fallback.
    Telling(Program, Vec<OsString>),
    /// As [`Plan::Ours`]: a fallback is set, but the command uses the embedded server.
    Local(Vec<OsString>),
    /// A completion script asks for candidates.
    Completion(Asked),
}

/// A command of this program, parts of which the fallback may handle.
pub struct Job {
    /// The program.
    pub program: Program,
    /// The words as typed, without `--fallback`.
    pub words: Vec<OsString>,
    /// Their parts.
    pub parts: Parts,
    /// The words of each program; `None` if they are not divided.
    pub divided: Option<Divided>,
}

/// The words that name objects, divided.
pub struct Divided {
    /// Those with kinds of this program.
    pub ours: Vec<OsString>,
    /// Those with other kinds.
    pub theirs: Vec<OsString>,
    /// Whether one of `ours` was typed first.
    pub ours_first: bool,
}

impl Plan {
    /// Plans a command line, given without the program's name. Without a fallback only the variable is read.
    pub fn of(words: Vec<OsString>, env: &Env) -> Self {
        if let Some(asked) = Asked::of(&words) {
            return Self::Completion(asked);
        }
        let typed = words.iter().any(|word| word.as_encoded_bytes().starts_with(b"--fallback"));
        if !typed && env.var_os(VARIABLE).is_none() {
            return Self::Ours(words);
        }
        let root = commands::command_of(&words);
        let (words, flag) = pflag::take_out(&root, &words, "fallback");
        let Some(program) = Program::named(flag, env) else { return Self::Ours(words) };
        let parts = Parts::of(&root, &words);
        let Some(verb) = parts.path.first() else { return Self::of_unknown(program, words, &parts, &root, env) };
        if parts.path == ["set"] && parts.words.first().is_some_and(|word| commands::set::is_of_kubectl(word)) {
            return Self::of_its_verb(program, words, &parts, &root, env);
        }
        if is_local(&parts, parts.value("local"), env) {
            return Self::Local(words);
        }
        let is_read = ["json", "yaml"].iter().any(|format| parts.value("output").is_some_and(|typed| typed == *format));
        if parts.help || TELLING.contains(&verb.as_str()) && !is_read {
            return Self::Telling(program, words);
        }
        // Why all of it: pruning deletes what the manifests together do not name, of kinds that only the fallback
        // handles.
        let prunes = ["prune", "applyset"].iter().any(|flag| parts.has(flag));
        if prunes && matches!(parts.path.as_slice(), [verb] if ["apply", "diff"].contains(&verb.as_str())) {
            return Self::Theirs(program, words);
        }
        if OWN.contains(&verb.as_str()) {
            return Self::Ours(words);
        }
        let is_dump = parts.path == ["cluster-info"] && parts.words.first().is_some_and(|word| word == "dump");
        let is_subcommand_missing =
            parts.has_subcommands && !parts.words.is_empty() && !parts.starts(&["create", "secret"]);
        if is_subcommand_missing || is_dump {
            return Self::Theirs(program, words);
        }
        let divided = match division(&parts) {
            Share::Ours | Share::Bare => None,
            Share::Theirs => return Self::Theirs(program, words),
            Share::Both { .. } if parts.refused => None,
            // As in kubectl, which refuses to watch several kinds; the fallback prints its error.
            Share::Both { .. } if parts.has("watch") || parts.has("watch-only") => return Self::Theirs(program, words),
            Share::Both { ours, theirs, ours_first } => {
                let os = |words: Vec<String>| words.into_iter().map(OsString::from).collect();
                Some(Divided { ours: os(ours), theirs: os(theirs), ours_first })
            }
        };
        Self::Shared(Job { program, words, parts, divided })
    }

    /// Plans a command line whose first word is no verb of this program.
    fn of_unknown(program: Program, words: Vec<OsString>, parts: &Parts, root: &clap::Command, env: &Env) -> Self {
        let verb = parts.words.first().and_then(|word| word.to_str());
        let is_ours = match verb {
            None => true,
            Some("help") => parts.words.get(1).is_none_or(commands::is_verb),
            Some(_) => false,
        };
        if is_ours {
            return Self::Telling(program, words);
        }
        Self::of_its_verb(program, words, parts, root, env)
    }

    /// Plans a command line whose verb is one of the fallback's.
    fn of_its_verb(program: Program, words: Vec<OsString>, parts: &Parts, root: &clap::Command, env: &Env) -> Self {
        // Why only before the verb: a flag after it is the fallback's, as in `set env --local`.
        let before = pflag::first_word_at(root, &words).and_then(|at| words.get(..at)).unwrap_or_default();
        if is_local(parts, Parts::of(root, before).value("local"), env) {
            return Self::Local(words);
        }
        Self::Theirs(program, words)
    }
}

/// Divides the words that name objects.
fn division(parts: &Parts) -> Share {
    let is_one = |verbs: &[&[&str]]| verbs.iter().any(|verb| parts.path == *verb);
    let words = parts.words.iter().map(|word| word.to_str().map(str::to_owned)).collect::<Option<Vec<_>>>();
    let Some(words) = words else { return Share::Ours };
    let (named, changes) = if is_one(NAMING) {
        words.split_at(words.len())
    } else if is_one(CHANGING) {
        words.split_at(words.iter().position(|word| commands::label::is_change(word)).unwrap_or(words.len()))
    } else {
        return Share::Ours;
    };
    match resources::share(named) {
        // A single word together with a selector is a kind.
        Share::Bare if ["selector", "field-selector", "all", "all-namespaces"].iter().any(|flag| parts.has(flag)) => {
            Share::Theirs
        }
        Share::Both { ours, theirs, ours_first } => {
            Share::Both { ours: [&ours, changes].concat(), theirs: [&theirs, changes].concat(), ours_first }
        }
        share => share,
    }
}

/// Returns whether the embedded server is used. Why: the fallback would send the command to the cluster of the
/// kubeconfig.
fn is_local(parts: &Parts, local: Option<OsString>, env: &Env) -> bool {
    // For these verbs kubectl's own `--local` means files, without a server.
    let takes_files = ["label", "annotate", "patch"].iter().any(|verb| parts.starts(&[*verb]));
    let of_files = takes_files && parts.names_files() && local.as_deref().is_none_or(OsStr::is_empty);
    if of_files && local.is_some() {
        return false;
    }
    let text = |flag: &str| parts.value(flag).map(|value| value.to_string_lossy().into_owned());
    let place =
        PlaceFlags { local, kubeconfig: parts.value("kubeconfig"), context: text("context"), ..PlaceFlags::default() };
    let rare = RareFlags {
        cluster: text("cluster"),
        user: text("user"),
        server: text("server"),
        token: text("token").map(Into::into),
        ..RareFlags::default()
    };
    local::is_meant(&ConnectionFlags { place, rare, ..ConnectionFlags::default() }, env)
}
