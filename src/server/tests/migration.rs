//! A store of an earlier version.

use std::path::Path;

use rusqlite::Connection;
use serde_json::json;

use super::{Client, SECRETS, Storage, secret, version};
use crate::Server;

/// The tables of version 1, with history.
const VERSION_1: &str = r#"
PRAGMA journal_mode = WAL;
CREATE TABLE revisions (
    revision INTEGER PRIMARY KEY AUTOINCREMENT,
    resource INTEGER NOT NULL,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    superseded INTEGER,
    superseded_at INTEGER,
    object BLOB
);
CREATE INDEX live ON revisions (resource, namespace, name, superseded) WHERE superseded IS NULL;
CREATE INDEX history ON revisions (superseded) WHERE superseded IS NOT NULL;
CREATE TABLE compacted (revision INTEGER NOT NULL);
INSERT INTO compacted VALUES (1);
INSERT INTO revisions VALUES
    (1, 1, '', 'default', NULL, NULL, CAST('{"metadata":{"name":"default"},"spec":{},"status":{"phase":"Active"}}' AS BLOB)),
    (2, 2, 'default', 'old', 4, 1700000000, CAST('{"metadata":{"name":"old","namespace":"default"},"data":{"k":"T0xE"}}' AS BLOB)),
    (3, 2, 'default', 'big', NULL, NULL, CAST('{"metadata":{"name":"big","namespace":"default"},"data":{"k":"' || hex(zeroblob(30000)) || '"},"type":"Opaque"}' AS BLOB)),
    (4, 2, 'default', 'old', NULL, NULL, CAST('{"metadata":{"name":"old","namespace":"default"},"data":{"k":"TkVX"},"type":"Opaque"}' AS BLOB)),
    (5, 2, 'default', 'gone', 6, 1700000001, CAST('{"metadata":{"name":"gone","namespace":"default"},"data":{"k":"R09O"}}' AS BLOB)),
    (6, 2, 'default', 'gone', 6, 1700000001, NULL);
PRAGMA user_version = 1;
"#;

/// Makes a store as the earlier program leaves it; returns a connection of that program.
pub(super) fn make_version_1(file: &Path) -> Connection {
    drop(Server::open(&Storage::File(file.to_owned())).expect("a file of the right mode"));
    std::fs::write(file, "").expect("an empty file");
    let earlier = Connection::open(file).expect("the file");
    earlier.execute_batch(VERSION_1).expect("its tables");
    earlier
}

#[tokio::test]
async fn what_was_live_is_live_under_its_version() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("s.db");
    let place = Storage::File(file.clone());
    let earlier = make_version_1(&file);
    let mut insert = earlier
        .prepare("INSERT INTO revisions (resource, namespace, name, object) VALUES (2, 'default', 'late', x'7b7d')")
        .expect("a statement of the earlier program");

    let client = Client::on(&place);
    let (status, list) = client.get(SECRETS).await;
    assert_eq!(status, 200, "{list}");
    let items = list["items"].as_array().expect("items");
    let brief = items.iter().map(|item| (item["metadata"]["name"].as_str().unwrap_or_default(), version(item)));
    assert_eq!(brief.collect::<Vec<_>>(), [("big", "3"), ("old", "4")]);
    assert_eq!((version(&list), &items[1]["data"]), ("6", &json!({"k": "TkVX"})));
    assert_eq!(items[0]["data"]["k"].as_str().map(str::len), Some(60_000));
    assert_eq!(version(&client.create("new").await), "7");
    assert_eq!(client.ask("PUT", &format!("{SECRETS}/old"), &secret("old", "v")).await.0, 200);

    assert!(insert.execute([]).is_err(), "a program of the earlier version writes no more");
    drop((insert, client));
    let check: String = earlier.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("a check");
    assert_eq!(check, "ok");
    drop(earlier);
    let content = std::fs::read(&file).expect("the file");
    for dead in ["T0xE", "R09O", "TkVX"] {
        assert!(!content.windows(4).any(|window| window == dead.as_bytes()), "{dead}");
    }
    assert_eq!(Client::on(&place).get(SECRETS).await.1["items"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn a_later_version_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("s.db");
    let place = Storage::File(file.clone());
    drop(Server::open(&place).expect("a store"));
    Connection::open(&file).expect("the file").execute_batch("PRAGMA user_version = 3").expect("a version");
    let failure = Server::open(&place).err().expect("refused");
    assert_eq!(failure.to_string(), "the file has version 3, this program knows versions up to 2");
}
