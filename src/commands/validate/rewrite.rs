//! `--fix` in files: replaces only the corrected values. Comments, order and quotes stay.

use std::{
    fs,
    io::{self, Write as _},
    os::unix::fs::{MetadataExt as _, chown},
    path::Path,
};

use go::json_write::push_string;
use serde_json::{Map, Value as Json};
use zeroize::Zeroizing;

use crate::{
    context::{Env, files::read_file},
    error::{Error, Result},
    manifest::Document,
    secret::{self, Object, Value},
};

/// A Secret of a file, and its corrected values in base64.
pub(super) struct Change<'a> {
    pub(super) document: &'a Document,
    pub(super) data: &'a Map<String, Json>,
}

/// Changes values in the file at `path`.
///
/// Invariant: the new text is parsed before it replaces the file, and has the same objects except for these values.
///
/// # Errors
/// A value that cannot be replaced by itself, or an error of the system. The file is then unchanged.
pub(super) fn file(path: &str, changes: &[Change<'_>], env: &Env) -> Result<()> {
    let cannot = |why: &dyn std::fmt::Display| Error::new(format_args!("{path} is not fixed: {why}"));
    let place = fs::canonicalize(env.cwd().join(path)).map_err(|error| cannot(&go::errno::text(&error)))?;
    let before = read_file(&place, yaml::read::STREAM_LIMIT).map(Zeroizing::new).map_err(|error| cannot(&error))?;
    let text = std::str::from_utf8(&before).map_err(|_| cannot(&"it is not UTF-8"))?;
    let mut lines: Vec<Zeroizing<String>> =
        text.split_inclusive('\n').map(|line| Zeroizing::new(line.to_owned())).collect();
    let mut expected = yaml::read::parse(&before).map_err(|error| cannot(&error.text()))?;
    for Change { document, data } in changes {
        for (key, value) in *data {
            let (field, new) = written(&document.object, key, value.as_str().unwrap_or_default());
            let number = document.nearest_line(&[field, key]);
            let line = number.checked_sub(1).and_then(|at| lines.get_mut(at));
            let changed = line.as_ref().and_then(|line| replace(line, key, &new, field));
            let (Some(line), Some(changed)) = (line, changed) else {
                let error = cannot(&format_args!("the value of {field}[{key}] cannot be changed in its line alone"));
                return Err(error.hint(format!("{path}, line {number}")));
            };
            *line = changed;
            let held = expected.iter_mut().find(|parsed| parsed.document == document.origin.document);
            let held = held.and_then(|parsed| match document.item() {
                None => parsed.object.json_mut().get_mut(field)?.get_mut(key),
                Some(at) => parsed.object.json_mut().get_mut("items")?.get_mut(at)?.get_mut(field)?.get_mut(key),
            });
            match held.filter(|held| **held == document.object.json()[field][key]) {
                Some(held) => {
                    secret::wipe(held);
                    *held = new.as_str().into();
                }
                None => return Err(cannot(&"it was changed meanwhile")),
            }
        }
    }
    let size = lines.iter().map(|line| line.len()).sum();
    let mut after = Zeroizing::new(Vec::with_capacity(size));
    lines.iter().for_each(|line| after.extend_from_slice(line.as_bytes()));
    let is_same = yaml::read::parse(&after)
        .is_ok_and(|after| after.iter().map(|parsed| &parsed.object).eq(expected.iter().map(|parsed| &parsed.object)));
    if !is_same {
        return Err(cannot(&"it would not hold the same objects but for the fixed values"));
    }
    store(&place, &after).map_err(|error| cannot(&go::errno::text(&error)))
}

/// Replaces a file atomically by another one with its owner and mode.
fn store(place: &Path, text: &[u8]) -> io::Result<()> {
    let metadata = fs::metadata(place)?;
    let mut file = tempfile::NamedTempFile::new_in(place.parent().unwrap_or(Path::new("/")))?;
    file.write_all(text)?;
    // Why ignored: changing the owner of a file needs privileges.
    let _ = chown(file.path(), Some(metadata.uid()), Some(metadata.gid()));
    file.as_file().set_permissions(metadata.permissions())?;
    file.as_file().sync_all()?;
    file.persist(place).map_err(|error| error.error).map(drop)
}

/// Returns the field that has the value of a key, and the text to write there.
fn written(object: &Object, key: &str, base64: &str) -> (&'static str, Zeroizing<String>) {
    if object.json()["stringData"].get(key).is_none() {
        return ("data", Zeroizing::new(base64.to_owned()));
    }
    let value = Value::from_base64(base64).unwrap_or_default();
    ("stringData", Zeroizing::new(value.expose_text().unwrap_or_default().to_owned()))
}

/// Replaces the value of a key in a line; `None` if the key does not occur exactly once, or the value does not end in
/// the line.
fn replace(line: &str, key: &str, new: &str, field: &str) -> Option<Zeroizing<String>> {
    let mut found = None;
    for (at, _) in line.match_indices(key) {
        let before = line.get(..at)?.chars().next_back();
        let after = line.get(at + key.len()..)?;
        let (is_begun, rest) = match before {
            Some(quote @ ('"' | '\'')) => (true, after.strip_prefix(quote)),
            None | Some(' ' | '{' | ',' | '\t') => (true, Some(after)),
            Some(_) => (false, None),
        };
        if let Some(rest) = rest.and_then(|rest| rest.trim_start().strip_prefix(':')).filter(|_| is_begun)
            && found.replace(line.len() - rest.len()).is_some()
        {
            return None;
        }
    }
    let (head, tail) = line.split_at_checked(found?)?;
    let value = tail.trim_start_matches([' ', '\t']);
    let space = &tail[..tail.len() - value.len()];
    let (length, text) = match value.chars().next()? {
        quote @ ('"' | '\'') => (quoted(value, quote)?, as_json(new)),
        header @ ('|' | '>') if field == "stringData" => {
            let length = value.find(['\n', '\r', ' ']).unwrap_or(value.len());
            let is_plain = matches!(value.get(1..length)?, "" | "+");
            (length, is_plain.then(|| Zeroizing::new(format!("{header}-")))?)
        }
        '|' | '>' | '&' | '*' | '!' | '{' | '[' | '\n' | '\r' | '#' => return None,
        _ => {
            let end = value.find(['\n', '\r', ',', '}', '#']).unwrap_or(value.len());
            let length = value.get(..end)?.trim_end().len();
            let is_plain = field == "data" && new.ends_with('=');
            (length, if is_plain { Zeroizing::new(new.to_owned()) } else { as_json(new) })
        }
    };
    let rest = value.get(length..)?;
    Some(Zeroizing::new([head, if space.is_empty() { " " } else { space }, &text, rest].concat()))
}

/// Returns the length of the quoted text at the beginning of `value`; `None` if it does not end in the line.
fn quoted(value: &str, quote: char) -> Option<usize> {
    let mut chars = value.char_indices().skip(1).peekable();
    while let Some((at, char)) = chars.next() {
        match char {
            '\\' if quote == '"' => drop(chars.next()),
            '\'' if quote == '\'' && chars.peek().is_some_and(|(_, next)| *next == '\'') => drop(chars.next()),
            _ if char == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Returns text in double quotes, as both JSON and YAML read it.
fn as_json(text: &str) -> Zeroizing<String> {
    // Why with capacity: a buffer that grows leaves an unwiped copy of the value.
    let mut out = Zeroizing::new(String::with_capacity(text.len() * 6 + 2));
    push_string(&mut out, text);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_alone_is_replaced() {
        for (line, field, expected) in [
            ("  k: YQo= # note\n", "data", Some("  k: YQ== # note\n")),
            ("  k: YQo=", "data", Some("  k: YQ==")),
            ("  \"k\":\"YQo=\",\r\n", "data", Some("  \"k\": \"YQ==\",\r\n")),
            ("data: {a: x, k: YQo=, b: 1}\n", "data", Some("data: {a: x, k: YQ==, b: 1}\n")),
            ("  k: 'YQo='\n", "data", Some("  k: \"YQ==\"\n")),
            ("  k: |\n", "data", None),
            ("  k:\n", "data", None),
            ("  k: *anchor\n", "data", None),
            ("  k: {k: YQo=}\n", "data", None),
            ("  k: | # note\n", "stringData", Some("  k: |- # note\n")),
            ("  k: >+\n", "stringData", Some("  k: >-\n")),
            ("  k: |2\n", "stringData", None),
            ("  ok: YQo=\n", "data", None),
            ("  k: \"a\\\"b\\n\"\n", "stringData", Some("  k: \"YQ==\"\n")),
            ("  k: \"a\n", "stringData", None),
        ] {
            assert_eq!(replace(line, "k", "YQ==", field).as_deref().map(String::as_str), expected, "{line:?}");
        }
    }
}
