//! Sets values in place in the text of a kubeconfig; its other content, order, comments and quotes stay as they are.

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};
use serde_json::Value as Json;
use zeroize::Zeroizing;

use secret::{Object, wipe};

/// An element of the path to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Into a map.
    Key(String),
    /// Into a list.
    Item(usize),
}

/// The result of setting a value.
pub(super) enum Set {
    /// The text with the new value, and no other change.
    Spliced(Zeroizing<String>),
    /// The document that the text would have to be; no change in place makes it so (an alias, a merge key).
    Unsplit(Object),
}

/// Sets the field `name` of the map at `path` in place, to a string or a boolean. Invariant: the result is read back,
/// and is used only if it differs from the old text in that field and nothing else.
///
/// # Errors
/// If the text cannot be read. `None` if it has no such map.
pub(super) fn set(text: &str, path: &[Step], name: &str, value: &Json) -> Result<Option<Set>, String> {
    let mut wanted = read(text)?;
    let map = path.iter().try_fold(wanted.json_mut(), |json, step| match step {
        Step::Key(name) => json.get_mut(name),
        Step::Item(index) => json.get_mut(*index),
    });
    let Some(map) = map.and_then(Json::as_object_mut) else { return Ok(None) };
    if let Some(mut old) = map.insert(name.to_owned(), value.clone()) {
        wipe(&mut old);
    }
    let changed = candidates(text, path, name, value)
        .into_iter()
        .find(|changed| read(changed).is_ok_and(|read| read.json() == wanted.json()));
    Ok(Some(match changed {
        Some(text) => Set::Spliced(text),
        None => Set::Unsplit(wanted),
    }))
}

/// Parses a text by the rules of kubeconfig files.
pub(super) fn read(text: &str) -> Result<Object, String> {
    yaml::read::lenient(text.strip_prefix('\u{feff}').unwrap_or(text).as_bytes()).map(|(json, _)| Object::new(json))
}

/// Returns the ranges, in bytes, of all scalars of a text, in order; `None` if the parser does not accept it.
pub(super) fn scalars(text: &str) -> Option<Vec<(usize, usize)>> {
    fn collect(tree: &Tree, places: &mut Vec<(usize, usize)>) {
        match tree {
            Tree::Leaf(leaf) => places.push((leaf.from, leaf.to)),
            Tree::List(items) => items.iter().for_each(|item| collect(item, places)),
            Tree::Map(map) => {
                for (key, value) in &map.entries {
                    places.push((key.from, key.to));
                    collect(value, places);
                }
            }
        }
    }
    let mut places = Vec::new();
    collect(&Tree::of(text)?, &mut places);
    Some(places)
}

/// Returns the candidates for the new text, the best formatted first.
fn candidates(text: &str, path: &[Step], name: &str, value: &Json) -> Vec<Zeroizing<String>> {
    let quoted = Zeroizing::new(value.to_string());
    let plain = value.as_str().unwrap_or(&quoted);
    let Some(Tree::Map(map)) = Tree::of(text).and_then(|tree| tree.at(path)) else { return Vec::new() };
    let splice = |from: usize, to: usize, new: &str| {
        let (before, after) = (text.get(..from)?, text.get(to..)?);
        Some(Zeroizing::new([before, new, after].concat()))
    };
    // Of a duplicate field the last one counts.
    if let Some((_, old)) = map.entries.iter().rev().find(|(key, _)| key.text.as_str() == name) {
        let Tree::Leaf(old) = old else { return Vec::new() };
        // Why: a file in JSON must stay JSON.
        let order = match text.as_bytes().get(old.from) {
            Some(b'"') => [quoted.as_str(), plain],
            _ => [plain, quoted.as_str()],
        };
        return order.into_iter().filter_map(|new| splice(old.from, old.to, new)).collect();
    }
    let Some((first, _)) = map.entries.first() else { return Vec::new() };
    if map.flow {
        let entry = Zeroizing::new(format!("\"{name}\": {}, ", *quoted));
        return splice(first.from, first.from, &entry).into_iter().collect();
    }
    let line = text.get(..first.from).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
    // Other keys of a list's item are aligned with the first one, which follows the dash.
    let indent = line.replace('-', " ");
    let entry = |value: &str| Zeroizing::new(format!("{name}: {value}\n{indent}"));
    [plain, &quoted].into_iter().filter_map(|value| splice(first.from, first.from, &entry(value))).collect()
}

/// The nodes of a text with their ranges.
enum Tree {
    Leaf(Leaf),
    List(Vec<Tree>),
    Map(Map),
}

/// A scalar or an alias: its text, and its range in bytes.
struct Leaf {
    text: Zeroizing<String>,
    from: usize,
    to: usize,
}

struct Map {
    /// Whether it is inside braces.
    flow: bool,
    entries: Vec<(Leaf, Tree)>,
}

impl Tree {
    /// Returns the first document, or `None` if the parser does not accept the text.
    fn of(text: &str) -> Option<Self> {
        let mut reader = Reader { parser: Parser::new_from_str(text), text, byte: 0, index: 0 };
        loop {
            match reader.next()? {
                (Event::Nothing | Event::StreamStart | Event::DocumentStart(_), _) => {}
                (event, span) => return reader.node(&event, span),
            }
        }
    }

    /// Returns the node at `path`.
    fn at(self, path: &[Step]) -> Option<Self> {
        path.iter().try_fold(self, |node, step| match (node, step) {
            // Of a duplicate key the last one counts.
            (Self::Map(map), Step::Key(name)) => {
                map.entries.into_iter().rev().find(|(key, _)| key.text.as_str() == name).map(|(_, value)| value)
            }
            (Self::List(items), Step::Item(index)) => items.into_iter().nth(*index),
            _ => None,
        })
    }
}

struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    text: &'t str,
    /// A position in the text, in bytes and in characters, which only moves forward.
    byte: usize,
    index: usize,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Option<(Event<'t>, Span)> {
        self.parser.next_event()?.ok()
    }

    /// Converts the parser's position, in characters, to bytes.
    fn place(&mut self, index: usize) -> Option<usize> {
        let rest = self.text.get(self.byte..)?;
        let ahead = index.checked_sub(self.index)?;
        let step = rest.char_indices().nth(ahead).map_or(rest.len(), |(at, _)| at);
        (self.byte, self.index) = (self.byte + step, index);
        Some(self.byte)
    }

    /// Returns the node that begins with `event`. Nesting is bounded, since the text was parsed before by a parser with
    /// a limit.
    fn node(&mut self, event: &Event<'t>, span: Span) -> Option<Tree> {
        let from = self.place(span.start.index())?;
        match event {
            Event::Scalar(text, style, ..) => {
                // Why: the end that the parser reports may be after a comment.
                let rest = self.text.get(from..)?;
                let length = match style {
                    ScalarStyle::Plain => rest.starts_with(text.as_ref()).then_some(text.len()),
                    ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => quoted(rest),
                    ScalarStyle::Literal | ScalarStyle::Folded => None,
                };
                let to = self.place(span.end.index())?;
                let to = from + length.unwrap_or(self.text.get(from..to)?.trim_end().len());
                Some(Tree::Leaf(Leaf { text: Zeroizing::new(text.to_string()), from, to }))
            }
            Event::Alias(_) => {
                let to = self.place(span.end.index())?;
                Some(Tree::Leaf(Leaf { text: Zeroizing::default(), from, to }))
            }
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => return Some(Tree::List(items)),
                        (event, span) => items.push(self.node(&event, span)?),
                    }
                }
            }
            Event::MappingStart(..) => {
                let flow = self.text.get(from..)?.starts_with('{');
                let mut entries = Vec::new();
                loop {
                    let (event, span) = self.next()?;
                    if matches!(event, Event::MappingEnd) {
                        return Some(Tree::Map(Map { flow, entries }));
                    }
                    let key = self.node(&event, span)?;
                    let (event, span) = self.next()?;
                    let value = self.node(&event, span)?;
                    if let Tree::Leaf(key) = key {
                        entries.push((key, value));
                    }
                }
            }
            _ => None,
        }
    }
}

/// Returns the length of the quoted scalar at the beginning of a text.
fn quoted(text: &str) -> Option<usize> {
    let mut bytes = text.bytes().enumerate();
    let (_, quote) = bytes.next()?;
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' if quote == b'"' => drop(bytes.next()),
            // Two single quotes are an escaped one.
            b'\'' if quote == b'\'' && text.as_bytes().get(at + 1) == Some(&quote) => drop(bytes.next()),
            _ if byte == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}
