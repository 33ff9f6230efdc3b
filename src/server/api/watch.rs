//! Watches: the existing objects, then every write as it is committed, read from the history in the store.
//!
//! Invariant: a watch has no queue of events, only its position in that history ([`Watcher::at`]). A client that does
//! not read therefore costs no memory, and one that falls behind the history that is kept gets 410. Events are read and
//! encoded once for all watches ([`super::watch_cache`]).

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use serde_json::{Value as Json, json};
use tokio::time::Instant;

use crate::{
    Inner,
    api::watch_cache::{Cache, CachedEvent},
    controllers::garbage,
    encode::{self, table::Include},
    http::{
        backlog::Share,
        body::{Body, Next, Source},
        call::{Call, serve},
        negotiate::{Format, Media, Shape},
        options::{forbidden, invalid_options, unsupported},
        query::Query,
    },
    maintenance, protobuf,
    store::{CommitWatcher, Range},
    turn,
};
use go::{parse_int::parse_uint, quote::quote};
use secret::{resource::Resource, selector::Selector, status::Status};

/// How often an idle watch that allows bookmarks gets one.
const BOOKMARK_EVERY: Duration = Duration::from_secs(60);
/// How long before its end a watch gets its last bookmark.
const BOOKMARK_BEFORE_END: Duration = Duration::from_secs(2);
/// Limits of one chunk: its size in bytes, how many objects or events are read at once, and the time for reading.
const CHUNK: usize = 64 * 1024;
const PAGE: usize = 256;
const TIME: Duration = Duration::from_millis(3);

/// Begins a watch.
///
/// # Errors
/// 400 for invalid selectors, 422 for options that exclude each other, 500 for a malformed resourceVersion.
pub async fn watch(call: &Call, server: Arc<Inner>) -> Result<Body, Status> {
    let mut selector = call.query.selector(call.resource)?;
    if !call.name.is_empty() {
        selector.name(&call.name).map_err(Status::bad_request)?;
    }
    let timeout = call.query.integer("timeoutSeconds").map_err(Status::bad_request)?;
    validate(&call.query)?;
    let version = match call.query.non_empty("resourceVersion") {
        None => 0,
        Some(text) => parse_uint(text)
            .map_err(|error| Status::internal(format!("resourceVersion: Invalid value: {}: {error}", quote(text))))?,
    };
    let send_initial = call.query.flag("sendInitialEvents");
    let bookmarks = call.query.flag("allowWatchBookmarks") == Some(true);
    // Why not an error of this function: a watch whose list fails has begun nevertheless, and ends with an ERROR event
    // (`newErrWatcher` of kube-apiserver's cacher).
    let failed = match send_initial {
        Some(true) if version > 0 => super::list::wait_for(call, version).await.err(),
        _ => None,
    };
    let head = server.store.head()?;
    let initial = send_initial.unwrap_or(version == 0);
    let seconds = timeout.and_then(|t| u64::try_from(t).ok()).filter(|t| *t > 0).unwrap_or_else(|| {
        let [random] = server.clock_rng.bytes::<1>();
        1800 + 7 * u64::from(random)
    });
    let now = Instant::now();
    let end = now + Duration::from_secs(seconds);
    let mut watcher = Watcher {
        resource: call.resource,
        namespace: call.namespace.clone(),
        selector,
        format: call.format,
        include: Include::parse(call.query.first("includeObject")),
        bookmarks,
        at: if initial || version == 0 { head } else { version },
        initial: initial.then(|| (String::new(), String::new())),
        failed,
        columns_sent: false,
        end,
        next_bookmark: (now + BOOKMARK_EVERY).min(end.checked_sub(BOOKMARK_BEFORE_END).unwrap_or(end)),
        done: false,
        commits: server.store.commits(),
        _commit_watcher: server.store.watch_commits()?,
        closing: server.closing.subscribe(),
        cache: server.watch_cache.join(),
        share: (!call.is_local).then(|| Share::new(&server.backlog)),
        server,
    };
    watcher.commits.mark_unchanged();
    maintenance::begin(&watcher.server);
    Ok(Body::stream(watcher))
}

fn validate(query: &Query) -> Result<(), Status> {
    let field = "resourceVersionMatch";
    let matched = query.non_empty(field);
    let send_initial = query.first("sendInitialEvents").is_some();
    let mut causes = Vec::new();
    if send_initial && matched != Some("NotOlderThan") {
        causes.push(forbidden(field, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
    }
    if let Some(matched) = matched {
        if !send_initial {
            let why = "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided";
            causes.push(forbidden(field, why));
        }
        if matched != "NotOlderThan" {
            causes.push(unsupported(field, &json!(matched), &["NotOlderThan"]));
        }
        if query.non_empty("continue").is_some() {
            causes.push(forbidden(field, "resourceVersionMatch is forbidden when continue is provided"));
        }
    }
    if causes.is_empty() { Ok(()) } else { Err(invalid_options("ListOptions", &causes)) }
}

struct Watcher {
    server: Arc<Inner>,
    resource: Resource,
    namespace: Option<String>,
    selector: Selector,
    format: Format,
    include: Include,
    bookmarks: bool,
    /// The revision up to which all writes have been sent.
    at: u64,
    /// The namespace and name of the next existing object to send; `None` once all were sent.
    initial: Option<(String, String)>,
    /// The failure that is the only event of this watch.
    failed: Option<Status>,
    columns_sent: bool,
    end: Instant,
    next_bookmark: Instant,
    done: bool,
    commits: tokio::sync::watch::Receiver<u64>,
    /// Makes `commits` report the writes of other processes, too.
    _commit_watcher: Option<Arc<CommitWatcher>>,
    closing: tokio::sync::watch::Receiver<bool>,
    cache: Arc<Cache>,
    /// The room that the current chunk takes in the server's memory.
    share: Option<Share>,
}

impl Source for Watcher {
    fn next(mut self: Box<Self>) -> Next {
        Box::pin(async move {
            if let Some(share) = &mut self.share {
                share.reset();
            }
            let chunk = self.chunk().await?;
            if let Some(share) = &mut self.share {
                share.grow(chunk.len()).await;
                share.made(chunk.len());
            }
            Some((chunk, self as Box<dyn Source>))
        })
    }
}

impl Watcher {
    /// Returns the next events, or `None` at the end.
    async fn chunk(&mut self) -> Option<Bytes> {
        loop {
            if self.done {
                return None;
            }
            let mut out = Vec::new();
            let read = match self.failed.take() {
                Some(status) => Err(status),
                None if self.initial.is_some() => self.read_initial(&mut out),
                None => self.read_events(&mut out),
            };
            let is_all = match read {
                Ok(is_all) => is_all,
                Err(status) => {
                    self.done = true;
                    self.write("ERROR", &status.to_json(), &mut out);
                    return Some(out.into());
                }
            };
            let now = Instant::now();
            if self.bookmarks && self.initial.is_none() && now >= self.next_bookmark {
                self.bookmark(false, &mut out);
                let last = self.end.checked_sub(BOOKMARK_BEFORE_END).unwrap_or(self.end);
                let next = now + BOOKMARK_EVERY;
                self.next_bookmark = if now < last { next.min(last) } else { next };
            }
            if !out.is_empty() {
                return Some(out.into());
            }
            if now >= self.end || *self.closing.borrow() {
                return None;
            }
            if is_all {
                self.wait().await;
            } else {
                // Events were read, but none is for this watch, and more may follow.
                turn::give_way().await;
            }
        }
    }

    /// Waits for a write, by this process or another, the next bookmark, or the end of the watch.
    async fn wait(&mut self) {
        let wake = if self.bookmarks { self.end.min(self.next_bookmark) } else { self.end };
        loop {
            tokio::select! {
                changed = self.commits.changed() => {
                    // Why: writes that this watch has read in the meantime are marked as changes, too.
                    if changed.is_err() || *self.commits.borrow() > self.at {
                        return;
                    }
                }
                _ = self.closing.changed() => return,
                _ = self.server.store.lost() => return,
                () = tokio::time::sleep_until(wake) => return,
            }
        }
    }

    /// Encodes the next existing objects; returns `false` if there is more to send.
    fn read_initial(&mut self, out: &mut Vec<u8>) -> Result<bool, Status> {
        let Some((namespace, name)) = self.initial.take() else { return Ok(true) };
        let (server, only, begun) = (Arc::clone(&self.server), self.namespace.clone(), std::time::Instant::now());
        let range = Range {
            resource: self.resource,
            namespace: only.as_deref(),
            start: (&namespace, &name),
            at: Some(self.at),
        };
        let (mut count, mut next) = (0, None);
        // Why: each object is encoded before the next is read, so that several large ones are not in memory together.
        let listed = server.store.list(&range, &mut |namespace, name, stored| {
            if count == PAGE || count > 0 && (out.len() >= CHUNK || begun.elapsed() >= TIME) {
                next = Some((namespace.to_owned(), name.to_owned()));
                return false;
            }
            count += 1;
            garbage::schedule(&self.server, self.resource, &stored.object);
            if self.selector.matches(&stored.object) {
                self.object("ADDED", serve(self.resource, stored.object, Some(stored.revision)), out);
            }
            true
        })?;
        if listed.is_err() {
            return Err(self.too_old());
        }
        self.initial = next;
        let is_all = self.initial.is_none();
        if is_all && self.bookmarks {
            self.bookmark(true, out);
        }
        // Why `false`: the writes since then come next.
        Ok(false)
    }

    /// Encodes the next writes; returns `false` if there may be more.
    fn read_events(&mut self, out: &mut Vec<u8>) -> Result<bool, Status> {
        let (server, begun) = (Arc::clone(&self.server), std::time::Instant::now());
        while out.len() < CHUNK && begun.elapsed() < TIME {
            let Ok(events) = self.cache.events(&server.store, self.at, PAGE)? else { return Err(self.too_old()) };
            if events.is_empty() {
                return Ok(true);
            }
            for happened in events {
                let event = &happened.event;
                self.at = self.at.max(event.revision);
                if let Some(new) = &event.new {
                    garbage::schedule(&self.server, event.resource, &new.object);
                }
                if event.resource == self.resource && self.namespace.as_ref().is_none_or(|n| *n == event.namespace) {
                    self.transition(&happened, out);
                }
            }
        }
        Ok(false)
    }

    /// Encodes what a write means for this watch, which sees only objects that its selector matches.
    fn transition(&mut self, happened: &CachedEvent, out: &mut Vec<u8>) {
        let event = &happened.event;
        let before = event.old.as_ref().filter(|old| self.selector.matches(&old.object));
        let after = event.new.as_ref().filter(|new| self.selector.matches(&new.object));
        let (kind, stored) = match (before, after) {
            (None, Some(new)) => ("ADDED", new),
            (Some(_), Some(new)) => ("MODIFIED", new),
            (Some(old), None) => ("DELETED", old),
            (None, None) => return,
        };
        if self.format.media == Media::Json && self.format.shape == Shape::Whole {
            out.extend_from_slice(&happened.line(kind, stored, event.revision));
        } else {
            self.object(kind, serve(self.resource, stored.object.clone(), Some(event.revision)), out);
        }
    }

    fn bookmark(&mut self, initial_end: bool, out: &mut Vec<u8>) {
        let mut object = json!({"metadata": {}});
        if initial_end {
            object["metadata"]["annotations"] = json!({"k8s.io/initial-events-end": "true"});
        }
        if self.resource == Resource::Namespaces {
            object["spec"] = json!({});
            object["status"] = json!({});
        }
        self.object("BOOKMARK", serve(self.resource, object, Some(self.at)), out);
    }

    /// Writes an event about an object, in the shape that the client asked for.
    fn object(&mut self, kind: &str, object: Json, out: &mut Vec<u8>) {
        let now = self.server.clock_rng.now();
        let format = match self.format.shape {
            // A watch for PartialObjectMetadataList returns PartialObjectMetadata for each object.
            Shape::MetadataList => Format { shape: Shape::Metadata, ..self.format },
            _ => self.format,
        };
        let shaped = encode::shape::shape(self.resource, object, format, self.include, now);
        let mut shaped = match shaped {
            Ok(shaped) => shaped,
            Err(status) => status.to_json(),
        };
        if self.format.shape == Shape::Table {
            if self.columns_sent {
                shaped["columnDefinitions"] = Json::Null;
            }
            self.columns_sent = true;
        }
        self.write(kind, &shaped, out);
    }

    fn write(&self, kind: &str, object: &Json, out: &mut Vec<u8>) {
        let frame = if self.format.media == Media::Protobuf { protobuf::watch_frame(kind, object) } else { None };
        out.extend_from_slice(&frame.unwrap_or_else(|| encode::json::event(kind, object)));
    }

    fn too_old(&self) -> Status {
        let oldest = self.server.store.oldest().unwrap_or_default();
        Status::new(410, "Expired", format!("too old resource version: {} ({oldest})", self.at))
    }
}
