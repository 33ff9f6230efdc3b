//! Writes JSON objects member by member, in reading order and without building a tree.

use go::json_write::push_string;

/// An object that is being written.
pub(super) struct Members(String);

impl Members {
    pub(super) fn new() -> Self {
        Self("{".to_owned())
    }

    /// Adds a string.
    pub(super) fn text(&mut self, name: &str, text: &str) -> &mut Self {
        self.name(name);
        push_string(&mut self.0, text);
        self
    }

    /// Adds JSON text.
    pub(super) fn json(&mut self, name: &str, json: &str) -> &mut Self {
        self.name(name);
        self.0.push_str(json);
        self
    }

    /// Adds an object with one string.
    pub(super) fn within(&mut self, name: &str, member: &str, text: &str) -> &mut Self {
        let inner = Self::new().text(member, text).end();
        self.json(name, &inner)
    }

    /// Returns the JSON text of the object.
    pub(super) fn end(&mut self) -> String {
        self.0.push('}');
        std::mem::take(&mut self.0)
    }

    fn name(&mut self, name: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        push_string(&mut self.0, name);
        self.0.push(':');
    }
}

/// Returns the JSON text of a list of strings.
pub(super) fn list(texts: &[String]) -> String {
    let mut out = String::from("[");
    for (at, text) in texts.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        push_string(&mut out, text);
    }
    out + "]"
}
