//! Base64 as Go's `encoding/base64` decodes it: line breaks are skipped, and an error has the offset of the invalid
//! byte.

/// Decodes standard, padded base64.
///
/// # Errors
/// The offset that Go's `CorruptInputError` has, for `illegal base64 data at input byte N`.
pub fn decode(text: &[u8]) -> Result<Vec<u8>, usize> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let mut at = 0;
    loop {
        let mut group = [0u8; 4];
        let mut filled = 0;
        while filled < 4 {
            let Some(&character) = text.get(at) else {
                return if filled == 0 { Ok(bytes) } else { Err(at - filled) };
            };
            at += 1;
            if let Some(bits) = bits(character) {
                if let Some(slot) = group.get_mut(filled) {
                    *slot = bits;
                }
                filled += 1;
            } else if character == b'=' {
                padding(text, &mut at, filled)?;
                push(&mut bytes, group, filled);
                return Ok(bytes);
            } else if !matches!(character, b'\n' | b'\r') {
                return Err(at - 1);
            }
        }
        push(&mut bytes, group, 4);
    }
}

/// Checks the padding after the first `=`; `at` is the offset after that.
fn padding(text: &[u8], at: &mut usize, filled: usize) -> Result<(), usize> {
    let skip = |at: &mut usize| {
        while matches!(text.get(*at), Some(b'\n' | b'\r')) {
            *at += 1;
        }
    };
    if filled < 2 {
        return Err(*at - 1);
    }
    if filled == 2 {
        skip(at);
        match text.get(*at) {
            None => return Err(text.len()),
            Some(b'=') => *at += 1,
            Some(_) => return Err(*at - 1),
        }
    }
    skip(at);
    if *at < text.len() { Err(*at) } else { Ok(()) }
}

fn push(bytes: &mut Vec<u8>, [a, b, c, d]: [u8; 4], filled: usize) {
    let all = [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d];
    bytes.extend(all.iter().take(filled.saturating_sub(1)));
}

fn bits(character: u8) -> Option<u8> {
    Some(match character {
        b'A'..=b'Z' => character - b'A',
        b'a'..=b'z' => character - b'a' + 26,
        b'0'..=b'9' => character - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn decodes_and_names_the_offset_that_go_names() {
        assert_eq!(decode(b"YWRtaW4="), Ok(b"admin".to_vec()));
        assert_eq!(decode(b"YWRt\r\naW4=\n"), Ok(b"admin".to_vec()));
        assert_eq!(decode(b""), Ok(Vec::new()));
        assert_eq!(decode(b"not base64!"), Err(3));
        assert_eq!(decode(b"-_-_"), Err(0));
        assert_eq!(decode(b"YWRtaW4"), Err(4));
        assert_eq!(decode(b"!!"), Err(0));
        assert_eq!(decode(b"YQ="), Err(3));
        assert_eq!(decode(b"YQ==YQ=="), Err(4));
        assert_eq!(decode(b"Y==="), Err(1));
    }
}
