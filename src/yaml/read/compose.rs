//! Converts tokens to JSON: the parser of go-yaml v2, and the conversion of its tree by `sigs.k8s.io/yaml`.
//!
//! The grammar and its errors are libyaml's, with states turned into calls. Where kubectl would continue and silently
//! lose something (a key that is read as another type, the last of two equal keys, a tag of an unknown type), this is
//! an error.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::{
    entries::{Entries, Key},
    limits::MAX_DEPTH,
    limits::MAX_NODES,
    lines::Lines,
    lines::Path,
    meaning::{STANDARD_TAGS, collection_tag},
    problem::Problem,
    scanner::{Kind, Mark, Scanner, Style, Token},
};
use go::quote::quote;
use guard::Object;

type Result<T> = std::result::Result<T, Problem>;

/// A parsed node. A scalar is not resolved yet, because as a key its text counts.
pub(super) enum Node {
    Scalar { text: String, style: Style, tag: Option<String> },
    Tree(Json),
}

pub(super) enum Anchor {
    /// Its node is still being parsed.
    Open,
    Done(Object),
}

pub(super) struct Composer<'a> {
    pub(super) scanner: Scanner<'a>,
    pub(super) anchors: HashMap<String, Anchor>,
    tag_prefixes: Vec<(String, String)>,
    pub(super) lines: Lines,
    depth: usize,
    pub(super) copied: usize,
    mistake: Option<Problem>,
    /// Duplicate keys, in go-yaml's words; `None` if they are errors.
    repeats: Option<Vec<String>>,
    /// Whether `yes`, `no`, `on`, `off`, `y` and `n` are strings, as in go-yaml v3.
    pub(super) words: bool,
}

impl<'a> Composer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            scanner: Scanner::new(text),
            anchors: HashMap::new(),
            tag_prefixes: Vec::new(),
            lines: Lines::default(),
            depth: 0,
            copied: 0,
            mistake: None,
            repeats: None,
            words: false,
        }
    }

    /// Parses as an API server does, whatever is lost: of duplicate keys the last one counts, and all are returned;
    /// keys are strings of what they are resolved to; only the first document counts.
    pub(super) fn lenient(mut self) -> Result<(Json, Vec<String>, Lines)> {
        self.repeats = Some(Vec::new());
        let json = self.read()?;
        Ok((json, self.repeats.unwrap_or_default(), self.lines))
    }

    pub(super) fn is_lenient(&self) -> bool {
        self.repeats.is_some()
    }

    /// Parses the only document of the text; returns null if there is none.
    pub(super) fn document(mut self, words: bool) -> Result<(Json, Lines)> {
        self.words = words;
        let json = self.read()?;
        Ok((json, self.lines))
    }

    fn read(&mut self) -> Result<Json> {
        self.scanner.next()?;
        let mut json = Json::Null;
        if !matches!(self.scanner.peek()?.kind, Kind::StreamEnd) {
            let explicit = self.directives()?;
            let token = self.scanner.peek()?;
            if !(explicit && matches!(token.kind, Kind::DocumentStart | Kind::DocumentEnd | Kind::StreamEnd)) {
                let mark = token.start;
                let node = self.node(true, false, Path::default())?;
                json = self.value(node, mark);
            }
            self.end()?;
        }
        match self.mistake.take() {
            Some(mistake) => Err(mistake),
            None => Ok(json),
        }
    }

    /// Adds an entry to a map. A duplicate key is an error, unless duplicates are allowed.
    pub(super) fn add(&mut self, entries: &mut Entries, key: Key, value: Json, mark: Mark) {
        if let (Some(repeats), Key::Name(name)) = (&mut self.repeats, &key)
            && entries.map.remove(name).is_some()
        {
            repeats.push(format!("line {}: key {} already set in map", mark.line + 1, quote(name)));
        }
        let overwrite = self.is_lenient();
        self.put_error(entries.add(key, value, mark, overwrite));
    }

    /// Parses the end of the document. Go stops reading here, and silently loses what follows.
    fn end(&mut self) -> Result<()> {
        let mut mark = self.scanner.peek()?.start;
        if matches!(self.scanner.peek()?.kind, Kind::DocumentEnd) {
            self.scanner.next()?;
        }
        if self.is_lenient() {
            return Ok(());
        }
        match self.scanner.peek() {
            Ok(Token { kind: Kind::StreamEnd, .. }) => return Ok(()),
            Ok(token) => mark = token.start,
            Err(_) => {}
        }
        self.put(Problem::refused("what follows the end of the document would be lost: put --- before it", mark));
        Ok(())
    }

    /// Records an error of meaning, which is reported once the whole text was parsed: Go reports errors of grammar
    /// first.
    pub(super) fn put(&mut self, mistake: Problem) {
        self.mistake.get_or_insert(mistake);
    }

    /// Checks the tag of a collection; Go ignores all others.
    fn check_tag(&mut self, tag: Option<&str>, own: &str, mark: Mark) {
        if !self.is_lenient() {
            self.put_error(collection_tag(tag, own, mark));
        }
    }

    pub(super) fn put_error(&mut self, result: Result<()>) {
        if let Err(mistake) = result {
            self.put(mistake);
        }
    }

    /// Parses `%YAML` and `%TAG` before a document, and its `---`; returns `true` if there were any.
    fn directives(&mut self) -> Result<bool> {
        let mut explicit = false;
        let mut version = false;
        loop {
            let token = self.scanner.peek()?;
            let mark = token.start;
            match &token.kind {
                Kind::VersionDirective { .. } if version => {
                    return Err(Problem::parser("found duplicate %YAML directive", Mark::default(), mark));
                }
                Kind::VersionDirective { major: 1, minor: 1 } => version = true,
                Kind::VersionDirective { .. } => {
                    return Err(Problem::parser("found incompatible YAML document", Mark::default(), mark));
                }
                Kind::TagDirective { handle, prefix } => {
                    if self.tag_prefixes.iter().any(|(known, _)| known == handle) {
                        return Err(Problem::parser("found duplicate %TAG directive", Mark::default(), mark));
                    }
                    self.tag_prefixes.push((handle.clone(), prefix.clone()));
                }
                Kind::DocumentStart => {
                    self.scanner.next()?;
                    explicit = true;
                    break;
                }
                _ if explicit => {
                    return Err(Problem::parser("did not find expected <document start>", Mark::default(), mark));
                }
                _ => break,
            }
            explicit = true;
            self.scanner.next()?;
        }
        for (handle, prefix) in [("!", "!"), ("!!", STANDARD_TAGS)] {
            if !self.tag_prefixes.iter().any(|(known, _)| known == handle) {
                self.tag_prefixes.push((handle.to_owned(), prefix.to_owned()));
            }
        }
        Ok(explicit)
    }

    /// Parses one node. `block` is whether a block collection may begin here, `indentless` whether a sequence may begin
    /// at the column of its key.
    pub(super) fn node(&mut self, block: bool, indentless: bool, path: Path) -> Result<Node> {
        let start = self.scanner.peek()?.start;
        if let Kind::Alias(_) = self.scanner.peek()?.kind {
            let Token { kind: Kind::Alias(name), start } = self.scanner.next()? else {
                return Ok(Node::Tree(Json::Null));
            };
            return self.alias(&name, start);
        }
        let (anchor, tag) = self.properties(start)?;
        if let Some(name) = &anchor {
            self.anchors.insert(name.clone(), Anchor::Open);
        }
        self.check_size(start)?;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Problem::too_deep(start));
        }
        let node = self.content(block, indentless, path, start, anchor.is_some(), tag)?;
        self.depth -= 1;
        let Some(name) = anchor else { return Ok(node) };
        let json = self.value(node, start);
        self.charge(&json)?;
        self.anchors.insert(name, Anchor::Done(Object::new(json.clone())));
        Ok(Node::Tree(json))
    }

    /// Checks the limit on the number of nodes. Why: a node takes much more memory than the least text for it.
    pub(super) fn check_size(&self, mark: Mark) -> Result<()> {
        if self.lines.len() > MAX_NODES {
            return Err(Problem::refused(format!("the document has more than {MAX_NODES} keys and items"), mark));
        }
        Ok(())
    }

    /// Parses the anchor and the tag before a node, in either order.
    fn properties(&mut self, start: Mark) -> Result<(Option<String>, Option<String>)> {
        let (mut anchor, mut tag) = (None, None);
        loop {
            let token = self.scanner.peek()?;
            match token.kind {
                Kind::Anchor(_) if anchor.is_none() => {
                    if let Kind::Anchor(name) = self.scanner.next()?.kind {
                        anchor = Some(name);
                    }
                }
                Kind::Tag { .. } if tag.is_none() => {
                    let token = self.scanner.next()?;
                    if let Kind::Tag { handle, suffix } = token.kind {
                        tag = Some(self.tag(&handle, suffix, start, token.start)?);
                    }
                }
                _ => return Ok((anchor, tag)),
            }
        }
    }

    /// Returns the complete tag of a handle and a suffix.
    fn tag(&self, handle: &str, suffix: String, start: Mark, mark: Mark) -> Result<String> {
        if handle.is_empty() {
            return Ok(suffix);
        }
        match self.tag_prefixes.iter().find(|(known, _)| known == handle) {
            Some((_, prefix)) => Ok(format!("{prefix}{suffix}")),
            None => Err(Problem::parser("found undefined tag handle", start, mark)),
        }
    }

    fn content(
        &mut self,
        block: bool,
        indentless: bool,
        path: Path,
        start: Mark,
        anchored: bool,
        tag: Option<String>,
    ) -> Result<Node> {
        let token = self.scanner.peek()?;
        let mark = token.start;
        match token.kind {
            Kind::Scalar { .. } => {
                let Kind::Scalar { value, style } = self.scanner.next()?.kind else {
                    return Ok(Node::Tree(Json::Null));
                };
                Ok(Node::Scalar { text: value, style, tag })
            }
            Kind::BlockEntry if indentless => {
                self.check_tag(tag.as_deref(), "seq", start);
                self.indentless_sequence(path)
            }
            Kind::FlowSequenceStart => {
                self.check_tag(tag.as_deref(), "seq", start);
                self.flow_sequence(path)
            }
            Kind::FlowMappingStart => {
                self.check_tag(tag.as_deref(), "map", start);
                self.flow_mapping(path)
            }
            Kind::BlockSequenceStart if block => {
                self.check_tag(tag.as_deref(), "seq", start);
                self.block_sequence(path)
            }
            Kind::BlockMappingStart if block => {
                self.check_tag(tag.as_deref(), "map", start);
                self.block_mapping(path)
            }
            _ if anchored || tag.is_some() => Ok(Node::Scalar { text: String::new(), style: Style::Plain, tag }),
            _ => Err(Problem::parser("did not find expected node content", start, mark)),
        }
    }
}
