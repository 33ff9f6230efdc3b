//! How Secrets are shown as text, and how the text is read back. kubectl's view (YAML or JSON, values in base64) is
//! here; the decoded view is [`super::decoded`], a single value is [`super::single`].

use serde_json::{Value as Json, json};
use zeroize::Zeroizing;

use super::{
    conflict::Clash,
    nodes::{self, Kind, Node, Problem},
    object,
    session::Text,
};
use crate::{
    print,
    secret::{Object, wipe},
};

/// One way of showing Secrets in an editor.
pub trait View {
    /// Returns the comment at the top, without the reasons that may follow it; `None` if the format has no comments.
    fn header(&self) -> Option<&'static str>;

    /// Returns the file's name. Editors choose a language by its extension.
    fn file(&self) -> String;

    /// Returns the text of these objects, without the header. For a clash both values are shown if the format has
    /// comments.
    fn render(&self, objects: &[Object], clashes: &[Clash]) -> Text;

    /// Reads the objects of a text, with `data` in base64. `originals` are the objects that [`View::render`] got;
    /// fields that the text does not show are taken from them.
    ///
    /// # Errors
    /// Everything that is wrong with the text, by line, never with a value.
    fn read(&self, text: &[u8], originals: &[Object]) -> Result<Vec<Object>, Vec<Problem>>;

    /// Returns whether two texts have the same meaning.
    fn same(&self, one: &[u8], other: &[u8]) -> bool {
        one == other
            || match (nodes::parse(one), nodes::parse(other)) {
                (Ok(one), Ok(other)) => one == other,
                _ => strip_header(one).1 == strip_header(other).1,
            }
    }

    /// Returns whether this is a view that kubectl does not have. Then its messages and its flow do not bind us: an
    /// emptied file cancels, changes are reported key by key, and a refused request opens the editor again.
    fn ours(&self) -> bool {
        false
    }
}

/// kubectl's view.
pub struct Plain {
    /// JSON instead of YAML.
    pub json: bool,
}

/// kubectl's header, word for word.
const HEADER: &str = "\
# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
";

/// kubectl's header for `apply edit-last-applied`.
pub const LAST_APPLIED_HEADER: &str = "\
# Please edit the 'last-applied-configuration' annotations below.
# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.
#
";

impl View for Plain {
    fn header(&self) -> Option<&'static str> {
        (!self.json).then_some(HEADER)
    }

    fn file(&self) -> String {
        if self.json { "secret.json" } else { "secret.yaml" }.to_owned()
    }

    fn render(&self, objects: &[Object], _: &[Clash]) -> Text {
        let write = |json: &Json| match self.json {
            true => go::json_write::to_string(json, print::Order::Sorted),
            false => yaml::write::portable(json),
        };
        Zeroizing::new(match objects {
            [one] => write(one.json()).into_bytes(),
            several => {
                let items: Vec<&Json> = several.iter().map(Object::json).collect();
                let mut list = json!({"apiVersion": "v1", "items": items, "kind": "List", "metadata": {}});
                let text = write(&list);
                wipe(&mut list);
                text.into_bytes()
            }
        })
    }

    fn read(&self, text: &[u8], _: &[Object]) -> Result<Vec<Object>, Vec<Problem>> {
        let roots = nodes::parse(text).map_err(|problem| vec![problem])?;
        let mut problems = Vec::new();
        let mut objects = Vec::new();
        for root in flatten(&roots) {
            let object = Object::new(object::read(root, "", &mut problems));
            check(root, &object, &mut problems);
            objects.push(object);
        }
        if objects.is_empty() {
            problems.push(Problem::at(0, "kind not set"));
        }
        if problems.is_empty() { Ok(objects) } else { Err(problems) }
    }
}

/// Returns the objects of all documents and lists, in order, without empty documents.
pub(super) fn flatten(roots: &[Node]) -> Vec<&Node> {
    let mut found = Vec::new();
    for root in roots.iter().filter(|root| !root.is_null()) {
        match items(root) {
            Some(items) => found.extend(items),
            None => found.push(root),
        }
    }
    found
}

/// The items of a `List`.
fn items(root: &Node) -> Option<&Vec<Node>> {
    let list = member(root, "kind").and_then(Node::text).is_some_and(|kind| kind.ends_with("List"));
    match member(root, "items").map(|node| &node.kind) {
        Some(Kind::List(items)) if list => Some(items),
        _ => None,
    }
}

/// Returns the value of a key of a map.
pub(super) fn member<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    match &node.kind {
        Kind::Map(entries) => entries.iter().find(|(key, _)| key.text() == Some(name)).map(|(_, value)| value),
        _ => None,
    }
}

/// Checks what must hold for every object, so that a mistake is found before a request is sent: it has `apiVersion` and
/// `kind`, and `data` is base64.
fn check(root: &Node, object: &Object, problems: &mut Vec<Problem>) {
    if !object.json().is_object() {
        if problems.is_empty() {
            problems.push(Problem::at(root.line, "an object is wanted here"));
        }
        return;
    }
    for field in ["apiVersion", "kind"] {
        if object.json().get(field).is_none() {
            problems.push(Problem::at(root.line, format!("{field} not set")));
        }
    }
    let Some(Kind::Map(entries)) = member(root, "data").map(|node| &node.kind) else { return };
    for (key, value) in entries {
        if let (Some(key), Some(text), None) = (key.text(), value.text(), &value.tag)
            && let Err(error) = object::check_base64(text)
        {
            problems.push(Problem::at(value.line, format!("data.{key} is not base64: {error}")));
        }
    }
    problems.sort_by_key(|problem| problem.line);
}

/// Splits off the lines at the top that begin with `#`. Returns their number, and the text after them.
pub fn strip_header(text: &[u8]) -> (usize, &[u8]) {
    let mut rest = text;
    let mut lines = 0;
    while rest.first() == Some(&b'#') {
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
        rest = rest.get(end..).unwrap_or_default();
        lines += 1;
    }
    (lines, rest)
}

/// Returns whether any line is neither blank nor a comment.
pub fn has_lines(text: &[u8]) -> bool {
    text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).any(|line| line.first().is_some_and(|byte| *byte != b'#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Object {
        Object::new(json!({
            "apiVersion": "v1", "kind": "Secret", "type": "Opaque", "data": {"a": "MQ==", "y": "1234"},
            "metadata": {"name": "s", "uid": "u", "resourceVersion": "7", "annotations": {"n": "# one\ntwo\n"}},
        }))
    }

    #[test]
    fn what_is_shown_reads_back_as_it_was() {
        for json in [false, true] {
            let view = Plain { json };
            let text = view.render(&[secret()], &[]);
            assert!(view.read(&text, &[]).unwrap() == [secret()]);
            let two = view.render(&[secret(), secret()], &[]);
            assert!(view.read(&two, &[]).unwrap() == [secret(), secret()]);
        }
    }

    #[test]
    fn mistakes_are_found_by_line() {
        let read = |text: &str| -> Vec<String> {
            Plain { json: false }.read(text.as_bytes(), &[]).unwrap_err().iter().map(ToString::to_string).collect()
        };
        assert_eq!(read("# nothing\n"), ["kind not set"]);
        assert_eq!(read("text\n"), ["line 1: an object is wanted here"]);
        assert_eq!(
            read("kind: Secret\ndata:\n  a: NOT*BASE64\n"),
            ["line 1: apiVersion not set", "line 3: data.a is not base64: illegal base64 data at input byte 3"]
        );
    }

    #[test]
    fn headers_and_lines() {
        assert_eq!(strip_header(b"# a\n#\nb\n# c\n"), (2, &b"b\n# c\n"[..]));
        assert_eq!(strip_header(b"# a"), (1, &b""[..]));
        assert!(!has_lines(b"\n  # a\n \n") && has_lines(b"# a\n x"));
    }
}
