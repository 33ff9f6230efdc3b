//! Many processes that rotate one Secret at once.

use std::{
    collections::BTreeSet,
    process::{Child, Stdio},
    thread,
    time::Duration,
};

use super::stage::{FORMER, Stage};

const CROWD: usize = 50;
const HOOKS: [&str; 3] = ["set", "verify", "revoke"];

/// Starts them all, straight at the server. The hook of the first waits for [`go`].
fn start(stage: &Stage, name: &str, token: impl Fn(usize) -> String) -> Vec<Child> {
    stage.backends.write(name, "holds", "");
    let spawn = |number: usize| {
        let token = format!("--rotation-token={}", token(number));
        let mut words = stage.words(name, &["password=random:24", &token], &HOOKS);
        words[2] = "--kubeconfig=kubeconfig".to_owned();
        let mut command = stage.sandbox.command(&words);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts")
    };
    (0..CROWD).map(spawn).collect()
}

fn go(stage: &Stage, name: &str) {
    stage.backends.write(name, "go", "");
}

/// Exit status and standard error.
fn end(child: Child) -> (i32, String) {
    let output = child.wait_with_output().expect("its end");
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// What the calls of `set` were given, and how many there were.
fn set(stage: &Stage, name: &str) -> (BTreeSet<String>, usize) {
    (stage.minted(name), stage.backends.calls(name).iter().filter(|call| call.step == "set").count())
}

#[test]
fn of_many_tokens_one_wins() {
    let stage = Stage::new();
    let name = stage.secret();
    let mut crowd = start(&stage, &name, |number| format!("t{number}"));
    // All but one end while the hook of that one waits.
    let mut ends = Vec::new();
    while crowd.len() > 1 {
        let ended = crowd.iter_mut().position(|child| child.try_wait().expect("its state").is_some());
        match ended {
            Some(ended) => ends.push(end(crowd.swap_remove(ended))),
            None => thread::sleep(Duration::from_millis(5)),
        }
    }
    for (exit, stderr) in &ends {
        assert_eq!(*exit, 4, "{stderr}");
        assert!(stderr.contains("a rotation is under way, begun at 20"), "{stderr}");
    }
    assert_eq!(stage.state(&name).accepted, BTreeSet::from([FORMER.to_owned()]));
    go(&stage, &name);
    let winner = end(crowd.remove(0));
    assert_eq!(winner.0, 0, "{}", winner.1);
    let (minted, calls) = set(&stage, &name);
    let state = stage.state(&name);
    assert_eq!((calls, &state.accepted, state.companion), (1, &minted, false));
    assert_eq!(minted, BTreeSet::from([state.holds]));
    println!("{CROWD} processes with a token each: one won");
}

#[test]
fn of_one_token_all_end_with_one_value() {
    let stage = Stage::new();
    let name = stage.secret();
    let crowd = start(&stage, &name, |_| "t1".to_owned());
    go(&stage, &name);
    for child in crowd {
        let (exit, stderr) = end(child);
        assert_eq!(exit, 0, "{stderr}");
    }
    let (minted, calls) = set(&stage, &name);
    let state = stage.state(&name);
    assert_eq!((calls, &state.accepted, state.companion), (1, &minted, false));
    assert_eq!(minted, BTreeSet::from([state.holds]));
    println!("{CROWD} processes with one token: all done, one value");
}
