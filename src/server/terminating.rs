//! The work of the namespace controller (`pkg/controller/namespace/deletion`): a namespace that is being deleted loses its
//! Secrets, then the finalizer `kubernetes`, then itself. What holds on to a finalizer of its own stays, and the namespace
//! with it; its conditions say why.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{
    clock::Chance,
    delete::mark,
    garbage,
    resource::Resource,
    status::Status,
    store::{Range, Transaction},
    write::held,
};

/// Does what there is to do for a namespace, if it is being deleted at all.
///
/// # Errors
/// Those of the store.
pub fn settle(transaction: &mut Transaction<'_>, chance: &Chance, namespace: &str) -> Result<(), Status> {
    let Some(stored) = transaction.get(Resource::Namespaces, "", namespace)? else { return Ok(()) };
    let mut object = stored.object;
    if !object["metadata"]["deletionTimestamp"].is_string() {
        return Ok(());
    }
    let before = object.clone();
    let now = chance.timestamp();
    let remaining = empty(transaction, &now, namespace)?;
    if remaining.secrets == 0 {
        if let Some(Json::Array(finalizers)) = object["spec"].get_mut("finalizers") {
            finalizers.retain(|f| f != "kubernetes");
            if finalizers.is_empty() {
                object["spec"] = json!({});
            }
        }
        if !held(Resource::Namespaces, &object) {
            transaction.delete(Resource::Namespaces, "", namespace)?;
            return Ok(());
        }
    }
    remaining.tell(&mut object, &now);
    if object != before {
        transaction.replace(Resource::Namespaces, "", namespace, &object)?;
    }
    Ok(())
}

/// What could not be deleted.
#[derive(Default)]
struct Remaining {
    secrets: usize,
    /// How many of them each finalizer holds.
    finalizers: BTreeMap<String, usize>,
}

/// Deletes the Secrets of a namespace as `Background` does, as far as they let themselves be deleted.
fn empty(transaction: &mut Transaction<'_>, now: &str, namespace: &str) -> Result<Remaining, Status> {
    let mut secrets = Vec::new();
    let range = Range { resource: Resource::Secrets, namespace: Some(namespace), start: ("", ""), at: None };
    let _ = transaction.list(&range, &mut |_, name, secret| {
        secrets.push((name.to_owned(), secret.object));
        true
    })?;
    let mut remaining = Remaining::default();
    for (name, mut secret) in secrets {
        let before = secret.clone();
        garbage::remove_finalizers(&mut secret);
        if !held(Resource::Secrets, &secret) {
            transaction.delete(Resource::Secrets, namespace, &name)?;
            continue;
        }
        mark(Resource::Secrets, &mut secret, now);
        if secret != before {
            transaction.replace(Resource::Secrets, namespace, &name, &secret)?;
        }
        remaining.secrets += 1;
        for finalizer in secret["metadata"]["finalizers"].as_array().into_iter().flatten().filter_map(Json::as_str) {
            *remaining.finalizers.entry(finalizer.to_owned()).or_default() += 1;
        }
    }
    Ok(remaining)
}

impl Remaining {
    /// Says it in the namespace's conditions (`status_condition_utils.go`).
    fn tell(&self, namespace: &mut Json, now: &str) {
        let content = (self.secrets > 0).then(|| {
            let text = format!("Some resources are remaining: secrets. has {} resource instances", self.secrets);
            ("SomeResourcesRemain", text)
        });
        let held = (!self.finalizers.is_empty()).then(|| {
            let mut each = self
                .finalizers
                .iter()
                .map(|(f, count)| format!("{f} in {count} resource instances"))
                .collect::<Vec<_>>();
            each.sort_unstable();
            let text = format!("Some content in the namespace has finalizers remaining: {}", each.join(", "));
            ("SomeFinalizersRemain", text)
        });
        let right = |reason, text: &str| (reason, text.to_owned());
        const CONTENT: &str = "All content successfully deleted, may be waiting on finalization";
        for (kind, wrong, (reason, text)) in [
            (
                "NamespaceDeletionDiscoveryFailure",
                None,
                right("ResourcesDiscovered", "All resources successfully discovered"),
            ),
            (
                "NamespaceDeletionGroupVersionParsingFailure",
                None,
                right("ParsedGroupVersions", "All legacy kube types successfully parsed"),
            ),
            ("NamespaceDeletionContentFailure", None, right("ContentDeleted", CONTENT)),
            ("NamespaceContentRemaining", content, right("ContentRemoved", "All content successfully removed")),
            (
                "NamespaceFinalizersRemaining",
                held,
                right("ContentHasNoFinalizers", "All content-preserving finalizers finished"),
            ),
        ] {
            let status = if wrong.is_some() { "True" } else { "False" };
            let (reason, text) = wrong.unwrap_or((reason, text));
            condition(&mut namespace["status"]["conditions"], kind, status, reason, &text, now);
        }
    }
}

/// Sets one condition; its time changes with its status only.
fn condition(conditions: &mut Json, kind: &str, status: &str, reason: &str, message: &str, now: &str) {
    if !conditions.is_array() {
        *conditions = json!([]);
    }
    let Json::Array(conditions) = conditions else { return };
    let mut new = json!({
        "type": kind, "status": status, "lastTransitionTime": now, "reason": reason, "message": message,
    });
    match conditions.iter_mut().find(|old| old["type"] == kind) {
        Some(old) => {
            if old["status"] == status {
                new["lastTransitionTime"] = old["lastTransitionTime"].clone();
            }
            *old = new;
        }
        None => conditions.push(new),
    }
}
