//! The order of keys: that of go-yaml v2, which compares runs of digits as numbers and puts letters last.

use serde_json::{Map, Value as Json};

use go::sort::go_sort;

/// Returns the entries of `map` in the order of kubectl's YAML. That order is not transitive (`a1b` < `a9` < `a10` <
/// `a1b`); for such keys kubectl's output differs from run to run, and this one does not.
pub fn sorted(map: &Map<String, Json>) -> Vec<(&str, &Json)> {
    let mut entries: Vec<(&str, &Json)> = map.iter().map(|(key, value)| (key.as_str(), value)).collect();
    if !entries.is_sorted_by(|a, b| !less(b.0, a.0)) {
        go_sort(&mut entries, &mut |a, b| less(a.0, b.0));
    }
    entries
}

/// Compares two keys as go-yaml v2's `keyList.Less` does.
fn less(a: &str, b: &str) -> bool {
    // The common prefix in bytes consists of equal characters, but may end within one.
    let mut start = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    while !a.is_char_boundary(start) {
        start -= 1;
    }
    let (rest_a, rest_b) = (&a[start..], &b[start..]);
    let (Some(x), Some(y)) = (rest_a.chars().next(), rest_b.chars().next()) else {
        return rest_a.is_empty() && !rest_b.is_empty();
    };
    match (x.is_alphabetic(), y.is_alphabetic()) {
        (true, true) => return x < y,
        (letter_a, letter_b) if letter_a || letter_b => return letter_b,
        _ => {}
    }
    // A zero within a longer number is not a leading zero.
    let inside =
        (x == '0' || y == '0') && a[..start].bytes().rev().take_while(u8::is_ascii_digit).any(|digit| digit != b'0');
    let (number_a, length_a) = number(rest_a, inside);
    let (number_b, length_b) = number(rest_b, inside);
    if number_a != number_b {
        return number_a < number_b;
    }
    if length_a != length_b {
        return length_a < length_b;
    }
    x < y
}

/// Returns the number at the beginning of `text`, with Go's wrapping arithmetic, and its length.
fn number(text: &str, inside: bool) -> (i64, usize) {
    let digits = text.bytes().take_while(u8::is_ascii_digit);
    digits.fold((i64::from(inside), 0), |(value, length), digit| {
        (value.wrapping_mul(10).wrapping_add(i64::from(digit - b'0')), length + 1)
    })
}
