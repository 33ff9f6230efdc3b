//! Input that is kept to be read again, once.

use std::{
    collections::VecDeque,
    fmt,
    io::{self, Read},
};

use zeroize::{Zeroize as _, Zeroizing};

/// How many bytes are in one piece. Why pieces: none is ever reallocated, and each is freed as soon as it is read.
const PIECE: usize = 64 << 10;

/// Bytes that are read once, from the first one on, and wiped as they are read. `Debug` shows how many there are; what
/// is left is wiped on drop.
#[derive(Default)]
pub struct Pieces {
    pieces: VecDeque<Zeroizing<Vec<u8>>>,
    /// How many bytes of the first piece are read.
    read: usize,
    /// The error at the end of the input, instead of more bytes.
    failed: Option<io::Error>,
}

impl Pieces {
    /// Adds bytes at the end.
    pub fn add(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = self.pieces.back().map_or(0, |last| PIECE - last.len());
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            match self.pieces.back_mut().filter(|_| room > 0) {
                Some(last) => last.extend_from_slice(now),
                None => self.pieces.push_back(Zeroizing::new(Vec::with_capacity(PIECE))),
            }
            bytes = later;
        }
    }

    /// Ends the input with an error.
    pub fn fail(&mut self, error: io::Error) {
        self.failed = Some(error);
    }

    /// Returns the number of bytes that are not read yet.
    pub fn len(&self) -> usize {
        self.pieces.iter().map(|piece| piece.len()).sum::<usize>() - self.read
    }

    /// Returns `true` if every byte is read.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(first) = self.pieces.front_mut() else { return self.failed.take().map_or(Ok(0), Err) };
        let left = first.get_mut(self.read..).unwrap_or_default();
        let count = left.len().min(buffer.len());
        let (now, later) = left.split_at_mut(count);
        buffer[..count].copy_from_slice(now);
        now.zeroize();
        self.read += count;
        if later.is_empty() {
            self.pieces.pop_front();
            self.read = 0;
        }
        Ok(count)
    }
}

impl fmt::Debug for Pieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pieces({} bytes)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_as_they_were_added() {
        let bytes: Vec<u8> = (0..3 * PIECE + 7).map(|at| (at % 251) as u8).collect();
        for size in [1, 1000, PIECE - 1, PIECE, PIECE + 1, bytes.len()] {
            let mut pieces = Pieces::default();
            bytes.chunks(size).for_each(|part| pieces.add(part));
            assert_eq!((pieces.len(), pieces.pieces.len()), (bytes.len(), 4));
            pieces.fail(io::Error::other("torn"));
            let mut again = Vec::new();
            let error = pieces.read_to_end(&mut again).expect_err("the error of the input");
            assert_eq!((error.to_string().as_str(), again == bytes), ("torn", true), "{size}");
            assert!(pieces.is_empty() && pieces.pieces.is_empty());
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn bytes_are_wiped_when_read_and_on_drop() {
        use super::super::value::tests::{Peek, holds_none, marker};
        let text = marker(3);
        for reads in [true, false] {
            let mut pieces = Pieces::default();
            pieces.add(text.as_bytes());
            let mut peek = Peek::at(&pieces.pieces[0]);
            assert!(!holds_none(&text, peek.look()), "it was there");
            if reads {
                let mut copy = vec![0; text.len() - 1];
                pieces.read_exact(&mut copy).expect("bytes");
                assert!(holds_none(&text, peek.look()), "read");
            }
            drop(pieces);
            assert!(holds_none(&text, peek.look()), "dropped");
        }
    }

    #[test]
    fn debug_says_how_many_bytes() {
        let mut pieces = Pieces::default();
        pieces.add(b"hunter2");
        assert_eq!(format!("{pieces:?}"), "Pieces(7 bytes)");
    }
}
