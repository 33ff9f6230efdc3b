//! A suite: tests of one kind, and what is said of them at the end.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use libtest_mimic::{Arguments, Failed, Trial};

use super::require::Need;

/// Tests of one kind.
pub struct Suite {
    name: &'static str,
    trials: Vec<Trial>,
    passed: Arc<AtomicUsize>,
    ran: Arc<AtomicUsize>,
    not_run: Vec<NotRun>,
    report: Box<dyn FnOnce() -> String>,
}

/// Tests that are not run because nothing requires what they need.
struct NotRun {
    count: usize,
    need: Need,
}

impl Suite {
    /// A suite without tests.
    pub fn new(name: &'static str) -> Self {
        let count = || Arc::new(AtomicUsize::new(0));
        Self {
            name,
            trials: Vec::new(),
            passed: count(),
            ran: count(),
            not_run: Vec::new(),
            report: Box::new(String::new),
        }
    }

    /// Adds a test; `name` follows the suite's own.
    pub fn test(&mut self, name: &str, test: impl FnOnce() -> Result<(), Failed> + Send + 'static) {
        let (passed, ran) = (Arc::clone(&self.passed), Arc::clone(&self.ran));
        self.trials.push(Trial::test(format!("{}/{name}", self.name), move || {
            ran.fetch_add(1, Ordering::Relaxed);
            test()?;
            passed.fetch_add(1, Ordering::Relaxed);
            Ok(())
        }));
    }

    /// Leaves out `count` tests for want of a need that nothing requires.
    pub fn not_run(&mut self, count: usize, need: Need) {
        self.not_run.push(NotRun { count, need });
    }

    /// Sets what is said of the suite at the end, beside its counts.
    pub fn report(&mut self, report: impl FnOnce() -> String + 'static) {
        self.report = Box::new(report);
    }
}

/// Runs the suites and says what was run and what was not.
pub fn run(arguments: &Arguments, suites: Vec<Suite>) -> ExitCode {
    let mut trials = Vec::new();
    let mut ends = Vec::new();
    let mut not_run = Vec::new();
    for suite in suites {
        trials.extend(suite.trials);
        ends.push((suite.name, suite.passed, suite.ran, suite.report));
        not_run.extend(suite.not_run.into_iter().map(|left_out| (suite.name, left_out)));
    }
    let listing = arguments.list;
    let conclusion = libtest_mimic::run(arguments, trials);
    if listing {
        return conclusion.exit_code();
    }
    let mut total = (0, 0);
    for (name, passed, ran, report) in ends {
        let (passed, ran) = (passed.load(Ordering::Relaxed), ran.load(Ordering::Relaxed));
        total = (total.0 + passed, total.1 + ran);
        if ran > 0 {
            println!("{name:>12}: {passed} of {ran} passed; {}", report());
        }
    }
    println!(
        "         all: {} of {} passed, {} ignored, {} filtered out",
        total.0, total.1, conclusion.num_ignored, conclusion.num_filtered_out
    );
    if !not_run.is_empty() {
        println!("{}", left_out(&not_run));
    }
    conclusion.exit_code()
}

/// One line: what was not run, and how to run it.
fn left_out(not_run: &[(&'static str, NotRun)]) -> String {
    let mut suites: BTreeMap<&str, (usize, BTreeSet<&str>)> = BTreeMap::new();
    let mut words = BTreeSet::new();
    for (suite, NotRun { count, need }) in not_run {
        let entry = suites.entry(suite).or_default();
        entry.0 += count;
        entry.1.insert(need.word());
        words.insert(need.word());
    }
    let joined = |words: &BTreeSet<&str>| words.iter().copied().collect::<Vec<_>>().join(",");
    let parts: Vec<String> =
        suites.iter().map(|(suite, (count, words))| format!("{count} of {suite} ({})", joined(words))).collect();
    format!(
        "     NOT RUN: {} tests: {}\n      to run: KSECRET_REQUIRE={} cargo test --test suites",
        not_run.iter().map(|(_, left_out)| left_out.count).sum::<usize>(),
        parts.join(", "),
        joined(&words)
    )
}
