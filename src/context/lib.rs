//! The surroundings of the process, gathered once and passed in: environment, working directory, standard streams, clock.
//!
//! Nothing else in the crate asks whether a stream is a terminal, or writes to a standard stream by itself; so that a
//! command is a function of its arguments and its `Context`.

mod stdout;

use std::{
    ffi::OsStr,
    io::{self, IsTerminal as _, Read, Write},
    os::fd::AsFd as _,
    sync::{Arc, Mutex, PoisonError},
};

use error::{Error, Result};
use secret::{Object, sanitize};

pub use environment::{Env, InUse, Terminals, files};
pub use stdout::{Out, Stdout};

/// What a command may touch of the world outside its arguments.
pub struct Context {
    /// Environment variables and working directory.
    pub env: Env,
    /// The name that the program was called by (`ksecret`), for messages that name it.
    pub program: String,
    /// Which streams are terminals.
    pub terminals: Terminals,
    /// Standard input.
    pub stdin: Box<dyn Read + Send>,
    /// Whether manifests come from standard input.
    pub stdin_in_use: InUse,
    /// Standard output: data.
    pub stdout: Stdout,
    /// Standard error: everything said to a person.
    pub stderr: Box<dyn Write + Send>,
    /// Whether standard output may be coloured.
    pub color: bool,
    /// How many warnings of the server were said, for `--warnings-as-errors`.
    pub warnings: usize,
    /// The part of the command that another program does.
    pub foreign: Option<Box<dyn Foreign>>,
}

/// Returns what the kustomization of a directory builds, as YAML. The error says what of it is not ours.
pub type Build = Box<dyn FnMut(&OsStr, Error) -> Result<Vec<u8>>>;

/// The part of a command that another program does.
pub trait Foreign: Send {
    /// Returns where documents of other kinds go, which are refused otherwise.
    fn documents(&mut self) -> Option<&mut Vec<Object>>;
    /// Returns whether there is such a part.
    fn is_there(&self) -> bool;
    /// Returns whether it stands before ours.
    fn is_first(&self) -> bool;
    /// Has it done, if it was not, and printed.
    fn print(&mut self, ctx: &mut Context);
    /// Has it done, if it was not, and returns the objects that it would print.
    ///
    /// # Errors
    /// An output that cannot be read.
    fn objects(&mut self, ctx: &mut Context) -> Result<Vec<Object>>;
    /// Returns what builds a kustomization of which not all is ours.
    fn kustomize(&self, ctx: &Context) -> Build;
    /// Takes what came of it; `None` if it was not done.
    fn outcome(&mut self) -> Option<Result<()>>;
}

impl Context {
    /// The process's own surroundings. Standard output is buffered; `main` flushes it.
    pub fn of_process(program: String) -> Self {
        Self {
            env: Env::of_process(),
            program,
            terminals: Terminals {
                stdin: io::stdin().is_terminal(),
                stdout: io::stdout().is_terminal(),
                stderr: io::stderr().is_terminal(),
            },
            stdin: unbuffered_stdin(),
            stdin_in_use: InUse::default(),
            stdout: Stdout::new(io::BufWriter::with_capacity(64 * 1024, io::stdout()), io::stdout().is_terminal()),
            stderr: Box::new(io::stderr()),
            color: false,
            warnings: 0,
            foreign: None,
        }
    }

    /// Says a line to the person: standard error, one newline added, harmless for a terminal whatever it repeats. A reader
    /// that went away is no error.
    pub fn say(&mut self, line: impl std::fmt::Display) {
        let _ = self.flush_stdout();
        let line = line.to_string();
        let line = if self.terminals.stderr { sanitize::text(&line) } else { line.as_str().into() };
        let _ = writeln!(self.stderr, "{line}");
    }

    /// Returns a second handle on standard error, for a log that is written while the context is borrowed.
    pub fn share_stderr(&mut self) -> impl Write + Send + use<> {
        let own = std::mem::replace(&mut self.stderr, Box::new(io::sink()));
        let shared = Shared(Arc::new(Mutex::new(own)));
        self.stderr = Box::new(shared.clone());
        shared
    }

    /// Brings what was written so far to standard output.
    pub fn flush_stdout(&mut self) -> io::Result<()> {
        self.stdout.flush()
    }

    /// Writes data to standard output.
    ///
    /// # Errors
    /// [`output_error`]'s.
    pub fn put(&mut self, data: impl AsRef<[u8]>) -> Result<()> {
        self.stdout.write_all(data.as_ref()).map_err(|error| output_error(&error))
    }
}

/// Standard input without a buffer of its own. Why: what a command does not read, the next one in a script does.
fn unbuffered_stdin() -> Box<dyn Read + Send> {
    match io::stdin().as_fd().try_clone_to_owned() {
        Ok(fd) => Box::new(std::fs::File::from(fd)),
        // It is closed.
        Err(_) => Box::new(io::empty()),
    }
}

/// A writer with several handles.
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

/// What a failed write to standard output means: nothing at all when the reader went away (`| head`), else an error.
pub fn output_error(error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Error::silent(0),
        _ => Error::new(format!("cannot write to standard output: {error}")),
    }
}
