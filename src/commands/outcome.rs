//! What a command has to report, collected: the code that does the work does not print.

use std::fmt::Display;

use super::session;
use crate::{
    client::Answer,
    context::Context,
    error::{Error, Result},
    secret::Object,
};

/// Text to print, in order, about work on an object.
#[derive(Debug, Default)]
pub struct Notices {
    notices: Vec<Notice>,
    is_idle: bool,
}

#[derive(Debug)]
enum Notice {
    /// A line for standard error.
    Line(String),
    /// A warning of the server.
    Warning(String),
    /// Data for standard output.
    Data(String),
}

impl Notices {
    /// Adds a line for standard error.
    pub fn say(&mut self, line: impl Display) {
        self.notices.push(Notice::Line(line.to_string()));
    }

    /// Adds data for standard output.
    pub fn put(&mut self, data: impl Into<String>) {
        self.notices.push(Notice::Data(data.into()));
    }

    /// Adds the warnings that came with an answer.
    pub fn warn(&mut self, answer: &Answer) {
        self.notices.extend(answer.warnings.iter().cloned().map(Notice::Warning));
    }

    /// Says that there is nothing to do, so that the object is not counted as done.
    pub fn nothing_to_do(&mut self) {
        self.is_idle = true;
    }

    /// Returns whether there is nothing to do.
    pub fn is_idle(&self) -> bool {
        self.is_idle
    }

    /// Prints everything, in order.
    ///
    /// # Errors
    /// Standard output that cannot be written.
    pub fn tell(self, ctx: &mut Context) -> Result<()> {
        for notice in self.notices {
            match notice {
                Notice::Line(line) => ctx.say(line),
                Notice::Warning(text) => session::say_all(ctx, &[text]),
                Notice::Data(data) => ctx.put(data)?,
            }
        }
        Ok(())
    }
}

/// What was done with one object.
#[derive(Debug)]
pub struct Done {
    /// The object after the change; in a dry run the one that it would be.
    pub object: Object,
    /// kubectl's word for the operation.
    pub operation: &'static str,
}

/// Resolves the arguments of a command by `meaning`, which may read the context but not change it, and prints its
/// notices.
///
/// # Errors
/// Those of `meaning`.
pub fn resolve<T>(ctx: &mut Context, meaning: impl FnOnce(&Context, &mut Notices) -> Result<T>) -> Result<T> {
    let mut notices = Notices::default();
    let resolved = meaning(ctx, &mut notices);
    notices.tell(ctx)?;
    resolved
}

/// Joins all failures into one.
///
/// # Errors
/// The failures, if there are any.
pub fn all(failures: Vec<Error>) -> Result<()> {
    if failures.is_empty() { Ok(()) } else { Err(Error::many(failures)) }
}
