//! Values of flags.

use super::{
    objects::{API_VERBS, one_secret},
    question::{Objects, Question, Wanted},
};
use crate::{
    cli::pflag::{Parts, Typed},
    client::kubeconfig::List,
    findings::rules,
    print::Allowed,
    secret::{resource::Resource, types},
    source::generate,
};

/// Returns what the value of the flag can be.
pub fn of(typed: &Typed, flag: &str, value: &str) -> Question {
    let parts = &typed.parts;
    let verb = parts.path.first().map_or("", String::as_str);
    match flag {
        "output" => return formats(parts, value),
        "namespace" | "to-namespace" => return objects_of(value, Resource::Namespaces),
        "context" | "to-context" => return Question::wanted(value, Wanted::Kubeconfig(List::Contexts)),
        "cluster" => return Question::wanted(value, Wanted::Kubeconfig(List::Clusters)),
        "user" => return Question::wanted(value, Wanted::Kubeconfig(List::Users)),
        "selector" => return selector(parts, value),
        "generate" => return generator(value),
        "label-columns" => return listed(value, |last| Question::wanted(last, label_keys(parts))),
        "skip" => {
            let codes: Vec<&str> = rules::ALL.iter().map(|rule| rule.code).collect();
            return listed(value, |last| Question::fixed(last, &codes));
        }
        "verbs" => return listed(value, |last| Question::fixed(last, &API_VERBS)),
        "key" | "key-filter" if verb != "create" => {
            let secret = one_secret(&parts.words);
            return Question::wanted(value, secret.map_or(Wanted::Nothing, Wanted::Keys));
        }
        _ => {}
    }
    let fixed = fixed(flag, verb);
    if !fixed.is_empty() {
        return Question::fixed(value, fixed);
    }
    match typed.value_name(flag) {
        Some("BOOL") => Question::fixed(value, &["true", "false"]),
        Some("DIR") => Question::wanted(value, Wanted::Directories),
        Some("FILE" | "[KEY=]PATH" | "FILE|memory" | "PROGRAM" | "COMMAND") => Question::wanted(value, Wanted::Files),
        _ => {
            let values = typed.values(flag);
            Question::fixed(value, &values.iter().map(String::as_str).collect::<Vec<_>>())
        }
    }
}

/// Returns the values of a flag whose definition does not list them.
fn fixed(flag: &str, verb: &str) -> &'static [&'static str] {
    match (flag, verb) {
        ("type", "patch") => &["json", "merge", "strategic"],
        ("type", _) => &types::ALL,
        ("fail-on", _) => &["error", "info", "never", "warning"],
        ("dry-run", _) => &["client", "none", "server"],
        ("validate", _) => &["ignore", "strict", "warn"],
        ("if-exists", _) => &["fail", "replace", "skip", "update"],
        ("usages", _) => &["authentication", "signing"],
        ("cascade", _) => &["background", "foreground", "orphan"],
        ("for", _) => &["changed", "condition=", "create", "delete", "jsonpath=", "key="],
        ("field-selector", _) => &["metadata.name=", "metadata.namespace=", "type="],
        ("sort-by", "api-resources") => &["kind", "name"],
        ("sort-by", _) => &[".metadata.creationTimestamp", ".metadata.name", ".metadata.namespace", ".type"],
        ("subresource", "patch") => &["status"],
        ("exec-interactive-mode", _) => &["Always", "IfAvailable", "Never"],
        ("exec-api-version", _) => &["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"],
        _ => &[],
    }
}

/// Returns the output formats of the command. Formats with an argument end with `=`.
fn formats(parts: &Parts, value: &str) -> Question {
    let path: Vec<&str> = parts.path.iter().map(String::as_str).collect();
    let own: &[&str] = match path.as_slice() {
        ["decode"] => &["dotenv", "json", "raw", "shell", "text", "values", "yaml"],
        ["validate"] => &["github", "json", "sarif", "text"],
        ["edit"] | ["apply", "edit-last-applied"] => &["json", "kyaml", "yaml"],
        ["delete"] | ["config", "get-contexts"] => &["name"],
        ["version"] | ["apply", "view-last-applied"] => &["json", "yaml"],
        ["api-resources"] => &["json", "kyaml", "name", "wide", "yaml"],
        ["explain"] => &["plaintext", "plaintext-openapiv2"],
        _ => &[],
    };
    if !own.is_empty() {
        return Question::fixed(value, own);
    }
    let allowed = if path == ["get"] { Allowed::Get } else { Allowed::Create };
    let takes_text =
        |name: &&str| ["jsonpath", "go-template", "template", "custom-columns"].iter().any(|of| name.starts_with(of));
    let known = allowed.names().into_iter().map(|name| {
        let end = if takes_text(&name) { "=" } else { "" };
        (format!("{name}{end}"), String::new())
    });
    Question { stem: value.to_owned(), known: known.collect(), ..Question::default() }
}

fn objects_of(value: &str, kind: Resource) -> Question {
    Question::wanted(value, Wanted::Objects(Objects { kinds: vec![kind], ..Objects::default() }))
}

fn label_keys(parts: &Parts) -> Wanted {
    Wanted::LabelKeys(parts.has("all-namespaces"))
}

/// Completes the last of several comma-separated values.
fn listed(value: &str, question: impl Fn(&str) -> Question) -> Question {
    let (before, last) = value.split_at(value.rfind(',').map_or(0, |at| at + 1));
    let question = question(last);
    Question { lead: format!("{before}{}", question.lead), ..question }
}

/// Returns the generators, after the `=` of `KEY=SPEC`.
fn generator(value: &str) -> Question {
    let Some((key, stem)) = value.split_once('=') else { return Question::default() };
    Question { lead: format!("{key}="), ..Question::fixed(stem, &generate::names()) }
}

/// Completes the key of a requirement in a selector: `app=web,!ti`.
fn selector(parts: &Parts, value: &str) -> Question {
    // Within `in (a, b)` a comma does not end the requirement.
    if value.matches('(').count() > value.matches(')').count() {
        return Question::default();
    }
    listed(value, |last| {
        let key = last.trim_start_matches('!');
        let lead = last.strip_suffix(key).unwrap_or_default();
        Question { lead: lead.to_owned(), ..Question::wanted(key, label_keys(parts)) }
    })
}
