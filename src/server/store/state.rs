//! The state of the store as a whole: one row, read at the beginning of each transaction and written at its end.

use rusqlite::{Connection, params};

use super::{
    Failure, Resource,
    checksum::Checksum,
    row::{Code as _, Key},
};

/// The row of the table `state`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct State {
    /// The revision of the last write.
    pub head: u64,
    /// The oldest revision at which a watch can begin and which a list can show.
    pub compacted: u64,
    /// How many objects are live.
    live: u64,
    /// The sum of [`Key::entry`] of all live objects.
    ///
    /// Why: the index `live` decides which objects exist. The checksum of a row cannot show that the index does not
    /// have the row; this sum can.
    entries: u64,
}

impl State {
    /// Reads the state.
    ///
    /// # Errors
    /// If there is none, or its checksum does not match.
    pub fn load(connection: &Connection) -> Result<Self, Failure> {
        let (state, checksum) = connection
            .prepare_cached("SELECT head, compacted, live, entries, checksum FROM state")?
            .query_row([], |row| {
                let number = |column| row.get::<_, i64>(column).map(i64::cast_unsigned);
                let [head, compacted, live, entries] = [number(0)?, number(1)?, number(2)?, number(3)?];
                Ok((Self { head, compacted, live, entries }, row.get::<_, i64>(4)?))
            })?;
        if state.checksum() == checksum { Ok(state) } else { Err(damaged()) }
    }

    /// Writes the state.
    ///
    /// # Errors
    /// The statement's.
    pub fn save(&self, connection: &Connection) -> Result<(), Failure> {
        let [head, compacted, live, entries] = self.numbers().map(u64::cast_signed);
        connection
            .prepare_cached("UPDATE state SET head = ?, compacted = ?, live = ?, entries = ?, checksum = ?")?
            .execute(params![head, compacted, live, entries, self.checksum()])?;
        Ok(())
    }

    fn numbers(&self) -> [u64; 4] {
        [self.head, self.compacted, self.live, self.entries]
    }

    fn checksum(&self) -> i64 {
        let mut crc = Checksum::new();
        self.numbers().iter().for_each(|number| crc.update(&number.to_le_bytes()));
        crc.sum().into()
    }

    /// Counts an object that becomes live.
    pub fn add(&mut self, key: &Key<'_>) {
        self.live = self.live.wrapping_add(1);
        self.entries = self.entries.wrapping_add(key.entry());
    }

    /// Counts an object that is no longer live.
    pub fn remove(&mut self, key: &Key<'_>) {
        self.live = self.live.wrapping_sub(1);
        self.entries = self.entries.wrapping_sub(key.entry());
    }

    /// Checks the index of live objects: that its entries add up to the state's sum, and that a search finds each of
    /// them.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn verify(&self, connection: &Connection) -> Result<(), Failure> {
        let mut found = Self { live: 0, entries: 0, ..*self };
        // Why a search for each: SQLite takes `superseded` from the condition of the partial index, not from the entry.
        // An entry with another value there is listed like any other, but a search for the live object does not find
        // it.
        let mut statement = connection.prepare_cached(
            "SELECT i.resource, i.namespace, i.name, i.revision, found.revision FROM versions AS i INDEXED BY live \
             LEFT JOIN versions AS found INDEXED BY live ON found.resource = i.resource \
             AND found.namespace = i.namespace AND found.name = i.name AND found.superseded = 0 WHERE i.superseded = 0",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let text = |column| row.get_ref(column).ok().and_then(|text| text.as_str().ok()).ok_or_else(damaged);
            let key = Key {
                resource: Resource::of_code(row.get(0)?).ok_or_else(damaged)?,
                namespace: text(1)?,
                name: text(2)?,
                revision: row.get::<_, i64>(3)?.cast_unsigned(),
            };
            if row.get::<_, Option<i64>>(4)? != Some(key.revision.cast_signed()) {
                return Err(damaged());
            }
            found.add(&key);
        }
        if found == *self { Ok(()) } else { Err(damaged()) }
    }
}

fn damaged() -> Failure {
    Failure::new("the file is damaged: its index is not as it was written")
        .with_hint("restore it from a copy; what `get NAME` still shows is as it was written")
}
