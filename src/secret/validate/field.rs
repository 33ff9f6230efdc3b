//! A field that is refused, in apimachinery's words (`util/validation/field`).

use serde_json::Value as Json;

use go::quote::quote;

/// Why a field is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The value breaks a rule.
    Invalid,
    /// The value is missing.
    Required,
    /// The value is too long.
    TooLong,
    /// The value may not be there, or may not change.
    Forbidden,
    /// The value is none of those that are known.
    NotSupported,
}

impl Reason {
    /// The reason as a `Status` cause gives it.
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

/// One field that is refused, and why.
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
    /// `Invalid value: SHOWN: TEXT`, where `shown` is already quoted or JSON.
    pub fn invalid(field: impl Into<String>, shown: &str, text: &str) -> Self {
        Self { field: field.into(), reason: Reason::Invalid, body: format!("Invalid value: {shown}: {text}") }
    }

    /// `Required value`, with a colon and `text` when there is one.
    pub fn required(field: impl Into<String>, text: &str) -> Self {
        let body = if text.is_empty() { "Required value".to_owned() } else { format!("Required value: {text}") };
        Self { field: field.into(), reason: Reason::Required, body }
    }

    /// `Too long: may not be more than N bytes`.
    pub fn too_long(field: impl Into<String>, max: usize) -> Self {
        let body = format!("Too long: may not be more than {max} bytes");
        Self { field: field.into(), reason: Reason::TooLong, body }
    }

    /// `Forbidden: TEXT`.
    pub fn forbidden(field: impl Into<String>, text: &str) -> Self {
        Self { field: field.into(), reason: Reason::Forbidden, body: format!("Forbidden: {text}") }
    }

    /// `Unsupported value: SHOWN: supported values: "a", "b"`.
    pub fn not_supported(field: impl Into<String>, shown: &str, supported: &[&str]) -> Self {
        let supported = supported.iter().map(|s| quote(s)).collect::<Vec<_>>().join(", ");
        let body = format!("Unsupported value: {shown}: supported values: {supported}");
        Self { field: field.into(), reason: Reason::NotSupported, body }
    }
}

/// The string, or nothing.
pub(super) fn text(json: &Json) -> &str {
    json.as_str().unwrap_or_default()
}
