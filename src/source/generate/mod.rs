//! `--generate KEY=SPEC`: passwords, identifiers, passphrases, keys and self-signed certificates, made from the
//! operating system's random numbers alone.

mod keys;
mod random;
mod recipe;
mod spec;
mod ssh;

pub use self::spec::{Spec, names};

use self::recipe::Recipe;
use crate::{
    error::{Error, Result},
    secret::Value,
};

impl Spec {
    /// Makes the values, one for each of [`Spec::keys`], in the same order.
    ///
    /// # Errors
    /// No random numbers from the operating system, or a name that a certificate cannot contain.
    pub fn make(&self) -> Result<Vec<(String, Value)>> {
        let values = make(&self.recipe).map_err(|error| Error::new(format!("--generate {}: {error}", self.key)))?;
        Ok(self.keys().into_iter().zip(values).collect())
    }
}

/// Makes the values of a recipe, in the order of their keys.
fn make(recipe: &Recipe) -> std::result::Result<Vec<Value>, String> {
    Ok(match recipe {
        Recipe::Random { length, alphabet, unambiguous } => {
            vec![Value::new(random::of_alphabet(*length, *alphabet, *unambiguous)?)]
        }
        Recipe::Uuid => vec![Value::new(random::uuid()?)],
        Recipe::Hex(bytes) => vec![Value::new(random::hex(*bytes)?)],
        Recipe::Base64 { bytes, url } => vec![Value::new(random::base64(*bytes, *url)?)],
        Recipe::Bytes(length) => vec![Value::new(random::bytes(*length)?.to_vec())],
        Recipe::Passphrase { words, separator } => vec![Value::new(random::passphrase(*words, separator)?)],
        Recipe::Ed25519 => vec![keys::pem(&keys::ed25519()?)],
        Recipe::Ecdsa(curve) => vec![keys::pem(&keys::ecdsa(*curve)?)],
        Recipe::Ssh { comment } => ssh::pair(comment)?,
        Recipe::SelfSigned { names, days, key } => keys::self_signed(names, *days, *key)?,
    })
}

/// Makes random text from an alphabet, each character as likely as any other.
///
/// # Errors
/// No random numbers from the operating system.
pub fn text(length: usize, alphabet: &[u8]) -> Result<String> {
    random::text(length, alphabet).map_err(Error::new)
}

#[cfg(test)]
mod tests;
