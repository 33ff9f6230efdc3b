//! Prints objects: tables, YAML, JSON, KYAML, names, jsonpath, go-template, custom columns, descriptions.

pub mod columns;
pub mod decoded;
pub mod describe;
mod details;
mod escape;
pub mod explain;
pub mod format;
pub mod held;
pub mod name;
mod per_item;
pub mod printer;
#[cfg(test)]
#[path = "../../tests/support/properties.rs"]
mod properties;
pub mod sort;
pub mod table;

pub use format::{Allowed, Flags, Format};
pub use go::json_write::Order;
pub use printer::{Options, Printer};
pub use table::Style;
