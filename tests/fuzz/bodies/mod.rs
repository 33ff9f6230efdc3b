//! What each fuzz target does with its input: reads it, and checks what must hold of all that can be read. A function that
//! returns has found nothing wrong. `tests/e2e.rs` plays the corpus with them, cargo-fuzz everything else.

mod dice;
mod edits;
mod manifests;
mod objects;
mod queries;
mod sources;
mod values;

pub use edits::edit;
pub use manifests::{json, yaml};
pub use objects::{managed_fields, merge, protobuf};
pub use queries::{jsonpath, template};
pub use sources::{docker_config, dotenv, env_file, generate, keys, kubeconfig, pem};
pub use values::findings;

/// A target and its name, which its corpus has too.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 16] = [
    ("docker_config", docker_config),
    ("dotenv", dotenv),
    ("edit", edit),
    ("env_file", env_file),
    ("findings", findings),
    ("generate", generate),
    ("json", json),
    ("jsonpath", jsonpath),
    ("keys", keys),
    ("kubeconfig", kubeconfig),
    ("managed_fields", managed_fields),
    ("merge", merge),
    ("pem", pem),
    ("protobuf", protobuf),
    ("template", template),
    ("yaml", yaml),
];

/// A value that no error may repeat.
const MARKER: &str = "hunter2-zx9Q";

/// Checks that an error repeats no value, and is no longer than `most` bytes.
fn discreet(error: &str, most: usize) {
    assert!(!error.contains(MARKER), "a value is in an error: {error}");
    assert!(error.len() <= most, "an error of {} bytes: {}", error.len(), error.chars().take(400).collect::<String>());
}
