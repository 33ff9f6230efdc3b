//! Resolves scalars: the YAML 1.1 types, as go-yaml v2 does.

use serde_json::{Number, Value as Json};

/// The type of a resolved scalar. The text of a string stays where it is.
pub(super) enum Resolved {
    Null,
    Bool(bool),
    Int(i64),
    /// An integer above `i64::MAX`.
    Uint(u64),
    Float(f64),
    /// A date or time, of which kubectl keeps the text.
    Timestamp,
    Text,
}

impl Resolved {
    /// Returns the short tag of its type.
    pub(super) fn tag(&self) -> &'static str {
        match self {
            Self::Null => "!!null",
            Self::Bool(_) => "!!bool",
            Self::Int(_) | Self::Uint(_) => "!!int",
            Self::Float(_) => "!!float",
            Self::Timestamp => "!!timestamp",
            Self::Text => "!!str",
        }
    }

    /// Returns the string that a key of this type becomes, or `None` if Go refuses it (null, an integer above
    /// `i64::MAX`).
    pub(super) fn key(&self, text: &str) -> Option<String> {
        match self {
            Self::Null | Self::Uint(_) => None,
            Self::Bool(value) => Some(value.to_string()),
            Self::Int(value) => Some(value.to_string()),
            Self::Float(value) if value.is_nan() => Some(".nan".to_owned()),
            Self::Float(value) if value.is_infinite() => Some(if *value > 0.0 { ".inf" } else { "-.inf" }.to_owned()),
            Self::Float(value) => Some(go_float(*value)),
            Self::Timestamp | Self::Text => Some(text.to_owned()),
        }
    }
}

/// Returns `value` as JSON in the form that Go writes and kubectl reads: a whole number is an integer if it fits into
/// `i64`. `None` for infinities and NaN, which JSON cannot represent.
pub(super) fn float(value: f64) -> Option<Json> {
    // The shortest digits, with zeros behind them: 2^62 is 4611686018427388000.
    if value.fract() == 0.0
        && let Ok(whole) = go::float::json(value).parse::<i64>()
    {
        return Some(Json::from(whole));
    }
    Number::from_f64(value).map(Json::Number)
}

/// Returns the type of a plain scalar, or of a scalar with an explicit tag of a scalar type.
pub(super) fn resolve(text: &str, timestamps: bool) -> Resolved {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Resolved::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Resolved::Bool(true);
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Resolved::Bool(false);
        }
        ".nan" | ".NaN" | ".NAN" => return Resolved::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Resolved::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Resolved::Float(f64::NEG_INFINITY),
        _ => {}
    }
    match text.as_bytes().first() {
        // Go uses its own parser here, which also accepts hexadecimal floats and underscores; no such text begins with
        // a point.
        Some(b'.') => decimal_float(text).map_or(Resolved::Text, Resolved::Float),
        Some(b'0'..=b'9' | b'+' | b'-') => number(text, timestamps),
        _ => Resolved::Text,
    }
}

fn number(text: &str, timestamps: bool) -> Resolved {
    if timestamps && is_timestamp(text) {
        return Resolved::Timestamp;
    }
    let plain: String;
    let plain = if text.contains('_') {
        plain = text.replace('_', "");
        plain.as_str()
    } else {
        text
    };
    let (negative, signed, digits) = match plain.as_bytes().first() {
        Some(b'-') => (true, true, &plain[1..]),
        Some(b'+') => (false, true, &plain[1..]),
        _ => (false, false, plain),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    // `from_str_radix` would accept a second sign.
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        match u64::from_str_radix(digits, radix) {
            Ok(value) if negative && value <= i64::MIN.unsigned_abs() => {
                return Resolved::Int((value as i64).wrapping_neg());
            }
            Ok(value) if !negative => match i64::try_from(value) {
                Ok(value) => return Resolved::Int(value),
                Err(_) if !signed => return Resolved::Uint(value),
                Err(_) => {}
            },
            _ => {}
        }
    }
    decimal_float(plain).map_or(Resolved::Text, Resolved::Float)
}

/// Parses `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?` within the range of a double.
fn decimal_float(text: &str) -> Option<f64> {
    let rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let well_formed = match mantissa.split_once('.') {
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
        None => digits(mantissa),
    };
    if !well_formed || exponent.is_some_and(|text| !digits(text.strip_prefix(['-', '+']).unwrap_or(text))) {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// Returns `true` if Go parses `text` as a date or time: `2006-1-2`, also with `T15:4:5Z`, `t15:4:5+01:00` or `
/// 15:4:5`, each optionally with a fraction of a second.
fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 8 || !bytes[..4].iter().all(u8::is_ascii_digit) || bytes[4] != b'-' {
        return false;
    }
    let date_end = text.find(['T', 't', ' ']).unwrap_or(text.len());
    let (date, time) = text.split_at(date_end);
    let mut parts = date.split('-');
    let year = parts.next().and_then(|part| part.parse::<u16>().ok());
    let (month, day) = (parts.next().and_then(short), parts.next().and_then(short));
    let (Some(year), Some(month), Some(day), None) = (year, month, day, parts.next()) else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    if !(1..=days).contains(&day) {
        return false;
    }
    match time.as_bytes().first() {
        None => true,
        Some(b' ') => is_time(&time[1..]),
        Some(_) => {
            let time = &time[1..];
            let zone = time.find(['Z', '+', '-']).unwrap_or(time.len());
            is_time(&time[..zone]) && is_zone(&time[zone..])
        }
    }
}

/// Parses a number of one or two digits.
fn short(text: &str) -> Option<u8> {
    (matches!(text.len(), 1 | 2) && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn is_time(text: &str) -> bool {
    let (clock, fraction) = match text.split_once(['.', ',']) {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (text, None),
    };
    let mut parts = clock.split(':').map(short);
    let in_range = |part: Option<Option<u8>>, end| part.flatten().is_some_and(|part| part < end);
    in_range(parts.next(), 24)
        && in_range(parts.next(), 60)
        && in_range(parts.next(), 60)
        && parts.next().is_none()
        && fraction.is_none_or(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_zone(text: &str) -> bool {
    match text.as_bytes() {
        b"Z" => true,
        [b'+' | b'-', a, b, b':', c, d] => [a, b, c, d].iter().all(|byte| byte.is_ascii_digit()),
        _ => false,
    }
}

/// Returns a timestamp as Go encodes a time in JSON (`time.RFC3339Nano`); without a zone it is UTC.
pub(super) fn rfc3339(text: &str) -> String {
    let (date, time) = text.split_at(text.find(['T', 't', ' ']).unwrap_or(text.len()));
    let time = time.get(1..).unwrap_or_default();
    let (clock, zone) = time.split_at(time.find(['Z', '+', '-']).unwrap_or(time.len()));
    let (clock, fraction) = clock.split_once(['.', ',']).unwrap_or((clock, ""));
    let two = |text: &str, at: char| text.split(at).map(|part| format!("{part:0>2}")).collect::<Vec<_>>();
    let (date, clock) = (two(date, '-').join("-"), two(if clock.is_empty() { "0:0:0" } else { clock }, ':').join(":"));
    let fraction = fraction.get(..9).unwrap_or(fraction).trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    let zone = if matches!(zone, "" | "+00:00" | "-00:00") { "Z" } else { zone };
    format!("{date}T{clock}{point}{fraction}{zone}")
}

/// Formats as `strconv.FormatFloat(value, 'g', -1, 64)`: the shortest digits, with an exponent below -4 and from 6 on.
fn go_float(value: f64) -> String {
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>().unwrap_or_default() {
        -4..=5 => value.to_string(),
        exponent => format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> &'static str {
        resolve(text, true).tag()
    }

    #[test]
    fn types_of_plain_scalars() {
        for text in ["", "~", "null", "NULL"] {
            assert_eq!(tag(text), "!!null", "{text}");
        }
        for text in ["y", "No", "ON", "off", "True"] {
            assert_eq!(tag(text), "!!bool", "{text}");
        }
        for (text, value) in [
            ("0", 0),
            ("-0", 0),
            ("+1", 1),
            ("1_000", 1000),
            ("0777", 511),
            ("0o755", 493),
            ("0x1F", 31),
            ("-0x10", -16),
            ("0b11", 3),
            ("-0b11", -3),
            ("0_7", 7),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
        ] {
            assert!(matches!(resolve(text, true), Resolved::Int(found) if found == value), "{text}");
        }
        for text in ["1.5", "1.", ".5", "1e3", "-1.5E-7", "08", "123456789012345678901234567890", ".inf", "1e3_0"] {
            assert_eq!(tag(text), "!!float", "{text}");
        }
        for text in ["yEs", "nULL", "1:20", "12:30:45", "0b12", "0o8", "1e400", "--1", "+-1", "0x", "_1", ".", "1.5.2"]
        {
            assert_eq!(tag(text), "!!str", "{text}");
        }
        for text in ["2020-01-01", "2020-1-2", "2020-02-29", "2020-01-01T10:00:00Z", "2020-01-01 1:2:3.5"] {
            assert_eq!(tag(text), "!!timestamp", "{text}");
        }
        for text in ["2021-02-29", "2020-13-01", "2020-01-01T10:00:00", "2020-01-01 25:00:00"] {
            assert_eq!(tag(text), "!!str", "{text}");
        }
    }

    #[test]
    fn whole_floats() {
        for (value, expected) in [
            (1e3, "1000"),
            (-0.0, "0"),
            (4611686018427387904.0, "4611686018427388000"),
            (-9223372036854775808.0, "-9.223372036854776e+18"),
            (1e20, "1e+20"),
            (1.5, "1.5"),
        ] {
            assert_eq!(float(value).expect("a number").to_string(), expected);
        }
        assert_eq!(float(f64::NAN), None);
    }

    #[test]
    fn times_as_go_writes_them() {
        for (text, expected) in [
            ("2001-1-2", "2001-01-02T00:00:00Z"),
            ("2001-12-14t21:59:43.10-05:00", "2001-12-14T21:59:43.1-05:00"),
            ("2001-12-14 1:2:3", "2001-12-14T01:02:03Z"),
            ("2001-12-14 1:2:3.1234567891", "2001-12-14T01:02:03.123456789Z"),
            ("2001-12-14T01:02:03.000+00:00", "2001-12-14T01:02:03Z"),
        ] {
            assert_eq!(tag(text), "!!timestamp");
            assert_eq!(rfc3339(text), expected);
        }
    }

    #[test]
    fn keys_that_are_numbers() {
        for (value, text) in
            [(1.5, "1.5"), (1e3, "1000"), (1e20, "1e+20"), (1234567.0, "1.234567e+06"), (1e-5, "1e-05")]
        {
            assert_eq!(go_float(value), text);
        }
    }
}
