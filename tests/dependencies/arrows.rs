//! Modules and crates use what the map in `src/lib.rs` says, and nothing else: the map is read, and so is every file.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// A row of the map.
struct Room {
    name: String,
    is_crate: bool,
    may_use: BTreeSet<String>,
}

pub fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The names between backticks.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The map: name, what lives there, what it may use; `everything` is all rooms.
fn map() -> Vec<Room> {
    let text = fs::read_to_string(top().join("src/lib.rs")).expect("the map");
    let rows = text.lines().filter_map(|line| line.strip_prefix("//! | [`"));
    let mut rooms: Vec<Room> = rows
        .map(|row| {
            let cells = row.split(" | ").collect::<Vec<_>>();
            let [name, _, may_use] = cells.as_slice() else { panic!("three cells: {row}") };
            let (name, rest) = name.split_once('`').expect("a name");
            let words = names(may_use).map(str::to_owned).collect();
            let may_use =
                if may_use.starts_with("everything") { BTreeSet::from(["everything".to_owned()]) } else { words };
            Room { name: name.to_owned(), is_crate: rest.contains("a crate"), may_use }
        })
        .collect();
    let all: BTreeSet<String> = rooms.iter().map(|room| room.name.clone()).collect();
    for room in &mut rooms {
        if room.may_use.remove("everything") {
            room.may_use.clone_from(&all);
        }
        assert!(room.may_use.is_subset(&all), "{}: {:?}", room.name, room.may_use);
    }
    rooms
}

/// Every `.rs` file below `path`, or `path.rs`.
pub fn files(path: &Path, found: &mut Vec<PathBuf>) {
    let file = path.with_extension("rs");
    if file.is_file() {
        found.push(file);
    }
    for entry in fs::read_dir(path).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The first names behind each `crate::` of a file, also those in braces, and the crates that other paths begin with.
fn used(text: &str, crates: &BTreeSet<&str>) -> BTreeSet<String> {
    let code = text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let mut used = BTreeSet::new();
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    for (at, _) in code.match_indices("::") {
        let before: String = code[..at].chars().rev().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let before: String = before.chars().rev().collect();
        let begins = !code[..at - before.len()].ends_with("::");
        if !begins || before != "crate" {
            used.extend(Some(before).filter(|name| begins && crates.contains(name.as_str())));
            continue;
        }
        let after = &code[at + 2..];
        if !after.starts_with('{') {
            used.insert(word(after));
            continue;
        }
        let mut depth = 0;
        for (at, char) in after.char_indices() {
            match char {
                '{' => depth += 1,
                '}' if depth == 1 => break,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 1 && matches!(char, '{' | ',') {
                used.insert(word(after[at + 1..].trim_start()));
            }
        }
    }
    used
}

#[test]
fn arrows_run_as_the_map_says() {
    let rooms = map();
    let all: BTreeSet<&str> = rooms.iter().map(|room| room.name.as_str()).collect();
    let crates = rooms.iter().filter(|room| room.is_crate).map(|room| room.name.as_str()).collect();
    let mut wrong = Vec::new();
    for room in rooms.iter().filter(|room| !room.is_crate) {
        let mut paths = Vec::new();
        files(&top().join("src").join(&room.name), &mut paths);
        assert!(!paths.is_empty(), "{} has files", room.name);
        let mut unused = room.may_use.clone();
        for path in paths {
            let used = used(&fs::read_to_string(&path).expect("a file"), &crates);
            for name in used.iter().filter(|name| all.contains(name.as_str()) && **name != room.name) {
                unused.remove(name);
                if !room.may_use.contains(name) {
                    wrong.push(format!("{}: {} may not use {name}", path.display(), room.name));
                }
            }
        }
        if room.name != "commands" {
            wrong.extend(unused.iter().map(|name| format!("{} does not use {name}", room.name)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn crates_depend_on_what_the_map_says() {
    let rooms = map();
    let all: BTreeSet<&str> = rooms.iter().map(|room| room.name.as_str()).collect();
    for room in rooms.iter().filter(|room| room.is_crate) {
        let manifest = top().join("src").join(&room.name).join("Cargo.toml");
        let manifest: toml::Table = fs::read_to_string(&manifest).expect("a manifest").parse().expect("TOML");
        let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table);
        let ours: BTreeSet<String> = dependencies
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .filter(|name| all.contains(name.as_str()))
            .collect();
        assert_eq!(ours, room.may_use, "{}", room.name);
    }
}

/// No room can be reached from itself, so that each can be understood after those that it uses.
#[test]
fn the_map_has_no_circles() {
    let uses: BTreeMap<String, BTreeSet<String>> = map().into_iter().map(|room| (room.name, room.may_use)).collect();
    for name in uses.keys().filter(|name| *name != "commands") {
        let mut reached = BTreeSet::new();
        let mut ahead: Vec<&String> = uses[name].iter().collect();
        while let Some(next) = ahead.pop() {
            if reached.insert(next) {
                ahead.extend(&uses[next]);
            }
        }
        assert!(!reached.contains(name), "{name} uses itself by {reached:?}");
        assert!(!reached.iter().any(|name| *name == "commands"), "{name} uses commands");
    }
}

/// What one system has and another lacks stands in `platform`, with another way beside it. That types and functions do is
/// held by `.ci/macos`.
#[test]
fn only_platform_names_what_one_system_has() {
    let (mut paths, mut wrong) = (Vec::new(), Vec::new());
    files(&top().join("src"), &mut paths);
    paths
        .retain(|path| !["platform", "server/tests"].iter().any(|part| path.starts_with(top().join("src").join(part))));
    for path in &paths {
        let text = fs::read_to_string(path).expect("a file");
        let end = ["#[cfg(test)]", "#[cfg(all(test"].iter().filter_map(|test| text.find(test)).min();
        let program = text[..end.unwrap_or(text.len())].lines().map(|line| line.split("//").next().unwrap_or_default());
        let of_one = |line: &str| ["/proc", "/dev/shm", "target_os"].iter().any(|word| line.contains(word));
        wrong.extend(program.filter(|line| of_one(line)).map(|line| format!("{}: {}", path.display(), line.trim())));
    }
    assert!(paths.len() > 100 && wrong.is_empty(), "{wrong:#?}");
}
