//! File patterns of Go's `path/filepath`: `*`, `?`, `[a-z]`, `[^a]`, `\`. As in kubectl, `-f 'secrets/*.yaml'` is
//! expanded by the program if the shell did not.

use std::{
    ffi::{OsStr, OsString},
    os::unix::ffi::{OsStrExt as _, OsStringExt as _},
    path::Path,
};

/// The error for a pattern that ends within brackets or after a backslash.
#[derive(Debug, PartialEq, Eq)]
pub struct BadPattern;

/// Returns the paths that match, those of each directory sorted by name. Directories that cannot be read have no
/// matches.
pub fn expand(pattern: &OsStr, base: &Path) -> Result<Vec<OsString>, BadPattern> {
    matches(pattern.as_bytes(), b"")?;
    let (parent, name) = match pattern.as_bytes().iter().rposition(|byte| *byte == b'/') {
        Some(0) => (&b"/"[..], &pattern.as_bytes()[1..]),
        Some(at) => (&pattern.as_bytes()[..at], &pattern.as_bytes()[at + 1..]),
        None => (&b""[..], pattern.as_bytes()),
    };
    let parent = OsStr::from_bytes(parent);
    if !has_meta(pattern) {
        return Ok(if base.join(pattern).symlink_metadata().is_ok() { vec![pattern.to_owned()] } else { Vec::new() });
    }
    let parents = if has_meta(parent) { expand(parent, base)? } else { vec![parent.to_owned()] };
    let mut found = Vec::new();
    for parent in parents {
        let directory = if parent.is_empty() { base.to_owned() } else { base.join(&parent) };
        let Ok(entries) = directory.read_dir() else { continue };
        let mut names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
        names.sort_unstable();
        for entry in names {
            if matches(name, entry.as_bytes())? {
                found.push(join(&parent, &entry));
            }
        }
    }
    Ok(found)
}

/// Joins two paths as `filepath.Join` does: without `.`, `..` and double slashes.
pub fn join(directory: &OsStr, name: &OsStr) -> OsString {
    let (directory, name) = (directory.as_bytes(), name.as_bytes());
    let rooted = directory.starts_with(b"/");
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in directory.split(|byte| *byte == b'/').chain(name.split(|byte| *byte == b'/')) {
        match part {
            b"" | b"." => {}
            b".." if parts.last().is_some_and(|last| *last != b"..") => {
                parts.pop();
            }
            b".." if rooted => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join(&b'/');
    OsString::from_vec(match (rooted, joined.is_empty()) {
        (true, _) => [b"/", &joined[..]].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => joined,
    })
}

fn has_meta(pattern: &OsStr) -> bool {
    pattern.as_bytes().iter().any(|byte| b"*?[\\".contains(byte))
}

/// Returns the characters of a name. A byte that is not UTF-8 becomes a character that matches only itself.
fn characters(name: &[u8]) -> Vec<char> {
    const STANDS_FOR_BYTES: u32 = 0x10_FF00;
    let mut characters = Vec::new();
    for chunk in name.utf8_chunks() {
        characters.extend(chunk.valid().chars());
        let bytes = chunk.invalid().iter().map(|byte| STANDS_FOR_BYTES + u32::from(*byte));
        characters.extend(bytes.filter_map(char::from_u32));
    }
    characters
}

/// Returns `true` if all of `name` matches; a slash matches only itself. The time is at most proportional to the
/// product of the lengths.
fn matches(pattern: &[u8], name: &[u8]) -> Result<bool, BadPattern> {
    let (pattern, name) = (characters(pattern), characters(name));
    let (mut at, mut from) = (0, 0);
    // The positions to continue at if the pattern after the latest star does not match: the star takes one more
    // character.
    let mut retry = None;
    let mut outcome = loop {
        match pattern.get(at) {
            Some('*') => {
                retry = Some((at, from));
                at += 1;
                continue;
            }
            None if from == name.len() => return Ok(true),
            None => {}
            Some(_) => {
                if let Some((next, true)) = step(&pattern, at, name.get(from).copied())? {
                    (at, from) = (next, from + 1);
                    continue;
                }
            }
        }
        match retry {
            Some((star, end)) if end < name.len() && name[end] != '/' => {
                retry = Some((star, end + 1));
                (at, from) = (star + 1, end + 1);
            }
            _ => break at,
        }
    };
    // The rest of the pattern must be well-formed, too.
    while let Some(character) = pattern.get(outcome) {
        outcome = match character {
            '*' => outcome + 1,
            _ => step(&pattern, outcome, None)?.map_or(outcome + 1, |(next, _)| next),
        };
    }
    Ok(false)
}

/// Matches one element of the pattern with one character; returns the position of the next element, and whether it
/// matches.
fn step(pattern: &[char], at: usize, character: Option<char>) -> Result<Option<(usize, bool)>, BadPattern> {
    let escaped = |at: usize| match pattern.get(at) {
        Some('\\') => pattern.get(at + 1).map(|character| (*character, at + 2)).ok_or(BadPattern),
        Some(character) => Ok((*character, at + 1)),
        None => Err(BadPattern),
    };
    Ok(match pattern.get(at) {
        None => None,
        Some('?') => Some((at + 1, character.is_some_and(|character| character != '/'))),
        Some('[') => {
            let negated = pattern.get(at + 1) == Some(&'^');
            let mut at = at + 1 + usize::from(negated);
            let (mut fits, mut ranges) = (false, 0);
            while ranges == 0 || pattern.get(at) != Some(&']') {
                if matches!(pattern.get(at), Some('-' | ']')) {
                    return Err(BadPattern);
                }
                let (low, next) = escaped(at)?;
                let mut high = low;
                at = next;
                if pattern.get(at) == Some(&'-') {
                    if matches!(pattern.get(at + 1), Some('-' | ']')) {
                        return Err(BadPattern);
                    }
                    (high, at) = escaped(at + 1)?;
                }
                fits |= character.is_some_and(|character| (low..=high).contains(&character));
                ranges += 1;
            }
            Some((at + 1, character.is_some() && fits != negated))
        }
        Some(_) => {
            let (wanted, next) = escaped(at)?;
            Some((next, character == Some(wanted)))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, name, expected) in [
            ("abc", "abc", Ok(true)),
            ("*", "abc", Ok(true)),
            ("*c", "abc", Ok(true)),
            ("a*", "ab/c", Ok(false)),
            ("a*b*c*d*e*/f", "axbxcxdxexxx/f", Ok(true)),
            ("a*b?c*x", "abxbbxdbxebxczzx", Ok(true)),
            ("ab[c]", "abc", Ok(true)),
            ("ab[b-d]", "abc", Ok(true)),
            ("ab[^b-d]", "abc", Ok(false)),
            ("a\\*b", "a*b", Ok(true)),
            ("a?b", "a/b", Ok(false)),
            ("[\\]a]", "]", Ok(true)),
            ("[x-]", "x", Err(BadPattern)),
            ("[", "a", Err(BadPattern)),
            ("a[", "x", Err(BadPattern)),
            ("*x", "xxx", Ok(true)),
            ("", "", Ok(true)),
        ] {
            assert_eq!(matches(pattern.as_bytes(), name.as_bytes()), expected, "{pattern} {name}");
        }
        for (pattern, name, expected) in [
            (&b"*.y"[..], &b"\xff.y"[..], true),
            (b"?.y", b"\xff.y", true),
            (b"\xff*", b"\xff.y", true),
            (b"\xfe*", b"\xff.y", false),
        ] {
            assert_eq!(matches(pattern, name), Ok(expected), "{pattern:?}");
        }
        let slow = format!("{}b", "*a".repeat(50));
        assert_eq!(matches(slow.as_bytes(), "a".repeat(1000).as_bytes()), Ok(false));
    }
}
