//! Prints objects or tables in a [`Format`], which decides what is written at once and what is held until the end.
//!
//! Names, YAML, JSON and KYAML are written while a list arrives, one object at a time. Tables and custom columns hold
//! their cells; templates that visit the items once hold their output; other templates hold the list; objects that are
//! sorted are held as compact JSON. What is held is bounded ([`held::MOST`]).

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use zeroize::Zeroizing;

use super::{
    Format, Order, columns, held, name,
    per_item::{self, PerItem},
    sort::{Key, SortBy},
    table::{self, Style, Table},
};
use context::{Out, output_error};
use error::{Error, Result};
use go::{json_write, jsonpath, template};
use secret::Object;

/// The options that decide how objects are printed.
pub struct Options {
    /// `--show-managed-fields`; for JSON, YAML and KYAML only, as in kubectl.
    pub show_managed_fields: bool,
    /// The order of members in JSON and KYAML of a single object.
    pub order: Order,
    /// `--sort-by`
    pub sort_by: Option<SortBy>,
    /// The flags of tables.
    pub table: table::Options,
    /// The destination of the output.
    pub style: Style,
    /// The time for which ages are computed.
    pub now: Timestamp,
    /// `metadata.resourceVersion` of a list: empty for `get`, `None` for `apply`.
    pub list_version: Option<&'static str>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            show_managed_fields: false,
            order: Order::Sorted,
            sort_by: None,
            table: table::Options::default(),
            style: Style::default(),
            now: Timestamp::UNIX_EPOCH,
            list_version: Some(""),
        }
    }
}

/// An output in progress.
pub struct Printer {
    format: Format,
    options: Options,
    mode: Mode,
    table: Table,
    lines: Option<columns::Lines>,
    /// Objects that are to be sorted, as JSON, and their keys.
    unsorted: Vec<Zeroizing<Vec<u8>>>,
    keys: Vec<Key>,
    /// How many bytes of objects and keys are held.
    held: usize,
    printed: usize,
    buffer: Vec<u8>,
}

/// How the objects are related.
enum Mode {
    /// Each is printed by itself.
    Single,
    /// They are items of a list, each with lines of its own.
    Lines,
    /// They are items of a list that is one document, written as they arrive.
    Document(Document),
    /// They are items of a list for a template that can run on one after the other.
    PerItem {
        /// How the outputs are joined.
        how: PerItem,
        /// The output of a jsonpath template so far. Why held: kubectl prints nothing before an error.
        output: String,
        /// Whether the output has a result.
        has_result: bool,
    },
    /// They are items of a list for a template that needs all of them.
    Whole(Vec<Object>),
}

enum Document {
    Yaml(yaml::write::List),
    Json(json_write::List),
    Kyaml(yaml::kyaml::List),
}

impl Mode {
    /// Returns the mode for the items of a list; `made` if the list does not come from the server.
    fn of_list(format: &Format, made: bool) -> Self {
        let per_item = match format {
            Format::Yaml => return Self::Document(Document::Yaml(yaml::write::List::default())),
            Format::Json if made => return Self::Document(Document::Json(json_write::List::made())),
            Format::Json => return Self::Document(Document::Json(json_write::List::default())),
            Format::Kyaml if made => return Self::Document(Document::Kyaml(yaml::kyaml::List::made())),
            Format::Kyaml => return Self::Document(Document::Kyaml(yaml::kyaml::List::default())),
            Format::Table { .. } | Format::Name | Format::Message | Format::Columns(_) => return Self::Lines,
            Format::JsonPath { text, as_json: false, .. } => per_item::of_jsonpath(text),
            Format::JsonPath { .. } => None,
            Format::GoTemplate { text, .. } => per_item::of_gotemplate(text),
        };
        match per_item {
            Some(how) => Self::PerItem { how, output: String::new(), has_result: false },
            None => Self::Whole(Vec::new()),
        }
    }
}

impl Printer {
    /// Returns a printer for single objects, each printed by itself.
    pub fn new(format: Format, mut options: Options) -> Self {
        if let Format::Table { wide } = format {
            options.table.wide = wide;
        }
        let table = Table::new(options.table.clone(), options.style);
        Self {
            format,
            options,
            mode: Mode::Single,
            table,
            lines: None,
            unsorted: Vec::new(),
            keys: Vec::new(),
            held: 0,
            printed: 0,
            buffer: Vec::new(),
        }
    }

    /// Returns a printer for the items of one list.
    pub fn of_list(format: Format, options: Options) -> Self {
        let mode = Mode::of_list(&format, options.list_version.is_none());
        Self { mode, ..Self::new(format, options) }
    }

    /// Returns the format.
    pub fn format(&self) -> &Format {
        &self.format
    }

    /// Sets the kind of the next rows, by default `secret`. Each kind has a table of its own.
    ///
    /// # Errors
    /// If `--sort-by` names a field that no row so far has.
    pub fn kind(&mut self, kind: &'static str) -> Result<()> {
        if !self.table.is_of(kind) {
            self.sort_rows()?;
            self.table.kind(kind);
        }
        Ok(())
    }

    /// Sorts the rows that are held.
    fn sort_rows(&mut self) -> Result<()> {
        let (Some(sort), true) = (&self.options.sort_by, self.table.rows() > 0 && self.unsorted.is_empty()) else {
            return Ok(());
        };
        // A single row need not be sorted, so it need not have the field.
        if self.table.rows() > 1 {
            let order = sort.order(&self.keys)?;
            if self.table.rows() == order.len() {
                self.table.reorder(&order);
            }
        }
        self.keys.clear();
        Ok(())
    }

    /// Prints an object, or holds it until the end; it may be changed or moved out. An object without a kind is a
    /// Secret.
    pub fn object(&mut self, object: &mut Json, out: &mut dyn Out) -> Result<()> {
        if let Some(map) = object.as_object_mut().filter(|map| !map.contains_key("kind")) {
            map.insert("apiVersion".to_owned(), Json::from("v1"));
            map.insert("kind".to_owned(), Json::from("Secret"));
        }
        if let (Some(sort), false) = (&self.options.sort_by, matches!(self.mode, Mode::Single)) {
            let key = sort.key(object)?;
            if matches!(self.format, Format::Name) {
                let [version, kind] = ["apiVersion", "kind"].map(|field| object[field].take());
                let name = object["metadata"]["name"].take();
                *object = json!({ "apiVersion": version, "kind": kind, "metadata": { "name": name } });
            }
            let mut text = Vec::new();
            json_write::write_compact(object, Order::Sorted, &mut text);
            text.shrink_to_fit();
            self.held += key.held() + size_of::<Zeroizing<Vec<u8>>>() + text.capacity();
            self.keys.push(key);
            self.unsorted.push(Zeroizing::new(text));
            return self.check_held();
        }
        self.print(object, out)?;
        self.check_held()
    }

    /// Checks the limit on what is held.
    fn check_held(&self) -> Result<()> {
        let lines = self.lines.as_ref().map_or(0, columns::Lines::held);
        let output = if let Mode::PerItem { output, .. } = &self.mode { output.capacity() } else { 0 };
        held::check(self.held + self.table.held() + lines + output)
    }

    /// Forgets that objects were printed, so that there is no separator before the next one.
    pub fn begin_anew(&mut self) {
        self.printed = 0;
    }

    /// Prints a line about what was done, or the object if a format was requested. `operation` is the text after the
    /// name: `created`, `patched (dry run)`.
    pub fn done(&mut self, object: &mut Json, operation: &str, out: &mut dyn Out) -> Result<()> {
        match self.format {
            Format::Message => writeln!(out, "{}", name::result(object, operation)).map_err(output_error),
            _ => self.object(object, out),
        }
    }

    /// Adds a page of a list that was requested as a Table. A server without Tables sends objects, which get the
    /// columns NAME and AGE.
    pub fn page(&mut self, page: &Json) -> Result<()> {
        let rows = page["rows"].as_array().into_iter().flatten();
        let items = page["items"].as_array().into_iter().flatten();
        if let Some(sort) = &self.options.sort_by {
            for object in rows.map(|row| &row["object"]).chain(items.clone()) {
                let key = sort.key(object)?;
                self.held += key.held();
                self.keys.push(key);
            }
        }
        self.table.page(page);
        for object in items {
            self.table.object(object, self.options.now, None);
        }
        self.check_held()
    }

    /// Prints an event of a watch, for `--output-watch-events`. `object` is a Table if the format is one.
    pub fn event(&mut self, event: &str, object: &mut Json, out: &mut dyn Out) -> Result<()> {
        match self.format {
            Format::Table { .. } if object["kind"] == "Table" => self.table.event(event, object),
            Format::Table { .. } => self.table.object(object, self.options.now, Some(event)),
            Format::Name => self.print(object, out)?,
            Format::Json => {
                self.strip(object);
                self.buffer.clear();
                self.buffer.extend_from_slice(b"{\"type\":");
                json_write::string(event, &mut self.buffer);
                self.buffer.extend_from_slice(b",\"object\":");
                json_write::write_compact(object, Order::Sorted, &mut self.buffer);
                self.buffer.extend_from_slice(b"}\n");
                out.write_all(&self.buffer).map_err(output_error)?;
            }
            _ => {
                self.strip(object);
                self.print(&mut json!({ "type": event, "object": object.take() }), out)?;
            }
        }
        Ok(())
    }

    /// Writes the rows that are held, as a watch does after each event.
    pub fn flush(&mut self, out: &mut dyn Out) -> Result<()> {
        self.table.flush(out.styled()).map_err(output_error)?;
        if let Some(lines) = &mut self.lines {
            out.write_all(lines.take().as_bytes()).map_err(output_error)?;
        }
        Ok(())
    }

    /// Writes all that is held: rows, sorted objects, the end of the list. Returns how many objects or rows were
    /// printed.
    pub fn end(mut self, out: &mut dyn Out) -> Result<usize> {
        self.sort_rows()?;
        if let Some(sort) = &self.options.sort_by {
            let order = sort.order(&self.keys)?;
            let unsorted = std::mem::take(&mut self.unsorted);
            for text in order.into_iter().filter_map(|index| unsorted.get(index)) {
                let mut object = Object::new(serde_json::from_slice(text).unwrap_or_default());
                self.print(object.json_mut(), out)?;
            }
        }
        let rows = self.table.rows() + self.table.ended();
        let list_version = self.options.list_version;
        match std::mem::replace(&mut self.mode, Mode::Single) {
            Mode::Document(Document::Yaml(list)) => list.end(list_version, out).map_err(output_error)?,
            Mode::Document(Document::Json(list)) => list.end(list_version, out).map_err(output_error)?,
            Mode::Document(Document::Kyaml(list)) => list.end(list_version, out).map_err(output_error)?,
            Mode::PerItem { .. } if self.printed == 0 => self.template(self.list_of(Vec::new()).json(), out)?,
            Mode::PerItem { output, .. } => out.write_all(output.as_bytes()).map_err(output_error)?,
            Mode::Whole(waiting) => {
                let list = self.list_of(waiting.into_iter().map(Object::into_json).collect());
                self.template(list.json(), out)?;
            }
            Mode::Lines => self.begin_columns(out)?,
            Mode::Single => {}
        }
        self.flush(out)?;
        Ok(self.printed + rows)
    }

    fn print(&mut self, object: &mut Json, out: &mut dyn Out) -> Result<()> {
        self.printed += 1;
        if self.format.is_objects() {
            self.strip(object);
        }
        match &mut self.mode {
            Mode::Document(Document::Yaml(list)) => {
                return list.item(object, out).map_err(output_error);
            }
            Mode::Document(Document::Json(list)) => {
                return list.item(object, out).map_err(output_error);
            }
            Mode::Document(Document::Kyaml(list)) => {
                return list.item(object, out).map_err(output_error);
            }
            Mode::PerItem { .. } => return self.item(object, out),
            Mode::Whole(waiting) => {
                self.held += held::size_of(object);
                waiting.push(Object::new(object.take()));
                return Ok(());
            }
            Mode::Single | Mode::Lines => {}
        }
        self.buffer.clear();
        match &self.format {
            Format::Table { .. } => {
                self.printed -= 1;
                match object["kind"].as_str() {
                    Some("Secret") => self.table.kind("secret"),
                    Some("Namespace") => self.table.kind("namespace"),
                    _ => {}
                }
                self.table.object(object, self.options.now, None);
            }
            Format::Message | Format::Name => {
                self.buffer.extend_from_slice(name::of(object).as_bytes());
                self.buffer.push(b'\n');
            }
            Format::Yaml => {
                if self.printed > 1 {
                    self.buffer.extend_from_slice(b"---\n");
                }
                yaml::write::write(object, &mut self.buffer);
            }
            Format::Json => json_write::write(object, self.options.order, &mut self.buffer),
            Format::Kyaml => yaml::kyaml::write(object, self.options.order, &mut self.buffer),
            Format::JsonPath { .. } | Format::GoTemplate { .. } => return self.template(object, out),
            Format::Columns(_) => {
                self.begin_columns(out)?;
                let added = self.lines.as_mut().map_or(Ok(()), |lines| lines.object(object));
                return added.or_else(|error| self.flush(out).and(Err(error)));
            }
        }
        out.write_all(&self.buffer).map_err(output_error)
    }

    /// Removes `managedFields`, unless they were requested.
    fn strip(&self, object: &mut Json) {
        if let (false, Some(metadata)) =
            (self.options.show_managed_fields, object.get_mut("metadata").and_then(Json::as_object_mut))
        {
            metadata.remove("managedFields");
        }
    }

    /// Writes the headers of custom columns, once.
    fn begin_columns(&mut self, out: &mut dyn Out) -> Result<()> {
        if let (Format::Columns(columns), None) = (&self.format, &self.lines) {
            let (lines, parsed) = columns.begin(self.options.style);
            self.lines = Some(lines);
            return parsed.or_else(|error| self.flush(out).and(Err(error)));
        }
        Ok(())
    }

    /// Returns the list that a template gets.
    fn list_of(&self, items: Vec<Json>) -> Object {
        let metadata = self.options.list_version.map_or(json!({}), |version| json!({ "resourceVersion": version }));
        let mut list = json!({ "apiVersion": "v1", "kind": "List", "metadata": metadata });
        list["items"] = Json::Array(items);
        Object::new(list)
    }

    /// Runs the template on a list with one item; the output is a part of that for the whole list.
    fn item(&mut self, object: &mut Json, out: &mut dyn Out) -> Result<()> {
        let list = self.list_of(vec![object.take()]);
        let (Mode::PerItem { how, output, has_result }, Format::JsonPath { text, path, .. }) =
            (&mut self.mode, &self.format)
        else {
            return self.template(list.json(), out);
        };
        let failed = |error: String| Error::new(jsonpath::execute_failure(text, &error));
        if *how == PerItem::Joined {
            // An empty string is a result, too, and is separated by a space.
            if path.find(list.json()).map_err(failed)?.iter().all(Vec::is_empty) {
                return Ok(());
            }
            if *has_result {
                output.push(' ');
            }
            *has_result = true;
        }
        output.push_str(&path.execute(list.json()).map_err(failed)?);
        Ok(())
    }

    /// Runs the template. Invariant: an error shows no value; kubectl prints the whole object after it.
    fn template(&self, data: &Json, out: &mut dyn Out) -> Result<()> {
        let mut write = |text: &[u8]| out.write_all(text).map_err(output_error);
        match &self.format {
            Format::JsonPath { text, path, as_json } => {
                let result = if *as_json { path.execute_as_json(data) } else { path.execute(data) };
                write(result.map_err(|error| Error::new(jsonpath::execute_failure(text, &error)))?.as_bytes())
            }
            Format::GoTemplate { text, template, allow_missing } => {
                let (output, error) = template.execute(data, *allow_missing);
                write(&output)?;
                error.map_or(Ok(()), |error| Err(Error::new(template::execute_failure(text, &error))))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
