//! `--receipt`, `--journal`, `history` and `undo`: what is told of a write, and what can be made of it.

mod journal;
mod lines;
mod lost;
mod undo;

use std::fs;

use serde_json::Value as Json;

use super::support::{self, Sandbox};

/// The receipts of a file in the working directory.
pub fn receipts(sandbox: &Sandbox, file: &str) -> Vec<Json> {
    let text = fs::read_to_string(sandbox.cwd().join(file)).unwrap_or_default();
    assert!(text.is_empty() || text.ends_with('\n'), "{text}");
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

/// What a receipt says in short: `created db +a,~b,-c`.
pub fn short(receipt: &Json) -> String {
    let keys = [("+", "added"), ("~", "changed"), ("-", "removed")].into_iter().flat_map(|(sign, list)| {
        let keys = receipt["keys"][list].as_array().unwrap_or_else(|| panic!("{list}: {receipt}"));
        keys.iter().map(move |entry| format!("{sign}{}", entry["key"].as_str().unwrap_or_default()))
    });
    let keys = keys.collect::<Vec<_>>().join(",");
    let text = |field: &str| receipt[field].as_str().unwrap_or_default().to_owned();
    format!("{} {} {keys}", text("operation"), text("name")).trim_end().to_owned()
}

/// An editor that replaces one text by another.
fn editor(sandbox: &mut Sandbox, from: &str, to: &str) {
    let script = sandbox.script("editor", &format!("#!/bin/sh\nsed -i 's/{from}/{to}/' \"$1\"\n"));
    sandbox.set_env("KUBE_EDITOR", script);
}

fn manifest(name: &str, data: &str) -> String {
    format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}}}\nstringData: {data}\n")
}
