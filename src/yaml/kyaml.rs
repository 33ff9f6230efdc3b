//! KYAML as kubectl writes it (sigs.k8s.io/yaml/kyaml): braces, every string in double quotes, trailing commas.

use std::io::{self, Write};

use serde_json::Value as Json;

use go::{
    json_write::{self, Order, members, struct_of},
    quote::is_print,
};

/// Returns `value` as a KYAML document, with `---` and sorted members.
pub fn to_string(value: &Json) -> String {
    let mut out = Vec::new();
    write(value, Order::Sorted, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// Appends `value` as a KYAML document, with `---`.
pub fn write(value: &Json, order: Order, out: &mut Vec<u8>) {
    out.extend_from_slice(b"---\n");
    node(value, order.fields(), 0, out);
    out.push(b'\n');
}

/// A `kind: List` that is written while its items arrive, without holding them.
#[derive(Default)]
pub struct List {
    begun: bool,
    made: bool,
    buffer: Vec<u8>,
}

impl List {
    /// Returns a list that kubectl encodes from a Go struct, as its `apply` does: `items` come last, and `metadata` is
    /// empty.
    pub fn made() -> Self {
        Self { made: true, ..Self::default() }
    }

    /// Writes one item.
    pub fn item(&mut self, item: &Json, out: &mut dyn Write) -> io::Result<()> {
        self.buffer.clear();
        let before = match (self.begun, self.made) {
            (true, _) => ", ",
            (false, true) => "---\n{\n  kind: \"List\",\n  apiVersion: \"v1\",\n  metadata: {},\n  items: [",
            (false, false) => "---\n{\n  apiVersion: \"v1\",\n  items: [",
        };
        self.begun = true;
        self.buffer.extend_from_slice(before.as_bytes());
        node(item, &[], 1, &mut self.buffer);
        out.write_all(&self.buffer)
    }

    /// Writes what follows the last item. `resource_version` is that of `metadata`; `""` for kubectl's `get`.
    pub fn end(self, resource_version: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
        if self.made && self.begun {
            return out.write_all(b"],\n}\n");
        }
        if !self.begun {
            out.write_all(b"---\n{\n  apiVersion: \"v1\",\n  items: [")?;
        }
        let metadata = match resource_version {
            Some(version) => serde_json::json!({ "resourceVersion": version }),
            None => serde_json::json!({}),
        };
        let mut tail = b"],\n  kind: \"List\",\n  metadata: ".to_vec();
        node(&metadata, &[], 1, &mut tail);
        tail.extend_from_slice(b",\n}\n");
        out.write_all(&tail)
    }
}

fn node(value: &Json, fields: &'static [&'static str], indent: usize, out: &mut Vec<u8>) {
    match value {
        Json::Null => out.extend_from_slice(b"null"),
        Json::Bool(true) => out.extend_from_slice(b"true"),
        Json::Bool(false) => out.extend_from_slice(b"false"),
        Json::Number(number) => out.extend_from_slice(json_write::go_number(number).as_bytes()),
        Json::String(text) => string(text, Some(indent + 1), out),
        Json::Array(items) if items.is_empty() => out.extend_from_slice(b"[]"),
        // A list of maps or lists is cuddled, as KYAML calls it: its items share the lines of their brackets.
        Json::Array(items) if items.iter().all(|item| item.is_object() || item.is_array()) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.extend_from_slice(b", ");
                }
                node(item, fields, indent, out);
            }
            out.push(b']');
        }
        Json::Array(items) => {
            out.extend_from_slice(b"[\n");
            for item in items {
                spaces(indent + 1, out);
                node(item, fields, indent + 1, out);
                out.extend_from_slice(b",\n");
            }
            spaces(indent, out);
            out.push(b']');
        }
        Json::Object(map) if map.is_empty() => out.extend_from_slice(b"{}"),
        Json::Object(map) => {
            out.extend_from_slice(b"{\n");
            for (key, value) in members(map, fields) {
                spaces(indent + 1, out);
                if needs_quotes(key) {
                    string(key, None, out);
                } else {
                    out.extend_from_slice(key.as_bytes());
                }
                out.extend_from_slice(b": ");
                node(value, struct_of(fields, key), indent + 1, out);
                out.extend_from_slice(b",\n");
            }
            spaces(indent, out);
            out.push(b'}');
        }
    }
}

fn spaces(indent: usize, out: &mut Vec<u8>) {
    out.resize(out.len() + indent * 2, b' ');
}

/// Appends `text` in double quotes. With an indentation, text of several lines is broken after each line.
fn string(text: &str, indent: Option<usize>, out: &mut Vec<u8>) {
    let indent = indent.filter(|_| text.contains('\n'));
    out.push(b'"');
    if indent.is_some() {
        out.extend_from_slice(b"\\\n");
    }
    let mut at_line_start = indent.is_some();
    for c in text.chars() {
        if let (true, Some(indent)) = (at_line_start, indent) {
            spaces(indent, out);
            // A leading space of a line would be lost, so it is escaped; other lines are aligned with it. kubectl also
            // escapes other white space here, a second time, and so turns a tab into a backslash and a `t`.
            out.push(if c == ' ' { b'\\' } else { b' ' });
        }
        at_line_start = c == '\n';
        escape(c, out);
        if at_line_start && indent.is_some() {
            out.extend_from_slice(b"\\\n");
        }
    }
    if let Some(indent) = indent {
        if !at_line_start {
            out.extend_from_slice(b"\\\n");
        }
        spaces(indent, out);
    }
    out.push(b'"');
}

fn escape(c: char, out: &mut Vec<u8>) {
    let short = match c {
        '"' => b'"',
        '\\' => b'\\',
        '\x07' => b'a',
        '\x08' => b'b',
        '\x0c' => b'f',
        '\n' => b'n',
        '\r' => b'r',
        '\t' => b't',
        '\x0b' => b'v',
        '\0' => b'0',
        '\x1b' => b'e',
        '\u{85}' => b'N',
        '\u{a0}' => b'_',
        '\u{2028}' => b'L',
        '\u{2029}' => b'P',
        _ if is_print(c) => return out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        _ => {
            let code = u32::from(c);
            let escaped = match code {
                0..0x20 | 0x7f => format!("\\x{code:02x}"),
                0..0x10000 => format!("\\u{code:04x}"),
                _ => format!("\\U{code:08x}"),
            };
            return out.extend_from_slice(escaped.as_bytes());
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

/// Returns `true` if a key must be quoted: it is not a plain word, or YAML parsers do not take it for a string.
fn needs_quotes(key: &str) -> bool {
    let mut chars = key.chars();
    let edge = |c: Option<char>| c.is_none_or(|c| c.is_alphanumeric() || c == '_');
    let plain = edge(chars.next())
        && edge(chars.next_back())
        && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/'));
    key.is_empty() || !plain || crate::write::looks_typed(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::object;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn writes_what_kubectl_writes() {
        let secret = json!({
            "apiVersion": "v1", "kind": "Secret", "data": { "tls.crt": "eA==", "on": "", "1": "", ".x": "", "x.": "" },
            "metadata": { "name": "s", "finalizers": ["a", "b"], "ownerReferences": [{ "name": "o" }, {}], "l": [], "m": [[1]] },
        });
        assert_eq!(
            to_string(&secret),
            r#"---
{
  apiVersion: "v1",
  data: {
    ".x": "",
    "1": "",
    "on": "",
    tls.crt: "eA==",
    "x.": "",
  },
  kind: "Secret",
  metadata: {
    finalizers: [
      "a",
      "b",
    ],
    l: [],
    m: [[
      1,
    ]],
    name: "s",
    ownerReferences: [{
      name: "o",
    }, {}],
  },
}
"#
        );
    }

    #[test]
    fn lines_are_folded_and_what_is_not_printable_is_escaped() {
        let value =
            json!({ "a": "one\n two\n\nthree", "b": "x\n", "c": "\u{7f}\u{85}\u{a0}\u{ad}é☃😀e\u{301}\u{1}\"" });
        assert_eq!(
            to_string(&value),
            "---\n{\n  a: \"\\\n     one\\n\\\n    \\ two\\n\\\n     \\n\\\n     three\\\n    \",\n  b: \"\\\n     x\\n\\\n    \",\n  \
             c: \"\\x7f\\N\\_\\u00adé☃😀e\u{301}\\x01\\\"\",\n}\n"
        );
    }

    #[test]
    fn a_streamed_list_equals_a_whole_one() {
        for items in [json!([]), json!([{ "a": 1 }]), json!([{ "a": 1 }, { "b": ["<"] }])] {
            let whole =
                json!({ "apiVersion": "v1", "items": items, "kind": "List", "metadata": { "resourceVersion": "" } });
            let (mut list, mut out) = (List::default(), Vec::new());
            for item in items.as_array().into_iter().flatten() {
                list.item(item, &mut out).unwrap();
            }
            list.end(Some(""), &mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), to_string(&whole));
        }
    }

    proptest! {
        #![proptest_config(crate::properties::config(256))]

        #[test]
        fn what_is_written_is_read_back(value in object()) {
            let kyaml = to_string(&value);
            let read: Json = serde_yaml::from_str(&kyaml).map_err(|error| TestCaseError::fail(format!("{error}\n{kyaml}")))?;
            prop_assert_eq!(&read, &value, "{}", kyaml);
        }
    }
}
