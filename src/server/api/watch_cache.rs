//! The watch cache: the latest writes, read from the store and encoded once for all watches of this process. Without a
//! watch it does not exist.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, OnceLock, PoisonError, Weak},
};

use bytes::Bytes;

use crate::{
    encode,
    http::call::serve,
    store::{Compacted, Event, Failure, Store, Stored},
};

/// How many writes are kept, and how many bytes of them. Watches are rarely further behind.
const KEPT: usize = 64;
const KEPT_BYTES: usize = 4 << 20;

/// A write, and its encodings for watches.
pub struct CachedEvent {
    /// The write.
    pub event: Event,
    /// The JSON lines of the object: ADDED, MODIFIED (state after) and DELETED (state before).
    lines: [OnceLock<Bytes>; 3],
}

impl CachedEvent {
    fn new(event: Event) -> Self {
        Self { event, lines: Default::default() }
    }

    /// Returns the line of a watch event of type `kind` with `object`, encoding it at most once.
    pub fn line(&self, kind: &str, object: &Stored, revision: u64) -> Bytes {
        let write = || encode::json::event(kind, &serve(self.event.resource, object.object.clone(), Some(revision)));
        let [added, modified, deleted] = &self.lines;
        let line = match kind {
            "ADDED" => added,
            "MODIFIED" => modified,
            "DELETED" => deleted,
            _ => return write().into(),
        };
        line.get_or_init(|| write().into()).clone()
    }

    /// Returns its size in bytes, roughly.
    fn size(&self) -> usize {
        let strings = |stored: &Stored| {
            let data = stored.object["data"].as_object().into_iter().flatten();
            data.map(|(_, value)| value.as_str().map_or(0, str::len)).sum::<usize>()
        };
        1_000 + [&self.event.old, &self.event.new].into_iter().flatten().map(strings).sum::<usize>()
    }
}

/// The current cache of a server's watches, if there is a watch.
#[derive(Default)]
pub struct WatchCache(Mutex<Weak<Cache>>);

impl WatchCache {
    /// Returns the cache that the existing watches share, or a new one.
    pub fn join(&self) -> Arc<Cache> {
        let mut shared = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let new = Arc::new(Cache::default());
            *shared = Arc::downgrade(&new);
            new
        })
    }
}

/// The latest writes; dropped with the last watch.
#[derive(Default)]
pub struct Cache(Mutex<Writes>);

/// Writes after revision `after`. Invariant: without a gap, so a watch at `after` or later misses nothing.
#[derive(Default)]
struct Writes {
    after: u64,
    events: VecDeque<Arc<CachedEvent>>,
    bytes: usize,
}

impl Cache {
    /// Returns up to `limit` writes after revision `after`, as [`Store::events`] does.
    pub fn events(
        &self,
        store: &Store,
        after: u64,
        limit: usize,
    ) -> Result<Result<Vec<Arc<CachedEvent>>, Compacted>, Failure> {
        let mut writes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if writes.after <= after {
            let begin = writes.events.partition_point(|happened| happened.event.revision <= after);
            let known = writes.events.range(begin..).take(limit).cloned().collect::<Vec<_>>();
            if !known.is_empty() {
                // Why: the answer must not depend on what happens to be cached. The store would report these as
                // compacted.
                let forgotten = after < store.oldest()?;
                return Ok(if forgotten { Err(Compacted) } else { Ok(known) });
            }
        }
        let Ok(events) = store.events(after, limit)? else { return Ok(Err(Compacted)) };
        let events = events.into_iter().map(|event| Arc::new(CachedEvent::new(event))).collect::<Vec<_>>();
        writes.remember(after, &events);
        Ok(Ok(events))
    }
}

impl Writes {
    fn remember(&mut self, after: u64, events: &[Arc<CachedEvent>]) {
        let last = self.events.back().map_or(self.after, |happened| happened.event.revision);
        // Why: events that do not begin at the end are not kept; the watch that asked for them is behind, and reads
        // from the store. Events beyond the end replace all that is kept, since there would be a gap between.
        if events.is_empty() || after < last {
            return;
        }
        if after > last {
            *self = Self { after, ..Self::default() };
        }
        for happened in events {
            self.bytes += happened.size();
            self.events.push_back(Arc::clone(happened));
        }
        while (self.events.len() > KEPT || self.bytes > KEPT_BYTES)
            && let Some(oldest) = self.events.pop_front()
        {
            self.bytes -= oldest.size();
            self.after = oldest.event.revision;
        }
    }
}
