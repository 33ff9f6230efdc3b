//! `edit --list-kept` and `--discard`: no request is sent.

use std::{fs, path::Path, time::SystemTime};

use go::tabwriter;
use secret::sanitize;

use crate::{
    cli::resources,
    client::Client,
    context::Context,
    edit::keep::{self, Kept},
    error::{Error, Result},
    secret::{Object, age},
};

fn unreadable(error: &std::io::Error) -> Error {
    Error::system("cannot read kept edits", error)
}

/// Prints every kept edit: its Secrets, its age, its file.
///
/// # Errors
/// Files that cannot be read.
pub(super) fn list(ctx: &mut Context) -> Result<()> {
    let found = keep::every(&ctx.env).map_err(|error| unreadable(&error))?;
    if found.is_empty() {
        ctx.say("No kept edits.");
        return Ok(());
    }
    let mut rows = "NAMESPACE\tSECRETS\tAGE\tFILE\n".to_owned();
    for (path, kept) in &found {
        let namespace = sanitize::line(&kept.namespace);
        rows.push_str(&format!("{namespace}\t{}\t{}\t{}\n", names(kept), since(path), path.display()));
    }
    ctx.put(tabwriter::TABLE.align(&rows))
}

/// Removes the kept edit of the named Secrets in the current namespace.
///
/// # Errors
/// No name; no kept edit of these Secrets, or several; files that cannot be read.
pub(super) fn discard(words: &[String], client: &Client, ctx: &mut Context) -> Result<()> {
    let named: Vec<String> = resources::parse(words, &ctx.program)?.names.into_iter().map(|(_, name)| name).collect();
    if named.is_empty() {
        let error = Error::new("--discard needs the names of the Secrets whose kept edit is forgotten");
        return Err(error.hint(format!("{} edit --list-kept shows them", ctx.program)));
    }
    let found = keep::find(&ctx.env, client.namespace(), &named).map_err(|error| unreadable(&error))?;
    if found.is_empty() {
        return Err(super::not_kept(&named, client));
    }
    // Why an error if there are several: Secrets of several servers can have the same name, and each edit may be work
    // that is still needed.
    let [(path, kept)] = found.as_slice() else {
        let error = Error::new(format!("{} edits of {} are kept, of different Secrets", found.len(), named.join(", ")));
        return Err(
            error.hint(format!("{} edit --list-kept names their files: remove the one that is meant", ctx.program))
        );
    };
    keep::forget(path);
    ctx.put(format!("kept edit of {} discarded\n", names(kept)))
}

/// Prints a hint if an edit of exactly these Secrets is kept.
pub(super) fn remind(objects: &[Object], client: &Client, ctx: &mut Context) {
    let names: Vec<String> = objects.iter().map(|object| object.name().to_owned()).collect();
    // Why no error: the flags for kept edits report files that cannot be read.
    let found = keep::find(&ctx.env, client.namespace(), &names).unwrap_or_default();
    if found.iter().any(|(_, kept)| kept.is_of(objects)) {
        let (program, names) = (&ctx.program, names.join(" "));
        ctx.say(format!(
            "note: an earlier edit that could not be saved is kept: {program} edit --resume {names} takes it up, \
             --discard {names} forgets it"
        ));
    }
}

fn names(kept: &Kept) -> String {
    kept.names().map(|name| sanitize::line(name).into_owned()).collect::<Vec<_>>().join(",")
}

/// Returns the time since the file was written, as an age.
fn since(path: &Path) -> String {
    let modified = fs::metadata(path).and_then(|found| found.modified());
    let elapsed = modified.ok().and_then(|modified| SystemTime::now().duration_since(modified).ok());
    elapsed.map_or_else(|| "<unknown>".to_owned(), |elapsed| age::human(elapsed.as_secs().cast_signed()))
}
