//! Flips bits in a store's file: every answer is what was written, or an error that says so.

use std::{fs, path::Path};

use serde_json::{Value as Json, json};

use super::{Client, SECRETS, Storage, Watch, secret, version};
use crate::Server;

const MARKER: &str = "hunter2";

/// Requests, and their answers before the damage.
struct Questions {
    asked: Vec<(&'static str, String, Json, (u16, Json))>,
    /// The resourceVersion from which a watch begins, and its events.
    watch: (String, Vec<Json>),
}

/// Makes a store with history, and records the answers to all requests.
async fn store(file: &Path) -> Questions {
    let client = Client::on(&Storage::File(file.to_owned()));
    client.ask("POST", "/api/v1/namespaces", &json!({"metadata": {"name": "other"}})).await;
    let value = |number: usize, size: usize| format!("{MARKER}-{number}-{}", "x".repeat(size));
    for number in 0..24 {
        let size = if number % 8 == 0 { 9_000 } else { 40 };
        let object = secret(&format!("s{number}"), &value(number, size));
        assert_eq!(client.ask("POST", SECRETS, &object).await.0, 201);
        let other = secret(&format!("o{number}"), &value(number + 100, 10));
        assert_eq!(client.ask("POST", "/api/v1/namespaces/other/secrets", &other).await.0, 201);
    }
    let (_, before) = client.get(SECRETS).await;
    let start = version(&before).to_owned();
    for number in 0..12 {
        let path = format!("{SECRETS}/s{number}");
        let object = secret(&format!("s{number}"), &value(number + 200, 60));
        assert_eq!(client.ask("PUT", &path, &object).await.0, 200);
        if number % 4 == 1 {
            assert_eq!(client.ask("DELETE", &path, &Json::Null).await.0, 200);
        }
    }
    let paths = (0..24).map(|number| format!("{SECRETS}/s{number}")).chain([
        format!("{SECRETS}/never"),
        SECRETS.to_owned(),
        format!("{SECRETS}?limit=5"),
        format!("{SECRETS}?resourceVersion={start}&resourceVersionMatch=Exact"),
        "/api/v1/secrets".to_owned(),
        "/api/v1/namespaces".to_owned(),
        "/api/v1/namespaces/other/secrets/o7".to_owned(),
    ]);
    let mut asked = Vec::new();
    for path in paths {
        asked.push(("GET", path.clone(), Json::Null, client.get(&path).await));
    }
    for name in ["s2", "s8", "s23"] {
        let object = secret(name, "v");
        asked.push(("POST", SECRETS.to_owned(), object.clone(), client.ask("POST", SECRETS, &object).await));
    }
    let mut watch = Watch::begin(&client, &format!("resourceVersion={start}")).await;
    let mut events = Vec::new();
    while events.len() < 15 {
        events.push(watch.next().await.expect("an event"));
    }
    // Empties the log, and keeps the history.
    client.server.0.store.tidy(std::time::Duration::from_secs(3600)).expect("an empty log");
    fs::copy(file, file.with_extension("copy")).expect("a copy");
    Questions { asked, watch: (start, events) }
}

/// Repeats all requests; returns how many answers were errors.
async fn ask(server: Server, questions: &Questions, what: &str) -> usize {
    let client = Client::of(server);
    let mut errors = 0;
    for (method, path, body, expected) in &questions.asked {
        let answer = client.ask(method, path, body).await;
        if answer.0 == 500 {
            let text = answer.1["message"].as_str().unwrap_or_default();
            assert!(!text.contains(MARKER), "{text}");
            errors += 1;
        } else if answer.0 == 410 && path.contains("Exact") {
            errors += 1;
        } else {
            assert!(answer == *expected, "{what}: {method} {path}: {answer:?}");
        }
    }
    let response =
        client.send("GET", &format!("{SECRETS}?watch=1&resourceVersion={}", questions.watch.0), &[], "").await;
    if response.status() == 500 {
        return errors + 1;
    }
    assert_eq!(response.status(), 200);
    let mut watch = Watch::of(response);
    for expected in &questions.watch.1 {
        let event = watch.next().await.expect("an event");
        if event["type"] == "ERROR" {
            // A damaged time may have passed, so that the history is no longer kept.
            assert!([500, 410].iter().any(|code| event["object"]["code"] == *code), "{what}: {event}");
            return errors + 1;
        }
        assert!(event == *expected, "{what}: {event}");
    }
    errors
}

/// Opens a server on a file with this content, if it accepts that.
fn open(file: &Path, content: &[u8]) -> Option<Server> {
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{end}", file.display()));
    }
    fs::write(file, content).expect("a file");
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(file, private).expect("a mode");
    Server::open(&Storage::File(file.to_owned())).ok()
}

#[tokio::test]
async fn a_flipped_bit_is_an_error_or_no_matter() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("s.db");
    let questions = store(&file).await;
    let whole = fs::read(file.with_extension("copy")).expect("the copy");
    let server = open(&file, &whole).expect("a store");
    assert_eq!(ask(server, &questions, "undamaged").await, 0);

    let bits = whole.len() * 8;
    let rounds = super::rounds() * 100;
    let (mut refused, mut failed) = (0, 0);
    for round in 0..rounds {
        // Positions all over the file, at different offsets in its pages.
        let bit = (round * 7_919 * 8 + round * 13) * (bits / rounds / 8).max(1) % bits;
        let mut damaged = whole.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        match open(&file, &damaged) {
            None => refused += 1,
            Some(server) => failed += usize::from(ask(server, &questions, &format!("bit {bit} of {bits}")).await > 0),
        }
    }
    assert!(failed > rounds / 10, "only {failed} and {refused} of {rounds} were noticed");
}

/// Returns the parts of the page of the index `live` that are in use: its header with the list of entries, and the
/// entries.
fn index_page(file: &Path) -> [std::ops::Range<usize>; 2] {
    let tables = rusqlite::Connection::open(file).expect("the file");
    let number = |sql| tables.query_row(sql, [], |row| row.get::<_, usize>(0)).expect("a number");
    let (page, size) = (number("SELECT rootpage FROM sqlite_schema WHERE name = 'live'"), number("PRAGMA page_size"));
    drop(tables);
    let (content, start) = (fs::read(file).expect("the file"), (page - 1) * size);
    let two_bytes = |at: usize| usize::from(content[start + at]) << 8 | usize::from(content[start + at + 1]);
    let (entries, first) = (two_bytes(3), two_bytes(5));
    assert_eq!(content[start], 10, "all entries are in one page");
    [start..start + 8 + 2 * entries, start + first..start + size]
}

#[tokio::test]
async fn each_bit_of_the_index_matters_or_is_found_to_be_wrong() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("s.db");
    let client = Client::on(&Storage::File(file.clone()));
    for name in ["a", "b", "c", "d"] {
        client.create(name).await;
    }
    client.ask("DELETE", &format!("{SECRETS}/b"), &Json::Null).await;
    let mut questions = Vec::new();
    for path in ["/a", "/b", "/c", "/d", "/never", "", "?limit=2"] {
        let path = format!("{SECRETS}{path}");
        questions.push(("GET", path.clone(), Json::Null, client.get(&path).await));
    }
    for name in ["a", "d"] {
        let object = secret(name, "v");
        questions.push(("POST", SECRETS.to_owned(), object.clone(), client.ask("POST", SECRETS, &object).await));
    }
    drop(client);
    let (whole, places) = (fs::read(&file).expect("the file"), index_page(&file));
    let mut wrong = 0;
    for bit in places.into_iter().flatten().flat_map(|byte| (0..8).map(move |bit| byte * 8 + bit)) {
        let mut damaged = whole.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        let Some(server) = open(&file, &damaged) else { continue };
        let client = Client::of(server);
        for (method, path, body, expected) in &questions {
            let answer = client.ask(method, path, body).await;
            if answer.0 == 500 {
                wrong += 1;
            } else {
                assert!(answer == *expected, "bit {bit}: {method} {path}: {answer:?}");
            }
        }
    }
    assert!(wrong > 1_000, "only {wrong} were noticed");
}

#[tokio::test]
async fn a_row_in_the_place_of_another_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("s.db");
    let client = Client::on(&Storage::File(file.clone()));
    for name in ["a", "b", "c"] {
        client.create(name).await;
    }
    drop(client);
    let tables = rusqlite::Connection::open(&file).expect("the file");
    let set = "UPDATE versions SET (checksum, object) = \
               (SELECT checksum, object FROM versions WHERE name = 'a') WHERE name = 'b'";
    assert_eq!(tables.execute(set, []).expect("a row"), 1);
    drop(tables);
    let client = Client::on(&Storage::File(file));
    assert_eq!(client.get(&format!("{SECRETS}/a")).await.0, 200);
    let expected =
        "Internal error occurred: store: secrets \"b\" in namespace default is damaged: its checksum does not match";
    for path in [&format!("{SECRETS}/b"), SECRETS] {
        let (status, answer) = client.get(path).await;
        assert_eq!((status, answer["message"].as_str()), (500, Some(expected)), "{path}");
    }
    // Only that object is affected.
    let put = async |name: &str| client.ask("PUT", &format!("{SECRETS}/{name}"), &secret(name, "w")).await.0;
    assert_eq!(tokio::join!(put("b"), put("c")), (500, 200));
}
