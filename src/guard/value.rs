//! Values of Secrets: bytes that are shown only by an explicit call.

use std::fmt;

use base64::{
    Engine as _, alphabet,
    engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD},
};
use zeroize::Zeroize;

/// Standard base64 as Go's decoder accepts it: trailing bits may be set.
const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

/// The value of one entry. `Debug` shows how many bytes there are; the memory is wiped on drop.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Value(Vec<u8>);

impl Value {
    /// Wraps bytes.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// Returns the bytes.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Returns the bytes as text, or `None` if they are not UTF-8.
    pub fn expose_text(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// Returns standard base64 with padding, as in `data` of a Secret.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.0)
    }

    /// Decodes standard base64 with padding, as in `data` of a Secret. As in Go's decoder, line breaks are skipped and
    /// trailing bits are ignored. Returns `None` if the text is not valid base64.
    pub fn from_base64(text: &str) -> Option<Self> {
        if !text.bytes().any(|b| matches!(b, b'\r' | b'\n')) {
            return LENIENT.decode(text).ok().map(Self);
        }
        let mut joined = text.replace(['\r', '\n'], "");
        let bytes = LENIENT.decode(&joined).ok().map(Self);
        joined.zeroize();
        bytes
    }

    /// Returns the value without the line feed at its end, or the carriage return and line feed.
    #[must_use]
    pub fn without_newline(mut self) -> Self {
        if let Some(line) = self.0.strip_suffix(b"\n") {
            let length = line.strip_suffix(b"\r").unwrap_or(line).len();
            self.0.truncate(length);
        }
        self
    }

    /// Returns the number of bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns `true` if there are no bytes.
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

// `/proc` shows what memory holds.
#[cfg(all(test, target_os = "linux"))]
pub(super) mod tests {
    use std::os::unix::fs::FileExt as _;

    use super::*;

    /// Returns a string of 4 KiB that no other test has. Why unique: memory that one test frees may be used by another.
    pub fn marker(seed: u32) -> String {
        (0_u32..4096).map(|at| char::from(b'a' + u8::try_from((at * at + seed * at / 7) % 23).unwrap_or(0))).collect()
    }

    /// What stands in a piece of this process's memory, which need not be in use any more.
    pub struct Peek {
        memory: std::fs::File,
        at: u64,
        bytes: Vec<u8>,
    }

    impl Peek {
        /// Makes ready to look at the memory of this text. Why before it is freed: a buffer made later might lie there.
        pub fn at(text: &[u8]) -> Self {
            let memory = std::fs::File::open("/proc/self/mem").unwrap();
            Self { memory, at: text.as_ptr() as usize as u64, bytes: vec![0; text.len()] }
        }

        /// Returns what is there now.
        pub fn look(&mut self) -> &[u8] {
            self.bytes.fill(0);
            // What was given back to the system cannot be read.
            let _ = self.memory.read_exact_at(&mut self.bytes, self.at);
            &self.bytes
        }
    }

    /// An allocator writes a few bytes of its own at the beginning of what is free, and a little may be in use anew.
    pub fn holds_none(marker: &str, memory: &[u8]) -> bool {
        let pieces = marker.as_bytes().chunks(64).zip(memory.chunks(64));
        pieces.into_iter().all(|(piece, found)| piece != found)
    }

    #[test]
    fn one_newline_goes() {
        for (text, left) in [("x\n", "x"), ("x\r\n", "x"), ("x\n\n", "x\n"), ("x\r", "x\r"), ("\n", ""), ("", "")] {
            assert_eq!(Value::new(text).without_newline(), Value::new(left), "{text:?}");
        }
    }

    #[test]
    fn a_dropped_value_is_wiped() {
        let text = marker(1);
        let value = Value::new(text.as_bytes());
        let mut peek = Peek::at(value.expose());
        assert!(!holds_none(&text, peek.look()), "it was there");
        drop(value);
        assert!(holds_none(&text, peek.look()));
    }

    #[test]
    fn base64_is_read_as_go_reads_it() {
        for (text, bytes) in
            [("YQ==", Some(&b"a"[..])), ("YR==", Some(b"a")), ("YW\nJ=", Some(b"ab")), ("YQ=", None), ("YQ", None)]
        {
            assert_eq!(Value::from_base64(text).as_ref().map(Value::expose), bytes, "{text:?}");
        }
    }

    #[test]
    fn debug_says_how_many_bytes() {
        assert_eq!(format!("{:?}", Value::new("hunter2")), "Value(7 bytes)");
    }
}
