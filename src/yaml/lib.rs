//! YAML as kubectl reads and writes it: [`read`] parses go-yaml's dialect, with the positions of errors; [`write`] is
//! go-yaml's emitter; [`kyaml`] writes the form with braces. Knows nothing of Kubernetes except that a document may be
//! a List.

pub mod kyaml;
pub mod read;
pub mod write;

#[cfg(test)]
#[path = "../go/arbitrary.rs"]
mod arbitrary;
#[cfg(test)]
#[path = "../../tests/support/properties.rs"]
mod properties;
