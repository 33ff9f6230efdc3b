//! Colours by what a text is, so that one thing looks the same in all output. For terminals only: see
//! [`crate::Context::color`].

/// Headers of tables, headings.
pub const HEADER: &str = "\x1b[1m";
/// Names of fields, keys.
pub const KEY: &str = "\x1b[36m";
/// What matters less.
pub const DIM: &str = "\x1b[2m";
/// `error:`, a time that is past.
pub const BAD: &str = "\x1b[31m";
/// `warning:`, a time that is near.
pub const WARNING: &str = "\x1b[33m";
/// `hint:`, `note:`.
pub const HINT: &str = "\x1b[36m";
/// Lines that a change adds.
pub const ADDED: &str = "\x1b[32m";
/// Lines that a change removes.
pub const REMOVED: &str = "\x1b[31m";
/// The end of each.
pub const PLAIN: &str = "\x1b[0m";

/// Words that a message begins with.
const LABELS: [(&str, &str); 8] = [
    ("error:", BAD),
    ("interrupted:", BAD),
    ("Error from server", BAD),
    ("warning:", WARNING),
    ("Warning:", WARNING),
    ("W:", WARNING),
    ("hint:", HINT),
    ("note:", HINT),
];

/// Returns the text in this colour.
pub fn paint(color: &str, text: &str) -> String {
    format!("{color}{text}{PLAIN}")
}

/// Returns lines of `KEY: VALUE` with the keys coloured. What is indented belongs to the line before.
pub fn fields(text: &str) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        match line.find(':').and_then(|colon| line.split_at_checked(colon + 1)) {
            Some((key, rest)) if !key.starts_with([' ', '#']) => paint(KEY, key) + rest,
            _ => line.to_owned(),
        }
    });
    lines.collect()
}

/// Returns a message with its first words in their colour, up to the colon.
pub fn message(line: &str) -> String {
    for (label, color) in LABELS {
        let Some(rest) = line.strip_prefix(label) else { continue };
        let end = match label.ends_with(':') {
            true => Some(label.len()),
            // `Error from server (NotFound):`
            false => rest
                .find(':')
                .filter(|at| rest.get(..*at).is_some_and(|reason| !reason.contains('"')))
                .map(|at| label.len() + at + 1),
        };
        if let Some((words, rest)) = end.and_then(|end| line.split_at_checked(end)) {
            return format!("{color}{words}{PLAIN}{rest}");
        }
    }
    line.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_before_the_colon_are_coloured() {
        for (line, colored) in [
            ("error: no: x", "\x1b[31merror:\x1b[0m no: x"),
            ("Error from server (NotFound): a: b", "\x1b[31mError from server (NotFound):\x1b[0m a: b"),
            ("Error from server \"a:\" b", "Error from server \"a:\" b"),
            ("warning: x", "\x1b[33mwarning:\x1b[0m x"),
            ("hint: x", "\x1b[36mhint:\x1b[0m x"),
            ("secret \"error: x\"", "secret \"error: x\""),
            ("terror: x", "terror: x"),
        ] {
            assert_eq!(message(line), colored);
        }
    }
}
