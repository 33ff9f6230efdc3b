//! Joins the output of two commands, so that it reads like that of one.

use crate::cli::pflag::Parts;

/// How the output of two commands is joined.
#[derive(Default)]
pub struct Rule {
    /// The separator, if both print something.
    pub between: &'static str,
    /// Whether both print into one list.
    pub is_whole: bool,
    flags: Vec<&'static str>,
    /// Flags that keep a command from reporting that it found nothing.
    quiet: Vec<&'static str>,
}

impl Rule {
    /// Returns the rule of a command line.
    pub fn of(parts: &Parts) -> Self {
        let output = parts.value("output").unwrap_or_default();
        let verb = parts.path.first().map_or("", String::as_str);
        match (verb, &*output.to_string_lossy()) {
            ("get", "" | "wide") if !parts.has("template") => {
                let quiet =
                    if is_list(parts) { vec!["--show-kind", "--ignore-not-found"] } else { vec!["--show-kind"] };
                Self { between: "\n", flags: vec!["--show-kind"], quiet, ..Self::default() }
            }
            ("get", "name") | ("apply", "" | "name") => Self::default(),
            ("get" | "apply", _) => Self { is_whole: true, ..Self::default() },
            ("describe", _) => Self { between: "\n\n", ..Self::default() },
            // As in kubectl: label, annotate and patch make a printer for each object, which writes no separator.
            ("create" | "replace", "yaml") => Self { between: "---\n", ..Self::default() },
            _ => Self::default(),
        }
    }

    /// Returns the flags of one of the commands. `quiet` tells whether the other one prints something.
    pub fn flags(&self, quiet: bool) -> &[&'static str] {
        if quiet { &self.quiet } else { &self.flags }
    }
}

/// Returns whether only kinds are named. Finding nothing is then no error but one line.
fn is_list(parts: &Parts) -> bool {
    matches!(parts.words.as_slice(), [kinds] if !kinds.as_encoded_bytes().contains(&b'/'))
}
