//! Resolves nodes: scalars with their tags, keys, aliases.

use serde_json::Value as Json;

use super::{
    compose::{Anchor, Composer, Node},
    entries::Key,
    limits::weight,
    problem::{Problem, beginning, shown},
    resolve::{self, Resolved, resolve},
    scanner::{Mark, Style},
};

type Result<T> = std::result::Result<T, Problem>;

/// How many bytes all anchors and aliases of a document may copy.
const COPY_LIMIT: usize = 4 << 20;

/// The prefix that `!!` stands for.
pub(super) const STANDARD_TAGS: &str = "tag:yaml.org,2002:";

impl Composer<'_> {
    /// Returns the key that a node is; some key if it is not a valid one, which is recorded as an error.
    pub(super) fn key(&mut self, node: Node, mark: Mark) -> Key {
        self.try_key(node, mark).unwrap_or_else(|mistake| {
            self.put(mistake);
            Key::Merge
        })
    }

    fn try_key(&self, node: Node, mark: Mark) -> Result<Key> {
        let (text, style, tag) = match node {
            Node::Scalar { text, style, tag } => (text, style, tag),
            Node::Tree(Json::String(text)) => return Ok(Key::Name(text)),
            Node::Tree(Json::Null) => return Err(Problem::null_key(mark)),
            Node::Tree(Json::Array(_) | Json::Object(_)) => return Err(Problem::yaml("invalid map key", mark)),
            Node::Tree(Json::Bool(_) | Json::Number(_)) => {
                return Err(Problem::refused(
                    "an alias stands for a key that is no text: quote it at its anchor",
                    mark,
                ));
            }
        };
        let standard = tag.as_deref().and_then(|tag| tag.strip_prefix(STANDARD_TAGS));
        if text == "<<" && (tag.is_none() && style == Style::Plain || standard == Some("merge")) {
            return Ok(Key::Merge);
        }
        match self.resolve(&text, style, tag.as_deref(), mark)? {
            Resolved::Text | Resolved::Timestamp => Ok(Key::Name(text)),
            Resolved::Null => Err(Problem::null_key(mark)),
            resolved => match resolved.key(&text) {
                Some(name) if name == text || self.is_lenient() => Ok(Key::Name(name)),
                Some(name) => Err(Problem::refused(
                    format!("the key {} would be read as {}: quote it to keep it", bare(&text), shown(&name)),
                    mark,
                )),
                None => Err(Problem::refused(format!("the key {} is no text: quote it", bare(&text)), mark)),
            },
        }
    }

    // ---- scalars, aliases ----

    /// Returns the type of a scalar, considering its tag.
    fn resolve(&self, text: &str, style: Style, tag: Option<&str>, mark: Mark) -> Result<Resolved> {
        let Some(tag) = tag else {
            if style != Style::Plain {
                return Ok(Resolved::Text);
            }
            return Ok(match resolve(text, true) {
                Resolved::Bool(_) if self.words && !matches!(text.as_bytes(), [b't' | b'T' | b'f' | b'F', ..]) => {
                    Resolved::Text
                }
                resolved => resolved,
            });
        };
        let standard = tag.strip_prefix(STANDARD_TAGS);
        let resolved = match standard {
            _ if tag == "!" => return Ok(Resolved::Text),
            Some("str") => return Ok(Resolved::Text),
            Some("int" | "float" | "bool" | "null" | "timestamp") => resolve(text, standard == Some("timestamp")),
            Some("binary") => {
                let text = "the tag !!binary would replace the value with what its base64 holds: leave the tag out";
                return Err(Problem::refused(text, mark));
            }
            // Go ignores unknown tags.
            _ if self.is_lenient() => return Ok(Resolved::Text),
            _ => return Err(ignored_tag(tag, mark)),
        };
        match (&resolved, standard) {
            (Resolved::Int(value), Some("float")) => Ok(Resolved::Float(*value as f64)),
            (_, Some(wanted)) if resolved.tag().strip_prefix("!!") != Some(wanted) => {
                // Why not Go's text: it repeats the value.
                Err(Problem::yaml(format!("cannot decode {} as a !!{wanted}", resolved.tag()), mark))
            }
            _ => Ok(resolved),
        }
    }

    /// Returns the value of a node; null if it has none, which is recorded as an error.
    pub(super) fn value(&mut self, node: Node, mark: Mark) -> Json {
        self.try_value(node, mark).unwrap_or_else(|mistake| {
            self.put(mistake);
            Json::Null
        })
    }

    fn try_value(&self, node: Node, mark: Mark) -> Result<Json> {
        let (text, style, tag) = match node {
            Node::Tree(json) => return Ok(json),
            Node::Scalar { text, style, tag } => (text, style, tag),
        };
        Ok(match self.resolve(&text, style, tag.as_deref(), mark)? {
            Resolved::Null => Json::Null,
            Resolved::Bool(value) => Json::Bool(value),
            Resolved::Int(value) => Json::from(value),
            // Go's v3 keeps it; v2 converts it to a float on its way to JSON.
            Resolved::Uint(value) if self.words => Json::from(value),
            Resolved::Uint(value) => Json::from(value as f64),
            Resolved::Float(value) => match resolve::float(value) {
                Some(json) => json,
                None => return Err(Problem::unsupported_float(value, mark)),
            },
            Resolved::Timestamp if self.words => Json::String(resolve::rfc3339(&text)),
            Resolved::Timestamp | Resolved::Text => Json::String(text),
        })
    }

    pub(super) fn alias(&mut self, name: &str, mark: Mark) -> Result<Node> {
        match self.anchors.get(name) {
            // Why not kubectl's text: it repeats the name, which may be a value that begins with `*` and should have
            // been quoted.
            None => Err(Problem::yaml("unknown anchor referenced".to_owned(), mark)),
            Some(Anchor::Open) => Err(Problem::yaml(format!("anchor '{}' value contains itself", bare(name)), mark)),
            Some(Anchor::Done(object)) => {
                let json = object.json();
                if self.copied.saturating_add(weight(json)) > COPY_LIMIT {
                    return Err(Problem::yaml("document contains excessive aliasing", mark));
                }
                self.copied += weight(json);
                Ok(Node::Tree(json.clone()))
            }
        }
    }

    /// Counts the copy that an anchor holds.
    pub(super) fn charge(&mut self, json: &Json) -> Result<()> {
        self.copied = self.copied.saturating_add(weight(json));
        if self.copied > COPY_LIMIT {
            return Err(Problem::yaml("document contains excessive aliasing", self.scanner.mark));
        }
        Ok(())
    }
}

/// Returns a key or a name as errors show it: without quotes if it needs none.
fn bare(text: &str) -> String {
    let (beginning, more) = beginning(text);
    format!("{beginning}{more}")
}

/// Checks that the tag of a collection is that of its type.
pub(super) fn collection_tag(tag: Option<&str>, own: &str, mark: Mark) -> Result<()> {
    match tag {
        None | Some("!") => Ok(()),
        Some(tag) if tag.strip_prefix(STANDARD_TAGS) == Some(own) => Ok(()),
        Some(tag) => Err(ignored_tag(tag, mark)),
    }
}

/// Returns the error for a tag that go-yaml would ignore. The tag is not repeated, because a value that begins with `!`
/// and should have been quoted is read as one.
fn ignored_tag(tag: &str, mark: Mark) -> Problem {
    match tag.strip_prefix(STANDARD_TAGS) {
        Some("set" | "omap" | "pairs" | "map" | "seq") => {
            let short = tag.trim_start_matches(STANDARD_TAGS);
            Problem::refused(format!("the tag !!{short} would be dropped in silence: leave it out"), mark)
        }
        _ => Problem::refused("what begins with ! is read as a tag and would be dropped: quote it to keep it", mark),
    }
}
