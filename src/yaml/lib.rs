//! YAML as kubectl reads and writes it: [`read`] takes go-yaml's dialect and says where it fails, [`write`] is go-yaml's
//! emitter, [`kyaml`] the form with braces. Knows nothing of Kubernetes beyond that a document may be a List.

pub mod kyaml;
pub mod read;
pub mod write;

#[cfg(test)]
#[path = "../go/arbitrary.rs"]
mod arbitrary;
#[cfg(test)]
#[path = "../../tests/support/properties.rs"]
mod properties;
