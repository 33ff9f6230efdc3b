//! Replays recorded kubectl command lines on the built binary: one test a case, counts at the end.
//!
//! `cases/` and `fixtures/` are recordings (see README.md beside this file); `differences.toml` lists where we differ on
//! purpose, with the reason and the outcome that is right instead.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a test is a process of its own")]

#[path = "../support/mod.rs"]
mod support;

use std::{fs, path::Path};

use libtest_mimic::{Arguments, Trial};
use support::cases::{self, Differences, Version};

fn main() {
    let args = Arguments::from_args();
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kubectl");
    let differences: Differences =
        toml::from_str(&fs::read_to_string(here.join("differences.toml")).expect("differences.toml"))
            .expect("differences.toml is well-formed");
    let mut trials = Vec::new();
    let mut names = Vec::new();
    for case in cases::cases(&here.join("cases")) {
        names.push(case.name.clone());
        let difference = differences.difference.iter().find(|d| d.case == case.name).cloned();
        let fixtures = here.join("fixtures");
        trials.push(Trial::test(case.name.clone(), move || {
            cases::play(&case, difference.as_ref(), &fixtures, support::KSECRET, Version::Recorded)
        }));
    }
    for difference in &differences.difference {
        assert!(names.contains(&difference.case), "differences.toml names {:?}, which is no case", difference.case);
    }
    let count = trials.len();
    let listing = args.list;
    let conclusion = libtest_mimic::run(&args, trials);
    if !listing {
        println!(
            "kubectl cases: {} passed of {count} run; {} of them differ from kubectl on purpose (differences.toml)",
            conclusion.num_passed,
            differences.difference.len()
        );
    }
    conclusion.exit();
}
