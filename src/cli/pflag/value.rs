//! Parsers of flag values with the rules and errors of pflag's types: bool, int, duration, string slice.

use std::{ffi::OsString, os::unix::ffi::OsStringExt as _};

use clap::builder::{OsStringValueParser, TypedValueParser};

use go::{csv, quote::quote};
pub use go::{duration::parse_nanos as parse_duration, parse_int::parse_int_prefixed as parse_int};

/// Go's `strconv.ParseBool`.
///
/// # Errors
/// Go's.
pub fn parse_bool(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Ok(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Ok(false),
        _ => Err(format!("strconv.ParseBool: parsing {}: invalid syntax", quote(text))),
    }
}

/// One value of a pflag `StringSlice`: comma-separated fields, quoted as in CSV.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields<T>(Vec<T>);

impl<T> Fields<T> {
    /// Returns the fields of every value, in the order typed.
    pub fn flatten(values: impl IntoIterator<Item = Self>) -> Vec<T> {
        values.into_iter().flat_map(|fields| fields.0).collect()
    }
}

impl<T> From<Vec<T>> for Fields<T> {
    fn from(fields: Vec<T>) -> Self {
        Self(fields)
    }
}

/// Reads a `StringSlice` of paths, which are bytes.
pub fn paths() -> impl TypedValueParser<Value = Fields<OsString>> {
    OsStringValueParser::new().try_map(|line| csv::record(&line.into_vec()).map(Fields))
}

/// Reads a `StringSlice` of text.
///
/// # Errors
/// Go's `csv.ParseError`.
pub fn texts(line: &str) -> Result<Fields<String>, String> {
    let fields = csv::record(line.as_bytes())?;
    // Invariant: UTF-8 that is split at ASCII characters is UTF-8, so nothing is lost here.
    Ok(Fields(fields.into_iter().map(|field| field.to_string_lossy().into_owned()).collect()))
}

/// Parses a positive number.
///
/// # Errors
/// Zero, a negative number, or text that is no number.
pub fn parse_count(text: &str) -> Result<usize, String> {
    let count = parse_int(text).map_err(|error| error.to_string())?;
    usize::try_from(count).ok().filter(|count| *count > 0).ok_or_else(|| "must be 1 or more".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans_are_gos() {
        assert_eq!(parse_bool("T"), Ok(true));
        assert_eq!(parse_bool("0"), Ok(false));
        assert_eq!(
            parse_bool("y\u{e9}s\n"),
            Err("strconv.ParseBool: parsing \"y\u{e9}s\\n\": invalid syntax".to_owned())
        );
    }
}
