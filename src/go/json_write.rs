//! Writes JSON as Go does: `<`, `>`, `&`, U+2028 and U+2029 escaped, with four spaces of indentation or none.

mod kubeconfig;

use std::io::{self, Write};

use serde_json::{Map, Number, Value as Json};

use super::{Numeric, float};

/// The order of an object's members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By name: the order in which kubectl prints objects that it read from a server or a file.
    Sorted,
    /// In the order of the Go structs (kind, apiVersion, metadata, immutable, data, type): for objects that kubectl
    /// built.
    Typed,
    /// As `metav1.APIResourceList` has them.
    Resources,
    /// As the Go structs of a kubeconfig have them.
    Kubeconfig,
}

/// The members of `Secret` and `Namespace`, `ObjectMeta`, `OwnerReference`, `ManagedFieldsEntry`, and of reviews and
/// discovery, in Go's order. Members that are not listed follow, by name.
// Why static and not const: structs are distinguished by the address of their list.
static OBJECT: &[&str] =
    &["kind", "apiVersion", "metadata", "immutable", "data", "stringData", "type", "spec", "status"];
static META: &[&str] = &[
    "name",
    "generateName",
    "namespace",
    "selfLink",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "labels",
    "annotations",
    "ownerReferences",
    "finalizers",
    "managedFields",
];
static OWNER: &[&str] = &["apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion"];
static STATUS: &[&str] = &["userInfo"];
static USER: &[&str] = &["username", "uid", "groups", "extra"];
static RESOURCES: &[&str] = &["kind", "apiVersion", "groupVersion", "resources"];
static RESOURCE: &[&str] = &[
    "name",
    "singularName",
    "namespaced",
    "group",
    "version",
    "kind",
    "verbs",
    "shortNames",
    "categories",
    "storageVersionHash",
];
static MANAGED: &[&str] = &["manager", "operation", "apiVersion", "time", "fieldsType", "fieldsV1", "subresource"];

/// Returns the members of `map` in order; `fields` is the list of the Go struct, and empty for a Go map.
pub fn members<'j>(
    map: &'j Map<String, Json>,
    fields: &'static [&'static str],
) -> impl Iterator<Item = (&'j str, &'j Json)> {
    let known = fields.iter().filter_map(|field| map.get_key_value(*field));
    let others = map.iter().filter(|(key, _)| !fields.contains(&key.as_str()));
    known.chain(others).map(|(key, value)| (key.as_str(), value))
}

/// Returns the list of the Go struct that is the member `name` of the struct `fields`.
pub fn struct_of(fields: &'static [&'static str], name: &str) -> &'static [&'static str] {
    match name {
        "metadata" if std::ptr::eq(fields, OBJECT) => META,
        "ownerReferences" if std::ptr::eq(fields, META) => OWNER,
        "managedFields" if std::ptr::eq(fields, META) => MANAGED,
        "status" if std::ptr::eq(fields, OBJECT) => STATUS,
        "userInfo" if std::ptr::eq(fields, STATUS) => USER,
        "resources" if std::ptr::eq(fields, RESOURCES) => RESOURCE,
        _ => kubeconfig::struct_of(fields, name),
    }
}

impl Order {
    /// Returns the list of the Go struct at the top, for this order.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Order::Sorted => &[],
            Order::Typed => OBJECT,
            Order::Resources => RESOURCES,
            Order::Kubeconfig => kubeconfig::CONFIG,
        }
    }
}

/// Returns `value` with four spaces of indentation and a final line feed.
pub fn to_string(value: &Json, order: Order) -> String {
    let mut out = Vec::new();
    write(value, order, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// Appends `value` with four spaces of indentation and a final line feed.
pub fn write(value: &Json, order: Order, out: &mut Vec<u8>) {
    pretty(value, order.fields(), 0, out);
    out.push(b'\n');
}

/// Appends `value` without white space.
pub fn write_compact(value: &Json, order: Order, out: &mut Vec<u8>) {
    compact(value, order.fields(), out);
}

/// Returns `value` without white space.
pub fn to_compact(value: &Json, order: Order) -> String {
    let mut out = Vec::new();
    write_compact(value, order, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// Returns a list as `json.MarshalIndent(values, "", "    ")` does, without a final line feed.
pub fn list_to_string<'a>(values: impl ExactSizeIterator<Item = &'a Json>) -> String {
    let mut out = Vec::new();
    pretty_list(values, &[], 0, &mut out);
    String::from_utf8(out).unwrap_or_default()
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
            (true, _) => ",\n        ",
            (false, true) => {
                "{\n    \"kind\": \"List\",\n    \"apiVersion\": \"v1\",\n    \"metadata\": {},\n    \"items\": [\n        "
            }
            (false, false) => "{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n        ",
        };
        self.begun = true;
        self.buffer.extend_from_slice(before.as_bytes());
        pretty(item, &[], 2, &mut self.buffer);
        out.write_all(&self.buffer)
    }

    /// Writes what follows the last item. `resource_version` is that of `metadata`; `""` for kubectl's `get`.
    pub fn end(self, resource_version: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
        if self.made && self.begun {
            return out.write_all(b"\n    ]\n}\n");
        }
        let before: &[u8] = if self.begun { b"\n    ]" } else { b"{\n    \"apiVersion\": \"v1\",\n    \"items\": []" };
        out.write_all(before)?;
        out.write_all(b",\n    \"kind\": \"List\",\n    \"metadata\": {")?;
        if let Some(version) = resource_version {
            let mut line = b"\n        \"resourceVersion\": ".to_vec();
            string(version, &mut line);
            line.extend_from_slice(b"\n    ");
            out.write_all(&line)?;
        }
        out.write_all(b"}\n}\n")
    }
}

fn pretty(value: &Json, fields: &'static [&'static str], depth: usize, out: &mut Vec<u8>) {
    match value {
        Json::Array(items) => pretty_list(items.iter(), fields, depth, out),
        Json::Object(map) if !map.is_empty() => {
            out.push(b'{');
            for (index, (key, value)) in members(map, fields).enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                new_line(depth + 1, out);
                string(key, out);
                out.extend_from_slice(b": ");
                pretty(value, struct_of(fields, key), depth + 1, out);
            }
            new_line(depth, out);
            out.push(b'}');
        }
        other => compact(other, fields, out),
    }
}

fn pretty_list<'a>(
    items: impl ExactSizeIterator<Item = &'a Json>,
    fields: &'static [&'static str],
    depth: usize,
    out: &mut Vec<u8>,
) {
    let empty = items.len() == 0;
    out.push(b'[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        new_line(depth + 1, out);
        pretty(item, fields, depth + 1, out);
    }
    if !empty {
        new_line(depth, out);
    }
    out.push(b']');
}

fn new_line(depth: usize, out: &mut Vec<u8>) {
    out.push(b'\n');
    out.resize(out.len() + depth * 4, b' ');
}

fn compact(value: &Json, fields: &'static [&'static str], out: &mut Vec<u8>) {
    match value {
        Json::Null => out.extend_from_slice(b"null"),
        Json::Bool(true) => out.extend_from_slice(b"true"),
        Json::Bool(false) => out.extend_from_slice(b"false"),
        Json::Number(number) => out.extend_from_slice(go_number(number).as_bytes()),
        Json::String(text) => string(text, out),
        Json::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                compact(item, fields, out);
            }
            out.push(b']');
        }
        Json::Object(map) => {
            out.push(b'{');
            for (index, (key, value)) in members(map, fields).enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                string(key, out);
                out.push(b':');
                compact(value, struct_of(fields, key), out);
            }
            out.push(b'}');
        }
    }
}

/// Appends `text` quoted and escaped as Go's `encoding/json` does.
pub fn string(text: &str, out: &mut Vec<u8>) {
    quoted(text, |piece| out.extend_from_slice(piece.as_bytes()));
}

/// Appends `text` to a `String`, quoted and escaped as Go's `encoding/json` does.
pub fn push_string(out: &mut String, text: &str) {
    quoted(text, |piece| out.push_str(piece));
}

/// Calls `push` with the pieces of the quoted text, in order.
fn quoted(text: &str, mut push: impl FnMut(&str)) {
    push("\"");
    let mut plain = 0;
    for (at, c) in text.char_indices() {
        let escape = match c {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\u{8}' => "\\b",
            '\u{c}' => "\\f",
            '\0'..='\x1f' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => "",
            _ => continue,
        };
        push(&text[plain..at]);
        match escape {
            "" => push(&format!("\\u{:04x}", u32::from(c))),
            escape => push(escape),
        }
        plain = at + c.len_utf8();
    }
    push(&text[plain..]);
    push("\"");
}

/// Formats a number as Go does after decoding it: an integer if it fits into 64 bits, otherwise a float.
pub fn go_number(number: &Number) -> String {
    match Numeric::from(number) {
        Numeric::Int(int) => int.to_string(),
        Numeric::Float(value) => float::json(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::object;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn indents_with_four_spaces_and_closes_empty_ones_at_once() {
        let value = json!({ "a": [], "b": {}, "c": [1, "x"], "d": { "e": null } });
        let want = "{\n    \"a\": [],\n    \"b\": {},\n    \"c\": [\n        1,\n        \"x\"\n    ],\n    \"d\": {\n        \"e\": null\n    }\n}\n";
        assert_eq!(to_string(&value, Order::Sorted), want);
    }

    #[test]
    fn escapes_as_go_does() {
        let text = "<>&\"\\/\u{8}\u{c}\n\r\t\u{1}\u{7f}\u{85}\u{2028}\u{2029}é☃😀";
        let want = "\"\\u003c\\u003e\\u0026\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\u{7f}\u{85}\\u2028\\u2029é☃😀\"";
        assert_eq!(to_compact(&json!(text), Order::Sorted), want);
    }

    #[test]
    fn typed_objects_have_the_order_of_the_go_structs() {
        let secret = json!({
            "apiVersion": "v1", "data": { "b": "", "a": "" }, "immutable": true, "kind": "Secret", "type": "Opaque",
            "metadata": { "annotations": { "z": "1", "kind": "2" }, "labels": {}, "name": "n", "namespace": "s",
                "managedFields": [{ "time": "t", "manager": "m" }] },
        });
        assert_eq!(
            to_compact(&secret, Order::Typed),
            r#"{"kind":"Secret","apiVersion":"v1","metadata":{"name":"n","namespace":"s","labels":{},"annotations":{"kind":"2","z":"1"},"managedFields":[{"manager":"m","time":"t"}]},"immutable":true,"data":{"a":"","b":""},"type":"Opaque"}"#
        );
    }

    #[test]
    fn numbers_are_go_s() {
        let numbers = json!([1, -5, 1.5, 1e21, 1e20, 1e-6, 1e-7, 12345678.5, u64::MAX]);
        let want = "[1,-5,1.5,1e+21,100000000000000000000,0.000001,1e-7,12345678.5,18446744073709552000]";
        assert_eq!(to_compact(&numbers, Order::Sorted), want);
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
            assert_eq!(String::from_utf8(out).unwrap(), to_string(&whole, Order::Sorted));
        }
    }

    proptest! {
        #![proptest_config(crate::properties::config(256))]

        #[test]
        fn what_is_written_is_read_back(value in object()) {
            for text in [to_string(&value, Order::Sorted), to_compact(&value, Order::Typed)] {
                prop_assert_eq!(&serde_json::from_str::<Json>(&text).unwrap(), &value);
                let dangerous = text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']);
                prop_assert!(!dangerous, "{}", text);
            }
        }
    }

    #[test]
    fn writes_what_go_writes() {
        let value = json!({"b": [1, 1.5, null, true, {}], "a": "<&>\u{2028}\u{8}\u{1}\u{7f}é\"\\\n", "c": []});
        assert_eq!(
            to_compact(&value, Order::Sorted),
            "{\"a\":\"\\u003c\\u0026\\u003e\\u2028\\b\\u0001\u{7f}é\\\"\\\\\\n\",\"b\":[1,1.5,null,true,{}],\"c\":[]}"
        );
        let list = [json!({"a": [1], "b": {}}), json!([])];
        assert_eq!(
            list_to_string(list.iter()),
            "[\n    {\n        \"a\": [\n            1\n        ],\n        \"b\": {}\n    },\n    []\n]"
        );
        assert_eq!(list_to_string([].iter()), "[]");
    }
}
