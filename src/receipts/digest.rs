//! Digests of values: equal values have equal digests, and without the key no value can be tried against one.

use std::{io, path::Path};

use ring::hmac;

use crate::{
    private::{hex, key},
    secret::Value,
};

/// What separates these digests from other uses of the key.
const VALUE: &[u8] = b"ksecret/receipt/v1 value\0";
/// What the key's own name is made from.
const NAME: &[u8] = b"ksecret/receipt/v1 key\0";

/// Makes digests with one key.
pub struct Digester {
    key: hmac::Key,
    /// The name of the key, so that digests of two keys never are the same text.
    id: String,
}

impl Digester {
    /// Reads the key from its file, which is made if there is none.
    ///
    /// # Errors
    /// As [`key::read_or_make`].
    pub fn open(path: &Path) -> io::Result<Self> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &*key::read_or_make(path)?);
        let id = first(&hmac::sign(&key, NAME), 4);
        Ok(Self { key, id })
    }

    /// Returns the digest of a value: the key's name in 8 hexadecimal digits, then 128 bits of HMAC-SHA256.
    pub fn of(&self, value: &Value) -> String {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(VALUE);
        context.update(value.expose());
        format!("{}:{}", self.id, first(&context.sign(), 16))
    }
}

fn first(tag: &hmac::Tag, count: usize) -> String {
    hex(tag.as_ref().get(..count).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn digests_are_equal_where_values_and_keys_are() {
        let dir = tempfile::tempdir().unwrap();
        let digester = |name: &str| Digester::open(&dir.path().join(name)).unwrap();
        let (one, again, other) = (digester("a"), digester("a"), digester("b"));
        let bytes = || proptest::collection::vec(any::<u8>(), 0..40);
        proptest!(crate::properties::config(64), |(a in bytes(), b in bytes())| {
            let (a, b) = (Value::new(a), Value::new(b));
            let digest = one.of(&a);
            prop_assert_eq!(digest.len(), 8 + 1 + 32);
            prop_assert_eq!(&digest, &again.of(&a));
            prop_assert_eq!(a == b, digest == one.of(&b));
            let differs = other.of(&a);
            let (id, rest) = digest.split_once(':').unwrap_or_default();
            let (other_id, other_rest) = differs.split_once(':').unwrap_or_default();
            prop_assert!(id != other_id && rest != other_rest);
        });
    }
}
