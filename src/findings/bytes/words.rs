//! Words and characters that give away where a value comes from.

/// Spaces that are not the one of the keyboard, and characters that are not seen.
const SPACES: [(char, &str); 13] = [
    ('\u{A0}', "no-break space"),
    ('\u{AD}', "soft hyphen"),
    ('\u{2003}', "em space"),
    ('\u{2007}', "figure space"),
    ('\u{2009}', "thin space"),
    ('\u{200B}', "zero-width space"),
    ('\u{200C}', "zero-width non-joiner"),
    ('\u{200E}', "left-to-right mark"),
    ('\u{200F}', "right-to-left mark"),
    ('\u{202F}', "narrow no-break space"),
    ('\u{2060}', "word joiner"),
    ('\u{3000}', "ideographic space"),
    ('\u{FEFF}', "byte order mark"),
];

/// Values that stand for others, in lower case and without what separates words.
const PLACEHOLDERS: [&str; 31] = [
    "<nil>",
    "<novalue>",
    "changeit",
    "changeme",
    "changemeplease",
    "changethis",
    "dummy",
    "example",
    "examplepassword",
    "fillmein",
    "fixme",
    "inserthere",
    "mypassword",
    "mysecret",
    "mysecretpassword",
    "null",
    "passw0rd",
    "password",
    "placeholder",
    "redacted",
    "replaceme",
    "replacethis",
    "secret",
    "supersecret",
    "tbd",
    "todo",
    "undefined",
    "yourapikey",
    "yourpassword",
    "yoursecret",
    "yourtoken",
];

/// Pairs that enclose what a template or a person was to put in.
const ENCLOSED: [(&str, &str); 6] = [("<", ">"), ("${", "}"), ("$(", ")"), ("{{", "}}"), ("[[", "]]"), ("%%", "%%")];

/// Returns the first odd space of a text, and its name. A byte order mark at the beginning has a rule of its own.
pub(super) fn odd_space(text: &str) -> Option<(char, &'static str)> {
    if text.is_ascii() {
        return None;
    }
    let text = text.trim_start_matches('\u{FEFF}');
    text.chars().find_map(|char| SPACES.iter().find(|(space, _)| *space == char).copied())
}

/// Returns whether a line is a placeholder.
pub(super) fn is_placeholder(line: &str) -> bool {
    let word: String =
        line.chars().filter(|c| !matches!(c, ' ' | '-' | '_' | '.' | '!')).flat_map(char::to_lowercase).collect();
    let is_all = |char: char| word.chars().count() >= 3 && word.chars().all(|c| c == char);
    let is_enclosed = ENCLOSED.iter().any(|(begin, end)| {
        let inner = line.strip_prefix(begin).and_then(|rest| rest.strip_suffix(end));
        inner.is_some_and(|inner| !inner.is_empty() && inner.len() <= 80 && !inner.contains(['<', '>', '/']))
    });
    PLACEHOLDERS.contains(&word.as_str())
        || is_all('x')
        || is_all('*')
        || is_enclosed
        || word.starts_with("your") && word.ends_with("here")
        || word.starts_with("insert") && word.ends_with("here")
}

/// Returns whether a line has quotes that a word processor made.
pub(super) fn has_smart_quotes(line: &str) -> bool {
    line.contains(['\u{201C}', '\u{201D}', '\u{201E}', '\u{AB}', '\u{BB}'])
        || line.starts_with(['\u{2018}', '\u{2019}'])
        || line.ends_with('\u{2019}')
}

/// Returns whether a line is enclosed by quotes that it has nowhere else.
pub(super) fn is_quoted(line: &str) -> bool {
    ['"', '\''].iter().any(|quote| {
        let inner = line.strip_prefix(*quote).and_then(|rest| rest.strip_suffix(*quote));
        inner.is_some_and(|inner| !inner.is_empty() && !inner.contains(*quote))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_known() {
        for word in
            ["changeme", "CHANGE-ME!", "xxxx", "***", "<password>", "${PASSWORD}", "{{ .Values.x }}", "your token here"]
        {
            assert!(is_placeholder(word), "{word}");
        }
        for word in ["hunter2", "xx", "<a><b>", "<a/>", "admin", "changeme-not", "{\"a\":1}", "$apr1$x", "p{{q}}"] {
            assert!(!is_placeholder(word), "{word}");
        }
    }
}
