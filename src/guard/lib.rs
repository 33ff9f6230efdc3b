//! Types that hold values of Secrets: [`Value`], [`Typed`], [`Object`] and [`Pieces`] show sizes and names in `Debug`,
//! never content, and wipe their memory on drop. [`bounded`] reads up to a limit, without leaving copies in memory.

pub mod bounded;
mod object;
mod pieces;
mod typed;
mod value;

pub use object::{Object, wipe};
pub use pieces::Pieces;
pub use typed::{Text, Typed};
pub use value::Value;
