//! Objects to bytes: tables, YAML, JSON, KYAML, names, jsonpath, go-template, custom columns, descriptions.
pub mod go;
pub mod gotemplate;
pub mod jsonpath;
