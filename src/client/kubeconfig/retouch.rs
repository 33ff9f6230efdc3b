//! Changes values in place in the text of a kubeconfig with comments, if changing values is enough. client-go writes
//! every file anew, without its comments.

use serde_json::{Map, Value as Json};
use zeroize::Zeroizing;

use super::{
    list::List,
    read,
    splice::{self, Set, Step},
};
use secret::Object;

/// Returns `true` if a text may have comments; fast, and may be wrong in that.
pub(super) fn may_have_comments(text: &[u8]) -> bool {
    marks(text).next().is_some()
}

/// Returns `true` if a text has comments: a `#` outside of scalars that begins one.
pub(super) fn has_comments(text: &[u8]) -> bool {
    let places = std::str::from_utf8(text).ok().and_then(splice::scalars);
    places.is_some_and(|places| marks(text).any(|at| !places.iter().any(|(from, to)| (*from..*to).contains(&at))))
}

/// Returns the positions where a comment, or text that looks like one, begins.
fn marks(text: &[u8]) -> impl Iterator<Item = usize> {
    let begins = |at: usize| at == 0 || text.get(at - 1).is_some_and(u8::is_ascii_whitespace);
    text.iter().enumerate().filter(move |(at, byte)| **byte == b'#' && begins(*at)).map(|(at, _)| at)
}

/// Returns `text` changed to say `new`, which is in kubectl's form; `None` if that takes more than changing values and
/// adding fields.
pub(super) fn retouch(text: &[u8], new: &Json) -> Option<Zeroizing<Vec<u8>>> {
    let mut text = Zeroizing::new(std::str::from_utf8(text).ok()?.to_owned());
    let old = Object::new(read::whole(text.as_bytes()).ok()?.0);
    let raw = splice::read(&text).ok()?;
    let mut changes = Vec::new();
    differ(old.json(), new, raw.json(), &mut Vec::new(), &mut changes)?;
    for Change { path, name, value } in changes {
        match splice::set(&text, &path, &name, value).ok()?? {
            Set::Spliced(spliced) => text = spliced,
            Set::Unsplit(_) => return None,
        }
    }
    // Invariant: the text is used only if reading it gives `new`.
    let now = Object::new(read::whole(text.as_bytes()).ok()?.0);
    (now.json() == new).then(|| Zeroizing::new(text.as_bytes().to_vec()))
}

/// A field to set.
struct Change<'j> {
    /// The path of the map that has the field.
    path: Vec<Step>,
    name: String,
    value: &'j Json,
}

/// Collects the fields in which two documents differ; `raw` is the old one as the text has it. `None` if they differ in
/// more than strings and booleans.
fn differ<'j>(
    old: &Json,
    new: &'j Json,
    raw: &Json,
    path: &mut Vec<Step>,
    changes: &mut Vec<Change<'j>>,
) -> Option<()> {
    let (Json::Object(old), Json::Object(new)) = (old, new) else { return (old == new).then_some(()) };
    // Fields cannot be removed in place.
    old.keys().all(|key| new.contains_key(key)).then_some(())?;
    for (name, value) in new {
        let was = old.get(name).unwrap_or(&Json::Null);
        if was == value {
            continue;
        }
        path.push(Step::Key(name.clone()));
        match value {
            Json::String(_) | Json::Bool(_) if !was.is_array() && !was.is_object() => {
                path.pop();
                changes.push(Change { path: path.clone(), name: name.clone(), value });
                continue;
            }
            Json::Object(_) => differ(was, value, raw.get(name)?, path, changes)?,
            Json::Array(items) if path.len() == 1 => {
                let list = List::ALL.into_iter().find(|list| list.name() == name)?;
                entries(list, was.as_array()?, items, raw.get(name)?.as_array()?, path, changes)?;
            }
            _ => return None,
        }
        path.pop();
    }
    Some(())
}

/// Collects the fields in which the entries of a list differ; `None` if the lists have different entries.
fn entries<'j>(
    list: List,
    old: &[Json],
    new: &'j [Json],
    raw: &[Json],
    path: &mut Vec<Step>,
    changes: &mut Vec<Change<'j>>,
) -> Option<()> {
    let of = |items: &[Json], name: &Json| items.iter().position(|item| item["name"] == *name);
    (old.len() == new.len()).then_some(())?;
    for item in new {
        let was = &old[of(old, &item["name"])?];
        if was == item {
            continue;
        }
        let index = of(raw, &item["name"])?;
        let empty = Json::Object(Map::new());
        path.push(Step::Item(index));
        differ(
            was,
            item,
            raw.get(index).filter(|raw| raw.get(list.field()).is_some()).unwrap_or(&empty),
            path,
            changes,
        )?;
        path.pop();
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# my clusters
apiVersion: v1
clusters:
- name: b # the second one
  cluster: {server: https://b}
- name: a
  cluster:
    # moved in May
    server: \"https://a\"
contexts:
- context: # how to get there
    user: u
    cluster: a
  name: x
current-context: x # for now
";

    fn changed(change: impl Fn(&mut Json)) -> Option<String> {
        let mut json = read::whole(TEXT.as_bytes()).expect("a kubeconfig").0;
        change(&mut json);
        let json = read::canonical(json).expect("a kubeconfig");
        retouch(TEXT.as_bytes(), &json).map(|text| String::from_utf8(text.to_vec()).expect("text"))
    }

    #[test]
    fn values_are_changed_where_they_stand() {
        let same = |from: &str, to: &str| Some(TEXT.replace(from, to));
        assert_eq!(changed(|_| {}), same("", ""));
        let current = changed(|json| json["current-context"] = "a: b".into());
        assert_eq!(current, same("current-context: x #", "current-context: \"a: b\" #"));
        // In the form that kubectl writes entries are sorted, and fields are there that the text has not.
        let server = changed(|json| json["clusters"][0]["cluster"]["server"] = "https://c".into());
        assert_eq!(server, same("\"https://a\"", "\"https://c\""));
        let insecure = changed(|json| json["clusters"][1]["cluster"]["insecure-skip-tls-verify"] = true.into());
        assert_eq!(insecure, same("{server", "{\"insecure-skip-tls-verify\": true, server"));
        let namespace = changed(|json| json["contexts"][0]["context"]["namespace"] = "n".into());
        assert_eq!(namespace, same("    user: u", "    namespace: \"n\"\n    user: u"));
    }

    #[test]
    fn what_takes_more_is_left_to_the_writer() {
        for change in [
            |json: &mut Json| drop(json["clusters"].as_array_mut().map(Vec::pop)),
            |json: &mut Json| json["users"] = serde_json::json!([{"name": "u", "user": {}}]),
            |json: &mut Json| json["contexts"][0]["name"] = "y".into(),
            |json: &mut Json| json["clusters"][0]["cluster"]["extensions"] = serde_json::json!([{"name": "e"}]),
        ] {
            assert_eq!(changed(change), None);
        }
    }

    #[test]
    fn comments_are_seen() {
        for text in
            ["a: b # x", "a:\n  # x\n  b: c\n", "a: 'b' # x", "a: [\"b\"] # x", "a: {b: c # x\n}", "# x\na: |-\n  b\n"]
        {
            assert!(has_comments(text.as_bytes()), "{text}");
        }
        for text in [
            "server: https://h/#x\n",
            "a: 'b # c'",
            "a: \" # b\"",
            "a: |-\n  # b\nc: d\n",
            "a: >-\n  b\n  # c\n",
            "'# a': b",
        ] {
            assert!(!has_comments(text.as_bytes()), "{text}");
        }
    }
}
