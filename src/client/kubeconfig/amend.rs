//! New values in the text of a kubeconfig, whose other content stays as it is: order, comments, quotes and all.

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};
use serde_json::Value as Json;
use zeroize::Zeroizing;

use go::quote::quote;
use secret::{Object, wipe};

/// Where the fields of an auth provider stand below a user.
const CONFIG: [&str; 3] = ["user", "auth-provider", "config"];

/// Returns `text` with fields of the auth provider of `user` set.
///
/// Each field is changed where it stands, and the result is read back: it must differ from the old text in that field and
/// nothing else. Where no change of the text does that (an alias, a merge key), the document is written anew, as client-go
/// always does: its comments are lost, nothing else.
///
/// # Errors
/// A text that cannot be read, or has no such user with an auth provider.
pub(super) fn amend(text: &str, user: &str, fields: &[(&str, &str)]) -> Result<Zeroizing<String>, String> {
    let mut text = Zeroizing::new(text.to_owned());
    for (name, value) in fields {
        text = set(&text, user, name, value)?;
    }
    Ok(text)
}

fn set(text: &str, user: &str, name: &str, value: &str) -> Result<Zeroizing<String>, String> {
    let mut wanted = read(text)?;
    let users = wanted.json()["users"].as_array().map(Vec::as_slice).unwrap_or_default();
    let gone = || format!("it has no user {} with an auth-provider any more", quote(user));
    let index = users.iter().position(|named| named["name"] == *user).ok_or_else(gone)?;
    let pointer = format!("/users/{index}/{}", CONFIG.join("/"));
    let config = wanted.json_mut().pointer_mut(&pointer).and_then(Json::as_object_mut).ok_or_else(gone)?;
    if let Some(mut old) = config.insert(name.to_owned(), value.into()) {
        wipe(&mut old);
    }
    let changed = candidates(text, index, name, value).into_iter().find(|changed| {
        let read = read(changed);
        read.is_ok_and(|read| read.json() == wanted.json())
    });
    Ok(changed.unwrap_or_else(|| Zeroizing::new(yaml::write::to_string(wanted.json()))))
}

fn read(text: &str) -> Result<Object, String> {
    yaml::read::lenient(text.strip_prefix('\u{feff}').unwrap_or(text).as_bytes()).map(|(json, _)| Object::new(json))
}

/// The texts that may be the right one, the nicest first.
fn candidates(text: &str, index: usize, name: &str, value: &str) -> Vec<Zeroizing<String>> {
    let quoted = Zeroizing::new(Json::from(value).to_string());
    let Some(config) = Tree::of(text).and_then(|tree| tree.config(index)) else { return Vec::new() };
    let splice = |from: usize, to: usize, new: &str| {
        let (before, after) = (text.get(..from)?, text.get(to..)?);
        Some(Zeroizing::new([before, new, after].concat()))
    };
    // Of a field that stands twice the last one counts.
    if let Some((_, old)) = config.fields.iter().rev().find(|(key, _)| key.text.as_str() == name) {
        // Why: JSON must stay JSON.
        let order = match text.as_bytes().get(old.from) {
            Some(b'"') => [quoted.as_str(), value],
            _ => [value, quoted.as_str()],
        };
        return order.into_iter().filter_map(|new| splice(old.from, old.to, new)).collect();
    }
    let Some((first, _)) = config.fields.first() else { return Vec::new() };
    if config.flow {
        let entry = Zeroizing::new(format!("\"{name}\": {}, ", *quoted));
        return splice(first.from, first.from, &entry).into_iter().collect();
    }
    let line = text.get(..first.from).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
    let entry = |value: &str| Zeroizing::new(format!("{name}: {value}\n{line}"));
    [value, &quoted].into_iter().filter_map(|value| splice(first.from, first.from, &entry(value))).collect()
}

/// The nodes of a text with their places.
enum Tree {
    Leaf(Leaf),
    List(Vec<Tree>),
    Map(Map),
}

/// A scalar or an alias: what it says and, in bytes, where it stands.
struct Leaf {
    text: Zeroizing<String>,
    from: usize,
    to: usize,
}

struct Map {
    /// Whether it stands in braces.
    flow: bool,
    entries: Vec<(Leaf, Tree)>,
}

/// The map with the fields of an auth provider.
struct Config {
    flow: bool,
    fields: Vec<(Leaf, Leaf)>,
}

impl Tree {
    /// Returns the first document, or `None` where the parser cannot follow the text.
    fn of(text: &str) -> Option<Self> {
        let mut reader = Reader { parser: Parser::new_from_str(text), text, byte: 0, index: 0 };
        loop {
            match reader.next()? {
                (Event::Nothing | Event::StreamStart | Event::DocumentStart(_), _) => {}
                (event, span) => return reader.node(&event, span),
            }
        }
    }

    fn entry(self, name: &str) -> Option<Self> {
        let Self::Map(map) = self else { return None };
        map.entries.into_iter().rev().find(|(key, _)| key.text.as_str() == name).map(|(_, value)| value)
    }

    fn config(self, user: usize) -> Option<Config> {
        let Self::List(users) = self.entry("users")? else { return None };
        let user = users.into_iter().nth(user)?;
        let Self::Map(map) = CONFIG.into_iter().try_fold(user, Self::entry)? else { return None };
        let leaf = |(key, value)| match value {
            Self::Leaf(value) => Some((key, value)),
            _ => None,
        };
        Some(Config { flow: map.flow, fields: map.entries.into_iter().filter_map(leaf).collect() })
    }
}

struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    text: &'t str,
    /// A place in the text, in bytes and in characters, that only moves forward.
    byte: usize,
    index: usize,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Option<(Event<'t>, Span)> {
        self.parser.next_event()?.ok()
    }

    /// Turns the parser's place, in characters, into one in bytes.
    fn place(&mut self, index: usize) -> Option<usize> {
        let rest = self.text.get(self.byte..)?;
        let ahead = index.checked_sub(self.index)?;
        let step = rest.char_indices().nth(ahead).map_or(rest.len(), |(at, _)| at);
        (self.byte, self.index) = (self.byte + step, index);
        Some(self.byte)
    }

    /// Returns the node that begins with `event`. Nesting is bounded: the text was read by a reader that bounds it.
    fn node(&mut self, event: &Event<'t>, span: Span) -> Option<Tree> {
        let from = self.place(span.start.index())?;
        match event {
            Event::Scalar(text, style, ..) => {
                // Why: the parser's end may lie behind a comment.
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

/// Returns the length of the quoted scalar that a text begins with.
fn quoted(text: &str) -> Option<usize> {
    let mut bytes = text.bytes().enumerate();
    let (_, quote) = bytes.next()?;
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' if quote == b'"' => drop(bytes.next()),
            // A quote that stands twice is one in the text.
            b'\'' if quote == b'\'' && text.as_bytes().get(at + 1) == Some(&quote) => drop(bytes.next()),
            _ if byte == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: &[(&str, &str)] = &[("id-token", "new.id"), ("refresh-token", "new-refresh")];

    fn amended(text: &str) -> String {
        amend(text, "u", NEW).expect("an amended text").to_string()
    }

    #[test]
    fn everything_else_stays() {
        for (old, new) in [
            // As kubectl and kubelogin write it, with what a person added.
            (
                "# mine\napiVersion: v1\nusers:\n- name: other\n  user: {token: x}\n- name: u   # me\n  user:\n    \
                 auth-provider:\n      config:\n        client-id: c\n        id-token: 'ol''d' # note\n        # ü\n        \
                 refresh-token: 'old'\n        idp-issuer-url: https://i\n      name: oidc\ncurrent-context: x\n",
                "# mine\napiVersion: v1\nusers:\n- name: other\n  user: {token: x}\n- name: u   # me\n  user:\n    \
                 auth-provider:\n      config:\n        client-id: c\n        id-token: new.id # note\n        # ü\n        \
                 refresh-token: new-refresh\n        idp-issuer-url: https://i\n      name: oidc\ncurrent-context: x\n",
            ),
            // A field that was not there.
            (
                "users:\n- name: u\n  user:\n    auth-provider:\n      config:\n        client-id: c\n        refresh-token: r\n",
                "users:\n- name: u\n  user:\n    auth-provider:\n      config:\n        id-token: new.id\n        client-id: c\n        \
                 refresh-token: new-refresh\n",
            ),
            // Braces, JSON, another document behind it.
            (
                "users: [{name: u, user: {auth-provider: {config: {client-id: c, refresh-token: \"r\"}}}}] # end\n",
                "users: [{name: u, user: {auth-provider: {config: {\"id-token\": \"new.id\", client-id: c, refresh-token: \
                 \"new-refresh\"}}}}] # end\n",
            ),
            (
                "{\n  \"users\": [{\"name\": \"u\", \"user\": {\"auth-provider\": {\"config\": {\n    \"id-token\": \"o\",\n    \
                 \"refresh-token\":\"r\"}}}}]\n}",
                "{\n  \"users\": [{\"name\": \"u\", \"user\": {\"auth-provider\": {\"config\": {\n    \"id-token\": \"new.id\",\n    \
                 \"refresh-token\":\"new-refresh\"}}}}]\n}",
            ),
            (
                "users: [{name: u, user: {auth-provider: {config: {id-token: a, refresh-token: b}}}}]\n---\nusers: 3\n",
                "users: [{name: u, user: {auth-provider: {config: {id-token: new.id, refresh-token: new-refresh}}}}]\n---\n\
                 users: 3\n",
            ),
            // Of a field that stands twice the last one counts.
            (
                "users: [{name: u, user: {auth-provider: {config: {id-token: a, id-token: b, refresh-token: c}}}}]\n",
                "users: [{name: u, user: {auth-provider: {config: {id-token: a, id-token: new.id, refresh-token: \
                 new-refresh}}}}]\n",
            ),
            // A text of several lines.
            (
                "users:\n- name: u\n  user:\n    auth-provider:\n      config:\n        id-token: >-\n          a.b.c\n        \
                 refresh-token: \"a\\\n          b\" # note\n",
                "users:\n- name: u\n  user:\n    auth-provider:\n      config:\n        id-token: >-\n          new.id\n        \
                 refresh-token: \"new-refresh\" # note\n",
            ),
        ] {
            assert_eq!(amended(old), new);
        }
    }

    #[test]
    fn what_cannot_be_changed_in_place_is_written_anew() {
        for old in [
            "x: &c {client-id: c, id-token: a, refresh-token: b}\nusers: [{name: u, user: {auth-provider: {config: *c}}}]\n",
            "x: &c {id-token: a}\nusers: [{name: u, user: {auth-provider: {config: {<<: *c, refresh-token: b}}}}]\n",
            "users: [{name: u, user: {auth-provider: {config: {id-token: &t a, refresh-token: b}}}}]\ny: *t\n",
        ] {
            let (new, before) = (read(&amended(old)).expect("a document"), read(old).expect("a document"));
            let config = &new.json()["users"][0]["user"]["auth-provider"]["config"];
            assert_eq!((&config["id-token"], &config["refresh-token"]), (&"new.id".into(), &"new-refresh".into()));
            for kept in ["x", "y"] {
                assert_eq!(new.json().get(kept), before.json().get(kept), "{old}");
            }
        }
    }

    #[test]
    fn values_that_look_like_something_else_stay_text() {
        for value in ["yes", "1e3", "a: b", "a #b", "\"", "-", "*x", "a\u{e9}\n", "{", ""] {
            for old in [
                "users: [{name: u, user: {auth-provider: {config: {id-token: a}}}}]",
                "users:\n- name: u\n  user:\n    auth-provider:\n      config:\n        id-token: a\n",
                "users:\n- name: u\n  user:\n    auth-provider:\n      config:\n        client-id: a\n",
            ] {
                let new = amend(old, "u", &[("id-token", value)]).expect("an amended text");
                let read = read(&new).expect("a document");
                assert_eq!(read.json()["users"][0]["user"]["auth-provider"]["config"]["id-token"], *value, "{}", *new);
            }
        }
    }

    #[test]
    fn a_user_that_is_gone_is_an_error() {
        for text in
            ["", "users: []", "users: [{name: u}]", "users: [{name: v, user: {auth-provider: {config: {}}}}]", "a: ["]
        {
            assert!(amend(text, "u", NEW).is_err(), "{text}");
        }
    }
}
