//! JSON as kube-apiserver encodes it: the members in the order of Go's structs, maps sorted, `<`, `>` and `&` escaped,
//! a newline at the end.

use serde_json::{Map, Value as Json};

/// The order of an object's members: those named come first (with the order of their own members), then all others,
/// sorted.
struct Order(&'static [(&'static str, &'static Order)]);

/// The largest number of members that an order names.
const MOST_ORDERED: usize = 17;

impl Order {
    const fn new(members: &'static [(&'static str, &'static Order)]) -> Self {
        assert!(members.len() <= MOST_ORDERED, "the writer has no room for more");
        Self(members)
    }
}

static SORTED: Order = Order::new(&[]);
static OWNER: Order = Order::new(&[
    ("apiVersion", &SORTED),
    ("kind", &SORTED),
    ("name", &SORTED),
    ("uid", &SORTED),
    ("controller", &SORTED),
    ("blockOwnerDeletion", &SORTED),
]);
static MANAGED: Order = Order::new(&[
    ("manager", &SORTED),
    ("operation", &SORTED),
    ("apiVersion", &SORTED),
    ("time", &SORTED),
    ("fieldsType", &SORTED),
    ("fieldsV1", &SORTED),
    ("subresource", &SORTED),
]);
static METADATA: Order = Order::new(&[
    ("selfLink", &SORTED),
    ("name", &SORTED),
    ("generateName", &SORTED),
    ("namespace", &SORTED),
    ("uid", &SORTED),
    ("resourceVersion", &SORTED),
    ("continue", &SORTED),
    ("remainingItemCount", &SORTED),
    ("generation", &SORTED),
    ("creationTimestamp", &SORTED),
    ("deletionTimestamp", &SORTED),
    ("deletionGracePeriodSeconds", &SORTED),
    ("labels", &SORTED),
    ("annotations", &SORTED),
    ("ownerReferences", &OWNER),
    ("finalizers", &SORTED),
    ("managedFields", &MANAGED),
]);
static CAUSE: Order = Order::new(&[("reason", &SORTED), ("message", &SORTED), ("field", &SORTED)]);
static DETAILS: Order = Order::new(&[
    ("name", &SORTED),
    ("group", &SORTED),
    ("kind", &SORTED),
    ("uid", &SORTED),
    ("causes", &CAUSE),
    ("retryAfterSeconds", &SORTED),
]);
static COLUMN: Order = Order::new(&[
    ("name", &SORTED),
    ("type", &SORTED),
    ("format", &SORTED),
    ("description", &SORTED),
    ("priority", &SORTED),
]);
static ROW: Order = Order::new(&[("cells", &SORTED), ("object", &OBJECT)]);
static CONDITION: Order = Order::new(&[
    ("type", &SORTED),
    ("status", &SORTED),
    ("lastTransitionTime", &SORTED),
    ("reason", &SORTED),
    ("message", &SORTED),
]);
static NAMESPACE_STATUS: Order = Order::new(&[("phase", &SORTED), ("conditions", &CONDITION)]);
/// The order of Secrets, Namespaces, lists, Tables and Statuses in one. They share no member that would need two
/// orders, except `status`, which is a string in a Status.
static OBJECT: Order = Order::new(&[
    ("kind", &SORTED),
    ("apiVersion", &SORTED),
    ("metadata", &METADATA),
    ("items", &OBJECT),
    ("columnDefinitions", &COLUMN),
    ("rows", &ROW),
    ("immutable", &SORTED),
    ("data", &SORTED),
    ("type", &SORTED),
    ("spec", &SORTED),
    ("status", &NAMESPACE_STATUS),
    ("message", &SORTED),
    ("reason", &SORTED),
    ("details", &DETAILS),
    ("code", &SORTED),
]);

/// The initial capacity of an encoded object in bytes; most objects are smaller.
const USUAL_SIZE: usize = 1024;

/// Encodes an API object. With `pretty` it is indented by two spaces and has, as in kube-apiserver, no newline at the
/// end.
pub fn to_bytes(object: &Json, pretty: bool) -> Vec<u8> {
    let mut writer = Writer { out: Vec::with_capacity(USUAL_SIZE), pretty, depth: 0 };
    writer.value(object, &OBJECT);
    if !pretty {
        writer.out.push(b'\n');
    }
    writer.out
}

/// Adds an item to the items of a list, for [`around`].
pub fn add_item(item: &Json, pretty: bool, is_first: bool, items: &mut Vec<u8>) {
    let mut writer = Writer { out: std::mem::take(items), pretty, depth: 2 };
    writer.separate(is_first);
    // Why: only rows of a table have a member `cells`.
    writer.value(item, if item.get("cells").is_some() { &ROW } else { &OBJECT });
    *items = writer.out;
}

/// Encodes a list or table without its items (or rows, the last member); returns the bytes before the items and after
/// them.
pub fn around(list: &Json, pretty: bool, is_empty: bool) -> (Vec<u8>, &'static [u8]) {
    let mut bytes = to_bytes(list, pretty);
    let (empty, end): (&[u8], &[u8]) = if pretty { (b"]\n}", b"\n  ]\n}") } else { (b"]}\n", b"]}\n") };
    if is_empty {
        return (bytes, b"");
    }
    bytes.truncate(bytes.len().saturating_sub(empty.len()));
    (bytes, end)
}

/// Encodes a watch event as one line: its type and its object.
pub fn event(kind: &str, object: &Json) -> Vec<u8> {
    let mut writer = Writer { out: Vec::with_capacity(USUAL_SIZE), pretty: false, depth: 0 };
    writer.out.extend_from_slice(b"{\"type\":");
    writer.text(kind);
    writer.out.extend_from_slice(b",\"object\":");
    writer.value(object, &OBJECT);
    writer.out.extend_from_slice(b"}\n");
    writer.out
}

struct Writer {
    out: Vec<u8>,
    pretty: bool,
    depth: usize,
}

impl Writer {
    fn value(&mut self, json: &Json, order: &'static Order) {
        match json {
            Json::Null => self.out.extend_from_slice(b"null"),
            Json::Bool(value) => self.out.extend_from_slice(if *value { b"true" } else { b"false" }),
            Json::Number(number) => self.out.extend_from_slice(number.to_string().as_bytes()),
            Json::String(text) => self.text(text),
            Json::Array(items) => {
                self.open(b'[');
                for (index, item) in items.iter().enumerate() {
                    self.separate(index == 0);
                    self.value(item, order);
                }
                self.close(b']', items.is_empty());
            }
            Json::Object(map) => self.object(map, order),
        }
    }

    fn object(&mut self, map: &Map<String, Json>, order: &'static Order) {
        self.open(b'{');
        let mut first = true;
        let mut ordered = [None; MOST_ORDERED];
        let place = |name: &str| order.0.iter().position(|(known, _)| *known == name);
        for (name, value) in map {
            if let Some(free) = place(name).and_then(|place| ordered.get_mut(place)) {
                *free = Some(value);
            }
        }
        for ((name, inside), value) in order.0.iter().zip(ordered) {
            if let Some(value) = value {
                self.member(name, value, inside, first);
                first = false;
            }
        }
        for (name, value) in map {
            if place(name).is_none() {
                self.member(name, value, &SORTED, first);
                first = false;
            }
        }
        self.close(b'}', first);
    }

    fn member(&mut self, name: &str, value: &Json, inside: &'static Order, first: bool) {
        self.separate(first);
        self.text(name);
        self.out.extend_from_slice(if self.pretty { b": " } else { b":" });
        self.value(value, inside);
    }

    fn open(&mut self, bracket: u8) {
        self.out.push(bracket);
        self.depth += 1;
    }

    fn separate(&mut self, first: bool) {
        if !first {
            self.out.push(b',');
        }
        self.line();
    }

    fn close(&mut self, bracket: u8, empty: bool) {
        self.depth -= 1;
        if !empty {
            self.line();
        }
        self.out.push(bracket);
    }

    fn line(&mut self) {
        if self.pretty {
            self.out.push(b'\n');
            self.out.resize(self.out.len() + 2 * self.depth, b' ');
        }
    }

    fn text(&mut self, text: &str) {
        self.out.push(b'"');
        let mut rest = text.as_bytes();
        while let Some(plain) = rest.iter().position(|byte| !PLAIN[usize::from(*byte)]) {
            let (before, special) = rest.split_at(plain);
            self.out.extend_from_slice(before);
            rest = self.special(special);
        }
        self.out.extend_from_slice(rest);
        self.out.push(b'"');
    }

    /// Writes the first character of `text`, which needs an escape; returns the rest.
    fn special<'a>(&mut self, text: &'a [u8]) -> &'a [u8] {
        let (escaped, rest): (&[u8], _) = match text {
            [b'"', rest @ ..] => (b"\\\"", rest),
            [b'\\', rest @ ..] => (b"\\\\", rest),
            [b'\n', rest @ ..] => (b"\\n", rest),
            [b'\r', rest @ ..] => (b"\\r", rest),
            [b'\t', rest @ ..] => (b"\\t", rest),
            [0x08, rest @ ..] => (b"\\b", rest),
            [0x0c, rest @ ..] => (b"\\f", rest),
            [b'<', rest @ ..] => (b"\\u003c", rest),
            [b'>', rest @ ..] => (b"\\u003e", rest),
            [b'&', rest @ ..] => (b"\\u0026", rest),
            // U+2028 and U+2029 end lines in JavaScript, so Go escapes them.
            [0xe2, 0x80, 0xa8, rest @ ..] => (b"\\u2028", rest),
            [0xe2, 0x80, 0xa9, rest @ ..] => (b"\\u2029", rest),
            [control @ 0..=0x1f, rest @ ..] => {
                self.out.extend_from_slice(format!("\\u{control:04x}").as_bytes());
                (b"", rest)
            }
            other => other.split_at(1.min(other.len())),
        };
        self.out.extend_from_slice(escaped);
        rest
    }
}

/// The bytes that need no escape in a JSON string and are not the first byte of a character that needs one.
static PLAIN: [bool; 256] = {
    let mut plain = [true; 256];
    let mut byte = 0;
    while byte < 0x20 {
        plain[byte] = false;
        byte += 1;
    }
    let escaped = b"\"\\<>&\xe2";
    let mut at = 0;
    while at < escaped.len() {
        plain[escaped[at] as usize] = false;
        at += 1;
    }
    plain
};

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn compact(json: &Json) -> String {
        String::from_utf8(to_bytes(json, false)).unwrap_or_default()
    }

    #[test]
    fn members_stand_in_the_order_of_the_structs() {
        let secret = json!({
            "type": "Opaque", "data": {"b": "Yg==", "a": "YQ=="}, "kind": "Secret", "apiVersion": "v1",
            "metadata": {"uid": "u", "name": "s", "labels": {"z": "1", "a": "2"}, "managedFields": [{"time": "t",
                "manager": "m"}]},
        });
        assert_eq!(
            compact(&secret),
            "{\"kind\":\"Secret\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"s\",\"uid\":\"u\",\"labels\":{\"a\":\"2\",\
             \"z\":\"1\"},\"managedFields\":[{\"manager\":\"m\",\"time\":\"t\"}]},\"data\":{\"a\":\"YQ==\",\"b\":\"Yg==\"},\
             \"type\":\"Opaque\"}\n"
        );
    }

    #[test]
    fn text_is_escaped_as_go_escapes_it() {
        assert_eq!(
            compact(&json!("<a&b>\u{8}\u{c}\u{1}\u{7f}\u{2028}é\"\\\n")),
            "\"\\u003ca\\u0026b\\u003e\\b\\f\\u0001\u{7f}\\u2028é\\\"\\\\\\n\"\n"
        );
    }

    #[test]
    fn pretty_indents_by_two_and_keeps_empty_collections_short() {
        let text = String::from_utf8(to_bytes(&json!({"kind": "K", "metadata": {}, "items": []}), true));
        assert_eq!(text.unwrap_or_default(), "{\n  \"kind\": \"K\",\n  \"metadata\": {},\n  \"items\": []\n}");
    }
}
