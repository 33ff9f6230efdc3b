//! The corpus of each fuzz target, played with the target's own body: seeds, and inputs that once made it fail. The targets
//! themselves are a workspace of their own in this folder, for cargo-fuzz.

#[path = "bodies/mod.rs"]
mod bodies;

use std::{
    collections::BTreeSet,
    fs,
    panic::{self, AssertUnwindSafe},
    path::Path,
};

use bodies::TARGETS;

/// How many beginnings of each input are played too.
const BEGINNINGS: usize = 16;

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
    for input in inputs {
        let data = fs::read(corpus.join(&input)).expect("an input");
        let beginnings = (1..BEGINNINGS).map(|part| data.len() * part / BEGINNINGS);
        for length in beginnings.chain([data.len()]) {
            let played = panic::catch_unwind(AssertUnwindSafe(|| body(&data[..length])));
            assert!(played.is_ok(), "the first {length} bytes of tests/fuzz/corpus/{name}/{input} fail: see above");
        }
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

play! { docker_config edit env_file json jsonpath kubeconfig managed_fields merge pem protobuf template yaml }

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
