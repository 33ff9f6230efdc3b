//! SQLite prepares each statement once.

#![allow(unsafe_code, reason = "rusqlite does not go over the statements of a connection")]

use std::{ffi::CStr, ptr};

use rusqlite::{Connection, ffi};
use serde_json::json;

use super::{Client, SECRETS, Storage, secret};

/// Returns the statements that were prepared again, with how often.
fn planned_again(connection: &Connection) -> Vec<(i32, String)> {
    let mut found = Vec::new();
    // SAFETY: the connection is borrowed, so it and its statements stay open; SQLite's text lives as long as its statement.
    unsafe {
        let mut statement = ffi::sqlite3_next_stmt(connection.handle(), ptr::null_mut());
        while !statement.is_null() {
            let times = ffi::sqlite3_stmt_status(statement, ffi::SQLITE_STMTSTATUS_REPREPARE, 0);
            if times > 0 {
                found.push((times, CStr::from_ptr(ffi::sqlite3_sql(statement)).to_string_lossy().into_owned()));
            }
            statement = ffi::sqlite3_next_stmt(connection.handle(), statement);
        }
    }
    found
}

#[tokio::test]
async fn every_statement_is_planned_once() {
    let folder = tempfile::tempdir().expect("a folder");
    for storage in [Storage::Memory, Storage::File(folder.path().join("s.db"))] {
        let client = Client::on(&storage);
        for name in ["a", "b", "c", "d"] {
            client.create(name).await;
            let path = format!("{SECRETS}/{name}");
            assert_eq!(client.get(&path).await.0, 200);
            assert_eq!(client.ask("PUT", &path, &secret(name, "other")).await.0, 200);
            assert_eq!(client.ask("POST", SECRETS, &secret(name, "v")).await.0, 409);
            for list in [SECRETS, "/api/v1/secrets", "/api/v1/secrets?limit=1", &format!("{SECRETS}?limit=1")] {
                assert_eq!(client.get(list).await.0, 200);
            }
            let past = format!("{SECRETS}?resourceVersionMatch=Exact&resourceVersion=9");
            client.get(&past).await;
            assert_eq!(client.ask("DELETE", &path, &json!({})).await.0, 200);
        }
        let mut connections = 0;
        client.server.0.store.connections(|connection| {
            connections += 1;
            assert_eq!(planned_again(connection), [], "{storage:?}");
        });
        assert!(connections > 0);
    }
}
