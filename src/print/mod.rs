//! Objects to bytes: tables, YAML, JSON, KYAML, names, jsonpath, go-template, custom columns, descriptions.
pub mod duration;
pub mod escape;
pub mod gotemplate;
pub mod json;
pub mod jsonpath;
pub mod kyaml;
pub mod name;
mod order;
pub mod table;
mod tabs;
pub mod yaml;

pub use escape::terminal_safe;
pub use json::Order;
