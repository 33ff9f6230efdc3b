//! What kubectl does beyond the records: shell lines in which `kubectl` is the one under test, and what they print.

use std::{fs, path::Path};

use libtest_mimic::Failed;
use serde::Deserialize;

use crate::support::{Sandbox, run};

/// One entry of `commands.toml`.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub struct Scripted {
    /// Its name.
    pub name: String,
    /// Lines for `sh -e`.
    script: String,
    #[serde(default)]
    exit: i32,
    /// What standard output holds, in this order.
    #[serde(default)]
    stdout: Vec<String>,
    /// What standard error holds, in this order.
    #[serde(default)]
    stderr: Vec<String>,
}

#[derive(Deserialize)]
struct Table {
    command: Vec<Scripted>,
}

/// Every entry of the table.
pub fn commands(file: &Path) -> Vec<Scripted> {
    let text = fs::read_to_string(file).expect("commands.toml");
    toml::from_str::<Table>(&text).expect("commands.toml is well-formed").command
}

impl Scripted {
    /// Plays it with this kubectl on a fresh server.
    ///
    /// # Errors
    /// What is not as it should be.
    pub fn play(&self, program: &str) -> Result<(), Failed> {
        let mut sandbox = Sandbox::with_server();
        let bin = sandbox.script("kubectl", &format!("#!/bin/sh\nexec {program} \"$@\"\n"));
        let dir = Path::new(&bin).parent().expect("its directory").to_string_lossy().into_owned();
        sandbox.set_env("PATH", format!("{dir}:{}", std::env::var("PATH").unwrap_or_default()));
        sandbox.set_env("NS", sandbox.namespace.clone());
        // A command that never ends must not keep the tests from ending.
        let outcome = run(sandbox.command_of("timeout", &["60", "sh", "-ec", &self.script]), b"");
        if outcome.exit == self.exit
            && in_order(&self.stdout, &outcome.stdout)
            && in_order(&self.stderr, &outcome.stderr)
        {
            return Ok(());
        }
        Err(format!(
            "exit {} ({} is right)\nstdout must hold {:?}\n{}\nstderr must hold {:?}\n{}",
            outcome.exit, self.exit, self.stdout, outcome.stdout, self.stderr, outcome.stderr
        )
        .into())
    }
}

fn in_order(wanted: &[String], text: &str) -> bool {
    let mut rest = text;
    wanted.iter().all(|fragment| match rest.find(fragment.as_str()) {
        Some(at) => {
            rest = &rest[at + fragment.len()..];
            true
        }
        None => false,
    })
}
