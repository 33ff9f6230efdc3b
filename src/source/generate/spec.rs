//! Parses `--generate KEY=SPEC`, where SPEC is `GENERATOR[:MAIN][,OPTION=VALUE]...`.

use super::recipe::{Alphabet, Curve, Recipe, Signer};
use crate::error::{Error, Result};

/// The forms of the generators. The name is what precedes the first sign.
const GENERATORS: [&str; 11] = [
    "random[:LENGTH][,alphabet=NAME][,unambiguous]",
    "uuid",
    "hex[:BYTES]",
    "base64[:BYTES]",
    "base64url[:BYTES]",
    "bytes[:BYTES]",
    "passphrase[:WORDS][,separator=TEXT]",
    "ed25519",
    "ecdsa[:CURVE]",
    "ssh[,comment=TEXT]",
    "self-signed:NAME[,name=NAME]...[,days=DAYS][,key=ecdsa|ed25519]",
];

/// Returns the names of the generators.
pub fn names() -> [&'static str; 11] {
    GENERATORS.map(|form| form.split([':', '[', ',']).next().unwrap_or_default())
}

/// Why: no value of a Secret may be larger.
const MAX_LENGTH: usize = 1024 * 1024;
/// Why: dates of certificates end in the year 9999, so a longer validity is refused.
const MAX_DAYS: usize = 36_500;

/// The key, and what to generate for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spec {
    pub(super) key: String,
    pub(super) recipe: Recipe,
}

impl Spec {
    /// Parses `KEY=SPEC`.
    ///
    /// # Errors
    /// Text without `=`, an unknown generator or option, a number that is too large. The error does not repeat the
    /// text, which may be a value in the wrong place.
    pub fn parse(typed: &str) -> Result<Self> {
        let parts = typed.split_once('=').filter(|(key, spec)| !key.is_empty() && !spec.is_empty());
        let (key, spec) = parts.ok_or_else(|| {
            Error::new("--generate wants KEY=SPEC").hint("--generate password=random:32 makes 32 letters and digits")
        })?;
        let recipe = Recipe::parse(spec).map_err(|fault| {
            let Fault { what, would_be } = fault;
            Error::new(format!("--generate {key}: {what}")).hint(would_be)
        })?;
        Ok(Self { key: key.to_owned(), recipe })
    }

    /// Returns the keys of the entries: one, or `KEY.crt` and `KEY.key`, or `KEY` and `KEY.pub`.
    pub fn keys(&self) -> Vec<String> {
        let key = &self.key;
        match self.recipe {
            Recipe::SelfSigned { .. } => vec![format!("{key}.crt"), format!("{key}.key")],
            Recipe::Ssh { .. } => vec![key.clone(), format!("{key}.pub")],
            _ => vec![key.clone()],
        }
    }
}

/// An error, and the form that is expected.
struct Fault {
    what: String,
    would_be: String,
}

fn fault(what: impl Into<String>, would_be: impl Into<String>) -> Fault {
    Fault { what: what.into(), would_be: would_be.into() }
}

/// The parts of a SPEC that are not read yet.
struct Options<'s> {
    /// The form of the generator, for errors.
    form: &'static str,
    main: Option<&'s str>,
    named: Vec<(&'s str, Option<&'s str>)>,
}

impl<'s> Options<'s> {
    fn number(&mut self, default: usize, max: usize) -> std::result::Result<usize, Fault> {
        let Some(text) = self.main.take() else { return Ok(default) };
        self.within(text, max)
    }

    fn within(&self, text: &str, max: usize) -> std::result::Result<usize, Fault> {
        let number = text.parse().ok().filter(|number| (1..=max).contains(number));
        number.ok_or_else(|| fault(format!("a number from 1 to {max} is wanted"), self.form))
    }

    /// Removes an option and returns all its values.
    fn all(&mut self, name: &str) -> Vec<Option<&'s str>> {
        let (taken, left) = std::mem::take(&mut self.named).into_iter().partition(|(named, _)| *named == name);
        self.named = left;
        let taken: Vec<(&str, Option<&str>)> = taken;
        taken.into_iter().map(|(_, value)| value).collect()
    }

    /// Removes an option that may occur once and returns its value.
    fn one(&mut self, name: &str) -> std::result::Result<Option<&'s str>, Fault> {
        match self.all(name).as_slice() {
            [] => Ok(None),
            [Some(value)] => Ok(Some(value)),
            _ => Err(fault(format!("{name}= stands once, with a value"), self.form)),
        }
    }

    fn switch(&mut self, name: &str) -> std::result::Result<bool, Fault> {
        match self.all(name).as_slice() {
            [] => Ok(false),
            [None] => Ok(true),
            _ => Err(fault(format!("{name} stands once, without a value"), self.form)),
        }
    }

    fn end<T>(self, value: T) -> std::result::Result<T, Fault> {
        match (self.main, self.named.is_empty()) {
            (None, true) => Ok(value),
            _ => Err(fault("it has an option that this generator does not have", self.form)),
        }
    }
}

impl Recipe {
    fn parse(spec: &str) -> std::result::Result<Self, Fault> {
        let mut parts = spec.split(',');
        let head = parts.next().unwrap_or_default();
        let (generator, main) = head.split_once(':').map_or((head, None), |(name, main)| (name, Some(main)));
        let at = names().iter().position(|name| *name == generator);
        let Some(form) = at.and_then(|at| GENERATORS.get(at)) else {
            return Err(fault("no generator has this name", format!("generators: {}", names().join(", "))));
        };
        let named = parts.map(|part| part.split_once('=').map_or((part, None), |(name, value)| (name, Some(value))));
        let mut options = Options { form, main, named: named.collect() };
        let recipe = match generator {
            "random" => {
                let length = options.number(32, MAX_LENGTH)?;
                let alphabet = match options.one("alphabet")? {
                    None => Alphabet::Alphanumeric,
                    Some(name) => named_one(name, &Alphabet::ALL, "alphabets")?,
                };
                Self::Random { length, alphabet, unambiguous: options.switch("unambiguous")? }
            }
            "uuid" => Self::Uuid,
            "hex" => Self::Hex(options.number(32, MAX_LENGTH / 2)?),
            "base64" => Self::Base64 { bytes: options.number(32, MAX_LENGTH / 2)?, url: false },
            "base64url" => Self::Base64 { bytes: options.number(32, MAX_LENGTH / 2)?, url: true },
            "bytes" => Self::Bytes(options.number(32, MAX_LENGTH)?),
            "passphrase" => Self::Passphrase {
                words: options.number(6, 100)?,
                separator: options.one("separator")?.unwrap_or("-").to_owned(),
            },
            "ed25519" => Self::Ed25519,
            "ecdsa" => Self::Ecdsa(match options.main.take() {
                None => Curve::P256,
                Some(name) => named_one(name, &[("P-256", Curve::P256), ("P-384", Curve::P384)], "curves")?,
            }),
            "ssh" => Self::Ssh { comment: options.one("comment")?.unwrap_or_default().to_owned() },
            _ => Self::self_signed(&mut options)?,
        };
        options.end(recipe)
    }

    fn self_signed(options: &mut Options<'_>) -> std::result::Result<Self, Fault> {
        let first = options.main.take().filter(|name| !name.is_empty());
        let further = options.all("name");
        let names = std::iter::once(first).chain(further).map(|name| name.map(str::to_owned)).collect();
        let names: Option<Vec<String>> = names;
        let names = names.ok_or_else(|| fault("a name is missing", options.form))?;
        let days = match options.one("days")? {
            None => 365,
            Some(days) => options.within(days, MAX_DAYS)?,
        };
        let key = match options.one("key")? {
            None => Signer::Ecdsa(Curve::P256),
            Some(name) => {
                named_one(name, &[("ecdsa", Signer::Ecdsa(Curve::P256)), ("ed25519", Signer::Ed25519)], "keys")?
            }
        };
        Ok(Self::SelfSigned { names, days, key })
    }
}

fn named_one<T: Copy>(name: &str, all: &[(&str, T)], what: &str) -> std::result::Result<T, Fault> {
    let found = all.iter().find(|(known, _)| *known == name);
    let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    found
        .map(|(_, value)| *value)
        .ok_or_else(|| fault(format!("it has a name that is none of the {what}"), names.join(", ")))
}
