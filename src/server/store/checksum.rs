//! The checksum of what the store's file holds: CRC-32 as zlib has it.

use crc::{CRC_32_ISO_HDLC, Table};

type Algorithm = crc::Crc<u32, Table<16>>;

/// It works with tables. Why not flate2's: that one first asks what the processor can do, and in a virtual machine each such
/// question goes to the host.
static ALGORITHM: Algorithm = Algorithm::new(&CRC_32_ISO_HDLC);

/// A checksum of the bytes so far.
#[derive(Clone)]
pub(super) struct Checksum(crc::Digest<'static, u32, Table<16>>);

impl Checksum {
    /// Begins with no bytes.
    pub fn new() -> Self {
        Self(ALGORITHM.digest())
    }

    /// Adds bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Returns the sum.
    pub fn sum(&self) -> u32 {
        self.0.clone().finalize()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_other_versions_have_the_same_sums() {
        let bytes: Vec<u8> = (0_u8..=255).cycle().take(10_000).collect();
        for length in [0, 1, 9, 15, 16, 17, 255, 10_000] {
            let (head, tail) = bytes[..length].split_at(length / 3);
            let (mut ours, mut theirs) = (Checksum::new(), flate2::Crc::new());
            [head, tail].into_iter().for_each(|part| ours.update(part));
            theirs.update(&bytes[..length]);
            assert_eq!(ours.sum(), theirs.sum());
        }
    }
}
