//! Kinds of rotations, and what each must come to.

use std::{collections::BTreeSet, thread, time::Duration};

use super::stage::{FORMER, Stage, State};

/// A kind of rotation.
pub struct Scenario {
    pub label: &'static str,
    /// What is asked for, beside the name and the hooks.
    pub words: &'static [&'static str],
    pub hooks: &'static [&'static str],
    /// The step that fails.
    pub fails: &'static str,
    /// What is killed.
    pub killed: Killed,
    /// Whether the Secret is immutable.
    pub immutable: bool,
    /// Whether it ends in the former state, or in the new one if it goes on where the backend accepts that already.
    pub restores: bool,
}

/// Which part of a rotation is killed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Killed {
    /// All of it.
    Whole,
    /// The end of its overlap.
    Finish,
    /// Its end after it failed.
    Abort,
    /// All of it, and then it is given up.
    WholeThenAbort,
}

const TOKEN: &str = "--rotation-token=t1";
pub const PLAIN: Scenario = Scenario {
    label: "set, verify, revoke",
    words: &["password=random:24", TOKEN],
    hooks: &["set", "verify", "revoke"],
    fails: "",
    killed: Killed::Whole,
    immutable: false,
    restores: false,
};
pub const SCENARIOS: [Scenario; 7] = [
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
    Scenario {
        label: "one that is interrupted is given up",
        hooks: &["set", "verify", "undo"],
        killed: Killed::WholeThenAbort,
        ..PLAIN
    },
    Scenario { label: "an immutable Secret gets a successor", hooks: &["set", "verify"], immutable: true, ..PLAIN },
];

impl Scenario {
    /// Whether a rotation is killed from its begin.
    pub fn is_whole(&self) -> bool {
        matches!(self.killed, Killed::Whole | Killed::WholeThenAbort)
    }

    /// Makes a Secret that is about to be rotated; its name, and the words of the command that is killed.
    pub fn prepare(&self, stage: &Stage) -> (String, Vec<String>) {
        let name = stage.secret();
        if !self.fails.is_empty() {
            stage.backends.write(&name, "fails", self.fails);
        }
        if self.immutable {
            stage.freeze(&name);
        }
        let words = stage.words(&name, self.words, self.hooks);
        if self.is_whole() {
            return (name, words);
        }
        let begun = stage.run(&words);
        assert_eq!(stage.state(&name).accepted.len(), 2, "both are accepted: {}", begun.stderr);
        match self.killed {
            Killed::Whole | Killed::WholeThenAbort | Killed::Finish => {
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
    pub fn proceed(&self, stage: &Stage, name: &str, words: &[String]) -> Result<(), String> {
        if self.killed == Killed::WholeThenAbort {
            let words = stage.words(name, &["--abort", TOKEN], self.hooks);
            let outcome = stage.run(&words);
            let state = stage.state(name);
            match outcome.exit {
                0 | 1 if state.is_former() => return Ok(()),
                // Too late: it goes on, or has ended.
                1 | 3 if state.holds != FORMER => {}
                exit => return Err(format!("--abort exits {exit}: {}; {state:?}", outcome.stderr)),
            }
        }
        let mut again = words.to_vec();
        if self.is_whole() {
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
    pub fn check(&self, stage: &Stage, name: &str) -> Result<(), String> {
        let state = stage.state(name);
        let minted = stage.minted(name);
        if minted.len() > 1 {
            return Err(format!("several values for one token: {minted:?}"));
        }
        if (self.restores || self.killed == Killed::WholeThenAbort) && state.is_former() {
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
}
