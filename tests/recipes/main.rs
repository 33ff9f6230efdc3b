//! Plays recorded scripts with the built binary under the name `kubectl`: one test a recipe, counts at the end.
//!
//! `cases/` are recordings (see README.md beside this file). `differences.toml` lists where we differ on purpose,
//! `open.toml` what does not pass yet.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a test is a process of its own")]

#[path = "../support/mod.rs"]
mod support;

use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use libtest_mimic::{Arguments, Trial};
use serde::{Deserialize, de::DeserializeOwned};
use support::recipes::{self, Difference, Verdict};

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
    failed: usize,
    not_played: Vec<String>,
}

fn main() {
    let args = Arguments::from_args();
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
    let mut trials = Vec::new();
    for recipe in all {
        let name = recipe.name.clone();
        let difference = differences.difference.iter().find(|entry| entry.case == name).cloned();
        let open =
            open.expected_to_fail.iter().find(|entry| entry.cases.contains(&name)).map(|entry| entry.until.clone());
        let counts = Arc::clone(&counts);
        trials.push(Trial::test(name.clone(), move || {
            let verdict = recipe.play(difference.as_ref(), Path::new(support::KSECRET));
            let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
            match (verdict, open) {
                (Verdict::AsWanted, None) => match &difference {
                    None => counts.as_recorded += 1,
                    Some(difference) if difference.embedded => counts.embedded += 1,
                    Some(_) => counts.differing += 1,
                },
                (Verdict::NotPlayed(reason), _) => counts.not_played.push(format!("{name}: {reason}")),
                (Verdict::Wrong(_), Some(_)) => counts.open += 1,
                (Verdict::Wrong(wrong), None) => {
                    counts.failed += 1;
                    return Err(wrong.into());
                }
                (Verdict::AsWanted, Some(until)) => {
                    counts.failed += 1;
                    return Err(format!("it passes: take it out of open.toml (until {until:?})").into());
                }
            }
            Ok(())
        }));
    }
    let count = trials.len();
    let listing = args.list;
    let conclusion = libtest_mimic::run(&args, trials);
    if !listing {
        let counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
        for line in &counts.not_played {
            println!("recipes, NOT PLAYED: {line}");
        }
        println!(
            "recipes: {count}; {} as recorded, {} differ on purpose (differences.toml), {} need a real cluster to be as \
             recorded, {} are expected to fail (open.toml), {} failed, {} not played, {} filtered out",
            counts.as_recorded,
            counts.differing,
            counts.embedded,
            counts.open,
            counts.failed,
            counts.not_played.len(),
            conclusion.num_filtered_out
        );
    }
    conclusion.exit();
}

fn read<T: DeserializeOwned>(file: &Path) -> T {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
