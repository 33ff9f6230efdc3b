//! `--receipt` and `--journal`: what they mean for a verb.

use crate::{
    cli::flags::ConnectionFlags,
    context::Env,
    error::{Error, Result},
    receipts::{Receipts, Wanted},
};

/// Verbs that write Secrets.
const WRITING: [&str; 15] = [
    "annotate",
    "apply",
    "copy",
    "create",
    "delete",
    "edit",
    "label",
    "patch",
    "rename-key",
    "replace",
    "rotate",
    "set",
    "undo",
    "unset",
    "validate",
];

/// The variable that has every verb which writes keep a journal.
const VARIABLE: &str = "KSECRET_JOURNAL";

/// Returns whether a flag can be completed behind a verb: these two only behind one that writes.
pub(super) fn is_offered(flag: &str, verb: &str) -> bool {
    !matches!(flag, "--receipt" | "--journal") || WRITING.contains(&verb)
}

/// Opens what the flags and the environment ask for, before anything is sent.
///
/// # Errors
/// A flag beside a verb that writes no Secret, and as [`Receipts::open`].
pub(super) fn open(flags: &ConnectionFlags, verb: &str, env: &Env) -> Result<Receipts> {
    if !WRITING.contains(&verb) {
        let typed = [("--receipt", flags.receipt.is_some()), ("--journal", flags.journal == Some(true))];
        return match typed.into_iter().find(|(_, is_typed)| *is_typed) {
            Some((flag, _)) => Err(Error::new(format!("{flag} is for verbs that write Secrets, and {verb} is none"))),
            None => Ok(Receipts::default()),
        };
    }
    let is_set = !matches!(env.var(VARIABLE), None | Some("" | "0" | "false"));
    // Why always for `undo`: a write that the journal does not have would stand in the way of the next.
    let journal = verb == "undo" || flags.journal.unwrap_or(is_set);
    let by_variable = journal && flags.journal.is_none() && verb != "undo";
    Receipts::open(&Wanted { receipt: flags.receipt.as_deref(), journal, verb }, env).map_err(|error| match by_variable
    {
        true => error.hint(format!("{VARIABLE} asks for a journal; --journal=false writes without one")),
        false => error,
    })
}
