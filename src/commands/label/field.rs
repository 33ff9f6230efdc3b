//! The two maps of metadata that `label` and `annotate` change.

/// Which map of metadata, and kubectl's words for it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// `labels`.
    Labels,
    /// `annotations`.
    Annotations,
}

impl Field {
    /// Returns the field of `metadata`.
    pub fn field(self) -> &'static str {
        match self {
            Field::Labels => "labels",
            Field::Annotations => "annotations",
        }
    }

    /// Returns the noun for one entry.
    pub fn noun(self) -> &'static str {
        match self {
            Field::Labels => "label",
            Field::Annotations => "annotation",
        }
    }

    /// Returns the command that changes the map.
    pub fn verb(self) -> &'static str {
        match self {
            Field::Labels => "label",
            Field::Annotations => "annotate",
        }
    }
}
