//! The reasons why pflag refuses a command line.

use go::quote::{quote, quote_char};

/// A reason why pflag refuses a command line.
pub(super) enum Refusal {
    /// A word that begins as a flag but cannot be one.
    Syntax(String),
    /// No flag has this name.
    Unknown(String),
    /// No flag has this letter: its first byte, which pflag quotes, and the character as it was typed.
    UnknownLetter(u8, char),
    /// The flag, as typed, is the last word and needs a value.
    NoValue(String),
    /// A value that its type does not take.
    Value { flag: String, value: String, reason: String },
}

impl Refusal {
    /// Returns pflag's message. Unlike kubectl's it does not repeat what follows an unknown letter or `=`: that may be
    /// a value.
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
