//! No two files import from each other, so that each can be understood after those that it uses.
//!
//! A `mod.rs` that only passes on what its files define (`pub use`) imports nothing from them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use super::arrows::{files, top};

/// One type cut over two files.
const CUT: [(&str, &str); 1] = [("src/yaml/read/compose.rs", "src/yaml/read/meaning.rs")];

/// The paths of a `use` tree.
fn expanded(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((before, inside)) = tree.split_once('{') else {
        return vec![tree.split(" as ").next().unwrap_or_default().to_owned()];
    };
    let (mut depth, mut part, mut parts) = (0, String::new(), Vec::new());
    for char in inside.trim_end().strip_suffix('}').unwrap_or(inside).chars() {
        match char {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            _ => {}
        }
        part.push(char);
    }
    parts.push(part);
    let parts = parts.iter().filter(|part| !part.trim().is_empty());
    parts.flat_map(|part| expanded(part)).map(|path| format!("{before}{path}")).collect()
}

/// The module of a file of a crate: `["commands", "get"]`.
fn module(root: &Path, file: &Path) -> Vec<String> {
    let path = file.strip_prefix(root).expect("a file of the crate").with_extension("");
    let mut names: Vec<String> = path.iter().map(|name| name.to_string_lossy().into_owned()).collect();
    if names.last().is_some_and(|name| ["mod", "lib", "main"].contains(&name.as_str())) {
        names.pop();
    }
    names
}

/// The modules that the items of a file are imported from, as paths from the crate's root.
fn imports(text: &str, module: &[String], is_facade: bool) -> Vec<Vec<String>> {
    let code = text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for statement in code.split(";\n") {
        // What is indented belongs to a module inside of the file.
        let Some(begin) = statement.rfind("\nuse ").map(|at| at + 1).or_else(|| {
            (!is_facade)
                .then(|| ["\npub use ", "\npub(super) use "].iter().filter_map(|use_| statement.rfind(use_)).max())?
                .map(|at| at + 1)
        }) else {
            continue;
        };
        let tree = statement[begin..].split_once("use ").map(|(_, tree)| tree.replace('\n', " ")).unwrap_or_default();
        for path in expanded(&tree) {
            let names: Vec<&str> = path.split("::").map(str::trim).collect();
            let up = names.iter().take_while(|name| **name == "super").count();
            let inner = names.iter().skip(up).filter(|name| **name != "self").map(|name| (*name).to_owned());
            found.push(match names.first() {
                Some(&"crate") => inner.skip(1).collect(),
                Some(&"super") => module[..module.len().saturating_sub(up)].iter().cloned().chain(inner).collect(),
                Some(&"self") => module.iter().cloned().chain(inner).collect(),
                _ => continue,
            });
        }
    }
    found
}

#[test]
fn no_two_files_import_from_each_other() {
    let src = top().join("src");
    let folders = fs::read_dir(&src).expect("a folder").map(|entry| entry.expect("an entry").path());
    let crates: Vec<_> = folders.chain([src.clone()]).filter(|folder| folder.join("Cargo.toml").is_file()).collect();
    assert!(crates.len() > 10, "only {crates:?}");
    let (mut count, mut wrong) = (0, Vec::new());
    for root in crates {
        let mut paths = Vec::new();
        files(&root, &mut paths);
        let is_ours = |path: &Path| {
            let folders = path.strip_prefix(&root).expect("a file of the crate").iter();
            !folders.take(1).any(|folder| root.join(folder).join("Cargo.toml").is_file())
                && !path.iter().any(|part| part == "tests" || part == "tests.rs")
        };
        paths.retain(|path| is_ours(path));
        let of_module: BTreeMap<Vec<String>, &Path> =
            paths.iter().map(|path| (module(&root, path), path.as_path())).collect();
        let mut uses: BTreeMap<&Path, BTreeSet<&Path>> = BTreeMap::new();
        for (module, path) in &of_module {
            let text = format!("\n{}", fs::read_to_string(path).expect("a file"));
            let is_facade = path.file_name().is_some_and(|name| name == "mod.rs" || name == "lib.rs");
            for names in imports(&text, module, is_facade) {
                count += 1;
                let found = (1..=names.len()).rev().find_map(|length| of_module.get(&names[..length]));
                uses.entry(path).or_default().extend(found.filter(|found| *found != path));
            }
        }
        for (one, others) in &uses {
            for other in
                others.iter().filter(|other| one < *other && uses.get(**other).is_some_and(|o| o.contains(one)))
            {
                let shown = |path: &Path| path.strip_prefix(top()).expect("below the top").display().to_string();
                let pair = (shown(one), shown(other));
                if !CUT.contains(&(pair.0.as_str(), pair.1.as_str())) {
                    wrong.push(pair);
                }
            }
        }
    }
    assert!(count > 1000, "only {count} imports were found");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
