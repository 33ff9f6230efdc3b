//! SIGKILL at random moments while many write, over HTTP through two servers and through processes with `--local`, all on
//! one file.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufRead as _, BufReader, Read as _},
    path::Path,
    process::Stdio,
    sync::{Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value as Json, json};

use super::{
    ledger::{self, Answer, Ledger},
    support::{
        Sandbox,
        dice::Dice,
        https::{Client, SECRETS, Serving, revision, secret, value},
        rounds,
    },
};

/// The Secret whose write ends a round.
const END: &str = "end";

/// The writers that are at work.
struct Field {
    running: Mutex<Running>,
    acknowledged: mpsc::Sender<()>,
}

#[derive(Default)]
struct Running {
    /// Nothing more begins.
    over: bool,
    /// The processes that were started and not waited for, so that their ids are theirs.
    processes: BTreeSet<u32>,
}

impl Field {
    fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes to its Secrets until the field is over or an answer is missing.
    fn write(
        &self,
        mut own: Ledger,
        dice: &mut Dice,
        sizes: &[usize],
        mut send: impl FnMut(&str, bool, Option<&str>) -> Answer,
    ) -> Ledger {
        let names = own.keys().cloned().collect::<Vec<_>>();
        while !self.running().over {
            let name = &names[dice.roll(names.len())];
            let entry = own.get_mut(name).expect("its entry");
            let there = entry.value.is_some();
            let text = format!("{}-{}", dice.roll(usize::MAX), "x".repeat(sizes[dice.roll(sizes.len())]));
            let wanted = Some(text).filter(|_| !there || !dice.one_in(4));
            let answer = send(name, there, wanted.as_deref());
            if !entry.note(wanted, answer) {
                break;
            }
            if answer != Answer::Failed {
                let _ = self.acknowledged.send(());
            }
        }
        own
    }

    fn over_http(&self, mut client: Client, own: Ledger, dice: &mut Dice) -> Ledger {
        self.write(own, dice, &[10, 10, 400, 5_000, 60_000], |name, there, value| {
            let path = format!("{SECRETS}/{name}");
            let answer = match (there, value) {
                (false, Some(value)) => client.ask("POST", SECRETS, &secret(name, value)),
                (true, Some(value)) => client.ask("PUT", &path, &secret(name, value)),
                (_, None) => client.ask("DELETE", &path, &Json::Null),
            };
            match answer {
                Ok((200 | 201, object)) => Answer::Done(revision(&object)),
                Ok((500, _)) => Answer::Failed,
                Ok((status, answer)) => panic!("{name}: {status} {answer}"),
                Err(_) => Answer::Missing,
            }
        })
    }

    fn by_processes(&self, sandbox: &Sandbox, own: Ledger, dice: &mut Dice) -> Ledger {
        self.write(own, dice, &[10, 400, 5_000], |name, there, value| {
            let (literal, patch) = (
                format!("--from-literal=k={}", value.unwrap_or_default()),
                json!({"stringData": {"k": value}}).to_string(),
            );
            let words = match (there, value) {
                (false, Some(_)) => &["create", "generic", name, literal.as_str(), "-o", "json"][..],
                (true, Some(_)) => &["patch", "secret", name, "-p", patch.as_str(), "-o", "json"],
                (_, None) => &["delete", "secret", name],
            };
            let mut command = sandbox.command(&[&["--local=s.db"], words].concat());
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
            // Invariant: a process is among those that are killed before the lock is free: none begins after.
            let mut running = self.running();
            if running.over {
                return Answer::Failed;
            }
            let mut child = command.spawn().expect("it starts");
            running.processes.insert(child.id());
            drop(running);
            let (mut output, mut errors) = (String::new(), String::new());
            child.stdout.take().expect("its stdout").read_to_string(&mut output).expect("text");
            child.stderr.take().expect("its stderr").read_to_string(&mut errors).expect("text");
            self.running().processes.remove(&child.id());
            let status = child.wait().expect("its end");
            let told = match value {
                Some(_) => serde_json::from_str::<Json>(&output).ok().map(|object| revision(&object)),
                None => output.ends_with('\n').then_some(None),
            };
            match (told, status.code()) {
                // What it has said holds, also if it is killed right after.
                (Some(revision), Some(0) | None) => Answer::Done(revision),
                (None, None) => Answer::Missing,
                (None, Some(1)) if errors.contains("store: ") => Answer::Failed,
                _ => panic!("{words:?}: {status}: {errors}"),
            }
        })
    }
}

/// Who is killed in a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Victims {
    All,
    OneServer,
    Processes,
    /// Processes, where no server keeps the file open.
    ProcessesAlone,
}

/// Plays a round; how many writes were acknowledged.
fn play(sandbox: &Sandbox, servers: &mut [Serving], ledger: &mut Ledger, victims: Victims, seed: usize) -> usize {
    let (acknowledged, hears) = mpsc::channel();
    let field = Field { running: Mutex::default(), acknowledged };
    let mut dice = Dice(seed as u64);
    let own = |who: String| (0..3).map(|number| format!("{who}-{number}")).collect::<Vec<_>>();
    let mut take = |who: String| {
        let entries = own(who).into_iter().map(|name| (name.clone(), ledger.remove(&name).unwrap_or_default()));
        entries.collect::<Ledger>()
    };
    let https = (0..8)
        .filter(|_| !servers.is_empty())
        .map(|number| (servers[number % servers.len()].client(), take(format!("h{number}"))))
        .collect::<Vec<_>>();
    let locals =
        (0..if servers.is_empty() { 6 } else { 3 }).map(|number| take(format!("l{number}"))).collect::<Vec<_>>();
    let (told, count) = thread::scope(|scope| {
        let mut writers = Vec::new();
        for (number, (client, own)) in https.into_iter().enumerate() {
            let (field, mut dice) = (&field, Dice((seed * 100 + number) as u64));
            writers.push(scope.spawn(move || field.over_http(client, own, &mut dice)));
        }
        for (number, own) in locals.into_iter().enumerate() {
            let (field, mut dice) = (&field, Dice((seed * 100 + 50 + number) as u64));
            writers.push(scope.spawn(move || field.by_processes(sandbox, own, &mut dice)));
        }
        let enough = if servers.is_empty() { 1 + dice.roll(12) } else { 1 + dice.roll(90) };
        let patience = Duration::from_secs(120);
        let hear = |count| (0..count).for_each(|_| hears.recv_timeout(patience).expect("writers go on"));
        hear(enough);
        // A random moment of the next write, not a time that anything takes.
        thread::sleep(Duration::from_micros(dice.roll(4_000) as u64));
        let mut running = field.running();
        running.over = matches!(victims, Victims::All | Victims::ProcessesAlone);
        if victims != Victims::OneServer {
            // Before the servers: the last process that has a file open clears its history away when it ends.
            for id in &running.processes {
                let id = Pid::from_raw(id.cast_signed()).expect("an id");
                let _ = kill_process(id, Signal::KILL);
            }
        }
        match victims {
            Victims::All => servers.iter_mut().for_each(Serving::kill),
            Victims::OneServer => servers[0].kill(),
            Victims::Processes | Victims::ProcessesAlone => {}
        }
        drop(running);
        if !matches!(victims, Victims::All | Victims::ProcessesAlone) {
            // The others go on.
            hear(12);
            field.running().over = true;
        }
        let told = writers.into_iter().flat_map(|writer| writer.join().expect("a writer")).collect::<Ledger>();
        (told, enough)
    });
    ledger.extend(told);
    count
}

/// The values of a list.
fn values(list: &str) -> BTreeMap<String, String> {
    let list: Json = serde_json::from_str(list).expect("a list");
    let items = list["items"].as_array().expect("items").iter();
    items.map(|item| (item["metadata"]["name"].as_str().expect("a name").to_owned(), value(item))).collect()
}

/// The writes since `start`, by Secret: each has the revision after the one before it. The last is that of [`END`].
fn events(sandbox: &Sandbox, start: u64) -> BTreeMap<String, Vec<(Option<String>, u64)>> {
    let path = format!("{SECRETS}?watch=1&resourceVersion={start}");
    let mut watch = sandbox
        .command(&["--local=s.db", "get", "--raw", &path])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a watch");
    let mut events = BTreeMap::<_, Vec<_>>::new();
    let mut last = start;
    for line in BufReader::new(watch.stdout.take().expect("its stdout")).lines() {
        let event: Json = serde_json::from_str(&line.expect("a line")).expect("an event");
        let object = &event["object"];
        let found = revision(object).unwrap_or_else(|| panic!("{event}"));
        assert_eq!(found, last + 1, "a write without an event");
        last = found;
        let name = object["metadata"]["name"].as_str().expect("a name").to_owned();
        let kept = Some(value(object)).filter(|_| event["type"] != "DELETED");
        let done = name == END;
        events.entry(name).or_default().push((kept, found));
        if done {
            break;
        }
    }
    watch.kill().expect("its end");
    watch.wait().expect("its end");
    assert!(events.contains_key(END), "the watch ended at {last}");
    events
}

#[test]
fn what_was_acknowledged_survives_sigkill_and_nothing_else_does() {
    let sandbox = Sandbox::bare();
    let names = ["one.kubeconfig", "two.kubeconfig"];
    let mut ledger = Ledger::new();
    let mut servers: Vec<Serving> = Vec::new();
    let local = |words: &[&str]| sandbox.ok(&[&["--local=s.db"], words].concat());
    for round in 0..rounds(4) {
        let victims = [Victims::All, Victims::OneServer, Victims::Processes, Victims::ProcessesAlone][round % 4];
        if victims == Victims::ProcessesAlone {
            servers.clear();
        } else if servers.is_empty() {
            servers = names.map(|name| Serving::on(&sandbox, "s.db", name)).into();
        }
        let when = format!("after round {round}, {victims:?}");
        let list: Json = serde_json::from_str(&local(&["get", "--raw", SECRETS])).expect("a list");
        let start = revision(&list).expect("a revision");
        let seed = std::process::id() as usize * 1_000 + round;
        let count = play(&sandbox, &mut servers, &mut ledger, victims, seed);
        let told = ledger.values().map(|entry| entry.writes.len()).sum::<usize>();
        assert!(told >= count, "{when}: {told} of {count} writes");
        // What was killed begins again, on the file as it was left.
        match victims {
            Victims::All => servers = names.map(|name| Serving::on(&sandbox, "s.db", name)).into(),
            Victims::OneServer => servers[0] = Serving::on(&sandbox, "s.db", names[0]),
            Victims::Processes | Victims::ProcessesAlone => {}
        }
        if victims != Victims::ProcessesAlone {
            let entry = ledger.entry(END.to_owned()).or_default();
            let (method, path) = match entry.value {
                None => ("POST", SECRETS.to_owned()),
                Some(_) => ("PUT", format!("{SECRETS}/{END}")),
            };
            let text = format!("round {round}");
            let (status, object) = servers[0].client().ask(method, &path, &secret(END, &text)).expect("an answer");
            assert!(matches!(status, 200 | 201), "{when}: {status} {object}");
            entry.note(Some(text), Answer::Done(revision(&object)));
            let events = events(&sandbox, start);
            for (name, events) in &events {
                ledger.get(name).unwrap_or_else(|| panic!("{name}: never written")).explain(name, events);
            }
            let silent = ledger.iter().find(|(name, entry)| !entry.writes.is_empty() && !events.contains_key(*name));
            assert!(silent.is_none(), "{when}: no event of {:?}", silent.map(|(name, _)| name));
        }
        for server in &servers {
            let (status, object) =
                server.client().ask("GET", &format!("{SECRETS}/{END}"), &Json::Null).expect("an answer");
            assert!(
                status == 200 && value(&object) == ledger[END].value.clone().unwrap_or_default(),
                "{when}: {status}"
            );
        }
        ledger::settle(&mut ledger, values(&local(&["get", "secrets", "-o", "json"])), &when);
        assert!(Path::exists(&sandbox.cwd().join("s.db")));
    }
}
