//! Recorded exchanges with kube-apiserver, replayed on the embedded server: one test a scenario.
//!
//! `cargo test --test suites apiserver/patch/` runs a group. All are played on the Service in-process; some again over TLS
//! (`tls/`) and on a store file (`file/`).

mod compare;
mod door;
mod template;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use ksecret::server::{ClockRng, Server, Storage};
use libtest_mimic::Failed;
use serde::Deserialize;
use serde_json::{Value as Json, value::RawValue};

use compare::{Comparison, Difference};
use door::{Answer, Door};
use template::Bindings;

use crate::support::suite::Suite;

/// Groups that are played over TLS as well.
const OVER_TLS: &[&str] =
    &["bad", "conflict", "create", "delete", "discovery", "list", "patch", "size", "table", "watch"];
/// Groups that are played on a store file as well.
const ON_A_FILE: &[&str] = &["conflict", "delete", "dry-run", "list", "update", "watch"];

#[derive(Deserialize)]
struct Scenario {
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    request: Recorded,
    response: Expected,
}

#[derive(Deserialize)]
struct Recorded {
    method: String,
    path: String,
    query: String,
    headers: BTreeMap<String, Option<String>>,
    body: Option<Box<RawValue>>,
    #[serde(rename = "rawBody")]
    raw_body: Option<String>,
}

/// A recorded answer.
#[derive(Deserialize)]
pub struct Expected {
    status: u16,
    #[serde(default)]
    headers: Vec<(String, String)>,
    body: Option<Json>,
    text: Option<String>,
    events: Option<Vec<Json>>,
    loose: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Differences {
    #[serde(default)]
    difference: Vec<Difference>,
}

/// One test for each scenario and way into the server.
pub fn suite() -> Suite {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/apiserver");
    let differences: Differences =
        toml::from_str(&std::fs::read_to_string(folder.join("differences.toml")).expect("differences.toml"))
            .expect("differences.toml is well-formed");
    let differences = Arc::new(differences.difference);
    let server = Server::open_with(&Storage::Memory, clock_rng()).expect("a server in memory");
    let store = tempfile::tempdir().expect("a folder");
    let on_a_file = Storage::File(store.path().join("store.db"));
    let on_a_file = Server::open_with(&on_a_file, clock_rng()).expect("a server on a file");
    let doors = [
        ("", None, Door::Within(server.clone())),
        ("tls/", Some(OVER_TLS), Door::listening(server).expect("a listener")),
        ("file/", Some(ON_A_FILE), Door::Within(on_a_file)),
    ];
    let mut suite = Suite::new("apiserver");
    let mut counts = [0; 3];
    let mut names = Vec::new();
    for (group, name, path) in scenarios(&folder.join("scenarios")) {
        let scenario = format!("{group}/{name}");
        for ((prefix, groups, door), count) in doors.iter().zip(&mut counts) {
            if groups.is_some_and(|groups| !groups.contains(&group.as_str())) {
                continue;
            }
            *count += 1;
            let (door, differences) = (door.clone(), Arc::clone(&differences));
            let (scenario, group, path) = (scenario.clone(), format!("{prefix}{group}"), path.clone());
            suite.test(&format!("{group}/{name}"), move || {
                play(&door, &scenario, &group, &path, &differences).map_err(Failed::from)
            });
        }
        names.push(scenario);
    }
    for difference in differences.iter() {
        let scenario = &difference.scenario;
        assert!(names.contains(scenario), "differences.toml names {scenario:?}, which is no scenario");
    }
    suite.report(move || {
        let [within, tls, file] = counts;
        drop(store);
        format!("recorded exchanges with kube-apiserver; of all {within} in-process, {tls} over TLS, {file} on a file")
    });
    suite
}

/// Every scenario: its group, its name, its file; sorted.
fn scenarios(folder: &Path) -> Vec<(String, String, PathBuf)> {
    let children = |folder: &Path| {
        let mut paths = std::fs::read_dir(folder)
            .expect("the folder of scenarios")
            .map(|entry| entry.expect("an entry").path())
            .collect::<Vec<_>>();
        paths.sort();
        paths
    };
    let stem = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut scenarios = Vec::new();
    for group in children(folder) {
        for file in children(&group) {
            scenarios.push((stem(&group), stem(&file), file));
        }
    }
    scenarios
}

/// A clock that stands still (the order of managed fields depends on the second) and random bytes that only count.
fn clock_rng() -> ClockRng {
    let counter = Mutex::new(0u64);
    ClockRng::made(
        || jiff::Timestamp::from_second(1_795_000_000).expect("a time"),
        move |bytes| {
            let mut counter = counter.lock().unwrap_or_else(PoisonError::into_inner);
            *counter += 1;
            let mut state = *counter;
            for byte in bytes {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *byte = (state >> 33).to_le_bytes()[0];
            }
        },
    )
}

fn play(door: &Door, name: &str, group: &str, path: &Path, differences: &[Difference]) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
    let scenario: Scenario = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    let stem = name.rsplit('/').next().unwrap_or(name);
    runtime.block_on(async {
        let mut bindings = Bindings::in_namespace(format!("{group}/{stem}").replace('/', "-"));
        let body = format!("{{\"metadata\":{{\"name\":\"{}\"}}}}", bindings.namespace());
        let made =
            door.send("POST", "/api/v1/namespaces", &[("User-Agent".into(), "recorder/1.0".into())], body).await?;
        if made.status != 201 {
            return Err(format!("the namespace could not be made: {}", made.status));
        }
        for (index, step) in scenario.steps.iter().enumerate() {
            let number = index + 1;
            let answer = ask(door, &step.request, &bindings).await?;
            let ignored = differences
                .iter()
                .filter(|d| d.scenario == name && d.step == number)
                .flat_map(|d| d.ignore.iter().map(String::as_str))
                .collect::<Vec<_>>();
            let mut comparison = Comparison::new(&mut bindings, ignored);
            comparison.answer(&step.response, &answer);
            if let Some(report) = comparison.report() {
                let request = &step.request;
                return Err(format!("step {number}, {} {}?{}:\n{report}", request.method, request.path, request.query));
            }
        }
        Ok(())
    })
}

async fn ask(door: &Door, recorded: &Recorded, bindings: &Bindings) -> Result<Answer, String> {
    let plain = str::to_owned;
    let percent = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    let mut address = bindings.fill(&recorded.path, plain);
    if !recorded.query.is_empty() {
        address.push('?');
        address.push_str(&bindings.fill(&recorded.query, percent));
    }
    let mut headers = vec![("User-Agent".to_owned(), "recorder/1.0".to_owned())];
    for (name, value) in &recorded.headers {
        if let Some(value) = value {
            headers.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
            headers.push((name.clone(), bindings.fill(value, plain)));
        }
    }
    let body = match (&recorded.body, &recorded.raw_body) {
        (Some(body), _) => bindings.fill(body.get(), plain),
        (_, Some(text)) => bindings.fill(text, plain),
        _ => String::new(),
    };
    door.send(&recorded.method, &address, &headers, body).await
}
