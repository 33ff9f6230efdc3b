//! The suites whose tests are data: recordings that are replayed, plays of other programs, terminals. The counts of all
//! of them stand at the end.
//!
//! A part: `cargo test --test suites kubectl/get`. What needs a program that may not be on the machine runs if
//! `KSECRET_REQUIRE` names it (see [`support::require`]); the last line says what was not run.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a test is a process of its own")]

mod apiserver;
mod asked;
mod backends;
mod clients;
mod differential;
mod interop;
mod kubectl;
mod made;
#[path = "generated/lint.rs"]
mod pages;
mod pipelines;
mod recipes;
mod support;
mod terminal;

use std::process::ExitCode;

use libtest_mimic::Arguments;
use support::{require::Required, suite};

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // As in other test binaries, where Rust's own harness reads it.
    let threads = std::env::var("RUST_TEST_THREADS").ok().and_then(|threads| threads.parse().ok());
    arguments.test_threads = arguments.test_threads.or(threads);
    let required = match Required::of_environment() {
        Ok(required) => required,
        Err(error) => {
            println!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let suites = vec![
        // What takes longest begins first.
        differential::suite(&required),
        interop::suite(&required),
        terminal::suite(&required),
        backends::suite(&required),
        clients::suite(&required),
        recipes::suite(&required),
        kubectl::suite(),
        pipelines::suite(&required),
        asked::suite(&required),
        pages::suite(&required),
        made::suite(&required),
        apiserver::suite(),
    ];
    suite::run(&arguments, suites)
}
