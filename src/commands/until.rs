//! Waits until an object, or any object of a list, is as wanted: reads it, watches it from the version of that read, and
//! begins anew where a watch ends (client-go's `UntilWithSync`).

use std::time::{Duration, Instant};

use super::targets::{Target, fetch};
use crate::{
    client::{Call, Client, Events, Failure, ListOptions, Path},
    secret::{Object, resource::Resource},
};

/// The least time from one read to the next. Why: where watching is not allowed, fails, or ends at once, the server would
/// be asked without a pause.
const POLL: Duration = Duration::from_secs(1);
/// How many reads or watches may fail one after the other: a server that answers each with nonsense must not be asked for
/// ever.
const BROKEN: u32 = 5;

/// What is waited for.
pub struct Subject<'a> {
    resource: Resource,
    collection: Path,
    labels: &'a str,
    fields: String,
    /// The path of the object where it is one.
    object: Option<&'a Target>,
}

impl<'a> Subject<'a> {
    /// One object, which need not exist yet.
    pub fn object(target: &'a Target) -> Self {
        Self {
            resource: target.resource(),
            collection: target.collection.path(),
            labels: "",
            fields: format!("metadata.name={}", escaped(target.name.as_str())),
            object: Some(target),
        }
    }

    /// The objects of a collection that the selectors leave.
    pub fn list(resource: Resource, collection: Path, labels: &'a str, fields: &str) -> Self {
        Self { resource, collection, labels, fields: fields.to_owned(), object: None }
    }

    /// Reads the subject. Returns the version to watch it from, or `None` where it may not be listed.
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

    /// Watches the subject from a version, to the end of the watch.
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

/// What decides: given an object that was seen, or `None` where it is not there, it returns `Some` if that ends the wait.
type Judge<'j, T> = &'j mut dyn FnMut(Option<Object>) -> Option<T>;

/// What a read brought.
struct Read<T> {
    done: Option<T>,
    /// The version to watch from.
    version: Option<String>,
}

/// Waits until `judge` returns `Some` for what is seen, and returns that; `None` if the deadline comes first. `refused` is
/// called once if the subject may not be listed or watched: then it is read once a second.
///
/// Why from the version of a list: that of an object may be older than the events that the server keeps, and every watch
/// from it would be answered with 410 (kubectl's `get --watch` begins at 0 for that reason).
///
/// # Errors
/// What the server says to one read or watch after the other.
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
            // The version is older than what the server keeps: the next read brings another one.
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

/// Returns whether the server does not let this user do that, or does not have it.
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
