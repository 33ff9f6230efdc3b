//! Elements of BER, which includes DER. Why BER: some programs write PKCS#12 with indefinite lengths and with strings
//! in pieces.

use zeroize::Zeroizing;

pub const INTEGER: u8 = 0x02;
pub const OCTETS: u8 = 0x04;
pub const NULL: u8 = 0x05;
pub const OID: u8 = 0x06;
pub const SEQUENCE: u8 = 0x30;
/// The tag `[0]` of a primitive element, and of one that contains elements.
pub const CONTEXT: u8 = 0x80;
pub const CONTEXT_WITH: u8 = 0xa0;
/// The bit in the tag of elements that contain elements.
const CONSTRUCTED: u8 = 0x20;

/// How deep elements may be nested. Why: reading recurses, and a hostile file must not exhaust the stack. PKCS#12 needs
/// eight levels.
const DEPTH: usize = 24;

/// The elements that are not read yet.
#[derive(Clone, Copy)]
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    /// Reads the next element: its tag and its content. Returns `None` at the end, and if the element is malformed.
    pub fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (tag, content, rest) = element(self.0, DEPTH)?;
        self.0 = rest;
        Some((tag, content))
    }

    /// Reads the content of the next element if it has this tag.
    pub fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let mut reader = *self;
        let (found, content) = reader.next()?;
        (found == tag).then(|| {
            *self = reader;
            content
        })
    }

    /// Reads the elements inside the next one if it has this tag.
    pub fn enter(&mut self, tag: u8) -> Option<Reader<'a>> {
        self.take(tag).map(Reader)
    }

    /// Reads an octet string, or a string with this primitive tag, which may be in pieces.
    pub fn octets(&mut self, tag: u8) -> Option<Zeroizing<Vec<u8>>> {
        let all = self.0.len();
        let (found, content) = self.next()?;
        if found == tag {
            return Some(Zeroizing::new(content.to_vec()));
        }
        let mut pieces = (found == tag | CONSTRUCTED).then_some(Reader(content))?;
        let mut joined = Zeroizing::new(Vec::with_capacity(all));
        while !pieces.0.is_empty() {
            joined.extend_from_slice(pieces.take(OCTETS)?);
        }
        Some(joined)
    }

    /// Reads a number of at most 32 bits that is not negative.
    pub fn number(&mut self) -> Option<u32> {
        let content = self.take(INTEGER)?;
        let digits = content.strip_prefix(&[0]).unwrap_or(content);
        let is_small = digits.len() <= 4 && content.first().is_some_and(|first| *first < 0x80);
        is_small.then(|| digits.iter().fold(0, |number, digit| number << 8 | u32::from(*digit)))
    }
}

/// Splits off the first element. Returns its content and what follows it.
fn element(data: &[u8], depth: usize) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = data.split_first()?;
    // Why refused: nothing that is read here has a tag of several bytes.
    if tag & 0x1f == 0x1f {
        return None;
    }
    let (first, rest) = rest.split_first()?;
    let length = match first {
        0..0x80 => usize::from(*first),
        0x80 if tag & CONSTRUCTED != 0 => {
            let mut inner = rest;
            loop {
                if let Some(after) = inner.strip_prefix(&[0, 0]) {
                    return Some((*tag, rest.get(..rest.len() - inner.len())?, after));
                }
                (_, _, inner) = element(inner, depth.checked_sub(1)?)?;
            }
        }
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let length = digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
            let (content, rest) = rest.split_at_checked(length)?;
            return Some((*tag, content, rest));
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}
