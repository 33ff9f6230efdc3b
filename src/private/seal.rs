//! Texts that are encrypted at rest: a nonce of 12 bytes, then AES-256-GCM.

use std::io;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

use super::{key::Key, random};

/// Encrypts and decrypts with one key.
pub struct Sealer(LessSafeKey);

/// An encrypted text.
pub struct Sealed {
    /// The nonce, which stands before the text.
    pub nonce: [u8; NONCE_LEN],
    /// The encrypted text, with its tag.
    pub text: Zeroizing<Vec<u8>>,
}

impl Sealer {
    /// Returns one for this key.
    ///
    /// # Errors
    /// None that occurs: the key has the right length.
    pub fn new(key: &Key) -> io::Result<Self> {
        let key = UnboundKey::new(&AES_256_GCM, &**key).map_err(|_| io::Error::other("bad key"))?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Encrypts a text, under a nonce that is drawn for it. `place` is where it will be: it can be read nowhere else.
    ///
    /// # Errors
    /// A system without randomness.
    pub fn seal(&self, mut text: Zeroizing<Vec<u8>>, place: &[u8]) -> io::Result<Sealed> {
        let mut nonce = [0; NONCE_LEN];
        random(&mut nonce)?;
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), &mut *text)
            .map_err(|_| io::Error::other("cannot encrypt"))?;
        Ok(Sealed { nonce, text })
    }

    /// Decrypts what [`Sealer::seal`] has made; `None` if it is damaged, or of another key or place.
    pub fn open(&self, sealed: &[u8], place: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut bytes = Zeroizing::new(sealed.to_vec());
        let length = self.0.open_in_place(nonce, Aad::from(place), &mut bytes).ok()?.len();
        bytes.truncate(length);
        Some(bytes)
    }
}
