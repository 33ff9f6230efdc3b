//! Lists, page by page. The items of a page stay JSON text, so that they can be printed without being parsed.

use std::{
    collections::HashSet,
    hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher},
    ops::Range,
};

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value as Json, json, value::RawValue};

use super::{Answer, Call, Client, answer, expected::Expected, failure::Failure, path::Path};
use go::quote::quote;
use secret::{Object, resource::Resource};

/// The options of a list.
#[derive(Debug, Clone, Default)]
pub struct ListOptions {
    /// `-l`.
    pub label_selector: String,
    /// `--field-selector`.
    pub field_selector: String,
    /// `--chunk-size`; 0 requests all objects at once.
    pub limit: u64,
    /// The `Accept` header; empty for JSON objects.
    pub accept: &'static str,
    /// For a Table: whether rows have whole objects, not their metadata only.
    pub whole_rows: bool,
}

/// A list that is being read.
pub struct Pages<'a> {
    client: &'a Client,
    resource: Resource,
    path: Path,
    options: ListOptions,
    /// The continue token of the next page; `None` after the last.
    next: Option<String>,
    inconsistent: bool,
    /// Hashes of the continue tokens so far.
    seen: HashSet<u64>,
    /// How many of the latest pages had no items.
    empty: usize,
}

/// How many pages a list may have; no cluster has as many objects.
const MOST_PAGES: usize = 1_000_000;
/// How many pages without items may follow each other. Why: they cost a server nothing, and could go on for ever.
const MOST_EMPTY_PAGES: usize = 1000;

/// How many rows of a Table are parsed at once.
const ROWS: usize = 500;

/// A page of a list, or of a Table.
pub struct Page {
    body: Bytes,
    items: Vec<Range<usize>>,
    columns: Option<Range<usize>>,
    /// `SecretList`, `Table`, …
    pub kind: String,
    /// `apiVersion`.
    pub api_version: String,
    /// `metadata.resourceVersion`.
    pub resource_version: String,
    /// Warnings of the server, for the user.
    pub warnings: Vec<String>,
    expected: Expected,
}

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(default)]
    kind: String,
    #[serde(rename = "apiVersion", default)]
    api_version: String,
    #[serde(default)]
    metadata: Metadata,
    #[serde(borrow, default)]
    items: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    rows: Option<Vec<&'a RawValue>>,
    #[serde(borrow, rename = "columnDefinitions", default)]
    columns: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Metadata {
    #[serde(rename = "resourceVersion")]
    resource_version: String,
    #[serde(rename = "continue")]
    continue_token: String,
}

impl Client {
    /// Lists the objects of `resource` at `path`, which is one of [`Client::listed`].
    pub fn list(&self, resource: Resource, path: Path, options: ListOptions) -> Pages<'_> {
        Pages {
            client: self,
            resource,
            path,
            options,
            next: Some(String::new()),
            inconsistent: false,
            seen: HashSet::new(),
            empty: 0,
        }
    }
}

fn hash(token: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(token)
}

impl Pages<'_> {
    /// Returns the next page, or `None` after the last.
    ///
    /// If the snapshot of the list is no longer kept (410), the rest is read from the current state, with the token
    /// that the server provides for that. No item is returned twice, but changes made meanwhile may be visible, and
    /// [`Pages::inconsistent`] returns `true`.
    ///
    /// # Errors
    /// As [`Client::call`]; errors about selectors in kubectl's words.
    pub async fn next(&mut self) -> Result<Option<Page>, Failure> {
        let Some(mut token) = self.next.take() else { return Ok(None) };
        loop {
            let answer = self.client.call(self.call(&token)).await;
            match answer.and_then(|answer| Page::parse(answer, self.resource)) {
                Ok((page, next)) => {
                    // Why: a token that was used before would repeat pages for ever.
                    if !next.is_empty() && !self.seen.insert(hash(&next)) {
                        return Err(Failure::other("the server's list has no end: a continue token came round again"));
                    }
                    self.empty = if page.is_empty() { self.empty + 1 } else { 0 };
                    if self.empty > MOST_EMPTY_PAGES || self.seen.len() > MOST_PAGES {
                        return Err(Failure::other("the server's list has no end: it has too many pages"));
                    }
                    self.next = Some(next).filter(|next| !next.is_empty());
                    return Ok(Some(page));
                }
                // The values are large: request fewer objects at once.
                Err(failure) if failure.is_too_large() && self.options.limit != 1 => {
                    self.options.limit = if self.options.limit == 0 { 500 } else { (self.options.limit / 8).max(1) };
                }
                Err(failure) => {
                    let fresh = match failure.status() {
                        Some(status) if failure.is_expired() && !token.is_empty() => status.continue_token.clone(),
                        _ => String::new(),
                    };
                    if fresh.is_empty() || self.inconsistent {
                        return Err(self.enhance(failure));
                    }
                    self.inconsistent = true;
                    token = fresh;
                }
            }
        }
    }

    /// Returns `true` if the rest of the list is newer than its beginning.
    pub fn inconsistent(&self) -> bool {
        self.inconsistent
    }

    fn call(&self, token: &str) -> Call {
        let mut call = Call::get(self.path.clone());
        if !self.options.accept.is_empty() {
            call.accept = self.options.accept;
        }
        let include = if self.options.whole_rows { "Object" } else { "" };
        let limit = if self.options.limit > 0 { self.options.limit.to_string() } else { String::new() };
        for (name, value) in [
            ("labelSelector", self.options.label_selector.as_str()),
            ("fieldSelector", &self.options.field_selector),
            ("limit", &limit),
            ("continue", token),
            ("includeObject", include),
        ] {
            if !value.is_empty() {
                call = call.query(name, value);
            }
        }
        call
    }

    /// Words a failure as cli-runtime's `EnhanceListError` does.
    fn enhance(&self, failure: Failure) -> Failure {
        if !matches!(failure.reason(), "BadRequest" | "NotFound") {
            return failure;
        }
        let subject = format!("/v1, Resource={}", self.resource.plural());
        let ListOptions { label_selector, field_selector, .. } = &self.options;
        failure.map_message(|message| {
            if label_selector.is_empty() && field_selector.is_empty() {
                format!("Unable to list {}: {message}", quote(&subject))
            } else {
                format!(
                    "Unable to find {} that match label selector {}, field selector {}: {message}",
                    quote(&subject),
                    quote(label_selector),
                    quote(field_selector)
                )
            }
        })
    }
}

impl Page {
    fn parse(answer: Answer, resource: Resource) -> Result<(Self, String), Failure> {
        let Answer { body, warnings, expected, .. } = answer;
        answer::check_values(&body)?;
        let wire: Wire<'_> = answer::parse(&body)?;
        let start = body.as_ptr() as usize;
        let place = |raw: &RawValue| {
            let from = (raw.get().as_ptr() as usize).saturating_sub(start);
            from..from + raw.get().len()
        };
        let items = wire.items.or(wire.rows).unwrap_or_default().into_iter().map(place).collect();
        let columns = wire.columns.map(place);
        let Wire { kind, api_version, metadata, .. } = wire;
        let list = kind.strip_suffix("List");
        if !kind.is_empty()
            && kind != "Table"
            && list.is_none_or(|of| ![resource.kind(), "PartialObjectMetadata"].contains(&of))
        {
            return Err(Failure::other(format!(
                "the server answered with something else than a list of {}",
                resource.plural()
            )));
        }
        let resource_version = metadata.resource_version;
        let page = Self { items, columns, kind, api_version, resource_version, warnings, expected, body };
        Ok((page, metadata.continue_token))
    }

    /// Returns the number of items or rows.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Returns `true` if the page has no items or rows.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Returns the items of a list, or the rows of a Table, as JSON text.
    pub fn items(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.items.iter().map(|range| self.body.get(range.clone()).unwrap_or_default())
    }

    /// Returns the items of a list as objects, one at a time, with the kind that items of a list do not have.
    pub fn objects(&self, resource: Resource) -> impl Iterator<Item = Result<Object, Failure>> + '_ {
        self.items().map(move |item| self.object(item, resource))
    }

    fn object(&self, item: &[u8], resource: Resource) -> Result<Object, Failure> {
        let mut object = Object::new(answer::parse_value(item)?);
        self.expected.check_item(object.json())?;
        if let Some(map) = object.json_mut().as_object_mut() {
            map.entry("apiVersion").or_insert_with(|| "v1".into());
            map.entry("kind").or_insert_with(|| resource.kind().into());
        }
        Ok(object)
    }

    /// Returns the rows of a Table as Tables of at most [`ROWS`] rows, each with the columns. Why: parsed rows take
    /// many times their text, and a server may send all rows in one page.
    pub fn tables(&self) -> impl Iterator<Item = Result<Object, Failure>> + '_ {
        self.items.chunks(ROWS).map(|rows| self.table(rows))
    }

    fn table(&self, rows: &[Range<usize>]) -> Result<Object, Failure> {
        let mut table = Object::new(json!({ "kind": self.kind, "apiVersion": self.api_version }));
        if let Some(columns) = self.columns() {
            table.json_mut()["columnDefinitions"] = answer::parse(columns)?;
        }
        let row = |place: &Range<usize>| answer::parse(self.body.get(place.clone()).unwrap_or_default());
        table.json_mut()["rows"] = Json::Array(rows.iter().map(row).collect::<Result<_, _>>()?);
        self.expected.check(table.json())?;
        Ok(table)
    }

    /// Returns `columnDefinitions` of a Table as JSON text.
    pub fn columns(&self) -> Option<&[u8]> {
        self.columns.as_ref().and_then(|range| self.body.get(range.clone()))
    }

    /// Returns the body of the page as it was received.
    pub fn body(&self) -> &Bytes {
        &self.body
    }
}
