//! What is linked is what `.cargo/deny.toml` allows. cargo-deny checks it too; this needs no other program, and no network.

mod arrows;
mod pairs;

pub use arrows::files;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

use serde::Deserialize;

/// The parts of `.cargo/deny.toml` that are checked here.
#[derive(Deserialize)]
struct Rules {
    licenses: Licenses,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
struct Licenses {
    allow: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Entry>,
    skip: Vec<Entry>,
}

/// `NAME` or `NAME@VERSION`, of which only the first numbers may stand there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

/// What `cargo metadata` says.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    req: String,
    path: Option<String>,
}

fn rules() -> Rules {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(".cargo/deny.toml");
    toml::from_str(&fs::read_to_string(file).expect("deny.toml")).expect("deny.toml is well-formed")
}

/// Every package that is built on this kind of machine, for the program or for its tests.
fn packages() -> Vec<Package> {
    let output = |program: &str, args: &[&str]| {
        let output = Command::new(program).args(args).current_dir(env!("CARGO_MANIFEST_DIR")).output().expect(program);
        assert!(output.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    let rustc = output("rustc", &["-vV"]);
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).expect("the host's name");
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let args = ["metadata", "--locked", "--offline", "--format-version", "1", "--filter-platform", host];
    serde_json::from_str::<Metadata>(&output(&cargo, &args)).expect("what cargo says").packages
}

/// Whether an SPDX expression can be met with these licences alone. `/` is an old way to write OR.
fn met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let result = any(&words, &mut at, allowed);
    assert_eq!(at, words.len(), "{expression:?} is not understood");
    result
}

fn any(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut result = all(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        result |= all(words, at, allowed);
    }
    result
}

fn all(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut result = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        result &= one(words, at, allowed);
    }
    result
}

fn one(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let word = words.get(*at).copied().unwrap_or_default();
    *at += 1;
    if word == "(" {
        let result = any(words, at, allowed);
        assert_eq!(words.get(*at), Some(&")"), "a parenthesis is not closed");
        *at += 1;
        return result;
    }
    if words.get(*at) == Some(&"WITH") {
        *at += 2;
        return allowed.contains(&format!("{word} WITH {}", words.get(*at - 1).copied().unwrap_or_default()));
    }
    allowed.contains(word)
}

/// Whether an entry is of this package: every number of the entry's version is the package's.
fn is_of(entry: &Entry, package: &Package) -> bool {
    let (name, version) = entry.name.split_once('@').unwrap_or((&entry.name, ""));
    let numbers = package.version.split(['.', '-', '+']);
    name == package.name && (version.is_empty() || version.split('.').zip(numbers).all(|(wanted, is)| wanted == is))
}

#[test]
fn licences_sources_and_crates_are_allowed() {
    let rules = rules();
    let packages = packages();
    assert!(packages.len() > 100, "only {} packages", packages.len());
    let mut wrong = Vec::new();
    for package in &packages {
        let Package { name, version, license, source, dependencies } = package;
        match license {
            Some(license) if met(license, &rules.licenses.allow) => {}
            other => wrong.push(format!("{name} {version} has the licence {other:?}")),
        }
        let of = |source: &str| rules.sources.allow_registry.iter().any(|url| source == format!("registry+{url}"));
        if source.as_deref().is_some_and(|source| !of(source)) {
            wrong.push(format!("{name} {version} comes from {source:?}"));
        }
        if let Some(entry) = rules.bans.deny.iter().find(|entry| is_of(entry, package)) {
            wrong.push(format!("{name} {version} is banned: {}", entry.reason));
        }
        let ours = source.is_none();
        let wild = |dependency: &&Dependency| ours && dependency.req == "*" && dependency.path.is_none();
        wrong.extend(
            dependencies.iter().filter(wild).map(|found| format!("{name} takes any version of {}", found.name)),
        );
    }
    assert!(wrong.is_empty(), "against .cargo/deny.toml:\n{}", wrong.join("\n"));
}

#[test]
fn two_versions_of_a_crate_have_a_reason() {
    let rules = rules();
    let packages = packages();
    let mut versions: BTreeMap<&str, Vec<&Package>> = BTreeMap::new();
    for package in &packages {
        versions.entry(&package.name).or_default().push(package);
    }
    let mut wrong = Vec::new();
    for (name, found) in &versions {
        let kept: Vec<&str> = found
            .iter()
            .filter(|package| !rules.bans.skip.iter().any(|entry| is_of(entry, package)))
            .map(|package| package.version.as_str())
            .collect();
        if kept.len() > 1 {
            wrong.push(format!("{name} is there as {}", kept.join(" and ")));
        }
    }
    for entry in &rules.bans.skip {
        let name = entry.name.split('@').next().unwrap_or_default();
        let found = versions.get(name).map_or(&[][..], Vec::as_slice);
        if found.len() < 2 || !found.iter().any(|package| is_of(entry, package)) {
            wrong.push(format!("skip names {}, which is no second version (any more): {}", entry.name, entry.reason));
        }
    }
    assert!(wrong.is_empty(), "against .cargo/deny.toml:\n{}", wrong.join("\n"));
}

#[test]
fn expressions_are_read_as_spdx_has_them() {
    let allowed: BTreeSet<String> = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned).into();
    for (expression, is) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("MIT OR GPL-3.0", true),
        ("GPL-3.0/MIT", true),
        ("MIT AND GPL-3.0", false),
        ("(GPL-3.0 OR MIT) AND ISC", true),
        ("GPL-3.0 OR MIT AND LGPL-2.1", false),
        ("Apache-2.0", false),
        ("Apache-2.0 WITH LLVM-exception", true),
    ] {
        assert_eq!(met(expression, &allowed), is, "{expression}");
    }
}
