//! Rows of the table `versions`, and their checksums: an object is serialized for the table ([`Serialized`]) and read from
//! it ([`Version`]).

use rusqlite::{Row, types::FromSqlError};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::{Failure, Resource, Stored, checksum::Checksum};

/// The numbers by which the store's file refers to resources.
pub(super) trait Code: Sized {
    /// Returns the number.
    fn code(self) -> i64;

    /// Returns the resource of a number, or `None` for any other.
    fn of_code(code: i64) -> Option<Self>;
}

impl Code for Resource {
    fn code(self) -> i64 {
        match self {
            Self::Namespaces => 1,
            Self::Secrets => 2,
        }
    }

    fn of_code(code: i64) -> Option<Self> {
        [Self::Secrets, Self::Namespaces].into_iter().find(|resource| resource.code() == code)
    }
}

/// How deep an object may nest. Why: `serde_json` reads 127 levels, and lists, tables and watch events put an object
/// into up to three more. What is stored must be readable again, also by clients that use the same library.
const MAX_DEPTH: usize = 120;
/// The initial capacity of a serialized object in bytes; most objects are smaller.
const USUAL_SIZE: usize = 1024;

/// An object serialized for the store.
pub struct Serialized(Vec<u8>);

impl Serialized {
    /// Serializes an object.
    ///
    /// # Errors
    /// If it nests so deep that it could not be read back.
    pub fn new(object: &Json) -> Result<Self, Failure> {
        if is_deeper(object, MAX_DEPTH) {
            return Err(Failure::of_object(format!("the object nests deeper than {MAX_DEPTH} levels")));
        }
        let mut bytes = Vec::with_capacity(USUAL_SIZE);
        serde_json::to_writer(&mut bytes, object)
            .map_err(|_| Failure::of_object("the object cannot be written as JSON"))?;
        Ok(Self(bytes))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// An object as the store holds it: its checksum was compared, its JSON is not parsed yet.
pub struct Unparsed {
    pub(super) revision: u64,
    pub(super) bytes: Vec<u8>,
}

impl Unparsed {
    /// Returns `true` if it has more than `bytes` bytes.
    pub fn is_longer(&self, bytes: usize) -> bool {
        self.bytes.len() > bytes
    }

    /// Parses the object; `resource`, `namespace` and `name` are those by which it was found.
    ///
    /// # Errors
    /// If it is not valid JSON.
    pub fn open(self, resource: Resource, namespace: &str, name: &str) -> Result<Stored, Failure> {
        let key = Key { resource, namespace, name, revision: self.revision };
        let object = serde_json::from_slice(&self.bytes).map_err(|_| key.damaged())?;
        Ok(Stored { revision: self.revision, object })
    }
}

/// Returns `true` if arrays and objects nest more than `levels` deep; looks no deeper than that.
fn is_deeper(value: &Json, levels: usize) -> bool {
    let deeper = |inner: &Json| is_deeper(inner, levels.saturating_sub(1));
    match value {
        Json::Array(items) => levels == 0 || items.iter().any(deeper),
        Json::Object(members) => levels == 0 || members.values().any(deeper),
        _ => false,
    }
}

/// The identity of a version: which object, and at which revision.
#[derive(Clone, Copy)]
pub(super) struct Key<'a> {
    pub resource: Resource,
    pub namespace: &'a str,
    pub name: &'a str,
    pub revision: u64,
}

impl Key<'_> {
    fn crc(&self) -> Checksum {
        let mut crc = Checksum::new();
        crc.update(&self.resource.code().to_le_bytes());
        for text in [self.namespace, self.name] {
            crc.update(text.as_bytes());
            crc.update(&[0]);
        }
        crc.update(&self.revision.to_le_bytes());
        crc
    }

    /// Returns what an entry of the index `live` adds to the sum over all entries ([`super::state::State`]).
    pub fn entry(&self) -> u64 {
        self.crc().sum().into()
    }

    fn link(&self, previous: u64, written: i64) -> Checksum {
        let mut crc = self.crc();
        crc.update(&previous.to_le_bytes());
        crc.update(&written.to_le_bytes());
        crc
    }

    /// Returns the checksum of a row: in the upper half that of all but the object, in the lower half that of the whole
    /// row.
    ///
    /// Why over the key: it contains the name and the revision by which the row was asked for, so that a row in
    /// another's place is found, too. Why two halves: a chain of replacements can be followed and checked without
    /// reading objects.
    pub fn checksum(&self, previous: u64, written: i64, object: Option<&[u8]>) -> i64 {
        let mut crc = self.link(previous, written);
        let link = crc.sum();
        crc.update(&[u8::from(object.is_some())]);
        crc.update(object.unwrap_or_default());
        (u64::from(link) << 32 | u64::from(crc.sum())).cast_signed()
    }

    /// Returns `true` if the half of a row's checksum that does not cover the object matches.
    pub fn is_linked(&self, previous: u64, written: i64, checksum: i64) -> bool {
        u64::from(self.link(previous, written).sum()) == checksum.cast_unsigned() >> 32
    }

    /// Returns the failure for a row whose checksum does not match. The object is named only if its name is a valid
    /// one: the name may be what is damaged.
    pub fn damaged(&self) -> Failure {
        let is_name = |text: &str| {
            text.len() <= 253 && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.'))
        };
        let plural = self.resource.plural();
        if !is_name(self.name) || !is_name(self.namespace) {
            return Failure::of_object(format!("one of the {plural} is damaged: its checksum does not match"));
        }
        let place = if self.namespace.is_empty() { String::new() } else { format!(" in namespace {}", self.namespace) };
        let text = format!("{plural} \"{}\"{place} is damaged: its checksum does not match", self.name);
        Failure::of_object(text)
    }
}

/// The columns of a [`Version`], of a table with this alias.
macro_rules! version {
    ($table:literal) => {
        concat!(
            $table,
            ".previous, ",
            $table,
            ".written, ",
            $table,
            ".superseded, ",
            $table,
            ".checksum, ",
            $table,
            ".object"
        )
    };
}
pub(super) use version;

/// One version of an object whose checksum matched.
pub(super) struct Version<'row> {
    /// The revision that this version replaced, or 0 for a new object.
    pub previous: u64,
    /// The revision that replaced this version, or 0 for a live one.
    pub superseded: u64,
    object: Option<&'row [u8]>,
}

impl<'row> Version<'row> {
    /// Reads the columns from `first` on, in the order of [`version`].
    ///
    /// # Errors
    /// If there is no such row (its columns are NULL after a LEFT JOIN), or its checksum does not match.
    pub fn read(row: &'row Row<'_>, first: usize, key: &Key<'_>) -> Result<Self, Failure> {
        Self::columns(row, first, key).ok().flatten().ok_or_else(|| key.damaged())
    }

    fn columns(row: &'row Row<'_>, first: usize, key: &Key<'_>) -> rusqlite::Result<Option<Self>> {
        let bad = |index| {
            move |error: FromSqlError| {
                rusqlite::Error::FromSqlConversionFailure(index, rusqlite::types::Type::Null, error.into())
            }
        };
        let number = |column: usize| row.get_ref(first + column)?.as_i64().map_err(bad(column));
        let (previous, written, superseded, checksum) = (number(0)?, number(1)?, number(2)?, number(3)?);
        let object = row.get_ref(first + 4)?.as_blob_or_null().map_err(bad(4))?;
        let (previous, superseded) = (previous.cast_unsigned(), superseded.cast_unsigned());
        let whole = key.checksum(previous, written, object) == checksum;
        Ok(whole.then_some(Self { previous, superseded, object }))
    }

    /// Returns the object for parsing it later.
    ///
    /// # Errors
    /// As [`Version::open`].
    pub fn to_unparsed(&self, key: &Key<'_>) -> Result<Unparsed, Failure> {
        let bytes = self.object.ok_or_else(|| key.damaged())?.to_vec();
        Ok(Unparsed { revision: key.revision, bytes })
    }

    /// Returns the size of the object in bytes.
    pub fn size(&self) -> usize {
        self.object.map_or(0, <[u8]>::len)
    }

    /// Deserializes the object.
    ///
    /// # Errors
    /// If it cannot be read, or this version is a deletion and has none.
    pub fn open<T: DeserializeOwned>(&self, key: &Key<'_>) -> Result<T, Failure> {
        let object = self.object.ok_or_else(|| key.damaged())?;
        serde_json::from_slice(object).map_err(|_| key.damaged())
    }

    /// Returns `true` if this version is a deletion.
    pub fn is_end(&self) -> bool {
        self.object.is_none()
    }
}
