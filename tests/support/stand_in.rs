//! A stand-in for kubectl: a script that writes down how it was called, and answers as it is told.

use std::fs;

use super::{Outcome, Sandbox, run};

/// Writes one call: its arguments, each on a line of its own behind `> `, and what it read from a pipe.
const SCRIPT: &str = r#"#!/bin/sh
log=__ROOT__/calls
{
  echo 'call'
  for word; do printf '> %s\n' "$word"; done
  case " $* " in *' -f - '* | *' -f- '* | *' --filename=- '*) sed 's/^/< /' ;; esac
} >> "$log"
env | grep -v '^_=' | sort > __ROOT__/env
__ANSWER__
"#;

/// A sandbox with a stand-in that a fallback can name.
pub struct StandIn {
    pub sandbox: Sandbox,
    /// The path of the stand-in.
    pub path: String,
}

impl StandIn {
    /// Puts a stand-in that ends with these lines of shell beside the sandbox, as the fallback.
    pub fn new(mut sandbox: Sandbox, answer: &str) -> Self {
        let root = sandbox.root().to_string_lossy().into_owned();
        let script = SCRIPT.replace("__ROOT__", &root).replace("__ANSWER__", answer);
        let path = sandbox.script("stand-in", &script);
        sandbox.set_env("KSECRET_FALLBACK", path.as_str());
        Self { sandbox, path }
    }

    /// Runs a command line of words that have no spaces.
    pub fn run(&self, line: &str) -> Outcome {
        self.run_with(line, "")
    }

    /// The same, with this standard input.
    pub fn run_with(&self, line: &str, stdin: &str) -> Outcome {
        run(self.sandbox.command(&words(line)), stdin.as_bytes())
    }

    /// What the stand-in was asked since the last time: one line a call.
    pub fn calls(&self) -> Vec<String> {
        Self::calls_of(&self.log())
    }

    /// What it wrote down since the last time.
    pub fn log(&self) -> String {
        let file = self.sandbox.root().join("calls");
        let log = fs::read_to_string(&file).unwrap_or_default();
        let _ = fs::remove_file(&file);
        log
    }

    /// The calls in a log.
    pub fn calls_of(log: &str) -> Vec<String> {
        log.split("call\n").skip(1).map(line_of).collect()
    }

    /// What came by pipes in a log.
    pub fn read_of(log: &str) -> String {
        log.lines().filter_map(|line| line.strip_prefix("< ")).map(|line| format!("{line}\n")).collect()
    }
}

/// The words between spaces.
pub fn words(line: &str) -> Vec<&str> {
    line.split(' ').filter(|word| !word.is_empty()).collect()
}

fn line_of(call: &str) -> String {
    call.lines().filter_map(|line| line.strip_prefix("> ")).collect::<Vec<_>>().join(" ")
}
