//! Positions in a document.

/// A position in the document; all three count from zero.
#[derive(Clone, Copy, Default)]
pub(super) struct Mark {
    /// Characters before it.
    pub index: usize,
    /// Lines before it.
    pub line: usize,
    /// Characters before it in its line.
    pub column: usize,
}
