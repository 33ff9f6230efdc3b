//! Writes YAML as kubectl does: by sigs.k8s.io/yaml, which is go-yaml v2, whose emitter is libyaml's.
//!
//! There are two deliberate differences. Characters that kubectl loses or refuses (U+0085 becomes a space, U+007F to
//! U+009F are errors) are escaped in double quotes; and a key `<<` is quoted, because without quotes it is read as a
//! merge.

mod emitter;
mod implicit;
mod keys;
mod style;

use std::io::{self, Write};

use serde_json::Value as Json;

use emitter::Emitter;
pub(crate) use implicit::looks_typed;

/// Appends `value` as one YAML document, with a final line feed and without `---`.
pub fn write(value: &Json, out: &mut Vec<u8>) {
    let mut emitter = Emitter::new(out);
    emitter.node(value, false);
    emitter.end();
}

/// Returns `value` as one YAML document.
pub fn to_string(value: &Json) -> String {
    let mut out = Vec::new();
    write(value, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// Returns `value` as one YAML document that all parsers read alike. Why: go-yaml breaks lines at U+2028 and U+2029,
/// and indents the next line; in YAML 1.2 these do not end a line, so the indentation would be part of the string.
pub fn portable(value: &Json) -> String {
    let mut out = Vec::new();
    let mut emitter = Emitter::new(&mut out).portable();
    emitter.node(value, false);
    emitter.end();
    String::from_utf8(out).unwrap_or_default()
}

/// A `kind: List` that is written while its items arrive, without holding them.
#[derive(Default)]
pub struct List {
    begun: bool,
    buffer: Vec<u8>,
}

impl List {
    /// Writes one item.
    pub fn item(&mut self, item: &Json, out: &mut dyn Write) -> io::Result<()> {
        self.buffer.clear();
        if !self.begun {
            self.begun = true;
            self.buffer.extend_from_slice(b"apiVersion: v1\nitems:\n");
        }
        let mut emitter = Emitter::of_items(&mut self.buffer);
        emitter.item(item);
        emitter.end();
        out.write_all(&self.buffer)
    }

    /// Writes what follows the last item. `resource_version` is that of `metadata`: `""` for kubectl's `get`, `None`
    /// for its `apply`.
    pub fn end(self, resource_version: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
        if !self.begun {
            out.write_all(b"apiVersion: v1\nitems: []\n")?;
        }
        let metadata = match resource_version {
            Some(version) => serde_json::json!({ "resourceVersion": version }),
            None => serde_json::json!({}),
        };
        let mut tail = Vec::new();
        write(&serde_json::json!({ "kind": "List", "metadata": metadata }), &mut tail);
        out.write_all(&tail)
    }
}

#[cfg(test)]
mod tests;
