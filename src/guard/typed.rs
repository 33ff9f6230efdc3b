//! The text of flags that take a value of a Secret or a credential.

use std::{
    ffi::{OsStr, OsString},
    fmt,
    ops::Deref,
};

use zeroize::Zeroize as _;

/// The text of a flag that must not be shown: `Debug` shows how many bytes there are, and the memory is wiped on drop.
///
/// The arguments of the process keep a copy, which other processes of the user can read, as with every program. A value
/// that is read from a file has no such copy.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Typed<T: Text>(T);

/// A type of text that can be wiped.
pub trait Text: AsRef<OsStr> + Default {
    /// Overwrites the bytes.
    fn wipe(self);
}

impl Text for String {
    fn wipe(mut self) {
        self.zeroize();
    }
}

impl Text for OsString {
    fn wipe(self) {
        self.into_encoded_bytes().zeroize();
    }
}

impl<T: Text> Typed<T> {
    /// Returns the text, which is no longer wiped on drop.
    pub fn into_inner(mut self) -> T {
        std::mem::take(&mut self.0)
    }
}

impl<T: Text> From<T> for Typed<T> {
    fn from(text: T) -> Self {
        Self(text)
    }
}

impl<T: Text> Deref for Typed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Text> fmt::Debug for Typed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Typed({} bytes)", self.0.as_ref().len())
    }
}

impl<T: Text> Drop for Typed<T> {
    fn drop(&mut self) {
        std::mem::take(&mut self.0).wipe();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_a_size() {
        assert_eq!(format!("{:?}", Typed::from("hunter2".to_owned())), "Typed(7 bytes)");
        assert_eq!(format!("{:?}", vec![Typed::from(OsString::from("k=v"))]), "[Typed(3 bytes)]");
    }
}
