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

/// What `fieldValidation` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldValidation {
    /// Unknown and repeated fields are dropped in silence.
    Ignore,
    /// They are dropped with a warning: the default.
    Warn,
    /// They are an error.
    Strict,
}

/// The options that creates, updates and patches have.
#[derive(Debug, Clone)]
pub struct WriteOptions {
    /// Everything is checked, nothing is kept.
    pub dry_run: bool,
    /// Who writes, when the client says so.
    pub field_manager: Option<String>,
    /// What becomes of unknown fields.
    pub field_validation: FieldValidation,
    /// Apply takes fields over from others.
    pub force: bool,
}

/// Which options a request has.
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
    /// 422 `CreateOptions.meta.k8s.io "" is invalid: …` with one cause an option.
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

/// `dryRun`, which may only say `All`.
fn dry_run_causes(values: &[&str]) -> Option<Cause> {
    values.iter().any(|v| *v != "All").then(|| unsupported("dryRun", &json!(values), &["All"]))
}

/// A cause of any sort.
pub fn cause(reason: &str, field: &str, message: String) -> Cause {
    Cause { reason: reason.into(), field: field.into(), message }
}

/// `Forbidden: WHY`.
pub fn forbidden(field: &str, why: &str) -> Cause {
    cause("FieldValueForbidden", field, format!("Forbidden: {why}"))
}

/// `Invalid value: VALUE: WHY`; the value is already quoted.
pub fn invalid(field: &str, value: &str, why: &str) -> Cause {
    cause("FieldValueInvalid", field, format!("Invalid value: {value}: {why}"))
}

/// `Unsupported value: VALUE: supported values: …`.
pub fn unsupported(field: &str, value: &Json, supported: &[&str]) -> Cause {
    let supported = supported.iter().map(|s| format!("\"{s}\"")).collect::<Vec<_>>().join(", ");
    cause("FieldValueNotSupported", field, format!("Unsupported value: {value}: supported values: {supported}"))
}

/// 422 for options.
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

/// 422 for an object: every error is a cause, every text stands once in the message.
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
    /// Everything is checked, nothing is deleted.
    pub dry_run: bool,
    /// `Foreground`, `Orphan` or `Background`, where the client says, by this name or the older `orphanDependents`.
    pub propagation: Option<String>,
    /// The client said `orphanDependents: false`: it is told when the object is not gone yet.
    pub told_if_accepted: bool,
    /// The UID that the object must have.
    pub uid: Option<String>,
    /// The resourceVersion that it must have.
    pub resource_version: Option<String>,
}

impl DeleteOptions {
    /// From the body (as [`super::decode::delete_options`] reads it) or else the query.
    ///
    /// # Errors
    /// 400 for what is no number or boolean, 422 for values out of range.
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
