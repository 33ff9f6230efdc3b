//! The built program, as a person, a script or another program meets it. `cargo test --test e2e edit::` runs a part.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a test is a process of its own")]

mod cli;
mod client;
mod dependencies;
mod edit;
mod fuzz;
mod generated;
mod leak;
mod packaging;
mod properties;
mod rotation;
mod store;
mod support;
