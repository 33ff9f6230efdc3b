//! The README: each of its command blocks runs, as it stands.

use std::fs;

use super::{examples::prepared, support::run};

/// Blocks that are about the tree itself. The gate runs the first two; the third builds what the first has built.
const OF_THE_TREE: [&str; 3] = ["tests/tour/run\n", "cargo test\n", "cargo install --locked --path .\n"];

/// The blocks of shell commands, each with the heading that it stands under.
fn blocks(text: &str) -> Vec<(String, String)> {
    let (mut heading, mut found) = (String::new(), Vec::new());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            heading = title.to_owned();
        }
        if line == "```sh" {
            let block: String =
                lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
            found.push((heading.clone(), block));
        }
        assert!(line == "```sh" || !line.starts_with("```"), "a block that is no sh: {line}");
    }
    found
}

#[test]
fn every_block_runs_as_it_stands() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let (of_the_tree, others): (Vec<_>, Vec<_>) =
        blocks(&readme).into_iter().partition(|(_, block)| OF_THE_TREE.contains(&block.as_str()));
    assert_eq!(of_the_tree.len(), OF_THE_TREE.len());
    assert!(others.len() > 4, "{others:?}");
    for (heading, block) in others {
        let sandbox = prepared(heading.contains("without a cluster"));
        // A shell that stops at the first line that fails. That diff finds something is no failure.
        let tolerant = |line: &str| match line.starts_with("ksecret diff") {
            true => format!("set +e\n{line}\n[ $? -le 1 ] || exit\nset -e\n"),
            false => format!("{line}\n"),
        };
        let script = format!("set -euo pipefail\n{}", block.lines().map(tolerant).collect::<String>());
        let outcome = run(sandbox.command_of("bash", &["-c", &script]), b"");
        assert!(outcome.exit == 0 && !outcome.stderr.contains("error"), "{heading}: {outcome:?}\n{block}");
    }
}
