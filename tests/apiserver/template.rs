//! The placeholders of recorded scenarios: `{ns}`, `{{uid:1}}`, `{{repeat:UNIT:COUNT}}` …

use std::collections::BTreeMap;

/// What the placeholders of one scenario stand for, as far as answers have told.
pub struct Bindings {
    namespace: String,
    values: BTreeMap<String, String>,
}

enum Piece<'a> {
    Text(&'a str),
    Placeholder(&'a str),
}

fn pieces(mut text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    while let Some((begin, end)) = placeholder(text) {
        pieces.push(Piece::Text(&text[..begin]));
        pieces.push(Piece::Placeholder(&text[begin + 2..end]));
        text = &text[end + 2..];
    }
    pieces.push(Piece::Text(text));
    pieces
}

/// Where the next placeholder stands: of its `{{` and of its `}}`.
fn placeholder(text: &str) -> Option<(usize, usize)> {
    const NAMES: [&str; 7] = ["{{uid:", "{{rv:", "{{name:", "{{continue:", "{{repeat:", "{{time}}", "{{any}}"];
    let begin = NAMES.iter().filter_map(|name| text.find(name)).min()?;
    let end = text[begin..].find("}}")? + begin;
    Some((begin, end))
}

impl Bindings {
    /// Nothing is known but the scenario's namespace.
    pub fn in_namespace(namespace: String) -> Self {
        Self { namespace, values: BTreeMap::new() }
    }

    /// The scenario's namespace.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// A request's text with everything put in. `encode` is applied to what answers told.
    pub fn fill(&self, text: &str, encode: impl Fn(&str) -> String) -> String {
        let mut filled = String::with_capacity(text.len());
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => filled.push_str(&text.replace("{ns}", &self.namespace)),
                Piece::Placeholder(name) => match repeated(name) {
                    Some(text) => filled.push_str(&text),
                    None => filled.push_str(&encode(self.values.get(name).map_or("", String::as_str))),
                },
            }
        }
        filled
    }

    /// Whether `actual` is what `expected` describes; what it tells about placeholders is kept.
    pub fn matches(&mut self, expected: &str, actual: &str) -> bool {
        let pieces = pieces(expected);
        let mut rest = actual;
        let mut waiting: Option<&str> = None;
        for piece in &pieces {
            let literal = match piece {
                Piece::Text(text) => text.replace("{ns}", &self.namespace),
                Piece::Placeholder(name) => match repeated(name).or_else(|| self.values.get(*name).cloned()) {
                    Some(value) => value,
                    None => {
                        waiting = Some(name);
                        continue;
                    }
                },
            };
            if literal.is_empty() {
                continue;
            }
            match waiting.take() {
                None => match rest.strip_prefix(literal.as_str()) {
                    Some(after) => rest = after,
                    None => return false,
                },
                Some(name) => match rest.split_once(literal.as_str()) {
                    Some((value, after)) if self.bind(name, value) => rest = after,
                    _ => return false,
                },
            }
        }
        match waiting {
            Some(name) => self.bind(name, rest),
            None => rest.is_empty(),
        }
    }

    fn bind(&mut self, name: &str, value: &str) -> bool {
        match name {
            "any" => true,
            "time" => value.parse::<jiff::Timestamp>().is_ok() && value.ends_with('Z'),
            "rv:list" => !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()),
            _ => {
                // The N-th distinct value: two names never stand for one.
                let sort = name.split(':').next().unwrap_or_default();
                let taken = self.values.iter().any(|(n, v)| n.starts_with(sort) && v == value);
                self.values.insert(name.to_owned(), value.to_owned());
                !value.is_empty() && !taken
            }
        }
    }
}

fn repeated(name: &str) -> Option<String> {
    let (unit, count) = name.strip_prefix("repeat:")?.rsplit_once(':')?;
    Some(unit.repeat(count.parse().ok()?))
}
