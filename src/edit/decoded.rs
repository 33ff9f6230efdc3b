//! The decoded view: text as plain text, binary in base64 under `!binary`, and only the fields that can be changed.
//!
//! Byte-exact: an entry that is not edited keeps its bytes, and its base64 as the server had it. Fields that the view
//! leaves out (uid, version, times) are taken from the object that was opened.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value as Json, json};
use zeroize::Zeroizing;

use super::{
    annotate,
    conflict::Clash,
    nodes::{self, Kind, Node, Problem, plain_kind},
    object,
    receipt::map,
    session::Text,
    view::{View, flatten},
};
use crate::{
    print::decoded::{Shape, binary, decode, key, scalar, shape},
    secret::{LAST_APPLIED, Object, Value, resource::SERVER_FIELDS, sanitize},
};

/// The decoded view.
pub struct Decoded;

const HEADER: &str = "\
# Edit the values as they are. A line that begins with # outside a value is a comment; an empty file
# aborts the edit. Text ends with a newline after |, without one after |-, with several after |+.
# !binary is base64; it stays what it is unless you replace it. If the Secret cannot be saved, this
# file opens again with the reasons.
#
";

impl View for Decoded {
    fn header(&self) -> Option<&'static str> {
        Some(HEADER)
    }

    fn file(&self) -> String {
        "secret.yaml".to_owned()
    }

    fn ours(&self) -> bool {
        true
    }

    fn render(&self, objects: &[Object], clashes: &[Clash]) -> Text {
        // Why with capacity: a buffer that grows leaves unwiped copies of values behind.
        let values = |object: &Object| {
            map(&object.json()["data"]).values().filter_map(Json::as_str).map(str::len).sum::<usize>()
        };
        let room = objects.iter().map(|object| 4096 + 2 * values(object)).sum();
        let mut text = Zeroizing::new(String::with_capacity(room));
        for (index, object) in objects.iter().enumerate() {
            if index > 0 {
                text.push_str("---\n");
            }
            render(object, clashes, &mut text);
        }
        Zeroizing::new(std::mem::take(&mut *text).into_bytes())
    }

    fn read(&self, text: &[u8], originals: &[Object]) -> Result<Vec<Object>, Vec<Problem>> {
        let roots = nodes::parse(text).map_err(|problem| vec![problem])?;
        let mut problems = Vec::new();
        let shown = flatten(&roots);
        let mut objects = Vec::with_capacity(shown.len());
        for (index, root) in shown.iter().enumerate() {
            let edited = read(root, &mut problems);
            let Some(original) = original_of(&edited.json, index, shown.len(), originals) else {
                problems.push(Problem::at(root.line, "this is none of the Secrets that were opened"));
                continue;
            };
            objects.push(edited.complete(original));
        }
        if objects.is_empty() && problems.is_empty() {
            problems.push(Problem::at(0, "no Secret is left in the file"));
        }
        problems.sort_by_key(|problem| problem.line);
        if problems.is_empty() { Ok(objects) } else { Err(problems) }
    }
}

/// Returns the key of an entry that keeps the object from being edited decoded, because it is not base64. No API server
/// should return one.
pub fn undecodable(object: &Object) -> Option<&str> {
    let data = map(&object.json()["data"]);
    data.iter().find(|(_, value)| decode(value).is_none()).map(|(key, _)| key.as_str())
}

fn render(object: &Object, clashes: &[Clash], out: &mut String) {
    let mut head = object.json().clone();
    if let Some(head) = head.as_object_mut() {
        head.remove("data");
        head.remove("stringData");
        if let Some(metadata) = head.get_mut("metadata").and_then(Json::as_object_mut) {
            // The fields that are not shown come back from the original in `complete`.
            SERVER_FIELDS.iter().for_each(|field| drop(metadata.remove(*field)));
            let annotations = metadata.get_mut("annotations").and_then(Json::as_object_mut);
            if annotations
                .is_some_and(|annotations| annotations.remove(LAST_APPLIED).is_some() && annotations.is_empty())
            {
                metadata.remove("annotations");
            }
        }
    }
    if object.json()["immutable"] == json!(true) {
        out.push_str("# This Secret is immutable: its entries cannot change. Under another metadata.name it is saved as a copy.\n");
    }
    for clash in clashes.iter().filter(|clash| clash.map != "data") {
        let theirs = clash.theirs.as_ref().map_or("(removed)".to_owned(), Json::to_string);
        let comment = format!("{}: theirs is {theirs}", clash.path());
        // Why: JSON leaves a byte-order mark and the line breaks of Unicode as they are, and a reader of YAML does not.
        out.push_str(&format!("# {}\n", sanitize::line(&comment)));
    }
    out.push_str(&yaml::write::portable(&head));
    crate::secret::wipe(&mut head);
    let data = map(&object.json()["data"]);
    let clashing: HashMap<&str, &Clash> =
        clashes.iter().filter(|clash| clash.map == "data").map(|clash| (clash.key.as_str(), clash)).collect();
    let removed: Vec<&str> = clashing.keys().copied().filter(|key| !data.contains_key(*key)).collect();
    if data.is_empty() && removed.is_empty() {
        out.push_str("stringData: {}\n");
        return;
    }
    out.push_str(if data.is_empty() { "stringData: {}\n" } else { "stringData:\n" });
    for (name, base64) in data {
        let value = decode(base64).unwrap_or_default();
        if let Some(clash) = clashing.get(name.as_str()) {
            comment_of_clash(clash, out);
        }
        for line in annotate::comments(name, &value) {
            out.push_str(&format!("  # {line}\n"));
        }
        entry(name, &value, out);
    }
    for clash in removed.iter().filter_map(|key| clashing.get(key)) {
        comment_of_clash(clash, out);
    }
}

fn entry(name: &str, value: &Value, out: &mut String) {
    out.push_str("  ");
    key(name, out);
    out.push_str(": ");
    match shape(value) {
        Shape::Text(text) => scalar(text, 2, out),
        Shape::Binary(bytes) => binary(bytes, 2, out),
    }
}

/// Writes the server's value of a clash as a comment, in the form that the entry has.
fn comment_of_clash(clash: &Clash, out: &mut String) {
    let mut theirs = Zeroizing::new(String::new());
    match clash.theirs.as_ref().and_then(decode) {
        Some(value) => entry(&clash.key, &value, &mut theirs),
        None => theirs.push_str(&format!("  {}: (removed)\n", clash.key)),
    }
    out.push_str("  # changed by another client to:\n");
    for line in theirs.lines() {
        out.push_str("  #");
        out.push_str(line);
        out.push('\n');
    }
}

/// A document of the text: its entries in bytes, the rest as JSON.
struct Edited {
    json: Map<String, Json>,
    entries: BTreeMap<String, Value>,
}

fn read(root: &Node, problems: &mut Vec<Problem>) -> Edited {
    let mut edited = Edited { json: Map::new(), entries: BTreeMap::new() };
    let Kind::Map(members) = &root.kind else {
        problems.push(Problem::at(root.line, "a Secret is wanted here"));
        return edited;
    };
    for (name, node) in object::keys(members, "", problems) {
        match name {
            "stringData" => read_entries(node, "stringData", text_or_binary, &mut edited.entries, problems),
            "data" => read_entries(node, "data", base64, &mut edited.entries, problems),
            _ => {
                let value = object::read(node, name, problems);
                edited.json.insert(name.to_owned(), value);
            }
        }
    }
    for field in ["apiVersion", "kind"] {
        if !edited.json.contains_key(field) {
            problems.push(Problem::at(root.line, format!("{field} not set")));
        }
    }
    edited
}

fn read_entries(
    node: &Node,
    path: &str,
    value: impl Fn(&Node, &str) -> Result<Value, String>,
    entries: &mut BTreeMap<String, Value>,
    problems: &mut Vec<Problem>,
) {
    let Kind::Map(members) = &node.kind else {
        // A null is what a map becomes when its last line is deleted.
        if !node.is_null() {
            problems.push(Problem::at(node.line, format!("{path} must be a map")));
        }
        return;
    };
    for (name, node) in object::keys(members, path, problems) {
        match value(node, &format!("{path}.{name}")) {
            Err(problem) => problems.push(Problem::at(node.line, problem)),
            Ok(_) if entries.contains_key(name) => {
                problems.push(Problem::at(node.line, format!("{name} is in data and in stringData")));
            }
            Ok(value) => {
                entries.insert(name.to_owned(), value);
            }
        }
    }
}

/// An entry of `stringData`: text, or base64 under the tag of binary.
fn text_or_binary(node: &Node, path: &str) -> Result<Value, String> {
    let Kind::Scalar(text, plain) = &node.kind else { return Err(format!("{path}: text is wanted here")) };
    match node.tag.as_deref() {
        Some("tag:yaml.org,2002:str") => return Ok(Value::new(text.as_bytes())),
        Some(tag) if tag.starts_with("!binary") || tag == "tag:yaml.org,2002:binary" => return base64(node, path),
        // Why: the tag is not named, since it may be the beginning of a password.
        Some(_) => return Err(format!("{path}: a YAML tag: text that begins with ! needs quotes")),
        None => {}
    }
    match plain_kind(text) {
        Some("null") if *plain => {
            Err(format!("{path} is null: write '' for no text, or remove the line to remove the key"))
        }
        Some("boolean") if *plain => Err(format!("{path} is a bare boolean to YAML: put it in quotes")),
        // A number is taken as the text that was typed, digit for digit.
        _ => Ok(Value::new(text.as_bytes())),
    }
}

/// Base64, in one line or several.
fn base64(node: &Node, path: &str) -> Result<Value, String> {
    let Kind::Scalar(text, plain) = &node.kind else { return Err(format!("{path}: base64 is wanted here")) };
    if *plain && node.tag.is_none() && plain_kind(text).is_some() {
        return Err(format!("{path} is not text to YAML: put it in quotes"));
    }
    let blanks = Zeroizing::new(text.split_ascii_whitespace().collect::<String>());
    match object::check_base64(&blanks) {
        Ok(mut bytes) => Ok(Value::new(std::mem::take(&mut *bytes))),
        Err(error) => Err(format!("{path} is not base64: {error}")),
    }
}

/// Returns the object that a document was made from: the one of the same name, else the one at the same position.
fn original_of<'o>(
    edited: &Map<String, Json>,
    index: usize,
    count: usize,
    originals: &'o [Object],
) -> Option<&'o Object> {
    let name = edited.get("metadata").and_then(|metadata| metadata["name"].as_str()).unwrap_or_default();
    let by_place = || if count == originals.len() { originals.get(index) } else { None };
    originals.iter().find(|original| original.name() == name).or_else(by_place)
}

impl Edited {
    /// Returns the whole object: with the fields that the text does not show, from the object that the document was
    /// made from.
    fn complete(self, original: &Object) -> Object {
        let before = map(&original.json()["data"]);
        let mut data = Map::new();
        for (name, value) in &self.entries {
            let kept = before.get(name).filter(|base64| decode(base64).is_some_and(|before| before == *value));
            data.insert(name.clone(), kept.cloned().unwrap_or_else(|| Json::String(value.to_base64())));
        }
        let mut json = self.json;
        if !data.is_empty() || original.json().get("data").is_some() {
            json.insert("data".to_owned(), Json::Object(data));
        }
        let shown = map(&original.json()["metadata"]);
        let metadata = json.entry("metadata").or_insert_with(|| json!({}));
        if let Some(metadata) = metadata.as_object_mut() {
            for field in SERVER_FIELDS {
                if let Some(value) = shown.get(field) {
                    metadata.insert(field.to_owned(), value.clone());
                }
            }
            if let Some(applied) = shown.get("annotations").and_then(|annotations| annotations.get(LAST_APPLIED)) {
                let annotations = metadata.entry("annotations").or_insert_with(|| json!({}));
                if let Some(annotations) = annotations.as_object_mut() {
                    annotations.insert(LAST_APPLIED.to_owned(), applied.clone());
                }
            }
        }
        Object::new(Json::Object(json))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn secret(entries: &BTreeMap<String, Vec<u8>>) -> Object {
        let data: Map<String, Json> =
            entries.iter().map(|(key, bytes)| (key.clone(), json!(Value::new(bytes.clone()).to_base64()))).collect();
        Object::new(json!({
            "apiVersion": "v1", "kind": "Secret", "type": "Opaque", "data": data,
            "metadata": {"name": "s", "namespace": "ns", "uid": "u", "resourceVersion": "7", "creationTimestamp": "t",
                "annotations": {LAST_APPLIED: "{}"}},
        }))
    }

    fn of(entries: &[(&str, &[u8])]) -> Object {
        secret(&entries.iter().map(|(key, bytes)| ((*key).to_owned(), bytes.to_vec())).collect())
    }

    fn shown(object: &Object) -> String {
        String::from_utf8(Decoded.render(std::slice::from_ref(object), &[]).to_vec()).unwrap()
    }

    fn back(text: &str, original: &Object) -> Result<Object, String> {
        Decoded
            .read(text.as_bytes(), std::slice::from_ref(original))
            .map(|mut objects| objects.remove(0))
            .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    }

    #[test]
    fn text_stands_as_text_and_the_rest_is_out_of_the_way() {
        let text = shown(&of(&[("pw", b"s3cret"), ("cfg", b"# a\nb\n"), ("bin", &[0xff, 0])]));
        assert_eq!(
            text,
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  namespace: ns\ntype: Opaque\nstringData:\n  \
             bin: !binary-2-bytes /wA=\n  cfg: |\n    # a\n    b\n  pw: s3cret\n"
        );
    }

    #[test]
    fn an_edit_changes_what_it_says() {
        let original = of(&[("pw", b"s3cret"), ("cfg", b"x\n")]);
        let edited =
            back(&shown(&original).replace("s3cret", "1234").replace("    x\n", "    x\n    y\n"), &original).unwrap();
        assert_eq!(edited.json()["data"], json!({"pw": "MTIzNA==", "cfg": "eAp5Cg=="}));
        assert_eq!(edited.json()["metadata"], original.json()["metadata"]);
        let edited = back(&shown(&original).replace("  pw: s3cret\n", "  new: !binary AAE=\n"), &original).unwrap();
        assert_eq!(edited.json()["data"], json!({"cfg": "eAo=", "new": "AAE="}));
    }

    #[test]
    fn what_would_be_lost_is_refused_with_its_line() {
        let original = of(&[("pw", b"s3cret")]);
        let wrong = |to: &str| back(&shown(&original).replace("s3cret", to), &original).err().unwrap_or_default();
        assert_eq!(
            wrong("null"),
            "line 8: stringData.pw is null: write '' for no text, or remove the line to remove the key"
        );
        assert_eq!(
            wrong(""),
            "line 8: stringData.pw is null: write '' for no text, or remove the line to remove the key"
        );
        assert_eq!(wrong("yes"), "line 8: stringData.pw is a bare boolean to YAML: put it in quotes");
        assert_eq!(wrong("!hunter2 x"), "line 8: stringData.pw: a YAML tag: text that begins with ! needs quotes");
        assert_eq!(wrong("!binary ???"), "line 8: stringData.pw is not base64: illegal base64 data at input byte 0");
        assert_eq!(wrong("[a]"), "line 8: stringData.pw: text is wanted here");
        assert_eq!(wrong("a\n  pw: b"), "line 9: stringData.pw is there twice");
        assert_eq!(wrong("a\ndata:\n  pw: MQ=="), "line 10: pw is in data and in stringData");
        assert_eq!(back("# gone\n", &original).err().unwrap(), "no Secret is left in the file");
    }

    #[test]
    fn clashes_stand_beside_their_keys() {
        let clash = Clash { map: "data", key: "pw".into(), theirs: Some(json!("YQpi")) };
        let text = Decoded.render(&[of(&[("pw", b"mine")])], &[clash]);
        let text = std::str::from_utf8(&text).unwrap();
        assert!(
            text.ends_with(
                "stringData:\n  # changed by another client to:\n  #  pw: |-\n  #    a\n  #    b\n  pw: mine\n"
            ),
            "{text}"
        );
    }

    #[test]
    fn several_are_documents() {
        let mut other = of(&[("a", b"1")]);
        other.json_mut()["metadata"]["name"] = json!("t");
        other.json_mut()["metadata"]["uid"] = json!("v");
        let both = [of(&[("a", b"1")]), other];
        let text = Decoded.render(&both, &[]);
        assert!(Decoded.read(&text, &both).unwrap() == both);
    }

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            any::<String>().prop_map(String::into_bytes),
            "[ab #:'\"\\\\\n\r\t|>-]{0,40}".prop_map(String::into_bytes),
        ]
    }

    proptest! {
        #![proptest_config(crate::properties::config(256))]

        #[test]
        fn saved_unchanged_is_the_same_bytes(entries in prop::collection::btree_map("[-._a-zA-Z0-9]{1,12}", bytes(), 0..6)) {
            let original = secret(&entries);
            let read = back(&shown(&original), &original);
            prop_assert!(read.as_ref() == Ok(&original), "{:?}\n{}", read.err(), shown(&original));
        }

        #[test]
        fn an_edit_of_one_key_changes_that_key_only(
            entries in prop::collection::btree_map("[a-z]{1,8}", bytes(), 1..6), pick in any::<prop::sample::Index>(), new in bytes()
        ) {
            let original = secret(&entries);
            let key = pick.get(&entries.keys().cloned().collect::<Vec<_>>()).clone();
            let mut changed = entries.clone();
            changed.insert(key, new);
            let changed = secret(&changed);
            let read = back(&shown(&changed), &original);
            prop_assert!(read.as_ref() == Ok(&changed), "{:?}", read.err());
        }
    }
}
