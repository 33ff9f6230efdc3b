//! What pflag refuses of a command line.

use go::quote::{quote, quote_char};

/// What pflag refuses.
pub(super) enum Refusal {
    /// A word that begins like a flag and is none.
    Syntax(String),
    /// No flag has this name.
    Unknown(String),
    /// No flag has this letter: as pflag quotes it, a byte, and as it was typed.
    UnknownLetter(u8, char),
    /// The flag, as typed, is the last word and needs a value.
    NoValue(String),
    /// A value that its type does not take.
    Value { flag: String, value: String, reason: String },
}

impl Refusal {
    /// pflag's words. kubectl shows all of a word behind an unknown letter, or an `=`: not here.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Syntax(word) => format!("bad flag syntax: {word}"),
            Self::Unknown(name) => format!("unknown flag: --{name}"),
            Self::UnknownLetter(byte, typed) => {
                format!("unknown shorthand flag: {} in -{typed}", quote_char(char::from(*byte), false))
            }
            Self::NoValue(flag) => format!("flag needs an argument: {flag}"),
            Self::Value { flag, value, reason } => {
                format!("invalid argument {} for \"{flag}\" flag: {reason}", quote(value))
            }
        }
    }
}
