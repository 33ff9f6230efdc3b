//! Each request of a rotation answered otherwise: refused, failed before and after its effect, or not answered at all. It
//! ends in the state that was asked for or in the former one, its exit status says in which, and only where that is open is
//! the companion left.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use super::{
    proxy::Act,
    scenarios::{PLAIN, SCENARIOS, Scenario},
    stage::{FORMER, Stage},
    support::rounds,
};

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
/// What is done from a request on, as if the server were gone.
const FOR_GOOD: [Act; 3] = [Act::ResetBefore, Act::ResetAfter, Act::Deny(500)];

type Fault = (usize, Act, bool);

impl Scenario {
    /// Plays it with this fault; the exit status.
    fn try_with(&self, stage: &Stage, at: Fault) -> Result<i32, String> {
        let (name, words) = self.prepare(stage);
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
        match exit {
            0 => return self.check(stage, &name).map(|()| exit).map_err(|fault| format!("{fault}: {}", told())),
            1 | 4 if state.is_former() => return Ok(exit),
            // The rotation that it was to end is as it was.
            1 | 4 if !self.is_whole() && state.companion => {}
            3 if state.companion => {}
            // Its deletion was not answered, and it could not be looked up.
            3 if at.2 && self.check(stage, &name).is_ok() => {}
            // Its creation was not answered, and it could not be looked up.
            1 if at.2 && state.companion && state.holds == FORMER => {}
            _ => return Err(told()),
        }
        let end = self.proceed(stage, &name, &words).and_then(|()| self.check(stage, &name));
        end.map(|()| exit).map_err(|fault| format!("{}\nthen {fault}", told()))
    }

    fn try_all(&self, stages: &[Stage], all: &[Fault]) -> Vec<usize> {
        let (next, faults, exits) = (AtomicUsize::new(0), Mutex::new(Vec::new()), Mutex::new(vec![0; 5]));
        thread::scope(|scope| {
            for stage in stages {
                scope.spawn(|| {
                    while let Some(at) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                        match self.try_with(stage, *at) {
                            Ok(exit) => exits.lock().expect("no panic")[exit.unsigned_abs() as usize] += 1,
                            Err(fault) => faults.lock().expect("no panic").push(format!("{at:?}: {fault}")),
                        }
                    }
                });
            }
        });
        let faults = faults.into_inner().expect("no panic");
        assert!(faults.is_empty(), "{}: {} of {}:\n{}", self.label, faults.len(), all.len(), faults.join("\n"));
        exits.into_inner().expect("no panic")
    }
}

#[test]
fn a_rotation_whose_requests_are_answered_otherwise_says_where_it_is() {
    // So many, because a fault that lasts takes long and does nothing meanwhile.
    let stages = [(); 9].map(|()| Stage::new());
    let all = rounds(0) > 0;
    for scenario in &SCENARIOS {
        let (name, words) = scenario.prepare(&stages[0]);
        let requests = stages[0].play(&name, &words, None).requests;
        // All of them if rounds are asked for; else some, more of the first. Why odd steps: a request has
        // eight acts, and each of them is met somewhere.
        let is_first = scenario.label == PLAIN.label;
        let step = match (all, is_first) {
            (true, _) => 1,
            (false, true) => 13,
            (false, false) => 41,
        };
        let once = (1..=requests).flat_map(|number| ONCE.map(|act| (number, act, false))).step_by(step);
        let once = once.collect::<Vec<_>>();
        let exits = scenario.try_all(&stages, &once);
        println!("{}: {} faults once: exit statuses 0 to 4: {exits:?}", scenario.label, once.len());
        if !all && !is_first {
            continue;
        }
        // Each waits until it is sure that nothing answers.
        let step = if is_first && all { 1 } else { 10 };
        let for_good = (1..=requests).step_by(step).flat_map(|number| FOR_GOOD.map(|act| (number, act, true)));
        let for_good = for_good.collect::<Vec<_>>();
        let exits = scenario.try_all(&stages, &for_good);
        println!("{}: {} faults that last: exit statuses 0 to 4: {exits:?}", scenario.label, for_good.len());
    }
}
