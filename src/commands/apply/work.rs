//! One object applied, and the requests that it takes.

use http::Method;
use serde_json::{Value as Json, json};

use super::{fold, owned};
use crate::{
    cli::flags::DryRun,
    client::{Answer, Call, Client, Failure},
    commands::{create::LAST_APPLIED, files, session, targets::Target},
    context::Context,
    error::{Error, Result},
    manifest::Document,
    secret::Object,
};

/// Who owns what `apply` without `--server-side` sets, with kubectl as with us.
const CLIENT_SIDE: &str = "kubectl-client-side-apply";

/// How objects are applied.
pub struct How {
    server_side: bool,
    force: bool,
    manager: String,
}

impl How {
    /// What the flags mean; no `manager` is kubectl's default.
    ///
    /// # Errors
    /// kubectl's, for `--force-conflicts` alone.
    pub fn resolve(server_side: bool, force: bool, manager: &str) -> Result<Self> {
        if force && !server_side {
            return Err(Error::new("--force-conflicts only works with --server-side"));
        }
        let default = if server_side { "kubectl" } else { CLIENT_SIDE };
        let manager = if manager.is_empty() { default } else { manager };
        Ok(Self { server_side, force: force || !server_side, manager: manager.to_owned() })
    }
}

/// What all objects have in common.
pub struct Work<'a> {
    /// The server.
    pub client: &'a Client,
    /// Who merges, as whom.
    pub how: How,
    /// The `fieldValidation` of requests.
    pub validation: &'static str,
    /// Where it stops.
    pub dry_run: DryRun,
}

/// What came of one object.
pub struct Applied {
    /// The object as it is now, or would be.
    pub object: Object,
    /// kubectl's word for what was done.
    pub operation: &'static str,
    /// Where it lives.
    pub target: Target,
    /// As it was, where that was asked for before: client-side only.
    pub live: Option<Object>,
}

/// An object ready to be sent.
struct Ready {
    object: Object,
    target: Target,
    path: String,
}

impl Work<'_> {
    /// Applies the object of a document.
    ///
    /// # Errors
    /// What cannot be folded, and what the server refuses, conflicts included, without the values that it repeats.
    pub async fn apply(&self, document: Document, ctx: &mut Context) -> Result<Applied> {
        let ready = self.prepare(document, ctx)?;
        if self.how.server_side { self.on_server(ready, ctx).await } else { self.on_client(ready, ctx).await }
    }

    fn prepare(&self, mut document: Document, ctx: &mut Context) -> Result<Ready> {
        let resource = files::place(&mut document, self.client)?;
        let name = document.object.name().to_owned();
        if name.is_empty() {
            let error = match document.object.json()["metadata"]["generateName"].as_str() {
                Some(prefix) if !prefix.is_empty() => format!("from {prefix}: cannot use generate name with apply"),
                _ => format!("error when applying {:?}: resource name may not be empty", document.origin.path),
            };
            return Err(document.locate(Error::new(error), &["metadata"]));
        }
        let shown = format!("{}/{name}", resource.plural());
        if fold::strip(&mut document) {
            ctx.say(format_args!("warning: {shown}: the manifest's annotation {LAST_APPLIED} is left out"));
        }
        fold::string_data(&mut document)?;
        let target =
            Target::of(resource, &document).map_err(|failure| failure.when("applying", &document.origin.path))?;
        let Document { origin, object, .. } = document;
        Ok(Ready { object, target, path: origin.path })
    }

    /// `--server-side`: the server merges, refuses conflicts and keeps the record.
    async fn on_server(&self, ready: Ready, ctx: &mut Context) -> Result<Applied> {
        let Ready { object, target, .. } = ready;
        let refused = |failure: Failure| conflict(failure.redacted(&object));
        let answer = self.send(&target, &object, self.dry_run).await.map_err(refused)?;
        session::say_warnings(ctx, &answer);
        let mut applied = answer.object()?;
        if annotated(&applied) {
            // Under kubectl's name the server has just written the values into it anew.
            if self.dry_run == DryRun::Server {
                forget(applied.json_mut(), &[vec!["metadata".into(), "annotations".into(), LAST_APPLIED.into()]]);
            } else {
                let patch = hand_over(&applied, &self.how.manager);
                let call = session::patch(target.path(), session::JSON_PATCH, &patch);
                let call = call.query("fieldManager", self.how.manager.as_str());
                self.client.call(call).await.map_err(|failure| conflict(failure.redacted(&applied)))?;
                say_removed(&target, ctx);
                applied = self.send(&target, &object, self.dry_run).await.map_err(refused)?.object()?;
            }
        }
        Ok(Applied { object: applied, operation: "serverside-applied", target, live: None })
    }

    /// Without `--server-side`: kubectl's words and its rule that the manifest always wins, on the server's merge.
    async fn on_client(&self, ready: Ready, ctx: &mut Context) -> Result<Applied> {
        let Ready { mut object, target, path } = ready;
        let live = match self.client.call(Call::get(target.path())).await {
            Ok(answer) => Some(answer.object_named(target.namespace(), target.name.as_str())?),
            Err(failure) if failure.is_not_found() => None,
            Err(failure) => return Err(failure.when("applying", &path).into()),
        };
        if self.dry_run == DryRun::Client {
            // kubectl shows what is there, not what would be.
            let operation = if live.is_some() { "configured" } else { "created" };
            return Ok(Applied { object: live.clone().unwrap_or(object), operation, target, live });
        }
        if let Some(metadata) = object.metadata_mut() {
            metadata.remove("managedFields");
        }
        let Some(live) = live else { return self.create(object, target, &path, ctx).await };
        let annotated = annotated(&live);
        if !annotated && owned::nothing_new(live.json(), object.json(), &self.how.manager) {
            return Ok(Applied { object: live.clone(), operation: "unchanged", target, live: Some(live) });
        }
        let refused = |failure: Failure| failure.redacted(&object).redacted(&live).when("applying", &path);
        let left_over = owned::left_over(live.json(), object.json(), &self.how.manager);
        let cleaning = annotated || !left_over.is_empty();
        if cleaning && self.dry_run == DryRun::None {
            // Two writes: the second must not be refused when the first is done.
            self.send(&target, &object, DryRun::Server).await.map_err(refused)?;
            let patch = owned::removal(&left_over, annotated);
            let call = session::patch(target.path(), session::MERGE_PATCH, &patch);
            let call = call.query("fieldManager", self.how.manager.as_str());
            self.client.call(call).await.map_err(refused)?;
            if annotated {
                say_removed(&target, ctx);
            }
        }
        let answer = self.send(&target, &object, self.dry_run).await.map_err(refused)?;
        session::say_warnings(ctx, &answer);
        let mut applied = answer.object()?;
        if self.dry_run == DryRun::Server {
            forget(applied.json_mut(), &left_over);
            if annotated {
                forget(applied.json_mut(), &[vec!["metadata".into(), "annotations".into(), LAST_APPLIED.into()]]);
            }
        }
        let operation = if !cleaning && self.same(&live, &applied) { "unchanged" } else { "configured" };
        Ok(Applied { object: applied, operation, target, live: Some(live) })
    }

    /// What is not there is created as `create -f` does: so its errors are kubectl's, and the right to create is enough.
    async fn create(&self, object: Object, target: Target, path: &str, ctx: &mut Context) -> Result<Applied> {
        let mut call = session::post(target.collection.path(), object.json())
            .query("fieldManager", self.how.manager.as_str())
            .query("fieldValidation", self.validation);
        if self.dry_run == DryRun::Server {
            call = call.query("dryRun", "All");
        }
        let answer = self.client.call(call).await.map_err(|f| f.redacted(&object).when("creating", path))?;
        session::say_warnings(ctx, &answer);
        Ok(Applied { object: answer.object()?, operation: "created", target, live: None })
    }

    /// Whether nothing was written. A dry run's answer always has the old version.
    fn same(&self, live: &Object, applied: &Object) -> bool {
        let stored = live.resource_version() == applied.resource_version();
        stored && (self.dry_run == DryRun::None || live.json() == applied.json())
    }

    async fn send(&self, target: &Target, object: &Object, dry_run: DryRun) -> Result<Answer, Failure> {
        let mut call = Call::new(Method::PATCH, target.path())
            .body(session::APPLY_PATCH, object.json().to_string())
            .query("fieldManager", self.how.manager.as_str())
            .query("fieldValidation", self.validation)
            .query("force", if self.how.force { "true" } else { "false" });
        if dry_run == DryRun::Server {
            call = call.query("dryRun", "All");
        }
        self.client.call(call).await
    }
}

fn annotated(object: &Object) -> bool {
    object.json()["metadata"]["annotations"].get(LAST_APPLIED).is_some()
}

fn say_removed(target: &Target, ctx: &mut Context) {
    let (resource, name) = (target.resource(), &target.name);
    ctx.say(format_args!("warning: {}/{name}: its annotation {LAST_APPLIED} was removed", resource.plural()));
}

/// Takes the keys at `paths` out.
fn forget(object: &mut Json, paths: &[owned::Path]) {
    for path in paths {
        let Some((key, outer)) = path.split_last() else { continue };
        let map = outer.iter().try_fold(&mut *object, |json, name| json.get_mut(name));
        if let Some(Json::Object(map)) = map {
            map.remove(key);
            if map.is_empty()
                && let [metadata, name] = outer
                && let Some(metadata) = object.get_mut(metadata).and_then(Json::as_object_mut)
            {
                metadata.remove(name);
            }
        }
    }
}

/// The JSON patch that takes the annotation away and gives what client-side apply set to `manager`, as kubectl's
/// `csaupgrade` does, so that a later apply takes it away again.
fn hand_over(applied: &Object, manager: &str) -> Json {
    let metadata = &applied.json()["metadata"];
    let mut entries = metadata["managedFields"].as_array().cloned().unwrap_or_default();
    let is = |entry: &Json, name: &str, operation: &str| {
        entry["manager"] == name && entry["operation"] == operation && entry.get("subresource").is_none()
    };
    let (former, mut kept): (Vec<_>, Vec<_>) = entries.drain(..).partition(|entry| is(entry, CLIENT_SIDE, "Update"));
    if let Some(own) = kept.iter_mut().find(|entry| is(entry, manager, "Apply")) {
        for mut entry in former {
            let annotations = entry.pointer_mut("/fieldsV1/f:metadata/f:annotations").and_then(Json::as_object_mut);
            if let Some(annotations) = annotations {
                annotations.remove(&format!("f:{LAST_APPLIED}"));
            }
            union(&mut own["fieldsV1"], entry["fieldsV1"].take());
        }
    }
    let annotation = format!("/metadata/annotations/{}", LAST_APPLIED.replace('/', "~1"));
    json!([
        {"op": "replace", "path": "/metadata/resourceVersion", "value": metadata["resourceVersion"]},
        {"op": "replace", "path": "/metadata/managedFields", "value": kept},
        {"op": "remove", "path": annotation},
    ])
}

/// The union of two sets of fields. The mark of a map itself is left out: applies do not own maps.
fn union(into: &mut Json, from: Json) {
    let (Json::Object(into), Json::Object(from)) = (into, from) else { return };
    for (field, fields) in from.into_iter().filter(|(field, _)| field != ".") {
        union(into.entry(field).or_insert_with(|| json!({})), fields);
    }
}

/// The server's refusal; a conflict in kubectl's line, with advice of our own.
fn conflict(failure: Failure) -> Error {
    if !failure.is_conflict() {
        return failure.into_error();
    }
    let error = Error::new(failure.message());
    if !failure.message().starts_with("Apply failed") {
        return error;
    }
    error
        .hint("others set these fields to something else; --force-conflicts takes them over")
        .hint("or leave them out of the manifest: they stay as they are")
        .hint("or write the value that they have into the manifest: then both own them")
}
