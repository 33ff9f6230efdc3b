//! Removes values from messages. Errors and warnings of an API server repeat their input, up to whole objects: in
//! base64, quoted with Go's `%q`, as JSON, as Go prints maps and structs.
//!
//! Removed are all forms of the values that are [`Known`], and all dumps of objects ([`without_dumps`]), known or not.
//! Invariant: in doubt, text is removed.

mod collect;
mod dumps;
mod forms;

use std::ops::Range;

use serde_json::Value as Json;
use zeroize::Zeroizing;

use super::{Object, last_applied::LAST_APPLIED};

/// The text that replaces a value.
pub const MARK: &str = "<redacted>";

/// The longest message that is not cut. Why: redaction takes time, and a server must not make it take minutes.
const LONGEST: usize = 256 << 10;

/// The values that must not be repeated.
#[derive(Default)]
pub struct Known(Vec<Scalar>);

/// One value, as bytes.
struct Scalar {
    bytes: Zeroizing<Vec<u8>>,
    kind: Kind,
}

/// The type of a value in JSON, which decides about its forms and where they count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    /// `true` or `false`, which also occur as words of messages.
    Bool,
}

impl Known {
    /// Returns the values of objects.
    pub fn of<'o>(objects: impl IntoIterator<Item = &'o Object>) -> Self {
        let mut known = Self::default();
        objects.into_iter().for_each(|object| known.object(object.json()));
        known
    }

    /// Adds every scalar below `data`, `stringData` and the last-applied annotation of an object, of the items of a
    /// list, and of the operations of a JSON patch.
    pub fn object(&mut self, object: &Json) {
        collect::object(object, self);
    }

    /// Adds the values in the body of a request: an object, or a patch of any kind.
    pub fn body(&mut self, body: &[u8]) {
        let Ok(mut json) = serde_json::from_slice::<Json>(body) else { return };
        collect::object(&json, self);
        super::wipe(&mut json);
    }

    /// Adds a value or a credential.
    pub fn value(&mut self, bytes: &[u8]) {
        self.add(bytes, Kind::Text);
    }

    fn add(&mut self, bytes: &[u8], kind: Kind) {
        if !bytes.is_empty() {
            self.0.push(Scalar { bytes: Zeroizing::new(bytes.to_vec()), kind });
        }
    }

    /// Returns `true` if no value is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns `message` without the known values only, for messages that contain no dumps of objects.
    pub fn hide(&self, message: &str) -> String {
        let message = shortened(message);
        cut(message, forms::find(&self.0, message))
    }

    /// Returns `message` without the known values in all their forms, and without dumps of objects.
    pub fn redact(&self, message: &str) -> String {
        let message = shortened(message);
        let mut cuts = dumps::find(message);
        cuts.extend(forms::find(&self.0, message));
        cut(message, cuts)
    }
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Known({} values)", self.0.len())
    }
}

/// Returns `message` without dumps of objects: as JSON, as Go prints maps and structs, and both in quotes.
pub fn without_dumps(message: &str) -> String {
    let message = shortened(message);
    cut(message, dumps::find(message))
}

fn shortened(message: &str) -> &str {
    let mut end = message.len().min(LONGEST);
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    message.get(..end).unwrap_or_default()
}

/// Replaces each range by [`MARK`]; ranges that touch become one.
fn cut(message: &str, mut ranges: Vec<Range<usize>>) -> String {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut out = String::with_capacity(message.len());
    let mut done = 0;
    let mut marked = false;
    for range in ranges {
        if range.start > done || (range.start == done && !marked) {
            out.push_str(message.get(done..range.start).unwrap_or_default());
            out.push_str(MARK);
            marked = true;
        }
        done = done.max(range.end);
    }
    out.push_str(message.get(done..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests;
