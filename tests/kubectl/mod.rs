//! Replays recorded kubectl command lines on the built binary: one test a case.
//!
//! `cases/` and `fixtures/` are recordings (see README.md beside this file); `differences.toml` lists where we differ on
//! purpose, with the reason and the outcome that is right instead.

use std::{fs, path::Path};

use crate::support::{
    self,
    cases::{self, Differences, Version},
    suite::Suite,
};

/// One test a case.
pub fn suite() -> Suite {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kubectl");
    let differences: Differences =
        toml::from_str(&fs::read_to_string(here.join("differences.toml")).expect("differences.toml"))
            .expect("differences.toml is well-formed");
    let mut suite = Suite::new("kubectl");
    let mut names = Vec::new();
    for case in cases::cases(&here.join("cases")) {
        names.push(case.name.clone());
        let difference = differences.difference.iter().find(|d| d.case == case.name).cloned();
        let fixtures = here.join("fixtures");
        suite.test(&case.name.clone(), move || {
            cases::play(&case, difference.as_ref(), &fixtures, support::KSECRET, Version::Recorded)
        });
    }
    for difference in &differences.difference {
        assert!(names.contains(&difference.case), "differences.toml names {:?}, which is no case", difference.case);
    }
    let on_purpose = differences.difference.len();
    suite.report(move || {
        format!("recorded command lines of kubectl; {on_purpose} of all differ on purpose (differences.toml)")
    });
    suite
}
