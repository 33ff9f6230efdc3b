//! Disks that fail and fill up under the store: what was acknowledged stays, what was answered 500 was not applied.

mod full;
mod model;
mod vfs;

use std::path::Path;

use serde_json::Value as Json;

use super::{Client, SECRETS, Storage};
use vfs::{Fault, Plan};

/// What a new process finds after all others were killed: the file and its log are there, the log's index is gone.
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
