//! Waits for a state of an object, or of any object of a list: reads it, watches it from the version of that read, and
//! starts over when the watch ends (client-go's `UntilWithSync`).

use std::time::{Duration, Instant};

use super::targets::{Target, fetch};
use crate::{
    client::{Call, Client, Events, Failure, ListOptions, Path},
    secret::{Object, resource::Resource},
};

/// The least time between two reads. Why: if watching is forbidden, fails or ends at once, the loop would send requests
/// without a pause.
const POLL: Duration = Duration::from_secs(1);
/// How many reads or watches may fail in a row. Why: a server whose responses are always invalid must not be asked for
/// ever.
const BROKEN: u32 = 5;

/// What is watched.
pub struct Subject<'a> {
    resource: Resource,
    collection: Path,
    labels: &'a str,
    fields: String,
    /// The object, if it is a single one.
    object: Option<&'a Target>,
}

impl<'a> Subject<'a> {
    /// Returns a single object, which need not exist yet.
    pub fn object(target: &'a Target) -> Self {
        Self {
            resource: target.resource(),
            collection: target.collection.path(),
            labels: "",
            fields: format!("metadata.name={}", escaped(target.name.as_str())),
            object: Some(target),
        }
    }

    /// Returns the objects of a collection that the selectors match.
    pub fn list(resource: Resource, collection: Path, labels: &'a str, fields: &str) -> Self {
        Self { resource, collection, labels, fields: fields.to_owned(), object: None }
    }

    /// Reads the subject. Returns the version to watch from; `None` if it may not be listed.
    async fn read<T>(&self, client: &Client, judge: Judge<'_, T>) -> Result<Read<T>, Failure> {
        let options = ListOptions {
            label_selector: self.labels.to_owned(),
            field_selector: self.fields.clone(),
            limit: 1,
            ..ListOptions::default()
        };
        let mut pages = client.list(self.resource, self.collection.clone(), options);
        let mut version = String::new();
        let mut empty = true;
        loop {
            let page = match (pages.next().await, self.object) {
                (Ok(Some(page)), _) => page,
                (Ok(None), _) => break,
                (Err(failure), Some(target)) if is_refused(&failure) => {
                    return Ok(Read { done: judge(get(client, target).await?), version: None });
                }
                (Err(failure), _) => return Err(failure),
            };
            version.clone_from(&page.resource_version);
            for object in page.objects(self.resource) {
                empty = false;
                if let Some(done) = judge(Some(object?)) {
                    return Ok(Read { done: Some(done), version: None });
                }
            }
        }
        let done = if empty { judge(None) } else { None };
        Ok(Read { done, version: Some(version) })
    }

    /// Watches the subject from a version until the watch ends.
    async fn watch<T>(&self, client: &Client, version: String, judge: Judge<'_, T>) -> Result<Option<T>, Failure> {
        let mut call = Call::get(self.collection.clone()).query("watch", "true").query("resourceVersion", version);
        for (name, selector) in [("labelSelector", self.labels), ("fieldSelector", self.fields.as_str())] {
            if !selector.is_empty() {
                call = call.query(name, selector);
            }
        }
        let mut events = Events::new(client.stream(call).await?);
        while let Some(event) = events.next().await? {
            let done = match event.kind.as_str() {
                "ADDED" | "MODIFIED" => judge(Some(event.object)),
                "DELETED" => judge(None),
                _ => None,
            };
            if done.is_some() {
                return Ok(done);
            }
        }
        Ok(None)
    }
}

/// Decides whether the wait is over: gets an object that was seen, or `None` if it does not exist, and returns `Some`
/// to end.
type Judge<'j, T> = &'j mut dyn FnMut(Option<Object>) -> Option<T>;

/// The result of a read.
struct Read<T> {
    done: Option<T>,
    /// The version to watch from.
    version: Option<String>,
}

/// Waits until `judge` returns `Some`, and returns that; `None` at the deadline. Calls `refused` once if the subject
/// may not be listed or watched; it is then read once a second.
///
/// Why from the version of a list: that of an object may be older than the server's watch cache, and every watch from
/// it would be answered with 410. kubectl's `get --watch` starts at 0 for that reason.
///
/// # Errors
/// Reads or watches that fail several times in a row.
pub async fn until<T>(
    client: &Client,
    subject: &Subject<'_>,
    deadline: Option<Instant>,
    mut judge: impl FnMut(Option<Object>) -> Option<T>,
    mut refused: impl FnMut(),
) -> Result<Option<T>, Failure> {
    let work = rounds(client, subject, &mut judge, &mut refused);
    match deadline {
        None => work.await.map(Some),
        Some(deadline) if deadline <= Instant::now() => Ok(None),
        Some(deadline) => match tokio::time::timeout_at(deadline.into(), work).await {
            Ok(outcome) => outcome.map(Some),
            Err(_) => Ok(None),
        },
    }
}

async fn rounds<T>(
    client: &Client,
    subject: &Subject<'_>,
    judge: Judge<'_, T>,
    refused: &mut dyn FnMut(),
) -> Result<T, Failure> {
    let mut broken = 0;
    let mut told = false;
    loop {
        let begun = Instant::now();
        let outcome = async {
            let read = subject.read(client, judge).await?;
            match (read.done, read.version) {
                (Some(done), _) => Ok((Some(done), false)),
                (None, None) => Ok((None, true)),
                (None, Some(version)) => match subject.watch(client, version, judge).await {
                    Err(failure) if is_refused(&failure) => Ok((None, true)),
                    outcome => outcome.map(|done| (done, false)),
                },
            }
        };
        match outcome.await {
            Ok((Some(done), _)) => return Ok(done),
            Ok((None, no_watch)) => {
                broken = 0;
                if no_watch && !std::mem::replace(&mut told, true) {
                    refused();
                }
            }
            // The version is older than the watch cache. That is no failure: the next read returns a newer one.
            Err(failure) if failure.is_expired() => broken = 0,
            Err(failure) if is_refused(&failure) => return Err(failure),
            Err(failure) => {
                broken += 1;
                if broken == BROKEN {
                    return Err(failure);
                }
            }
        }
        tokio::time::sleep_until((begun + POLL).into()).await;
    }
}

/// Returns whether the server forbids the request to this user, or does not have the resource.
fn is_refused(failure: &Failure) -> bool {
    matches!(failure.code(), 403 | 405)
}

async fn get(client: &Client, target: &Target) -> Result<Option<Object>, Failure> {
    match fetch(client, target).await {
        Ok(object) => Ok(Some(object)),
        Err(failure) if failure.is_not_found() => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Escapes a value of a field selector (apimachinery's `fields.EscapeValue`).
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace(',', "\\,").replace('=', "\\=")
}
