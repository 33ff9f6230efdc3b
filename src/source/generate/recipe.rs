//! The kinds of values that can be generated.

/// A kind of value, with its parameters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Recipe {
    Random { length: usize, alphabet: Alphabet, unambiguous: bool },
    Uuid,
    Hex(usize),
    Base64 { bytes: usize, url: bool },
    Bytes(usize),
    Passphrase { words: usize, separator: String },
    Ed25519,
    Ecdsa(Curve),
    Ssh { comment: String },
    SelfSigned { names: Vec<String>, days: usize, key: Signer },
}

/// The alphabets of `random`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Alphabet {
    Alphanumeric,
    Letters,
    Lower,
    Upper,
    Digits,
    LowerAlphanumeric,
    Password,
    Printable,
}

/// The curve of an ECDSA key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Curve {
    P256,
    P384,
}

/// The algorithm of a certificate's key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Signer {
    Ecdsa(Curve),
    Ed25519,
}

const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS: &str = "0123456789";
/// Signs without a meaning in the user part of a URL, in YAML, or between double quotes in a shell.
const SIGNS: &str = "-._~+=";
const OTHER_SIGNS: &str = "!\"#$%&'()*,/:;<>?@[\\]^`{|}";

impl Alphabet {
    /// Every alphabet, by name.
    pub const ALL: [(&str, Self); 8] = [
        ("alphanumeric", Self::Alphanumeric),
        ("letters", Self::Letters),
        ("lower", Self::Lower),
        ("upper", Self::Upper),
        ("digits", Self::Digits),
        ("lower-alphanumeric", Self::LowerAlphanumeric),
        ("password", Self::Password),
        ("printable", Self::Printable),
    ];

    /// Returns the characters of each class.
    pub fn classes(self) -> &'static [&'static str] {
        match self {
            Self::Alphanumeric => &[LOWER, UPPER, DIGITS],
            Self::Letters => &[LOWER, UPPER],
            Self::Lower => &[LOWER],
            Self::Upper => &[UPPER],
            Self::Digits => &[DIGITS],
            Self::LowerAlphanumeric => &[LOWER, DIGITS],
            Self::Password => &[LOWER, UPPER, DIGITS, SIGNS],
            Self::Printable => &[LOWER, UPPER, DIGITS, SIGNS, OTHER_SIGNS],
        }
    }

    /// Returns whether text must have a character of each class, as password rules demand.
    pub fn requires_each(self) -> bool {
        self == Self::Password
    }
}
