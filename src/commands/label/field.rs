//! The two maps of metadata that the commands work on.

/// Which map of metadata, and kubectl's words for it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// `labels`.
    Labels,
    /// `annotations`.
    Annotations,
}

impl Field {
    /// Returns its name in `metadata`.
    pub fn field(self) -> &'static str {
        match self {
            Field::Labels => "labels",
            Field::Annotations => "annotations",
        }
    }

    /// Returns what one entry is called.
    pub fn noun(self) -> &'static str {
        match self {
            Field::Labels => "label",
            Field::Annotations => "annotation",
        }
    }

    /// Returns the command that works on it.
    pub fn verb(self) -> &'static str {
        match self {
            Field::Labels => "label",
            Field::Annotations => "annotate",
        }
    }
}
