//! What holds values so that they stay where they belong: [`Value`], [`Typed`] and [`Object`] show sizes and names, never content, and
//! wipe themselves; [`bounded`] reads without leaving copies behind, and never more than it was told.

pub mod bounded;
mod object;
mod typed;
mod value;

pub use object::{Object, wipe};
pub use typed::{Text, Typed};
pub use value::Value;
