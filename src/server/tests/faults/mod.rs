//! Disks that fail or become full below the store: acknowledged writes are kept, writes that were answered with 500 are
//! not applied.

mod full;
mod model;
mod upkeep;
mod vfs;

use std::path::Path;

use serde_json::Value as Json;

use super::{Client, SECRETS, Storage};
use vfs::{Fault, Plan};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Calls `attempt` with 1, 2, 3 … until no call has failed; with some of the numbers only, unless `KSECRET_TEST_ROUNDS`
/// asks for many rounds.
fn each_call(attempt: impl FnMut(u64) -> bool) {
    some_calls((30 / super::rounds()).max(1), attempt);
}

/// Calls `attempt` with 1, 2, 3 … until no call has failed.
fn every_call(attempt: impl FnMut(u64) -> bool) {
    some_calls(1, attempt);
}

fn some_calls(step: usize, mut attempt: impl FnMut(u64) -> bool) {
    let tried = (1..).step_by(step).take_while(|at| attempt(*at)).count();
    assert!(tried > 1, "only {tried}");
}

/// Returns the objects that a new process finds after all others were killed: the file and its log exist, the log's
/// index does not.
async fn after_a_crash(file: &Path) -> Vec<Json> {
    let copy = tempfile::tempdir().expect("a folder");
    let path = copy.path().join("s.db");
    for end in ["", "-wal"] {
        let name = |path: &Path| format!("{}{end}", path.display());
        if Path::new(&name(file)).exists() {
            std::fs::copy(name(file), name(&path)).expect("a copy");
        }
    }
    let (status, list) = Client::on(&Storage::File(path)).get(SECRETS).await;
    assert_eq!(status, 200, "{list}");
    list["items"].as_array().cloned().unwrap_or_default()
}
