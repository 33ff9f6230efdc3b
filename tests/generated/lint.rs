//! The pages of `man/`, read by mandoc.

use std::{path::Path, process::Command};

use crate::support::{
    require::{Need, Required, on_path},
    suite::Suite,
};

/// One test, wherever mandoc is.
pub fn suite(required: &Required) -> Suite {
    let mut suite = Suite::new("pages");
    match required.wants(Need::Tools) {
        Some(Err(missing)) => suite.test("mandoc", move || Err(missing.into())),
        None if on_path("mandoc").is_err() => suite.not_run(1, Need::Tools),
        _ => suite.test("mandoc_finds_nothing", || {
            mandoc_finds_nothing();
            Ok(())
        }),
    }
    suite.report(|| "pages of the manual, by mandoc".to_owned());
    suite
}

fn mandoc_finds_nothing() {
    let man = Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    let pages: Vec<_> =
        std::fs::read_dir(man).expect("the pages").map(|entry| entry.expect("an entry").path()).collect();
    assert!(pages.len() > 45, "{} pages", pages.len());
    let output = Command::new("mandoc").args(["-T", "lint", "-W", "all"]).args(&pages).output().expect("mandoc runs");
    let found = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && found.is_empty(), "{found}{}", String::from_utf8_lossy(&output.stderr));
}
