//! Plays recorded scripts with the built binary under the name `kubectl`: one test a recipe.
//!
//! `cases/` are recordings (see README.md beside this file). `differences.toml` lists where we differ on purpose,
//! `open.toml` what does not pass yet.

use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use serde::{Deserialize, de::DeserializeOwned};

use crate::support::{
    self,
    recipes::{self, Difference, Verdict},
    require::Required,
    suite::Suite,
};

/// The whole of `differences.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Differences {
    #[serde(default)]
    difference: Vec<Difference>,
}

/// The whole of `open.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Open {
    #[serde(default)]
    expected_to_fail: Vec<Waiting>,
}

/// Recipes that one piece of work will mend.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Waiting {
    /// The work.
    until: String,
    cases: Vec<String>,
}

/// How many recipes came to which end.
#[derive(Default)]
struct Counts {
    as_recorded: usize,
    differing: usize,
    embedded: usize,
    open: usize,
}

/// One test a recipe.
pub fn suite(required: &Required) -> Suite {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recipes");
    let embedded = std::env::var_os("KSECRET_TEST_KUBECONFIG").is_none();
    let mut differences: Differences = read(&here.join("differences.toml"));
    let open: Open = read(&here.join("open.toml"));
    let all = recipes::recipes(&here.join("cases"));

    let listed = open.expected_to_fail.iter().flat_map(|entry| &entry.cases);
    for name in listed.chain(differences.difference.iter().map(|entry| &entry.case)) {
        assert!(all.iter().any(|recipe| recipe.name == *name), "{name:?} is listed and is no recipe");
    }
    differences.difference.retain(|difference| embedded || !difference.embedded);

    let counts = Arc::new(Mutex::new(Counts::default()));
    let mut suite = Suite::new("recipes");
    for recipe in all {
        let name = recipe.name.clone();
        if let Some(need) = recipe.need() {
            match required.wants(need) {
                None => {
                    suite.not_run(1, need);
                    continue;
                }
                Some(Err(missing)) => {
                    suite.test(&name, move || Err(missing.into()));
                    continue;
                }
                Some(Ok(())) => {}
            }
        }
        let difference = differences.difference.iter().find(|entry| entry.case == name).cloned();
        let open =
            open.expected_to_fail.iter().find(|entry| entry.cases.contains(&name)).map(|entry| entry.until.clone());
        let counts = Arc::clone(&counts);
        suite.test(&name, move || {
            let verdict = recipe.play(difference.as_ref(), Path::new(support::KSECRET));
            let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
            match (verdict, open) {
                (Verdict::AsWanted, None) => match &difference {
                    None => counts.as_recorded += 1,
                    Some(difference) if difference.embedded => counts.embedded += 1,
                    Some(_) => counts.differing += 1,
                },
                (Verdict::Wrong(_), Some(_)) => counts.open += 1,
                (Verdict::Wrong(wrong) | Verdict::NotPlayed(wrong), _) => return Err(wrong.into()),
                (Verdict::AsWanted, Some(until)) => {
                    return Err(format!("it passes: take it out of open.toml (until {until:?})").into());
                }
            }
            Ok(())
        });
    }
    suite.report(move || {
        let counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
        format!(
            "recorded scripts; {} as recorded, {} differ on purpose (differences.toml), {} need a real cluster to be as \
             recorded, {} are expected to fail (open.toml)",
            counts.as_recorded, counts.differing, counts.embedded, counts.open,
        )
    });
    suite
}

fn read<T: DeserializeOwned>(file: &Path) -> T {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
