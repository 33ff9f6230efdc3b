//! Parses sequences and mappings, in block and flow style, by libyaml's grammar.

use serde_json::Value as Json;

use super::{
    compose::{Composer, Node},
    entries::Entries,
    lines::Path,
    problem::Problem,
    scanner::{Kind, Token},
};

type Result<T> = std::result::Result<T, Problem>;

impl Composer<'_> {
    /// Parses an item or value that may be missing: `absent` returns `true` for the tokens that end it.
    fn optional(&mut self, block: bool, indentless: bool, path: Path, absent: fn(&Kind) -> bool) -> Result<Json> {
        let token = self.scanner.peek()?;
        let mark = token.start;
        if absent(&token.kind) {
            return Ok(Json::Null);
        }
        let node = self.node(block, indentless, path)?;
        Ok(self.value(node, mark))
    }

    pub(super) fn block_sequence(&mut self, path: Path) -> Result<Node> {
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

    pub(super) fn indentless_sequence(&mut self, path: Path) -> Result<Node> {
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

    pub(super) fn flow_sequence(&mut self, path: Path) -> Result<Node> {
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

    /// Parses `[key: value]`, a map of one entry.
    fn single_pair(&mut self, path: Path) -> Result<Json> {
        let mut entries = Entries::default();
        let token = self.scanner.peek()?;
        let mark = token.start;
        let key = if matches!(token.kind, Kind::Value | Kind::FlowEntry | Kind::FlowSequenceEnd) {
            // libyaml drops this token, and reports an error about the next one.
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

    /// Returns the path of an item, and records its line.
    fn item(&mut self, path: Path, index: usize) -> Result<Path> {
        let mark = self.scanner.peek()?.start;
        self.check_size(mark)?;
        Ok(self.lines.enter_item(path, index, mark.line))
    }

    pub(super) fn block_mapping(&mut self, path: Path) -> Result<Node> {
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

    pub(super) fn flow_mapping(&mut self, path: Path) -> Result<Node> {
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
