//! `validate`: what it finds and what it leaves alone, in files and on a server, in every format.

mod examples;
mod formats;
mod naming;
mod repairing;

use serde_json::Value as Json;

use super::support::{self, Outcome, Sandbox};

/// A value that no output may repeat.
const MARKER: &str = "hunter2-zx9Q";

/// Runs `validate -o json` on a file of this text; what it says.
fn findings(sandbox: &Sandbox, manifest: &str, flags: &[&str]) -> (Outcome, Vec<Json>) {
    sandbox.write("m.yaml", manifest);
    let outcome = sandbox.run(&[&["validate", "-f", "m.yaml", "-o", "json"], flags].concat());
    let list = list(&outcome);
    (outcome, list)
}

/// The findings of an outcome in JSON.
fn list(outcome: &Outcome) -> Vec<Json> {
    let report: Json = serde_json::from_str(&outcome.stdout)
        .unwrap_or_else(|error| panic!("{error}: {} {}", outcome.stdout, outcome.stderr));
    assert_eq!(report["apiVersion"], "ksecret/findings/v1");
    report["findings"].as_array().expect("findings").clone()
}

/// The codes of findings.
fn codes(findings: &[Json]) -> Vec<&str> {
    findings.iter().map(|finding| finding["code"].as_str().expect("a code")).collect()
}
