//! The real kubectl and ksecret side by side on embedded servers: generated output expressions, and generated command lines.
//!
//! The seed is printed; `KSECRET_SEED` repeats a run. `KSECRET_LINES` says how many command lines are tried (the gate tries
//! 600), `KSECRET_DIFFERENCES` how many that differ are shown, `KSECRET_LINE` tries one: `KSECRET_LINE='delete secret ""' cargo test --test differential one_line`.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a test is a process of its own")]

mod dice;
mod known;
mod line;
mod lines;
mod outputs;
mod peer;
#[path = "../support/mod.rs"]
mod support;

use std::sync::{Arc, Mutex, PoisonError};

use known::KNOWN;
use libtest_mimic::{Arguments, Trial};
use lines::Counts;
use support::kubectl;

/// What decides the lines where `KSECRET_SEED` does not say. Why: the gate tries the same lines each time; other seeds are
/// tried by hand.
const SEED: u64 = 1;
/// How many tests share the lines, each with two servers. Why: not a matter of the machine, so that the lines are not.
const SHARDS: usize = 4;
/// How many command lines are tried where `KSECRET_LINES` does not say.
const LINES: usize = 150;

fn main() {
    let args = Arguments::from_args();
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seed = number("KSECRET_SEED").unwrap_or(SEED);
    let lines = number("KSECRET_LINES").map_or(LINES, |lines| usize::try_from(lines).unwrap_or(LINES));
    let mut not_run = Vec::new();
    let mut trials = Vec::new();
    match kubectl::on_path() {
        Ok(program) => {
            let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
            let seed = number("KSECRET_SEED").unwrap_or(since.as_secs() ^ u64::from(since.subsec_nanos()));
            trials.push(Trial::test("kubectl_and_ksecret_agree", move || {
                outputs::agree(seed, &program.to_string_lossy())
            }));
        }
        Err(reason) => not_run.push(format!("output expressions: {reason}")),
    }
    let counts = Arc::new(Mutex::new(Counts::default()));
    match kubectl::recorded() {
        Ok(program) => {
            let program = program.to_string_lossy().into_owned();
            if let Ok(text) = std::env::var("KSECRET_LINE") {
                let program = program.clone();
                trials.push(Trial::test("one_line", move || lines::play_one(&program, &text)));
            }
            for shard in 0..SHARDS {
                let (program, counts) = (program.clone(), Arc::clone(&counts));
                let count = lines / SHARDS + usize::from(shard < lines % SHARDS);
                let seed = seed.wrapping_add(shard as u64);
                trials.push(Trial::test(format!("command_lines/{shard}"), move || {
                    lines::play(&program, seed, count, &counts)
                }));
            }
        }
        Err(reason) => not_run.push(format!("{lines} command lines: {reason}")),
    }
    let listing = args.list;
    let conclusion = libtest_mimic::run(&args, trials);
    if !listing {
        let counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, count) in &counts.known {
            let reason = KNOWN.iter().find(|known| known.name == *name).map_or("", |known| known.reason);
            println!("differential, on purpose: {count} lines, {name}: {reason}");
        }
        for line in not_run {
            println!("differential, NOT RUN: {line}");
        }
        println!(
            "differential: KSECRET_SEED={seed}; {} command lines by kubectl 1.37.1 and by ksecret, of which {} changed something, \
             {} differ on purpose, {} have the same words in standard error",
            counts.lines,
            counts.changing,
            counts.known.values().sum::<usize>(),
            counts.same_words
        );
    }
    conclusion.exit();
}
