//! The corpus of each fuzz target, played with the target's own body: seeds, and inputs that once made it fail. The targets
//! themselves are a workspace of their own in this folder, for cargo-fuzz. `KSECRET_TEST_ROUNDS` plays more variants of them.

#[path = "bodies/mod.rs"]
mod bodies;

use std::{
    collections::BTreeSet,
    fs,
    panic::{self, AssertUnwindSafe},
    path::Path,
};

use super::support::{dice::Dice, rounds};
use bodies::TARGETS;

/// How many beginnings of each input are played too.
const BEGINNINGS: usize = 16;

/// How many variants of inputs are played in a round.
const VARIANTS: usize = 100;

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fuzz"))
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name")).collect()
}

fn play(name: &str) {
    let (_, body) = TARGETS.into_iter().find(|(target, _)| *target == name).expect("a target");
    let corpus = folder().join("corpus").join(name);
    let inputs = names(&corpus);
    assert!(inputs.len() > 2, "only {} inputs", inputs.len());
    let inputs: Vec<(String, Vec<u8>)> =
        inputs.into_iter().map(|input| (input.clone(), fs::read(corpus.join(input)).expect("an input"))).collect();
    let passes = |data: &[u8]| panic::catch_unwind(AssertUnwindSafe(|| body(data))).is_ok();
    for (input, data) in &inputs {
        let beginnings = (1..BEGINNINGS).map(|part| data.len() * part / BEGINNINGS);
        for length in beginnings.chain([data.len()]) {
            assert!(
                passes(&data[..length]),
                "the first {length} bytes of {}/{input} fail: see above",
                corpus.display()
            );
        }
    }
    for seed in 0..VARIANTS * rounds(1) {
        let mut dice = Dice(seed as u64);
        let mut data = inputs[dice.roll(inputs.len())].1.clone();
        for _ in 0..=dice.roll(4) {
            vary(&mut data, &inputs[dice.roll(inputs.len())].1, &mut dice);
        }
        if !passes(&data) {
            let file = std::env::temp_dir().join(format!("ksecret-fuzz-{name}-{seed}"));
            fs::write(&file, data).expect("a file");
            panic!("{} fails, see above: put it into {}", file.display(), corpus.display());
        }
    }
}

/// Changes an input in one place, perhaps by a part of another.
fn vary(data: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    let from = dice.roll(data.len() + 1);
    let to = (from + dice.roll(8)).min(data.len());
    let start = dice.roll(other.len() + 1);
    let part = &other[start..(start + dice.roll(24)).min(other.len())];
    match dice.roll(5) {
        0 => drop(data.drain(from..to)),
        1 => drop(data.splice(from..from, part.iter().copied())),
        2 => drop(data.splice(from..to, part.iter().copied())),
        3 => data.insert(from, dice.roll(256) as u8),
        _ => data[from..to].iter_mut().for_each(|byte| *byte = dice.roll(256) as u8),
    }
}

macro_rules! play {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                play(stringify!($name));
            }
        )*

        const PLAYED: &[&str] = &[$(stringify!($name)),*];
    };
}

play! { docker_config dotenv edit env_file findings generate json jsonpath keys kubeconfig managed_fields merge pem protobuf template yaml }

/// A target has a body, a corpus, a file for cargo-fuzz and a line in its manifest, or it is none.
#[test]
fn each_target_is_whole() {
    let targets = BTreeSet::from(TARGETS.map(|(name, _)| name.to_owned()));
    assert_eq!(PLAYED.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>(), targets);
    assert_eq!(names(&folder().join("corpus")), targets);
    let files = names(&folder().join("targets"));
    assert_eq!(files, targets.iter().map(|name| format!("{name}.rs")).collect());
    let manifest: toml::Table =
        fs::read_to_string(folder().join("Cargo.toml")).expect("a manifest").parse().expect("TOML");
    let bins = manifest["bin"].as_array().expect("programs").iter();
    assert_eq!(bins.map(|bin| bin["name"].as_str().expect("a name").to_owned()).collect::<BTreeSet<_>>(), targets);
    for name in &targets {
        let program = fs::read_to_string(folder().join("targets").join(format!("{name}.rs"))).expect("a program");
        assert!(program.contains(&format!("fuzz::{name}(data)")), "{program}");
    }
}
