//! Runs a program of the user's, without a shell and without temporary files.

use std::{
    io::{self, Write as _},
    process::{Command, ExitStatus, Stdio},
    thread,
};

use go::errno;
use guard::bounded;

use crate::{context::Env, secret::Value};

/// The result of a program.
pub struct Ran {
    /// Its standard output.
    pub output: Value,
    /// Its exit status.
    pub status: ExitStatus,
}

/// Runs a program to its end. Its standard error is passed through. At most `most` bytes of its output are read.
///
/// # Errors
/// Why it could not be run, or that it wrote more.
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
        // Why a thread: a program may write output before it has read all input, and a full pipe would block both.
        scope.spawn(move || {
            // An error of writing is ignored: the output of a program that did not read its input is judged instead.
            stdin.map(|mut stdin| stdin.write_all(input))
        });
        stdout.map_or(Ok(()), |output| bounded::read(output, 0, most, &mut bytes))
    });
    let output = Value::new(bytes);
    if read.is_err() || output.len() > most {
        // Why: a program that writes without end would never exit by itself.
        let _ = child.kill();
    }
    let status = child.wait().map_err(text)?;
    read.map_err(text)?;
    if output.len() > most { Err("it writes too much".to_owned()) } else { Ok(Ran { output, status }) }
}
