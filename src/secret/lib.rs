//! Secrets: the eight types, the rules for keys and names, builders, validation, merging and the name hash. Pure: no
//! I/O, no clock, no randomness, no async.

pub mod age;
pub mod build;
mod curve;
pub mod details;
pub mod docker;
pub mod hash;
pub mod last_applied;
pub mod manager;
pub mod merge;
#[cfg(test)]
#[path = "../../tests/support/properties.rs"]
mod properties;
pub mod redact;
pub mod resource;
pub mod sanitize;
pub mod selector;
pub mod status;
pub mod string_data;
pub mod tls;
pub mod types;
pub mod validate;

pub use guard::{Object, Value, wipe};
pub use last_applied::LAST_APPLIED;
