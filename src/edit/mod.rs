//! Editing Secrets in an editor: the conversation as a pure state machine, the views that show Secrets as text, and the
//! private file that the editor opens.

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
