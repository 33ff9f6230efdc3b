//! What is not ours is refused, or handed to the program that a person named for it.

mod documents;
mod found;
mod handed;
mod told;
mod words;

use crate::support;
