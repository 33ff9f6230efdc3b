//! `--output=plaintext`: the output of kubectl's template of that name for a document of OpenAPI v3.

use std::cell::Cell;

use serde_json::Value as Json;

use super::{
    DEEPEST, Document, Explained, MOST, Request,
    document::{KINDS, inner, truthy},
    wrap::{indented, words},
};

/// Explains a resource, or a field of it.
pub fn explain(document: &Document<'_>, request: &Request) -> Explained {
    let failed = |text, error| Explained { text, error: Some(error) };
    let Some(kind) = kind(document, request) else {
        return failed(String::new(), format!("GVR ({request}) not found in OpenAPI schema"));
    };
    let text = |field: &str| kind[field].as_str().unwrap_or_default();
    let mut out = String::new();
    if !text("group").is_empty() {
        out.push_str(&format!("GROUP:      {}\n", text("group")));
    }
    out.push_str(&format!("KIND:       {}\nVERSION:    {}\n\n", text("kind"), text("version")));
    let Some(schema) = document.of_kind(|known| *known == kind) else {
        return failed(out, format!("GVK {} not found in OpenAPI schema", in_go(&kind)));
    };
    let writer = Writer { document, request, steps: Cell::new(0) };
    let explained = writer.output(&schema, &request.fields, Trail::default(), 0);
    if explained.len() > MOST || writer.steps.get() > MOST_STEPS {
        return failed(out, "the server's document is too long when its references are followed".to_owned());
    }
    if explained.is_empty() {
        let field = request.fields.last().map(String::as_str).unwrap_or_default();
        return failed(out, format!("field \"{field}\" does not exist"));
    }
    Explained { text: format!("{out}{explained}\n"), error: None }
}

/// Finds the kind of the resource, in the operations of its paths.
fn kind(document: &Document<'_>, request: &Request) -> Option<Json> {
    let Request { group, version, resource, .. } = request;
    let prefix = if group.is_empty() { format!("/api/{version}") } else { format!("/apis/{group}/{version}") };
    let mut kind = None;
    for path in [format!("{prefix}/{resource}"), format!("{prefix}/namespaces/{{namespace}}/{resource}")] {
        for path in [path.clone(), format!("{path}/{{name}}")] {
            let Some(operations) = document.path(&path) else { continue };
            let methods =
                ["get", "post", "put", "patch", "delete"].into_iter().filter(|method| truthy(&operations[*method]));
            for method in methods {
                // As in the template, an operation without a kind resets that of the one before.
                kind = Some(operations[method][KINDS].clone()).filter(truthy);
                if kind.is_some() {
                    break;
                }
            }
        }
    }
    kind
}

/// Formats a kind as Go formats a map.
fn in_go(kind: &Json) -> String {
    let members = kind.as_object().into_iter().flatten();
    let members = members.map(|(name, value)| format!("{name}:{}", value.as_str().unwrap_or_default()));
    format!("map[{}]", members.collect::<Vec<_>>().join(" "))
}

/// How many schemas are visited. Why: in a malicious document, following references need not end.
const MOST_STEPS: usize = 100_000;

struct Writer<'w, 'd> {
    document: &'w Document<'d>,
    request: &'w Request,
    steps: Cell<usize>,
}

/// The references that led to a schema, the latest first.
#[derive(Clone, Copy, Default)]
struct Trail<'t> {
    reference: &'t str,
    before: Option<&'t Trail<'t>>,
    length: usize,
}

impl<'t> Trail<'t> {
    fn with(&'t self, reference: &'t str) -> Self {
        Self { reference, before: Some(self), length: self.length + 1 }
    }

    /// Returns `true` if the reference was followed already.
    fn has(&self, reference: &str) -> bool {
        !reference.is_empty()
            && (self.reference == reference || self.before.is_some_and(|before| before.has(reference)))
    }
}

impl Writer<'_, '_> {
    /// Returns `true` if the limit of visited schemas is reached.
    fn is_spent(&self) -> bool {
        self.steps.set(self.steps.get() + 1);
        self.steps.get() > MOST_STEPS
    }

    /// Follows the path, then describes its schema. Returns an empty text if the path leads to none.
    fn output(&self, schema: &Json, path: &[String], trail: Trail<'_>, depth: usize) -> String {
        let reference = schema["$ref"].as_str().unwrap_or_default();
        let resolved = self.document.resolved(schema);
        let Some((first, rest)) = path.split_first() else { return self.description_and_fields(&resolved) };
        if self.is_spent() || depth > DEEPEST || trail.has(reference) {
            return String::new();
        }
        let within = |schema: &Json| self.output(schema, path, trail.with(reference), depth + 1);
        if let Some(property) = resolved["properties"].get(first).filter(|property| truthy(property)) {
            let mut out = String::new();
            if rest.is_empty() {
                out = format!("FIELD: {first} <{}>\n", self.type_of(property));
                if let Some(values) = property["enum"].as_array().filter(|values| !values.is_empty()) {
                    out.push_str("ENUM:");
                    values.iter().for_each(|value| out.push_str(&format!("\n    {}", shown(value))));
                }
                out.push_str("\n\n");
            }
            return out + &self.output(property, rest, Trail::default(), depth + 1);
        }
        if let Some(items) = resolved.get("items").filter(|items| truthy(items)) {
            return within(items);
        }
        if let Some(values) = inner(&resolved, "additionalProperties") {
            return within(values);
        }
        let alternatives = resolved["allOf"].as_array().into_iter().flatten();
        alternatives.map(within).find(|text| !text.is_empty()).unwrap_or_default()
    }

    fn description_and_fields(&self, schema: &Json) -> String {
        let mut description = String::new();
        self.describe(schema, 0, &mut description);
        if description.is_empty() {
            "<empty>".clone_into(&mut description);
        }
        let mut out = format!("DESCRIPTION:\n{}\n", indented(&words(&description, 76), 4));
        let docs = external_docs(&schema["externalDocs"], 0, 76);
        if !docs.is_empty() {
            out.push('\n');
            out.push_str(&docs);
        }
        let mut fields = String::new();
        self.fields(schema, 1, Trail::default(), &mut fields);
        if !fields.is_empty() {
            out.push_str("FIELDS:\n");
            out.push_str(&fields);
        }
        out
    }

    /// Adds the descriptions of a schema and of all its parts, a line each.
    fn describe(&self, schema: &Json, depth: usize, out: &mut String) {
        if self.is_spent() || depth > DEEPEST || out.len() > MOST {
            return;
        }
        let schema = self.document.resolved(schema);
        if let Some(text) = schema["description"].as_str().filter(|text| !text.is_empty()) {
            out.push_str(text);
            out.push('\n');
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.describe(part, depth + 1, out);
        }
        if let Some(items) = schema.get("items").filter(|items| truthy(items)) {
            self.describe(items, depth + 1, out);
        }
        if let Some(values) = inner(&schema, "additionalProperties") {
            self.describe(values, depth + 1, out);
        }
    }

    /// Adds the fields of a schema; with `--recursive` also those below them, without descriptions.
    fn fields(&self, schema: &Json, level: usize, trail: Trail<'_>, out: &mut String) {
        let reference = schema["$ref"].as_str().unwrap_or_default();
        if trail.has(reference) || self.is_spent() || trail.length > DEEPEST || out.len() > MOST {
            return;
        }
        let trail = trail.with(reference);
        let resolved = self.document.resolved(schema);
        let Request { recursive, max_depth, .. } = self.request;
        for (name, field) in resolved["properties"].as_object().into_iter().flatten() {
            let required = resolved["required"].as_array().into_iter().flatten().any(|known| known == name);
            self.field(name, field, required, level, out);
            if *recursive && (*max_depth == 0 || level < *max_depth) {
                self.fields(field, level + 1, trail, out);
            }
        }
        for part in resolved["allOf"].as_array().into_iter().flatten() {
            self.fields(part, level, trail, out);
        }
        if let Some(items) = resolved.get("items").filter(|items| truthy(items)) {
            self.fields(items, level, trail, out);
        }
        if let Some(values) = inner(&resolved, "additionalProperties") {
            self.fields(values, level, trail, out);
        }
    }

    fn field(&self, name: &str, schema: &Json, required: bool, level: usize, out: &mut String) {
        const MOST_VALUES: usize = 4;
        let indent = level * 2;
        out.push_str(&format!("{}\t<{}>", indented(name, indent), self.type_of(schema)));
        if required {
            out.push_str(" -required-");
        }
        if let Some(values) = schema["enum"].as_array().filter(|values| !values.is_empty()) {
            let shown: Vec<String> = values.iter().take(MOST_VALUES).map(shown).collect();
            let more = if values.len() > MOST_VALUES { ", ...." } else { "" };
            out.push_str(&format!("\n{}enum: {}{more}", " ".repeat(indent), shown.join(", ")));
        }
        out.push('\n');
        if self.request.recursive {
            return;
        }
        let description = schema["description"].as_str().filter(|text| !text.is_empty()).unwrap_or("<no description>");
        out.push_str(&indented(&words(description, 78_usize.saturating_sub(indent)), indent + 2));
        out.push('\n');
        let docs = external_docs(&schema["externalDocs"], indent + 2, 76_usize.saturating_sub(indent));
        if !docs.is_empty() {
            out.push('\n');
            out.push_str(&docs);
        }
        out.push('\n');
    }

    /// Returns the type in kubectl's notation: `string`, `[]Object`, `map[string]string`, `ObjectMeta`.
    fn type_of(&self, schema: &Json) -> String {
        let parts = schema["allOf"].as_array().map(Vec::as_slice).unwrap_or_default();
        if let Some(items) = schema.get("items").filter(|items| truthy(items)) {
            return format!("[]{}", self.type_of(items));
        }
        if let Some(values) = inner(schema, "additionalProperties") {
            return format!("map[string]{}", self.type_of(values));
        }
        if let ([part], false) = (parts, truthy(&schema["properties"])) {
            return self.type_of(part);
        }
        let plain = |schema: &Json| schema["type"].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        if let Some(reference) = schema["$ref"].as_str().filter(|reference| !reference.is_empty()) {
            let found = self.document.schema(reference).and_then(|schema| plain(&schema));
            return match found.filter(|kind| kind != "object") {
                Some(kind) => kind,
                None => {
                    reference.rsplit(['/', '.']).next().filter(|name| !name.is_empty()).unwrap_or("Object").to_owned()
                }
            };
        }
        plain(schema).filter(|kind| kind != "object").unwrap_or_else(|| "Object".to_owned())
    }
}

/// Returns a value of an enumeration as text.
fn shown(value: &Json) -> String {
    match value.as_str() {
        Some("") => "\"\"".to_owned(),
        Some(text) => text.to_owned(),
        None => value.to_string(),
    }
}

fn external_docs(docs: &Json, indent: usize, limit: usize) -> String {
    if !truthy(docs) {
        return String::new();
    }
    let mut out = indented("EXTERNAL DOCS:", indent) + "\n";
    let deeper = if indent == 0 { 4 } else { indent + 2 };
    if let Some(text) = docs["description"].as_str().filter(|text| !text.is_empty()) {
        out.push_str(&indented(&words(text, limit), deeper));
        out.push('\n');
    }
    if let Some(url) = docs["url"].as_str().filter(|url| !url.is_empty()) {
        out.push_str(&indented(&format!("URL: {url}"), deeper));
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Returns a document in which each of many schemas refers to the next one twice.
    fn endless(part: impl Fn(Json) -> Json) -> String {
        let mut schemas = serde_json::Map::new();
        for level in 0..60 {
            let next = json!({"$ref": format!("#/components/schemas/{}", level + 1)});
            schemas.insert(level.to_string(), part(next));
        }
        schemas["0"][KINDS] = json!([{"kind": "X"}]);
        let paths = json!({"/api/v1/xs": {"get": {KINDS: {"kind": "X"}}}});
        json!({"paths": paths, "components": {"schemas": schemas}}).to_string()
    }

    #[test]
    fn a_document_without_end_is_refused() {
        let fields = endless(|next| json!({"properties": {"a": next.clone(), "b": next}}));
        let parts = endless(|next| json!({"allOf": [next.clone(), next]}));
        for (text, path, recursive) in [(&fields, None, true), (&parts, Some("x"), false), (&parts, None, false)] {
            let document = Document::parse(text.as_bytes()).expect("a document");
            let request = Request {
                version: "v1".to_owned(),
                resource: "xs".to_owned(),
                fields: path.map(str::to_owned).into_iter().collect(),
                recursive,
                ..Request::default()
            };
            let error = explain(&document, &request).error.expect("an error");
            assert!(error.contains("too long"), "{error}");
        }
    }
}
