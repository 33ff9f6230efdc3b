//! From documents to objects: the checks that kubectl makes before it sends one, and splitting lists.

use std::{rc::Rc, sync::Arc};

use serde_json::Value as Json;

use super::{Document, Origin, metadata};
use error::{Error, Result};
use go::quote::quote;
use secret::{Object, sanitize};
use yaml::read::ParsedDoc;

/// The kinds of the core group. No cluster can add to them, so any other kind of `v1` does not exist.
const CORE_KINDS: [&str; 16] = [
    "Binding",
    "ComponentStatus",
    "ConfigMap",
    "Endpoints",
    "Event",
    "LimitRange",
    "Node",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Pod",
    "PodTemplate",
    "ReplicationController",
    "ResourceQuota",
    "Service",
    "ServiceAccount",
    "Status",
];

/// Checks that `kind` and `apiVersion` exist, as kubectl's client-side part of `--validate` does.
pub(super) fn validate(parsed: &ParsedDoc, path: &str) -> Result<()> {
    let json = parsed.object.json();
    let mut faults = Vec::new();
    if json.is_object() {
        match &json["apiVersion"] {
            Json::Null => faults.push("apiVersion not set".to_owned()),
            Json::String(version) if version.matches('/').count() > 1 => {
                faults.push(format!("unexpected GroupVersion string: {version}"));
            }
            Json::String(_) => {}
            _ => faults.push("apiVersion isn't string type".to_owned()),
        }
        match &json["kind"] {
            Json::Null => faults.push("kind not set".to_owned()),
            Json::String(_) => {}
            _ => faults.push("kind isn't string type".to_owned()),
        }
    } else {
        faults.push("invalid object to validate".to_owned());
    }
    let shown = match faults.as_slice() {
        [] => return Ok(()),
        [fault] => fault.clone(),
        faults => format!("[{}]", faults.join(", ")),
    };
    let error = Error::new(format_args!(
        "error validating {}: error validating data: {shown}; if you choose to ignore these errors, turn \
         validation off with --validate=false",
        quote(path)
    ));
    Err(error.hint(place(path, parsed.document, parsed.line)))
}

fn place(path: &str, document: usize, line: usize) -> String {
    format!("{path}, document {document}, line {line}")
}

/// Returns whether an object is selected.
pub type Select = dyn Fn(&Document) -> bool;

/// The result of reading.
#[derive(Default)]
pub(super) struct Found<'a> {
    /// Objects of the kinds that are handled here; an error in the position of a document that has one.
    pub documents: Vec<Result<Document>>,
    /// Receives objects of other kinds. Without it each of them is an error.
    pub foreign: Option<&'a mut dyn FnMut(Document)>,
    /// Selects the objects of the kinds that are handled here; `None` selects all.
    pub select: Option<Rc<Select>>,
    /// The number of objects that were not selected.
    pub excluded: usize,
}

impl Found<'_> {
    /// Adds an object of a kind that is handled here, if it is selected.
    pub fn select(&mut self, document: Document) {
        match self.select.as_ref().is_none_or(|select| select(&document)) {
            true => self.documents.push(Ok(document)),
            false => self.excluded += 1,
        }
    }

    fn add(&mut self, document: Document, in_list: bool) {
        match (mapped(&document, in_list), &mut self.foreign) {
            (Ok(()), _) => self.select(document),
            (Err(error), Some(foreign)) if error.is_foreign() => foreign(document),
            (Err(error), _) => self.documents.push(Err(error)),
        }
    }
}

/// Adds the object, or the items of the list.
pub(super) fn take_apart(parsed: ParsedDoc, path: &str, found: &mut Found<'_>) {
    let ParsedDoc { document, line, object, lines } = parsed;
    let lines = Arc::new(lines);
    if let Err(fault) = decodable(object.json()) {
        let at = lines.line_or_first(&fault.path.iter().map(String::as_str).collect::<Vec<_>>());
        let error = Error::new(format_args!("unable to decode {}: {}", quote(path), fault.text));
        let advice = unquoted(&object, &fault.path).map_or(String::new(), |advice| format!(": {advice}"));
        found.documents.push(Err(error.hint(place(path, document, at) + &advice)));
        return;
    }
    if object.json().get("items").is_none() {
        let origin = Origin { path: path.to_owned(), document, line };
        found.add(Document { origin, object, lines, item: None }, false);
        return;
    }
    let (list_kind, list_version) = (object.kind().to_owned(), object.api_version().to_owned());
    let item_kind = list_kind.strip_suffix("List").unwrap_or(&list_kind);
    let mut list = object;
    let items = list.json_mut().get_mut("items").map(Json::take);
    for (index, mut item) in items.into_iter().flat_map(into_items).enumerate() {
        // The items of a typed list (`SecretList`) may leave out their kind.
        if let Json::Object(map) = &mut item
            && !map.contains_key("kind")
            && !map.contains_key("apiVersion")
        {
            map.insert("kind".to_owned(), item_kind.into());
            map.insert("apiVersion".to_owned(), list_version.as_str().into());
        }
        let line = lines.of(&["items", &index.to_string()]).unwrap_or(line);
        let item = Document {
            origin: Origin { path: path.to_owned(), document, line },
            object: Object::new(item),
            lines: Arc::clone(&lines),
            item: Some(index),
        };
        found.add(item, true);
    }
}

/// Returns advice about a label or an annotation that YAML reads as a number or a boolean.
fn unquoted(object: &Object, path: &[String]) -> Option<String> {
    let [metadata, field, key] = path else { return None };
    let what = match object.json().get(metadata)?.get(field)?.get(key)? {
        Json::Number(_) => "a number",
        Json::Bool(_) => "a boolean",
        _ => return None,
    };
    Some(format!("{metadata}.{field}.{} is {what} and should be text, in quotes", sanitize::line(key)))
}

fn into_items(items: Json) -> Vec<Json> {
    match items {
        Json::Array(items) => items,
        _ => Vec::new(),
    }
}

/// Checks what kubectl needs to decode an object: it has a kind, and metadata of the right types.
fn decodable(json: &Json) -> Result<(), metadata::Fault> {
    let fault = |text: &str, path: &[&str]| {
        Err(metadata::Fault { text: text.to_owned(), path: path.iter().map(|name| (*name).to_owned()).collect() })
    };
    if !json.is_object() {
        let found = go::type_name(json);
        return fault(&format!("json: cannot unmarshal {found} into Go value of type unstructured.detector"), &[]);
    }
    if json["kind"].as_str().is_none_or(str::is_empty) {
        // Why: Go's message repeats the whole object, values included.
        return fault("Object 'Kind' is missing", &["kind"]);
    }
    match &json["apiVersion"] {
        Json::Null | Json::String(_) => {}
        other => {
            let found = go::type_name(other);
            let text = format!(
                "json: cannot unmarshal {found} into Go struct field metadataOnlyObject.apiVersion of type string"
            );
            return fault(&text, &["apiVersion"]);
        }
    }
    match json.get("items") {
        None => metadata::check(json),
        Some(Json::Null | Json::Array(_)) => Ok(()),
        Some(other) => {
            let found = go::type_name(other);
            let text = format!(
                "json: cannot unmarshal {found} into Go struct field decodeList.items of type []json.RawMessage"
            );
            fault(&text, &["items"])
        }
    }
}

/// Checks that the object is of a kind that is handled here.
fn mapped(document: &Document, in_list: bool) -> Result<()> {
    let object = &document.object;
    let (kind, version) = (object.kind(), object.api_version());
    let core = matches!(version, "" | "v1");
    if core && matches!(kind, "Secret" | "Namespace") {
        return Ok(());
    }
    let path = &document.origin.path;
    if kind.is_empty() {
        let error = "unable to get type info from the object: Object 'Kind' is missing";
        return Err(document.locate(Error::bare(error), &[]));
    }
    let may_exist = version.contains('/') || core && CORE_KINDS.contains(&kind);
    let error = if !may_exist {
        let unknown = format!("no matches for kind {} in version {}", quote(kind), quote(version));
        if in_list {
            Error::bare(format!("unable to recognize {unknown}"))
        } else {
            Error::new(format_args!(
                "resource mapping not found for name: {} namespace: {} from {}: {unknown}\nensure CRDs are installed \
                 first",
                quote(object.name()),
                quote(object.namespace().unwrap_or_default()),
                quote(path)
            ))
        }
    } else {
        Error::new(format_args!(
            "{kind} {} from {} is left alone: ksecret handles Secrets and Namespaces only",
            quote(object.name()),
            quote(path)
        ))
    };
    Err(document.locate(error.foreign(), &["kind"]))
}
