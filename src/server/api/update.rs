//! Replacement, by PUT or by a patch ([`super::patch`]). Both take the same steps in the order of kube-apiserver's
//! registry. Objects that do not exist are created by [`super::create`].

use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::{
    admission::{check_name, check_namespace, decode_write, ownership, place},
    api::create::New,
    blocking,
    controllers::{garbage, namespaces},
    http::{
        call::{Call, Reply, serve},
        options::{Verb, WriteOptions, invalid_object},
        route::Part,
    },
    lifecycle::has_finalizers,
    managed_fields,
    store::{Serialized, Stored, Transaction},
    strategy,
};
use secret::{
    resource::Resource,
    status::Status,
    validate::{Dedup, dedup_owner_references},
};

/// Serves PUT.
pub async fn update(call: &Arc<Call>, body: Vec<u8>) -> Result<Reply, Status> {
    let prepare = move |call: &Arc<Call>| {
        let (options, mut object, warnings) = decode_write(call, Verb::Update, &body)?;
        place(call, &mut object)?;
        check_name(call, &object)?;
        Ok((options, object, warnings))
    };
    let (options, object, warnings) = blocking::run(call.is_large, call, prepare).await?;
    let plan = move |call: &Arc<Call>, existing: Option<&Stored>| {
        let existing = existing.ok_or_else(|| call.not_found())?;
        let uid = strategy::text(&object, "uid");
        let stored_uid = strategy::text(&existing.object, "uid");
        if !uid.is_empty() && uid != stored_uid {
            let place = [call.namespace(), &call.name].join("/");
            let key = format!("{}/{}", call.resource.plural(), place.trim_start_matches('/'));
            return Err(call.conflict(&format!(
                "StorageError: invalid object, Code: 4, Key: /registry/{key}, ResourceVersion: 0, AdditionalErrorMsg: \
                 Precondition failed: UID in precondition: {uid}, UID in object meta: {stored_uid}"
            )));
        }
        let mut replacement = update_in(call, &options, existing, object.clone(), Dedup::Request)?;
        replacement.warnings.splice(0..0, warnings.iter().cloned());
        Ok(Plan::Replace(replacement))
    };
    carry_out(call, plan).await
}

/// The outcome of a write, computed for one state of the object and not stored yet.
pub(super) enum Plan {
    /// Create the object.
    Create(New),
    /// Replace the existing object.
    Replace(Replacement),
}

impl Plan {
    /// Stores it. The caller must have checked that the object is still in that state.
    fn store(self, transaction: &mut Transaction<'_>, call: &Call) -> Result<Reply, Status> {
        match self {
            Self::Create(mut new) => {
                let revision = new.store(transaction)?;
                Ok(new.reply(revision))
            }
            Self::Replace(replacement) => replacement.store(transaction, call),
        }
    }
}

/// How often a large write is computed again because its object has changed meanwhile, before that is done with the
/// write lock held.
const ATTEMPTS: usize = 5;

/// Computes `plan` for the live object (`None` if it does not exist) and stores the result.
///
/// Large objects are processed without the write lock: the plan is computed for the current state and stored if the
/// revision is still the same, and computed again otherwise, as kube-apiserver does (`GuaranteedUpdate`).
///
/// Invariant: a plan is stored only in a transaction in which the object has the revision that the plan was computed
/// for.
pub(super) async fn carry_out(
    call: &Arc<Call>,
    plan: impl Fn(&Arc<Call>, Option<&Stored>) -> Result<Plan, Status> + Send + Sync + 'static,
) -> Result<Reply, Status> {
    let (store, plan) = (&call.server.store, Arc::new(plan));
    let attempts = if call.is_large { ATTEMPTS } else { 0 };
    for _ in 0..attempts {
        let plan = Arc::clone(&plan);
        let planned = move |call: &Arc<Call>| {
            let store = &call.server.store;
            let live = store.get(call.resource, call.namespace(), &call.name)?;
            let due =
                |live: &Stored| garbage::Due::of(call.resource, &live.object, call.server.clock_rng.now()).is_some();
            let is_nowhere = || store.get(Resource::Namespaces, "", call.namespace()).map(|space| space.is_none());
            let is_plain = match &live {
                Some(live) => !due(live),
                None => call.resource != Resource::Secrets || !is_nowhere()?,
            };
            // All other cases (a deletion that is overdue, a missing namespace) are left to the transaction below.
            let plan = is_plain.then(|| plan(call, live.as_ref())).transpose()?;
            Ok(plan.map(|plan| (live.map(|live| live.revision), plan)))
        };
        let Some((revision, planned)) = blocking::run(true, call, planned).await? else { break };
        let done = store.write(|transaction| {
            if transaction.revision(call.resource, call.namespace(), &call.name)? != revision {
                return Ok(None);
            }
            planned.store(transaction, call).map(Some)
        });
        if let Some(reply) = done.await? {
            return Ok(reply);
        }
    }
    store
        .write(|transaction| {
            let live = garbage::get(transaction, call, &call.name)?;
            if live.is_none() && call.resource == Resource::Secrets && call.part == Part::Object {
                check_namespace(transaction, call.namespace(), None)?;
            }
            plan(call, live.as_ref())?.store(transaction, call)
        })
        .await
}

/// Updates an object for a manager that does not use apply.
pub(super) fn update_in(
    call: &Call,
    options: &WriteOptions,
    existing: &Stored,
    mut object: Json,
    dedup: Dedup,
) -> Result<Replacement, Status> {
    let warning = dedup_owner_references(&mut object, dedup);
    let manager = call.manager(options.field_manager.as_deref());
    let now = call.server.clock_rng.timestamp();
    managed_fields::update(Some(&existing.object), &mut object, &ownership(call, &manager, &now));
    Replacement::prepare(call, options, existing, object, warning.into_iter().collect())
}

/// The result of an update of an existing object.
pub(super) struct Replacement {
    object: Json,
    /// Texts for `Warning` headers.
    pub warnings: Vec<String>,
    /// The revision that it was computed for.
    revision: u64,
    change: Change,
}

enum Change {
    /// Nothing changes, or this is a dry run.
    None,
    /// The object is deleted: its last finalizer was removed.
    End,
    /// The object is replaced by this one.
    Object(Serialized),
}

impl Replacement {
    /// Computes what replaces `existing`. The `managedFields` of `object` must be set already.
    ///
    /// # Errors
    /// 409 if `object` has another resourceVersion, 422 if it is invalid.
    pub(super) fn prepare(
        call: &Call,
        options: &WriteOptions,
        existing: &Stored,
        mut object: Json,
        mut warnings: Vec<String>,
    ) -> Result<Self, Status> {
        let version = go::parse_int::parse_uint(match strategy::text(&object, "resourceVersion") {
            "" => "0",
            given => given,
        })
        .map_err(Status::internal)?;
        if version != 0 && version != existing.revision {
            let text = "the object has been modified; please apply your changes to the latest version and try again";
            return Err(call.conflict(text));
        }
        strategy::prepare_update(&mut object, &existing.object);
        keep_parts(call, &mut object, &existing.object);
        strategy::default(call.resource, &mut object);
        // Why before empty fields are removed: for an immutable Secret, `data: {}` differs from no `data`.
        let errors = strategy::validate_update(call.resource, call.part, &object, &existing.object);
        if !errors.is_empty() {
            return Err(invalid_object(call.resource.kind(), &call.name, &errors));
        }
        strategy::canonical(call.resource, &mut object);
        managed_fields::keep_times(&existing.object, &mut object, call.resource);
        warnings.extend(strategy::warnings(call.resource, &object));
        let is_deleted = object["metadata"]["deletionTimestamp"].is_string();
        let change = if object == existing.object || options.dry_run {
            Change::None
        } else if is_deleted && !has_finalizers(call.resource, &object) {
            Change::End
        } else {
            Change::Object(Serialized::new(&object)?)
        };
        Ok(Self { object, warnings, revision: existing.revision, change })
    }

    fn store(self, transaction: &mut Transaction<'_>, call: &Call) -> Result<Reply, Status> {
        let (resource, namespace, clock_rng) = (call.resource, call.namespace(), &call.server.clock_rng);
        let mut revision = self.revision;
        // Why the results of `advance` are ignored: what a step leaves is deleted by the request that deletes the
        // namespace.
        match self.change {
            Change::None => {}
            Change::End => {
                transaction.delete(resource, namespace, &call.name)?;
                if resource == Resource::Secrets {
                    namespaces::advance(transaction, clock_rng, namespace)?;
                }
            }
            Change::Object(serialized) => {
                revision = transaction.replace_serialized(resource, namespace, &call.name, &serialized)?;
                if resource == Resource::Namespaces {
                    namespaces::advance(transaction, clock_rng, &call.name)?;
                }
            }
        }
        Ok(Reply::new(200, serve(resource, self.object, Some(revision)), self.warnings))
    }
}

/// Restores the parts of a Namespace that this subresource cannot change.
fn keep_parts(call: &Call, object: &mut Json, old: &Json) {
    if call.resource == Resource::Namespaces {
        if call.part != Part::Finalize {
            object["spec"] = old["spec"].clone();
        }
        if call.part != Part::Status {
            object["status"] = old["status"].clone();
        } else if object["status"]["phase"].as_str().unwrap_or_default().is_empty() {
            // `SetDefaults_NamespaceStatus`.
            object["status"]["phase"] = json!("Active");
        }
    }
}
