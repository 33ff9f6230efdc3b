//! `-o custom-columns=HEADER:PATH,…` and `-o custom-columns-file=FILE`.

use serde_json::Value as Json;

use super::{escape::kubectl_safe, table::Style};
use error::{Error, Result};
use go::{
    jsonpath::{self, JsonPath},
    tabwriter,
    template::sprint,
};

/// The columns as they were requested. Their paths are not parsed yet, because kubectl reports a malformed one only
/// after the headers.
pub struct Columns {
    columns: Vec<(String, String)>,
    no_headers: bool,
}

/// The lines of a table with custom columns, while objects arrive.
pub struct Lines {
    paths: Vec<JsonPath>,
    text: String,
    style: Style,
}

impl Columns {
    /// Parses `HEADER:PATH,HEADER:PATH`.
    pub fn parse(spec: &str, no_headers: bool) -> Result<Self> {
        let column = |part: &str| {
            let (header, path) = part.split_once(':').ok_or_else(|| {
                Error::new(format!("unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>"))
            })?;
            Ok((header.to_owned(), jsonpath::relaxed(path).map_err(Error::new)?))
        };
        Ok(Self { columns: spec.split(',').map(column).collect::<Result<_>>()?, no_headers })
    }

    /// Parses a file with a line of headers and a line of paths. As in kubectl, `--no-headers` has no effect then.
    pub fn parse_file(text: &str) -> Result<Self> {
        let missing = |line| {
            Error::new(format!(
                "invalid template, missing {line} line. Expected format is one line of space separated headers, one line of \
                 space separated column specs."
            ))
        };
        let mut lines = text.lines();
        let headers: Vec<&str> = lines.next().ok_or_else(|| missing("header"))?.split_whitespace().collect();
        let paths: Vec<&str> = lines.next().ok_or_else(|| missing("spec"))?.split_whitespace().collect();
        if headers.len() != paths.len() {
            return Err(Error::new(format!(
                "number of headers ({}) and field specifications ({}) don't match",
                headers.len(),
                paths.len()
            )));
        }
        let column =
            |(header, path): (&str, &str)| Ok((header.to_owned(), jsonpath::relaxed(path).map_err(Error::new)?));
        Ok(Self { columns: headers.into_iter().zip(paths).map(column).collect::<Result<_>>()?, no_headers: false })
    }

    /// Returns `true` if all paths are within the metadata.
    pub fn need_only_metadata(&self) -> bool {
        self.columns.iter().all(|(_, path)| path.starts_with("{.metadata.") && !path.contains(".."))
    }

    /// Begins a table: adds the headers, then parses the paths, which may fail.
    pub fn begin(&self, style: Style) -> (Lines, Result<()>) {
        let mut lines = Lines { paths: Vec::new(), text: String::new(), style };
        if !self.no_headers {
            let headers: Vec<&str> = self.columns.iter().map(|(header, _)| header.as_str()).collect();
            lines.text.push_str(&headers.join("\t"));
            lines.text.push('\n');
        }
        let paths =
            self.columns.iter().map(|(_, path)| Ok(JsonPath::parse(path).map_err(Error::new)?.allow_missing(true)));
        let parsed = paths.collect::<Result<_>>().map(|paths| lines.paths = paths);
        (lines, parsed)
    }
}

impl Lines {
    /// Returns how many bytes are held: the text, and what aligning it takes.
    pub fn held(&self) -> usize {
        2 * self.text.capacity()
    }

    /// Adds an object.
    pub fn object(&mut self, object: &Json) -> Result<()> {
        let mut line = String::new();
        for (index, path) in self.paths.iter().enumerate() {
            if index > 0 {
                line.push('\t');
            }
            let found = path.find(object).map_err(Error::new)?;
            let mut first = true;
            if found.first().is_none_or(Vec::is_empty) {
                line.push_str("<none>");
                first = false;
            }
            for value in found.iter().flatten() {
                if !first {
                    line.push(',');
                }
                first = false;
                let text = sprint(value);
                line.push_str(&kubectl_safe(&text, self.style.terminal));
            }
        }
        self.text.push_str(&line);
        self.text.push('\n');
        Ok(())
    }

    /// Removes and returns the lines so far, aligned.
    pub fn take(&mut self) -> String {
        tabwriter::TABLE.align(&std::mem::take(&mut self.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn print(columns: &Columns, objects: &[Json]) -> String {
        let (mut lines, parsed) = columns.begin(Style::default());
        parsed.unwrap();
        objects.iter().for_each(|object| lines.object(object).unwrap());
        lines.take()
    }

    fn objects() -> [Json; 3] {
        [
            json!({ "metadata": { "name": "a", "labels": { "app": "y", "env": "prod" } }, "type": "example.com/t", "data": { "k": "YQ==" } }),
            json!({ "metadata": { "name": "b", "labels": { "env": "dev" } }, "type": "Opaque" }),
            json!({ "metadata": { "name": "c" }, "type": "Opaque", "data": { "k": "Yw==", "tls.crt": "eA==" } }),
        ]
    }

    #[test]
    fn columns_are_found_and_aligned() {
        let columns =
            Columns::parse("NAME:.metadata.name,T:{.type},L:metadata.labels,K:.data.tls\\.crt", false).unwrap();
        assert_eq!(
            print(&columns, &objects()),
            "NAME   T               L                     K\n\
             a      example.com/t   map[app:y env:prod]   <none>\n\
             b      Opaque          map[env:dev]          <none>\n\
             c      Opaque          <none>                eA==\n"
        );
        let columns = Columns::parse("N:.metadata.labels.*", true).unwrap();
        assert_eq!(print(&columns, &objects()), "y,prod\ndev\n<none>\n");
        let columns = Columns::parse(":", false).unwrap();
        assert_eq!(print(&columns, &objects()[..1]), "\n<none>\n");
    }

    #[test]
    fn a_file_has_two_lines() {
        let columns = Columns::parse_file("NAME          TYPE\nmetadata.name {.type}\n").unwrap();
        assert_eq!(print(&columns, &objects()[1..2]), "NAME   TYPE\nb      Opaque\n");
        let error = |text| Columns::parse_file(text).err().unwrap().to_string();
        assert!(error("").starts_with("error: invalid template, missing header line."));
        assert!(error("A").starts_with("error: invalid template, missing spec line."));
        assert_eq!(error("A B\n.a\n"), "error: number of headers (2) and field specifications (1) don't match");
    }

    #[test]
    fn a_broken_path_is_told_below_the_headers() {
        let (mut lines, parsed) = Columns::parse("N:.items[", false).unwrap().begin(Style::default());
        assert_eq!(parsed.unwrap_err().to_string(), "error: unterminated array");
        assert_eq!(lines.take(), "N\n");
        let error = Columns::parse("N:.metadata.name,", false).err().unwrap();
        assert_eq!(error.to_string(), "error: unexpected custom-columns spec: , expected <header>:<json-path-expr>");
    }

    #[test]
    fn values_print_as_go_prints_them() {
        let columns = Columns::parse("A:.a", true).unwrap();
        let value = json!({ "a": { "b": [1, true, null, "x"], "c": 1.5, "e": "\u{1b}\r" } });
        assert_eq!(print(&columns, &[value]), "map[b:[1 true <nil> x] c:1.5 e:^[\\r]\n");
    }
}
