//! What is said of packages in several places agrees: names of archives, versions, files that go with the binary. What makes
//! and tries them is `.ci/package`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use serde_yaml::Value;

/// The targets of a release's archives, with their names in krew.
const TARGETS: [(&str, &str, &str); 4] = [
    ("x86_64-unknown-linux-musl", "linux", "amd64"),
    ("aarch64-unknown-linux-musl", "linux", "arm64"),
    ("x86_64-apple-darwin", "darwin", "amd64"),
    ("aarch64-apple-darwin", "darwin", "arm64"),
];

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(top().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn yaml(path: &str) -> Value {
    serde_yaml::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn manifest() -> toml::Table {
    read("Cargo.toml").parse().expect("TOML")
}

/// `.krew.yaml` names an archive of each target as `.ci/package` names it, and its fields are those that krew wants.
#[test]
fn krew_takes_the_archives_of_a_release() {
    let krew = yaml(".krew.yaml");
    assert_eq!(krew["metadata"]["name"], "ksecret");
    assert_eq!(krew["spec"]["version"], "v@VERSION@");
    assert!(krew["spec"]["shortDescription"].as_str().is_some_and(|text| text.len() <= 50 && !text.ends_with('.')));
    let platforms = krew["spec"]["platforms"].as_sequence().expect("platforms");
    let expected = TARGETS.map(|(target, os, arch)| {
        let url = format!("@REPOSITORY@/releases/download/v@VERSION@/ksecret-@VERSION@-{target}.tar.gz");
        (url, os.to_owned(), arch.to_owned())
    });
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let found = platforms.iter().map(|platform| {
        assert_eq!((&platform["sha256"], &platform["bin"]), (&"@SHA256@".into(), &"ksecret".into()));
        let labels = &platform["selector"]["matchLabels"];
        (text(&platform["uri"]), text(&labels["os"]), text(&labels["arch"]))
    });
    assert_eq!(found.collect::<Vec<_>>(), expected);
}

/// cargo-binstall's template gives the names of the archives.
#[test]
fn binstall_takes_the_archives_of_a_release() {
    let manifest = manifest();
    let binstall = &manifest["package"]["metadata"]["binstall"];
    let url = binstall["pkg-url"].as_str().expect("a template");
    let filled = [("{ repo }", "R"), ("{ version }", "1.2.3"), ("{ name }", "ksecret"), ("{ target }", "T")];
    let filled =
        filled.iter().fold(url.replace("{ archive-suffix }", ".tar.gz"), |url, (word, by)| url.replace(word, by));
    assert_eq!(filled, "R/releases/download/v1.2.3/ksecret-1.2.3-T.tar.gz");
    assert_eq!(binstall["pkg-fmt"].as_str(), Some("tgz"));
    assert_eq!(binstall["bin-dir"].as_str(), Some("{ name }-{ version }-{ target }/{ bin }{ binary-ext }"));
}

/// Its owner is named once, for all that needs an address.
#[test]
fn the_repository_is_named_in_one_place() {
    let manifest = manifest();
    let repository = manifest["package"]["repository"].as_str().expect("an address");
    let mut named = Vec::new();
    for path in [".krew.yaml", ".ci", ".github", "README.md", "Cargo.toml"] {
        let mut files = Vec::new();
        below(&top().join(path), &mut files);
        named.extend(
            files.into_iter().filter(|file| fs::read_to_string(file).is_ok_and(|text| text.contains(repository))),
        );
    }
    assert_eq!(named, [top().join("Cargo.toml")]);
}

fn below(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_file() {
        found.push(path.to_owned());
    }
    for entry in fs::read_dir(path).into_iter().flatten() {
        below(&entry.expect("an entry").path(), found);
    }
}

/// Every shell that has a script and every command that has a page is among what is packed, under a name that is a place.
#[test]
fn what_goes_with_the_binary_is_there() {
    let names = |folder: &str| -> BTreeSet<String> {
        let entries = fs::read_dir(top().join(folder)).expect("a folder");
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name")).collect()
    };
    let completions = names("completions");
    for name in ["_ksecret", "ksecret.bash", "ksecret.fish"] {
        assert!(completions.contains(name), "{name} of {completions:?}");
    }
    let pages = names("man");
    assert!(pages.contains("ksecret.1") && pages.iter().all(|page| page.ends_with(".1")), "{pages:?}");
}

/// Workflows are YAML with what GitHub needs; what they use of others is a commit, with its version beside it.
#[test]
fn workflows_use_commits_and_run_what_is_there() {
    let mut used = 0;
    for path in [".github/workflows/ci.yml", ".github/workflows/release.yml"] {
        let workflow = yaml(path);
        let permissions = BTreeMap::from([("contents", "read")]);
        assert_eq!(workflow["permissions"], serde_yaml::to_value(permissions).expect("YAML"), "{path}");
        for (name, job) in workflow["jobs"].as_mapping().expect("jobs") {
            assert!(job["timeout-minutes"].is_u64(), "{path}: {name:?} has no end");
        }
        for line in read(path).lines() {
            if let Some((_, action)) = line.split_once("uses: ") {
                let (commit, version) = action.split_once('@').and_then(|(_, pin)| pin.split_once(" # v")).expect(line);
                let is_commit = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
                assert!(is_commit && version.split('.').count() == 3, "{path}: {line}");
                used += 1;
            }
            for word in line.split_whitespace().filter(|word| word.starts_with(".ci/")) {
                let mode =
                    fs::metadata(top().join(word)).unwrap_or_else(|_| panic!("{path}: {word}")).permissions().mode();
                assert!(mode & 0o111 != 0, "{path}: {word}");
            }
        }
    }
    assert!(used >= 5, "{used} actions");
}
