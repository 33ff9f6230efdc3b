//! What there is to say about a piece of work, held until its turn comes: nothing that works prints.

use std::fmt::Display;

use super::session;
use crate::{
    client::Answer,
    context::Context,
    error::{Error, Result},
    secret::Object,
};

/// What is to be printed, in order.
#[derive(Debug, Default)]
pub struct Notices(Vec<Notice>);

#[derive(Debug)]
enum Notice {
    /// A line for the person.
    Line(String),
    /// A warning of the server.
    Warning(String),
    /// Data for standard output.
    Data(String),
}

impl Notices {
    /// Adds a line for standard error.
    pub fn say(&mut self, line: impl Display) {
        self.0.push(Notice::Line(line.to_string()));
    }

    /// Adds data for standard output.
    pub fn put(&mut self, data: impl Into<String>) {
        self.0.push(Notice::Data(data.into()));
    }

    /// Adds the warnings that came with an answer.
    pub fn warn(&mut self, answer: &Answer) {
        self.0.extend(answer.warnings.iter().cloned().map(Notice::Warning));
    }

    /// Prints everything.
    ///
    /// # Errors
    /// Standard output that cannot be written.
    pub fn tell(self, ctx: &mut Context) -> Result<()> {
        for notice in self.0 {
            match notice {
                Notice::Line(line) => ctx.say(line),
                Notice::Warning(text) => session::say_all(ctx, &[text]),
                Notice::Data(data) => ctx.put(data)?,
            }
        }
        Ok(())
    }
}

/// What was done to one object.
#[derive(Debug)]
pub struct Done {
    /// The object as it is now, or would be.
    pub object: Object,
    /// kubectl's word for what was done.
    pub operation: &'static str,
}

/// Works out what was meant, which sees the surroundings and changes nothing in them, and says what is odd about it.
///
/// # Errors
/// Those of `meaning`.
pub fn resolve<T>(ctx: &mut Context, meaning: impl FnOnce(&Context, &mut Notices) -> Result<T>) -> Result<T> {
    let mut notices = Notices::default();
    let resolved = meaning(ctx, &mut notices);
    notices.tell(ctx)?;
    resolved
}

/// Returns all failures as one.
///
/// # Errors
/// The failures, if there are any.
pub fn all(failures: Vec<Error>) -> Result<()> {
    if failures.is_empty() { Ok(()) } else { Err(Error::many(failures)) }
}
