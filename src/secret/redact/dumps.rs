//! Finds dumps of objects in messages, whose values may be unknown: as JSON, or as Go's `%v`, `%+v` and `%#v` print
//! maps, structs and pointers; each also in quotes.
//!
//! The end of a dump without quotes is ambiguous, since its values may contain brackets: it is taken to end with the
//! last bracket that could belong to it, or with the message.

use std::ops::Range;

/// The text before a value that a field error repeats.
const INTRO: &str = "Invalid value: ";

/// The beginnings of dumps by structured-merge-diff (`typed.validateScalar`, `typed.mapValue`, v6): `%#v` and `%v` of a
/// value of the wrong type.
const TYPED: [&str; 2] = ["&value.valueUnstructured{", "value.valueUnstructured{"];

/// The beginnings of other dumps in Go's syntax.
const LITERALS: [&str; 7] = [
    "[]interface {}{",
    "map[string]interface {}{",
    "map[string]string{",
    "map[string][]uint8{",
    "map[string][]byte{",
    "[]byte{",
    "[]uint8{",
];

/// How many brackets that begin no dump are examined. Why: each takes time, and no real message has as many.
const PATIENCE: usize = 200;

/// Returns the ranges of dumps.
pub(super) fn find(message: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut others = 0;
    // Why: the search for the end of each bracket may read the rest of the message.
    let last = DATA.iter().filter_map(|word| message.rfind(word)).max().unwrap_or(0);
    while let Some(start) = next_start(message, at) {
        match end_of_dump(message, start, last) {
            Some(end) => {
                found.push(start..end);
                at = end;
            }
            None if others == PATIENCE => {
                found.push(start..message.len());
                break;
            }
            // Brackets of another kind: a dump may follow.
            None => {
                others += 1;
                let dump = message.get(start..).unwrap_or_default();
                at = start + if dump.starts_with('"') { 2 } else { 1 };
            }
        }
    }
    found.extend(hexadecimal(message));
    found
}

/// Returns the next position where a dump may begin.
fn next_start(message: &str, from: usize) -> Option<usize> {
    let literal = |dump: &str| TYPED.iter().chain(&LITERALS).any(|mark| dump.starts_with(mark));
    let begins = |at: usize, byte: u8| {
        let dump = message.get(at..).unwrap_or_default();
        match byte {
            b'{' => true,
            b'm' => dump.starts_with("map[") && (is_go_map(dump) || literal(dump)),
            b'&' => dump.starts_with("&{") || literal(dump),
            b'[' => introduced(message, at) || literal(dump),
            b'v' => literal(dump),
            _ => false,
        }
    };
    let bytes = message.as_bytes().get(from..)?;
    let at = from + bytes.iter().enumerate().position(|(at, byte)| begins(from + at, *byte))?;
    // A dump in quotes begins with its quote.
    let quoted =
        at > from && message.get(..at).is_some_and(|before| before.ends_with('"') && !before.ends_with("\\\""));
    Some(if quoted { at - 1 } else { at })
}

/// Returns `true` if `at` follows [`INTRO`], with or without a quote.
fn introduced(message: &str, at: usize) -> bool {
    let before = message.get(..at).unwrap_or_default();
    before.ends_with(INTRO) || before.strip_suffix('"').is_some_and(|before| before.ends_with(INTRO))
}

/// Returns the end of the dump that begins at `start`, or `None` if none does. `last` is the position of the last
/// [`DATA`].
fn end_of_dump(message: &str, start: usize, last: usize) -> Option<usize> {
    let dump = message.get(start..)?;
    if TYPED.iter().chain(&LITERALS).any(|mark| dump.starts_with(mark)) {
        return Some(start + literal_end(dump).unwrap_or_else(|| last_bracket(dump)));
    }
    if dump.starts_with("&{") {
        // The value ends its line in the list of errors; the next line begins with the path of a field.
        return Some(start + dump.find("\n  .").unwrap_or(dump.len()));
    }
    let always = introduced(message, start) || is_go_map(dump);
    if !always && start > last {
        return None;
    }
    let end = if dump.starts_with('"') {
        quoted_end(dump)
    } else if let Some(end) = json_end(dump) {
        end
    } else if let Some(end) = pair_end(dump).filter(|end| !always && !speaks_of_data(dump, *end)) {
        end
    } else {
        last_bracket(dump)
    };
    (always || speaks_of_data(dump, end)).then_some(start + end)
}

/// Returns `true` if the text begins with a map as `%v` prints it, `map[k:v]`, not with a type: `map[string]…`.
fn is_go_map(text: &str) -> bool {
    let Some(inner) = text.trim_start_matches('"').strip_prefix("map[") else { return false };
    inner.find(']').is_none_or(|end| end == 0 || inner.get(..end).is_some_and(|inner| inner.contains(':')))
}

/// The members that make an object one with values.
const DATA: [&str; 2] = ["data", "Data"];

fn speaks_of_data(text: &str, end: usize) -> bool {
    text.get(..end).is_some_and(|object| DATA.iter().any(|word| object.contains(word)))
}

/// Returns the end of a literal in Go's syntax, in which strings are quoted, so that brackets are balanced.
fn literal_end(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut chars = text.char_indices();
    let mut within = false;
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if within => drop(chars.next()),
            '"' => within = !within,
            _ if within => {}
            '{' => depth += 1,
            '}' if depth == 1 => {
                // `interface {}` is a type.
                return Some(at + 1);
            }
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        // The type before the first brace may contain braces: `interface {}`.
        if depth == 1 && text.get(..=at).is_some_and(|head| head.ends_with("interface {")) {
            chars.next();
            depth = 0;
        }
    }
    None
}

/// Returns where the first bracket is closed, without interpreting values.
fn pair_end(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' if depth == 1 => return Some(at + 1),
            '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// Returns the end of a value that is valid JSON.
fn json_end(text: &str) -> Option<usize> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
    values.next()?.ok()?;
    Some(values.byte_offset())
}

/// Returns the end of text that is not JSON: the last bracket in it, since its values may contain brackets; or its end,
/// if brackets are not balanced (it was cut short).
fn last_bracket(text: &str) -> usize {
    let Some(last) = text.rfind(['}', ']']) else { return text.len() };
    let object = text.get(..=last).unwrap_or_default();
    let count = |brackets: [char; 2]| object.matches(brackets).count();
    if count(['{', '[']) == count(['}', ']']) { last + 1 } else { text.len() }
}

/// Returns the end of a string in Go's quotes; the end of the text if it is not closed.
fn quoted_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Returns the range of the beginning of an undecodable body in hexadecimal (`handlers.summarizeData`): `… is
/// unrecognized …: WHY (7b22…)`.
fn hexadecimal(message: &str) -> Option<Range<usize>> {
    let text = message.trim_end();
    let at = text.rfind('(').filter(|at| text.get(..*at).is_some_and(|head| head.contains("unrecognized")))?;
    let inner = text.get(at + 1..)?.strip_suffix(')')?;
    let digits = inner.strip_suffix(" ...").unwrap_or(inner);
    let long = digits.len() > 8 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    long.then_some(at + 1..at + 1 + inner.len())
}
