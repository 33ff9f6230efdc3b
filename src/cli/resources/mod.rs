//! Resource words: which kind, which names, as kubectl's resource builder reads them.

mod kinds;
mod share;

pub use share::{Share, share};

use crate::error::{Error, Result};
use crate::secret::resource::Resource;
use go::quote::quote;

/// What the positional arguments of a command name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Targets {
    /// The kinds that the words name, each once; Secrets if they name none.
    pub kinds: Vec<Resource>,
    /// The names, each with its kind, in the order typed. Empty means every object of the kinds.
    pub names: Vec<(Resource, String)>,
    /// The form in which they were typed.
    pub form: Form,
}

/// The forms of the words after a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// No word at all.
    Nothing,
    /// `TYPE`, `TYPE,TYPE` or `TYPE NAME...`.
    Typed,
    /// `TYPE/NAME...`, or what kubectl turns into that: `TYPE,TYPE NAME...`.
    Slashed,
    /// One word, the name of a Secret. kubectl would read it as a type.
    Bare,
}

/// Returns the kind of a resource word: `secret`, `secrets`, `secrets.`, `secrets.v1.`, `namespace`, `namespaces`,
/// `ns`.
pub fn resource_word(word: &str) -> Option<Resource> {
    let plain = word.split_once('.').map_or(word, |(head, tail)| match tail {
        "" | "v1" | "v1." => head,
        _ => word,
    });
    // As in kubectl's REST mapper: resources are compared in lower case, short names as they are.
    match plain.to_ascii_lowercase().as_str() {
        "secret" | "secrets" => Some(Resource::Secrets),
        "namespace" | "namespaces" => Some(Resource::Namespaces),
        _ => (plain == "ns").then_some(Resource::Namespaces),
    }
}

/// Returns the kind of a resource word that is handled here.
///
/// # Errors
/// A kind that is not handled here, or that Kubernetes does not have. If `meant` may be the name of a Secret, a hint
/// says how to name it.
fn kind(word: &str, meant: Option<&String>) -> Result<Resource> {
    resource_word(word).ok_or_else(|| {
        let name = meant.filter(|name| may_begin_name(name) && !name.is_empty()).map_or("NAME", String::as_str);
        refused(word).hint(format!("a Secret is named with its kind: secret/{name}"))
    })
}

/// Splits off the words that name one Secret: `secret NAME`, `secret/NAME` or `NAME`.
pub fn name_first(words: &[String]) -> (Vec<String>, Vec<String>) {
    let is_kind = |word: &String| matches!(word.as_str(), "secret" | "secrets");
    let at = if words.first().is_some_and(is_kind) { 2 } else { 1 };
    let (names, keys) = words.split_at(at.min(words.len()));
    (names.to_vec(), keys.to_vec())
}

/// Returns the name of a Secret that was typed as `NAME` or `secret/NAME`.
///
/// # Errors
/// Another kind.
pub fn secret_name(word: &str) -> Result<&str> {
    match word.split_once('/') {
        None => Ok(word),
        Some((kind, name)) if resource_word(kind) == Some(Resource::Secrets) => Ok(name),
        Some((kind, _)) => Err(not_handled(kind)),
    }
}

/// Returns the error of a word that names a kind which is not handled here.
pub fn refused(word: &str) -> Error {
    if kinds::is_other(word) {
        return not_handled(word);
    }
    // kubectl names the resource without its group.
    let resource = word.split('.').next().unwrap_or_default();
    Error::new(format!("the server doesn't have a resource type {}", quote(resource))).foreign()
}

/// Returns the error of a kind that the server has and this program does not handle.
pub fn not_handled(kind: &str) -> Error {
    Error::new(format!("ksecret handles Secrets and Namespaces, not {}", quote(kind))).foreign()
}

/// Reads `TYPE[,TYPE] [NAME...]`, `TYPE/NAME...` or, unlike kubectl, the name of one Secret. A word that is a kind of
/// Kubernetes is always read as that kind; a Secret of that name is `secret/NAME`. Of two or more words the first is a
/// kind.
///
/// # Errors
/// kubectl's: an unknown kind, `TYPE/NAME` beside a separate kind, more than one slash. A kind that is not handled here.
pub fn parse(words: &[String], program: &str) -> Result<Targets> {
    let combined = combined(words);
    let words = combined.as_deref().unwrap_or(words);
    if words.iter().any(|word| word.contains('/')) {
        return slashed(words, program);
    }
    match words {
        [] => Ok(Targets { kinds: vec![Resource::Secrets], names: Vec::new(), form: Form::Nothing }),
        [word] => one(word),
        [first, names @ ..] => {
            let meant = if is_kind(first) { names.first() } else { Some(first) };
            let kind = kind(unique(first).first().copied().unwrap_or_default(), meant)?;
            let names = names.iter().map(|name| (kind, name.clone())).collect();
            Ok(Targets { kinds: vec![kind], names, form: Form::Typed })
        }
    }
}

/// Reads a single word: kinds, or the name of a Secret.
fn one(word: &String) -> Result<Targets> {
    if is_kind(word) || word.contains(',') {
        let mut kinds = Vec::new();
        for part in unique(word) {
            let kind = kind(part, Some(&part.to_owned()))?;
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        return Ok(Targets { kinds, names: Vec::new(), form: Form::Typed });
    }
    if word.is_empty() {
        return Err(refused(word).hint("the name is empty"));
    }
    if !may_begin_name(word) {
        return Err(refused(word).hint("the name of a Secret has lower-case letters, digits, '-' and '.'"));
    }
    let names = vec![(Resource::Secrets, word.to_owned())];
    Ok(Targets { kinds: vec![Resource::Secrets], names, form: Form::Bare })
}

/// Returns the words that name these Secrets on a command line: a name alone if it cannot be taken for a kind.
pub fn naming(names: &[&str]) -> String {
    match names {
        [name] if !is_kind(name) && !name.contains('.') => (*name).to_owned(),
        names => format!("secret {}", names.join(" ")),
    }
}

/// Returns whether the name of a Secret can begin with `text`: `describe` accepts a prefix. `%` is refused later, with
/// kubectl's error.
fn may_begin_name(text: &str) -> bool {
    !text.starts_with('-')
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.' | b'%'))
}

/// Returns whether the word, or one of its comma-separated parts, is a kind of Kubernetes.
pub fn is_kind(word: &str) -> bool {
    word.split(',').any(|part| resource_word(part).is_some() || kinds::is_other(part))
}

fn slashed(words: &[String], program: &str) -> Result<Targets> {
    let mut targets = Targets { kinds: Vec::new(), names: Vec::new(), form: Form::Slashed };
    if !words.iter().all(|word| word.contains('/')) {
        return Err(Error::new(format!(
            "there is no need to specify a resource type as a separate argument when passing arguments in resource/name \
             form (e.g. '{program} get resource/<resource_name>' instead of '{program} get resource \
             resource/<resource_name>'"
        )));
    }
    for word in words {
        let (kind_word, name) = word.split_once('/').unwrap_or((word, ""));
        if name.contains('/') {
            return Err(Error::new("arguments in resource/name form may not have more than one slash"));
        }
        if kind_word.is_empty() || name.is_empty() || unique(kind_word).len() != 1 {
            return Err(Error::new("arguments in resource/name form must have a single resource and name"));
        }
        let kind = kind(unique(kind_word).first().copied().unwrap_or_default(), Some(&name.to_owned()))?;
        if !targets.kinds.contains(&kind) {
            targets.kinds.push(kind);
        }
        targets.names.push((kind, name.to_owned()));
    }
    Ok(targets)
}

/// Returns `a,b c d` as `a/c a/d b/c b/d` (kubectl's `normalizeMultipleResourcesArgs`); `None` if the words stay as
/// they are.
fn combined(words: &[String]) -> Option<Vec<String>> {
    let (first, names) = words.split_first()?;
    let kinds = unique(first);
    if names.is_empty() || kinds.len() < 2 {
        return None;
    }
    Some(kinds.into_iter().flat_map(|kind| names.iter().map(move |name| format!("{kind}/{name}"))).collect())
}

/// Returns the parts between commas, each once (kubectl's `SplitResourceArgument`).
fn unique(word: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for part in word.split(',') {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &[&str]) -> Result<Targets> {
        let words: Vec<String> = line.iter().map(|word| (*word).to_owned()).collect();
        parse(&words, "kubectl")
    }

    fn names(line: &[&str]) -> Vec<String> {
        let targets = words(line).unwrap_or_else(|error| panic!("{line:?}: {error}"));
        targets.names.into_iter().map(|(kind, name)| format!("{}/{name}", kind.singular())).collect()
    }

    fn error(line: &[&str]) -> String {
        words(line).expect_err("an error").to_string()
    }

    #[test]
    fn a_kind_stands_before_names() {
        for kind in ["secret", "secrets", "Secret", "SECRETS", "secret.", "secret.v1", "secrets.v1.", "secret,secret"] {
            assert_eq!(names(&[kind, "a", "b"]), ["secret/a", "secret/b"], "{kind}");
            assert_eq!(words(&[kind]).unwrap().kinds, [Resource::Secrets]);
        }
        assert_eq!(names(&["ns", "a"]), ["namespace/a"]);
        assert_eq!(names(&["secret", "secret"]), ["secret/secret"]);
        assert_eq!(names(&["secret/a", "ns/b"]), ["secret/a", "namespace/b"]);
        assert_eq!(names(&["secret,ns", "a", "b"]), ["secret/a", "secret/b", "namespace/a", "namespace/b"]);
        assert_eq!(words(&["secret,secrets,ns"]).unwrap().kinds, [Resource::Secrets, Resource::Namespaces]);
        assert_eq!(names(&["secret", ""]), ["secret/"]);
    }

    #[test]
    fn one_word_is_a_name_unless_it_is_a_kind() {
        for name in ["db", "web-", "db.example.com", "deploy.prod", ".."] {
            let targets = words(&[name]).unwrap();
            assert_eq!((targets.names.len(), targets.form), (1, Form::Bare), "{name}");
        }
        for kind in ["deploy", "cm", "pods", "Service", "ingress", "deployments.v1.apps", "all"] {
            assert_eq!(error(&[kind]), format!("error: ksecret handles Secrets and Namespaces, not {kind:?}"));
        }
        for kind in ["", "NS", "SealedSecret", "a b", "*"] {
            assert_eq!(error(&[kind]), format!("error: the server doesn't have a resource type {kind:?}"));
        }
    }

    #[test]
    fn the_first_of_several_words_is_a_kind() {
        assert_eq!(error(&["web", "app"]), "error: the server doesn't have a resource type \"web\"");
        assert_eq!(words(&["web", "app"]).unwrap_err().hints(), ["a Secret is named with its kind: secret/web"]);
        for line in
            [&["deployment", "web"][..], &["deployment/web"], &["deployment,cm", "web"], &["secret,deployment", "web"]]
        {
            let error = words(line).expect_err("an error");
            assert_eq!(error.to_string(), "error: ksecret handles Secrets and Namespaces, not \"deployment\"");
            assert_eq!(error.hints(), ["a Secret is named with its kind: secret/web"]);
        }
        assert_eq!(error(&["secretz.example.com", "a"]), "error: the server doesn't have a resource type \"secretz\"");
        assert_eq!(error(&["", "a"]), "error: the server doesn't have a resource type \"\"");
        assert_eq!(error(&["secret,configmap"]), "error: ksecret handles Secrets and Namespaces, not \"configmap\"");
    }

    #[test]
    fn slashes_are_kubectls() {
        assert!(error(&["secret", "secret/b"]).contains("there is no need to specify"));
        assert!(error(&["secret/a/b"]).ends_with("may not have more than one slash"));
        for word in ["secret/", "/a", "secret,ns/a"] {
            assert!(error(&[word]).ends_with("must have a single resource and name"), "{word}");
        }
    }
}
