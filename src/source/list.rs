//! Flags that take several values separated by commas, as Go's pflag reads them: a line of CSV, so that a value in double
//! quotes may hold a comma.

use crate::{
    error::{Error, Result},
    secret::gotext::quote,
};

/// The values of every occurrence of a flag.
///
/// # Errors
/// A quote in the wrong place.
pub(super) fn split_all(flag: &str, typed: &[String]) -> Result<Vec<String>> {
    let mut all = Vec::with_capacity(typed.len());
    for text in typed {
        let values = split(text).map_err(|wrong| {
            Error::new(format_args!("invalid argument {} for {} flag: {wrong}", quote(text), quote(flag)))
        })?;
        all.extend(values);
    }
    Ok(all)
}

/// A value that [`split_all`] gives back as it is.
pub(super) fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('"', "\"\""))
}

/// The first record of a CSV text.
fn split(text: &str) -> Result<Vec<String>, String> {
    let mut fields = Vec::new();
    if text.is_empty() {
        return Ok(fields);
    }
    let mut rest = text;
    loop {
        let column = |at: &str| text.len() - at.len() + 1;
        let (field, tail) = match rest.strip_prefix('"') {
            Some(inner) => split_quoted(inner).map_err(|at| {
                format!("parse error on line 1, column {}: extraneous or missing \" in quoted-field", column(at))
            })?,
            None => {
                let end = rest.find([',', '\n']).unwrap_or(rest.len());
                let (field, tail) = rest.split_at(end);
                if let Some((_, behind)) = field.split_once('"') {
                    let at = column(rest) + field.len() - behind.len() - 1;
                    return Err(format!("parse error on line 1, column {at}: bare \" in non-quoted field"));
                }
                (field.to_owned(), tail)
            }
        };
        fields.push(field);
        match tail.strip_prefix(',') {
            Some(next) => rest = next,
            None => return Ok(fields),
        }
    }
}

/// A field behind its opening quote, and what follows the closing one. The error is the place that is wrong.
fn split_quoted(inner: &str) -> Result<(String, &str), &str> {
    let mut field = String::new();
    let mut rest = inner;
    loop {
        let Some((before, after)) = rest.split_once('"') else {
            return Err("");
        };
        field.push_str(before);
        match after.as_bytes().first() {
            Some(b'"') => {
                field.push('"');
                rest = after.get(1..).unwrap_or_default();
            }
            None | Some(b',' | b'\n') => return Ok((field, after)),
            Some(_) => return Err(after),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_as_pflag() {
        for (text, fields) in [
            ("", vec![]),
            ("a", vec!["a"]),
            ("a,b=c", vec!["a", "b=c"]),
            ("a,", vec!["a", ""]),
            (",", vec!["", ""]),
            ("\"a,b\",c", vec!["a,b", "c"]),
            ("\"a\"\"b\"", vec!["a\"b"]),
            ("a\nb", vec!["a"]),
        ] {
            assert_eq!(split(text), Ok(fields.into_iter().map(str::to_owned).collect()), "{text}");
        }
        for (text, wrong) in [
            ("a\"b", "parse error on line 1, column 2: bare \" in non-quoted field"),
            ("x,a\"b", "parse error on line 1, column 4: bare \" in non-quoted field"),
            ("\"a", "parse error on line 1, column 3: extraneous or missing \" in quoted-field"),
        ] {
            assert_eq!(split(text), Err(wrong.to_owned()), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn gives_back_what_was_quoted(value in "\\PC*") {
            proptest::prop_assert_eq!(split(&quoted(&value)), Ok(vec![value]));
        }
    }
}
