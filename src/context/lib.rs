//! The surroundings of the process, gathered once and passed in: environment, working directory, standard streams, clock.
//!
//! Invariant: only this module asks whether a stream is a terminal, and only it writes to the standard streams, so that
//! a command is a function of its arguments and its `Context`.

pub mod color;
mod stdout;

use std::{
    ffi::OsStr,
    io::{self, IsTerminal as _, Read, Write},
    sync::{Arc, Mutex, PoisonError},
};

use error::{Error, Result};
use secret::{Object, sanitize};

pub use environment::{Env, InUse, Terminals, files};
pub use stdout::{Out, Stdout};

/// What a command uses of the world besides its arguments.
pub struct Context {
    /// Environment variables and working directory.
    pub env: Env,
    /// The name by which the program was called (`ksecret`), for messages.
    pub program: String,
    /// Which streams are terminals.
    pub terminals: Terminals,
    /// Standard input.
    pub stdin: Box<dyn Read + Send>,
    /// Whether manifests are read from standard input.
    pub stdin_in_use: InUse,
    /// Standard output, for data.
    pub stdout: Stdout,
    /// Standard error, for messages.
    pub stderr: Box<dyn Write + Send>,
    /// Whether [`Context::draw`] draws: standard error is a terminal that can erase a line, and no log is written to it.
    pub draws: bool,
    /// Whether standard output may be coloured.
    pub color: bool,
    /// Whether messages may be coloured.
    pub color_messages: bool,
    /// The number of warnings of servers that were printed, for `--warnings-as-errors`.
    pub warnings: usize,
    /// The part of the command that a fallback program does.
    pub foreign: Option<Box<dyn Foreign>>,
}

/// Builds the kustomization of a directory and returns its YAML. The error that is passed in says which part this program
/// cannot build.
pub type Build = Box<dyn FnMut(&OsStr, Error) -> Result<Vec<u8>>>;

/// The part of a command that a fallback program does, because it is about kinds that this program does not have.
pub trait Foreign: Send {
    /// Returns the collection of documents of other kinds, or `None` if they are refused.
    fn documents(&mut self) -> Option<&mut Vec<Object>>;
    /// Returns `true` if there is such a part.
    fn is_there(&self) -> bool;
    /// Returns `true` if its output precedes this program's.
    fn is_first(&self) -> bool;
    /// Runs the fallback program, if it has not run, and prints its output.
    fn print(&mut self, ctx: &mut Context);
    /// Runs the fallback program, if it has not run, and returns the objects that it would print.
    ///
    /// # Errors
    /// If its output cannot be read.
    fn objects(&mut self, ctx: &mut Context) -> Result<Vec<Object>>;
    /// Returns the function that builds a kustomization with objects of other kinds.
    fn kustomize(&self, ctx: &Context) -> Build;
    /// Returns the result of the fallback program; `None` if it has not run.
    fn outcome(&mut self) -> Option<Result<()>>;
}

impl Context {
    /// Returns the context of the process. Standard output is buffered; `main` flushes it.
    pub fn of_process(program: String) -> Self {
        let env = Env::of_process();
        let terminals = Terminals {
            stdin: rustix::stdio::stdin().is_terminal(),
            stdout: io::stdout().is_terminal(),
            stderr: io::stderr().is_terminal(),
        };
        let wants_color = wants_color(&env);
        let draws = terminals.stderr && !matches!(env.non_empty("TERM"), None | Some("dumb"));
        Self {
            env,
            program,
            terminals,
            stdin: unbuffered_stdin(),
            stdin_in_use: InUse::default(),
            stdout: Stdout::new(io::BufWriter::with_capacity(64 * 1024, io::stdout()), terminals.stdout),
            stderr: Box::new(io::stderr()),
            draws,
            color: wants_color && terminals.stdout,
            color_messages: wants_color && terminals.stderr,
            warnings: 0,
            foreign: None,
        }
    }

    /// Prints a line to standard error, with a newline, and sanitized for a terminal. Ignores a reader that has closed
    /// the pipe.
    pub fn say(&mut self, line: impl std::fmt::Display) {
        self.erase();
        let _ = self.flush_stdout();
        let line = line.to_string();
        let mut line = if self.terminals.stderr { sanitize::text(&line) } else { line.as_str().into() };
        if self.color_messages {
            line = color::message(&line).into();
        }
        // In one write, so that the lines of several processes stay apart.
        let _ = self.stderr.write_all(format!("{line}\n").as_bytes());
    }

    /// Draws one line of ASCII text on standard error in the place of the one drawn before. It stays until something is
    /// printed to either stream of the terminal, or [`Context::erase`] is called.
    pub fn draw(&mut self, line: &str) {
        // Why: a template may leave the cursor behind its text, which a line drawn there would hide.
        if !self.draws || self.flush_stdout().is_err() || !self.stdout.is_at_line_start() {
            return;
        }
        // In one write: a line that is erased and drawn in two would flicker.
        let _ = self.stderr.write_all(format!("\r{line}\x1b[K").as_bytes());
        self.stdout.set_line_drawn();
    }

    /// Erases the line that was drawn, if there is one.
    pub fn erase(&mut self) {
        if self.stdout.take_line_drawn() {
            let _ = self.stderr.write_all(stdout::ERASE);
        }
    }

    /// Returns whether a line is drawn.
    pub fn is_drawn(&self) -> bool {
        self.stdout.is_line_drawn()
    }

    /// Returns a second handle on standard error, for a log that is written while the context is borrowed.
    pub fn share_stderr(&mut self) -> impl Write + Send + use<> {
        self.draws = false;
        let own = std::mem::replace(&mut self.stderr, Box::new(io::sink()));
        let shared = Shared(Arc::new(Mutex::new(own)));
        self.stderr = Box::new(shared.clone());
        shared
    }

    /// Flushes standard output.
    pub fn flush_stdout(&mut self) -> io::Result<()> {
        self.stdout.flush()
    }

    /// Writes text with this program's own colours to standard output. Invariant: all else in it is sanitized already.
    ///
    /// # Errors
    /// [`output_error`]'s.
    pub fn put_styled(&mut self, text: &str) -> Result<()> {
        self.stdout.styled().write_all(text.as_bytes()).map_err(output_error)
    }

    /// Writes data to standard output.
    ///
    /// # Errors
    /// [`output_error`]'s.
    pub fn put(&mut self, data: impl AsRef<[u8]>) -> Result<()> {
        self.stdout.write_all(data.as_ref()).map_err(output_error)
    }
}

/// Returns whether the environment lets a terminal be coloured (<https://no-color.org>, <https://bixense.com/clicolors>).
fn wants_color(env: &Env) -> bool {
    env.non_empty("NO_COLOR").is_none() && env.var("CLICOLOR") != Some("0") && env.var("TERM") != Some("dumb")
}

/// Returns standard input without a buffer. Why: what this command does not read must be left for the next command of a
/// script.
fn unbuffered_stdin() -> Box<dyn Read + Send> {
    match rustix::stdio::stdin().try_clone_to_owned() {
        Ok(fd) => Box::new(std::fs::File::from(fd)),
        // Standard input is closed.
        Err(_) => Box::new(io::empty()),
    }
}

/// A writer that can be cloned.
#[derive(Clone)]
struct Shared(Arc<Mutex<Box<dyn Write + Send>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).flush()
    }
}

/// Converts a failed write to standard output: to a silent error if the reader has closed the pipe (`| head`).
pub fn output_error(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Error::silent(0),
        _ => Error::system("cannot write to standard output", &error),
    }
}
