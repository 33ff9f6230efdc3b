//! Bounded reading of input that may have no end.

use std::io::{self, BufRead, Read};

use zeroize::Zeroize as _;

/// Reads `input` to its end into `buffer`, which must be empty. Stops one byte beyond `limit`, by which the caller sees
/// that there is more. `size` is the expected number of bytes.
///
/// Invariant: the buffer is reallocated at most once, and the old one is wiped. Growing by doubling would leave copies
/// of values in freed memory, and take several times their size.
///
/// # Errors
/// The system's. What was read before is in the buffer.
pub fn read(mut input: impl Read, size: u64, limit: usize, buffer: &mut Vec<u8>) -> io::Result<()> {
    let expected = usize::try_from(size).unwrap_or(usize::MAX).clamp(LEAST.min(limit), limit) + 1;
    buffer.reserve_exact(expected);
    input.by_ref().take(expected as u64).read_to_end(buffer)?;
    if buffer.len() < expected || buffer.len() > limit {
        return Ok(());
    }
    grow(buffer, limit + 1);
    input.take((limit + 1 - buffer.len()) as u64).read_to_end(buffer).map(drop)
}

/// Reads a line with its end into `line`, which must be empty, or at most `limit` bytes of it; returns how many. The
/// buffer of a long line is reallocated once, as in [`read`].
///
/// # Errors
/// The system's.
pub fn read_line(input: &mut impl BufRead, limit: usize, line: &mut Vec<u8>) -> io::Result<usize> {
    input.by_ref().take(LONG.min(limit) as u64).read_until(b'\n', line)?;
    if line.len() == LONG && !line.ends_with(b"\n") {
        grow(line, limit);
        input.take(limit.saturating_sub(LONG) as u64).read_until(b'\n', line)?;
    }
    Ok(line.len())
}

/// A reader that does not read again after the end of its input. Why: a terminal would wait for another line.
pub struct ToEnd<R> {
    input: R,
    ended: bool,
}

impl<R> ToEnd<R> {
    /// Wraps a reader.
    pub fn new(input: R) -> Self {
        Self { input, ended: false }
    }

    /// Returns the reader.
    pub fn get_mut(&mut self) -> &mut R {
        &mut self.input
    }
}

impl<R: Read> Read for ToEnd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ended {
            return Ok(0);
        }
        let count = self.input.read(buffer)?;
        self.ended = count == 0 && !buffer.is_empty();
        Ok(count)
    }
}

/// Reallocates a buffer for `capacity` bytes in all, and wipes the old one.
pub fn grow(buffer: &mut Vec<u8>, capacity: usize) {
    if buffer.capacity() >= capacity {
        return;
    }
    let mut larger = Vec::with_capacity(capacity);
    larger.extend_from_slice(buffer);
    std::mem::replace(buffer, larger).zeroize();
}

/// The initial capacity of buffers.
const LEAST: usize = 8 << 10;
/// The capacity for most lines and documents. The buffer of a longer one grows at once to the largest size that it may
/// have.
pub const LONG: usize = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_it_or_one_byte_too_many() {
        for length in [0, 1, LEAST, LEAST + 1, 3 * LEAST, 4 * LEAST - 1, 4 * LEAST, 4 * LEAST + 1, 9 * LEAST] {
            for size in [0, length, 4 * LEAST, usize::MAX] {
                for limit in [0, 10, 4 * LEAST] {
                    let (input, mut buffer) = (vec![7; length], Vec::new());
                    read(&input[..], size as u64, limit, &mut buffer).expect("what was read");
                    assert_eq!(buffer.len(), length.min(limit + 1), "{length} {size} {limit}");
                    assert!(buffer.capacity() <= limit + 1, "{length} {size} {limit}: {}", buffer.capacity());
                }
            }
        }
    }

    #[test]
    fn a_line_however_long() {
        for length in [0, 10, LONG - 1, LONG, LONG + 1, 2 * LONG, 3 * LONG] {
            let text = [vec![b'a'; length], b"\nb".to_vec()].concat();
            for limit in [10, LONG, 2 * LONG + 1] {
                let mut line = Vec::new();
                let read = read_line(&mut &text[..], limit, &mut line).expect("a line");
                assert_eq!((read, line.as_slice()), (line.len(), &text[..(length + 1).min(limit)]), "{length} {limit}");
            }
        }
    }
}
