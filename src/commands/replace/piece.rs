//! One object that `replace --force` deletes and creates.

use crate::{commands::targets::Target, secret::Object};

/// An object on its way.
pub(super) struct Piece {
    pub(super) target: Target,
    /// The new one, as it is sent.
    pub(super) new: Object,
    /// The one that was deleted, for as long as the new one is not known to be there.
    pub(super) former: Option<Object>,
    /// The file that it came from, as kubectl names it.
    pub(super) path: String,
    /// Whether it is to be created.
    pub(super) wanted: bool,
}
