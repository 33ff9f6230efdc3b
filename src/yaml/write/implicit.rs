//! Determines which plain scalars a YAML 1.1 parser would not read as strings: go-yaml v2's `resolve`, and its special
//! case for base 60.

/// Returns `true` if `text`, written without quotes, is read as a string. Checks the type only, not the syntax.
pub fn is_string(text: &str) -> bool {
    let Some(&first) = text.as_bytes().first() else { return false };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => !is_word(text),
        b'.' => !is_word(text) && !is_float_with_leading_dot(text),
        b'0'..=b'9' | b'+' | b'-' => !is_word(text) && !is_timestamp(text) && !is_number(text) && !is_base_60(text),
        _ => true,
    }
}

/// Returns `true` if some YAML parser may not read `text` as a string: KYAML's `yamlGuessesWrong`, for strings of
/// letters, digits and `_-./`.
pub fn looks_typed(text: &str) -> bool {
    const WORDS: [&str; 14] =
        ["null", "true", "t", "y", "yes", "on", "false", "f", "n", "no", "off", "inf", "infinity", "nan"];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)) || is_number(text) || is_timestamp(text)
}

fn is_word(text: &str) -> bool {
    matches!(
        text,
        "y" | "Y"
            | "yes"
            | "Yes"
            | "YES"
            | "true"
            | "True"
            | "TRUE"
            | "on"
            | "On"
            | "ON"
            | "n"
            | "N"
            | "no"
            | "No"
            | "NO"
            | "false"
            | "False"
            | "FALSE"
            | "off"
            | "Off"
            | "OFF"
            | "~"
            | "null"
            | "Null"
            | "NULL"
            | ".nan"
            | ".NaN"
            | ".NAN"
            | ".inf"
            | ".Inf"
            | ".INF"
            | "+.inf"
            | "+.Inf"
            | "+.INF"
            | "-.inf"
            | "-.Inf"
            | "-.INF"
    )
}

/// Parses a number that begins with a point, as Go's `strconv.ParseFloat` does.
fn is_float_with_leading_dot(text: &str) -> bool {
    let bytes = text.as_bytes();
    let between_digits =
        |at: usize| at > 0 && bytes[at - 1].is_ascii_digit() && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
    if bytes.iter().enumerate().any(|(at, &byte)| byte == b'_' && !between_digits(at)) {
        return false;
    }
    is_finite_float(&text.replace('_', ""))
}

/// Matches `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$` within the range of a float64.
fn is_finite_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let whole = digits(unsigned);
    let mut rest = &unsigned[whole..];
    let mut fraction = 0;
    if let Some(after) = rest.strip_prefix('.') {
        fraction = digits(after);
        rest = &after[fraction..];
    }
    if whole + fraction == 0 {
        return false;
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        if exponent.is_empty() || digits(exponent) != exponent.len() {
            return false;
        }
        rest = "";
    }
    rest.is_empty() && text.parse::<f64>().is_ok_and(f64::is_finite)
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Returns `true` for an integer of any size in Go's syntax (`0x`, `0o`, `0b`, a leading zero, underscores anywhere),
/// or a float.
fn is_number(text: &str) -> bool {
    // Fast path: most strings that begin with a digit have other characters, too.
    if !text
        .bytes()
        .all(|b| b.is_ascii_hexdigit() || matches!(b, b'_' | b'.' | b'+' | b'-' | b'x' | b'X' | b'o' | b'O'))
    {
        return false;
    }
    let plain = text.replace('_', "");
    let unsigned = plain.strip_prefix(['-', '+']).unwrap_or(&plain);
    let integer = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', rest @ ..] => !rest.is_empty() && rest.iter().all(u8::is_ascii_hexdigit),
        [b'0', b'b' | b'B', rest @ ..] => !rest.is_empty() && rest.iter().all(|b| matches!(b, b'0' | b'1')),
        [b'0', b'o' | b'O', rest @ ..] => !rest.is_empty() && rest.iter().all(|b| matches!(b, b'0'..=b'7')),
        rest => !rest.is_empty() && rest.iter().all(u8::is_ascii_digit),
    };
    // go-yaml strips `0b` itself, and so allows a sign after it.
    let signed_binary = plain
        .strip_prefix("0b")
        .and_then(|rest| rest.strip_prefix(['-', '+']))
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| matches!(b, b'0' | b'1')));
    integer || signed_binary || is_finite_float(&plain)
}

/// Matches `^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$`.
fn is_base_60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !unsigned.contains(':') || !unsigned.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let mut parts = whole.split(':');
    let digit_or_underscore = |b: u8| b.is_ascii_digit() || b == b'_';
    parts.next().is_some_and(|head| head.bytes().all(digit_or_underscore))
        && fraction.bytes().all(digit_or_underscore)
        && parts.all(|part| match part.as_bytes() {
            [ones] => ones.is_ascii_digit(),
            [b'0'..=b'5', ones] => ones.is_ascii_digit(),
            _ => false,
        })
}

/// Returns `true` for a date, or a date and time, in one of go-yaml's four layouts, with Go's checks of ranges.
pub fn is_timestamp(text: &str) -> bool {
    if digits(text) != 4 || text.as_bytes().get(4) != Some(&b'-') {
        return false;
    }
    date(text).is_some_and(|rest| match rest.as_bytes() {
        [] => true,
        [b'T' | b't', ..] => time(&rest[1..]).is_some_and(is_zone),
        [b' ', ..] => time(rest.trim_start_matches(' ')).is_some_and(str::is_empty),
        _ => false,
    })
}

/// Strips a date, `2006-1-2`, from the beginning.
fn date(text: &str) -> Option<&str> {
    let year: u32 = text[..4].parse().ok()?;
    let (month, rest) = one_or_two_digits(&text[5..])?;
    let (day, rest) = one_or_two_digits(rest.strip_prefix('-')?)?;
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    (1..=last).contains(&day).then_some(rest)
}

/// Strips a time, `15:4:5.999999999`, from the beginning.
fn time(text: &str) -> Option<&str> {
    let (hour, rest) = one_or_two_digits(text)?;
    let (minute, rest) = one_or_two_digits(rest.strip_prefix(':')?)?;
    let (second, mut rest) = one_or_two_digits(rest.strip_prefix(':')?)?;
    if hour >= 24 || minute >= 60 || second >= 60 {
        return None;
    }
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let length = digits(fraction);
        if length > 0 {
            rest = &fraction[length..];
        }
    }
    Some(rest)
}

/// Matches a time zone, `Z07:00`.
fn is_zone(text: &str) -> bool {
    match text.as_bytes() {
        [b'Z'] => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => {
            let number = |tens: &u8, ones: &u8| {
                (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| (tens - b'0') * 10 + (ones - b'0'))
            };
            number(h1, h2).is_some_and(|hours| hours <= 24) && number(m1, m2).is_some_and(|minutes| minutes <= 60)
        }
        _ => false,
    }
}

fn one_or_two_digits(text: &str) -> Option<(u32, &str)> {
    let length = digits(text).min(2);
    Some((text[..length].parse().ok()?, &text[length..]))
}
