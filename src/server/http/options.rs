//! The options of a request, from its query and, for deletes, its body: `metav1.CreateOptions` and its siblings, with
//! their validation.

use serde_json::{Value as Json, json};

use super::query::Query;
use go::quote::{is_print, quote};
use secret::{
    status::{Cause, Status},
    validate,
    validate::FieldError,
};

/// The values of `fieldValidation`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldValidation {
    /// Unknown and duplicate fields are dropped silently.
    Ignore,
    /// They are dropped with a warning: the default.
    Warn,
    /// They fail the request.
    Strict,
}

/// The options that creates, updates and patches have.
#[derive(Debug, Clone)]
pub struct WriteOptions {
    /// Whether everything is checked and nothing is stored.
    pub dry_run: bool,
    /// The field manager, if the client names one.
    pub field_manager: Option<String>,
    /// How unknown and duplicate fields are treated.
    pub field_validation: FieldValidation,
    /// Whether an apply takes over fields from other managers.
    pub force: bool,
}

/// The kind of a write, which decides about its options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// POST.
    Create,
    /// PUT.
    Update,
    /// PATCH, other than apply.
    Patch,
    /// Server-side apply.
    Apply,
}

impl WriteOptions {
    /// Reads and checks the options of a write.
    ///
    /// # Errors
    /// 422 `CreateOptions.meta.k8s.io "" is invalid: …`, with one cause for each invalid option.
    pub fn parse(query: &Query, verb: Verb) -> Result<Self, Status> {
        let mut causes = Vec::new();
        let force = query.flag("force");
        let manager = query.first("fieldManager").unwrap_or_default();
        match verb {
            Verb::Patch if force.is_some() => {
                causes.push(forbidden("force", "may not be specified for non-apply patch"));
            }
            Verb::Apply if manager.is_empty() => causes.push(cause(
                "FieldValueRequired",
                "fieldManager",
                "Required value: is required for apply patch".into(),
            )),
            _ => {}
        }
        causes.extend(field_manager(manager));
        let dry_run = query.all("dryRun");
        causes.extend(dry_run_causes(&dry_run));
        let validation = query.first("fieldValidation").unwrap_or_default();
        let field_validation = match validation {
            "" | "Warn" => FieldValidation::Warn,
            "Ignore" => FieldValidation::Ignore,
            "Strict" => FieldValidation::Strict,
            other => {
                causes.push(unsupported("fieldValidation", &json!(other), &["", "Ignore", "Strict", "Warn"]));
                FieldValidation::Warn
            }
        };
        if !causes.is_empty() {
            let kind = match verb {
                Verb::Create => "CreateOptions",
                Verb::Update => "UpdateOptions",
                Verb::Patch | Verb::Apply => "PatchOptions",
            };
            return Err(invalid_options(kind, &causes));
        }
        Ok(Self {
            dry_run: !dry_run.is_empty(),
            field_manager: Some(manager.to_owned()).filter(|m| !m.is_empty()),
            field_validation,
            force: force.unwrap_or(false),
        })
    }
}

fn field_manager(manager: &str) -> Vec<Cause> {
    let mut causes = Vec::new();
    if manager.len() > 128 {
        causes.push(cause("FieldValueTooLong", "fieldManager", "Too long: may not be more than 128 bytes".into()));
    }
    for (position, character) in manager.char_indices().filter(|(_, c)| !is_print(*c)) {
        causes.push(invalid(
            "fieldManager",
            &quote(manager),
            &format!("invalid character U+{:04X} (at position {position})", u32::from(character)),
        ));
    }
    causes
}

/// Returns the cause for a `dryRun` other than `All`.
fn dry_run_causes(values: &[&str]) -> Option<Cause> {
    values.iter().any(|v| *v != "All").then(|| unsupported("dryRun", &json!(values), &["All"]))
}

/// Returns a cause.
pub fn cause(reason: &str, field: &str, message: String) -> Cause {
    Cause { reason: reason.into(), field: field.into(), message }
}

/// Returns the cause `Forbidden: WHY`.
pub fn forbidden(field: &str, why: &str) -> Cause {
    cause("FieldValueForbidden", field, format!("Forbidden: {why}"))
}

/// Returns the cause `Invalid value: VALUE: WHY`; `value` must be quoted already.
pub fn invalid(field: &str, value: &str, why: &str) -> Cause {
    cause("FieldValueInvalid", field, format!("Invalid value: {value}: {why}"))
}

/// Returns the cause `Unsupported value: VALUE: supported values: …`.
pub fn unsupported(field: &str, value: &Json, supported: &[&str]) -> Cause {
    let supported = supported.iter().map(|s| format!("\"{s}\"")).collect::<Vec<_>>().join(", ");
    cause("FieldValueNotSupported", field, format!("Unsupported value: {value}: supported values: {supported}"))
}

/// Returns the 422 for invalid options.
pub fn invalid_options(kind: &str, causes: &[Cause]) -> Status {
    Status::new(
        422,
        "Invalid",
        format!(
            "{kind}.meta.k8s.io \"\" is invalid: {}",
            validate::joined(causes.iter().map(|cause| (cause.field.as_str(), cause.message.as_str())))
        ),
    )
    .details(json!({"group": "meta.k8s.io", "kind": kind}))
    .causes(causes)
}

/// Returns the 422 for an invalid object: every error is a cause; equal texts are in the message once.
pub fn invalid_object(kind: &str, name: &str, errors: &[FieldError]) -> Status {
    let mut details = json!({"kind": kind});
    if !name.is_empty() {
        details["name"] = json!(name);
    }
    let causes = errors.iter().map(|e| cause(e.reason.as_str(), &e.field, e.body.clone())).collect::<Vec<_>>();
    Status::new(422, "Invalid", validate::message(kind, name, errors)).details(details).causes(&causes)
}

/// The options of a delete.
#[derive(Debug, Clone, Default)]
pub struct DeleteOptions {
    /// Whether everything is checked and nothing is deleted.
    pub dry_run: bool,
    /// `Foreground`, `Orphan` or `Background`, if the client sets `propagationPolicy` or the older `orphanDependents`.
    pub propagation: Option<String>,
    /// Whether the client sent `orphanDependents: false`. Then the answer is 202 instead of 200 if the object still
    /// exists.
    pub told_if_accepted: bool,
    /// The UID that the object must have.
    pub uid: Option<String>,
    /// The resourceVersion that the object must have.
    pub resource_version: Option<String>,
}

impl DeleteOptions {
    /// Reads the options from the body (as [`crate::decode::delete_options`] returns it), or from the query if there is
    /// none.
    ///
    /// # Errors
    /// 400 for a malformed number, 422 for unsupported values.
    pub fn parse(query: &Query, body: Option<&Json>) -> Result<Self, Status> {
        let (mut options, orphan) = match body {
            Some(body) => {
                let text = |field: &Json| field.as_str().map(str::to_owned);
                let dry_run = body["dryRun"].as_array().cloned().unwrap_or_default();
                let dry_run = dry_run.iter().map(|v| v.as_str().unwrap_or_default()).collect::<Vec<_>>();
                if let Some(cause) = dry_run_causes(&dry_run) {
                    return Err(invalid_options("DeleteOptions", &[cause]));
                }
                let options = Self {
                    dry_run: !dry_run.is_empty(),
                    told_if_accepted: false,
                    propagation: text(&body["propagationPolicy"]),
                    uid: text(&body["preconditions"]["uid"]),
                    resource_version: text(&body["preconditions"]["resourceVersion"]),
                };
                (options, body["orphanDependents"].as_bool())
            }
            None => {
                query.integer("gracePeriodSeconds").map_err(Status::bad_request)?;
                let dry_run = query.all("dryRun");
                if let Some(cause) = dry_run_causes(&dry_run) {
                    return Err(invalid_options("DeleteOptions", &[cause]));
                }
                let options = Self {
                    dry_run: !dry_run.is_empty(),
                    told_if_accepted: false,
                    propagation: query.first("propagationPolicy").map(str::to_owned),
                    uid: query.non_empty("uid").map(str::to_owned),
                    resource_version: query.non_empty("resourceVersion").map(str::to_owned),
                };
                (options, query.flag("orphanDependents"))
            }
        };
        if let Some(policy) = &options.propagation {
            if orphan.is_some() {
                let why = "orphanDependents and deletionPropagation cannot be both set";
                let cause = invalid("propagationPolicy", &quote(policy), why);
                return Err(invalid_options("DeleteOptions", &[cause]));
            }
            if !matches!(policy.as_str(), "Foreground" | "Background" | "Orphan") {
                let supported = ["Foreground", "Background", "Orphan", "nil"];
                let cause = unsupported("propagationPolicy", &json!(policy), &supported);
                return Err(invalid_options("DeleteOptions", &[cause]));
            }
        }
        if let Some(orphan) = orphan {
            options.propagation = Some(if orphan { "Orphan" } else { "Background" }.into());
            options.told_if_accepted = !orphan;
        }
        Ok(options)
    }
}
