//! Places in a stream of documents.

/// A place between two documents, from which another reader can go on. The default is the beginning.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The offset in the text.
    pub offset: u64,
    /// Whether the text was converted to UTF-8, so that the offset is not one in the input.
    pub converted: bool,
    pub(super) line: usize,
    pub(super) mode: Mode,
    /// The number of documents before it, and of those in JSON.
    pub(super) document: usize,
    pub(super) json: usize,
}

impl Default for Place {
    fn default() -> Self {
        Self { offset: 0, converted: false, line: 1, mode: Mode::Unknown, document: 0, json: 0 }
    }
}

/// The form of the documents of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Unknown,
    Json,
    Yaml,
    Done,
}
