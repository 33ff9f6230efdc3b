//! Generated trees of kustomizations, built by the real kubectl and by ksecret: what is built must be equal byte for byte, and
//! what one refuses the other refuses. A tree uses only fields that ksecret builds itself.

mod resource;
mod text;
mod tree;

use std::{
    collections::BTreeMap,
    fs,
    sync::{Mutex, PoisonError},
};

use libtest_mimic::Failed;

use self::tree::Tree;
use crate::support::{self, KSECRET, Outcome, Sandbox, dice::Dice};

/// How many tests share the trees. Why: each runs one kubectl at a time, and a kubectl takes a processor and some memory.
pub const SHARDS: usize = 2;

/// Differences on purpose: part of what ksecret says, or of what kubectl says where ksecret builds; and why.
const KNOWN: &[(&str, &str)] = &[
    ("has stringData, which kustomize would lose", "a merge would lose the entries of stringData"),
    ("has no key", "an entry of an env file would be lost"),
    ("has no '=', and", "a line of an env file without '=', and no key, is part of a value that spans lines"),
    ("must be create, merge or replace", "a behavior that is none would be taken for create"),
    ("quote it", "a key that is no string would be another key"),
    ("a key is null", "a key that is no string would be another key"),
    ("cannot unmarshal", "labels and annotations that are no strings, which a server refuses"),
    ("json: unsupported type: map[interface {}]interface {}", "kubectl cannot write a key that looks like a number"),
    (
        "control characters are not allowed",
        "kubectl cannot read what it wrote itself: a value with a control character",
    ),
];

/// What became of the trees.
#[derive(Default)]
pub struct Counts {
    trees: usize,
    built: usize,
    known: BTreeMap<&'static str, usize>,
}

impl Counts {
    /// Says what became of them, `None` if there were none.
    pub fn told(&self) -> Option<String> {
        let Self { trees, built, known } = self;
        let mut text = format!("{trees} trees of kustomizations by kubectl and by ksecret, of which {built} build");
        for (reason, count) in known {
            text.push_str(&format!("\n{:14}on purpose: {count} trees: {reason}", ""));
        }
        (*trees > 0).then_some(text)
    }
}

/// Builds `count` trees that the seed decides, as the shard of this number.
///
/// # Errors
/// The trees that differ, with all their files.
pub fn play(kubectl: &str, seed: u64, shard: usize, count: usize, counts: &Mutex<Counts>) -> Result<(), Failed> {
    // Invariant: not more than one kubectl a shard, whatever the number of versions that are tried.
    static RUNNING: [Mutex<()>; SHARDS] = [const { Mutex::new(()) }; SHARDS];
    let _running = RUNNING[shard].lock().unwrap_or_else(PoisonError::into_inner);
    let shown = std::env::var("KSECRET_DIFFERENCES").ok().and_then(|text| text.parse().ok()).unwrap_or(3);
    let mut wrong = Vec::new();
    let (mut tried, mut built) = (0, 0);
    for number in (shard..count).step_by(SHARDS) {
        let seed = seed.wrapping_mul(1_000_003).wrapping_add(number as u64);
        let tree = Tree::random(&mut Dice(seed));
        let sandbox = Sandbox::bare();
        for (path, content) in &tree.files {
            let file = sandbox.cwd().join(path);
            fs::create_dir_all(file.parent().expect("a directory")).expect("a directory");
            fs::write(file, content).expect("a file");
        }
        let [ours, theirs] = [KSECRET, kubectl]
            .map(|program| support::run(sandbox.command_of(program, &["kustomize", tree.top.as_str()]), b""));
        let same = (ours.exit == 0) == (theirs.exit == 0) && ours.bytes == theirs.bytes;
        let refusal = if ours.exit == 0 { &theirs.stderr } else { &ours.stderr };
        let known = KNOWN.iter().find(|(words, _)| refusal.contains(words));
        tried += 1;
        built += usize::from(theirs.exit == 0);
        let mut counts = counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.trees += 1;
        counts.built += usize::from(theirs.exit == 0);
        match known {
            _ if same => {}
            Some((_, reason)) => *counts.known.entry(reason).or_default() += 1,
            None => wrong.push(format!("tree {number}\n{}", different(&tree, &ours, &theirs))),
        }
    }
    match wrong.len() {
        0 if built * 2 < tried => Err(format!("only {built} of {tried} trees build: they show little").into()),
        0 => Ok(()),
        count => {
            wrong.truncate(shown);
            Err(format!("KSECRET_SEED={seed}: {count} trees differ\n{}", wrong.join("\n")).into())
        }
    }
}

fn different(tree: &Tree, ours: &Outcome, theirs: &Outcome) -> String {
    let mut text = String::new();
    for (path, content) in &tree.files {
        text.push_str(&format!("=== {path}\n{}\n", String::from_utf8_lossy(content)));
    }
    for (name, outcome) in [("ours", ours), ("kubectl", theirs)] {
        text.push_str(&format!("--- {name}: {} {}\n{}", outcome.exit, outcome.stderr, outcome.stdout));
    }
    text
}
