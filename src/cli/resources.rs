//! Resource words: which kind, which names, as kubectl's resource builder reads them.

use crate::{
    client::Resource,
    error::{Error, Result},
};

/// What the positional arguments of a command name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Targets {
    /// The kind, where one word or all of them agree on it.
    pub resource: Resource,
    /// The names, each with its kind, in the order typed. Empty means every object of the kind.
    pub names: Vec<(Resource, String)>,
    /// Whether the words name nothing at all, not even a kind.
    pub nothing: bool,
    /// Whether more than one kind is named, or the words were `TYPE/NAME`.
    pub slashed: bool,
}

/// The kind that a resource word means: `secret`, `secrets`, `secrets.v1.`, `namespace`, `namespaces`, `ns`.
pub fn resource_word(word: &str) -> Option<Resource> {
    let plain =
        word.split_once('.').map_or(word, |(head, tail)| if tail == "v1." || tail == "v1" { head } else { word });
    match plain.to_ascii_lowercase().as_str() {
        "secret" | "secrets" => Some(Resource::Secrets),
        "namespace" | "namespaces" | "ns" => Some(Resource::Namespaces),
        _ => None,
    }
}

/// Reads `[TYPE] NAME...`, `TYPE/NAME...` or, shorter than kubectl, `NAME...` of Secrets. A first word that is a
/// resource word always is one; a Secret of that name is `secret/NAME`.
///
/// # Errors
/// kubectl's: an unknown kind before a slash, `TYPE/NAME` beside a separate kind, an empty name.
pub fn parse(words: &[String], program: &str, verb: &str) -> Result<Targets> {
    let mut targets =
        Targets { resource: Resource::Secrets, names: Vec::new(), nothing: words.is_empty(), slashed: false };
    if words.iter().any(|w| w.contains('/')) {
        targets.slashed = true;
        for word in words {
            let Some((kind, name)) = word.split_once('/') else {
                return Err(mixed(program, verb));
            };
            let resource = resource_word(kind).ok_or_else(|| unknown(kind))?;
            if name.is_empty() || name.contains('/') {
                return Err(Error::new("arguments in resource/name form must have a single resource and name"));
            }
            targets.names.push((resource, name.to_owned()));
        }
        if let Some((resource, _)) = targets.names.first() {
            targets.resource = *resource;
        }
        return Ok(targets);
    }
    let names = match words.split_first() {
        Some((first, rest)) => match first.split(',').map(resource_word).collect::<Option<Vec<_>>>() {
            Some(kinds) if kinds.len() == 1 => {
                targets.resource = kinds[0];
                rest
            }
            _ => words,
        },
        None => words,
    };
    targets.names = names.iter().map(|name| (targets.resource, name.clone())).collect();
    Ok(targets)
}

fn mixed(program: &str, verb: &str) -> Error {
    Error::new(format!(
        "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form \
         (e.g. '{program} {verb} resource/<resource_name>' instead of '{program} {verb} resource resource/<resource_name>'"
    ))
}

/// kubectl's line for a kind that the server does not have; ours has two.
pub fn unknown(kind: &str) -> Error {
    Error::new(format!("the server doesn't have a resource type {kind:?}"))
        .hint("ksecret handles secrets and namespaces")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Result<Targets> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        parse(&words, "ksecret", "get")
    }

    #[test]
    fn the_resource_word_is_optional() {
        for line in ["secret a b", "secrets a b", "a b", "secret/a secrets/b"] {
            let names: Vec<_> = words(line).unwrap().names.into_iter().map(|(_, n)| n).collect();
            assert_eq!(names, ["a", "b"], "{line}");
        }
        assert_eq!(words("secret secret").unwrap().names, [(Resource::Secrets, "secret".to_owned())]);
        assert_eq!(words("ns").unwrap().resource, Resource::Namespaces);
    }

    #[test]
    fn a_kind_beside_slashes_is_refused() {
        assert!(words("secret secret/b").unwrap_err().to_string().contains("there is no need to specify"));
        assert!(words("pod/b").unwrap_err().to_string().contains("resource type \"pod\""));
    }
}
