//! Each request of a rotation answered otherwise: refused, failed before and after its effect, or not answered at all. It
//! ends in the state that was asked for or in the former one, its exit status says in which, and only where that is open is
//! the companion left.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use super::{
    proxy::Act,
    stage::{FORMER, Stage},
    support::rounds,
};

const WORDS: [&str; 2] = ["password=random:24", "--rotation-token=t1"];
const HOOKS: [&str; 3] = ["set", "verify", "revoke"];
/// What is done once.
const ONCE: [Act; 8] = [
    Act::Refuse(409),
    Act::Refuse(429),
    Act::Refuse(500),
    Act::Refuse(503),
    Act::Deny(500),
    Act::Deny(503),
    Act::ResetBefore,
    Act::ResetAfter,
];

/// Rotates a Secret, with this fault; the exit status.
fn try_with(stage: &Stage, at: (usize, Act, bool)) -> Result<i32, String> {
    let name = stage.secret();
    let words = stage.words(&name, &WORDS, &HOOKS);
    let played = stage.play(&name, &words, Some(at));
    if !played.faults.is_empty() {
        return Err(format!("refused: {:?}", played.faults));
    }
    let exit = played.exit.ok_or("a signal ended it")?;
    let state = stage.state(&name);
    let told = || format!("exit {exit}, {state:?}: {}", played.stderr);
    if !state.accepted.contains(&state.holds) || state.other != "kept" {
        return Err(told());
    }
    let minted = stage.minted(&name);
    let is_new = minted.len() == 1 && state.accepted == minted && minted.contains(&state.holds) && !state.companion;
    match exit {
        0 if is_new => return Ok(exit),
        1 | 4 if state.is_former() => return Ok(exit),
        3 if state.companion => {}
        // Its deletion was not answered, and it could not be looked up.
        3 if at.2 && is_new => {}
        // Its creation was not answered, and it could not be looked up.
        1 if at.2 && state.companion && state.holds == FORMER => {}
        _ => return Err(told()),
    }
    let again = stage.run(&[&words[..], &["--continue".to_owned()]].concat());
    let state = stage.state(&name);
    let minted = stage.minted(&name);
    match again.exit == 0 && state.accepted == BTreeSet::from([state.holds.clone()]) && state.accepted == minted {
        true if !state.companion => Ok(exit),
        _ => Err(format!("{}\n--continue exits {}: {state:?}: {}", told(), again.exit, again.stderr)),
    }
}

fn try_all(stages: &[Stage], all: &[(usize, Act, bool)]) -> Vec<usize> {
    let (next, faults, exits) = (AtomicUsize::new(0), Mutex::new(Vec::new()), Mutex::new(vec![0; 5]));
    thread::scope(|scope| {
        for stage in stages {
            scope.spawn(|| {
                while let Some(at) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match try_with(stage, *at) {
                        Ok(exit) => exits.lock().expect("no panic")[exit.unsigned_abs() as usize] += 1,
                        Err(fault) => faults.lock().expect("no panic").push(format!("{at:?}: {fault}")),
                    }
                }
            });
        }
    });
    let faults = faults.into_inner().expect("no panic");
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), all.len(), faults.join("\n"));
    exits.into_inner().expect("no panic")
}

#[test]
fn a_rotation_whose_requests_are_answered_otherwise_says_where_it_is() {
    let stages = [(); 4].map(|()| Stage::new());
    let name = stages[0].secret();
    let undisturbed = stages[0].play(&name, &stages[0].words(&name, &WORDS, &HOOKS), None);
    assert_eq!(undisturbed.exit, Some(0), "{}", undisturbed.stderr);
    let requests = undisturbed.requests;
    let once = (1..=requests).flat_map(|number| ONCE.map(|act| (number, act, false))).collect::<Vec<_>>();
    let exits = try_all(&stages, &once);
    println!("{} faults in {requests} requests, each once: exit statuses 0 to 4: {exits:?}", once.len());
    // The server is gone from then on.
    let step = if rounds(0) > 0 { 1 } else { 5 };
    let for_good = (1..=requests)
        .step_by(step)
        .flat_map(|number| [Act::ResetBefore, Act::ResetAfter, Act::Deny(500)].map(|act| (number, act, true)));
    let for_good = for_good.collect::<Vec<_>>();
    let exits = try_all(&stages, &for_good);
    println!("{} faults that last: exit statuses 0 to 4: {exits:?}", for_good.len());
}
