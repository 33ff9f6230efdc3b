//! The real kubectl and ksecret side by side on embedded servers: generated output expressions, and generated command lines;
//! and on kubeconfig files and trees of kustomizations.
//!
//! The seed is printed; `KSECRET_SEED` repeats a run. `KSECRET_LINES` says how many command lines are tried, `KSECRET_TREES` how
//! many trees, `KSECRET_DIFFERENCES` how many that differ are shown, `KSECRET_LINE` tries one: `KSECRET_LINE='delete secret ""' cargo test --test suites one_line`.

mod configs;
mod known;
mod line;
mod lines;
mod outputs;
mod peer;
mod trees;

use std::{
    fmt::Write as _,
    sync::{Arc, Mutex, PoisonError},
};

use known::KNOWN;
use lines::Counts;

use crate::support::{
    kubectl,
    require::{Need, Required},
    suite::Suite,
};

/// What decides the lines where `KSECRET_SEED` does not say. Why: the gate tries the same lines each time; other seeds are
/// tried by hand.
const SEED: u64 = 1;
/// How many tests share the lines, each with two servers. Why: not a matter of the machine, so that the lines are not.
const SHARDS: usize = 4;
/// How many command lines are tried where `KSECRET_LINES` does not say.
const LINES: usize = 150;
/// How many trees are tried where `KSECRET_TREES` does not say, by each kubectl.
const TREES: usize = 40;

/// The output expressions as one test, the command lines in shards.
pub fn suite(required: &Required) -> Suite {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seed = number("KSECRET_SEED").unwrap_or(SEED);
    let count = |name: &str, usual| number(name).map_or(usual, |count| usize::try_from(count).unwrap_or(usual));
    let (lines, trees) = (count("KSECRET_LINES", LINES), count("KSECRET_TREES", TREES));
    let built = Arc::new(Mutex::new(trees::Counts::default()));
    let add_trees = |suite: &mut Suite, name: &str, program: &std::path::Path| {
        for shard in 0..trees::SHARDS {
            let (program, built) = (program.to_string_lossy().into_owned(), Arc::clone(&built));
            suite.test(&format!("trees/{name}/{shard}"), move || trees::play(&program, seed, shard, trees, &built));
        }
    };
    let mut suite = Suite::new("differential");
    match required.wants(Need::Kubectl).map(|met| met.and_then(|()| kubectl::on_path())) {
        None => suite.not_run(1 + trees::SHARDS, Need::Kubectl),
        Some(Err(missing)) => suite.test("outputs", move || Err(missing.into())),
        Some(Ok(program)) => {
            add_trees(&mut suite, "path", &program);
            let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
            let seed = number("KSECRET_SEED").unwrap_or(since.as_secs() ^ u64::from(since.subsec_nanos()));
            suite.test("outputs", move || outputs::agree(seed, &program.to_string_lossy()));
        }
    }
    let counts = Arc::new(Mutex::new(Counts::default()));
    match required.wants(Need::Pypi).map(|met| met.and_then(|()| kubectl::recorded())) {
        None => suite.not_run(SHARDS + 1 + trees::SHARDS, Need::Pypi),
        Some(Err(missing)) => suite.test("command_lines", move || Err(missing.into())),
        Some(Ok(program)) => {
            add_trees(&mut suite, "v1.37", &program);
            let program = program.to_string_lossy().into_owned();
            if let Ok(text) = std::env::var("KSECRET_LINE") {
                let program = program.clone();
                suite.test("one_line", move || lines::play_one(&program, &text));
            }
            {
                let program = program.clone();
                suite.test("configs", move || configs::play(&program, seed, lines));
            }
            for shard in 0..SHARDS {
                let (program, counts) = (program.clone(), Arc::clone(&counts));
                let count = lines / SHARDS + usize::from(shard < lines % SHARDS);
                let seed = seed.wrapping_add(shard as u64);
                suite.test(&format!("command_lines/{shard}"), move || lines::play(&program, seed, count, &counts));
            }
        }
    }
    suite.report(move || {
        let counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = format!(
            "KSECRET_SEED={seed}; {} command lines by kubectl 1.37.1 and by ksecret, of which {} changed something, {} \
             differ on purpose, {} have the same words in standard error",
            counts.lines,
            counts.changing,
            counts.known.values().sum::<usize>(),
            counts.same_words
        );
        for (name, count) in &counts.known {
            let reason = KNOWN.iter().find(|known| known.name == *name).map_or("", |known| known.reason);
            let _ = write!(text, "\n{:14}on purpose: {count} lines, {name}: {reason}", "");
        }
        let built = built.lock().unwrap_or_else(PoisonError::into_inner).told();
        text.extend(built.map(|told| format!("\n{:14}{told}", "")));
        text
    });
    suite
}
