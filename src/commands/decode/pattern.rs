//! Glob patterns for keys: `*` and `?`.

/// Returns whether a key matches any of the patterns, or there are none.
pub fn any(patterns: &[String], key: &str) -> bool {
    patterns.is_empty() || patterns.iter().any(|pattern| matches(pattern.as_bytes(), key.as_bytes()))
}

/// Matches in one pass: on a mismatch it goes back to the last `*`, which takes one byte more.
fn matches(pattern: &[u8], key: &[u8]) -> bool {
    let (mut p, mut k) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while k < key.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, k));
                p += 1;
            }
            Some(c) if *c == b'?' || Some(c) == key.get(k) => {
                p += 1;
                k += 1;
            }
            _ => match &mut star {
                Some((at, taken)) => {
                    *taken += 1;
                    p = *at + 1;
                    k = *taken;
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).unwrap_or_default().iter().all(|c| *c == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks() {
        let m = |pattern: &str, key: &str| matches(pattern.as_bytes(), key.as_bytes());
        for (pattern, key) in [
            ("*", ""),
            ("*", "a"),
            ("a*", "a"),
            ("*.crt", "tls.crt"),
            ("t?s*t", "tls.crt"),
            ("a*b*c", "aXbYbZc"),
            ("*a", "aaa"),
        ] {
            assert!(m(pattern, key), "{pattern} {key}");
        }
        for (pattern, key) in [("", "a"), ("a", "ab"), ("?", ""), ("*.crt", "crt"), ("a*b", "abc"), ("A", "a")] {
            assert!(!m(pattern, key), "{pattern} {key}");
        }
        assert!(any(&[], "x") && any(&["y".into(), "x".into()], "x") && !any(&["y".into()], "x"));
    }
}
