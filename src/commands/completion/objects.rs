//! Words after a verb: kinds, names of objects, keys, and other words that a verb takes.

use std::ffi::OsString;

use super::question::{Objects, Question, Wanted};
use crate::{
    cli::{
        pflag::{Choice, Parts, Typed},
        resources::{is_kind, resource_word},
    },
    client::kubeconfig::List,
    commands::fallback::names_objects,
    secret::resource::Resource,
};

/// The kinds, as they are offered.
const KINDS: [&str; 2] = ["namespaces", "secrets"];

/// The API verbs of Secrets.
pub const API_VERBS: [&str; 8] = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/// Shells that have a script.
pub const SHELLS: [&str; 4] = ["bash", "fish", "powershell", "zsh"];

/// Returns what the next word can be. `ended` tells whether it follows `--`.
pub fn of(typed: &Typed, last: &str, ended: bool) -> Question {
    let parts = &typed.parts;
    let path: Vec<&str> = parts.path.iter().map(String::as_str).collect();
    let words = texts(&parts.words);
    if path == ["with-server"] {
        return Question::wanted(last, Wanted::Files);
    }
    if parts.has_subcommands && words.is_empty() && !ended {
        return subcommands(typed, last);
    }
    let takes_secrets =
        ["decode", "validate", "set", "unset", "rename-key", "rotate", "copy", "compare", "history", "undo"];
    if matches!(path.as_slice(), [verb] if takes_secrets.contains(verb)) || names_objects(&path) {
        return named(parts, &words, last);
    }
    let list = |list| Question::wanted(last, Wanted::Kubeconfig(list));
    match (path.as_slice(), words.len()) {
        (["config", "get-contexts"], _)
        | (["config", "use-context" | "set-context" | "delete-context" | "rename-context"], 0) => list(List::Contexts),
        (["config", "set-cluster" | "delete-cluster"], 0) => list(List::Clusters),
        (["config", "set-credentials" | "delete-user"], 0) => list(List::Users),
        (["config", "set" | "unset"], 0) => {
            Question::fixed(last, &["clusters.", "contexts.", "current-context", "users."])
        }
        (["auth", "can-i"], 0) => Question::fixed(last, &API_VERBS),
        (["auth", "can-i"], 1) | (["explain"], 0) => Question::fixed(last, &KINDS),
        (["completion"], 0) => Question::fixed(last, &SHELLS),
        (["kustomize"], 0) => Question::wanted(last, Wanted::Directories),
        _ => Question::default(),
    }
}

fn texts(words: &[OsString]) -> Vec<String> {
    words.iter().map(|word| word.to_string_lossy().into_owned()).collect()
}

fn subcommands(typed: &Typed, last: &str) -> Question {
    let mut choices = typed.subcommands();
    if typed.parts.path.is_empty() {
        choices.push(Choice { text: "help".to_owned(), about: "Print help for a command".to_owned() });
    }
    Question::known(last, choices)
}

/// Completes words of kubectl's grammar, and of the shorter one (see [`crate::cli::resources::parse`]).
fn named(parts: &Parts, words: &[String], last: &str) -> Question {
    let verb = parts.path.first().map_or("", String::as_str);
    // Verbs that take one Secret and keys of it.
    let decodes = matches!(verb, "decode" | "set" | "unset" | "rename-key" | "rotate");
    let takes_keys = matches!(verb, "unset" | "rotate");
    let labels = verb == "label";
    let changes = labels || verb == "annotate";
    if parts.names_files() {
        return Question::default();
    }
    let change = words.iter().position(|word| crate::commands::label::is_change(word)).filter(|_| changes);
    if change.is_some() {
        return if labels { label_changes(last) } else { Question::default() };
    }
    // With a selector there are kinds but no names.
    let selects = ["selector", "field-selector", "all", "all-namespaces"].iter().any(|flag| parts.has(flag));
    let Some((first, names)) = words.split_first() else {
        return if selects { kinds(last) } else { first_word(last, decodes) };
    };
    if selects {
        return if labels { label_changes(last) } else { Question::default() };
    }
    if first.contains('/') {
        let keys =
            one_secret(&parts.words).filter(|_| decodes && (names.is_empty() || takes_keys) && !last.contains('/'));
        if let Some(secret) = keys {
            return Question::wanted(last, Wanted::Keys(secret));
        }
        let kind = first.split('/').next().unwrap_or_default();
        return slashed(if last.contains('/') { None } else { Some(kind) }, last, words, labels);
    }
    let keys_before = names.len().checked_sub(usize::from(is_kind(first)));
    if decodes && keys_before.is_some_and(|count| count == 0 || takes_keys) {
        return Question::wanted(last, one_secret(&parts.words).map_or(Wanted::Nothing, Wanted::Keys));
    }
    let kinds: Option<Vec<Resource>> = first.split(',').map(resource_word).collect();
    match kinds {
        Some(_) if decodes && !names.is_empty() => Question::default(),
        Some(kinds) => {
            let objects =
                Objects { kinds, named: names.to_vec(), label_keys: labels && !names.is_empty(), ..Objects::default() };
            Question::wanted(last, Wanted::Objects(objects))
        }
        // The words name no kind, so this one is the name of a Secret.
        None if labels && names.is_empty() => label_changes(last),
        None => Question::default(),
    }
}

/// Returns what the first word can be: kinds, or the name of a Secret.
fn first_word(last: &str, decodes: bool) -> Question {
    if last.contains('/') {
        return slashed(None, last, &[], false);
    }
    if last.contains(',') {
        return kinds(last);
    }
    let objects = Objects { kinds: vec![Resource::Secrets], bare: true, ..Objects::default() };
    let kinds = if decodes { KINDS.get(1..).unwrap_or_default() } else { &KINDS };
    Question { wanted: Wanted::Objects(objects), ..Question::fixed(last, kinds) }
}

/// Returns kinds, after those before the last comma.
fn kinds(last: &str) -> Question {
    let (before, stem) = last.split_at(last.rfind(',').map_or(0, |at| at + 1));
    let there: Vec<_> = before.split(',').map(resource_word).collect();
    let open: Vec<&str> = KINDS.into_iter().filter(|kind| !there.contains(&resource_word(kind))).collect();
    Question { lead: before.to_owned(), ..Question::fixed(stem, &open) }
}

/// Returns names as `KIND/NAME`, with the kind that was typed, or else `kind`.
fn slashed(kind: Option<&str>, last: &str, words: &[String], label_keys: bool) -> Question {
    let word = kind.unwrap_or_else(|| last.split('/').next().unwrap_or_default());
    let Some(kind) = resource_word(word) else { return Question::default() };
    let is_of_kind = |word: &String| {
        let (of, name) = word.split_once('/')?;
        (resource_word(of) == Some(kind)).then(|| name.to_owned())
    };
    let named = words.iter().filter_map(is_of_kind).collect();
    let slash = Some(format!("{word}/"));
    Question::wanted(
        last,
        Wanted::Objects(Objects { kinds: vec![kind], slash, named, label_keys, ..Objects::default() }),
    )
}

fn label_changes(last: &str) -> Question {
    Question::wanted(last, Wanted::Objects(Objects { label_keys: true, ..Objects::default() }))
}

/// Returns the name of the Secret, if the words begin by naming one.
pub fn one_secret(words: &[OsString]) -> Option<String> {
    let words = texts(words);
    let first = words.first()?;
    match first.split_once('/') {
        Some((kind, name)) => (resource_word(kind) == Some(Resource::Secrets)).then(|| name.to_owned()),
        None if is_kind(first) => (resource_word(first) == Some(Resource::Secrets)).then(|| words.get(1).cloned())?,
        None => Some(first.clone()),
    }
}
