//! Checks JSON as Go's `encoding/json` does: the same syntax, the same messages.
//!
//! Users see these messages wherever the API server parses JSON: request bodies, `.dockerconfigjson`, patches. The
//! checker is the scanner of `encoding/json`, state by state; it builds nothing, and needs a byte of memory for each
//! open bracket.

use super::quote::quote_byte;

/// A syntax error, in the words of `encoding/json`, and how many bytes were read when it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// `unexpected end of JSON input`, `invalid character 'x' looking for beginning of value`, …
    pub message: String,
    /// The number of bytes read, with the invalid one.
    pub offset: usize,
}

/// The type of a JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number.
    Number,
    /// A string.
    String,
    /// `[…]`
    Array,
    /// `{…}`
    Object,
}

impl Kind {
    /// Returns the word of `encoding/json` for it in `cannot unmarshal WORD into Go value`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "bool",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

/// Go's limit on nesting.
const MAX_DEPTH: usize = 10_000;

#[derive(Clone, Copy, PartialEq)]
enum State {
    BeginValue,
    BeginValueOrEmpty,
    BeginString,
    BeginStringOrEmpty,
    EndValue,
    EndTop,
    InString,
    Escape,
    Unicode(u8),
    Negative,
    Integer,
    Zero,
    Dot,
    Fraction,
    Exponent,
    ExponentSign,
    ExponentDigits,
    /// Inside `true`, `false` or `null`: the word, and how much of it was read.
    Literal(&'static str, usize),
}

#[derive(Clone, Copy, PartialEq)]
enum Open {
    Key,
    Value,
    Element,
}

struct Scanner {
    state: State,
    open: Vec<Open>,
}

/// Checks that `bytes` are one JSON value, as `json.Unmarshal` does before it decodes; returns its type.
///
/// # Errors
/// The first error. The message shows at most one byte.
pub fn check(bytes: &[u8]) -> Result<Kind, SyntaxError> {
    let mut scanner = Scanner { state: State::BeginValue, open: Vec::new() };
    for (i, &byte) in bytes.iter().enumerate() {
        scanner.step(byte).map_err(|context| SyntaxError { message: invalid(byte, &context), offset: i + 1 })?;
    }
    // Go treats the end as a space, which completes a number and is an error in a literal.
    if scanner.state != State::EndTop {
        scanner.step(b' ').map_err(|context| SyntaxError { message: invalid(b' ', &context), offset: bytes.len() })?;
    }
    if scanner.state != State::EndTop {
        return Err(SyntaxError { message: "unexpected end of JSON input".into(), offset: bytes.len() });
    }
    let first = bytes.iter().find(|b| !is_space(**b));
    Ok(match first {
        Some(b'{') => Kind::Object,
        Some(b'[') => Kind::Array,
        Some(b'"') => Kind::String,
        Some(b't' | b'f') => Kind::Bool,
        Some(b'n') => Kind::Null,
        _ => Kind::Number,
    })
}

/// Checks that `bytes` can be decoded as a `map[string]interface{}`: that they are an object or `null`.
///
/// # Errors
/// The text of Go's error, without the number where Go would repeat one that does not fit into a float64.
pub fn unmarshal_map(bytes: &[u8]) -> Result<(), String> {
    match check(bytes).map_err(|e| e.message)? {
        Kind::Null => Ok(()),
        Kind::Object if has_huge_number(bytes) => {
            Err("json: cannot unmarshal number into Go value of type float64".into())
        }
        Kind::Object => Ok(()),
        kind => {
            Err(format!("json: cannot unmarshal {} into Go value of type map[string]interface {{}}", kind.as_str()))
        }
    }
}

fn invalid(byte: u8, context: &str) -> String {
    format!("invalid character {} {context}", quote_byte(byte))
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Returns `true` if a number in valid JSON overflows a float64. That takes an exponent or 300 digits.
fn has_huge_number(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let mut in_string = false;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            b'\\' if in_string => rest = tail.get(1..).unwrap_or_default(),
            b'"' => in_string = !in_string,
            b'-' | b'0'..=b'9' if !in_string => {
                let end = tail
                    .iter()
                    .position(|b| !matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'))
                    .unwrap_or(tail.len());
                let mut number = vec![byte];
                number.extend_from_slice(tail.get(..end).unwrap_or_default());
                let value = std::str::from_utf8(&number).ok().and_then(|n| n.parse::<f64>().ok());
                if value.is_some_and(f64::is_infinite) {
                    return true;
                }
                rest = tail.get(end..).unwrap_or_default();
            }
            _ => {}
        }
    }
    false
}

impl Scanner {
    /// Processes one byte. The error is the part of Go's message after the character.
    fn step(&mut self, byte: u8) -> Result<(), String> {
        match self.state {
            State::BeginValueOrEmpty if byte == b']' => self.end_value(byte),
            State::BeginValue | State::BeginValueOrEmpty => self.begin_value(byte),
            State::BeginStringOrEmpty if byte == b'}' => {
                self.now_in(Open::Value);
                self.end_value(byte)
            }
            State::BeginString | State::BeginStringOrEmpty => match byte {
                _ if is_space(byte) => Ok(()),
                b'"' => self.go(State::InString),
                _ => Err("looking for beginning of object key string".into()),
            },
            State::EndValue => self.end_value(byte),
            State::EndTop if is_space(byte) => Ok(()),
            State::EndTop => Err("after top-level value".into()),
            State::InString => match byte {
                b'"' => self.go(State::EndValue),
                b'\\' => self.go(State::Escape),
                0..=0x1f => Err("in string literal".into()),
                _ => Ok(()),
            },
            State::Escape => match byte {
                b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"' => self.go(State::InString),
                b'u' => self.go(State::Unicode(0)),
                _ => Err("in string escape code".into()),
            },
            State::Unicode(digits) if byte.is_ascii_hexdigit() => {
                self.go(if digits == 3 { State::InString } else { State::Unicode(digits + 1) })
            }
            State::Unicode(_) => Err("in \\u hexadecimal character escape".into()),
            State::Literal(word, at) => match word.as_bytes().get(at) {
                Some(&expected) if expected == byte => {
                    self.go(if at + 1 == word.len() { State::EndValue } else { State::Literal(word, at + 1) })
                }
                expected => {
                    let expected = expected.map_or(' ', |b| char::from(*b));
                    Err(format!("in literal {word} (expecting '{expected}')"))
                }
            },
            _ => self.number(byte),
        }
    }

    fn number(&mut self, byte: u8) -> Result<(), String> {
        match (self.state, byte) {
            (State::Negative, b'0') => self.go(State::Zero),
            (State::Negative, b'1'..=b'9') => self.go(State::Integer),
            (State::Negative, _) => Err("in numeric literal".into()),
            (State::Integer, b'0'..=b'9') => Ok(()),
            (State::Integer | State::Zero, b'.') => self.go(State::Dot),
            (State::Integer | State::Zero | State::Fraction, b'e' | b'E') => self.go(State::Exponent),
            (State::Dot | State::Fraction, b'0'..=b'9') => self.go(State::Fraction),
            (State::Dot, _) => Err("after decimal point in numeric literal".into()),
            (State::Exponent, b'+' | b'-') => self.go(State::ExponentSign),
            (State::Exponent | State::ExponentSign | State::ExponentDigits, b'0'..=b'9') => {
                self.go(State::ExponentDigits)
            }
            (State::Exponent | State::ExponentSign, _) => Err("in exponent of numeric literal".into()),
            _ => self.end_value(byte),
        }
    }

    fn begin_value(&mut self, byte: u8) -> Result<(), String> {
        match byte {
            _ if is_space(byte) => Ok(()),
            b'{' => self.push(Open::Key, State::BeginStringOrEmpty),
            b'[' => self.push(Open::Element, State::BeginValueOrEmpty),
            b'"' => self.go(State::InString),
            b'-' => self.go(State::Negative),
            b'0' => self.go(State::Zero),
            b'1'..=b'9' => self.go(State::Integer),
            b't' => self.go(State::Literal("true", 1)),
            b'f' => self.go(State::Literal("false", 1)),
            b'n' => self.go(State::Literal("null", 1)),
            _ => Err("looking for beginning of value".into()),
        }
    }

    fn end_value(&mut self, byte: u8) -> Result<(), String> {
        let Some(open) = self.open.last().copied() else {
            self.state = State::EndTop;
            return if is_space(byte) { Ok(()) } else { Err("after top-level value".into()) };
        };
        if is_space(byte) {
            return self.go(State::EndValue);
        }
        match (open, byte) {
            (Open::Key, b':') => {
                self.now_in(Open::Value);
                self.go(State::BeginValue)
            }
            (Open::Key, _) => Err("after object key".into()),
            (Open::Value, b',') => {
                self.now_in(Open::Key);
                self.go(State::BeginString)
            }
            (Open::Element, b',') => self.go(State::BeginValue),
            (Open::Value, b'}') | (Open::Element, b']') => {
                self.open.pop();
                self.go(if self.open.is_empty() { State::EndTop } else { State::EndValue })
            }
            (Open::Value, _) => Err("after object key:value pair".into()),
            (Open::Element, _) => Err("after array element".into()),
        }
    }

    fn now_in(&mut self, open: Open) {
        if let Some(last) = self.open.last_mut() {
            *last = open;
        }
    }

    fn push(&mut self, open: Open, next: State) -> Result<(), String> {
        self.open.push(open);
        if self.open.len() > MAX_DEPTH { Err("exceeded max depth".into()) } else { self.go(next) }
    }

    // Always `Ok`, so that a transition can be used in a match whose other arms are errors.
    #[allow(clippy::unnecessary_wraps)]
    fn go(&mut self, next: State) -> Result<(), String> {
        self.state = next;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        check(text.as_bytes()).expect_err(text).message
    }

    #[test]
    fn accepts_json() {
        for (text, kind) in [
            ("{}", Kind::Object),
            (" { \"a\" : [ 1 , -0.5e+10 , true , null , \"\\u00e9\\n\" ] , \"b\" : {} } ", Kind::Object),
            ("[]", Kind::Array),
            ("0", Kind::Number),
            ("-12e3", Kind::Number),
            ("\"é\"", Kind::String),
            ("true", Kind::Bool),
            ("\tnull\n", Kind::Null),
        ] {
            assert_eq!(check(text.as_bytes()), Ok(kind), "{text}");
        }
    }

    #[test]
    fn words_errors_as_go() {
        for (text, message) in [
            ("", "unexpected end of JSON input"),
            ("  ", "unexpected end of JSON input"),
            ("{\"auths\":", "unexpected end of JSON input"),
            ("\"abc", "unexpected end of JSON input"),
            ("[1", "unexpected end of JSON input"),
            ("nope", "invalid character 'o' in literal null (expecting 'u')"),
            ("x", "invalid character 'x' looking for beginning of value"),
            ("{nope", "invalid character 'n' looking for beginning of object key string"),
            ("{\"a\" 1}", "invalid character '1' after object key"),
            ("{\"a\":1 2}", "invalid character '2' after object key:value pair"),
            ("{\"a\":1,}", "invalid character '}' looking for beginning of object key string"),
            ("[1 2]", "invalid character '2' after array element"),
            ("[1,]", "invalid character ']' looking for beginning of value"),
            ("{} x", "invalid character 'x' after top-level value"),
            ("1 2", "invalid character '2' after top-level value"),
            ("01", "invalid character '1' after top-level value"),
            ("-", "invalid character ' ' in numeric literal"),
            ("1.", "invalid character ' ' after decimal point in numeric literal"),
            ("1e", "invalid character ' ' in exponent of numeric literal"),
            ("tru", "invalid character ' ' in literal true (expecting 'e')"),
            ("\"\\x\"", "invalid character 'x' in string escape code"),
            ("\"\\u12g4\"", "invalid character 'g' in \\u hexadecimal character escape"),
            ("\"a\nb\"", "invalid character '\\n' in string literal"),
            ("'a'", "invalid character '\\'' looking for beginning of value"),
            ("{}\"", "invalid character '\"' after top-level value"),
            ("é", "invalid character 'Ã' looking for beginning of value"),
            ("\u{feff}{}", "invalid character 'ï' looking for beginning of value"),
        ] {
            assert_eq!(error(text), message, "{text}");
        }
    }

    #[test]
    fn limits_depth() {
        assert!(check(&[b'['; 10_000]).is_err_and(|e| e.message == "unexpected end of JSON input"));
        assert_eq!(error(&"[".repeat(10_001)), "invalid character '[' exceeded max depth");
    }

    #[test]
    fn unmarshals_into_a_map() {
        for (text, said) in [
            ("{}", None),
            ("null", None),
            ("[]", Some("json: cannot unmarshal array into Go value of type map[string]interface {}")),
            ("\"s\"", Some("json: cannot unmarshal string into Go value of type map[string]interface {}")),
            ("1", Some("json: cannot unmarshal number into Go value of type map[string]interface {}")),
            ("true", Some("json: cannot unmarshal bool into Go value of type map[string]interface {}")),
            ("{\"a\":1e999}", Some("json: cannot unmarshal number into Go value of type float64")),
            ("{\"a\":\"1e999\\\"2e999\",\"b\":1e9}", None),
        ] {
            assert_eq!(unmarshal_map(text.as_bytes()).err().as_deref(), said, "{text}");
        }
    }

    proptest::proptest! {
        #![proptest_config(crate::properties::config(256))]

        #[test]
        fn agrees_with_serde_json(bytes in proptest::collection::vec(
            proptest::sample::select(b"{}[]\",:\\ 01-.eEtrufalsn\n/xu".to_vec()), 0..24,
        )) {
            // serde_json refuses numbers that overflow and lone surrogates; Go's scanner does not look at either.
            if serde_json::from_slice::<serde_json::Value>(&bytes).is_ok() {
                proptest::prop_assert!(check(&bytes).is_ok());
            } else if check(&bytes).is_ok() {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                proptest::prop_assert!(text.contains('e') || text.contains('E') || text.contains("\\u"), "{}", text);
            }
        }
    }
}
