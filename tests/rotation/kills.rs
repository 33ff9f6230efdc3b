//! SIGKILL at every point of a rotation: before each request, between request and answer, after each answer, and at the
//! begin, in the middle and at the end of each hook. Then the same command line goes on.

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
    stage::{Stage, runs},
    support::rounds,
};

/// Where the program is killed.
#[derive(Clone, Copy, Debug)]
enum Point {
    Request(usize, Act),
    /// The call of a hook, the place in it, and what the hook does then.
    Hook(usize, &'static str, &'static str),
}

impl Scenario {
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
        let exit = i32::from(self.restores && self.is_whole());
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
        // All of them if rounds are asked for; else some, more of the first. Why no multiples of three: a
        // request has three points and a hook nine, and each of them is met somewhere.
        let step = match (rounds(0) > 0, scenario.label == PLAIN.label) {
            (true, _) => 1,
            (false, true) => 7,
            (false, false) => 25,
        };
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
