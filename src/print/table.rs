//! kubectl's tables: the cells of the server's `Table`, with columns for namespace, kind, labels and event, aligned.
//!
//! Rendered cells are held in one string until [`Table::flush`] writes them. Why: columns are exactly as wide as their
//! widest cell, and a list of 100,000 needs a few megabytes.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use super::escape;
use context::color::{DIM, HEADER, PLAIN};
use go::tabwriter;
use secret::age;

/// The flags of `get` that change tables.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// `-o wide`: also shows columns with a priority.
    pub wide: bool,
    /// `--no-headers`
    pub no_headers: bool,
    /// `-A`: a column NAMESPACE comes first.
    pub with_namespace: bool,
    /// `--show-kind`: names as `secret/NAME`.
    pub with_kind: bool,
    /// `-L`: columns with the values of these labels.
    pub label_columns: Vec<String>,
    /// `--show-labels`: a column with all labels.
    pub show_labels: bool,
}

/// The kind of destination.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Style {
    /// Whether headers are bold and types dim; never for a pipe.
    pub color: bool,
    /// Whether standard output is a terminal, so that text must be sanitized.
    pub terminal: bool,
}

#[derive(Debug, Clone, PartialEq)]
struct Column {
    name: String,
    is_name: bool,
    /// Whether it is shown only with `-o wide`.
    extra: bool,
}

/// The first cell of a row of a watch event.
const EVENT: &str = "Event";
const NAMESPACE: &str = "Namespace";

/// A table that is being filled.
pub struct Table {
    options: Options,
    style: Style,
    /// The latest column definitions of the server, which also hold for a page without definitions.
    columns: Vec<Column>,
    headers_printed: bool,
    with_event: bool,
    kind: &'static str,
    waiting: Rows,
    /// Earlier tables, with rows of other kinds or with other columns.
    finished: String,
    ended: usize,
    /// Whether an empty line precedes the next row.
    gap: bool,
}

/// Rendered rows.
#[derive(Default)]
struct Rows {
    /// The widest cell of each column so far, rows that are written already included.
    widths: Vec<usize>,
    text: String,
    /// The end of each cell in `text`; each row has as many as `widths`.
    ends: Vec<u32>,
}

impl Table {
    /// Returns an empty table.
    pub fn new(options: Options, style: Style) -> Self {
        Self {
            options,
            style,
            columns: Vec::new(),
            headers_printed: false,
            with_event: false,
            kind: "secret",
            waiting: Rows::default(),
            finished: String::new(),
            ended: 0,
            gap: false,
        }
    }

    /// Returns `true` if the rows are of this kind.
    pub fn is_of(&self, kind: &str) -> bool {
        kind == self.kind
    }

    /// Sets the kind of the next rows, in lower case. Rows of another kind form a new table below.
    pub fn kind(&mut self, kind: &'static str) {
        if kind != self.kind {
            self.kind = kind;
            self.end_group();
            self.columns.clear();
        }
    }

    /// Adds the rows of a `meta.k8s.io/v1 Table`. A Table without column definitions has those of the one before.
    pub fn page(&mut self, table: &Json) {
        self.add(table, None);
    }

    /// Adds the rows of a `Table` from a watch, with the column EVENT first (`--output-watch-events`).
    pub fn event(&mut self, event: &str, table: &Json) {
        self.add(table, Some(event));
    }

    /// Adds a row for an object (`--server-print=false`): name and age. `event` as in [`Table::event`].
    pub fn object(&mut self, object: &Json, now: Timestamp, event: Option<&str>) {
        let column = |name: &str, is_name| Column { name: name.to_owned(), is_name, extra: false };
        self.define(vec![column("Name", true), column("Age", false)], event.is_some());
        let created = object["metadata"]["creationTimestamp"].as_str().and_then(|text| text.parse::<Timestamp>().ok());
        let age = created.map_or("<unknown>".to_owned(), |created| age::human(now.as_second() - created.as_second()));
        let cells = [object["metadata"]["name"].clone(), Json::from(age)];
        self.row(&cells, object["metadata"].as_object(), event);
    }

    /// Returns how many rows earlier tables have.
    pub fn ended(&self) -> usize {
        self.ended
    }

    /// Returns how many rows are held.
    pub fn rows(&self) -> usize {
        self.waiting.len()
    }

    /// Returns how many bytes are held.
    pub fn held(&self) -> usize {
        let Rows { text, ends, .. } = &self.waiting;
        text.capacity() + ends.capacity() * size_of::<u32>() + self.finished.capacity()
    }

    /// Reorders the held rows; `order` has the index of each row once.
    pub fn reorder(&mut self, order: &[usize]) {
        let old = std::mem::take(&mut self.waiting);
        for row in order {
            old.row(*row).for_each(|cell| self.waiting.add(cell));
        }
        self.waiting.widths = old.widths;
    }

    /// Writes the held rows, with headers above the first ones. Columns of later rows are at least as wide.
    pub fn flush(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let mut lines = std::mem::take(&mut self.finished);
        self.render(&mut lines, &mut |lines| {
            out.write_all(lines.as_bytes())?;
            lines.clear();
            Ok(())
        })?;
        out.write_all(lines.as_bytes())
    }

    /// Appends the held rows to `lines`, which `full` may empty when it becomes long.
    fn render(&mut self, lines: &mut String, full: &mut dyn FnMut(&mut String) -> io::Result<()>) -> io::Result<()> {
        if self.rows() == 0 {
            return Ok(());
        }
        if std::mem::take(&mut self.gap) {
            lines.push('\n');
        }
        if !self.headers_printed && !self.options.no_headers {
            // Why: the names of columns come from the server, too.
            let header = |name: String| match self.style.terminal {
                true => escape::cell(&name, true).into_owned(),
                false => name,
            };
            let headers: Vec<String> = self.shown().map(|column| header(column.name.to_uppercase())).collect();
            self.waiting.widen(&headers);
            let bold = self.style.color.then_some(HEADER);
            self.waiting.line(headers.iter().map(|header| (header.as_str(), bold)), lines);
        }
        self.headers_printed = true;
        let dim: Vec<_> =
            self.shown().map(|column| (self.style.color && column.name == "Type").then_some(DIM)).collect();
        for row in 0..self.rows() {
            self.waiting.line(self.waiting.row(row).zip(dim.iter().copied()), lines);
            if lines.len() > 16 * 1024 {
                full(lines)?;
            }
        }
        self.waiting.text.clear();
        self.waiting.ends.clear();
        Ok(())
    }

    fn add(&mut self, table: &Json, event: Option<&str>) {
        let definitions = table["columnDefinitions"].as_array().map(Vec::as_slice).unwrap_or_default();
        if !definitions.is_empty() {
            let columns = definitions.iter().map(|definition| Column {
                name: definition["name"].as_str().unwrap_or_default().to_owned(),
                is_name: definition["format"] == "name" && definition["type"] == "string",
                extra: definition["priority"].as_i64().unwrap_or(0) != 0,
            });
            self.define(columns.collect(), event.is_some());
        }
        let rows = table["rows"].as_array().filter(|_| !self.columns.is_empty());
        for row in rows.into_iter().flatten() {
            let cells = row["cells"].as_array().map(Vec::as_slice).unwrap_or_default();
            self.row(cells, row["object"]["metadata"].as_object(), event);
        }
    }

    /// Sets the columns. If they differ from the current ones, the current table ends, with an empty line after it.
    fn define(&mut self, columns: Vec<Column>, with_event: bool) {
        if columns == self.columns && with_event == self.with_event {
            return;
        }
        self.end_group();
        self.columns = columns;
        self.with_event = with_event;
        self.waiting = Rows { widths: vec![0; self.shown().count()], ..Rows::default() };
    }

    /// Ends the current table. The next one follows after an empty line, unless there are no headers.
    fn end_group(&mut self) {
        self.ended += self.rows();
        let mut finished = std::mem::take(&mut self.finished);
        let _ = self.render(&mut finished, &mut |_| Ok(()));
        self.finished = finished;
        self.gap |= self.headers_printed && !self.options.no_headers;
        self.headers_printed = false;
    }

    /// Returns the columns that are printed, with those that the flags add.
    fn shown(&self) -> impl Iterator<Item = Cow<'_, Column>> {
        let made = |name: &str| Cow::Owned(Column { name: name.to_owned(), is_name: false, extra: false });
        let labels =
            self.options.label_columns.iter().map(move |label| made(label.rsplit('/').next().unwrap_or(label)));
        let event = self.with_event.then(|| made(EVENT));
        let namespace = self.options.with_namespace.then(|| made(NAMESPACE));
        let all_labels = self.options.show_labels.then(|| made("Labels"));
        let columns = self.columns.iter().filter(|column| self.options.wide || !column.extra).map(Cow::Borrowed);
        event.into_iter().chain(namespace).chain(columns).chain(labels).chain(all_labels)
    }

    fn row(&mut self, cells: &[Json], metadata: Option<&Map<String, Json>>, event: Option<&str>) {
        let Self { options, columns, waiting, style, kind, .. } = self;
        let field = |name: &str| metadata.and_then(|metadata| metadata.get(name));
        let mut add = |cell: &str| waiting.add(&escape::cell(cell, style.terminal));
        if let Some(event) = event {
            // kubectl pads the events itself.
            add(&format!("{event:<8}"));
        }
        if options.with_namespace {
            add(field("namespace").and_then(Json::as_str).unwrap_or_default());
        }
        for (position, column) in columns.iter().enumerate().filter(|(_, column)| options.wide || !column.extra) {
            let text = match cells.get(position) {
                None | Some(Json::Null) => Cow::Borrowed(""),
                Some(Json::String(text)) => Cow::Borrowed(text.as_str()),
                Some(other) => Cow::Owned(other.to_string()),
            };
            if options.with_kind && column.is_name { add(&format!("{kind}/{text}")) } else { add(&text) }
        }
        let labels = field("labels");
        for label in &options.label_columns {
            add(labels.and_then(|labels| labels.get(label)).and_then(Json::as_str).unwrap_or_default());
        }
        if options.show_labels {
            add(&metadata.map_or(String::new(), |_| format_labels(labels)));
        }
    }
}

impl Rows {
    fn len(&self) -> usize {
        self.ends.len() / self.widths.len().max(1)
    }

    /// Adds a cell. Invariant: every row has as many cells as there are columns.
    fn add(&mut self, cell: &str) {
        if let Some(column) = self.ends.len().checked_rem(self.widths.len()) {
            self.widths[column] = self.widths[column].max(cell.chars().count());
        }
        self.text.push_str(cell);
        // Cannot overflow: the held text is smaller than 4 GiB.
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    fn row(&self, row: usize) -> impl Iterator<Item = &str> {
        let cells = row * self.widths.len()..(row + 1) * self.widths.len();
        let end = |cell: usize| self.ends[cell] as usize;
        cells.map(move |cell| &self.text[cell.checked_sub(1).map_or(0, end)..end(cell)])
    }

    fn widen(&mut self, headers: &[String]) {
        for (width, header) in self.widths.iter_mut().zip(headers) {
            *width = (*width).max(header.chars().count());
        }
    }

    /// Appends a line, with the colours of its cells.
    fn line<'c>(&self, cells: impl Iterator<Item = (&'c str, Option<&'c str>)>, lines: &mut String) {
        let last = self.widths.len().saturating_sub(1);
        for (index, (cell, color)) in cells.enumerate() {
            match color {
                Some(color) => lines.extend([color, cell, PLAIN]),
                None => lines.push_str(cell),
            }
            if index < last {
                let width = tabwriter::TABLE.min_width.max(self.widths[index] + tabwriter::TABLE.padding);
                lines.extend(std::iter::repeat_n(' ', width - cell.chars().count()));
            }
        }
        lines.push('\n');
    }
}

/// Returns labels as one cell: `a=b,c=d`, sorted; `<none>` if there are none.
fn format_labels(labels: Option<&Json>) -> String {
    let pairs = labels.and_then(Json::as_object).into_iter().flatten();
    let pairs: Vec<String> =
        pairs.map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default())).collect();
    if pairs.is_empty() { "<none>".to_owned() } else { pairs.join(",") }
}

#[cfg(test)]
mod tests;
