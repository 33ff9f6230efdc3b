//! Objects to bytes: tables, YAML, JSON, KYAML, names, jsonpath, go-template, custom columns, descriptions.
pub mod columns;
pub mod decoded;
pub mod describe;
mod escape;
pub mod format;
pub mod held;
pub mod name;
mod per_item;
pub mod printer;
pub mod sort;
pub mod table;

/// Where output goes.
pub trait Out: std::io::Write {
    /// Returns a writer for text of ours: harmless already, with colours that a terminal shall obey.
    fn styled(&mut self) -> &mut dyn std::io::Write;
}

impl Out for Vec<u8> {
    fn styled(&mut self) -> &mut dyn std::io::Write {
        self
    }
}

pub use format::{Allowed, Flags, Format};
pub use go::json_write::Order;
pub use printer::{Options, Printer};
pub use table::Style;
