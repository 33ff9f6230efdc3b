//! Mounts of a test's own, in a namespace that no other process is in.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use super::support::{
    Sandbox,
    require::{Need, Required},
};

/// A process that keeps the mounts; they are gone with it.
pub struct Mounts {
    holder: Child,
    /// What enters its namespaces.
    enter: &'static [&'static str],
}

impl Mounts {
    /// Mounts what `script`, of a shell, mounts. `None` if neither this user nor the root of a user namespace may do that,
    /// which is a failure if `KSECRET_REQUIRE` names it.
    pub fn new(sandbox: &Sandbox, script: &str) -> Option<Self> {
        let script = format!("{script} && echo mounted && exec cat");
        let ways = [(&["-m"][..], &["-m"][..]), (&["-U", "-r", "-m"], &["-U", "-m", "--preserve-credentials"])];
        for (flags, enter) in ways {
            let mut command = sandbox.command_of("unshare", &[flags, &["sh", "-c", &script]].concat());
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
            let Ok(mut holder) = command.spawn() else { continue };
            let mut line = String::new();
            let read = BufReader::new(holder.stdout.take().expect("its stdout")).read_line(&mut line);
            if read.is_ok() && line == "mounted\n" {
                return Some(Self { holder, enter });
            }
            holder.wait().expect("its end");
        }
        let required = Required::of_environment().expect("needs").wants(Need::Mount).is_some();
        assert!(!required, "KSECRET_REQUIRE=mount: neither unshare -m nor unshare -U -r -m can mount");
        None
    }

    /// A program that sees the mounts, in the sandbox's working directory; not started.
    pub fn command(&self, sandbox: &Sandbox, words: &[&str]) -> Command {
        let (id, cwd) = (self.holder.id().to_string(), sandbox.cwd());
        let start = ["sh", "-c", r#"cd "$0" && exec "$@""#, cwd.to_str().expect("a path")];
        sandbox.command_of("nsenter", &[&["-t", &id], self.enter, &start, words].concat())
    }
}

impl Drop for Mounts {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}
