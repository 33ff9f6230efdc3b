//! Runs a program that the user has, without a shell and without a file in between.

use std::{
    io::{self, Write as _},
    process::{Command, ExitStatus, Stdio},
    thread,
};

use go::errno;
use guard::bounded;

use crate::{context::Env, secret::Value};

/// What a program did.
pub struct Ran {
    /// What it wrote to standard output.
    pub output: Value,
    /// How it ended.
    pub status: ExitStatus,
}

/// Runs a program to its end; its standard error is passed through. `most` bytes of output are read.
///
/// # Errors
/// It could not be run: why.
pub fn run(program: &str, args: &[&str], input: &[u8], most: usize, env: &Env) -> Result<Ran, String> {
    let text = |error: io::Error| errno::text(&error);
    let mut command = Command::new(program);
    command.args(args).env_clear().envs(env.vars()).current_dir(env.cwd());
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = child.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "the program is not on PATH".to_owned(),
        _ => text(error),
    })?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let mut bytes = Vec::new();
    let read = thread::scope(|scope| {
        // Why a thread: a program may answer before it has read all.
        scope.spawn(move || {
            // One that does not read what it is given fails by what it answers.
            stdin.map(|mut stdin| stdin.write_all(input))
        });
        stdout.map_or(Ok(()), |output| bounded::read(output, 0, most, &mut bytes))
    });
    let output = Value::new(bytes);
    if read.is_err() || output.len() > most {
        // Why: it may write without end.
        let _ = child.kill();
    }
    let status = child.wait().map_err(text)?;
    read.map_err(text)?;
    if output.len() > most { Err("it writes too much".to_owned()) } else { Ok(Ran { output, status }) }
}
