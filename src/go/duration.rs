//! Durations in Go's notation: `10s`, `1m30s`, `1.5h`, as in flags and query parameters.

use std::time::Duration;

use crate::quote::quote;

/// The units, with their length in nanoseconds.
const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Parses a duration as Go's `time.ParseDuration` does; returns `None` if it is malformed or negative.
pub fn parse(text: &str) -> Option<Duration> {
    let nanos = parse_nanos(text).ok().filter(|_| !text.starts_with('-'))?;
    Some(Duration::from_nanos(nanos.unsigned_abs()))
}

/// Parses a duration as Go's `time.ParseDuration` does; returns nanoseconds.
///
/// # Errors
/// Go's words.
pub fn parse_nanos(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", quote(text));
    let (negative, mut rest) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let number = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (digits, tail) = rest.split_at(number);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        // A second point ends the number; no unit begins with one.
        let unit_end = tail.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(if fraction.contains('.') { 0 } else { unit_end });
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration {}", quote(text)));
        }
        let scale = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, scale)| i128::from(*scale));
        let scale = scale.ok_or_else(|| format!("time: unknown unit {} in duration {}", quote(unit), quote(text)))?;
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| invalid())? };
        let whole = whole.checked_mul(scale).ok_or_else(invalid)?;
        total = total.checked_add(whole).ok_or_else(invalid)?;
        let mut place = scale;
        for digit in fraction.bytes() {
            place /= 10;
            total = total.checked_add(i128::from(digit - b'0') * place).ok_or_else(invalid)?;
        }
        rest = tail;
    }
    i64::try_from(if negative { -total } else { total }).map_err(|_| invalid())
}

/// Formats a duration as Go's `Duration.String` does: `1s`, `1m30s`, `500ms`.
pub fn format(duration: Duration) -> String {
    let nanos = duration.as_nanos();
    if nanos == 0 {
        return "0s".into();
    }
    if nanos < 1_000_000_000 {
        let (scale, unit) = match nanos {
            0..1_000 => (1, "ns"),
            1_000..1_000_000 => (1_000, "µs"),
            _ => (1_000_000, "ms"),
        };
        return format!("{}{unit}", decimal(nanos, scale));
    }
    let seconds = duration.as_secs();
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    let rest = decimal(nanos % 60_000_000_000, 1_000_000_000);
    match (hours, minutes) {
        (0, 0) => format!("{rest}s"),
        (0, _) => format!("{minutes}m{rest}s"),
        _ => format!("{hours}h{minutes}m{rest}s"),
    }
}

/// Returns `value / scale` in decimal notation, without trailing zeros.
fn decimal(value: u128, scale: u128) -> String {
    let (whole, fraction) = (value / scale, value % scale);
    if fraction == 0 {
        return whole.to_string();
    }
    let width = scale.ilog10() as usize;
    let digits = format!("{fraction:0width$}");
    format!("{whole}.{}", digits.trim_end_matches('0'))
}

/// Parses `--request-timeout` as client-go's `ParseTimeout` does: whole seconds or a duration; returns `None` for no
/// limit (zero, or negative).
///
/// # Errors
/// kubectl's text.
pub fn request_timeout(text: &str) -> Result<Option<Duration>, String> {
    if let Ok(seconds) = text.parse::<i64>()
        && seconds >= 0
    {
        return Ok(Some(Duration::from_secs(seconds.unsigned_abs())).filter(|d| !d.is_zero()));
    }
    if text.strip_prefix('-').is_some_and(|rest| parse(rest).is_some()) {
        return Ok(None);
    }
    parse(text).map(|d| Some(d).filter(|d| !d.is_zero())).ok_or_else(|| {
        "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding \
         time unit (e.g. 1s | 2m | 3h)"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_go_durations() {
        for (text, millis, written) in [
            ("10s", 10_000, "10s"),
            ("1m30s", 90_000, "1m30s"),
            ("1.5h", 5_400_000, "1h30m0s"),
            ("500ms", 500, "500ms"),
            (".5s", 500, "500ms"),
            ("1500ms", 1500, "1.5s"),
            ("1h", 3_600_000, "1h0m0s"),
            ("0", 0, "0s"),
        ] {
            let duration = parse(text).expect(text);
            assert_eq!(duration, Duration::from_millis(millis), "{text}");
            assert_eq!(format(duration), written, "{text}");
        }
        for text in ["", "1", "s", "1x", "1.2.3s", ".s", "1 s", "99999999999h"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse("-1s"), None);
        assert_eq!(parse_nanos("-1.5s"), Ok(-1_500_000_000));
    }

    /// As kubectl 1.37.1 says it.
    #[test]
    fn what_is_no_duration_is_said_as_go_says_it() {
        for (text, error) in [
            ("", "invalid duration \"\""),
            ("-", "invalid duration \"-\""),
            ("5", "missing unit in duration \"5\""),
            ("1.2.3s", "missing unit in duration \"1.2.3s\""),
            ("5x", "unknown unit \"x\" in duration \"5x\""),
            ("x", "invalid duration \"x\""),
            (".s", "invalid duration \".s\""),
            ("99999999999h", "invalid duration \"99999999999h\""),
            (
                "170141183460469231731687303715884105.9us",
                "invalid duration \"170141183460469231731687303715884105.9us\"",
            ),
        ] {
            assert_eq!(parse_nanos(text), Err(format!("time: {error}")), "{text}");
        }
    }

    #[test]
    fn reads_request_timeouts() {
        assert_eq!(request_timeout("5"), Ok(Some(Duration::from_secs(5))));
        assert_eq!(request_timeout("0"), Ok(None));
        assert_eq!(request_timeout("0s"), Ok(None));
        assert_eq!(request_timeout("-1s"), Ok(None));
        assert_eq!(request_timeout("1m30s"), Ok(Some(Duration::from_secs(90))));
        assert!(request_timeout("abc").is_err_and(|e| e.starts_with("Invalid timeout value.")));
        assert!(request_timeout("-1").is_err());
    }
}
