//! Errors of fields, in apimachinery's words (`util/validation/field`).

use serde_json::Value as Json;

use go::quote::quote;

/// The kinds of field errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The value is malformed or out of range.
    Invalid,
    /// The value is missing.
    Required,
    /// The value is too long.
    TooLong,
    /// The value must not be set, or must not change.
    Forbidden,
    /// The value is not one of the supported ones.
    NotSupported,
}

impl Reason {
    /// Returns the reason as in a cause of a `Status`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "FieldValueInvalid",
            Self::Required => "FieldValueRequired",
            Self::TooLong => "FieldValueTooLong",
            Self::Forbidden => "FieldValueForbidden",
            Self::NotSupported => "FieldValueNotSupported",
        }
    }
}

/// An error of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// `metadata.name`, `data[a b]`, …
    pub field: String,
    /// The kind of error.
    pub reason: Reason,
    /// The words without the field: `Invalid value: "Upper": …`, `Required value`.
    pub body: String,
}

impl FieldError {
    /// Returns `Invalid value: SHOWN: TEXT`; `shown` must be quoted or JSON already.
    pub fn invalid(field: impl Into<String>, shown: &str, text: &str) -> Self {
        Self { field: field.into(), reason: Reason::Invalid, body: format!("Invalid value: {shown}: {text}") }
    }

    /// Returns `Required value`, followed by `text` if that is not empty.
    pub fn required(field: impl Into<String>, text: &str) -> Self {
        let body = if text.is_empty() { "Required value".to_owned() } else { format!("Required value: {text}") };
        Self { field: field.into(), reason: Reason::Required, body }
    }

    /// Returns `Too long: may not be more than N bytes`.
    pub fn too_long(field: impl Into<String>, max: usize) -> Self {
        let body = format!("Too long: may not be more than {max} bytes");
        Self { field: field.into(), reason: Reason::TooLong, body }
    }

    /// Returns `Forbidden: TEXT`.
    pub fn forbidden(field: impl Into<String>, text: &str) -> Self {
        Self { field: field.into(), reason: Reason::Forbidden, body: format!("Forbidden: {text}") }
    }

    /// Returns `Unsupported value: SHOWN: supported values: "a", "b"`.
    pub fn not_supported(field: impl Into<String>, shown: &str, supported: &[&str]) -> Self {
        let supported = supported.iter().map(|s| quote(s)).collect::<Vec<_>>().join(", ");
        let body = format!("Unsupported value: {shown}: supported values: {supported}");
        Self { field: field.into(), reason: Reason::NotSupported, body }
    }
}

/// Returns the string, or an empty one if it is none.
pub(super) fn text(json: &Json) -> &str {
    json.as_str().unwrap_or_default()
}
