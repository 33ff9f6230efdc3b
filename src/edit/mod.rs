//! The conversation with an editor: a pure state machine, and the file that it happens in.

mod annotate;
pub mod conflict;
pub mod conversation;
pub mod decoded;
pub mod editor;
pub mod keep;
pub mod nodes;
pub mod object;
pub mod private_dir;
pub mod receipt;
pub mod session;
pub mod signals;
pub mod single;
pub mod view;
