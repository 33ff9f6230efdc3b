//! Two rotations and others that write the same Secret, in an order that dice decide: whatever it is, each write changes what
//! it is about and nothing else.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead as _, BufReader},
    process::Stdio,
    sync::{Mutex, PoisonError},
    thread,
    time::Duration,
};

use serde_json::{Value as Json, json};

use super::{
    client::server::{Reply, Server},
    proxy::pass_on,
    stage::Stage,
    support::{
        dice::Dice,
        https::{SECRETS, Serving},
        rounds, run,
    },
};

/// The Secret whose write ends a round.
const END: &str = "end";
const PASSWORD: &str = "password";
/// How often each of the others writes.
const WRITES: usize = 6;

/// Who takes part in a round, beside two rotations and one that writes other keys.
#[derive(Clone, Copy, Debug, Default)]
struct Others {
    /// One writes the key that is rotated.
    same_key: bool,
    /// One deletes the Secret and makes it anew.
    anew: bool,
    /// A controller puts back what it finds changed.
    owner: bool,
}

/// What one event of the Secret shows.
struct Event {
    uid: String,
    data: BTreeMap<String, String>,
    is_deleted: bool,
}

/// A way to the server on which each request takes a moment of its own.
fn slow(serving: &Serving, seed: u64) -> Server {
    let state = Mutex::new((serving.client(), Dice(seed)));
    Server::plain(move |request| {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let (client, dice) = &mut *state;
        thread::sleep(Duration::from_micros(dice.roll(12_000) as u64));
        Reply::Bytes(pass_on(request, client))
    })
}

fn secret(name: &str, password: &str) -> Json {
    json!({"metadata": {"name": name}, "stringData": {PASSWORD: password}})
}

/// The events of a Secret since `start`, in their order.
fn events(stage: &Stage, name: &str, start: &str) -> Vec<Event> {
    let (status, end) = stage.serving.client().ask("POST", SECRETS, &secret(END, "")).expect("an answer");
    assert_eq!(status, 201, "{end}");
    let path = format!("{SECRETS}?watch=1&resourceVersion={start}");
    let mut watch = stage
        .sandbox
        .command(&["--kubeconfig=kubeconfig", "get", "--raw", &path])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a watch");
    let mut events = Vec::new();
    for line in BufReader::new(watch.stdout.take().expect("its stdout")).lines() {
        let event: Json = serde_json::from_str(&line.expect("a line")).expect("an event");
        let object = &event["object"];
        let of = object["metadata"]["name"].as_str().expect("a name");
        if of == END {
            break;
        }
        if of == name {
            let data = object["data"].as_object().into_iter().flatten();
            events.push(Event {
                uid: object["metadata"]["uid"].as_str().expect("a uid").to_owned(),
                data: data.map(|(key, value)| (key.clone(), value.to_string())).collect(),
                is_deleted: event["type"] == "DELETED",
            });
        }
    }
    watch.kill().expect("its end");
    watch.wait().expect("its end");
    stage.serving.client().ask("DELETE", &format!("{SECRETS}/{END}"), &Json::Null).expect("an answer");
    events
}

/// Checks that each event changes one key; how many changed the password.
fn check(events: &[Event]) -> Result<usize, String> {
    let mut promotions = 0;
    for pair in events.windows(2) {
        let [before, after] = pair else { continue };
        if after.is_deleted || before.uid != after.uid {
            continue;
        }
        let keys: BTreeSet<&String> = before.data.keys().chain(after.data.keys()).collect();
        let changed: Vec<_> = keys.into_iter().filter(|key| before.data.get(*key) != after.data.get(*key)).collect();
        match changed.as_slice() {
            [] => {}
            [one] if after.data.contains_key(*one) => promotions += usize::from(*one == PASSWORD),
            _ => return Err(format!("one write changed or removed {changed:?}")),
        }
    }
    Ok(promotions)
}

/// Plays a round; how often the password was written, and the exit statuses of the rotations.
fn play(stage: &Stage, others: Others, seed: u64) -> (usize, Vec<i32>) {
    let name = stage.secret();
    let (_, list) = stage.serving.client().ask("GET", SECRETS, &Json::Null).expect("an answer");
    let start = list["metadata"]["resourceVersion"].as_str().expect("a revision").to_owned();
    // What the keys hold that no rotation is about. Invariant: locked from before a write of them until it has ended.
    let model = Mutex::new(BTreeMap::from([("other".to_owned(), "kept".to_owned())]));
    let command = |seed: u64, words: Vec<String>| {
        let server = slow(&stage.serving, seed);
        run(stage.sandbox.command(&[words, vec![format!("--server=http://{}", server.address)]].concat()), b"")
    };
    let path = format!("{SECRETS}/{name}");
    let exits = thread::scope(|scope| {
        let rotations = [1, 2].map(|number| {
            let (command, name) = (&command, &name);
            scope.spawn(move || {
                let token = format!("--rotation-token=t{number}");
                let mut words = stage.words(name, &["password=random:24", &token], &["set", "verify"]);
                words.remove(2);
                thread::sleep(Duration::from_millis(Dice(seed + number).roll(60) as u64));
                let outcome = command(seed + number, words);
                assert!([0, 1, 3, 4].contains(&outcome.exit), "exit {}: {}", outcome.exit, outcome.stderr);
                assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
                outcome.exit
            })
        });
        scope.spawn(|| {
            for number in 0..WRITES {
                let mut model = model.lock().expect("no panic");
                let (key, value) = (format!("k{}", number % 4), format!("v{number}"));
                let words = ["set", &name, &format!("{key}={value}")].map(str::to_owned);
                let outcome = command(seed + 10 + number as u64, words.into());
                // Or other writes came before, too often.
                assert!([0, 4].contains(&outcome.exit), "set: {}", outcome.stderr);
                if outcome.exit == 0 {
                    model.insert(key, value);
                }
            }
        });
        if others.same_key {
            scope.spawn(|| {
                for number in 0..WRITES / 2 {
                    let words = ["set", &name, &format!("{PASSWORD}=by-hand-{number}")].map(str::to_owned);
                    let outcome = command(seed + 20 + number as u64, words.into());
                    // It may be told that another write came before, or that the Secret is gone.
                    assert!([0, 1, 4].contains(&outcome.exit), "set: {}", outcome.stderr);
                }
            });
        }
        if others.anew {
            scope.spawn(|| {
                let mut client = stage.serving.client();
                let mut dice = Dice(seed + 30);
                for number in 0..2 {
                    thread::sleep(Duration::from_millis(dice.roll(150) as u64));
                    let mut model = model.lock().expect("no panic");
                    client.ask("DELETE", &path, &Json::Null).expect("an answer");
                    thread::sleep(Duration::from_millis(dice.roll(20) as u64));
                    let (status, answer) =
                        client.ask("POST", SECRETS, &secret(&name, &format!("anew-{number}"))).expect("an answer");
                    assert_eq!(status, 201, "{answer}");
                    model.clear();
                }
            });
        }
        if others.owner {
            scope.spawn(|| {
                let mut client = stage.serving.client();
                let mut dice = Dice(seed + 40);
                for _ in 0..WRITES {
                    thread::sleep(Duration::from_millis(dice.roll(40) as u64));
                    let body = json!({"stringData": {PASSWORD: "by-the-owner"}}).to_string();
                    let headers = "Content-Type: application/merge-patch+json\r\n";
                    client.send("PATCH", &path, headers, body.as_bytes()).expect("an answer");
                }
            });
        }
        rotations.map(|rotation| rotation.join().expect("a rotation"))
    });
    let (status, found) = stage.serving.client().ask("GET", &path, &Json::Null).expect("an answer");
    assert_eq!(status, 200, "{found}");
    let keys = found["data"].as_object().expect("its data").keys().filter(|key| *key != PASSWORD);
    let held: BTreeMap<String, String> = keys.map(|key| (key.clone(), super::stage::value(&found, key))).collect();
    let when = format!("{others:?}, seed {seed}");
    assert_eq!(held, model.into_inner().expect("no panic"), "{when}");
    if !(others.same_key || others.anew || others.owner) {
        let state = stage.state(&name);
        assert!(state.accepted.contains(&state.holds), "{when}: {state:?}");
        assert!(exits.contains(&0), "{when}: one of two comes to its end: {exits:?}");
    }
    let written = check(&events(stage, &name, &start)).unwrap_or_else(|fault| panic!("{when}: {fault}"));
    (written, exits.into())
}

#[test]
fn a_write_changes_what_it_is_about_and_nothing_else() {
    let stage = Stage::new();
    let (mut written, mut exits) = (0, BTreeMap::<i32, usize>::new());
    let count = rounds(8);
    for round in 0..count {
        let others = Others { same_key: round % 2 == 1, anew: round / 2 % 2 == 1, owner: round / 4 % 2 == 1 };
        let seed = u64::from(std::process::id()) * 1_000_000 + round as u64 * 100;
        let (more, of_round) = play(&stage, others, seed);
        written += more;
        for exit in of_round {
            *exits.entry(exit).or_default() += 1;
        }
    }
    println!("{count} rounds, {written} writes of the password, exit statuses of rotations: {exits:?}");
}
