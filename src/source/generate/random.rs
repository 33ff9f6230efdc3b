//! Random numbers of the operating system, as bytes, choices and text.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ring::rand::{SecureRandom as _, SystemRandom};
use zeroize::Zeroizing;

use super::recipe::Alphabet;

/// The English word list of BIP-0039 (MIT licence): 2048 words, 11 bits each, which differ in their first four letters.
const WORDS: &str = include_str!("words.txt");

/// Fills `bytes` with random bytes.
pub fn fill(bytes: &mut [u8]) -> Result<(), String> {
    SystemRandom::new().fill(bytes).map_err(|_| "the operating system has no randomness".to_owned())
}

/// Returns random bytes, wiped on drop.
pub fn bytes(length: usize) -> Result<Zeroizing<Vec<u8>>, String> {
    let mut bytes = Zeroizing::new(vec![0; length]);
    fill(&mut bytes)?;
    Ok(bytes)
}

/// Returns a uniformly distributed number below `bound`, which is at most 65,536.
fn below(bound: u32) -> Result<usize, String> {
    // Why numbers above the limit are drawn again: the remainder of all numbers would favour small results.
    let limit = 65_536 - 65_536 % bound;
    loop {
        let mut two = [0; 2];
        fill(&mut two)?;
        let number = u32::from(u16::from_ne_bytes(two));
        if number < limit {
            return Ok((number % bound) as usize);
        }
    }
}

/// Returns random text of single-byte characters from an alphabet.
pub fn text(length: usize, alphabet: &[u8]) -> Result<String, String> {
    let bound = u32::try_from(alphabet.len()).unwrap_or_default().max(1);
    let mut text = String::with_capacity(length);
    for _ in 0..length {
        text.push(alphabet.get(below(bound)?).copied().unwrap_or_default().into());
    }
    Ok(text)
}

/// Returns random text of an alphabet. If the alphabet has required classes, text that lacks one is discarded and drawn
/// again as a whole. Why: every text with all classes is then equally likely.
pub fn of_alphabet(length: usize, alphabet: Alphabet, unambiguous: bool) -> Result<String, String> {
    let classes = alphabet.classes();
    let characters: Vec<u8> =
        classes.concat().bytes().filter(|byte| !unambiguous || !AMBIGUOUS.contains(byte)).collect();
    loop {
        let made = Zeroizing::new(text(length, &characters)?);
        let has = |class: &&str| made.contains(|character| class.contains(character));
        if !alphabet.requires_each() || length < classes.len() || classes.iter().all(has) {
            return Ok(made.to_string());
        }
    }
}

/// Characters that are mistaken for others: 0 and O, 1, l, I and |, 5 and S, 2 and Z, 8 and B.
pub const AMBIGUOUS: &[u8] = b"0Oo1lI|5S2Z8B";

/// Returns a random UUID (version 4, RFC 9562).
pub fn uuid() -> Result<String, String> {
    let mut bytes = [0; 16];
    fill(&mut bytes)?;
    let number = u128::from_be_bytes(bytes) & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let digits = format!("{number:032x}");
    let part = |from, to| digits.get(from..to).unwrap_or_default();
    Ok([part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-"))
}

/// Returns random bytes as hexadecimal digits.
pub fn hex(length: usize) -> Result<String, String> {
    // Why with capacity: a buffer that grows leaves unwiped copies behind.
    let mut digits = String::with_capacity(2 * length);
    for byte in bytes(length)?.iter() {
        for nibble in [byte >> 4, byte & 0xf] {
            digits.extend(char::from_digit(nibble.into(), 16));
        }
    }
    Ok(digits)
}

/// Returns random bytes in base64; with `url` in the URL-safe alphabet without padding.
pub fn base64(length: usize, url: bool) -> Result<String, String> {
    let engine = if url { URL_SAFE_NO_PAD } else { STANDARD };
    Ok(engine.encode(&*bytes(length)?))
}

/// Returns random words joined by a separator.
pub fn passphrase(words: usize, separator: &str) -> Result<String, String> {
    let list: Vec<&str> = WORDS.lines().collect();
    let bound = u32::try_from(list.len()).unwrap_or_default().max(1);
    let longest = list.iter().map(|word| word.len()).max().unwrap_or_default();
    let mut phrase = String::with_capacity(words * (longest + separator.len()));
    for at in 0..words {
        if at > 0 {
            phrase.push_str(separator);
        }
        phrase.push_str(list.get(below(bound)?).copied().unwrap_or_default());
    }
    Ok(phrase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_character_is_as_likely() {
        let made = text(60_000, b"abc").unwrap();
        for letter in ['a', 'b', 'c'] {
            let count = made.matches(letter).count();
            // Within six standard deviations.
            assert!((19_300..20_700).contains(&count), "{letter}: {count}");
        }
    }

    #[test]
    fn the_list_is_whole() {
        let mut words: Vec<&str> = WORDS.lines().collect();
        assert_eq!(words.len(), 2048);
        assert!(words.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()) && word.len() >= 3));
        words.dedup();
        assert_eq!(words.len(), 2048);
    }
}
