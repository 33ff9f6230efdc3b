//! One kubeconfig file as a document that can be changed: all of it, also what client-go does not know.

use serde_json::{Map, Value as Json, json};

use super::{list::List, read, retouch};
use secret::Object;
use zeroize::Zeroizing;

/// The content of one file, in the form that kubectl writes. Holds tokens and keys.
#[derive(Clone)]
pub(super) struct Document {
    object: Object,
    /// Whether others follow it in the file.
    more: bool,
    /// The text that it was read from, where that may have comments.
    commented: Option<Zeroizing<Vec<u8>>>,
}

/// The text of a file that is to be written.
pub(super) struct Written {
    pub(super) text: Zeroizing<Vec<u8>>,
    /// Whether comments of the old text are not in it.
    pub(super) comments_lost: bool,
}

impl Document {
    /// Returns the document of a file that does not exist.
    pub(super) fn empty() -> Self {
        Self { object: Object::new(read::canonical(Json::Null).unwrap_or_default()), more: false, commented: None }
    }

    /// Reads the text of a file; also whether it holds what should stay with its owner.
    ///
    /// # Errors
    /// A fragment without any value from the file.
    pub(super) fn parse(text: &[u8]) -> Result<(Self, bool), String> {
        let (json, secrets) = read::whole(text)?;
        let commented = retouch::may_have_comments(text).then(|| Zeroizing::new(text.to_vec()));
        Ok((Self { object: Object::new(json), more: has_more(text), commented }, secrets))
    }

    /// Returns whether other documents follow it in the file, which a write would lose.
    pub(super) fn has_more(&self) -> bool {
        self.more
    }

    /// Returns all of it.
    pub(super) fn json(&self) -> &Json {
        self.object.json()
    }

    /// Returns a field.
    pub(super) fn get(&self, name: &str) -> &Json {
        self.json().get(name).unwrap_or(&Json::Null)
    }

    /// Returns the items of a list, with their names.
    pub(super) fn items(&self, list: List) -> impl Iterator<Item = (&str, &Json)> {
        let items = self.get(list.name()).as_array().into_iter().flatten();
        items.map(|item| (item["name"].as_str().unwrap_or_default(), item))
    }

    /// Sets a field.
    pub(super) fn set(&mut self, name: &str, value: Json) {
        if let Some(map) = self.object.json_mut().as_object_mut() {
            map.insert(name.to_owned(), value).iter_mut().for_each(secret::wipe);
        }
    }

    /// Puts the item of that name into a list, in the place of the one that is there.
    pub(super) fn put(&mut self, list: List, name: &str, item: Json) {
        self.remove(list, name);
        match self.object.json_mut().get_mut(list.name()) {
            Some(Json::Array(items)) => items.push(item),
            _ => self.set(list.name(), json!([item])),
        }
    }

    /// Takes the item of that name out of a list.
    pub(super) fn remove(&mut self, list: List, name: &str) {
        if let Some(Json::Array(items)) = self.object.json_mut().get_mut(list.name()) {
            items.retain_mut(|item| {
                let stays = item["name"].as_str().unwrap_or_default() != name;
                if !stays {
                    secret::wipe(item);
                }
                stays
            });
        }
    }

    /// Returns the text of the file: as kubectl writes it, or, where the old one may have comments and other values are all
    /// that it takes, the old one with these.
    ///
    /// # Errors
    /// A field that was set to a wrong type.
    pub(super) fn into_text(self) -> Result<Written, String> {
        let json = Object::new(read::canonical(self.object.into_json())?);
        let commented = self.commented.filter(|text| retouch::has_comments(text));
        if let Some(text) = commented.as_ref().and_then(|old| retouch::retouch(old, json.json())) {
            return Ok(Written { text, comments_lost: false });
        }
        let mut text = Zeroizing::new(Vec::new());
        yaml::write::write(json.json(), &mut text);
        Ok(Written { text, comments_lost: commented.is_some() })
    }
}

fn has_more(text: &[u8]) -> bool {
    // Why: few files have such a line, and only of those a second look says more.
    let marked = text.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"---"));
    marked && yaml::read::Documents::new(text).nth(1).is_some()
}

/// Returns the item of a new entry.
pub(super) fn item(list: List, name: &str) -> Json {
    let mut item = Map::new();
    item.insert("name".to_owned(), name.into());
    item.insert(list.field().to_owned(), Json::Object(Map::new()));
    Json::Object(item)
}
