//! Objects to bytes: tables, YAML, JSON, KYAML, names, jsonpath, go-template, custom columns, descriptions.
pub mod decoded;
pub mod gotemplate;
pub mod json;
pub mod jsonpath;
pub mod kyaml;
mod order;
pub mod yaml;

pub use json::Order;
