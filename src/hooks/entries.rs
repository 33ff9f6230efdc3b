//! The entries of a Secret as JSON, for a program that reads them from a pipe.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use base64::{display::Base64Display, engine::general_purpose::STANDARD};
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use zeroize::Zeroizing;

use crate::secret::Value;

/// Returns one object, `{"KEY":"text"}`; a value that is not UTF-8 is `{"KEY":{"base64":"…"}}`.
///
/// # Errors
/// None that the format has; those of its writer.
pub fn json(entries: &BTreeMap<String, Value>) -> io::Result<Zeroizing<Vec<u8>>> {
    // Why it is written twice: a buffer that grows leaves copies of values in freed memory.
    let mut count = Count(0);
    serde_json::to_writer(&mut count, &Entries(entries))?;
    let mut text = Zeroizing::new(Vec::with_capacity(count.0));
    serde_json::to_writer(&mut *text, &Entries(entries))?;
    Ok(text)
}

/// A writer that counts bytes.
struct Count(usize);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Entries<'e>(&'e BTreeMap<String, Value>);

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, Entry(value))))
    }
}

struct Entry<'e>(&'e Value);

impl Serialize for Entry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(text) = self.0.expose_text() {
            return serializer.serialize_str(text);
        }
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("base64", &Binary(self.0))?;
        map.end()
    }
}

struct Binary<'e>(&'e Value);

impl Serialize for Binary<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Without a text in between.
        serializer.collect_str(&Base64Display::new(self.0.expose(), &STANDARD))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_text_and_bytes_are_base64() {
        let entries = [("a", &b"pa\"ss\n\xc3\xa4"[..]), ("b", b"\xff\x00"), ("c", b"")];
        let entries = entries.map(|(key, value)| (key.to_owned(), Value::new(value))).into();
        let text = json(&entries).unwrap();
        assert_eq!(std::str::from_utf8(&text).unwrap(), r#"{"a":"pa\"ss\nä","b":{"base64":"/wA="},"c":""}"#);
        assert_eq!(text.capacity(), text.len());
        assert_eq!(**json(&BTreeMap::new()).unwrap(), *b"{}");
    }
}
