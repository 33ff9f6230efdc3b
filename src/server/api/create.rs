//! Creation, by POST or by an apply to a name that does not exist. Both take the same steps in the order of
//! kube-apiserver's registry (`registry/generic/registry/store.go`). What does not depend on the store is done before
//! the write lock is taken.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::{
    admission::{check_namespace, decode_write, ownership, place},
    blocking,
    controllers::garbage,
    http::{
        call::{Call, Reply, serve},
        options::{Verb, WriteOptions, invalid_object},
    },
    managed_fields,
    store::{Failure, Serialized, Transaction},
    strategy,
};
use go::quote::quote;
use secret::{
    resource::Resource,
    status::Status,
    validate::{Dedup, FieldError, dedup_owner_references},
};

/// How many generated names are tried until one is free (`maxNameGenerationCreateAttempts`).
const TRIES: usize = 8;

/// Serves POST.
pub async fn create(call: &Arc<Call>, body: Vec<u8>) -> Result<Reply, Status> {
    let prepare = move |call: &Arc<Call>| {
        let (options, object, warnings) = decode_write(call, Verb::Create, &body)?;
        let new = New::prepare(call, &options, object, Dedup::Request, |object| {
            let manager = call.manager(options.field_manager.as_deref());
            let now = call.server.clock_rng.timestamp();
            strategy::metadata(object).remove("managedFields");
            managed_fields::update(None, object, &ownership(call, &manager, &now));
        })?;
        Ok((new, warnings))
    };
    let (mut new, warnings) = blocking::run(call.is_large, call, prepare).await?;
    let revision = call.server.store.write(|transaction| new.store(transaction)).await?;
    let mut reply = new.reply(revision);
    reply.warnings.splice(0..0, warnings);
    Ok(reply)
}

/// An object that is ready to be stored if its name is free.
pub(super) struct New {
    call: Arc<Call>,
    object: Json,
    /// The name that the client gave it, which may be empty.
    given_name: String,
    /// The name that it gets.
    name: String,
    /// Validation errors. Reported only if its namespace exists, as kube-apiserver does (admission precedes
    /// validation).
    errors: Vec<FieldError>,
    version_given: bool,
    /// The serialized object; `None` in a dry run.
    serialized: Option<Serialized>,
    warnings: Vec<String>,
}

impl New {
    /// Prepares `object` for storing; `own` sets its `managedFields`.
    ///
    /// # Errors
    /// 400 if it names another namespace than its URL; 500 if it nests too deep to be stored.
    pub(super) fn prepare(
        call: &Arc<Call>,
        options: &WriteOptions,
        mut object: Json,
        dedup: Dedup,
        own: impl FnOnce(&mut Json),
    ) -> Result<Self, Status> {
        strategy::wipe_system_fields(&mut object);
        place(call, &mut object)?;
        let warnings = dedup_owner_references(&mut object, dedup).into_iter().collect();
        let version_given = !strategy::text(&object, "resourceVersion").is_empty();
        own(&mut object);
        strategy::prepare_create(call.resource, &mut object, &call.server.clock_rng);
        strategy::canonical(call.resource, &mut object);
        let mut new = Self {
            call: Arc::clone(call),
            given_name: strategy::text(&object, "name").to_owned(),
            object,
            name: String::new(),
            errors: Vec::new(),
            version_given,
            serialized: None,
            warnings,
        };
        new.assign_name(options.dry_run)?;
        Ok(new)
    }

    fn is_generated(&self) -> bool {
        self.given_name.is_empty() && !strategy::text(&self.object, "generateName").is_empty()
    }

    /// Assigns the name, and computes what depends on it; generates one from `generateName` if `name` is empty.
    fn assign_name(&mut self, dry_run: bool) -> Result<(), Failure> {
        let resource = self.call.resource;
        if self.is_generated() {
            let name = generate(strategy::text(&self.object, "generateName"), &self.call.server.clock_rng.suffix());
            strategy::metadata(&mut self.object).insert("name".into(), json!(name));
            strategy::default(resource, &mut self.object);
        }
        self.name = strategy::text(&self.object, "name").to_owned();
        self.errors = strategy::validate_create(resource, &self.object);
        self.serialized = if dry_run { None } else { Some(Serialized::new(&self.object)?) };
        Ok(())
    }

    /// Stores the object. Returns its revision, or `None` in a dry run.
    ///
    /// # Errors
    /// 404 and 403 for its namespace, 422 for its content, 409 for its name.
    pub(super) fn store(&mut self, transaction: &mut Transaction<'_>) -> Result<Option<u64>, Status> {
        let call = Arc::clone(&self.call);
        let (resource, namespace) = (call.resource, call.namespace());
        if resource == Resource::Secrets {
            check_namespace(transaction, namespace, Some(&self.given_name))?;
        }
        let mut tries = 1;
        loop {
            if !self.errors.is_empty() {
                return Err(invalid_object(resource.kind(), &self.name, &self.errors));
            }
            if self.version_given {
                return Err(Status::internal("resourceVersion should not be set on objects to be created"));
            }
            if let Some(serialized) = &self.serialized
                && let Some(revision) = transaction.create(resource, namespace, &self.name, serialized)?
            {
                return Ok(Some(revision));
            }
            match garbage::get(transaction, &call, &self.name)? {
                Some(existing) if !self.is_generated() || tries == TRIES => {
                    return Err(already_exists(resource, &self.name, &existing.object, self.is_generated()));
                }
                Some(_) => {
                    tries += 1;
                    self.assign_name(self.serialized.is_none())?;
                }
                None if self.serialized.is_none() => return Ok(None),
                // The existing object was due for garbage collection, and has been deleted now: try again.
                None => {}
            }
        }
    }

    /// Returns the answer for the stored object.
    pub(super) fn reply(mut self, revision: Option<u64>) -> Reply {
        let resource = self.call.resource;
        self.warnings.extend(strategy::warnings(resource, &self.object));
        Reply::new(201, serve(resource, self.object, revision), self.warnings)
    }
}

/// Returns a generated name: the prefix, cut so that the result fits into a label, and the suffix
/// (`SimpleNameGenerator`).
fn generate(base: &str, suffix: &str) -> String {
    let mut end = base.len().min(58);
    while !base.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{suffix}", base.get(..end).unwrap_or(base))
}

fn already_exists(resource: Resource, name: &str, existing: &Json, generated: bool) -> Status {
    let plural = resource.plural();
    let mut text = format!("{plural} {} already exists", quote(name));
    if generated {
        text.push_str(", the server was not able to generate a unique name for the object");
    } else if existing["metadata"]["deletionTimestamp"].is_string() {
        text.insert_str(0, "object is being deleted: ");
    }
    Status::new(409, "AlreadyExists", text).details(json!({"name": name, "kind": plural}))
}
