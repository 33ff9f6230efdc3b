//! An output buffer with a limit.

/// Accepts bytes up to its limit and drops the rest. Writers need not check that; callers check [`Sink::is_full`].
pub(super) struct Sink {
    bytes: Vec<u8>,
    limit: usize,
    full: bool,
}

impl Sink {
    pub(super) fn new(limit: usize) -> Self {
        Self { bytes: Vec::new(), limit, full: false }
    }

    /// Returns `true` if anything was dropped.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    pub(super) fn push(&mut self, byte: u8) {
        self.fill(1, byte);
    }

    pub(super) fn extend_from_slice(&mut self, bytes: &[u8]) {
        let taken = self.room(bytes.len());
        self.bytes.extend_from_slice(bytes.get(..taken).unwrap_or_default());
    }

    /// Writes a byte `count` times.
    pub(super) fn fill(&mut self, count: usize, byte: u8) {
        let taken = self.room(count);
        self.bytes.resize(self.bytes.len() + taken, byte);
    }

    /// Returns how many of `wanted` bytes there is room for.
    fn room(&mut self, wanted: usize) -> usize {
        let room = self.limit.saturating_sub(self.bytes.len());
        self.full |= wanted > room;
        wanted.min(room)
    }

    /// Returns the bytes that were accepted.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Returns the bytes, or `None` if any were dropped.
    pub(super) fn whole(self) -> Option<Vec<u8>> {
        (!self.full).then_some(self.bytes)
    }
}
