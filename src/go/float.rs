//! Floating-point numbers as Go's `strconv.FormatFloat` formats them.

/// No double has more significant digits; further ones are zeros.
const MOST_DIGITS: usize = 1100;

/// Decimal digits without trailing zeros, and the position of the decimal point: `0.DIGITS × 10^point`.
struct Decimal {
    digits: Vec<u8>,
    point: i32,
}

impl Decimal {
    /// Returns the shortest digits that are parsed as the same number, or `count` significant ones.
    fn new(value: f64, count: Option<usize>) -> Self {
        let text = match count {
            Some(count) => format!("{:.*e}", count.saturating_sub(1).min(MOST_DIGITS), value),
            None => format!("{value:e}"),
        };
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let mut digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).collect();
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        let point = if digits.is_empty() { 0 } else { exponent.parse().unwrap_or(0) + 1 };
        Self { digits, point }
    }

    fn digit(&self, index: i32) -> char {
        usize::try_from(index).ok().and_then(|i| self.digits.get(i)).map_or('0', |&digit| char::from(digit))
    }
}

/// Formats as `strconv.FormatFloat(value, verb, precision, 64)`. `verb` is one of `e E f g G b x X`; without a
/// precision, the result is the shortest text that is parsed as the same number.
pub fn format(value: f64, verb: char, precision: Option<usize>) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let mut out = String::new();
    if value.is_sign_negative() {
        out.push('-');
    }
    let value = value.abs();
    match verb {
        'b' => binary(&mut out, value),
        'x' | 'X' => hexadecimal(&mut out, value, precision, verb == 'X'),
        'f' => match precision {
            Some(precision) => {
                let digits = precision.min(MOST_DIGITS);
                out.push_str(&format!("{value:.digits$}"));
                (digits..precision).for_each(|_| out.push('0'));
            }
            None => fixed(&mut out, &Decimal::new(value, None), None),
        },
        'e' | 'E' => {
            let decimal = Decimal::new(value, precision.map(|p| p + 1));
            scientific(&mut out, &decimal, precision, verb);
        }
        _ => general(&mut out, value, precision, if verb == 'G' { 'E' } else { 'e' }),
    }
    out
}

/// Formats a float as Go's `%v` and `print` do.
pub fn shortest(value: f64) -> String {
    format(value, 'g', None)
}

/// Formats a float as `encoding/json` does: without an exponent between 1e-6 and 1e21.
pub fn json(value: f64) -> String {
    let abs = value.abs();
    if abs == 0.0 || (1e-6..1e21).contains(&abs) {
        return format(value, 'f', None);
    }
    let text = format(value, 'e', None);
    // As in Go, e-09 becomes e-9.
    match text.split_once("e-0") {
        Some((mantissa, exponent)) => format!("{mantissa}e-{exponent}"),
        None => text,
    }
}

fn general(out: &mut String, value: f64, precision: Option<usize>, exponent_letter: char) {
    let precision = precision.map(|p| p.max(1));
    let decimal = Decimal::new(value, precision);
    let count = decimal.digits.len();
    let mut limit = precision.map_or(6, |p| i32::try_from(p).unwrap_or(i32::MAX));
    if precision.is_some() && limit > count as i32 && count as i32 >= decimal.point {
        limit = count as i32;
    }
    let exponent = decimal.point - 1;
    if exponent < -4 || exponent >= limit {
        let digits = precision.map_or(count, |p| p.min(count));
        scientific(out, &decimal, Some(digits.saturating_sub(1)), exponent_letter);
    } else {
        fixed(out, &decimal, Some((count as i32 - decimal.point).max(0)));
    }
}

fn scientific(out: &mut String, decimal: &Decimal, precision: Option<usize>, letter: char) {
    out.push(decimal.digit(0));
    let places = precision.unwrap_or_else(|| decimal.digits.len().saturating_sub(1));
    if places > 0 {
        out.push('.');
        for place in 1..=places {
            out.push(decimal.digit(i32::try_from(place).unwrap_or(i32::MAX)));
        }
    }
    let exponent = if decimal.digits.is_empty() { 0 } else { decimal.point - 1 };
    let sign = if exponent < 0 { '-' } else { '+' };
    out.push_str(&format!("{letter}{sign}{:02}", exponent.abs()));
}

fn fixed(out: &mut String, decimal: &Decimal, places: Option<i32>) {
    if decimal.point > 0 {
        (0..decimal.point).for_each(|i| out.push(decimal.digit(i)));
    } else {
        out.push('0');
    }
    let places = places.unwrap_or_else(|| (decimal.digits.len() as i32 - decimal.point).max(0));
    if places > 0 {
        out.push('.');
        (0..places).for_each(|i| out.push(decimal.digit(decimal.point + i)));
    }
}

/// Returns the mantissa (with its implicit bit) and the exponent: `mantissa × 2^exponent`.
fn parts(value: f64) -> (u64, i32) {
    let bits = value.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    match (bits >> 52) & 0x7ff {
        0 => (fraction, -1074),
        exponent => (fraction | 1 << 52, exponent as i32 - 1075),
    }
}

fn binary(out: &mut String, value: f64) {
    let (mantissa, exponent) = parts(value);
    out.push_str(&format!("{mantissa}p{exponent:+}"));
}

fn hexadecimal(out: &mut String, value: f64, precision: Option<usize>, upper: bool) {
    let (mut mantissa, mut exponent) = parts(value);
    if mantissa == 0 {
        exponent = 0;
    } else {
        // One digit precedes the point: normalize so that the leading one is bit 60.
        exponent += 52;
        mantissa <<= 8;
        while mantissa & (1 << 60) == 0 {
            mantissa <<= 1;
            exponent -= 1;
        }
        if let Some(precision) = precision.filter(|&p| p < 15) {
            let shift = precision as u32 * 4;
            let extra = (mantissa << shift) & ((1 << 60) - 1);
            mantissa >>= 60 - shift;
            if extra | (mantissa & 1) > 1 << 59 {
                mantissa += 1;
            }
            mantissa <<= 60 - shift;
            if mantissa & (1 << 61) != 0 {
                mantissa >>= 1;
                exponent += 1;
            }
        }
    }
    let mut text = format!("0x{}", (mantissa >> 60) & 1);
    let mut rest = mantissa << 4;
    let places = precision.unwrap_or(16);
    if rest != 0 && precision.is_none() || precision.is_some_and(|p| p > 0) {
        text.push('.');
        for _ in 0..places {
            if rest == 0 && precision.is_none() {
                break;
            }
            text.push(char::from_digit((rest >> 60) as u32, 16).unwrap_or('0'));
            rest <<= 4;
        }
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    text.push_str(&format!("p{sign}{:02}", exponent.abs()));
    out.push_str(&if upper { text.to_uppercase() } else { text });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Go prints for `%v|%e|%G|%b|%x|%.3e|%.3g|%.0f|%.1g|%.3x|%.20g`.
    const GO: &[(f64, &str)] = &[
        (0.0, "0|0.000000e+00|0|0p-1074|0x0p+00|0.000e+00|0|0|0|0x0.000p+00|0"),
        (1.0, "1|1.000000e+00|1|4503599627370496p-52|0x1p+00|1.000e+00|1|1|1|0x1.000p+00|1"),
        (100.0, "100|1.000000e+02|100|7036874417766400p-46|0x1.9p+06|1.000e+02|100|100|1e+02|0x1.900p+06|100"),
        (
            1e5,
            "100000|1.000000e+05|100000|6871947673600000p-36|0x1.86ap+16|1.000e+05|1e+05|100000|1e+05|0x1.86ap+16|100000",
        ),
        (
            1e6,
            "1e+06|1.000000e+06|1E+06|8589934592000000p-33|0x1.e848p+19|1.000e+06|1e+06|1000000|1e+06|0x1.e84p+19|1000000",
        ),
        (
            1e7,
            "1e+07|1.000000e+07|1E+07|5368709120000000p-29|0x1.312dp+23|1.000e+07|1e+07|10000000|1e+07|0x1.313p+23|10000000",
        ),
        (
            123456.0,
            "123456|1.234560e+05|123456|8483831719919616p-36|0x1.e24p+16|1.235e+05|1.23e+05|123456|1e+05|0x1.e24p+16|123456",
        ),
        (
            1234567.0,
            "1.234567e+06|1.234567e+06|1.234567E+06|5302424889720832p-32|0x1.2d687p+20|1.235e+06|1.23e+06|1234567|1e+06|0x1.2d7p+20|1234567",
        ),
        (
            1e20,
            "1e+20|1.000000e+20|1E+20|6103515625000000p+14|0x1.5af1d78b58c4p+66|1.000e+20|1e+20|100000000000000000000|1e+20|0x1.5afp+66|1e+20",
        ),
        (
            1e21,
            "1e+21|1.000000e+21|1E+21|7629394531250000p+17|0x1.b1ae4d6e2ef5p+69|1.000e+21|1e+21|1000000000000000000000|1e+21|0x1.b1bp+69|1e+21",
        ),
        (
            1.5e-4,
            "0.00015|1.500000e-04|0.00015|5534023222112865p-65|0x1.3a92a30553261p-13|1.500e-04|0.00015|0|0.0001|0x1.3a9p-13|0.00014999999999999998686",
        ),
        (
            1e-4,
            "0.0001|1.000000e-04|0.0001|7378697629483821p-66|0x1.a36e2eb1c432dp-14|1.000e-04|0.0001|0|0.0001|0x1.a37p-14|0.00010000000000000000479",
        ),
        (
            1e-5,
            "1e-05|1.000000e-05|1E-05|5902958103587057p-69|0x1.4f8b588e368f1p-17|1.000e-05|1e-05|0|1e-05|0x1.4f9p-17|1.0000000000000000818e-05",
        ),
        (
            1e-7,
            "1e-07|1.000000e-07|1E-07|7555786372591432p-76|0x1.ad7f29abcaf48p-24|1.000e-07|1e-07|0|1e-07|0x1.ad8p-24|9.9999999999999995475e-08",
        ),
        (
            5e-324,
            "5e-324|4.940656e-324|5E-324|1p-1074|0x1p-1074|4.941e-324|4.94e-324|0|5e-324|0x1.000p-1074|4.9406564584124654418e-324",
        ),
        (
            0.1,
            "0.1|1.000000e-01|0.1|7205759403792794p-56|0x1.999999999999ap-04|1.000e-01|0.1|0|0.1|0x1.99ap-04|0.10000000000000000555",
        ),
        (-1.25, "-1.25|-1.250000e+00|-1.25|-5629499534213120p-52|-0x1.4p+00|-1.250e+00|-1.25|-1|-1|-0x1.400p+00|-1.25"),
        (
            123456789.125,
            "1.23456789125e+08|1.234568e+08|1.23456789125E+08|8285044871266304p-26|0x1.d6f34548p+26|1.235e+08|1.23e+08|123456789|1e+08|0x1.d6fp+26|123456789.125",
        ),
        (
            999999.5,
            "999999.5|9.999995e+05|999999.5|8589930297032704p-33|0x1.e847fp+19|1.000e+06|1e+06|1000000|1e+06|0x1.e84p+19|999999.5",
        ),
    ];

    #[test]
    fn formats_as_go_does() {
        for &(value, expected) in GO {
            let verbs = [
                ('g', None),
                ('e', Some(6)),
                ('G', None),
                ('b', None),
                ('x', None),
                ('e', Some(3)),
                ('g', Some(3)),
                ('f', Some(0)),
                ('g', Some(1)),
                ('x', Some(3)),
                ('g', Some(20)),
            ];
            let got: Vec<String> = verbs.iter().map(|&(verb, precision)| format(value, verb, precision)).collect();
            assert_eq!(got.join("|"), expected, "{value:e}");
        }
        assert_eq!(format(f64::INFINITY, 'g', None), "+Inf");
        assert_eq!(format(-1.5, 'f', None), "-1.5");
    }

    #[test]
    fn writes_json_as_go_does() {
        for (value, expected) in [
            (12_345_678_901_234_567_000.0, "12345678901234567000"),
            (1e21, "1e+21"),
            (1e-6, "0.000001"),
            (1.5e-7, "1.5e-7"),
            (0.0, "0"),
            (1e-10, "1e-10"),
        ] {
            assert_eq!(json(value), expected);
        }
    }
}
