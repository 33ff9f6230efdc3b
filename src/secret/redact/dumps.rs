//! Where a message dumps an object, whose values need not be known: as JSON, as Go's `%v`, `%+v` and `%#v` print maps,
//! structures and pointers, each also in quotes.
//!
//! A dump without quotes cannot be told from what follows it, since its values may hold brackets of their own: it ends
//! with the last bracket that can be its own, or with the message.

use std::ops::Range;

/// What stands before a value that a field error repeats.
const INTRO: &str = "Invalid value: ";

/// Beginnings of the dumps that structured-merge-diff writes (`typed.validateScalar`, `typed.mapValue`, v6): `%#v` and `%v`
/// of the value that has the wrong type.
const TYPED: [&str; 2] = ["&value.valueUnstructured{", "value.valueUnstructured{"];

/// Beginnings of other dumps in Go's syntax, whatever they are about.
const LITERALS: [&str; 7] = [
    "[]interface {}{",
    "map[string]interface {}{",
    "map[string]string{",
    "map[string][]uint8{",
    "map[string][]byte{",
    "[]byte{",
    "[]uint8{",
];

/// So many brackets that are no dump are looked at; more of them no message has, and to look at each takes time.
const PATIENCE: usize = 200;

/// Returns where dumps stand.
pub(super) fn find(message: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut others = 0;
    // Why: to look for the end of each bracket takes as long as the rest of the message is.
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
            // Brackets of another kind: there may be a dump further on.
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

/// The next place where a dump may begin.
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

/// Whether `at` follows [`INTRO`], quote or not.
fn introduced(message: &str, at: usize) -> bool {
    let before = message.get(..at).unwrap_or_default();
    before.ends_with(INTRO) || before.strip_suffix('"').is_some_and(|before| before.ends_with(INTRO))
}

/// Where the dump ends that begins at `start`; `None` where it is none. `last` is where [`DATA`] stands last.
fn end_of_dump(message: &str, start: usize, last: usize) -> Option<usize> {
    let dump = message.get(start..)?;
    if TYPED.iter().chain(&LITERALS).any(|mark| dump.starts_with(mark)) {
        return Some(start + literal_end(dump).unwrap_or_else(|| last_bracket(dump)));
    }
    if dump.starts_with("&{") {
        // The value ends its line of the list of errors, and the next one begins with a field's path.
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

/// Whether the text begins with a map as `%v` prints it, `map[k:v]`, rather than with a type: `map[string]…`.
fn is_go_map(text: &str) -> bool {
    let Some(inner) = text.trim_start_matches('"').strip_prefix("map[") else { return false };
    inner.find(']').is_none_or(|end| end == 0 || inner.get(..end).is_some_and(|inner| inner.contains(':')))
}

/// What makes an object one that holds values.
const DATA: [&str; 2] = ["data", "Data"];

fn speaks_of_data(text: &str, end: usize) -> bool {
    text.get(..end).is_some_and(|object| DATA.iter().any(|word| object.contains(word)))
}

/// The end of a literal in Go's syntax, where strings are quoted and so brackets come in pairs.
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
        // The type before the first brace may hold braces of its own.
        if depth == 1 && text.get(..=at).is_some_and(|head| head.ends_with("interface {")) {
            chars.next();
            depth = 0;
        }
    }
    None
}

/// Where the first bracket is closed, values not understood.
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

/// The end of a JSON value that is one.
fn json_end(text: &str) -> Option<usize> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
    values.next()?.ok()?;
    Some(values.byte_offset())
}

/// The end of what is no JSON: its values may hold brackets of their own, so it ends with the last one of all that
/// follows, and where they do not come in pairs (it was cut short), with all that follows.
fn last_bracket(text: &str) -> usize {
    let Some(last) = text.rfind(['}', ']']) else { return text.len() };
    let object = text.get(..=last).unwrap_or_default();
    let count = |brackets: [char; 2]| object.matches(brackets).count();
    if count(['{', '[']) == count(['}', ']']) { last + 1 } else { text.len() }
}

/// Where a Go-quoted string ends; the end of all when it does not.
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

/// The beginning of a body that could not be decoded, in hexadecimal (`handlers.summarizeData`): `… is unrecognized …: WHY
/// (7b22…)`.
fn hexadecimal(message: &str) -> Option<Range<usize>> {
    let text = message.trim_end();
    let at = text.rfind('(').filter(|at| text.get(..*at).is_some_and(|head| head.contains("unrecognized")))?;
    let inner = text.get(at + 1..)?.strip_suffix(')')?;
    let digits = inner.strip_suffix(" ...").unwrap_or(inner);
    let long = digits.len() > 8 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    long.then_some(at + 1..at + 1 + inner.len())
}
