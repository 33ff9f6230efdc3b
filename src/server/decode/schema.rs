//! Decodes Secrets and Namespaces: converts JSON to the object that kube-apiserver would hold, as Go's decoder does
//! (names match regardless of case, the first wrong type is the error, duplicate maps merge, the last duplicate value
//! wins), and collects what strict field validation finds.

use serde_json::{Map, Value as Json};

use super::types::{DELETE_OPTIONS, NAMESPACE, SECRET, Struct, Type};
use go::{base64, json_read::Node};
use secret::resource::Resource;

/// A decoded object, and the findings of strict decoding (`unknown field "dataa"`), in the order of the text.
pub struct Decoded {
    /// The object with its types: without unknown members, base64 in canonical form. Empty members are kept.
    pub object: Json,
    /// The findings that `fieldValidation` decides about.
    pub findings: Vec<String>,
}

/// Decodes the options of a delete: every member must have its type; unknown members are dropped, as Go drops them.
///
/// # Errors
/// The text of Go's decoder: `json: cannot unmarshal string into Go struct field DeleteOptions.dryRun of type []string`.
pub fn delete_options(node: Node) -> Result<Json, String> {
    members(&DELETE_OPTIONS, node).map(|(options, _)| Json::Object(options))
}

/// Decodes an object of a resource.
///
/// # Errors
/// The text of Go's decoder: `json: cannot unmarshal number into Go struct field Secret.data of type []uint8`, `illegal
/// base64 data at input byte 3`. It holds no value.
pub fn decode(resource: Resource, node: Node) -> Result<Decoded, String> {
    read(resource, node, Decoder::default())
}

/// Decodes an object of a resource as `runtime.DefaultUnstructuredConverter` does, which converts the result of
/// strategic merge patches: `kind` and `apiVersion` are ignored, wrong types have other messages, findings are sorted.
///
/// # Errors
/// The converter's text: `cannot convert int64 to string`, `error decoding from json: illegal base64 data at input byte
/// 3`. It holds no value.
pub fn convert(resource: Resource, node: Node) -> Result<Decoded, String> {
    let mut decoded = read(resource, node, Decoder { converts: true, ..Decoder::default() })?;
    decoded.findings.sort();
    Ok(decoded)
}

fn read(resource: Resource, node: Node, decoder: Decoder) -> Result<Decoded, String> {
    let of = match resource {
        Resource::Secrets => &SECRET,
        Resource::Namespaces => &NAMESPACE,
    };
    let (mut object, findings) = with(decoder, of, node)?;
    fold_string_data(&mut object);
    Ok(Decoded { object: Json::Object(object), findings })
}

/// Decodes the members of a struct; returns them with the findings of strict decoding.
///
/// # Errors
/// As [`decode`].
pub(super) fn members(of: &'static Struct, node: Node) -> Result<(Map<String, Json>, Vec<String>), String> {
    with(Decoder::default(), of, node)
}

fn with(mut decoder: Decoder, of: &'static Struct, node: Node) -> Result<(Map<String, Json>, Vec<String>), String> {
    let mut object = Map::new();
    decoder.fields(of, node, &mut object);
    match decoder.error {
        Some(error) => Err(error),
        None => Ok((object, decoder.findings)),
    }
}

/// Folds `stringData`, which is write-only, into `data`: each of its keys overwrites the one there.
fn fold_string_data(object: &mut Map<String, Json>) {
    use ::base64::{Engine as _, engine::general_purpose::STANDARD};
    let Some(Json::Object(texts)) = object.remove("stringData") else { return };
    if texts.is_empty() {
        return;
    }
    let data = object.entry("data").or_insert_with(|| Json::Object(Map::new()));
    if let Json::Object(data) = data {
        for (key, text) in texts {
            data.insert(key, Json::String(STANDARD.encode(text.as_str().unwrap_or_default())));
        }
    }
}

/// Returns the integer that a JSON number is, in any notation, or `None` if it has a fraction.
fn whole(text: &str) -> Option<i64> {
    let number = text.parse::<f64>().ok().filter(|number| number.fract() == 0.0)?;
    text.parse().or_else(|_| format!("{number:.0}").parse()).ok()
}

#[derive(Default)]
struct Decoder {
    /// Whether this is the converter from unstructured maps, not the decoder of JSON.
    converts: bool,
    /// The struct that is being decoded, and the fields from it to the current value; both are part of error messages.
    within: Option<&'static Struct>,
    fields: Vec<&'static str>,
    /// The path to the current value with indexes and keys, for findings.
    path: String,
    error: Option<String>,
    findings: Vec<String>,
}

impl Decoder {
    fn fields(&mut self, of: &'static Struct, node: Node, into: &mut Map<String, Json>) {
        let Node::Object(mut members) = node else { return };
        let place = |name: &str| of.fields.iter().position(|(field, _)| *field == name);
        if self.converts {
            // Why: the converter visits the fields of the struct, the decoder the members of the text. That decides
            // which error is the first.
            members.sort_by_key(|(name, _)| place(name).unwrap_or(usize::MAX));
        }
        let outer = self.within.replace(of);
        let mut seen: Vec<&'static str> = Vec::new();
        for (name, value) in members {
            let Some((field, of)) = place(&name).and_then(|at| of.fields.get(at)) else {
                self.finding("unknown", &name);
                continue;
            };
            if seen.contains(field) {
                self.finding("duplicate", &name);
            } else {
                seen.push(field);
            }
            let length = self.enter(&name);
            self.fields.push(field);
            let before = into.remove(*field);
            if let Some(decoded) = self.value(of, value, before) {
                into.insert(name, decoded);
            }
            self.fields.pop();
            self.path.truncate(length);
        }
        self.within = outer;
    }

    /// Decodes one value. Returns `None` for `null`, which leaves the former value.
    fn value(&mut self, of: &'static Type, node: Node, before: Option<Json>) -> Option<Json> {
        match (of, node) {
            (Type::Raw, Node::Null) => before,
            (Type::Raw, node) => Some(node.into_json()),
            (Type::Map(..) | Type::List(..) | Type::Bool | Type::Int64 | Type::Bytes | Type::Time, Node::Null) => None,
            (Type::Text(_) | Type::Struct(_), Node::Null) => before,
            (Type::Text(_), Node::String(text)) => Some(Json::String(text)),
            (Type::Bool, Node::Bool(value)) => Some(Json::Bool(value)),
            (Type::Int64, Node::Number(text)) => match text.parse::<i64>() {
                Ok(number) => Some(number.into()),
                Err(_) if self.converts => match whole(&text) {
                    Some(number) => Some(number.into()),
                    None => self.unconvertible(of, &Node::Number(text)),
                },
                Err(_) => self.wrong(&format!("number {text}"), "int64", before),
            },
            (Type::Time, Node::String(text)) => match text.parse::<jiff::Timestamp>() {
                Ok(time) => Some(Json::String(super::super::clock::seconds(time))),
                Err(_) if text.is_empty() => None,
                Err(_) => {
                    let quoted = Json::String(text);
                    self.fail(format!(
                        "parsing time {quoted} as \"2006-01-02T15:04:05Z07:00\": cannot parse {quoted} as \"2006\""
                    ));
                    before
                }
            },
            (Type::Time, other) => {
                self.fail(format!("json: cannot unmarshal {} into Go value of type string", other.sort()));
                before
            }
            (Type::Bytes, Node::String(text)) => self.bytes(&text, before),
            (Type::Bytes, Node::Array(items)) => self.byte_array(items),
            (Type::Map(each, _), Node::Object(members)) => Some(Json::Object(self.map(each, members, before))),
            (Type::List(each, _), Node::Array(items)) => Some(Json::Array(self.list(each, items))),
            (Type::Struct(of), node @ Node::Object(_)) => {
                let mut fields = match before {
                    Some(Json::Object(fields)) => fields,
                    _ => Map::new(),
                };
                self.fields(of, node, &mut fields);
                Some(Json::Object(fields))
            }
            (of, other) if self.converts => self.unconvertible(of, &other),
            (of, other) => {
                let go = match of {
                    Type::Text(go) | Type::Map(_, go) | Type::List(_, go) => go,
                    Type::Bool => "bool",
                    Type::Int64 => "int64",
                    Type::Bytes => "[]uint8",
                    Type::Struct(of) => of.go,
                    Type::Time | Type::Raw => "",
                };
                self.wrong(other.sort(), go, before)
            }
        }
    }

    fn map(&mut self, each: &'static Type, members: Vec<(String, Node)>, before: Option<Json>) -> Map<String, Json> {
        let mut map = match before {
            Some(Json::Object(map)) => map,
            _ => Map::new(),
        };
        let mut seen = std::collections::BTreeSet::new();
        for (name, value) in members {
            if !seen.insert(name.clone()) {
                self.finding("duplicate", &name);
            }
            let length = self.enter(&name);
            let decoded = self.value(each, value, None).unwrap_or_else(|| Json::String(String::new()));
            self.path.truncate(length);
            map.insert(name, decoded);
        }
        map
    }

    fn list(&mut self, each: &'static Type, items: Vec<Node>) -> Vec<Json> {
        let mut list = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            let length = self.path.len();
            self.path.push_str(&format!("[{index}]"));
            let empty = match each {
                Type::Struct(_) => Json::Object(Map::new()),
                _ => Json::String(String::new()),
            };
            list.push(self.value(each, item, None).unwrap_or(empty));
            self.path.truncate(length);
        }
        list
    }

    fn bytes(&mut self, text: &str, before: Option<Json>) -> Option<Json> {
        use ::base64::{Engine as _, engine::general_purpose::STANDARD};
        match base64::decode(text.as_bytes()) {
            Ok(bytes) => Some(Json::String(STANDARD.encode(zeroize::Zeroizing::new(bytes)))),
            Err(offset) => {
                let prefix = if self.converts { "error decoding from json: " } else { "" };
                self.fail(format!("{prefix}illegal base64 data at input byte {offset}"));
                before
            }
        }
    }

    /// Decodes a list of numbers into bytes, as Go's decoder does.
    fn byte_array(&mut self, items: Vec<Node>) -> Option<Json> {
        use ::base64::{Engine as _, engine::general_purpose::STANDARD};
        let mut bytes = zeroize::Zeroizing::new(Vec::with_capacity(items.len()));
        for item in items {
            match item {
                Node::Null => bytes.push(0),
                Node::Number(text) if text.parse::<u8>().is_ok() => bytes.extend(text.parse::<u8>()),
                // Go's conversion keeps the lowest byte.
                Node::Number(text) if self.converts && whole(&text).is_some() => {
                    bytes.extend(whole(&text).map(|number| number.to_le_bytes()[0]));
                }
                Node::Number(_) if self.converts => self.fail("cannot convert float64 to uint8".into()),
                _ if self.converts => self.fail("unrecognized type: uint8".into()),
                other => {
                    self.wrong(other.sort(), "uint8", None);
                }
            }
        }
        Some(Json::String(STANDARD.encode(&*bytes)))
    }

    fn wrong(&mut self, sort: &str, go: &str, before: Option<Json>) -> Option<Json> {
        let within = self.within.map_or("", |s| s.name);
        self.fail(format!(
            "json: cannot unmarshal {sort} into Go struct field {within}.{} of type {go}",
            self.fields.join(".")
        ));
        before
    }

    /// Records the converter's error for a value of the wrong type (`fromUnstructured`).
    fn unconvertible(&mut self, of: &Type, value: &Node) -> Option<Json> {
        let kind = match value {
            Node::Number(text) if text.parse::<i64>().is_ok() => "int64",
            Node::Number(_) => "float64",
            Node::Array(_) => "slice",
            Node::Object(_) => "map",
            other => other.sort(),
        };
        self.fail(match of {
            // Go's reflection can convert integers to strings, which the converter refuses afterwards.
            Type::Text(go) if kind == "int64" => format!("cannot convert int64 to {go}"),
            Type::Int64 if kind == "float64" => "cannot convert float64 to int64".into(),
            Type::Text(_) => "unrecognized type: string".into(),
            Type::Bool => "unrecognized type: bool".into(),
            Type::Int64 => "unrecognized type: int64".into(),
            Type::Bytes | Type::List(..) => format!("cannot restore slice from {kind}"),
            Type::Map(..) => format!("cannot restore map from {kind}"),
            Type::Struct(_) | Type::Time | Type::Raw => format!("cannot restore struct from: {kind}"),
        });
        None
    }

    fn fail(&mut self, text: String) {
        self.error.get_or_insert(text);
    }

    fn enter(&mut self, name: &str) -> usize {
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        length
    }

    fn finding(&mut self, what: &str, name: &str) {
        if self.findings.len() >= 100 {
            return;
        }
        let length = self.enter(name);
        let finding = format!("{what} field {}", Json::String(self.path.clone()));
        self.path.truncate(length);
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }
}
