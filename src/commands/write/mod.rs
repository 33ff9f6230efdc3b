//! What every write contains besides its body, and writes of many objects.

mod advice;
mod conflicts;
mod many;

use serde_json::Value as Json;

use super::{files::Reading, outcome::Notices};
use crate::{
    cli::flags::{DryRun, DryRunFlag},
    client::Call,
    error::Result,
    manifest::Document,
    secret::{Object, last_applied, manager, string_data},
    source::sops,
};

pub use conflicts::Conflicts;
pub use many::{Key, Pace, ParallelFlag, Subject, attempt, each};

/// The query parameters of a write.
#[derive(Debug, Clone)]
pub struct Write {
    /// `fieldManager`: the owner of the fields written.
    pub manager: String,
    /// `fieldValidation`; `None` leaves it to the server, as kubectl's diff does.
    pub validation: Option<&'static str>,
    /// The dry-run strategy.
    pub dry_run: DryRun,
}

impl Write {
    /// Returns how documents are to be read.
    pub fn reading(&self) -> Reading {
        Reading::of(self.validation.unwrap_or_default())
    }

    /// Returns `call` with the parameters.
    pub fn on(&self, call: Call) -> Call {
        self.by(&self.manager, call)
    }

    /// Returns `call` with the parameters of this write, under another field manager.
    pub fn by(&self, manager: &str, mut call: Call) -> Call {
        call = call.query("fieldManager", manager);
        if let Some(validation) = self.validation {
            call = call.query("fieldValidation", validation);
        }
        if self.dry_run == DryRun::Server {
            call = call.query("dryRun", "All");
        }
        call
    }
}

/// Resolves `--dry-run`, and notes kubectl's deprecation line.
///
/// # Errors
/// kubectl's, for an unknown word.
pub fn dry_run(flag: &DryRunFlag, notices: &mut Notices) -> Result<DryRun> {
    let (dry_run, deprecated) = flag.resolve()?;
    deprecated.into_iter().for_each(|line| notices.say(line));
    Ok(dry_run)
}

/// Writes the last-applied annotation of an object that was read (kubectl's `CreateOrUpdateAnnotation`): if `save` is
/// set, or if the manifest has one, which is replaced.
pub fn annotate(object: &mut Object, save: bool) {
    use go::json_write::Order;
    if save { last_applied::save(object, Order::Sorted) } else { last_applied::renew(object, Order::Sorted) }
}

/// Removes the `resourceVersion` of an object that is created (cli-runtime's `Helper.Create`). The server replaces
/// `uid` and `creationTimestamp` itself, and accepts `managedFields`.
pub fn clear_version(object: &mut Object) {
    if let Some(metadata) = object.metadata_mut() {
        metadata.remove("resourceVersion");
    }
}

/// The maps in which the API server stores a null as an empty text.
pub const TEXTS: [&[&str]; 4] = [&["data"], &["stringData"], &["metadata", "labels"], &["metadata", "annotations"]];

/// Warns about every null in `maps`, which the server stores as an empty text. kubectl does not warn.
pub fn warn_of_nulls(document: &Document, maps: &[&[&str]], notices: &mut Notices) {
    for map in maps {
        let found = map.iter().try_fold(document.object.json(), |at, word| at.get(word)).and_then(Json::as_object);
        for (key, _) in found.into_iter().flatten().filter(|(_, value)| value.is_null()) {
            let path = [*map, &[key.as_str()]].concat();
            let (file, line) = (&document.origin.path, document.line_of(&path));
            notices.say(format_args!(
                "warning: {file}, document {}, line {line}: {} is null and is stored empty: leave it out, or write \"\"",
                document.origin.document,
                path.join(".")
            ));
        }
    }
}

/// Refuses a document or a value that sops has encrypted: the users of the Secret could not read it.
///
/// # Errors
/// The position in the file.
pub fn refuse_encrypted(document: &Document) -> Result<()> {
    let json = document.object.json();
    let maps = ["data", "stringData"].into_iter().flat_map(|map| {
        let entries = json[map].as_object().into_iter().flatten();
        entries.map(move |(key, value)| (vec![map, key.as_str()], value))
    });
    let is_encrypted = |value: &Json| {
        let text = value.as_str().unwrap_or_default();
        sops::is_encrypted_value(text.as_bytes()) || sops::is_encrypted_base64(text)
    };
    let block = json.get("sops").filter(|block| block.is_object()).map(|_| vec!["sops"]);
    let value = || maps.into_iter().find(|(_, value)| is_encrypted(value)).map(|(path, _)| path);
    let Some(path) = block.or_else(value) else { return Ok(()) };
    let (file, line) = (&document.origin.path, document.line_of(&path));
    let what = if path.len() == 1 { "it".to_owned() } else { path.join(".") };
    Err(sops::refused(&format!("{file}, document {}, line {line}: {what}", document.origin.document)))
}

/// Warns that a controller or a tool manages the Secret and will revert the change.
pub fn warn_of_manager(live: &Object, notices: &mut Notices) {
    if let Some(manager) = manager::of(live) {
        let (name, keeper, instead) = (live.name(), manager.name, manager.instead);
        notices
            .say(format_args!("warning: secret/{name} is kept by {keeper}, which may put it back: change {instead}"));
    }
}

/// Merges `stringData` into `data` for a server-side apply, in which a null stays a null.
pub fn fold_for_server(object: &mut Object) {
    string_data::fold(object.json_mut(), string_data::Nulls::Moved);
}
