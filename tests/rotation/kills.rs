//! SIGKILL at every point of a rotation: before each request, between request and answer, after each answer, and at the
//! begin, in the middle and at the end of each hook. Then the same command line goes on.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use super::{
    proxy::Act,
    stage::{FORMER, Stage, State, runs},
    support::rounds,
};

/// A kind of rotation.
struct Scenario {
    label: &'static str,
    /// What is asked for, beside the name and the hooks.
    words: &'static [&'static str],
    hooks: &'static [&'static str],
    /// The step that fails.
    fails: &'static str,
    /// What is killed.
    killed: Killed,
    /// Whether the Secret is immutable.
    immutable: bool,
    /// Whether it ends in the former state, or in the new one if it goes on where the backend accepts that already.
    restores: bool,
}

/// Which part of a rotation is killed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Killed {
    /// All of it.
    Whole,
    /// The end of its overlap.
    Finish,
    /// Its end after it failed.
    Abort,
}

const TOKEN: &str = "--rotation-token=t1";
const PLAIN: Scenario = Scenario {
    label: "set, verify, revoke",
    words: &["password=random:24", TOKEN],
    hooks: &["set", "verify", "revoke"],
    fails: "",
    killed: Killed::Whole,
    immutable: false,
    restores: false,
};
const SCENARIOS: [Scenario; 6] = [
    PLAIN,
    Scenario {
        label: "a command makes the value, the former one is kept",
        words: &["--from-exec=password=mktemp -u XXXXXXXXXXXXXXXXXXXXXXXX", "--keep-previous", TOKEN],
        hooks: &["set"],
        ..PLAIN
    },
    Scenario {
        label: "the end of an overlap",
        words: &["password=random:24", "--keep-previous", "--grace=1s", TOKEN],
        killed: Killed::Finish,
        ..PLAIN
    },
    Scenario {
        label: "a step fails, and the former state is restored",
        words: &["password=random:24", "--on-failure=restore", TOKEN],
        hooks: &["set", "verify", "undo"],
        fails: "set",
        restores: true,
        ..PLAIN
    },
    Scenario {
        label: "one that failed is given up",
        hooks: &["set", "verify", "undo"],
        fails: "set",
        killed: Killed::Abort,
        restores: true,
        ..PLAIN
    },
    Scenario { label: "an immutable Secret gets a successor", hooks: &["set", "verify"], immutable: true, ..PLAIN },
];

/// Where the program is killed.
#[derive(Clone, Copy, Debug)]
enum Point {
    Request(usize, Act),
    /// The call of a hook, the place in it, and what the hook does then.
    Hook(usize, &'static str, &'static str),
}

impl Scenario {
    /// Makes a Secret that is about to be rotated; its name, and the words of the command that is killed.
    fn prepare(&self, stage: &Stage) -> (String, Vec<String>) {
        let name = stage.secret();
        if !self.fails.is_empty() {
            stage.backends.write(&name, "fails", self.fails);
        }
        if self.immutable {
            stage.freeze(&name);
        }
        let words = stage.words(&name, self.words, self.hooks);
        if self.killed == Killed::Whole {
            return (name, words);
        }
        let begun = stage.run(&words);
        assert_eq!(stage.state(&name).accepted.len(), 2, "both are accepted: {}", begun.stderr);
        match self.killed {
            Killed::Whole | Killed::Finish => {
                assert_eq!(begun.exit, 0, "{}: {}", self.label, begun.stderr);
                // The grace is a time, by a clock of whole seconds.
                thread::sleep(Duration::from_millis(1_100));
                (name.clone(), stage.words(&name, &["--finish", TOKEN], self.hooks))
            }
            Killed::Abort => {
                assert_eq!(begun.exit, 3, "{}: {}", self.label, begun.stderr);
                (name.clone(), stage.words(&name, &["--abort", TOKEN], self.hooks))
            }
        }
    }

    /// What goes on after the command was killed.
    fn proceed(&self, stage: &Stage, name: &str, words: &[String]) -> Result<(), String> {
        let mut again = words.to_vec();
        if self.killed == Killed::Whole {
            again.push("--continue".to_owned());
        }
        let outcome = stage.run(&again);
        let state = stage.state(name);
        match outcome.exit {
            0 => Ok(()),
            1 if state.is_former() && self.restores => Ok(()),
            1 if state.is_former() && stage.backends.calls(name).is_empty() => {
                // It was killed before it had begun.
                let whole = stage.run(words);
                if whole.exit == i32::from(self.restores) {
                    Ok(())
                } else {
                    Err(format!("from the beginning: {}", whole.stderr))
                }
            }
            exit => Err(format!("--continue exits {exit}: {}; {state:?}", outcome.stderr)),
        }
    }

    /// What must be there at the end.
    fn check(&self, stage: &Stage, name: &str) -> Result<(), String> {
        let state = stage.state(name);
        let minted = stage.minted(name);
        if minted.len() > 1 {
            return Err(format!("several values for one token: {minted:?}"));
        }
        if self.restores && state.is_former() {
            return Ok(());
        }
        let new = minted.first().cloned().ok_or("no value was made")?;
        let mut accepted = BTreeSet::from([new.clone()]);
        if !self.hooks.contains(&"revoke") {
            accepted.insert(FORMER.to_owned());
        }
        let holds = if self.immutable { FORMER.to_owned() } else { new.clone() };
        if self.immutable && stage.successors(name) != [new] {
            return Err(format!("successors that hold {:?}", stage.successors(name)));
        }
        let expected = State { holds, other: "kept".to_owned(), accepted, companion: false };
        if state == expected { Ok(()) } else { Err(format!("{state:?}, not {expected:?}")) }
    }

    fn try_at(&self, stage: &Stage, point: Point) -> Result<(), String> {
        let (name, words) = self.prepare(stage);
        let earlier = stage.backends.calls(&name).len();
        let at = match point {
            Point::Request(number, act) => Some((number, act, false)),
            Point::Hook(call, place, then) => {
                stage.backends.write(&name, "kill", &format!("{} {place} {then}\n", earlier + call));
                None
            }
        };
        let played = stage.play(&name, &words, at);
        // After the last answer it may end before it is killed.
        let may_end = matches!(point, Point::Request(_, Act::KillAfter));
        if played.exit.is_some() && !may_end {
            return Err(format!("it was not killed: {:?} {}", played.exit, played.stderr));
        }
        if !played.faults.is_empty() {
            return Err(format!("refused: {:?}", played.faults));
        }
        let state = stage.state(&name);
        if !state.accepted.contains(&state.holds) || state.other != "kept" {
            return Err(format!("after the kill: {state:?}"));
        }
        self.proceed(stage, &name, &words)?;
        self.check(stage, &name)?;
        if let Point::Hook(.., "waits") = point {
            // What it still does must not change what the rotation has come to.
            stage.backends.write(&name, "go", "");
            let stray = stage.backends.stray(&name).ok_or("no hook waits")?;
            while runs(stray) {
                thread::yield_now();
            }
            self.check(stage, &name).map_err(|fault| format!("after a hook went on: {fault}"))?;
        }
        Ok(())
    }

    /// All points, as an undisturbed run has them.
    fn points(&self, stage: &Stage) -> Vec<Point> {
        let (name, words) = self.prepare(stage);
        let earlier = stage.backends.calls(&name).len();
        let played = stage.play(&name, &words, None);
        let exit = i32::from(self.restores && self.killed == Killed::Whole);
        assert_eq!(played.exit, Some(exit), "{}: {}", self.label, played.stderr);
        assert!(played.faults.is_empty(), "{}: {:?}", self.label, played.faults);
        self.check(stage, &name).unwrap_or_else(|error| panic!("{}: {error}", self.label));
        let acts = [Act::KillBefore, Act::KillBetween, Act::KillAfter];
        let requests = (1..=played.requests).flat_map(|number| acts.map(|act| Point::Request(number, act)));
        let calls = stage.backends.calls(&name);
        let hooks = calls[earlier..].iter().enumerate().flat_map(|(number, _)| {
            let places = ["begin", "middle", "end"].into_iter();
            places.flat_map(move |place| ["dies", "lives", "waits"].map(|then| Point::Hook(number + 1, place, then)))
        });
        requests.chain(hooks).collect()
    }
}

#[test]
fn a_rotation_that_is_killed_anywhere_goes_on_to_its_end() {
    let stages = [(); 3].map(|()| Stage::new());
    let mut total = 0;
    for scenario in &SCENARIOS {
        // All of them if rounds are asked for, and always of the first.
        let step = if rounds(0) > 0 || scenario.label == PLAIN.label { 1 } else { 3 };
        let points = scenario.points(&stages[0]).into_iter().step_by(step).collect::<Vec<_>>();
        let (next, faults) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        thread::scope(|scope| {
            for stage in &stages {
                scope.spawn(|| {
                    while let Some(point) = points.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if let Err(fault) = scenario.try_at(stage, *point) {
                            faults.lock().expect("no panic").push(format!("{point:?}: {fault}"));
                        }
                    }
                });
            }
        });
        let faults = faults.into_inner().expect("no panic");
        assert!(
            faults.is_empty(),
            "{}: {} of {} points:\n{}",
            scenario.label,
            faults.len(),
            points.len(),
            faults.join("\n")
        );
        println!("{}: killed at {} points", scenario.label, points.len());
        total += points.len();
    }
    println!("killed at {total} points");
}
