//! The output format: `-o` and `--template`. Accepts the same values as cli-runtime's `PrintFlags` and those of `get`,
//! tries them in the same order, and has the same errors.

use std::io;

use super::columns::Columns;
use context::Env;
use error::{Error, Result};
use go::{
    jsonpath::{self, JsonPath},
    quote::quote,
    template::{self, Template},
};

/// The formats that a command has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    /// All formats; by default a table. For `get`.
    Get,
    /// All but tables; by default a line about what was done. For `create`, `apply`, `patch` and others.
    Create,
}

/// The flags, as typed.
#[derive(Debug, Clone, Copy)]
pub struct Flags<'a> {
    /// `-o`
    pub output: Option<&'a str>,
    /// `--template`
    pub template: Option<&'a str>,
    /// `--allow-missing-template-keys`, by default true.
    pub allow_missing_keys: bool,
    /// `--no-headers`
    pub no_headers: bool,
}

/// An output format, parsed.
pub enum Format {
    /// A line about what was done: `secret/NAME created`.
    Message,
    /// A table.
    Table {
        /// `-o wide`
        wide: bool,
    },
    /// `secret/NAME`
    Name,
    /// YAML
    Yaml,
    /// JSON
    Json,
    /// KYAML
    Kyaml,
    /// The results of a jsonpath template.
    JsonPath {
        /// As typed, for errors.
        text: String,
        /// As parsed.
        path: JsonPath,
        /// `jsonpath-as-json`
        as_json: bool,
    },
    /// The output of a Go template.
    GoTemplate {
        /// As typed, for errors.
        text: String,
        /// As parsed.
        template: Template,
        /// Whether a missing key is not an error.
        allow_missing: bool,
    },
    /// A table of custom columns.
    Columns(Columns),
}

const COLUMNS: [&str; 2] = ["custom-columns", "custom-columns-file"];
const JSONPATHS: [&str; 3] = ["jsonpath", "jsonpath-as-json", "jsonpath-file"];
const TEMPLATES: [&str; 4] = ["go-template", "go-template-file", "template", "templatefile"];

/// Reads a template file: returns its content, or Go's words for the error (`open x: no such file or directory`).
pub type Read<'r> = &'r dyn Fn(&str) -> Result<String, String>;

impl Format {
    /// Determines the format, and reads and parses its template.
    pub fn parse(flags: Flags, allowed: Allowed, read: Read) -> Result<Self> {
        let template = flags.template.filter(|template| !template.is_empty());
        let output = flags.output.unwrap_or_default();
        // `get` checks the value of -o, other commands whether it was given.
        let given = match allowed {
            Allowed::Get => !output.is_empty(),
            Allowed::Create => flags.output.is_some(),
        };
        let wanted = if template.is_some() && !given { "go-template" } else { output };
        match wanted.to_lowercase().as_str() {
            "json" => return Ok(Self::Json),
            "yaml" => return Ok(Self::Yaml),
            "kyaml" => return Ok(Self::Kyaml),
            "name" => return Ok(Self::Name),
            "" if allowed == Allowed::Create => return Ok(Self::Message),
            _ => {}
        }
        if allowed == Allowed::Get && (wanted.is_empty() || wanted == "wide") {
            return Ok(Self::Table { wide: !wanted.is_empty() });
        }
        if let Some((name, text)) = split(wanted, &JSONPATHS, template) {
            let text = template_text(text, name == "jsonpath-file", read)?;
            let path = JsonPath::parse(&text).map_err(|error| {
                at(Error::new(jsonpath::parse_failure(&text, &error)), jsonpath::error_position(&text))
            })?;
            let path = path.allow_missing(flags.allow_missing_keys);
            return Ok(Self::JsonPath { text, path, as_json: name == "jsonpath-as-json" });
        }
        if let Some((name, text)) = split(wanted, &TEMPLATES, template) {
            let text = template_text(text, name.ends_with("file"), read)?;
            let template = Template::parse(&text).map_err(|error| {
                at(Error::new(template::parse_failure(&text, &error)), template::error_position(&text))
            })?;
            return Ok(Self::GoTemplate { text, template, allow_missing: flags.allow_missing_keys });
        }
        if let (Allowed::Get, Some((name, text))) = (allowed, split(wanted, &COLUMNS, template)) {
            return columns(name, text, flags.no_headers, read).map(Self::Columns);
        }
        Err(Error::new(format!(
            "unable to match a printer suitable for the output format {}, allowed formats are: {}",
            quote(if allowed == Allowed::Get { wanted } else { output }),
            allowed.names().join(",")
        )))
    }

    /// Returns `true` if the API server is to be asked for a Table.
    pub fn is_table(&self) -> bool {
        matches!(self, Self::Table { .. })
    }

    /// Returns `true` if whole objects are printed, so that a list becomes one List.
    pub fn is_objects(&self) -> bool {
        matches!(self, Self::Yaml | Self::Json | Self::Kyaml)
    }

    /// Returns `true` if only metadata is printed, so that values need not be requested.
    pub fn needs_only_metadata(&self) -> bool {
        match self {
            Self::Name | Self::Table { .. } | Self::Message => true,
            Self::Columns(columns) => columns.need_only_metadata(),
            _ => false,
        }
    }
}

impl Allowed {
    /// Returns the names of the formats, in the order of errors and help.
    pub fn names(self) -> Vec<&'static str> {
        let mut names = vec!["json", "kyaml", "name", "yaml"];
        names.extend(JSONPATHS.iter().chain(&TEMPLATES));
        if self == Self::Get {
            names.extend(COLUMNS);
            names.push("wide");
        }
        names.sort_unstable();
        names
    }
}

/// The largest template file, in bytes.
const FILE_LIMIT: usize = 1 << 20;

/// Returns a reader of template files for [`Format::parse`].
pub fn reader(env: &Env) -> impl Fn(&str) -> Result<String, String> + '_ {
    |path| match env.read_file(path, FILE_LIMIT) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| format!("read {path}: not valid UTF-8")),
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => Err(format!("read {path}: is a directory")),
        Err(error) => Err(format!("open {path}: {}", go::errno::text(&error))),
    }
}

/// Adds the position of the mistake in a template.
fn at(error: Error, position: Option<(usize, usize)>) -> Error {
    match position {
        Some((line, column)) => error.hint(format!("at line {line}, column {column} of the template")),
        None => error,
    }
}

/// Splits a value into the name of the format and its template, which follows `=` or is in `--template`. With
/// `--template`, `NAME=…` is not a format.
fn split<'t>(wanted: &'t str, names: &[&'static str], template: Option<&'t str>) -> Option<(&'static str, &'t str)> {
    let (name, text) = match template {
        Some(template) => (wanted, template),
        None => wanted.split_once('=').unwrap_or((wanted, "")),
    };
    names.iter().find(|known| **known == name).map(|known| (*known, text))
}

fn template_text(text: &str, is_file: bool, read: Read) -> Result<String> {
    if text.is_empty() {
        return Err(Error::new("template format specified but no template given"));
    }
    if !is_file {
        return Ok(text.to_owned());
    }
    read(text).map_err(|error| Error::new(format!("error reading --template {text}, {error}")))
}

fn columns(name: &str, text: &str, no_headers: bool, read: Read) -> Result<Columns> {
    if text.is_empty() {
        return Err(Error::new("custom-columns format specified but no custom columns given"));
    }
    if name == "custom-columns" {
        return Columns::parse(text, no_headers);
    }
    Columns::parse_file(&read(text).map_err(|error| Error::new(format!("error reading template {text}, {error}")))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(output: Option<&str>, template: Option<&str>, allowed: Allowed) -> Result<Format> {
        let read = |path: &str| match path {
            "good" => Ok("{.a}".to_owned()),
            _ => Err(format!("open {path}: no such file or directory")),
        };
        Format::parse(Flags { output, template, allow_missing_keys: true, no_headers: false }, allowed, &read)
    }

    fn error(output: &str, template: Option<&str>, allowed: Allowed) -> String {
        parse(Some(output), template, allowed).err().map_or("no error".to_owned(), |error| error.to_string())
    }

    #[test]
    fn formats_are_found() {
        use Allowed::{Create, Get};
        assert!(matches!(parse(None, None, Get), Ok(Format::Table { wide: false })));
        assert!(matches!(parse(Some("wide"), None, Get), Ok(Format::Table { wide: true })));
        assert!(matches!(parse(None, None, Create), Ok(Format::Message)));
        for allowed in [Get, Create] {
            assert!(matches!(parse(Some("name"), None, allowed), Ok(Format::Name)));
            assert!(matches!(parse(Some("YAML"), None, allowed), Ok(Format::Yaml)));
            assert!(matches!(parse(Some("json"), None, allowed), Ok(Format::Json)));
            assert!(matches!(parse(Some("kyaml"), None, allowed), Ok(Format::Kyaml)));
            assert!(matches!(parse(Some("jsonpath={.a}"), None, allowed), Ok(Format::JsonPath { as_json: false, .. })));
            assert!(matches!(parse(Some("jsonpath"), Some("{.a}"), allowed), Ok(Format::JsonPath { .. })));
            assert!(matches!(parse(Some("jsonpath-file=good"), None, allowed), Ok(Format::JsonPath { .. })));
            assert!(matches!(
                parse(Some("jsonpath-as-json={.a}"), None, allowed),
                Ok(Format::JsonPath { as_json: true, .. })
            ));
        }
        assert!(matches!(parse(Some("custom-columns=A:.a"), None, Get), Ok(Format::Columns(_))));
        assert!(matches!(parse(Some(""), Some("x"), Create), Ok(Format::Message)));
        assert!(matches!(parse(Some("yaml"), Some("x"), Get), Ok(Format::Yaml)));
    }

    #[test]
    fn unknown_formats_list_the_known_ones() {
        assert_eq!(
            error("bogus", None, Allowed::Get),
            "error: unable to match a printer suitable for the output format \"bogus\", allowed formats are: \
             custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,\
             kyaml,name,template,templatefile,wide,yaml"
        );
        for output in ["wide", "table", "custom-columns=A:.a"] {
            assert_eq!(
                error(output, None, Allowed::Create),
                format!(
                    "error: unable to match a printer suitable for the output format \"{output}\", allowed formats are: \
                     go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,\
                     templatefile,yaml"
                )
            );
        }
        assert!(error("jsonpath={.a}", Some("{.b}"), Allowed::Get).starts_with("error: unable to match a printer"));
    }

    #[test]
    fn templates_that_are_missing_or_broken() {
        for output in ["go-template", "template", "jsonpath", "jsonpath=", "templatefile", "jsonpath-as-json"] {
            assert_eq!(error(output, None, Allowed::Create), "error: template format specified but no template given");
        }
        assert_eq!(error("jsonpath={.a", None, Allowed::Get), "error: error parsing jsonpath {.a, unclosed action");
        assert_eq!(
            error("jsonpath-file=absent", None, Allowed::Get),
            "error: error reading --template absent, open absent: no such file or directory"
        );
        assert_eq!(
            error("custom-columns-file=absent", None, Allowed::Get),
            "error: error reading template absent, open absent: no such file or directory"
        );
        assert_eq!(
            error("custom-columns", None, Allowed::Get),
            "error: custom-columns format specified but no custom columns given"
        );
    }
}
