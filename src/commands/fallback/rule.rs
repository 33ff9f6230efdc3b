//! How the outputs of two commands become what one would have written.

use crate::cli::pflag::Parts;

/// What is added to two commands that take the place of one.
#[derive(Default)]
pub struct Rule {
    /// What stands between their outputs, if both write.
    pub between: &'static str,
    /// Whether both print into one list.
    pub is_whole: bool,
    flags: Vec<&'static str>,
    /// Flags of the one that is not to say that it found nothing.
    quiet: Vec<&'static str>,
}

impl Rule {
    /// Returns the rule for a command line.
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
            // kubectl's label, annotate and patch make a printer for each object.
            ("create" | "replace", "yaml") => Self { between: "---\n", ..Self::default() },
            _ => Self::default(),
        }
    }

    /// Returns the flags of one of the commands. `quiet`: the other has written, or will.
    pub fn flags(&self, quiet: bool) -> &[&'static str] {
        if quiet { &self.quiet } else { &self.flags }
    }
}

/// Whether kinds alone are named: nothing found is no error then, and said by one line.
fn is_list(parts: &Parts) -> bool {
    matches!(parts.words.as_slice(), [kinds] if !kinds.as_encoded_bytes().contains(&b'/'))
}
