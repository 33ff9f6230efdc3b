//! What can be made.

/// What is to be made, as a SPEC says it.
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

/// The characters of `random`.
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

/// What signs a certificate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Signer {
    Ecdsa(Curve),
    Ed25519,
}

const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS: &str = "0123456789";
/// Signs that mean nothing in a URL's user part, in YAML or between a shell's double quotes.
const SIGNS: &str = "-._~+=";
const OTHER_SIGNS: &str = "!\"#$%&'()*,/:;<>?@[\\]^`{|}";

impl Alphabet {
    /// All of them, by name.
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

    /// Returns the characters, by class.
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

    /// Returns whether text must have a character of each class, as rules for passwords want it.
    pub fn requires_each(self) -> bool {
        self == Self::Password
    }
}
