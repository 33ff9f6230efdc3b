//! The failure of an API request: the `Status` object of kube-apiserver, in its words.

use serde_json::{Map, Value as Json, json};

use crate::redact::Known;

/// One cause of a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// `FieldValueInvalid`, `FieldManagerConflict`, …
    pub reason: String,
    /// The text without the field's name.
    pub message: String,
    /// The path of the field.
    pub field: String,
}

/// A failed request. Invariant: its message never repeats a value of a Secret. Where kube-apiserver's does, it has
/// `<redacted>`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// The HTTP status.
    pub code: u16,
    /// `NotFound`, `Invalid` …; empty where kube-apiserver gives none (plain 500 errors).
    pub reason: &'static str,
    /// The message, in kube-apiserver's exact words.
    pub message: String,
    /// `details`, if the answer has that member (it may be empty).
    pub details: Option<Map<String, Json>>,
    /// `Retry-After` in seconds, which is also sent as a header.
    pub retry_after: Option<u32>,
    /// `metadata.continue`, in the answer to an expired list.
    pub continue_token: Option<String>,
}

impl Status {
    /// Returns a failure without details.
    pub fn new(code: u16, reason: &'static str, message: impl Into<String>) -> Self {
        Self { code, reason, message: message.into(), ..Self::default() }
    }

    /// Returns 400 `BadRequest`.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    /// Returns a 500 as kube-apiserver sends it for errors that it does not classify: no reason, no details.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(500, "", message)
    }

    /// Adds `details`.
    #[must_use]
    pub fn details(mut self, details: Json) -> Self {
        self.details = details.as_object().cloned();
        self
    }

    /// Adds `details.causes`.
    #[must_use]
    pub fn causes(mut self, causes: &[Cause]) -> Self {
        let list = causes
            .iter()
            .map(|c| json!({"reason": c.reason, "message": c.message, "field": c.field}))
            .collect::<Vec<_>>();
        self.details.get_or_insert_default().insert("causes".into(), Json::Array(list));
        self
    }

    /// Removes known values from the message and the details.
    #[must_use]
    pub fn without(mut self, known: &Known) -> Self {
        fn hide(json: &mut Json, known: &Known) {
            match json {
                Json::String(text) => *text = known.hide(text),
                Json::Array(items) => items.iter_mut().for_each(|item| hide(item, known)),
                Json::Object(members) => members.values_mut().for_each(|member| hide(member, known)),
                _ => {}
            }
        }
        self.message = known.hide(&self.message);
        self.details.iter_mut().flat_map(Map::values_mut).for_each(|member| hide(member, known));
        self
    }

    /// Returns the `Status` object.
    pub fn to_json(&self) -> Json {
        let mut metadata = Map::new();
        if let Some(token) = &self.continue_token {
            metadata.insert("continue".into(), json!(token));
        }
        let mut status = json!({
            "kind": "Status", "apiVersion": "v1", "metadata": metadata, "status": "Failure",
            "message": self.message, "code": self.code,
        });
        if !self.reason.is_empty() {
            status["reason"] = json!(self.reason);
        }
        if let Some(details) = &self.details {
            status["details"] = Json::Object(details.clone());
        }
        status
    }
}
