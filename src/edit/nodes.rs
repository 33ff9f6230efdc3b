//! An edited text as nodes that know their line, tag and quotes. Reading straight into JSON would lose these, and they
//! tell a typing mistake from a value that was meant.

use saphyr_parser::{Event, Parser, ScalarStyle, StrInput, Tag};
use zeroize::Zeroizing;

/// What is wrong with an edited text: the line (from 1; 0 when it has none) and the words, which never hold a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line in the edited file.
    pub line: usize,
    /// What is wrong there.
    pub text: String,
}

impl Problem {
    /// Returns a problem at a line.
    pub fn at(line: usize, text: impl Into<String>) -> Self {
        Self { line, text: text.into() }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => f.write_str(&self.text),
            line => write!(f, "line {line}: {}", self.text),
        }
    }
}

/// A node of the text. Two nodes are equal if they have the same meaning: lines are not compared.
pub struct Node {
    /// The line, from 1.
    pub line: usize,
    /// An explicit tag, resolved (`!binary`, `tag:yaml.org,2002:str`).
    pub tag: Option<String>,
    /// What it is.
    pub kind: Kind,
}

/// The three kinds of node.
#[derive(PartialEq, Eq)]
pub enum Kind {
    /// Text, and whether it stands without quotes.
    Scalar(Zeroizing<String>, bool),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the text; keys are not yet known to be unique.
    Map(Vec<(Node, Node)>),
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.tag == other.tag && self.kind == other.kind
    }
}

impl Eq for Node {}

impl Node {
    /// Returns whether YAML reads the node as null: an empty or absent scalar, `null` or `~`, without quotes.
    pub fn is_null(&self) -> bool {
        self.tag.is_none()
            && matches!(&self.kind, Kind::Scalar(text, true) if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// Returns the text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(text, _) => Some(text),
            _ => None,
        }
    }
}

/// How deep nodes may be nested. Why: reading recurses, and a hostile text must not exhaust the stack; an object has
/// few levels.
const DEPTH: usize = 100;

/// Reads every document of a text. JSON is read too, being YAML.
///
/// # Errors
/// Wrong syntax, anchors and aliases (our views write none), nesting beyond [`DEPTH`].
pub fn parse(text: &[u8]) -> Result<Vec<Node>, Problem> {
    let text = std::str::from_utf8(text).map_err(|error| {
        let before = text.get(..error.valid_up_to()).unwrap_or_default();
        Problem::at(1 + before.iter().filter(|byte| **byte == b'\n').count(), "not UTF-8")
    })?;
    let mut parser = Parser::new_from_str(text);
    let mut roots = Vec::new();
    loop {
        let (event, line) = next(&mut parser)?;
        match event {
            Event::StreamEnd => return Ok(roots),
            Event::Nothing | Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd => {}
            event => roots.push(node(event, line, &mut parser, DEPTH)?),
        }
    }
}

type Yaml<'t> = Parser<'t, StrInput<'t>>;

fn next<'t>(parser: &mut Yaml<'t>) -> Result<(Event<'t>, usize), Problem> {
    match parser.next_event() {
        None => Ok((Event::StreamEnd, 0)),
        Some(Ok((event, span))) => Ok((event, span.start.line())),
        Some(Err(error)) => Err(Problem::at(error.marker().line(), without_text(error.info()))),
    }
}

/// Returns the parser's message without the parts that may repeat the text, which may be a value.
fn without_text(info: &str) -> &str {
    info.split(['\'', '"', '`']).next().unwrap_or_default().trim_end()
}

fn node<'t>(event: Event<'t>, line: usize, parser: &mut Yaml<'t>, depth: usize) -> Result<Node, Problem> {
    let anchored = |anchor: usize| match anchor {
        0 => Ok(()),
        _ => Err(Problem::at(line, ANCHORS)),
    };
    let deeper = depth.checked_sub(1).ok_or_else(|| Problem::at(line, "nested too deeply"))?;
    let tag = |tag: Option<std::borrow::Cow<'t, Tag>>| tag.map(|tag| format!("{}{}", tag.handle, tag.suffix));
    match event {
        Event::Scalar(value, style, anchor, named) => {
            let value = Zeroizing::new(value.into_owned());
            anchored(anchor)?;
            Ok(Node { line, tag: tag(named), kind: Kind::Scalar(value, style == ScalarStyle::Plain) })
        }
        Event::SequenceStart(anchor, named) => {
            anchored(anchor)?;
            let mut items = Vec::new();
            loop {
                match next(parser)? {
                    (Event::SequenceEnd, _) => return Ok(Node { line, tag: tag(named), kind: Kind::List(items) }),
                    (event, line) => items.push(node(event, line, parser, deeper)?),
                }
            }
        }
        Event::MappingStart(anchor, named) => {
            anchored(anchor)?;
            let mut entries = Vec::new();
            loop {
                let key = match next(parser)? {
                    (Event::MappingEnd, _) => return Ok(Node { line, tag: tag(named), kind: Kind::Map(entries) }),
                    (event, line) => node(event, line, parser, deeper)?,
                };
                let (event, line) = next(parser)?;
                entries.push((key, node(event, line, parser, deeper)?));
            }
        }
        Event::Alias(_) => Err(Problem::at(line, ANCHORS)),
        _ => Err(Problem::at(line, "the text ends in the middle")),
    }
}

const ANCHORS: &str = "anchors and aliases are not taken here";

/// Returns the type that YAML 1.1, as Go's YAML reads it, takes an unquoted text for; `None` if it is a string.
pub fn plain_kind(text: &str) -> Option<&'static str> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some("null"),
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "true" | "True" | "TRUE" | "n" | "N" | "no" | "No"
        | "NO" | "off" | "Off" | "OFF" | "false" | "False" | "FALSE" => return Some("boolean"),
        ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf"
        | "-.INF" => return Some("number"),
        "<<" => return Some("merge key"),
        _ => {}
    }
    is_number(text).then_some("number")
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    // Go drops every `_` before it reads a number.
    let bare: String = digits.chars().filter(|c| *c != '_').collect();
    let all = |text: &str, radix| !text.is_empty() && text.chars().all(|c| c.is_digit(radix));
    let radix = [("0x", 16), ("0X", 16), ("0b", 2), ("0B", 2), ("0o", 8), ("0O", 8)];
    if radix.iter().any(|(prefix, radix)| bare.strip_prefix(prefix).is_some_and(|rest| all(rest, *radix))) {
        return true;
    }
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return false;
    }
    let (mantissa, exponent) = match bare.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (bare.as_str(), None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| all(exponent, 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_know_their_lines_tags_and_quotes() {
        let roots = parse(b"# c\na: !x 1\n'b':\n- |\n  text\n").map_err(|p| p.to_string()).unwrap();
        let [Node { kind: Kind::Map(entries), .. }] = roots.as_slice() else { panic!("one map") };
        assert_eq!((entries[0].1.line, entries[0].1.tag.as_deref()), (2, Some("!x")));
        assert!(matches!(&entries[1].0.kind, Kind::Scalar(_, false)));
        let Kind::List(items) = &entries[1].1.kind else { panic!("a list") };
        assert_eq!(items[0].text(), Some("text\n"));
    }

    #[test]
    fn what_is_wrong_has_its_line() {
        let problem = |text: &[u8]| parse(text).err().unwrap().to_string();
        assert!(problem(b"a: 1\nb: [\n").starts_with("line 3: "));
        assert_eq!(problem(b"a: &x 1\nb: *x\n"), "line 1: anchors and aliases are not taken here");
        assert_eq!(problem(b"a: 1\n\xff"), "line 2: not UTF-8");
        assert!(parse(b"a: [!a,b]").is_ok(), "a tag without an end must not end the process");
        assert_eq!(problem("[".repeat(5000).as_bytes()), "line 1: recursion limit exceeded");
    }

    #[test]
    fn equality_is_of_meaning() {
        assert!(parse(b"a: 1\n").ok() == parse(b"# x\na:   1\n").ok());
        assert!(parse(b"a: 1\n").ok() != parse(b"a: '1'\n").ok());
    }

    #[test]
    fn what_yaml_takes_plain_text_for() {
        for text in ["1", "-1", "1.5", "1e5", ".5", "+1", "0x1F", "0777", "0b1", "0o14", "1_000", "1."] {
            assert_eq!(plain_kind(text), Some("number"), "{text}");
        }
        for text in ["a", "1a", "0x", "1.2.3", "e5", "-", ".", "12:30", "2026-01-01", "_1", "yesno", "YWRtaW4="] {
            assert_eq!(plain_kind(text), None, "{text}");
        }
        assert_eq!(
            (plain_kind("yes"), plain_kind("~"), plain_kind("<<")),
            (Some("boolean"), Some("null"), Some("merge key"))
        );
    }
}
