//! The forms in which a value may be written in a message, and the search for them.

use std::{collections::HashMap, ops::Range};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use go::{float, json_write, quote};
use zeroize::Zeroizing;

use super::{Kind, LONGEST, Scalar};
use crate::sanitize;

/// Values with fewer bytes occur in many words, so they are searched only where a message quotes.
const SHORTEST: usize = 4;

/// How many bytes of the beginning of a form count as the form, since a server may have cut it short.
const ENOUGH: usize = 16;

/// Where in a message a form counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Anywhere, also inside words.
    Anywhere,
    /// As a word of its own.
    Token,
    /// Where a message quotes its input.
    Quoted,
}

struct Form {
    text: Zeroizing<String>,
    place: Place,
}

/// Returns the ranges of the message that are a form of a value.
pub(super) fn find(values: &[Scalar], message: &str) -> Vec<Range<usize>> {
    let mut forms = Vec::new();
    // Why: a form has at least as many bytes as its value, and what is longer than the message cannot stand in it whole. In
    // whole groups of base64.
    let most = (message.len() / 3 + 1) * 3;
    values.iter().for_each(|value| forms_of(value, most, &mut forms));
    forms.retain(|form| !form.text.is_empty());
    let index = Index::of(&forms);
    let mut found = Vec::new();
    let mut done = 0;
    for (at, _) in message.char_indices() {
        if at >= done
            && let Some(end) = index.end_of_form(message, at)
        {
            found.push(at..end);
            done = end;
        }
    }
    found
}

/// An index of forms by their first bytes.
struct Index<'f> {
    /// Forms by their first [`ENOUGH`] bytes (or all). Why: only forms whose head occurs are compared, however many
    /// there are.
    by_head: HashMap<&'f [u8], Vec<&'f Form>>,
    /// The different lengths of heads.
    lengths: Vec<usize>,
}

impl<'f> Index<'f> {
    fn of(forms: &'f [Form]) -> Self {
        let mut by_head = HashMap::<_, Vec<&Form>>::new();
        for form in forms {
            let text = form.text.as_bytes();
            let same = by_head.entry(text.get(..ENOUGH).unwrap_or(text)).or_default();
            if !same.iter().any(|other| other.place == form.place && other.text == form.text) {
                same.push(form);
            }
        }
        let lengths = (1..=ENOUGH).filter(|length| by_head.keys().any(|head| head.len() == *length)).collect();
        Self { by_head, lengths }
    }

    /// Returns the end of the longest form that begins at `at`, if there is one.
    fn end_of_form(&self, message: &str, at: usize) -> Option<usize> {
        let bytes = message.as_bytes().get(at..)?;
        let heads = self.lengths.iter().filter_map(|length| self.by_head.get(bytes.get(..*length)?));
        heads.flatten().filter_map(|form| end_of(form, message, at)).max()
    }
}

/// Returns the end of a form at `at`: all of it, or at least [`ENOUGH`] bytes.
fn end_of(form: &Form, message: &str, at: usize) -> Option<usize> {
    let text = form.text.as_bytes();
    let length = text.iter().zip(message.as_bytes().get(at..)?).take_while(|(a, b)| a == b).count();
    let mut end = at + length;
    if length == text.len() {
        return stands(message, at..end, form.place).then_some(end);
    }
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    (length >= ENOUGH && form.place == Place::Anywhere).then_some(end)
}

/// Returns `true` if `range` is at a place where such a form counts.
fn stands(message: &str, range: Range<usize>, place: Place) -> bool {
    let before = message.get(..range.start).unwrap_or_default();
    let after = message.get(range.end..).unwrap_or_default();
    let apart = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    match place {
        Place::Anywhere => true,
        Place::Token => apart(before.chars().next_back()) && apart(after.chars().next()),
        Place::Quoted => {
            let quoted = ["\"", "'", "`"]
                .iter()
                .any(|quote| before.ends_with(quote) && after.trim_start_matches('\\').starts_with(quote));
            // Words after which Go's messages quote their input.
            const WORDS: [&str; 9] =
                ["Value:", "value: ", "value ", "got ", "number ", "parsing ", "found ", "string ", "bool "];
            // `encoding/json` quotes the byte at which it fails, whatever the value is.
            let stumbled = before.ends_with("character '");
            (quoted && !stumbled) || (apart(after.chars().next()) && WORDS.iter().any(|word| before.ends_with(word)))
        }
    }
}

/// Adds the forms of a value, as far as a message of fewer than `most` bytes could hold them.
fn forms_of(value: &Scalar, most: usize, forms: &mut Vec<Form>) {
    let mut add = |text: String, place: Place| forms.push(Form { text: Zeroizing::new(text), place });
    let bytes = value.bytes.get(..most).unwrap_or(&value.bytes);
    if value.kind != Kind::Text {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let place = if value.kind == Kind::Number && text.len() >= SHORTEST { Place::Token } else { Place::Quoted };
        add(text.to_owned(), place);
        if let Some(number) = text.parse::<f64>().ok().filter(|_| value.kind == Kind::Number) {
            // As Go's `%v` prints a float64, and as its JSON has it.
            for text in [float::shortest(number), float::json(number), float::format(number, 'f', None)] {
                let place = if text.len() >= SHORTEST { Place::Token } else { Place::Quoted };
                add(text, place);
            }
        }
        return;
    }
    add(STANDARD.encode(bytes), Place::Anywhere);
    if bytes.len() >= SHORTEST {
        let list = |form: fn(&u8) -> String, between: &str| bytes.iter().map(form).collect::<Vec<_>>().join(between);
        // `%v`, `%#v` and `%x` of a `[]byte`.
        add(list(|b| format!("{b}"), " "), Place::Token);
        add(list(|b| format!("0x{b:x}"), ", "), Place::Token);
        add(list(|b| format!("{b:02x}"), ""), Place::Anywhere);
    }
    let Some(text) = whole_characters(bytes) else { return };
    text_forms(text, &mut add);
    // No message is longer.
    let Some(text) = whole_characters(value.bytes.get(..LONGEST).unwrap_or(&value.bytes)) else { return };
    let mut lines = text.lines().map(str::trim).filter(|line| line.len() >= SHORTEST).peekable();
    let first = lines.next();
    if lines.peek().is_some() {
        // Why: a message may begin or end in the middle of a value, so each line is a value, too.
        for line in first.into_iter().chain(lines) {
            let line = line.as_bytes();
            whole_characters(line.get(..most).unwrap_or(line)).into_iter().for_each(|line| text_forms(line, &mut add));
        }
    }
}

/// Returns bytes as text, without a character at their end that was cut; `None` if they are none.
fn whole_characters(bytes: &[u8]) -> Option<&str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() => std::str::from_utf8(bytes.get(..error.valid_up_to())?).ok(),
        Err(_) => None,
    }
}

/// Adds the forms of a text, with and without surrounding white space: plain, quoted by Go, as JSON, these two nested,
/// and sanitized for a terminal.
fn text_forms(text: &str, add: &mut impl FnMut(String, Place)) {
    let trimmed = text.trim();
    for text in [text, trimmed].into_iter().take(if trimmed.len() < text.len() { 2 } else { 1 }) {
        let place = if text.len() >= SHORTEST { Place::Anywhere } else { Place::Quoted };
        let quoted = inside(&quote::quote(text));
        let mut json = String::new();
        json_write::push_string(&mut json, text);
        let html = inside(&json);
        let plain = inside(&serde_json::Value::from(text).to_string());
        for form in [&quoted, &html, &plain] {
            add(inside(&quote::quote(form)), place);
            add(sanitize::text(form).into_owned(), place);
        }
        add(sanitize::text(text).into_owned(), place);
        add(text.to_owned(), place);
        for form in [quoted, html, plain] {
            add(form, place);
        }
    }
}

/// Returns the text between the quotes.
fn inside(quoted: &str) -> String {
    quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned()
}
