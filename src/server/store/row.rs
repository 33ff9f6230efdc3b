//! What a row holds, and how it is known to be whole: bytes go to rest here ([`Sealed`]) and come back ([`Version`]).

use flate2::Crc;
use rusqlite::{Row, types::FromSqlError};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::{Failure, Resource, Stored};

/// The numbers that stand for resources in a store.
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

/// How deep an object may nest. `serde_json` reads 127 levels, and lists, tables and watches put an object into up to
/// three more: what rests here must come back, and be read by clients of the same library.
const MAX_DEPTH: usize = 120;
/// Most objects are not larger.
const USUAL_SIZE: usize = 1024;

/// An object as it goes to rest.
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// Makes of an object what is kept of it.
    ///
    /// # Errors
    /// When it nests so deep that it could not be read back.
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

/// An object as it came from its rest, found to be as it was written.
pub struct Closed {
    pub(super) revision: u64,
    pub(super) bytes: Vec<u8>,
}

impl Closed {
    /// Whether it has more bytes than these.
    pub fn is_longer(&self, bytes: usize) -> bool {
        self.bytes.len() > bytes
    }

    /// The object, by the name that it was found by.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(self, resource: Resource, namespace: &str, name: &str) -> Result<Stored, Failure> {
        let key = Key { resource, namespace, name, revision: self.revision };
        let object = serde_json::from_slice(&self.bytes).map_err(|_| key.damaged())?;
        Ok(Stored { revision: self.revision, object })
    }
}

/// Whether arrays and objects stand more than `levels` deep in each other; `levels` bounds how far it looks.
fn is_deeper(value: &Json, levels: usize) -> bool {
    let deeper = |inner: &Json| is_deeper(inner, levels.saturating_sub(1));
    match value {
        Json::Array(items) => levels == 0 || items.iter().any(deeper),
        Json::Object(members) => levels == 0 || members.values().any(deeper),
        _ => false,
    }
}

/// Which version of which object a row is about.
#[derive(Clone, Copy)]
pub(super) struct Key<'a> {
    pub resource: Resource,
    pub namespace: &'a str,
    pub name: &'a str,
    pub revision: u64,
}

impl Key<'_> {
    fn crc(&self) -> Crc {
        let mut crc = Crc::new();
        crc.update(&self.resource.code().to_le_bytes());
        for text in [self.namespace, self.name] {
            crc.update(text.as_bytes());
            crc.update(&[0]);
        }
        crc.update(&self.revision.to_le_bytes());
        crc
    }

    /// What an entry of the index `live` adds to the sum of all ([`super::state::State`]).
    pub fn entry(&self) -> u64 {
        self.crc().sum().into()
    }

    fn link(&self, previous: u64, written: i64) -> Crc {
        let mut crc = self.crc();
        crc.update(&previous.to_le_bytes());
        crc.update(&written.to_le_bytes());
        crc
    }

    /// The checksum of a row: of everything but its object in the upper half, of all of it in the lower.
    ///
    /// Why: it covers the name and the revision that the row was asked for by, so that a row in the place of another is
    /// found, too; and what replaced what can be followed without reading objects.
    pub fn checksum(&self, previous: u64, written: i64, object: Option<&[u8]>) -> i64 {
        let mut crc = self.link(previous, written);
        let link = crc.sum();
        crc.update(&[u8::from(object.is_some())]);
        crc.update(object.unwrap_or_default());
        (u64::from(link) << 32 | u64::from(crc.sum())).cast_signed()
    }

    /// Whether a row's checksum is right as far as it does not depend on the object.
    pub fn is_linked(&self, previous: u64, written: i64, checksum: i64) -> bool {
        u64::from(self.link(previous, written).sum()) == checksum.cast_unsigned() >> 32
    }

    /// The row does not hold what was written. It is named if its name can be one: it may be damaged itself.
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

/// The columns of a [`Version`], of a table that is called so.
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

/// One version of an object, found to be as it was written.
pub(super) struct Version<'row> {
    /// The revision that this one replaced, 0 for a new object.
    pub previous: u64,
    /// The revision that replaced this one, 0 for a live one.
    pub superseded: u64,
    object: Option<&'row [u8]>,
}

impl<'row> Version<'row> {
    /// Reads the columns from `first` on, in the order of [`version`].
    ///
    /// # Errors
    /// When the row is not there (its columns are NULL then), or not as it was written.
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

    /// The object, to be read later.
    ///
    /// # Errors
    /// As [`Version::open`].
    pub fn close(&self, key: &Key<'_>) -> Result<Closed, Failure> {
        let bytes = self.object.ok_or_else(|| key.damaged())?.to_vec();
        Ok(Closed { revision: key.revision, bytes })
    }

    /// How many bytes the object has.
    pub fn size(&self) -> usize {
        self.object.map_or(0, <[u8]>::len)
    }

    /// The object, or what `T` has of it.
    ///
    /// # Errors
    /// When it cannot be read, or there is none: this version is an object's end.
    pub fn open<T: DeserializeOwned>(&self, key: &Key<'_>) -> Result<T, Failure> {
        let object = self.object.ok_or_else(|| key.damaged())?;
        serde_json::from_slice(object).map_err(|_| key.damaged())
    }

    /// Whether this version is an object's end.
    pub fn is_end(&self) -> bool {
        self.object.is_none()
    }
}
