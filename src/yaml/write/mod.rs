//! YAML as kubectl writes it: sigs.k8s.io/yaml, which is goyaml v2, whose emitter is libyaml's.
//!
//! Two things differ, both on purpose. Where kubectl loses a character or fails (U+0085 becomes a space, U+007F to
//! U+009F are refused) the character is escaped in double quotes; and a key `<<` is quoted, because a bare one is read
//! back as a merge.

mod emitter;
mod implicit;
mod keys;
mod style;

use std::io::{self, Write};

use serde_json::Value as Json;

use emitter::Emitter;
pub(crate) use implicit::looks_typed;

/// Appends `value` as one YAML document, final newline included, no `---`.
pub fn write(value: &Json, out: &mut Vec<u8>) {
    let mut emitter = Emitter::new(out);
    emitter.node(value, false);
    emitter.end();
}

/// `value` as one YAML document.
pub fn to_string(value: &Json) -> String {
    let mut out = Vec::new();
    write(value, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// `value` as one YAML document that every reader takes for the same. Why: go-yaml breaks lines at U+2028 and U+2029, and
/// indents what follows; in YAML 1.2 neither ends a line, and the indentation is part of the text.
pub fn portable(value: &Json) -> String {
    let mut out = Vec::new();
    let mut emitter = Emitter::new(&mut out).portable();
    emitter.node(value, false);
    emitter.end();
    String::from_utf8(out).unwrap_or_default()
}

/// A `kind: List`, written while its items arrive; nothing holds it.
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

    /// Writes what follows the last item. `resource_version` is what `metadata` says; kubectl's `get` says `""`, its
    /// `apply` has no such field.
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
