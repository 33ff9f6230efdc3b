//! The conversation with an editor: a pure state machine, and the file that it happens in.

pub mod editor;
pub mod nodes;
pub mod place;
pub mod session;
