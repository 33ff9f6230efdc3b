//! SIGINT and SIGTERM while a hook runs: the hook and all that it started end, the exit status says by which signal, and the
//! line that is printed goes on.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    os::unix::process::ExitStatusExt as _,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

use super::{
    stage::{FORMER, Stage, runs},
    support::{KSECRET, run},
};

/// A hook that tells its number and that of a child, and waits; `deaf` to what asks it to end.
const WAITS: &str = r#"#!/bin/sh
[ "$KSECRET_STEP" = "$WAITS_AT" ] || exec "$HOOK"
[ -z "$DEAF" ] || trap '' TERM
sleep 1000 &
echo "at $$ $!"
wait
exit 0
"#;

/// The numbers in the line of a hook that waits.
fn numbers(line: &str) -> Option<Vec<i32>> {
    let (_, numbers) = line.split_once(": at ")?;
    numbers.split_whitespace().map(|number| number.parse().ok()).collect()
}

/// Interrupts a rotation while its hook of this step waits, and then follows the line that was printed.
fn interrupt(stage: &mut Stage, step: &str, signal: Signal, deaf: &str) {
    let waits = stage.sandbox.root().join("bin/waits").to_string_lossy().into_owned();
    let name = stage.secret();
    stage.sandbox.set_env("WAITS_AT", step);
    stage.sandbox.set_env("DEAF", deaf);
    let mut words = stage.words(&name, &["password=random:24"], &[]);
    words[2] = "--kubeconfig=kubeconfig".to_owned();
    words.extend(["set", "verify", "revoke"].map(|flag| format!("--{flag}={waits}")));
    let mut command = stage.sandbox.command(&words);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut stderr = BufReader::new(child.stderr.take().expect("its stderr"));
    let pids = loop {
        let mut line = String::new();
        assert!(stderr.read_line(&mut line).expect("text") > 0, "{step}: it ended");
        if let Some(pids) = numbers(&line) {
            break pids;
        }
    };
    kill_process(Pid::from_child(&child), signal).expect("a signal");
    let mut told = String::new();
    stderr.read_to_string(&mut told).expect("text");
    let status = child.wait().expect("its end");
    // What was killed is gone a moment later; what was not would run for ever.
    let begun = Instant::now();
    while pids.iter().any(|pid| runs(*pid)) {
        assert!(begun.elapsed() < Duration::from_secs(10), "{step} {deaf}: one of {pids:?} runs");
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(pids.len(), 2, "{step} {deaf}");
    let by = status.signal().or(status.code().map(|code| code - 128));
    assert_eq!(by, Some(signal.as_raw()), "{step}: {told}");
    let state = stage.state(&name);
    assert!(state.accepted.contains(&state.holds) && state.companion, "{step}: {state:?}");
    assert_eq!(state.holds == FORMER, step != "revoke", "{step}: {state:?}");
    stage.sandbox.set_env("WAITS_AT", "");
    let line = told.lines().find_map(|line| line.strip_prefix("hint: ")?.strip_suffix(" goes on")).expect("a line");
    let again = run(stage.sandbox.command_of("sh", &["-c", &line.replacen("ksecret", KSECRET, 1)]), b"");
    assert_eq!(again.exit, 0, "{line}: {}", again.stderr);
    let state = stage.state(&name);
    assert!(!state.companion && state.accepted == stage.minted(&name) && state.accepted.contains(&state.holds));
}

#[test]
fn a_rotation_that_is_interrupted_leaves_no_hook_and_says_how_to_go_on() {
    let mut stage = Stage::new();
    stage.sandbox.script("waits", WAITS);
    let hook = stage.backends.hook().to_owned();
    stage.sandbox.set_env("HOOK", hook);
    for (signal, deaf) in [(Signal::INT, ""), (Signal::TERM, ""), (Signal::INT, "deaf")] {
        for step in ["set", "verify", "revoke"] {
            interrupt(&mut stage, step, signal, deaf);
        }
    }
}
