//! Writes to Secrets, told with the object before and after, for receipts and the journal.
//!
//! Only a client with an [`Observer`] reads an object before it writes it. Invariant: each write that a server may have
//! carried out is told exactly once, whatever became of its answer.

use http::Method;
use serde_json::Value as Json;

use super::{Answer, Call, Client, bound, failure::Failure, path::Path};
use secret::Object;

/// Receives every write to a Secret that a server has carried out, or may have.
pub type Observer = Box<dyn Fn(Written) + Send + Sync>;

/// One write to a Secret.
#[derive(Debug, Clone)]
pub struct Written {
    /// The namespace.
    pub namespace: String,
    /// The name; empty if the server was to make it up and its answer was lost.
    pub name: String,
    /// The object as it was read before the write, or `None` if it did not exist.
    pub before: Option<Object>,
    /// What became of it.
    pub after: After,
}

/// What a write left.
#[derive(Debug, Clone)]
pub enum After {
    /// The object as the server answered it. With a `deletionTimestamp` it is still there, and waits for its finalizers.
    Object(Object),
    /// The object is gone.
    Gone,
    /// The answer was lost: the write may or may not have been carried out.
    Unknown,
}

/// How often a write is repeated if others write in between. Each time another one has got on.
const TRIES: u32 = 100;

/// Returns what `call` is about to write, or `None` if it writes no Secret: a read, a dry run, another kind, a
/// subresource.
pub(crate) fn target(call: &Call) -> Option<Written> {
    let (path, query) = call.path.as_str().split_once('?').unwrap_or((call.path.as_str(), ""));
    let parts: Vec<&str> = path.strip_prefix("/api/v1/namespaces/")?.split('/').collect();
    let body = || call.body.as_ref().and_then(|(_, body)| serde_json::from_slice(body).ok()).map(Object::new);
    let (namespace, name) = match (parts.as_slice(), &call.method) {
        ([namespace, "secrets"], &Method::POST) => {
            let object = body().unwrap_or_default();
            (*namespace, object.name().to_owned())
        }
        ([namespace, "secrets", name], &Method::PUT | &Method::PATCH) => (*namespace, (*name).to_owned()),
        ([namespace, "secrets", name], &Method::DELETE) => {
            let is_dry = body().is_some_and(|options| options.json()["dryRun"].is_array());
            (*namespace, (!is_dry).then(|| (*name).to_owned())?)
        }
        _ => return None,
    };
    let is_dry = query.contains("dryRun=") || call.query.iter().any(|(name, _)| name == "dryRun");
    let written = Written { namespace: namespace.to_owned(), name, before: None, after: After::Unknown };
    (!is_dry).then_some(written)
}

/// Sends a write, and tells the observer of it. A write without a precondition holds for the version that was read, and is
/// repeated on another one: what is told as before is what was there.
///
/// # Errors
/// [`Client::call`]'s, of the write or of the read before it: then nothing is written.
pub(crate) async fn send(
    client: &Client,
    observer: &Observer,
    written: Written,
    call: Call,
) -> Result<Answer, Failure> {
    // A client without a connection fails as it does without an observer.
    if client.ready().await.is_err() {
        return client.send(call).await;
    }
    let mut tries = TRIES;
    loop {
        let mut written = written.clone();
        if call.method != Method::POST {
            written.before = before(client, call.path.clone()).await?;
        }
        let version = written.before.as_ref().and_then(Object::resource_version).map(str::to_owned);
        let bound = version.as_ref().and_then(|version| bound::to(&call, version));
        let is_bound = bound.is_some();
        let mut told = Told { observer, written: Some(written) };
        let result = client.send(bound.unwrap_or_else(|| call.clone())).await;
        match &result {
            Ok(answer) => told.answered(answer, &call.method),
            Err(failure) if failure.may_be_done() => {}
            Err(_) => told.written = None,
        }
        tries -= 1;
        match result {
            // A conflict that has another reason than the version is the caller's.
            Err(failure) if is_bound && failure.is_conflict() && tries > 0 => {
                let now = before(client, call.path.clone()).await?;
                if now.as_ref().and_then(Object::resource_version) == version.as_deref() {
                    return Err(failure);
                }
            }
            result => return result,
        }
    }
}

async fn before(client: &Client, path: Path) -> Result<Option<Object>, Failure> {
    match client.send(Call::get(path)).await {
        Ok(answer) => answer.object().map(Some),
        Err(failure) if failure.is_not_found() => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// A write that is told when this is dropped. Why on drop: a request that is cancelled may have reached the server.
struct Told<'a> {
    observer: &'a Observer,
    written: Option<Written>,
}

impl Told<'_> {
    fn answered(&mut self, answer: &Answer, method: &Method) {
        let Some(written) = &mut self.written else { return };
        let Ok(object) = answer.object() else { return };
        let waits = object.json()["metadata"]["finalizers"].as_array().is_some_and(|names| !names.is_empty());
        let is_marked = object.json()["metadata"]["deletionTimestamp"].is_string();
        written.after = match object.kind() {
            "Secret" if waits || *method != Method::DELETE && !is_marked => {
                object.name().clone_into(&mut written.name);
                After::Object(object)
            }
            "Secret" => After::Gone,
            "Status" if *method == Method::DELETE => After::Gone,
            _ => After::Unknown,
        };
    }
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if let Some(written) = self.written.take() {
            (self.observer)(written);
        }
    }
}

impl Written {
    /// Returns the object that there is after the write, or `None` if there is none or it is not known.
    pub fn object(&self) -> Option<&Object> {
        match &self.after {
            After::Object(object) => Some(object),
            After::Gone | After::Unknown => None,
        }
    }

    /// Returns whether the write had no effect: the version stayed.
    pub fn is_without_effect(&self) -> bool {
        let version = |object: Option<&Object>| object.and_then(Object::resource_version).map(str::to_owned);
        self.before.is_some() && self.object().is_some() && version(self.before.as_ref()) == version(self.object())
    }

    /// Returns whether the object is only marked as deleted, and waits for its finalizers.
    pub fn is_deleting(&self) -> bool {
        let is_marked = |object: &Object| object.json()["metadata"]["deletionTimestamp"] != Json::Null;
        self.object().is_some_and(is_marked)
    }
}
