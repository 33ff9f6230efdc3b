//! The lines of the keys of a document.

/// The lines of a document's keys, from 1 in the stream.
#[derive(Clone, Default)]
pub struct Lines {
    first: usize,
    /// A digest of each key's path, and its line relative to the first; sorted once the document is parsed.
    keys: Vec<(u64, u32)>,
}

impl Lines {
    /// Returns the line of the key at `path` (`["metadata", "name"]`; an item of a list by its index).
    pub fn of(&self, path: &[&str]) -> Option<usize> {
        let wanted = path.iter().fold(Path::default(), |path, name| path.join(name));
        let at = self.keys.partition_point(|(digest, _)| *digest < wanted.0);
        self.keys.get(at).filter(|(digest, _)| *digest == wanted.0).map(|(_, line)| self.first + *line as usize)
    }

    /// Returns the line of the key at `path`, or the document's first line.
    pub fn line_or_first(&self, path: &[&str]) -> usize {
        self.of(path).unwrap_or(self.first)
    }

    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn finish(&mut self, first: usize) {
        self.first = first;
        self.keys.sort_unstable();
    }

    pub(super) fn enter(&mut self, path: Path, name: &str, line: usize) -> Path {
        let path = path.join(name);
        self.keys.push((path.0, u32::try_from(line).unwrap_or(u32::MAX)));
        path
    }

    pub(super) fn enter_item(&mut self, path: Path, index: usize, line: usize) -> Path {
        self.enter(path, &index.to_string(), line)
    }
}

/// A digest of the path to a node.
#[derive(Clone, Copy)]
pub(super) struct Path(u64);

impl Default for Path {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Path {
    /// Adds a name to the digest (FNV-1a), followed by a byte that does not occur in UTF-8.
    pub(super) fn join(self, name: &str) -> Self {
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(step(name.bytes().fold(self.0, step), 0xFF))
    }
}
