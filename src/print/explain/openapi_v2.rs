//! `--output=plaintext-openapiv2`: kubectl's older form of explain. Also reads documents of version 3, which have the
//! same parts of a schema.

use serde_json::Value as Json;

use super::{DEEPEST, Document, Explained, MOST, Request, document::truthy, wrap::filled};
use go::quote::quote;

/// Explains a resource, or a field of it.
pub fn explain(document: &Document<'_>, request: &Request) -> Explained {
    let wanted = |known: &Json| {
        known["group"] == request.group.as_str()
            && known["version"] == request.version.as_str()
            && known["kind"] == request.kind.as_str()
    };
    let failed = |error| Explained { text: String::new(), error: Some(error) };
    let Some(schema) = document.of_kind(wanted) else {
        return failed(format!("couldn't find resource for {}", quote(&request.group_version_kind())));
    };
    let mut writer = Writer { document, request, out: String::new(), visited: Vec::new() };
    let schema = match writer.lookup(&schema, &request.fields) {
        Ok(schema) => schema,
        Err(field) => return failed(format!("field {} does not exist", quote(&field))),
    };
    writer.model(&schema, Vec::new(), String::new());
    if writer.out.len() > MOST {
        return failed("the server's document is too long when its references are followed".to_owned());
    }
    Explained { text: writer.out, error: None }
}

/// The kinds of schemas of kube-openapi's `proto.Schema`.
enum Shape<'s> {
    Reference(&'s str),
    /// An object with fields.
    Kind,
    /// A map with values of this schema, or of any.
    Map(Option<&'s Json>),
    Array(&'s Json),
    Primitive(&'s str),
    Arbitrary,
}

fn shape(schema: &Json) -> Shape<'_> {
    if let Some(reference) = schema["$ref"].as_str() {
        return Shape::Reference(reference);
    }
    // Version 3 allows no description beside a reference, so the reference is the only part of an `allOf`.
    if let Some([part]) = schema["allOf"].as_array().map(Vec::as_slice)
        && let (Some(reference), None) = (part["$ref"].as_str(), schema.get("properties"))
    {
        return Shape::Reference(reference);
    }
    match schema["type"].as_str() {
        None | Some("object") if truthy(&schema["properties"]) => Shape::Kind,
        None => Shape::Arbitrary,
        Some("object") => Shape::Map(schema.get("additionalProperties").filter(|values| values.is_object())),
        Some("array") => schema.get("items").map_or(Shape::Arbitrary, Shape::Array),
        Some(kind) => Shape::Primitive(kind),
    }
}

fn description(schema: &Json) -> &str {
    schema["description"].as_str().unwrap_or_default()
}

struct Writer<'w, 'd> {
    document: &'w Document<'d>,
    request: &'w Request,
    out: String,
    /// The references on the way to the current schema.
    visited: Vec<String>,
}

impl Writer<'_, '_> {
    /// Follows the path. A value without fields ends it, even if some of the path is left.
    fn lookup(&self, schema: &Json, path: &[String]) -> Result<Json, String> {
        let (mut schema, mut path) = (schema.clone(), path);
        // Why a bound: references may form a cycle.
        for _ in 0..DEEPEST {
            let Some((first, rest)) = path.split_first() else { break };
            schema = match shape(&schema) {
                Shape::Reference(reference) => self.target(reference),
                Shape::Array(items) => items.clone(),
                Shape::Map(Some(values)) => values.clone(),
                Shape::Kind => {
                    path = rest;
                    schema["properties"].get(first).cloned().ok_or_else(|| first.clone())?
                }
                Shape::Map(None) | Shape::Primitive(_) | Shape::Arbitrary => break,
            };
        }
        Ok(schema)
    }

    fn target(&self, reference: &str) -> Json {
        self.document.schema(reference).map(|schema| Json::clone(&schema)).unwrap_or_default()
    }

    /// Prints a schema. `descriptions` are those of the references that led to it, `kind` is the type that was found on
    /// the way.
    fn model(&mut self, schema: &Json, mut descriptions: Vec<String>, kind: String) {
        let kind_of = |writer: &Self| if kind.is_empty() { writer.type_of(schema, 0) } else { kind.clone() };
        let name = self.request.fields.last().map(String::as_str).unwrap_or_default();
        descriptions.push(description(schema).to_owned());
        if descriptions.len() > DEEPEST {
            return;
        }
        match shape(schema) {
            Shape::Reference(reference) => {
                let target = self.target(reference);
                self.model(&target, descriptions, kind);
            }
            Shape::Array(inner) | Shape::Map(Some(inner)) => {
                let kind = kind_of(self);
                self.model(inner, descriptions, kind);
            }
            Shape::Map(None) => {
                // A map without a schema for its values has their description.
                self.head();
                self.descriptions(&[descriptions.clone(), vec![description(schema).to_owned()]].concat());
            }
            Shape::Arbitrary => {
                self.head();
                self.descriptions(&descriptions);
            }
            Shape::Primitive(_) => {
                let line = format!("FIELD:    {name} <{}>", kind_of(self));
                self.head();
                self.out.push_str(&format!("{line}\n\n"));
                self.descriptions(&descriptions);
            }
            Shape::Kind => {
                let line = format!("RESOURCE: {name} <{}>", kind_of(self));
                let named = !name.is_empty();
                self.head();
                if named {
                    self.out.push_str(&format!("{line}\n\n"));
                }
                self.descriptions(&descriptions);
                self.out.push_str("\nFIELDS:\n");
                if self.request.recursive { self.tree(schema, 1) } else { self.fields(schema) }
            }
        }
    }

    fn head(&mut self) {
        let Request { group, version, kind, .. } = self.request;
        let slash = if group.is_empty() { "" } else { "/" };
        self.out.push_str(&format!("KIND:     {kind}\nVERSION:  {group}{slash}{version}\n\n"));
    }

    fn descriptions(&mut self, descriptions: &[String]) {
        self.out.push_str("DESCRIPTION:\n");
        let mut empty = true;
        for (index, description) in descriptions.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            empty = false;
            if index != 0 {
                self.out.push('\n');
            }
            self.wrapped(description, 5);
        }
        if empty {
            self.wrapped("<empty>", 5);
        }
    }

    fn wrapped(&mut self, text: &str, indent: usize) {
        for line in filled(text, 80 - indent) {
            self.line(&line, indent);
        }
    }

    fn line(&mut self, line: &str, indent: usize) {
        if !line.is_empty() {
            self.out.push_str(&" ".repeat(indent));
            self.out.push_str(line);
        }
        self.out.push('\n');
    }

    fn fields(&mut self, schema: &Json) {
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let is_required = schema["required"].as_array().into_iter().flatten().any(|known| known == name);
            let required = if is_required { " -required-" } else { "" };
            self.line(&format!("{name}\t<{}>{required}", self.type_of(field, 0)), 3);
            self.wrapped(description(field), 5);
            self.out.push('\n');
        }
    }

    /// Prints the fields and those below them.
    fn tree(&mut self, schema: &Json, depth: usize) {
        let most = self.request.max_depth;
        if self.out.len() > MOST || depth > DEEPEST {
            return;
        }
        match shape(schema) {
            Shape::Kind => {
                for (name, field) in schema["properties"].as_object().into_iter().flatten() {
                    self.line(&format!("{name}\t<{}>", self.type_of(field, 0)), 3 * depth);
                    if most == 0 || depth < most {
                        self.tree(field, depth + 1);
                    }
                }
            }
            Shape::Array(inner) | Shape::Map(Some(inner)) => self.tree(inner, depth),
            Shape::Reference(reference) if !self.visited.iter().any(|known| known == reference) => {
                self.visited.push(reference.to_owned());
                let target = self.target(reference);
                self.tree(&target, depth);
                self.visited.pop();
            }
            Shape::Reference(_) | Shape::Map(None) | Shape::Primitive(_) | Shape::Arbitrary => {}
        }
    }

    fn type_of(&self, schema: &Json, depth: usize) -> String {
        if depth > DEEPEST {
            return String::new();
        }
        match shape(schema) {
            Shape::Reference(reference) => self.type_of(&self.target(reference), depth + 1),
            Shape::Kind => "Object".to_owned(),
            Shape::Map(Some(values)) => format!("map[string]{}", self.type_of(values, depth + 1)),
            Shape::Map(None) => "map[string]".to_owned(),
            Shape::Array(items) => format!("[]{}", self.type_of(items, depth + 1)),
            Shape::Primitive(kind) => kind.to_owned(),
            Shape::Arbitrary => String::new(),
        }
    }
}
