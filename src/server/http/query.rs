//! The query of a request's URL.

use secret::{resource::Resource, selector::Selector, status::Status};

/// The parameters of a query, decoded, in order.
#[derive(Clone)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Parses `a=b&c=d` as Go's `url.ParseQuery` does; parameters that cannot be decoded are skipped.
    pub fn parse(text: &str) -> Self {
        Self(
            text.split('&')
                .filter(|part| !part.is_empty() && !part.contains(';'))
                .filter_map(|part| {
                    let (name, value) = part.split_once('=').unwrap_or((part, ""));
                    Some((unescape(name, true)?, unescape(value, true)?))
                })
                .collect(),
        )
    }

    /// Returns the first value of a parameter.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Reads `labelSelector` and `fieldSelector`.
    ///
    /// # Errors
    /// 400 for an invalid selector, and for a field that the resource cannot be selected by.
    pub fn selector(&self, resource: Resource) -> Result<Selector, Status> {
        let text = |name| self.first(name).unwrap_or_default();
        Selector::new(resource, text("labelSelector"), text("fieldSelector")).map_err(Status::bad_request)
    }

    /// Returns the first value, or `None` if it is empty.
    pub fn non_empty(&self, name: &str) -> Option<&str> {
        self.first(name).filter(|v| !v.is_empty())
    }

    /// Returns all values of a parameter.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str()).collect()
    }

    /// Returns a boolean as apimachinery converts it (`Convert_Slice_string_To_bool`): everything but `false` and `0`
    /// is true.
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.first(name).map(|v| !(v == "0" || v.eq_ignore_ascii_case("false")))
    }

    /// Returns an integer (`Convert_Slice_string_To_int64`).
    ///
    /// # Errors
    /// Go's text, also for an empty value: `strconv.ParseInt: parsing "x": invalid syntax`.
    pub fn integer(&self, name: &str) -> Result<Option<i64>, String> {
        self.first(name).map(go::parse_int::parse_int).transpose()
    }
}

/// Decodes `%XX`, and `+` as a space if `plus`. Returns `None` for a malformed escape and for bytes that are not UTF-8.
pub fn unescape(text: &str, plus: bool) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            b'+' if plus => b' ',
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}
