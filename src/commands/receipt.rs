//! `--receipt` and `--journal`: opens them for a verb.

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

/// The variable that turns the journal on for every verb that writes.
const VARIABLE: &str = "KSECRET_JOURNAL";

/// Returns whether completion offers the flag for a verb: these two only for a verb that writes.
pub(super) fn is_offered(flag: &str, verb: &str) -> bool {
    !matches!(flag, "--receipt" | "--journal") || WRITING.contains(&verb)
}

/// Opens the receipts and the journal that the flags and the environment ask for. Invariant: this happens before any
/// request, so that a write cannot succeed without its record.
///
/// # Errors
/// A flag for a verb that writes no Secret, and those of [`Receipts::open`].
pub(super) fn open(flags: &ConnectionFlags, verb: &str, env: &Env) -> Result<Receipts> {
    if !WRITING.contains(&verb) {
        let typed = [("--receipt", flags.rare.receipt.is_some()), ("--journal", flags.rare.journal == Some(true))];
        return match typed.into_iter().find(|(_, is_typed)| *is_typed) {
            Some((flag, _)) => Err(Error::new(format!("{flag} is for verbs that write Secrets, and {verb} is none"))),
            None => Ok(Receipts::default()),
        };
    }
    let is_set = !matches!(env.var(VARIABLE), None | Some("" | "0" | "false"));
    // Why `undo` always writes it: a write that is missing in the journal would prevent the next undo.
    let journal = verb == "undo" || flags.rare.journal.unwrap_or(is_set);
    let by_variable = journal && flags.rare.journal.is_none() && verb != "undo";
    Receipts::open(&Wanted { receipt: flags.rare.receipt.as_deref(), journal, verb }, env).map_err(|error| {
        match by_variable {
            true => error.hint(format!("{VARIABLE} asks for a journal; --journal=false writes without one")),
            false => error,
        }
    })
}
