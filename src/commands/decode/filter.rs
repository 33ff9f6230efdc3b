//! `-f FILE` as a filter: Secrets are decoded, every other document is copied unchanged.

use go::quote::quote_bytes;
use std::{ffi::OsStr, io::Read as _};

use crate::{
    context::Context,
    error::{Error, Result},
    print::decoded,
    secret::{Object, Value},
};

/// The most that is read. Why: no manifest is larger, but a pipe may be endless.
const LIMIT: u64 = 32 << 20;

/// Returns the content of a file, or of standard input for `-`.
///
/// # Errors
/// kubectl's line for a path that does not exist; a file that cannot be read or is larger than [`LIMIT`].
pub fn read(name: &OsStr, ctx: &mut Context) -> Result<zeroize::Zeroizing<Vec<u8>>> {
    let mut text = zeroize::Zeroizing::new(Vec::new());
    let read = match name.to_str() {
        Some("-") => (&mut ctx.stdin).take(LIMIT + 1).read_to_end(&mut text),
        _ => match std::fs::File::open(ctx.env.cwd().join(name)) {
            Ok(file) => {
                // Why the whole capacity at once: a buffer that grows leaves unwiped copies behind.
                let size = file.metadata().map_or(0, |meta| meta.len()).min(LIMIT + 1);
                text.reserve_exact(usize::try_from(size).unwrap_or_default() + 1);
                file.take(LIMIT + 1).read_to_end(&mut text)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(Error::new(format!(
                    "the path {} does not exist",
                    quote_bytes(name.as_encoded_bytes(), false)
                )));
            }
            Err(error) => Err(error),
        },
    };
    read.map_err(|error| Error::system(format_args!("cannot read {}", name.display()), &error))?;
    match text.len() as u64 > LIMIT {
        true => Err(Error::new(format!("{} is larger than {} MiB", name.display(), LIMIT >> 20))),
        false => Ok(text),
    }
}

/// Returns the text with its Secrets decoded. `entries` selects the entries of a Secret that are shown.
///
/// # Errors
/// A document that cannot be read, an entry that is not base64.
pub fn decode(text: &[u8], entries: impl Fn(Object) -> Result<(Object, Vec<(String, Value)>)>) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut line = 1;
    for (index, document) in documents(text).into_iter().enumerate() {
        let json = yaml::read::parse_one(document).map_err(|error| {
            // Lines are counted within the document here, and within the file in the error.
            let here = format!("document {}, line {}: ", error.document(), error.line());
            let text = error.text().strip_prefix(&here).unwrap_or(error.text());
            let line = line + error.line().saturating_sub(1);
            Error::new(format_args!("document {}, line {line}: {text}", index + 1))
        })?;
        let (separator, _) = separator(document);
        line += document.iter().filter(|byte| **byte == b'\n').count();
        let object = Object::new(json);
        let items = object.json()["items"].as_array().filter(|_| object.kind().ends_with("List"));
        let has_secrets = items.is_some_and(|items| items.iter().any(|item| item["kind"] == "Secret"));
        if object.kind() == "Secret" {
            let (object, entries) = entries(object)?;
            out.extend_from_slice(separator);
            out.extend_from_slice(decoded::yaml(&object, &entries).as_bytes());
        } else if let Some(items) = items.filter(|_| has_secrets) {
            for (index, item) in items.iter().enumerate() {
                out.extend_from_slice(if index == 0 { separator } else { b"---\n" });
                let item = Object::new(item.clone());
                if item.kind() == "Secret" {
                    let (item, entries) = entries(item)?;
                    out.extend_from_slice(decoded::yaml(&item, &entries).as_bytes());
                } else {
                    out.extend_from_slice(yaml::write::to_string(item.json()).as_bytes());
                }
            }
        } else {
            out.extend_from_slice(document);
        }
    }
    Ok(out)
}

/// Returns the Secrets of a text, also those in Lists, and skips everything else.
///
/// # Errors
/// A document that cannot be read.
pub fn secrets(text: &[u8]) -> Result<Vec<Object>> {
    let documents = yaml::read::parse(text).map_err(|error| Error::new(error.to_string()))?;
    let mut found = Vec::new();
    for document in documents {
        let object = document.object;
        match object.json()["items"].as_array() {
            Some(items) if object.kind().ends_with("List") => {
                found.extend(items.iter().filter(|item| item["kind"] == "Secret").cloned().map(Object::new));
            }
            _ if object.kind() == "Secret" => found.push(object),
            _ => {}
        }
    }
    Ok(found)
}

/// Splits the text into documents, each with the `---` line before it.
fn documents(text: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let begins = line.strip_prefix(b"---").is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace));
        if begins && at > start {
            found.extend(text.get(start..at));
            start = at;
        }
        at += line.len();
    }
    found.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    found
}

/// Splits off the `---` line of a document, if it has one.
fn separator(document: &[u8]) -> (&[u8], &[u8]) {
    let end = match document.starts_with(b"---") {
        true => document.iter().position(|byte| *byte == b'\n').map_or(document.len(), |at| at + 1),
        false => 0,
    };
    document.split_at(end)
}
