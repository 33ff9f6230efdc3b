//! JSON objects as they are written, member by member: in the order in which they are read, and without a tree.

use go::json_write::push_string;

/// An object that is being written.
pub(super) struct Members(String);

impl Members {
    pub(super) fn new() -> Self {
        Self("{".to_owned())
    }

    /// Adds a text.
    pub(super) fn text(&mut self, name: &str, text: &str) -> &mut Self {
        self.name(name);
        push_string(&mut self.0, text);
        self
    }

    /// Adds what is JSON already.
    pub(super) fn json(&mut self, name: &str, json: &str) -> &mut Self {
        self.name(name);
        self.0.push_str(json);
        self
    }

    /// Adds an object with one text.
    pub(super) fn within(&mut self, name: &str, member: &str, text: &str) -> &mut Self {
        let inner = Self::new().text(member, text).end();
        self.json(name, &inner)
    }

    /// Returns the object.
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

/// Writes a list of texts.
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
