//! An OpenAPI document. Only the schemas that are needed are parsed.

use std::{cell::RefCell, collections::BTreeMap, ops::Deref, rc::Rc};

use serde::Deserialize;
use serde_json::{Value as Json, value::RawValue};

/// The extension with the kinds of a schema.
pub const KINDS: &str = "x-kubernetes-group-version-kind";

/// An OpenAPI document of version 3 or 2.
pub struct Document<'d> {
    raw: Raw<'d>,
    parsed: RefCell<BTreeMap<String, Rc<Json>>>,
}

#[derive(Deserialize)]
struct Raw<'d> {
    #[serde(borrow, default)]
    paths: BTreeMap<String, &'d RawValue>,
    #[serde(borrow, default)]
    components: Components<'d>,
    /// The schemas of version 2.
    #[serde(borrow, default)]
    definitions: BTreeMap<String, &'d RawValue>,
}

#[derive(Deserialize, Default)]
struct Components<'d> {
    #[serde(borrow, default)]
    schemas: BTreeMap<String, &'d RawValue>,
}

impl<'d> Document<'d> {
    /// Reads a document.
    ///
    /// # Errors
    /// If it is not an OpenAPI document.
    pub fn parse(body: &'d [u8]) -> Result<Self, serde_json::Error> {
        Ok(Self { raw: serde_json::from_slice(body)?, parsed: RefCell::default() })
    }

    /// Returns the part of the document about a path.
    pub fn path(&self, path: &str) -> Option<Json> {
        self.raw.paths.get(path).and_then(|raw| serde_json::from_str(raw.get()).ok())
    }

    /// Returns the schema of a reference, `#/components/schemas/NAME`.
    pub fn schema(&self, reference: &str) -> Option<Rc<Json>> {
        let (schemas, name) = match reference.strip_prefix("#/components/schemas/") {
            Some(name) => (&self.raw.components.schemas, name),
            None => (&self.raw.definitions, reference.strip_prefix("#/definitions/")?),
        };
        if let Some(schema) = self.parsed.borrow().get(name) {
            return Some(Rc::clone(schema));
        }
        let schema: Rc<Json> = Rc::new(serde_json::from_str(schemas.get(name)?.get()).ok()?);
        self.parsed.borrow_mut().insert(name.to_owned(), Rc::clone(&schema));
        Some(schema)
    }

    /// Returns the schema that `schema` refers to, or `schema` itself if it is not a reference.
    pub fn resolved<'s>(&self, schema: &'s Json) -> Resolved<'s> {
        let found = schema["$ref"].as_str().and_then(|reference| self.schema(reference));
        found.filter(|found| truthy(found)).map_or(Resolved::Given(schema), Resolved::Found)
    }

    /// Returns the first schema that is of one of these kinds.
    pub fn of_kind(&self, is_wanted: impl Fn(&Json) -> bool) -> Option<Json> {
        let schemas = self.raw.components.schemas.values().chain(self.raw.definitions.values());
        let schemas = schemas.filter(|raw| raw.get().contains(KINDS));
        schemas
            .filter_map(|raw| serde_json::from_str(raw.get()).ok())
            .find(|schema: &Json| schema[KINDS].as_array().into_iter().flatten().any(&is_wanted))
    }
}

/// A schema, with its reference resolved.
pub enum Resolved<'s> {
    /// The schema that a reference names.
    Found(Rc<Json>),
    /// The schema itself, which was not a reference.
    Given(&'s Json),
}

impl Deref for Resolved<'_> {
    type Target = Json;

    fn deref(&self) -> &Json {
        match self {
            Self::Found(schema) => schema,
            Self::Given(schema) => schema,
        }
    }
}

/// Returns `true` if a Go template would treat the value as true: it exists and is not empty.
pub fn truthy(json: &Json) -> bool {
    match json {
        Json::Null => false,
        Json::Bool(value) => *value,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(items) => !items.is_empty(),
        Json::Object(members) => !members.is_empty(),
    }
}

/// Returns the schema of an array's items, or of a map's values.
pub fn inner<'s>(schema: &'s Json, field: &str) -> Option<&'s Json> {
    schema.get(field).filter(|inner| truthy(inner) && !inner.is_boolean())
}
