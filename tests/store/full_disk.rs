//! Disks and limits of a process that are reached while many write.

use std::{
    collections::BTreeMap,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use serde_json::Value as Json;

use super::{
    ledger::{self, Answer, Ledger},
    mounts::Mounts,
    support::{
        KSECRET, Sandbox,
        https::{Client, SECRETS, Serving, revision, secret, value},
        rounds, run,
    },
};

const WRITERS: usize = 24;
/// Bytes of a large value.
const LARGE: usize = 300_000;

/// The answers of a server to one round.
#[derive(Default)]
struct Counts {
    done: AtomicUsize,
    failed: AtomicUsize,
    missing: AtomicUsize,
}

/// Asks for one write and notes the answer.
fn write(client: &mut Client, ledger: &mut Ledger, name: &str, text: String, counts: &Counts) {
    let entry = ledger.entry(name.to_owned()).or_default();
    let body = secret(name, &text);
    let answer = match &entry.value {
        None => client.ask("POST", SECRETS, &body),
        Some(_) => client.ask("PUT", &format!("{SECRETS}/{name}"), &body),
    };
    let (answer, count) = match answer {
        Ok((200 | 201, object)) => (Answer::Done(revision(&object)), &counts.done),
        Ok((500, object)) => {
            let message = object["message"].as_str().unwrap_or_default();
            assert!(message.contains("store: "), "{message}");
            (Answer::Failed, &counts.failed)
        }
        // Of more connections than it has descriptors for.
        Ok((429, _)) => (Answer::Failed, &counts.failed),
        Ok((status, answer)) => panic!("{name}: {status} {answer}"),
        Err(_) => (Answer::Missing, &counts.missing),
    };
    count.fetch_add(1, Ordering::Relaxed);
    entry.note(Some(text), answer);
}

/// Each of many writers replaces a small Secret of its own by a large one and makes small ones, twice.
fn crowd(server: &Serving, ledger: &mut Ledger) -> Counts {
    let counts = Counts::default();
    for number in 0..WRITERS {
        write(&mut server.client(), ledger, &format!("s{number}"), "small".to_owned(), &counts);
    }
    assert_eq!(counts.done.swap(0, Ordering::Relaxed), WRITERS);
    let told = thread::scope(|scope| {
        let writers = (0..WRITERS).map(|number| {
            let (counts, mut client, name) = (&counts, server.client(), format!("s{number}"));
            let mut own = Ledger::from([(name.clone(), ledger[&name].clone())]);
            scope.spawn(move || {
                for round in 0..2 {
                    write(&mut client, &mut own, &name, format!("{round}{}", "x".repeat(LARGE)), counts);
                    write(&mut client, &mut own, &format!("{name}-{round}"), "small".to_owned(), counts);
                }
                own
            })
        });
        let writers = writers.collect::<Vec<_>>();
        writers.into_iter().flat_map(|writer| writer.join().expect("a writer")).collect::<Ledger>()
    });
    ledger.extend(told);
    counts
}

/// What a server shows.
fn shown(server: &Serving) -> BTreeMap<String, String> {
    let (status, list) = server.client().ask("GET", SECRETS, &Json::Null).expect("an answer");
    assert_eq!(status, 200, "{}", list["message"]);
    values(&list)
}

fn values(list: &Json) -> BTreeMap<String, String> {
    let items = list["items"].as_array().expect("items").iter();
    items.map(|item| (item["metadata"]["name"].as_str().expect("a name").to_owned(), value(item))).collect()
}

/// What a process of its own finds in the file.
fn found(command: impl Fn(&[&str]) -> Command) -> BTreeMap<String, String> {
    let outcome = run(command(&[KSECRET, "--local=store/s.db", "get", "secrets", "-o", "json"]), b"");
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    values(&serde_json::from_slice(&outcome.bytes).expect("a list"))
}

const SERVE: [&str; 4] = [KSECRET, "serve", "--store=store/s.db", "--kubeconfig=kubeconfig"];

/// Plays on a server that comes to a limit; `makes_room` before the file is opened again.
fn play(sandbox: &Sandbox, server: Command, makes_room: impl FnOnce(), command: impl Fn(&[&str]) -> Command) {
    let mut server = Serving::start(sandbox, "kubeconfig", server);
    let mut ledger = Ledger::new();
    let counts = crowd(&server, &mut ledger);
    let [done, failed, missing] =
        [counts.done, counts.failed, counts.missing].map(|count| count.load(Ordering::Relaxed));
    assert!(done > 0 && failed > 0 && missing == 0, "{done} acknowledged, {failed} refused, {missing} unanswered");
    ledger::settle(&mut ledger, shown(&server), "as the server shows it");
    server.kill();
    makes_room();
    ledger::settle(&mut ledger, found(&command), "after SIGKILL");
    let outcome = run(command(&[KSECRET, "--local=store/s.db", "create", "generic", "again"]), b"");
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
}

#[test]
fn a_limit_on_the_size_of_files_loses_nothing_that_was_acknowledged() {
    let sandbox = Sandbox::bare();
    // 7 MiB, in units of 512 bytes.
    let start = ["-c", r#"ulimit -f 14336; exec "$0" "$@""#];
    let server = sandbox.command_of("sh", &[&start[..], &SERVE].concat());
    play(&sandbox, server, || (), |words| sandbox.command_of(words[0], &words[1..]));
}

/// Where no mount can be made this test has nothing to fill; `KSECRET_REQUIRE=mount` forbids that.
#[test]
fn a_disk_that_fills_up_loses_nothing_that_was_acknowledged() {
    // Both if rounds are asked for.
    for &size in [6, 10].iter().take(1 + rounds(0)) {
        let sandbox = Sandbox::bare();
        let script = format!("mkdir -m 700 store && mount -t tmpfs -o mode=700,size={size}m none store");
        let Some(mounts) = Mounts::new(&sandbox, &script) else {
            println!("not run: no mount can be made here; KSECRET_REQUIRE=mount makes that a failure");
            return;
        };
        let makes_room = || {
            // A file on a full disk is read, or it is said why not.
            let words = [KSECRET, "--local=store/s.db", "get", "secrets", "-o", "name"];
            let outcome = run(mounts.command(&sandbox, &words), b"");
            let listed = outcome.exit == 0 && outcome.stdout.lines().count() >= WRITERS;
            assert!(listed || outcome.stderr.contains("the disk is full"), "{} {}", outcome.exit, outcome.stderr);
            // Nothing is left for the -shm, which the reader makes anew.
            let fill = ["sh", "-c", "rm store/s.db-shm; ! cat /dev/zero >store/rest"];
            assert_eq!(run(mounts.command(&sandbox, &fill), b"").exit, 0);
            let outcome = run(mounts.command(&sandbox, &words), b"");
            assert!(outcome.exit == 1 && outcome.stderr.contains("the disk is full"), "{}", outcome.stderr);
            let larger = ["mount", "-o", "remount,size=300m", "store"];
            assert_eq!(run(mounts.command(&sandbox, &larger), b"").exit, 0);
        };
        play(&sandbox, mounts.command(&sandbox, &SERVE), makes_room, |words| mounts.command(&sandbox, words));
    }
}

#[test]
fn a_server_with_few_descriptors_loses_nothing_that_was_acknowledged() {
    let mut acknowledged = 0;
    for files in [28, 40, 64] {
        let sandbox = Sandbox::bare();
        let script = format!(r#"ulimit -n {files}; exec "$0" "$@""#);
        let server = sandbox.command_of("sh", &[&["-c", script.as_str()], &SERVE[..]].concat());
        let mut server = Serving::start(&sandbox, "kubeconfig", server);
        let counts = Counts::default();
        let mut ledger = thread::scope(|scope| {
            let writers = (0..80).map(|number| {
                let (counts, mut client, mut own) = (&counts, server.client(), Ledger::new());
                scope.spawn(move || {
                    let name = format!("s{number}");
                    for round in 0..4 {
                        write(&mut client, &mut own, &name, round.to_string(), counts);
                        if own[&name].doubt.is_some() {
                            break;
                        }
                    }
                    own
                })
            });
            let writers = writers.collect::<Vec<_>>();
            writers.into_iter().flat_map(|writer| writer.join().expect("a writer")).collect::<Ledger>()
        });
        acknowledged += counts.done.load(Ordering::Relaxed);
        // Their connections are gone: there are descriptors for the next.
        write(&mut server.client(), &mut ledger, "after", "all".to_owned(), &counts);
        assert_eq!(ledger["after"].value.as_deref(), Some("all"), "{files}");
        server.kill();
        ledger::settle(&mut ledger, found(|words| sandbox.command_of(words[0], &words[1..])), "after SIGKILL");
    }
    assert!(acknowledged > 100, "only {acknowledged}");
}
