//! One kubeconfig file as a document that can be changed, with the fields that client-go does not know.

use serde_json::{Map, Value as Json, json};

use super::{list::List, read, retouch};
use secret::Object;
use zeroize::Zeroizing;

/// The content of one file, in kubectl's form. Contains tokens and keys.
#[derive(Clone)]
pub(super) struct Document {
    object: Object,
    /// Whether other documents follow it in the file.
    more: bool,
    /// The text that it was read from, if that may have comments.
    commented: Option<Zeroizing<Vec<u8>>>,
}

/// The text to write to a file.
pub(super) struct Written {
    pub(super) text: Zeroizing<Vec<u8>>,
    /// Whether comments of the old text are missing in it.
    pub(super) comments_lost: bool,
}

impl Document {
    /// Returns the document of a file that does not exist.
    pub(super) fn empty() -> Self {
        Self { object: Object::new(read::canonical(Json::Null).unwrap_or_default()), more: false, commented: None }
    }

    /// Reads the text of a file; also returns whether it contains credentials.
    ///
    /// # Errors
    /// A fragment of a message, without any value from the file.
    pub(super) fn parse(text: &[u8]) -> Result<(Self, bool), String> {
        let (json, secrets) = read::whole(text)?;
        let commented = retouch::may_have_comments(text).then(|| Zeroizing::new(text.to_vec()));
        Ok((Self { object: Object::new(json), more: has_more(text), commented }, secrets))
    }

    /// Returns `true` if other documents follow it in the file, which writing would remove.
    pub(super) fn has_more(&self) -> bool {
        self.more
    }

    /// Returns the whole document.
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

    /// Sets the item with that name in a list, in place of an existing one.
    pub(super) fn put(&mut self, list: List, name: &str, item: Json) {
        self.remove(list, name);
        match self.object.json_mut().get_mut(list.name()) {
            Some(Json::Array(items)) => items.push(item),
            _ => self.set(list.name(), json!([item])),
        }
    }

    /// Removes the item with that name from a list.
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

    /// Returns the text of the file: in kubectl's form; or, if the old text may have comments and changing values in it
    /// is enough, the old text with the new values.
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
    // Why: few files have such a line, and only for those a second pass is needed.
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
