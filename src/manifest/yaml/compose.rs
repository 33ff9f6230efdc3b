//! Tokens to JSON: the parser of go-yaml v2, and what `sigs.k8s.io/yaml` then makes of its tree.
//!
//! The grammar and its complaints are libyaml's, states turned into calls. Where kubectl would go on and lose something
//! without a word (a key that another type claims, the last of two equal keys, a tag nobody honours), this refuses.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::{
    Lines, MAX_DEPTH, Path, Problem,
    entries::{Entries, Key},
    meaning::{STANDARD_TAGS, collection_tag},
    scanner::{Kind, Mark, Scanner, Style, Token},
};
use crate::secret::{Object, gotext::quote};

type Result<T> = std::result::Result<T, Problem>;

/// A node that was read. A scalar is not yet resolved: as a key it must be judged by its text.
pub(super) enum Node {
    Scalar { text: String, style: Style, tag: Option<String> },
    Tree(Json),
}

pub(super) enum Anchor {
    /// Its node is still being read.
    Open,
    Done(Object),
}

pub(super) struct Composer<'a> {
    pub(super) scanner: Scanner<'a>,
    pub(super) anchors: HashMap<String, Anchor>,
    tag_prefixes: Vec<(String, String)>,
    lines: Lines,
    depth: usize,
    pub(super) copied: usize,
    mistake: Option<Problem>,
    /// Keys that stand twice, in go-yaml's words, where they are let pass.
    repeats: Option<Vec<String>>,
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
        }
    }

    /// Lets keys stand twice: the last one is kept, and all are told of.
    pub(super) fn lenient(mut self) -> Result<(Json, Vec<String>)> {
        self.repeats = Some(Vec::new());
        let json = self.read()?;
        Ok((json, self.repeats.unwrap_or_default()))
    }

    /// Reads the one document of the text; null where there is none.
    pub(super) fn document(mut self) -> Result<(Json, Lines)> {
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

    fn add(&mut self, entries: &mut Entries, key: Key, value: Json, mark: Mark) {
        if let (Some(repeats), Key::Name(name)) = (&mut self.repeats, &key)
            && entries.map.remove(name).is_some()
        {
            repeats.push(format!("line {}: key {} already set in map", mark.line + 1, quote(name)));
        }
        self.put_error(entries.add(key, value, mark));
    }

    /// The end of the document. Go stops reading here, and whatever follows is lost.
    fn end(&mut self) -> Result<()> {
        let mut mark = self.scanner.peek()?.start;
        if matches!(self.scanner.peek()?.kind, Kind::DocumentEnd) {
            self.scanner.next()?;
        }
        match self.scanner.peek() {
            Ok(Token { kind: Kind::StreamEnd, .. }) => return Ok(()),
            Ok(token) => mark = token.start,
            Err(_) => {}
        }
        self.put(Problem::refused("what follows the end of the document would be lost: put --- before it", mark));
        Ok(())
    }

    /// Keeps a mistake in the meaning of the text until the text is read to its end: Go looks at the grammar of the
    /// whole first.
    pub(super) fn put(&mut self, mistake: Problem) {
        self.mistake.get_or_insert(mistake);
    }

    fn put_error(&mut self, result: Result<()>) {
        if let Err(mistake) = result {
            self.put(mistake);
        }
    }

    /// `%YAML` and `%TAG` before a document, and its `---`; whether there were any.
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

    /// One node. `block`: block collections may begin here; `indentless`: so may a sequence at its key's own column.
    fn node(&mut self, block: bool, indentless: bool, path: Path) -> Result<Node> {
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

    /// The anchor and the tag before a node, in either order.
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

    /// The whole tag that a handle and a suffix stand for.
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
                self.put_error(collection_tag(tag.as_deref(), "seq", start));
                self.indentless_sequence(path)
            }
            Kind::FlowSequenceStart => {
                self.put_error(collection_tag(tag.as_deref(), "seq", start));
                self.flow_sequence(path)
            }
            Kind::FlowMappingStart => {
                self.put_error(collection_tag(tag.as_deref(), "map", start));
                self.flow_mapping(path)
            }
            Kind::BlockSequenceStart if block => {
                self.put_error(collection_tag(tag.as_deref(), "seq", start));
                self.block_sequence(path)
            }
            Kind::BlockMappingStart if block => {
                self.put_error(collection_tag(tag.as_deref(), "map", start));
                self.block_mapping(path)
            }
            _ if anchored || tag.is_some() => Ok(Node::Scalar { text: String::new(), style: Style::Plain, tag }),
            _ => Err(Problem::parser("did not find expected node content", start, mark)),
        }
    }

    // ---- sequences ----

    /// An item or value that may be missing: `absent` knows the tokens that say so.
    fn optional(&mut self, block: bool, indentless: bool, path: Path, absent: fn(&Kind) -> bool) -> Result<Json> {
        let token = self.scanner.peek()?;
        let mark = token.start;
        if absent(&token.kind) {
            return Ok(Json::Null);
        }
        let node = self.node(block, indentless, path)?;
        Ok(self.value(node, mark))
    }

    fn block_sequence(&mut self, path: Path) -> Result<Node> {
        let context = self.scanner.next()?.start;
        let mut items = Vec::new();
        loop {
            let token = self.scanner.peek()?;
            match token.kind {
                Kind::BlockEntry => {
                    self.scanner.next()?;
                    let path = self.item(path, items.len())?;
                    items.push(
                        self.optional(true, false, path, |kind| matches!(kind, Kind::BlockEntry | Kind::BlockEnd))?,
                    );
                }
                Kind::BlockEnd => {
                    self.scanner.next()?;
                    return Ok(Node::Tree(Json::Array(items)));
                }
                _ => return Err(Problem::parser("did not find expected '-' indicator", context, token.start)),
            }
        }
    }

    fn indentless_sequence(&mut self, path: Path) -> Result<Node> {
        let mut items = Vec::new();
        while let Kind::BlockEntry = self.scanner.peek()?.kind {
            self.scanner.next()?;
            let path = self.item(path, items.len())?;
            items.push(self.optional(true, false, path, |kind| {
                matches!(kind, Kind::BlockEntry | Kind::Key | Kind::Value | Kind::BlockEnd)
            })?);
        }
        Ok(Node::Tree(Json::Array(items)))
    }

    fn flow_sequence(&mut self, path: Path) -> Result<Node> {
        let context = self.scanner.next()?.start;
        let mut items = Vec::new();
        loop {
            if !items.is_empty() {
                match self.scanner.peek()? {
                    Token { kind: Kind::FlowSequenceEnd, .. } => {}
                    Token { kind: Kind::FlowEntry, .. } => {
                        self.scanner.next()?;
                    }
                    token => return Err(Problem::parser("did not find expected ',' or ']'", context, token.start)),
                }
            }
            let token = self.scanner.peek()?;
            let mark = token.start;
            match token.kind {
                Kind::FlowSequenceEnd => {
                    self.scanner.next()?;
                    return Ok(Node::Tree(Json::Array(items)));
                }
                Kind::Key => {
                    self.scanner.next()?;
                    let path = self.item(path, items.len())?;
                    items.push(self.single_pair(path)?);
                }
                _ => {
                    let path = self.item(path, items.len())?;
                    let node = self.node(false, false, path)?;
                    items.push(self.value(node, mark));
                }
            }
        }
    }

    /// `[key: value]`: a map of one entry.
    fn single_pair(&mut self, path: Path) -> Result<Json> {
        let mut entries = Entries::default();
        let token = self.scanner.peek()?;
        let mark = token.start;
        let key = if matches!(token.kind, Kind::Value | Kind::FlowEntry | Kind::FlowSequenceEnd) {
            // libyaml drops this token, and complains about what follows.
            self.scanner.next()?;
            Node::Tree(Json::Null)
        } else {
            self.node(false, false, Path::default())?
        };
        let key = self.key(key, mark);
        let path = self.lines.enter(path, key.name(), mark.line);
        let value = if let Kind::Value = self.scanner.peek()?.kind {
            self.scanner.next()?;
            self.optional(false, false, path, |kind| matches!(kind, Kind::FlowEntry | Kind::FlowSequenceEnd))?
        } else {
            Json::Null
        };
        self.add(&mut entries, key, value, mark);
        Ok(Json::Object(entries.map))
    }

    /// The path of an item, noted with its line.
    fn item(&mut self, path: Path, index: usize) -> Result<Path> {
        let line = self.scanner.peek()?.start.line;
        Ok(self.lines.enter_item(path, index, line))
    }

    // ---- mappings ----

    fn block_mapping(&mut self, path: Path) -> Result<Node> {
        fn absent(kind: &Kind) -> bool {
            matches!(kind, Kind::Key | Kind::Value | Kind::BlockEnd)
        }
        let context = self.scanner.next()?.start;
        let mut entries = Entries::default();
        loop {
            let token = self.scanner.peek()?;
            let mark = token.start;
            let key = match token.kind {
                Kind::Key => {
                    self.scanner.next()?;
                    if absent(&self.scanner.peek()?.kind) {
                        None
                    } else {
                        Some(self.node(true, true, Path::default())?)
                    }
                }
                Kind::BlockEnd => {
                    self.scanner.next()?;
                    return Ok(Node::Tree(Json::Object(entries.map)));
                }
                _ => return Err(Problem::parser("did not find expected key", context, mark)),
            };
            entries.begun = true;
            let key = self.key(key.unwrap_or(Node::Tree(Json::Null)), mark);
            let path = self.lines.enter(path, key.name(), mark.line);
            let value = if let Kind::Value = self.scanner.peek()?.kind {
                self.scanner.next()?;
                self.optional(true, true, path, absent)?
            } else {
                Json::Null
            };
            self.add(&mut entries, key, value, mark);
        }
    }

    fn flow_mapping(&mut self, path: Path) -> Result<Node> {
        let context = self.scanner.next()?.start;
        let mut entries = Entries::default();
        loop {
            if entries.begun {
                match self.scanner.peek()? {
                    Token { kind: Kind::FlowMappingEnd, .. } => {}
                    Token { kind: Kind::FlowEntry, .. } => {
                        self.scanner.next()?;
                    }
                    token => return Err(Problem::parser("did not find expected ',' or '}'", context, token.start)),
                }
            }
            let token = self.scanner.peek()?;
            let mark = token.start;
            let mut explicit = false;
            let key = match token.kind {
                Kind::FlowMappingEnd => {
                    self.scanner.next()?;
                    return Ok(Node::Tree(Json::Object(entries.map)));
                }
                Kind::Key => {
                    self.scanner.next()?;
                    explicit = true;
                    let absent =
                        matches!(self.scanner.peek()?.kind, Kind::Value | Kind::FlowEntry | Kind::FlowMappingEnd);
                    if absent { Node::Tree(Json::Null) } else { self.node(false, false, Path::default())? }
                }
                _ => self.node(false, false, Path::default())?,
            };
            entries.begun = true;
            let key = self.key(key, mark);
            let path = self.lines.enter(path, key.name(), mark.line);
            let value = if explicit && matches!(self.scanner.peek()?.kind, Kind::Value) {
                self.scanner.next()?;
                self.optional(false, false, path, |kind| matches!(kind, Kind::FlowEntry | Kind::FlowMappingEnd))?
            } else {
                Json::Null
            };
            self.add(&mut entries, key, value, mark);
        }
    }
}
