//! A value of a Secret: bytes that are poison to every place where nobody asked for them.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroize;

/// The bytes of one entry. `Debug` says how many there are; the memory is wiped on drop; text only by explicit call.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Value(Vec<u8>);

impl Value {
    /// Takes the bytes over.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The bytes themselves.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The bytes as text, where they are UTF-8.
    pub fn expose_text(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// Standard base64 with padding, as `data` of a Secret holds it.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.0)
    }

    /// The bytes that standard base64 with padding stands for, as `data` of a Secret holds it: line breaks in it are
    /// skipped, as Go's decoder does. Nothing when the text is not that.
    pub fn from_base64(text: &str) -> Option<Self> {
        if !text.bytes().any(|b| matches!(b, b'\r' | b'\n')) {
            return STANDARD.decode(text).ok().map(Self);
        }
        let mut joined = text.replace(['\r', '\n'], "");
        let bytes = STANDARD.decode(&joined).ok().map(Self);
        joined.zeroize();
        bytes
    }

    /// How many bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value({} bytes)", self.0.len())
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
